//! What is known of each stream: its version, where its commits are, which commands made them.

use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use punctual::event::{CommandId, Offset, StreamId, Version};

/// Maps of a store; a power of two.
const SHARDS: usize = 16;

/// One stream.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) version: Version,
    /// First version and offset of every commit, oldest first.
    commits: Vec<(Version, Offset)>,
    commands: HashMap<CommandId, Offset>,
}

impl Stream {
    /// Notes a commit that begins at `first`.
    pub(crate) fn add(
        &mut self,
        first: Version,
        events: usize,
        offset: Offset,
        command: Option<&CommandId>,
    ) {
        self.version = Version::new(self.version.get() + events as u64);
        self.commits.push((first, offset));
        if let Some(command) = command {
            self.commands.insert(command.clone(), offset);
        }
    }

    /// Returns the commit that a command made.
    pub(crate) fn command(&self, command: &CommandId) -> Option<Offset> {
        self.commands.get(command).copied()
    }

    /// Returns the offsets of the first commits that hold events after `after`, at most `most`.
    pub(crate) fn offsets(&self, after: Version, most: usize) -> Vec<u64> {
        if after >= self.version {
            return Vec::new();
        }
        // The commit that holds the next event is the last that begins no later than it.
        let begin = self.commits.partition_point(|c| c.0 <= after.next()) - 1;
        let later = self.commits[begin..].iter().take(most);
        later.map(|(_, offset)| offset.get()).collect()
    }
}

/// One map, by name.
#[derive(Debug, Default)]
pub(crate) struct Shard(HashTable<(StreamId, Stream)>);

impl Shard {
    pub(crate) fn find(&self, hash: u64, name: &StreamId) -> Option<&Stream> {
        let found = self.0.find(hash, |(stream, _)| stream == name);
        found.map(|(_, stream)| stream)
    }

    pub(crate) fn find_mut(&mut self, hash: u64, name: &StreamId) -> Option<&mut Stream> {
        let found = self.0.find_mut(hash, |(stream, _)| stream == name);
        found.map(|(_, stream)| stream)
    }
}

/// Every stream of a store.
#[derive(Debug)]
pub(crate) struct Streams {
    hasher: DefaultHashBuilder,
    shards: [RwLock<Shard>; SHARDS],
    names: RwLock<Sorted>,
}

/// Names in their order, written once in a stream's life.
///
/// A new name is only noted, and sorted when somebody lists: to find its place among all others would
/// cost as much as the rest of a stream's first append.
#[derive(Debug, Default)]
struct Sorted {
    names: BTreeSet<StreamId>,
    noted: Vec<StreamId>,
}

impl Sorted {
    fn sort(&mut self) {
        self.names.extend(self.noted.drain(..));
    }
}

impl Streams {
    pub(crate) fn new() -> Self {
        Self {
            hasher: DefaultHashBuilder::default(),
            shards: Default::default(),
            names: RwLock::default(),
        }
    }

    pub(crate) fn hash(&self, stream: &StreamId) -> u64 {
        self.hasher.hash_one(stream)
    }

    /// The low bits choose the shard; the table inside uses the high ones and mixes the rest.
    fn shard(&self, hash: u64) -> &RwLock<Shard> {
        &self.shards[(hash >> 32) as usize % SHARDS]
    }

    pub(crate) fn read(&self, hash: u64) -> RwLockReadGuard<'_, Shard> {
        let shard = self.shard(hash);
        shard.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self, hash: u64) -> RwLockWriteGuard<'_, Shard> {
        let shard = self.shard(hash);
        shard.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a stream that has its first commit. The caller holds the lock of its shard.
    pub(crate) fn insert(&self, shard: &mut Shard, hash: u64, name: StreamId, stream: Stream) {
        let names = self.names.write();
        let mut names = names.unwrap_or_else(PoisonError::into_inner);
        names.noted.push(name.clone());
        drop(names);
        shard
            .0
            .insert_unique(hash, (name, stream), |(name, _)| self.hasher.hash_one(name));
    }

    pub(crate) fn list(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Vec<StreamId> {
        let mut sorted = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if !sorted.noted.is_empty() {
            drop(sorted);
            let mut unsorted = self.names.write().unwrap_or_else(PoisonError::into_inner);
            unsorted.sort();
            sorted = RwLockWriteGuard::downgrade(unsorted);
        }
        // Names with one prefix stand together.
        let begin = match after.map(StreamId::as_str) {
            Some(after) if after >= prefix => Bound::Excluded(after),
            Some(_) | None => Bound::Included(prefix),
        };
        sorted
            .names
            .range::<str, _>((begin, Bound::Unbounded))
            .take_while(|name| name.as_str().starts_with(prefix))
            .take(limit)
            .cloned()
            .collect()
    }
}
