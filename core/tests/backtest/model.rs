//! What a backtest says, from the readings alone: every clock against every other.

use std::collections::BTreeMap;

use punctual::backtest::Fate;
use punctual::clock::{self, Bindings, Reading};
use punctual::policy::Policy;
use punctual::projection::Promise;
use punctual::ticket::{Outcome, Ticket};
use punctual::time::Instant;

/// How many clocks of one promise: under which policy, and what became of them.
pub(crate) type Counts = BTreeMap<(usize, Promise, Fate), u64>;
/// How many went from one fate to another.
pub(crate) type Moves = BTreeMap<(Promise, Fate, Fate), u64>;

/// What two policies come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) counts: Counts,
    pub(crate) moves: Moves,
    pub(crate) tickets: BTreeMap<(usize, Promise), u64>,
    pub(crate) overdue: BTreeMap<(usize, Promise), u64>,
    /// By policy, promise and whole percent used: those that were decided.
    pub(crate) percent: BTreeMap<(usize, Promise), Vec<(i64, i64)>>,
    pub(crate) differing: u64,
}

pub(crate) fn promise(reading: &Reading) -> Promise {
    Promise {
        agreement: reading.agreement().clone(),
        target: reading.target().clone(),
    }
}

pub(crate) fn readings(policy: &Policy, ticket: &Ticket, as_of: Instant) -> Vec<Reading> {
    let timeline = ticket.timeline();
    let received_at = timeline.received_at();
    let is_for = received_at.is_none_or(|at| policy.applies_to().holds(&timeline.status(at)));
    if !is_for {
        return Vec::new();
    }
    clock::read(timeline, &Bindings::to(policy), as_of)
}

/// The clocks of two policies, each beside its twin.
pub(crate) type Twins<'r> = Vec<(Option<&'r Reading>, Option<&'r Reading>)>;

/// Whether two clocks are the same.
type Rule<'r> = &'r dyn Fn(&Reading, &Reading) -> bool;

/// Finds for each clock the one of the same promise and start event, for the rest that of the same
/// promise and cycle.
pub(crate) fn twins<'r>(before: &'r [Reading], after: &'r [Reading]) -> Twins<'r> {
    let mut twins: Twins<'r> = Vec::new();
    let mut old: Vec<&Reading> = before.iter().collect();
    let mut new: Vec<&Reading> = after.iter().collect();
    let starts = |a: &Reading, b: &Reading| a.clock.started_by == b.clock.started_by;
    let cycles = |a: &Reading, b: &Reading| a.cycle == b.cycle;
    let rules: [Rule<'_>; 2] = [&starts, &cycles];
    for rule in rules {
        let mut place = 0;
        while place < old.len() {
            let same = |it: &&Reading| promise(it) == promise(old[place]) && rule(old[place], it);
            match new.iter().position(same) {
                Some(found) => twins.push((Some(old.remove(place)), Some(new.remove(found)))),
                None => place += 1,
            }
        }
    }
    twins.extend(old.into_iter().map(|it| (Some(it), None)));
    twins.extend(new.into_iter().map(|it| (None, Some(it))));
    twins
}

pub(crate) fn fate(reading: Option<&Reading>) -> Fate {
    reading.map_or(Fate::Absent, |it| Fate::of(it.outcome))
}

impl Model {
    pub(crate) fn of(policies: [&Policy; 2], tickets: &[Ticket], as_of: Instant) -> Self {
        let mut model = Self::default();
        for ticket in tickets {
            model.add(policies, ticket, as_of);
        }
        model
    }

    fn add(&mut self, policies: [&Policy; 2], ticket: &Ticket, as_of: Instant) {
        let [before, after] = policies.map(|policy| readings(policy, ticket, as_of));
        for (arm, readings) in [&before, &after].into_iter().enumerate() {
            let mut seen: Vec<Promise> = Vec::new();
            for reading in readings {
                self.count(arm, reading);
                if !seen.contains(&promise(reading)) {
                    seen.push(promise(reading));
                    *self.tickets.entry((arm, promise(reading))).or_default() += 1;
                }
            }
        }
        let mut differs = false;
        for (before, after) in twins(&before, &after) {
            let (from, to) = (fate(before), fate(after));
            let promise = promise(before.or(after).unwrap());
            *self.moves.entry((promise, from, to)).or_default() += 1;
            differs |= from != to;
        }
        self.differing += u64::from(differs);
    }

    fn count(&mut self, arm: usize, reading: &Reading) {
        let promise = promise(reading);
        let fate = Fate::of(reading.outcome);
        *self.counts.entry((arm, promise.clone(), fate)).or_default() += 1;
        if reading.outcome == Outcome::Breaching {
            *self.overdue.entry((arm, promise)).or_default() += 1;
        } else if matches!(reading.outcome, Outcome::Met | Outcome::Breached)
            && let Some(budget) = reading.budget
        {
            let used = (reading.elapsed.micros(), budget.micros());
            self.percent.entry((arm, promise)).or_default().push(used);
        }
    }
}
