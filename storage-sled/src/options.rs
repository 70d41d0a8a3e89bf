//! How a store is opened.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use punctual::store::Partitions;
use tokio::sync::Semaphore;

use crate::fault::Faults;
use crate::{OpenError, SledStore};

/// What an acknowledged append survives.
///
/// | | the process is killed | the power fails, the kernel stops |
/// |---|---|---|
/// | [`Mode::Durable`] | nothing is lost | nothing is lost, as far as the device honours flushes |
/// | [`Mode::Process`] | nothing is lost | what was acknowledged since the last sync is lost, from the end of the log backwards; what remains is whole and without a hole |
///
/// Tested on Linux, on ext4 (kills, power cuts in simulation) and on tmpfs (a full disk). On other
/// systems the promises rest on what their `fsync` does.
///
/// The cost of [`Mode::Durable`] is one flush of the device for each *group* of appends, not for each
/// append: many callers at once share it.
///
/// A store may be opened in one mode today and in the other tomorrow: the files are the same. An import is
/// faster in [`Mode::Process`], and closing the store makes all of it durable:
///
/// ```
/// use std::time::Duration;
/// use punctual::store::EventStore;
/// use punctual_sled::{Mode, Options};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("log");
/// let quick = Options::new().mode(Mode::Process { sync_every: Duration::from_secs(5) });
/// let store = quick.open(&path)?;
/// // ... a million appends; if the power fails, begin again ...
/// store.close().await; // durable from here on
///
/// let store = Options::new().open(&path)?; // and from here on, append by append
/// # store.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// An append is acknowledged when the device has it.
    #[default]
    Durable,
    /// An append is acknowledged when the kernel has it; the device gets it at the next sync.
    Process {
        /// How long after an append the device gets it at the latest, unless the system is busy. Less than a
        /// millisecond counts as one.
        sync_every: Duration,
    },
}

/// How a store is opened or created.
///
/// ```
/// use punctual_sled::Options;
///
/// let directory = tempfile::tempdir()?;
/// let store = Options::new().cache_bytes(16 << 20).open(directory.path().join("log"))?;
/// # drop(store);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Options {
    pub(crate) mode: Mode,
    pub(crate) partitions: Option<Partitions>,
    pub(crate) cache_bytes: u64,
    pub(crate) journal_bytes: u64,
    pub(crate) queue: usize,
    pub(crate) faults: Faults,
}

impl Options {
    /// The least size of one journal file, in bytes: a group may have twice the largest append, and must fit.
    pub const LEAST_JOURNAL_BYTES: u64 = 4 << 20;
    /// The largest size of one journal file, in bytes. Both are read whole when a store is opened, so a larger
    /// one would make every opening after a kill slow.
    pub const MOST_JOURNAL_BYTES: u64 = 1 << 30;

    const LEAST_CACHE_BYTES: u64 = 64 << 10;

    /// Durable, one partition, 128 MiB of cache, two journal files of 8 MiB.
    pub fn new() -> Self {
        Self {
            mode: Mode::Durable,
            partitions: None,
            cache_bytes: 128 << 20,
            journal_bytes: 8 << 20,
            queue: 1_024,
            faults: Faults::none(),
        }
    }

    /// Says what an acknowledged append survives. [`Mode::Durable`] unless you say otherwise.
    ///
    /// ```
    /// use std::time::Duration;
    /// use punctual_sled::{Mode, Options};
    ///
    /// // A kiosk whose disk takes 30 ms to flush, and whose owner can bear to lose a second in a power cut.
    /// let options = Options::new().mode(Mode::Process { sync_every: Duration::from_secs(1) });
    /// # let directory = tempfile::tempdir()?;
    /// # drop(options.open(directory.path().join("log"))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Says how many partitions the store is created with. An existing store must have as many; without
    /// this call a new store has one, and an existing store keeps what it has.
    ///
    /// ```
    /// use punctual::store::{EventStore, Partitions};
    /// use punctual_sled::{OpenError, Options};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("log");
    /// let four = Partitions::new(4).ok_or("zero")?;
    /// drop(Options::new().partitions(four).open(&path)?);
    ///
    /// let store = Options::new().open(&path)?; // has what it was created with
    /// assert_eq!(store.partitions(), four);
    /// drop(store);
    /// let other = Options::new().partitions(Partitions::ONE).open(&path);
    /// assert!(matches!(other, Err(OpenError::Invalid { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn partitions(mut self, partitions: Partitions) -> Self {
        self.partitions = Some(partitions);
        self
    }

    /// Bounds what sled keeps of the settled log in memory. It is a steering value, not a guarantee:
    /// sled counts bytes on disk, and takes about twice that in memory.
    ///
    /// Less than 64 KiB counts as 64 KiB. A small cache is no danger and costs time: what is not in it is read
    /// from the file, in pieces of some 10 KiB.
    ///
    /// ```
    /// use punctual_sled::Options;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// // Beside a service that needs its memory for other things; reads come from the file more often.
    /// let store = Options::new().cache_bytes(2 << 20).open(directory.path().join("log"))?;
    /// assert_eq!(store.verify()?.events, 0); // whatever the size, nothing else changes
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn cache_bytes(mut self, bytes: u64) -> Self {
        // sled gives up below 256 bytes.
        self.cache_bytes = if bytes < Self::LEAST_CACHE_BYTES {
            Self::LEAST_CACHE_BYTES
        } else {
            bytes
        };
        self
    }

    /// Says how large each of the two journal files of a *new* store is, within 4 MiB and 1 GiB; what lies
    /// outside counts as the nearer end. An existing store keeps what it was created with.
    ///
    /// A larger one makes settling rarer, so the tree is written less and grows less, and it lets a burst of
    /// appends go on for longer before the tree must keep up. It makes reopening after a kill longer, and the
    /// commits of both files are held in memory too.
    ///
    /// ```
    /// use punctual_sled::Options;
    ///
    /// # let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("log");
    /// drop(Options::new().journal_bytes(32 << 20).open(&path)?);
    /// assert_eq!(std::fs::metadata(path.join("journal-0"))?.len(), 32 << 20); // all of it, from the first day
    ///
    /// drop(Options::new().open(&path)?); // has 8 MiB in mind, and takes what is there
    /// assert_eq!(std::fs::metadata(path.join("journal-0"))?.len(), 32 << 20);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn journal_bytes(mut self, bytes: u64) -> Self {
        self.journal_bytes = bytes.clamp(Self::LEAST_JOURNAL_BYTES, Self::MOST_JOURNAL_BYTES) & !7;
        self
    }

    /// The same without the bounds, for tests that look at every byte of a store: the largest appends do
    /// not fit into such a journal.
    #[doc(hidden)]
    pub fn tiny_journal(mut self, bytes: u64) -> Self {
        self.journal_bytes = bytes & !7;
        self
    }

    /// Bounds how many appends wait for the writer; further callers wait for a place, in the order in which
    /// they came. 1,024 unless you say otherwise, which is also the most that one flush takes.
    ///
    /// ```
    /// use punctual_sled::Options;
    ///
    /// // A small machine: at most sixteen appends, of at most a MiB each, wait in memory.
    /// let options = Options::new().queue(16).cache_bytes(4 << 20);
    /// # let directory = tempfile::tempdir()?;
    /// # drop(options.open(directory.path().join("log"))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// It bounds memory, not latency: an append that waits for a place waits as long as one in the queue.
    pub fn queue(mut self, appends: usize) -> Self {
        self.queue = appends.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Makes writes fail, for tests.
    #[doc(hidden)]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Opens the store in `directory`, or creates it there if the directory is empty or missing. A relative
    /// path is taken from the working directory of now; it may change while the store is open.
    ///
    /// Blocks: milliseconds after a clean close; after a kill, as long as sled takes to read what it
    /// wrote since it was last opened. Call it outside asynchronous tasks.
    ///
    /// ```
    /// use punctual_sled::{OpenError, Options};
    ///
    /// let directory = tempfile::tempdir()?;
    /// std::fs::write(directory.path().join("notes.txt"), "mine")?;
    /// let refused = Options::new().open(directory.path());
    /// assert!(matches!(refused, Err(OpenError::Foreign { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`OpenError`] says what to do. Nothing is written into a directory that is not a store.
    ///
    /// Within an async task, open it where blocking is allowed:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("log");
    /// let opening = tokio::task::spawn_blocking(move || punctual_sled::Options::new().open(path));
    /// let store = opening.await??;
    /// # drop(store);
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(&self, directory: impl AsRef<Path>) -> Result<Arc<SledStore>, OpenError> {
        crate::open::open(directory.as_ref(), self)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}
