//! What a run came to.

use std::fmt;

use crate::watch::Seen;

/// What a run came to.
///
/// A ticket counts as open from the instant at which it was received until it is finished, or until
/// the last thing that the run has to do; the long time after that, in which only what is still owed
/// is told, does not count.
///
/// ```
/// use punctual_simulation::World;
///
/// let report = World::new(3, 6)?.play()?;
/// assert_eq!(report.tickets, 6);
/// assert!(report.acknowledged > 0 && report.calms > 0);
/// # Ok::<(), punctual_simulation::Violation>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// How long tickets were open, in microseconds, all together.
    pub open_micros: u128,
    /// How many tickets there were.
    pub tickets: u64,
    /// How many commands were acknowledged, repetitions included.
    pub acknowledged: u64,
    /// How many were refused.
    pub refused: u64,
    /// Of how many nobody knows.
    pub unknown: u64,
    /// How often an engine was dropped with all that it was at.
    pub crashes: u64,
    /// How often everything was held to the log.
    pub calms: u64,
    /// What was in the log.
    pub seen: Seen,
    /// A digest of every byte of the log; of several runs, of none.
    pub digest: u128,
}

impl Report {
    /// Returns how many whole years of 365 days and a quarter tickets were open, all together.
    #[must_use]
    pub fn ticket_years(&self) -> u64 {
        u64::try_from(self.open_micros / 31_557_600_000_000).unwrap_or(u64::MAX)
    }

    /// Adds another run.
    ///
    /// ```
    /// use punctual_simulation::{Report, World};
    ///
    /// let mut sum = Report::default();
    /// for seed in [1, 2] {
    ///     sum.add(&World::new(seed, 3)?.play()?);
    /// }
    /// assert_eq!(sum.digest, 0); // two logs have no common digest
    /// println!("{sum}");
    /// # Ok::<(), punctual_simulation::Violation>(())
    /// ```
    pub fn add(&mut self, other: &Self) {
        self.open_micros += other.open_micros;
        self.tickets += other.tickets;
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.unknown += other.unknown;
        self.crashes += other.crashes;
        self.calms += other.calms;
        self.seen.add(&other.seen);
        self.digest = 0;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = &self.seen;
        writeln!(
            f,
            "{} ticket-years of {} tickets",
            self.ticket_years(),
            self.tickets
        )?;
        writeln!(
            f,
            "commands: {} acknowledged, {} refused, {} of which nobody knows",
            self.acknowledged, self.refused, self.unknown
        )?;
        writeln!(
            f,
            "events: {}, of them {} rungs ({} late), {} breaches, {} revised verdicts, {} rebinds",
            seen.events, seen.rungs, seen.late, seen.breaches, seen.revisions, seen.rebinds
        )?;
        write!(
            f,
            "{} crashes, {} times held to the log",
            self.crashes, self.calms
        )
    }
}
