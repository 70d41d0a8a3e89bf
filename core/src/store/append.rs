//! One append: what is handed to a store, and what it answers.

use super::{AppendError, CommitParts, Records, TooLarge};
use crate::event::{CommandId, Expected, Offset, PartitionId, Revision, StreamId, Version};

/// The caller's digest of a command: 16 bytes that differ when the command differs.
///
/// It is of the *command*, never of the encoded events: times and nonces differ when a command is
/// tried again.
///
/// The engine makes it of the kind, the plain fields, the actor's id and the subject. A store compares
/// digests and never looks into them.
///
/// ```
/// use punctual::store::CommandDigest;
///
/// let digest = CommandDigest::new(*b"sixteen bytes !!");
/// assert_eq!(digest.as_bytes().len(), CommandDigest::BYTES);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandDigest([u8; Self::BYTES]);

impl CommandDigest {
    /// How many bytes a digest has.
    pub const BYTES: usize = 16;

    /// Returns the digest with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

/// A command's id, chosen by the caller, with the digest of what it asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CommandKey {
    /// The id; it means something within one stream alone.
    pub id: CommandId,
    /// The digest of the command.
    pub digest: CommandDigest,
}

/// One append: events for one stream, all or none.
///
/// ```
/// use punctual::event::{Expected, StreamId, Version};
/// use punctual::store::{Append, AppendError, Limits, RecordHead, Records};
/// use punctual::time::Instant;
///
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let append = Append::new(stream.clone(), Expected::Exactly(Version::new(3).into()), Records::new());
/// // Every store makes the same checks, before it looks at its log.
/// let empty = append.check(&Limits::COMMON);
/// assert!(matches!(empty, Err(AppendError::Invalid { .. })));
///
/// let head = RecordHead {
///     kind: 64,
///     schema: 1,
///     occurred_at: Instant::MIN,
///     recorded_at: Instant::MIN,
///     subject: None,
///     metadata: &[],
/// };
/// let mut records = Records::new();
/// records.push(&head, &[0; 70_000])?;
/// let large = Append::new(stream, Expected::Any, records).check(&Limits::COMMON);
/// assert!(matches!(large, Err(AppendError::TooLarge(_)))); // 64 KiB an event
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// What the writer believes the stream's version to be.
    pub expected: Expected,
    /// The command that the events answer. Without one, a repeated append is a new append.
    pub command: Option<CommandKey>,
    /// The events, at least one.
    pub records: Records,
}

/// What an append did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The version of the stream after this append.
    pub revision: Revision,
    /// The partition that the stream lives in.
    pub partition: PartitionId,
    /// The commit.
    pub offset: Offset,
    /// Whether the command had been answered before, and this is that first answer.
    pub replayed: bool,
}

/// What a store remembers of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundCommand {
    /// The caller's digest of it.
    pub digest: CommandDigest,
    /// What its append did; `replayed` is set.
    pub appended: Appended,
}

impl Append {
    /// Returns the append of `records` to `stream`, without a command.
    #[must_use]
    pub const fn new(stream: StreamId, expected: Expected, records: Records) -> Self {
        Self {
            stream,
            expected,
            command: None,
            records,
        }
    }

    /// Returns the same append as the answer to a command.
    #[must_use]
    pub fn for_command(self, command: CommandKey) -> Self {
        Self {
            command: Some(command),
            ..self
        }
    }

    /// Makes the checks that need no look at the log. Every store calls it first.
    ///
    /// # Errors
    /// [`AppendError::Invalid`] when there is no event, [`AppendError::TooLarge`] when a limit is
    /// exceeded.
    pub fn check(&self, limits: &Limits) -> Result<(), AppendError> {
        if self.records.is_empty() {
            return Err(AppendError::Invalid {
                reason: format!("{}: an append needs at least one event", self.stream),
            });
        }
        let records = &self.records;
        for (what, size, most) in [
            ("an event in bytes", records.largest(), limits.event_bytes),
            ("an append in events", records.len(), limits.append_events),
            (
                "an append in bytes",
                records.as_bytes().len(),
                limits.append_bytes,
            ),
        ] {
            if size > most {
                return Err(TooLarge::new(what, size, most).into());
            }
        }
        Ok(())
    }

    /// Compares the expectation with the stream's actual version.
    ///
    /// ```
    /// use punctual::event::{Expected, StreamId, Version};
    /// use punctual::store::{Append, AppendError, Records};
    ///
    /// let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// let seen = Expected::Exactly(Version::new(3).into());
    /// let append = Append::new(stream, seen, Records::new());
    /// append.check_expected(Version::new(3))?;
    /// let late = append.check_expected(Version::new(4)); // somebody else was faster
    /// assert!(matches!(late, Err(AppendError::Conflict { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when another writer was first.
    pub fn check_expected(&self, actual: Version) -> Result<(), AppendError> {
        if self.expected.admits(actual) {
            return Ok(());
        }
        Err(AppendError::Conflict {
            stream: self.stream.clone(),
            expected: self.expected,
            actual,
        })
    }

    /// Answers an append whose command id was `found`: the first result, marked as replayed, when
    /// the command is the same one.
    ///
    /// ```
    /// use punctual::event::{Expected, Offset, PartitionId, StreamId, Version};
    /// use punctual::store::{Append, AppendError, Appended, CommandDigest, CommandKey, FoundCommand, Records};
    ///
    /// let asked = |digest| -> Result<Append, Box<dyn std::error::Error>> {
    ///     let key = CommandKey { id: "call-4711".parse()?, digest: CommandDigest::new([digest; 16]) };
    ///     let stream = StreamId::new("acme", "ticket", "T-1")?;
    ///     Ok(Append::new(stream, Expected::Any, Records::new()).for_command(key))
    /// };
    /// let first = Appended {
    ///     revision: Version::new(2).into(),
    ///     partition: PartitionId(0),
    ///     offset: Offset::new(9),
    ///     replayed: true,
    /// };
    /// let known = FoundCommand { digest: CommandDigest::new([7; 16]), appended: first };
    ///
    /// assert_eq!(asked(7)?.replay(&known)?, first); // the same command again
    /// let other = asked(8)?.replay(&known); // its id was used for something else
    /// assert!(matches!(other, Err(AppendError::CommandReused { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AppendError::CommandReused`] when the digests differ.
    pub fn replay(&self, found: &FoundCommand) -> Result<Appended, AppendError> {
        match &self.command {
            Some(key) if key.digest != found.digest => Err(AppendError::CommandReused {
                stream: self.stream.clone(),
                command: key.id.clone(),
            }),
            Some(_) | None => Ok(found.appended),
        }
    }

    /// Returns the append with what a store stamps on it; see [`CommitParts::to_sealed`].
    #[must_use]
    pub const fn stamped(
        &self,
        partition: PartitionId,
        offset: Offset,
        first_version: Version,
    ) -> CommitParts<'_> {
        CommitParts {
            partition,
            offset,
            first_version,
            stream: &self.stream,
            command: self.command.as_ref(),
            records: &self.records,
        }
    }
}

/// How much a store takes in one append.
///
/// ```
/// use punctual::store::Limits;
///
/// let limits = Limits::COMMON;
/// assert_eq!(limits.event_bytes, 65_536);
/// assert_eq!((limits.append_events, limits.append_bytes), (1_000, 1_048_576));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most bytes of one encoded event.
    pub event_bytes: usize,
    /// The most events of one append.
    pub append_events: usize,
    /// The most bytes of all encoded events of one append.
    pub append_bytes: usize,
}

impl Limits {
    /// 64 KiB an event, 1,000 events and 1 MiB an append: what every backend of this project takes.
    pub const COMMON: Self = Self {
        event_bytes: 64 << 10,
        append_events: 1_000,
        append_bytes: 1 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::COMMON
    }
}
