//! The reference backend beside the whole contract.

use std::sync::Arc;

use async_trait::async_trait;
use punctual::event::StreamId;
use punctual::store::{CheckpointStore, EventStore, Partitions, SnapshotStore};
use punctual_memory::{MemoryCheckpoints, MemorySnapshots, MemoryStore};
use punctual_testkit::{Backend, Fault, Fixture, Offer};

const NO_MEDIUM: &str = "memory has no medium: the log ends with its last handle";

#[derive(Debug)]
struct Memory;

#[derive(Debug)]
struct MemoryFixture {
    store: MemoryStore,
    snapshots: MemorySnapshots,
    checkpoints: MemoryCheckpoints,
}

#[async_trait]
impl Backend for Memory {
    async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
        Offer::Offered(Box::new(MemoryFixture {
            store: MemoryStore::with_partitions(partitions),
            snapshots: MemorySnapshots::new(),
            checkpoints: MemoryCheckpoints::new(),
        }))
    }
}

#[async_trait]
impl Fixture for MemoryFixture {
    async fn open(&self) -> Arc<dyn EventStore> {
        Arc::new(self.store.handle())
    }

    /// Every handle is dropped but one; the log must not depend on the handle that wrote it.
    async fn reopen(&self) -> Offer<Arc<dyn EventStore>> {
        Offer::Offered(Arc::new(self.store.handle()))
    }

    async fn crash(&self) -> Offer<Arc<dyn EventStore>> {
        Offer::Absent(NO_MEDIUM)
    }

    async fn inject(&self, _: Fault) -> Offer<()> {
        Offer::Absent("memory has no write that can fail")
    }

    async fn damage(&self, _: &StreamId) -> Offer<()> {
        Offer::Absent(NO_MEDIUM)
    }

    async fn snapshots(&self) -> Offer<Arc<dyn SnapshotStore>> {
        Offer::Offered(Arc::new(self.snapshots.clone()))
    }

    async fn checkpoints(&self) -> Offer<Arc<dyn CheckpointStore>> {
        Offer::Offered(Arc::new(self.checkpoints.clone()))
    }
}

punctual_testkit::event_store_suite!(Memory);
