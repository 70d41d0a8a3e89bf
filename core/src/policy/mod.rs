//! What was promised: the policy document, its mistakes, and the compiled policy that clocks read.
//!
//! ```text
//! source --parse--> Document --compile--> Policy --lint--> findings
//!                      |                    |
//!                    Report               Report
//! ```
//!
//! A [`Document`] is TOML or JSON that could be read; compiling it looks up every name and gives an
//! immutable [`Policy`], or a [`Report`] of every mistake with line, column and what may be meant.
//! A [`PolicyBook`] keeps the published versions and says which one applies to a ticket.
//! [`AFTER_SALES`] is a whole policy to start from.

mod access;
mod book;
mod compile;
mod document;
mod index;
mod lint;
mod lookup;
mod model;
mod permit;
mod publication;
mod report;

pub use book::PolicyBook;
pub use document::{Document, Notation};
pub use lint::{Finding, Lint, Path, Severity};
pub use model::{
    Agreement, AgreementKind, Budget, CalendarIndex, Condition, Cycle, DayEnd, Delivery, FieldTerm,
    FieldWords, Gate, Goal, Label, Length, NamedCalendar, Owner, Policy, Reason, Reclassify,
    Reopen, ReopenMode, Repeat, RoleWords, Rung, RungAt, Subject, Target, Term, Trigger, Triggers,
    Vocabulary, Warranty,
};
pub use publication::Publication;
pub use report::{Code, Diagnostic, Report};

/// The house preset in TOML: after-sales service from intake to survey, with office hours in
/// mainland China. Labels are in English and Chinese.
pub const AFTER_SALES: &str = include_str!("../../policies/after-sales.toml");
