//! Folding a ticket, and reading every clock of it, under the house policy.
//!
//! Run with `cargo bench -p punctual-bench --bench clock`. The ticket is a repair of ten facts: a
//! judgement, an answer, a diagnosis, a plan, a pause, progress, a resolution. The expected answers
//! of the readings are the sums of due instants that were worked out by hand, promise by promise;
//! beside the fold stands the floor: cloning the same facts into a plain vector.

use std::hint::black_box;

use punctual::clock::{self, Bindings};
use punctual::event::{
    Actor, ActorId, Class, FieldValue, Level, ReasonId, Recorded, StreamId, Version,
};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::supervision;
use punctual::ticket::{
    Acknowledged, Classified, Diagnosed, Fact, Message, Paused, Received, Replied, Resolved,
    Ticket, TicketEvent,
};
use punctual::time::Instant;
use punctual_bench::{headline, measure, note};

type Failure = Box<dyn std::error::Error>;
type Events = Vec<Recorded<TicketEvent>>;

const TICKETS: usize = 2_000;

/// Target, outcome and due instant of every promise at the reading, worked out by hand.
const EXPECTED: [(&str, &str, &str); 8] = [
    // Received on Monday at 10:00, acknowledged at 10:02, answered at 10:40 of one working hour.
    ("acknowledgement", "met", "2026-03-09T10:05:00+08:00"),
    ("first-response", "met", "2026-03-09T11:00:00+08:00"),
    // Two working hours from Monday 10:00, since level major; diagnosed at 11:30.
    ("diagnosis", "met", "2026-03-09T12:00:00+08:00"),
    // 24 hours from 11:30; proposed at 14:00.
    ("plan", "met", "2026-03-10T11:30:00+08:00"),
    // Every 24 hours from the acceptance at 15:00; told at 09:30, then until the resolution.
    ("progress", "met", "2026-03-10T15:00:00+08:00"),
    ("progress", "met", "2026-03-11T09:30:00+08:00"),
    // One working day after Tuesday.
    ("survey", "open", "2026-03-11T18:00:00+08:00"),
    ("guidance-follow-up", "open", "2026-03-13T17:00:00+08:00"),
];

fn main() -> Result<(), Failure> {
    let policy = Policy::from_toml(AFTER_SALES)?;
    let events = story()?;
    let mut ticket = Ticket::default();
    for event in &events {
        ticket.apply(event);
    }
    let now: Instant = "2026-03-10T18:00:00+08:00".parse()?;
    check(&ticket, &policy, now)?;
    fold(&events, &ticket);
    readings(&ticket, &policy, now);
    note("bytes of one fact in memory", size_of::<Fact>());
    Ok(())
}

/// Compares the readings with the table above.
fn check(ticket: &Ticket, policy: &Policy, now: Instant) -> Result<(), Failure> {
    let readings = clock::read(ticket.timeline(), &Bindings::to(policy), now);
    let mut found: Vec<(String, String, Option<Instant>)> = readings
        .iter()
        .map(|r| (r.target().to_string(), r.outcome.to_string(), r.due_at))
        .collect();
    let mut expected: Vec<(String, String, Option<Instant>)> = Vec::new();
    for (target, outcome, due_at) in EXPECTED {
        expected.push((target.to_owned(), outcome.to_owned(), Some(due_at.parse()?)));
    }
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "the readings to be timed are wrong");
    Ok(())
}

fn fold(events: &Events, ticket: &Ticket) {
    headline("folding typed events, CPU time per event");
    let expected = u64::try_from(ticket.timeline().facts().len() * TICKETS).unwrap_or_default();
    let count = events.len() * TICKETS;
    measure("fold: Ticket::apply", count, expected, || {
        let mut facts = 0;
        for _ in 0..TICKETS {
            let mut ticket = Ticket::default();
            for event in black_box(events) {
                ticket.apply(event);
            }
            facts += u64::try_from(ticket.timeline().facts().len()).unwrap_or_default();
        }
        facts
    });
    measure("floor: the same facts into a Vec", count, expected, || {
        let mut facts = 0;
        for _ in 0..TICKETS {
            let mut plain = Vec::new();
            for event in black_box(events) {
                plain.extend(Fact::of(event));
            }
            facts += u64::try_from(black_box(plain).len()).unwrap_or_default();
        }
        facts
    });
}

fn readings(ticket: &Ticket, policy: &Policy, now: Instant) {
    headline("a ticket of ten facts and eight clocks under the house policy, CPU time per ticket");
    let bindings = Bindings::to(policy);
    let sum = |readings: Vec<clock::Reading>| {
        let due = readings.iter().filter_map(|reading| reading.due_at);
        due.fold(0_u64, |sum, at| {
            sum.wrapping_add(at.micros().unsigned_abs())
        })
    };
    let expected = sum(clock::read(ticket.timeline(), &bindings, now));
    let all = expected.wrapping_mul(TICKETS as u64);
    measure("read every clock", TICKETS, all, || {
        let read = |_| sum(clock::read(black_box(ticket).timeline(), &bindings, now));
        (0..TICKETS).map(read).fold(0, u64::wrapping_add)
    });
    measure(
        "supervise",
        TICKETS,
        supervised(ticket, &bindings, now),
        || {
            let events = |_| supervised_once(black_box(ticket), &bindings, now);
            (0..TICKETS).map(events).sum()
        },
    );
    measure("explain every clock", TICKETS, all, || {
        let explained = |_| {
            let found = clock::explain(black_box(ticket).timeline(), &bindings, now);
            sum(found
                .into_iter()
                .map(|explanation| explanation.reading)
                .collect())
        };
        (0..TICKETS).map(explained).fold(0, u64::wrapping_add)
    });
}

fn supervised_once(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> u64 {
    let events = supervision::supervise::<Box<str>>(ticket, bindings, now);
    u64::try_from(events.len()).unwrap_or_default()
}

fn supervised(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> u64 {
    supervised_once(ticket, bindings, now) * TICKETS as u64
}

fn story() -> Result<Events, Failure> {
    let text = Message::NONE;
    let judged = Classified {
        level: Some(Level::new("major")?),
        ..Classified::default()
    };
    let received = Received {
        class: Some(Class::new("fault")?),
        ..Received::default()
    };
    let resolved = Resolved {
        method: Some(FieldValue::new("remote")?),
        text: None,
    };
    let paused = Paused {
        reason: ReasonId::new("awaiting-parts")?,
    };
    let steps: Vec<(&str, TicketEvent)> = vec![
        ("2026-03-09T10:00:00+08:00", TicketEvent::Received(received)),
        (
            "2026-03-09T10:02:00+08:00",
            TicketEvent::Acknowledged(Acknowledged::default()),
        ),
        ("2026-03-09T10:10:00+08:00", TicketEvent::Classified(judged)),
        (
            "2026-03-09T10:40:00+08:00",
            TicketEvent::Replied(Replied::default()),
        ),
        (
            "2026-03-09T11:30:00+08:00",
            TicketEvent::Diagnosed(Diagnosed::default()),
        ),
        (
            "2026-03-09T14:00:00+08:00",
            TicketEvent::PlanProposed(text.clone()),
        ),
        (
            "2026-03-09T15:00:00+08:00",
            TicketEvent::PlanAccepted(text.clone()),
        ),
        ("2026-03-09T16:00:00+08:00", TicketEvent::Paused(paused)),
        (
            "2026-03-10T09:30:00+08:00",
            TicketEvent::ProgressReported(text),
        ),
        ("2026-03-10T17:00:00+08:00", TicketEvent::Resolved(resolved)),
    ];
    let actor = Actor::new(ActorId::new("u-17")?);
    let mut events = Events::new();
    for (number, (at, event)) in (1..).zip(steps) {
        let at: Instant = at.parse()?;
        events.push(Recorded {
            stream: StreamId::new("acme", "ticket", "T-1")?,
            version: Version::new(number),
            position: None,
            occurred_at: at,
            recorded_at: at,
            actor: Some(actor.clone()),
            subject: None,
            event,
        });
    }
    Ok(events)
}
