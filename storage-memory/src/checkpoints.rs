//! Checkpoints in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, CheckpointStore, ReadError};

/// Keeps the checkpoint of each consumer. A clone is the same store.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{CheckpointStore, blocking};
/// use punctual_memory::MemoryCheckpoints;
///
/// let checkpoints = MemoryCheckpoints::default();
/// let mailer = "mailer".parse()?;
/// blocking::wait(checkpoints.save(&mailer, PartitionId(0), Offset::new(7)))?;
/// let known = blocking::wait(checkpoints.clone().load(&mailer))?;
/// assert_eq!(known.offset(PartitionId(0)), Offset::new(7));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryCheckpoints(Arc<Mutex<BTreeMap<ConsumerId, Checkpoint>>>);

impl MemoryCheckpoints {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<ConsumerId, Checkpoint>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CheckpointStore for MemoryCheckpoints {
    async fn load(&self, consumer: &ConsumerId) -> Result<Checkpoint, ReadError> {
        Ok(self.kept().get(consumer).cloned().unwrap_or_default())
    }

    async fn save(
        &self,
        consumer: &ConsumerId,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<(), ReadError> {
        let mut kept = self.kept();
        kept.entry(consumer.clone())
            .or_default()
            .set(partition, offset);
        Ok(())
    }

    async fn forget(&self, consumer: &ConsumerId) -> Result<(), ReadError> {
        self.kept().remove(consumer);
        Ok(())
    }
}
