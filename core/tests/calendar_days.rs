//! Working days and calendar days (SEMANTICS B1), common hours, openings and closings, the edges of
//! the covered years (T1).

#[path = "support/calendar_words.rs"]
mod words;

use chrono::Weekday;
use punctual::calendar::{Calendar, CalendarError, CalendarSpec, Exception, HolidayRule};
use punctual::time::{Instant, WorkingTime};
use words::{at, compiled, daily, days, hours, office, open, shifts, weekly};

#[test]
fn b1_working_days_end_at_the_last_closing_and_never_count_the_start() {
    let office = office();
    for (start, n, due) in [
        // Saturday and one day: Monday's closing. So is Friday and one day, at any hour.
        ("2026-03-07T11:00:00+08:00", 1, "2026-03-09T18:00:00+08:00"),
        ("2026-03-06T00:00:00+08:00", 1, "2026-03-09T18:00:00+08:00"),
        ("2026-03-06T23:59:59+08:00", 1, "2026-03-09T18:00:00+08:00"),
        ("2026-03-09T00:00:00+08:00", 2, "2026-03-11T18:00:00+08:00"),
        // Over National Day: 8 and 9 October, then the make-up Saturday.
        ("2026-09-30T10:00:00+08:00", 3, "2026-10-10T18:00:00+08:00"),
        // From the make-up Saturday itself.
        ("2026-10-10T10:00:00+08:00", 1, "2026-10-12T18:00:00+08:00"),
    ] {
        let found = office.working_day_closing(at(start), days(n));
        assert_eq!(found, Ok(at(due)), "{start} + {n}wd");
    }
}

#[test]
fn b1_working_days_may_keep_the_clock_time() {
    let office = office();
    for (start, n, due) in [
        (
            "2026-03-06T10:15:00.000001+08:00",
            1,
            "2026-03-09T10:15:00.000001+08:00",
        ),
        ("2026-03-07T23:00:00+08:00", 1, "2026-03-09T23:00:00+08:00"),
        ("2026-09-30T10:00:00+08:00", 3, "2026-10-10T10:00:00+08:00"),
    ] {
        let found = office.working_day_same_time(at(start), days(n));
        assert_eq!(found, Ok(at(due)), "{start} + {n}wd, same time");
    }
    let stockholm = compiled(&daily("Europe/Stockholm", &["09:00-17:00"]));
    let gap = stockholm.working_day_same_time(at("2026-03-28T02:30:00+01:00"), days(1));
    assert_eq!(gap, Ok(at("2026-03-29T03:30:00+02:00")));
    let fold = stockholm.working_day_same_time(at("2026-10-24T02:30:00+02:00"), days(1));
    assert_eq!(fold, Ok(at("2026-10-25T02:30:00+02:00")));
}

#[test]
fn b1_the_last_closing_of_a_night_is_on_the_next_date() {
    let nights = compiled(&weekly("UTC", &["22:00-06:00"]));
    let monday = at("2026-03-09T12:00:00Z");
    assert_eq!(
        nights.working_day_closing(monday, days(1)),
        Ok(at("2026-03-11T06:00:00Z"))
    );
    // At 05:00 the night of Monday is still running, but the date is Tuesday's.
    let early = at("2026-03-10T05:00:00Z");
    assert_eq!(
        nights.working_day_closing(early, days(1)),
        Ok(at("2026-03-12T06:00:00Z"))
    );
    // The night of the change is an hour shorter; its end is 06:00 on the wall.
    let stockholm = compiled(&daily("Europe/Stockholm", &["22:00-06:00"]));
    let found = stockholm.working_day_closing(at("2026-03-27T12:00:00+01:00"), days(1));
    assert_eq!(found, Ok(at("2026-03-29T06:00:00+02:00")));
}

#[test]
fn b1_a_date_closes_with_its_last_shift_though_the_desk_stays_open() {
    let shifts = ["06:00-14:00", "14:00-22:00", "22:00-06:00"];
    let round_the_clock = compiled(&daily("UTC", &shifts));
    assert!(round_the_clock.is_always());
    let start = at("2026-03-09T12:00:00Z");
    let found = round_the_clock.working_day_closing(start, days(1));
    assert_eq!(found, Ok(at("2026-03-11T06:00:00Z")));
}

#[test]
fn b1_a_shift_that_outlasts_the_next_date_closes_that_date_too() {
    let spec = CalendarSpec::weekly("UTC".parse().unwrap())
        .with_shifts([Weekday::Mon], &shifts(&["22:00-21:00"]))
        .with_shifts([Weekday::Tue], &shifts(&["09:00-12:00"]));
    let desk = compiled(&spec);
    let sunday = at("2026-03-08T12:00:00Z");
    let closing = at("2026-03-10T21:00:00Z");
    assert_eq!(desk.working_day_closing(sunday, days(1)), Ok(closing));
    assert_eq!(desk.working_day_closing(sunday, days(2)), Ok(closing));
}

#[test]
fn b1_a_civil_holiday_is_no_working_day_and_ends_the_eve_at_midnight() {
    let spec = daily("UTC", &["22:00-06:00"])
        .with_exceptions([Exception::closed("2026-03-11".parse().unwrap())])
        .with_holiday_rule(HolidayRule::CivilDay);
    let desk = compiled(&spec);
    let monday = at("2026-03-09T12:00:00Z");
    assert_eq!(
        desk.working_day_closing(monday, days(1)),
        Ok(at("2026-03-11T00:00:00Z"))
    );
    assert_eq!(
        desk.working_day_closing(monday, days(2)),
        Ok(at("2026-03-13T06:00:00Z"))
    );
    assert!(!desk.is_working_day("2026-03-11".parse().unwrap()));
}

#[test]
fn b1_the_start_date_does_not_run_backwards_in_a_repeated_midnight() {
    // In St. John's clocks went back at 00:01 on Sunday 2010-11-07 to 23:01 on Saturday.
    let desk = compiled(&daily("America/St_Johns", &["09:00-17:00"]));
    let (monday, sunday) = (at("2010-11-08T20:30:00Z"), at("2010-11-07T20:30:00Z"));
    for (start, due) in [
        ("2010-11-07T02:29:59Z", sunday), // Saturday 23:59:59
        ("2010-11-07T02:30:30Z", monday), // Sunday 00:00:30
        ("2010-11-07T03:00:00Z", monday), // the wall reads Saturday 23:30 again
        ("2010-11-07T03:30:00Z", monday), // Sunday 00:00 again
    ] {
        assert_eq!(
            desk.working_day_closing(at(start), days(1)),
            Ok(due),
            "{start}"
        );
    }
}

#[test]
fn b1_calendar_days_keep_the_clock_time_whether_open_or_not() {
    let office = office();
    let start = at("2026-09-28T17:30:00+08:00");
    assert_eq!(
        office.days_after(start, 3),
        Ok(at("2026-10-01T17:30:00+08:00"))
    );
}

#[test]
fn the_common_hours_of_two_desks() {
    let shanghai = compiled(&weekly("Asia/Shanghai", &["09:00-18:00"]));
    let stockholm = compiled(&weekly("Europe/Stockholm", &["08:00-17:00"]));
    let both = shanghai.intersection(&stockholm).unwrap();
    // Winter: Stockholm opens at 07:00Z, Shanghai closes at 10:00Z.
    assert_eq!(
        open(&both, "2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"),
        ["2026-03-09T07:00:00Z/2026-03-09T10:00:00Z"]
    );
    assert_eq!(both.zone().name(), "Asia/Shanghai");
    let sunday = at("2026-03-08T00:00:00Z");
    assert_eq!(
        both.working_day_closing(sunday, days(1)),
        Ok(at("2026-03-09T10:00:00Z"))
    );
    assert_eq!(shanghai.intersection(&shanghai).as_ref(), Ok(&shanghai));
    let hotline = Calendar::always(shanghai.zone().clone());
    assert_eq!(shanghai.intersection(&hotline).as_ref(), Ok(&shanghai));
    assert_eq!(hotline.intersection(&shanghai).as_ref(), Ok(&shanghai));
    let nights = compiled(&weekly("Asia/Shanghai", &["18:00-09:00"]));
    assert_eq!(
        shanghai.intersection(&nights),
        Err(CalendarError::NeverOpen)
    );
}

#[test]
fn openings_and_closings_are_later_than_the_instant_asked_about() {
    let office = office();
    for (from, opening, closing) in [
        (
            "2026-03-09T09:00:00+08:00",
            "2026-03-09T13:30:00+08:00",
            "2026-03-09T12:00:00+08:00",
        ),
        (
            "2026-03-09T10:00:00+08:00",
            "2026-03-09T13:30:00+08:00",
            "2026-03-09T12:00:00+08:00",
        ),
        (
            "2026-03-09T12:00:00+08:00",
            "2026-03-09T13:30:00+08:00",
            "2026-03-09T18:00:00+08:00",
        ),
        (
            "2026-03-09T08:59:59+08:00",
            "2026-03-09T09:00:00+08:00",
            "2026-03-09T12:00:00+08:00",
        ),
    ] {
        assert_eq!(office.next_opening(at(from)), Some(at(opening)), "{from}");
        assert_eq!(office.next_closing(at(from)), Some(at(closing)), "{from}");
    }
    // A desk that is open for years but for one holiday.
    let holiday = [Exception::closed("2050-05-05".parse().unwrap())];
    let desk = compiled(&daily("UTC", &["00:00-24:00"]).with_exceptions(holiday));
    let start = at("2026-03-09T10:00:00Z");
    assert_eq!(desk.next_closing(start), Some(at("2050-05-05T00:00:00Z")));
    assert_eq!(desk.next_opening(start), Some(at("2050-05-06T00:00:00Z")));
    assert_eq!(desk.next_closing(at("2050-05-05T00:00:00Z")), None);
}

#[test]
fn t1_a_calendar_covers_all_of_1970_to_2099() {
    let desk = compiled(&daily("America/Los_Angeles", &["15:00-17:00"]));
    // The last day of 1969 in Los Angeles reaches into 1970 in UTC.
    assert!(desk.is_open(Instant::MIN));
    let first = desk.after(Instant::MIN, hours(1)).unwrap();
    assert_eq!(first, at("1970-01-01T01:00:00Z"));
    // And the last shift of 2099 is cut off.
    assert!(desk.is_open(Instant::MAX));
    let total = desk
        .worked_until(Instant::MAX)
        .checked_add(WorkingTime::from_seconds(0));
    assert_eq!(total.unwrap().micros() % 1_000_000, 999_999);
    let last = at("2099-12-31T23:30:00Z");
    assert!(desk.after(last, WorkingTime::from_minutes(29)).is_ok());
    let beyond = CalendarError::BeyondRange { from: last };
    assert_eq!(
        desk.after(last, WorkingTime::from_minutes(30)),
        Err(beyond.clone())
    );
    let tomorrow = at("2099-12-31T00:00:00Z");
    let closing = desk.working_day_closing(tomorrow, days(1));
    assert_eq!(closing, Err(CalendarError::BeyondRange { from: tomorrow }));
}
