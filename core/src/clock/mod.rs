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
//! # A pause over lunch
//!
//! Two working hours for a repair, at a desk that is open from 9 to 12 and from 13:30 to 18. The
//! repairer waits for parts from half past eleven until two; the desk was open for one hour of
//! that, and by one hour the deadline moves in working time.
//!
//! ```
//! use punctual::clock::{self, Activity, Bindings, Reading};
//! use punctual::policy::Policy;
//! use punctual::ticket::Outcome;
//! use punctual::time::{Instant, Span};
//! # use punctual::event::Actor;
//! # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
//! # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
//! #     let mut ticket = Ticket::default();
//! #     for (civil, action) in told {
//! #         let at = format!("{civil}:00+08:00").parse()?;
//! #         let action: Action = serde_json::from_str(action)?;
//! #         let command = Command::new(action, at, Actor::new("desk".parse()?));
//! #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
//! #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//! #     }
//! #     Ok(ticket)
//! # }
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "repairs"
//!     timezone = "Asia/Shanghai"
//!     default-calendar = "office"
//!
//!     [calendar.office]
//!     week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
//!
//!     [pause]
//!     awaiting-parts = {}
//!
//!     [target.repaired]
//!     start = "dispatched"
//!     stop  = "resolved"
//!     pause = "awaiting-parts"
//!     goals = [{ within = "2wh" }]
//! "#)?;
//! let ticket = ticket(&[
//!     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
//!     ("2026-03-09T10:00", r#"{"type":"dispatch"}"#),
//!     ("2026-03-09T11:30", r#"{"type":"pause","reason":"awaiting-parts"}"#),
//!     ("2026-03-09T14:00", r#"{"type":"resume"}"#),
//!     ("2026-03-09T14:30", r#"{"type":"resolve"}"#),
//! ])?;
//! let at = |civil: &str| format!("2026-03-09T{civil}:00+08:00").parse::<Instant>();
//! let read = |now| clock::read(ticket.timeline(), &Bindings::to(&policy), now);
//! let one = |civil| Ok::<Reading, Box<dyn std::error::Error>>(read(at(civil)?).remove(0));
//!
//! // Before the pause: two hours from ten o'clock end exactly at closing, and count as due then,
//! // though half past one would still be in time.
//! let running = one("11:00")?;
//! assert_eq!(running.due_at, Some(at("12:00")?));
//! assert_eq!(running.breach_after, Some(at("13:30")?));
//!
//! // Within it nothing falls due; it would, if work went on now.
//! let paused = one("11:45")?;
//! assert_eq!(paused.activity, Activity::Paused);
//! assert_eq!(paused.due_at, None);
//! assert_eq!(paused.due_if_resumed_now, Some(at("13:45")?));
//!
//! // After it: half an hour was left.
//! let resumed = one("14:00")?;
//! assert_eq!(resumed.elapsed, Span::from_minutes(90)?);
//! assert_eq!(resumed.due_at, Some(at("14:30")?));
//!
//! // Exactly at the deadline is met.
//! let done = one("14:30")?;
//! assert_eq!((done.outcome, done.remaining), (Outcome::Met, Some(Span::ZERO)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A reclassification, four ways
//!
//! What a new judgement does to a clock that runs is said by its target (SEMANTICS C8). Received at
//! nine as an ordinary case, which has four hours; judged urgent at ten, and urgent ones have two:
//!
//! | mode | what is kept | the new due instant |
//! |---|---|---|
//! | `retroactive` | the start: one hour of the two is gone | 11:00 |
//! | `carry` | the share: a quarter of the two hours is gone | 11:30 |
//! | `forward` | nothing: two whole hours from ten | 12:00 |
//! | `reset` | nothing, and the clock says that it started at ten | 12:00 |
//!
//! ```
//! use punctual::clock::{self, Bindings};
//! use punctual::policy::Policy;
//! use punctual::time::{Instant, Span};
//! # use punctual::event::Actor;
//! # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
//! # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
//! #     let mut ticket = Ticket::default();
//! #     for (civil, action) in told {
//! #         let at = format!("{civil}:00+08:00").parse()?;
//! #         let action: Action = serde_json::from_str(action)?;
//! #         let command = Command::new(action, at, Actor::new("desk".parse()?));
//! #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
//! #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//! #     }
//! #     Ok(ticket)
//! # }
//!
//! let ticket = ticket(&[
//!     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
//!     ("2026-03-09T10:00", r#"{"type":"classify","level":"urgent"}"#),
//! ])?;
//! let at = |civil: &str| format!("2026-03-09T{civil}:00+08:00").parse::<Instant>();
//!
//! for (mode, started, elapsed, due) in [
//!     ("retroactive", "09:00", Span::HOUR, "11:00"),
//!     ("carry", "09:00", Span::from_minutes(30)?, "11:30"),
//!     ("forward", "09:00", Span::ZERO, "12:00"),
//!     ("reset", "10:00", Span::ZERO, "12:00"),
//! ] {
//!     let document = r#"
//!         policy   = "help-desk"
//!         timezone = "Asia/Shanghai"
//!         [level]
//!         values = ["general", "urgent"]
//!         order  = ["general", "urgent"]
//!         [target.solved]
//!         start = "received"
//!         stop  = "resolved"
//!         goals = [{ when = { level = "urgent" }, within = "2h" }, { within = "4h" }]
//!         reclassify = "MODE"
//!     "#;
//!     let policy = Policy::from_toml(&document.replace("MODE", mode))?;
//!     let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), at("10:00")?);
//!     let reading = &readings[0];
//!     assert_eq!(reading.started_at, at(started)?, "{mode}");
//!     assert_eq!(reading.elapsed, elapsed, "{mode}");
//!     assert_eq!(reading.due_at, Some(at(due)?), "{mode}");
//!     assert_eq!(reading.attached_at, at("10:00")?, "{mode}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A reopening
//!
//! A remedy that did not hold: resolved after half of the four hours, reopened two days later. By
//! default the clock goes on with what was left, and the time as resolved does not count (SEMANTICS
//! C9).
//!
//! ```
//! use punctual::clock::{self, Bindings};
//! use punctual::policy::Policy;
//! use punctual::ticket::Outcome;
//! use punctual::time::Instant;
//! # use punctual::event::Actor;
//! # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
//! # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
//! #     let mut ticket = Ticket::default();
//! #     for (civil, action) in told {
//! #         let at = format!("{civil}:00+08:00").parse()?;
//! #         let action: Action = serde_json::from_str(action)?;
//! #         let command = Command::new(action, at, Actor::new("desk".parse()?));
//! #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
//! #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//! #     }
//! #     Ok(ticket)
//! # }
//!
//! let ticket = ticket(&[
//!     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
//!     ("2026-03-09T11:00", r#"{"type":"resolve"}"#),
//!     ("2026-03-11T10:00", r#"{"type":"reopen"}"#),
//! ])?;
//! let read = |mode: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let document = r#"
//!         policy   = "help-desk"
//!         timezone = "Asia/Shanghai"
//!         [target.solved]
//!         start  = "received"
//!         stop   = "resolved"
//!         goals  = [{ within = "4h" }]
//!         reopen = "MODE"
//!     "#;
//!     let policy = Policy::from_toml(&document.replace("MODE", mode))?;
//!     let now = "2026-03-11T10:00:00+08:00".parse()?;
//!     Ok(clock::read(ticket.timeline(), &Bindings::to(&policy), now))
//! };
//! let noon: Instant = "2026-03-11T12:00:00+08:00".parse()?;
//!
//! let same = read("continue")?;
//! assert_eq!((same.len(), same[0].outcome), (1, Outcome::Open));
//! assert_eq!(same[0].due_at, Some(noon)); // two hours were left
//!
//! let new = read("new-cycle")?;
//! assert_eq!((new[0].outcome, new[1].outcome), (Outcome::Met, Outcome::Open));
//! assert_eq!((new[0].cycle, new[1].cycle), (1, 2));
//!
//! let stay = read("stay")?; // what it promised has been done
//! assert_eq!((stay.len(), stay[0].outcome), (1, Outcome::Met));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the rules leave open
//!
//! What one event does:
//!
//! - One fact ends a clock or starts one, not both; only a reset does both. Stops come before
//!   cancellations.
//! - No cancellation undoes a breach: an event that would cancel a clock that is over stops it as
//!   breached (C12), also when it is a closing or a reopening. Only a goal that no longer fits
//!   withdraws it, because then the promise itself is another one (C8).
//! - A ticket that was declined, merged or withdrawn is done with: no reopening brings back what
//!   these cancelled.
//!
//! Judgements and rebinds (C8, P2):
//!
//! - A clock whose target has no goal for the ticket sleeps: it is not shown, and a later judgement
//!   wakes it as its mode says, for `retroactive` from the original start. One that had a goal and
//!   lost it is shown as cancelled (no goal), and may be woken too. It ended at the judgement, also
//!   if a closing follows, and says how much of what measure it had used by then.
//! - `carry` keeps the share that was used when the last goal was lost: what passed without a goal
//!   used none of it. Where there is no share to keep, because a lead was too short or a calendar
//!   never gets that far, the use counts from the start. A budget of no length counts as used up.
//! - `forward` and `reset` both give the whole new budget from the judgement on; a `reset` clock
//!   also says that it started then.
//! - A goal that was over as it came is breached from the first moment at which the clock runs
//!   under it. `BreachedOnAttach` names the judgement all the same.
//! - A clock that `Reopened` brings back goes on under the policy version now bound; a ticket that had
//!   ended with every clock when it was rebound stays as it is.
//! - An agreement that a rebind brings to a ticket which had been bound without it promises from the
//!   rebind on, like a target that only the new version has: what was done by then owes nothing. One that
//!   the new version no longer has goes on under the old one, since nothing binds it anew.
//! - After a rebind the new goal is warned of and breached for itself; only rungs that were told are
//!   not told again (L2).
//!
//! Resolved, closed, reopened (C9):
//!
//! - `Closed` without a resolution before it ends the open clocks like a resolution and a closing
//!   at one instant. `Reopened` brings back what the closing ended, whatever the target's mode,
//!   since that says what becomes of a clock whose own stop was reached. A next reply does not come
//!   back: nobody waits any more.
//! - `Reopened` brings back a stopped clock only if `Resolved` or `Closed` was what stopped it.
//! - A further `Resolved` suspends what started since the first one, save what a resolution itself
//!   started: a survey goes on.
//! - A resolution suspends a lead clock like any other, but the visit comes nearer all the same: once
//!   the ticket is reopened, the time in between counts. So `due_if_resumed_now` is the visit minus
//!   the lead, and so is `due_at` of one that ended meanwhile; if that instant had passed by then, it
//!   never fell due and has none.
//!
//! Messages and requests (C10):
//!
//! - The request is the affair of cycle 0: a message waits only if it came later. If cycle 0 loses its
//!   goal while it is open, the unanswered request starts cycle 1.
//! - What ends a reply clock ends the waiting for one: an answer, a cancellation, a resolution, a
//!   closing. So nobody waits on a ticket that has ended, and a message that was unanswered then
//!   starts no reply clock, nor does the request.
//! - Where cycle 0 comes back, cycle 1 is cancelled as superseded, or breached if it is over.
//!
//! Outcomes:
//!
//! - A clock with insufficient lead runs until its stop and keeps that outcome; a cancellation
//!   replaces it.
//! - A waiver may name a cycle still to come. A waived clock still says when its budget ran out, and
//!   its rungs have lapsed, those ahead included. Where no goal fits, that comes before a waiver.
//!
//! Points in time:
//!
//! - A lead in working time can have two edges: where its instant is an opening, `due_at` is the
//!   closing before it and `breach_after` is the instant that B4 computes.
//! - A rung before `due_at` is reached once the clock, running, is no further from its deadline than
//!   the offset; while it waits it has no deadline to be near to. A goal under which the clock never
//!   ran has reached none.
//! - A share that was taken over is reached as its goal comes, so its rung is superseded (L2). So is
//!   a `due` rung where more than all of the budget was taken over.
//! - An offset after the breach counts only the time in which the clock is neither paused nor
//!   suspended. Repeats in working days count days: the second is the closing of the second day.
//! - Whom a rung's condition fits is asked as of the rung's own instant.
//!
//! # What this module is not
//!
//! It sends nothing and records nothing: whom to tell is for [`escalation`](crate::escalation),
//! what to record for [`supervision`](crate::supervision). It keeps no deadline between two
//! readings, and has no opinion on what the time is.

mod binding;
mod course;
mod deadline;
mod explain;
mod explain_text;
mod ground;
mod life;
mod machine;
mod measure;
mod pauses;
mod point;
mod reading;
mod verdicts;
mod walk;

pub use binding::{BindingError, Bindings};
pub use deadline::visible_deadline;
pub use explain::{Attribution, Explanation, Part, Trace, explain};
pub use reading::{Activity, Measure, Reading};

#[cfg(feature = "engine")]
pub(crate) use binding::Places;
pub(crate) use point::{of as point_of, repetition};
pub(crate) use reading::Measured;
pub(crate) use verdicts::verdicts;
#[cfg(feature = "engine")]
pub(crate) use walk::Walk;

use ground::Ground;
use life::Clock;
#[cfg(not(feature = "engine"))]
use walk::Walk;

use crate::event::{AgreementId, TargetId};
use crate::ticket::{Status, Timeline};
use crate::time::Instant;

/// Returns how every promise of a ticket stands at `now`, agreement by agreement, in the order in
/// which the clocks started.
///
/// Facts after `now` are not seen, one at `now` is; so any instant of the past can be read, as we
/// now know it to have been. Clocks that have ended are among the readings, and so are all cycles.
/// A target whose goals have never fitted the ticket has no reading, nor has one that nothing has
/// started: ask [`pending`] for those.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::policy::{AFTER_SALES, Policy};
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// // A complaint by phone on a Monday morning, answered after twenty minutes.
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint","channel":"phone"}"#),
///     ("2026-03-09T09:20", r#"{"type":"reply"}"#),
/// ])?;
/// let now = "2026-03-09T10:00:00+08:00".parse()?;
/// let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
/// let lines: Vec<String> = readings
///     .iter()
///     .map(|it| format!("{} {} {}", it.target(), it.outcome, it.percent_used.unwrap_or(0)))
///     .collect();
/// assert_eq!(
///     lines,
///     [
///         "acknowledgement breached 400", // five minutes, and nobody told the customer before
///         "first-response met 66",        // thirty minutes
///         "diagnosis open 25",            // four working hours
///         "complaint-solved open 3",      // until the closing of the third working day
///     ],
/// );
///
/// // The queue shows what falls due first.
/// let next = readings.iter().filter(|it| it.is_live()).filter_map(|it| it.due_at).min();
/// assert_eq!(next, Some("2026-03-09T14:30:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Complexity
/// Linear in the facts; a few allocations a clock.
#[must_use]
pub fn read(timeline: &Timeline, bindings: &Bindings<'_>, now: Instant) -> Vec<Reading> {
    let state = State::new(timeline, bindings, now);
    let mut readings = Vec::with_capacity(state.clocks().count());
    for (clock, ground) in state.clocks() {
        if let Some(measured) = &Measured::new(clock, ground, now) {
            // Made where it is to stay: to push it would move a large value once more.
            readings.extend(std::iter::once_with(|| measured.reading(state.status())));
        }
    }
    readings
}

/// A promised step that nothing has started yet: it has no deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The agreement that promises it.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
    /// Always [`Activity::Pending`].
    pub activity: Activity,
}

/// Returns the targets that have a goal for the ticket as it stands at `now`, and no clock yet, in
/// the order of the policy.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::policy::Policy;
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let policy = Policy::from_toml(r#"
///     policy   = "repairs"
///     timezone = "Asia/Shanghai"
///     [target.plan]
///     start = "diagnosed"
///     stop  = "plan-proposed"
///     goals = [{ within = "24h" }]
/// "#)?;
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive"}"#)])?;
/// let now = "2026-03-09T10:00:00+08:00".parse()?;
/// let bindings = Bindings::to(&policy);
/// assert!(clock::read(ticket.timeline(), &bindings, now).is_empty());
/// let ahead = clock::pending(ticket.timeline(), &bindings, now);
/// assert_eq!(ahead[0].target.as_str(), "plan");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn pending(timeline: &Timeline, bindings: &Bindings<'_>, now: Instant) -> Vec<Pending> {
    let state = State::new(timeline, bindings, now);
    let mut found = Vec::new();
    for binding in bindings.agreements().filter_map(<[_]>::last) {
        for target in &binding.agreement.targets {
            let has_clock = state.clocks().any(|(clock, ground)| {
                let current = ground.attachment(clock.current());
                current.is_some_and(|current| {
                    *current.agreement == binding.agreement.id && current.target.id == target.id
                })
            });
            if !has_clock && target.goal_for(state.status()).is_some() {
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
pub(crate) struct State<'b, 'p> {
    walk: Walk,
    bindings: &'b Bindings<'p>,
    pub(crate) now: Instant,
}

impl<'b, 'p> State<'b, 'p> {
    pub(crate) fn new(timeline: &Timeline, bindings: &'b Bindings<'p>, now: Instant) -> Self {
        Self {
            walk: Walk::new(timeline.until(now), bindings),
            bindings,
            now,
        }
    }

    /// The same, of a ticket whose walk was kept.
    #[cfg(feature = "engine")]
    pub(crate) fn resumed(
        kept: Option<Walk>,
        timeline: &Timeline,
        bindings: &'b Bindings<'p>,
        now: Instant,
    ) -> Self {
        Self {
            walk: Walk::resumed(kept, timeline.until(now), bindings),
            bindings,
            now,
        }
    }

    /// Returns the walk, to be kept beside its ticket.
    #[cfg(feature = "engine")]
    pub(crate) fn into_walk(self) -> Walk {
        self.walk
    }

    /// Returns how the ticket stands.
    pub(crate) const fn status(&self) -> &Status {
        &self.walk.status
    }

    fn clocks(&self) -> impl Iterator<Item = (&Clock, Ground<'_, 'p>)> {
        self.walk.clocks(self.bindings)
    }

    /// Returns whether a promise is still to be kept: whether any clock has a goal and has not ended.
    pub(crate) fn is_live(&self) -> bool {
        self.clocks()
            .any(|(clock, _)| clock.end.is_none() && clock.is_promised())
    }

    /// Returns the clocks of which something may be to come or to be recorded, measured: all but
    /// those that ended in time.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = Measured<'_, 'p>> {
        let unsettled = |(clock, ground): &(&Clock, Ground<'_, 'p>)| {
            clock.end.is_none() || !measure::ended_in_time(clock, *ground)
        };
        let clocks = self.clocks().filter(unsettled);
        clocks.filter_map(|(clock, ground)| Measured::new(clock, ground, self.now))
    }

    /// Returns every clock, measured.
    pub(crate) fn measured(&self) -> impl Iterator<Item = Measured<'_, 'p>> {
        self.clocks()
            .filter_map(|(clock, ground)| Measured::new(clock, ground, self.now))
    }
}
