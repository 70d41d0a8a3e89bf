//! The store of the example `your_own_backend` beside the whole contract.

#[path = "../examples/your_own_backend/store.rs"]
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use punctual::event::StreamId;
use punctual::store::{CheckpointStore, EventStore, Partitions, SnapshotStore};
use punctual_testkit::{Backend, Fault, Fixture, Offer};

use store::ListStore;

const NO_MEDIUM: &str = "the list has no medium: it ends with its last handle";
const NOT_HERE: &str = "the list is a log alone";

#[derive(Debug)]
struct List;

#[derive(Debug)]
struct ListFixture(ListStore);

#[async_trait]
impl Backend for List {
    async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
        Offer::Offered(Box::new(ListFixture(ListStore::new(partitions))))
    }
}

/// What the store cannot do is said, with the reason; the suite shows these checks as skipped.
#[async_trait]
impl Fixture for ListFixture {
    async fn open(&self) -> Arc<dyn EventStore> {
        Arc::new(self.0.handle())
    }

    async fn reopen(&self) -> Offer<Arc<dyn EventStore>> {
        Offer::Offered(Arc::new(self.0.handle()))
    }

    async fn crash(&self) -> Offer<Arc<dyn EventStore>> {
        Offer::Absent(NO_MEDIUM)
    }

    async fn inject(&self, _: Fault) -> Offer<()> {
        Offer::Absent("no write to the list can fail")
    }

    async fn damage(&self, _: &StreamId) -> Offer<()> {
        Offer::Absent(NO_MEDIUM)
    }

    async fn snapshots(&self) -> Offer<Arc<dyn SnapshotStore>> {
        Offer::Absent(NOT_HERE)
    }

    async fn checkpoints(&self) -> Offer<Arc<dyn CheckpointStore>> {
        Offer::Absent(NOT_HERE)
    }
}

punctual_testkit::event_store_suite!(List);
