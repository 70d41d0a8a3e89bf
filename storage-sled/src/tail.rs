//! The latest commits, in memory: those that the journal holds and the tree does not hold yet.
//!
//! A tail has one part for each journal file: the active one, which grows, and the full one while it is being settled.
//! A reader takes what it needs of both under one lock, so it sees them as of one moment; offsets and versions go on
//! from the one to the other without a gap.
//!
//! Each commit is held once, behind an [`Arc`], and reached in two ways: by partition and offset, and by stream and
//! version. Memory is bounded by the two journal files: what is in one file is in one [`Mem`], and a [`Mem`] goes when its
//! file is settled.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use punctual::event::{CommandId, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{Appended, FoundCommand, Partitions, SealedCommit};

/// The commits of one journal file.
#[derive(Debug)]
pub(crate) struct Mem {
    partitions: Vec<PartitionMem>,
    streams: BTreeMap<StreamId, StreamMem>,
}

/// The commits of one partition, in order, without a gap.
#[derive(Debug)]
pub(crate) struct PartitionMem {
    /// The offset before the first commit.
    pub(crate) base: Offset,
    pub(crate) commits: Vec<Arc<SealedCommit>>,
}

/// The same commits, of one stream.
#[derive(Debug)]
pub(crate) struct StreamMem {
    pub(crate) partition: PartitionId,
    /// The version of the last event.
    pub(crate) last: Version,
    /// Version of the first event, and the commit.
    pub(crate) commits: Vec<(Version, Arc<SealedCommit>)>,
    pub(crate) commands: BTreeMap<CommandId, FoundCommand>,
}

impl StreamMem {
    /// Returns the version of the first event.
    pub(crate) fn first(&self) -> Version {
        self.commits
            .first()
            .map_or(self.last.next(), |(first, _)| *first)
    }
}

impl PartitionMem {
    pub(crate) fn head(&self) -> Offset {
        Offset::new(self.base.get() + self.commits.len() as u64)
    }

    /// Returns the commits after `after`, which must not lie before the base.
    fn after(&self, after: Offset) -> &[Arc<SealedCommit>] {
        let from = after.get().saturating_sub(self.base.get());
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        self.commits.get(from..).unwrap_or_default()
    }
}

impl Mem {
    /// Goes on at these heads.
    pub(crate) fn new(bases: impl IntoIterator<Item = Offset>) -> Self {
        let empty = |base| PartitionMem {
            base,
            commits: Vec::new(),
        };
        Self {
            partitions: bases.into_iter().map(empty).collect(),
            streams: BTreeMap::new(),
        }
    }

    /// Returns whether there is no commit.
    pub(crate) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    pub(crate) fn partitions(&self) -> &[PartitionMem] {
        &self.partitions
    }

    pub(crate) fn streams(&self) -> &BTreeMap<StreamId, StreamMem> {
        &self.streams
    }

    /// Returns the head of each partition, which is the base of the next part.
    pub(crate) fn heads(&self) -> impl Iterator<Item = Offset> {
        self.partitions.iter().map(PartitionMem::head)
    }

    /// Adds a commit that follows on the last of its partition and of its stream.
    pub(crate) fn push(&mut self, stream: &StreamId, commit: Arc<SealedCommit>) {
        let Some(view) = commit.view() else { return };
        let (first, last) = (view.first_version(), view.last_version());
        let (partition, offset) = (view.partition(), view.offset());
        let command = view.command_key();
        if let Some(mem) = self.partitions.get_mut(usize::from(partition.0)) {
            mem.commits.push(Arc::clone(&commit));
        }
        let new = || StreamMem {
            partition,
            last,
            commits: Vec::new(),
            commands: BTreeMap::new(),
        };
        if !self.streams.contains_key(stream) {
            self.streams.insert(stream.clone(), new());
        }
        let Some(mem) = self.streams.get_mut(stream) else {
            return;
        };
        mem.last = last;
        mem.commits.push((first, commit));
        if let Some(key) = command {
            let found = FoundCommand {
                digest: key.digest,
                appended: Appended {
                    revision: Revision::new(last),
                    partition,
                    offset,
                    replayed: true,
                },
            };
            mem.commands.insert(key.id, found);
        }
    }
}

/// What the journal holds: the active file, and the full one while it is being settled.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) active: Mem,
    pub(crate) frozen: Option<Arc<Mem>>,
}

impl Tail {
    /// Older first.
    fn mems(&self) -> impl DoubleEndedIterator<Item = &Mem> {
        self.frozen.as_deref().into_iter().chain([&self.active])
    }

    /// Makes the active part the frozen one. There must be none.
    ///
    /// The new active part goes on at the frozen one's heads, so offsets have no gap between the two.
    pub(crate) fn freeze(&mut self) -> Arc<Mem> {
        let next = Mem::new(self.active.heads());
        let frozen = Arc::new(std::mem::replace(&mut self.active, next));
        self.frozen = Some(Arc::clone(&frozen));
        frozen
    }

    /// Returns up to where everything lies in the tree.
    pub(crate) fn settled(&self, partition: PartitionId) -> Offset {
        let oldest = self.mems().next();
        let mem = oldest.and_then(|mem| mem.partitions.get(usize::from(partition.0)));
        mem.map_or(Offset::START, |mem| mem.base)
    }

    /// Returns the offset of the last commit.
    pub(crate) fn head(&self, partition: PartitionId) -> Offset {
        let mem = self.active.partitions.get(usize::from(partition.0));
        mem.map_or(Offset::START, PartitionMem::head)
    }

    /// Returns up to `most` commits after `after`, which must not lie before what is settled.
    pub(crate) fn after(
        &self,
        partition: PartitionId,
        after: Offset,
        most: usize,
    ) -> Vec<Arc<SealedCommit>> {
        let parts = self
            .mems()
            .filter_map(|mem| mem.partitions.get(usize::from(partition.0)));
        let commits = parts.flat_map(|mem| mem.after(after));
        commits.take(most).cloned().collect()
    }

    /// Returns the version of the stream's last event, if it has one here.
    pub(crate) fn version(&self, stream: &StreamId) -> Option<Version> {
        let mut mems = self.mems().rev();
        mems.find_map(|mem| mem.streams.get(stream))
            .map(|mem| mem.last)
    }

    /// Returns what is remembered here of a command.
    pub(crate) fn command(&self, stream: &StreamId, command: &CommandId) -> Option<FoundCommand> {
        let mut mems = self.mems();
        mems.find_map(|mem| mem.streams.get(stream)?.commands.get(command).copied())
    }

    /// Returns what is here of a stream: the first version that is, and up to `most` commits with
    /// events after `after`.
    ///
    /// A commit is taken whole, so the first may begin before `after`; the reader leaves out what it did not ask for.
    pub(crate) fn stream(
        &self,
        stream: &StreamId,
        after: Version,
        most: usize,
    ) -> Option<StreamTail> {
        let parts: Vec<_> = self
            .mems()
            .filter_map(|mem| mem.streams.get(stream))
            .collect();
        let (first, last) = (parts.first()?.first(), parts.last()?.last);
        let mut commits = Vec::new();
        for mem in parts.iter().filter(|mem| mem.last > after) {
            // The commit that holds `after + 1`: the last that begins at or before it.
            let from = mem
                .commits
                .partition_point(|(first, _)| *first <= after.next());
            let rest = mem
                .commits
                .get(from.saturating_sub(1)..)
                .unwrap_or_default();
            let room = most.saturating_sub(commits.len());
            commits.extend(rest.iter().take(room).map(|(_, commit)| Arc::clone(commit)));
        }
        Some(StreamTail {
            first,
            last,
            commits,
        })
    }

    /// Returns up to `most` names from `from` on that begin with `prefix`, in order.
    pub(crate) fn names(&self, from: Bound<&str>, prefix: &str, most: usize) -> Vec<StreamId> {
        let mut names: Vec<StreamId> = Vec::new();
        for mem in self.mems() {
            let range = mem.streams.range::<str, _>((from, Bound::Unbounded));
            let begins = range.map(|(name, _)| name);
            let begins = begins.take_while(|name| name.as_str().starts_with(prefix));
            names.extend(begins.take(most).cloned());
        }
        names.sort_unstable();
        names.dedup();
        names.truncate(most);
        names
    }
}

/// What the tail knows of a stream.
#[derive(Debug)]
pub(crate) struct StreamTail {
    /// Everything before this version is settled.
    pub(crate) first: Version,
    /// The stream's version.
    pub(crate) last: Version,
    pub(crate) commits: Vec<Arc<SealedCommit>>,
}

/// Returns the tail of a store of which everything is settled up to `heads`.
pub(crate) fn settled(partitions: Partitions, heads: &[Offset]) -> Tail {
    let heads = partitions.iter().map(|partition| {
        let head = heads.get(usize::from(partition.0));
        head.copied().unwrap_or_default()
    });
    Tail {
        active: Mem::new(heads),
        frozen: None,
    }
}
