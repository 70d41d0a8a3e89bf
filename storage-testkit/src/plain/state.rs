//! What a plain store knows: a list of commits for each partition, and nothing that could disagree with it.
//!
//! There is no index and no count. A version is found by walking the list, and so is a command; so what the suite
//! calls right is right by construction, and slow. The rest of the fields are what defects need to remember.

use std::collections::{BTreeMap, BTreeSet};

use punctual::event::{ConsumerId, CustomerId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, Checkpoint, CommandKey, Commits, Damage, Place, ReadError, RecordHead, Records,
    SealedCommit, Snapshot,
};

use super::Defect;
use crate::fixture::Fault;

/// One commit, as bytes and with what is needed to find it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) stream: StreamId,
    pub(super) offset: Offset,
    pub(super) first: Version,
    pub(super) records: Records,
    pub(super) command: Option<CommandKey>,
    pub(super) sealed: Vec<u8>,
    pub(super) hidden: bool,
}

impl Entry {
    pub(super) fn events(&self) -> usize {
        self.records.len()
    }

    pub(super) fn last(&self) -> Version {
        Version::new(self.first.get() + self.events() as u64 - 1)
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) logs: Vec<Vec<Entry>>,
    /// How much of each log survives a power cut.
    pub(super) durable: Vec<usize>,
    /// What is added to the next offset: how a counter that ran ahead leaves offsets out.
    pub(super) skew: u64,
    pub(super) fault: Option<Fault>,
    pub(super) poisoned: bool,
    pub(super) locked: bool,
    pub(super) tried: BTreeSet<StreamId>,
    pub(super) burnt: Vec<(StreamId, CommandKey)>,
    pub(super) waiting: usize,
    pub(super) just_woken: bool,
    pub(super) read_to: Option<u64>,
    pub(super) reads: u64,
    pub(super) snapshots: BTreeMap<(StreamId, u32), Snapshot>,
    pub(super) checkpoints: BTreeMap<ConsumerId, Checkpoint>,
}

impl State {
    pub(super) fn log(&self, partition: PartitionId) -> &[Entry] {
        &self.logs[usize::from(partition.0)]
    }

    pub(super) fn head(&self, partition: PartitionId) -> Offset {
        let last = self.log(partition).last();
        last.map_or(Offset::START, |entry| entry.offset)
    }

    /// The next free offset.
    pub(super) fn next_offset(&self, partition: PartitionId) -> Offset {
        Offset::new(self.head(partition).get() + 1)
    }

    pub(super) fn push(&mut self, partition: PartitionId, entry: Entry) {
        let number = usize::from(partition.0);
        self.logs[number].push(entry);
        self.durable[number] = self.logs[number].len();
    }

    /// Adds an entry's commit to a page, verified.
    pub(super) fn show(
        partition: PartitionId,
        entry: &Entry,
        commits: &mut Commits,
        defect: Option<Defect>,
    ) -> Result<(), ReadError> {
        commits.push_bytes(&entry.sealed).map_err(|damage| {
            let place = Place::commit(partition, entry.offset).of_stream(entry.stream.clone());
            let unnamed = defect == Some(Defect::DamageUnnamed);
            ReadError::Corrupt {
                place: Box::new(if unnamed { Place::default() } else { place }),
                damage,
            }
        })
    }
}

/// Makes the entry of an append.
pub(super) fn entry(
    append: &Append,
    partition: PartitionId,
    offset: Offset,
    first: Version,
    in_commit: bool,
) -> Entry {
    let bare = Append {
        command: append.command.clone().filter(|_| in_commit),
        ..append.clone()
    };
    Entry {
        stream: append.stream.clone(),
        offset,
        first,
        records: append.records.clone(),
        command: append.command.clone(),
        sealed: bare
            .stamped(partition, offset, first)
            .to_sealed()
            .as_bytes()
            .to_vec(),
        hidden: false,
    }
}

/// Encodes records anew after `change` had a look at each. What a broken store might do.
pub(super) fn rewrite(
    records: &Records,
    mut change: impl FnMut(&mut Rewritten),
) -> Result<Records, Damage> {
    let stream: StreamId = "a/b/c".parse().map_err(|_| Damage::Text)?;
    let append = Append::new(stream, punctual::event::Expected::Any, records.clone());
    let sealed: SealedCommit = append
        .stamped(PartitionId(0), Offset::new(1), Version::FIRST)
        .to_sealed();
    let mut changed = Records::new();
    for record in sealed.view().ok_or(Damage::Truncated)?.records() {
        let mut event = Rewritten {
            kind: record.kind(),
            recorded_at: record.recorded_at(),
            subject: record.subject().map(str::to_owned),
            metadata: record.metadata().to_vec(),
            payload: record.payload().to_vec(),
        };
        change(&mut event);
        let subject = event
            .subject
            .as_deref()
            .and_then(|name| CustomerId::new(name).ok());
        let head = RecordHead {
            kind: event.kind,
            schema: record.schema(),
            occurred_at: record.occurred_at(),
            recorded_at: event.recorded_at,
            subject: subject.as_ref(),
            metadata: &event.metadata,
        };
        changed
            .push(&head, &event.payload)
            .map_err(|_| Damage::Truncated)?;
    }
    Ok(changed)
}

/// What a broken store may change in an event.
pub(super) struct Rewritten {
    pub(super) kind: u16,
    pub(super) recorded_at: punctual::time::Instant,
    pub(super) subject: Option<String>,
    pub(super) metadata: Vec<u8>,
    pub(super) payload: Vec<u8>,
}
