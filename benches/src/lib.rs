//! The benchmark harness of Punctual: every figure of ours beside a peer and beside a limit.
//!
//! `cargo run --release -p punctual-bench` runs all rows and says how long each thing takes, next to
//! other libraries that do the same work and next to what no program on the same machine can be
//! faster than, all measured in that run. Each timed round ends with a checksum that is compared with
//! an answer worked out by other means; a wrong one ends the run.
//!
//! | module | is |
//! |---|---|
//! | [`rows`] | what is measured |
//! | [`load`] | the workloads, the same for us and for every peer |
//! | [`measure`] | rounds and CPU time |
//! | [`run`] | what is asked for; cases as they come in |
//! | [`figure`] | figures, cases, targets |
//! | [`limits`] | the limits of a disk |
//! | [`growth`] | how a figure grows with the size |
//! | [`peers`] | the programs of the peers: `benches/peers`, which are no part of the workspace |
//! | [`program`] | what those programs have in common |
//! | [`alone`] | work in a process of its own, for its peak memory |
//! | [`command`] | the `punctual` command as a program |
//! | [`machine`] | what the figures were taken on |
//! | [`report`] | the table, the JSON, the chart page, `BENCHMARKS.md` |
//! | [`check`] | the comparison with `benches/baseline.json` |
//!
//! CPU time is what is told wherever nothing waits for a disk: on a shared machine the clock on the
//! wall measures the neighbours. Ratios are made of the best rounds, for the same reason; where a disk
//! is waited for, of the middle ones.

pub mod alone;
pub mod check;
pub mod command;
pub mod figure;
pub mod growth;
pub mod limits;
pub mod load;
pub mod machine;
pub mod measure;
pub mod peers;
pub mod program;
pub mod report;
pub mod rows;
pub mod run;

/// Says on standard error what is going on.
pub fn progress(what: &str) {
    eprintln!("  {what}");
}
