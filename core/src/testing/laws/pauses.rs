//! Laws about pauses.

use super::super::broken::Broken;
use super::super::history::Step;
use super::super::vantage::{middle, shifted, thinned};
use super::super::words::Deed;
use super::frame::{Frame, Telling, counterpart};
use crate::event::{Kind, ReasonId};
use crate::policy::{Cycle, Policy, Triggers};
use crate::ticket::{Action, Detail, Fact, Paused, Resumed, Ticket};
use crate::time::{Instant, Span};

/// The most variations that one check tries.
const MOST: usize = 24;

/// Reasons that are tried: more of them behave alike.
const REASONS: usize = 2;

pub(super) fn never_hurry(frame: &Frame<'_>) -> Result<(), Broken> {
    let mut variations = Vec::new();
    let gaps = gaps(frame);
    for reason in reasons(frame) {
        for (place, (from, _)) in gaps.iter().enumerate() {
            // Some pauses end in their own gap, some only after further facts.
            for (_, to) in gaps.iter().skip(place).take(3) {
                variations.push((reason, pause(reason, *from, *to)));
            }
        }
    }
    let plain = Telling::plain(frame.history);
    let ticket = frame.fold(&plain);
    let points = thinned(frame.points(), 12);
    variations
        .retain(|(reason, [paused, resumed])| is_free(&ticket, reason, paused.at, resumed.at));
    for (_, more) in thinned(variations, MOST) {
        let telling = Telling::with(frame.history, &more);
        let paused = frame.fold(&telling);
        if !paused.anomalies().is_empty() {
            continue;
        }
        for now in &points {
            let right = frame.read(&telling, &paused, *now);
            for one in frame.read(&plain, &ticket, *now) {
                if let Some(other) = counterpart(&one, &right) {
                    let what = format!(
                        "with {} {} to {}",
                        more_reason(&more),
                        more_at(&more, 0),
                        more_at(&more, 1)
                    );
                    frame.not_earlier(("as it is", &one), (&what, other), *now)?;
                }
            }
        }
    }
    Ok(())
}

pub(super) fn empty(frame: &Frame<'_>) -> Result<(), Broken> {
    let points = thinned(frame.points(), 16);
    let at = frame.history.steps().iter().map(|step| step.at);
    let between = gaps(frame).into_iter().map(|(from, _)| from);
    let places: Vec<Instant> = at.chain(between).collect();
    let ticket = frame.history.ticket();
    for reason in reasons(frame) {
        for at in thinned(places.clone(), MOST / 2) {
            let telling = Telling::with(frame.history, &pause(reason, at, at));
            let can_be = frame.fold(&telling).anomalies().is_empty();
            if can_be && is_free(&ticket, reason, at, at) {
                frame.same((&format!("with an empty pause at {at}"), &telling), &points)?;
            }
        }
    }
    Ok(())
}

pub(super) fn split(frame: &Frame<'_>) -> Result<(), Broken> {
    let ticket = frame.history.ticket();
    let points = thinned(frame.points(), 16);
    let gaps = gaps(frame);
    for reason in reasons(frame) {
        for (from, to) in thinned(gaps.clone(), MOST / 2) {
            let halfway = middle(from, to);
            let [paused, resumed] = pause(reason, from, to);
            let [again, until] = pause(reason, halfway, halfway);
            let whole = frame.history.with([paused, resumed]);
            if is_waiting(frame, reason, halfway) {
                let telling = Telling::with(frame.history, &[until, again]);
                let what = format!("with the pause split at {halfway}");
                frame.same((&what, &telling), &points)?;
            } else if whole.ticket().anomalies().is_empty() && is_free(&ticket, reason, from, to) {
                let whole = Frame::new(frame.law, frame.reader, frame.policy, &whole);
                let telling = Telling::with(whole.history, &[until, again]);
                let what = format!("with the pause split at {halfway}");
                whole.same((&what, &telling), &points)?;
            }
        }
    }
    Ok(())
}

/// The middle thirds of the stretches between two facts, and of a day after the last.
fn gaps(frame: &Frame<'_>) -> Vec<(Instant, Instant)> {
    let mut ends: Vec<Instant> = frame.history.steps().iter().map(|step| step.at).collect();
    ends.extend(ends.last().map(|last| shifted(*last, Span::DAY.micros())));
    ends.dedup();
    let mut gaps = Vec::new();
    for (from, to) in ends.iter().zip(ends.iter().skip(1)) {
        let third = to.since(*from).micros().wrapping_div(3);
        if third > 2 {
            let inner = |micros| shifted(*from, micros);
            gaps.push((inner(third), inner(third.saturating_mul(2))));
        }
    }
    gaps
}

/// The reasons to try; none where a pause itself moves a clock, or another pause.
fn reasons<'a>(frame: &Frame<'a>) -> impl Iterator<Item = &'a ReasonId> + use<'a> {
    let policy: &'a Policy = frame.policy;
    let usable = !moves_on_pauses(policy);
    let reasons = policy.reasons().iter().map(|reason| &reason.id);
    reasons.filter(move |_| usable).take(REASONS)
}

fn moves_on_pauses(policy: &Policy) -> bool {
    let asks = |triggers: &Triggers| {
        let mut kinds = triggers.as_slice().iter().map(|trigger| trigger.kind);
        kinds.any(|kind| matches!(kind, Kind::Paused | Kind::Resumed))
    };
    let in_targets = policy.agreements().iter().any(|agreement| {
        asks(&agreement.cancel)
            || agreement.targets.iter().any(|target| {
                let resets = matches!(&target.cycle, Cycle::Restart { reset } if asks(reset));
                resets || asks(&target.start) || asks(&target.stop) || asks(&target.cancel)
            })
    });
    in_targets
        || policy
            .reasons()
            .iter()
            .any(|reason| asks(&reason.resumes_on))
}

/// Whether the history does not itself wait for the reason from one instant to another, so that a
/// pause which is tried there neither ends nor prolongs one of its own.
fn is_free(ticket: &Ticket, reason: &ReasonId, from: Instant, to: Instant) -> bool {
    let timeline = ticket.timeline();
    let waits = timeline.status(from).waiting.contains(reason);
    let mut later = timeline.until(to).iter().filter(|fact| fact.at > from);
    !waits && !later.any(|fact| fact.kind == Kind::Paused && fact.reason() == Some(reason))
}

/// Whether the policy still sees the reason as open at an instant between two facts.
fn is_waiting(frame: &Frame<'_>, reason: &ReasonId, at: Instant) -> bool {
    let ticket = frame.history.ticket();
    let mut open = false;
    let Some(known) = frame
        .policy
        .reasons()
        .iter()
        .find(|known| known.id == *reason)
    else {
        return false;
    };
    for fact in ticket.timeline().until(at) {
        if fact.kind == Kind::Paused {
            open |= fact.reason() == Some(reason);
        } else if fact.kind == Kind::Resumed {
            open &= !is_resumption(fact, reason);
        } else {
            let ended = matches!(fact.kind, Kind::Resolved | Kind::Closed);
            open &= !ended && !known.resumes_on.matches(fact);
        }
    }
    // Where the ticket itself does not wait any more, it can neither resume.
    open && ticket.timeline().status(at).waiting.contains(reason)
}

fn is_resumption(fact: &Fact, reason: &ReasonId) -> bool {
    fact.detail == Detail::Plain || fact.reason() == Some(reason)
}

fn pause(reason: &ReasonId, from: Instant, to: Instant) -> [Step; 2] {
    let paused = Action::Pause(Paused {
        reason: reason.clone(),
    });
    let resumed = Action::Resume(Resumed {
        reason: Some(reason.clone()),
    });
    [step(from, paused), step(to, resumed)]
}

fn step(at: Instant, action: Action) -> Step {
    let deed = Deed::of(action);
    Step { at, deed }
}

fn more_at(more: &[Step], place: usize) -> String {
    more.get(place)
        .map(|step| step.at.to_string())
        .unwrap_or_default()
}

fn more_reason(more: &[Step]) -> String {
    more.first()
        .map(|step| step.deed.to_string())
        .unwrap_or_default()
}
