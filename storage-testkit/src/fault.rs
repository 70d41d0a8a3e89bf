//! Stores that fail on purpose, for tests of whatever uses a store.
//!
//! A [`FaultStore`] wraps any store and makes chosen calls go wrong. Some of the faults keep the port's
//! promises, so whoever uses a store must live with them: an append or a read that fails, and an append
//! whose outcome is not known. The others break a promise. A commit that comes twice or late is noticed
//! by a reader's guard ([`Contiguity`](punctual::store::Contiguity)), and so by every subscription. A
//! torn batch is noticed by no guard: it lies in the log as if the caller had meant it, and only what
//! the events say can show that some are missing.
//!
//! # Which fault for which question
//!
//! | the question | the fault |
//! |---|---|
//! | is a failed command told to the user, and is nothing left behind? | [`NotWritten`](AppendFault::NotWritten) on its append |
//! | is a busy store tried again, and not for ever? | [`Busy`](AppendFault::Busy) on several calls in a row |
//! | does a retry after a lost answer act twice? | [`UnknownButWritten`](AppendFault::UnknownButWritten), then look how many events there are |
//! | does a retry after a lost write act at all? | [`UnknownAndLost`](AppendFault::UnknownAndLost) |
//! | does a consumer go on after a page that failed, without a hole? | [`Unavailable`](ReadFault::Unavailable) on its second read |
//! | would a projection count a commit twice? | [`Twice`](ReadFault::Twice): its reader must stop, not count |
//!
//! The answers of `UnknownButWritten` and `UnknownAndLost` are the same error, as they are in life. Code
//! that passes a test with one of the two and fails with the other has guessed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use punctual::event::{Offset, PartitionId};
use punctual::store::{
    Append, AppendError, Appended, Commits, EventStore, Limit, PartitionPage, ReadError, Written,
};

use crate::batch::torn;
use crate::hooked::{Hooked, Hooks};

/// What goes wrong with an append.
///
/// The first four are failures that every user of a store must survive. `Torn` is a broken store.
///
/// | fault | what a caller may do |
/// |---|---|
/// | `Busy`, `NotWritten` | write again, as it is |
/// | `UnknownAndLost`, `UnknownButWritten` | look first, or write again under the same command id: the two look alike |
/// | `Torn` | nothing: a command that is sent again is answered as if all of it had been written |
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
    /// `Unavailable { written: Unknown }`; the first event alone is written, against the contract. It is
    /// written as it was given, byte for byte, with the command. An append of one event is written whole.
    Torn,
}

/// What goes wrong with a page of a partition.
///
/// `Unavailable` keeps the port's promises: try again. The other two break the one that consumers live by, and
/// their guard must say so:
///
/// ```
/// use std::sync::Arc;
///
/// use punctual::event::{Expected, Offset, PartitionId, StreamId};
/// use punctual::store::{Append, Contiguity, EventStore, Limit, RecordHead, Records, blocking};
/// use punctual::time::Instant;
/// use punctual_memory::MemoryStore;
/// use punctual_testkit::fault::{FaultStore, ReadFault};
///
/// let log = MemoryStore::new();
/// # let head = RecordHead {
/// #     kind: 1,
/// #     schema: 1,
/// #     occurred_at: Instant::MIN,
/// #     recorded_at: Instant::MIN,
/// #     subject: None,
/// #     metadata: &[],
/// # };
/// # let mut records = Records::new();
/// # records.push(&head, b"x")?;
/// # let append = Append::new(StreamId::new("acme", "ticket", "T-1")?, Expected::Any, records);
/// blocking::wait(log.append(append))?;
/// let store = FaultStore::new(Arc::new(log)).failing_read(1, ReadFault::Late);
///
/// let p0 = PartitionId(0);
/// let mut guard = Contiguity::new(p0, Offset::START);
/// let head = blocking::wait(store.head(p0))?;
/// guard.admit_head(head)?; // told of a commit ...
/// let page = blocking::wait(store.read_partition(p0, guard.after(), Limit::default()))?;
/// assert!(page.commits.is_empty()); // ... that is not shown
/// assert!(guard.admit(&page).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
pub type FaultStore = Hooked<Faults>;

/// Which calls of a [`FaultStore`] fail, and how.
#[derive(Debug)]
pub struct Faults {
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

    /// Whatever was to go wrong with that call, this does.
    fn set_next(&self, fault: F) {
        let faults = self.faults.lock();
        let mut faults = faults.unwrap_or_else(PoisonError::into_inner);
        faults.insert(self.calls.load(Ordering::SeqCst) + 1, fault);
    }

    fn next(&self) -> Option<F> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let faults = self.faults.lock();
        let mut faults = faults.unwrap_or_else(PoisonError::into_inner);
        faults.remove(&call)
    }
}

impl Hooked<Faults> {
    /// Wraps a store; nothing fails yet.
    #[must_use]
    pub fn new(inner: Arc<dyn EventStore>) -> Self {
        let faults = Faults {
            appends: Plan::new(),
            reads: Plan::new(),
        };
        Self::around(inner, faults)
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
        self.hooks().appends.set(call, fault);
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
        self.hooks().reads.set(call, fault);
        self
    }

    /// Makes the next append fail, whatever its number is. For a store that is in use already: what an engine
    /// reads and appends while it opens need not be counted.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use punctual::engine::{Engine, Options};
    /// use punctual::policy::Notation;
    /// use punctual_memory::MemoryStore;
    /// use punctual_testkit::fault::{AppendFault, FaultStore};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let store = Arc::new(FaultStore::new(Arc::new(MemoryStore::new())));
    /// let engine = Engine::open(store.clone(), Options::new("acme")).await?;
    /// let desk = "policy = \"desk\"\ntimezone = \"UTC\"\n[target.answer]\nstart = \"received\"\n\
    ///     stop = \"replied\"\ngoals = [{ within = \"1h\" }]";
    ///
    /// store.fail_next_append(AppendFault::NotWritten);
    /// assert!(engine.publish(desk, Notation::Toml, None).await.is_err());
    /// engine.publish(desk, Notation::Toml, None).await?; // nothing was left behind
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fail_next_append(&self, fault: AppendFault) {
        self.hooks().appends.set_next(fault);
    }

    /// Makes the next read of a partition fail, whatever its number is.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use punctual::event::{Offset, PartitionId};
    /// use punctual::store::{EventStore, Limit, blocking};
    /// use punctual_memory::MemoryStore;
    /// use punctual_testkit::fault::{FaultStore, ReadFault};
    ///
    /// let store = FaultStore::new(Arc::new(MemoryStore::new()));
    /// let read = || store.read_partition(PartitionId(0), Offset::START, Limit::default());
    /// blocking::wait(read())?;
    /// store.fail_next_read(ReadFault::Unavailable);
    /// assert!(blocking::wait(read()).is_err());
    /// blocking::wait(read())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fail_next_read(&self, fault: ReadFault) {
        self.hooks().reads.set_next(fault);
    }
}

fn unavailable(written: Written) -> AppendError {
    AppendError::Unavailable {
        written,
        source: "a fault was injected".into(),
    }
}

#[async_trait]
impl Hooks for Faults {
    async fn append(
        &self,
        store: &dyn EventStore,
        append: Append,
    ) -> Result<Appended, AppendError> {
        match self.appends.next() {
            None => store.append(append).await,
            Some(AppendFault::Busy) => Err(AppendError::Busy),
            Some(AppendFault::NotWritten) => Err(unavailable(Written::No)),
            Some(AppendFault::UnknownAndLost) => Err(unavailable(Written::Unknown)),
            Some(AppendFault::UnknownButWritten) => {
                store.append(append).await?;
                Err(unavailable(Written::Unknown))
            }
            Some(AppendFault::Torn) => {
                store.append(torn(append)).await?;
                Err(unavailable(Written::Unknown))
            }
        }
    }

    async fn read_partition(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        match self.reads.next() {
            None => store.read_partition(partition, after, limit).await,
            Some(ReadFault::Unavailable) => Err(ReadError::Unavailable {
                source: "a fault was injected".into(),
            }),
            Some(ReadFault::Late) => {
                let page = store.read_partition(partition, after, limit).await?;
                Ok(without_last(page, after))
            }
            Some(ReadFault::Twice) => {
                let before = Offset::new(after.get().saturating_sub(1));
                store.read_partition(partition, before, limit).await
            }
        }
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
