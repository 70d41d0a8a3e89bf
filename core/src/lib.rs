//! An event-sourced SLA engine: what was promised to a customer, when it falls due, who must be told,
//! and why.
//!
//! This crate is the pure core. It does no I/O, reads no clock and keeps no deadline anywhere: every
//! answer is worked out from a ticket's facts, a policy, its calendars, and the instant you ask about.
//!
//! # The model in five sentences
//!
//! 1. A [`Ticket`](ticket::Ticket) is the fold of what happened to it: received, classified, paused,
//!    replied, resolved. It holds facts only.
//! 2. A [`Policy`](policy::Policy) is a document of promises: *targets* that some events start and
//!    others stop, each with *goals* that say how long it may take for which tickets.
//! 3. A *clock* is one target's promise on one ticket, and it has one measure, E: the time of its
//!    calendar, minus its pauses. Met means E at the stop is at most the budget.
//! 4. [`clock::read`] tells how every promise stands at any instant: due, left, kept, broken;
//!    [`clock::explain`] accounts for every microsecond.
//! 5. A *ladder* says who is told when; [`supervision::supervise`] gives the events that an engine
//!    records: warned, breached, escalated.
//!
//! ```
//! use punctual::clock::{self, Bindings};
//! use punctual::event::{Actor, ActorId, Class, StreamId};
//! use punctual::policy::Policy;
//! use punctual::ticket::{Action, Command, Outcome, Permit, Received, Ticket, decide};
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "help-desk"
//!     timezone = "Asia/Shanghai"
//!     default-calendar = "office"
//!
//!     [calendar.office]
//!     week     = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
//!     holidays = "CN"
//!
//!     [class]
//!     values = ["fault", "enquiry"]
//!
//!     [target.first-response]
//!     start = "received"
//!     stop  = ["replied", "diagnosed"]
//!     goals = [ { when = { class = "fault" }, within = "1wh" }, { within = "2wh" } ]
//! "#)?;
//!
//! // A fault comes in half an hour before the lunch break.
//! let now = "2026-03-09T11:30:00+08:00".parse()?;
//! let action: Action = Action::Receive(Received {
//!     class: Some(Class::new("fault")?),
//!     ..Received::default()
//! });
//! let command = Command::new(action, now, Actor::new(ActorId::new("phone-desk")?));
//!
//! let mut ticket = Ticket::default();
//! for event in decide(&ticket, command, &Permit::default(), now)? {
//!     let stream = StreamId::new("acme", "ticket", "T-1")?;
//!     ticket.apply(&event.recorded(stream, &ticket));
//! }
//!
//! let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
//! assert_eq!(readings[0].due_at, Some("2026-03-09T14:00:00+08:00".parse()?));
//! assert_eq!(readings[0].outcome, Outcome::Open);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to look
//!
//! New here? The `tutorial` goes from a first policy to a running service in seven steps. It stands, with
//! `semantics` and `policy::reference`, in the documentation that is built with all features.
//!
//! | module | for |
//! |---|---|
//! | [`time`] | instants, lengths, intervals |
//! | [`event`] | names, kinds, the envelope of an event |
//! | [`calendar`] | opening hours, holidays, working time |
//! | [`ticket`] | what can happen to a ticket, and its fold |
//! | [`policy`] | the policy document, its mistakes, the lint |
//! | [`clock`] | how every promise stands, and why |
//! | [`escalation`] | who must be told |
//! | [`supervision`] | the events that an engine records |
//! | [`projection`] | read models: scorecard, queue, hot spots, appraisals |
//! | [`backtest`] | one history under several policies, side by side |
//! | `semantics` (features `testing` and `engine`) | the rules by their numbers: what `SEMANTICS C8` means, with examples |
//! | `store` (feature `store`) | the storage port, records and codecs |
//! | `engine` (feature `engine`) | commands, ticks and consumers over a store |
//! | `testing` (feature `testing`) | laws, strategies and a harness for your own policies |
//!
//! # What holds everywhere
//!
//! - Instants are UTC, to the microsecond, from 1970 to 2099; opening hours and dates are civil, in
//!   the zone of their calendar.
//! - Intervals contain their start and not their end. A budget that runs out exactly at closing is
//!   due at that closing, and exactly at the deadline is in time.
//! - Nothing rounds. Percentages are integer ratios, shown rounded down.
//! - Bad input is a typed error that says what and where; a damaged history is read, and its
//!   anomalies are counted. No public function panics.

// What could panic or overflow is refused in the library; its tests compute with small numbers.
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod backtest;
pub mod calendar;
pub mod clock;
#[cfg(feature = "engine")]
pub mod engine;
pub mod escalation;
pub mod event;
pub mod language;
pub mod policy;
pub mod projection;
// The rules by their numbers: words alone, and examples that tell stories on an engine and without.
#[cfg(all(feature = "testing", feature = "engine"))]
pub mod semantics;
#[cfg(feature = "store")]
pub mod store;
pub mod supervision;
#[cfg(feature = "testing")]
pub mod testing;
pub mod ticket;
pub mod time;
// Words alone, and programs that run.
#[cfg(all(feature = "testing", feature = "engine"))]
pub mod tutorial;
