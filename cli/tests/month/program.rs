//! The program, called in a directory.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What a call said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Returns the output as JSON.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }
}

/// Calls the program.
pub(crate) fn punctual(directory: &Path, arguments: &[&str]) -> Said {
    command(directory, arguments, "80")
}

pub(crate) fn command(directory: &Path, arguments: &[&str], columns: &str) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args(arguments)
        .current_dir(directory)
        .env("COLUMNS", columns)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .output()
        .unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A month that is short enough for a test.
pub(crate) const SHORT: [&str; 5] = ["month", "--tickets", "40", "--days", "10"];
