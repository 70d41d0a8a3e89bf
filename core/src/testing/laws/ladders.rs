//! Laws about what the engine records.

use super::super::broken::{Broken, Side};
use super::frame::{Frame, Telling};
use crate::event::{Recorded, Version};
use crate::ticket::{ClockId, Ticket, TicketEvent};
use crate::time::Instant;

/// A history with what the engine recorded of it as it watched.
pub(super) struct Watched {
    pub(super) telling: Telling,
    /// What was recorded, and when.
    recorded: Vec<(Instant, TicketEvent)>,
    /// What a second look found right after a first.
    again: Option<(Instant, TicketEvent)>,
}

/// Lets the engine look at the ticket at each of `ticks` and record what it finds, while the steps of
/// the history arrive as they happen.
pub(super) fn watched(frame: &Frame<'_>, ticks: &[Instant]) -> Watched {
    let mut watched = Watched {
        telling: Telling::silent(),
        recorded: Vec::new(),
        again: None,
    };
    let mut ticket = Ticket::default();
    let mut steps = frame.history.log().into_iter().peekable();
    for tick in ticks {
        while let Some(step) = steps.next_if(|step| step.occurred_at <= *tick) {
            arrive(frame, &mut watched.telling, &mut ticket, step);
        }
        for event in frame.reader.supervise(&ticket, frame.policy, *tick) {
            watched.recorded.push((*tick, event.clone()));
            watch(frame, &mut watched.telling, &mut ticket, *tick, event);
        }
        let again = frame.reader.supervise(&ticket, frame.policy, *tick);
        watched.again = watched
            .again
            .or(again.into_iter().next().map(|event| (*tick, event)));
    }
    for step in steps {
        arrive(frame, &mut watched.telling, &mut ticket, step);
    }
    watched
}

fn arrive(
    frame: &Frame<'_>,
    telling: &mut Telling,
    ticket: &mut Ticket,
    step: Recorded<TicketEvent>,
) {
    let label = step.version;
    let recorded_at = ticket
        .recorded_at()
        .map_or(step.recorded_at, |last| last.max(step.recorded_at));
    let recorded = Recorded {
        version: ticket.version().next(),
        recorded_at,
        ..step
    };
    frame.reader.apply(ticket, &recorded);
    telling.plus(Some(label), recorded);
}

fn watch(
    frame: &Frame<'_>,
    telling: &mut Telling,
    ticket: &mut Ticket,
    now: Instant,
    event: TicketEvent,
) {
    let Some(stream) = ticket.stream().cloned() else {
        return;
    };
    let recorded = Recorded {
        stream,
        version: ticket.version().next(),
        position: None,
        occurred_at: now,
        recorded_at: ticket.recorded_at().map_or(now, |last| last.max(now)),
        actor: None,
        subject: None,
        event,
    };
    frame.reader.apply(ticket, &recorded);
    telling.plus(None, recorded);
}

pub(super) fn fires_once(frame: &Frame<'_>) -> Result<(), Broken> {
    let points = frame.points();
    let sparse: Vec<Instant> = points.iter().copied().step_by(4).collect();
    for ticks in [&points, &sparse] {
        let watched = watched(frame, ticks);
        let mut told: Vec<(Identity<'_>, Instant)> = Vec::new();
        for (at, event) in &watched.recorded {
            let Some(identity) = Identity::of(event) else {
                continue;
            };
            if let Some((_, before)) = told.iter().find(|(known, _)| *known == identity) {
                let sides = [
                    Side::plain(format!("recorded at {before}: {identity}")),
                    Side::plain(format!("recorded at {at}: {identity}")),
                ];
                return Err(frame.broken("it should be recorded once".to_owned(), sides));
            }
            told.push((identity, *at));
        }
        if let Some((at, event)) = watched.again {
            let sides = [
                Side::plain(format!("supervised at {at}, and recorded")),
                Side::plain(format!("found again: {}", event.kind())),
            ];
            return Err(frame.broken("a second look should find nothing".to_owned(), sides));
        }
    }
    Ok(())
}

/// What must not be recorded twice (SEMANTICS L2).
#[derive(PartialEq, Eq)]
enum Identity<'e> {
    Warned(&'e ClockId),
    Breached(&'e ClockId),
    Told(&'e ClockId, Option<u16>, u16),
}

impl<'e> Identity<'e> {
    fn of(event: &'e TicketEvent) -> Option<Self> {
        if let TicketEvent::Warned(it) = event {
            Some(Self::Warned(&it.clock))
        } else if let TicketEvent::Breached(it) | TicketEvent::BreachedOnAttach(it) = event {
            Some(Self::Breached(&it.clock))
        } else if let TicketEvent::Escalated(it) = event {
            Some(Self::Told(&it.clock, it.rung, it.repeat))
        } else {
            None
        }
    }
}

impl std::fmt::Display for Identity<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clock = |f: &mut std::fmt::Formatter<'_>, id: &ClockId| {
            let by: Version = id.started_by;
            write!(f, "{}/{} started by event {by}", id.agreement, id.target)
        };
        match self {
            Self::Warned(id) => {
                f.write_str("a warning of ")?;
                clock(f, id)
            }
            Self::Breached(id) => {
                f.write_str("a breach of ")?;
                clock(f, id)
            }
            Self::Told(id, rung, repeat) => {
                write!(f, "rung {rung:?}, repetition {repeat}, of ")?;
                clock(f, id)
            }
        }
    }
}
