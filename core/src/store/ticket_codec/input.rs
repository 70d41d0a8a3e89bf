//! The bytes of a payload, read field by field.

use super::names::Names;
use crate::event::CheckedName;

/// A payload in postcard from its first byte not yet read, with the names of the reader.
///
/// Every answer is `None` where the bytes are not what was asked for. Nothing says why: whoever asks
/// reads the payload again through serde, which does.
pub(super) struct Input<'a, 'n> {
    rest: &'a [u8],
    names: &'n mut Names,
}

impl<'a, 'n> Input<'a, 'n> {
    #[inline]
    pub(super) const fn new(payload: &'a [u8], names: &'n mut Names) -> Self {
        Self {
            rest: payload,
            names,
        }
    }

    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    /// A number of 64 bits: seven a byte, the lowest first; the highest bit of a byte says that
    /// another one follows.
    #[inline]
    pub(super) fn number(&mut self) -> Option<u64> {
        self.number_of(10)
    }

    /// A number of 32 bits.
    #[inline]
    pub(super) fn number_32(&mut self) -> Option<u32> {
        u32::try_from(self.number_of(5)?).ok()
    }

    /// A number of 16 bits.
    #[inline]
    pub(super) fn number_16(&mut self) -> Option<u16> {
        u16::try_from(self.number_of(3)?).ok()
    }

    /// postcard refuses more bytes than the type needs, even where they are zeros.
    #[inline]
    fn number_of(&mut self, most_bytes: u32) -> Option<u64> {
        match self.byte()? {
            byte @ ..0x80 => Some(u64::from(byte)),
            byte => self.long_number(byte, most_bytes),
        }
    }

    fn long_number(&mut self, first: u8, most_bytes: u32) -> Option<u64> {
        let mut number = u64::from(first & 0x7F);
        for place in 1..most_bytes {
            let byte = self.byte()?;
            // The tenth byte has room for one bit.
            if place == 9 && byte > 1 {
                return None;
            }
            number |= u64::from(byte & 0x7F).wrapping_shl(place.saturating_mul(7));
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// The sign is the lowest bit, so that small numbers of either sign are short.
    #[inline]
    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg())
    }

    /// The same of 32 bits.
    #[inline]
    pub(super) fn signed_32(&mut self) -> Option<i32> {
        let number = self.number_32()?;
        Some((number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg())
    }

    #[inline]
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    #[inline]
    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    #[inline]
    pub(super) fn name(&mut self) -> Option<&CheckedName> {
        let text = self.bytes()?;
        self.names.name(text)
    }

    #[inline]
    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}
