//! What every clock says at an instant, by the oracle and by the engine, in one form.

use std::collections::BTreeMap;

use punctual::clock::{Measure, Reading};
use punctual::ticket::Timeline;
use punctual::time::Instant;

use super::desk::{Desk, MINUTE};
use super::gauge::{self, Course};
use super::story::{self, Clock, How};
use super::world::{AGREEMENTS, At, Entry, Ev, Judged, Len, Mode, REASONS, Rung, Versions, World};

/// Agreement, target, cycle.
pub type Key = (String, String, u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub started_by: u64,
    pub attached_by: u64,
    pub activity: String,
    pub outcome: String,
    pub started_at: i64,
    pub attached_at: i64,
    pub stopped_at: Option<i64>,
    pub measure: String,
    pub budget: Option<i64>,
    pub elapsed: i64,
    pub remaining: Option<i64>,
    pub elapsed_wall: i64,
    pub remaining_wall: Option<i64>,
    pub percent_used: Option<u64>,
    pub due_at: Option<i64>,
    pub breach_after: Option<i64>,
    pub due_if_resumed_now: Option<i64>,
    pub breached_at: Option<i64>,
    pub first_breached_at: Option<i64>,
    pub over_on_attach: bool,
    pub pauses: Vec<(String, i64)>,
    pub warnings: u16,
}

impl Row {
    /// Name and value of every field, as a person reads them.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let at = |at: i64| super::world::instant(at).to_string();
        let maybe_at = |it: Option<i64>| it.map_or_else(|| "-".to_owned(), at);
        let minutes = |it: i64| format!("{}m{}us", it / MINUTE, it % MINUTE);
        let maybe = |it: Option<i64>| it.map_or_else(|| "-".to_owned(), minutes);
        vec![
            ("started_by", self.started_by.to_string()),
            ("attached_by", self.attached_by.to_string()),
            ("activity", self.activity.clone()),
            ("outcome", self.outcome.clone()),
            ("started_at", at(self.started_at)),
            ("attached_at", at(self.attached_at)),
            ("stopped_at", maybe_at(self.stopped_at)),
            ("measure", self.measure.clone()),
            ("budget", maybe(self.budget)),
            ("elapsed", minutes(self.elapsed)),
            ("remaining", maybe(self.remaining)),
            ("elapsed_wall", minutes(self.elapsed_wall)),
            ("remaining_wall", maybe(self.remaining_wall)),
            ("percent_used", format!("{:?}", self.percent_used)),
            ("due_at", maybe_at(self.due_at)),
            ("breach_after", maybe_at(self.breach_after)),
            ("due_if_resumed_now", maybe_at(self.due_if_resumed_now)),
            ("breached_at", maybe_at(self.breached_at)),
            ("first_breached_at", maybe_at(self.first_breached_at)),
            ("over_on_attach", self.over_on_attach.to_string()),
            ("pauses", format!("{:?}", self.pauses)),
            ("warnings", self.warnings.to_string()),
        ]
    }
}

/// What the engine says.
pub fn by_engine(versions: &Versions, timeline: &Timeline, now: Instant) -> BTreeMap<Key, Row> {
    let readings = punctual::clock::read(timeline, &versions.bindings(timeline, now), now);
    let count = readings.len();
    let rows: BTreeMap<Key, Row> = readings.iter().map(row_of).collect();
    assert_eq!(rows.len(), count, "no cycle is told twice");
    rows
}

fn row_of(reading: &Reading) -> (Key, Row) {
    let micros = |at: Option<Instant>| at.map(Instant::micros);
    let key = (
        reading.clock.agreement.to_string(),
        reading.clock.target.to_string(),
        reading.cycle,
    );
    let row = Row {
        started_by: reading.clock.started_by.get(),
        attached_by: reading.clock.attached_by.get(),
        activity: reading.activity.name().to_owned(),
        outcome: reading.outcome.to_string(),
        started_at: reading.started_at.micros(),
        attached_at: reading.attached_at.micros(),
        stopped_at: micros(reading.stopped_at),
        measure: match &reading.measure {
            Measure::Wall => "wall".to_owned(),
            Measure::Working { calendar, .. } => calendar.to_string(),
        },
        budget: reading.budget.map(|it| it.micros()),
        elapsed: reading.elapsed.micros(),
        remaining: reading.remaining.map(|it| it.micros()),
        elapsed_wall: reading.elapsed_wall.micros(),
        remaining_wall: reading.remaining_wall.map(|it| it.micros()),
        percent_used: reading.percent_used,
        due_at: micros(reading.due_at),
        breach_after: micros(reading.breach_after),
        due_if_resumed_now: micros(reading.due_if_resumed_now),
        breached_at: micros(reading.breached_at),
        first_breached_at: micros(reading.first_breached_at),
        over_on_attach: reading.over_on_attach,
        pauses: sorted(
            reading
                .pauses
                .iter()
                .map(|(reason, length)| (reason.to_string(), length.micros()))
                .collect(),
        ),
        warnings: reading.warnings,
    };
    (key, row)
}

/// In which order reasons are told is not promised.
fn sorted(mut pauses: Vec<(String, i64)>) -> Vec<(String, i64)> {
    pauses.sort();
    pauses
}

/// What the oracle says.
pub fn by_oracle(world: &World, now: i64) -> BTreeMap<Key, Row> {
    let facts = world.facts(now);
    let judged = judged(&facts);
    story::clocks(world, &facts)
        .iter()
        .filter(|clock| clock.was_promised())
        .map(|clock| {
            let key = (
                AGREEMENTS[clock.agreement].to_owned(),
                format!("t{}", clock.target),
                clock.cycle,
            );
            (key, row(world, &facts, clock, &judged, now))
        })
        .collect()
}

/// How the ticket is judged after these facts.
pub fn judged(facts: &[Entry]) -> Judged {
    let mut judged = Judged::default();
    let mut received = false;
    for fact in facts {
        match fact.ev {
            Ev::Received { class, level, .. } if !received => {
                received = true;
                judged = Judged { class, level };
            }
            Ev::Classified { class, level } => {
                judged.class = class.or(judged.class);
                judged.level = level.or(judged.level);
            }
            _ => {}
        }
    }
    judged
}

/// The attachment that a reading is of: the last with a goal.
pub fn shown(clock: &Clock) -> usize {
    clock
        .attachments
        .iter()
        .rposition(|it| it.goal.is_some())
        .expect("it was promised")
}

/// Whether it runs at `at`: the instants from a pause's start to its end are not in a run.
pub fn stands_still(
    world: &World,
    facts: &[Entry],
    clock: &Clock,
    at: i64,
) -> Option<&'static str> {
    if clock.end.is_some() {
        return Some("stopped");
    }
    if clock.is_suspended() {
        return Some("suspended");
    }
    let covers = |(from, to): &(i64, Option<i64>)| *from <= at && to.is_none_or(|to| at < to);
    let waits = clock.spec(world).pause.iter().any(|reason| {
        let plan = clock.attachments[clock.attachments.len() - 1].plan;
        let waits = gauge::waits(world, facts, plan, *reason);
        waits.iter().any(covers)
    });
    waits.then_some("paused")
}

fn row(world: &World, facts: &[Entry], clock: &Clock, judged: &Judged, now: i64) -> Row {
    let index = shown(clock);
    let target = clock.spec_at(world, index);
    let asleep = clock.goal().is_none();
    let attached = if asleep {
        *clock.attachments.last().expect("it was promised")
    } else {
        clock.attachments[index]
    };
    let still = stands_still(world, facts, clock, now);
    // A goal that no longer fits ends the clock there (C8).
    let slept_at = asleep.then(|| clock.attachments[index + 1].at);
    let until = slept_at
        .or_else(|| clock.end.as_ref().map(|end| end.at))
        .unwrap_or(now);
    let activity = if asleep {
        "stopped"
    } else {
        still.unwrap_or("running")
    };
    let terms = gauge::terms(world, facts, clock, index).expect("it has a goal");
    let goes_on = matches!(activity, "running" | "stopped");
    // B4: what a visit leaves does not wait, so a lead clock that goes on has missed nothing.
    let mut woken = clock.clone();
    if let Some((_, to @ None)) = woken.suspended.last_mut() {
        *to = Some(until);
    }
    let ahead = if goes_on { &woken } else { clock };
    let course = Course::new(world, facts, ahead, terms.clone(), until, goes_on);
    let budget = terms.budget.filter(|_| !asleep);
    let elapsed = gauge::used(world, facts, clock, &terms, until);
    let over = budget.is_some_and(|budget| elapsed > budget);
    // What went by while the ticket was resolved never was a deadline.
    let is_asleep = clock.suspended.last().is_some_and(|(_, to)| to.is_none());
    let is_left = budget.is_some_and(|budget| elapsed < budget);
    let is_missed = |at: i64| target.is_lead() && is_asleep && is_left && at <= until;
    let reach = budget.and_then(|budget| course.reach(budget));
    let due_at = reach.filter(|at| !is_missed(*at));
    let breached_at = |index| breached_at(world, facts, clock, index, now);
    let warnings = budget.map_or(0, |_| warnings(world, facts, clock, judged, index, until));
    let outcome = outcome(facts, clock, asleep, terms.budget.is_none(), over, warnings);
    let resumed = Course::new(world, facts, &woken, terms.clone(), until, true);
    let waiting = matches!(activity, "paused" | "suspended");
    let started_at = match target.mode {
        Mode::Reset => story::base(Mode::Reset, clock, index),
        Mode::Retroactive | Mode::Carry | Mode::Forward => clock.started_at,
    };
    Row {
        started_by: clock.started_by,
        attached_by: attached.by,
        activity: activity.to_owned(),
        outcome,
        started_at,
        attached_at: attached.at,
        stopped_at: slept_at.or_else(|| clock.end.as_ref().map(|end| end.at)),
        measure: terms
            .desk
            .map_or_else(|| "wall".to_owned(), |desk| desk.to_string()),
        budget,
        elapsed,
        remaining: budget.map(|budget| budget - elapsed),
        elapsed_wall: until - started_at,
        remaining_wall: due_at.map(|due| due - until),
        percent_used: budget
            .filter(|budget| *budget > 0)
            .map(|budget| u64::try_from(i128::from(elapsed) * 100 / i128::from(budget)).unwrap()),
        due_at,
        breach_after: budget
            .filter(|_| !reach.is_some_and(is_missed))
            .and_then(|budget| course.last_within(budget)),
        due_if_resumed_now: budget
            .filter(|_| waiting && due_at.is_none())
            .and_then(|budget| resumed.reach(budget)),
        breached_at: if asleep { None } else { breached_at(index) },
        first_breached_at: (0..clock.attachments.len()).filter_map(breached_at).min(),
        over_on_attach: !asleep && is_over_on_attach(world, facts, clock, index),
        pauses: pauses(world, facts, clock, index, started_at, until),
        warnings,
    }
}

fn outcome(
    facts: &[Entry],
    clock: &Clock,
    asleep: bool,
    insufficient: bool,
    over: bool,
    warnings: u16,
) -> String {
    let is_waived = facts.iter().any(|fact| {
        matches!(fact.ev, Ev::Waived { agreement, target, cycle }
            if (agreement, target, cycle) == (clock.agreement, clock.target, clock.cycle))
    });
    let text = match &clock.end {
        _ if asleep => "cancelled (no goal)",
        _ if is_waived => "waived",
        None if insufficient => "insufficient-lead",
        None if over => "breaching",
        None if warnings > 0 => "imminent",
        None => "open",
        Some(end) => match &end.how {
            How::Stopped if insufficient => "insufficient-lead",
            How::Stopped if over => "breached",
            How::Stopped => "met",
            How::Cancelled(why) => return format!("cancelled ({why})"),
        },
    };
    text.to_owned()
}

pub fn is_over_on_attach(world: &World, facts: &[Entry], clock: &Clock, index: usize) -> bool {
    let at = clock.attachments[index].at;
    gauge::terms(world, facts, clock, index).is_some_and(|terms| {
        let used = gauge::used(world, facts, clock, &terms, at);
        terms.budget.is_some_and(|budget| used > budget)
    })
}

/// C2: in the run that exceeded the budget, the instant at which E reached it.
pub fn breached_at(
    world: &World,
    facts: &[Entry],
    clock: &Clock,
    index: usize,
    now: i64,
) -> Option<i64> {
    let terms = gauge::terms(world, facts, clock, index)?;
    let budget = terms.budget?;
    let from = clock.attachments[index].at;
    let next = clock.attachments.get(index + 1).map(|next| next.at);
    let until = next
        .into_iter()
        .chain(clock.end.as_ref().map(|end| end.at))
        .chain([now])
        .min()?;
    let used = |at| gauge::used(world, facts, clock, &terms, at);
    for (a, b) in gauge::runs(world, facts, clock, index, until) {
        let a = a.max(from);
        if a >= b {
            continue;
        }
        if used(a) >= budget && used(b) > budget {
            return Some(a);
        }
        if used(b) > budget {
            return Course::new(world, facts, clock, terms.clone(), until, false).reach(budget);
        }
    }
    let runs_now = next.is_none() && stands_still(world, facts, clock, now).is_none();
    // Over as it came, and about to run for the first time since.
    (runs_now && used(from) > budget).then_some(until)
}

/// C3: the time of each reason, in wall time.
fn pauses(
    world: &World,
    facts: &[Entry],
    clock: &Clock,
    index: usize,
    from: i64,
    until: i64,
) -> Vec<(String, i64)> {
    let plan = clock.attachments[index].plan;
    clock
        .spec_at(world, index)
        .pause
        .iter()
        .map(|reason| {
            // C16: suspended wins over paused.
            let spans = gauge::waits(world, facts, plan, *reason)
                .iter()
                .map(|(a, b)| ((*a).max(from), b.unwrap_or(until).min(until)))
                .filter(|(a, b)| a < b)
                .collect();
            let spans = gauge::without(spans, &clock.suspended);
            let sum = spans.iter().map(|(a, b)| b - a).sum();
            (REASONS[*reason].to_owned(), sum)
        })
        .filter(|(_, sum)| *sum > 0)
        .collect()
}

/// How many rungs before the due instant have been reached (C5, L1).
fn warnings(
    world: &World,
    facts: &[Entry],
    clock: &Clock,
    judged: &Judged,
    index: usize,
    until: i64,
) -> u16 {
    let reached = |rung: &&Rung| {
        rung.when.holds(judged) && is_reached(world, facts, clock, index, rung, until)
    };
    let ladder = &clock.spec_at(world, index).ladder;
    let count = ladder.iter().filter(reached).count();
    u16::try_from(count).unwrap()
}

fn is_reached(
    world: &World,
    facts: &[Entry],
    clock: &Clock,
    index: usize,
    rung: &Rung,
    until: i64,
) -> bool {
    let Some(terms) = gauge::terms(world, facts, clock, index) else {
        return false;
    };
    let Some(budget) = terms.budget else {
        return false;
    };
    let used = gauge::used(world, facts, clock, &terms, until);
    match rung.at {
        At::Share(percent) => percent < 100 && used >= share(budget, percent),
        At::Lower => terms.lower.is_some_and(|lower| used >= lower),
        At::Before(len) => before_reached(world, facts, clock, index, len, until).is_some(),
        At::Due | At::After(_) => false,
    }
}

/// The desk of a working length on a ladder: its own, or the goal's, or the policy's.
pub fn desk_of(own: Option<Desk>, terms: &gauge::Terms) -> Desk {
    own.or(terms.desk).unwrap_or(Desk::Office)
}

/// When a rung before `due_at` was reached while the clock ran: in each run the deadline is the one
/// that stands if the run goes on (C3, L3).
pub fn before_reached(
    world: &World,
    facts: &[Entry],
    clock: &Clock,
    index: usize,
    len: Len,
    until: i64,
) -> Option<i64> {
    let terms = gauge::terms(world, facts, clock, index)?;
    let budget = terms.budget?;
    let point_of = |due_at: i64| match len {
        Len::Wall(minutes) => due_at - minutes * MINUTE,
        Len::Working(minutes, on) => {
            gauge::before(world, Some(desk_of(on, &terms)), due_at, minutes * MINUTE)
        }
        Len::WorkingDays(..) => unreachable!("nothing defines a working day before"),
    };
    // What has fallen due has passed everything before it.
    let past = Course::new(world, facts, clock, terms.clone(), until, false);
    if gauge::used(world, facts, clock, &terms, until) >= budget
        && terms.used < budget
        && until > clock.started_at
    {
        return past.reach(budget).map(point_of);
    }
    let mut runs = gauge::runs(world, facts, clock, index, until);
    if clock.end.is_none() && stands_still_at(world, facts, clock, until).is_none() {
        runs.push((until, i64::MAX));
    }
    for (a, b) in runs {
        let a = a.max(terms.from);
        // A run that the goal was not there for.
        if a >= b {
            continue;
        }
        let course = Course::new(world, facts, clock, terms.clone(), a, true);
        let due_at = course.reach(budget)?;
        let point = point_of(due_at);
        if point.max(a) <= b.min(until) {
            return Some(point);
        }
    }
    None
}

fn stands_still_at(world: &World, facts: &[Entry], clock: &Clock, at: i64) -> Option<&'static str> {
    let mut open = clock.clone();
    open.end = None;
    stands_still(world, facts, &open, at)
}

/// The first length that is so many hundredths of the whole.
pub fn share(whole: i64, percent: i64) -> i64 {
    let hundredfold = i128::from(whole) * i128::from(percent);
    i64::try_from((hundredfold + 99) / 100).unwrap()
}
