//! A simulator of the whole of Punctual: one seed decides everything, and the same seed does the same
//! again, byte for byte.
//!
//! A [`World`] has engines on one store, each with a clock of its own that is some seconds off, and
//! now and then hours or days; tickets whose lives were drawn beforehand under a policy that was
//! drawn too; and a store that fails, forgets to say whether it wrote, cuts pages short and is away
//! for a while, all within its contract. Engines are dropped at whatever they wait for and opened
//! again, commands come late, twice, under an id that another command has, and from callers whose
//! clocks are fast; policies are published and tickets rebound in the middle; for days nobody is up.
//! Futures are polled by hand, one poll at a time and only when they were woken, so that two engines
//! meet between any two calls of the store, and a wake-up that is lost is noticed.
//!
//! Beside them a [`watch`] reads the log, and after every turn the following must hold:
//!
//! | of | what |
//! |---|---|
//! | commands | acknowledged: in the log once, at the place and version of the answer; refused: not there; otherwise: once at most |
//! | the log | versions without a hole, `recorded_at` never backwards and never ahead of every clock |
//! | what engines add | each commit is exactly what a fresh fold of the log before it gives: bindings, warnings, breaches, rungs in their order, revised verdicts |
//! | rungs, warnings, breaches | none twice, none before its instant |
//! | views | now and as known at any instant: the fold of that prefix of the log |
//! | read models | in a calm: what a fold of the whole log comes to, ticket by ticket |
//! | consumers | every event at least once and in order, with crashes, lost checkpoints and dropped futures |
//!
//! Every few hundred turns the store is well for a moment. Then one engine, drawn by lot, must find by
//! its agenda alone everything that a walk over *all* tickets finds owed, have just the unfinished
//! tickets in it, and every consumer must have all events. At the end all engines know the same
//! policies, and nothing is owed a month later or two years after that.
//!
//! ```
//! use punctual_simulation::World;
//!
//! let report = World::new(7, 8)?.play()?;
//! assert_eq!(World::new(7, 8)?.play()?.digest, report.digest);
//! # Ok::<(), punctual_simulation::Violation>(())
//! ```
//!
//! # What it does not do
//!
//! It has one thread: memory orders and locks are for the tests with real threads beside it. Faults
//! that break the contract of a store are for the suite of the store.
//!
//! # When a run fails
//!
//! A [`Violation`] says what was promised and what was found; with the seed, the run can be had again:
//!
//! ```sh
//! cargo run --release -p punctual-simulation -- --run SEED --tickets 60
//! ```
//!
//! The digest of a [`Report`] covers every byte of the log, so a change that moves it has changed what
//! engines record. Compare two runs of one seed before and after it.
//!
//! | module | is |
//! |---|---|
//! | [`plan`], [`life`] | what is drawn before anything happens: how rough, which policies, which commands |
//! | [`rough`] | a store on a bad day, within its contract |
//! | [`tasks`] | futures polled by hand, in an order that chance decides |
//! | [`watch`] | the reader that notices what must not be |
//! | [`reader`] | consumers with crashes of their own |
//! | [`chance`] | the numbers, one series for each purpose |

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what a watcher does not single out, it treats alike"
)]

pub mod chance;
pub mod life;
mod models;
pub mod plan;
pub mod reader;
mod report;
pub mod rough;
mod sent;
mod slot;
pub mod tasks;
mod violation;
mod waiting;
pub mod watch;
mod world;

pub use report::Report;
pub use violation::Violation;
pub use waiting::Waiting;
pub use world::World;

/// Returns the seed of a run in a series: runs are counted from 0, and the high half is the series.
///
/// ```
/// use punctual_simulation::run_seed;
///
/// assert_eq!(run_seed(1, 0), 1);
/// assert_ne!(run_seed(1, 5), run_seed(2, 5)); // two series share no run
/// ```
#[must_use]
pub const fn run_seed(series: u64, number: u64) -> u64 {
    (series.wrapping_sub(1) << 32)
        .wrapping_add(number)
        .wrapping_add(1)
}
