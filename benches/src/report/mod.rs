//! What is told of a run: a table, JSON, a chart page, `BENCHMARKS.md`.

pub mod chart;
pub mod markdown;
mod reasons;
pub mod table;
mod words;

use serde::{Deserialize, Serialize};

use crate::figure::{Case, Judged};
use crate::machine::Machine;
use crate::rows::ROWS;
use crate::run::Outcome;

/// A run that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it ran on, and when.
    pub machine: Machine,
    /// About how many events the workloads had.
    pub size: usize,
    /// Whether it was a short run.
    pub quick: bool,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Which programs could not be run, and why.
    #[serde(default)]
    pub left_out: Vec<String>,
}

impl Report {
    /// Takes the rows that this run did not have from an earlier one.
    pub fn complete(&mut self, earlier: Self) {
        let has = |row: &str, outcome: &Outcome| outcome.cases.iter().any(|it| it.row == row);
        let mut missing = earlier.outcome.cases;
        missing.retain(|case| !has(&case.row, &self.outcome));
        self.outcome.cases.extend(missing);
        if self.outcome.growths.is_empty() {
            self.outcome.growths = earlier.outcome.growths;
        }
    }

    /// Returns the rows that have cases: title and cases, in the order of [`ROWS`].
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, Vec<&Case>)> {
        ROWS.iter().filter_map(|row| {
            let cases = self
                .outcome
                .cases
                .iter()
                .filter(|case| case.row == row.name);
            let cases: Vec<&Case> = cases.collect();
            (!cases.is_empty()).then_some((row.title, cases))
        })
    }

    /// Returns every target that could be judged, with its case.
    pub fn judged(&self) -> impl Iterator<Item = (&Case, Judged)> {
        let cases = self.outcome.cases.iter();
        cases.flat_map(|case| case.judged().into_iter().map(move |judged| (case, judged)))
    }
}
