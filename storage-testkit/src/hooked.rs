//! A store with hooks: any store, of which some calls are watched, delayed, changed or refused.
//!
//! Whoever tests code that uses a store wants to know how often it read, to hold it in the middle of a
//! read, to make one call fail, or to let two tasks meet just before they append. None of that needs a
//! store of one's own: write a [`Hooks`] with the one method that is of interest and put it [around a
//! store](Hooked::around). Every other call goes to the store as it is.
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicUsize, Ordering};
//!
//! use async_trait::async_trait;
//! use punctual::event::{StreamId, Version};
//! use punctual::store::{EventStore, Limit, ReadError, StreamPage, blocking};
//! use punctual_memory::MemoryStore;
//! use punctual_testkit::hooked::{Hooked, Hooks};
//!
//! /// Counts how many streams are read.
//! #[derive(Debug, Default)]
//! struct Reads(AtomicUsize);
//!
//! #[async_trait]
//! impl Hooks for Reads {
//!     async fn read_stream(
//!         &self,
//!         store: &dyn EventStore,
//!         stream: &StreamId,
//!         after: Version,
//!         limit: Limit,
//!     ) -> Result<StreamPage, ReadError> {
//!         self.0.fetch_add(1, Ordering::SeqCst);
//!         store.read_stream(stream, after, limit).await
//!     }
//! }
//!
//! let store = Arc::new(Hooked::around(Arc::new(MemoryStore::new()), Reads::default()));
//! // ... `store` goes where an `Arc<dyn EventStore>` is wanted, an engine for example ...
//! let ticket = StreamId::new("acme", "ticket", "T-1")?;
//! blocking::wait(store.read_stream(&ticket, Version::NONE, Limit::default()))?;
//! assert_eq!(store.hooks().0.load(Ordering::SeqCst), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a hook may do
//!
//! | it | the store is | a user of the port sees |
//! |---|---|---|
//! | looks, counts, waits, and then asks the store | asked as usual | nothing, or a slower store |
//! | answers an error without asking | not touched | a failure that the port allows: [`Busy`](AppendError::Busy), [`Unavailable`](ReadError::Unavailable) |
//! | asks, and answers an error all the same | changed | an outcome that is not known, which the port allows for appends |
//! | answers something else than the store | asked or not | a store that breaks its promises; see [`fault`](crate::fault) |
//!
//! A hook that waits must wait as the port's users poll: by awaiting in an executor, or by blocking when
//! the caller has a thread of its own. A future that is dropped while a hook awaits has not reached the
//! store, or has passed it; both are what the port allows.
//!
//! Hooks around hooks work as one reads it: the outer ones see the call first and the answer last.

use std::sync::Arc;

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage,
};

/// What stands around the calls of a store. Each method asks the store unless it is written otherwise.
///
/// A method has the name and the arguments of the port's, and the store behind it as one argument more:
/// call it, or do not, before or after whatever the hook does.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// use async_trait::async_trait;
/// use punctual::event::{Offset, PartitionId, StreamId};
/// use punctual::store::{EventStore, ReadError, blocking};
/// use punctual_memory::MemoryStore;
/// use punctual_testkit::hooked::{Hooked, Hooks};
///
/// /// A store of which the lists fail for as long as somebody wants.
/// #[derive(Debug, Default)]
/// struct NoLists(AtomicBool);
///
/// #[async_trait]
/// impl Hooks for NoLists {
///     async fn list_streams(
///         &self,
///         store: &dyn EventStore,
///         prefix: &str,
///         after: Option<&StreamId>,
///         limit: usize,
///     ) -> Result<Vec<StreamId>, ReadError> {
///         if self.0.load(Ordering::SeqCst) {
///             return Err(ReadError::Unavailable { source: "no lists now".into() });
///         }
///         store.list_streams(prefix, after, limit).await
///     }
/// }
///
/// let store = Hooked::around(Arc::new(MemoryStore::new()), NoLists::default());
/// store.hooks().0.store(true, Ordering::SeqCst);
/// let refused = blocking::wait(store.list_streams("acme/", None, 10));
/// assert!(refused.is_err_and(|error| error.is_transient()));
/// // Everything else is as it was.
/// assert_eq!(blocking::wait(store.head(PartitionId(0)))?, Offset::START);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait Hooks: std::fmt::Debug + Send + Sync {
    /// Around [`EventStore::limits`]: a store that takes less than it could. A larger answer than the
    /// store's own helps nobody, since the store refuses what it does not hold.
    fn limits(&self, store: &dyn EventStore) -> Limits {
        store.limits()
    }

    /// Around [`EventStore::append`].
    async fn append(
        &self,
        store: &dyn EventStore,
        append: Append,
    ) -> Result<Appended, AppendError> {
        store.append(append).await
    }

    /// Around [`EventStore::find_command`].
    async fn find_command(
        &self,
        store: &dyn EventStore,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        store.find_command(stream, command).await
    }

    /// Around [`EventStore::read_stream`].
    async fn read_stream(
        &self,
        store: &dyn EventStore,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        store.read_stream(stream, after, limit).await
    }

    /// Around [`EventStore::read_partition`]. Subscriptions read by this call too.
    async fn read_partition(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        store.read_partition(partition, after, limit).await
    }

    /// Around [`EventStore::list_streams`].
    async fn list_streams(
        &self,
        store: &dyn EventStore,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        store.list_streams(prefix, after, limit).await
    }

    /// Around [`EventStore::head`].
    async fn head(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
    ) -> Result<Offset, ReadError> {
        store.head(partition).await
    }

    /// Around [`EventStore::wait_past`], on which subscriptions wait.
    async fn wait_past(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<Offset, ReadError> {
        store.wait_past(partition, offset).await
    }

    /// Around [`EventStore::close`].
    async fn close(&self, store: &dyn EventStore) {
        store.close().await;
    }
}

/// A store with hooks around its calls. It is a store itself.
///
/// Hooks that wait put two tasks in an order that a test wants. Here a read is held until the test lets it go on,
/// and what happens meanwhile is looked at:
///
/// ```
/// use std::sync::Arc;
///
/// use async_trait::async_trait;
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{EventStore, Limit, PartitionPage, ReadError};
/// use punctual_memory::MemoryStore;
/// use punctual_testkit::hooked::{Hooked, Hooks};
/// use tokio::sync::Semaphore;
///
/// /// Each read of a partition needs a permit.
/// #[derive(Debug)]
/// struct Held(Semaphore);
///
/// #[async_trait]
/// impl Hooks for Held {
///     async fn read_partition(
///         &self,
///         store: &dyn EventStore,
///         partition: PartitionId,
///         after: Offset,
///         limit: Limit,
///     ) -> Result<PartitionPage, ReadError> {
///         if let Ok(permit) = self.0.acquire().await {
///             permit.forget();
///         }
///         store.read_partition(partition, after, limit).await
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let store = Hooked::around(Arc::new(MemoryStore::new()), Held(Semaphore::new(0)));
/// let store = Arc::new(store);
/// let reader = store.clone();
/// let reading = tokio::spawn(async move {
///     reader.read_partition(PartitionId(0), Offset::START, Limit::default()).await
/// });
/// tokio::task::yield_now().await;
/// assert!(!reading.is_finished()); // in the middle of its read: now append, close, crash ...
/// store.hooks().0.add_permits(1);
/// assert!(reading.await??.is_last());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Hooked<H> {
    store: Arc<dyn EventStore>,
    hooks: H,
}

impl<H: Hooks> Hooked<H> {
    /// Puts hooks around a store, which may be shared: whoever else has a handle of it is not hooked.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use async_trait::async_trait;
    /// use punctual::store::{EventStore, Limits};
    /// use punctual_memory::MemoryStore;
    /// use punctual_testkit::hooked::{Hooked, Hooks};
    ///
    /// /// A store that takes eight events at once, so that large histories come in several appends.
    /// #[derive(Debug)]
    /// struct Narrow;
    ///
    /// #[async_trait]
    /// impl Hooks for Narrow {
    ///     fn limits(&self, store: &dyn EventStore) -> Limits {
    ///         let mut limits = store.limits();
    ///         limits.append_events = 8;
    ///         limits
    ///     }
    /// }
    ///
    /// let store = Hooked::around(Arc::new(MemoryStore::new()), Narrow);
    /// assert_eq!(store.limits().append_events, 8);
    /// ```
    #[must_use]
    pub fn around(store: Arc<dyn EventStore>, hooks: H) -> Self {
        Self { store, hooks }
    }

    /// Returns the hooks, to ask them what they saw or to tell them what to do from here on.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use async_trait::async_trait;
    /// use punctual::event::{Offset, PartitionId};
    /// use punctual::store::{EventStore, ReadError, blocking};
    /// use punctual_memory::MemoryStore;
    /// use punctual_testkit::hooked::{Hooked, Hooks};
    ///
    /// /// A store whose head is told late, as that of a replica is.
    /// #[derive(Debug, Default)]
    /// struct Behind(AtomicU64);
    ///
    /// #[async_trait]
    /// impl Hooks for Behind {
    ///     async fn head(&self, store: &dyn EventStore, partition: PartitionId) -> Result<Offset, ReadError> {
    ///         let head = store.head(partition).await?;
    ///         Ok(Offset::new(head.get().saturating_sub(self.0.load(Ordering::SeqCst))))
    ///     }
    /// }
    ///
    /// let store = Hooked::around(Arc::new(MemoryStore::new()), Behind::default());
    /// store.hooks().0.store(3, Ordering::SeqCst); // three commits behind from here on
    /// assert_eq!(blocking::wait(store.head(PartitionId(0)))?, Offset::START);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn hooks(&self) -> &H {
        &self.hooks
    }
}

#[async_trait]
impl<H: Hooks> EventStore for Hooked<H> {
    fn partitions(&self) -> Partitions {
        self.store.partitions()
    }

    fn limits(&self) -> Limits {
        self.hooks.limits(&*self.store)
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.hooks.append(&*self.store, append).await
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.hooks.find_command(&*self.store, stream, command).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        let read = self.hooks.read_stream(&*self.store, stream, after, limit);
        read.await
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        let hooks = &self.hooks;
        let read = hooks.read_partition(&*self.store, partition, after, limit);
        read.await
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        let list = self.hooks.list_streams(&*self.store, prefix, after, limit);
        list.await
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        self.hooks.head(&*self.store, partition).await
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        self.hooks.wait_past(&*self.store, partition, offset).await
    }

    async fn close(&self) {
        self.hooks.close(&*self.store).await;
    }
}
