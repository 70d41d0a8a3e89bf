//! Stores that fail on purpose, for tests of whatever uses a store.
//!
//! A [`FaultStore`] wraps any store and makes chosen calls go wrong. Two of the faults keep the
//! port's promises, so whoever uses a store must live with them: an append that fails, and one whose
//! outcome is not known. The others break a promise, and a reader's own check must notice:
//! a torn batch, a commit delivered twice, a commit that becomes visible late.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, Commits, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, RecordHead, Records, StreamPage, Written,
};

/// What goes wrong with an append.
///
/// The first four are failures that every user of a store must survive. `Torn` is a broken store: a reader's
/// guard, or the fold, must notice it.
///
/// | fault | what a caller may do |
/// |---|---|
/// | `Busy`, `NotWritten` | write again, as it is |
/// | `UnknownAndLost`, `UnknownButWritten` | look first, or write again under the same command id: the two look alike |
/// | `Torn` | nothing: no caller can mend it, the reader must notice |
///
/// ```
/// use std::sync::Arc;
///
/// use punctual::event::{CommandId, Expected, StreamId};
/// use punctual::store::{
///     Append, CommandDigest, CommandKey, EventStore, RecordHead, Records, blocking,
/// };
/// use punctual::time::Instant;
/// use punctual_memory::MemoryStore;
/// use punctual_testkit::fault::{AppendFault, FaultStore};
///
/// let store = FaultStore::new(Arc::new(MemoryStore::new()))
///     .failing_append(1, AppendFault::UnknownButWritten)
///     .failing_append(2, AppendFault::Busy);
/// let ticket = StreamId::new("acme", "ticket", "T-1024")?;
/// let key = CommandKey { id: CommandId::new("reply-7")?, digest: CommandDigest::new([7; 16]) };
/// let reply = || -> Result<Append, Box<dyn std::error::Error>> {
///     let head = RecordHead {
///         kind: 1,
///         schema: 1,
///         occurred_at: Instant::MIN,
///         recorded_at: Instant::MIN,
///         subject: None,
///         metadata: &[],
///     };
///     let mut records = Records::new();
///     records.push(&head, b"we have your machine")?;
///     Ok(Append::new(ticket.clone(), Expected::Any, records).for_command(key.clone()))
/// };
///
/// assert!(blocking::wait(store.append(reply()?)).is_err()); // nobody knows
/// assert!(blocking::wait(store.append(reply()?)).is_err()); // busy
/// let third = blocking::wait(store.append(reply()?))?;
/// assert!(third.replayed); // the first had landed; the id kept it from landing twice
/// assert_eq!(third.revision.version().get(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendFault {
    /// `Busy`; nothing is written.
    Busy,
    /// `Unavailable { written: No }`; nothing is written.
    NotWritten,
    /// `Unavailable { written: Unknown }`; nothing is written.
    UnknownAndLost,
    /// `Unavailable { written: Unknown }`; it is written all the same.
    UnknownButWritten,
    /// `Unavailable { written: Unknown }`; the first event alone is written, against the contract.
    Torn,
}

/// What goes wrong with a page of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadFault {
    /// `Unavailable`; a later call may succeed.
    Unavailable,
    /// The last commit is not shown and the head is told without it: it becomes visible late. Whoever
    /// was told of it by a wait must notice.
    Late,
    /// The page begins with the commit before it, against the contract.
    Twice,
}

/// A store of which chosen calls fail. Calls are counted from 1, appends and reads of partitions
/// each by themselves, over all users of this wrapper.
///
/// ```
/// use std::sync::Arc;
/// use punctual::event::{Expected, StreamId};
/// use punctual::store::{Append, EventStore, RecordHead, Records, Written, blocking};
/// use punctual::time::Instant;
/// use punctual_memory::MemoryStore;
/// use punctual_testkit::fault::{AppendFault, FaultStore};
///
/// let store = FaultStore::new(Arc::new(MemoryStore::new()))
///     .failing_append(1, AppendFault::UnknownButWritten);
///
/// let head = RecordHead {
///     kind: 64,
///     schema: 1,
///     occurred_at: Instant::MIN,
///     recorded_at: Instant::MIN,
///     subject: None,
///     metadata: &[],
/// };
/// let mut records = Records::new();
/// records.push(&head, b"what happened")?;
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let lost = blocking::wait(store.append(Append::new(stream.clone(), Expected::Empty, records)));
/// assert_eq!(lost.err().map(|error| error.written()), Some(Written::Unknown));
///
/// // Whoever takes that for a no would write it a second time: it is there.
/// let page = blocking::wait(store.read_stream(&stream, Default::default(), Default::default()))?;
/// assert_eq!(page.records().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FaultStore {
    inner: Arc<dyn EventStore>,
    appends: Plan<AppendFault>,
    reads: Plan<ReadFault>,
}

#[derive(Debug)]
struct Plan<F> {
    calls: AtomicU64,
    faults: Mutex<BTreeMap<u64, F>>,
}

impl<F: Copy> Plan<F> {
    fn new() -> Self {
        Self {
            calls: AtomicU64::new(0),
            faults: Mutex::new(BTreeMap::new()),
        }
    }

    fn set(&self, call: u64, fault: F) {
        let faults = self.faults.lock();
        let mut faults = faults.unwrap_or_else(PoisonError::into_inner);
        faults.insert(call, fault);
    }

    fn next(&self) -> Option<F> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let faults = self.faults.lock();
        let mut faults = faults.unwrap_or_else(PoisonError::into_inner);
        faults.remove(&call)
    }
}

impl FaultStore {
    /// Wraps a store; nothing fails yet.
    #[must_use]
    pub fn new(inner: Arc<dyn EventStore>) -> Self {
        Self {
            inner,
            appends: Plan::new(),
            reads: Plan::new(),
        }
    }

    /// Makes the `call`-th append fail, counted from 1.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use punctual::event::{Expected, StreamId};
    /// use punctual::store::{Append, AppendError, EventStore, Records, blocking};
    /// use punctual_memory::MemoryStore;
    /// use punctual_testkit::fault::{AppendFault, FaultStore};
    ///
    /// // A fault lies on a call, not on an append: the second call passes.
    /// let store = FaultStore::new(Arc::new(MemoryStore::new())).failing_append(1, AppendFault::Busy);
    /// let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// let append = || store.append(Append::new(stream.clone(), Expected::Any, Records::new()));
    /// assert!(matches!(blocking::wait(append()), Err(AppendError::Busy)));
    /// // It comes to the store itself, which takes no append without events.
    /// assert!(matches!(blocking::wait(append()), Err(AppendError::Invalid { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn failing_append(self, call: u64, fault: AppendFault) -> Self {
        self.appends.set(call, fault);
        self
    }

    /// Makes the `call`-th read of a partition fail, counted from 1.
    ///
    /// Reads of a stream, lists and waits are not counted and do not fail.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use punctual::event::{Offset, PartitionId};
    /// use punctual::store::{EventStore, Limit, blocking};
    /// use punctual_memory::MemoryStore;
    /// use punctual_testkit::fault::{FaultStore, ReadFault};
    ///
    /// let store = FaultStore::new(Arc::new(MemoryStore::new())).failing_read(1, ReadFault::Unavailable);
    /// let read = || store.read_partition(PartitionId(0), Offset::START, Limit::default());
    /// assert!(blocking::wait(read()).is_err_and(|error| error.is_transient()));
    /// assert!(blocking::wait(read())?.is_last());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn failing_read(self, call: u64, fault: ReadFault) -> Self {
        self.reads.set(call, fault);
        self
    }
}

fn unavailable(written: Written) -> AppendError {
    AppendError::Unavailable {
        written,
        source: "a fault was injected".into(),
    }
}

/// The first event of a batch, with the rest of it lost.
fn torn(append: Append) -> Append {
    let stamped = append.stamped(PartitionId(0), Offset::new(1), Version::FIRST);
    let sealed = stamped.to_sealed();
    let mut records = Records::new();
    if let Some(first) = sealed.view().and_then(|view| view.records().next()) {
        let head = RecordHead {
            kind: first.kind(),
            schema: first.schema(),
            occurred_at: first.occurred_at(),
            recorded_at: first.recorded_at(),
            subject: None,
            metadata: first.metadata(),
        };
        // It was encoded before, so it is not too large.
        let _ = records.push(&head, first.payload());
    }
    Append { records, ..append }
}

#[async_trait]
impl EventStore for FaultStore {
    fn partitions(&self) -> Partitions {
        self.inner.partitions()
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        match self.appends.next() {
            None => self.inner.append(append).await,
            Some(AppendFault::Busy) => Err(AppendError::Busy),
            Some(AppendFault::NotWritten) => Err(unavailable(Written::No)),
            Some(AppendFault::UnknownAndLost) => Err(unavailable(Written::Unknown)),
            Some(AppendFault::UnknownButWritten) => {
                self.inner.append(append).await?;
                Err(unavailable(Written::Unknown))
            }
            Some(AppendFault::Torn) => {
                self.inner.append(torn(append)).await?;
                Err(unavailable(Written::Unknown))
            }
        }
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.inner.find_command(stream, command).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.inner.read_stream(stream, after, limit).await
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        match self.reads.next() {
            None => self.inner.read_partition(partition, after, limit).await,
            Some(ReadFault::Unavailable) => Err(ReadError::Unavailable {
                source: "a fault was injected".into(),
            }),
            Some(ReadFault::Late) => {
                let page = self.inner.read_partition(partition, after, limit).await?;
                Ok(without_last(page, after))
            }
            Some(ReadFault::Twice) => {
                let before = Offset::new(after.get().saturating_sub(1));
                self.inner.read_partition(partition, before, limit).await
            }
        }
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.inner.list_streams(prefix, after, limit).await
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        self.inner.head(partition).await
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        self.inner.wait_past(partition, offset).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}

/// The page as it would have been before its last commit.
fn without_last(page: PartitionPage, after: Offset) -> PartitionPage {
    let kept = page.commits.len().saturating_sub(1);
    let (mut commits, mut next) = (Commits::new(), after);
    for commit in page.commits.iter().take(kept) {
        commits.push_view(&commit);
        next = commit.offset();
    }
    PartitionPage {
        commits,
        next,
        head: next,
        ..page
    }
}
