//! The rows: what is measured, one file each.

pub mod agenda;
pub mod append;
pub mod backtest;
pub mod calendar;
pub mod clocks;
pub mod codec;
pub mod compile;
pub mod durable;
pub mod engine;
pub mod fold;
pub mod growth;
pub mod policy;
pub mod projection;
pub mod reload;
pub mod report;
pub mod scan;

use crate::run::{Failure, Run};

/// A group of cases that share a workload.
#[derive(Clone, Copy)]
pub struct Row {
    /// Its name, for `--only`.
    pub name: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Whether its figures count only CPU time of one thread: such rows can be counted in
    /// instructions.
    pub pure: bool,
    run: fn(&mut Run) -> Result<(), Failure>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Row").field(&self.name).finish()
    }
}

impl Row {
    /// Runs the cases of the row.
    ///
    /// # Errors
    /// The first that comes up; wrong answers panic.
    pub fn run(&self, run: &mut Run) -> Result<(), Failure> {
        run.row(self.name);
        (self.run)(run)
    }

    /// Returns the row of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.name == name)
    }
}

const fn pure(
    name: &'static str,
    title: &'static str,
    run: fn(&mut Run) -> Result<(), Failure>,
) -> Row {
    let pure = true;
    Row {
        name,
        title,
        pure,
        run,
    }
}

const fn waiting(
    name: &'static str,
    title: &'static str,
    run: fn(&mut Run) -> Result<(), Failure>,
) -> Row {
    let pure = false;
    Row {
        name,
        title,
        pure,
        run,
    }
}

/// Every row, in the order in which they are told.
pub const ROWS: &[Row] = &[
    pure(
        "calendar",
        "Adding and measuring working time on an office calendar with holidays",
        calendar::run,
    ),
    pure("compile", "Making a calendar", compile::run),
    pure("fold", "Folding typed events into tickets", fold::run),
    pure("codec", "Writing and reading events as bytes", codec::run),
    pure("append", "Appending to a store in memory", append::run),
    pure(
        "reload",
        "Loading a ticket from a store in memory",
        reload::run,
    ),
    pure("clocks", "Reading the clocks of a ticket", clocks::run),
    pure(
        "policy",
        "Reading, compiling and asking a policy",
        policy::run,
    ),
    pure("agenda", "Knowing which ticket is due", agenda::run),
    pure(
        "engine",
        "A command from end to end, in memory",
        engine::run,
    ),
    pure(
        "projection",
        "Making a read model anew from the whole log",
        projection::run,
    ),
    pure(
        "backtest",
        "A long history under two policies",
        backtest::run,
    ),
    waiting("report", "The page for managers", report::run),
    waiting("durable", "Appending to a store on a disk", durable::run),
    waiting("scan", "Reading a store on a disk", scan::run),
    waiting(
        "growth",
        "What becomes of a figure as the log grows",
        growth::run,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own() {
        for row in ROWS {
            assert_eq!(
                Row::named(row.name).map(|found| found.title),
                Some(row.title)
            );
        }
        assert!(Row::named("nothing").is_none());
    }
}
