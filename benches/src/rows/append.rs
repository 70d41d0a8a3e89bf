//! Appending to a store in memory: encoded, checksummed, version checked.

use std::hint::black_box;
use std::sync::Arc;

use punctual::event::{Offset, PartitionId};
use punctual::store::{EventStore, TicketCodec, blocking};
use punctual_memory::MemoryStore;

use crate::figure::Against;
use crate::load::appends::Appends;
use crate::load::tickets;
use crate::run::{Failure, Run};

/// Returns the name of the case of appends of at most so many events.
#[must_use]
pub fn name(most: usize) -> String {
    format!("encode and append, by {most}")
}

/// How many events are appended at once, at most.
pub const SIZES: [usize; 3] = [1, 4, 64];

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    let codec = TicketCodec::new();
    let log = tickets::encode(&codec, &histories)?;
    let bytes: Vec<u8> = log
        .iter()
        .flat_map(|commit| commit.body().to_vec())
        .collect();
    for most in SIZES {
        let appends = Appends::of(&histories, most)?;
        let events = appends.events as u64;
        let mut kept = None;
        let mut prepare = || {
            let store = Arc::new(MemoryStore::new());
            // The one before ends here, outside of the measured time.
            kept = Some(Arc::clone(&store));
            store
        };
        let each = bytes.len() / appends.batches.len().max(1);
        let mut copy = || {
            let mut log: Vec<u8> = Vec::new();
            for part in black_box(&bytes).chunks(each.max(1)) {
                log.extend_from_slice(part);
            }
            black_box(&log).len() as u64
        };
        let mut case = run.cpu(&name(most), appends.events);
        case.ours_with(events, &mut prepare, |store| {
            appends.to(store.as_ref(), &codec).unwrap_or_default()
        })
        .limit(
            "the records' bytes pushed to a Vec",
            bytes.len() as u64,
            &mut copy,
        );
        if most == 1 {
            case.target(Against::Crates, "eventually", 2.5)
                .target(Against::Crates, "cqrs-es", 15.0)
                .target(Against::Number, "", 150.0);
        }
        let through = format!("encode and append through dyn, by {most}");
        run.cpu(&through, appends.events)
            .ours_with(
                events,
                || -> Arc<dyn EventStore> { prepare() },
                |store| appends.to(black_box(&*store), &codec).unwrap_or_default(),
            )
            .limit(
                "the records' bytes pushed to a Vec",
                bytes.len() as u64,
                &mut copy,
            );
    }
    port(run)
}

/// What the port itself costs: a call through the vtable, its boxed future, and one poll. `head` does
/// nothing else than load a number.
fn port(run: &mut Run) -> Result<(), Failure> {
    const CALLS: usize = 1 << 14;
    let store = MemoryStore::new();
    let appends = Appends::of(&tickets::bare(500)?, 64)?;
    appends.to(&store, &TicketCodec::new())?;
    let head = blocking::wait(store.head(PartitionId(0)))?.get();
    let call = |store: &dyn EventStore| {
        let head = blocking::wait(black_box(store).head(PartitionId(0)));
        head.map_or(0, Offset::get)
    };
    run.cpu("a call of the port through dyn", CALLS)
        .ours(head * CALLS as u64, || {
            (0..CALLS).map(|_| call(&store)).sum()
        })
        .limit("a box made and dropped", CALLS as u64, || {
            (0..CALLS as u64)
                .map(|it| *black_box(Box::new(it)) / it.max(1))
                .sum::<u64>()
                + 1
        })
        .note("in batches of 64 events, a sixty-fourth of it on each");
    Ok(())
}
