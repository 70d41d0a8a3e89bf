//! Loading tickets from a store in memory: read, verified, decoded, folded.

use std::hint::black_box;
use std::sync::Arc;

use punctual::event::{Offset, PartitionId, StreamId, Version};
use punctual::store::{EventStore, Limit, Sequence, TicketCodec, TicketReader, blocking};
use punctual::ticket::Ticket;
use punctual_memory::MemoryStore;

use super::fold;
use crate::figure::Against;
use crate::load::appends::Appends;
use crate::load::tickets::{self, digest};
use crate::measure::checksum;
use crate::run::{Failure, Run};

/// The case that peers have figures of.
pub const CASE: &str = "load every ticket, an event a commit";

/// The case of reading everything that peers have figures of.
pub const WHOLE: &str = "read the whole log in pages, by kind";

/// Loads one ticket.
///
/// # Errors
/// When the store does not answer, or answers with a hole.
pub fn load(
    store: &dyn EventStore,
    stream: &StreamId,
    reader: &mut TicketReader<'_>,
) -> Result<Ticket, Failure> {
    let mut guard = Sequence::new(stream.clone(), Version::NONE);
    let mut ticket = Ticket::default();
    loop {
        let page = store.read_stream(stream, guard.after(), Limit::default());
        let page = blocking::wait(page)?;
        guard.admit(&page)?;
        for record in page.records() {
            reader.fold(&record, &mut ticket)?;
        }
        if page.is_last() {
            return Ok(ticket);
        }
    }
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    let codec = TicketCodec::new();
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    let appends = Appends::of(&histories, 1)?;
    appends.to(&*store, &codec)?;
    let log = tickets::encode(&codec, &histories)?;
    let expected = fold::expected(&histories);
    let (mut reader, mut plain) = (codec.reader(), codec.reader());
    run.cpu(CASE, appends.events)
        .ours(expected, || {
            black_box(&appends.streams).iter().fold(0, |sum, stream| {
                let ticket = load(&*store, stream, &mut reader).unwrap_or_default();
                checksum(sum, digest(&ticket))
            })
        })
        .limit(
            "the same bytes in one piece, decoded and folded",
            expected,
            || {
                black_box(&log).iter().fold(0, |sum, commit| {
                    let mut ticket = Ticket::default();
                    for record in commit.records() {
                        if plain.fold(&record, &mut ticket).is_err() {
                            return 0;
                        }
                    }
                    checksum(sum, digest(&ticket))
                })
            },
        )
        .target(Against::Crates, "eventually", 2.0)
        .target(Against::Number, "", 45.0);
    whole_log(run, &*store, appends.events)
}

/// The log in pages, in the order in which it was written.
fn whole_log(run: &mut Run, store: &dyn EventStore, events: usize) -> Result<(), Failure> {
    let kinds = || -> Result<(u64, usize), Failure> {
        let (mut after, mut sum, mut bytes) = (Offset::START, 0, 0);
        loop {
            let page = store.read_partition(PartitionId(0), after, Limit::default());
            let page = blocking::wait(page)?;
            let kinds = page.records().map(|record| u64::from(record.kind()));
            sum += kinds.sum::<u64>();
            bytes += page.commits.bytes();
            if page.is_last() {
                return Ok((sum, bytes));
            }
            after = page.next;
        }
    };
    let (expected, bytes) = kinds()?;
    let (from, mut into) = (vec![7_u8; bytes], vec![0_u8; bytes]);
    run.cpu(WHOLE, events)
        .ours(expected, || kinds().map_or(0, |(sum, _)| sum))
        .limit("as many bytes copied", 7, || {
            into.copy_from_slice(black_box(&from));
            u64::from(black_box(&into).last().copied().unwrap_or_default())
        });
    Ok(())
}
