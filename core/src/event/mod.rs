//! The envelope of a fact and the names that facts use.
//!
//! Here is everything that an event needs and that no rule does: identifiers, kinds, who acted,
//! where in its stream and in the whole log an event stands. What happened to a ticket is told by
//! [`ticket`](crate::ticket); what was promised by [`policy`](crate::policy).
//!
//! # Two axes of time
//!
//! Two instants are in every envelope: `occurred_at`, when it happened by the caller's business
//! clock, and `recorded_at`, when the log learned of it (SEMANTICS T3). A repairer's visit of
//! Monday may be typed in on Tuesday; clocks go by Monday, and an auditor can still see what was
//! known on Monday evening.
//!
//! # Two places
//!
//! A [`Version`] is an event's place in its own stream; together with the [`StreamId`] it is the
//! event's id. A [`Position`] is its place in the whole log, which readers go by. They are
//! different types, because a number of the one kind means nothing as the other.
//!
//! ```
//! use punctual::event::{Actor, Expected, Recorded, StreamId, Version};
//!
//! let noted = Recorded {
//!     stream: StreamId::new("acme", "ticket", "T-1024")?,
//!     version: Version::new(7),
//!     position: None, // no store has told it yet
//!     occurred_at: "2026-03-09T16:00:00+08:00".parse()?,
//!     recorded_at: "2026-03-10T09:12:00+08:00".parse()?,
//!     actor: Some(Actor::new("u-17".parse()?).with_role("specialist".parse()?)),
//!     subject: None,
//!     event: "the repairer was there",
//! };
//! assert!(noted.recorded_at > noted.occurred_at); // a late fact
//!
//! // Whoever appends the next one says what they believe to be the last.
//! let expected = Expected::Exactly(noted.version.into());
//! assert!(expected.admits(Version::new(7)));
//! assert!(!expected.admits(Version::new(8))); // somebody else was first
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod envelope;
mod kind;
mod names;
mod position;
mod stream;

pub use envelope::{Actor, Recorded, Roles};
pub use kind::Kind;
#[cfg(feature = "store")]
pub(crate) use names::CheckedName;
pub use names::{
    ActorId, AgreementId, CalendarId, Channel, Class, CommandId, ConsumerId, CustomerId, FieldId,
    FieldValue, Level, MarkId, NameError, PolicyId, Product, ReasonId, RoleId, TargetId, TicketId,
};
pub use position::{Expected, Offset, PartitionId, Position, Revision, Version};
pub use stream::{StreamError, StreamId};
