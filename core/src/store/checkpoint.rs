//! How far a consumer has read.

use async_trait::async_trait;

use super::ReadError;
use crate::event::{ConsumerId, Offset, PartitionId};

/// One offset for each partition: everything up to it has been dealt with.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::Checkpoint;
///
/// let mut checkpoint = Checkpoint::default();
/// checkpoint.set(PartitionId(2), Offset::new(7));
/// assert_eq!(checkpoint.offset(PartitionId(2)), Offset::new(7));
/// assert_eq!(checkpoint.offset(PartitionId(9)), Offset::START);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Checkpoint(Vec<Offset>);

impl Checkpoint {
    /// Returns the offset of one partition, [`Offset::START`] where none was set.
    #[must_use]
    pub fn offset(&self, partition: PartitionId) -> Offset {
        let offset = self.0.get(usize::from(partition.0));
        offset.copied().unwrap_or_default()
    }

    /// Sets the offset of one partition, also backwards.
    pub fn set(&mut self, partition: PartitionId, offset: Offset) {
        let at = usize::from(partition.0);
        if self.0.len() <= at {
            self.0.resize(at.saturating_add(1), Offset::START);
        }
        if let Some(place) = self.0.get_mut(at) {
            *place = offset;
        }
    }

    /// Returns the partitions whose offset is not the start, with it.
    pub fn iter(&self) -> impl Iterator<Item = (PartitionId, Offset)> {
        let numbered = (0_u16..).map(PartitionId).zip(self.0.iter().copied());
        numbered.filter(|(_, offset)| *offset != Offset::START)
    }
}

/// Keeps the checkpoint of each consumer. Lossy by contract: after a failure an *earlier* offset may
/// come back, never a later one than was saved, so a consumer sees events at least once.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{CheckpointStore, blocking};
/// # use punctual_memory::MemoryCheckpoints;
///
/// let checkpoints = MemoryCheckpoints::default();
/// let mailer = "mailer".parse()?;
/// blocking::wait(checkpoints.save(&mailer, PartitionId(0), Offset::new(41)))?;
/// let known = blocking::wait(checkpoints.load(&mailer))?;
/// assert_eq!(known.offset(PartitionId(0)), Offset::new(41));
///
/// blocking::wait(checkpoints.forget(&mailer))?; // everything once more
/// assert_eq!(blocking::wait(checkpoints.load(&mailer))?.offset(PartitionId(0)), Offset::START);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait CheckpointStore: std::fmt::Debug + Send + Sync {
    /// Returns how far the consumer is; the start of every partition when nothing was saved.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot tell. The start would be a lie: do not go on from it.
    async fn load(&self, consumer: &ConsumerId) -> Result<Checkpoint, ReadError>;

    /// Sets the offset of one partition, also backwards. Partitions are independent, so consumers
    /// that share the work need not know of each other.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot; the earlier offset stays.
    async fn save(
        &self,
        consumer: &ConsumerId,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<(), ReadError>;

    /// Forgets the consumer, which then begins at the start.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot.
    async fn forget(&self, consumer: &ConsumerId) -> Result<(), ReadError>;
}
