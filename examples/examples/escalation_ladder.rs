//! From a command to a fired escalation: who is told when nobody answers.
//!
//! Run it with `cargo run -p punctual-examples --example escalation_ladder`. A complaint comes in
//! and nobody answers; the supervision is asked at odd times, and still says each thing once.

use punctual::clock::Bindings;
use punctual::escalation;
use punctual::event::{Actor, ActorId, Class, StreamId};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::supervision;
use punctual::ticket::{Action, Command, Permit, Received, Ticket, TicketEvent, decide};
use punctual::time::Instant;

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::from_toml(AFTER_SALES)?;
    let bindings = Bindings::to(&policy);
    let mut ticket = received("2026-03-09T10:00:00+08:00".parse()?)?;

    let mut told = Vec::new();
    for now in [
        "10:10", "10:25", "10:26", "10:31", "12:00", "15:30", "15:31",
    ] {
        let now: Instant = format!("2026-03-09T{now}:00+08:00").parse()?;
        let events = supervision::supervise::<Box<str>>(&ticket, &bindings, now);
        for event in &events {
            if let TicketEvent::Escalated(rung) = event
                && rung.clock.target.as_str() == "first-response"
            {
                println!(
                    "{}  {:<22} owed {}",
                    rung.deliver_at, rung.role, rung.owed_at
                );
                told.push(rung.role.to_string());
            }
        }
        ticket = supervision::after(&ticket, events, now);
    }

    assert_eq!(
        told,
        ["specialist", "technical-supervisor", "after-sales-manager"]
    );
    println!("the ticket's tier is now {}", escalation::tier(&ticket));
    Ok(())
}

fn received(now: Instant) -> Result<Ticket, Box<dyn std::error::Error>> {
    let action: Action = Action::Receive(Received {
        class: Some(Class::new("complaint")?),
        ..Received::default()
    });
    let command = Command::new(action, now, Actor::new(ActorId::new("phone-desk")?));
    let mut ticket = Ticket::default();
    for event in decide(&ticket, command, &Permit::default(), now)? {
        let recorded = event.recorded(StreamId::new("acme", "ticket", "T-1")?, &ticket);
        ticket.apply(&recorded);
    }
    Ok(ticket)
}
