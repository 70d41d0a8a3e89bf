//! All tickets of a desk in one order of time.

use std::fmt;

use punctual::event::{CommandId, TicketId};
use punctual::ticket::Command;
use punctual::time::Instant;

use super::AfterSales;
use super::plan::ticket_id;
use crate::merge::Merge;

/// One command to one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it is given.
    pub at: Instant,
    /// The ticket's number, counted from 1.
    pub number: u32,
    /// Its place among the ticket's commands, counted from 0.
    pub index: u32,
    /// The ticket.
    pub ticket: TicketId,
    /// What is asked to be recorded.
    pub command: Command,
}

impl Step {
    /// Returns an id of the command, the same at every play: whoever plays a workload again after a
    /// restart repeats no command that was recorded before. Unique within the ticket.
    ///
    /// ```
    /// use punctual_workload::AfterSales;
    ///
    /// let month = AfterSales::builder(1).build()?;
    /// let first = month.steps().next().ok_or("no step")?;
    /// assert_eq!(first.command_id().as_str(), "step-0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn command_id(&self) -> CommandId {
        crate::name(&format!("step-{}", self.index))
    }
}

/// The commands of all tickets by (instant, ticket, place): see [`AfterSales::steps`].
pub struct Steps<'a>(Merge<Command, Box<dyn Iterator<Item = Life> + Send + 'a>>);

/// A ticket's number and its commands.
type Life = (u64, Vec<(Instant, Command)>);

impl AfterSales {
    /// Returns the commands of all tickets in the order in which they are given; at one instant by
    /// ticket, then by their order within it.
    ///
    /// Only tickets that have begun and are not over are in memory, however long the workload is.
    ///
    /// ```
    /// use punctual_workload::AfterSales;
    ///
    /// let year = AfterSales::builder(1).tickets(20_000).days(365).build()?;
    /// let first = year.steps().next().ok_or("no step")?;
    /// assert_eq!((first.number, first.index), (1, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn steps(&self) -> Steps<'_> {
        let lives = self.plans().map(|plan| {
            let steps = plan.steps.into_iter();
            let steps = steps.map(|planned| (planned.at, planned.command));
            (u64::from(plan.number), steps.collect())
        });
        Steps(Merge::new(Box::new(lives)))
    }
}

impl Steps<'_> {
    /// Returns how many tickets are held in memory: those that have begun and are not over, and the
    /// one that comes next.
    #[must_use]
    pub fn held(&self) -> usize {
        self.0.held()
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let due = self.0.next()?;
        let number = u32::try_from(due.number).unwrap_or(u32::MAX);
        Some(Step {
            at: due.at,
            number,
            index: due.index,
            ticket: ticket_id(number),
            command: due.what,
        })
    }
}

impl fmt::Debug for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steps").field("held", &self.held()).finish()
    }
}
