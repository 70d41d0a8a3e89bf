//! A backend as plain as can be: every commit in one list a partition, in memory, found by looking.
//!
//! A real backend differs in where the commits lie and in how they are found. What it need not
//! write is here as well: records and commits are encoded, sealed and checked by `punctual::store`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommitView, Commits, EventStore, FoundCommand, Limit, Limits,
    PartitionPage, Partitions, ReadError, SealedCommit, StreamPage,
};
use tokio::sync::watch;

/// The commits of each partition; the commit with offset 1 lies at 0.
type Log = Vec<Vec<SealedCommit>>;

/// A handle on the list.
#[derive(Debug)]
pub(crate) struct ListStore {
    partitions: Partitions,
    /// A lock with a bell: whoever waits for the head looks again after each change.
    log: Arc<watch::Sender<Log>>,
    closed: AtomicBool,
}

impl ListStore {
    /// Makes an empty store.
    pub(crate) fn new(partitions: Partitions) -> Self {
        let log = partitions.iter().map(|_| Vec::new()).collect();
        Self {
            partitions,
            log: Arc::new(watch::Sender::new(log)),
            closed: AtomicBool::new(false),
        }
    }

    /// Returns one more handle on the same log.
    pub(crate) fn handle(&self) -> Self {
        Self {
            partitions: self.partitions,
            log: Arc::clone(&self.log),
            closed: AtomicBool::new(false),
        }
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    fn check_open(&self) -> Result<(), ReadError> {
        if self.is_closed() {
            return Err(ReadError::Closed);
        }
        Ok(())
    }

    fn check_partition(&self, partition: PartitionId) -> Result<(), ReadError> {
        self.check_open()?;
        if partition.0 < self.partitions.count() {
            return Ok(());
        }
        Err(ReadError::no_such_partition(partition, self.partitions))
    }

    /// Calls `read` with the commits of a partition. The caller has checked that there is one.
    fn with<T>(&self, partition: PartitionId, read: impl FnOnce(&[SealedCommit]) -> T) -> T {
        read(&self.log.borrow()[usize::from(partition.0)])
    }
}

fn head(commits: &[SealedCommit]) -> Offset {
    Offset::new(commits.len() as u64)
}

/// The commits of one stream, oldest first. A real backend has an index instead.
fn commits_of<'c>(
    commits: &'c [SealedCommit],
    stream: &StreamId,
) -> impl DoubleEndedIterator<Item = (&'c SealedCommit, CommitView<'c>)> {
    let views = commits.iter().filter_map(|it| Some((it, it.view()?)));
    views.filter(move |(_, view)| view.stream() == stream.as_str())
}

fn version_of(commits: &[SealedCommit], stream: &StreamId) -> Version {
    let last = commits_of(commits, stream).next_back();
    last.map_or(Version::NONE, |(_, view)| view.last_version())
}

/// What a commit of this stream tells of a command: commits carry theirs.
fn find(commits: &[SealedCommit], stream: &StreamId, command: &CommandId) -> Option<FoundCommand> {
    commits_of(commits, stream).find_map(|(_, view)| {
        let key = view.command_key().filter(|key| key.id == *command)?;
        let appended = Appended {
            revision: view.last_version().into(),
            partition: view.partition(),
            offset: view.offset(),
            replayed: true,
        };
        Some(FoundCommand {
            digest: key.digest,
            appended,
        })
    })
}

/// Decides an append and makes it, under the lock. The order of the checks is the contract's: a
/// command that was answered gets its answer, whatever the version is by now.
fn push(log: &mut Log, partition: PartitionId, append: &Append) -> Result<Appended, AppendError> {
    let commits = &mut log[usize::from(partition.0)];
    let command = append.command.as_ref();
    if let Some(found) = command.and_then(|key| find(commits, &append.stream, &key.id)) {
        return append.replay(&found);
    }
    let version = version_of(commits, &append.stream);
    append.check_expected(version)?;
    let offset = head(commits).next();
    let sealed = append
        .stamped(partition, offset, version.next())
        .to_sealed();
    commits.push(sealed);
    Ok(Appended {
        revision: version_of(commits, &append.stream).into(),
        partition,
        offset,
        replayed: false,
    })
}

/// Copies whole commits, up to the limit.
fn copy<'c>(commits: impl Iterator<Item = &'c SealedCommit>, limit: Limit) -> Commits {
    let mut page = Commits::new();
    for commit in commits {
        let size = (commit.events(), commit.as_bytes().len());
        if !limit.admits(page.events(), page.bytes(), size) {
            break;
        }
        page.push(commit);
    }
    page
}

fn check_limit(is_something: bool) -> Result<(), ReadError> {
    if is_something {
        return Ok(());
    }
    Err(ReadError::Invalid {
        reason: "ask for at least one event, byte or stream".to_owned(),
    })
}

#[async_trait]
impl EventStore for ListStore {
    fn partitions(&self) -> Partitions {
        self.partitions
    }

    fn limits(&self) -> Limits {
        Limits::COMMON
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        if self.is_closed() {
            return Err(AppendError::Closed);
        }
        append.check(&self.limits())?;
        let partition = self.partitions.of(&append.stream);
        let mut done = Err(AppendError::Busy);
        // Takes the lock, and rings the bell when the answer is true.
        self.log.send_if_modified(|log| {
            done = push(log, partition, &append);
            done.as_ref().is_ok_and(|appended| !appended.replayed)
        });
        done
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.check_open()?;
        let partition = self.partitions.of(stream);
        Ok(self.with(partition, |commits| find(commits, stream, command)))
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.check_open()?;
        check_limit(limit.events > 0 && limit.bytes > 0)?;
        Ok(self.with(self.partitions.of(stream), |commits| {
            let later = commits_of(commits, stream).filter(|(_, it)| it.last_version() > after);
            StreamPage {
                after,
                commits: copy(later.map(|(commit, _)| commit), limit),
                revision: version_of(commits, stream).into(),
            }
        }))
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.check_partition(partition)?;
        check_limit(limit.events > 0 && limit.bytes > 0)?;
        self.with(partition, |commits| {
            let head = head(commits);
            if after > head {
                return Err(ReadError::Beyond {
                    partition,
                    after,
                    head,
                });
            }
            let commits = copy(commits.iter().skip(after.get() as usize), limit);
            Ok(PartitionPage {
                partition,
                next: Offset::new(after.get() + commits.len() as u64),
                commits,
                head,
            })
        })
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.check_open()?;
        check_limit(limit > 0)?;
        let log = self.log.borrow();
        let views = log.iter().flatten().filter_map(SealedCommit::view);
        let names: BTreeSet<&str> = views.map(|view| view.stream()).collect();
        let wanted = names.into_iter().filter(|name| {
            name.starts_with(prefix) && after.is_none_or(|after| *name > after.as_str())
        });
        // They were stream ids when they were stored.
        Ok(wanted
            .take(limit)
            .filter_map(|it| it.parse().ok())
            .collect())
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        self.check_partition(partition)?;
        Ok(self.with(partition, head))
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        self.check_partition(partition)?;
        let mut changes = self.log.subscribe();
        let grown = |log: &Log| head(&log[usize::from(partition.0)]) > offset;
        let waited = changes.wait_for(|log| self.is_closed() || grown(log)).await;
        drop(waited);
        self.head(partition).await
    }

    async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        // Rings the bell; whoever waits on another handle waits on.
        self.log.send_modify(|_| ());
    }
}
