//! Seeded workloads for Punctual: tickets as a desk really has them, the same for ever.
//!
//! A demonstration, a simulation and a benchmark need many tickets that could have happened. This
//! crate makes them from a seed. It reads no file, asks for no time and keeps nothing: each ticket
//! is worked out from (seed, ticket number, options) alone, so tickets can be had in any order, on
//! several threads, and without the ones before them.
//!
//! # The model in five sentences
//!
//! 1. A *workload* is a number of tickets, counted from 1 in the order in which they arrive over a
//!    period of days.
//! 2. [`AfterSales`] tells whole stories under the preset that comes with the core,
//!    [`AFTER_SALES`](punctual::policy::AFTER_SALES): commands with people, places and Chinese text,
//!    each of which [`decide`](punctual::ticket::decide) accepts under the preset's own answers.
//! 3. [`Measured`] has the bare shape of a measured log: sixteen bytes a happening, up to ten
//!    million tickets, for whoever counts nanoseconds.
//! 4. Both give a ticket at a time ([`AfterSales::plan`], [`Measured::history`]), or everything in
//!    one order of time ([`AfterSales::steps`], [`Measured::steps`]) with only the open tickets in
//!    memory.
//! 5. What decides is an integer: the numbers are those of ChaCha with a stream for each ticket, and
//!    lengths are interpolated between measured quantiles by logarithms in fixed point.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::ticket::{Ticket, decide};
//! use punctual_workload::AfterSales;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let month = AfterSales::builder(42).tickets(300).build()?;
//!
//! // One ticket, played as an engine plays it: the policy is asked, then the facts.
//! let plan = month.plan(17);
//! let mut ticket = Ticket::default();
//! for step in plan.steps {
//!     let status = ticket.timeline().status(step.command.occurred_at);
//!     let permit = policy.permit(&status, &step.command.action, &step.command.actor);
//!     for event in decide(&ticket, step.command, &permit, step.at)? {
//!         let stream = format!("acme/ticket/{}", plan.ticket).parse()?;
//!         ticket.apply(&event.recorded(stream, &ticket));
//!     }
//! }
//! assert_eq!(ticket.anomalies(), []);
//!
//! // All of them, in the order in which things happen.
//! let steps: Vec<_> = month.steps().collect();
//! assert!(steps.len() > 3_000);
//! assert!(steps.is_sorted_by_key(|step| (step.at, step.number, step.index)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where the figures come from
//!
//! | figure | from |
//! |---|---|
//! | arrivals by the hour of the week; a tenth of them in the second of the one before | the log's own 168 shares; after-sales months take those of UCI as local hours |
//! | class mix, what follows what, waits, pauses and their reasons, reopenings, durations | UCI "Incident management process enriched event log" (24,918 tickets) and BPI Challenge 2013, Volvo IT incidents (7,554) |
//! | escalations: 0.43 a ticket, 30 % of tickets | Volvo, the one log that has them |
//! | survey scores: 13.1, 1.5, 3.0, 13.1 and 69.4 % from worst to best | 85,907 surveyed contacts of an online shop |
//! | survey response, punctuality | nobody's: options |
//! | classes, levels, channels, products, causes, texts, people of [`AfterSales`] | invented for this crate |
//! | what is promised, and so when a punctual desk acts | the preset, read from its compiled form |
//!
//! The tables are constants, written by the scripts in `tools/`; the shapes are held to the logs
//! within five parts of a hundred by tests with figures of their own.
//!
//! # What is the same for ever
//!
//! The same seed and options give the same tickets on every platform, and in every release with the
//! same major version: digests in the tests say so. One thing can move a plan of [`AfterSales`]: the
//! preset. A desk that answers within what is promised answers at another time when something else
//! is promised, or when holidays are published.
//!
//! # What this crate is not
//!
//! It plays nothing: that is for an engine, or for the eight lines above. It measures nothing: that
//! is for whoever times it. And no figure in it is a claim about anybody's desk.
//!
//! # Which of the two
//!
//! | | [`AfterSales`] | [`Measured`] |
//! |---|---|---|
//! | is | commands with people, text and reasons | sixteen bytes a happening |
//! | for | demonstrations, simulations, end-to-end tests | benchmarks and folds by the million |
//! | promises | those of the preset, kept or broken on purpose | none: bring a policy |
//! | a ticket | about 19 commands | 8.6 or 11.1 events on average |

pub mod after_sales;
pub mod measured;

mod arrivals;
mod draw;
mod error;
mod figures;
mod fitted;
mod logarithm;
mod merge;
mod percent;
mod quantiles;

pub use after_sales::AfterSales;
pub use error::WorkloadError;
pub use measured::{Measured, Profile};
pub use percent::Percent;

/// Makes a name of ours, which is valid.
fn name<N: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> N {
    text.parse().expect("a name of ours is printable and short")
}
