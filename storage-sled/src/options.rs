//! How a store is opened.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use punctual::store::Partitions;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// An append is acknowledged when the device has it.
    #[default]
    Durable,
    /// An append is acknowledged when the kernel has it; the device gets it at the next sync.
    Process {
        /// How long after an append the device gets it at the latest, unless the system is busy.
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
    /// The least size of one journal file: twice the largest append.
    pub const LEAST_JOURNAL_BYTES: u64 = 4 << 20;
    /// The largest size of one journal file.
    pub const MOST_JOURNAL_BYTES: u64 = 1 << 30;

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

    /// Says what an acknowledged append survives.
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
    pub const fn cache_bytes(mut self, bytes: u64) -> Self {
        self.cache_bytes = bytes;
        self
    }

    /// Says how large each of the two journal files of a *new* store is, within 4 MiB and 1 GiB. A
    /// larger one makes settling rarer and reopening after a kill longer. The commits of both are
    /// held in memory too.
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

    /// Bounds how many appends wait for the writer; further callers wait for a place.
    pub fn queue(mut self, appends: usize) -> Self {
        self.queue = appends.max(1);
        self
    }

    /// Makes writes fail, for tests.
    #[doc(hidden)]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Opens the store in `directory`, or creates it there if the directory is empty or missing.
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
    pub fn open(&self, directory: impl AsRef<Path>) -> Result<Arc<SledStore>, OpenError> {
        crate::open::open(directory.as_ref(), self)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}
