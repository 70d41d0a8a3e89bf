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
//! [`AFTER_SALES`] is a whole policy to start from, with every part in use.
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
//! # The document
//!
//! | part | says |
//! |---|---|
//! | `policy`, `timezone`, `default-calendar` | the name; the zone of civil days; the calendar of working lengths that name none |
//! | `valid`, `applies-to` | to which tickets it applies, by the date and by what intake knows |
//! | `[calendar.<name>]` | `week`, `holidays`, `make-up`, `exceptions`; or `always = true` |
//! | `[class]`, `[level]`, `[channel]`, `[field.<name>]`, `[role]`, `[pause]`, `[mark]`, `[scale]` | the words; a vocabulary that is not declared takes any word |
//! | `[target.<name>]` | one promised step: `start`, `stop`, `goals` (or `every` and `reset`), `ladder`, `pause`, `cycle`, `after`, `cancel`, `reclassify`, `reopen`, `applies-to` |
//! | `[agreement.<name>]` | further agreements, with targets of their own |
//! | `owner`, `[gate.<name>]`, `[allow]`, `[waive]`, `[cancel]`, `[delivery]`, `[warranty]`, `[kpi]`, `accept` | who owns, what needs what, who may, what cancels, when messages go out, periods, figures, findings that are meant |
//!
//! **Lengths** have a unit: `30s`, `90m`, `24h`, `1h30m` by the clock on the wall; `90wm`, `2wh`
//! while a calendar is open; `3d` days with the same clock time; `2wd` working days until closing,
//! or with `at = "same-time"`; `1-3wd` a range that warns at its lower bound; `24h before visit`.
//! A goal names its calendar by `on`.
//!
//! **Conditions** ask of a ticket `class`, `level`, `channel`, `product`, `in-scope` or an own
//! field: `{ class = "fault", level = ["major", "urgent"], complexity = { not = "simple" } }`. All
//! must hold. Of the goals of a target the first whose condition holds applies.
//!
//! **Events** are named by their kind or by a declared mark: `"resolved"`; with conditions on their
//! own fields and the role that must act:
//! `{ event = "followed-up", when = { kind = "second-contact" }, by = "after-sales-supervisor" }`.
//!
//! **Rungs** sit at `80%` of the budget, at its `lower` bound, at `due`, so long before (`-10m`) or
//! after it (`+2wh`); `every = "4h", most = 5` tells them again.
//!
//! What is not said: a target pauses for nothing, happens once (a customer's messages, visits and
//! periods repeat), takes a new judgement from the original start on (`retroactive`; agreements with
//! others `forward`), and goes on when a ticket is reopened, without the time between. Declined,
//! merged and withdrawn tickets cancel their clocks. What nobody reserved to a role, anyone may do.
//!
//! Every key with its values and defaults is in `reference`, a part of this module that is built with the
//! features `testing` and `engine`.
//!
//! # Limits
//!
//! 1 MiB, 64 levels of nesting, 10,000 rules, 64 calendars with 3,000 shifts a week in all, 64
//! reasons to pause, 1,000 mistakes in a report. Beyond them stands an error, never a long wait.
//!
//! # Conditions at work
//!
//! The first goal whose condition holds applies, so the last one usually has none. All keys of a
//! condition must hold, and of a list any value will do. A word that a declared vocabulary lacks is
//! a mistake, not a condition that never holds.
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
mod concern;
mod diff;
mod document;
mod fit;
mod index;
mod lint;
mod lookup;
mod model;
mod permit;
mod publication;
// Words alone, and examples that tell stories.
#[cfg(all(feature = "testing", feature = "engine"))]
pub mod reference;
mod report;
mod schema;
mod unknown_word;
mod wording;

pub use book::PolicyBook;
pub use diff::Change;
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
pub use schema::json_schema;
pub use unknown_word::{UnknownWord, WordKind};

pub(crate) use concern::{Concern, Concerned, LIFECYCLE, Parts};
pub(crate) use fit::{Fit, Judged};

/// The preset that comes with the crate, in TOML: after-sales service from intake to survey, with
/// office hours in mainland China. Labels are in English and Chinese.
///
/// A start for a policy of your own, and what the examples of this crate run on. Its targets and ladders are
/// those of one house; its comments say which figures come from a rule and which were chosen.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, Severity};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// assert_eq!(service.targets[0].id.as_str(), "acknowledgement");
/// // The linter has nothing to say against it that its author has not accepted.
/// let open = policy.lint().into_iter().filter(|it| it.accepted.is_none());
/// assert_eq!(open.filter(|it| it.lint.severity() == Severity::Warning).count(), 0);
/// # Ok::<(), punctual::policy::Report>(())
/// ```
///
/// What it promises, the first goal that fits counting; a goal without a condition is for
/// all others:
///
/// | target | for | starts | stops | within |
/// |---|---|---|---|---|
/// | `acknowledgement` | tickets opened by the customer | `received` | `acknowledged`, `replied` (an automatic one too), `declined` | 5m |
/// | `first-response` | tickets opened by the customer | `received` | `replied`, `diagnosed`, `technical-contact`, `declined`, `resolved` | class complaint: 30m, level urgent: 30m, class fault/repair: 1wh, 2wh |
/// | `next-reply` | all, never beside a first response | `customer-wrote` | `replied` | level urgent: 30m, class complaint: 4h, 4wh |
/// | `diagnosis` | class fault/complaint/repair | `received` | `technical-contact`, `diagnosed` | level urgent: 30m, level major: 2wh, level general: 4wh |
/// | `plan` | all | `diagnosed`, `plan-disputed` | `plan-proposed` | level urgent: 2h, 24h |
/// | `progress` | all | `plan-accepted` | `resolved` | level urgent: 4h, 24h, each from the last `progress-reported` |
/// | `visit-confirmation` | all | `visit-booked` | `visit-confirmed` | 24h before visit |
/// | `repair-contact` | all | `dispatched` | `repairer-contact`, `visit-booked` | level urgent: 30m, 2wh |
/// | `repair-arrival` | all | `dispatched` | `arrived` | level urgent: 4h, level major: 1wd, 2wd |
/// | `acceptance` | class repair/installation, not resolved remotely | `resolved` | `accepted` | 1wd |
/// | `visit-signed` | all other classes, resolved on site | `resolved` | `accepted` | 1wd |
/// | `guidance-follow-up` | resolved remotely | `resolved` | `followed-up` on its effect | 3d |
/// | `complaint-solved` | class complaint | `received` | `resolved` | complexity complex: 5-7wd, 1-3wd |
/// | `return-review` | class return/exchange | `received` | `return-approved`, `declined` | 1wd |
/// | `return-arrangement` | all | `return-approved` | `return-arranged` | 2wd |
/// | `return-tracking` | all | `return-arranged` | `resolved` | 10wd |
/// | `installation-arranged` | class installation | `received` | `visit-booked` | 1wd |
/// | `installation` | class installation | `visit-booked` | `resolved` | 5wd |
/// | `survey` | all | `resolved` | `survey-asked`, `surveyed` | 1wd |
/// | `second-contact` | scores of dissatisfied and very dissatisfied | `surveyed` | `followed-up` by a second contact of the after-sales supervisor | 2wd |
/// | `outside-work` of `service-point` | all | `handed-out` | `handed-back`, `resolved` | level urgent: 24h, 3wd |
/// | `parts` of `parts-supplier` | all | `parts-ordered` | `parts-delivered` | 3wd |
pub const AFTER_SALES: &str = include_str!("../../policies/after-sales.toml");
