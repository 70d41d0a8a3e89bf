//! Tables as CSV that a spreadsheet can open without harm.
//!
//! Quoting is RFC 4180, by the `csv` crate. A cell of text that a spreadsheet would take for a
//! formula gets an apostrophe in front, and what would steer a terminal is replaced. Numbers are
//! written as numbers: digits and a minus sign are no formula.

use std::io::{self, Write};

use punctual::language::Language;

use super::model::{Cell, Table, Value};
use super::words;
use crate::text::{clean, is_plain};

/// What a spreadsheet takes for the beginning of a formula; the wide forms are taken for the narrow
/// ones where Chinese or Japanese is written.
const BEGINS_FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Returns a text that no spreadsheet runs and no terminal obeys.
///
/// ```
/// use punctual_cli::report::csv::defused;
///
/// assert_eq!(defused("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
/// assert_eq!(defused("T-1"), "T-1");
/// ```
#[must_use]
pub fn defused(text: &str) -> String {
    // A spreadsheet passes over what it does not show before it looks for a formula.
    let is_passed_over = |c: char| !matches!(c, '\t' | '\r') && (c.is_whitespace() || !is_plain(c));
    let first = text.trim_start_matches(is_passed_over);
    let text = clean(text);
    if first.starts_with(BEGINS_FORMULA) {
        format!("'{text}")
    } else {
        text.into_owned()
    }
}

/// One cell of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'t> {
    /// Text from anywhere: it is defused.
    Text(&'t str),
    /// A number.
    Number(i128),
    /// Nothing.
    Empty,
}

/// A CSV file that is being written. Its cells are [`Field`]s, so no text gets past.
///
/// ```
/// use punctual_cli::report::csv::{Csv, Field};
///
/// let mut csv = Csv::new(Vec::new());
/// csv.row([Field::Text("@agent"), Field::Number(-5)])?;
/// assert_eq!(csv.finish()?, b"'@agent,-5\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> std::fmt::Debug for Csv<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Csv").finish_non_exhaustive()
    }
}

impl<W: Write> Csv<W> {
    /// Returns a file that begins with its first row. Rows may be of different lengths; lines end
    /// with CR LF.
    pub fn new(out: W) -> Self {
        let mut builder = csv::WriterBuilder::new();
        builder.flexible(true).terminator(csv::Terminator::CRLF);
        Self(builder.from_writer(out))
    }

    /// Returns a file that begins with a byte order mark: spreadsheets on Windows otherwise take
    /// Chinese for something else.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn marked(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        Ok(Self::new(out))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// What the output answers.
    pub fn row<'t>(&mut self, fields: impl IntoIterator<Item = Field<'t>>) -> io::Result<()> {
        for field in fields {
            match field {
                Field::Text(text) => self.0.write_field(defused(text))?,
                Field::Number(number) => self.0.write_field(number.to_string())?,
                Field::Empty => self.0.write_field("")?,
            }
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    /// Writes what is left and returns the output.
    ///
    /// # Errors
    /// What the output answers.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Writes a table of a page: each figure in as many columns as it has numbers, nothing rounded.
///
/// A share has numerator and denominator, a mean its sum and its cases, a length its seconds and its
/// cases, a number of things itself. A column has as many places as its widest cell.
///
/// # Errors
/// What the output answers.
pub fn write_table<W: Write>(
    csv: &mut Csv<W>,
    table: &Table,
    language: Language,
) -> io::Result<()> {
    let places: Vec<usize> = (0..table.columns.len())
        .map(|place| {
            let cells = table.rows.iter().filter_map(|row| row.cells.get(place));
            cells.map(|cell| fields(cell).1).max().unwrap_or(1)
        })
        .collect();
    let second = words::CASES_COLUMN.text(language);
    let titles: Vec<String> = table
        .columns
        .iter()
        .zip(&places)
        .flat_map(|(column, places)| {
            let cases = (*places > 1).then(|| format!("{} ({second})", column.title));
            std::iter::once(column.title.clone()).chain(cases)
        })
        .collect();
    csv.row(titles.iter().map(|title| Field::Text(title)))?;
    for row in &table.rows {
        let cells = places.iter().enumerate().flat_map(|(place, places)| {
            let cell = row.cells.get(place).unwrap_or(&Cell::Empty);
            fields(cell).0.into_iter().take(*places)
        });
        csv.row(cells)?;
    }
    Ok(())
}

/// Returns the fields of a cell, and how many of them it needs.
fn fields(cell: &Cell) -> ([Field<'_>; 2], usize) {
    let number = |number: u64| Field::Number(i128::from(number));
    match cell {
        Cell::Empty => ([Field::Empty, Field::Empty], 1),
        Cell::Text(text) => ([Field::Text(text), Field::Empty], 1),
        Cell::Value(Value::Count(count)) => ([number(*count), Field::Empty], 1),
        Cell::Value(Value::Rate(ratio)) => ([number(ratio.part), number(ratio.whole)], 2),
        Cell::Value(Value::Mean { total, count, .. }) => ([number(*total), number(*count)], 2),
        Cell::Value(Value::Length { seconds, count }) => {
            ([Field::Number(i128::from(*seconds)), number(*count)], 2)
        }
    }
}
