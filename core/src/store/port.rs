//! The port itself.

use async_trait::async_trait;

use super::{
    Append, AppendError, Appended, FoundCommand, Limit, Limits, PartitionPage, Partitions,
    ReadError, StreamPage,
};
use crate::event::{CommandId, Offset, PartitionId, StreamId, Version};

/// A log of events.
///
/// # Words
/// A *commit* is one append. A store has one or more *partitions*, fixed when it is created; a
/// stream lives in one of them ([`Partitions::of`]). An *offset* names a commit in its partition.
///
/// # Guarantees
/// - An append is wholly visible or not at all, to every reader, and durable when it returns.
/// - Versions of a stream are 1, 2, 3 ... without a hole; offsets of a partition likewise, in the
///   order in which commits become visible.
/// - **Once a reader saw head `h`, nothing ever appears at or below `h` that it was not shown.**
/// - Of several appends with one expectation, on one stream, exactly one wins.
/// - Whoever appended, or was told of an append, reads it, through any handle.
/// - Dropping a future breaks nothing: an append that was dropped is in the log wholly or not at
///   all, and the handle goes on working.
/// - An error says whether the write may have landed ([`AppendError::written`]).
/// - Stored bytes come back as they were given, or as [`ReadError::Corrupt`]; never as other data.
///
/// A handle is shared by [`Arc`](std::sync::Arc). Futures are `Send` and are polled on any executor;
/// whether a backend needs a particular runtime is said by the backend.
///
/// # Writing a backend
///
/// 1. Take [`Append::check`](super::Append::check) and [`Append::check_expected`](super::Append::check_expected)
///    for what needs no medium, and [`Append::stamped`](super::Append::stamped) for the bytes of a commit: the
///    checks, the checksums and the seal are written once, here.
/// 2. Keep commits in the order of their offsets, and for each stream where its commits are.
/// 3. Run `punctual-testkit`: each line of the guarantees above is a test of its own there. The example
///    `your_own_backend` is a whole backend in fewer than three hundred lines.
#[async_trait]
pub trait EventStore: std::fmt::Debug + Send + Sync {
    /// Returns how many partitions the store was created with.
    fn partitions(&self) -> Partitions;

    /// Returns how much one append may hold.
    fn limits(&self) -> Limits;

    /// Appends events to one stream: all of them, or none.
    ///
    /// The command is looked at before the expectation: a command that was answered before gets its
    /// first answer, with `replayed` set, whatever the stream's version is now and whatever the new
    /// events are. Command ids are remembered for the stream's life; a refused append uses none up.
    /// The token of an expected [`Revision`](crate::event::Revision) may spare a look-up and never
    /// changes the answer.
    ///
    /// ```
    /// # use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// # use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
    /// # use punctual::time::Instant;
    /// # use punctual_memory::MemoryStore;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let batch = |texts: &[&str]| -> Result<Records, punctual::store::TooLarge> {
    /// #     let mut records = Records::new();
    /// #     for text in texts {
    /// #         records.push(&head, text.as_bytes())?;
    /// #     }
    /// #     Ok(records)
    /// # };
    /// # let store = MemoryStore::new();
    /// # let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// let first = blocking::wait(store.append(Append::new(stream.clone(), Expected::Empty, batch(&["a", "b"])?)))?;
    /// assert_eq!((first.revision.version().get(), first.offset.get()), (2, 1)); // two events, one commit
    ///
    /// // Two who both saw version 2: one wins, the other is told what is.
    /// let seen = Expected::Exactly(first.revision);
    /// blocking::wait(store.append(Append::new(stream.clone(), seen, batch(&["mine"])?)))?;
    /// let late = blocking::wait(store.append(Append::new(stream, seen, batch(&["yours"])?)));
    /// assert!(late.is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AppendError`]; nothing was written unless [`AppendError::written`] says otherwise.
    async fn append(&self, append: Append) -> Result<Appended, AppendError>;

    /// Returns what is remembered of a command, or `None` when no append of this stream carried it.
    ///
    /// ```
    /// # use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// # use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
    /// # use punctual::time::Instant;
    /// # use punctual_memory::MemoryStore;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let batch = |texts: &[&str]| -> Result<Records, punctual::store::TooLarge> {
    /// #     let mut records = Records::new();
    /// #     for text in texts {
    /// #         records.push(&head, text.as_bytes())?;
    /// #     }
    /// #     Ok(records)
    /// # };
    /// # let store = MemoryStore::new();
    /// # let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// # use punctual::store::{CommandDigest, CommandKey};
    /// let key = CommandKey { id: "call-4711".parse()?, digest: CommandDigest::new([7; 16]) };
    /// let append = Append::new(stream.clone(), Expected::Any, batch(&["a"])?).for_command(key.clone());
    /// blocking::wait(store.append(append))?;
    /// let found = blocking::wait(store.find_command(&stream, &key.id))?.ok_or("forgotten")?;
    /// assert_eq!(found.digest, key.digest);
    /// assert!(found.appended.replayed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot tell.
    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError>;

    /// Returns the commits of a stream that hold events after `after`, oldest first.
    ///
    /// A stream that has no event is no error: the page is empty and its revision is zero. Nor is
    /// an `after` beyond the stream's end: the page is empty and its revision tells the end.
    ///
    /// ```
    /// # use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// # use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
    /// # use punctual::time::Instant;
    /// # use punctual_memory::MemoryStore;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let batch = |texts: &[&str]| -> Result<Records, punctual::store::TooLarge> {
    /// #     let mut records = Records::new();
    /// #     for text in texts {
    /// #         records.push(&head, text.as_bytes())?;
    /// #     }
    /// #     Ok(records)
    /// # };
    /// # let store = MemoryStore::new();
    /// # let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// blocking::wait(store.append(Append::new(stream.clone(), Expected::Any, batch(&["a", "b", "c"])?)))?;
    /// // Commits are whole: the page begins before the asked version, and lends what comes after it.
    /// let page = blocking::wait(store.read_stream(&stream, Version::new(2), Limit::default()))?;
    /// assert_eq!(page.commits.events(), 3);
    /// let texts: Vec<&[u8]> = page.records().map(|record| record.payload()).collect();
    /// assert_eq!(texts, [b"c"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Invalid`] for a limit of no event or no byte; others when the store cannot read.
    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError>;

    /// Returns the commits of a partition after `after`, in order, without a hole.
    ///
    /// ```
    /// # use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// # use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
    /// # use punctual::time::Instant;
    /// # use punctual_memory::MemoryStore;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let batch = |texts: &[&str]| -> Result<Records, punctual::store::TooLarge> {
    /// #     let mut records = Records::new();
    /// #     for text in texts {
    /// #         records.push(&head, text.as_bytes())?;
    /// #     }
    /// #     Ok(records)
    /// # };
    /// # let store = MemoryStore::new();
    /// # let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// for text in ["a", "b", "c"] {
    ///     blocking::wait(store.append(Append::new(stream.clone(), Expected::Any, batch(&[text])?)))?;
    /// }
    /// let (mut after, mut seen) = (Offset::START, 0);
    /// loop {
    ///     let page = blocking::wait(store.read_partition(PartitionId(0), after, Limit::events(2)))?;
    ///     seen += page.commits.len();
    ///     after = page.next;
    ///     if page.is_last() {
    ///         break;
    ///     }
    /// }
    /// assert_eq!((seen, after), (3, Offset::new(3)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Beyond`] when `after` is beyond the head, [`ReadError::Invalid`] for a partition
    /// that the store does not have and for a limit of no event or no byte; others when it cannot
    /// read.
    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError>;

    /// Returns the names of streams that begin with `prefix` and come after `after`, in the order of
    /// their bytes, at most `limit` of them. Only streams that have an event exist.
    ///
    /// ```
    /// # use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// # use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
    /// # use punctual::time::Instant;
    /// # use punctual_memory::MemoryStore;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let batch = |texts: &[&str]| -> Result<Records, punctual::store::TooLarge> {
    /// #     let mut records = Records::new();
    /// #     for text in texts {
    /// #         records.push(&head, text.as_bytes())?;
    /// #     }
    /// #     Ok(records)
    /// # };
    /// # let store = MemoryStore::new();
    /// # let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// for id in ["T-1", "T-2", "T-3"] {
    ///     let stream = StreamId::new("acme", "ticket", id)?;
    ///     blocking::wait(store.append(Append::new(stream, Expected::Empty, batch(&["a"])?)))?;
    /// }
    /// let page = blocking::wait(store.list_streams("acme/ticket/", None, 2))?;
    /// assert_eq!(page.len(), 2);
    /// let rest = blocking::wait(store.list_streams("acme/ticket/", page.last(), 2))?;
    /// assert_eq!(rest, [StreamId::new("acme", "ticket", "T-3")?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Invalid`] for a limit of zero; others when the store cannot read.
    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError>;

    /// Returns the offset of a partition's last commit, [`Offset::START`] when it has none.
    ///
    /// # Errors
    /// [`ReadError`] as for reading the partition.
    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError>;

    /// Waits until the partition's head lies past `offset` and returns the head; at once when it
    /// does already. The only live primitive: whoever follows a log reads until it is empty, then
    /// waits, then reads on.
    ///
    /// ```
    /// # use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// # use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
    /// # use punctual::time::Instant;
    /// # use punctual_memory::MemoryStore;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let batch = |texts: &[&str]| -> Result<Records, punctual::store::TooLarge> {
    /// #     let mut records = Records::new();
    /// #     for text in texts {
    /// #         records.push(&head, text.as_bytes())?;
    /// #     }
    /// #     Ok(records)
    /// # };
    /// # let store = MemoryStore::new();
    /// # let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// blocking::wait(store.append(Append::new(stream, Expected::Any, batch(&["a"])?)))?;
    /// // There is something past the start already, so this answers at once.
    /// let head = blocking::wait(store.wait_past(PartitionId(0), Offset::START))?;
    /// assert_eq!(head, Offset::new(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Closed`] when this handle is closed meanwhile; others as for reading.
    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError>;

    /// Closes this handle: what it acknowledged stays, every later call answers `Closed`, and whoever
    /// waits on it is woken with `Closed`. Other handles go on. Closing twice is no error. Dropping
    /// the last reference closes too.
    async fn close(&self);
}
