//! A store as an engine meets it on a bad day.
//!
//! Every call gives way before and after it, so that two engines meet between any two calls, and an
//! answer may be old when it arrives: as late as the port allows. Appends and reads of partitions
//! fail as a [`FaultStore`] is told to; other reads fail at random; pages are cut short at random;
//! and the whole store may be away for a while.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage, Written,
};
use punctual_testkit::fault::{AppendFault, FaultStore, ReadFault};

use crate::chance::Chance;
use crate::tasks::give_way;

/// How often what goes wrong, in thousandths of the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Appends.
    pub appends: u32,
    /// Reads.
    pub reads: u32,
    /// Pages that are cut short.
    pub short_pages: u32,
}

/// A store that misbehaves within its contract.
///
/// What it does is allowed by the port's contract, and no more: an append may fail with or without having
/// landed, a page may be short, an answer may be as old as a slow network makes it.
///
/// ```
/// use std::sync::Arc;
///
/// use punctual::event::PartitionId;
/// use punctual::store::{EventStore, Limits, blocking};
/// use punctual_memory::MemoryStore;
/// use punctual_simulation::chance::{Chance, Purpose};
/// use punctual_simulation::rough::{Rough, Weather};
///
/// // Every read fails.
/// let weather = Weather { appends: 0, reads: 1_000, short_pages: 0 };
/// let mut chance = Chance::new(7, Purpose::Weather);
/// let rough = Rough::new(Arc::new(MemoryStore::new()), weather, Limits::COMMON, &mut chance);
/// let head = || blocking::wait(rough.head(PartitionId(0)));
/// assert!(head().is_err_and(|error| error.is_transient()));
///
/// rough.set_calm(true);
/// assert!(head().is_ok());
/// rough.set_away(true); // also in good weather
/// assert!(head().is_err());
/// ```
#[derive(Debug)]
pub struct Rough {
    calm: Arc<dyn EventStore>,
    faulty: FaultStore,
    weather: Weather,
    limits: Limits,
    chance: Mutex<Chance>,
    is_calm: AtomicBool,
    is_away: AtomicBool,
}

/// For how many calls faults are drawn at once.
const CALLS: u64 = 4_096;

impl Rough {
    /// Wraps a store.
    ///
    /// The faults of the first 4,096 appends and partition reads are drawn here, from `chance`; what else goes wrong is drawn
    /// from a series of its own, so how often an engine reads does not move the course of the run.
    #[must_use]
    pub fn new(
        store: Arc<dyn EventStore>,
        weather: Weather,
        limits: Limits,
        chance: &mut Chance,
    ) -> Self {
        const APPENDS: [AppendFault; 4] = [
            AppendFault::Busy,
            AppendFault::NotWritten,
            AppendFault::UnknownAndLost,
            AppendFault::UnknownButWritten,
        ];
        let mut faulty = FaultStore::new(Arc::clone(&store));
        for call in 1..=CALLS {
            if chance.permille(weather.appends) {
                let fault = APPENDS[chance.place(APPENDS.len())];
                faulty = faulty.failing_append(call, fault);
            }
            if chance.permille(weather.reads) {
                faulty = faulty.failing_read(call, ReadFault::Unavailable);
            }
        }
        let own = chance.word();
        Self {
            calm: store,
            faulty,
            weather,
            limits,
            chance: Mutex::new(Chance::new(own, crate::chance::Purpose::Weather)),
            is_calm: AtomicBool::new(false),
            is_away: AtomicBool::new(false),
        }
    }

    /// Ends or begins a time in which nothing goes wrong.
    ///
    /// A store that was away is back with it.
    pub fn set_calm(&self, is_calm: bool) {
        self.is_calm.store(is_calm, Ordering::SeqCst);
        if is_calm {
            self.set_away(false);
        }
    }

    /// Makes the store answer nobody, or everybody again.
    ///
    /// Appends that it refuses meanwhile were not written, and say so.
    pub fn set_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }

    fn chance(&self) -> MutexGuard<'_, Chance> {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self) -> &dyn EventStore {
        if self.is_calm.load(Ordering::SeqCst) {
            self.calm.as_ref()
        } else {
            &self.faulty
        }
    }

    /// Comes before every call of a reader.
    async fn approach(&self) -> Result<(), ReadError> {
        give_way().await;
        self.expect_there()
    }

    fn expect_there(&self) -> Result<(), ReadError> {
        let is_calm = self.is_calm.load(Ordering::SeqCst);
        let fails = !is_calm && self.chance().permille(self.weather.reads);
        if fails || self.is_away.load(Ordering::SeqCst) {
            return Err(away());
        }
        Ok(())
    }

    /// A page may always be shorter than was asked for; a reader that takes a short page for the last one loses events.
    fn cut(&self, limit: Limit) -> Limit {
        let mut chance = self.chance();
        if self.is_calm.load(Ordering::SeqCst) || !chance.permille(self.weather.short_pages) {
            return limit;
        }
        let events = limit.events.min(1 + chance.place(3));
        Limit { events, ..limit }
    }
}

fn away() -> ReadError {
    ReadError::Unavailable {
        source: "the store is away".into(),
    }
}

#[async_trait]
impl EventStore for Rough {
    fn partitions(&self) -> Partitions {
        self.calm.partitions()
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        give_way().await;
        if self.is_away.load(Ordering::SeqCst) {
            return Err(AppendError::Unavailable {
                written: Written::No,
                source: "the store is away".into(),
            });
        }
        append.check(&self.limits)?;
        let appended = self.store().append(append).await;
        give_way().await;
        appended
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.approach().await?;
        let found = self.store().find_command(stream, command).await;
        give_way().await;
        found
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.approach().await?;
        let limit = self.cut(limit);
        let page = self.store().read_stream(stream, after, limit).await;
        give_way().await;
        page
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.approach().await?;
        let limit = self.cut(limit);
        let page = self.store().read_partition(partition, after, limit).await;
        give_way().await;
        page
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.approach().await?;
        let limit = self.cut(Limit::events(limit)).events;
        let listed = self.store().list_streams(prefix, after, limit).await;
        give_way().await;
        listed
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        self.approach().await?;
        let head = self.store().head(partition).await;
        give_way().await;
        head
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        self.approach().await?;
        let head = self.store().wait_past(partition, offset).await;
        give_way().await;
        head
    }

    async fn close(&self) {
        self.calm.close().await;
    }
}
