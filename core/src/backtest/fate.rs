//! What became of a promise under one policy, in a word that can be counted.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Phrase;
use crate::projection::{Compliance, Verdict};
use crate::ticket::Outcome;

/// What became of one clock under one policy: the [`Verdict`] on it, or why there is none.
///
/// ```
/// use punctual::backtest::Fate;
/// use punctual::ticket::Outcome;
///
/// // A clock that is over and has not stopped can no longer be kept.
/// assert_eq!(Fate::of(Outcome::Breaching), Fate::Breached);
/// assert_eq!(Fate::of(Outcome::Imminent), Fate::Undecided);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The policy promises nothing of the kind.
    #[default]
    Absent,
    /// It runs and is in time so far.
    Undecided,
    /// Kept.
    Met,
    /// Broken, whether or not the work has been done since.
    Breached,
    /// Waived by somebody who may.
    Waived,
    /// Ended without a verdict.
    Cancelled,
    /// Booked with less than the lead time left.
    InsufficientLead,
}

impl Fate {
    /// Every fate, in the order of the declaration.
    pub const ALL: [Self; 7] = [
        Self::Absent,
        Self::Undecided,
        Self::Met,
        Self::Breached,
        Self::Waived,
        Self::Cancelled,
        Self::InsufficientLead,
    ];
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Returns the fate of a clock whose promise stands so.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match Verdict::of(outcome) {
            None => Self::Undecided,
            Some(verdict) => Self::decided(verdict),
        }
    }

    const fn decided(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Met => Self::Met,
            Verdict::Breached => Self::Breached,
            Verdict::Waived => Self::Waived,
            Verdict::Cancelled => Self::Cancelled,
            Verdict::InsufficientLead => Self::InsufficientLead,
        }
    }

    /// Returns the verdict; `None` where there is no clock, or none yet.
    ///
    /// ```
    /// use punctual::backtest::Fate;
    /// use punctual::projection::Verdict;
    ///
    /// assert_eq!(Fate::Breached.verdict(), Some(Verdict::Breached));
    /// assert_eq!(Fate::Undecided.verdict(), None); // it may still be kept
    /// ```
    #[must_use]
    pub const fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Absent | Self::Undecided => None,
            Self::Met => Some(Verdict::Met),
            Self::Breached => Some(Verdict::Breached),
            Self::Waived => Some(Verdict::Waived),
            Self::Cancelled => Some(Verdict::Cancelled),
            Self::InsufficientLead => Some(Verdict::InsufficientLead),
        }
    }

    /// Returns the stable name: `met`, `absent`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Undecided => "undecided",
            Self::Met => "met",
            Self::Breached => "breached",
            Self::Waived => "waived",
            Self::Cancelled => "cancelled",
            Self::InsufficientLead => "insufficient-lead",
        }
    }

    /// Returns the word for people.
    #[must_use]
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Absent => Phrase::fixed("not promised", "无承诺"),
            Self::Undecided => Phrase::fixed("in time so far", "尚未到期"),
            Self::Met => Phrase::fixed("met", "按时"),
            Self::Breached => Phrase::fixed("breached", "超时"),
            Self::Waived => Phrase::fixed("waived", "已豁免"),
            Self::Cancelled => Phrase::fixed("cancelled", "已取消"),
            Self::InsufficientLead => Phrase::fixed("too little lead", "提前量不足"),
        }
    }

    /// Returns the place in [`Fate::ALL`].
    pub(super) const fn place(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many clocks came to each fate.
///
/// The counts of all fates together are the clocks of the promise under that policy, and those that
/// only another policy has ([`Fate::Absent`]) are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Fates([u64; Fate::COUNT]);

impl Fates {
    /// Returns how many came to this one.
    #[must_use]
    pub fn count(&self, fate: Fate) -> u64 {
        self.0.get(fate.place()).copied().unwrap_or(0)
    }

    /// Returns the figures of compliance (SEMANTICS C5).
    #[must_use]
    pub fn compliance(&self) -> Compliance {
        Compliance::of(|verdict| self.count(Fate::decided(verdict)))
    }

    pub(super) fn add(&mut self, fate: Fate) {
        if let Some(count) = self.0.get_mut(fate.place()) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }
}

/// How many clocks came from each fate under the first policy to each fate under another one.
///
/// A square table: rows are the fates under the first policy, columns those under the other. What
/// lies on its diagonal has not changed. `met -> breached` is what a change costs, `breached -> met`
/// is what it wins, `absent -> ...` is what is newly promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Flips([Fates; Fate::COUNT]);

impl Flips {
    /// Returns how many clocks had `before` under the first policy and have `after` under the other.
    #[must_use]
    pub fn count(&self, before: Fate, after: Fate) -> u64 {
        let row = self.0.get(before.place());
        row.map_or(0, |row| row.count(after))
    }

    /// Returns the flips that there are, in the order of [`Fate::ALL`]; what stayed as it was is
    /// none.
    ///
    /// ```
    /// use punctual::backtest::{Fate, Flips};
    ///
    /// let none = Flips::default();
    /// assert_eq!(none.iter().count(), 0);
    /// assert_eq!(none.count(Fate::Met, Fate::Breached), 0);
    /// assert_eq!(none.total(), 0);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (Fate, Fate, u64)> + '_ {
        let pairs = Fate::ALL
            .into_iter()
            .flat_map(|before| Fate::ALL.into_iter().map(move |after| (before, after)));
        let counted = pairs.map(|(before, after)| (before, after, self.count(before, after)));
        counted.filter(|(before, after, count)| before != after && *count > 0)
    }

    /// Returns how many clocks flipped in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.iter()
            .fold(0, |sum, (_, _, count)| sum.saturating_add(count))
    }

    pub(super) fn add(&mut self, before: Fate, after: Fate) {
        if let Some(row) = self.0.get_mut(before.place()) {
            row.add(after);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (row, more) in self.0.iter_mut().zip(&other.0) {
            row.join(more);
        }
    }
}
