//! One worker of a backtest: reads tickets under every policy, and counts.

use super::arm::{Arm, Clocked};
use super::difference::Compared;
use super::pairs::{Pair, pairs};
use super::summary::{Place, Summary};
use super::{Backtest, Difference, Fate, rungs};
use crate::clock::Reading;
use crate::ticket::Ticket;

/// What one worker counts, and the lists that it writes into again for each ticket.
#[derive(Debug)]
pub(super) struct Tester<'b, 'p> {
    backtest: &'b Backtest<'p>,
    /// By policy.
    lists: Vec<Vec<Clocked>>,
    summary: Summary,
}

impl<'b, 'p> Tester<'b, 'p> {
    pub(super) fn new(backtest: &'b Backtest<'p>) -> Self {
        Self {
            backtest,
            lists: vec![Vec::new(); backtest.arms.len()],
            summary: backtest.empty(),
        }
    }

    pub(super) fn into_summary(self) -> Summary {
        self.summary
    }

    /// Takes a ticket in, and hands on its differences.
    pub(super) fn take(&mut self, place: Place, ticket: &Ticket, each: impl FnMut(Difference)) {
        let (timeline, as_of) = (ticket.timeline(), self.backtest.as_of);
        self.summary.add_ticket();
        let arms = self.backtest.arms.iter().zip(&mut self.lists);
        for (number, (arm, list)) in arms.enumerate() {
            arm.judge(timeline, as_of, list);
            self.summary.add_clocks(number, list);
            if self.backtest.has_rungs && arm.is_for(timeline) {
                rungs::reached(ticket, &arm.bindings, as_of, |role| {
                    self.summary.add_rung(number, role);
                });
            }
        }
        self.compare(place, ticket, each);
    }

    fn compare(&mut self, place: Place, ticket: &Ticket, mut each: impl FnMut(Difference)) {
        let (Some((first, others)), Some((before, after))) =
            (self.backtest.arms.split_first(), self.lists.split_first())
        else {
            return;
        };
        for (number, (arm, after)) in (1_usize..).zip(others.iter().zip(after)) {
            let mut differing = Vec::new();
            pairs(before, after, |(before, after)| {
                let Some(promise) = promise((before, after)) else {
                    return;
                };
                let (from, to) = fates((before, after));
                self.summary.add_pair(number, promise, from, to);
                if from != to {
                    differing.push((before, after));
                }
            });
            if differing.is_empty() {
                continue;
            }
            self.summary.add_differing(number);
            let story = Story::new(self.backtest, ticket, (first, arm));
            for pair in differing {
                if let Some(difference) = story.tell(number, pair) {
                    if let Some(reason) = difference.reasons.first() {
                        self.summary.add_reason(number, reason.why());
                    }
                    self.summary.keep(place, &difference);
                    each(difference);
                }
            }
        }
    }
}

fn promise(pair: Pair<'_>) -> Option<usize> {
    pair.0.or(pair.1).map(|clock| clock.promise)
}

fn fates((before, after): Pair<'_>) -> (Fate, Fate) {
    let fate = |clock: Option<&Clocked>| clock.map_or(Fate::Absent, |clock| clock.fate);
    (fate(before), fate(after))
}

/// A ticket of which something is to be told, read in full under two policies.
struct Story<'a, 'p> {
    backtest: &'a Backtest<'p>,
    ticket: &'a Ticket,
    arms: (&'a Arm<'p>, &'a Arm<'p>),
    readings: (Vec<Reading>, Vec<Reading>),
}

impl<'a, 'p> Story<'a, 'p> {
    fn new(
        backtest: &'a Backtest<'p>,
        ticket: &'a Ticket,
        arms: (&'a Arm<'p>, &'a Arm<'p>),
    ) -> Self {
        let read = |arm: &Arm<'p>| arm.readings(ticket.timeline(), backtest.as_of);
        Self {
            backtest,
            ticket,
            arms,
            readings: (read(arms.0), read(arms.1)),
        }
    }

    fn tell(&self, arm: usize, pair: Pair<'_>) -> Option<Difference> {
        let before = pair.0.and_then(|clock| self.readings.0.get(clock.reading));
        let after = pair.1.and_then(|clock| self.readings.1.get(clock.reading));
        let promise = promise(pair)?;
        let compared = Compared {
            timeline: self.ticket.timeline(),
            promise,
            arms: self.arms,
        };
        let (from, to) = fates(pair);
        Some(Difference {
            stream: self.ticket.stream()?.clone(),
            arm,
            promise: self.backtest.promises.get(promise)?.clone(),
            cycle: pair.0.or(pair.1)?.cycle,
            from,
            to,
            reasons: compared.reasons(before, after),
            before: before.cloned(),
            after: after.cloned(),
        })
    }
}
