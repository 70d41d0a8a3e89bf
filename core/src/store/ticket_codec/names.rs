//! The names that were read last, so that each is checked once.

use super::kept::{Kept, Made};
use crate::event::CheckedName;

/// Names have few different texts: a reader meets the same classes, levels, owners and roles again
/// and again. Checking one (UTF-8, printable, no spaces at its ends) and copying it costs ten times
/// as much as finding it here and cloning it, which allocates nothing even where it is long.
#[derive(Debug, Default)]
pub(super) struct Names(Kept<CheckedName>);

impl Made for CheckedName {
    #[inline]
    fn is_of(&self, bytes: &[u8]) -> bool {
        self.as_str().as_bytes() == bytes
    }
}

impl Names {
    pub(super) const fn new() -> Self {
        Self(Kept::new())
    }

    /// Returns the name that `text` is, or `None` where it is none.
    #[inline]
    pub(super) fn name(&mut self, text: &[u8]) -> Option<&CheckedName> {
        self.0.value(text, CheckedName::new)
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
}
