//! The tickets of the last commands, kept so that the next command on one of them need not load it.
//!
//! What is kept may be stale when other engines write. That is safe where it is used: an append is
//! admitted at the exact version alone, and a refusal is decided again on fresh state. Readers and
//! ticks never look here.

use hashbrown::HashMap;

use super::agenda::Stay;
use super::followed::Followed;
use super::load::Loaded;
use crate::event::{Revision, StreamId};
use crate::ticket::Ticket;

/// A ticket as a command finds it, and how far its clocks have been followed, where that is known.
/// It decides nothing that the ticket alone would not decide: it is quicker to go on than to begin.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) ticket: Ticket,
    pub(super) revision: Revision,
    pub(super) followed: Option<Box<Followed>>,
    /// How it stood in the agenda then.
    pub(super) stay: Option<Stay>,
}

impl From<Loaded> for Kept {
    fn from(loaded: Loaded) -> Self {
        Self {
            ticket: loaded.ticket,
            revision: loaded.revision,
            followed: None,
            stay: loaded.stay,
        }
    }
}

/// Two generations: what was not asked for while one filled is forgotten with the next.
#[derive(Debug)]
pub(super) struct Cache {
    most: usize,
    young: HashMap<StreamId, Kept>,
    old: HashMap<StreamId, Kept>,
}

impl Cache {
    /// Returns a cache of at most `most` tickets; none are kept for zero.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// Takes a ticket out, for a command that will put it back changed or leave it to be loaded.
    pub(super) fn take(&mut self, stream: &StreamId) -> Option<Kept> {
        self.young
            .remove(stream)
            .or_else(|| self.old.remove(stream))
    }

    /// Keeps a ticket as it was after an append.
    pub(super) fn put(&mut self, stream: &StreamId, kept: Kept) {
        if self.most == 0 {
            return;
        }
        if self.young.len() >= self.most.div_ceil(2) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(stream);
        self.young.insert(stream.clone(), kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Version;

    fn stream(number: usize) -> StreamId {
        StreamId::new("acme", "ticket", &format!("T-{number}")).unwrap()
    }

    fn kept() -> Kept {
        Kept {
            ticket: Ticket::default(),
            revision: Revision::new(Version::NONE),
            followed: None,
            stay: None,
        }
    }

    #[test]
    fn never_more_than_asked_for_and_the_latest_stay() {
        for most in [0, 1, 2, 5, 64] {
            let mut cache = Cache::new(most);
            for number in 0..200 {
                cache.put(&stream(number), kept());
                assert!(cache.young.len() + cache.old.len() <= most.next_multiple_of(2));
                assert_eq!(cache.take(&stream(number)).is_some(), most > 0, "{most}");
                cache.put(&stream(number), kept());
            }
            let kept = (0..200).filter(|number| cache.take(&stream(*number)).is_some());
            assert!(kept.count() <= most.next_multiple_of(2));
        }
    }
}
