//! What can go wrong with an export and an import.

use std::io;

use super::super::{AppendError, EncodeError, EventError, ReadError, TooLarge};
use super::MOST_LINE_BYTES;
use crate::event::{Offset, PartitionId};

/// Why an export did not get through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The log could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A name in an envelope is none, so that no import could write it again.
    #[error(transparent)]
    Envelope(#[from] EventError),
    /// The command of a commit has an id that is none.
    #[error("partition {partition}, offset {offset}: the command's id is not a name")]
    Command {
        /// The partition.
        partition: PartitionId,
        /// The commit.
        offset: Offset,
    },
    /// The lines could not be written.
    #[error("the lines cannot be written")]
    Write(#[from] io::Error),
}

/// Why an import did not get through, and where. The commits before it are sound.
///
/// ```
/// use punctual::store::{ImportProblem, JsonLinesReader, TicketCodec};
///
/// let codec = TicketCodec::new();
/// // The file was cut off within a commit of two events.
/// let file = r#"{"stream":"acme/ticket/T-1","version":1,
///  "position":{"partition":0,"offset":1,"index":0,"of":2},"kind":70,"schema":1,
///  "occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z",
///  "event":{"type":"closed","text":null}}"#.replace('\n', "");
/// let error = JsonLinesReader::new(&codec, file.as_bytes()).find_map(Result::err).ok_or("sound")?;
/// assert!(matches!(error.problem, ImportProblem::Torn { found: 1, of: 2 }));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}")]
pub struct ImportError {
    /// The line, counted from 1.
    pub line: u64,
    /// The byte in the line at which the trouble is or ends, counted from 1; 0 for the whole line.
    pub column: usize,
    /// What is wrong there.
    #[source]
    pub problem: ImportProblem,
}

/// What is wrong with a line. Says nothing that a customer wrote.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportProblem {
    /// The lines cannot be read.
    #[error("the line cannot be read")]
    Read(#[source] io::Error),
    /// A line does not end.
    #[error("the line has more than {MOST_LINE_BYTES} bytes")]
    TooLong,
    /// The line is not text.
    #[error("the line is not UTF-8")]
    NotText,
    /// The line is not of the form; what should stand there is in the reason.
    #[error("{reason}")]
    Form {
        /// What is wrong.
        reason: String,
    },
    /// The line is of another commit, or of another place, than the one that has to come next.
    #[error("`{field}` does not follow on the line before: {expected} is expected")]
    OutOfTurn {
        /// The field.
        field: &'static str,
        /// What should stand there.
        expected: String,
    },
    /// The lines end within a commit. The file was cut off.
    #[error("the commit has {of} events, and the lines end after {found}")]
    Torn {
        /// How many came.
        found: u32,
        /// How many the commit has.
        of: u32,
    },
    /// Words and bytes of one line say different things.
    #[error("`{field}` says something else than `{bytes}`")]
    Disagree {
        /// The words.
        field: &'static str,
        /// The bytes.
        bytes: &'static str,
    },
    /// The event has a field that it would lose.
    #[error("the event has no field `{field}`")]
    UnknownField {
        /// The field.
        field: String,
    },
    /// The schema is of a later release. Upgrade this one.
    #[error("kind {kind} has schemas up to {newest} in this release, and this is {found}; upgrade")]
    UnknownSchema {
        /// The kind.
        kind: u16,
        /// The schema of the line.
        found: u16,
        /// The newest schema of this release.
        newest: u16,
    },
    /// The event is larger than a store can hold.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The event cannot be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Why a restore did not get through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// A line is not sound. What came before it is in the store.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The store refused a commit. What came before it is in the store.
    #[error("partition {partition}, offset {offset} of the export was refused")]
    Append {
        /// The partition in the export.
        partition: PartitionId,
        /// The commit in the export.
        offset: Offset,
        /// What the store said.
        #[source]
        source: AppendError,
    },
}
