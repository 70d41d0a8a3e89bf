//! Snapshots in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use punctual::event::StreamId;
use punctual::store::{ReadError, Snapshot, SnapshotStore};

/// Keeps the latest snapshot of each stream and fold. A clone is the same store.
///
/// ```
/// use punctual::event::{StreamId, Version};
/// use punctual::store::{Snapshot, SnapshotStore, blocking};
/// use punctual_memory::MemorySnapshots;
///
/// let snapshots = MemorySnapshots::default();
/// let same = snapshots.clone();
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let snapshot = Snapshot { version: Version::new(3), state: b"a fold".to_vec() };
/// blocking::wait(snapshots.save(&stream, 1, snapshot.clone()))?;
/// assert_eq!(blocking::wait(same.load(&stream, 1))?, Some(snapshot));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemorySnapshots(Arc<Mutex<BTreeMap<(StreamId, u32), Snapshot>>>);

impl MemorySnapshots {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<(StreamId, u32), Snapshot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SnapshotStore for MemorySnapshots {
    async fn load(&self, stream: &StreamId, fold: u32) -> Result<Option<Snapshot>, ReadError> {
        Ok(self.kept().get(&(stream.clone(), fold)).cloned())
    }

    async fn save(
        &self,
        stream: &StreamId,
        fold: u32,
        snapshot: Snapshot,
    ) -> Result<(), ReadError> {
        let mut kept = self.kept();
        let key = (stream.clone(), fold);
        if kept
            .get(&key)
            .is_none_or(|old| old.version <= snapshot.version)
        {
            kept.insert(key, snapshot);
        }
        Ok(())
    }

    async fn delete(&self, stream: &StreamId) -> Result<(), ReadError> {
        self.kept().retain(|(kept, _), _| kept != stream);
        Ok(())
    }

    async fn clear(&self) -> Result<(), ReadError> {
        self.kept().clear();
        Ok(())
    }
}
