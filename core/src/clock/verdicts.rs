//! What became of each promise, and no more: for whoever reads millions of tickets.

use super::{Bindings, State};
use crate::event::Version;
use crate::policy::Target;
use crate::ticket::{Outcome, Timeline};
use crate::time::Instant;

/// A clock at an instant, as far as it takes to say what became of its promise. Owns nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'p> {
    /// The target whose clock it is: one of those that are bound.
    pub(crate) target: &'p Target,
    /// Counted from 1 within its target.
    pub(crate) cycle: u32,
    pub(crate) started_at: Instant,
    pub(crate) started_by: Version,
    /// Never [`Outcome::Imminent`]: whether a warning was reached is not asked.
    pub(crate) outcome: Outcome,
    /// How much is allowed, in microseconds of the clock's measure; `None` where that is not known.
    pub(crate) budget: Option<i64>,
    /// How much was used of it: E.
    pub(crate) used: i64,
}

/// Hands on every clock in the order of [`read`](super::read), to which the same are readings.
pub(crate) fn verdicts<'p>(
    timeline: &Timeline,
    bindings: &Bindings<'p>,
    now: Instant,
    mut take: impl FnMut(Judged<'p>),
) {
    let state = State::new(timeline, bindings, now);
    for measured in state.measured() {
        let tally = measured.tally();
        let limit = tally.and_then(|tally| tally.allowance.limit);
        take(Judged {
            target: measured.current.target,
            cycle: measured.clock.cycle,
            started_at: measured.clock.started_at,
            started_by: measured.clock.started_by,
            outcome: measured.outcome(0),
            budget: limit.filter(|limit| *limit >= 0),
            used: tally.map_or(0, |tally| tally.used),
        });
    }
}
