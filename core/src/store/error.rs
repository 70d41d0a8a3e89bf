//! What can go wrong at the port.

use std::fmt;

use super::codec::UnknownSchema;
use crate::event::{CommandId, Expected, Offset, PartitionId, StreamId, Version};

/// The error of a backend's own medium.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Whether a refused append may be in the log all the same.
///
/// ```
/// use punctual::store::{AppendError, Written};
///
/// let lost: AppendError = AppendError::Unavailable {
///     written: Written::Unknown,
///     source: "the connection was reset".into(),
/// };
/// assert_eq!(lost.written(), Written::Unknown); // ask find_command before trying again
/// assert_eq!(AppendError::Busy.written(), Written::No); // simply try again
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Written {
    /// It is not, and will not appear. The same append may be tried again.
    No,
    /// It may be there, wholly or not at all. Reload the stream, or ask
    /// [`find_command`](super::EventStore::find_command), before trying again.
    Unknown,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "nothing was written",
            Self::Unknown => "the events may have been written; reload before trying again",
        })
    }
}

/// Where in a log something lies. What is not known is left out.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::Place;
///
/// // What an operator reads, and what a salvage is asked for.
/// let place = Place::commit(PartitionId(0), Offset::new(41));
/// assert!(place.to_string().contains("41"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The stream.
    pub stream: Option<StreamId>,
    /// The event within the stream.
    pub version: Option<Version>,
    /// The partition.
    pub partition: Option<PartitionId>,
    /// The commit within the partition.
    pub offset: Option<Offset>,
}

impl Place {
    /// Returns the place of a commit.
    #[must_use]
    pub fn commit(partition: PartitionId, offset: Offset) -> Self {
        Self {
            partition: Some(partition),
            offset: Some(offset),
            ..Self::default()
        }
    }

    /// Returns the same place, of this stream.
    #[must_use]
    pub fn of_stream(self, stream: StreamId) -> Self {
        Self {
            stream: Some(stream),
            ..self
        }
    }

    /// Returns the same place, of this version.
    #[must_use]
    pub fn at_version(self, version: Version) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::with_capacity(4);
        if let Some(stream) = &self.stream {
            parts.push(format!("stream {stream}"));
        }
        if let Some(version) = self.version {
            parts.push(format!("version {version}"));
        }
        if let Some(partition) = self.partition {
            parts.push(format!("partition {partition}"));
        }
        if let Some(offset) = self.offset {
            parts.push(format!("offset {offset}"));
        }
        if parts.is_empty() {
            return f.write_str("an unknown place");
        }
        f.write_str(&parts.join(", "))
    }
}

/// What is wrong with stored bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The bytes end too early.
    #[error("it ends before its stated length")]
    Truncated,
    /// There are bytes behind the end.
    #[error("{bytes} bytes lie behind its end")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// Here is neither a record nor a commit.
    #[error("byte {found:#04x} stands where its magic should")]
    Magic {
        /// What stands there.
        found: u8,
    },
    /// Damaged, or written by a later release.
    #[error(
        "format {found} is not the known format {known}; it is damaged, or a later release wrote it"
    )]
    Format {
        /// The stated format.
        found: u8,
        /// The format of this release.
        known: u8,
    },
    /// A record is not what was written.
    #[error("the checksum of a record does not match")]
    Checksum,
    /// A commit is not what was committed.
    #[error("the seal of the commit does not match")]
    Seal,
    /// A commit has more or fewer records than it says.
    #[error("{found} records were found where {stamped} were committed")]
    Count {
        /// How many are there.
        found: u32,
        /// How many should be.
        stamped: u32,
    },
    /// An instant is outside the years of the calendar.
    #[error("an instant lies outside 1970 to 2099")]
    Time,
    /// A name is not text.
    #[error("a name is not UTF-8")]
    Text,
    /// Something that was committed is not there.
    #[error("it is missing")]
    Missing,
    /// The backend's medium found the damage itself.
    #[error("{reason}")]
    Medium {
        /// What it said.
        reason: String,
    },
}

/// Something is larger than a store can hold. Nothing was written; a smaller one will do.
///
/// ```
/// use punctual::store::TooLarge;
///
/// let refused = TooLarge::new("an event in bytes", 70_032, 65_536);
/// assert_eq!(refused.to_string(), "an event in bytes of 70032 is too large; 65536 is the most");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} of {size} is too large; {most} is the most")]
pub struct TooLarge {
    /// What is too large.
    pub what: &'static str,
    /// How large it is, in bytes or in events.
    pub size: usize,
    /// How large it may be.
    pub most: usize,
}

impl TooLarge {
    /// Returns the refusal of `what`.
    #[must_use]
    pub const fn new(what: &'static str, size: usize, most: usize) -> Self {
        Self { what, size, most }
    }
}

/// Why an append did not succeed.
///
/// | variant | may it be there? | what to do |
/// |---|---|---|
/// | `Conflict` | no | reload, decide again, append again |
/// | `CommandReused` | no | a mistake of the caller: choose another id |
/// | `Busy` | no | the same again, later |
/// | `Unavailable` | see `written` | `No`: the same again. `Unknown`: ask `find_command`, or reload |
/// | `Corrupt` | no | stop, look at the store |
/// | `TooLarge`, `Invalid` | no | append something else |
/// | `Closed`, `Poisoned` | no | open the store anew |
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Another writer was first; nothing was written. Reload, decide again, append again.
    #[error("{stream}: expected {expected}, found version {actual}; reload it and decide again")]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// What the writer believed.
        expected: Expected,
        /// What is.
        actual: Version,
    },
    /// The command's id belongs to another command; nothing was written. A retry cannot help.
    #[error("{stream}: command `{command}` was used for another command; choose a new id")]
    CommandReused {
        /// The stream.
        stream: StreamId,
        /// The id.
        command: CommandId,
    },
    /// The store has too much to do; nothing was written. Try again later.
    #[error("the store is busy and wrote nothing; try again later")]
    Busy,
    /// The backend failed. Whether a retry is safe is told by `written`.
    #[error("the backend did not confirm the append: {written}")]
    Unavailable {
        /// Whether the events may be there.
        written: Written,
        /// The backend's own error.
        #[source]
        source: Source,
    },
    /// What the store needed to read is damaged; nothing was written. A retry cannot help.
    #[error("damaged at {place}")]
    Corrupt {
        /// Where.
        place: Box<Place>,
        /// What is wrong there.
        #[source]
        damage: Damage,
    },
    /// The append exceeds the store's [`Limits`](super::Limits); nothing was written.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The append makes no sense; nothing was written. A retry cannot help.
    #[error("{reason}")]
    Invalid {
        /// What is wrong and what to do.
        reason: String,
    },
    /// The handle was closed; nothing was written. Open another.
    #[error("this handle of the store is closed; open another")]
    Closed,
    /// An earlier write failed and the handle can no longer tell what is stored; this append wrote
    /// nothing. Reopen the store.
    #[error("an earlier write failed ({reason}); reopen the store")]
    Poisoned {
        /// What happened then.
        reason: String,
    },
}

impl AppendError {
    /// Returns whether the events of the failed append may be in the log.
    #[must_use]
    pub const fn written(&self) -> Written {
        match self {
            Self::Unavailable { written, .. } => *written,
            Self::Conflict { .. }
            | Self::CommandReused { .. }
            | Self::Busy
            | Self::Corrupt { .. }
            | Self::TooLarge(_)
            | Self::Invalid { .. }
            | Self::Closed
            | Self::Poisoned { .. } => Written::No,
        }
    }
}

/// Why a read did not succeed. A read changes nothing, so every one may be tried again.
///
/// ```
/// use punctual::store::ReadError;
///
/// let away = ReadError::Unavailable { source: "the connection was reset".into() };
/// assert!(away.is_transient());
/// assert!(!ReadError::Closed.is_transient()); // asking this handle again cannot help
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The store has too much to do. Try again later.
    #[error("the store is busy; try again later")]
    Busy,
    /// The backend failed. Try again later.
    #[error("the backend did not answer")]
    Unavailable {
        /// The backend's own error.
        #[source]
        source: Source,
    },
    /// What was asked for is damaged. A retry cannot help; salvage what is sound.
    #[error("damaged at {place}")]
    Corrupt {
        /// Where.
        place: Box<Place>,
        /// What is wrong there.
        #[source]
        damage: Damage,
    },
    /// The reader is further than the store: its checkpoint is of another store, or this store has
    /// lost what the reader saw. A retry cannot help; find out which, then rebuild the reader.
    #[error(
        "partition {partition} ends at offset {head}, but the reader has seen {after}: \
         its checkpoint is of another store, or the store lost data"
    )]
    Beyond {
        /// The partition.
        partition: PartitionId,
        /// How far the reader says it is.
        after: Offset,
        /// How far the partition goes.
        head: Offset,
    },
    /// A reader's own check found that the store broke its word. A retry cannot help.
    #[error(transparent)]
    Gap(#[from] super::Gap),
    /// The request makes no sense. A retry cannot help.
    #[error("{reason}")]
    Invalid {
        /// What is wrong and what to do.
        reason: String,
    },
    /// The handle was closed. Open another.
    #[error("this handle of the store is closed; open another")]
    Closed,
    /// An earlier failure left the handle unable to read. Reopen the store.
    #[error("an earlier operation failed ({reason}); reopen the store")]
    Poisoned {
        /// What happened then.
        reason: String,
    },
}

impl ReadError {
    /// Returns whether the same read may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Busy | Self::Unavailable { .. } => true,
            Self::Corrupt { .. }
            | Self::Beyond { .. }
            | Self::Gap(_)
            | Self::Invalid { .. }
            | Self::Closed
            | Self::Poisoned { .. } => false,
        }
    }

    /// Returns the refusal of a partition that the store does not have.
    #[must_use]
    pub fn no_such_partition(asked: PartitionId, partitions: super::Partitions) -> Self {
        Self::Invalid {
            reason: format!(
                "there is no partition {asked}; the store has {partitions}, counted from 0"
            ),
        }
    }
}

/// Why stored bytes do not become an event. What the bytes mean is the codec's affair, so a store
/// never answers this.
///
/// An unknown *kind* is no error: it is handed out verbatim and counted. An unknown *schema* of a known kind
/// is one, since the fold would miss what it depends on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The kind is known and the schema is not: a later release wrote it. Upgrade this one.
    #[error(transparent)]
    UnknownSchema(#[from] UnknownSchema),
    /// The payload is not of its schema.
    #[error("payload of kind {kind}, schema {schema} cannot be read: {reason}")]
    Payload {
        /// The kind.
        kind: u16,
        /// The schema.
        schema: u16,
        /// What is wrong.
        reason: String,
    },
    /// An upcaster could not write what it had read.
    #[error("an old payload cannot be brought to the current schema")]
    Upcast {
        /// Why not.
        #[source]
        source: super::EncodeError,
    },
    /// The metadata cannot be read.
    #[error("metadata cannot be read: {reason}")]
    Metadata {
        /// What is wrong.
        reason: String,
    },
}

impl From<super::EncodeError> for DecodeError {
    /// For an upcaster, which reads the old and writes the new: its caller is reading.
    fn from(error: super::EncodeError) -> Self {
        Self::Upcast { source: error }
    }
}
