//! The store: the port's calls over logs and streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, SealedCommit, StreamPage,
};

use crate::log::Log;
use crate::streams::{Stream, Streams};

#[derive(Debug)]
struct Shared {
    partitions: Partitions,
    limits: Limits,
    logs: Vec<Log>,
    streams: Streams,
}

/// A handle on a log in memory. The log lives as long as one of its handles.
#[derive(Debug)]
pub struct MemoryStore {
    shared: Arc<Shared>,
    closed: AtomicBool,
}

impl MemoryStore {
    /// Makes an empty store of one partition.
    #[must_use]
    pub fn new() -> Self {
        Self::with_partitions(Partitions::ONE)
    }

    /// Makes an empty store of so many partitions.
    #[must_use]
    pub fn with_partitions(partitions: Partitions) -> Self {
        Self::of(Shared {
            partitions,
            limits: Limits::COMMON,
            logs: partitions.iter().map(Log::new).collect(),
            streams: Streams::new(),
        })
    }

    fn of(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
            closed: AtomicBool::new(false),
        }
    }

    /// Returns one more handle on the same log, open even if this one is closed.
    #[must_use]
    pub fn handle(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            closed: AtomicBool::new(false),
        }
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    fn open(&self) -> Result<&Shared, ReadError> {
        if self.is_closed() {
            return Err(ReadError::Closed);
        }
        Ok(&self.shared)
    }

    fn log(&self, partition: PartitionId) -> Result<&Log, ReadError> {
        let shared = self.open()?;
        let log = shared.logs.get(usize::from(partition.0));
        log.ok_or_else(|| ReadError::no_such_partition(partition, shared.partitions))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Shared {
    fn log_of(&self, stream: &StreamId) -> (PartitionId, &Log) {
        let partition = self.partitions.of(stream);
        (partition, &self.logs[usize::from(partition.0)])
    }

    fn append(&self, append: &Append) -> Result<Appended, AppendError> {
        append.check(&self.limits)?;
        let (partition, log) = self.log_of(&append.stream);
        let hash = self.streams.hash(&append.stream);
        let command = append.command.as_ref().map(|key| &key.id);
        let events = append.records.len();
        let appended = |version, offset| Appended {
            revision: Revision::new(version),
            partition,
            offset,
            replayed: false,
        };

        let mut shard = self.streams.write(hash);
        let Some(stream) = shard.find_mut(hash, &append.stream) else {
            append.check_expected(Version::NONE)?;
            let offset = log.push(append, Version::FIRST);
            let mut stream = Stream::default();
            stream.add(Version::FIRST, events, offset, command);
            let version = stream.version;
            let name = append.stream.clone();
            self.streams.insert(&mut shard, hash, name, stream);
            return Ok(appended(version, offset));
        };
        if let Some(answered) = command.and_then(|id| stream.command(id)) {
            let found = found(log.commit(answered).ok(), answered);
            if let Some(found) = found {
                return append.replay(&found);
            }
        }
        append.check_expected(stream.version)?;
        let first = stream.version.next();
        let offset = log.push(append, first);
        stream.add(first, events, offset, command);
        Ok(appended(stream.version, offset))
    }
}

/// What a commit tells of its command.
fn found(commit: Option<&SealedCommit>, offset: Offset) -> Option<FoundCommand> {
    let view = commit?.view()?;
    let (_, digest) = view.command()?;
    Some(FoundCommand {
        digest,
        appended: Appended {
            revision: Revision::new(view.last_version()),
            partition: view.partition(),
            offset,
            replayed: true,
        },
    })
}

fn check_limit(limit: Limit) -> Result<(), ReadError> {
    if limit.events > 0 && limit.bytes > 0 {
        return Ok(());
    }
    Err(ReadError::Invalid {
        reason: "a page of no event or no byte was asked for; ask for at least one".to_owned(),
    })
}

#[async_trait]
impl EventStore for MemoryStore {
    fn partitions(&self) -> Partitions {
        self.shared.partitions
    }

    fn limits(&self) -> Limits {
        self.shared.limits
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        if self.is_closed() {
            return Err(AppendError::Closed);
        }
        self.shared.append(&append)
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        let shared = self.open()?;
        let hash = shared.streams.hash(stream);
        let offset = shared
            .streams
            .read(hash)
            .find(hash, stream)
            .and_then(|stream| stream.command(command));
        let Some(offset) = offset else {
            return Ok(None);
        };
        let (_, log) = shared.log_of(stream);
        Ok(found(Some(log.commit(offset)?), offset))
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        check_limit(limit)?;
        let shared = self.open()?;
        let hash = shared.streams.hash(stream);
        let (version, offsets) = shared
            .streams
            .read(hash)
            .find(hash, stream)
            .map(|stream| (stream.version, stream.offsets(after, limit.events)))
            .unwrap_or_default();
        let (_, log) = shared.log_of(stream);
        let (commits, _) = log.copy(offsets.into_iter(), limit)?;
        Ok(StreamPage {
            after,
            commits,
            revision: Revision::new(version),
        })
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        check_limit(limit)?;
        self.log(partition)?.page(after, limit)
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        let shared = self.open()?;
        if limit == 0 {
            return Err(ReadError::Invalid {
                reason: "a list of no stream was asked for; ask for at least one".to_owned(),
            });
        }
        Ok(shared.streams.list(prefix, after, limit))
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        Ok(self.log(partition)?.head())
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        let log = self.log(partition)?;
        let head = log.head();
        if head > offset {
            return Ok(head);
        }
        log.wait_for(|head| match (self.is_closed(), head > offset) {
            (true, _) => Some(Err(ReadError::Closed)),
            (false, true) => Some(Ok(head)),
            (false, false) => None,
        })
        .await
    }

    async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        // Whoever waits on another handle looks at the head once more and waits on.
        for log in &self.shared.logs {
            log.wake();
        }
    }
}
