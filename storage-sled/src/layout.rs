//! The files of a store: the lock, the note that says what this directory is, and where the rest lies.
//!
//! | file | is |
//! |---|---|
//! | `LOCK` | held for as long as the store is open |
//! | `punctual` | one line: format, state, partitions, size of a journal, checksum |
//! | `journal-0`, `journal-1` | the latest commits, see [`journal`](crate::journal) |
//! | `sled/` | the settled ones, see [`table`](crate::table) |
//!
//! # Whose directory is it?
//! | found | taken for |
//! |---|---|
//! | nothing | a new store |
//! | `LOCK` alone, or with a note that is not in its place yet | a new store that was interrupted |
//! | a note `creating` | likewise: nothing can have been acknowledged |
//! | a note `ready` | a store; what is missing of it is damage |
//! | a tree and a journal, and no note of ours | a store whose note is lost: damage |
//! | anything else | somebody else's: nothing is written, not even a lock |
//!
//! The note is written twice. The first says `creating`, before there is a journal, and the second `ready`, when everything is
//! there and durable. A stop in between leaves a directory in which nothing can have been acknowledged; the next
//! open begins anew.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use punctual::store::Partitions;

use crate::OpenError;

const FORMAT: u32 = 1;
/// How often a lock is tried, and how long is waited in between: a tenth of a second in all.
const LOCK_TRIES: u32 = 20;
const LOCK_WAIT: Duration = Duration::from_millis(5);
const NAME: &str = "punctual-sled";

/// What the note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note {
    /// False while the store is being created: nothing can have been acknowledged.
    pub(crate) ready: bool,
    pub(crate) partitions: Partitions,
    pub(crate) journal_bytes: u64,
}

impl Note {
    /// For example `punctual-sled 1 ready partitions 8 journal 8388608 checksum fdaab9b5`.
    fn to_line(self) -> String {
        let state = if self.ready { "ready" } else { "creating" };
        let (partitions, journal) = (self.partitions, self.journal_bytes);
        let text = format!("{NAME} {FORMAT} {state} partitions {partitions} journal {journal}");
        let checksum = crc32c::crc32c(text.as_bytes());
        format!("{text} checksum {checksum:08x}\n")
    }

    /// Reads the note. The checksum is looked at before the format: a flipped digit must not send anybody to upgrade.
    fn parse(line: &str, directory: &Path) -> Result<Self, OpenError> {
        let damaged = || OpenError::medium("the note `punctual` is not what was written");
        let mut words = line.split_whitespace();
        if words.next() != Some(NAME) {
            return Err(without_note(directory, damaged));
        }
        let (text, checksum) = line
            .trim_end()
            .rsplit_once(" checksum ")
            .ok_or_else(damaged)?;
        if checksum != format!("{:08x}", crc32c::crc32c(text.as_bytes())) {
            return Err(damaged());
        }
        let found = words.next().and_then(|word| word.parse().ok());
        let found: u32 = found.ok_or_else(damaged)?;
        if found > FORMAT {
            return Err(OpenError::Newer {
                found,
                known: FORMAT,
            });
        }
        let ready = words.next() == Some("ready");
        let mut number = |name| (words.next() == Some(name)).then(|| words.next()).flatten();
        let partitions = number("partitions").and_then(|word| word.parse().ok());
        let journal = number("journal").and_then(|word| word.parse().ok());
        Ok(Self {
            ready,
            partitions: partitions.and_then(Partitions::new).ok_or_else(damaged)?,
            journal_bytes: journal.ok_or_else(damaged)?,
        })
    }
}

/// Returns why a directory does not open that has no note of ours: it is damaged if everything else of a
/// store is there, and otherwise somebody else's.
fn without_note(directory: &Path, damaged: impl FnOnce() -> OpenError) -> OpenError {
    if holds_commits(directory) {
        return damaged();
    }
    OpenError::Foreign {
        directory: directory.to_owned(),
    }
}

/// Returns whether there is a tree and a journal.
fn holds_commits(directory: &Path) -> bool {
    let there = |name: &str| directory.join(name).exists();
    there("sled/db") && (there("journal-0") || there("journal-1"))
}

/// The directory of a store, locked.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) directory: PathBuf,
    /// Dropping it unlocks. There is none in a copy without a lock file, which nobody can have open.
    _lock: Option<File>,
}

impl Layout {
    /// Makes sure that the directory is there and is ours alone. A directory that holds something
    /// else is left as it is, and so is everything if nothing is to be created.
    pub(crate) fn lock(directory: &Path, create: bool) -> Result<Self, OpenError> {
        let shown = directory.display();
        if create {
            fs::create_dir_all(directory).map_err(OpenError::io(format!("creating {shown}")))?;
        }
        let path = directory.join("LOCK");
        let is_ours =
            path.exists() || directory.join("punctual").exists() || holds_commits(directory);
        if !is_ours {
            let mut entries =
                fs::read_dir(directory).map_err(OpenError::io(format!("reading {shown}")))?;
            if !create || entries.next().is_some() {
                return Err(OpenError::Foreign {
                    directory: directory.to_owned(),
                });
            }
        }
        let lock = if create {
            let mut options = File::options();
            options.create(true).truncate(false).write(true).open(&path)
        } else {
            // Whoever only reads writes nothing, also no lock file, and may have no leave to.
            File::open(&path)
        };
        let lock = match lock {
            Err(error) if !create && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    directory: directory.to_owned(),
                    _lock: None,
                });
            }
            lock => lock.map_err(OpenError::io(format!("opening {}", path.display())))?,
        };
        // A process that this one has just started holds our files until it has begun its own program.
        for _ in 0..LOCK_TRIES {
            match lock.try_lock() {
                Ok(()) => {
                    return Ok(Self {
                        directory: directory.to_owned(),
                        _lock: Some(lock),
                    });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_WAIT),
                Err(TryLockError::Error(source)) => {
                    return Err(OpenError::Io {
                        what: format!("locking {}", path.display()),
                        source,
                    });
                }
            }
        }
        Err(OpenError::Locked {
            directory: directory.to_owned(),
        })
    }

    /// Returns what the note says, or `None` for a directory in which nothing was created yet.
    pub(crate) fn note(&self) -> Result<Option<Note>, OpenError> {
        let path = self.directory.join("punctual");
        match fs::read(&path) {
            Ok(bytes) => {
                let line = String::from_utf8_lossy(&bytes);
                Note::parse(&line, &self.directory).map(Some)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Beside the lock there may be a note that was not put in place yet.
                let ours = ["LOCK", "punctual.new"];
                let entries = fs::read_dir(&self.directory)
                    .map_err(OpenError::io("reading the store's directory"))?;
                for entry in entries {
                    let entry = entry.map_err(OpenError::io("reading the store's directory"))?;
                    if !ours.iter().any(|name| entry.file_name() == *name) {
                        let missing = || OpenError::medium("the note `punctual` is missing");
                        return Err(without_note(&self.directory, missing));
                    }
                }
                Ok(None)
            }
            Err(source) => Err(OpenError::Io {
                what: format!("reading {}", path.display()),
                source,
            }),
        }
    }

    /// Replaces the note, durably.
    ///
    /// A new file, synced, put in the old one's place, and the directory synced: after a power cut there is the old
    /// note or the new one.
    pub(crate) fn write_note(&self, note: Note) -> Result<(), OpenError> {
        let replace = || {
            let new = self.directory.join("punctual.new");
            let mut file = File::create(&new)?;
            file.write_all(note.to_line().as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, self.directory.join("punctual"))?;
            sync_directory(&self.directory)
        };
        replace().map_err(OpenError::io("writing the store's note"))
    }

    pub(crate) fn journal(&self, index: usize) -> PathBuf {
        self.directory.join(format!("journal-{index}"))
    }

    pub(crate) fn sled(&self) -> PathBuf {
        self.directory.join("sled")
    }
}

/// Makes names in a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    // Windows cannot open a directory as a file and makes names durable by itself.
    if cfg!(windows) {
        return Ok(());
    }
    File::open(directory)?.sync_all()
}
