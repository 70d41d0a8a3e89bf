//! Walking everything.
//!
//! Three walks that check each other. The log alone cannot tell that an index entry is missing, and the index alone cannot
//! tell that a commit is. Counting events, commits and commands in both settles it: an entry that leads
//! to the right commit and no entry too few is an index that is right.
//!
//! The tail is not walked: those commits were verified when the journal was replayed or came from the writer.
//! Time and reads are in proportion to the log; memory does not grow with it.

use std::collections::BTreeMap;

use punctual::event::{Offset, PartitionId, Version};
use punctual::store::{CommitView, Damage, Place, ReadError};

use crate::read::{Fetched, corrupt, read_command};
use crate::shared::Shared;
use crate::{chapter, keys};

/// What was found to be sound. Answered by [`SledStore::verify`](crate::SledStore::verify).
///
/// The numbers are those of the log, and the index was found to lead to exactly as many. They are also what to
/// compare with another copy: an export has as many commits and events.
///
/// ```
/// # let directory = tempfile::tempdir()?;
/// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
/// let found = store.verify()?;
/// println!("{} events in {} commits of {} streams", found.events, found.commits, found.streams);
/// assert_eq!((found.events, found.commands), (0, 0)); // a new one
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Verified {
    /// How many streams there are.
    pub streams: u64,
    /// How many commits, in all partitions together: the sum of their heads.
    pub commits: u64,
    /// How many events: the sum of all streams' versions.
    pub events: u64,
    /// How many commands are remembered: one for each commit that was the answer to one.
    pub commands: u64,
}

/// Walks log, index and commands up to what is settled now.
///
/// Every commit of the log is verified and must follow on the one before it. Every entry of the index must
/// lead to a commit of its stream, at the version that comes next. Both have the same number of events,
/// so they hold the same ones. Commands likewise.
pub(crate) fn verify(shared: &Shared) -> Result<Verified, ReadError> {
    let settled: Vec<Offset> = {
        let tail = shared.tail();
        shared
            .partitions
            .iter()
            .map(|partition| tail.settled(partition))
            .collect()
    };
    let mut log = Verified::default();
    for partition in shared.partitions.iter() {
        let until = settled
            .get(usize::from(partition.0))
            .copied()
            .unwrap_or_default();
        walk_log(shared, (partition, until), &mut log)?;
    }
    let index = walk_index(shared, &settled)?;
    let commands = walk_commands(shared, &settled)?;
    for (what, found, logged) in [
        ("events", index.events, log.events),
        ("commits", index.commits, log.commits),
        ("commands", commands, log.commands),
    ] {
        if found != logged {
            let reason = format!("the log has {logged} {what} and the index leads to {found}");
            return Err(corrupt(Place::default(), Damage::Medium { reason }));
        }
    }
    Ok(Verified {
        streams: index.streams,
        ..log
    })
}

/// The first walk: every block in order, every commit verified whole, each offset the next one.
fn walk_log(
    shared: &Shared,
    (partition, until): (PartitionId, Offset),
    log: &mut Verified,
) -> Result<(), ReadError> {
    let mut wanted = Offset::START.next();
    let place = |offset| Place::commit(partition, offset);
    for pair in shared.table.from(&keys::log(partition, wanted, 0)) {
        if wanted > until {
            return Ok(());
        }
        let (key, value) = pair.map_err(|error| error.at(place(wanted)))?;
        let Some((found, first, part)) =
            keys::read_log(&key).filter(|(found, ..)| *found == partition)
        else {
            break;
        };
        if part > 0 {
            continue;
        }
        if first != wanted {
            return Err(corrupt(place(wanted), Damage::Missing));
        }
        let block = Fetched::complete(&shared.table, (found, first), value)?;
        for index in 0..block.len() {
            let bytes = block.commit(index).unwrap_or_default();
            let (commit, rest) =
                CommitView::verify(bytes).map_err(|damage| corrupt(place(wanted), damage))?;
            if !rest.is_empty() || (commit.partition(), commit.offset()) != (partition, wanted) {
                return Err(corrupt(place(wanted), Damage::Seal));
            }
            log.commits += 1;
            log.events += commit.len() as u64;
            log.commands += u64::from(commit.command().is_some());
            wanted = wanted.next();
        }
    }
    if wanted > until {
        return Ok(());
    }
    Err(corrupt(place(wanted), Damage::Missing))
}

/// Entries beyond what was settled at the start are passed over: the settler may be at work.
fn walk_index(shared: &Shared, settled: &[Offset]) -> Result<Verified, ReadError> {
    let mut index = Verified::default();
    let mut last: Option<(String, Version)> = None;
    for pair in shared.table.from(b"S") {
        let (key, value) = pair.map_err(|error| error.at(Place::default()))?;
        if key.first() != Some(&b'S') {
            break;
        }
        let damaged = || corrupt(Place::default(), Damage::Text);
        let (name, first) = keys::read_chapter(&key).ok_or_else(damaged)?;
        let stream = name.parse().map_err(|_| damaged())?;
        let partition = shared.partitions.of(&stream);
        let until = settled
            .get(usize::from(partition.0))
            .copied()
            .unwrap_or_default();
        let place = |version| {
            Place::default()
                .of_stream(stream.clone())
                .at_version(version)
        };
        let entries = chapter::decode(first, &value);
        let entries = entries.ok_or_else(|| corrupt(place(first), Damage::Checksum))?;
        let before = last.as_ref().filter(|(before, _)| before == name);
        let follows = before.map_or(Version::FIRST, |(_, last)| last.next());
        let mut end = None;
        for entry in entries.iter().take_while(|entry| entry.offset() <= until) {
            if end.is_none() && entry.first != follows {
                return Err(corrupt(place(follows), Damage::Missing));
            }
            let found = commit_of(shared, partition, entry)?;
            if found != Some((name.to_owned(), entry.first, entry.last())) {
                return Err(corrupt(place(entry.first), Damage::Seal));
            }
            index.commits += 1;
            index.events += entry.events;
            end = Some(entry.last());
        }
        if let Some(end) = end {
            index.streams += u64::from(before.is_none());
            last = Some((name.to_owned(), end));
        }
    }
    Ok(index)
}

/// Returns stream, first and last version of the commit that an entry leads to.
fn commit_of(
    shared: &Shared,
    partition: PartitionId,
    entry: &chapter::Entry,
) -> Result<Option<(String, Version, Version)>, ReadError> {
    let place = || Place::commit(partition, entry.offset());
    let key = keys::log(partition, entry.block, 0);
    let value = shared.table.get(&key).map_err(|error| error.at(place()))?;
    let value = value.ok_or_else(|| corrupt(place(), Damage::Missing))?;
    // The walk over the log has verified the commits; here their heads are enough.
    let block = Fetched::complete(&shared.table, (partition, entry.block), value)?;
    let stamp = block
        .commit(entry.index)
        .and_then(crate::stamp::Stamp::read);
    Ok(stamp
        .filter(|stamp| stamp.offset == entry.offset())
        .map(|stamp| {
            let last = stamp.first.get() + u64::from(stamp.events) - 1;
            let stream = String::from_utf8_lossy(stamp.stream).into_owned();
            (stream, stamp.first, Version::new(last))
        }))
}

/// The third walk counts the commands up to what is settled. Their values are under sled's own checksums.
fn walk_commands(shared: &Shared, settled: &[Offset]) -> Result<u64, ReadError> {
    let mut per_partition: BTreeMap<PartitionId, u64> = BTreeMap::new();
    for pair in shared.table.from(b"C") {
        let (key, value) = pair.map_err(|error| error.at(Place::default()))?;
        let Some(name) = key.strip_prefix(b"C") else {
            break;
        };
        let damaged = || corrupt(Place::default(), Damage::Text);
        let end = name
            .iter()
            .position(|byte| *byte == 0)
            .ok_or_else(damaged)?;
        let stream = name
            .get(..end)
            .and_then(|name| std::str::from_utf8(name).ok());
        let stream = stream
            .and_then(|name| name.parse().ok())
            .ok_or_else(damaged)?;
        let partition = shared.partitions.of(&stream);
        let found = read_command(&value, partition).ok_or_else(damaged)?;
        let until = settled
            .get(usize::from(partition.0))
            .copied()
            .unwrap_or_default();
        if found.appended.offset <= until {
            *per_partition.entry(partition).or_default() += 1;
        }
    }
    Ok(per_partition.values().sum())
}
