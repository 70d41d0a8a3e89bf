//! What was made of bytes, found again by the same bytes.

/// The least and the most values that are kept. The table begins small, since a reader may live for
/// one ticket, and a desk has hundreds of owners and teams.
const LEAST: usize = 16;
const MOST: usize = 1_024;

/// What is made of bytes, and the same for the same bytes every time.
pub(super) trait Made: Sized {
    /// Returns whether it was made of these bytes. Asked for more than 16 bytes alone.
    fn is_of(&self, bytes: &[u8]) -> bool;
}

/// The values that were read last, so that each is checked and made once.
///
/// Bytes have one pair of places by their hash. What comes new takes the first place, and what was
/// there moves to the second: two values that are met in turn do not drive each other out. What is
/// found never depends on what is kept: bytes that are not here are read.
#[derive(Debug)]
pub(super) struct Kept<T> {
    pairs: Vec<[Option<Place<T>>; 2]>,
    /// How often bytes were not found since the table grew.
    missed: usize,
}

/// A value with the words that its bytes are compared by.
#[derive(Debug)]
struct Place<T> {
    key: Key,
    value: T,
}

/// The first and last eight bytes, overlapping, and the length. Two texts of at most 16 bytes are
/// equal when their keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    first: u64,
    last: u64,
    length: usize,
}

impl Key {
    #[inline]
    pub(super) fn of(bytes: &[u8]) -> Self {
        let length = bytes.len();
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => short(bytes),
        };
        Self {
            first,
            last,
            length,
        }
    }

    /// Both halves of a product of 128 bits: every bit of the words reaches the lowest bits of it,
    /// which short names with a number at their end would otherwise leave alike.
    #[inline]
    const fn hash(self) -> usize {
        let first = self.first ^ 0x9E37_79B9_7F4A_7C15;
        let last = self.last.rotate_left(17) ^ self.length as u64 ^ 0xC2B2_AE3D_27D4_EB4F;
        let product = (first as u128).wrapping_mul(last as u128);
        (product ^ (product >> 64)) as usize
    }
}

/// The same of fewer than eight bytes: first and last four, two or one.
#[inline]
fn short(bytes: &[u8]) -> (u64, u64) {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => (
            u64::from(u32::from_le_bytes(*first)),
            u64::from(u32::from_le_bytes(*last)),
        ),
        _ => match bytes {
            [] => (0, 0),
            [one] => (u64::from(*one), 0),
            [one, two] => (u64::from(*one), u64::from(*two)),
            [one, two, three, ..] => (
                u64::from(u16::from_le_bytes([*one, *two])),
                u64::from(*three),
            ),
        },
    }
}

impl<T: Made> Place<T> {
    #[inline]
    fn is(&self, key: Key, bytes: &[u8]) -> bool {
        self.key == key && (key.length <= 16 || self.value.is_of(bytes))
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Kept<T> {
    pub(super) const fn new() -> Self {
        Self {
            pairs: Vec::new(),
            missed: 0,
        }
    }
}

impl<T: Made> Kept<T> {
    /// Returns the value of these bytes, made by `make` where it is not here; `None` where `make`
    /// makes none.
    ///
    /// Lent, so that it is copied once, to where it is wanted.
    #[inline]
    pub(super) fn value(
        &mut self,
        bytes: &[u8],
        make: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<&T> {
        let key = Key::of(bytes);
        let is = |place: &Option<Place<T>>| place.as_ref().is_some_and(|it| it.is(key, bytes));
        let at = self.place_of(key);
        let second = match self.pairs.get(at) {
            Some([first, _]) if is(first) => false,
            Some([_, second]) if is(second) => true,
            Some(_) | None => {
                self.keep(key, make(bytes)?);
                false
            }
        };
        let [first, other] = self.pairs.get(self.place_of(key))?;
        let place = if second { other } else { first };
        place.as_ref().map(|place| &place.value)
    }

    #[inline]
    const fn place_of(&self, key: Key) -> usize {
        key.hash() & self.pairs.len().wrapping_sub(1)
    }

    /// Puts a value that is not here in its place.
    #[inline(never)]
    fn keep(&mut self, key: Key, value: T) {
        self.missed = self.missed.saturating_add(1);
        let size = self.pairs.len();
        if size < MOST / 2 && self.missed > size.saturating_mul(4) {
            self.grow(size.saturating_mul(4).clamp(LEAST / 2, MOST / 2));
        }
        let at = self.place_of(key);
        if let Some(pair) = self.pairs.get_mut(at) {
            pair.swap(0, 1);
            pair[0] = Some(Place { key, value });
        }
    }

    /// Starts over with a larger table; the values come back by themselves.
    fn grow(&mut self, size: usize) {
        self.pairs.clear();
        self.pairs.resize_with(size, || [None, None]);
        self.missed = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_number_at_their_end_lie_in_many_places() {
        for (word, least) in [("t-", 24), ("team-", 24), ("colleague-", 24)] {
            let place = |number: u32| Key::of(format!("{word}{number:02}").as_bytes()).hash() % 64;
            let places: std::collections::BTreeSet<usize> = (0..40).map(place).collect();
            assert!(places.len() >= least, "{word}: {}", places.len());
        }
    }

    #[test]
    fn keys_tell_all_short_texts_apart() {
        let mut keys = std::collections::BTreeSet::new();
        let mut count = 0;
        for length in 0..=4_usize {
            for number in 0..3_usize.pow(u32::try_from(length).unwrap()) {
                let letter =
                    |at: usize| b"\0ab"[number / 3_usize.pow(u32::try_from(at).unwrap()) % 3];
                let text: Vec<u8> = (0..length).map(letter).collect();
                let Key {
                    first,
                    last,
                    length,
                } = Key::of(&text);
                keys.insert((first, last, length));
                count += 1;
            }
        }
        assert_eq!(keys.len(), count);
    }
}
