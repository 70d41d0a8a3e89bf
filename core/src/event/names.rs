//! Identifiers and open vocabularies: checked once, cheap to clone, never mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

/// Why a text is not a name. Trying again cannot help: give another text.
///
/// ```
/// use punctual::event::{Class, NameError};
///
/// assert_eq!(Class::new(""), Err(NameError::Empty));
/// let error = Class::new(" complaint").unwrap_err(); // a slip of whoever typed it
/// assert_eq!(
///     error.to_string(),
///     r#"name " complaint" has a control character, or a space at an end, at byte 0"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing is there.
    #[error("a name is empty; give at least one printable character")]
    Empty,
    /// More bytes than a name may have.
    #[error("a name of {bytes} bytes is too long; {most} are allowed")]
    TooLong {
        /// How many bytes the text has.
        bytes: usize,
        /// How many a name may have.
        most: usize,
    },
    /// A control character, or a space at one of the ends.
    #[error("name {found:?} has a control character, or a space at an end, at byte {at}")]
    NotPrintable {
        /// The refused text.
        found: String,
        /// The first offending byte.
        at: usize,
    },
}

/// The most bytes that a name may have.
const MOST_BYTES: usize = 120;

/// Checks a text; what is made of it is made by the caller, since a text of 24 bytes costs more to
/// hand through results than to check.
#[inline]
fn check(text: &str) -> Result<(), NameError> {
    // Names are checked whenever an event is read, and nearly all are plain ASCII.
    if let [first, .., last] | [first @ last] = text.as_bytes()
        && text.len() <= MOST_BYTES
        && *first != b' '
        && *last != b' '
        && is_plain(text.as_bytes())
    {
        return Ok(());
    }
    check_slowly(text)
}

/// Returns whether every byte is printable ASCII, eight at a time.
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    /// Of eight bytes. A sum carries into the byte above only from a byte that is refused itself.
    #[inline]
    fn eight(bytes: [u8; 8]) -> bool {
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let bytes = u64::from_le_bytes(bytes);
        let from_space = bytes.wrapping_add(0x6060_6060_6060_6060);
        let past_tilde = bytes.wrapping_add(0x0101_0101_0101_0101);
        !bytes & from_space & !past_tilde & HIGH == HIGH
    }

    let (chunks, rest) = text.as_chunks();
    let rest = match text.last_chunk() {
        Some(last) => eight(*last),
        None => rest.iter().all(|byte| matches!(byte, b' '..=b'~')),
    };
    rest && chunks.iter().all(|chunk| eight(*chunk))
}

#[cold]
fn check_slowly(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.len() > MOST_BYTES {
        return Err(NameError::TooLong {
            bytes: text.len(),
            most: MOST_BYTES,
        });
    }
    let refused = |at| NameError::NotPrintable {
        found: text.to_owned(),
        at,
    };
    if let Some((at, _)) = text.char_indices().find(|(_, c)| !is_printable(*c)) {
        return Err(refused(at));
    }
    if text.starts_with(char::is_whitespace) {
        return Err(refused(0));
    }
    if text.ends_with(char::is_whitespace) {
        return Err(refused(text.len().saturating_sub(1)));
    }
    Ok(())
}

/// Control characters and the marks that reorder text would let a name disguise itself.
pub(super) fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A text that was checked to be a name, of whichever kind.
#[cfg(feature = "store")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedName(SmolStr);

#[cfg(feature = "store")]
impl CheckedName {
    /// Returns the name that these bytes are, or `None` where they are none.
    #[inline]
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        check(text).ok()?;
        Some(Self(SmolStr::new(text)))
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a name where it is read, so that it is copied once.
struct NameVisitor;

impl serde::de::Visitor<'_> for NameVisitor {
    type Value = SmolStr;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    #[inline]
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SmolStr, E> {
        match check(text) {
            Ok(()) => Ok(SmolStr::new(text)),
            Err(error) => Err(E::custom(error)),
        }
    }
}

/// Writes the newtype of one kind of name.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        ///
        /// One to 120 bytes of printable text without spaces at its ends; case matters. Up to 23
        /// bytes are kept inline, so that a clone allocates nothing.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(SmolStr);

        impl $name {
            /// Checks `text`.
            ///
            /// # Errors
            /// [`NameError`] when it is empty, longer than 120 bytes, or not printable.
            #[inline]
            pub fn new(text: &str) -> Result<Self, NameError> {
                check(text)?;
                Ok(Self(SmolStr::new(text)))
            }

            /// Returns the text.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<SmolStr> for $name {
            type Error = NameError;

            fn try_from(text: SmolStr) -> Result<Self, NameError> {
                Self::new(&text)
            }
        }

        #[cfg(feature = "store")]
        impl From<CheckedName> for $name {
            #[inline]
            fn from(name: CheckedName) -> Self {
                Self(name.0)
            }
        }

        impl From<$name> for SmolStr {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl Serialize for $name {
            #[inline]
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(NameVisitor).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.0.as_str(), f)
            }
        }
    )*};
}

names! {
    /// Names one ticket within its tenant, such as `T-1024`.
    TicketId,
    /// Names a policy; its versions share the name.
    PolicyId,
    /// Names a calendar; its versions share the name.
    CalendarId,
    /// Names one agreement of a policy: the service agreement itself, which is called `service`, or
    /// one with a supplier.
    AgreementId,
    /// Names one promised step of an agreement, such as `first-response`. Unique within its
    /// agreement.
    TargetId,
    /// Names a role that a policy speaks of, such as `specialist`.
    RoleId,
    /// Names whoever did something: a person's or a program's id, never their name, since it
    /// outlives the erasure of personal data.
    ActorId,
    /// Names the customer whose data an event carries; the key under which it can be erased.
    CustomerId,
    /// Names one command, chosen by the caller; repeating it changes nothing. Unique within its
    /// stream.
    CommandId,
    /// Names whoever reads the log and remembers how far, such as `agenda` or `mailer`.
    ConsumerId,
    /// What kind of request a ticket is, such as `complaint`. An open vocabulary: any name is a
    /// class, and a policy declares which ones its rules speak of.
    ///
    /// ```
    /// use punctual::event::{Class, Level};
    ///
    /// let class: Class = "投诉".parse()?; // any script
    /// assert_eq!(class.as_str(), "投诉");
    /// assert_ne!(Class::new("fault")?, Class::new("Fault")?); // case matters
    ///
    /// // A class is not a level, so that neither can be given for the other.
    /// fn judge(_class: Class, _level: Level) {}
    /// judge("complaint".parse()?, "urgent".parse()?);
    /// # Ok::<(), punctual::event::NameError>(())
    /// ```
    Class,
    /// How serious a ticket is, such as `urgent`. An open vocabulary; a policy declares the order.
    /// The `Ord` of this type is that of the letters and says nothing about which is more serious.
    Level,
    /// The way a request came in, such as `phone`.
    Channel,
    /// The product model that a request is about.
    Product,
    /// Names one of a policy's own ticket fields, such as `complexity`.
    FieldId,
    /// The value of an own field, such as `complex`.
    FieldValue,
    /// Why work waits, such as `awaiting-customer`. A policy declares its reasons, and each target
    /// says which of them stop its clocks.
    ReasonId,
    /// A named moment of the embedding service, such as `parts-ordered`: what a policy may start
    /// and stop clocks by beside the kinds that Punctual knows.
    MarkId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_printable_and_of_bounded_length() {
        for (text, accepted) in [
            ("first-response", true),
            ("投诉", true),
            ("Pick up Dead Animal", true),
            ("", false),
            (" x", false),
            ("x ", false),
            ("a\tb", false),
            ("a\u{202e}b", false),
        ] {
            assert_eq!(Class::new(text).is_ok(), accepted, "{text:?}");
        }
        assert!(Class::new(&"x".repeat(120)).is_ok());
        assert_eq!(
            Class::new(&"x".repeat(121)),
            Err(NameError::TooLong {
                bytes: 121,
                most: 120
            })
        );
    }

    #[test]
    fn the_quick_check_accepts_what_the_whole_check_accepts() {
        for a in 0..=0x7f_u8 {
            for b in 0..=0x7f_u8 {
                for text in [vec![a], vec![a, b], vec![a, b, b'x'], vec![b'x', a, b]] {
                    let text = String::from_utf8(text).unwrap();
                    assert_eq!(check(&text), check_slowly(&text), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn a_byte_that_is_not_plain_is_found_at_every_place() {
        for length in 1..40 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    for other in [b' ', b'~'] {
                        let mut text = vec![other; length];
                        text[at] = byte;
                        let plain = matches!(byte, b' '..=b'~');
                        assert_eq!(is_plain(&text), plain, "{byte} at {at} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_name_is_checked_when_it_is_read_back() {
        assert!(serde_json::from_str::<TicketId>("\"\"").is_err());
        let id: TicketId = serde_json::from_str("\"T-1\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"T-1\"");
    }
}
