//! Settling: the commits of a full journal file go into the tree, in the background.
//!
//! Nothing here has to be atomic. The blocks go first, then the index, then the commands, and only when
//! all of that is durable does the note of how far everything is settled move on. Whoever is interrupted
//! begins again from the same commits, makes the same keys, and overwrites what it finds; until the note
//! has moved, readers take these commits from memory, and after a crash from the journal.
//!
//! # The order
//! 1. Blocks, for each partition in turn.
//! 2. Chapters and commands, for each stream in turn.
//! 3. The consumers' checkpoints.
//! 4. Sync. Everything above is durable.
//! 5. The note of what is settled. Sync again.
//!
//! A stop before 5 leaves keys of commits that the journal still has, so a reader gets those from the tail, as
//! before. Done again, the same commits are cut into the same blocks, since what goes into a block
//! depends on the commits alone. So the same keys are written with the same values.
//!
//! # What may be half done
//! | found after a stop | is | because |
//! |---|---|---|
//! | a block beyond the note | harmless | a reader asks the tree for nothing beyond the note; the block is written again |
//! | a chapter of commits beyond the note | passed over | the tail has these versions, and is asked first |
//! | a command beyond the note | true | its commit is in the journal, under the same answer |
//! | a checkpoint beyond the note | true, or earlier | its commits are durable in the journal before the settler begins |
//! | the note without what it speaks of | impossible | a sync lies between |
//!
//! The last line is the only one that needs sled to keep a promise: what was there before a sync that returned is
//! there after a crash. It does, with our `sync_data` behind its flush.
//!
//! While the settler works the writer fills the other file. If that is full too then the writer waits, and with it
//! everybody who appends: the tree is then slower than the journal, and the queue fills.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, SealedCommit};

use crate::chapter::{self, Entry};
use crate::shared::Shared;
use crate::table::{Table, TableError};
use crate::tail::Mem;
use crate::{block, keys};

/// How many bytes go into the tree between two syncs. sled reuses segments whose pages have moved; the
/// less lies unsynced, the less a power cut can find moved and overwritten at once.
const SYNC_AFTER: usize = 1 << 20;

/// What is to be settled.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) mem: Arc<Mem>,
    /// The last frame that is in it.
    pub(crate) sequence: u64,
    /// The checkpoints that changed meanwhile, as they were when the file was full: a later one could
    /// be of commits that a power cut takes away.
    pub(crate) checkpoints: Vec<(ConsumerId, Checkpoint)>,
}

/// How far everything is settled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Settled {
    pub(crate) sequence: u64,
    pub(crate) heads: Vec<Offset>,
}

impl Settled {
    /// CRC32C of the rest, then variable-length numbers: the last settled frame and the head of each partition.
    fn encode(&self) -> Vec<u8> {
        let mut value = vec![0; 4];
        keys::put(&mut value, self.sequence);
        for head in &self.heads {
            keys::put(&mut value, head.get());
        }
        let checksum = crc32c::crc32c(value.get(4..).unwrap_or_default());
        if let Some(field) = value.first_chunk_mut() {
            *field = checksum.to_le_bytes();
        }
        value
    }

    /// Reads the note; `None` when it does not check, which is damage: without it nobody knows where the journal begins.
    fn decode(value: &[u8]) -> Option<Self> {
        let (checksum, mut rest) = value.split_first_chunk()?;
        if crc32c::crc32c(rest) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let sequence = keys::take(&mut rest)?;
        let mut heads = Vec::new();
        while !rest.is_empty() {
            heads.push(Offset::new(keys::take(&mut rest)?));
        }
        Some(Self { sequence, heads })
    }

    /// Reads it from the tree; a new tree is settled up to nothing.
    pub(crate) fn load(table: &Table) -> Result<Self, TableError> {
        match table.get(keys::SETTLED)? {
            None => Ok(Self::default()),
            Some(value) => Self::decode(&value).ok_or_else(|| {
                TableError::Corrupt("the note of what is settled is damaged".into())
            }),
        }
    }
}

/// Counts what was inserted and syncs now and then.
struct Inserts<'a> {
    table: &'a Table,
    bytes: usize,
}

impl Inserts<'_> {
    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), TableError> {
        self.table.insert(key, value)?;
        self.bytes += key.len() + value.len();
        if self.bytes >= SYNC_AFTER {
            self.bytes = 0;
            self.table.sync()?;
        }
        Ok(())
    }
}

/// Puts commits, index, commands and checkpoints into the tree, then moves the note.
pub(crate) fn settle(
    table: &Table,
    mem: &Mem,
    sequence: u64,
    checkpoints: &[(ConsumerId, Checkpoint)],
) -> Result<(), TableError> {
    let mut inserts = Inserts { table, bytes: 0 };
    let mut places = Vec::new();
    for (number, partition) in (0_u16..).zip(mem.partitions()) {
        let placed = put_blocks(
            &mut inserts,
            PartitionId(number),
            partition.base,
            &partition.commits,
        )?;
        places.push((partition.base, placed));
    }
    for (stream, part) in mem.streams() {
        let Some((base, placed)) = places.get(usize::from(part.partition.0)) else {
            continue;
        };
        let entries = part.commits.iter().filter_map(|(first, commit)| {
            let view = commit.view()?;
            let at = view.offset().get().checked_sub(base.get() + 1)?;
            let &(block, index) = placed.get(usize::try_from(at).ok()?)?;
            Some(Entry {
                block,
                index,
                first: *first,
                events: view.len() as u64,
            })
        });
        let entries: Vec<Entry> = entries.collect();
        for chapter in entries.chunks(chapter::COMMITS) {
            if let Some(entry) = chapter.first() {
                let key = keys::chapter(stream.as_str(), entry.first);
                inserts.put(&key, &chapter::encode(chapter))?;
            }
        }
        for (command, found) in &part.commands {
            let mut value = found.digest.as_bytes().to_vec();
            keys::put(&mut value, found.appended.revision.version().get());
            keys::put(&mut value, found.appended.offset.get());
            inserts.put(&keys::command(stream.as_str(), command.as_str()), &value)?;
        }
    }
    for (consumer, checkpoint) in checkpoints {
        let mut value = Vec::new();
        for (partition, offset) in checkpoint.iter() {
            keys::put(&mut value, u64::from(partition.0));
            keys::put(&mut value, offset.get());
        }
        let key = keys::checkpoint(consumer.as_str());
        if value.is_empty() {
            table.remove(&key)?;
        } else {
            inserts.put(&key, &value)?;
        }
    }
    table.sync()?;
    let settled = Settled {
        sequence,
        heads: mem.heads().collect(),
    };
    table.insert(keys::SETTLED, &settled.encode())?;
    table.sync()
}

/// Packs the commits of one partition and answers where each of them went.
fn put_blocks(
    inserts: &mut Inserts<'_>,
    partition: PartitionId,
    base: Offset,
    mut commits: &[Arc<SealedCommit>],
) -> Result<Vec<(Offset, usize)>, TableError> {
    let (mut placed, mut first) = (Vec::with_capacity(commits.len()), base.next());
    while !commits.is_empty() {
        let (taken, rest) = commits.split_at(block::fill(commits));
        let values = block::encode(partition, first, taken);
        for (part, value) in (0_u16..).zip(&values) {
            inserts.put(&keys::log(partition, first, part), value)?;
        }
        placed.extend((0..taken.len()).map(|index| (first, index)));
        first = Offset::new(first.get() + taken.len() as u64);
        commits = rest;
    }
    Ok(placed)
}

/// Where the writer leaves what is to be settled.
///
/// It holds one job at most: there are two files, and one of them is being written.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    state: Mutex<DeskState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct DeskState {
    job: Option<Job>,
    busy: bool,
    closed: bool,
}

impl Desk {
    fn state(&self) -> std::sync::MutexGuard<'_, DeskState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a job; the desk must be idle.
    pub(crate) fn leave(&self, job: Job) {
        self.state().job = Some(job);
        self.changed.notify_all();
    }

    /// Waits until everything that was left is done.
    pub(crate) fn wait(&self) {
        let mut state = self.state();
        while state.busy || state.job.is_some() {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Says that no more will come.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// Waits for a job; `None` when there will be no more.
    fn take(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.job.take() {
                state.busy = true;
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self) {
        self.state().busy = false;
        self.changed.notify_all();
    }
}

/// The thread that settles.
///
/// If it fails then the store is poisoned and the tail keeps the commits: they are in the journal, so nothing is lost,
/// but there is no file left to turn to.
pub(crate) fn run(shared: &Shared) {
    while let Some(job) = shared.desk.take() {
        match settle(&shared.table, &job.mem, job.sequence, &job.checkpoints) {
            Ok(()) => shared.tail_mut().frozen = None,
            Err(error) => shared.poison(format!("settling the log: {error}")),
        }
        shared.desk.done();
    }
}
