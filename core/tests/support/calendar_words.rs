//! Calendars in few words, for tests that read like a timetable.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::num::NonZeroU16;

use chrono::Weekday;
use punctual::calendar::{Calendar, CalendarSpec, HolidaySet, Shift};
use punctual::time::{Instant, Interval, WorkingTime};

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn shifts(texts: &[&str]) -> Vec<Shift> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

pub(crate) fn weekly(zone: &str, hours: &[&str]) -> CalendarSpec {
    CalendarSpec::weekly(zone.parse().unwrap()).with_shifts(CalendarSpec::MON_FRI, &shifts(hours))
}

pub(crate) fn daily(zone: &str, hours: &[&str]) -> CalendarSpec {
    let spec = weekly(zone, hours);
    spec.with_shifts([Weekday::Sat, Weekday::Sun], &shifts(hours))
}

pub(crate) fn compiled(spec: &CalendarSpec) -> Calendar {
    Calendar::compile(spec).unwrap()
}

pub(crate) fn office() -> Calendar {
    let spec = weekly("Asia/Shanghai", &["09:00-12:00", "13:30-18:00"]);
    compiled(&spec.with_holidays(HolidaySet::Cn))
}

pub(crate) fn hours(n: u32) -> WorkingTime {
    WorkingTime::from_hours(n)
}

pub(crate) fn days(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

/// The open intervals of a range as texts `from/to` in UTC.
pub(crate) fn open(calendar: &Calendar, from: &str, to: &str) -> Vec<String> {
    let range = Interval::new(at(from), at(to)).unwrap();
    let found = calendar.intervals(range);
    found
        .map(|run| format!("{}/{}", run.start(), run.end()))
        .collect()
}
