//! How long promises take: urgent ones that are slower, budgets that cannot be used up, and days that
//! come to less than they say.

use std::collections::BTreeSet;
use std::num::NonZeroU16;

use crate::calendar::CalendarError;
use crate::language::Phrase;
use crate::policy::Policy;
use crate::policy::model::{Budget, DayEnd, Length, Target};
use crate::time::{Instant, Span};

use super::coverage::goals_key;
use super::finding::{Finding, Lint, Path};
use super::space::{Space, Unasked};
use super::steps::Steps;

/// 2025-01-01T00:00:00Z: the samples fall into a year whose holidays are known.
const FIRST_SAMPLE: i64 = 1_735_689_600_000_000;

/// One sample every 7 hours and 13 minutes of a year meets every hour of every weekday.
const STEP: Span = Span::from_micros(433 * Span::MINUTE.micros());
const SAMPLES: usize = 1_213;

/// The steps of one question to a calendar.
const MEASURE: usize = 64;

/// Returns instants over one year.
fn samples() -> impl Iterator<Item = Instant> {
    let first = Instant::from_micros(FIRST_SAMPLE).ok();
    std::iter::successors(first, |at| at.checked_add(STEP).ok()).take(SAMPLES)
}

/// Looks at the budgets of one target.
pub(super) fn target(
    policy: &Policy,
    target: &Target,
    path: &Path,
    steps: &mut Steps,
    findings: &mut Vec<Finding>,
) {
    let goals = path.key(goals_key(target));
    let mut checked: Vec<Budget> = Vec::new();
    for (place, goal) in target.goals.iter().enumerate() {
        if checked.contains(&goal.within) {
            continue;
        }
        checked.push(goal.within);
        if steps.take_for(path, samples_of(goal.within)).is_none() {
            break;
        }
        let path = goals.index(place);
        if let Some(from) = unreachable_from(policy, goal.within) {
            findings.push(unreachable(&path, from));
        }
        findings.extend(short_days(policy, goal.within, &path));
    }
    levels(policy, target, path, steps, findings);
}

/// Returns the steps for what is measured of one budget.
const fn samples_of(budget: Budget) -> usize {
    let days = matches!(
        budget,
        Budget::WorkingDays {
            until: DayEnd::SameTime,
            ..
        }
    );
    if days { 4 * SAMPLES * MEASURE } else { SAMPLES }
}

/// Returns a start from which the budget is never used up. A start a month from the next will do.
fn unreachable_from(policy: &Policy, budget: Budget) -> Option<Instant> {
    let never = |at: &Instant| matches!(due(policy, budget, *at), Some(Err(_)));
    samples().step_by(101).find(never)
}

/// The finding names one start, since a budget may be reachable from most.
fn unreachable(path: &Path, from: Instant) -> Finding {
    Finding::new(
        Lint::Unreachable,
        path.clone(),
        Phrase::new(
            format!(
                "started at {from}, it would not be used up within the years that its calendar covers"
            ),
            format!("自 {from} 起，日历所及年份内无法用完该时限"),
        ),
    )
}

/// Looks for a start from which `2wd` at the same clock time allow no more than one working day:
/// nothing but days without a shift can be such a start's date.
fn short_days(policy: &Policy, budget: Budget, path: &Path) -> Option<Finding> {
    let Budget::WorkingDays {
        days,
        until: DayEnd::SameTime,
        calendar,
    } = budget
    else {
        return None;
    };
    let calendar = policy.calendar(calendar)?;
    let fewer = NonZeroU16::new(days.get().saturating_sub(1));
    let is_short = |start: &Instant| {
        let Ok(end) = calendar.working_day_same_time(*start, days) else {
            return false;
        };
        let enough = match fewer {
            None => *start,
            Some(fewer) => match calendar.working_day_closing(*start, fewer) {
                Ok(closing) => closing,
                Err(_) => return false,
            },
        };
        !calendar.is_working_day(calendar.zone().local(*start).date())
            && calendar.elapsed(enough, end).micros() <= 0
    };
    let from = samples().find(is_short)?;
    let says = match fewer {
        None => Phrase::new(
            format!("started at {from}, it allows no open time at all and is due as it starts"),
            format!("自 {from} 起，该时限内没有任何工作时间，一开始即到期"),
        ),
        Some(fewer) => Phrase::new(
            format!("started at {from}, {days}wd allow no more open time than {fewer}wd"),
            format!("自 {from} 起，{days}wd 内的工作时间不多于 {fewer}wd"),
        ),
    };
    Some(Finding::new(Lint::ShortWorkingDays, path.clone(), says))
}

/// Compares the budgets of levels for every sort of ticket.
fn levels(
    policy: &Policy,
    target: &Target,
    path: &Path,
    steps: &mut Steps,
    findings: &mut Vec<Finding>,
) {
    let space = match Space::within(policy, target.goals.iter().map(|goal| &goal.when), steps) {
        Ok(space) => space,
        Err(Unasked::NoSteps) => return steps.leave_out(path),
        // Told with the coverage.
        Err(Unasked::TooMany) => return,
    };
    let count = policy.vocabulary.levels.len();
    if !space.has_levels() {
        return;
    }
    // Each level is asked for itself and beside half of the others.
    let times = count.div_ceil(2).saturating_add(1);
    let Some(walk) = space.walk(times, path, steps) else {
        return;
    };
    let goals = path.key(goals_key(target));
    let mut compared = BTreeSet::new();
    for (cell, status) in walk {
        let Some(level) = space
            .level(&cell)
            .filter(|level| level.saturating_add(1) < count)
        else {
            continue;
        };
        let Some((mild, _)) = target.goal_for(&status) else {
            continue;
        };
        // Not only the next one: between the two may lie a level without a goal.
        for worse in level.saturating_add(1)..count {
            let other = space.with_level(&cell, worse);
            let grave = other.and_then(|cell| target.goal_for(&space.status(&cell)));
            let Some((grave, _)) = grave.filter(|(grave, _)| *grave != mild) else {
                continue;
            };
            if compared.insert((mild, grave)) {
                if steps.take_for(path, 2 * SAMPLES * MEASURE).is_none() {
                    return;
                }
                findings.extend(slower(policy, target, (mild, grave), &goals));
            }
        }
    }
}

/// Returns a finding when the goal at `grave` allows more than the one at `mild`.
fn slower(
    policy: &Policy,
    target: &Target,
    (mild, grave): (usize, usize),
    path: &Path,
) -> Option<Finding> {
    let (less, more) = (
        target.goals.get(mild)?.within,
        target.goals.get(grave)?.within,
    );
    let example = match same_kind(less, more) {
        Some(true) => return None,
        Some(false) => None,
        None => Some(samples().find(|at| is_later(policy, more, less, *at))?),
    };
    let is_lead = matches!(more, Budget::Lead { .. });
    let says = slower_phrase(is_lead, &path.index(mild), example);
    Some(Finding::new(Lint::UrgentSlower, path.index(grave), says))
}

fn slower_phrase(is_lead: bool, other: &Path, example: Option<Instant>) -> Phrase {
    let (more, longer) = if is_lead {
        ("a shorter lead", "提前量更短")
    } else {
        ("more time", "时限更长")
    };
    let (english, chinese) = match example {
        None => (String::new(), String::new()),
        Some(at) if is_lead => (
            format!(", for example before a visit at {at}"),
            format!("，例如 {at} 的上门"),
        ),
        Some(at) => (
            format!(", for example when started at {at}"),
            format!("，例如自 {at} 起"),
        ),
    };
    Phrase::new(
        format!(
            "a more serious level is promised {more} than a less serious one at {other}{english}"
        ),
        format!("更严重的级别比 {other} 的较轻级别{longer}{chinese}"),
    )
}

/// Compares two budgets of one kind exactly: whether `more` allows no more than `less`. `None` where
/// the kinds differ.
fn same_kind(less: Budget, more: Budget) -> Option<bool> {
    match (less, more) {
        (Budget::Elapsed(less), Budget::Elapsed(more)) => Some(more <= less),
        (
            Budget::Working {
                length: less,
                calendar: one,
            },
            Budget::Working {
                length: more,
                calendar: other,
            },
        ) if one == other => Some(more <= less),
        (Budget::CalendarDays { days: less }, Budget::CalendarDays { days: more }) => {
            Some(more <= less)
        }
        (
            Budget::WorkingDays {
                days: less,
                until: a,
                calendar: one,
            },
            Budget::WorkingDays {
                days: more,
                until: b,
                calendar: other,
            },
        ) if one == other && a == b => Some(more <= less),
        // Counted back from the visit: the longer lead is due sooner.
        (Budget::Lead { length: less }, Budget::Lead { length: more }) => longer_lead(less, more),
        // What counts from a start and what counts back from a visit cannot be compared.
        (Budget::Lead { .. }, _) | (_, Budget::Lead { .. }) => Some(true),
        (
            Budget::Elapsed(_)
            | Budget::Working { .. }
            | Budget::CalendarDays { .. }
            | Budget::WorkingDays { .. },
            _,
        ) => None,
    }
}

/// Compares two leads of one measure: whether `more` is no shorter than `less`.
fn longer_lead(less: Length, more: Length) -> Option<bool> {
    match (less, more) {
        (Length::Wall(less), Length::Wall(more)) => Some(more >= less),
        (
            Length::Working {
                length: less,
                on: one,
            },
            Length::Working {
                length: more,
                on: other,
            },
        ) if one == other => Some(more >= less),
        (Length::Wall(_) | Length::Working { .. } | Length::WorkingDays { .. }, _) => None,
    }
}

fn is_later(policy: &Policy, one: Budget, other: Budget, start: Instant) -> bool {
    match (due(policy, one, start), due(policy, other, start)) {
        (Some(Ok(one)), Some(Ok(other))) => one > other,
        (_, _) => false,
    }
}

/// Returns when a budget that starts at `start` is due, without pauses; a lead, when `start` is the
/// visit. `None` for a lead of working days, which no policy has.
fn due(policy: &Policy, budget: Budget, start: Instant) -> Option<Result<Instant, CalendarError>> {
    let beyond = || CalendarError::BeyondRange { from: start };
    Some(match budget {
        Budget::Elapsed(length) => start.checked_add(length.span()).map_err(|_| beyond()),
        Budget::Working { length, calendar } => policy.calendar(calendar)?.after(start, length),
        Budget::CalendarDays { days } => policy.zone.days_after(start, days.get()),
        Budget::WorkingDays {
            days,
            until,
            calendar,
        } => {
            let calendar = policy.calendar(calendar)?;
            match until {
                DayEnd::Closing => calendar.working_day_closing(start, days),
                DayEnd::SameTime => calendar.working_day_same_time(start, days),
            }
        }
        // The visit is the start; the lead is measured backwards from it.
        Budget::Lead {
            length: Length::Working { length, on },
        } => policy
            .calendar(on.or(policy.default_calendar)?)?
            .before(start, length),
        Budget::Lead {
            length: Length::Wall(length),
        } => Instant::within(start.micros().saturating_sub(length.micros())).ok_or_else(beyond),
        Budget::Lead {
            length: Length::WorkingDays { .. },
        } => return None,
    })
}
