//! The names that were read last, so that each is checked once.

use crate::event::CheckedName;

/// The least and the most names that are kept. The table begins small, since a reader may live for
/// one ticket, and a desk has hundreds of owners and teams.
const LEAST: usize = 16;
const MOST: usize = 1_024;

/// Names have few different texts: a reader meets the same classes, levels, owners and roles again
/// and again. Checking one (UTF-8, printable, no spaces at its ends) and copying it costs ten times
/// as much as finding it here and cloning it, which allocates nothing even where it is long.
///
/// Each text has one place by its hash; another text with that place takes it over. What is found
/// never depends on what is kept: a text that is not here is checked.
#[derive(Debug, Default)]
pub(super) struct Names {
    places: Vec<Place>,
    /// How often a text was not found since the table grew.
    missed: usize,
}

/// A name with the words that its text is compared by.
#[derive(Debug, Clone)]
struct Place {
    key: Key,
    name: Option<CheckedName>,
}

/// The text's first and last eight bytes, overlapping, and its length. Two texts of at most 16 bytes
/// are equal when their keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    length: usize,
}

impl Key {
    const NONE: Self = Self {
        first: 0,
        last: 0,
        length: usize::MAX,
    };

    #[inline]
    fn of(text: &[u8]) -> Self {
        let length = text.len();
        let (first, last) = match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => short(text),
        };
        Self {
            first,
            last,
            length,
        }
    }

    /// Fibonacci hashing: the upper bits of the product depend on all of its factor.
    #[inline]
    const fn hash(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(29) ^ self.length as u64;
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
    }
}

/// The same of fewer than eight bytes: first and last four, two or one.
#[inline]
fn short(text: &[u8]) -> (u64, u64) {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (
            u64::from(u32::from_le_bytes(*first)),
            u64::from(u32::from_le_bytes(*last)),
        ),
        _ => match text {
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

impl Place {
    #[inline]
    fn is(&self, key: Key, text: &[u8]) -> bool {
        let whole = |name: &CheckedName| key.length <= 16 || name.as_str().as_bytes() == text;
        self.key == key && self.name.as_ref().is_some_and(whole)
    }
}

impl Names {
    pub(super) const fn new() -> Self {
        Self {
            places: Vec::new(),
            missed: 0,
        }
    }

    /// Returns the name that `text` is, or `None` where it is none.
    ///
    /// Lent, so that it is copied once, to where it is wanted.
    #[inline]
    pub(super) fn name(&mut self, text: &[u8]) -> Option<&CheckedName> {
        let key = Key::of(text);
        let kept = self.places.get(self.place_of(key));
        if !kept.is_some_and(|place| place.is(key, text)) {
            self.keep(key, text)?;
        }
        self.places.get(self.place_of(key))?.name.as_ref()
    }

    #[inline]
    const fn place_of(&self, key: Key) -> usize {
        key.hash() & self.places.len().wrapping_sub(1)
    }

    /// Checks a text that is not here and puts it in its place.
    #[inline(never)]
    fn keep(&mut self, key: Key, text: &[u8]) -> Option<()> {
        let name = CheckedName::new(text)?;
        self.missed = self.missed.saturating_add(1);
        let size = self.places.len();
        if size < MOST && self.missed > size.saturating_mul(2) {
            self.grow(size.saturating_mul(4).clamp(LEAST, MOST));
        }
        let place = self.place_of(key);
        if let Some(place) = self.places.get_mut(place) {
            place.key = key;
            place.name = Some(name);
        }
        Some(())
    }

    /// Starts over with a larger table; the names come back by themselves.
    fn grow(&mut self, size: usize) {
        let empty = Place {
            key: Key::NONE,
            name: None,
        };
        self.places = vec![empty; size];
        self.missed = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few letters and all lengths, so that keys and places meet.
        #[test]
        fn what_is_kept_changes_no_answer(
            texts in proptest::collection::vec("[ab\u{7f}é ]{0,20}|[ab]{100,130}", 0..400)
        ) {
            let mut names = Names::new();
            for text in &texts {
                let found = names.name(text.as_bytes()).cloned();
                let wanted = CheckedName::new(text.as_bytes());
                prop_assert_eq!(&found, &wanted);
                prop_assert!(found.is_none_or(|name| name.as_str() == text));
            }
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
