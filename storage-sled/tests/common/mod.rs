//! What the tests of this backend share.
#![allow(dead_code, reason = "each test binary uses some of it")]

use std::path::Path;
use std::sync::Arc;

use punctual::event::{CommandId, Expected, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommandDigest, CommandKey, Contiguity, EventStore, Limit,
    ReadError, RecordHead, Records, Sequence, blocking,
};
use punctual::time::Instant;
use punctual_sled::{OpenError, Options, SledStore};

pub(crate) fn stream(name: impl std::fmt::Display) -> StreamId {
    StreamId::new("acme", "ticket", &name.to_string()).unwrap()
}

pub(crate) fn records(payloads: &[Vec<u8>]) -> Records {
    let head = RecordHead {
        kind: 17,
        schema: 1,
        occurred_at: Instant::MIN,
        recorded_at: Instant::MIN,
        subject: None,
        metadata: &[],
    };
    let mut records = Records::new();
    for payload in payloads {
        records.push(&head, payload).unwrap();
    }
    records
}

pub(crate) fn command(id: impl std::fmt::Display, digest: u8) -> CommandKey {
    CommandKey {
        id: CommandId::new(&id.to_string()).unwrap(),
        digest: CommandDigest::new([digest; 16]),
    }
}

pub(crate) fn small() -> Options {
    Options::new()
        .journal_bytes(Options::LEAST_JOURNAL_BYTES)
        .cache_bytes(8 << 20)
}

pub(crate) fn open(directory: &Path) -> Arc<SledStore> {
    small().open(directory).unwrap()
}

pub(crate) fn try_open(directory: &Path) -> Result<Arc<SledStore>, OpenError> {
    small().open(directory)
}

pub(crate) fn append(
    store: &SledStore,
    stream: &StreamId,
    payloads: &[Vec<u8>],
) -> Result<Appended, AppendError> {
    let append = Append::new(stream.clone(), Expected::Any, records(payloads));
    blocking::wait(store.append(append))
}

/// One event as the tests compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) stream: String,
    pub(crate) version: u64,
    pub(crate) offset: u64,
    pub(crate) payload: Vec<u8>,
}

/// Reads a whole partition by pages, guarded.
pub(crate) fn read_all(store: &dyn EventStore, limit: Limit) -> Result<Vec<Event>, ReadError> {
    read_after(store, Offset::START, limit)
}

pub(crate) fn read_after(
    store: &dyn EventStore,
    after: Offset,
    limit: Limit,
) -> Result<Vec<Event>, ReadError> {
    let mut guard = Contiguity::new(PartitionId(0), after);
    let mut events = Vec::new();
    loop {
        let page = blocking::wait(store.read_partition(PartitionId(0), guard.after(), limit))?;
        guard.admit(&page)?;
        events.extend(page.records().map(|record| Event {
            stream: record.stream().to_owned(),
            version: record.version().get(),
            offset: record.position().offset.get(),
            payload: record.payload().to_vec(),
        }));
        if page.is_last() {
            return Ok(events);
        }
    }
}

/// Reads a whole stream by pages, guarded.
pub(crate) fn read_stream(
    store: &dyn EventStore,
    stream: &StreamId,
    limit: Limit,
) -> Result<Vec<Event>, ReadError> {
    let mut guard = Sequence::new(stream.clone(), Version::NONE);
    let mut events = Vec::new();
    loop {
        let page = blocking::wait(store.read_stream(stream, guard.after(), limit))?;
        guard.admit(&page)?;
        events.extend(page.records().map(|record| Event {
            stream: record.stream().to_owned(),
            version: record.version().get(),
            offset: record.position().offset.get(),
            payload: record.payload().to_vec(),
        }));
        if page.is_last() {
            return Ok(events);
        }
    }
}

/// Numbers that look random and are the same every time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
