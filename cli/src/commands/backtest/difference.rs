//! A line of `differences.jsonl`: one promise of one ticket that comes to another verdict.

use punctual::backtest::{Difference, Reason};
use punctual::clock::{Measure, Reading};
use punctual::language::Language;
use punctual::ticket::Outcome;
use punctual::time::{Instant, Span};
use serde::Serialize;

/// One difference for programs. Names that end in `_micros` are whole microseconds, names that end
/// in `_at` are RFC 3339 instants of UTC.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    ticket: &'a str,
    against: &'a str,
    agreement: &'a str,
    target: &'a str,
    cycle: u32,
    from: &'static str,
    to: &'static str,
    reasons: Vec<Said<'a>>,
    before: Option<Side<'a>>,
    after: Option<Side<'a>>,
}

/// A reason with its figures, and in words.
#[derive(Debug, Serialize)]
struct Said<'a> {
    #[serde(flatten)]
    reason: &'a Reason,
    en: String,
    zh: String,
}

/// A clock under one policy.
#[derive(Debug, Serialize)]
struct Side<'a> {
    outcome: &'static str,
    cancelled: Option<String>,
    cycle: u32,
    started_at: Instant,
    stopped_at: Option<Instant>,
    calendar: Option<&'a str>,
    budget_micros: Option<i64>,
    elapsed_micros: i64,
    due_at: Option<Instant>,
    breached_at: Option<Instant>,
}

impl<'a> Line<'a> {
    pub(super) fn new(difference: &'a Difference, against: &'a str) -> Self {
        Self {
            ticket: difference.stream.id(),
            against,
            agreement: difference.promise.agreement.as_str(),
            target: difference.promise.target.as_str(),
            cycle: difference.cycle,
            from: difference.from.name(),
            to: difference.to.name(),
            reasons: difference.reasons.iter().map(Said::new).collect(),
            before: difference.before.as_ref().map(Side::new),
            after: difference.after.as_ref().map(Side::new),
        }
    }
}

impl<'a> Said<'a> {
    fn new(reason: &'a Reason) -> Self {
        let phrase = reason.phrase();
        Self {
            reason,
            en: phrase.text(Language::English).to_owned(),
            zh: phrase.text(Language::Chinese).to_owned(),
        }
    }
}

impl<'a> Side<'a> {
    fn new(reading: &'a Reading) -> Self {
        let calendar = match &reading.measure {
            Measure::Wall => None,
            Measure::Working { calendar, .. } => Some(calendar.as_str()),
        };
        let cancelled = if let Outcome::Cancelled(why) = reading.outcome {
            Some(why.to_string())
        } else {
            None
        };
        Self {
            outcome: reading.outcome.name(),
            cancelled,
            cycle: reading.cycle,
            started_at: reading.started_at,
            stopped_at: reading.stopped_at,
            calendar,
            budget_micros: reading.budget.map(Span::micros),
            elapsed_micros: reading.elapsed.micros(),
            due_at: reading.due_at,
            breached_at: reading.breached_at,
        }
    }
}
