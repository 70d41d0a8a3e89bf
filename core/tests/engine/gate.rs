//! A store that can be held in the middle of a read, and that can fail to read a ticket.

use std::sync::{Condvar, Mutex};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage,
};
use punctual_memory::MemoryStore;

/// A memory backend whose reads are counted. Those of a partition are held, from the one on that it was
/// asked for, together with their thread until the gate is opened; those of one ticket can be made to fail.
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
    stream_reads: usize,
    unreadable: Option<StreamId>,
}

impl Gate {
    /// Counts anew, and holds every read of a partition after so many.
    pub(crate) fn hold_after(&self, reads: usize) {
        let mut state = self.state.lock().unwrap();
        (state.reads, state.held_from) = (0, Some(reads));
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

    /// Counts reads of tickets anew, and fails those of `stream`.
    pub(crate) fn lose(&self, stream: Option<StreamId>) {
        let mut state = self.state.lock().unwrap();
        (state.stream_reads, state.unreadable) = (0, stream);
    }

    /// Returns how many reads of tickets were begun.
    pub(crate) fn stream_reads(&self) -> usize {
        self.state.lock().unwrap().stream_reads
    }

    fn find(&self, stream: &StreamId) -> Result<(), ReadError> {
        let mut state = self.state.lock().unwrap();
        state.stream_reads += 1;
        if state.unreadable.as_ref() == Some(stream) {
            return Err(ReadError::Busy);
        }
        Ok(())
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
        self.find(stream)?;
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
