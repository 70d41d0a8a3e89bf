//! One policy of a backtest, ready to be read under.

use super::Fate;
use crate::clock::{self, Bindings, Measure, Reading};
use crate::event::Version;
use crate::policy::{NamedCalendar, Policy, Target};
use crate::projection::Promise;
use crate::ticket::{Status, Timeline};
use crate::time::Instant;

/// One policy under its name.
#[derive(Debug, Clone)]
pub(super) struct Arm<'p> {
    pub(super) name: String,
    pub(super) policy: &'p Policy,
    pub(super) bindings: Bindings<'p>,
    /// Each target of the policy, with its place among the promises of all policies.
    places: Vec<(&'p Target, usize)>,
    /// The names of the calendars whose hours are not those of the first policy.
    changed: Vec<&'p NamedCalendar>,
}

/// A clock with all that is counted of it. Ordered so that the clocks of two policies can be walked
/// side by side: by promise, then by start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clocked {
    pub(super) promise: usize,
    pub(super) started_at: Instant,
    pub(super) started_by: Version,
    pub(super) cycle: u32,
    pub(super) fate: Fate,
    /// Whether it is over and has not stopped.
    pub(super) is_overdue: bool,
    pub(super) budget: Option<i64>,
    pub(super) used: i64,
    /// Its place among the readings of the ticket under this policy.
    pub(super) reading: usize,
}

impl Clocked {
    pub(super) const fn key(&self) -> (usize, Instant, Version) {
        (self.promise, self.started_at, self.started_by)
    }
}

impl<'p> Arm<'p> {
    /// Takes a policy in; promises that are new are added to those that are known.
    pub(super) fn new(name: String, policy: &'p Policy, promises: &mut Vec<Promise>) -> Self {
        let mut places = Vec::new();
        for agreement in policy.agreements() {
            for target in &agreement.targets {
                let promise = Promise {
                    agreement: agreement.id.clone(),
                    target: target.id.clone(),
                };
                let known = promises.iter().position(|known| *known == promise);
                places.push((target, known.unwrap_or(promises.len())));
                if known.is_none() {
                    promises.push(promise);
                }
            }
        }
        Self {
            name,
            policy,
            bindings: Bindings::to(policy),
            places,
            changed: Vec::new(),
        }
    }

    /// Notes which calendars have other hours than those of the same name in the first policy.
    pub(super) fn compare_calendars(&mut self, first: &Policy) {
        let own = self.policy.calendars().iter();
        let changed = own.filter(|own| {
            let known = first.calendars().iter().find(|known| known.id == own.id);
            known.is_some_and(|known| known.published != own.published)
        });
        self.changed = changed.collect();
    }

    pub(super) fn has_changed(&self, measure: &Measure) -> bool {
        match measure {
            Measure::Wall => false,
            Measure::Working { calendar, .. } => {
                self.changed.iter().any(|named| named.id == *calendar)
            }
        }
    }

    /// Returns the target that promises this here.
    pub(super) fn target(&self, promise: usize) -> Option<&'p Target> {
        let found = self.places.iter().find(|(_, place)| *place == promise);
        found.map(|(target, _)| *target)
    }

    fn place(&self, target: &Target) -> Option<usize> {
        let mut known = self.places.iter();
        let found = known.find(|(known, _)| std::ptr::eq(*known, target));
        found.map(|(_, place)| *place)
    }

    /// Returns whether the policy is for a ticket, by what intake knew.
    pub(super) fn is_for(&self, timeline: &Timeline) -> bool {
        let applies_to = self.policy.applies_to();
        if applies_to.terms().is_empty() {
            return true;
        }
        let received_at = timeline.received_at();
        received_at.is_none_or(|at| applies_to.holds(&timeline.status(at)))
    }

    /// Returns whether a goal fits a ticket that stands like this.
    pub(super) fn fits(&self, promise: usize, status: &Status) -> bool {
        let target = self.target(promise);
        target.is_some_and(|target| target.goal_for(status).is_some())
    }

    /// Puts what became of every clock into a list, ordered by promise and start.
    pub(super) fn judge(&self, timeline: &Timeline, as_of: Instant, list: &mut Vec<Clocked>) {
        list.clear();
        if !self.is_for(timeline) {
            return;
        }
        let mut reading = 0_usize;
        clock::verdicts(timeline, &self.bindings, as_of, |judged| {
            if let Some(promise) = self.place(judged.target) {
                list.push(Clocked {
                    promise,
                    started_at: judged.started_at,
                    started_by: judged.started_by,
                    cycle: judged.cycle,
                    fate: Fate::of(judged.outcome),
                    is_overdue: judged.outcome == crate::ticket::Outcome::Breaching,
                    budget: judged.budget,
                    used: judged.used,
                    reading,
                });
            }
            reading = reading.saturating_add(1);
        });
        if !list.is_sorted_by_key(Clocked::key) {
            list.sort_unstable_by_key(Clocked::key);
        }
    }

    /// Returns every reading of a ticket.
    pub(super) fn readings(&self, timeline: &Timeline, as_of: Instant) -> Vec<Reading> {
        clock::read(timeline, &self.bindings, as_of)
    }
}
