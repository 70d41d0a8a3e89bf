//! When the desk does what it promised: in time for the share that the options say, late for the
//! rest.

use punctual::policy::Budget;
use punctual::time::Instant;

use super::story::{Story, later, seconds_between};

/// What a promise allows, counted from some instant.
#[derive(Debug, Clone, Copy)]
enum Allowed {
    /// Seconds day and night.
    Wall(u64),
    /// Seconds of opening hours.
    Open(u64),
}

/// A part of a budget in thousandths.
pub(super) type Part = u64;

impl Story<'_> {
    /// When the desk does what a target promises from `from` on. Kept promises are kept early
    /// rather than late; broken ones are late by anything from a little to three times the budget.
    ///
    /// Where the target promises nothing to such a ticket it is done within an hour or two of
    /// opening time.
    pub(super) fn meet(&mut self, target: &str, from: Instant) -> Instant {
        let part = if self.keeps_promise() {
            self.draw.spread(40, 940)
        } else {
            self.draw.spread(1_040, 4_000)
        };
        self.meet_at(target, from, part)
            .unwrap_or_else(|| self.soon(from, 300, 7_200))
    }

    /// Whether the desk is punctual this time.
    pub(super) fn keeps_promise(&mut self) -> bool {
        let share = self.workload.options.punctuality.thousandths();
        self.draw.chance(share)
    }

    /// When that part of a target's budget has passed. `None` where it promises nothing.
    pub(super) fn meet_at(&mut self, target: &str, from: Instant, part: Part) -> Option<Instant> {
        let at = match self.allowed(target, from)? {
            Allowed::Open(seconds) => self.house().worked(from, seconds * part / 1_000),
            Allowed::Wall(seconds) => self.on_the_wall(from, seconds, part),
        };
        Some(at.max(from))
    }

    /// People prefer office hours where the budget has some; where it has none somebody is on duty.
    fn on_the_wall(&mut self, from: Instant, seconds: u64, part: Part) -> Instant {
        let at = later(from, seconds * part / 1_000);
        if part > 1_000 {
            // What is late already waits until morning.
            return if self.house().office().is_open(at) {
                at
            } else {
                self.soon(at, 60, 1_800)
            };
        }
        let open = self.house().open_between(from, later(from, seconds));
        if open * 8 > seconds || open > 3_600 {
            return self.house().worked(from, open * part / 1_000);
        }
        // A day's budget leaves room for not waking anybody.
        let evening = super::story::evening_before(at);
        evening.filter(|evening| *evening > from).unwrap_or(at)
    }

    fn allowed(&self, target: &str, from: Instant) -> Option<Allowed> {
        let (_, goal) = self.house().target(target).goal_for(&self.status)?;
        let office = self.house().office();
        let seconds = |micros: i64| u64::try_from(micros / 1_000_000).unwrap_or(0);
        match goal.within {
            Budget::Elapsed(length) => Some(Allowed::Wall(seconds(length.micros()))),
            Budget::Working { length, .. } => Some(Allowed::Open(seconds(length.micros()))),
            Budget::CalendarDays { days } => {
                let due = office.days_after(from, days.get()).ok()?;
                Some(Allowed::Wall(seconds_between(from, due)))
            }
            Budget::WorkingDays { days, .. } => {
                let due = office.working_day_closing(from, days).ok()?;
                Some(Allowed::Open(self.house().open_between(from, due)))
            }
            Budget::Lead { .. } | _ => None,
        }
    }
}
