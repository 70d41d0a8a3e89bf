//! How much work is spent on one document.

use std::collections::BTreeSet;

use crate::language::Phrase;
use crate::policy::model::Condition;

use super::finding::{Finding, Lint, Path};

/// The steps for a whole document. A step is about as much as comparing two words.
const MOST: usize = 1 << 28;

/// The steps that are left, and what was left out for want of them.
///
/// Steps are taken before the work that they are for, by its most: a document with ten thousand
/// rules that each ask for much is given up where an honest one never comes.
#[derive(Debug)]
pub(in crate::policy) struct Steps {
    left: usize,
    first: Option<Path>,
    left_out: BTreeSet<Path>,
}

impl Steps {
    /// Returns the steps for one document.
    pub(super) const fn of_a_document() -> Self {
        Self::of(MOST)
    }

    /// Returns so many steps.
    pub(super) const fn of(left: usize) -> Self {
        Self {
            left,
            first: None,
            left_out: BTreeSet::new(),
        }
    }

    /// Takes so many steps, or none where there are fewer.
    #[must_use]
    pub(super) fn take(&mut self, steps: usize) -> Option<()> {
        self.left = self.left.checked_sub(steps)?;
        Some(())
    }

    /// Takes steps for work that is done already, where only that tells how many they are; all that
    /// are left if there are fewer, so that such work is not done again.
    pub(super) fn spend(&mut self, steps: usize) -> Option<()> {
        let taken = self.take(steps);
        if taken.is_none() {
            self.left = 0;
        }
        taken
    }

    /// Takes so many steps, or leaves this part of the document out.
    #[must_use]
    pub(super) fn take_for(&mut self, path: &Path, steps: usize) -> Option<()> {
        let taken = self.take(steps);
        if taken.is_none() {
            self.leave_out(path);
        }
        taken
    }

    /// Remembers that this part of the document was not looked at.
    pub(super) fn leave_out(&mut self, path: &Path) {
        self.first.get_or_insert_with(|| path.clone());
        self.left_out.insert(path.clone());
    }

    /// Returns what was left out, told once.
    pub(super) fn finding(self) -> Option<Finding> {
        let others = self.left_out.len().saturating_sub(1);
        let says = Phrase::new(
            format!(
                "the whole document asks for more than is looked through; this was not fully checked, nor were {others} other parts"
            ),
            format!("整个文档的检查量超过上限；此处及另外 {others} 处未完全检查"),
        );
        Some(Finding::new(Lint::TooManyCombinations, self.first?, says))
    }
}

impl Condition {
    /// Returns how many comparisons it may take to ask it.
    pub(super) fn values(&self) -> usize {
        self.terms().iter().fold(0_usize, |sum, term| {
            sum.saturating_add(term.values.len().max(1))
        })
    }
}
