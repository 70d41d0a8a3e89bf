//! Clocks: what was promised of a ticket, and how each promise stands at an instant.
//!
//! The one place where policy meets calendar. A clock is never stored: it is a pure function of the
//! ticket's [`Timeline`], the policy versions that apply to it ([`Bindings`]), their calendars, and
//! the instant of the reading. So rebinding, reclassifying and backtesting need no migration, and
//! looking at a ticket changes nothing (SEMANTICS C6).
//!
//! It is worked out in two halves. *Which clocks are there* is pure event logic: what started,
//! suspended, re-anchored, judged anew and ended each of them. *How much is used* is one measure,
//! E(a, b): the time of the clock's calendar in [a, b), minus its pauses. Everything that a
//! [`Reading`] tells derives from E.
//!
//! What the rules leave open is settled like this:
//!
//! - One fact ends a clock or starts one, not both; only a reset does both. Stops come before
//!   cancellations.
//! - No cancellation undoes a breach: an event that would cancel a clock that is over stops it as
//!   breached (C12), also when it is a closing or a reopening. Only a goal that no longer fits
//!   withdraws it, because then the promise itself is another one (C8).
//! - A clock whose target has no goal for the ticket sleeps: it is not shown, and a later judgement
//!   wakes it as its mode says, for `retroactive` from the original start.
//! - `Closed` without a resolution before it ends the open clocks like a resolution and a closing at
//!   one instant. `Reopened` brings back what the closing ended.
//! - `Reopened` brings back a stopped clock only if `Resolved` or `Closed` was what stopped it.
//! - `forward` and `reset` both give the whole new budget from the judgement on; a `reset` clock
//!   also says that it started then.
//! - A goal that was over as it came is breached from the first moment at which the clock runs under
//!   it.
//! - An offset after the breach counts only the time in which the clock is neither paused nor
//!   suspended.

mod binding;
mod course;
mod explain;
mod explain_text;
mod life;
mod machine;
mod measure;
mod pauses;
mod point;
mod reading;

pub use binding::{BindingError, Bindings};
pub use explain::{Attribution, Explanation, Part, Trace, explain};

pub use reading::{Activity, Measure, Reading};

pub(crate) use point::{of as point_of, repetition};
pub(crate) use reading::Measured;

use life::Clock;
use pauses::PauseTrack;

use crate::event::{AgreementId, TargetId};
use crate::policy::Policy;
use crate::ticket::{Status, Timeline};
use crate::time::Instant;

/// Returns how every promise of a ticket stands at `now`, agreement by agreement, in the order in
/// which the clocks started.
///
/// Facts after `now` are not seen. A target whose goals do not fit the ticket has no reading, nor
/// has one that nothing has started: ask [`pending`] for those.
///
/// # Complexity
/// Linear in the facts; a few allocations a clock.
#[must_use]
pub fn read(timeline: &Timeline, bindings: &Bindings<'_>, now: Instant) -> Vec<Reading> {
    let state = State::new(timeline, bindings, now);
    state
        .measured()
        .map(|measured| measured.reading(&state.status))
        .collect()
}

/// A promised step that nothing has started yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The agreement that promises it.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
    /// Always [`Activity::Pending`].
    pub activity: Activity,
}

/// Returns the targets that have a goal for the ticket as it now stands, and no clock yet.
#[must_use]
pub fn pending(timeline: &Timeline, bindings: &Bindings<'_>, now: Instant) -> Vec<Pending> {
    let state = State::new(timeline, bindings, now);
    let mut found = Vec::new();
    for binding in bindings.agreements().filter_map(<[_]>::last) {
        for target in &binding.agreement.targets {
            let has_clock = state.clocks.iter().any(|clock| {
                *clock.agreement == binding.agreement.id && clock.current().target.id == target.id
            });
            if !has_clock && target.goal_for(&state.status).is_some() {
                found.push(Pending {
                    agreement: binding.agreement.id.clone(),
                    target: target.id.clone(),
                    activity: Activity::Pending,
                });
            }
        }
    }
    found
}

/// The clocks of a ticket at one instant, before anyone asks what they say.
pub(crate) struct State<'p> {
    pub(crate) clocks: Vec<Clock<'p>>,
    tracks: Vec<(&'p Policy, PauseTrack)>,
    pub(crate) status: Status,
    pub(crate) now: Instant,
}

impl<'p> State<'p> {
    pub(crate) fn new(timeline: &Timeline, bindings: &Bindings<'p>, now: Instant) -> Self {
        let facts = timeline.until(now);
        let mut tracks: Vec<(&'p Policy, PauseTrack)> = Vec::with_capacity(1);
        for binding in bindings.agreements().flatten() {
            if !tracks
                .iter()
                .any(|(known, _)| std::ptr::eq(*known, binding.policy))
            {
                tracks.push((binding.policy, PauseTrack::new(facts, binding.policy)));
            }
        }
        let (mut clocks, status) = course::clocks(facts, bindings.agreements());
        clocks.retain(Clock::was_promised);
        Self {
            clocks,
            tracks,
            status,
            now,
        }
    }

    /// Returns every clock, measured.
    pub(crate) fn measured(&self) -> impl Iterator<Item = Measured<'_, 'p>> {
        self.clocks
            .iter()
            .map(|clock| Measured::new(clock, |policy: &Policy| self.track(policy), self.now))
    }

    /// Returns the pauses as a policy names them. Every bound policy has a track.
    fn track(&self, policy: &Policy) -> &PauseTrack {
        static NONE: PauseTrack = PauseTrack::NONE;
        let found = self
            .tracks
            .iter()
            .find(|(known, _)| std::ptr::eq(*known, policy));
        found.map_or(&NONE, |(_, track)| track)
    }
}
