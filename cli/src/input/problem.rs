//! What makes no sense in a file of events, and where.

use punctual::language::{Language, Phrase};
use serde::Serialize;

use crate::console::Console;
use crate::failure::{Failure, about};
use crate::table::Tone;
use crate::text::clean;
use crate::words;

/// Why one row says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The field of the map that it is about; `None` for the whole row.
    pub slot: Option<usize>,
    /// What is wrong.
    pub says: Phrase,
}

impl RowError {
    /// Returns what is wrong with a field.
    #[must_use]
    pub const fn at(slot: usize, says: Phrase) -> Self {
        Self {
            slot: Some(slot),
            says,
        }
    }

    /// Returns what is wrong with the whole row.
    #[must_use]
    pub const fn row(says: Phrase) -> Self {
        Self { slot: None, says }
    }
}

/// A row that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// Of CSV the number of the field, of JSON the byte in the line; counted from 1. `None` for the
    /// whole line.
    pub column: Option<u64>,
    /// The name of the field.
    pub field: Option<String>,
    /// What is wrong.
    pub says: Phrase,
}

/// The rows that were passed over.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    file: String,
    most: usize,
    kept: Vec<Problem>,
    count: usize,
}

/// How many are kept, and how many of them are told.
const MOST_KEPT: usize = 1_000;
const MOST_TOLD: usize = 20;

impl Problems {
    /// Returns an empty list for a file of which `most` rows may be passed over.
    #[must_use]
    pub fn new(file: &str, most: usize) -> Self {
        Self {
            file: file.to_owned(),
            most,
            ..Self::default()
        }
    }

    /// Adds a row that was passed over. Returns whether reading may go on.
    pub fn add(&mut self, problem: Problem) -> bool {
        self.count += 1;
        if self.kept.len() < MOST_KEPT {
            self.kept.push(problem);
        }
        !self.are_too_many()
    }

    /// Returns how many rows were passed over.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Returns the first of them.
    #[must_use]
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    /// Returns the name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns whether there are more than may be.
    #[must_use]
    pub const fn are_too_many(&self) -> bool {
        self.count > self.most
    }

    /// Tells the first of them, a line each.
    pub fn tell(&self, console: &mut Console<'_>) {
        if console.setting.json {
            return;
        }
        let language = console.setting.language;
        for problem in self.kept.iter().take(MOST_TOLD) {
            let text = self.line(problem, language);
            let colored = Tone::Warn.paint(&text, console.setting.color_err);
            console.note(&colored);
        }
        let untold = self.count.saturating_sub(MOST_TOLD);
        if untold > 0 {
            let text = words::and_more(untold, language);
            console.note(&text);
        }
    }

    fn line(&self, problem: &Problem, language: Language) -> String {
        let place = words::place(&clean(&self.file), problem.line, language);
        let column = match (problem.column, &problem.field) {
            (Some(column), Some(field)) => words::column_named(column, &clean(field), language),
            (Some(column), None) => words::column(column, language),
            (None, Some(field)) => words::field(&clean(field), language),
            (None, None) => String::new(),
        };
        let colon = words::colon(language);
        format!(
            "{place}{column}{colon}{}",
            clean(problem.says.text(language))
        )
    }

    /// Returns that there are too many.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let most = self.most;
        Failure::unusable(about(
            &self.file,
            &format!(
                "more than {most} rows make no sense; look at the map, or allow more by --max-errors"
            ),
            &format!("超过 {most} 行无法理解；请检查映射，或用 --max-errors 放宽"),
        ))
    }
}
