//! What a month comes to: promise by promise.

use std::collections::BTreeMap;

use punctual::clock::{self, Bindings, Reading};
use punctual::event::{AgreementId, Kind, TargetId};
use punctual::policy::PolicyBook;
use punctual::ticket::{Outcome, Satisfaction};
use punctual::time::Instant;
use serde::Serialize;

use super::survey::Survey;

/// The figures of a month.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Figures {
    /// In the order of the policies and of their documents.
    pub(super) targets: Vec<TargetFigures>,
    /// Promises that were kept or broken, and how many were kept.
    pub(super) decided: u64,
    pub(super) kept: u64,
    /// Tickets on which no promise was broken.
    pub(super) unbroken_tickets: u64,
    pub(super) surveys: u64,
    /// Scores 4 and 5 of 5.
    pub(super) satisfied: u64,
    /// From 1 to 5.
    pub(super) scores: [u64; 5],
    pub(super) late_facts: u64,
    pub(super) revised: Vec<Revised>,
}

/// How often a late fact changed one verdict into another.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Revised {
    pub(super) old: &'static str,
    pub(super) new: &'static str,
    pub(super) times: u64,
}

/// The figures of one target.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TargetFigures {
    pub(super) agreement: AgreementId,
    pub(super) target: TargetId,
    /// Those without a verdict among them.
    pub(super) promises: u64,
    pub(super) kept: u64,
    pub(super) broken: u64,
    pub(super) open: u64,
    pub(super) overdue: u64,
    /// Kept of kept and broken, in tenths of a percent, rounded down.
    pub(super) compliance_permille: Option<u64>,
    /// What was left of the budget at the end, in the clock's measure, negative when it was over: as
    /// much or more in half of the promises that were kept or broken.
    pub(super) median_margin_micros: Option<i64>,
    /// As much or more in nine promises of ten.
    pub(super) nine_in_ten_margin_micros: Option<i64>,
    #[serde(skip)]
    margins: Vec<i64>,
}

impl Figures {
    /// Adds up everything as it stands at an instant.
    pub(super) fn of(survey: &Survey, book: &PolicyBook, at: Instant) -> Self {
        let mut figures = Self::default();
        let mut places = BTreeMap::new();
        for policy in book.iter() {
            for agreement in policy.agreements() {
                for target in &agreement.targets {
                    let key = (agreement.id.clone(), target.id.clone());
                    places.entry(key).or_insert_with(|| {
                        figures
                            .targets
                            .push(TargetFigures::new(&agreement.id, &target.id));
                        figures.targets.len() - 1
                    });
                }
            }
        }
        for ticket in survey.tickets.values() {
            let Ok(bindings) = Bindings::recorded(ticket.timeline(), book, at) else {
                continue;
            };
            let readings = clock::read(ticket.timeline(), &bindings, at);
            for reading in &readings {
                let key = (reading.agreement().clone(), reading.target().clone());
                if let Some(place) = places.get(&key)
                    && let Some(target) = figures.targets.get_mut::<usize>(*place)
                {
                    target.add(reading);
                }
            }
            figures.unbroken_tickets += u64::from(!readings.iter().any(|it| it.outcome.is_over()));
        }
        for target in &mut figures.targets {
            target.settle();
            figures.decided += target.kept + target.broken;
            figures.kept += target.kept;
        }
        figures.targets.retain(|it| it.promises > 0);
        figures.opinions(survey);
        figures
    }

    fn opinions(&mut self, survey: &Survey) {
        for (place, score) in Satisfaction::ALL.iter().enumerate() {
            let times = survey.scores.get(score).copied().unwrap_or_default();
            if let Some(kept) = self.scores.get_mut(place) {
                *kept = times;
            }
            self.surveys += times;
            self.satisfied += if *score >= Satisfaction::Satisfied {
                times
            } else {
                0
            };
        }
        self.late_facts = survey.late_facts;
        let revised = survey.revised.iter();
        self.revised = revised
            .map(|((old, new), times)| Revised {
                old,
                new,
                times: *times,
            })
            .collect();
        debug_assert_eq!(
            survey.count(Kind::VerdictRevised),
            self.revised.iter().map(|it| it.times).sum::<u64>()
        );
    }
}

impl TargetFigures {
    fn new(agreement: &AgreementId, target: &TargetId) -> Self {
        Self {
            agreement: agreement.clone(),
            target: target.clone(),
            promises: 0,
            kept: 0,
            broken: 0,
            open: 0,
            overdue: 0,
            compliance_permille: None,
            median_margin_micros: None,
            nine_in_ten_margin_micros: None,
            margins: Vec::new(),
        }
    }

    fn add(&mut self, reading: &Reading) {
        self.promises += 1;
        match reading.outcome {
            Outcome::Met => self.kept += 1,
            Outcome::Breached => self.broken += 1,
            Outcome::Open | Outcome::Imminent => self.open += 1,
            Outcome::Breaching => self.overdue += 1,
            Outcome::Cancelled(_) | Outcome::Waived | Outcome::InsufficientLead => {}
        }
        if matches!(reading.outcome, Outcome::Met | Outcome::Breached) {
            self.margins.extend(reading.remaining.map(|it| it.micros()));
        }
    }

    fn settle(&mut self) {
        self.compliance_permille = (self.kept * 1_000).checked_div(self.kept + self.broken);
        self.margins.sort_unstable();
        self.median_margin_micros = self.margin_of(50);
        self.nine_in_ten_margin_micros = self.margin_of(90);
    }

    /// Returns the largest margin that so many in a hundred promises have or exceed.
    fn margin_of(&self, percent: usize) -> Option<i64> {
        let count = self.margins.len();
        let have = (count * percent).div_ceil(100);
        self.margins.get(count.checked_sub(have.max(1))?).copied()
    }
}
