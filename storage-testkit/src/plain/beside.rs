//! Snapshots and checkpoints of the plain store: two maps, kept over a reopen.
//!
//! They lie beside the log and under the same lock, so a test that asks both sees them at one moment.

use std::sync::Arc;

use async_trait::async_trait;
use punctual::event::{ConsumerId, Offset, PartitionId, StreamId};
use punctual::store::{Checkpoint, CheckpointStore, ReadError, Snapshot, SnapshotStore};

use super::Defect;
use super::fixture::Shared;

#[derive(Debug)]
pub(super) struct Beside(pub(super) Arc<Shared>);

impl Beside {
    fn has(&self, defect: Defect) -> bool {
        self.0.has(defect)
    }

    fn fold(&self, fold: u32) -> u32 {
        if self.has(Defect::FoldsMixed) {
            0
        } else {
            fold
        }
    }

    fn name(&self, consumer: &ConsumerId) -> ConsumerId {
        let folded = ConsumerId::new(&consumer.as_str().to_lowercase());
        match folded {
            Ok(folded) if self.has(Defect::ConsumersFolded) => folded,
            Ok(_) | Err(_) => consumer.clone(),
        }
    }
}

#[async_trait]
impl SnapshotStore for Beside {
    async fn load(&self, stream: &StreamId, fold: u32) -> Result<Option<Snapshot>, ReadError> {
        let key = (stream.clone(), self.fold(fold));
        Ok(self.0.state().snapshots.get(&key).cloned())
    }

    async fn save(
        &self,
        stream: &StreamId,
        fold: u32,
        mut snapshot: Snapshot,
    ) -> Result<(), ReadError> {
        let key = (stream.clone(), self.fold(fold));
        if self.has(Defect::SnapshotsCut) {
            snapshot.state.truncate(64 << 10);
        }
        let mut state = self.0.state();
        let newer = state.snapshots.get(&key);
        let newer = newer.is_some_and(|kept| kept.version > snapshot.version);
        if !newer || self.has(Defect::LastSnapshotWins) {
            state.snapshots.insert(key, snapshot);
        }
        Ok(())
    }

    async fn delete(&self, stream: &StreamId) -> Result<(), ReadError> {
        let by_prefix = self.has(Defect::DeleteByPrefix);
        self.0.state().snapshots.retain(|(kept, _), _| {
            kept != stream && !(by_prefix && kept.as_str().starts_with(stream.as_str()))
        });
        Ok(())
    }

    async fn clear(&self) -> Result<(), ReadError> {
        if !self.has(Defect::ClearIgnored) {
            self.0.state().snapshots.clear();
        }
        Ok(())
    }
}

#[async_trait]
impl CheckpointStore for Beside {
    async fn load(&self, consumer: &ConsumerId) -> Result<Checkpoint, ReadError> {
        let kept = self.0.state();
        let kept = kept.checkpoints.get(&self.name(consumer));
        Ok(kept.cloned().unwrap_or_default())
    }

    async fn save(
        &self,
        consumer: &ConsumerId,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<(), ReadError> {
        let mut state = self.0.state();
        let kept = state.checkpoints.entry(self.name(consumer)).or_default();
        let only_rises = self.has(Defect::CheckpointsOnlyRise);
        if only_rises && offset < kept.offset(partition) {
            return Ok(());
        }
        kept.set(partition, offset);
        if self.has(Defect::OneOffsetForAll) {
            (0..8).for_each(|other| kept.set(PartitionId(other), offset));
        }
        Ok(())
    }

    async fn forget(&self, consumer: &ConsumerId) -> Result<(), ReadError> {
        if !self.has(Defect::ForgetIgnored) {
            self.0.state().checkpoints.remove(&self.name(consumer));
        }
        Ok(())
    }
}
