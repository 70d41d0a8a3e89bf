//! The index of a stream: where its commits lie in the log.
//!
//! A chapter lists the commits of one stream that were settled at one time, in order. Its key has the
//! version of the first event; its value is, in variable-length numbers: the last version, then for
//! each commit the block (the offset of its first commit, as a step from the entry before), the index
//! within the block, and the number of events. An entry names one commit of one block, so nothing in
//! the index ever crosses a block.
//!
//! A ticket that got three commits while one journal file filled, of one, two and one events, from version 5 on:
//!
//! | number | is |
//! |---|---|
//! | 8 | the last version |
//! | 9040, 3, 1 | version 5: the fourth commit of block 9040 |
//! | 12, 0, 2 | versions 6 and 7: the first commit of block 9052 |
//! | 0, 7, 1 | version 8: the eighth commit of the same block |
//!
//! A ticket's whole index is some bytes an event, and most tickets have one chapter. One with a thousand commits in one
//! settling has four, so that a value stays far below what sled would put into a file of its own.
//!
//! To find version 7, take the last chapter whose key is not after 7: one look into the tree for the index, one for
//! the block.

use punctual::event::{Offset, Version};

use crate::keys::{put, take};

/// The most commits of a chapter: at most 6 KiB of numbers.
pub(crate) const COMMITS: usize = 256;

/// Where one commit lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The offset of the first commit of its block.
    pub(crate) block: Offset,
    /// Its place in that block, from zero.
    pub(crate) index: usize,
    /// The version of its first event.
    pub(crate) first: Version,
    /// How many events it has.
    pub(crate) events: u64,
}

impl Entry {
    /// Returns the version of its last event. A commit has at least one.
    pub(crate) const fn last(&self) -> Version {
        Version::new(self.first.get() + self.events - 1)
    }

    /// Returns the commit's own offset: blocks hold commits in the order of the log, without a gap.
    pub(crate) const fn offset(&self) -> Offset {
        Offset::new(self.block.get().saturating_add(self.index as u64))
    }
}

/// Returns the value of a chapter. The entries follow on each other.
pub(crate) fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut value = Vec::with_capacity(8 + entries.len() * 4);
    put(
        &mut value,
        entries.last().map_or(0, |entry| entry.last().get()),
    );
    let mut before = 0;
    for entry in entries {
        put(&mut value, entry.block.get() - before);
        put(&mut value, entry.index as u64);
        put(&mut value, entry.events);
        before = entry.block.get();
    }
    value
}

/// Returns the last version of a chapter without reading its entries.
pub(crate) fn last(mut value: &[u8]) -> Option<Version> {
    take(&mut value).map(Version::new)
}

/// Reads the chapter that begins with version `first`; `None` when it is damaged.
pub(crate) fn decode(first: Version, mut value: &[u8]) -> Option<Vec<Entry>> {
    let last = take(&mut value)?;
    let (mut entries, mut block, mut next) = (Vec::new(), 0_u64, first.get());
    while !value.is_empty() {
        block = block.checked_add(take(&mut value)?)?;
        let index = usize::try_from(take(&mut value)?).ok()?;
        let events = take(&mut value)?;
        let entry = Entry {
            block: Offset::new(block),
            index,
            first: Version::new(next),
            events,
        };
        next = next.checked_add(events).filter(|_| events > 0)?;
        entries.push(entry);
    }
    (last.checked_add(1) == Some(next) && !entries.is_empty()).then_some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_chapter_comes_back(
            first in 1..u64::from(u32::MAX),
            steps in prop::collection::vec((0..1_000_u64, 0..64_usize, 1..2_000_u64), 1..40),
        ) {
            let (mut block, mut version) = (1, first);
            let entries: Vec<Entry> = steps.iter().map(|&(step, index, events)| {
                block += step;
                let entry = Entry { block: Offset::new(block), index, first: Version::new(version), events };
                version += events;
                entry
            }).collect();
            let value = encode(&entries);
            prop_assert_eq!(last(&value), Some(Version::new(version - 1)));
            prop_assert_eq!(decode(Version::new(first), &value), Some(entries));
        }

        #[test]
        fn damage_is_no_panic(value in prop::collection::vec(any::<u8>(), 0..64), first: u64) {
            let _ = decode(Version::new(first), &value);
        }
    }
}
