//! Stored forms, shipped facts, and documents that mean harm.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use chrono::{NaiveDate, TimeDelta};
use punctual::calendar::{
    Calendar, CalendarError, CalendarSpec, DayRule, Exception, HolidayRule, HolidaySet,
    PublishedCalendar, Shift,
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn office() -> CalendarSpec {
    let shifts: [Shift; 2] = ["09:00-12:00", "13:30-18:00"].map(|text| text.parse().unwrap());
    CalendarSpec::weekly("Asia/Shanghai".parse().unwrap())
        .with_shifts(CalendarSpec::MON_FRI, &shifts)
}

/// This form is in logs: it may gain, and must never change.
#[test]
fn k7_the_stored_form_of_a_calendar_never_changes() {
    let golden = include_str!("support/calendar/published.json");
    let spec = office()
        .with_holiday_rule(HolidayRule::CivilDay)
        .with_exceptions([
            Exception::closed(date("2026-10-01")).named("国庆节"),
            Exception::make_up(date("2026-10-10")),
            Exception::own(date("2026-12-31"), ["09:00-12:00".parse().unwrap()]),
        ]);
    let published = PublishedCalendar::publish(&spec, "office".parse().unwrap(), 2).unwrap();
    let json = serde_json::to_string_pretty(&published).unwrap();
    assert_eq!(json.trim_end(), golden.trim_end());
    let read: PublishedCalendar = serde_json::from_str(golden).unwrap();
    assert_eq!(read, published);
}

#[test]
fn a_damaged_stored_calendar_is_refused() {
    let golden = include_str!("support/calendar/published.json");
    for (from, to, why) in [
        (
            r#""on": "2026-10-10""#,
            r#""on": "2026-09-10""#,
            "later date",
        ),
        (
            r#""on": "2026-10-10""#,
            r#""on": "2026-10-01""#,
            "two exceptions",
        ),
        (r#""on": "2026-10-10""#, r#""on": "2126-10-10""#, "outside"),
        (r#""always": false"#, r#""always": true"#, "always open"),
        (r#""09:00-12:00""#, r#""9-12""#, "not a shift"),
        (r#""offset": 28800"#, r#""offset": 288000"#, "damaged"),
    ] {
        assert!(golden.contains(from), "{from}");
        let damaged = golden.replacen(from, to, 1);
        let error = serde_json::from_str::<PublishedCalendar>(&damaged).unwrap_err();
        assert!(error.to_string().contains(why), "{to}: {error}");
    }
}

/// The shipped holidays are the project's shared facts, where those are at hand.
#[test]
fn the_holidays_of_china_are_the_shared_facts() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/cn-holidays.csv");
    let Ok(facts) = std::fs::read_to_string(&shared) else {
        let in_ci = std::env::var_os("CI").is_some();
        assert!(!in_ci, "{} is missing", shared.display());
        return;
    };
    let shipped: Vec<String> = HolidaySet::Cn
        .exceptions()
        .unwrap()
        .into_iter()
        .map(|day| {
            let kind = match day.rule {
                DayRule::Closed => "holiday",
                DayRule::MakeUp => "workday",
                DayRule::Own(_) => "own hours",
            };
            format!("{},{kind},{}", day.on, day.name.unwrap_or_default())
        })
        .collect();
    let facts: Vec<&str> = facts.lines().skip(1).collect();
    assert_eq!(shipped, facts);
}

#[test]
fn an_author_has_the_last_word_over_a_holiday_set() {
    let own = Exception::own(date("2026-10-01"), ["10:00-11:00".parse().unwrap()]);
    let spec = office()
        .with_holidays(HolidaySet::Cn)
        .with_exceptions([own.clone()]);
    let published = PublishedCalendar::publish(&spec, "office".parse().unwrap(), 1).unwrap();
    assert_eq!(published.exception_on(date("2026-10-01")), Some(&own));
    assert_eq!(
        published.exceptions().len(),
        HolidaySet::Cn.exceptions().unwrap().len()
    );
    assert_eq!(published.provisional_from(), Some(date("2027-01-01")));
}

#[test]
fn contradictions_are_refused_by_name() {
    let closed = |on: &str| Exception::closed(date(on));
    let make_up = Exception::make_up(date("2026-10-10"));
    let zone = "Asia/Shanghai".parse().unwrap();
    let twice =
        office().with_exceptions([closed("2026-05-01"), make_up.clone(), closed("2026-05-01")]);
    let on = date("2026-05-01");
    assert_eq!(
        Calendar::compile(&twice),
        Err(CalendarError::RepeatedException { on })
    );
    for on in ["1969-12-31", "2100-01-01", "+262142-12-31", "-262143-01-01"] {
        let far = office().with_exceptions([closed(on)]);
        let on = date(on);
        assert_eq!(
            Calendar::compile(&far),
            Err(CalendarError::ExceptionOutOfRange { on })
        );
    }
    let nothing = CalendarSpec::weekly(zone).with_exceptions([make_up.clone()]);
    let on = make_up.on;
    assert_eq!(
        Calendar::compile(&nothing),
        Err(CalendarError::NoMakeUpShifts { on })
    );
    let both = CalendarSpec::always(zone).with_holidays(HolidaySet::Cn);
    assert_eq!(
        Calendar::compile(&both),
        Err(CalendarError::AlwaysWithHours)
    );
}

#[test]
fn every_date_may_be_an_exception_and_a_day_may_be_busy() {
    let shift = |start: u16| Shift::from_minutes(start, start + 7).unwrap();
    let first = date("1970-01-01");
    // Each date has 48 shifts of its own, and no two neighbours the same.
    let exceptions = (0..47_482_i64).map(|day| {
        let offset = u16::try_from(day % 20).unwrap();
        let shifts = (0..48).map(|n| shift(n * 29 + offset));
        Exception::own(first + TimeDelta::days(day), shifts)
    });
    let calendar = Calendar::compile(&office().with_exceptions(exceptions)).unwrap();
    let total = calendar.worked_until(punctual::time::Instant::MAX);
    // Eight hours of the zone lie before 1970 and after 2099; about as much is open in both.
    let minutes = total.micros() / 60_000_000;
    let expected = 47_482 * 48 * 7;
    assert!(
        (expected - 48 * 7..=expected).contains(&minutes),
        "{minutes}"
    );
}

#[test]
fn a_million_exceptions_end_in_a_clear_error_at_once() {
    let first = date("1970-01-01");
    let day = |n: i64| first + TimeDelta::days(n);
    // A million dates reach beyond 2099; a million entries on known dates repeat some.
    let spread = (0..1_000_000).map(|n| Exception::closed(day(n)));
    let found = Calendar::compile(&office().with_exceptions(spread));
    let on = date("2100-01-01");
    assert_eq!(found, Err(CalendarError::ExceptionOutOfRange { on }));
    let repeated = (0..1_000_000).map(|n| Exception::closed(day(n % 47_482)));
    let found = Calendar::compile(&office().with_exceptions(repeated));
    assert_eq!(found, Err(CalendarError::RepeatedException { on: first }));
    let too_many = (0..1_000_001).map(|_| Exception::closed(first));
    let found = Calendar::compile(&office().with_exceptions(too_many));
    let (found_count, most) = (1_000_001, 1_000_000);
    assert_eq!(
        found,
        Err(CalendarError::TooManyExceptions {
            found: found_count,
            most
        })
    );
    let busy = vec![Shift::WHOLE_DAY; 49];
    let found = Calendar::compile(&office().with_shifts(CalendarSpec::MON_FRI, &busy));
    assert_eq!(
        found,
        Err(CalendarError::TooManyShifts {
            found: 49,
            most: 48
        })
    );
}
