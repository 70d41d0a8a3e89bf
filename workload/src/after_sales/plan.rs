//! The whole life of one ticket, and how two become one.

use punctual::event::{CustomerId, Kind, TicketId};
use punctual::ticket::{Action, Command, MergeSide, Merged};
use punctual::time::Instant;

use super::AfterSales;
use super::story::Story;
use crate::draw::{Draw, Purpose};
use crate::name;

/// Everything that will happen to one ticket.
///
/// ```
/// use punctual_workload::AfterSales;
///
/// let month = AfterSales::builder(42).tickets(50).build()?;
/// let plan = month.plan(7);
/// assert_eq!(plan, month.plan(7)); // the same whenever it is asked for
/// assert!(plan.steps.is_sorted_by_key(|step| step.at));
/// # Ok::<(), punctual_workload::WorkloadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its number: tickets are counted from 1 in the order of arrival.
    pub number: u32,
    /// Its id, such as `T-000123`.
    pub ticket: TicketId,
    /// Whose it is, such as `C-00042`.
    pub customer: CustomerId,
    /// What is recorded of it, in order.
    pub steps: Vec<Planned>,
}

/// One command of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// When the command is given. Never earlier than `command.occurred_at`, and later where
    /// somebody types in the next day what they did on site.
    pub at: Instant,
    /// The command.
    pub command: Command,
}

/// How many tickets in a thousand are the same request a second time.
const DUPLICATES: u32 = 20;

impl AfterSales {
    /// Returns the life of the ticket with this number: 1 to [`AfterSales::tickets`].
    ///
    /// Nothing of other tickets has to be made before, so plans can be had in any order and on
    /// several threads. A number beyond the last gives a ticket that arrives at the end.
    ///
    /// ```
    /// use punctual_workload::AfterSales;
    ///
    /// let month = AfterSales::builder(42).build()?;
    /// let plan = month.plan(123);
    /// assert_eq!(plan.ticket.as_str(), "T-000123");
    /// assert_eq!(plan.steps[0].command.action.kind(), punctual::event::Kind::Received);
    /// # Ok::<(), punctual_workload::WorkloadError>(())
    /// ```
    #[must_use]
    pub fn plan(&self, number: u32) -> Plan {
        if let Some(merged_at) = self.repeats_at(number) {
            let original = self.original(number - 1);
            if original.is_open(merged_at) {
                return Story::new(self, number, number - 1).duplicate(&original.ticket, merged_at);
            }
        }
        let mut plan = self.original(number);
        if number < self.options.tickets
            && let Some(merged_at) = self.repeats_at(number + 1)
            && plan.is_open(merged_at)
        {
            plan.take_in(number + 1, merged_at, self);
        }
        plan
    }

    /// The ticket as it would be if no other came into it.
    fn original(&self, number: u32) -> Plan {
        Story::new(self, number, number).told()
    }

    /// When a ticket is found to be the one before it again, if it is. A repeated ticket is not
    /// repeated itself, so a plan depends on one neighbour at most.
    fn repeats_at(&self, number: u32) -> Option<Instant> {
        let drawn = |number: u32| {
            let mut draw = Draw::new(self.seed, Purpose::Duplicate, u64::from(number));
            (number > 1 && draw.chance(DUPLICATES)).then(|| draw.spread(240, 5_400))
        };
        let after = drawn(number)?;
        if drawn(number - 1).is_some() {
            return None;
        }
        Some(super::story::later(self.arrival(number), after))
    }

    /// When a ticket is received.
    pub(super) fn arrival(&self, number: u32) -> Instant {
        let seconds = self.arrivals.of(u64::from(number));
        Instant::from_micros(seconds * 1_000_000).unwrap_or(Instant::MAX)
    }
}

impl Plan {
    /// Whether it is being worked on at that instant.
    fn is_open(&self, at: Instant) -> bool {
        let mut open = false;
        for planned in &self.steps {
            if planned.command.occurred_at <= at {
                let kind = planned.command.action.kind();
                open |= matches!(kind, Kind::Received | Kind::Reopened);
                open &= !matches!(
                    kind,
                    Kind::Resolved | Kind::Closed | Kind::Declined | Kind::Withdrawn
                );
            }
        }
        open
    }

    /// Records that the ticket with that number came into this one.
    fn take_in(&mut self, number: u32, at: Instant, workload: &AfterSales) {
        let merge = Action::Merge(Merged {
            other: ticket_id(number),
            side: MergeSide::From,
        });
        let actor = workload.house.program("dedupe");
        let place = self.steps.partition_point(|step| step.at <= at);
        self.steps.insert(
            place,
            Planned {
                at,
                command: Command::new(merge, at, actor),
            },
        );
    }
}

/// The id of a ticket.
pub(super) fn ticket_id(number: u32) -> TicketId {
    name(&format!("T-{number:06}"))
}
