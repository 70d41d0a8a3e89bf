//! The tree: sled, with its traps fenced off.
//!
//! Nothing above this module knows sled: it sees bytes under keys in order, errors of two kinds (damage, and what
//! the system refuses), and a [`sync`](Table::sync) after which what was inserted is durable.
//!
//! # The traps
//! - sled panics on some damage: every call is fenced, and a panic is an error like any other. That costs nothing
//!   while there is none, and sled's locks are let go by a panic, so other readers go on.
//! - sled's `flush` does not make its file durable: [`Table::sync`] does, through a handle of our own.
//! - A killed open can leave `snap.*.generating`, which the next open takes for a damaged snapshot.
//! - Files in `blobs/` are never synced; values are kept so small that there are none.
//! - `generate_id`, `len` and `watch_prefix` are not used; nor are batches, which hold every reader up
//!   while they are applied: see [`settle`](crate::settle) for what is atomic without them.

use std::fs::{self, File};
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use punctual::store::{Damage, Place, ReadError};

use crate::OpenError;
use crate::fault::{Call, Faults};
use crate::layout::sync_directory;

/// Fixed from the first release: sled cannot change it later. A quarter of it, which is what a node may
/// grow to before it becomes a blob, holds twenty values of [`PART`](crate::block::PART) bytes.
pub(crate) const SEGMENT: usize = 2 << 20;

/// What goes wrong in the tree.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum TableError {
    /// The bytes are not what was written.
    #[error("{0}")]
    Corrupt(String),
    /// The system refused.
    #[error("{what}")]
    Io { kind: io::ErrorKind, what: String },
}

impl TableError {
    /// What a reader is told: damage with its place, or that the system refuses just now.
    pub(crate) fn at(self, place: Place) -> ReadError {
        match self {
            Self::Corrupt(reason) => ReadError::Corrupt {
                place: Box::new(place),
                damage: Damage::Medium { reason },
            },
            Self::Io { .. } => ReadError::Unavailable {
                source: Box::new(self),
            },
        }
    }

    /// What whoever opens the store is told.
    pub(crate) fn on_open(self) -> OpenError {
        match self {
            Self::Corrupt(reason) => OpenError::medium(reason),
            Self::Io { kind, what } => OpenError::Io {
                what: "opening the tree".to_owned(),
                source: io::Error::new(kind, what),
            },
        }
    }
}

impl From<sled::Error> for TableError {
    fn from(error: sled::Error) -> Self {
        if let sled::Error::Io(error) = &error
            // A file that ends too early has been cut.
            && error.kind() != io::ErrorKind::UnexpectedEof
        {
            return io_error(error);
        }
        Self::Corrupt(error.to_string())
    }
}

fn io_error(error: &io::Error) -> TableError {
    TableError::Io {
        kind: error.kind(),
        what: error.to_string(),
    }
}

/// Runs a call of sled; a panic in it is damage that it did not expect.
///
/// The message of the panic still goes to standard error, by the process's own hook: a library must not
/// change that.
fn fenced<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, TableError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(done) => done.map_err(TableError::from),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(TableError::Corrupt(format!(
                "sled gave up: {}",
                text.unwrap_or("without a reason")
            )))
        }
    }
}

/// A pair that was found.
pub(crate) type Pair = (sled::IVec, sled::IVec);

/// An open tree.
#[derive(Clone)]
pub(crate) struct Table {
    db: sled::Db,
    file: std::sync::Arc<File>,
    faults: Faults,
}

impl std::fmt::Debug for Table {
    /// sled would walk the whole tree.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Table")
    }
}

impl Table {
    /// Opens or creates the tree in `directory`, which must be locked by us.
    pub(crate) fn open(
        directory: &Path,
        cache_bytes: u64,
        durable: bool,
        faults: Faults,
    ) -> Result<Self, OpenError> {
        remove_stale_snapshots(directory)?;
        if durable {
            refuse_blobs(directory)?;
        }
        let config = sled::Config::new()
            .path(directory)
            .cache_capacity(cache_bytes)
            .segment_size(SEGMENT)
            .mode(sled::Mode::LowSpace)
            .flush_every_ms(None);
        let db = open_patiently(&config).map_err(TableError::on_open)?;
        let file = File::open(directory.join("db")).map_err(OpenError::io("opening the tree"))?;
        let opened = || -> io::Result<()> {
            file.sync_all()?;
            sync_directory(directory)
        };
        opened().map_err(OpenError::io("making the tree durable"))?;
        Ok(Self {
            db,
            file: std::sync::Arc::new(file),
            faults,
        })
    }

    /// Fails as the tests wish.
    fn ask(&self, call: Call) -> Result<(), TableError> {
        self.faults.check(call).map_err(|error| io_error(&error))
    }

    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<sled::IVec>, TableError> {
        self.ask(Call::TableRead)?;
        fenced(|| self.db.get(key))
    }

    /// Returns the last pair at or before `key`.
    pub(crate) fn at_or_before(&self, key: &[u8]) -> Result<Option<Pair>, TableError> {
        self.ask(Call::TableRead)?;
        let range = (Bound::Unbounded, Bound::Included(key));
        fenced(|| self.db.range::<&[u8], _>(range).next_back().transpose())
    }

    /// Returns the pairs from `from` on, in order.
    pub(crate) fn from(&self, from: &[u8]) -> Pairs {
        let range = (Bound::Included(from), Bound::Unbounded);
        Pairs {
            pairs: self.db.range::<&[u8], _>(range),
            faults: self.faults.clone(),
        }
    }

    /// Inserts or replaces. Not durable before [`sync`](Self::sync), and perhaps earlier.
    pub(crate) fn insert(&self, key: &[u8], value: &[u8]) -> Result<(), TableError> {
        self.ask(Call::TableWrite)?;
        fenced(|| self.db.insert(key, value).map(drop))
    }

    pub(crate) fn remove(&self, key: &[u8]) -> Result<(), TableError> {
        self.ask(Call::TableWrite)?;
        fenced(|| self.db.remove(key).map(drop))
    }

    /// Makes everything that was inserted before durable.
    ///
    /// sled's flush writes its buffers to the file, and `sync_data` makes the file durable. One without the other
    /// makes nothing durable.
    pub(crate) fn sync(&self) -> Result<(), TableError> {
        self.ask(Call::TableSync)?;
        fenced(|| self.db.flush().map(drop))?;
        self.file.sync_data().map_err(|e| io_error(&e))
    }

    /// Returns how many bytes the tree's files take.
    pub(crate) fn size_on_disk(&self) -> Result<u64, TableError> {
        fenced(|| self.db.size_on_disk())
    }
}

/// Pairs in the order of their keys. Ends after the first error.
pub(crate) struct Pairs {
    pairs: sled::Iter,
    faults: Faults,
}

impl Iterator for Pairs {
    type Item = Result<Pair, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.faults.check(Call::TableRead) {
            return Some(Err(io_error(&error)));
        }
        fenced(|| self.pairs.next().transpose()).transpose()
    }
}

/// Opens the tree. The store is locked by us, so whoever holds sled's own lock is about to let it go: sled
/// gives its file up some time after its last handle was dropped.
fn open_patiently(config: &sled::Config) -> Result<sled::Db, TableError> {
    let mut tries = 0;
    loop {
        match fenced(|| config.open()) {
            Err(TableError::Io { what, .. }) if what.contains("acquire lock") && tries < 200 => {
                tries += 1;
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            opened => return opened,
        }
    }
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, OpenError> {
    let read = || -> io::Result<Vec<PathBuf>> {
        match fs::read_dir(directory) {
            Ok(entries) => entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    };
    read().map_err(OpenError::io(format!("reading {}", directory.display())))
}

/// sled writes its own snapshot beside the old one and renames it. A kill in between leaves the unfinished one, which sled
/// then reads first. Nobody else can have it open: the directory is locked by us.
fn remove_stale_snapshots(directory: &Path) -> Result<(), OpenError> {
    for path in entries(directory)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(&path)
                .map_err(OpenError::io(format!("removing {}", path.display())))?;
        }
    }
    Ok(())
}

/// A file there holds a value that sled never syncs. Ours are too small for that; another program's may lie there.
fn refuse_blobs(directory: &Path) -> Result<(), OpenError> {
    let blobs = directory.join("blobs");
    if entries(&blobs)?.is_empty() {
        return Ok(());
    }
    Err(OpenError::Blobs { directory: blobs })
}
