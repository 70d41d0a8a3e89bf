//! Who is told when nobody answers?
//!
//! Run it with `cargo run -p punctual-examples --example escalation_ladder`. A request comes in at
//! ten and nobody answers. The first rung of the ladder is told on time; then the service is down for
//! two hours and a half. Still each rung is told once, in its order, and what comes late says so. It
//! prints:
//!
//! ```text
//! 10:10  nobody
//! 10:24  agent (rank 1), owed at 10:24
//! 13:00  lead (rank 2), owed at 10:30, late
//! 13:00  head (rank 3), owed at 12:30, late
//! 13:01  nobody
//! the ticket's tier is now 3
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options};
use punctual::escalation;
use punctual::event::Actor;
use punctual::policy::{Notation, Policy};
use punctual::ticket::{Action, Command, Received};
use punctual::time::Instant;
use punctual_memory::MemoryStore;

/// A rung sits at a share of the budget, at the deadline, or some time after it.
const POLICY: &str = r#"
policy = "hotline"
timezone = "+08:00"
role = { agent = { rank = 1 }, lead = { rank = 2 }, head = { rank = 3 } }
[target.first-response]
start = "received"
stop = "replied"
goals = [{ within = "30m" }]
ladder = [
  { at = "80%", tell = "agent" },
  { at = "due", tell = "lead" },
  { at = "+2h", tell = "head" },
]
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at(at("10:00")?));
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    engine.publish(POLICY, Notation::Toml, None).await?;

    let ticket = engine.stream("T-1")?;
    let receive: Action = Action::Receive(Received::default());
    let command = Command::new(receive, engine.now(), Actor::new("phone-desk".parse()?));
    engine.execute(&ticket, command).await?;

    // A service calls `Engine::run`, which sleeps until this instant and then ticks.
    assert_eq!(engine.next_at(), Some(at("10:24")?));

    let policy = Policy::from_toml(POLICY)?;
    let civil = |at| policy.zone().local(at).format("%H:%M");
    let mut seen = 0;
    for time in ["10:10", "10:24", "13:00", "13:01"] {
        clock.set(at(time)?);
        let tick = engine.tick(engine.now()).await?;
        if tick.escalated == 0 {
            println!("{time}  nobody");
        }
        // Whoever sends messages follows the log instead, see `in_a_tokio_service`.
        let view = engine.ticket(&ticket).await?;
        for rung in view.ticket().told().escalated.iter().skip(seen) {
            let (role, rank, owed_at) = (&rung.role, rung.rank, civil(rung.owed_at));
            let late = if rung.late { ", late" } else { "" };
            println!("{time}  {role} (rank {rank}), owed at {owed_at}{late}");
            seen += 1;
        }
    }

    let view = engine.ticket(&ticket).await?;
    let told = view.ticket().told().escalated.iter();
    let told: Vec<_> = told.map(|rung| (rung.role.as_str(), rung.late)).collect();
    assert_eq!(told, [("agent", false), ("lead", true), ("head", true)]);
    assert_eq!(escalation::tier(view.ticket()), 3);
    println!(
        "the ticket's tier is now {}",
        escalation::tier(view.ticket())
    );
    Ok(())
}

fn at(time: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("2026-03-09T{time}:00+08:00").parse()?)
}
