//! Each rule of SEMANTICS K, as a person would check it.

#[path = "support/calendar_words.rs"]
mod words;

use chrono::Weekday;
use punctual::calendar::{
    Calendar, CalendarError, CalendarSpec, Exception, HolidayRule, HolidaySet, PublishedCalendar,
    ZoneTable,
};
use punctual::time::{Instant, Span, WorkingTime};
use words::{at, compiled, daily, days, hours, office, open, shifts, weekly};

#[test]
fn k1_a_night_shift_belongs_to_the_date_on_which_it_starts() {
    // Monday to Friday nights: Friday's reaches into Saturday, Sunday has none.
    let desk = compiled(&weekly("UTC", &["22:00-06:00"]));
    assert_eq!(
        open(&desk, "2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z"),
        [
            "2026-03-06T00:00:00Z/2026-03-06T06:00:00Z",
            "2026-03-06T22:00:00Z/2026-03-07T06:00:00Z",
            "2026-03-09T22:00:00Z/2026-03-10T00:00:00Z",
        ]
    );
}

#[test]
fn k1_midnight_may_be_written_24_00_and_several_shifts_a_day_count() {
    let desk = compiled(&weekly(
        "UTC",
        &["18:00-24:00", "00:00-06:00", "09:00-12:00"],
    ));
    let (monday, tuesday) = (at("2026-03-09T00:00:00Z"), at("2026-03-10T00:00:00Z"));
    assert_eq!(desk.elapsed(monday, tuesday), Span::from_hours(15).unwrap());
}

#[test]
fn k1_an_always_open_calendar_counts_every_microsecond() {
    let zone = ZoneTable::new("Asia/Shanghai".parse().unwrap());
    let hotline = Calendar::always(zone);
    assert!(hotline.is_always());
    let (a, b) = (at("2026-03-08T03:00:00.000001Z"), Instant::MAX);
    assert_eq!(hotline.elapsed(a, b), b.since(a));
    assert_eq!(
        hotline.after(a, hours(24)),
        Ok(a.checked_add(Span::DAY).unwrap())
    );
    assert_eq!(
        (hotline.next_opening(a), hotline.next_closing(a)),
        (None, None)
    );
    let spec = CalendarSpec::always("Asia/Shanghai".parse().unwrap());
    assert_eq!(compiled(&spec), hotline);
    // Seven whole days are the same desk.
    assert_eq!(compiled(&daily("Asia/Shanghai", &["00:00-24:00"])), hotline);
    let due = hotline.working_day_closing(at("2026-03-08T03:00:00Z"), days(1));
    assert_eq!(due, Ok(at("2026-03-10T00:00:00+08:00")));
}

#[test]
fn k2_a_dated_exception_replaces_the_shifts_of_its_date() {
    let spec = weekly("UTC", &["09:00-12:00", "13:00-17:00"]);
    let desk = compiled(&spec.with_exceptions([
        Exception::closed("2026-03-10".parse().unwrap()),
        Exception::own("2026-03-11".parse().unwrap(), shifts(&["10:00-11:00"])),
        Exception::own("2026-03-12".parse().unwrap(), []),
        Exception::make_up("2026-03-14".parse().unwrap()),
    ]));
    assert_eq!(
        open(&desk, "2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z"),
        ["2026-03-11T10:00:00Z/2026-03-11T11:00:00Z"]
    );
    assert_eq!(
        open(&desk, "2026-03-14T00:00:00Z", "2026-03-16T00:00:00Z"),
        [
            "2026-03-14T09:00:00Z/2026-03-14T12:00:00Z",
            "2026-03-14T13:00:00Z/2026-03-14T17:00:00Z",
        ]
    );
}

#[test]
fn k2_a_make_up_day_has_the_shifts_of_the_first_weekday_that_has_any() {
    let saturday: Exception = Exception::make_up("2026-03-14".parse().unwrap());
    let spec = CalendarSpec::weekly("UTC".parse().unwrap())
        .with_shifts([Weekday::Tue], &shifts(&["09:00-10:00"]))
        .with_shifts([Weekday::Wed], &shifts(&["09:00-17:00"]))
        .with_exceptions([saturday]);
    let range = ("2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z");
    let first = open(&compiled(&spec), range.0, range.1);
    assert_eq!(first, ["2026-03-14T09:00:00Z/2026-03-14T10:00:00Z"]);
    let spec = spec.with_make_up(&shifts(&["08:00-09:30"]));
    let given = open(&compiled(&spec), range.0, range.1);
    assert_eq!(given, ["2026-03-14T08:00:00Z/2026-03-14T09:30:00Z"]);
}

#[test]
fn k2_a_holiday_cancels_the_shifts_that_start_on_it_or_removes_its_civil_day() {
    let holiday = [Exception::closed("2026-03-11".parse().unwrap())];
    let spec = daily("UTC", &["22:00-06:00"]).with_exceptions(holiday);
    let range = ("2026-03-10T12:00:00Z", "2026-03-13T00:00:00Z");
    assert_eq!(
        open(&compiled(&spec), range.0, range.1),
        [
            "2026-03-10T22:00:00Z/2026-03-11T06:00:00Z",
            "2026-03-12T22:00:00Z/2026-03-13T00:00:00Z",
        ]
    );
    let civil = spec.with_holiday_rule(HolidayRule::CivilDay);
    assert_eq!(
        open(&compiled(&civil), range.0, range.1),
        [
            "2026-03-10T22:00:00Z/2026-03-11T00:00:00Z",
            "2026-03-12T00:00:00Z/2026-03-12T06:00:00Z",
            "2026-03-12T22:00:00Z/2026-03-13T00:00:00Z",
        ]
    );
}

#[test]
fn k2_china_closes_on_holidays_and_works_on_make_up_saturdays() {
    let office = office();
    // National Day 2026: closed 1 to 7 October, open on Saturday 10 October.
    assert!(!office.is_open(at("2026-10-01T10:00:00+08:00")));
    assert!(office.is_open(at("2026-10-10T10:00:00+08:00")));
    let before = at("2026-09-30T17:00:00+08:00");
    assert_eq!(
        office.after(before, hours(2)),
        Ok(at("2026-10-08T10:00:00+08:00"))
    );
}

#[test]
fn k3_overlapping_and_touching_shifts_are_one_interval() {
    let desk = compiled(&weekly(
        "UTC",
        &["09:00-12:00", "11:00-13:00", "13:00-14:00"],
    ));
    assert_eq!(
        open(&desk, "2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"),
        ["2026-03-09T09:00:00Z/2026-03-09T14:00:00Z"]
    );
}

#[test]
fn k3_a_night_shift_lasts_seven_and_nine_hours_when_the_clocks_change() {
    let desk = compiled(&daily("Europe/Stockholm", &["22:00-06:00"]));
    for (evening, length) in [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-01", 8)] {
        let noon = at(&format!("{evening}T10:00:00Z"));
        let open = desk.next_opening(noon).unwrap();
        let length = Span::from_hours(length).unwrap();
        assert_eq!(
            desk.next_closing(noon).unwrap().since(open),
            length,
            "{evening}"
        );
    }
}

#[test]
fn k3_a_desk_never_reopens_in_the_repeated_hour() {
    let desk = compiled(&daily("Europe/Stockholm", &["01:00-02:30"]));
    assert_eq!(
        open(&desk, "2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z"),
        ["2026-10-24T23:00:00Z/2026-10-25T00:30:00Z"]
    );
}

#[test]
fn k3_ends_in_a_gap_move_forward_and_a_shift_without_length_is_dropped() {
    // 02:00 to 03:00 does not exist on 2026-03-29.
    for (shift, expected) in [
        (
            "02:15-02:45",
            vec!["2026-03-29T01:15:00Z/2026-03-29T01:45:00Z"],
        ),
        (
            "01:30-02:30",
            vec!["2026-03-29T00:30:00Z/2026-03-29T01:30:00Z"],
        ),
        ("02:30-03:15", vec![]),
        ("02:30-03:30", vec![]),
        (
            "02:30-03:31",
            vec!["2026-03-29T01:30:00Z/2026-03-29T01:31:00Z"],
        ),
    ] {
        let desk = compiled(&daily("Europe/Stockholm", &[shift]));
        let found = open(&desk, "2026-03-28T23:00:00Z", "2026-03-29T12:00:00Z");
        assert_eq!(found, expected, "{shift}");
    }
}

#[test]
fn k3_a_date_that_was_skipped_has_no_shift() {
    let desk = compiled(&daily("Pacific/Apia", &["09:00-17:00"]));
    assert_eq!(
        open(&desk, "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z"),
        [
            // Thursday the 29th, then at once Saturday the 31st.
            "2011-12-29T19:00:00Z/2011-12-30T03:00:00Z",
            "2011-12-30T19:00:00Z/2011-12-31T03:00:00Z",
        ]
    );
    let thursday = at("2011-12-29T20:00:00Z");
    assert_eq!(
        desk.working_day_closing(thursday, days(1)),
        Ok(at("2011-12-31T03:00:00Z"))
    );
}

#[test]
fn k3_lord_howe_changes_by_half_an_hour() {
    let desk = compiled(&daily("Australia/Lord_Howe", &["22:00-06:00"]));
    for (noon, minutes) in [("2026-10-03T01:00:00Z", 450), ("2026-04-04T01:00:00Z", 510)] {
        let (open, close) = (desk.next_opening(at(noon)), desk.next_closing(at(noon)));
        let length = close.unwrap().since(open.unwrap());
        assert_eq!(length, Span::from_minutes(minutes).unwrap(), "{noon}");
    }
}

#[test]
fn k4_elapsed_is_signed() {
    let office = office();
    let (a, b) = (
        at("2026-03-09T11:00:00+08:00"),
        at("2026-03-09T14:00:00+08:00"),
    );
    assert_eq!(office.elapsed(a, b), Span::from_minutes(90).unwrap());
    assert_eq!(office.elapsed(b, a), Span::from_minutes(-90).unwrap());
    let worked = |at| office.worked_until(at).span();
    assert_eq!(worked(b).checked_sub(worked(a)), Ok(office.elapsed(a, b)));
}

#[test]
fn k4_after_and_before_meet_the_edges_exactly() {
    let office = office();
    for (from, n, after, last_after) in [
        // Ends exactly at closing: that closing; the other edge is the next opening.
        (
            "2026-03-09T10:00+08:00",
            2,
            "2026-03-09T12:00+08:00",
            "2026-03-09T13:30+08:00",
        ),
        (
            "2026-03-09T16:00+08:00",
            2,
            "2026-03-09T18:00+08:00",
            "2026-03-10T09:00+08:00",
        ),
        (
            "2026-03-09T17:00+08:00",
            2,
            "2026-03-10T10:00+08:00",
            "2026-03-10T10:00+08:00",
        ),
        // From outside hours.
        (
            "2026-03-08T12:00+08:00",
            1,
            "2026-03-09T10:00+08:00",
            "2026-03-09T10:00+08:00",
        ),
        (
            "2026-03-09T12:30+08:00",
            1,
            "2026-03-09T14:30+08:00",
            "2026-03-09T14:30+08:00",
        ),
        // Nothing: the identity, also outside hours; the other edge is the next opening.
        (
            "2026-03-08T12:00+08:00",
            0,
            "2026-03-08T12:00+08:00",
            "2026-03-09T09:00+08:00",
        ),
        (
            "2026-03-09T12:00+08:00",
            0,
            "2026-03-09T12:00+08:00",
            "2026-03-09T13:30+08:00",
        ),
        (
            "2026-03-09T10:00+08:00",
            0,
            "2026-03-09T10:00+08:00",
            "2026-03-09T10:00+08:00",
        ),
    ] {
        let seconds = |text: &str| at(&text.replace("+08:00", ":00+08:00"));
        let found = office.after(seconds(from), hours(n));
        assert_eq!(found, Ok(seconds(after)), "{from} + {n}h");
        let found = office.last_after(seconds(from), hours(n));
        assert_eq!(found, Ok(seconds(last_after)), "{from} + {n}h, last");
    }
    for (from, n, before) in [
        ("2026-03-09T12:00:00+08:00", 2, "2026-03-09T10:00:00+08:00"),
        // Three hours back from lunch end exactly at the opening; the mirror of closing.
        ("2026-03-09T13:00:00+08:00", 3, "2026-03-09T09:00:00+08:00"),
        ("2026-03-09T10:00:00+08:00", 2, "2026-03-06T17:00:00+08:00"),
        ("2026-03-08T12:00:00+08:00", 0, "2026-03-08T12:00:00+08:00"),
    ] {
        let found = office.before(at(from), hours(n));
        assert_eq!(found, Ok(at(before)), "{from} - {n}h");
    }
}

#[test]
fn k4_one_microsecond_earlier_is_one_less() {
    let office = office();
    let from = at("2026-03-09T10:00:00.000001+08:00");
    let due = office.after(from, hours(2)).unwrap();
    assert_eq!(due, at("2026-03-09T13:30:00.000001+08:00"));
    let earlier = due.checked_sub(Span::MICROSECOND).unwrap();
    let less = Span::from_hours(2)
        .unwrap()
        .checked_sub(Span::MICROSECOND)
        .unwrap();
    assert_eq!(office.elapsed(from, earlier), less);
}

#[test]
fn k5_a_calendar_that_is_never_open_is_refused() {
    let empty = CalendarSpec::weekly("UTC".parse().unwrap());
    assert_eq!(Calendar::compile(&empty), Err(CalendarError::NeverOpen));
    let id = "never".parse().unwrap();
    assert_eq!(
        PublishedCalendar::publish(&empty, id, 1),
        Err(CalendarError::NeverOpen)
    );
    // Its only shift falls on a date that was skipped.
    let skipped =
        CalendarSpec::weekly("Pacific/Apia".parse().unwrap()).with_exceptions([Exception::own(
            "2011-12-30".parse().unwrap(),
            shifts(&["09:00-17:00"]),
        )]);
    assert_eq!(Calendar::compile(&skipped), Err(CalendarError::NeverOpen));
    // One minute in 130 years is enough.
    let once = empty.with_exceptions([Exception::own(
        "2026-03-09".parse().unwrap(),
        shifts(&["09:00-09:01"]),
    )]);
    assert!(Calendar::compile(&once).is_ok());
}

#[test]
fn k5_too_little_open_time_within_twelve_years_is_unreachable() {
    let once = CalendarSpec::weekly("UTC".parse().unwrap()).with_exceptions([
        Exception::own("2026-03-09".parse().unwrap(), shifts(&["09:00-10:00"])),
        Exception::own("2038-03-09".parse().unwrap(), shifts(&["09:00-10:00"])),
    ]);
    let desk = compiled(&once);
    let from = at("2026-03-09T09:00:00Z");
    assert_eq!(desk.after(from, hours(1)), Ok(at("2026-03-09T10:00:00Z")));
    // Twelve years are 4,383 days: to the microsecond 2038-03-09T09:00.
    let unreachable = Err(CalendarError::Unreachable { from });
    let (one_hour, minute) = (hours(1), WorkingTime::from_minutes(1));
    assert_eq!(
        desk.last_after(from, one_hour),
        Ok(at("2038-03-09T09:00:00Z"))
    );
    assert_eq!(
        desk.after(from, one_hour.checked_add(minute).unwrap()),
        unreachable
    );
    assert_eq!(desk.after(from, hours(3)), unreachable);
    assert_eq!(desk.working_day_closing(from, days(1)), unreachable);
    assert_eq!(desk.working_day_closing(from, days(2)), unreachable);
    let to = at("2038-03-09T09:30:00Z");
    let unreachable = Err(CalendarError::Unreachable { from: to });
    assert_eq!(desk.before(to, one_hour), Ok(at("2026-03-09T09:30:00Z")));
    assert_eq!(
        desk.before(to, one_hour.checked_add(minute).unwrap()),
        unreachable
    );
    assert_eq!(desk.before(to, hours(9)), unreachable);
    // Nor does a desk that never closes promise anything beyond.
    let hotline = Calendar::always(ZoneTable::new("UTC".parse().unwrap()));
    let found = hotline.after(from, hours(4_383 * 24));
    assert_eq!(found, Ok(at("2038-03-09T09:00:00Z")));
    let found = hotline.after(from, hours(4_383 * 24 + 1));
    assert_eq!(found, Err(CalendarError::Unreachable { from }));
}

#[test]
fn k5_past_the_ends_of_the_covered_years_is_an_error_of_its_own() {
    let office = office();
    let last = at("2099-12-31T17:00:00+08:00");
    let beyond = Err(CalendarError::BeyondRange { from: last });
    assert_eq!(
        office.after(last, hours(1)),
        Ok(at("2099-12-31T18:00:00+08:00"))
    );
    assert_eq!(office.last_after(last, hours(1)), beyond);
    assert_eq!(office.after(last, hours(2)), beyond);
    assert_eq!(office.working_day_closing(last, days(1)), beyond);
    assert_eq!(office.working_day_same_time(last, days(u16::MAX)), beyond);
    assert_eq!(office.days_after(last, 2), beyond);
    let first = at("1970-01-01T10:00:00+08:00");
    let beyond = Err(CalendarError::BeyondRange { from: first });
    assert_eq!(
        office.before(first, hours(1)),
        Ok(at("1970-01-01T09:00:00+08:00"))
    );
    assert_eq!(office.before(first, hours(2)), beyond);
    let most = WorkingTime::new(Span::from_micros(i64::MAX)).unwrap();
    assert_eq!(office.before(first, most), beyond);
    let found = office.after(first, most);
    assert_eq!(found, Err(CalendarError::Unreachable { from: first }));
    assert_eq!(office.next_opening(Instant::MAX), None);
    assert_eq!(office.next_closing(Instant::MAX), None);
    assert!(!office.is_open(Instant::MAX));
}

#[test]
fn k6_an_answer_beyond_the_published_holidays_is_provisional() {
    let office = office();
    assert!(!office.is_provisional(at("2026-12-31T18:00:00+08:00")));
    // Exactly where the first such date begins, nothing of it has been looked at.
    assert!(!office.is_provisional(at("2027-01-01T00:00:00+08:00")));
    assert!(office.is_provisional(at("2027-01-01T00:00:00.000001+08:00")));
    let plain = compiled(&weekly("Asia/Shanghai", &["09:00-18:00"]));
    assert!(!plain.is_provisional(Instant::MAX));
    let both = plain.intersection(&office).unwrap();
    assert!(both.is_provisional(at("2027-01-05T10:00:00+08:00")));
}

#[test]
fn k7_a_published_calendar_is_written_out_and_read_back_alone() {
    let spec = weekly("Europe/Stockholm", &["22:00-06:00"])
        .with_holidays(HolidaySet::Cn)
        .with_holiday_rule(HolidayRule::CivilDay);
    let published = PublishedCalendar::publish(&spec, "night".parse().unwrap(), 3).unwrap();
    let json = serde_json::to_string(&published).unwrap();
    // The name of the zone is kept for people; the offsets do not come from it.
    let renamed = json.replace("Europe/Stockholm", "Nowhere/AtAll");
    assert_ne!(renamed, json);
    let read: PublishedCalendar = serde_json::from_str(&renamed).unwrap();
    assert_eq!(read.zone().name(), "Nowhere/AtAll");
    let (read, compiled) = (read.compile().unwrap(), published.compile().unwrap());
    for at in [
        "2026-03-29T03:30:00Z",
        "2026-10-25T04:30:00Z",
        "2026-10-01T10:00:00Z",
    ] {
        let at: Instant = at.parse().unwrap();
        assert_eq!(read.worked_until(at), compiled.worked_until(at));
    }
    let read: PublishedCalendar = serde_json::from_str(&json).unwrap();
    assert_eq!(read, published);
    assert_eq!(read.compile().unwrap(), Calendar::compile(&spec).unwrap());
}
