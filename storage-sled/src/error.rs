//! Why a store does not open.

use std::path::PathBuf;

use punctual::store::{Damage, Place};

/// Why a store does not open. Nothing that was acknowledged is touched.
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
    /// The directory holds something that is not a store. Choose an empty or a new one.
    #[error("{} holds files but no store; choose an empty directory", directory.display())]
    Foreign {
        /// The directory.
        directory: PathBuf,
    },
    /// A later release made it. Upgrade this one.
    #[error("the store has format {found}, and this release knows {known}; upgrade it")]
    Newer {
        /// The store's format.
        found: u32,
        /// The latest format that this release knows.
        known: u32,
    },
    /// The options do not fit the store.
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
    #[error("damaged at {place}; salvage what is sound")]
    Corrupt {
        /// Where.
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

impl OpenError {
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

    pub(crate) fn medium(reason: impl Into<String>) -> Self {
        Self::corrupt(
            Place::default(),
            Damage::Medium {
                reason: reason.into(),
            },
        )
    }
}
