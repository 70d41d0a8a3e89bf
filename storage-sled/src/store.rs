//! The handle.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use punctual::event::{CommandId, ConsumerId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, Checkpoint, CheckpointStore, EventStore, FoundCommand, Limit,
    Limits, PartitionPage, Partitions, ReadError, Snapshot, SnapshotStore, StreamPage, Written,
    blocking,
};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task;

use crate::shared::Shared;
use crate::verify::{self, Verified};
use crate::writer::Request;
use crate::{read, read_stream, snapshots};

/// One handle of an open store.
///
/// - Appends and checkpoints need no particular runtime. Reads of what is no longer in memory go through
///   `tokio::task::spawn_blocking` when they are made inside a tokio runtime; outside of one they
///   block the calling thread.
/// - Dropping or closing the last handle settles the log and gives the directory free. Dropping blocks
///   for as long as that takes, so close it first where that matters.
///
/// The same handle is the store's [`SnapshotStore`] and [`CheckpointStore`].
///
/// ```
/// use std::sync::Arc;
/// use punctual::engine::{Engine, Options};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
/// // One handle for the log, the kept agenda, and the places of consumers.
/// let options = Options::new("acme").with_snapshots(store.clone());
/// let engine = Engine::open(store.clone(), options).await?;
/// let mailer = engine.consumer("mailer".parse()?, store).await?;
/// assert_eq!(mailer.id().as_str(), "mailer");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SledStore {
    partitions: Partitions,
    open: Mutex<Option<Open>>,
    closed: watch::Sender<bool>,
}

/// What a handle holds while it is open.
#[derive(Debug, Clone)]
struct Open {
    shared: Arc<Shared>,
    queue: mpsc::Sender<Request>,
    /// Resolves when the last trace of the open store is gone. Whoever takes it out of the last
    /// reference waits for that.
    gone: Arc<oneshot::Receiver<()>>,
}

impl SledStore {
    pub(crate) fn new(
        shared: Arc<Shared>,
        queue: mpsc::Sender<Request>,
        gone: oneshot::Receiver<()>,
    ) -> Self {
        Self::of(Open {
            shared,
            queue,
            gone: Arc::new(gone),
        })
    }

    fn of(open: Open) -> Self {
        Self {
            partitions: open.shared.partitions,
            open: Mutex::new(Some(open)),
            closed: watch::Sender::new(false),
        }
    }

    /// Returns another handle of the same open store. Each is closed by itself.
    ///
    /// ```
    /// use punctual::event::PartitionId;
    /// use punctual::store::{EventStore, ReadError};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
    /// let other = store.another()?;
    /// store.close().await;
    /// assert!(matches!(store.head(PartitionId(0)).await, Err(ReadError::Closed)));
    /// assert!(other.head(PartitionId(0)).await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Closed`] when this one is closed.
    pub fn another(&self) -> Result<Arc<Self>, ReadError> {
        let open = self.lock().clone().ok_or(ReadError::Closed)?;
        Ok(Arc::new(Self::of(open)))
    }

    /// Reads everything and compares log, index and commands with each other.
    ///
    /// Settles what is in memory first. Blocks for as long as reading the whole store takes; appends go on
    /// meanwhile and are not looked at.
    ///
    /// ```
    /// use punctual::event::{Expected, StreamId};
    /// use punctual::store::{Append, EventStore, RecordHead, Records, blocking};
    /// use punctual::time::Instant;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
    /// # let head = RecordHead {
    /// #     kind: 64,
    /// #     schema: 1,
    /// #     occurred_at: Instant::MIN,
    /// #     recorded_at: Instant::MIN,
    /// #     subject: None,
    /// #     metadata: &[],
    /// # };
    /// # let mut records = Records::new();
    /// # records.push(&head, b"what happened")?;
    /// let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// blocking::wait(store.append(Append::new(stream, Expected::Empty, records)))?;
    /// let verified = store.verify()?;
    /// assert_eq!((verified.streams, verified.commits, verified.events), (1, 1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Corrupt`] names the first thing that is wrong.
    pub fn verify(&self) -> Result<Verified, ReadError> {
        self.settle()?;
        let shared = self.shared()?;
        verify::verify(&shared)
    }

    /// Moves everything that was appended so far from the journal to the tree. There is no need to: it
    /// happens when a journal file is full. Blocks, and appends wait meanwhile.
    ///
    /// It is of use before something that is to be measured, or when a burst is over and the next one should find
    /// both journal files empty.
    ///
    /// ```
    /// # let directory = tempfile::tempdir()?;
    /// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
    /// // ... the nightly import ...
    /// store.settle()?;
    /// println!("the settled log takes {} bytes", store.tree_bytes()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Poisoned`] when the tree cannot be written.
    pub fn settle(&self) -> Result<(), ReadError> {
        blocking::wait(self.ask(Request::Settle))
    }

    /// Returns how many bytes the settled log takes on disk. The journal takes twice
    /// [`Options::journal_bytes`](crate::Options::journal_bytes) besides.
    ///
    /// It is the size of sled's file, with what sled has written over and not used again yet. It grows by
    /// whole segments of 2 MiB.
    ///
    /// ```
    /// # let directory = tempfile::tempdir()?;
    /// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
    /// const SEGMENT: u64 = 2 << 20;
    /// assert!(store.tree_bytes()? <= SEGMENT); // a new one is in its first
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] when the file system does not tell.
    pub fn tree_bytes(&self) -> Result<u64, ReadError> {
        let size = self.shared()?.table.size_on_disk();
        size.map_err(|error| error.at(punctual::store::Place::default()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shared(&self) -> Result<Arc<Shared>, ReadError> {
        let open = self.lock();
        open.as_ref()
            .map(|open| Arc::clone(&open.shared))
            .ok_or(ReadError::Closed)
    }

    fn queue(&self) -> Result<mpsc::Sender<Request>, ReadError> {
        let open = self.lock();
        open.as_ref()
            .map(|open| open.queue.clone())
            .ok_or(ReadError::Closed)
    }

    /// A partition that the store does not have is the caller's mistake and not an empty one.
    fn has(&self, partition: PartitionId) -> Result<(), ReadError> {
        if self.partitions.has(partition) {
            return Ok(());
        }
        Err(ReadError::no_such_partition(partition, self.partitions))
    }

    /// Asks the writer for something that is no append, and waits for its group.
    async fn ask(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<(), ReadError>>) -> Request,
    ) -> Result<(), ReadError> {
        let queue = self.queue()?;
        let (reply, answer) = oneshot::channel();
        queue
            .send(request(reply))
            .await
            .map_err(|_| ReadError::Closed)?;
        answer.await.unwrap_or(Err(ReadError::Closed))
    }

    /// Ends this handle; answers what to wait for if it was the last.
    fn end(&self) -> Option<oneshot::Receiver<()>> {
        let open = self.lock().take()?;
        self.closed.send_replace(true);
        let Open {
            shared,
            queue,
            gone,
        } = open;
        drop((shared, queue));
        Arc::into_inner(gone)
    }
}

/// Runs a read where it may block.
async fn off_thread<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    if Handle::try_current().is_err() {
        return read();
    }
    match task::spawn_blocking(read).await {
        Ok(answer) => answer,
        Err(error) => Err(ReadError::Unavailable {
            source: Box::new(error),
        }),
    }
}

/// What the port leaves to a backend is here:
///
/// | call | waits for | in memory, or from the tree |
/// |---|---|---|
/// | `append` | a place in the queue, then its group's flush | a ticket that was quiet for long is looked up once |
/// | `find_command` | nothing | the tail, then one look-up |
/// | `read_stream` | nothing | the latest commits from the tail, earlier ones by the index: a look-up a block |
/// | `read_partition` | nothing | the latest commits from the tail, earlier ones block by block, as they lie |
/// | `list_streams` | nothing | both, merged; one look-up a name |
/// | `head`, `wait_past` | an append, if asked to | memory alone |
/// | `close` | the last group and the settling, if it is the last handle | |
///
/// A scan of the log reads neighbours, and is several times quicker than reading the same events ticket by ticket.
/// What bounds a page bounds what it takes in memory:
///
/// ```
/// use punctual::event::{Expected, Offset, PartitionId, StreamId};
/// use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
/// # use punctual::time::Instant;
/// # fn event(text: &str) -> Result<Records, Box<dyn std::error::Error>> {
/// #     let head = RecordHead {
/// #         kind: 1,
/// #         schema: 1,
/// #         occurred_at: Instant::MIN,
/// #         recorded_at: Instant::MIN,
/// #         subject: None,
/// #         metadata: &[],
/// #     };
/// #     let mut records = Records::new();
/// #     records.push(&head, text.as_bytes())?;
/// #     Ok(records)
/// # }
/// # let directory = tempfile::tempdir()?;
/// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
/// for number in 0..10 {
///     let ticket = StreamId::new("acme", "ticket", &format!("T-{number}"))?;
///     blocking::wait(store.append(Append::new(ticket, Expected::Empty, event("received")?)))?;
/// }
/// store.settle()?; // from the tree or from memory: it reads the same
///
/// let (mut after, mut pages) = (Offset::START, 0);
/// loop {
///     let limit = Limit { events: 4, bytes: 64 << 10 };
///     let page = blocking::wait(store.read_partition(PartitionId(0), after, limit))?;
///     (after, pages) = (page.next, pages + 1);
///     if page.is_last() {
///         break;
///     }
/// }
/// assert_eq!((after.get(), pages), (10, 3));
///
/// // The tickets of one tenant, in pages of names.
/// let first = blocking::wait(store.list_streams("acme/ticket/", None, 6))?;
/// let rest = blocking::wait(store.list_streams("acme/ticket/", first.last(), 6))?;
/// assert_eq!((first.len(), rest.len()), (6, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
impl EventStore for SledStore {
    fn partitions(&self) -> Partitions {
        self.partitions
    }

    fn limits(&self) -> Limits {
        Limits::COMMON
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let queue = self.queue().map_err(|_| AppendError::Closed)?;
        append.check(&self.limits())?;
        let (reply, answer) = oneshot::channel();
        let request = Request::Append(Box::new(append), reply);
        queue.send(request).await.map_err(|_| AppendError::Closed)?;
        drop(queue);
        answer.await.unwrap_or_else(|_| {
            Err(AppendError::Unavailable {
                written: Written::Unknown,
                source: "the writer stopped".into(),
            })
        })
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        let shared = self.shared()?;
        let in_memory = shared.tail().command(stream, command);
        if in_memory.is_some() {
            return Ok(in_memory);
        }
        let (stream, command) = (stream.clone(), command.clone());
        off_thread(move || read::command(&shared, &stream, &command)).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        let shared = self.shared()?;
        if let Some(page) = read_stream::from_memory(&shared, stream, after, limit)? {
            return Ok(page);
        }
        let stream = stream.clone();
        off_thread(move || read_stream::page(&shared, &stream, after, limit)).await
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        let shared = self.shared()?;
        self.has(partition)?;
        if let Some(page) = read::partition_from_memory(&shared, partition, after, limit)? {
            return Ok(page);
        }
        off_thread(move || read::partition(&shared, partition, after, limit)).await
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        let shared = self.shared()?;
        let (prefix, after) = (prefix.to_owned(), after.cloned());
        off_thread(move || read::list(&shared, &prefix, after.as_ref(), limit)).await
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        let shared = self.shared()?;
        self.has(partition)?;
        let head = shared.tail().head(partition);
        Ok(head)
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        let (mut heads, mut closed) = {
            let shared = self.shared()?;
            self.has(partition)?;
            let head = shared.heads.get(usize::from(partition.0));
            let heads = head.ok_or(ReadError::Closed)?.subscribe();
            (heads, self.closed.subscribe())
        };
        tokio::select! {
            biased;
            closed = closed.wait_for(|closed| *closed) => {
                drop(closed);
                Err(ReadError::Closed)
            }
            head = heads.wait_for(|head| *head > offset) => {
                head.map(|head| *head).map_err(|_| ReadError::Closed)
            }
        }
    }

    async fn close(&self) {
        if let Some(gone) = self.end() {
            // Resolves with an error, when its sender is dropped.
            let _ = gone.await;
        }
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        if let Some(gone) = self.end() {
            let _ = blocking::wait(gone);
        }
    }
}

/// A snapshot lies in the tree, in parts, under a checksum that also covers its stream and its fold. It is durable with
/// the next settling; before that it lies in sled's buffers, and a kill or a power cut may take it.
///
/// A state of more than 4 MiB is not kept, which is no error: the next load says that there is none, and the ticket
/// is folded from its first event.
///
/// ```
/// use punctual::event::{StreamId, Version};
/// use punctual::store::{Snapshot, SnapshotStore, blocking};
///
/// # let directory = tempfile::tempdir()?;
/// let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
/// let ticket = StreamId::new("acme", "ticket", "T-1")?;
/// let of = |bytes| Snapshot { version: Version::new(7), state: vec![0; bytes] };
/// blocking::wait(SnapshotStore::save(store.as_ref(), &ticket, 1, of(300 << 10)))?;
/// assert!(blocking::wait(SnapshotStore::load(store.as_ref(), &ticket, 1))?.is_some());
///
/// blocking::wait(store.delete(&ticket))?; // durable when it returns
/// blocking::wait(SnapshotStore::save(store.as_ref(), &ticket, 1, of(5 << 20)))?;
/// assert!(blocking::wait(SnapshotStore::load(store.as_ref(), &ticket, 1))?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
impl SnapshotStore for SledStore {
    async fn load(&self, stream: &StreamId, fold: u32) -> Result<Option<Snapshot>, ReadError> {
        let (shared, stream) = (self.shared()?, stream.clone());
        off_thread(move || snapshots::load(&shared, &stream, fold)).await
    }

    async fn save(
        &self,
        stream: &StreamId,
        fold: u32,
        snapshot: Snapshot,
    ) -> Result<(), ReadError> {
        let (shared, stream) = (self.shared()?, stream.clone());
        if shared.mode != crate::Mode::Durable {
            // A snapshot must not outlive the events that it is of.
            self.ask(Request::Sync).await?;
        }
        off_thread(move || snapshots::save(&shared, &stream, fold, &snapshot)).await
    }

    async fn delete(&self, stream: &StreamId) -> Result<(), ReadError> {
        let (shared, stream) = (self.shared()?, stream.clone());
        off_thread(move || snapshots::delete(&shared, Some(&stream))).await
    }

    async fn clear(&self) -> Result<(), ReadError> {
        let shared = self.shared()?;
        off_thread(move || snapshots::delete(&shared, None)).await
    }
}

/// Checkpoints are kept in memory and written to the journal; loading one is free. A save is answered when the kernel
/// has it, in both modes, and becomes durable with the next group of appends: a consumer that saves after every page
/// costs the writers no flush.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{CheckpointStore, blocking};
/// use punctual_sled::Options;
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("log");
/// let (mailer, pager) = ("mailer".parse()?, "pager".parse()?);
/// let store = Options::new().open(&path)?;
/// for consumer in [&mailer, &pager] {
///     let saved = CheckpointStore::save(store.as_ref(), consumer, PartitionId(0), Offset::new(41));
///     blocking::wait(saved)?;
/// }
/// blocking::wait(store.forget(&pager))?; // the pager is built anew, and begins at the start
/// drop(store);
///
/// let store = Options::new().open(&path)?;
/// let place = |consumer| blocking::wait(CheckpointStore::load(store.as_ref(), consumer));
/// assert_eq!(place(&mailer)?.offset(PartitionId(0)), Offset::new(41));
/// assert_eq!(place(&pager)?.offset(PartitionId(0)), Offset::START);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
impl CheckpointStore for SledStore {
    async fn load(&self, consumer: &ConsumerId) -> Result<Checkpoint, ReadError> {
        let shared = self.shared()?;
        let known = shared.checkpoints().get(consumer).cloned();
        Ok(known.unwrap_or_default())
    }

    async fn save(
        &self,
        consumer: &ConsumerId,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<(), ReadError> {
        let place = Some((partition, offset));
        self.ask(|reply| Request::Checkpoint(consumer.clone(), place, reply))
            .await
    }

    async fn forget(&self, consumer: &ConsumerId) -> Result<(), ReadError> {
        self.ask(|reply| Request::Checkpoint(consumer.clone(), None, reply))
            .await
    }
}
