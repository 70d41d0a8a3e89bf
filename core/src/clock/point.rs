//! When a clock reaches a point of its ladder (SEMANTICS L1, L3).

use std::num::NonZeroU16;

use super::measure::{Meter, Tally, working};
use super::pauses::{Run, Segments};
use super::reading::Measured;
use crate::policy::{Budget, CalendarIndex, Length, RungAt};
use crate::time::{Instant, Span, WorkingTime};

/// A point in a clock's life: reached at that instant, or expected then if it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    /// When it was reached, or would be.
    pub(crate) at: Instant,
    /// Whether the clock has come that far. One that is merely expected is forgotten when the clock
    /// pauses.
    pub(crate) is_reached: bool,
}

/// Returns where a rung sits on a measured clock; `None` while it cannot be told.
pub(crate) fn of(clock: &Measured<'_, '_>, tally: &Tally<'_>, at: RungAt) -> Option<Point> {
    let limit = tally.allowance.limit.filter(|limit| *limit >= 0)?;
    match at {
        RungAt::Share(share) => {
            let wanted = share.of(Span::from_micros(limit)).micros();
            reaching(clock, tally, wanted)
        }
        RungAt::Lower => reaching(clock, tally, clock.lower(tally)?),
        RungAt::Before(lead) => before_due(clock, tally, limit, lead),
        RungAt::Due => {
            // Where more than all of the budget was taken over, the goal came breached.
            let begins_at = if tally.base > limit {
                clock.current.at
            } else {
                tally.breach_after?.next()?
            };
            let point = Point {
                at: begins_at,
                is_reached: tally.is_over(),
            };
            Some(point).filter(|point| point.is_reached || runs_on(clock, tally))
        }
        RungAt::After(offset) => {
            let breach_after = tally.breach_after?;
            let at = passing(clock, tally, breach_after, offset, 1)?.at.next()?;
            // Owed one microsecond later, like the breach that it counts from.
            let is_reached = tally.is_over() && at <= tally.until;
            Some(Point { at, is_reached }).filter(|point| point.is_reached || runs_on(clock, tally))
        }
    }
}

/// Returns where the `count`-th repetition of a rung that sits at `from` sits.
pub(crate) fn repetition(
    clock: &Measured<'_, '_>,
    tally: &Tally<'_>,
    from: Instant,
    every: Length,
    count: u16,
) -> Option<Point> {
    passing(clock, tally, from, every, count)
}

/// Whether anything can be expected of the clock: it has not ended, and it runs, under this goal.
fn runs_on(clock: &Measured<'_, '_>, tally: &Tally<'_>) -> bool {
    let is_current = clock.current.by == clock.clock.current().by;
    is_current && clock.clock.end.is_none() && tally.run == Run::Running
}

/// The earliest instant at which E is `wanted`.
fn reaching(clock: &Measured<'_, '_>, tally: &Tally<'_>, wanted: i64) -> Option<Point> {
    let meter = tally.allowance.meter;
    let mut used = tally.base;
    if used >= wanted {
        // Reached as the counting began, whether the clock ran or not.
        return Some(Point {
            at: tally.counts_from,
            is_reached: true,
        });
    }
    for segment in segments(clock, tally.counts_from, tally.until) {
        if segment.run != Run::Running {
            continue;
        }
        let next = used.saturating_add(meter.between(segment.from, segment.to));
        if next >= wanted {
            let left = wanted.saturating_sub(used);
            return Some(Point {
                at: meter.after(segment.from, left)?,
                is_reached: true,
            });
        }
        used = next;
    }
    let left = wanted.saturating_sub(used);
    let at = runs_on(clock, tally)
        .then(|| meter.after(tally.until, left))
        .flatten()?;
    Some(Point {
        at,
        is_reached: false,
    })
}

/// The earliest instant at which, the clock running, `due_at` is no more than `lead` away.
fn before_due(
    clock: &Measured<'_, '_>,
    tally: &Tally<'_>,
    limit: i64,
    lead: Length,
) -> Option<Point> {
    let meter = tally.allowance.meter;
    let mut used = tally.base;
    let point_if_running = |from: Instant, used: i64| {
        let due_at = meter.after(from, limit.saturating_sub(used).max(0))?;
        Some(earlier(clock, due_at, lead)?.max(from))
    };
    for segment in segments(clock, tally.counts_from, tally.until) {
        if segment.run != Run::Running {
            continue;
        }
        if let Some(at) = point_if_running(segment.from, used).filter(|at| *at <= segment.to) {
            return Some(Point {
                at,
                is_reached: true,
            });
        }
        used = used.saturating_add(meter.between(segment.from, segment.to));
    }
    let at = runs_on(clock, tally)
        .then(|| point_if_running(tally.until, used))
        .flatten()?;
    Some(Point {
        at,
        is_reached: at <= tally.until,
    })
}

/// The instant so long before `at`; the first one there is where time does not reach back so far.
fn earlier(clock: &Measured<'_, '_>, at: Instant, lead: Length) -> Option<Instant> {
    match lead {
        Length::Wall(length) => Some(Instant::clamped(
            at.micros().saturating_sub(length.micros()),
        )),
        Length::Working { length, on } => {
            let calendar = clock
                .current
                .policy
                .calendar_or_default(on.or(goal_calendar(clock)))?;
            Some(calendar.before(at, length).unwrap_or(Instant::MIN))
        }
        // The policy document has no such rung.
        Length::WorkingDays { .. } => None,
    }
}

/// The instant at which `count` times `offset` has passed since `from`, not counting what the clock
/// was paused or suspended.
fn passing(
    clock: &Measured<'_, '_>,
    tally: &Tally<'_>,
    from: Instant,
    offset: Length,
    count: u16,
) -> Option<Point> {
    let (meter, mut left) = resolved(clock, from, offset, count)?;
    if from < tally.until {
        for segment in segments(clock, from, tally.until) {
            if segment.run != Run::Running {
                continue;
            }
            let there = meter.between(segment.from, segment.to);
            if there >= left {
                return Some(Point {
                    at: meter.after(segment.from, left)?,
                    is_reached: true,
                });
            }
            left = left.saturating_sub(there);
        }
    }
    let on = from.max(tally.until);
    let at = runs_on(clock, tally)
        .then(|| meter.after(on, left))
        .flatten()?;
    Some(Point {
        at,
        is_reached: at <= tally.until,
    })
}

/// What `count` times an offset counts, and how much of it in microseconds. Working days are counted
/// as days: twice one is the second day's closing, however long the first was open.
fn resolved<'p>(
    clock: &Measured<'_, 'p>,
    from: Instant,
    offset: Length,
    count: u16,
) -> Option<(Meter<'p>, i64)> {
    let times = |length: i64| length.checked_mul(i64::from(count));
    let policy = clock.current.policy;
    let calendar =
        |on: Option<CalendarIndex>| policy.calendar_or_default(on.or(goal_calendar(clock)));
    match offset {
        Length::Wall(length) => Some((Meter::Wall, times(length.micros())?)),
        Length::Working { length, on } => {
            Some((Meter::Open(calendar(on)?), times(length.micros())?))
        }
        Length::WorkingDays { days, on } => {
            let calendar = calendar(on)?;
            let days = NonZeroU16::new(days.get().checked_mul(count)?)?;
            let closing = calendar.working_day_closing(from, days).ok()?;
            let length: WorkingTime = working(calendar.elapsed(from, closing).micros())?;
            Some((Meter::Open(calendar), length.micros()))
        }
    }
}

/// The calendar of the goal, where it has one.
fn goal_calendar(clock: &Measured<'_, '_>) -> Option<CalendarIndex> {
    match clock.current.goal?.within {
        Budget::Working { calendar, .. } | Budget::WorkingDays { calendar, .. } => Some(calendar),
        Budget::Lead {
            length: Length::Working { on, .. } | Length::WorkingDays { on, .. },
        } => on,
        Budget::Elapsed(_)
        | Budget::CalendarDays { .. }
        | Budget::Lead {
            length: Length::Wall(_),
        } => None,
    }
}

fn segments<'c>(clock: &Measured<'c, '_>, from: Instant, to: Instant) -> Segments<'c> {
    Segments::new(clock.track, clock.pauses(), &clock.clock.gaps, from, to)
}
