//! Commands from end to end on the memory backend: loaded, permitted, decided, appended, scheduled.

use std::hint::black_box;
use std::sync::Arc;

use punctual::event::StreamId;
use punctual::policy::{AFTER_SALES, Policy};
use punctual::store::blocking::wait;
use punctual::ticket::{Permit, Ticket, decide};
use punctual::time::Instant;
use punctual_memory::MemoryStore;

use crate::load::commands::{self, Desk, Step};
use crate::run::{Failure, Part, Run, Settings};

/// The case that peers have figures of.
pub const CASE: &str = "commands of an after-sales month";

/// Returns the commands of that case.
///
/// # Errors
/// None for these settings.
pub fn steps(settings: &Settings) -> Result<Vec<Step>, Failure> {
    commands::month(u32::try_from(settings.size / 35)?.max(1))
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    month(run)?;
    // Each round uses up tickets of its own, which are too many to be made where none is counted.
    if run.settings().part == Part::Home {
        for notes in [10, 100] {
            one_more_note(run, notes)?;
        }
    }
    Ok(())
}

/// Every command of generated tickets, each at its instant.
fn month(run: &mut Run) -> Result<(), Failure> {
    let steps = steps(run.settings())?;
    let accepted = steps.len() as u64;
    let first = steps.first().map_or(Instant::MIN, |step| step.at);
    let policy = Policy::from_toml(AFTER_SALES)?;
    let mut kept = None;
    run.cpu(CASE, steps.len())
        .ours_with(
            accepted,
            || {
                let desk = Desk::open(Arc::new(MemoryStore::new()), first)
                    .ok()
                    .map(Arc::new);
                // The one before ends here, outside of the measured time.
                kept.clone_from(&desk);
                desk
            },
            |desk| desk.map_or(0, |desk| play(&desk, &steps).unwrap_or_default()),
        )
        .limit("permitted, decided and folded, no store", accepted, || {
            pure(black_box(&steps), &policy).unwrap_or_default()
        })
        .note("a peer decides by the same function, and knows no policy, no clock and no agenda");
    Ok(())
}

pub(super) fn play(desk: &Desk, steps: &[Step]) -> Result<u64, Failure> {
    let mut accepted = 0;
    for step in steps {
        desk.clock.set(step.at);
        let stream = desk.engine.stream(&step.ticket)?;
        let done = wait(desk.engine.execute(&stream, step.command.clone()))?;
        accepted += u64::from(!done.replayed);
    }
    Ok(accepted)
}

/// The part of a command that no engine can leave out.
fn pure(steps: &[Step], policy: &Policy) -> Result<u64, Failure> {
    let mut tickets: std::collections::HashMap<&str, Ticket> = std::collections::HashMap::new();
    let mut accepted = 0;
    for step in steps {
        let ticket = tickets.entry(&step.ticket).or_default();
        let command = &step.command;
        let status = ticket.timeline().status(command.occurred_at);
        let permit: Permit = policy.permit(&status, &command.action, &command.actor);
        let stream = StreamId::new("acme", "ticket", &step.ticket)?;
        for event in decide(ticket, command.clone(), &permit, step.at)? {
            ticket.apply(&event.recorded(stream.clone(), ticket));
        }
        accepted += 1;
    }
    Ok(accepted)
}

/// One more note on a ticket that has so many; each round on tickets of its own.
fn one_more_note(run: &mut Run, notes: u64) -> Result<(), Failure> {
    const TICKETS: u64 = 100;
    let desk = Desk::open(Arc::new(MemoryStore::new()), commands::monday()?)?;
    let rounds = run.settings().rounds;
    let mut streams = Vec::new();
    for round in 0..rounds.before + rounds.most {
        for ticket in 0..TICKETS {
            let stream = desk.receive(&format!("T-{round}-{ticket}"))?;
            for _ in 1..notes {
                desk.take_note(&stream)?;
            }
            streams.push(stream);
        }
    }
    let mut left = streams.into_iter();
    let mut next = || -> Vec<StreamId> { left.by_ref().take(TICKETS as usize).collect() };
    // Received, bound to three agreements, and its notes.
    let expected = TICKETS * (notes + 4);
    let codec = punctual::store::TicketCodec::new();
    let one = desk.receive("T-model")?;
    for _ in 1..notes {
        desk.take_note(&one)?;
    }
    let mut reader = codec.reader();
    let versions = TICKETS * (notes + 3);
    run.cpu(
        &format!("one more note on a ticket of {notes} facts"),
        TICKETS as usize,
    )
    .ours_with(expected, &mut next, |streams| {
        streams
            .iter()
            .filter_map(|stream| desk.take_note(stream).ok())
            .sum()
    })
    .limit("such a ticket loaded", versions, || {
        let store = &**desk.engine.store();
        let load = |_| super::reload::load(store, &one, &mut reader);
        let tickets = (0..TICKETS).map(load);
        tickets
            .map(|ticket| ticket.map_or(0, |it| it.version().get()))
            .sum()
    });
    Ok(())
}
