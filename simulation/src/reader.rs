//! A consumer that crashes now and then, and what it must have seen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use async_trait::async_trait;
use punctual::engine::{ConsumeError, Engine};
use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, CheckpointStore, Limit, ReadError};
use punctual_memory::MemoryCheckpoints;

use crate::chance::{Chance, Purpose};
use crate::tasks::{at_most, give_way};

/// What one consumer was given.
#[derive(Debug, Default)]
pub struct Delivered {
    /// The places of events since the beginning, restart by restart.
    pub batches: Vec<Batch>,
    /// How often it was started.
    pub starts: u64,
    /// What it was told that it should not have been.
    pub failed: Option<String>,
}

/// What happened to a consumer, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// It was started, where its checkpoint says.
    Started,
    /// It was given an event.
    Given(PartitionId, Offset, u32),
    /// Everything so far was dealt with and kept.
    Kept,
}

/// Checkpoints that fail and give way like the store.
///
/// A save may fail before it is done or after: the caller cannot tell, as with any store.
#[derive(Debug)]
pub struct RoughCheckpoints {
    inner: MemoryCheckpoints,
    chance: std::sync::Mutex<Chance>,
    failing: u32,
}

impl RoughCheckpoints {
    /// Keeps checkpoints in memory; so many calls of a thousand fail.
    #[must_use]
    pub fn new(seed: u64, failing: u32) -> Self {
        Self {
            inner: MemoryCheckpoints::new(),
            chance: std::sync::Mutex::new(Chance::new(seed, Purpose::Weather)),
            failing,
        }
    }

    fn fails(&self) -> Result<(), ReadError> {
        let chance = self.chance.lock();
        let mut chance = chance.unwrap_or_else(std::sync::PoisonError::into_inner);
        if chance.permille(self.failing) {
            return Err(ReadError::Unavailable {
                source: "no checkpoint now".into(),
            });
        }
        Ok(())
    }
}

#[async_trait]
impl CheckpointStore for RoughCheckpoints {
    async fn load(&self, consumer: &ConsumerId) -> Result<Checkpoint, ReadError> {
        give_way().await;
        self.fails()?;
        self.inner.load(consumer).await
    }

    async fn save(
        &self,
        consumer: &ConsumerId,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<(), ReadError> {
        give_way().await;
        self.fails()?;
        self.inner.save(consumer, partition, offset).await?;
        give_way().await;
        self.fails()
    }

    async fn forget(&self, consumer: &ConsumerId) -> Result<(), ReadError> {
        self.inner.forget(consumer).await
    }
}

/// Reads for ever, with crashes of its own.
///
/// What it does wrong, on purpose: it drops its consumer after some thirty batches and begins again, gives up waiting
/// in the middle of a read, and keeps only every other checkpoint.
pub async fn read_on(
    engine: Arc<Engine>,
    id: ConsumerId,
    checkpoints: Arc<RoughCheckpoints>,
    delivered: Rc<RefCell<Delivered>>,
    mut chance: Chance,
) {
    loop {
        let opened = engine
            .consumer(
                id.clone(),
                Arc::clone(&checkpoints) as Arc<dyn CheckpointStore>,
            )
            .await;
        let mut consumer = match opened {
            Ok(consumer) => consumer.with_page(Limit::events(1 + chance.place(40))),
            Err(_) => {
                give_way().await;
                continue;
            }
        };
        delivered.borrow_mut().batches.push(Batch::Started);
        delivered.borrow_mut().starts += 1;
        while !chance.permille(30) {
            // Given up half way now and then: nothing is lost by it.
            let patience = if chance.permille(300) {
                1 + chance.below(6)
            } else {
                u64::MAX
            };
            match at_most(patience, consumer.next()).await {
                None => {}
                Some(Ok(events)) => {
                    for event in events {
                        let Some(place) = event.position else {
                            continue;
                        };
                        let given = Batch::Given(place.partition, place.offset, place.index);
                        delivered.borrow_mut().batches.push(given);
                    }
                    if chance.permille(500) && consumer.commit().await.is_ok() {
                        delivered.borrow_mut().batches.push(Batch::Kept);
                    }
                }
                Some(Err(ConsumeError::Read(error))) if error.is_transient() => {
                    give_way().await;
                }
                Some(Err(error)) => {
                    delivered.borrow_mut().failed = Some(error.to_string());
                    return;
                }
            }
        }
    }
}

/// Holds what a consumer was given to the log: at least once, in order, and nothing left out.
///
/// What is held, for each partition:
///
/// - the first event after a start is one that was given before and not yet kept, or the next one: nothing is
///   skipped, and nothing that was kept comes again;
/// - every later event follows on the one before it.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual_simulation::reader::{Account, Batch, Delivered};
///
/// let partition = PartitionId(0);
/// let log = [(Offset::new(1), 0), (Offset::new(2), 0), (Offset::new(3), 0)];
/// let given = |at: usize| Batch::Given(partition, log[at].0, log[at].1);
///
/// // A crash before the second event was kept: it is given again.
/// let mut delivered = Delivered::default();
/// delivered.batches = vec![Batch::Started, given(0), Batch::Kept, given(1), Batch::Started, given(1)];
/// let mut account = Account::default();
/// account.take(&delivered, |_| &log)?;
/// assert_eq!(account.given(partition), 2);
///
/// // After a start it goes on with the third, though the second was never given.
/// delivered.batches = vec![Batch::Started, given(0), Batch::Started, given(2)];
/// assert!(Account::default().take(&delivered, |_| &log).is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Default)]
pub struct Account {
    taken: usize,
    places: BTreeMap<PartitionId, Place>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// The event that must come next, once one has come since the start.
    next: Option<usize>,
    /// Up to where it was kept.
    kept: usize,
    /// Up to where it was ever given.
    given: usize,
}

impl Account {
    /// Takes what is new; `order` tells the events of a partition.
    ///
    /// # Errors
    /// What is wrong.
    pub fn take<'o>(
        &mut self,
        delivered: &Delivered,
        order: impl Fn(PartitionId) -> &'o [(Offset, u32)],
    ) -> Result<(), String> {
        if let Some(failed) = &delivered.failed {
            return Err(failed.clone());
        }
        for batch in delivered.batches.iter().skip(self.taken) {
            match batch {
                Batch::Started => self.places.values_mut().for_each(|it| it.next = None),
                Batch::Kept => self.places.values_mut().for_each(|it| {
                    it.kept = it.next.unwrap_or(it.kept);
                }),
                Batch::Given(partition, offset, index) => {
                    let found = order(*partition).binary_search(&(*offset, *index));
                    let at = found.map_err(|_| format!("{offset} {index} is not in the log"))?;
                    let place = self.places.entry(*partition).or_default();
                    let is_right = match place.next {
                        Some(next) => at == next,
                        None => at >= place.kept.min(place.given) && at <= place.given,
                    };
                    if !is_right {
                        return Err(format!("{partition:?}: event {at} came, at {place:?}"));
                    }
                    place.next = Some(at + 1);
                    place.given = place.given.max(at + 1);
                }
            }
        }
        self.taken = delivered.batches.len();
        Ok(())
    }

    /// Returns how many events of a partition were given.
    #[must_use]
    pub fn given(&self, partition: PartitionId) -> usize {
        self.places.get(&partition).map_or(0, |place| place.given)
    }
}
