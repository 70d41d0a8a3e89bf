//! What can go wrong in an engine, by what was asked of it.

use crate::clock::BindingError;
use crate::event::{CommandId, PolicyId, StreamId};
use crate::policy::Report;
use crate::store::{AppendError, EncodeError, EventError, Gap, ReadError};
use crate::ticket::DecideError;

/// Why a ticket cannot be read.
///
/// ```
/// use punctual::engine::LoadError;
/// # use std::sync::Arc;
/// # use punctual::engine::{Engine, ManualClock, Options};
/// # use punctual::event::{Actor, Class};
/// # use punctual::policy::{AFTER_SALES, Notation};
/// # use punctual::ticket::{Action, Command, Received};
/// # use punctual_memory::MemoryStore;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
/// # let options = Options::new("acme").with_clock(clock.clone());
/// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
/// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
/// # let desk = Actor::new("desk".parse()?);
/// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
/// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
/// # };
/// let foreign = engine.ticket(&"globex/ticket/T-1".parse()?).await;
/// let error = foreign.err().ok_or("a ticket of another tenant")?;
/// assert!(matches!(error, LoadError::Foreign { .. }));
/// assert!(!error.is_transient()); // asking again cannot help
/// # let _ = (desk, receive);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// | variant | written | what to do |
/// |---|---|---|
/// | `Refused` | no | tell the user why: the facts or the policy stand against it |
/// | `Load` | no | retry if [`is_transient`](ExecuteError::is_transient) |
/// | `Reused` | no | a mistake of the caller: choose a new command id |
/// | `Contended` | no | retry |
/// | `Append` | see [`AppendError::written`] | if [`is_transient`](ExecuteError::is_transient), retry with the same command id: it is recorded once; otherwise see [`AppendError`] |
/// | `Encode` | no | make the text shorter |
///
/// ```
/// use punctual::engine::ExecuteError;
/// use punctual::ticket::Replied;
/// # use std::sync::Arc;
/// # use punctual::engine::{Engine, ManualClock, Options};
/// # use punctual::event::{Actor, Class};
/// # use punctual::policy::{AFTER_SALES, Notation};
/// # use punctual::ticket::{Action, Command, Received};
/// # use punctual_memory::MemoryStore;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
/// # let options = Options::new("acme").with_clock(clock.clone());
/// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
/// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
/// # let desk = Actor::new("desk".parse()?);
/// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
/// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
/// # };
/// let ticket = engine.stream("T-1")?;
/// let reply: Action = Action::Reply(Replied::default());
/// let refused = engine.execute(&ticket, Command::new(reply, engine.now(), desk)).await;
/// let error = refused.err().ok_or("nobody has asked anything yet")?;
/// assert!(matches!(error, ExecuteError::Refused(_)));
/// assert!(!error.is_transient());
/// # let _ = receive;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

    /// Returns whether another writer was first: what was decided is to be decided anew.
    pub(super) const fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::Append {
                source: AppendError::Conflict { .. },
                ..
            }
        )
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
///
/// [`Engine::run`](super::Engine::run) asks a store that is busy or away again by itself; what it returns
/// is what a person must look at: damage, a hole in the log, or a policy of a later release.
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
///
/// A policy that was published was checked then, so an error here means damage or a later release. The
/// tickets that are bound to it wait; others are served.
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
///
/// ```
/// use punctual::engine::PublishError;
/// # use std::sync::Arc;
/// # use punctual::engine::{Engine, ManualClock, Options};
/// # use punctual::event::{Actor, Class};
/// # use punctual::policy::{AFTER_SALES, Notation};
/// # use punctual::ticket::{Action, Command, Received};
/// # use punctual_memory::MemoryStore;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
/// # let options = Options::new("acme").with_clock(clock.clone());
/// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
/// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
/// # let desk = Actor::new("desk".parse()?);
/// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
/// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
/// # };
/// let typo = AFTER_SALES.replace(r#"stop  = "plan-proposed""#, r#"stop  = "plan-propsed""#);
/// let refused = engine.publish(&typo, Notation::Toml, None).await;
/// let Err(PublishError::Document(report)) = refused else { return Err("not refused".into()) };
/// assert!(report.to_string().contains("plan-proposed")); // did you mean ...
/// # let _ = (desk, receive);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
/// use punctual::engine::RebindError;
/// # use std::sync::Arc;
/// # use punctual::engine::{Engine, ManualClock, Options};
/// # use punctual::event::{Actor, Class};
/// # use punctual::policy::{AFTER_SALES, Notation};
/// # use punctual::ticket::{Action, Command, Received};
/// # use punctual_memory::MemoryStore;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
/// # let options = Options::new("acme").with_clock(clock.clone());
/// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
/// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
/// # let desk = Actor::new("desk".parse()?);
/// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
/// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
/// # };
/// let ticket = engine.stream("T-1")?;
/// engine.execute(&ticket, Command::new(receive("fault")?, engine.now(), desk)).await?;
/// let refused = engine.rebind(&ticket, &"after-sales".parse()?, 7).await;
/// assert!(matches!(refused, Err(RebindError::UnknownVersion { version: 7, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
