//! CSV with a header.

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use punctual::language::{Language, Phrase};

use super::Cells;
use super::history::Histories;
use super::map::Map;
use super::problem::{Problem, RowError};
use super::source::{Named, unreadable};
use crate::failure::{Failure, about, did_you_mean};
use crate::text::clean;

/// A row with the places of the columns that the map asks for.
struct Row<'a> {
    record: &'a StringRecord,
    places: &'a [Option<usize>],
    absent: &'a [String],
}

impl Cells for Row<'_> {
    fn cell(&self, slot: usize) -> &str {
        let place = self.places.get(slot).copied().flatten();
        let cell = place.and_then(|place| self.record.get(place)).unwrap_or("");
        let cell = cell.trim();
        if self.absent.iter().any(|absent| absent == cell) {
            return "";
        }
        cell
    }
}

/// Reads a whole table.
pub(super) fn read(named: Named, map: &Map, histories: &mut Histories) -> Result<(), Failure> {
    histories.pauses = map.pauses();
    let Named { name, reader } = named;
    let mut table = ReaderBuilder::new()
        .delimiter(map.delimiter.unwrap_or(b','))
        .from_reader(reader);
    let header = table.headers().map_err(|error| broken(&name, error))?;
    let places = places(&name, map, header)?;
    let mut record = StringRecord::new();
    let mut memory = map.memory();
    loop {
        let found = match table.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                let row = Row {
                    record: &record,
                    places: &places,
                    absent: &map.absent,
                };
                map.take(&row, &mut memory, histories)
            }
            Err(error) if error.is_io_error() => return Err(broken(&name, error)),
            Err(error) => Err(RowError::row(damage(&error))),
        };
        histories.rows += 1;
        if let Err(error) = found {
            let line = record.position().map_or(0, csv::Position::line);
            let line = line.max(1);
            let problem = problem(error, line, map, &places);
            if !histories.problems.add(problem) {
                return Ok(());
            }
        }
    }
}

/// Finds the map's columns in the header.
fn places(name: &str, map: &Map, header: &StringRecord) -> Result<Vec<Option<usize>>, Failure> {
    let place = |column: &String| header.iter().position(|found| found.trim() == column);
    let places: Vec<Option<usize>> = map.columns.iter().map(place).collect();
    let missing: Vec<&String> = map
        .columns
        .iter()
        .zip(&places)
        .filter(|(column, place)| place.is_none() && !map.optional.contains(column))
        .map(|(column, _)| column)
        .collect();
    let Some(first) = missing.first() else {
        return Ok(places);
    };
    let listed: Vec<&str> = missing.iter().map(|column| column.as_str()).collect();
    let near = |language| did_you_mean(first, header.iter(), language);
    let en = format!(
        "the header has no column `{}`{}",
        listed.join("`, `"),
        near(Language::English)
    );
    let zh = format!(
        "表头中没有列“{}”{}",
        listed.join("”、“"),
        near(Language::Chinese)
    );
    Err(Failure::unusable(about(name, &en, &zh)))
}

fn problem(error: RowError, line: u64, map: &Map, places: &[Option<usize>]) -> Problem {
    let place = error
        .slot
        .and_then(|slot| places.get(slot).copied().flatten());
    Problem {
        line,
        column: place.map(|place| place as u64 + 1),
        field: error.slot.and_then(|slot| map.columns.get(slot)).cloned(),
        says: error.says,
    }
}

fn broken(name: &str, error: csv::Error) -> Failure {
    let text = error.to_string();
    match error.into_kind() {
        ErrorKind::Io(error) => unreadable(name, &error),
        ErrorKind::Utf8 { .. } | ErrorKind::UnequalLengths { .. } | _ => Failure::unusable(about(
            name,
            &format!("the header cannot be read: {}", clean(&text)),
            &format!("无法读取表头：{}", clean(&text)),
        )),
    }
}

fn damage(error: &csv::Error) -> Phrase {
    match error.kind() {
        ErrorKind::Utf8 { err, .. } => {
            let field = err.field() + 1;
            Phrase::new(
                format!("field {field} is not UTF-8 text"),
                format!("第 {field} 个字段不是 UTF-8 文本"),
            )
        }
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Phrase::new(
            format!("the row has {len} fields and the header {expected_len}"),
            format!("该行有 {len} 个字段，而表头有 {expected_len} 个"),
        ),
        ErrorKind::Seek | _ => Phrase::same(&clean(&error.to_string())),
    }
}
