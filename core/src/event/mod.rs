//! The envelope of a fact and the names that facts use.
//!
//! Here is everything that an event needs and that no rule does: identifiers, kinds, who acted,
//! where in its stream and in the whole log an event stands. What happened to a ticket is told by
//! [`ticket`](crate::ticket); what was promised by [`policy`](crate::policy).
//!
//! Two axes of time run through every envelope: `occurred_at`, when it happened by the caller's
//! business clock, and `recorded_at`, when the log learned of it (SEMANTICS T3).

mod envelope;
mod kind;
mod names;
mod position;
mod stream;

pub use envelope::{Actor, Recorded, Roles};
pub use kind::Kind;
pub use names::{
    ActorId, AgreementId, CalendarId, Channel, Class, CommandId, ConsumerId, CustomerId, FieldId,
    FieldValue, Level, MarkId, NameError, PolicyId, Product, ReasonId, RoleId, TargetId, TicketId,
};
pub use position::{Expected, Offset, PartitionId, Position, Revision, Version};
pub use stream::{StreamError, StreamId};
