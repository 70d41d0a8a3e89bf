//! How long promises take: urgent ones that are slower, and budgets that cannot be used up.

use std::collections::BTreeSet;

use crate::calendar::CalendarError;
use crate::language::Phrase;
use crate::policy::Policy;
use crate::policy::model::{Budget, DayEnd, Length, Target};
use crate::time::{Instant, Span};

use super::coverage::goals_key;
use super::finding::{Finding, Lint, Path};
use super::space::Space;

/// 2025-01-01T00:00:00Z: the samples fall into a year whose holidays are known.
const FIRST_SAMPLE: i64 = 1_735_689_600_000_000;

/// One sample every 7 hours and 13 minutes of a year meets every hour of every weekday.
const STEP: Span = Span::from_micros(433 * Span::MINUTE.micros());
const SAMPLES: usize = 1_213;

/// Returns instants over one year.
fn samples() -> impl Iterator<Item = Instant> {
    let first = Instant::from_micros(FIRST_SAMPLE).ok();
    std::iter::successors(first, |at| at.checked_add(STEP).ok()).take(SAMPLES)
}

/// Looks at the budgets of one target.
pub(super) fn target(policy: &Policy, target: &Target, path: &Path, findings: &mut Vec<Finding>) {
    let goals = path.key(goals_key(target));
    let mut checked: Vec<Budget> = Vec::new();
    for (place, goal) in target.goals.iter().enumerate() {
        if checked.contains(&goal.within) {
            continue;
        }
        checked.push(goal.within);
        if let Some(from) = unreachable_from(policy, goal.within) {
            findings.push(unreachable(&goals.index(place), from));
        }
    }
    levels(policy, target, &goals, findings);
}

/// Returns a start from which the budget is never used up. A start a month from the next will do.
fn unreachable_from(policy: &Policy, budget: Budget) -> Option<Instant> {
    let never = |at: &Instant| matches!(due(policy, budget, *at), Some(Err(_)));
    samples().step_by(101).find(never)
}

fn unreachable(path: &Path, from: Instant) -> Finding {
    Finding::new(
        Lint::Unreachable,
        path.clone(),
        Phrase::new(
            format!(
                "started at {from}, it would not be used up within the years that its calendar covers"
            ),
            format!("自 {from} 起,日历所及年份内无法用完该时限"),
        ),
    )
}

/// Compares the budgets of neighbouring levels for every sort of ticket.
fn levels(policy: &Policy, target: &Target, path: &Path, findings: &mut Vec<Finding>) {
    let Some(space) = Space::of(policy, target.goals.iter().map(|goal| &goal.when)) else {
        // Told with the coverage.
        return;
    };
    let count = policy.vocabulary.levels.len();
    let mut compared = BTreeSet::new();
    for cell in space.cells() {
        let Some(level) = space
            .level(&cell)
            .filter(|level| level.saturating_add(1) < count)
        else {
            continue;
        };
        let Some((mild, _)) = target.goal_for(&space.status(&cell)) else {
            continue;
        };
        // Not only the next one: between the two may lie a level without a goal.
        for worse in level.saturating_add(1)..count {
            let other = space.with_level(&cell, worse);
            let grave = other.and_then(|cell| target.goal_for(&space.status(&cell)));
            let Some((grave, _)) = grave.filter(|(grave, _)| *grave != mild) else {
                continue;
            };
            if compared.insert((mild, grave))
                && let Some(finding) = slower(policy, target, (mild, grave), path)
            {
                findings.push(finding);
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
    let (english, chinese) = example.map_or_else(
        || (String::new(), String::new()),
        |at| {
            (
                format!(", for example when started at {at}"),
                format!(",例如自 {at} 起"),
            )
        },
    );
    let other = path.index(mild);
    Some(Finding::new(
        Lint::UrgentSlower,
        path.index(grave),
        Phrase::new(
            format!(
                "a more serious level is promised more time than a less serious one at {other}{english}"
            ),
            format!("更严重的级别比 {other} 的较轻级别时限更长{chinese}"),
        ),
    ))
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
        // A longer lead asks for more, so a grave case may well have one; nothing is slower.
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

fn is_later(policy: &Policy, one: Budget, other: Budget, start: Instant) -> bool {
    match (due(policy, one, start), due(policy, other, start)) {
        (Some(Ok(one)), Some(Ok(other))) => one > other,
        (_, _) => false,
    }
}

/// Returns when a budget that starts at `start` is due, without pauses. `None` for a lead with
/// another measure than a calendar.
fn due(policy: &Policy, budget: Budget, start: Instant) -> Option<Result<Instant, CalendarError>> {
    let beyond = |_| CalendarError::BeyondRange { from: start };
    Some(match budget {
        Budget::Elapsed(length) => start.checked_add(length.span()).map_err(beyond),
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
            length: Length::Wall(_) | Length::WorkingDays { .. },
        } => return None,
    })
}
