//! Reading a store on a disk: everything, one ticket, opening, and how many bytes it takes.

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use punctual::event::Expected;
use punctual::event::{Offset, PartitionId};
use punctual::store::{
    Append, Decoded, EventStore, Limit, TicketCodec, TicketReader, Trace, blocking,
};
use punctual_sled::{Options, SledStore};
use tokio::runtime::Runtime;

use super::reload;
use crate::figure::{Against, Side, Unit};
use crate::limits;
use crate::load::appends::{Appends, Batch};
use crate::load::tickets::{self, digest, folded};
use crate::load::writers;
use crate::measure::{Rounds, Spread, process_time, random};
use crate::run::{Failure, Run};

/// How the log was written.
pub const KINDS: [(&str, usize); 2] = [("an event a commit", 1), ("64 events a commit", 64)];

/// How many events the store has.
#[must_use]
pub fn events(settings: &crate::run::Settings) -> usize {
    match (settings.quick, settings.whole) {
        (true, _) => settings.size,
        (false, false) => settings.size.max(1_000_000),
        (false, true) => settings.size.max(10_000_000),
    }
}

/// Returns the name of the case of decoding everything.
#[must_use]
pub fn decoded_name(events: usize, kind: &str) -> String {
    format!("read everything, decoded, {events} events, {kind}")
}

/// Returns the name of the case of bytes on the disk.
#[must_use]
pub fn bytes_name(events: usize, kind: &str) -> String {
    format!("bytes on the disk an event, {events} events, {kind}")
}

/// Returns the name of the case of opening.
#[must_use]
pub fn open_name(events: usize, kind: &str) -> String {
    format!("open after a clean close, {events} events, {kind}")
}

/// What a pass over the log comes to: how many events, and the sum of their kinds.
pub type Passed = (u64, u64);

/// Returns what a pass over these appends must come to.
#[must_use]
pub fn expected(appends: &Appends) -> Passed {
    let events = appends.batches.iter().flat_map(|batch| &batch.events);
    events.fold((0, 0), |(count, kinds), event| {
        (count + 1, kinds + u64::from(event.event.kind().number()))
    })
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let runtime = writers::runtime()?;
    let histories = tickets::bare(events(run.settings()))?;
    for (name, most) in KINDS {
        let appends = Appends::of(&histories, most)?;
        let place = tempfile::tempdir_in(&run.settings().directory)?;
        store(run, &runtime, place.path(), name, &appends)?;
        if most == 1 {
            let ticket = histories.first().map(folded).unwrap_or_default();
            reloads(run, place.path(), &appends, digest(&ticket))?;
            killed(run, &runtime, place.path(), appends.events)?;
        }
    }
    Ok(())
}

/// Writes everything with many writers, each ticket's batches in their order.
///
/// # Errors
/// When the store does not answer.
pub fn fill(runtime: &Runtime, store: &Arc<SledStore>, appends: &Appends) -> Result<(), Failure> {
    const WRITERS: usize = 256;
    let mut of_writer: Vec<Vec<(punctual::event::StreamId, Batch)>> = vec![Vec::new(); WRITERS];
    for batch in &appends.batches {
        let stream = appends
            .streams
            .get(batch.ticket)
            .ok_or("a batch of no ticket")?;
        if let Some(own) = of_writer.get_mut(batch.ticket % WRITERS) {
            own.push((stream.clone(), batch.clone()));
        }
    }
    let codec = Arc::new(TicketCodec::new());
    let mut tasks = Vec::new();
    for own in of_writer {
        let (store, codec) = (Arc::clone(store), Arc::clone(&codec));
        tasks.push(runtime.spawn(async move {
            for (stream, batch) in own {
                let records = {
                    let mut writer = codec.writer();
                    for recorded in &batch.events {
                        writer.push_recorded(recorded, Trace::NONE)?;
                    }
                    writer.take()
                };
                let append = Append::new(stream, Expected::Any, records);
                store.append(append).await?;
            }
            Ok::<(), Failure>(())
        }));
    }
    for task in tasks {
        runtime.block_on(task)??;
    }
    Ok(())
}

/// Decodes every event of the store, in the log's order.
fn pass(store: &SledStore, reader: &mut TicketReader<'_>) -> Result<Passed, Failure> {
    let (mut count, mut kinds, mut after) = (0, 0, Offset::START);
    loop {
        let page = store.read_partition(PartitionId(0), after, Limit::events(4_096));
        let page = blocking::wait(page)?;
        for record in page.records() {
            if let Decoded::Known(recorded) = reader.decode(&record)? {
                count += 1;
                kinds += u64::from(black_box(&recorded).event.kind().number());
            }
        }
        after = page.next;
        if page.is_last() {
            return Ok((count, kinds));
        }
    }
}

/// Walks over every event of the store without decoding it.
fn walk(store: &SledStore) -> Result<Passed, Failure> {
    let (mut count, mut kinds, mut after) = (0, 0, Offset::START);
    loop {
        let page = store.read_partition(PartitionId(0), after, Limit::events(4_096));
        let page = blocking::wait(page)?;
        for record in page.records() {
            count += 1;
            kinds += u64::from(record.kind());
        }
        after = page.next;
        if page.is_last() {
            return Ok((count, kinds));
        }
    }
}

fn pass_flat(path: &Path, reader: &mut TicketReader<'_>, decoded: bool) -> Result<Passed, Failure> {
    let (mut count, mut kinds) = (0, 0);
    limits::read_flat(path, |commit| {
        for record in commit.records() {
            if !decoded {
                count += 1;
                kinds += u64::from(record.kind());
            } else if let Ok(Decoded::Known(recorded)) = reader.decode(&record) {
                count += 1;
                kinds += u64::from(black_box(&recorded).event.kind().number());
            }
        }
    })?;
    Ok((count, kinds))
}

/// CPU nanoseconds an event, and wall nanoseconds, of one pass.
fn timed(
    events: usize,
    expected: Passed,
    work: impl FnOnce() -> Result<Passed, Failure>,
) -> Result<(f64, f64), Failure> {
    let (begin, before) = (Instant::now(), process_time());
    let found = work()?;
    let (spent, wall) = (process_time().saturating_sub(before), begin.elapsed());
    if found != expected {
        return Err(format!("a pass came to {found:?} instead of {expected:?}").into());
    }
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e9 / events as f64;
    Ok((each(spent), each(wall)))
}

#[derive(Default)]
struct Times {
    open: Vec<f64>,
    decoded: Vec<f64>,
    walked: Vec<f64>,
    flat_decoded: Vec<f64>,
    flat_walked: Vec<f64>,
}

fn store(
    run: &mut Run,
    runtime: &Runtime,
    place: &Path,
    name: &str,
    appends: &Appends,
) -> Result<(), Failure> {
    let (path, flat) = (place.join("store"), place.join("flat"));
    crate::progress(&format!(
        "scan: {name}: {} events are written",
        appends.events
    ));
    let store = Options::new().open(&path)?;
    fill(runtime, &store, appends)?;
    runtime.block_on(store.close());
    drop(store);
    let tree = limits::on_disk(&path.join("sled"))? as f64 / appends.events as f64;
    let bytes = write_flat(&path, &flat)? as f64 / appends.events as f64;
    let (codec, expected, mut times) = (TicketCodec::new(), expected(appends), Times::default());
    let rounds: Rounds = run.settings().rounds;
    for round in 0..rounds.least {
        crate::progress(&format!("scan: {name}: pass {}", round + 1));
        let begin = Instant::now();
        let store = Options::new().open(&path)?;
        times.open.push(begin.elapsed().as_secs_f64() * 1e9);
        let (events, mut reader) = (appends.events, codec.reader());
        times
            .decoded
            .push(timed(events, expected, || pass(&store, &mut reader))?.0);
        times
            .walked
            .push(timed(events, expected, || walk(&store))?.0);
        times
            .flat_decoded
            .push(timed(events, expected, || pass_flat(&flat, &mut reader, true))?.0);
        times
            .flat_walked
            .push(timed(events, expected, || pass_flat(&flat, &mut reader, false))?.0);
        runtime.block_on(store.close());
    }
    tell(run, name, appends, &times, (tree, bytes));
    Ok(())
}

fn tell(run: &mut Run, name: &str, appends: &Appends, times: &Times, (tree, flat): (f64, f64)) {
    let spread = |times: &[f64]| Spread::of(times.to_vec(), true);
    let size = format!("{} events, {name}", appends.events);
    run.cpu(&decoded_name(appends.events, name), appends.events)
        .figure(Side::Ours, "punctual-sled", spread(&times.decoded))
        .figure(
            Side::Limit,
            "a flat file, decoded",
            spread(&times.flat_decoded),
        )
        .note("all threads; the files are in the page cache, the store's own cache is cold")
        .target(Against::Limit, "a flat file", 0.5)
        .target(Against::Crates, "tephra", 2.0)
        .target(Against::Number, "", 80.0);
    run.cpu(
        &format!("read everything, by kind alone, {size}"),
        appends.events,
    )
    .figure(Side::Ours, "punctual-sled", spread(&times.walked))
    .figure(
        Side::Limit,
        "a flat file, by kind alone",
        spread(&times.flat_walked),
    )
    .target(Against::Number, "", 25.0);
    run.case(&open_name(appends.events, name), Unit::WallNanos, 1)
        .figure(Side::Ours, "punctual-sled", spread(&times.open))
        .target(Against::Number, "", 100e6);
    run.case(&bytes_name(appends.events, name), Unit::Bytes, 1)
        .number(Side::Ours, "punctual-sled", tree)
        .number(Side::Limit, "a flat file of the same commits", flat)
        .note("without the two journal files, which have a fixed size");
}

/// Writes the store's commits one behind the other; returns how many bytes they are.
pub(in crate::rows) fn write_flat(path: &Path, flat: &Path) -> Result<u64, Failure> {
    let salvaged = punctual_sled::salvage(path)?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(flat)?);
    let mut bytes = 0;
    for commit in salvaged.commits() {
        out.write_all(commit.as_bytes())?;
        bytes += commit.as_bytes().len() as u64;
    }
    out.flush()?;
    Ok(bytes)
}

/// Tickets at random, each for the first time and then again.
fn reloads(run: &mut Run, place: &Path, appends: &Appends, first: u64) -> Result<(), Failure> {
    const TICKETS: usize = 2_000;
    let store = Options::new().open(place.join("store"))?;
    let codec = TicketCodec::new();
    let mut reader = codec.reader();
    let model = appends.streams.first().ok_or("no ticket")?;
    if digest(&reload::load(&*store, model, &mut reader)?) != first {
        return Err("a ticket is loaded otherwise than it was written".into());
    }
    for which in ["for the first time", "again"] {
        let (mut times, mut state) = (Vec::with_capacity(TICKETS), 99);
        for _ in 0..TICKETS {
            let place = random(&mut state) % appends.streams.len() as u64;
            let stream = appends.streams.get(place as usize).ok_or("no ticket")?;
            let begin = Instant::now();
            let ticket = reload::load(&*store, stream, &mut reader)?;
            times.push(begin.elapsed().as_secs_f64() * 1e9);
            black_box(ticket);
        }
        let mean = appends.events as f64 / appends.streams.len() as f64;
        let name = format!("load a ticket of {mean:.1} events at random, {which}");
        run.case(&name, Unit::WallNanos, TICKETS).figure(
            Side::Ours,
            "punctual-sled",
            Spread::of(times, true),
        );
    }
    Ok(())
}

/// Opens a copy of the files as a kill leaves them, with half a journal file unsettled.
fn killed(run: &mut Run, runtime: &Runtime, place: &Path, events: usize) -> Result<(), Failure> {
    let (path, copy) = (place.join("store"), place.join("copy"));
    let store = Options::new().open(&path)?;
    let more = Appends::of(&tickets::spoken(20_000)?, 1)?;
    fill(runtime, &store, &more)?;
    copy_all(&path, &copy)?;
    let head = blocking::wait(store.head(PartitionId(0)))?;
    let begin = Instant::now();
    let reopened = Options::new().open(&copy)?;
    let took = begin.elapsed().as_secs_f64() * 1e9;
    if blocking::wait(reopened.head(PartitionId(0)))? != head {
        return Err("a kill lost commits".into());
    }
    run.case(
        &format!("open after a kill, {events} events"),
        Unit::WallNanos,
        1,
    )
    .number(Side::Ours, "punctual-sled", took);
    runtime.block_on(reopened.close());
    runtime.block_on(store.close());
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
