//! What happened to a ticket, and what may happen to it next.
//!
//! [`TicketEvent`] is the vocabulary of facts. [`Ticket`] is the fold of one ticket's facts: its
//! [`Timeline`] and what the engine has already recorded of it. It holds facts only: no policy, no
//! calendar, no deadline. [`decide`] turns a [`Command`] into events or says why not.
//!
//! ```
//! use punctual::event::{Actor, ActorId, Class};
//! use punctual::ticket::{Action, Command, Permit, Received, Ticket, decide};
//!
//! let now = "2026-03-09T01:00:00Z".parse()?;
//! let action: Action = Action::Receive(Received {
//!     class: Some(Class::new("fault")?),
//!     ..Received::default()
//! });
//! let command = Command::new(action, now, Actor::new(ActorId::new("phone-desk")?));
//! let events = decide(&Ticket::default(), command, &Permit::default(), now)?;
//! assert_eq!(events.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decide;
mod event;
mod fact;
mod fold;
mod payload;
mod personal;
mod status;
mod timeline;
mod verdict;

pub use decide::{Command, DecideError, Pending, Permit, Refusal, decide};
pub use event::{Action, TicketEvent};
pub use fact::{Detail, EventField, Fact, Intake, WaivedClock};
pub use fold::{Anomaly, Ticket, Told};
pub use payload::{
    Acknowledged, Assigned, BindCause, Breached, Classified, CompensationProposed,
    CorrectiveAction, Declined, Diagnosed, Escalated, Fields, FollowUp, FollowedUp, Inspected,
    Marked, MergeSide, Merged, Message, Opener, Paused, PolicyBound, Received, Replied, Resolved,
    Resumed, Satisfaction, Stage, Surveyed, VerdictRevised, VisitBooked, Waived, Warned,
};
pub use personal::Personal;
pub use status::{Compensation, Impossible, Phase, Plan, Status};
pub use timeline::Timeline;
pub use verdict::{Cancelled, ClockId, Outcome};
