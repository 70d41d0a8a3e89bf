//! Property tests and stories for your own policies (feature `testing`).
//!
//! A policy is a program, and like a program it can be tested in two ways.
//!
//! **By example.** A [`Story`] tells one ticket in the policy's words and local time, and says what
//! each clock should then read and who should have been told.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-06 17:30", "received class=complaint level=general")
//!     .when("2026-03-06 17:45", "paused reason=awaiting-customer")
//!     .then("2026-03-09 09:00", clock("complaint-solved").not_due())
//!     .then("2026-03-09 09:00", clock("first-response").due("2026-03-06 18:00"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **By law.** Some things hold of every policy and every history: pausing never hurries, looking
//! changes nothing, an explanation adds up. [`laws::check`] puts random histories of your policy to
//! all of them, and comes back with the smallest that breaks one, as a script that reads like prose.
//! What fails is then kept as a test of its own with [`History::to_test`].
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::laws;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! laws::check(&policy, 2)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For properties of your own there are strategies of proptest: [`instants`], [`calendars`],
//! [`policies`], [`histories`] of a policy, [`arrivals`] of a history, and [`cases`], a policy with a
//! history. They shrink to small things: a Monday morning, a desk open from nine to five, a target
//! with one elapsed goal, a request alone.
//!
//! A law asks its questions through a [`Reader`], so that a service which wraps this library can hold
//! its own wrapper to the same laws.

mod arrival;
mod broken;
mod chunking;
mod expect;
mod fields;
mod history;
mod instants;
pub mod laws;
mod menu;
mod policy_plan;
mod reader;
mod render;
mod story;
mod vantage;
pub mod vary;
mod walk;
mod words;

pub use arrival::{Arrival, arrivals};
pub use broken::{Broken, Side};
pub use chunking::{Chunked, Way, chunking};
pub use expect::{Expect, clock};
pub use history::{History, Step};
pub use instants::{CalendarPlan, Day, Hours, calendar_plans, calendars, instants};
pub use laws::{CheckError, Law};
pub use policy_plan::{BudgetPlan, PolicyPlan, RungPlan, Shape, TargetPlan, policies};
pub use reader::{Failure, Punctual, Reader};
pub use story::{Story, Unexpected};
pub use walk::{Case, Move, Wait, Walk, cases, histories, walks};
pub use words::{Deed, WordsError};
