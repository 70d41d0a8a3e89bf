//! A store whose answers are waited for on the spot.

use std::sync::Arc;

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage, blocking,
};

/// A store with threads of its own, made to answer like one without: each call but a wait is over
/// when it is first polled. So a run on it goes the same way each time.
///
/// ```
/// use std::sync::Arc;
///
/// use punctual_memory::MemoryStore;
/// use punctual_simulation::{Waiting, World};
///
/// let store = || Arc::new(Waiting(Arc::new(MemoryStore::new())));
/// let report = World::on(store(), 5, 4)?.play()?;
/// assert_eq!(World::on(store(), 5, 4)?.play()?.digest, report.digest);
/// # Ok::<(), punctual_simulation::Violation>(())
/// ```
#[derive(Debug)]
pub struct Waiting<S>(
    /// The store.
    pub Arc<S>,
);

#[async_trait]
impl<S: EventStore> EventStore for Waiting<S> {
    fn partitions(&self) -> Partitions {
        self.0.partitions()
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        blocking::wait(self.0.append(append))
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        blocking::wait(self.0.find_command(stream, command))
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        blocking::wait(self.0.read_stream(stream, after, limit))
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        blocking::wait(self.0.read_partition(partition, after, limit))
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        blocking::wait(self.0.list_streams(prefix, after, limit))
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        blocking::wait(self.0.head(partition))
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        self.0.wait_past(partition, offset).await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}
