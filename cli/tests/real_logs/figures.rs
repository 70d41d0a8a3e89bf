//! Where the figures lie, how the command is run, and how two tables are compared.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use serde_json::Value;

/// A row by the names of its columns.
pub(crate) type Row = BTreeMap<String, String>;

/// One line of the verdicts.
pub(crate) type Line = serde_json::Map<String, Value>;

/// Returns whether the data lie beside the workspace; where they do not, says so.
///
/// # Panics
/// In CI, where a check that did not run must not look like one that passed.
pub(crate) fn are_there() -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/expected");
    if folder.is_dir() {
        return true;
    }
    let missing = "the real logs are not in ../shared/data beside the workspace";
    assert!(
        std::env::var_os("CI").is_none(),
        "{missing}: nothing was compared"
    );
    eprintln!("note: {missing}; nothing was compared");
    false
}

/// Returns a file of the data.
///
/// # Panics
/// When it is not there.
pub(crate) fn data(file: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
        .join(file);
    assert!(
        path.is_file(),
        "{} is not there: put the real logs into ../shared/data beside the workspace",
        path.display()
    );
    path
}

/// Reads a whole compressed table.
pub(crate) fn table(file: &str) -> Vec<Row> {
    let file = data(file);
    let opened = File::open(&file).unwrap();
    let mut reader = csv::Reader::from_reader(GzDecoder::new(opened));
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(record.iter());
        cells
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect()
    };
    reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect()
}

/// Runs `punctual replay` and returns what it said and the verdicts, ticket by ticket.
pub(crate) fn replay(
    policy: &str,
    map: &str,
    events: &str,
    as_of: &str,
) -> (Value, HashMap<String, Vec<Line>>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("verdicts.jsonl");
    let run = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args(["replay", "--json", "--policy", policy, "--map", map])
        .args(["--as-of", as_of, "--events"])
        .arg(data(events))
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let summary = summary_of(&run);
    let mut verdicts: HashMap<String, Vec<Line>> = HashMap::new();
    for line in fs::read_to_string(&out).unwrap().lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        let ticket = text(&line, "ticket");
        verdicts.entry(ticket).or_default().push(line);
    }
    (summary, verdicts)
}

/// Returns what a call said that went well.
pub(crate) fn summary_of(run: &Output) -> Value {
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    serde_json::from_slice(&run.stdout).unwrap()
}

/// Returns a text or an instant of a line; empty for `null`.
pub(crate) fn text(line: &Line, field: &str) -> String {
    let value = &line[field];
    let text = value.as_str().map(str::to_owned);
    assert!(text.is_some() || value.is_null(), "{field} is {value}");
    text.unwrap_or_default()
}

/// Returns a length of a line in seconds; the logs and all figures are kept to the second.
pub(crate) fn seconds(line: &Line, field: &str) -> i64 {
    let micros = line[field].as_i64().unwrap();
    assert_eq!(micros % 1_000_000, 0, "{field} of {line:?}");
    micros / 1_000_000
}

/// Returns whether the promise of a line is or was over.
pub(crate) fn is_over(line: &Line) -> bool {
    matches!(text(line, "outcome").as_str(), "breached" | "breaching")
}

/// What differs between the expected rows and ours, in words.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    rows: usize,
    by_column: BTreeMap<String, usize>,
    examples: String,
}

impl Differences {
    /// Compares two rows column by column; both must have the same columns.
    pub(crate) fn compare(&mut self, expected: &Row, ours: &Row) {
        if expected == ours {
            return;
        }
        let columns = |row: &Row| row.keys().cloned().collect::<Vec<_>>();
        assert_eq!(columns(expected), columns(ours), "columns");
        self.rows += 1;
        let mut line = format!("{}:", expected["ticket"]);
        for (column, expected) in expected.iter().filter(|(column, it)| ours[*column] != **it) {
            *self.by_column.entry(column.clone()).or_default() += 1;
            let ours = &ours[column];
            write!(line, " {column} is {ours}, expected {expected};").unwrap();
        }
        if self.rows <= 10 {
            writeln!(self.examples, "{line}").unwrap();
        }
    }

    /// Fails unless no row differed.
    pub(crate) fn none(&self, of: &str) {
        assert!(
            self.rows == 0,
            "{of}: {} tickets differ, by column {:?}; the first of them:\n{}",
            self.rows,
            self.by_column,
            self.examples
        );
    }
}
