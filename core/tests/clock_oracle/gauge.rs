//! How much is used: one measure, E, as a list of the moments that count, and everything that a
//! reading tells read off that list (SEMANTICS B, C1-C5).

use super::desk::{self, Desk, MINUTE};
use super::story::{self, Clock};
use super::world::{Entry, Ev, Mode, Within, World, any};

/// Stretches of time, in order and apart.
pub type Spans = Vec<(i64, i64)>;

/// What a clock counts, and how much it may.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Of which attachment.
    pub index: usize,
    /// Wall time where there is none.
    pub desk: Option<Desk>,
    /// From where it counts.
    pub from: i64,
    /// What is counted as used by then.
    pub used: i64,
    /// `None` when the lead was too short.
    pub budget: Option<i64>,
    pub lower: Option<i64>,
}

/// When a reason to pause was open, among these facts (C4, C9).
pub fn waits(
    world: &World,
    facts: &[Entry],
    plan: usize,
    reason: usize,
) -> Vec<(i64, Option<i64>)> {
    let mut spans: Vec<(i64, Option<i64>)> = Vec::new();
    let mut since = None;
    for fact in facts {
        match fact.ev {
            Ev::Paused(it) if it == reason => since = since.or(Some(fact.at)),
            Ev::Resolved | Ev::Closed | Ev::Resumed(None) => {
                spans.extend(since.take().map(|from| (from, Some(fact.at))));
            }
            Ev::Resumed(Some(it)) if it == reason => {
                spans.extend(since.take().map(|from| (from, Some(fact.at))));
            }
            _ if any(&world.version(plan).resumes_on[reason], fact) => {
                spans.extend(since.take().map(|from| (from, Some(fact.at))));
            }
            _ => {}
        }
    }
    spans.extend(since.map(|from| (from, None)));
    spans
}

/// Takes stretches out of others; an open one lasts for ever.
pub fn without(spans: Spans, holes: &[(i64, Option<i64>)]) -> Spans {
    let mut left = spans;
    for (from, to) in holes {
        let to = to.unwrap_or(i64::MAX);
        // Paused and resumed at one instant is nothing; it does not part a run either.
        if *from >= to {
            continue;
        }
        left = left
            .into_iter()
            .flat_map(|(a, b)| [(a, b.min(*from)), (a.max(to), b)])
            .filter(|(a, b)| a < b)
            .collect();
    }
    left
}

/// When the clock ran, up to `until`: from its start, neither paused nor suspended,
/// by the pauses of one of its goals.
pub fn runs(world: &World, facts: &[Entry], clock: &Clock, index: usize, until: i64) -> Spans {
    let (target, plan) = (clock.spec_at(world, index), clock.attachments[index].plan);
    let mut spans = vec![(clock.started_at, until)];
    spans.retain(|(a, b)| a < b);
    if target.is_lead() {
        // B4: the visit comes nearer all the same, so once the ticket is reopened the time counts.
        let mut open = clock.suspended.clone();
        open.retain(|(_, to)| to.is_none());
        return without(spans, &open);
    }
    for reason in &target.pause {
        spans = without(spans, &waits(world, facts, plan, *reason));
    }
    without(spans, &clock.suspended)
}

/// The parts of `spans` in which the desk is open.
pub fn counting(world: &World, spans: &Spans, desk: Option<Desk>) -> Spans {
    let Some(desk) = desk else {
        return spans.clone();
    };
    let open = desk.open(world.around);
    let mut found = Vec::new();
    for (a, b) in spans {
        for (from, to) in open {
            let (a, b) = (*a.max(from), *b.min(to));
            if a < b {
                found.push((a, b));
            }
        }
    }
    found
}

/// How much of `spans` lies in [a, b).
fn length(spans: &Spans, a: i64, b: i64) -> i64 {
    spans
        .iter()
        .map(|(from, to)| ((*to).min(b) - (*from).max(a)).max(0))
        .sum()
}

/// The earliest instant from `from` on at which `spans` have given so much.
pub fn earliest(spans: &Spans, from: i64, much: i64) -> Option<i64> {
    let mut left = much;
    if left <= 0 {
        return Some(from);
    }
    for (a, b) in spans {
        let a = (*a).max(from);
        if a >= *b {
            continue;
        }
        if left <= b - a {
            return Some(a + left);
        }
        left -= b - a;
    }
    None
}

/// The latest instant from `from` on at which `spans` have given no more than so much.
fn latest(spans: &Spans, from: i64, much: i64) -> Option<i64> {
    let mut left = much;
    // Over as it came: nothing after `from` is in time.
    if left < 0 {
        return Some(from);
    }
    for (a, b) in spans {
        let a = (*a).max(from);
        if a >= *b {
            continue;
        }
        if left < b - a {
            return Some(a + left);
        }
        left -= b - a;
    }
    None
}

/// Time of a measure between two instants, without pauses.
pub fn plain(world: &World, desk: Option<Desk>, a: i64, b: i64) -> i64 {
    length(&counting(world, &vec![(a, b)], desk), a, b)
}

/// K4: the latest instant from which so much is left until `to`.
pub fn before(world: &World, desk: Option<Desk>, to: i64, much: i64) -> i64 {
    let open = counting(world, &vec![(0, to)], desk);
    let mut left = much;
    for (a, b) in open.iter().rev() {
        if left <= b - a {
            return b - left;
        }
        left -= b - a;
    }
    unreachable!("no lead of these tests goes back so far")
}

/// The terms of one attachment. `None` where no goal fitted.
pub fn terms(world: &World, facts: &[Entry], clock: &Clock, index: usize) -> Option<Terms> {
    let target = clock.spec_at(world, index);
    let attached = clock.attachments[index];
    let goal = target.goals[attached.goal?];
    let base = story::base(target.mode, clock, index);
    let desk = match goal.within {
        Within::Elapsed { .. } | Within::Days { .. } | Within::LeadWall { .. } => None,
        Within::Working { on, .. }
        | Within::WorkingDays { on, .. }
        | Within::LeadWorking { on, .. } => Some(on),
    };
    let days = |n: i64| match goal.within {
        Within::WorkingDays { on, same_time, .. } => {
            plain(world, desk, base, on.working_day(base, n, same_time))
        }
        _ => desk::days_after(world.plan.zone, base, n) - base,
    };
    let (budget, lower) = match goal.within {
        Within::Elapsed { lower, most } | Within::Working { lower, most, .. } => {
            (Some(most * MINUTE), lower.map(|lower| lower * MINUTE))
        }
        Within::Days { lower, most } | Within::WorkingDays { lower, most, .. } => {
            (Some(days(most)), lower.map(days))
        }
        Within::LeadWall { ahead } | Within::LeadWorking { ahead, .. } => {
            let visit = clock.visit_at.expect("a lead clock starts with a visit");
            let due = before(world, desk, visit, ahead * MINUTE);
            ((due >= base).then(|| plain(world, desk, base, due)), None)
        }
    };
    let mut terms = Terms {
        index,
        desk,
        from: base,
        used: 0,
        budget,
        lower,
    };
    if target.mode == Mode::Carry && index > 0 {
        carry(world, facts, clock, index, &mut terms);
    }
    Some(terms)
}

/// C8: the share used is kept, rounded down to the microsecond.
fn carry(world: &World, facts: &[Entry], clock: &Clock, index: usize, terms: &mut Terms) {
    let Some(former) = (0..index)
        .rev()
        .find(|it| clock.attachments[*it].goal.is_some())
    else {
        return;
    };
    let old = self::terms(world, facts, clock, former).expect("it has a goal");
    let until = clock.attachments[former + 1].at;
    let (Some(budget), Some(old_budget)) = (terms.budget, old.budget) else {
        return;
    };
    let used = i128::from(used(world, facts, clock, &old, until));
    terms.used = if old_budget == 0 {
        // A budget of nothing is used up from the outset.
        budget
    } else {
        i64::try_from(used * i128::from(budget) / i128::from(old_budget)).unwrap()
    };
    terms.from = clock.attachments[index].at;
}

/// E from the start to `at`.
pub fn used(world: &World, facts: &[Entry], clock: &Clock, terms: &Terms, at: i64) -> i64 {
    let spans = counting(
        world,
        &runs(world, facts, clock, terms.index, at),
        terms.desk,
    );
    terms.used + length(&spans, terms.from, at)
}

/// Whether the budget of the present goal is exceeded at `at`.
pub fn is_over(world: &World, facts: &[Entry], clock: &Clock, at: i64) -> bool {
    let last = clock.attachments.len() - 1;
    terms(world, facts, clock, last).is_some_and(|terms| {
        let used = used(world, facts, clock, &terms, at);
        terms.budget.is_some_and(|budget| used > budget)
    })
}

/// A clock's course under one goal, from which both edges of every amount are read: what has
/// counted up to `now`, and what will if it goes on.
pub struct Course {
    pub terms: Terms,
    past: Spans,
    future: Option<Spans>,
}

impl Course {
    /// `goes_on`: from when it is taken to run for ever.
    pub fn new(
        world: &World,
        facts: &[Entry],
        clock: &Clock,
        terms: Terms,
        until: i64,
        goes_on: bool,
    ) -> Self {
        let past = counting(
            world,
            &runs(world, facts, clock, terms.index, until),
            terms.desk,
        );
        let future =
            goes_on.then(|| counting(world, &vec![(until, desk::far(world.around))], terms.desk));
        Self {
            terms,
            past,
            future,
        }
    }

    fn all(&self) -> Spans {
        let mut spans = self.past.clone();
        spans.extend(self.future.iter().flatten());
        spans
    }

    /// The earliest instant with E >= `much`.
    pub fn reach(&self, much: i64) -> Option<i64> {
        earliest(&self.all(), self.terms.from, much - self.terms.used)
    }

    /// The latest instant with E <= `much`.
    pub fn last_within(&self, much: i64) -> Option<i64> {
        latest(&self.all(), self.terms.from, much - self.terms.used)
    }
}
