//! The log as JSON Lines: one object an event, without loss both ways.
//!
//! A line has `stream`, `version`, `position` (partition, offset, index and the number `of` events of
//! the commit), `kind` and `schema` by number, `occurred_at`, `recorded_at`; where given `actor`,
//! `subject`, `correlation`, `causation`, `command` (id and digest); and `event`, the event in words.
//!
//! ```json
//! {"stream":"acme/ticket/T-1","version":1,"position":{"partition":0,"offset":1,"index":0,"of":1},
//!  "kind":64,"schema":1,"occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z",
//!  "actor":{"id":"u-17","roles":["specialist"]},
//!  "event":{"type":"resolved","method":"remote","text":{"plain":"a new cable"}}}
//! ```
//!
//! (In a file it is one line.) **Nothing is lost:** an export writes the words only where they lead
//! back to the very bytes of the log. Elsewhere it adds them in base64: `payload` for a kind or a
//! schema of a later release, an old schema, or bytes that another writer encoded otherwise;
//! `metadata` likewise. An import takes the bytes where they are given, and holds the words to them.
//! So a log that is exported and imported is the same log, commit for commit and byte for byte, and
//! the checksums that an import makes are those that the log had.
//!
//! The words are a contract like the names in them: fields are added, never renamed. A line without
//! `payload` that was written for an older schema reads as the event of today.
//!
//! An export holds customers' words in clear, as far as the log that it was made from does.

mod base64;
mod error;
mod export;
mod face;
mod import;
mod line;
mod restore;

pub use error::{ExportError, ImportError, ImportProblem, RestoreError};
pub use export::{Exported, JsonLinesWriter, export_partition, export_stream};
pub use import::{ImportedCommit, JsonLinesReader, MOST_LINE_BYTES};
pub use restore::{Restored, restore};
