//! Reading: what is settled from the tree, what is not from memory.
//!
//! A reader looks at the tail first. What it did not find there, because it was settled meanwhile or
//! long ago, is in the tree and stays there. The tail is held for as long as it takes to clone some
//! pointers; the tree is never read under a lock.
//!
//! # Why tail first
//! The settler makes commits durable in the tree and then takes them out of the tail, so each commit is in one
//! of the two at every moment, and for a while in both. A reader that asked the tree first and the tail second
//! could find a commit in neither: it was not settled yet, and then it was. The other way round it finds it
//! twice at worst, and the tail says from where on it answers.
//!
//! # What is verified
//! | read from | verified |
//! |---|---|
//! | the tail | nothing more: it came from the writer, or was verified when the journal was replayed |
//! | a block of the tree | each commit that goes into the page, by its seal, and that it is the one that was asked for |
//! | parts of the tree | each part by its checksum, the whole by the commit's seal |
//! | a command of the tree | what sled verifies: a checksum over each of its records |
//!
//! A commit in the wrong place is as damaged as one with a wrong bit. So offset, partition, stream and version
//! are compared with what the key or the index promised before anything is answered.

use std::ops::Bound;
use std::sync::Arc;

use punctual::event::{CommandId, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Appended, CommandDigest, Commits, Damage, FoundCommand, Limit, PartitionPage, Place, ReadError,
    SealedCommit,
};

use crate::block::Value;
use crate::keys;
use crate::shared::Shared;
use crate::stamp::Stamp;
use crate::table::Table;

/// A page being filled, up to its limit. The first commit always fits: a page of nothing would hold its reader at
/// the same place for ever.
pub(crate) struct Filling {
    limit: Limit,
    pub(crate) commits: Commits,
    full: bool,
}

impl Filling {
    /// A page of nothing is refused: its reader would take it for the end.
    pub(crate) fn new(limit: Limit) -> Result<Self, ReadError> {
        if limit.events == 0 || limit.bytes == 0 {
            return Err(ReadError::Invalid {
                reason: "a page needs room for at least one event and one byte".to_owned(),
            });
        }
        Ok(Self {
            limit,
            commits: Commits::new(),
            full: false,
        })
    }

    /// Decides whether a commit of this size still fits.
    fn admits(&mut self, events: usize, bytes: usize) -> bool {
        let (held, size) = (self.commits.events(), self.commits.bytes());
        self.full = self.full || !self.limit.admits(held, size, (events, bytes));
        !self.full
    }

    /// Takes a commit from memory, if it fits.
    pub(crate) fn push(&mut self, commit: &SealedCommit) {
        let events = commit.view().map_or(0, |view| view.len());
        if self.admits(events, commit.as_bytes().len()) {
            self.commits.push(commit);
        }
    }

    /// Takes a commit from the tree, after verifying it; `false` when the page is full.
    pub(crate) fn push_bytes(
        &mut self,
        events: usize,
        commit: &[u8],
        place: impl FnOnce() -> Place,
    ) -> Result<bool, ReadError> {
        if !self.admits(events, commit.len()) {
            return Ok(false);
        }
        self.commits
            .push_bytes(commit)
            .map_err(|damage| corrupt(place(), damage))?;
        Ok(true)
    }
}

pub(crate) fn corrupt(place: Place, damage: Damage) -> ReadError {
    ReadError::Corrupt {
        place: Box::new(place),
        damage,
    }
}

/// One value of the log, and the parts that belong to it put together.
pub(crate) struct Fetched {
    value: sled::IVec,
    /// The whole commit, if it lay in parts.
    joined: Option<Vec<u8>>,
}

impl Fetched {
    /// Takes a value of the log; further parts are fetched.
    pub(crate) fn complete(
        table: &Table,
        (partition, first): (PartitionId, Offset),
        value: sled::IVec,
    ) -> Result<Self, ReadError> {
        let place = || Place::commit(partition, first);
        let joined = match Value::read(&value) {
            None => return Err(corrupt(place(), Damage::Checksum)),
            Some(Value::Block(_)) => None,
            Some(Value::Part(begin)) => {
                let mut whole = begin.bytes.to_vec();
                for part in 1..begin.parts {
                    let key = keys::log(partition, first, part);
                    let value = table.get(&key).map_err(|error| error.at(place()))?;
                    let value = value.ok_or_else(|| corrupt(place(), Damage::Missing))?;
                    match Value::read(&value) {
                        Some(Value::Part(next)) if next.part == part => {
                            whole.extend_from_slice(next.bytes);
                        }
                        _ => return Err(corrupt(place(), Damage::Checksum)),
                    }
                }
                Some(whole)
            }
        };
        Ok(Self { value, joined })
    }

    /// Looks a value up that the index says is there. That there is none is damage.
    pub(crate) fn fetch(
        table: &Table,
        partition: PartitionId,
        first: Offset,
    ) -> Result<Self, ReadError> {
        let place = || Place::commit(partition, first);
        let value = table
            .get(&keys::log(partition, first, 0))
            .map_err(|error| error.at(place()))?;
        let value = value.ok_or_else(|| corrupt(place(), Damage::Missing))?;
        Self::complete(table, (partition, first), value)
    }

    /// Returns how many commits the value holds; one, if it lies in parts.
    pub(crate) fn len(&self) -> usize {
        match (&self.joined, Value::read(&self.value)) {
            (Some(_), _) => 1,
            (None, Some(Value::Block(block))) => block.len(),
            (None, _) => 0,
        }
    }

    /// Returns the bytes of one commit, not verified.
    pub(crate) fn commit(&self, index: usize) -> Option<&[u8]> {
        match &self.joined {
            Some(commit) => (index == 0).then_some(commit.as_slice()),
            None => match Value::read(&self.value)? {
                Value::Block(block) => block.commit(index),
                Value::Part(_) => None,
            },
        }
    }
}

/// What is known in memory of a partition, all of one moment.
struct Latest {
    head: Offset,
    /// Up to here the tree has everything.
    settled: Offset,
    /// What a page takes of the commits after that.
    commits: Vec<Arc<SealedCommit>>,
}

impl Latest {
    fn of(shared: &Shared, partition: PartitionId, after: Offset, limit: Limit) -> Self {
        let tail = shared.tail();
        let settled = tail.settled(partition);
        let missing = settled.get().saturating_sub(after.get());
        let most = (limit.events as u64).saturating_sub(missing);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self {
            head: tail.head(partition),
            settled,
            commits: tail.after(partition, after.max(settled), most),
        }
    }
}

/// Fills a page without looking into the tree, if that is possible; this never blocks.
///
/// The tail is looked at once: a second look might find that what was there is settled by now.
pub(crate) fn partition_from_memory(
    shared: &Shared,
    partition: PartitionId,
    after: Offset,
    limit: Limit,
) -> Result<Option<PartitionPage>, ReadError> {
    let latest = Latest::of(shared, partition, after, limit);
    if after < latest.settled {
        return Ok(None);
    }
    page_of(shared, (partition, after), limit, latest).map(Some)
}

/// Fills a page from wherever its commits are.
pub(crate) fn partition(
    shared: &Shared,
    partition: PartitionId,
    after: Offset,
    limit: Limit,
) -> Result<PartitionPage, ReadError> {
    let latest = Latest::of(shared, partition, after, limit);
    page_of(shared, (partition, after), limit, latest)
}

fn page_of(
    shared: &Shared,
    (partition, after): (PartitionId, Offset),
    limit: Limit,
    latest: Latest,
) -> Result<PartitionPage, ReadError> {
    let mut page = Filling::new(limit)?;
    let Latest {
        head,
        settled,
        commits,
    } = latest;
    if after > head {
        return Err(ReadError::Beyond {
            partition,
            after,
            head,
        });
    }
    if after < settled {
        from_tree(&shared.table, &mut page, (partition, after), settled)?;
    }
    for commit in &commits {
        page.push(commit);
    }
    let next = Offset::new(after.get() + page.commits.len() as u64);
    Ok(PartitionPage {
        partition,
        commits: page.commits,
        next,
        head,
    })
}

/// Fills a page with the commits after `after` up to `until`, which are in the tree.
fn from_tree(
    table: &Table,
    page: &mut Filling,
    (partition, after): (PartitionId, Offset),
    until: Offset,
) -> Result<(), ReadError> {
    let mut wanted = after.next();
    let place = |offset| Place::commit(partition, offset);
    // The block that the next commit is in begins at or before it.
    let begin = table
        .at_or_before(&keys::log(partition, wanted, u16::MAX))
        .map_err(|error| error.at(place(wanted)))?;
    let begin = begin.and_then(|(key, _)| keys::read_log(&key));
    let Some((_, first, _)) = begin.filter(|(found, ..)| *found == partition) else {
        return Err(corrupt(place(wanted), Damage::Missing));
    };
    for pair in table.from(&keys::log(partition, first, 0)) {
        let (key, value) = pair.map_err(|error| error.at(place(wanted)))?;
        let Some((found, first, part)) = keys::read_log(&key) else {
            break;
        };
        if found != partition {
            break;
        }
        if part > 0 {
            continue;
        }
        if first > wanted {
            return Err(corrupt(place(wanted), Damage::Missing));
        }
        let block = Fetched::complete(table, (partition, first), value)?;
        for index in (wanted.get() - first.get()) as usize..block.len() {
            if wanted > until {
                return Ok(());
            }
            let damaged = || corrupt(place(wanted), Damage::Truncated);
            let commit = block.commit(index).ok_or_else(damaged)?;
            let stamp = Stamp::read(commit).ok_or_else(damaged)?;
            if (stamp.partition, stamp.offset) != (partition, wanted) {
                return Err(corrupt(place(wanted), Damage::Seal));
            }
            let here = || place_of(place(wanted), &stamp);
            if !page.push_bytes(stamp.events as usize, commit, here)? {
                return Ok(());
            }
            wanted = wanted.next();
        }
    }
    if wanted > until {
        return Ok(());
    }
    Err(corrupt(place(wanted), Damage::Missing))
}

/// Adds what a commit says of itself, as far as it can be read: damaged or not, it is the best guess.
fn place_of(place: Place, stamp: &Stamp<'_>) -> Place {
    let name = std::str::from_utf8(stamp.stream).ok();
    match name.and_then(|name| name.parse().ok()) {
        Some(stream) => place.of_stream(stream).at_version(stamp.first),
        None => place,
    }
}

/// Looks a command up: in the tail, then in the tree, in this order and for the reason that is given above.
pub(crate) fn command(
    shared: &Shared,
    stream: &StreamId,
    command: &CommandId,
) -> Result<Option<FoundCommand>, ReadError> {
    let in_memory = shared.tail().command(stream, command);
    if in_memory.is_some() {
        return Ok(in_memory);
    }
    let place = || Place::default().of_stream(stream.clone());
    let key = keys::command(stream.as_str(), command.as_str());
    let value = shared.table.get(&key).map_err(|error| error.at(place()))?;
    let Some(value) = value else { return Ok(None) };
    let found = read_command(&value, shared.partitions.of(stream));
    found
        .map(Some)
        .ok_or_else(|| corrupt(place(), Damage::Truncated))
}

/// Reads what is kept of a command; `None` when there is too little of it. The partition is that of the stream.
pub(crate) fn read_command(value: &[u8], partition: PartitionId) -> Option<FoundCommand> {
    let (digest, mut rest) = value.split_first_chunk()?;
    let version = Version::new(keys::take(&mut rest)?);
    let offset = Offset::new(keys::take(&mut rest)?);
    Some(FoundCommand {
        digest: CommandDigest::new(*digest),
        appended: Appended {
            revision: Revision::new(version),
            partition,
            offset,
            replayed: true,
        },
    })
}

/// Merges the names of the tail with those of the tree. Streams are never removed, so a name that was found stays true.
pub(crate) fn list(
    shared: &Shared,
    prefix: &str,
    after: Option<&StreamId>,
    limit: usize,
) -> Result<Vec<StreamId>, ReadError> {
    if limit == 0 {
        return Err(ReadError::Invalid {
            reason: "a list needs room for at least one name".to_owned(),
        });
    }
    let after = after.map(StreamId::as_str).filter(|after| *after >= prefix);
    let from = after.map_or(Bound::Included(prefix), Bound::Excluded);
    let mut names = shared.tail().names(from, prefix, limit);
    // One seek for each name: from one stream's chapters to the next stream's.
    let mut seek = match after {
        Some(after) => keys::after_chapters(after),
        None => {
            let mut key = vec![b'S'];
            key.extend_from_slice(prefix.as_bytes());
            key
        }
    };
    for _ in 0..limit {
        let pair = shared.table.from(&seek).next().transpose();
        let pair = pair.map_err(|error| error.at(Place::default()))?;
        let Some((key, _)) = pair.filter(|(key, _)| key.first() == Some(&b'S')) else {
            break;
        };
        let damaged = || corrupt(Place::default(), Damage::Text);
        let (name, _) = keys::read_chapter(&key).ok_or_else(damaged)?;
        if !name.starts_with(prefix) {
            break;
        }
        names.push(name.parse().map_err(|_| damaged())?);
        seek = keys::after_chapters(name);
    }
    names.sort_unstable();
    names.dedup();
    names.truncate(limit);
    Ok(names)
}
