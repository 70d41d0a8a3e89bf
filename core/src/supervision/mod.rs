//! What the engine itself must record of a ticket.
//!
//! Pure: a ticket, the policies that apply, and `now` give the events. What they say was true
//! before they were recorded, and they name the true instants; recording them twice, late or never
//! changes no verdict (SEMANTICS C6, C15). Calling [`supervise`] again after its events have been
//! folded gives nothing.
//!
//! # Tick twice, nothing new
//!
//! ```
//! use punctual::clock::Bindings;
//! use punctual::event::Kind;
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::supervision;
//! use punctual::ticket::TicketEvent;
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
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let bindings = Bindings::to(&policy);
//! let ticket = ticket(&[
//!     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
//!     ("2026-03-09T09:01", r#"{"type":"acknowledge"}"#),
//! ])?;
//!
//! // The engine was down until ten; the half hour for a first answer ended at half past nine.
//! let now = "2026-03-09T10:00:00+08:00".parse()?;
//! let events: Vec<TicketEvent> = supervision::supervise(&ticket, &bindings, now);
//! let kinds: Vec<Kind> = events.iter().map(TicketEvent::kind).collect();
//! assert_eq!(kinds, [Kind::Warned, Kind::Escalated, Kind::Breached, Kind::Escalated]);
//! let TicketEvent::Breached(breached) = &events[2] else {
//!     return Err("no breach".into());
//! };
//! assert_eq!(breached.breached_at, "2026-03-09T09:30:00+08:00".parse()?);
//!
//! // Folded like any other event, they are known; a second tick has nothing to add.
//! let ticket = supervision::after(&ticket, events, now);
//! assert!(supervision::supervise::<Box<str>>(&ticket, &bindings, now).is_empty());
//!
//! // The next look is due with the next rung: the manager's, two working hours after the breach.
//! let wake_at = supervision::wake_at(&ticket, &bindings, now);
//! assert_eq!(wake_at, Some("2026-03-09T11:30:00.000001+08:00".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In which order
//!
//! Receive, then [`bind`], then read and [`supervise`]. An append at the expected version sees to
//! it that two processes that tick at once record a thing once; this module is not needed for that,
//! and knows of no store.

mod outlook;

use std::collections::BTreeMap;

#[cfg(feature = "engine")]
pub(crate) use outlook::resumed;
pub use outlook::{Outlook, is_finished, outlook, wake_at};

use crate::clock::{Bindings, Measured, Reading, State};
use crate::escalation::{self, PlacedRung, Standing};
use crate::event::{AgreementId, Kind, Recorded, Version};
use crate::policy::{Policy, PolicyBook};
use crate::ticket::{
    BindCause, Breached, Cancelled, Outcome, PolicyBound, Ticket, TicketEvent, Timeline,
    VerdictRevised, Warned,
};
use crate::time::Instant;
use outlook::{unrecorded_breach, warns_at};

/// Returns the bindings that must be recorded of a ticket: once per agreement, before any of its
/// clocks, by what was known as it was received (SEMANTICS P1).
///
/// Empty before the ticket is received, when no policy fits, and for agreements that are bound.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, PolicyBook};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
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
/// let book: PolicyBook = [Policy::from_toml(AFTER_SALES)?].into_iter().collect();
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive","class":"repair"}"#)])?;
/// let events: Vec<TicketEvent> = supervision::bind(&ticket, &book);
/// assert_eq!(events.len(), 3); // the service agreement and two with suppliers
///
/// let now = "2026-03-09T09:00:00+08:00".parse()?;
/// let ticket = supervision::after(&ticket, events, now);
/// assert!(supervision::bind::<Box<str>>(&ticket, &book).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn bind<T>(ticket: &Ticket, book: &PolicyBook) -> Vec<TicketEvent<T>> {
    let timeline = ticket.timeline();
    let Some(received_at) = timeline.received_at() else {
        return Vec::new();
    };
    let bound = bound_agreements(timeline);
    let Some(policy) = book.select(received_at, &timeline.status(received_at)) else {
        return Vec::new();
    };
    let missing = policy
        .agreements()
        .iter()
        .filter(|agreement| !bound.contains(&&agreement.id));
    missing
        .map(|agreement| {
            TicketEvent::PolicyBound(binding(policy, &agreement.id, BindCause::Received))
        })
        .collect()
}

fn bound_agreements(timeline: &Timeline) -> Vec<&AgreementId> {
    timeline
        .facts()
        .iter()
        .filter_map(|fact| Some(&fact.bound()?.agreement))
        .collect()
}

/// Returns the events that move a ticket to another policy version: one for each agreement of it
/// (SEMANTICS P2).
///
/// Whether the ticket is finished, and so must not be moved, is for the caller to ask
/// [`is_finished`]. What the move does to clocks that run is said by the *new* version's modes.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::policy::{Document, Notation, Policy, PolicyBook};
/// use punctual::supervision;
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
/// let document = r#"
///     policy   = "help-desk"
///     timezone = "Asia/Shanghai"
///     [target.first-response]
///     start = "received"
///     stop  = "replied"
///     goals = [{ within = "2h" }]
/// "#;
/// let next = Document::parse(&document.replace("2h", "1h"), Notation::Toml)?.compile(2, &[])?;
/// let book: PolicyBook = [Policy::from_toml(document)?, next.clone()].into_iter().collect();
///
/// // Bound to version 1 by hand, as it was when version 2 did not exist.
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive"}"#)])?;
/// let now = "2026-03-09T09:10:00+08:00".parse()?;
/// let first: PolicyBook = [Policy::from_toml(document)?].into_iter().collect();
/// let events = supervision::bind::<Box<str>>(&ticket, &first);
/// let ticket = supervision::after(&ticket, events, now);
///
/// // The dry run: when would it fall due?
/// let moved = supervision::after(&ticket, supervision::rebind::<Box<str>>(&next), now);
/// let due_at = |ticket: &Ticket| -> Result<_, Box<dyn std::error::Error>> {
///     let bindings = Bindings::recorded(ticket.timeline(), &book, now)?;
///     Ok(clock::read(ticket.timeline(), &bindings, now)[0].due_at)
/// };
/// assert_eq!(due_at(&ticket)?, Some("2026-03-09T11:00:00+08:00".parse()?));
/// assert_eq!(due_at(&moved)?, Some("2026-03-09T10:00:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn rebind<T>(policy: &Policy) -> Vec<TicketEvent<T>> {
    let agreements = policy.agreements().iter();
    agreements
        .map(|agreement| {
            TicketEvent::PolicyBound(binding(policy, &agreement.id, BindCause::Rebound))
        })
        .collect()
}

/// Returns the ticket as it would be after events were recorded of it at `now`, the versions
/// counted on from its last: for a dry run or a test. The ticket itself stays as it is.
///
/// A ticket without any event yet has no stream to add to, and is returned unchanged.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let bindings = Bindings::to(&policy);
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#)])?;
/// let now = "2026-03-09T12:00:00+08:00".parse()?;
///
/// // Once it is recorded there is nothing more to record.
/// let owed: Vec<TicketEvent> = supervision::supervise(&ticket, &bindings, now);
/// assert!(!owed.is_empty());
/// let next = supervision::after(&ticket, owed, now);
/// assert_eq!(supervision::supervise::<Box<str>>(&next, &bindings, now), []);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn after<T>(ticket: &Ticket, events: Vec<TicketEvent<T>>, now: Instant) -> Ticket {
    let mut next = ticket.clone();
    let Some(stream) = ticket.stream() else {
        return next;
    };
    let recorded_at = ticket.recorded_at().map_or(now, |last| last.max(now));
    for event in events {
        next.apply(&Recorded {
            stream: stream.clone(),
            version: next.version().next(),
            position: None,
            occurred_at: now,
            recorded_at,
            actor: None,
            subject: None,
            event,
        });
    }
    next
}

fn binding(policy: &Policy, agreement: &AgreementId, cause: BindCause) -> PolicyBound {
    let versions = policy
        .calendars()
        .iter()
        .map(|named| (named.id.clone(), named.version));
    PolicyBound {
        agreement: agreement.clone(),
        policy: policy.id().clone(),
        version: policy.version(),
        calendars: versions.collect::<BTreeMap<_, _>>(),
        cause,
    }
}

/// Returns the warnings, breaches and escalations that have come about by `now` and are not
/// recorded yet, in the order in which they came about.
///
/// A rung fires only while its clock is live (SEMANTICS L3); a breach is recorded also of a clock
/// that has ended since. At one instant a warning comes before a breach, and a breach before its
/// rung.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
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
/// // Answered after forty of thirty minutes, and nobody looked before: the breach is a fact, the
/// // rungs have lapsed.
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
///     ("2026-03-09T09:01", r#"{"type":"acknowledge"}"#),
///     ("2026-03-09T09:40", r#"{"type":"reply"}"#),
/// ])?;
/// let now = "2026-03-09T10:00:00+08:00".parse()?;
/// let events: Vec<TicketEvent> = supervision::supervise(&ticket, &Bindings::to(&policy), now);
/// assert!(matches!(&events[..], [TicketEvent::Breached(_)]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Complexity
/// That of [`clock::read`](crate::clock::read), and one step for each rung beside what was told.
#[must_use]
pub fn supervise<T>(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Vec<TicketEvent<T>> {
    let state = State::new(ticket.timeline(), bindings, now);
    let mut found: Vec<(Instant, u8, TicketEvent<T>)> = Vec::new();
    let mut rungs = Vec::new();
    for measured in state.measured() {
        rungs.clear();
        escalation::placed(&measured, ticket, &state, |placed| rungs.push(placed));
        found.extend(warning(&measured, ticket, &rungs));
        found.extend(breach(&measured, ticket));
        let owed = rungs
            .iter()
            .filter(|placed| placed.standing == Standing::Owed);
        found.extend(owed.map(|placed| {
            let notice = escalation::notice(&measured, ticket, now, placed);
            (placed.at, 2, TicketEvent::Escalated(notice.event(now)))
        }));
    }
    // A stable sort: within one instant warnings come before breaches and breaches before rungs,
    // and each of these clock by clock.
    found.sort_by_key(|(at, order, _)| (*at, *order));
    found.into_iter().map(|(_, _, event)| event).collect()
}

/// The first warning of a live clock that its goal has reached.
fn warning<T>(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    rungs: &[PlacedRung<'_>],
) -> Option<(Instant, u8, TicketEvent<T>)> {
    let reached_at = warns_at(measured, ticket, rungs).filter(|at| *at <= measured.now)?;
    let due_at = measured.tally().and_then(|tally| tally.due_at);
    let warned = Warned {
        clock: measured.id(),
        reached_at,
        due_at,
    };
    Some((reached_at, 0, TicketEvent::Warned(warned)))
}

/// The breach of the present goal, if it counts and nobody recorded it.
fn breach<T>(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
) -> Option<(Instant, u8, TicketEvent<T>)> {
    let breached_at = unrecorded_breach(measured, ticket)?;
    let breached = Breached {
        clock: measured.id(),
        breached_at,
    };
    let event = if measured.tally()?.over_at_birth {
        TicketEvent::BreachedOnAttach(breached)
    } else {
        TicketEvent::Breached(breached)
    };
    Some((breached_at, 1, event))
}

/// Returns the verdicts that a late fact changed: `before` and `after` are the readings of one
/// instant without it and with it (SEMANTICS C15).
///
/// Take the readings one microsecond before the fact became known: what a fact of the present does
/// is no revision. It does not matter whether anyone had recorded the old verdict. A clock that
/// goes on after a `Reopened` is not revised by it: what it had promised was judged for its own
/// time.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::event::Kind;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
/// use punctual::ticket::{Outcome, TicketEvent};
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
/// // Nobody had noted the call of 09:20, so at ten the first answer counts as late...
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let bindings = Bindings::to(&policy);
/// let received = ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#);
/// let acknowledged = ("2026-03-09T09:01", r#"{"type":"acknowledge"}"#);
/// let without = ticket(&[received, acknowledged])?;
/// // ...until it is typed in.
/// let with = ticket(&[received, acknowledged, ("2026-03-09T09:20", r#"{"type":"reply"}"#)])?;
///
/// let just_before = "2026-03-09T09:59:59.999999+08:00".parse()?;
/// let read = |ticket: &Ticket| clock::read(ticket.timeline(), &bindings, just_before);
/// let cause = with.version();
/// let events: Vec<TicketEvent> =
///     supervision::revisions(&read(&without), &read(&with), cause, Kind::Replied);
/// let TicketEvent::VerdictRevised(revised) = &events[0] else {
///     return Err("nothing was revised".into());
/// };
/// assert_eq!((revised.old, revised.new), (Some(Outcome::Breaching), Some(Outcome::Met)));
/// assert_eq!(revised.cause, cause);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn revisions<T>(
    before: &[Reading],
    after: &[Reading],
    cause: Version,
    kind: Kind,
) -> Vec<TicketEvent<T>> {
    let same = |a: &Reading, b: &Reading| {
        a.clock.agreement == b.clock.agreement
            && a.clock.target == b.clock.target
            && a.clock.started_by == b.clock.started_by
    };
    let mut found = Vec::new();
    for old in before {
        let new = after.iter().find(|new| same(old, new));
        let outcome = new.map(|new| new.outcome);
        if is_revised(old.outcome, outcome, kind) {
            let clock = new.map_or(&old.clock, |new| &new.clock).clone();
            found.push(VerdictRevised {
                clock,
                old: Some(old.outcome),
                new: outcome,
                cause,
            });
        }
    }
    for new in after
        .iter()
        .filter(|new| !before.iter().any(|old| same(old, new)))
    {
        if new.outcome.is_over() {
            let (clock, outcome) = (new.clock.clone(), Some(new.outcome));
            found.push(VerdictRevised {
                clock,
                old: None,
                new: outcome,
                cause,
            });
        }
    }
    found.into_iter().map(TicketEvent::VerdictRevised).collect()
}

/// A verdict is what enters compliance or keeps a promise out of it; an undecided clock has none.
fn is_revised(old: Outcome, new: Option<Outcome>, kind: Kind) -> bool {
    let is_verdict = |outcome: Outcome| match outcome {
        Outcome::Breaching
        | Outcome::Met
        | Outcome::Breached
        | Outcome::Waived
        | Outcome::InsufficientLead => true,
        Outcome::Cancelled(Cancelled::NoGoal) | Outcome::Open | Outcome::Imminent => false,
        Outcome::Cancelled(_) => true,
    };
    let Some(new) = new else {
        return is_verdict(old);
    };
    if old == new || (old.is_over() && new.is_over()) {
        return false;
    }
    if kind == Kind::Reopened && new.is_undecided() {
        return false;
    }
    is_verdict(old) || new.is_over()
}
