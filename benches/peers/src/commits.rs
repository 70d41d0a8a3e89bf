//! Our commits as the data of another store's events: the same bytes, checksums and codec.

use std::hint::black_box;

use punctual::event::{Offset, PartitionId, Version};
use punctual::store::{CommitParts, CommitView, Decoded, TicketCodec, TicketReader, Trace};
use punctual_bench::load::appends::{Appends, Batch};
use punctual_bench::rows::scan::Passed;
use punctual_bench::run::Failure;

/// What a reader must know of every figure that is taken with these.
pub const NOTE: &str = "one of its events holds one of our commits; the same codec";

/// Returns a batch as the bytes of a sealed commit, and its ticket's name.
pub fn sealed<'a>(
    codec: &TicketCodec,
    appends: &'a Appends,
    batch: &Batch,
) -> Result<(&'a str, Vec<u8>), Failure> {
    let stream = appends
        .streams
        .get(batch.ticket)
        .ok_or("a batch of no ticket")?;
    let mut writer = codec.writer();
    for recorded in &batch.events {
        writer.push_recorded(recorded, Trace::NONE)?;
    }
    let parts = CommitParts {
        partition: PartitionId(0),
        offset: Offset::new(1),
        first_version: Version::new(batch.after + 1),
        stream,
        command: None,
        records: writer.records(),
    };
    Ok((stream.as_str(), parts.to_sealed().as_bytes().to_vec()))
}

/// Verifies and decodes the events of one commit, and adds them to what was passed.
pub fn passed(
    bytes: &[u8],
    reader: &mut TicketReader<'_>,
    (count, kinds): &mut Passed,
) -> Result<(), Failure> {
    let (commit, _) = CommitView::verify(bytes).map_err(|_| "a commit came back damaged")?;
    for record in commit.records() {
        if let Decoded::Known(recorded) = reader.decode(&record)? {
            *count += 1;
            *kinds += u64::from(black_box(&recorded).event.kind().number());
        }
    }
    Ok(())
}
