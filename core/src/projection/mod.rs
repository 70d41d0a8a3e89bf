//! Read models: what managers and planners want from the log, as pure folds.
//!
//! A [`Projection`] is a function without a memory of its own: it is handed its state and one
//! [`Change`] of one ticket, and moves the state on. What runs it (pages, checkpoints, rebuilding,
//! what happens when an event cannot be dealt with) is for the engine's
//! `Projector`; nothing in this module is async, reads a clock or touches a store.
//!
//! # The one law
//!
//! The changes of one ticket come in their order and without a hole; how many events one change
//! holds, and what lies between the changes of different tickets, means nothing. So a rebuild, which
//! takes each ticket as one change, comes to the same state as years of following the log event by
//! event. `testing::chunking` (feature `testing`) checks it of a projection of your own.
//!
//! The easiest way to keep the law is a [`Sum`]: say what one ticket, as it now stands,
//! contributes; a change then takes away what the ticket contributed before and adds what it
//! contributes after. All read models of this module are sums, so they can neither drift nor depend
//! on the order in which things became known.
//!
//! | read model | answers |
//! |---|---|
//! | [`Scorecard`] | how are we doing, by day, week, month, quarter, and by class, level, channel, product, agent, team |
//! | [`Queue`] | which open tickets fall due next, and whose they are |
//! | [`Services`] | which services were rendered, and which of them to inspect |
//! | [`hot_spots`] | which causes recur, of which product, above expectation |
//! | [`appraisals`] | how each agent did, with the sample size |
//! | [`history`] | what happened to one ticket, and what it did to its promises |
//!
//! # Verdicts are read, not counted
//!
//! No read model counts `Breached`, `Warned` or `Escalated` events to learn how a promise stands:
//! they say when somebody noticed. A [`Case`] reads the clocks. A promise that is running is
//! contributed with the instant up to which it is in time, so that a scorecard asked *as of* an
//! instant knows which promises have been broken in silence since the last event.
//!
//! # A read model of one's own
//!
//! ```
//! use punctual::event::{Product, StreamId};
//! use punctual::projection::{Case, Poison, Sum};
//! use std::collections::BTreeMap;
//!
//! /// How many tickets there are of each product.
//! struct ByProduct;
//!
//! impl Sum for ByProduct {
//!     type Part = Product;
//!     type State = BTreeMap<Product, u64>;
//!
//!     fn name(&self) -> &'static str {
//!         "by-product"
//!     }
//!
//!     fn version(&self) -> u32 {
//!         1
//!     }
//!
//!     fn part(&self, case: &Case<'_>) -> Result<Option<Product>, Poison> {
//!         Ok(case.status().product.clone())
//!     }
//!
//!     fn add(&self, state: &mut Self::State, _: &StreamId, product: Product) {
//!         *state.entry(product).or_default() += 1;
//!     }
//!
//!     fn remove(&self, state: &mut Self::State, _: &StreamId, product: Product) {
//!         if let Some(count) = state.get_mut(&product) {
//!             *count -= 1;
//!         }
//!         state.retain(|_, count| *count > 0);
//!     }
//!
//!     fn merge(&self, state: &mut Self::State, other: Self::State) {
//!         for (product, count) in other {
//!             *state.entry(product).or_default() += count;
//!         }
//!     }
//! }
//! ```

mod appraisal;
mod case;
mod contribution;
mod figure;
mod history;
mod hot_spot;
mod kpi;
mod lengths;
mod period;
mod queue;
mod rate;
mod score;
mod scorecard;
mod services;
mod sum;

pub use appraisal::{Appraisal, appraisals};
pub use case::Case;
pub use figure::{Figure, Promise, Served, Share, Slice, SliceKind, Verdict};
pub use history::{Effect, Entry, Moment, history};
pub use hot_spot::{HotSpot, hot_spots};
pub use kpi::Kpi;
pub use lengths::Lengths;
pub use period::{Dates, Period};
pub use queue::{Ageing, Filter, Queue, QueueEntry, QueueState, Waiting};
pub use rate::Rate;
pub use score::{Compliance, Grades, PauseFigures, Score};
pub use scorecard::{Cycles, Scorecard, Scores};
pub use services::{Service, Services, ServicesState};
pub use sum::{Change, Needs, Poison, Projection, Sum};
