//! Where do tickets live, and do they survive a restart?
//!
//! Run it with `cargo run -p punctual-examples --example store_and_reload`. A complaint is recorded
//! on disk, the service stops and starts again, and every promise stands as it stood. Then the log
//! leaves the disk as JSON Lines and comes back in memory as the same ticket. It prints:
//!
//! ```text
//! recorded     first-response   met        due 2026-03-09T01:30:00Z
//! recorded     complaint-solved open       due 2026-03-12T10:00:00Z
//! reopened     first-response   met        due 2026-03-09T01:30:00Z
//! reopened     complaint-solved open       due 2026-03-12T10:00:00Z
//! exported     8 events
//! restored     first-response   met        due 2026-03-09T01:30:00Z
//! restored     complaint-solved open       due 2026-03-12T10:00:00Z
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::Arc;

use punctual::clock::Reading;
use punctual::engine::{Engine, ManualClock, Options, View};
use punctual::event::{Actor, Offset, PartitionId};
use punctual::policy::{AFTER_SALES, Notation};
use punctual::store::{EventStore, JsonLinesReader, JsonLinesWriter, TicketCodec};
use punctual::store::{export_partition, restore};
use punctual::ticket::{Action, Command, Received, Replied};
use punctual_memory::MemoryStore;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let log = directory.path().join("log");

    let store: Arc<dyn EventStore> = punctual_sled::Options::new().open(&log)?;
    let recorded = record(Arc::clone(&store)).await?;
    let before = show("recorded", &recorded)?;
    store.close().await;
    drop(store);

    // Nothing was saved on the way out: what an append answered is on the disk.
    let store: Arc<dyn EventStore> = punctual_sled::Options::new().open(&log)?;
    let reopened = load(Arc::clone(&store)).await?;
    assert_eq!(reopened.ticket(), recorded.ticket());
    assert_eq!(show("reopened", &reopened)?, before);

    // The log as text, one event a line. Nothing is lost either way.
    let codec = TicketCodec::new();
    let mut lines = JsonLinesWriter::new(&codec, Vec::new());
    for partition in store.partitions().iter() {
        export_partition(&*store, partition, Offset::START, &mut lines).await?;
    }
    println!("exported     {} events", lines.exported().events);
    let file = lines.into_inner();
    let memory: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    let done = restore(&*memory, JsonLinesReader::new(&codec, file.as_slice())).await?;
    assert_eq!(done.moved, 0);

    let restored = load(Arc::clone(&memory)).await?;
    assert_eq!(restored.ticket(), recorded.ticket());
    assert_eq!(show("restored", &restored)?, before);

    // What comes out of memory is what went in, byte for byte.
    let mut again = JsonLinesWriter::new(&codec, Vec::new());
    export_partition(&*memory, PartitionId(0), Offset::START, &mut again).await?;
    assert_eq!(again.into_inner(), file);
    Ok(())
}

/// A complaint comes in at nine and is answered at twenty past.
async fn record(store: Arc<dyn EventStore>) -> Result<View, Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    engine.publish(AFTER_SALES, Notation::Toml, None).await?;

    let ticket = engine.stream("T-1")?;
    let desk = Actor::new("desk".parse()?);
    let receive: Action = Action::Receive(Received {
        class: Some("complaint".parse()?),
        ..Received::default()
    });
    let command = Command::new(receive, engine.now(), desk.clone());
    engine.execute(&ticket, command).await?;

    clock.set("2026-03-09T09:20:00+08:00".parse()?);
    let reply: Action = Action::Reply(Replied::default());
    let command = Command::new(reply, engine.now(), desk);
    engine.execute(&ticket, command).await?;
    Ok(engine.ticket(&ticket).await?)
}

/// The policy need not be published again: it lies in the log with the tickets.
async fn load(store: Arc<dyn EventStore>) -> Result<View, Box<dyn Error>> {
    let clock = Arc::new(ManualClock::at("2026-03-09T09:20:00+08:00".parse()?));
    let engine = Engine::open(store, Options::new("acme").with_clock(clock)).await?;
    Ok(engine.ticket(&engine.stream("T-1")?).await?)
}

fn show(when: &str, view: &View) -> Result<Vec<Reading>, Box<dyn Error>> {
    let readings = view.readings(view.taken_at())?;
    for reading in &readings {
        let target = reading.target().as_str();
        if let ("first-response" | "complaint-solved", Some(due_at)) = (target, reading.due_at) {
            println!(
                "{when:<12} {target:<16} {:<10} due {due_at}",
                reading.outcome
            );
        }
    }
    Ok(readings)
}
