//! Plays run after run from a seed, until tickets have been open for so many years.
//!
//! ```text
//! simulate --seed 1 --ticket-years 10000
//! simulate --run 42 --tickets 60          # one run again, such as one that failed
//! ```

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use punctual_simulation::{Report, Violation, World, run_seed};

/// Plays services under bad conditions, and holds them to what they promise.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which series of runs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long tickets are to have been open, all together.
    #[arg(long, default_value_t = 1_000)]
    ticket_years: u64,
    /// One run alone, by its own seed.
    #[arg(long)]
    run: Option<u64>,
    /// How many tickets a run has.
    #[arg(long, default_value_t = 60)]
    tickets: u32,
    /// Which store.
    #[arg(long, value_enum, default_value_t = Backend::Memory)]
    backend: Backend,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Backend {
    Memory,
    Sled,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let wanted = if arguments.run.is_some() {
        0
    } else {
        arguments.ticket_years
    };
    let bar = ProgressBar::new(wanted.max(1));
    let style = "{bar:40} {pos} of {len} ticket-years, {elapsed}, {msg}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    let mut all = Report::default();
    for number in 0.. {
        let seed = arguments
            .run
            .unwrap_or_else(|| run_seed(arguments.seed, number));
        match play(&arguments, seed) {
            Ok(report) => all.add(&report),
            Err(violation) => {
                bar.abandon();
                say(&format!("run {seed}: {violation}"));
                let tickets = arguments.tickets;
                say(&format!("again: simulate --run {seed} --tickets {tickets}"));
                return ExitCode::FAILURE;
            }
        }
        bar.set_position(all.ticket_years());
        bar.set_message(format!("{} runs", number + 1));
        if all.ticket_years() >= wanted {
            break;
        }
    }
    bar.finish_and_clear();
    say(&all.to_string());
    ExitCode::SUCCESS
}

fn play(arguments: &Arguments, seed: u64) -> Result<Report, Violation> {
    let tickets = arguments.tickets;
    match arguments.backend {
        Backend::Memory => World::new(seed, tickets)?.play(),
        Backend::Sled => on_sled(seed, tickets),
    }
}

/// One partition, in a directory that is gone afterwards.
fn on_sled(seed: u64, tickets: u32) -> Result<Report, Violation> {
    let unable = |error: &dyn std::error::Error| Violation::Log(error.to_string());
    let directory = tempfile::tempdir().map_err(|error| unable(&error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build();
    let runtime = runtime.map_err(|error| unable(&error))?;
    let _entered = runtime.enter();
    let store = punctual_sled::Options::new().open(directory.path().join("log"));
    let store = store.map_err(|error| unable(&error))?;
    World::on(Arc::new(punctual_simulation::Waiting(store)), seed, tickets)?.play()
}

#[expect(clippy::print_stdout, reason = "what the command is for")]
fn say(text: &str) {
    println!("{text}");
}
