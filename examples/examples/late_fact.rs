//! What if a fact comes in after its deadline has been missed?
//!
//! Run it with `cargo run -p punctual-examples --example late_fact`. A technician calls back in
//! time and writes it down an hour later. By then the breach has been recorded and the lead told.
//! Nothing is rewritten: the log says what was believed, what turned out, and why. It prints:
//!
//! ```text
//! 1  09:00  received
//! 2  09:00  policy-bound
//! 3  09:31  breached
//! 4  09:31  escalated
//! 5  10:20  replied, at 09:20
//! 6  10:20  verdict-revised, breaching -> met because of 5
//! first-response: met, used 20m of 30m
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options};
use punctual::event::{Actor, Recorded};
use punctual::policy::{Notation, Policy};
use punctual::ticket::{Action, Command, Outcome, Received, Replied, TicketEvent};
use punctual::time::Instant;
use punctual_memory::{MemoryCheckpoints, MemoryStore};

const POLICY: &str = r#"
policy = "hotline"
timezone = "+08:00"
[target.first-response]
start = "received"
stop = "replied"
goals = [{ within = "30m" }]
ladder = [{ at = "due", tell = "lead" }]
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at(at("09:00")?));
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    engine.publish(POLICY, Notation::Toml, None).await?;
    let ticket = engine.stream("T-1")?;
    let technician = Actor::new("technician-7".parse()?);

    let receive: Action = Action::Receive(Received::default());
    let command = Command::new(receive, at("09:00")?, technician.clone());
    engine.execute(&ticket, command).await?;

    // As far as anyone knows, nobody has called.
    clock.set(at("09:31")?);
    let tick = engine.tick(engine.now()).await?;
    assert_eq!((tick.breached, tick.escalated), (1, 1));

    // A command carries its own instant; the engine adds when it learned of it.
    clock.set(at("10:20")?);
    let call: Action = Action::Reply(Replied::default());
    let command = Command::new(call, at("09:20")?, technician);
    engine.execute(&ticket, command).await?;

    let view = engine.ticket(&ticket).await?;
    let readings = view.readings(engine.now())?;
    let response = readings.first().ok_or("the policy has one promise")?;
    assert_eq!(
        (response.outcome, response.breached_at),
        (Outcome::Met, None)
    );

    // What was told stays told, and is not told again.
    let told = view.ticket().told();
    assert_eq!((told.breached.len(), told.escalated.len()), (1, 1));
    assert_eq!(told.revised.len(), 1);
    assert_eq!(told.revised[0].old, Some(Outcome::Breaching));
    assert_eq!(told.revised[0].new, Some(Outcome::Met));
    assert!(engine.tick(engine.now()).await?.is_quiet());

    let policy = Policy::from_toml(POLICY)?;
    let checkpoints = Arc::new(MemoryCheckpoints::new());
    let mut log = engine.consumer("reader".parse()?, checkpoints).await?;
    for event in log.next_ready().await? {
        println!("{}", line(&event, &policy));
    }
    let budget = response.budget.ok_or("there is a goal")?;
    let (target, outcome, used) = (response.target(), response.outcome, response.elapsed);
    println!("{target}: {outcome}, used {used} of {budget}");
    Ok(())
}

fn line(event: &Recorded<TicketEvent>, policy: &Policy) -> String {
    let civil = |at| policy.zone().local(at).format("%H:%M").to_string();
    let (version, kind) = (event.version, event.event.kind().name());
    let more = if let TicketEvent::VerdictRevised(revised) = &event.event {
        let name = |outcome: Option<Outcome>| outcome.map_or("none", Outcome::name);
        let (old, new) = (name(revised.old), name(revised.new));
        format!(", {old} -> {new} because of {}", revised.cause)
    } else if event.occurred_at < event.recorded_at {
        format!(", at {}", civil(event.occurred_at))
    } else {
        String::new()
    };
    format!("{version}  {}  {kind}{more}", civil(event.recorded_at))
}

fn at(time: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("2026-03-09T{time}:00+08:00").parse()?)
}
