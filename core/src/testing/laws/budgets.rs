//! Laws about how much is allowed, and from when.
//!
//! These laws compare two readings of one history: under the policy, and under the policy with other
//! figures ([`vary`]). They speak of clocks that have a counterpart on the other side, and look from the
//! [vantage points](super::super::History::vantage_points) of the history, thinned where a look is dear.

use std::num::NonZeroU16;
use std::sync::LazyLock;

use super::super::broken::{Broken, Side};
use super::super::history::{History, Step};
use super::super::vantage::{shifted, thinned};
use super::super::vary;
use super::frame::{Frame, Telling, counterpart};
use crate::calendar::{Calendar, CalendarSpec, Zone};
use crate::clock::{Activity, Reading};
use crate::event::Level;
use crate::policy::{Budget, DayEnd, Goal, Policy, Target};
use crate::ticket::{Action, Ticket};
use crate::time::{Instant, Share, Span, WallTime, WorkingTime};

/// Halves every working budget, and looks where the half falls due: just that much must have been used of
/// the whole, which must still fall due when it did.
pub(super) fn split(frame: &Frame<'_>) -> Result<(), Broken> {
    if !has_goal(frame.policy, |budget| {
        matches!(budget, Budget::Working { .. })
    }) {
        return Ok(());
    }
    let half = Share::percent(50);
    let part = vary::budgets(frame.policy, |_, goal| match goal.within {
        Budget::Working { length, calendar } => Budget::Working {
            length: working(half.of(length.span())),
            calendar,
        },
        other @ (Budget::Elapsed(_)
        | Budget::CalendarDays { .. }
        | Budget::WorkingDays { .. }
        | Budget::Lead { .. }) => other,
    });
    for now in thinned(frame.points(), 24) {
        // What comes after is not known yet, so the clocks run on undisturbed.
        let history = frame.history.until(now);
        let here = Frame {
            history: &history,
            ..*frame
        };
        let ticket = here.fold(&Telling::plain(&history));
        let parts = here.reader.read(&ticket, &part, now);
        for whole in here.reader.read(&ticket, here.policy, now) {
            let is_plain = whole.activity == Activity::Running
                && whole.clock.attached_by == whole.clock.started_by;
            let first = counterpart(&whole, &parts)
                .filter(|first| is_plain && first.budget != whole.budget);
            if let Some((first, at)) = first.and_then(|first| Some((first, first.due_at?)))
                && at > now
            {
                then(&here, &ticket, &whole, first, at)?;
            }
        }
    }
    Ok(())
}

/// Where a part of the budget falls due the rest of it must be left, and fall due when the whole does.
fn then(
    frame: &Frame<'_>,
    ticket: &Ticket,
    whole: &Reading,
    first: &Reading,
    at: Instant,
) -> Result<(), Broken> {
    let later = frame.reader.read(ticket, frame.policy, at);
    let then = counterpart(whole, &later);
    let holds = then.is_some_and(|then| {
        Some(then.elapsed) == first.budget
            && then.due_at == whole.due_at
            && then.breach_after == whole.breach_after
    });
    if holds {
        return Ok(());
    }
    let sides = [
        Side::reading("the part", Some(first)),
        Side::reading("the whole, where the part falls due", then),
    ];
    let claim = "the part should be used up there, and the rest fall due with the whole".to_owned();
    Err(frame.broken(claim, sides).seen_at(at))
}

/// Hours that are taken away: the middle of the day, and two days of the week.
static FEWER: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
    let shifts = |texts: &[&str]| {
        texts
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect::<Vec<_>>()
    };
    let mut week = [(); 7].map(|()| shifts(&["00:00-24:00"]));
    for day in [2, 5] {
        if let Some(day) = week.get_mut(day) {
            day.clear();
        }
    }
    let noon = [(); 7].map(|()| shifts(&["00:00-04:00", "06:30-24:00"]));
    let compile = |week| Calendar::compile(&CalendarSpec::weekly(Zone::UTC).with_week(week)).ok();
    [noon, week].into_iter().filter_map(compile).collect()
});

static ALWAYS: LazyLock<Option<Calendar>> =
    LazyLock::new(|| Calendar::compile(&CalendarSpec::always(Zone::UTC)).ok());

/// Takes hours away from the policy's calendars, and then lets them never close: the more a desk is open,
/// the earlier a working budget is used up, or at the same time.
pub(super) fn more_hours(frame: &Frame<'_>) -> Result<(), Broken> {
    if !has_goal(frame.policy, |budget| {
        matches!(budget, Budget::Working { .. })
    }) {
        return Ok(());
    }
    let points = thinned(frame.points(), 16);
    for fewer in FEWER.iter() {
        let mut never = false;
        let less = vary::calendars(frame.policy, |_, hours| {
            hours.intersection(fewer).unwrap_or_else(|_| {
                never = true;
                hours.clone()
            })
        });
        if !never {
            let whats = ["with the policy's own hours", "with fewer hours"];
            compare(frame, [frame.policy, &less], whats, &points, counts_hours)?;
        }
    }
    if let Some(always) = ALWAYS.as_ref() {
        let more = vary::calendars(frame.policy, |_, _| always.clone());
        let whats = [
            "with a desk that never closes",
            "with the policy's own hours",
        ];
        compare(frame, [&more, frame.policy], whats, &points, counts_hours)?;
    }
    Ok(())
}

/// Working days are left out: a later closing makes such a day longer. Leads count back.
fn counts_hours(target: &Target) -> bool {
    let counts = |goal: &Goal| matches!(goal.within, Budget::Working { .. } | Budget::Elapsed(_));
    target.goals.iter().all(counts)
}

/// Cuts every budget to 30 % and to 90 % of itself.
pub(super) fn shorter(frame: &Frame<'_>) -> Result<(), Broken> {
    let points = thinned(frame.points(), 24);
    for percent in [30, 90] {
        let share = Share::percent(percent);
        let less = vary::budgets(frame.policy, |_, goal| shortened(goal.within, share));
        let whats = [
            &*format!("with {percent}% of the budget"),
            "with the whole budget",
        ];
        compare(frame, [&less, frame.policy], whats, &points, |target| {
            !target.has_lead()
        })?;
    }
    Ok(())
}

/// A budget of the same kind that is shorter, or the same where it cannot be: one day stays a day.
fn shortened(budget: Budget, share: Share) -> Budget {
    let fewer = |days: NonZeroU16| NonZeroU16::new(days.get().saturating_sub(1)).unwrap_or(days);
    match budget {
        Budget::Elapsed(length) => {
            let less = WallTime::new(share.of(length.span())).unwrap_or(length);
            Budget::Elapsed(less)
        }
        Budget::Working { length, calendar } => Budget::Working {
            length: working(share.of(length.span())),
            calendar,
        },
        Budget::CalendarDays { days } => Budget::CalendarDays { days: fewer(days) },
        Budget::WorkingDays {
            days,
            until,
            calendar,
        } => Budget::WorkingDays {
            days: fewer(days),
            until,
            calendar,
        },
        lead @ Budget::Lead { .. } => lead,
    }
}

fn working(length: Span) -> WorkingTime {
    WorkingTime::new(length).unwrap_or_default()
}

/// Demands of two policies that no clock under the first is due later than under the second.
fn compare(
    frame: &Frame<'_>,
    [early, late]: [&Policy; 2],
    [early_is, late_is]: [&str; 2],
    points: &[Instant],
    concerns: impl Fn(&Target) -> bool,
) -> Result<(), Broken> {
    let ticket = frame.fold(&Telling::plain(frame.history));
    for now in points {
        let later = frame.reader.read(&ticket, late, *now);
        for one in frame.reader.read(&ticket, early, *now) {
            if !target_of(frame.policy, &one).is_some_and(&concerns) {
                continue;
            }
            if let Some(other) = counterpart(&one, &later) {
                frame.not_earlier((early_is, &one), (late_is, other), *now)?;
            }
        }
    }
    Ok(())
}

/// The target that a reading is of, in the policy as it is.
fn target_of<'p>(policy: &'p Policy, reading: &Reading) -> Option<&'p Target> {
    let agreement = policy.agreement(&reading.clock.agreement)?;
    agreement.target(&reading.clock.target)
}

/// Whether the law has anything to say about a policy at all.
fn has_goal(policy: &Policy, wanted: impl Fn(&Budget) -> bool) -> bool {
    let mut targets = policy
        .agreements()
        .iter()
        .flat_map(|agreement| &agreement.targets);
    targets.any(|target| target.goals.iter().any(|goal| wanted(&goal.within)))
}

/// How much later a start is tried.
const LATER: [i64; 7] = [
    1,
    Span::MINUTE.micros(),
    Span::HOUR.micros(),
    5 * Span::HOUR.micros(),
    17 * Span::HOUR.micros(),
    Span::DAY.micros(),
    65 * Span::HOUR.micros(),
];

/// Moves the last step of each prefix later, and looks at the clocks that it starts.
pub(super) fn later_start(frame: &Frame<'_>) -> Result<(), Broken> {
    for count in 1..=frame.history.steps().len() {
        let history = frame.history.prefix(count);
        let Some(started_at) = history.last_at() else {
            continue;
        };
        let here = Frame {
            history: &history,
            ..*frame
        };
        let early = started_last(&here, started_at);
        if early.is_empty() {
            continue;
        }
        for more in LATER {
            let later_at = shifted(started_at, more);
            let moved = with_last_at(&history, later_at);
            let there = Frame {
                history: &moved,
                ..*frame
            };
            let late = started_last(&there, later_at);
            for one in &early {
                if let Some(other) = counterpart(one, &late) {
                    let what = format!("started {} later", Span::from_micros(more));
                    here.not_earlier(("as it is", one), (&what, other), later_at)?;
                }
            }
        }
    }
    Ok(())
}

/// The running clocks that the last step started, under goals of which the law speaks.
fn started_last(frame: &Frame<'_>, at: Instant) -> Vec<Reading> {
    let telling = Telling::plain(frame.history);
    let ticket = frame.fold(&telling);
    let status = ticket.timeline().status(at);
    let mut readings = frame.reader.read(&ticket, frame.policy, at);
    readings.retain(|reading| {
        let goal = target_of(frame.policy, reading).and_then(|target| target.goal_for(&status));
        let is_meant = goal.is_some_and(|(_, goal)| {
            matches!(
                goal.within,
                Budget::Elapsed(_)
                    | Budget::Working { .. }
                    | Budget::WorkingDays {
                        until: DayEnd::Closing,
                        ..
                    }
            )
        });
        is_meant
            && reading.activity == Activity::Running
            && reading.clock.started_by == ticket.version()
    });
    readings
}

/// The same history with its last step at another instant.
fn with_last_at(history: &History, at: Instant) -> History {
    let mut steps = history.steps().to_vec();
    if let Some(last) = steps.last_mut() {
        last.at = at;
    }
    History::new(steps)
}

/// Tells the same history twice, at neighbouring levels, and compares the clocks whose goal has not
/// changed since their start.
pub(super) fn urgent_first(frame: &Frame<'_>) -> Result<(), Broken> {
    let levels = &frame.policy.vocabulary().levels;
    let points = thinned(frame.points(), 16);
    for ((less, _), (more, _)) in levels.iter().zip(levels.iter().skip(1)) {
        let [milder, graver] = [less, more].map(|level| judged(frame.history, level));
        let mild = frame.fold(&Telling::plain(&milder));
        let grave = frame.fold(&Telling::plain(&graver));
        for now in &points {
            let [mild, grave] = [&mild, &grave].map(|ticket| {
                let mut readings = frame.reader.read(ticket, frame.policy, *now);
                readings.retain(|reading| reading.clock.attached_by == reading.clock.started_by);
                readings
            });
            for one in &grave {
                let other = counterpart(one, &mild).filter(|other| other.due_at.is_some());
                if let (Some(other), Some(_)) = (other, one.due_at) {
                    let whats = [format!("level {more}"), format!("level {less}")];
                    let [early_is, late_is] = &whats;
                    frame.not_earlier((early_is, one), (late_is, other), *now)?;
                }
            }
        }
    }
    Ok(())
}

/// The same history of a ticket that had this level from the beginning.
fn judged(history: &History, level: &Level) -> History {
    let relevelled = |step: &Step| {
        let mut step = step.clone();
        if let Action::Receive(received) = &mut step.deed.action {
            received.level = Some(level.clone());
        } else if let Action::Classify(judged) = &mut step.deed.action {
            judged.level = None;
        }
        step
    };
    History::new(history.steps().iter().map(relevelled).collect())
}
