//! A store that can be held in the middle of a read.

use std::sync::{Condvar, Mutex};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage,
};
use punctual_memory::MemoryStore;

/// A memory backend whose reads of a partition are counted and, from the one on that it was asked for,
/// held together with their thread until the gate is opened.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    inner: MemoryStore,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct State {
    reads: usize,
    held_from: Option<usize>,
}

impl Gate {
    /// Counts anew, and holds every read of a partition after so many.
    pub(crate) fn hold_after(&self, reads: usize) {
        *self.state.lock().unwrap() = State {
            reads: 0,
            held_from: Some(reads),
        };
    }

    /// Lets all go on.
    pub(crate) fn open(&self) {
        self.state.lock().unwrap().held_from = None;
        self.moved.notify_all();
    }

    /// Returns how many reads of a partition were begun.
    pub(crate) fn reads(&self) -> usize {
        self.state.lock().unwrap().reads
    }

    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.reads += 1;
        let own = state.reads;
        let held = |state: &mut State| state.held_from.is_some_and(|from| own > from);
        drop(self.moved.wait_while(state, held).unwrap());
    }
}

#[async_trait]
impl EventStore for Gate {
    fn partitions(&self) -> Partitions {
        self.inner.partitions()
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
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
        self.inner.read_stream(stream, after, limit).await
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.pass();
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
