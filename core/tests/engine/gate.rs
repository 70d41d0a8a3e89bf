//! A store that can be held in the middle of a read, and that can fail to read a ticket.

use std::sync::{Arc, Condvar, Mutex};

use async_trait::async_trait;
use punctual::event::{Offset, PartitionId, StreamId, Version};
use punctual::store::{EventStore, Limit, PartitionPage, ReadError, StreamPage};
use punctual_memory::MemoryStore;
use punctual_testkit::hooked::{Hooked, Hooks};

/// Reads are counted. Those of a partition are held, from the one on that it was asked for, together with
/// their thread until the gate is opened; those of one ticket can be made to fail.
#[derive(Debug, Default)]
pub(crate) struct Gate {
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
    /// Returns a memory backend with a gate.
    pub(crate) fn store() -> Arc<Hooked<Self>> {
        let store = Hooked::around(Arc::new(MemoryStore::new()), Self::default());
        Arc::new(store)
    }

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
impl Hooks for Gate {
    async fn read_stream(
        &self,
        store: &dyn EventStore,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.find(stream)?;
        store.read_stream(stream, after, limit).await
    }

    async fn read_partition(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.pass();
        store.read_partition(partition, after, limit).await
    }
}
