//! Where the data lie, and how a file of them is read.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use punctual::policy::Policy;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Returns where the data should be.
pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")
}

/// Returns the folder of the data, or `None`, with a note, where it is absent.
///
/// # Panics
/// In CI, where a check that did not run must not look like one that passed.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = path();
    if folder.join("expected").is_dir() {
        return Some(folder);
    }
    let missing = "the real logs are not in ../shared/data beside the workspace";
    assert!(
        std::env::var_os("CI").is_none(),
        "{missing}: nothing was compared"
    );
    eprintln!("note: {missing}; nothing was compared");
    None
}

/// Reads a whole compressed table, a row each.
pub(crate) fn table<T: DeserializeOwned>(folder: &Path, file: &str) -> Vec<T> {
    let file = folder.join(file);
    let opened = File::open(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut reader = csv::Reader::from_reader(GzDecoder::new(BufReader::new(opened)));
    reader
        .deserialize()
        .map(|row| row.unwrap_or_else(|error| panic!("{}: {error}", file.display())))
        .collect()
}

/// Compiles a policy of this folder.
pub(crate) fn policy(source: &str) -> Policy {
    Policy::from_toml(source).unwrap_or_else(|report| panic!("{report}"))
}

/// What differs between the expected rows and ours, in words.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    rows: usize,
    by_column: BTreeMap<String, usize>,
    examples: String,
}

impl Differences {
    const MOST_EXAMPLES: usize = 10;

    /// Compares two rows column by column.
    pub(crate) fn compare<T: Serialize + PartialEq>(
        &mut self,
        ticket: &str,
        expected: &T,
        ours: &T,
    ) {
        if expected == ours {
            return;
        }
        self.rows += 1;
        let columns = |row: &T| match serde_json::to_value(row) {
            Ok(serde_json::Value::Object(columns)) => columns,
            other => panic!("a row is a table of columns, not {other:?}"),
        };
        let (expected, ours) = (columns(expected), columns(ours));
        let mut line = format!("{ticket}:");
        for (column, expected) in &expected {
            let ours = &ours[column];
            if expected != ours {
                *self.by_column.entry(column.clone()).or_default() += 1;
                write!(line, " {column} is {ours}, expected {expected};").unwrap();
            }
        }
        if self.rows <= Self::MOST_EXAMPLES {
            writeln!(self.examples, "{line}").unwrap();
        }
    }

    /// Fails unless no row differed.
    pub(crate) fn none(&self, of: impl Display) {
        assert!(
            self.rows == 0,
            "{of}: {} tickets differ, by column {:?}; the first of them:\n{}",
            self.rows,
            self.by_column,
            self.examples
        );
    }
}
