//! Snapshots in the tree. They are not synced by themselves: losing one changes no result.
//!
//! A snapshot is a cache: it may be missing, old, half written or damaged, and in each case the engine folds the
//! ticket's events from the start and gets the same state. So a save is not atomic and not synced, and a load that
//! finds bytes that do not check says that there is none.

use std::sync::PoisonError;

use punctual::event::StreamId;
use punctual::store::{Place, ReadError, Snapshot};

use crate::block::PART;
use crate::keys;
use crate::shared::Shared;
use crate::table::TableError;

/// The largest state that is kept; the engine folds a larger one from the start.
pub(crate) const MOST_BYTES: usize = 4 << 20;

/// Puts the parts together and answers them if they check. Whatever else is there counts as none.
pub(crate) fn load(
    shared: &Shared,
    stream: &StreamId,
    fold: u32,
) -> Result<Option<Snapshot>, ReadError> {
    let prefix = keys::snapshot(stream.as_str(), fold);
    let mut bytes = Vec::new();
    for pair in shared.table.from(&prefix) {
        match pair {
            Ok((key, part)) if key.starts_with(&prefix) => bytes.extend_from_slice(&part),
            Ok(_) => break,
            // A damaged one is none.
            Err(TableError::Corrupt(_)) => return Ok(None),
            Err(error) => return Err(at(stream)(error)),
        }
    }
    Ok(Snapshot::from_bytes(stream, fold, &bytes).ok())
}

/// A later snapshot that is there already stays: two engines may save in any order.
///
/// The old parts go before the new ones come, so that a shorter state is not read with the end of a longer one. A
/// reader in between finds too few parts, whose checksum does not fit, and is told that there is none.
pub(crate) fn save(
    shared: &Shared,
    stream: &StreamId,
    fold: u32,
    snapshot: &Snapshot,
) -> Result<(), ReadError> {
    writable(shared)?;
    let _one = shared
        .snapshots
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let kept = load(shared, stream, fold)?;
    if kept.is_some_and(|kept| kept.version > snapshot.version) {
        return Ok(());
    }
    let prefix = keys::snapshot(stream.as_str(), fold);
    remove(shared, &prefix)?;
    let bytes = snapshot.to_bytes(stream, fold);
    if bytes.len() > MOST_BYTES {
        return Ok(());
    }
    for (number, part) in (0_u16..).zip(bytes.chunks(PART)) {
        let mut key = prefix.clone();
        key.extend_from_slice(&number.to_be_bytes());
        shared.table.insert(&key, part).map_err(at(stream))?;
    }
    Ok(())
}

/// Forgets the snapshots of one stream or of all, durably: whoever deletes may have to.
pub(crate) fn delete(shared: &Shared, stream: Option<&StreamId>) -> Result<(), ReadError> {
    writable(shared)?;
    let _one = shared
        .snapshots
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let prefix = stream.map_or_else(|| b"N".to_vec(), |stream| keys::snapshots(stream.as_str()));
    remove(shared, &prefix)?;
    shared
        .table
        .sync()
        .map_err(|error| error.at(Place::default()))
}

/// Removes every key that begins so. The name's end is in the prefix, so `T-1` does not take `T-10` with it.
fn remove(shared: &Shared, prefix: &[u8]) -> Result<(), ReadError> {
    for pair in shared.table.from(prefix) {
        let (key, _) = pair.map_err(|error| error.at(Place::default()))?;
        if !key.starts_with(prefix) {
            break;
        }
        shared
            .table
            .remove(&key)
            .map_err(|error| error.at(Place::default()))?;
    }
    Ok(())
}

/// A poisoned store keeps no snapshots either: they could be of commits that are not there after a reopen.
fn writable(shared: &Shared) -> Result<(), ReadError> {
    shared.poisoned().map_or(Ok(()), |reason| {
        Err(ReadError::Poisoned {
            reason: reason.to_owned(),
        })
    })
}

fn at(stream: &StreamId) -> impl Fn(TableError) -> ReadError {
    let place = Place::default().of_stream(stream.clone());
    move |error| error.at(place.clone())
}
