//! A score for programs: stable names, whole numbers.

use std::collections::BTreeMap;

use punctual::projection::{Kpi, Lengths, Rate, Score, Scorecard};
use serde::Serialize;

/// A rate as two integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RateView {
    /// The numerator.
    pub part: u64,
    /// The denominator.
    pub whole: u64,
}

impl From<Rate> for RateView {
    fn from(rate: Rate) -> Self {
        Self {
            part: rate.part,
            whole: rate.whole,
        }
    }
}

/// A distribution of lengths, in whole microseconds of the wall clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LengthsView {
    /// How many.
    pub count: u64,
    /// Their mean, rounded down.
    pub mean_micros: Option<i64>,
    /// The median, at most 3.2 % too long.
    pub median_micros: Option<i64>,
    /// What nine of ten do not exceed, at most 3.2 % too long.
    pub p90_micros: Option<i64>,
}

impl From<&Lengths> for LengthsView {
    fn from(lengths: &Lengths) -> Self {
        let micros = |length: Option<punctual::time::Span>| length.map(|it| it.micros());
        Self {
            count: lengths.count(),
            mean_micros: micros(lengths.mean()),
            median_micros: micros(lengths.quantile(50)),
            p90_micros: micros(lengths.quantile(90)),
        }
    }
}

/// The figures of some days and one slice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiguresView {
    /// Tickets received.
    pub received: u64,
    /// Tickets whose resolution stands.
    pub resolved: u64,
    /// The rates, by name.
    pub rates: BTreeMap<&'static str, RateView>,
    /// The promises.
    pub promises: Vec<PromiseView>,
    /// How long first responses took.
    pub first_response: LengthsView,
    /// How long it took from receipt to the resolution that stands.
    pub resolution: LengthsView,
    /// Answers of 1, 2, 3, 4, 5 points.
    pub satisfaction: [u64; 5],
    /// The pauses by reason.
    pub pauses: Vec<PauseView>,
    /// How often each role was told.
    pub told: BTreeMap<String, u64>,
    /// The causes that were found.
    pub causes: BTreeMap<String, u64>,
}

/// What became of a promise's clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseView {
    /// The agreement.
    pub agreement: String,
    /// The promised step.
    pub target: String,
    /// Kept.
    pub met: u64,
    /// Broken.
    pub breached: u64,
    /// Waived.
    pub waived: u64,
    /// Ended without a verdict.
    pub cancelled: u64,
    /// Booked too late.
    pub insufficient_lead: u64,
    /// How many ended having used up to 25, 50, 75, 90, 100, 110, 125, 150, 200, 300 % of the budget,
    /// and more.
    pub used: Vec<u64>,
}

/// The pauses for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PauseView {
    /// The reason.
    pub reason: String,
    /// How many began.
    pub count: u64,
    /// How long they lasted together.
    pub total_micros: i64,
}

impl FiguresView {
    /// Returns the figures of a score.
    #[must_use]
    pub fn of(score: &Score, card: &Scorecard) -> Self {
        use punctual::projection::Figure;
        let rates = Kpi::ALL
            .iter()
            .map(|kpi| (kpi.name(), kpi.rate(score, card).into()));
        let named = |list: Vec<(String, u64)>| list.into_iter().collect();
        let told = score.told().into_iter();
        let causes = score.causes().into_iter();
        Self {
            received: score.count(&Figure::Received),
            resolved: score.count(&Figure::Resolved),
            rates: rates.collect(),
            promises: promises(score),
            first_response: (&score.response()).into(),
            resolution: (&score.resolution()).into(),
            satisfaction: score.grades().counts,
            pauses: pauses(score),
            told: named(
                told.map(|(role, count)| (role.to_string(), count))
                    .collect(),
            ),
            causes: named(causes.map(|(it, count)| (it.to_string(), count)).collect()),
        }
    }
}

fn promises(score: &Score) -> Vec<PromiseView> {
    let promises = score.promises().into_iter().map(|promise| {
        let found = score.compliance(&promise);
        PromiseView {
            met: found.met,
            breached: found.breached,
            waived: found.waived,
            cancelled: found.cancelled,
            insufficient_lead: found.insufficient_lead,
            used: score.margins(&promise).to_vec(),
            agreement: promise.agreement.to_string(),
            target: promise.target.to_string(),
        }
    });
    promises.collect()
}

fn pauses(score: &Score) -> Vec<PauseView> {
    let pauses = score.pauses().into_iter().map(|it| PauseView {
        reason: it.reason.to_string(),
        count: it.count,
        total_micros: it.total.micros(),
    });
    pauses.collect()
}
