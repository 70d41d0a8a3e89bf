//! JSON Lines of a foreign system: one object a row, its keys are the columns.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use punctual::language::Phrase;
use serde_json::{Map as Json, Value};

use super::Cells;
use super::history::Histories;
use super::map::Map;
use super::problem::{Problem, RowError};
use super::source::{Named, unreadable};
use crate::failure::Failure;
use crate::text::clean;

/// The most bytes of one line.
const MOST_LINE_BYTES: u64 = 16 << 20;

/// A row with a text for each column of the map.
struct Row<'a>(Vec<Cow<'a, str>>);

impl Cells for Row<'_> {
    fn cell(&self, slot: usize) -> &str {
        self.0.get(slot).map_or("", |cell| cell.as_ref())
    }
}

/// What one line is.
enum Line {
    /// Text that is not blank.
    Text,
    /// Blank, or unreadable; then it says why.
    Nothing(Option<RowError>),
    /// The file is at its end.
    End,
}

/// Reads the next line into `line`, without its end.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let read = reader
        .by_ref()
        .take(MOST_LINE_BYTES)
        .read_until(b'\n', line)?;
    if read == 0 {
        return Ok(Line::End);
    }
    if read as u64 == MOST_LINE_BYTES && line.last() != Some(&b'\n') {
        reader.skip_until(b'\n')?;
        let most = MOST_LINE_BYTES >> 20;
        return Ok(Line::Nothing(Some(RowError::row(Phrase::new(
            format!("the line has more than {most} MiB"),
            format!("该行超过 {most} MiB"),
        )))));
    }
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(Line::Nothing(None));
    }
    Ok(Line::Text)
}

/// What is wrong with a line, and at which byte of it, if that is known.
pub(super) type Misread = (Option<u64>, RowError);

/// Reads a whole file.
pub(super) fn read(named: Named, map: &Map, histories: &mut Histories) -> Result<(), Failure> {
    histories.pauses = map.pauses();
    let mut memory = map.memory();
    each_line(named, &map.columns, histories, |line, histories| {
        let object = serde_json::from_slice::<Json<String, Value>>(line)
            .map_err(|error| (Some(error.column() as u64), not_an_object(&error)))?;
        let cells = map.columns.iter().map(|name| {
            let cell = cell(&object, name);
            let is_absent = map.absent.iter().any(|absent| *absent == cell);
            if is_absent { Cow::Borrowed("") } else { cell }
        });
        let row = Row(cells.collect());
        let taken = map.take(&row, &mut memory, histories);
        taken.map_err(|error| (None, error))
    })
}

/// Hands on every line that is text, and notes those that say nothing.
pub(super) fn each_line(
    mut named: Named,
    columns: &[String],
    histories: &mut Histories,
    mut take: impl FnMut(&[u8], &mut Histories) -> Result<(), Misread>,
) -> Result<(), Failure> {
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        number += 1;
        let next = next_line(&mut named.reader, &mut line);
        let next = next.map_err(|error| unreadable(&named.name, &error))?;
        let taken = match next {
            Line::End => return Ok(()),
            Line::Nothing(None) => continue,
            Line::Nothing(Some(error)) => Err((None, error)),
            Line::Text => take(&line, histories),
        };
        histories.rows += 1;
        if let Err((column, error)) = taken {
            let problem = Problem {
                line: number,
                column,
                field: error.slot.and_then(|slot| columns.get(slot)).cloned(),
                says: error.says,
            };
            if !histories.problems.add(problem) {
                return Ok(());
            }
        }
    }
}

pub(super) fn not_an_object(error: &serde_json::Error) -> RowError {
    let text = error.to_string();
    // The line's own number is told by the caller, and is always 1 here.
    let text = text.split(" at line ").next().unwrap_or(&text);
    let text = clean(text);
    RowError::row(Phrase::new(
        format!("the line is no JSON object: {text}"),
        format!("该行不是 JSON 对象：{text}"),
    ))
}

/// Returns the text of a key; of `a.b` also that of the key `b` of the object `a`.
fn cell<'a>(object: &'a Json<String, Value>, name: &str) -> Cow<'a, str> {
    let value = object.get(name).or_else(|| {
        let mut parts = name.split('.');
        let first = object.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    });
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Borrowed(text.trim()),
        Some(other) => Cow::Owned(other.to_string()),
    }
}
