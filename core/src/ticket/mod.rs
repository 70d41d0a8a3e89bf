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
//!
//! # Two doors, of different strictness
//!
//! - [`decide`] is for what is to be recorded. It refuses what cannot be: a survey before the
//!   resolution, a second intake, a compensation that nobody approved.
//! - [`Ticket::apply`] is for what *was* recorded. It never refuses: history is history. What
//!   cannot have been so is counted in [`Ticket::anomalies`], so a damaged or foreign log can be
//!   read, and seen to be damaged.
//!
//! # Late facts
//!
//! Facts are kept in the order in which they happened, not in the order in which they arrived
//! (SEMANTICS T4). A fact that arrives late is judged by the state of its own time and inserted
//! there; verdicts follow, since nobody stores them (C15).
//!
//! ```
//! use punctual::event::{Actor, Kind};
//! use punctual::ticket::{Action, Command, DecideError, Permit, Ticket, decide};
//! # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
//! #     let mut ticket = Ticket::default();
//! #     for (civil, action) in told {
//! #         let at = format!("{civil}:00+08:00").parse()?;
//! #         let action: Action = serde_json::from_str(action)?;
//! #         let command = Command::new(action, at, Actor::new("desk".parse()?));
//! #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
//! #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//! #     }
//! #     Ok(ticket)
//! # }
//!
//! // Resolved on Monday afternoon, in Shanghai.
//! let mut ticket = ticket(&[
//!     ("2026-03-09T09:00", r#"{"type":"receive","class":"fault"}"#),
//!     ("2026-03-09T17:00", r#"{"type":"resolve","method":"remote"}"#),
//! ])?;
//!
//! // On Tuesday the technician's notes are typed in: the diagnosis was made on Monday at ten.
//! let tuesday = "2026-03-10T09:00:00+08:00".parse()?;
//! let diagnose = |civil: &str| -> Result<Command, Box<dyn std::error::Error>> {
//!     let action = serde_json::from_str(r#"{"type":"diagnose","cause":"compressor"}"#)?;
//!     Ok(Command::new(action, civil.parse()?, Actor::new("u-17".parse()?)))
//! };
//! let command = diagnose("2026-03-09T10:00:00+08:00")?;
//! let event = decide(&ticket, command, &Permit::default(), tuesday)?.remove(0);
//! assert_eq!(event.recorded_at, tuesday);
//! ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//!
//! let kinds: Vec<Kind> = ticket.timeline().facts().iter().map(|fact| fact.kind).collect();
//! assert_eq!(kinds, [Kind::Received, Kind::Diagnosed, Kind::Resolved]);
//!
//! // At six the ticket was resolved already, so a diagnosis of that time cannot be.
//! let command = diagnose("2026-03-09T18:00:00+08:00")?;
//! let refused = decide(&ticket, command, &Permit::default(), tuesday);
//! assert!(matches!(refused, Err(DecideError::Impossible { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What this module is not
//!
//! It knows no promise: when something is due is for [`clock`](crate::clock) to say. It knows no
//! policy: who may do what is asked of the policy by the caller, and handed to [`decide`] as a
//! [`Permit`]. It keeps no customer text: a fold sees plain fields alone, [`Personal`] ones pass
//! by.

mod decide;
mod detail;
mod event;
mod fact;
mod fold;
mod payload;
mod personal;
mod status;
mod timeline;
mod verdict;

#[cfg(feature = "engine")]
pub(crate) use decide::decide_at;
pub use decide::{Command, DecideError, Pending, Permit, Refusal, decide};
#[cfg(feature = "store")]
pub(crate) use detail::Plainly;
pub use event::{Action, TicketEvent};
pub use fact::{Detail, EventField, Fact, Intake, WaivedClock};
#[cfg(feature = "store")]
pub(crate) use fold::Arrival;
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
