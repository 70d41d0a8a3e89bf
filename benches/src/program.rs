//! What the programs of the peers have in common: their arguments and their answer.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::measure::Rounds;
use crate::run::{Failure, Part, Run, Settings};

/// Measures peers in one row, and writes their figures as JSON.
#[derive(Debug, Parser)]
struct Arguments {
    /// The row.
    #[arg(long)]
    only: String,
    /// About how many events a workload has.
    #[arg(long, default_value_t = Settings::SIZE)]
    size: usize,
    /// A short run.
    #[arg(long)]
    quick: bool,
    /// Also the sizes that take long.
    #[arg(long)]
    whole: bool,
    /// Where stores on a disk are made.
    #[arg(long)]
    directory: Option<PathBuf>,
    /// Where the figures are written: a file, since peers print what they like.
    #[arg(long)]
    out: PathBuf,
}

/// The peers of a row: its name, and what measures them.
pub type Peers = (&'static str, fn(&mut Run) -> Result<(), Failure>);

/// Runs the peers of the row that the arguments ask for.
#[must_use]
pub fn run(peers: &[Peers]) -> ExitCode {
    match answer(&Arguments::parse(), peers) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn answer(arguments: &Arguments, peers: &[Peers]) -> Result<(), Failure> {
    let directory = arguments.directory.clone();
    let mut run = Run::new(Settings {
        part: Part::Peers,
        rounds: Rounds::of(arguments.quick),
        size: arguments.size,
        quick: arguments.quick,
        whole: arguments.whole,
        directory: directory.unwrap_or_else(std::env::temp_dir),
    });
    run.row(&arguments.only);
    for (row, measure) in peers {
        if *row == arguments.only {
            measure(&mut run)?;
        }
    }
    Ok(std::fs::write(
        &arguments.out,
        serde_json::to_string(&run.into_outcome())?,
    )?)
}
