//! Records as bytes, and appends to and reads from memory.
//!
//! Run with `cargo bench -p punctual-bench --bench store`. The event is a reply with one text of 12
//! bytes and an actor of 6, a plausible mean. Every checksum is of what was written, and is worked
//! out from the numbers that the events were made from.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use punctual::event::{Expected, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, Commits, DecodeError, EncodeError, EventStore, Limit, RecordHead, Records, SchemaId,
    SealedCommit, blocking, decode_payload, encode_payload,
};
use punctual::time::Instant;
use punctual_bench::{cpu_time, headline, measure, note};
use punctual_memory::MemoryStore;
use serde::{Deserialize, Serialize};

type Failure = Box<dyn std::error::Error>;

const EVENTS: usize = 1 << 14;
const ID: SchemaId = SchemaId {
    kind: 17,
    schema: 1,
};
const METADATA: &[u8] = b"\x01\x06u-0017";

#[derive(Serialize, Deserialize)]
struct Reply<'a> {
    number: u32,
    automatic: bool,
    #[serde(borrow)]
    text: &'a str,
}

fn main() -> Result<(), Failure> {
    headline("records, CPU time an event");
    encoding()?;
    decoding()?;
    headline("memory backend, CPU time");
    appends()?;
    reads()?;
    headline("the port, CPU time a call");
    port()?;
    headline("memory backend, readers side by side");
    side_by_side()
}

/// What every checksum here adds up to for `events` events numbered from 0.
fn sum(events: usize) -> u64 {
    (0..events as u64).sum()
}

fn push(records: &mut Records, number: u32) -> Result<(), EncodeError> {
    let at = Instant::from_micros(1_700_000_000_000_000 + i64::from(number));
    let at = at.unwrap_or(Instant::MIN);
    let head = RecordHead {
        kind: ID.kind,
        schema: ID.schema,
        occurred_at: at,
        recorded_at: at,
        subject: None,
        metadata: METADATA,
    };
    let reply = Reply {
        number,
        automatic: false,
        text: "twelve bytes",
    };
    records.push_with(&head, |out| encode_payload(&reply, out))
}

fn batch(numbers: std::ops::Range<u32>) -> Result<Records, EncodeError> {
    let mut records = Records::new();
    for number in numbers {
        push(&mut records, number)?;
    }
    Ok(records)
}

fn encoding() -> Result<(), Failure> {
    let one = batch(16_383..16_384)?;
    note("bytes of one record", one.as_bytes().len());
    let bytes = batch(0..EVENTS as u32)?.as_bytes().len() as u64;
    let mut records = Records::with_capacity(bytes as usize);
    measure("encode an event into a record", EVENTS, bytes, || {
        records.clear();
        for number in 0..EVENTS as u32 {
            let pushed = push(&mut records, black_box(number));
            assert!(pushed.is_ok(), "an event was not encoded");
        }
        records.as_bytes().len() as u64
    });
    Ok(())
}

fn commit_of(stream: &StreamId, records: Records, number: u64) -> SealedCommit {
    let append = Append::new(stream.clone(), Expected::Any, records);
    let (offset, version) = (Offset::new(number + 1), Version::new(number + 1));
    append.stamped(PartitionId(0), offset, version).to_sealed()
}

fn decoded(commits: &Commits) -> Result<u64, DecodeError> {
    let mut sum = 0;
    for record in commits.records() {
        let reply: Reply<'_> = decode_payload(ID, record.payload())?;
        sum += u64::from(reply.number) + reply.text.len() as u64 - 12;
    }
    Ok(sum)
}

fn decoding() -> Result<(), Failure> {
    let stream = StreamId::new("acme", "ticket", "T-1")?;
    let mut small = Commits::new();
    let mut sealed = Vec::new();
    for number in 0..EVENTS as u32 {
        let commit = commit_of(&stream, batch(number..number + 1)?, u64::from(number));
        small.push(&commit);
        sealed.push(commit);
    }
    let mut large = Commits::new();
    for number in (0..EVENTS as u32).step_by(64) {
        let records = batch(number..number + 64)?;
        large.push(&commit_of(&stream, records, u64::from(number)));
    }
    note("bytes an event, commits of 1", small.bytes() / EVENTS);
    note("bytes an event, commits of 64", large.bytes() / EVENTS);
    for (name, commits) in [("commits of 1", &small), ("commits of 64", &large)] {
        let named = format!("decode borrowed, {name}");
        measure(&named, EVENTS, sum(EVENTS), || {
            decoded(black_box(commits)).unwrap_or_default()
        });
        let named = format!("skip by kind, {name}");
        measure(&named, EVENTS, EVENTS as u64, || {
            let records = black_box(commits).records();
            records.filter(|record| record.kind() != 99).count() as u64
        });
    }
    measure(
        "verify and copy, commits of 1",
        EVENTS,
        EVENTS as u64,
        || {
            let mut commits = Commits::with_capacity(small.bytes());
            for commit in &sealed {
                assert!(commits.push_bytes(commit.as_bytes()).is_ok(), "damaged");
            }
            commits.events() as u64
        },
    );
    Ok(())
}

fn names(count: usize) -> Result<Vec<StreamId>, Failure> {
    (0..count)
        .map(|number| Ok(StreamId::new("acme", "ticket", &format!("T-{number}"))?))
        .collect()
}

/// Encodes and appends `EVENTS` events to 256 streams in batches, each at its expected version.
fn append_all(store: &dyn EventStore, streams: &[StreamId], size: usize) -> Result<u64, Failure> {
    let mut versions = vec![0_u64; streams.len()];
    for (turn, number) in (0..EVENTS as u32).step_by(size).enumerate() {
        let which = turn % streams.len();
        let mut records = Records::with_capacity(80 * size);
        for event in number..number + size as u32 {
            push(&mut records, event)?;
        }
        let expected = Expected::Exactly(Revision::new(Version::new(versions[which])));
        let append = Append::new(streams[which].clone(), expected, records);
        let appended = blocking::wait(store.append(append))?;
        versions[which] = appended.revision.version().get();
    }
    Ok(versions.iter().sum())
}

fn appends() -> Result<(), Failure> {
    let streams = names(256)?;
    for size in [1, 4, 64] {
        let name = format!("encode and append, version checked, by {size}");
        measure(&name, EVENTS, EVENTS as u64, || {
            let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
            append_all(store.as_ref(), &streams, size).unwrap_or_default()
        });
    }
    // A store that lives on, so that its making and its end are not in the figure.
    let store = MemoryStore::new();
    let one = names(1)?;
    measure(
        "append alone, to one long stream, by 1",
        EVENTS,
        EVENTS as u64,
        || {
            let Ok(records) = batch(0..1) else { return 0 };
            let append = Append::new(one[0].clone(), Expected::Any, records);
            let done = (0..EVENTS).filter(|_| blocking::wait(store.append(append.clone())).is_ok());
            done.count() as u64
        },
    );
    Ok(())
}

fn filled(streams: &[StreamId], events: u32) -> Result<MemoryStore, Failure> {
    let store = MemoryStore::new();
    for number in 0..events {
        let stream = &streams[number as usize % streams.len()];
        let append = Append::new(stream.clone(), Expected::Any, batch(number..number + 1)?);
        blocking::wait(store.append(append))?;
    }
    Ok(store)
}

fn whole_log(store: &dyn EventStore) -> Result<u64, Failure> {
    let (mut after, mut found) = (Offset::START, 0);
    loop {
        let page = blocking::wait(store.read_partition(PartitionId(0), after, Limit::default()))?;
        found += decoded(&page.commits)?;
        if page.is_last() {
            return Ok(found);
        }
        after = page.next;
    }
}

fn reads() -> Result<(), Failure> {
    let streams = names(512)?;
    let store: Arc<dyn EventStore> = Arc::new(filled(&streams, EVENTS as u32)?);
    measure(
        "reload a ticket of 32 events, decoded",
        EVENTS,
        sum(EVENTS),
        || {
            let mut found = 0;
            for stream in &streams {
                let page = store.read_stream(stream, Version::NONE, Limit::default());
                let page = blocking::wait(page).ok();
                let sum = page.map(|page| decoded(&page.commits).unwrap_or_default());
                found += sum.unwrap_or_default();
            }
            found
        },
    );
    measure(
        "read the log in pages of 1,000, decoded",
        EVENTS,
        sum(EVENTS),
        || whole_log(store.as_ref()).unwrap_or_default(),
    );
    Ok(())
}

/// What the port itself costs: a call through the vtable, its boxed future, and one poll. `head`
/// does nothing else than load a number.
fn port() -> Result<(), Failure> {
    const BATCH: f64 = 64.0;
    let streams = names(1)?;
    let store = filled(&streams, 64)?;
    let head = blocking::wait(store.head(PartitionId(0)))?.get();
    let expected = head * EVENTS as u64;
    let call = |store: &dyn EventStore| {
        let head = blocking::wait(black_box(store).head(PartitionId(0)));
        head.map_or(0, Offset::get)
    };
    let figures = measure("a call through dyn", EVENTS, expected, || {
        (0..EVENTS).map(|_| call(&store)).sum()
    });
    let on_each = figures.median / BATCH;
    note(
        "of it on an event, in batches of 64, ns",
        format!("{on_each:.2}"),
    );
    Ok(())
}

/// Readers of one log for a while, alone and two at once, and beside a writer: how many events each
/// gets through in a second of its own CPU time. Readers that share nothing keep their pace; what
/// they write to in common would slow them down, since its cache line goes to and fro. Waiting for
/// one another would show on the wall: there two readers get through more than one only as far as
/// the machine has two processors free.
fn side_by_side() -> Result<(), Failure> {
    let streams = names(512)?;
    for (name, readers, writer) in [
        ("one reader", 1, false),
        ("two readers together", 2, false),
        ("one reader beside a writer", 1, true),
    ] {
        let Pace { own, wall } = race(&streams, readers, writer)?;
        note(&format!("events a CPU second, each, {name}"), own);
        note(&format!("events a second on the wall, {name}"), wall);
    }
    Ok(())
}

/// Events a second.
struct Pace {
    /// Of each reader's CPU time.
    own: u64,
    /// Of all readers, by the clock on the wall.
    wall: u64,
}

fn race(streams: &[StreamId], readers: usize, writer: bool) -> Result<Pace, Failure> {
    const PERIOD: Duration = Duration::from_millis(400);
    let store = Arc::new(filled(streams, EVENTS as u32)?);
    let (stop, read, spent) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| {
                let (before, mut events) = (cpu_time(), 0_u64);
                while !stop.load(Ordering::Relaxed) {
                    let page =
                        store.read_partition(PartitionId(0), Offset::START, Limit::events(EVENTS));
                    let page = blocking::wait(page);
                    events += page.map_or(0, |page| page.commits.events()) as u64;
                }
                let micros = cpu_time().saturating_sub(before).as_micros();
                read.fetch_add(events, Ordering::Relaxed);
                spent.fetch_add(u64::try_from(micros).unwrap_or(u64::MAX), Ordering::Relaxed);
            });
        }
        if writer {
            scope.spawn(|| {
                let Ok(records) = batch(0..1) else { return };
                let append = Append::new(streams[0].clone(), Expected::Any, records);
                while !stop.load(Ordering::Relaxed) {
                    let appended = blocking::wait(store.append(append.clone()));
                    assert!(appended.is_ok(), "an append failed");
                }
            });
        }
        std::thread::sleep(PERIOD);
        stop.store(true, Ordering::Relaxed);
    });
    let read = read.load(Ordering::Relaxed);
    Ok(Pace {
        own: read * 1_000_000 / spent.load(Ordering::Relaxed).max(1),
        wall: read * 1_000 / u64::try_from(PERIOD.as_millis())?,
    })
}
