//! What did we know at ten, and what do we now know of ten?
//!
//! Run it with `cargo run -p punctual-examples --example time_travel`. Every event has two instants:
//! when it happened, and when the log learned of it. So there are two pasts to ask about. And an
//! explanation names the events that it rests on, so that anybody can look them up. It prints:
//!
//! ```text
//! at 10:00, as known at 10:00: breaching, used 1h
//! at 10:00, as known by now:   open, used 15m
//! at 11:00, as known by now:   met, used 25m
//! because of
//! acme/ticket/T-1#1  at 09:00  received
//! acme/ticket/T-1#2  at 09:00  policy-bound
//! acme/ticket/T-1#3  at 09:15  paused
//! acme/ticket/T-1#5  at 10:30  resumed
//! acme/ticket/T-1#6  at 10:40  replied
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::Arc;

use punctual::clock::Reading;
use punctual::engine::{Engine, ManualClock, Options, View};
use punctual::event::{Actor, StreamId};
use punctual::policy::{Notation, Policy};
use punctual::ticket::{Action, Command, Outcome, Paused, Received, Replied, Resumed};
use punctual::time::{Instant, Span};
use punctual_memory::MemoryStore;

const POLICY: &str = r#"
policy = "hotline"
timezone = "+08:00"
pause.awaiting-customer = {}
[target.first-response]
start = "received"
stop = "replied"
pause = "awaiting-customer"
goals = [{ within = "30m" }]
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at(at("09:00")?));
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    engine.publish(POLICY, Notation::Toml, None).await?;
    let ticket = engine.stream("T-1")?;
    played(&engine, &clock, &ticket).await?;

    // As it was known: the events that the log held at ten.
    let then = engine.ticket_as_known_at(&ticket, at("10:00")?).await?;
    let reading = response(&then, at("10:00")?)?;
    println!("at 10:00, as known at 10:00: {}", standing(&reading));
    assert_eq!(reading.outcome, Outcome::Breaching);

    // As it was: everything that we know by now, asked about ten.
    let now = engine.ticket(&ticket).await?;
    let reading = response(&now, at("10:00")?)?;
    println!("at 10:00, as known by now:   {}", standing(&reading));
    assert_eq!(reading.outcome, Outcome::Open);
    assert_eq!(reading.elapsed, Span::from_minutes(15)?);

    let reading = response(&now, at("11:00")?)?;
    println!("at 11:00, as known by now:   {}", standing(&reading));
    assert_eq!(reading.outcome, Outcome::Met);

    // An event's id is its stream and its version there.
    println!("because of");
    let explained = now.explain(at("11:00")?)?;
    let why = explained.first().ok_or("the policy has one promise")?;
    let policy = Policy::from_toml(POLICY)?;
    for version in &why.events {
        let fact = now.ticket().timeline().fact(*version);
        let fact = fact.ok_or("an explanation names facts of its ticket")?;
        let civil = policy.zone().local(fact.at).format("%H:%M");
        println!("{ticket}#{version}  at {civil}  {}", fact.kind.name());
    }
    let versions: Vec<u64> = why.events.iter().map(|version| version.get()).collect();
    assert_eq!(versions, [1, 2, 3, 5, 6]);
    Ok(())
}

/// Received at nine. The desk writes the rest down at twenty to eleven, when it has a free minute.
async fn played(
    engine: &Engine,
    clock: &ManualClock,
    ticket: &StreamId,
) -> Result<(), Box<dyn Error>> {
    let waiting = Paused {
        reason: "awaiting-customer".parse()?,
    };
    for (now, happened, action) in [
        ("09:00", "09:00", Action::Receive(Received::default())),
        ("10:40", "09:15", Action::Pause(waiting)),
        ("10:40", "10:30", Action::Resume(Resumed::default())),
        ("10:40", "10:40", Action::Reply(Replied::default())),
    ] {
        clock.set(at(now)?);
        let command = Command::new(action, at(happened)?, Actor::new("desk".parse()?));
        engine.execute(ticket, command).await?;
    }
    Ok(())
}

fn response(view: &View, at: Instant) -> Result<Reading, Box<dyn Error>> {
    let mut readings = view.readings(at)?.into_iter();
    readings.next().ok_or_else(|| "one promise".into())
}

fn standing(reading: &Reading) -> String {
    format!("{}, used {}", reading.outcome, reading.elapsed)
}

fn at(time: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("2026-03-09T{time}:00+08:00").parse()?)
}
