//! Every clock of a ticket, under the preset `after-sales`.
//!
//! The ticket is a repair of ten facts: a judgement, an answer, a diagnosis, a plan, a pause,
//! progress, a resolution. Its due instants were worked out by hand, promise by promise.

use std::hint::black_box;

use punctual::calendar::Calendar;
use punctual::clock::{self, Bindings};
use punctual::event::{
    Actor, ActorId, Class, FieldValue, Level, ReasonId, Recorded, StreamId, Version,
};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::supervision;
use punctual::ticket::{
    Acknowledged, Classified, Diagnosed, Message, Paused, Received, Replied, Resolved, Ticket,
    TicketEvent,
};
use punctual::time::Instant;

use crate::load::office;
use crate::load::tickets::{History, folded};
use crate::run::{Failure, Run};

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

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let tickets = if run.settings().quick { 200 } else { 2_000 };
    let policy = Policy::from_toml(AFTER_SALES)?;
    let ticket = folded(&story()?);
    let now: Instant = "2026-03-10T18:00:00+08:00".parse()?;
    check(&ticket, &policy, now)?;
    let bindings = Bindings::to(&policy);
    let calendar = Calendar::compile(&office::spec(office::Dates::All)?)?;
    let facts: Vec<Instant> = ticket
        .timeline()
        .facts()
        .iter()
        .map(|fact| fact.at)
        .collect();
    let questions = asked(&calendar, &facts, now);
    // Nothing that reads clocks can ask its calendar less than once a clock.
    let mut limit = || {
        (0..tickets)
            .map(|_| asked(&calendar, black_box(&facts), now))
            .sum()
    };
    let once: u64 = EXPECTED
        .iter()
        .map(|(.., due)| Ok(due.parse::<Instant>()?.micros().cast_unsigned()))
        .sum::<Result<u64, Failure>>()?;
    let all = once.wrapping_mul(tickets as u64);
    run.cpu("read eight clocks of ten facts", tickets)
        .ours(all, || {
            let read = |_| sum(&clock::read(black_box(&ticket).timeline(), &bindings, now));
            (0..tickets).map(read).fold(0, u64::wrapping_add)
        })
        .limit(
            "one calendar question a clock",
            questions * tickets as u64,
            &mut limit,
        );
    let supervised =
        |ticket: &Ticket| supervision::supervise::<Box<str>>(ticket, &bindings, now).len() as u64;
    let owed = supervised(&ticket) * tickets as u64;
    run.cpu("supervise: what the engine must record", tickets)
        .ours(owed, || {
            (0..tickets).map(|_| supervised(black_box(&ticket))).sum()
        })
        .limit(
            "one calendar question a clock",
            questions * tickets as u64,
            &mut limit,
        );
    run.cpu("explain every microsecond of eight clocks", tickets)
        .ours(all, || {
            let explained = |_| {
                let found = clock::explain(black_box(&ticket).timeline(), &bindings, now);
                let readings: Vec<_> = found.into_iter().map(|it| it.reading).collect();
                sum(&readings)
            };
            (0..tickets).map(explained).fold(0, u64::wrapping_add)
        })
        .limit(
            "one calendar question a clock",
            questions * tickets as u64,
            &mut limit,
        );
    Ok(())
}

fn sum(readings: &[clock::Reading]) -> u64 {
    let due = readings.iter().filter_map(|reading| reading.due_at);
    due.fold(0, |sum, at| sum.wrapping_add(at.micros().cast_unsigned()))
}

fn asked(calendar: &Calendar, facts: &[Instant], now: Instant) -> u64 {
    let asked = facts.iter().take(EXPECTED.len());
    asked
        .map(|at| calendar.elapsed(*at, now).micros().cast_unsigned())
        .sum()
}

/// Compares the readings with the table above.
fn check(ticket: &Ticket, policy: &Policy, now: Instant) -> Result<(), Failure> {
    let readings = clock::read(ticket.timeline(), &Bindings::to(policy), now);
    let mut found: Vec<(String, String, Option<Instant>)> = readings
        .iter()
        .map(|it| (it.target().to_string(), it.outcome.to_string(), it.due_at))
        .collect();
    let mut expected: Vec<(String, String, Option<Instant>)> = Vec::new();
    for (target, outcome, due_at) in EXPECTED {
        expected.push((target.to_owned(), outcome.to_owned(), Some(due_at.parse()?)));
    }
    found.sort();
    expected.sort();
    if found != expected {
        return Err("the readings to be timed are wrong".into());
    }
    Ok(())
}

fn story() -> Result<History, Failure> {
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
    let steps: [(&str, TicketEvent); 10] = [
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
    let mut events = History::new();
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
