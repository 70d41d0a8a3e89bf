//! The charts of the page.

use punctual::projection::{Ageing, Figure, Promise, Share, Slice};

use super::View;
use crate::report::{
    Band, Compliance, HotSpot, HotSpots, Load, MarginUnit, Margins, Queue, Satisfaction,
    TargetLine, TargetMargin, Tone, words,
};
use crate::scores;
use crate::words::either;

/// So many hot spots are shown.
const MOST_HOT_SPOTS: usize = 20;

impl View<'_> {
    /// Returns the promises of the page, in the order of the policy.
    pub(super) fn promises(&self) -> Vec<Promise> {
        let mut promises = self.whole.promises();
        let agreements = self.gathered.policy().agreements();
        let place = |promise: &Promise| {
            let agreement = agreements
                .iter()
                .position(|it| it.id == promise.agreement)?;
            let targets = agreements.get(agreement)?.targets.iter();
            let target = targets
                .enumerate()
                .find(|(_, it)| it.id == promise.target)?;
            Some((agreement, target.0))
        };
        promises.sort_by_key(|promise| place(promise).unwrap_or((usize::MAX, 0)));
        promises
    }

    fn name(&self, promise: &Promise) -> String {
        self.gathered.label_of(promise, self.language)
    }

    pub(super) fn compliance(&self) -> Compliance {
        let periods: Vec<_> = self.periods().collect();
        let scores: Vec<_> = periods
            .iter()
            .map(|(_, dates)| self.score(*dates, &Slice::All))
            .collect();
        let line = |promise: &Promise| TargetLine {
            name: self.name(promise),
            points: scores
                .iter()
                .map(|score| score.compliance(promise).rate())
                .collect(),
        };
        Compliance {
            targets: self.promises().iter().map(line).collect(),
            periods: periods.into_iter().map(|(label, _)| label).collect(),
        }
    }

    /// Returns the margins in thousandths of the budget: what was used, seen from the other end.
    pub(super) fn margins(&self) -> Margins {
        let edges: Vec<i64> = Share::BORDERS
            .iter()
            .rev()
            .map(|percent| 1_000 - 10 * i64::from(*percent))
            .collect();
        let margin = |promise: &Promise| {
            let mut counts = self.whole.margins(promise).to_vec();
            counts.reverse();
            TargetMargin {
                name: self.name(promise),
                edges: edges.clone(),
                counts,
            }
        };
        let targets = self.promises();
        let targets = targets.iter().map(margin);
        Margins {
            unit: MarginUnit::PermilleOfBudget,
            targets: targets
                .filter(|it| it.counts.iter().any(|count| *count > 0))
                .collect(),
        }
    }

    pub(super) fn queue(&self) -> Queue {
        let queue = &self.gathered.queue;
        let ageing = queue.ageing(self.gathered.as_of);
        let within = |hours: i64| {
            if hours <= 24 {
                return either(
                    self.language,
                    format!("Due within {hours} h"),
                    format!("{hours} 小时内到期"),
                );
            }
            let days = hours / 24;
            either(
                self.language,
                format!("Due within {days} days"),
                format!("{days} 天内到期"),
            )
        };
        let [first, second, third, fourth] = Ageing::DUE_HOURS;
        let labels = [
            (self.say(&words::DUE_OVER), Tone::Over),
            (within(first), Tone::Soon),
            (within(second), Tone::Soon),
            (within(third), Tone::Plain),
            (within(fourth), Tone::Plain),
            (self.say(&words::DUE_LATER), Tone::Plain),
            (self.say(&words::DUE_PAUSED), Tone::Quiet),
            (self.say(&words::DUE_NONE), Tone::Quiet),
        ];
        let band = |((label, tone), count)| Band { label, count, tone };
        Queue {
            open: queue.open() as u64,
            by_due: labels.into_iter().zip(ageing.by_due).map(band).collect(),
            by_age: self.ages(ageing.by_age),
        }
    }

    fn ages(&self, counts: [u64; 5]) -> Vec<Band> {
        let mut labels = Vec::new();
        let mut from = 0;
        for until in Ageing::AGE_DAYS {
            labels.push(either(
                self.language,
                format!("{from} to {until} days"),
                format!("{from} 至 {until} 天"),
            ));
            from = until;
        }
        labels.push(either(
            self.language,
            format!("More than {from} days"),
            format!("{from} 天以上"),
        ));
        let band = |(label, count)| Band {
            label,
            count,
            tone: Tone::Plain,
        };
        labels.into_iter().zip(counts).map(band).collect()
    }

    pub(super) fn load(&self) -> Load {
        let hours = self.whole.arrivals();
        let mut cells = [[0; 24]; 7];
        for (row, day) in cells.iter_mut().zip(hours.chunks(24)) {
            row.copy_from_slice(day);
        }
        Load {
            what: self.say(&words::RECEIVED),
            cells,
        }
    }

    pub(super) fn hot_spots(&self) -> HotSpots {
        let before = self.before.as_ref().map(|(dates, _)| *dates);
        let former = before.unwrap_or(punctual::projection::Dates {
            from: self.dates.from,
            until: self.dates.from,
        });
        let found = &self.gathered.scores;
        let found = punctual::projection::hot_spots(found, self.dates, former, scores::LEAST_FOUND);
        let omitted = found.len().saturating_sub(MOST_HOT_SPOTS) as u64;
        let row = |spot: punctual::projection::HotSpot| HotSpot {
            product: spot.product.to_string(),
            cause: spot.cause.to_string(),
            count: spot.count,
            expected_thousandths: spot.expected_thousandths,
            before: before.map(|_| spot.before),
        };
        HotSpots {
            rows: found.into_iter().take(MOST_HOT_SPOTS).map(row).collect(),
            omitted,
        }
    }

    pub(super) fn satisfaction(&self) -> Satisfaction {
        Satisfaction {
            labels: self.grades(),
            counts: self.whole.grades().counts.to_vec(),
            asked: self.whole.count(&Figure::Asked),
            answered: self.whole.count(&Figure::Answered),
        }
    }
}
