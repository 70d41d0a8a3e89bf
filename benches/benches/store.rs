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
use punctual_bench::{headline, measure, note};
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

/// Readers of one log for a while, alone and two at once, and beside a writer. What is told is how
/// many events each got through, as parts of what one got through alone.
fn side_by_side() -> Result<(), Failure> {
    let streams = names(512)?;
    let one = race(&streams, 1, false)?;
    let two = race(&streams, 2, false)?;
    let beside = race(&streams, 1, true)?;
    note("events a second, one reader", one);
    note("events a second, two readers together", two);
    note("events a second, one reader beside a writer", beside);
    Ok(())
}

fn race(streams: &[StreamId], readers: usize, writer: bool) -> Result<u64, Failure> {
    const PERIOD: Duration = Duration::from_millis(400);
    let store = Arc::new(filled(streams, EVENTS as u32)?);
    let (stop, read) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let page =
                        store.read_partition(PartitionId(0), Offset::START, Limit::events(EVENTS));
                    let page = blocking::wait(page);
                    let events = page.map_or(0, |page| page.commits.events());
                    read.fetch_add(events as u64, Ordering::Relaxed);
                }
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
    let millis = u64::try_from(PERIOD.as_millis())?;
    Ok(read.load(Ordering::Relaxed) * 1_000 / millis)
}
