//! A store in which engines meet.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use punctual::event::{StreamId, Version};
use punctual::store::{Append, AppendError, Appended, EventStore, Limit, ReadError, StreamPage};
use punctual_memory::MemoryStore;
use punctual_testkit::hooked::{Hooked, Hooks};

/// Gives way before every read of a stream and every append, so that engines in one runtime meet; and
/// counts the reads.
#[derive(Debug, Default)]
pub(crate) struct Yielding {
    streams: AtomicUsize,
}

impl Yielding {
    /// Returns a memory backend that gives way.
    pub(crate) fn store() -> Arc<Hooked<Self>> {
        let store = Hooked::around(Arc::new(MemoryStore::new()), Self::default());
        Arc::new(store)
    }

    /// Returns how many streams were read since the last call.
    pub(crate) fn reads(&self) -> usize {
        self.streams.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Hooks for Yielding {
    async fn append(
        &self,
        store: &dyn EventStore,
        append: Append,
    ) -> Result<Appended, AppendError> {
        tokio::task::yield_now().await;
        store.append(append).await
    }

    async fn read_stream(
        &self,
        store: &dyn EventStore,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.streams.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        store.read_stream(stream, after, limit).await
    }
}
