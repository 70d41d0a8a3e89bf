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
//!
//! # The smallest document
//!
//! A name, a zone, and one target: what starts its clock, what stops it, and how long it may take.
//! Time runs day and night until a calendar is named.
//!
//! ```
//! use punctual::policy::{Budget, Policy};
//! use punctual::time::WallTime;
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "hotline"
//!     timezone = "Asia/Shanghai"
//!
//!     [target.first-response]
//!     start = "received"
//!     stop  = "replied"
//!     goals = [{ within = "30m" }]
//! "#)?;
//! let service = &policy.agreements()[0]; // what a document promises outside `[agreement.*]`
//! let target = &service.targets[0];
//! assert_eq!((service.id.as_str(), target.id.as_str()), ("service", "first-response"));
//! assert_eq!(target.goals[0].within, Budget::Elapsed(WallTime::from_minutes(30)));
//! # Ok::<(), punctual::policy::Report>(())
//! ```
//!
//! # Conditions
//!
//! The first goal whose condition holds applies, so the last one usually has none. A condition
//! names values of declared words: all of its keys must hold, and of a list any value will do. A
//! word that nobody declared is a mistake, not a condition that never holds.
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::ticket::Status;
//!
//! let document = r#"
//!     policy   = "help-desk"
//!     timezone = "Asia/Shanghai"
//!
//!     [class]
//!     values = ["fault", "complaint", "enquiry"]
//!     [level]
//!     values  = ["general", "urgent"]
//!     order   = ["general", "urgent"]
//!     default = "general"
//!
//!     [target.first-response]
//!     start = "received"
//!     stop  = "replied"
//!     goals = [
//!       { when = { class = ["fault", "complaint"], level = "urgent" }, within = "15m" },
//!       { when = { class = { not = "enquiry" } }, within = "1h" },
//!       { within = "4h" },
//!     ]
//! "#;
//! let policy = Policy::from_toml(document)?;
//! let target = &policy.agreements()[0].targets[0];
//!
//! let mut status = Status::default();
//! status.class = Some("fault".parse()?);
//! let place_of = |status: &Status| target.goal_for(status).map(|(place, _)| place);
//! assert_eq!(place_of(&status), Some(1)); // nobody judged the level, so the default counts
//! status.level = Some("urgent".parse()?);
//! assert_eq!(place_of(&status), Some(0));
//!
//! let misspelt = document.replace("not = \"enquiry\"", "not = \"enquriy\"");
//! let report = Policy::from_toml(&misspelt).unwrap_err().to_string();
//! assert!(report.contains(r#"did you mean "enquiry"?"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Versions
//!
//! A policy is never edited: [`Document::revise`] makes the next version, tickets stay with the one
//! that was bound to them (SEMANTICS P1), and moving them is an event of its own (P2). What a name
//! in a document stands for today, such as a country's holidays, is frozen in its [`Publication`].
//!
//! # What this module is not
//!
//! It measures nothing: how a promise stands is for [`clock`](crate::clock) to say. It reads no
//! file and knows no user.

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
