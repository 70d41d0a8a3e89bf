//! Read models: against the readings themselves, and against the law of chunking.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "projection/chunks.rs"]
mod chunks;
#[path = "projection/figures.rs"]
mod figures;
#[path = "projection/history.rs"]
mod history;
#[path = "projection/oracle.rs"]
mod oracle;
#[path = "projection/support.rs"]
mod support;
