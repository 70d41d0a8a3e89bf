//! Work in a process of its own: this program starts itself, so that the peak of memory is that of the
//! work and of nothing that was measured before.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::machine;
use crate::rows::{backtest, report};
use crate::run::Failure;

/// What can be done in a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// A backtest, chunk by chunk.
    Backtest,
    /// The same by two workers.
    BacktestByTwo,
    /// The chunks made, and nothing done with them.
    Chunks,
    /// A file of events made.
    Lines,
    /// Every line of that file read, nothing kept.
    Parsed,
    /// Every ticket of that file kept, nothing else.
    Kept,
    /// The page made of that file by the command.
    Page,
    /// The scorecard of that file printed by the command.
    Scorecard,
}

impl Work {
    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// What a process found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What was measured, by name: one number for each part of the work.
    pub figures: BTreeMap<String, Vec<f64>>,
    /// What it came to: compared by whoever asked.
    pub answers: Vec<u64>,
    /// The most memory that the process ever had, or the command that it ran, in bytes.
    pub peak: u64,
}

impl Told {
    /// Returns the figures of one name; none where it was not measured.
    #[must_use]
    pub fn of(&self, name: &str) -> Vec<f64> {
        self.figures.get(name).cloned().unwrap_or_default()
    }

    /// Returns the sum of the figures of one name.
    #[must_use]
    pub fn sum(&self, name: &str) -> f64 {
        self.of(name).iter().sum()
    }

    /// Adds a figure.
    pub fn add(&mut self, name: &str, figure: f64) {
        self.figures
            .entry(name.to_owned())
            .or_default()
            .push(figure);
    }
}

/// Does some work on so many tickets in this process. Files are made and found in `place`.
///
/// # Errors
/// When it fails, or an answer is wrong.
pub fn here(work: Work, tickets: u64, place: &Path) -> Result<Told, Failure> {
    let mut told = match work {
        Work::Backtest => backtest::by_one(tickets),
        Work::BacktestByTwo => backtest::by_two(tickets),
        Work::Chunks => backtest::chunks(tickets),
        Work::Lines => report::lines(tickets, place),
        Work::Parsed => report::parsed(place),
        Work::Kept => report::kept(place),
        Work::Page => return report::page(place),
        Work::Scorecard => return report::scorecard(place),
    }?;
    told.peak = machine::peak()?;
    Ok(told)
}

/// Does some work on so many tickets in a process of its own.
///
/// # Errors
/// When it fails there.
pub fn elsewhere(work: Work, tickets: u64, place: &Path) -> Result<Told, Failure> {
    crate::progress(&format!("{}: {tickets} tickets", work.name()));
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["alone", &work.name(), &tickets.to_string()]);
    let output = command.arg(place).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{} failed: {}", work.name(), output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
