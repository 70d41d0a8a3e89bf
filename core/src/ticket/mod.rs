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
//! Neither asks a policy whether it knows a word (a class, a reason): the next version may. What
//! the policies of a ticket do not know is told by
//! [`Bindings::unknown_words`](crate::clock::Bindings::unknown_words).
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
//! # Every event that people record
//!
//! A command of the left column becomes the event of the second one, whose name is what policies, JSON and
//! stories write. Fields marked * are personal text: sealed, redacted in `Debug`, and seen by no fold.
//!
//! | [`Action`] | event | fields | says |
//! |---|---|---|---|
//! | `Receive` | `received` | `opener`, `class`, `level`, `fields`, `channel`, `product`, `purchased_on`, `text`* | The request reached us |
//! | `Acknowledge` | `acknowledged` | `starts_in` | We told the customer that it did |
//! | `Classify` | `classified` | `class`, `level`, `fields`, `in_scope` | Class, level or own fields were judged |
//! | `Assign` | `assigned` | `owner`, `team` | Someone became the owner |
//! | `Decline` | `declined` | `text`*, `alternative`* | It is out of scope, and an alternative was offered |
//! | `HearCustomer` | `customer-wrote` | `text`* | The customer wrote or called |
//! | `Reply` | `replied` | `automatic`, `text`* | We answered so that the customer can see it |
//! | `Note` | `noted` | `text`* | An internal note |
//! | `Diagnose` | `diagnosed` | `cause`, `text`* | The cause is known |
//! | `ProposePlan` | `plan-proposed` | `text`* | The plan was told to the customer |
//! | `AcceptPlan` | `plan-accepted` | `text`* | The customer accepts it |
//! | `DisputePlan` | `plan-disputed` | `text`* | The customer does not |
//! | `ReportProgress` | `progress-reported` | `text`* | The customer was told how it goes |
//! | `BookVisit` | `visit-booked` | `visit_at`, `text`* | A visit was agreed for an instant |
//! | `ConfirmVisit` | `visit-confirmed` | `text`* | The visit was confirmed with the customer |
//! | `CancelVisit` | `visit-cancelled` | `text`* | The visit will not take place |
//! | `Dispatch` | `dispatched` | `text`* | A repairer was sent |
//! | `Arrive` | `arrived` | `text`* | The repairer is on site |
//! | `Pause` | `paused` | `reason` | Work waits for a reason |
//! | `Resume` | `resumed` | `reason` | A reason to wait has gone |
//! | `ProposeCompensation` | `compensation-proposed` | `compensation`, `text`* | A compensation was suggested |
//! | `ApproveCompensation` | `compensation-approved` | `text`* | A supervisor approved it |
//! | `RefuseCompensation` | `compensation-refused` | `text`* | A supervisor refused it |
//! | `GrantCompensation` | `compensation-granted` | `text`* | It took effect |
//! | `ApproveReturn` | `return-approved` | `text`* | A return or exchange was approved |
//! | `ArrangeReturn` | `return-arranged` | `text`* | Its transport was arranged |
//! | `Resolve` | `resolved` | `method`, `text`* | The remedy was carried out |
//! | `Accept` | `accepted` | `text`* | The customer signed the completion |
//! | `Reopen` | `reopened` | `text`* | It was not solved after all |
//! | `AskSurvey` | `survey-asked` | `text`* | We asked for the customer's opinion |
//! | `Survey` | `surveyed` | `satisfaction`, `solved`, `attitude`, `speed`, `skill`, `text`* | The customer gave it |
//! | `FollowUp` | `followed-up` | `kind`, `text`* | We contacted the customer again |
//! | `Close` | `closed` | `text`* | Nothing more is to be done |
//! | `Merge` | `merged` | `other`, `side` | Two tickets became one |
//! | `Withdraw` | `withdrawn` | `text`* | The customer withdrew the request |
//! | `Inspect` | `inspected` | `conforms`, `text`* | An inspector judged whether the norm was kept |
//! | `Correct` | `corrective-action` | `stage`, `text`* | A correction was planned, done or verified |
//! | `Waive` | `waived` | `agreement`, `target`, `cycle`, `text`* | One promise was waived |
//! | `Mark` | `marked` | `mark`, `text`* | A named moment of the embedding service |
//!
//! Besides these there is what the engine records of itself: bindings (`policy-bound`), and what it noticed
//! of clocks (`warned`, `breached`, `breached-on-attach`, `escalated`, `verdict-revised`). Nobody asks for
//! them by a command, and no clock ever looks at one but a binding.
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
