//! The rows of the benchmarks that other crates can do, each with the crate's own means.
//!
//! Every figure is of the same workload as ours and ends with the same checksum, worked out by the
//! same oracle. What a crate leaves out (no encoding, no version check) is said beside its figure.

mod business;
mod commits;
mod cqrs;
mod eventually;
mod folds;
mod happenstance;
mod kept;
mod tephra;
mod umadb;

use std::process::ExitCode;

fn main() -> ExitCode {
    punctual_bench::program::run(&[
        ("calendar", business::calendar_row),
        ("fold", folds::fold_row),
        ("append", eventually::append_row),
        ("append", cqrs::append_row),
        ("append", happenstance::append_row),
        ("reload", eventually::reload_row),
        ("reload", cqrs::reload_row),
        ("projection", eventually::projection_row),
        ("projection", tephra::projection_row),
        ("engine", eventually::engine_row),
        ("engine", cqrs::engine_row),
        ("durable", tephra::durable_row),
        ("durable", umadb::durable_row),
        ("scan", tephra::scan_row),
        ("scan", umadb::scan_row),
    ])
}
