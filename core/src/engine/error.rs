//! What can go wrong in an engine, by what was asked of it.

use crate::clock::BindingError;
use crate::event::{CommandId, PolicyId, StreamId};
use crate::policy::Report;
use crate::store::{AppendError, EncodeError, EventError, Gap, ReadError};
use crate::ticket::DecideError;

/// Why a ticket cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The store did not answer, or what it holds is damaged.
    #[error("{stream} cannot be read")]
    Read {
        /// The ticket.
        stream: StreamId,
        /// Whether a retry can help is told by [`ReadError::is_transient`].
        #[source]
        source: ReadError,
    },
    /// An event is not what this release knows. Upgrading helps; a retry does not.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The ticket is bound to a policy version that is not in the log. Publish or import it.
    #[error(transparent)]
    Binding(#[from] BindingError),
    /// The stream is no ticket of this engine's tenant.
    #[error("{stream} is no ticket of `{tenant}`; ask an engine of its own tenant")]
    Foreign {
        /// What was asked for.
        stream: StreamId,
        /// Whose tickets the engine has.
        tenant: String,
    },
}

impl LoadError {
    pub(super) fn read(stream: &StreamId, source: impl Into<ReadError>) -> Self {
        Self::Read {
            stream: stream.clone(),
            source: source.into(),
        }
    }

    pub(super) fn gap(stream: &StreamId, gap: Gap) -> Self {
        Self::read(stream, gap)
    }

    /// Returns whether the same may succeed later without anybody doing anything.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Read { source, .. } => source.is_transient(),
            Self::Event(_) | Self::Binding(_) | Self::Foreign { .. } => false,
        }
    }
}

/// Why a command was not recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecuteError {
    /// The ticket cannot be read; nothing was written.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The facts or the policy stand against it; nothing was written.
    #[error(transparent)]
    Refused(#[from] DecideError),
    /// The command's id belongs to another command of this ticket; nothing was written. A retry
    /// cannot help: choose a new id.
    #[error("{stream}: command `{command}` was used for another command; choose a new id")]
    Reused {
        /// The ticket.
        stream: StreamId,
        /// The id.
        command: CommandId,
    },
    /// Others were faster each time; nothing was written. Try again.
    #[error("{stream}: {attempts} attempts met another writer each; try again")]
    Contended {
        /// The ticket.
        stream: StreamId,
        /// How often it was tried.
        attempts: u32,
    },
    /// The store did not take it. Whether it may be there is told by [`AppendError::written`]; a
    /// command with an id may always be tried again.
    #[error("{stream} did not take the events")]
    Append {
        /// The ticket.
        stream: StreamId,
        /// What the store said.
        #[source]
        source: AppendError,
    },
    /// The event is longer than any store holds; nothing was written.
    #[error("{stream}: the event cannot be written")]
    Encode {
        /// The ticket.
        stream: StreamId,
        /// What is too long.
        #[source]
        source: EncodeError,
    },
}

impl ExecuteError {
    /// Returns whether the same may succeed later without anybody doing anything.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Load(error) => error.is_transient(),
            Self::Contended { .. } => true,
            Self::Append { source, .. } => {
                matches!(source, AppendError::Busy | AppendError::Unavailable { .. })
            }
            Self::Refused(_) | Self::Reused { .. } | Self::Encode { .. } => false,
        }
    }

    pub(super) fn append(stream: &StreamId, source: AppendError) -> Self {
        if let AppendError::CommandReused { stream, command } = source {
            return Self::Reused { stream, command };
        }
        Self::Append {
            stream: stream.clone(),
            source,
        }
    }

    pub(super) fn encode(stream: &StreamId, source: EncodeError) -> Self {
        Self::Encode {
            stream: stream.clone(),
            source,
        }
    }
}

/// Why the log cannot be followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FollowError {
    /// The store did not answer, or what it holds is damaged.
    #[error("the log cannot be followed")]
    Read(#[from] ReadError),
    /// A published policy cannot be read.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl From<Gap> for FollowError {
    fn from(gap: Gap) -> Self {
        Self::Read(gap.into())
    }
}

impl FollowError {
    /// Returns whether the same may succeed later without anybody doing anything.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Read(source) | Self::Policy(PolicyError::Read { source, .. }) => {
                source.is_transient()
            }
            Self::Policy(PolicyError::Event { .. } | PolicyError::Document { .. }) => false,
        }
    }

    /// Returns whether the store's handle was closed.
    pub(super) const fn is_closed(&self) -> bool {
        matches!(
            self,
            Self::Read(ReadError::Closed)
                | Self::Policy(PolicyError::Read {
                    source: ReadError::Closed,
                    ..
                })
        )
    }
}

/// Why a published policy cannot be read back from the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Its stream cannot be read.
    #[error("{stream} cannot be read")]
    Read {
        /// The policy's stream, or a calendar's.
        stream: StreamId,
        /// What the store said.
        #[source]
        source: ReadError,
    },
    /// An event in it is damaged, or a later release wrote it.
    #[error("{stream}: {reason}")]
    Event {
        /// The policy's stream, or a calendar's.
        stream: StreamId,
        /// What is wrong with it.
        reason: String,
    },
    /// Its document is not accepted by this release.
    #[error("{stream}: the published document has mistakes")]
    Document {
        /// The policy's stream.
        stream: StreamId,
        /// Which.
        #[source]
        source: Report,
    },
}

/// Why a policy was not published; nothing applies that did not before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The document has mistakes: all of them, with their places.
    #[error(transparent)]
    Document(#[from] Report),
    /// What was published before cannot be read.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// A name makes no stream.
    #[error(transparent)]
    Name(#[from] crate::event::StreamError),
    /// Others published each time. Try again.
    #[error("policy `{policy}`: {attempts} attempts met another publisher each; try again")]
    Contended {
        /// The policy.
        policy: PolicyId,
        /// How often it was tried.
        attempts: u32,
    },
    /// The store did not take it.
    #[error("{stream} did not take the publication")]
    Append {
        /// The stream.
        stream: StreamId,
        /// What the store said.
        #[source]
        source: AppendError,
    },
    /// It is longer than any store holds.
    #[error("{stream}: the publication cannot be written")]
    Encode {
        /// The stream.
        stream: StreamId,
        /// What is too long.
        #[source]
        source: EncodeError,
    },
}

/// Why a ticket was not moved to another policy version.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RebindError {
    /// No such version was published.
    #[error("policy `{policy}` has no version {version}; publish it first")]
    UnknownVersion {
        /// The policy.
        policy: PolicyId,
        /// The version.
        version: u32,
    },
    /// The published policies cannot be read.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The ticket could not be read, or the store did not take the move.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

impl From<LoadError> for RebindError {
    fn from(error: LoadError) -> Self {
        Self::Execute(error.into())
    }
}
