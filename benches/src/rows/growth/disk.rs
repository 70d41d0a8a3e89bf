//! The same beside a store on a disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hint::black_box;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use punctual::event::{Recorded, StreamId};
use punctual::store::{EventStore, TicketCodec};
use punctual::ticket::TicketEvent;
use punctual_sled::{Options, SledStore};
use tokio::runtime::Runtime;

use super::{OPERATIONS, Table, best, some};
use crate::limits;
use crate::load::appends::{Appends, Batch};
use crate::load::{tickets, writers};
use crate::measure::process_time;
use crate::rows::{reload, scan};
use crate::run::{Failure, Settings};

/// What the sizes of a store on a disk count.
const STORE: &str = "events in the store";
/// More than a store of ten million events takes.
const CACHE: u64 = 4 << 30;
const OUTGROWN: &str = "a step and no slope: a store that outgrows its cache of 128 MiB reads a node of the tree from \
                        its file for nearly every event of a ticket; with all of it in the cache it does not grow";
/// How much is read around an event.
const BLOCK: u64 = 4 << 10;

/// The store on a disk. It is filled once; what is read is read with its usual cache, and with one that
/// holds all of it.
pub(super) fn all(table: &mut Table, size: usize, settings: &Settings) -> Result<(), Failure> {
    let runtime = writers::runtime()?;
    let (histories, codec) = (tickets::bare(size)?, TicketCodec::new());
    let appends = Appends::of(&histories, 1)?;
    let place = tempfile::tempdir_in(&settings.directory)?;
    let (path, flat) = (place.path().join("store"), place.path().join("flat"));
    let store = Options::new().open(&path)?;
    scan::fill(&runtime, &store, &appends)?;
    // What is not settled is held in memory, which at the smallest size would be everything.
    store.settle()?;
    let mut state = 5;
    let chosen = some(&appends.streams, &mut state)?;
    let loaded = loaded(&*store, &codec, &chosen)?;
    let name = "load a ticket, sled";
    table.add(name, STORE, false, size, loaded);
    table.note(name, OUTGROWN);
    runtime.block_on(store.close());
    drop(store);
    from_flat(table, size, (&path, &flat), &chosen)?;
    let store = Options::new().cache_bytes(CACHE).open(&path)?;
    let loaded = self::loaded(&*store, &codec, &chosen)?;
    let name = "load a ticket, sled, all of it in its cache";
    table.add(name, STORE, false, size, loaded);
    runtime.block_on(store.close());
    drop(store);
    let event = histories.first().and_then(|it| it.last());
    let event = event.ok_or("no event")?.clone();
    let store = Options::new().open(&path)?;
    let appended = appended(&runtime, &store, &one_each(&chosen, &event))?;
    let name = "append one event, sled, 256 writers";
    table.add(name, STORE, false, size, appended);
    runtime.block_on(store.close());
    Ok(())
}

/// CPU nanoseconds of all threads an append.
fn appended(runtime: &Runtime, store: &Arc<SledStore>, appends: &Appends) -> Result<f64, Failure> {
    let mut cheapest = f64::INFINITY;
    for _ in 0..3 {
        let before = process_time();
        scan::fill(runtime, store, appends)?;
        let spent = process_time().saturating_sub(before).as_secs_f64() * 1e9;
        cheapest = cheapest.min(spent / appends.events as f64);
    }
    Ok(cheapest)
}

fn loaded(
    store: &dyn EventStore,
    codec: &TicketCodec,
    chosen: &[StreamId],
) -> Result<f64, Failure> {
    let mut reader = codec.reader();
    best(OPERATIONS, || {
        for stream in chosen {
            black_box(reload::load(store, stream, &mut reader)?);
        }
        Ok(())
    })
}

/// One event more for each of these tickets.
fn one_each(streams: &[StreamId], event: &Recorded<TicketEvent>) -> Appends {
    let batch = |ticket| Batch {
        ticket,
        after: 0,
        events: vec![event.clone()],
    };
    Appends {
        streams: streams.to_vec(),
        batches: (0..streams.len()).map(batch).collect(),
        events: streams.len(),
    }
}

/// The limit of a load from a disk: the places of a ticket's commits are known, and the 4 KiB around each
/// are read from a flat file, as a store that keeps commits in the order of their arrival must.
fn from_flat(
    table: &mut Table,
    size: usize,
    (path, flat): (&Path, &Path),
    chosen: &[StreamId],
) -> Result<(), Failure> {
    scan::write_flat(path, flat)?;
    let mut places: BTreeMap<&str, BTreeSet<u64>> = chosen
        .iter()
        .map(|it| (it.as_str(), BTreeSet::new()))
        .collect();
    let mut at = 0;
    limits::read_flat(flat, |commit| {
        if let Some(own) = places.get_mut(commit.stream()) {
            own.insert(at / BLOCK);
        }
        at += commit.as_bytes().len() as u64;
    })?;
    let file = File::open(flat)?;
    let mut block = vec![0; BLOCK as usize];
    let found = best(OPERATIONS, || {
        for stream in chosen {
            for place in places.get(stream.as_str()).into_iter().flatten() {
                let read = file.read_at(&mut block, place * BLOCK)?;
                black_box(crc32c::crc32c(block.get(..read).unwrap_or_default()));
            }
        }
        Ok(())
    })?;
    let name = "the 4 KiB around each event of a ticket, from a flat file";
    table.add(name, STORE, true, size, found);
    Ok(())
}
