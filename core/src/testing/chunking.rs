//! The law of read models: however the log is cut, they come to the same.

use std::fmt;

use super::History;
use crate::clock::Bindings;
use crate::event::{Recorded, StreamId};
use crate::policy::Policy;
use crate::projection::{Case, Change, Poison, Projection};
use crate::ticket::{Ticket, TicketEvent};

/// How a read model broke the law of chunking.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Chunked {
    /// Two ways of reading one log came to different states.
    #[error("{name}: {way} comes to another state than one change a ticket")]
    Differs {
        /// The projection.
        name: String,
        /// The way that differs.
        way: Way,
    },
    /// The projection refused a change.
    #[error(transparent)]
    Poison(#[from] Poison),
}

/// A way of reading a log.
///
/// A read model that fails by `EventByEvent` or `InPieces` mostly looks at `events` where it should look at
/// the ticket before and after; one that fails by `InHalves` has a `merge` that forgets something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Way {
    /// Event by event, the tickets by turns: following the log as it grows.
    EventByEvent,
    /// In pieces of the sizes given, the tickets by turns.
    InPieces,
    /// Two halves of the tickets, each by itself, then merged: a rebuild by two workers.
    InHalves,
    /// One change a ticket, the last ticket first.
    Backwards,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EventByEvent => "event by event",
            Self::InPieces => "in pieces",
            Self::InHalves => "in two halves, merged",
            Self::Backwards => "the last ticket first",
        })
    }
}

/// Checks that a projection comes to one state for one log, however the log is cut: with one change
/// a ticket as a rebuild does, event by event as following does, in pieces of `sizes` (used in
/// turn, and a 1 after the last), the tickets in another order, and in two halves that are merged.
///
/// The histories are those of different tickets, all under `policy`.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::Scorecard;
/// use punctual::testing::{History, chunking};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let histories: Vec<History> = vec![
///     "2026-03-09T01:00:00Z received class=fault\n2026-03-09T01:30:00Z replied".parse()?,
///     "2026-03-09T02:00:00Z received class=complaint".parse()?,
/// ];
/// chunking(&Scorecard::of(&policy), &policy, &histories, &[2, 1])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Chunked`], with the way that came to another state.
pub fn chunking<P: Projection>(
    projection: &P,
    policy: &Policy,
    histories: &[History],
    sizes: &[usize],
) -> Result<(), Chunked> {
    let logs: Vec<Log> = histories.iter().zip(1_u32..).filter_map(log).collect();
    let all = |count: usize| vec![count];
    let rebuilt = run(projection, policy, logs.iter(), |log| all(log.events.len()))?;
    let same = |way, state: P::State| {
        let name = projection.name().to_owned();
        let differs = Chunked::Differs { name, way };
        (state == rebuilt).then_some(()).ok_or(differs)
    };
    let single = by_turns(projection, policy, &logs, &[1])?;
    same(Way::EventByEvent, single)?;
    same(Way::InPieces, by_turns(projection, policy, &logs, sizes)?)?;
    let backwards = logs.iter().rev();
    let backwards = run(projection, policy, backwards, |log| all(log.events.len()))?;
    same(Way::Backwards, backwards)?;
    let (left, right) = logs.split_at(logs.len().div_ceil(2));
    let half = |logs: &[Log]| run(projection, policy, logs.iter(), |log| all(log.events.len()));
    let mut merged = half(left)?;
    projection.merge(&mut merged, half(right)?);
    same(Way::InHalves, merged)
}

/// One ticket's log.
struct Log {
    stream: StreamId,
    events: Vec<Recorded<TicketEvent>>,
}

fn log((history, number): (&History, u32)) -> Option<Log> {
    let stream = StreamId::new("testing", "ticket", &number.to_string()).ok()?;
    let mut events = history.log();
    for event in &mut events {
        event.stream = stream.clone();
    }
    Some(Log { stream, events })
}

fn run<'l, P: Projection>(
    projection: &P,
    policy: &Policy,
    logs: impl Iterator<Item = &'l Log>,
    pieces: impl Fn(&Log) -> Vec<usize>,
) -> Result<P::State, Poison> {
    let mut state = P::State::default();
    for log in logs {
        let mut done = 0_usize;
        for size in pieces(log) {
            step(projection, policy, &mut state, log, done, size)?;
            done = done.saturating_add(size);
        }
    }
    Ok(state)
}

/// Takes the next piece of each ticket in turn, until all are done.
fn by_turns<P: Projection>(
    projection: &P,
    policy: &Policy,
    logs: &[Log],
    sizes: &[usize],
) -> Result<P::State, Poison> {
    let mut state = P::State::default();
    let mut done = vec![0_usize; logs.len()];
    let mut sizes = sizes.iter().copied().chain([1]).cycle();
    while logs
        .iter()
        .zip(&done)
        .any(|(log, done)| *done < log.events.len())
    {
        for (log, done) in logs.iter().zip(&mut done) {
            let size = sizes.next().unwrap_or(1).max(1);
            step(projection, policy, &mut state, log, *done, size)?;
            *done = done.saturating_add(size);
        }
    }
    Ok(state)
}

fn step<P: Projection>(
    projection: &P,
    policy: &Policy,
    state: &mut P::State,
    log: &Log,
    done: usize,
    size: usize,
) -> Result<(), Poison> {
    let rest = log.events.get(done..).unwrap_or_default();
    let (events, _) = rest.split_at(size.min(rest.len()));
    if events.is_empty() {
        return Ok(());
    }
    let mut ticket = Ticket::default();
    for event in log.events.iter().take(done) {
        ticket.apply(event);
    }
    let former = ticket.clone();
    for event in events {
        ticket.apply(event);
    }
    let needs = projection.needs();
    let wanted: Vec<Recorded<TicketEvent>> = events
        .iter()
        .filter(|event| needs.wants(event.event.kind()))
        .cloned()
        .collect();
    let before = Case::new(&former, Bindings::to(policy));
    let after = Case::new(&ticket, Bindings::to(policy));
    let is_of_tickets = needs.has_tickets();
    projection.apply(
        state,
        &Change {
            stream: &log.stream,
            events: &wanted,
            before: (is_of_tickets && done > 0).then_some(&before),
            after: is_of_tickets.then_some(&after),
        },
    )
}
