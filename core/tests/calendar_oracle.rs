//! The timetable against two slow, obvious models, on random calendars in all zones, most of them
//! around a change of the clocks (SEMANTICS K1-K5, B1).
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]

#[path = "support/calendar/mod.rs"]
mod calendar;

use std::num::NonZeroU16;

use calendar::day_by_day::DayByDay;
use calendar::stepping::Stepping;
use calendar::{DAY, Desk, SECOND, desks, desks_near_a_change, instant};
use proptest::prelude::*;
use punctual::calendar::{Calendar, CalendarError};
use punctual::time::{Instant, Interval, Span, WorkingTime};

fn working(micros: i64) -> WorkingTime {
    WorkingTime::new(Span::from_micros(micros)).unwrap()
}

/// The found instant, if the model's stretch of time reaches as far.
fn reached(found: Result<Instant, CalendarError>, model: &DayByDay) -> Option<i64> {
    let found = found.ok()?.micros();
    (model.from..model.to).contains(&found).then_some(found)
}

/// Offsets from the time asked about: microseconds, often at whole minutes, up to eight days.
fn offset() -> impl Strategy<Value = i64> {
    prop_oneof![
        (-8 * 1_440..8 * 1_440_i64).prop_map(|minutes| minutes * 60 * SECOND),
        (-8 * 96..8 * 96_i64, -1..=1_i64).prop_map(|(q, us)| q * 900 * SECOND + us),
        -8 * DAY..8 * DAY,
    ]
}

fn length() -> impl Strategy<Value = i64> {
    prop_oneof![
        (1..300_i64).prop_map(|quarters| quarters * 900 * SECOND),
        1..60 * 3_600 * SECOND,
        Just(1),
    ]
}

fn clamped(micros: i64) -> i64 {
    micros.clamp(0, Instant::MAX.micros())
}

/// Asks library and model everything; `None` if the library rightly refused the calendar.
fn compare(desk: &Desk, offsets: &[i64], n: i64) -> Result<(), TestCaseError> {
    let model = DayByDay::new(desk, 5);
    let calendar = match desk.compile() {
        Ok(calendar) => calendar,
        Err(error) => {
            prop_assert_eq!(error, CalendarError::NeverOpen);
            prop_assert!(model.open.is_empty());
            return Ok(());
        }
    };
    let points: Vec<i64> = offsets.iter().map(|by| clamped(desk.around + by)).collect();
    for point in &points {
        compare_at(&calendar, &model, *point, n)?;
        compare_working_days(&calendar, &model, *point)?;
        for other in &points {
            let (a, b) = (*point.min(other), *point.max(other));
            let found = calendar.elapsed(instant(a), instant(b));
            prop_assert_eq!(found.micros(), model.between(a, b));
            prop_assert_eq!(
                calendar.elapsed(instant(b), instant(a)).micros(),
                -found.micros()
            );
        }
    }
    compare_intervals(&calendar, &model)
}

fn compare_at(
    calendar: &Calendar,
    model: &DayByDay,
    point: i64,
    n: i64,
) -> Result<(), TestCaseError> {
    let at = instant(point);
    let in_reach = |found: Option<i64>| found.filter(|at| (model.from..model.to).contains(at));
    prop_assert_eq!(calendar.is_open(at), model.is_open(point), "{}", at);
    let after = calendar.after(at, working(n));
    prop_assert_eq!(
        reached(after, model),
        in_reach(model.after(point, n)),
        "after {}",
        at
    );
    let before = calendar.before(at, working(n));
    prop_assert_eq!(
        reached(before, model),
        in_reach(model.before(point, n)),
        "before {}",
        at
    );
    for n in [0, n] {
        let last = reached(calendar.last_after(at, working(n)), model);
        prop_assert_eq!(
            last,
            in_reach(model.last_after(point, n)),
            "last after {}",
            at
        );
    }
    let within = |found: Option<Instant>| in_reach(found.map(Instant::micros));
    let opening = model
        .open
        .iter()
        .map(|run| run.0)
        .find(|start| *start > point);
    prop_assert_eq!(
        within(calendar.next_opening(at)),
        in_reach(opening),
        "opening {}",
        at
    );
    // The model's last closing may be where its stretch ends.
    let closing = model.open.iter().map(|run| run.1).find(|end| *end > point);
    let closing = in_reach(closing).filter(|end| *end < model.to - 5 * DAY);
    let found = within(calendar.next_closing(at)).filter(|end| *end < model.to - 5 * DAY);
    prop_assert_eq!(found, closing, "closing {}", at);
    Ok(())
}

fn compare_working_days(
    calendar: &Calendar,
    model: &DayByDay,
    point: i64,
) -> Result<(), TestCaseError> {
    let at = instant(point);
    for n in [1_u16, 2, 5] {
        let Some((date, closing)) = model.working_day(point, usize::from(n)) else {
            continue;
        };
        let n = NonZeroU16::new(n).unwrap();
        if closing >= model.to || model.same_time(point, date) >= model.to {
            continue;
        }
        prop_assert_eq!(calendar.working_day_on(at, n), Ok(date), "{} + {}wd", at, n);
        let found = calendar.working_day_closing(at, n);
        prop_assert_eq!(found, Ok(instant(closing)), "{} + {}wd", at, n);
        let found = calendar.working_day_same_time(at, n);
        prop_assert_eq!(
            found,
            Ok(instant(model.same_time(point, date))),
            "{} + {}wd",
            at,
            n
        );
        prop_assert!(calendar.is_working_day(date));
    }
    Ok(())
}

fn compare_intervals(calendar: &Calendar, model: &DayByDay) -> Result<(), TestCaseError> {
    let (from, to) = (model.from, clamped(model.to));
    let range = Interval::new(instant(from), instant(to)).unwrap();
    let found: Vec<(i64, i64)> = calendar
        .intervals(range)
        .map(|open| (open.start().micros(), open.end().micros()))
        .collect();
    let cut = model
        .open
        .iter()
        .map(|(s, e)| ((*s).max(from), (*e).min(to)));
    let expected: Vec<(i64, i64)> = cut.filter(|(s, e)| s < e).collect();
    prop_assert_eq!(found, expected);
    Ok(())
}

proptest! {
    // A case takes some milliseconds, so shrinking must not take thousands of them.
    #![proptest_config(ProptestConfig { max_shrink_iters: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn k1_to_k5_the_timetable_agrees_with_lists_built_day_by_day(
        desk in desks(),
        offsets in prop::collection::vec(offset(), 4),
        n in length(),
    ) {
        compare(&desk, &offsets, n)?;
    }

    #[test]
    fn k3_the_timetable_agrees_with_the_lists_around_changes_of_the_clock(
        desk in desks_near_a_change(),
        offsets in prop::collection::vec(offset(), 4),
        n in length(),
    ) {
        compare(&desk, &offsets, n)?;
    }

    #[test]
    fn k3_the_timetable_agrees_with_stepping_through_every_second(
        desk in desks_near_a_change(),
        a in -2 * DAY..2 * DAY,
        b in -2 * DAY..2 * DAY,
        n in 1..30 * 3_600 * SECOND,
    ) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let zone = calendar.zone().clone();
        let changes: Vec<_> = zone.changes().collect();
        let first = serde_json::to_value(&zone).unwrap()["offset"].as_i64().unwrap();
        let offset = |secs: i64| {
            let past = changes.iter().take_while(|change| change.at_micros <= secs * SECOND);
            past.last().map_or(first, |change| i64::from(change.offset_secs))
        };
        let Some(model) = Stepping::new(&desk, 2, offset) else { return Ok(()) };
        let (a, b) = (desk.around + a, desk.around + b);
        let found = calendar.elapsed(instant(a), instant(b)).micros();
        prop_assert_eq!(found, model.worked(b) - model.worked(a));
        if let Some(expected) = model.after(a, n) {
            prop_assert_eq!(calendar.after(instant(a), working(n)), Ok(instant(expected)));
        }
    }
}
