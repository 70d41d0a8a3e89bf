//! Who acted last, so that each of them is read once.

use super::super::{DecodeError, Metadata};
use super::kept::{Kept, Made};
use crate::event::Actor;

/// A desk has few people and programs, and each acts in the same roles for a while: so their bytes
/// come again and again, and an actor is found by all of them at once.
#[derive(Debug, Default)]
pub(super) struct Actors(Kept<Known>);

/// An actor with the bytes that they were read from.
#[derive(Debug)]
struct Known {
    bytes: Box<[u8]>,
    actor: Option<Actor>,
}

impl Made for Known {
    #[inline]
    fn is_of(&self, bytes: &[u8]) -> bool {
        *self.bytes == *bytes
    }
}

impl Actors {
    pub(super) const fn new() -> Self {
        Self(Kept::new())
    }

    /// Returns who acted by the metadata of an event.
    ///
    /// # Errors
    /// Exactly those of [`Metadata::actor`].
    #[inline]
    pub(super) fn actor(&mut self, metadata: &[u8]) -> Result<Option<&Actor>, DecodeError> {
        let bytes = Metadata::new(metadata).actor_bytes();
        let make = |bytes: &[u8]| {
            let actor = Metadata::new(bytes).actor().ok()?;
            let bytes = bytes.into();
            Some(Known { bytes, actor })
        };
        match self.0.value(bytes, make) {
            Some(known) => Ok(known.actor.as_ref()),
            None => refused(metadata),
        }
    }
}

/// Reads again what could not be read, to tell why.
#[cold]
fn refused(metadata: &[u8]) -> Result<Option<&'static Actor>, DecodeError> {
    Metadata::new(metadata).actor().map(|_| None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Fields with few tags and short names, now and then cut off, so that the same actors come
        /// again with other fields around them.
        #[test]
        fn what_is_kept_changes_no_answer(
            many in proptest::collection::vec(
                (
                    proptest::collection::vec((0_u8..6, "[ab ]{0,9}"), 0..4),
                    prop_oneof![4 => Just(0_usize), 1 => 0_usize..4],
                ),
                0..200,
            )
        ) {
            let mut actors = Actors::new();
            for (fields, cut) in many {
                let mut bytes = Vec::new();
                for (tag, text) in fields {
                    bytes.extend([tag, u8::try_from(text.len()).unwrap()]);
                    bytes.extend(text.as_bytes());
                }
                bytes.truncate(bytes.len().saturating_sub(cut));
                let said = |error: DecodeError| error.to_string();
                let found = actors.actor(&bytes).map(|actor| actor.cloned());
                let wanted = Metadata::new(&bytes).actor();
                prop_assert_eq!(found.map_err(said), wanted.map_err(said));
            }
        }
    }
}
