//! From an export into a store.

use std::io::BufRead;

use super::super::EventStore;
use super::error::RestoreError;
use super::import::{ImportedCommit, JsonLinesReader};

/// What a restore did.
///
/// Streams, versions, times and bytes are those of the export whatever `moved` says: only the place of a
/// commit in the log can be another one, where partitions differ or the store was not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Restored {
    /// How many commits are in the store now.
    pub commits: u64,
    /// How many events.
    pub events: u64,
    /// How many of the commits were there before, by their commands.
    pub replayed: u64,
    /// How many got another partition or offset than they had. Checkpoints of the old log do not
    /// hold for the new one unless this is zero.
    pub moved: u64,
}

/// Appends every commit of an export to a store, each expecting that its stream ends right before.
///
/// The lines are read between appends, on the task's thread: hand in an input that does not block.
///
/// # Errors
/// [`RestoreError`]; what came before is in the store. A commit that is already there is refused
/// (or, with a command, answered as before), so a restore that broke off goes on in an empty store.
pub async fn restore<R: BufRead>(
    store: &dyn EventStore,
    lines: JsonLinesReader<'_, R>,
) -> Result<Restored, RestoreError> {
    let mut restored = Restored::default();
    for commit in lines {
        let ImportedCommit {
            partition,
            offset,
            append,
            ..
        } = commit?;
        let events = append.records.len() as u64;
        let done = store
            .append(append)
            .await
            .map_err(|source| RestoreError::Append {
                partition,
                offset,
                source,
            })?;
        let moved = (done.partition, done.offset) != (partition, offset);
        for (number, more) in [
            (&mut restored.commits, 1),
            (&mut restored.events, events),
            (&mut restored.replayed, u64::from(done.replayed)),
            (&mut restored.moved, u64::from(moved)),
        ] {
            *number = number.saturating_add(more);
        }
    }
    Ok(restored)
}
