//! Reading one stream: its chapters in the tree, then what is in memory.
//!
//! A stream may lie in three places at once: old commits in the tree, later ones in the full journal file that is
//! being settled, the latest in the active one. The tail knows the first version that it has, and everything
//! before that is in the tree. So a page is what the chapters give up to there, and then the tail.
//!
//! Two neighbours in a stream are rarely neighbours in the log, so each entry of a chapter may be another block.
//! The block that was read last is kept: tickets that get several commits in a short time have them in one.

use punctual::event::{Offset, Revision, StreamId, Version};
use punctual::store::{Damage, Limit, Place, ReadError, StreamPage};

use crate::read::{Fetched, Filling, corrupt};
use crate::shared::Shared;
use crate::stamp::Stamp;
use crate::table::Table;
use crate::tail::StreamTail;
use crate::{chapter, keys};

fn stream_place(stream: &StreamId, version: Version) -> Place {
    Place::default()
        .of_stream(stream.clone())
        .at_version(version)
}

/// Fills a page without looking into the tree, if that is possible; this never blocks.
///
/// The tail is looked at once: a second look might find that what was there is settled by now.
pub(crate) fn from_memory(
    shared: &Shared,
    stream: &StreamId,
    after: Version,
    limit: Limit,
) -> Result<Option<StreamPage>, ReadError> {
    let tail = shared.tail().stream(stream, after, limit.events);
    if tail.as_ref().is_none_or(|tail| after.next() < tail.first) {
        return Ok(None);
    }
    page_of(shared, (stream, after), limit, tail).map(Some)
}

/// Fills a page from wherever its commits are.
pub(crate) fn page(
    shared: &Shared,
    stream: &StreamId,
    after: Version,
    limit: Limit,
) -> Result<StreamPage, ReadError> {
    let tail = shared.tail().stream(stream, after, limit.events);
    page_of(shared, (stream, after), limit, tail)
}

fn page_of(
    shared: &Shared,
    (stream, after): (&StreamId, Version),
    limit: Limit,
    tail: Option<StreamTail>,
) -> Result<StreamPage, ReadError> {
    let mut page = Filling::new(limit)?;
    let settled_before = tail.as_ref().map(|tail| tail.first);
    let mut last = tail.as_ref().map_or(Version::NONE, |tail| tail.last);
    if settled_before.is_none_or(|first| after.next() < first) {
        let settled = stream_from_tree(shared, &mut page, (stream, after), settled_before)?;
        last = last.max(settled);
    }
    for commit in tail.iter().flat_map(|tail| &tail.commits) {
        page.push(commit);
    }
    Ok(StreamPage {
        after,
        commits: page.commits,
        revision: Revision::new(last),
    })
}

/// Walks the chapters, from the one that holds the version after `after`.
///
/// Fills a page with the commits of a stream that lie in the tree, those before version `until` if there
/// is one. Returns the last version that the tree knows of, or the one before `until`.
fn stream_from_tree(
    shared: &Shared,
    page: &mut Filling,
    (stream, after): (&StreamId, Version),
    until: Option<Version>,
) -> Result<Version, ReadError> {
    let table = &shared.table;
    let partition = shared.partitions.of(stream);
    let mut wanted = after.next();
    let end = match until {
        Some(until) => Version::new(until.get() - 1),
        None => settled_version(table, stream)?,
    };
    if wanted > end {
        return Ok(end);
    }
    let place = |version| stream_place(stream, version);
    let missing = |version| corrupt(place(version), Damage::Missing);
    let begin = table
        .at_or_before(&keys::chapter(stream.as_str(), wanted))
        .map_err(|error| error.at(place(wanted)))?;
    let begin = begin
        .map(|(key, _)| key)
        .filter(|key| is_chapter_of(key, stream));
    let begin = begin.ok_or_else(|| missing(wanted))?;
    let mut held: Option<(Offset, Fetched)> = None;
    for pair in table.from(&begin) {
        let (key, value) = pair.map_err(|error| error.at(place(wanted)))?;
        if wanted > end || !is_chapter_of(&key, stream) {
            break;
        }
        let first = keys::read_chapter(&key).map(|(_, first)| first);
        let entries = first.and_then(|first| chapter::decode(first, &value));
        let entries = entries.ok_or_else(|| corrupt(place(wanted), Damage::Checksum))?;
        for entry in entries.iter().filter(|entry| entry.last() >= after.next()) {
            if wanted > end {
                return Ok(end);
            }
            // The first may begin before what is wanted; the others follow on it.
            if entry.first > wanted {
                return Err(missing(wanted));
            }
            if held.as_ref().is_none_or(|(block, _)| *block != entry.block) {
                let block = Fetched::fetch(table, partition, entry.block);
                held = Some((
                    entry.block,
                    block.map_err(|error| of_stream(error, stream, wanted))?,
                ));
            }
            let commit = held
                .as_ref()
                .and_then(|(_, block)| block.commit(entry.index));
            let commit = commit.ok_or_else(|| missing(wanted))?;
            let here = || {
                let here = Place::commit(partition, entry.offset());
                here.of_stream(stream.clone()).at_version(wanted)
            };
            let is_it = Stamp::read(commit).is_some_and(|stamp| {
                stamp.stream == stream.as_str().as_bytes()
                    && (stamp.first, u64::from(stamp.events)) == (entry.first, entry.events)
                    && (stamp.partition, stamp.offset) == (partition, entry.offset())
            });
            if !is_it {
                return Err(corrupt(here(), Damage::Seal));
            }
            if !page.push_bytes(entry.events as usize, commit, here)? {
                return Ok(end);
            }
            wanted = entry.last().next();
        }
    }
    if wanted <= end {
        return Err(missing(wanted));
    }
    Ok(end)
}

/// Adds the stream to the place of an error that names only the commit.
fn of_stream(error: ReadError, stream: &StreamId, version: Version) -> ReadError {
    let ReadError::Corrupt { place, damage } = error else {
        return error;
    };
    corrupt(place.of_stream(stream.clone()).at_version(version), damage)
}

fn is_chapter_of(key: &[u8], stream: &StreamId) -> bool {
    keys::read_chapter(key).is_some_and(|(name, _)| name == stream.as_str())
}

/// Returns the version up to which a stream is settled.
fn settled_version(table: &Table, stream: &StreamId) -> Result<Version, ReadError> {
    let place = || Place::default().of_stream(stream.clone());
    let last = table
        .at_or_before(&keys::after_chapters(stream.as_str()))
        .map_err(|error| error.at(place()))?;
    match last.filter(|(key, _)| is_chapter_of(key, stream)) {
        None => Ok(Version::NONE),
        Some((_, value)) => chapter::last(&value).ok_or_else(|| corrupt(place(), Damage::Checksum)),
    }
}

/// Returns the version of a stream's last event.
pub(crate) fn version(shared: &Shared, stream: &StreamId) -> Result<Version, ReadError> {
    let in_memory = shared.tail().version(stream);
    match in_memory {
        Some(version) => Ok(version),
        None => settled_version(&shared.table, stream),
    }
}
