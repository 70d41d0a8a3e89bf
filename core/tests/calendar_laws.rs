//! The laws of SEMANTICS that calendars alone can keep or break, on random calendars in all zones.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]

#[path = "support/calendar/mod.rs"]
mod calendar;

use std::num::NonZeroU16;

use calendar::{DAY, Desk, SECOND, desks, desks_near_a_change, instant};
use proptest::prelude::*;
use punctual::calendar::{Calendar, PublishedCalendar};
use punctual::time::{Instant, Span, WorkingTime};

fn working(micros: i64) -> WorkingTime {
    WorkingTime::new(Span::from_micros(micros)).unwrap()
}

fn offsets() -> impl Strategy<Value = i64> {
    prop_oneof![
        -6 * DAY..6 * DAY,
        (-600..600_i64).prop_map(|quarter| quarter * 900 * SECOND),
    ]
}

fn lengths() -> impl Strategy<Value = i64> {
    prop_oneof![
        0..80 * 3_600 * SECOND,
        (0..300_i64).prop_map(|quarter| quarter * 900 * SECOND),
    ]
}

fn any_desk() -> BoxedStrategy<Desk> {
    prop_oneof![desks(), desks_near_a_change()].boxed()
}

fn at(desk: &Desk, by: i64) -> Instant {
    instant((desk.around + by).clamp(0, Instant::MAX.micros()))
}

/// The two instants in order.
fn ordered(a: Instant, b: Instant) -> (Instant, Instant) {
    (a.min(b), a.max(b))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// elapsed(t, after(t, n)) = n; one microsecond earlier is less; the latest such instant is not
    /// before the earliest, has the same E, and one microsecond later has more.
    #[test]
    fn k4_the_edges_of_a_length(desk in any_desk(), by in offsets(), n in lengths()) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let start = at(&desk, by);
        if let Ok(due) = calendar.after(start, working(n)) {
            prop_assert!(due >= start);
            prop_assert_eq!(calendar.elapsed(start, due).micros(), n);
            if n > 0 {
                let earlier = due.checked_sub(Span::MICROSECOND).unwrap();
                prop_assert_eq!(calendar.elapsed(start, earlier).micros(), n - 1);
            }
            if let Ok(last) = calendar.last_after(start, working(n)) {
                prop_assert!(last >= due);
                prop_assert_eq!(calendar.elapsed(start, last).micros(), n);
                if let Some(later) = last.next() {
                    prop_assert_eq!(calendar.elapsed(start, later).micros(), n + 1);
                }
            }
        }
        if let Ok(from) = calendar.before(start, working(n)) {
            prop_assert!(from <= start);
            prop_assert_eq!(calendar.elapsed(from, start).micros(), n);
            if n > 0 {
                let later = from.next().unwrap();
                prop_assert_eq!(calendar.elapsed(later, start).micros(), n - 1);
            }
        }
    }

    /// Splitting a working budget changes nothing.
    #[test]
    fn lengths_add_up(desk in any_desk(), by in offsets(), a in lengths(), b in lengths()) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let start = at(&desk, by);
        let at_once = calendar.after(start, working(a + b));
        let first = calendar.after(start, working(a));
        if let (Ok(at_once), Ok(first)) = (at_once, first) {
            // With nothing left to add, both stand at the first edge.
            prop_assert_eq!(calendar.after(first, working(b)), Ok(at_once));
        }
    }

    /// A shorter budget is never due later, a later start never due earlier.
    #[test]
    fn due_instants_keep_the_order_of_starts_and_lengths(
        desk in any_desk(), a in offsets(), b in offsets(), n in lengths(), m in lengths(),
    ) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let (early, late) = ordered(at(&desk, a), at(&desk, b));
        let due = |start, n| calendar.after(start, working(n)).ok();
        if let (Some(first), Some(second)) = (due(early, n), due(late, n)) {
            prop_assert!(first <= second || n == 0);
        }
        if let (Some(short), Some(long)) = (due(early, n.min(m)), due(early, n.max(m))) {
            prop_assert!(short <= long);
        }
    }

    /// The same for working days to closing.
    #[test]
    fn b1_working_days_keep_the_order_of_starts_and_counts(
        desk in any_desk(), a in offsets(), b in offsets(), n in 1..6_u16, m in 1..6_u16,
    ) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let (early, late) = ordered(at(&desk, a), at(&desk, b));
        let due = |start, n| calendar.working_day_closing(start, NonZeroU16::new(n).unwrap()).ok();
        if let (Some(first), Some(second)) = (due(early, n), due(late, n)) {
            prop_assert!(first <= second);
        }
        if let (Some(short), Some(long)) = (due(early, n.min(m)), due(early, n.max(m))) {
            prop_assert!(short <= long);
        }
    }

    /// More open hours never delay a working budget.
    #[test]
    fn more_open_hours_never_delay(
        desk in any_desk(), day in 0..7_usize, more in (0..48_u16, 0..=48_u16),
        by in offsets(), n in lengths(),
    ) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let mut longer = desk.clone();
        longer.week.get_mut(day).unwrap().push((more.0 * 30, more.1 * 30));
        let longer = longer.compile().unwrap();
        let start = at(&desk, by);
        if let Ok(due) = calendar.after(start, working(n)) {
            let sooner = longer.after(start, working(n));
            prop_assert!(sooner.is_ok_and(|sooner| sooner <= due));
        }
    }

    /// Two desks are open together exactly when both are, whichever is asked first; and a desk
    /// together with itself is itself.
    #[test]
    fn the_intersection_is_open_when_both_are(
        a in any_desk(), b in desks(), offsets in prop::collection::vec(offsets(), 8),
    ) {
        let mut b = b;
        b.around = a.around;
        let (Ok(one), Ok(other)) = (a.compile(), b.compile()) else { return Ok(()) };
        prop_assert_eq!(one.intersection(&one).unwrap(), one.clone());
        let (both, turned) = (one.intersection(&other), other.intersection(&one));
        prop_assert_eq!(both.is_ok(), turned.is_ok());
        for by in offsets {
            let at = at(&a, by);
            let expected = one.is_open(at) && other.is_open(at);
            let found = |calendar: &Calendar| calendar.is_open(at);
            prop_assert_eq!(both.as_ref().is_ok_and(found), expected);
            prop_assert_eq!(turned.as_ref().is_ok_and(found), expected);
        }
    }

    /// W grows by one in each open microsecond and stands still in each closed one.
    #[test]
    fn the_desk_is_open_when_the_worked_time_grows(desk in any_desk(), by in offsets()) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let at = at(&desk, by);
        let Some(next) = at.next() else { return Ok(()) };
        let grown = calendar.worked_until(next).micros() - calendar.worked_until(at).micros();
        prop_assert_eq!(grown, i64::from(calendar.is_open(at)));
    }

    /// What was published and read back answers like what its author compiled.
    #[test]
    fn k7_a_published_calendar_survives_being_stored(desk in any_desk()) {
        let Ok(calendar) = desk.compile() else { return Ok(()) };
        let id = "desk".parse().unwrap();
        let published = PublishedCalendar::publish(&desk.spec(), id, 7).unwrap();
        let json = serde_json::to_string(&published).unwrap();
        let read: PublishedCalendar = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read.compile().unwrap(), calendar);
        prop_assert_eq!(read, published);
    }
}
