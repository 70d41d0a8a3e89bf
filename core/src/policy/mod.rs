//! What was promised: the policy document, its mistakes, and the compiled policy that clocks read.

mod model;

pub use model::{
    Agreement, AgreementKind, Budget, CalendarIndex, Condition, Cycle, DayEnd, Delivery,
    FieldTerm, FieldWords, Gate, Goal, Label, Length, NamedCalendar, Owner, Policy, Reason,
    Reclassify, Reopen, ReopenMode, Repeat, RoleWords, Rung, RungAt, Subject, Target, Term, Trigger,
    Triggers, Vocabulary, Warranty,
};
