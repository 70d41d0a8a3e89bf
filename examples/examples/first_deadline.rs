//! When does the first promise to a customer fall due?
//!
//! Run it with `cargo run -p punctual-examples --example first_deadline`. It receives a fault half
//! an hour before a holiday of five days and prints every promise of `after-sales`:
//!
//! ```text
//! acknowledgement  open       due Thu 2026-04-30 17:35
//! first-response   open       due Wed 2026-05-06 09:30
//! diagnosis        open       due Wed 2026-05-06 14:00
//! ```

use punctual::clock::{self, Bindings, Reading};
use punctual::event::{Actor, ActorId, Class, StreamId};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::ticket::{Action, Command, Permit, Received, Ticket, decide};
use punctual::time::Instant;

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::from_toml(AFTER_SALES)?;
    let now: Instant = "2026-04-30T17:30:00+08:00".parse()?;

    let action: Action = Action::Receive(Received {
        class: Some(Class::new("fault")?),
        ..Received::default()
    });
    let command = Command::new(action, now, Actor::new(ActorId::new("phone-desk")?));

    let mut ticket = Ticket::default();
    for event in decide(&ticket, command, &Permit::default(), now)? {
        let recorded = event.recorded(StreamId::new("acme", "ticket", "T-1")?, &ticket);
        ticket.apply(&recorded);
    }

    let promises = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
    for promise in &promises {
        println!("{}", line(promise, &policy));
    }

    // Half an hour is left of the last working day; the other half is on the day after the holiday.
    let first = promises
        .iter()
        .find(|promise| promise.target().as_str() == "first-response");
    let due_at = first.and_then(|promise| promise.due_at);
    assert_eq!(due_at, Some("2026-05-06T09:30:00+08:00".parse()?));
    Ok(())
}

fn line(promise: &Reading, policy: &Policy) -> String {
    let due = promise.due_at.map_or_else(
        || "-".to_owned(),
        |at| {
            policy
                .zone()
                .local(at)
                .format("%a %Y-%m-%d %H:%M")
                .to_string()
        },
    );
    format!("{:<16} {:<10} due {due}", promise.target(), promise.outcome)
}
