//! What the tests of the codec share: arbitrary events, records out of bytes, a plain store.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod events;
pub(crate) mod plain;

use punctual::event::{Offset, PartitionId, StreamId, Version};
use punctual::store::{CommitParts, RecordHead, RecordView, Records, SealedCommit};
use punctual::time::Instant;

pub(crate) fn stream() -> StreamId {
    StreamId::new("acme", "ticket", "T-1").unwrap()
}

/// Returns the records as the first commit of a stream.
pub(crate) fn seal(records: &Records) -> SealedCommit {
    CommitParts {
        partition: PartitionId(0),
        offset: Offset::new(1),
        first_version: Version::FIRST,
        stream: &stream(),
        command: None,
        records,
    }
    .to_sealed()
}

/// Shows a record of these parts, without subject.
pub(crate) fn with_record<R>(
    (kind, schema): (u16, u16),
    metadata: &[u8],
    payload: &[u8],
    look: impl FnOnce(RecordView<'_>) -> R,
) -> R {
    let head = RecordHead {
        kind,
        schema,
        occurred_at: Instant::MIN,
        recorded_at: Instant::MAX,
        subject: None,
        metadata,
    };
    let mut records = Records::new();
    records.push(&head, payload).unwrap();
    let commit = seal(&records);
    let record = commit.view().unwrap().records().next().unwrap();
    look(record)
}
