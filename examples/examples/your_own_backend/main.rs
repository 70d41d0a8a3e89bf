//! How do I keep the log in a store of my own?
//!
//! Run it with `cargo run -p punctual-examples --example your_own_backend`. `store.rs` beside this
//! file is a whole backend in memory; the engine works on it like on any other. That it keeps the
//! contract is shown by `examples/tests/your_own_backend.rs`, which hands it to the suite of
//! `punctual-testkit`. It prints:
//!
//! ```text
//! acme/policy/hotline: 1 commit
//! acme/ticket/T-1: 2 commits
//! acme/ticket/T-2: 1 commit
//! another engine on the same store finds T-1 breaching and T-2 open
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

mod store;

use std::error::Error;
use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options};
use punctual::event::{Actor, Version};
use punctual::policy::Notation;
use punctual::store::{EventStore, Limit, Partitions};
use punctual::ticket::{Action, Command, Outcome, Received};
use punctual::time::Instant;

use store::ListStore;

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
    let store = ListStore::new(Partitions::new(4).ok_or("at least one partition")?);
    let clock = Arc::new(ManualClock::at(at("09:00")?));
    let engine = opened(&store, &clock).await?;
    engine.publish(POLICY, Notation::Toml, None).await?;

    // One ticket at nine, one at a quarter past, and a look at half past and a little.
    for (time, id) in [("09:00", "T-1"), ("09:15", "T-2")] {
        clock.set(at(time)?);
        let receive: Action = Action::Receive(Received::default());
        let command = Command::new(receive, engine.now(), Actor::new("desk".parse()?));
        engine.execute(&engine.stream(id)?, command).await?;
    }
    clock.set(at("09:31")?);
    assert_eq!(engine.tick(engine.now()).await?.escalated, 1);

    for stream in store.list_streams("acme/", None, 10).await? {
        let page = store
            .read_stream(&stream, Version::NONE, Limit::default())
            .await?;
        let count = page.commits.len();
        println!(
            "{stream}: {count} commit{}",
            if count == 1 { "" } else { "s" }
        );
    }

    // Whatever an engine knows lies in the store, and a second one tells nobody twice.
    let other = opened(&store, &clock).await?;
    let (first, second) = (outcome(&other, "T-1").await?, outcome(&other, "T-2").await?);
    println!("another engine on the same store finds T-1 {first} and T-2 {second}");
    assert_eq!((first, second), (Outcome::Breaching, Outcome::Open));
    assert!(other.tick(other.now()).await?.is_quiet());
    Ok(())
}

async fn opened(store: &ListStore, clock: &Arc<ManualClock>) -> Result<Engine, Box<dyn Error>> {
    let options = Options::new("acme").with_clock(clock.clone());
    Ok(Engine::open(Arc::new(store.handle()), options).await?)
}

async fn outcome(engine: &Engine, id: &str) -> Result<Outcome, Box<dyn Error>> {
    let view = engine.ticket(&engine.stream(id)?).await?;
    let readings = view.readings(engine.now())?;
    let reading = readings.first().ok_or("the policy has one promise")?;
    Ok(reading.outcome)
}

fn at(time: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("2026-03-09T{time}:00+08:00").parse()?)
}
