//! Why a store does not open.
//!
//! Opening is where most of what can be wrong with a store is found, so its error is the one that an operator
//! reads at night. Each variant is another thing to do, and each message says which.

use std::path::PathBuf;

use punctual::store::{Damage, Place};

/// Why a store does not open. Nothing that was acknowledged is touched.
///
/// ```
/// use punctual_sled::{OpenError, Options};
///
/// /// What a service does when it starts.
/// fn advice(error: &OpenError) -> &'static str {
///     match error {
///         OpenError::Locked { .. } => "another process has it: wait for that one, or end this one",
///         OpenError::Io { .. } => "the system refuses: free space or give leave, then start again",
///         OpenError::Corrupt { .. } => "copy the directory, then salvage it",
///         OpenError::Newer { .. } => "a later release made it: roll forward",
///         // Foreign, Invalid, Blobs: the configuration is wrong.
///         _ => "look at the path and the options",
///     }
/// }
///
/// # let directory = tempfile::tempdir()?;
/// let path = directory.path().join("log");
/// drop(Options::new().open(&path)?);
/// std::fs::remove_file(path.join("sled/db"))?;
/// let error = Options::new().open(&path).err().ok_or("it opened")?;
/// assert_eq!(advice(&error), "copy the directory, then salvage it");
/// // What is wrong is told by the source.
/// let why = std::error::Error::source(&error).map(ToString::to_string);
/// assert_eq!(why.as_deref(), Some("the file `sled/db` is missing"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Opening never repairs by forgetting. A store that opened without a commit that was acknowledged would give its
/// version and its offset out a second time, and two truths under one name cannot be told apart later.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another handle of this one, has it open. Close that one, or use
    /// [`SledStore::another`](crate::SledStore::another) within one process.
    #[error("{} is locked: another process or handle has the store open; close it first", directory.display())]
    Locked {
        /// The store's directory.
        directory: PathBuf,
    },
    /// The directory holds something that is not a store. Choose an empty or a new one. Nothing was written into
    /// it. (A store whose note has rotted or is lost is `Corrupt`: its journal and its tree are still there.)
    #[error("{} holds files but no store; choose an empty directory", directory.display())]
    Foreign {
        /// The directory.
        directory: PathBuf,
    },
    /// A later release made it. Upgrade this one. Nothing was read beyond the note that says so.
    #[error("the store has format {found}, and this release knows {known}; upgrade it")]
    Newer {
        /// The store's format.
        found: u32,
        /// The latest format that this release knows.
        known: u32,
    },
    /// The options do not fit the store: it was created with another number of partitions.
    #[error("{reason}")]
    Invalid {
        /// What does not fit and what to do.
        reason: String,
    },
    /// There are files that sled never syncs, so durability cannot be promised. Open it in
    /// [`Mode::Process`](crate::Mode::Process), export it, and import it into a new store.
    #[error(
        "{} is not empty: those files are never synced, so the store cannot be durable; \
         open it in process mode and export it", directory.display()
    )]
    Blobs {
        /// The directory that should be empty.
        directory: PathBuf,
    },
    /// Stored data is damaged or missing. [`salvage`](crate::salvage()) exports what is sound.
    #[error("the store is damaged{}; salvage what is sound", at(place))]
    Corrupt {
        /// Where: stream and version, or partition and offset, as far as it is known.
        place: Box<Place>,
        /// What is wrong there.
        #[source]
        damage: Damage,
    },
    /// A file cannot be read or written. After it was put right (space freed, permission given),
    /// open again: nothing is lost.
    #[error("{what}: {source}")]
    Io {
        /// What was to be done.
        what: String,
        /// The system's error.
        source: std::io::Error,
    },
}

/// Shows a place, if it is known; what is wrong there is the source's to say.
fn at(place: &Place) -> String {
    if *place == Place::default() {
        return String::new();
    }
    format!(" at {place}")
}

impl OpenError {
    /// Says what was to be done when the system refused.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn corrupt(place: Place, damage: Damage) -> Self {
        Self::Corrupt {
            place: Box::new(place),
            damage,
        }
    }

    /// Damage that is not of a commit but of a file: the reason names the file.
    pub(crate) fn medium(reason: impl Into<String>) -> Self {
        Self::corrupt(
            Place::default(),
            Damage::Medium {
                reason: reason.into(),
            },
        )
    }
}
