//! Who must be told, and when: SEMANTICS L1-L4 read word by word, by the oracle and by the engine.

use std::collections::{BTreeMap, BTreeSet};

use punctual::escalation::{self, Notice};
use punctual::ticket::{ClockId, Escalated, Ticket};
use punctual::time::Instant;

use super::desk::MINUTE;
use super::gauge::{self, Course, Terms};
use super::reading::{self, desk_of, share};
use super::story::{self, Clock};
use super::world::{AGREEMENTS, At, Entry, Ev, Len, ROLES, Rung, Versions, World};

/// L2: agreement, target, the start event, the attaching event, rung, repeat.
pub type Id = (String, String, u64, u64, Option<u16>, u16);

/// What is said of one rung: the role, the instant, how it stands.
pub type Line = (String, i64, String);

/// What the engine says.
pub fn by_engine(versions: &Versions, ticket: &Ticket, now: Instant) -> BTreeMap<Id, Line> {
    let bindings = versions.bindings(ticket.timeline(), now);
    let notices = escalation::notices(ticket, &bindings, now);
    let count = notices.len();
    let lines: BTreeMap<Id, Line> = notices.iter().map(line_of).collect();
    assert_eq!(lines.len(), count, "no rung is told of twice");
    lines
}

fn line_of(notice: &Notice) -> (Id, Line) {
    let id = id_of(&notice.clock, notice.rung, notice.repeat);
    let standing = format!("{:?}", notice.standing);
    (id, (notice.role.to_string(), notice.at.micros(), standing))
}

fn id_of(clock: &ClockId, rung: Option<u16>, repeat: u16) -> Id {
    (
        clock.agreement.to_string(),
        clock.target.to_string(),
        clock.started_by.get(),
        clock.attached_by.get(),
        rung,
        repeat,
    )
}

/// The rungs that were told, by what is recorded of them.
pub fn told(escalated: &[Escalated]) -> BTreeSet<Id> {
    let id = |it: &Escalated| id_of(&it.clock, it.rung, it.repeat);
    escalated.iter().map(id).collect()
}

/// What the oracle says.
pub fn by_oracle(world: &World, now: i64, told: &BTreeSet<Id>) -> BTreeMap<Id, Line> {
    let facts = world.facts(now);
    let mut lines = BTreeMap::new();
    for clock in story::clocks(world, &facts) {
        let last = clock.attachments.len() - 1;
        for index in 0..=last {
            let Some(stage) = Stage::new(world, &facts, &clock, index, now) else {
                continue;
            };
            for (id, line) in stage.lines(told) {
                // L3: of a goal that was superseded only what nobody recorded in time is told.
                let was_reached = matches!(line.2.as_str(), "Owed" | "Lapsed");
                if index == last {
                    lines.insert(id, line);
                } else if was_reached && id.4.is_some() && line.1 <= stage.until {
                    lines.insert(id, (line.0, line.1, "Lapsed".to_owned()));
                }
            }
        }
    }
    lines
}

/// A clock under one of its goals.
struct Stage<'w> {
    world: &'w World,
    facts: &'w [Entry],
    clock: &'w Clock,
    index: usize,
    terms: Terms,
    budget: i64,
    /// Where this goal's time ends.
    until: i64,
    /// Whether anything can be expected of it: it has not ended, and it runs.
    runs_on: bool,
    now: i64,
}

impl<'w> Stage<'w> {
    fn new(
        world: &'w World,
        facts: &'w [Entry],
        clock: &'w Clock,
        index: usize,
        now: i64,
    ) -> Option<Self> {
        let terms = gauge::terms(world, facts, clock, index)?;
        let next = clock.attachments.get(index + 1).map(|next| next.at);
        let end = clock.end.as_ref().map(|end| end.at);
        let stands_still = reading::stands_still(world, facts, clock, now).is_some();
        Some(Self {
            world,
            facts,
            clock,
            index,
            budget: terms.budget?,
            terms,
            until: next.or(end).unwrap_or(now),
            runs_on: next.is_none() && !stands_still,
            now,
        })
    }

    fn lines(&self, told: &BTreeSet<Id>) -> Vec<(Id, Line)> {
        let mut lines = Vec::new();
        let ladder = &self.clock.spec_at(self.world, self.index).ladder;
        for (place, rung) in (0_u16..).zip(ladder) {
            let Some((first, mut is_reached)) = self.point(rung.at) else {
                continue;
            };
            lines.extend(self.line(rung, (place, 0), first, is_reached, told));
            for (repeat, (every, most)) in (1..).zip(std::iter::repeat_n(rung.repeat, 9).flatten())
            {
                // L1: repeats count from the rung's own point; one that is ahead hides the next.
                if repeat > most || !is_reached {
                    break;
                }
                let Some(at) = self.passing(first, every, i64::from(repeat)) else {
                    break;
                };
                is_reached = at <= self.until;
                lines.extend(self.line(rung, (place, repeat), at, is_reached, told));
            }
        }
        lines.extend(self.birth_line(told));
        lines
    }

    /// C8: over as it came gives one notice, to the highest rung's role.
    fn birth_line(&self, told: &BTreeSet<Id>) -> Option<(Id, Line)> {
        if !reading::is_over_on_attach(self.world, self.facts, self.clock, self.index) {
            return None;
        }
        let at = self.clock.attachments[self.index].at;
        let judged = reading::judged(&self.world.facts(at));
        let ladder = self.clock.spec_at(self.world, self.index).ladder.iter();
        let role = ladder
            .filter(|rung| rung.when.holds(&judged))
            .map(|rung| rung.tell)
            .max()?;
        let id = self.id(None, 0);
        let standing = if self.is_told(told, None, 0) {
            "Told"
        } else if self.clock.end.is_some() || self.is_waived() {
            "Lapsed"
        } else {
            "Owed"
        };
        Some((id, (ROLES[role].to_owned(), at, standing.to_owned())))
    }

    fn line(
        &self,
        rung: &Rung,
        (place, repeat): (u16, u16),
        at: i64,
        is_reached: bool,
        told: &BTreeSet<Id>,
    ) -> Option<(Id, Line)> {
        // Its condition is asked when it is reached.
        let judged = reading::judged(&self.world.facts(at.min(self.now)));
        if !rung.when.holds(&judged) {
            return None;
        }
        let id = self.id(Some(place), repeat);
        let attached_at = self.clock.attachments[self.index].at;
        let standing = if self.is_told(told, Some(place), repeat) {
            "Told"
        } else if self.is_waived() {
            "Lapsed"
        } else if !is_reached {
            "Ahead"
        } else if at <= attached_at {
            "Superseded"
        } else if self.clock.end.is_some() {
            "Lapsed"
        } else {
            "Owed"
        };
        Some((id, (ROLES[rung.tell].to_owned(), at, standing.to_owned())))
    }

    /// L2: a rebind does not refire what the same target and cycle already fired.
    fn is_told(&self, told: &BTreeSet<Id>, rung: Option<u16>, repeat: u16) -> bool {
        let attachments = &self.clock.attachments[..=self.index];
        let mut id = self.id(rung, repeat);
        for attachment in attachments.iter().rev() {
            id.3 = attachment.by;
            if told.contains(&id) {
                return true;
            }
            if !attachment.rebound {
                break;
            }
        }
        false
    }

    fn id(&self, rung: Option<u16>, repeat: u16) -> Id {
        let clock = self.clock;
        (
            AGREEMENTS[clock.agreement].to_owned(),
            format!("t{}", clock.target),
            clock.started_by,
            clock.attachments[self.index].by,
            rung,
            repeat,
        )
    }

    fn is_waived(&self) -> bool {
        let own = (self.clock.agreement, self.clock.target, self.clock.cycle);
        self.facts.iter().any(|fact| {
            matches!(fact.ev, Ev::Waived { agreement, target, cycle }
                if (agreement, target, cycle) == own)
        })
    }

    /// L1: when a rung is reached or expected, and which of the two.
    fn point(&self, at: At) -> Option<(i64, bool)> {
        let (at, is_reached) = match at {
            At::Share(percent) => self.reaching(share(self.budget, percent))?,
            At::Lower => self.reaching(self.terms.lower?)?,
            At::Before(len) => self.before_due(len)?,
            At::Due => (self.breach_from()?, self.is_over()),
            At::After(len) => {
                // "Owed one microsecond later" than the offset after the last instant in time.
                let at = self.passing(self.last_in_time()?, len, 1)? + 1;
                (at, self.is_over() && at <= self.until)
            }
        };
        (is_reached || self.runs_on).then_some((at, is_reached))
    }

    fn course(&self, goes_on: bool) -> Course {
        let terms = self.terms.clone();
        Course::new(
            self.world, self.facts, self.clock, terms, self.until, goes_on,
        )
    }

    fn is_over(&self) -> bool {
        let used = gauge::used(self.world, self.facts, self.clock, &self.terms, self.until);
        used > self.budget
    }

    /// A share falls at the earliest instant at which E reaches it.
    fn reaching(&self, wanted: i64) -> Option<(i64, bool)> {
        let reached = self.course(false).reach(wanted).map(|at| (at, true));
        reached.or_else(|| Some((self.course(self.runs_on).reach(wanted)?, false)))
    }

    fn last_in_time(&self) -> Option<i64> {
        self.course(self.runs_on).last_within(self.budget)
    }

    /// When the breach begins: at once where more than all was taken over.
    fn breach_from(&self) -> Option<i64> {
        if self.terms.used > self.budget {
            return Some(self.clock.attachments[self.index].at);
        }
        Some(self.last_in_time()? + 1)
    }

    /// The deadline is the one that stands while it runs (C3): the rung is reached when the clock
    /// runs and that is no further away than the offset.
    fn before_due(&self, len: Len) -> Option<(i64, bool)> {
        let mut runs = gauge::runs(self.world, self.facts, self.clock, self.index, self.until);
        if self.runs_on {
            runs.push((self.until, i64::MAX));
        }
        for (a, b) in runs {
            let a = a.max(self.terms.from);
            if a >= b {
                continue;
            }
            let terms = self.terms.clone();
            let course = Course::new(self.world, self.facts, self.clock, terms, a, true);
            let due_at = course.reach(self.budget)?;
            let at = match len {
                Len::Wall(minutes) => due_at - minutes * MINUTE,
                Len::Working(minutes, on) => {
                    let desk = Some(desk_of(on, &self.terms));
                    gauge::before(self.world, desk, due_at, minutes * MINUTE)
                }
                Len::WorkingDays(..) => unreachable!("nothing defines a working day before"),
            };
            let at = at.max(a);
            if at <= b {
                return Some((at, at <= self.until));
            }
        }
        None
    }

    /// When `count` times a length has passed since `from`, while the clock neither pauses nor is
    /// suspended; `None` where it will not.
    fn passing(&self, from: i64, len: Len, count: i64) -> Option<i64> {
        let (desk, much) = match len {
            Len::Wall(minutes) => (None, minutes * count * MINUTE),
            Len::Working(minutes, on) => (Some(desk_of(on, &self.terms)), minutes * count * MINUTE),
            Len::WorkingDays(days, on) => {
                let desk = desk_of(on, &self.terms);
                let closing = desk.working_day(from, days * count, false);
                (
                    Some(desk),
                    gauge::plain(self.world, Some(desk), from, closing),
                )
            }
        };
        let mut runs = gauge::runs(self.world, self.facts, self.clock, self.index, self.until);
        if self.runs_on {
            runs.push((self.until, super::desk::far(self.world.around)));
        }
        gauge::earliest(&gauge::counting(self.world, &runs, desk), from, much)
    }
}
