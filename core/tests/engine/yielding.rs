//! A store in which engines meet.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage,
};
use punctual_memory::MemoryStore;

/// A memory backend that gives way before every read of a stream and every append, so that engines
/// in one runtime meet; and that counts the reads.
#[derive(Debug, Default)]
pub(crate) struct Yielding {
    inner: MemoryStore,
    streams: AtomicUsize,
}

impl Yielding {
    /// Returns how many streams were read since the last call.
    pub(crate) fn reads(&self) -> usize {
        self.streams.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl EventStore for Yielding {
    fn partitions(&self) -> Partitions {
        self.inner.partitions()
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        tokio::task::yield_now().await;
        self.inner.append(append).await
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.inner.find_command(stream, command).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.streams.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.inner.read_stream(stream, after, limit).await
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.inner.read_partition(partition, after, limit).await
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.inner.list_streams(prefix, after, limit).await
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        self.inner.head(partition).await
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        self.inner.wait_past(partition, offset).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
