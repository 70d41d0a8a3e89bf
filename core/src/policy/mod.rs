//! What was promised: the policy document, its mistakes, and the compiled policy that clocks read.

mod access;
mod book;
mod model;

pub use book::PolicyBook;

pub use model::{
    Agreement, AgreementKind, Budget, CalendarIndex, Condition, Cycle, DayEnd, Delivery, FieldTerm,
    FieldWords, Gate, Goal, Label, Length, NamedCalendar, Owner, Policy, Reason, Reclassify,
    Reopen, ReopenMode, Repeat, RoleWords, Rung, RungAt, Subject, Target, Term, Trigger, Triggers,
    Vocabulary, Warranty,
};
