//! The engine on the memory backend: commands end to end, ticks, the agenda.
//!
//! Run with `cargo bench -p punctual-bench --bench engine`; `-- --whole` adds the agenda of ten
//! million tickets, `-- --once` plays the month once, for a profiler. Commands are those of generated after-sales tickets under the house policy, in
//! the order of their instants. Checked are the versions that each command leads to and the number
//! of events that ticks record.

use std::sync::Arc;

use punctual::engine::{Agenda, Engine, ManualClock, Options};
use punctual::event::{Actor, StreamId, Version};
use punctual::policy::{AFTER_SALES, Notation};
use punctual::store::blocking::wait;
use punctual::ticket::{Action, Command, Message, Received};
use punctual::time::{Instant, Span};
use punctual_bench::{headline, measure, note, random};
use punctual_memory::MemoryStore;
use punctual_workload::AfterSales;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    if std::env::args().any(|argument| argument == "--once") {
        return a_month(Rounds::One);
    }
    headline("a command end to end, CPU time");
    a_month(Rounds::All)?;
    for notes in [10, 100] {
        a_note_on_a_ticket_of(notes)?;
    }
    headline("with so many open tickets, CPU time");
    for open in [1_000, 10_000, 100_000] {
        beside_open_tickets(open)?;
    }
    headline("the agenda, CPU time");
    agenda(1_000_000, 100_000)?;
    if std::env::args().any(|argument| argument == "--whole") {
        whole_agenda()?;
    }
    Ok(())
}

/// One round is for a profiler.
enum Rounds {
    One,
    All,
}

struct Desk {
    engine: Engine,
    clock: Arc<ManualClock>,
}

fn desk(at: Instant) -> Result<Desk, Failure> {
    let clock = Arc::new(ManualClock::at(at));
    let options = Options::new("acme").with_clock(clock.clone());
    let engine = wait(Engine::open(Arc::new(MemoryStore::new()), options))?;
    wait(engine.publish(AFTER_SALES, Notation::Toml, None))?;
    Ok(Desk { engine, clock })
}

fn monday() -> Result<Instant, Failure> {
    Ok("2026-03-09T09:00:00+08:00".parse()?)
}

/// Every command of generated tickets, each at its instant.
fn a_month(rounds: Rounds) -> Result<(), Failure> {
    let month = AfterSales::builder(7).tickets(1_000).build()?;
    let steps: Vec<(Instant, String, Command)> = month
        .steps()
        .map(|step| (step.at, step.ticket.to_string(), step.command))
        .collect();
    let first = steps.first().map_or(Instant::MIN, |(at, _, _)| *at);
    let play = || -> Result<u64, Failure> {
        let desk = desk(first)?;
        let mut accepted = 0;
        for (at, ticket, command) in &steps {
            desk.clock.set(*at);
            let stream = desk.engine.stream(ticket)?;
            let done = wait(desk.engine.execute(&stream, command.clone()))?;
            accepted += u64::from(!done.replayed);
        }
        Ok(accepted)
    };
    let expected = steps.len() as u64;
    if matches!(rounds, Rounds::One) {
        assert_eq!(play()?, expected, "every command is recorded");
        note("commands", expected);
        return Ok(());
    }
    measure("commands of 1,000 tickets", steps.len(), expected, || {
        play().unwrap_or_default()
    });
    Ok(())
}

fn received(desk: &Desk, ticket: &str) -> Result<StreamId, Failure> {
    let receive: Action = Action::Receive(Received::default());
    let stream = desk.engine.stream(ticket)?;
    let command = Command::new(receive, desk.engine.now(), Actor::new("desk".parse()?));
    wait(desk.engine.execute(&stream, command))?;
    Ok(stream)
}

fn take_note(desk: &Desk, stream: &StreamId) -> Result<u64, Failure> {
    let note: Action = Action::Note(Message::NONE);
    let command = Command::new(note, desk.engine.now(), Actor::new("desk".parse()?));
    Ok(wait(desk.engine.execute(stream, command))?
        .revision
        .version()
        .get())
}

/// One more note on a ticket that has so many; each round on tickets of its own.
fn a_note_on_a_ticket_of(notes: u64) -> Result<(), Failure> {
    const TICKETS: u64 = 200;
    let desk = desk(monday()?)?;
    let mut streams = Vec::new();
    for round in 0..42 {
        for ticket in 0..TICKETS {
            let stream = received(&desk, &format!("T-{round}-{ticket}"))?;
            for _ in 1..notes {
                take_note(&desk, &stream)?;
            }
            streams.push(stream);
        }
    }
    let mut left = streams.into_iter();
    let name = format!("one more note on a ticket of {notes} facts");
    // Received, bound to three agreements, and its notes.
    let expected = TICKETS * (notes + 4);
    measure(&name, usize::try_from(TICKETS)?, expected, || {
        let versions = left
            .by_ref()
            .take(usize::try_from(TICKETS).unwrap_or_default());
        versions
            .filter_map(|stream| take_note(&desk, &stream).ok())
            .sum()
    });
    Ok(())
}

/// What a command and a tick without anything due cost beside so many open tickets.
fn beside_open_tickets(open: usize) -> Result<(), Failure> {
    let desk = desk(monday()?)?;
    for ticket in 0..open {
        received(&desk, &format!("T-{ticket}"))?;
    }
    desk.clock.advance(Span::from_minutes(10)?);
    wait(desk.engine.tick(desk.engine.now()))?;
    let mut next = 0_u32;
    measure(&format!("an intake beside {open}"), 100, 100, || {
        let mut taken = 0;
        for _ in 0..100 {
            next += 1;
            taken += u64::from(received(&desk, &format!("N-{next}")).is_ok());
        }
        taken
    });
    let now = desk.engine.now();
    measure(
        &format!("a tick with nothing due beside {open}"),
        100,
        100,
        || {
            let ticks = (0..100).filter_map(|_| wait(desk.engine.tick(now)).ok());
            ticks.filter(punctual::engine::Tick::is_quiet).count() as u64
        },
    );
    Ok(())
}

fn filled(tickets: u64) -> Agenda {
    let (mut agenda, mut state) = (Agenda::default(), 7);
    for ticket in 0..tickets {
        agenda.set(
            &format!("T-{ticket:08}"),
            Version::FIRST,
            instant(&mut state),
        );
    }
    agenda
}

fn instant(state: &mut u64) -> Option<Instant> {
    let micros = 1_700_000_000_000_000 + random(state) % 2_000_000_000_000;
    Instant::from_micros(i64::try_from(micros).ok()?).ok()
}

/// Changes and looks beside so many entries.
fn agenda(tickets: u64, changes: usize) -> Result<(), Failure> {
    let mut agenda = filled(tickets);
    let names: Vec<String> = (0..changes)
        .map(|change| format!("T-{:08}", (change as u64).wrapping_mul(7_919) % tickets))
        .collect();
    let (mut state, mut version) = (11, 1);
    measure(&format!("set, {tickets} open"), changes, tickets, || {
        version += 1;
        for name in &names {
            agenda.set(name, Version::new(version), instant(&mut state));
        }
        agenda.len() as u64
    });
    let first = agenda.next_at().ok_or("nothing is awaited")?;
    measure(
        &format!("next and nothing due, {tickets} open"),
        changes,
        changes as u64,
        || {
            let before = first.checked_sub(Span::MICROSECOND).unwrap_or(first);
            (0..changes)
                .filter(|_| agenda.next_at() == Some(first) && agenda.due(before, 64).is_empty())
                .count() as u64
        },
    );
    let late = first.checked_add(Span::from_hours(24 * 365)?)?;
    measure(
        &format!("due, taken by 1,024, {tickets} open"),
        1_024,
        1_024,
        || agenda.due(late, 1_024).len() as u64,
    );
    Ok(())
}

/// Ten million open tickets: how much memory they take.
fn whole_agenda() -> Result<(), Failure> {
    const TICKETS: u64 = 10_000_000;
    let before = resident()?;
    let agenda = filled(TICKETS);
    let after = resident()?;
    assert_eq!(agenda.len() as u64, TICKETS, "every ticket is one entry");
    note(
        "bytes an open ticket, 10 million",
        (after - before) / TICKETS,
    );
    note("MiB of resident memory in all", (after - before) >> 20);
    Ok(())
}

/// The resident memory of this process in bytes.
fn resident() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .ok_or("no VmRSS")?;
    Ok(kib.parse::<u64>()? * 1_024)
}
