//! What the engine itself must record of a ticket.
//!
//! Pure: a ticket, the policies that apply, and `now` give the events. What they say was true before
//! they were recorded, and they name the true instants; recording them twice, late or never changes
//! no verdict (SEMANTICS C6, C15). Calling [`supervise`] again after its events have been folded
//! gives nothing.

use std::collections::BTreeMap;

use crate::clock::{Bindings, Measured, Reading, State};
use crate::escalation::{self, Notice, Standing};
use crate::event::{AgreementId, Kind, Recorded, Version};
use crate::policy::{Policy, PolicyBook, RungAt};
use crate::ticket::{
    BindCause, Breached, Cancelled, Outcome, PolicyBound, Ticket, TicketEvent, Timeline,
    VerdictRevised, Warned,
};
use crate::time::Instant;

/// Returns the bindings that must be recorded of a ticket: once per agreement, before any of its
/// clocks, by what was known as it was received (SEMANTICS P1).
///
/// Empty before the ticket is received, when no policy fits, and for agreements that are bound.
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

/// Returns the events that move a ticket to another policy version: one for each agreement of it.
///
/// Whether the ticket is finished, and so must not be moved, is for the caller to ask
/// [`is_finished`].
#[must_use]
pub fn rebind<T>(policy: &Policy) -> Vec<TicketEvent<T>> {
    let agreements = policy.agreements().iter();
    agreements
        .map(|agreement| {
            TicketEvent::PolicyBound(binding(policy, &agreement.id, BindCause::Rebound))
        })
        .collect()
}

/// Returns the ticket as it would be after events were recorded of it at `now`: for a dry run.
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

/// Returns whether nothing of a ticket is left to be measured: it has ended, and so has every clock.
#[must_use]
pub fn is_finished(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> bool {
    use crate::ticket::Phase;
    let phase = ticket.timeline().status(now).phase;
    !matches!(phase, Phase::Unknown | Phase::Open)
        && !crate::clock::read(ticket.timeline(), bindings, now)
            .iter()
            .any(Reading::is_live)
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
/// A rung fires only while its clock is live (L3); a breach is recorded also of a clock that has
/// ended since.
#[must_use]
pub fn supervise<T>(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Vec<TicketEvent<T>> {
    let state = State::new(ticket.timeline(), bindings, now);
    let mut found: Vec<(Instant, u8, TicketEvent<T>)> = Vec::new();
    let mut notices = Vec::new();
    for measured in state.measured() {
        let before = notices.len();
        escalation::of_clock(&measured, ticket, &state, &mut notices);
        let own = notices.get(before..).unwrap_or(&[]);
        found.extend(warning(&measured, ticket, own));
        found.extend(breach(&measured, ticket));
    }
    let owed = notices
        .iter()
        .filter(|notice| notice.standing == Standing::Owed);
    found.extend(owed.map(|owed| (owed.at, 2, TicketEvent::Escalated(owed.event(now)))));
    // A stable sort: within one instant warnings come before breaches and breaches before rungs,
    // and each of these clock by clock.
    found.sort_by_key(|(at, order, _)| (*at, *order));
    found.into_iter().map(|(_, _, event)| event).collect()
}

/// Returns when the ticket must be looked at again: the earliest rung that is ahead, or the first
/// microsecond of a breach; `None` when nothing is to be expected without a new fact.
///
/// A hint: looking earlier, later or never changes no verdict.
#[must_use]
pub fn wake_at(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Option<Instant> {
    let state = State::new(ticket.timeline(), bindings, now);
    let mut notices = Vec::new();
    let mut earliest: Option<Instant> = None;
    for measured in state.measured() {
        escalation::of_clock(&measured, ticket, &state, &mut notices);
        let breach_at = measured.tally.filter(|tally| {
            measured.clock.end.is_none() && measured.clock.waived_at.is_none() && !tally.is_over()
        });
        let breach_at = breach_at.and_then(|tally| tally.breach_after?.next());
        earliest = [earliest, breach_at].into_iter().flatten().min();
    }
    let ahead = notices.iter().filter(|notice| match notice.standing {
        Standing::Ahead => true,
        // What is owed must be looked at now.
        Standing::Owed => true,
        Standing::Told | Standing::Superseded | Standing::Lapsed => false,
    });
    ahead.map(|notice| notice.at).chain(earliest).min()
}

/// The first warning of a live clock that its goal has reached.
fn warning<T>(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    notices: &[Notice],
) -> Option<(Instant, u8, TicketEvent<T>)> {
    let clock = measured.id();
    let ladder = &measured.current.target.ladder;
    let is_live = measured.clock.end.is_none() && measured.clock.waived_at.is_none();
    if !is_live || ticket.told().warned.contains(&clock) {
        return None;
    }
    let warns = |notice: &&Notice| {
        let at = notice
            .rung
            .and_then(|place| ladder.get(usize::from(place)))
            .map(|rung| rung.at);
        let is_warning = match at {
            Some(RungAt::Share(share)) => share < crate::time::Share::percent(100),
            Some(RungAt::Lower | RungAt::Before(_)) => true,
            Some(RungAt::Due | RungAt::After(_)) | None => false,
        };
        is_warning && matches!(notice.standing, Standing::Owed | Standing::Told)
    };
    let reached_at = notices.iter().filter(warns).map(|notice| notice.at).min()?;
    let due_at = measured.tally.and_then(|tally| tally.due_at);
    Some((
        reached_at,
        0,
        TicketEvent::Warned(Warned {
            clock,
            reached_at,
            due_at,
        }),
    ))
}

/// The breach of the present goal, if it counts and nobody recorded it.
fn breach<T>(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
) -> Option<(Instant, u8, TicketEvent<T>)> {
    let tally = measured.tally.filter(|_| measured.outcome(0).is_over())?;
    let clock = measured.id();
    if ticket
        .told()
        .breached
        .iter()
        .any(|known| known.clock == clock)
    {
        return None;
    }
    let breached_at = tally.breached_at.unwrap_or(measured.current.at);
    let breached = Breached { clock, breached_at };
    let event = if tally.over_at_birth {
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
/// is no revision. It does not matter whether anyone had recorded the old verdict. A clock that goes
/// on after a `Reopened` is not revised by it: what it had promised was judged for its own time.
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
