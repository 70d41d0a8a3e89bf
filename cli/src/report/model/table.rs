//! Tables of figures.

use super::Value;

/// A table: columns, rows, and from how many cases on a figure is to be trusted.
///
/// ```
/// use punctual_cli::report::{Cell, Column, Rate, Table, Value};
///
/// let mut table = Table::new("By channel");
/// table.columns = vec![Column::words("Channel"), Column::figures("On time").with_bar()];
/// table.push([Cell::text("Phone"), Cell::Value(Value::Rate(Rate::new(71, 73)))]);
/// assert_eq!(table.rows.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the table is called; may be empty where there is only one under a title.
    pub title: String,
    /// The columns. The first one names the rows.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// A rate, mean or length of fewer cases is shown pale and marked. Zero: none is.
    pub few_below: u64,
    /// How many further rows are not shown.
    pub omitted: u64,
}

impl Table {
    /// Returns an empty table.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Adds a row. Missing cells stay empty, further ones are not shown.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells = cells.into_iter().collect();
        self.rows.push(Row { cells });
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Whether it holds figures, which stand at the right.
    pub is_figures: bool,
    /// Whether each figure has a bar: shares up to 100 %, others up to the column's greatest.
    pub has_bar: bool,
}

impl Column {
    /// Returns a column of names and sentences.
    #[must_use]
    pub fn words(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            is_figures: false,
            has_bar: false,
        }
    }

    /// Returns a column of figures.
    #[must_use]
    pub fn figures(title: impl Into<String>) -> Self {
        Self {
            is_figures: true,
            ..Self::words(title)
        }
    }

    /// Gives each figure a bar.
    #[must_use]
    pub const fn with_bar(mut self) -> Self {
        self.has_bar = true;
        self
    }
}

/// A row: a cell for each column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A name or a sentence.
    Text(String),
    /// A figure.
    Value(Value),
}

impl Cell {
    /// Returns a name or a sentence.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns a number of things.
    #[must_use]
    pub const fn count(count: u64) -> Self {
        Self::Value(Value::Count(count))
    }
}
