//! Payloads in postcard.

use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Serialize};

use super::super::DecodeError;
use super::{EncodeError, SchemaId};

/// Payloads of up to so many bytes are written in one go.
const SHORT: usize = 64;

/// Adds to a buffer in whole slices; postcard's own adapter adds byte by byte.
struct Into<'a>(&'a mut Vec<u8>);

impl Flavor for Into<'_> {
    type Output = ();

    #[inline]
    fn try_extend(&mut self, data: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    #[inline]
    fn try_push(&mut self, data: u8) -> postcard::Result<()> {
        self.0.push(data);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// Writes a payload struct at the end of `out`.
///
/// postcard stores no names: a field that is inserted, or an enum variant that is moved, reads back
/// as something else without an error. So every released struct is frozen, and a change is a new
/// schema with an [`Upcaster`](super::Upcaster).
///
/// ```
/// use punctual::store::{SchemaId, decode_payload, encode_payload};
///
/// let mut stored = Vec::new();
/// encode_payload(&("T-1", 30_u32), &mut stored)?;
/// let id = SchemaId { kind: 5, schema: 1 };
/// let (ticket, minutes): (&str, u32) = decode_payload(id, &stored)?; // the text is read in place
/// assert_eq!((ticket, minutes), ("T-1", 30));
///
/// stored.push(0); // a byte too many is damage, not padding
/// assert!(decode_payload::<(&str, u32)>(id, &stored).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`EncodeError::Payload`] when the struct cannot be written in postcard (an unsized sequence, say).
#[inline]
pub fn encode_payload<T: Serialize + ?Sized>(
    payload: &T,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    // Most payloads are short, and bytes go into an array faster than into something that grows.
    let mut short = [0; SHORT];
    if let Ok(written) = postcard::to_slice(payload, &mut short) {
        out.extend_from_slice(written);
        return Ok(());
    }
    postcard::serialize_with_flavor(payload, Into(out)).map_err(|error| EncodeError::Payload {
        reason: error.to_string(),
    })
}

/// Reads a payload struct, borrowing text from the page: fields may be `&str` and `Option<&str>`.
///
/// # Errors
/// [`DecodeError::Payload`] when the bytes are too few, too many, or not of this shape.
#[inline]
pub fn decode_payload<'a, T: Deserialize<'a>>(
    id: SchemaId,
    bytes: &'a [u8],
) -> Result<T, DecodeError> {
    let refused = |reason: String| DecodeError::Payload {
        kind: id.kind,
        schema: id.schema,
        reason,
    };
    let (payload, rest) =
        postcard::take_from_bytes(bytes).map_err(|error| refused(error.to_string()))?;
    if rest.is_empty() {
        return Ok(payload);
    }
    Err(refused(format!("{} bytes are left over", rest.len())))
}
