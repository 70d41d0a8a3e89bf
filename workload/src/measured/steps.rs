//! All tickets of a measured workload in one order of time.

use std::fmt;

use punctual::time::Instant;

use super::{Happening, Measured, What};
use crate::arrivals::Cursor;
use crate::merge::Merge;

/// One thing that happens to one of many tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasuredStep {
    /// The ticket's number, counted from 1.
    pub number: u64,
    /// Its place in the ticket, counted from 0.
    pub index: u32,
    /// When and what.
    pub happening: Happening,
}

/// What happens to all tickets, by (instant, ticket, place): see [`Measured::steps`].
pub struct MeasuredSteps<'a>(Merge<What, Box<dyn Iterator<Item = Life> + Send + 'a>>);

/// A ticket's number and what happens to it.
type Life = (u64, Vec<(Instant, What)>);

impl Measured {
    /// Returns the tickets one after the other in the order of arrival, each with its number.
    ///
    /// # Complexity
    /// 0.3 us an event, of which a third is spared against asking for each ticket alone: arrivals are
    /// worked out for 32 tickets at once.
    pub fn histories(&self) -> impl Iterator<Item = (u64, Vec<Happening>)> + Send + '_ {
        self.histories_in(1..=self.tickets())
    }

    /// Returns the tickets with these numbers, one after the other: a part of the whole for each
    /// thread.
    ///
    /// ```
    /// use punctual_workload::{Measured, Profile};
    ///
    /// let log = Measured::builder(1, Profile::Uci).tickets(1_000).build()?;
    /// let halves = [1..=500, 501..=1_000].map(|part| {
    ///     let events = |part| log.histories_in(part).map(|(_, history)| history.len()).sum::<usize>();
    ///     std::thread::scope(|threads| threads.spawn(move || events(part)).join().unwrap_or(0))
    /// });
    /// let whole: usize = log.histories().map(|(_, history)| history.len()).sum();
    /// assert_eq!(halves.iter().sum::<usize>(), whole);
    /// # Ok::<(), punctual_workload::WorkloadError>(())
    /// ```
    pub fn histories_in(
        &self,
        numbers: std::ops::RangeInclusive<u64>,
    ) -> impl Iterator<Item = (u64, Vec<Happening>)> + Send + '_ {
        let mut cursor = Cursor::default();
        numbers.map(move |number| {
            let mut history = Vec::new();
            self.history_next(number, &mut cursor, &mut history);
            (number, history)
        })
    }

    /// Returns everything that happens in the order of time; at one instant by ticket, then by its
    /// order within it. Only tickets that have begun and are not over are in memory.
    #[must_use]
    pub fn steps(&self) -> MeasuredSteps<'_> {
        let lives = self.histories().map(|(number, history)| {
            let steps = history.into_iter().map(|it| (it.at, it.what));
            (number, steps.collect())
        });
        MeasuredSteps(Merge::new(Box::new(lives)))
    }
}

impl MeasuredSteps<'_> {
    /// Returns how many tickets are held in memory: those that have begun and are not over, and the
    /// one that comes next.
    #[must_use]
    pub fn held(&self) -> usize {
        self.0.held()
    }
}

impl Iterator for MeasuredSteps<'_> {
    type Item = MeasuredStep;

    fn next(&mut self) -> Option<MeasuredStep> {
        let due = self.0.next()?;
        Some(MeasuredStep {
            number: due.number,
            index: due.index,
            happening: Happening {
                at: due.at,
                what: due.what,
            },
        })
    }
}

impl fmt::Debug for MeasuredSteps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.held();
        f.debug_struct("MeasuredSteps")
            .field("held", &held)
            .finish()
    }
}
