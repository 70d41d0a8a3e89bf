//! The tickets of the last commands, kept so that the next command on one of them need not load it.
//!
//! What is kept may be stale when other engines write. That is safe where it is used: an append is
//! admitted at the exact version alone, and a refusal is decided again on fresh state. Readers and
//! ticks never look here.

use hashbrown::HashMap;

use super::load::Loaded;
use crate::event::StreamId;

/// Two generations: what was not asked for while one filled is forgotten with the next.
#[derive(Debug)]
pub(super) struct Cache {
    most: usize,
    young: HashMap<StreamId, Loaded>,
    old: HashMap<StreamId, Loaded>,
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
    pub(super) fn take(&mut self, stream: &StreamId) -> Option<Loaded> {
        self.young
            .remove(stream)
            .or_else(|| self.old.remove(stream))
    }

    /// Keeps a ticket as it was after an append.
    pub(super) fn put(&mut self, stream: &StreamId, loaded: Loaded) {
        if self.most == 0 {
            return;
        }
        if self.young.len() >= self.most.div_ceil(2) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(stream);
        self.young.insert(stream.clone(), loaded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Revision, Version};
    use crate::ticket::Ticket;

    fn stream(number: usize) -> StreamId {
        StreamId::new("acme", "ticket", &format!("T-{number}")).unwrap()
    }

    fn loaded() -> Loaded {
        Loaded {
            ticket: Ticket::default(),
            revision: Revision::new(Version::NONE),
        }
    }

    #[test]
    fn never_more_than_asked_for_and_the_latest_stay() {
        for most in [0, 1, 2, 5, 64] {
            let mut cache = Cache::new(most);
            for number in 0..200 {
                cache.put(&stream(number), loaded());
                assert!(cache.young.len() + cache.old.len() <= most.next_multiple_of(2));
                assert_eq!(cache.take(&stream(number)).is_some(), most > 0, "{most}");
                cache.put(&stream(number), loaded());
            }
            let kept = (0..200).filter(|number| cache.take(&stream(*number)).is_some());
            assert!(kept.count() <= most.next_multiple_of(2));
        }
    }
}
