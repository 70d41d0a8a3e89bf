//! A store of a plain list of commits: slow, and short enough to be seen to be right.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommitView, Commits, EventStore, FoundCommand, Limit, Limits,
    PartitionPage, Partitions, ReadError, SealedCommit, StreamPage,
};

#[derive(Debug)]
pub(crate) struct PlainStore {
    partitions: Partitions,
    commits: Mutex<Vec<SealedCommit>>,
}

impl PlainStore {
    pub(crate) fn new(partitions: u16) -> Self {
        Self {
            partitions: Partitions::new(partitions).unwrap(),
            commits: Mutex::default(),
        }
    }

    /// Returns every commit, partition by partition.
    pub(crate) fn log(&self) -> Vec<SealedCommit> {
        let mut log = self.all().clone();
        log.sort_by_key(|commit| {
            let view = commit.view().unwrap();
            (view.partition(), view.offset())
        });
        log
    }

    fn all(&self) -> MutexGuard<'_, Vec<SealedCommit>> {
        self.commits.lock().unwrap()
    }

    fn page(&self, limit: Limit, wanted: impl Fn(&CommitView<'_>) -> bool) -> Commits {
        let mut page = Commits::new();
        for commit in self.all().iter() {
            let view = commit.view().unwrap();
            if !wanted(&view) {
                continue;
            }
            if !limit.admits(
                page.events(),
                page.bytes(),
                (view.len(), commit.as_bytes().len()),
            ) {
                break;
            }
            page.push(commit);
        }
        page
    }

    fn version(&self, stream: &StreamId) -> Version {
        let all = self.all();
        let of_stream = all.iter().filter_map(|commit| {
            let view = commit.view().unwrap();
            (view.stream() == stream.as_str()).then_some(view.last_version())
        });
        of_stream.max().unwrap_or_default()
    }
}

#[async_trait]
impl EventStore for PlainStore {
    fn partitions(&self) -> Partitions {
        self.partitions
    }

    fn limits(&self) -> Limits {
        Limits::COMMON
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        append.check(&self.limits())?;
        if let Some(key) = &append.command {
            let found = self.find_command(&append.stream, &key.id).await;
            if let Some(found) = found.unwrap() {
                return append.replay(&found);
            }
        }
        let version = self.version(&append.stream);
        append.check_expected(version)?;
        let partition = self.partitions.of(&append.stream);
        let offset = self.head(partition).await.unwrap().next();
        let commit = append
            .stamped(partition, offset, version.next())
            .to_sealed();
        let revision = commit.view().unwrap().last_version().into();
        self.all().push(commit);
        Ok(Appended {
            revision,
            partition,
            offset,
            replayed: false,
        })
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        let all = self.all();
        Ok(all.iter().find_map(|commit| {
            let view = commit.view().unwrap();
            let key = view.command_key()?;
            (view.stream() == stream.as_str() && key.id == *command).then(|| FoundCommand {
                digest: key.digest,
                appended: Appended {
                    revision: view.last_version().into(),
                    partition: view.partition(),
                    offset: view.offset(),
                    replayed: true,
                },
            })
        }))
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        Ok(StreamPage {
            after,
            commits: self.page(limit, |commit| {
                commit.stream() == stream.as_str() && commit.last_version() > after
            }),
            revision: Revision::new(self.version(stream)),
        })
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        let commits = self.page(limit, |commit| {
            commit.partition() == partition && commit.offset() > after
        });
        let next = commits.iter().last().map_or(after, |last| last.offset());
        Ok(PartitionPage {
            partition,
            commits,
            next,
            head: self.head(partition).await?,
        })
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        let all = self.all();
        let names = all
            .iter()
            .map(|commit| commit.view().unwrap().stream().parse().unwrap());
        let mut names: Vec<StreamId> = names.collect();
        names.sort();
        names.dedup();
        names.retain(|name| name.as_str().starts_with(prefix) && Some(name) > after);
        names.truncate(limit);
        Ok(names)
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        let all = self.all();
        let views = all.iter().map(|commit| commit.view().unwrap());
        let of_partition = views.filter(|view| view.partition() == partition);
        let offsets = of_partition.map(|view| view.offset());
        Ok(offsets.max().unwrap_or(Offset::START))
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        let head = self.head(partition).await?;
        assert!(head > offset, "nobody waits in these tests");
        Ok(head)
    }

    async fn close(&self) {}
}
