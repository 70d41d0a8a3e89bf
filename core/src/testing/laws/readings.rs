//! Laws about what one reading says.

use super::super::broken::{Broken, Side, spelled};
use super::super::vantage::{shifted, thinned};
use super::frame::{Frame, Telling};
use crate::clock::{Activity, Attribution, Explanation, Reading};
use crate::policy::Reclassify;
use crate::ticket::{Outcome, TicketEvent};
use crate::time::{Instant, Span};

/// Asks for an explanation from every vantage point; each must cover the time from intake to then.
pub(super) fn explanation(frame: &Frame<'_>) -> Result<(), Broken> {
    let ticket = frame.fold(&Telling::plain(frame.history));
    for now in frame.points() {
        let received_at = ticket.timeline().received_at();
        for explained in frame.reader.explain(&ticket, frame.policy, now) {
            if let Some(received_at) = received_at {
                parts_follow(frame, &explained, received_at, now)?;
            }
            parts_count(frame, &explained, now)?;
        }
    }
    Ok(())
}

/// The parts follow each other without a hole, so that their lengths sum to wall time (SEMANTICS C16).
fn parts_follow(
    frame: &Frame<'_>,
    explained: &Explanation,
    received_at: Instant,
    now: Instant,
) -> Result<(), Broken> {
    let mut at = received_at;
    for part in &explained.parts {
        if part.interval.start() != at {
            break;
        }
        at = part.interval.end();
    }
    let wall = now.since(received_at);
    if at == now && explained.wall_time() == wall {
        return Ok(());
    }
    let sum = format!(
        "its parts follow each other until {at} and sum to {}",
        explained.wall_time()
    );
    let sides = [
        Side::reading("explained", Some(&explained.reading)),
        Side::plain(sum),
    ];
    let claim = format!("the parts should cover the {wall} from {received_at} to {now}");
    Err(frame.broken(claim, sides).seen_at(now))
}

/// What counts under the present goal is what has been used, less what was carried over.
fn parts_count(frame: &Frame<'_>, explained: &Explanation, now: Instant) -> Result<(), Broken> {
    let Some((from, carried)) = counted_from(explained) else {
        return Ok(());
    };
    let counting = explained
        .parts
        .iter()
        .filter(|part| part.attribution == Attribution::Counting);
    let counted = counting.fold(0_i64, |sum, part| {
        let from = part.interval.start().max(from);
        sum.saturating_add(part.interval.end().since(from).micros().max(0))
    });
    let found = Span::from_micros(counted.saturating_add(carried));
    if found == explained.reading.elapsed {
        return Ok(());
    }
    let sides = [
        Side::reading("explained", Some(&explained.reading)),
        Side::plain(format!(
            "its counting parts sum to {}",
            spelled(found, &explained.reading.measure)
        )),
    ];
    let claim = "the counting parts should sum to the time used".to_owned();
    Err(frame.broken(claim, sides).seen_at(now))
}

/// From where the present goal counts, and how much it took over; `None` where nothing is promised
/// or the explanation does not tell.
fn counted_from(explained: &Explanation) -> Option<(Instant, i64)> {
    let (last, before) = explained.traces.split_last()?;
    let new = last.budget?.micros();
    match last.mode {
        None | Some(Reclassify::Retroactive) => Some((explained.reading.started_at, 0)),
        Some(Reclassify::Forward | Reclassify::Reset) => Some((last.attached_at, 0)),
        Some(Reclassify::Carry) => {
            let old = before.last()?;
            let (budget, used) = (old.budget?.micros(), old.elapsed.micros());
            if budget <= 0 {
                return Some((last.attached_at, if used > 0 { new } else { 0 }));
            }
            // The exact share used, rounded down to the microsecond (C8).
            let share = i128::from(used).checked_mul(i128::from(new))?;
            let kept = i64::try_from(share.checked_div(i128::from(budget))?).ok()?;
            Some((last.attached_at, kept))
        }
    }
}

/// Looks at every reading for parts that contradict each other, and at what an engine would record of it.
pub(super) fn one_verdict(frame: &Frame<'_>) -> Result<(), Broken> {
    for now in frame.points() {
        let history = frame.history.until(now);
        let ticket = frame.fold(&Telling::plain(&history));
        let readings = frame.reader.read(&ticket, frame.policy, now);
        let recorded = frame.reader.supervise(&ticket, frame.policy, now);
        for reading in &readings {
            if let Some(claim) = contradiction(reading, now) {
                let sides = [
                    Side::reading("read", Some(reading)),
                    Side::plain(format!("its outcome is {}", reading.outcome)),
                ];
                return Err(frame.broken(claim.to_owned(), sides).seen_at(now));
            }
            let breach = recorded.iter().find_map(|event| {
                if let TicketEvent::Breached(it) | TicketEvent::BreachedOnAttach(it) = event {
                    Some(it).filter(|it| it.clock == reading.clock)
                } else {
                    None
                }
            });
            if let (Outcome::Met, Some(breach)) = (reading.outcome, breach) {
                let sides = [
                    Side::reading("read", Some(reading)),
                    Side::plain(format!("recorded: breached at {}", breach.breached_at)),
                ];
                let claim = "no breach should be recorded of a clock that is met".to_owned();
                return Err(frame.broken(claim, sides).seen_at(now));
            }
        }
    }
    Ok(())
}

/// Returns what the parts of a reading say against each other.
fn contradiction(reading: &Reading, now: Instant) -> Option<&'static str> {
    let is_over = reading
        .budget
        .is_some_and(|budget| reading.elapsed > budget);
    let is_breached = reading.breached_at.is_some();
    match reading.outcome {
        Outcome::Met if is_over => Some("met should mean that no more than the budget was used"),
        Outcome::Met if is_breached => Some("what is met should have no instant of a breach"),
        Outcome::Met if reading.stopped_at.is_none() => Some("what is met should have stopped"),
        Outcome::Breached | Outcome::Breaching if !is_over => {
            Some("breached should mean that more than the budget was used")
        }
        Outcome::Breached | Outcome::Breaching
            if reading.breached_at.is_some_and(|at| at > now) =>
        {
            Some("a breach should not lie ahead")
        }
        Outcome::Breached | Outcome::Breaching if !is_breached && has_run(reading) => {
            Some("a breach should have an instant")
        }
        Outcome::Open | Outcome::Imminent if is_over || is_breached => {
            Some("what is not decided should not be over")
        }
        Outcome::Open
        | Outcome::Imminent
        | Outcome::Breaching
        | Outcome::Met
        | Outcome::Breached
        | Outcome::Cancelled(_)
        | Outcome::Waived
        | Outcome::InsufficientLead => None,
    }
}

/// Whether a clock has surely run under its goal. One that was over as its goal came is breached from
/// the first moment at which it runs, and may have been paused ever since, or have ended at once.
fn has_run(reading: &Reading) -> bool {
    !reading.over_on_attach || reading.activity == Activity::Running
}

pub(super) fn due_before_breach(frame: &Frame<'_>) -> Result<(), Broken> {
    for now in thinned(frame.points(), 32) {
        let history = frame.history.until(now);
        let here = Frame {
            history: &history,
            ..*frame
        };
        let ticket = here.fold(&Telling::plain(&history));
        for reading in here.reader.read(&ticket, here.policy, now) {
            let (Some(due_at), Some(breach_after)) = (reading.due_at, reading.breach_after) else {
                continue;
            };
            if due_at > breach_after {
                let sides = [
                    Side::reading("read", Some(&reading)),
                    Side::plain("due_at is after breach_after"),
                ];
                let claim = "due_at should not be after breach_after".to_owned();
                return Err(here.broken(claim, sides).seen_at(now));
            }
            if reading.over_on_attach {
                continue;
            }
            let used_at = |at: Instant| {
                let readings = here.reader.read(&ticket, here.policy, at);
                // Stopped by then, or under another goal: then it says nothing of this one.
                readings.into_iter().find(|other| {
                    other.clock == reading.clock && other.activity != Activity::Stopped
                })
            };
            let over = shifted(breach_after, 1);
            for (what, at) in [("at due_at", due_at), ("at breach_after", breach_after)] {
                let there = used_at(at);
                if there
                    .as_ref()
                    .is_some_and(|it| Some(it.elapsed) != reading.budget)
                {
                    let sides = [
                        Side::reading("read", Some(&reading)),
                        Side::reading(what, there.as_ref()),
                    ];
                    let claim = format!("{what} just the budget should be used");
                    return Err(here.broken(claim, sides).seen_at(now));
                }
            }
            let there = used_at(over).filter(|there| there.activity == Activity::Running);
            if there
                .as_ref()
                .is_some_and(|it| Some(it.elapsed) <= reading.budget)
            {
                let sides = [
                    Side::reading("read", Some(&reading)),
                    Side::reading("a microsecond after breach_after", there.as_ref()),
                ];
                let claim = "after breach_after more than the budget should be used".to_owned();
                return Err(here.broken(claim, sides).seen_at(now));
            }
        }
    }
    Ok(())
}
