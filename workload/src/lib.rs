//! Seeded workloads for Punctual: tickets as a desk really has them, the same for ever.
//!
//! A demonstration, a simulation and a benchmark need many tickets that could have happened. This
//! crate makes them from a seed: the same seed and options give the same tickets on every platform
//! and in every release that keeps its major version. It reads no file, asks for no time and keeps
//! nothing: every ticket is worked out from (seed, ticket number) alone, so tickets can be had in
//! any order, on several threads, and without the ones before them.
//!
//! # The model
//!
//! - [`AfterSales`] plays a month (or years) of the house preset
//!   [`AFTER_SALES`](punctual::policy::AFTER_SALES). Each ticket is a [`Plan`](after_sales::Plan):
//!   commands with instants, each of which [`decide`](punctual::ticket::decide) accepts under the
//!   preset.
//! - [`AfterSales::steps`] merges the plans by time, so that a whole month can be played through an
//!   engine in order, in memory for the open tickets only.
//!
//! ```
//! use punctual_workload::AfterSales;
//!
//! let month = AfterSales::builder(42).tickets(300).build()?;
//! let first = month.plan(1);
//! assert_eq!(first.ticket.as_str(), "T-000001");
//! assert_eq!(first, AfterSales::builder(42).tickets(300).build()?.plan(1));
//!
//! // Everything that happens to all of them, in order.
//! let steps: Vec<_> = month.steps().collect();
//! assert!(steps.len() > 3_000);
//! assert!(steps.is_sorted_by_key(|step| step.at));
//! # Ok::<(), punctual_workload::WorkloadError>(())
//! ```

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
