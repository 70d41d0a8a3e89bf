//! What all laws share: a history told in several ways, and readings that can be compared.

use std::collections::BTreeMap;

use super::super::broken::{Broken, Side};
use super::super::history::{History, Step, record};
use super::super::reader::Reader;
use super::Law;
use crate::clock::Reading;
use crate::event::{Recorded, Version};
use crate::policy::Policy;
use crate::ticket::{ClockId, Ticket, TicketEvent};
use crate::time::Instant;

/// A law about to be checked.
pub(super) struct Frame<'a> {
    pub(super) law: Law,
    pub(super) reader: &'a dyn Reader,
    pub(super) policy: &'a Policy,
    pub(super) history: &'a History,
}

/// A way to tell a history: a log, and which step of the history each of its events is.
#[derive(Clone)]
pub(super) struct Telling {
    pub(super) log: Vec<Recorded<TicketEvent>>,
    /// From the versions of this log to those of the plain one.
    labels: BTreeMap<Version, Version>,
}

/// Steps that the history does not have are numbered from here.
const FOREIGN: u64 = 1_000_000;

impl Telling {
    /// Tells the history as it is.
    pub(super) fn plain(history: &History) -> Self {
        Self::with(history, &[])
    }

    /// Tells the history with further steps, each after those of its own instant.
    pub(super) fn with(history: &History, more: &[Step]) -> Self {
        let own = (1..).map(Version::new).zip(history.steps());
        let foreign = (FOREIGN..).map(Version::new).zip(more);
        let mut steps: Vec<(Version, &Step)> = own.chain(foreign).collect();
        steps.sort_by_key(|(_, step)| step.at);
        Self::of(steps)
    }

    /// Tells the history in another order of arrival: `order` are places of steps.
    pub(super) fn arriving(history: &History, order: &[usize]) -> Self {
        let step = |place: &usize| {
            let number = u64::try_from(*place).ok()?.saturating_add(1);
            Some((Version::new(number), history.steps().get(*place)?))
        };
        Self::of(order.iter().filter_map(step).collect())
    }

    fn of(steps: Vec<(Version, &Step)>) -> Self {
        let (labels, steps): (Vec<Version>, Vec<Step>) = steps
            .into_iter()
            .map(|(label, step)| (label, step.clone()))
            .unzip();
        Self {
            log: record(&steps),
            labels: (1..).map(Version::new).zip(labels).collect(),
        }
    }

    /// Adds an event of the engine at the end of what was recorded up to now.
    pub(super) fn plus(&mut self, label: Option<Version>, recorded: Recorded<TicketEvent>) {
        if let Some(label) = label {
            self.labels.insert(recorded.version, label);
        }
        self.log.push(recorded);
    }

    /// Returns a telling of nothing.
    pub(super) const fn silent() -> Self {
        Self {
            log: Vec::new(),
            labels: BTreeMap::new(),
        }
    }

    fn label(&self, version: Version) -> Version {
        self.labels.get(&version).copied().unwrap_or(version)
    }

    fn relabelled(&self, clock: &ClockId) -> ClockId {
        ClockId {
            started_by: self.label(clock.started_by),
            attached_by: self.label(clock.attached_by),
            ..clock.clone()
        }
    }
}

impl<'a> Frame<'a> {
    pub(super) const fn new(
        law: Law,
        reader: &'a dyn Reader,
        policy: &'a Policy,
        history: &'a History,
    ) -> Self {
        Self {
            law,
            reader,
            policy,
            history,
        }
    }

    pub(super) fn points(&self) -> Vec<Instant> {
        self.history.vantage_points(self.policy)
    }

    pub(super) fn fold(&self, telling: &Telling) -> Ticket {
        let mut ticket = Ticket::default();
        for recorded in &telling.log {
            self.reader.apply(&mut ticket, recorded);
        }
        ticket
    }

    /// Reads, with the versions of the plain telling.
    pub(super) fn read(&self, telling: &Telling, ticket: &Ticket, now: Instant) -> Vec<Reading> {
        let mut readings = self.reader.read(ticket, self.policy, now);
        for reading in &mut readings {
            reading.clock = telling.relabelled(&reading.clock);
        }
        readings
    }

    /// Demands that two tellings read alike at each of `points`.
    pub(super) fn same(
        &self,
        (what, other): (&str, &Telling),
        points: &[Instant],
    ) -> Result<(), Broken> {
        let plain = Telling::plain(self.history);
        let (ticket, varied) = (self.fold(&plain), self.fold(other));
        for now in points {
            let left = self.read(&plain, &ticket, *now);
            let right = self.read(other, &varied, *now);
            self.alike(&left, (what, &right), *now)?;
        }
        Ok(())
    }

    /// Demands that two lists of readings are equal, whatever their order.
    pub(super) fn alike(
        &self,
        left: &[Reading],
        (what, right): (&str, &[Reading]),
        now: Instant,
    ) -> Result<(), Broken> {
        for one in left {
            let other = counterpart(one, right);
            if other != Some(one) {
                let sides = [
                    Side::reading("as it is", Some(one)),
                    Side::reading(what, other),
                ];
                return Err(self
                    .broken("both should read alike".to_owned(), sides)
                    .seen_at(now));
            }
        }
        match right
            .iter()
            .find(|other| counterpart(other, left).is_none())
        {
            None => Ok(()),
            Some(other) => {
                let sides = [
                    Side::plain("as it is: no such clock"),
                    Side::reading(what, Some(other)),
                ];
                Err(self
                    .broken("both should have the same clocks".to_owned(), sides)
                    .seen_at(now))
            }
        }
    }

    /// Demands that `late` is not due before `early`. A clock that is not due at all is due later
    /// than any other.
    pub(super) fn not_earlier(
        &self,
        (early_is, early): (&str, &Reading),
        (late_is, late): (&str, &Reading),
        now: Instant,
    ) -> Result<(), Broken> {
        let is_earlier = match (early.due_at, late.due_at) {
            (Some(early), Some(late)) => late < early,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if !is_earlier {
            return Ok(());
        }
        let claim = format!("{late_is}, it should not be due earlier than {early_is}");
        let sides = [
            Side::reading(early_is, Some(early)),
            Side::reading(late_is, Some(late)),
        ];
        Err(self.broken(claim, sides).seen_at(now))
    }

    pub(super) fn broken(&self, claim: String, sides: [Side; 2]) -> Broken {
        Broken::new(self.law, self.policy, self.history, claim, sides)
    }
}

/// Returns the reading of the same clock, under whatever goal.
pub(super) fn counterpart<'r>(reading: &Reading, among: &'r [Reading]) -> Option<&'r Reading> {
    among.iter().find(|other| {
        let (a, b) = (&reading.clock, &other.clock);
        (&a.agreement, &a.target, a.started_by) == (&b.agreement, &b.target, b.started_by)
            && reading.cycle == other.cycle
    })
}
