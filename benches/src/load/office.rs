//! An office calendar, instants of ten years, and their answers from a plain list of intervals.
//!
//! Open Monday to Friday 09:00-12:00 and 13:30-18:00 in Asia/Shanghai, with China's holidays; its
//! make-up days, on which a weekend is worked, are left out where peers do not know such a thing.
//! The list is built here, date by date, at a fixed eight hours from UTC; nothing of
//! it comes from the calendar under test.

use std::collections::BTreeMap;

use punctual::calendar::{CalendarSpec, Exception, HolidaySet};
use punctual::time::Instant;

use crate::measure::random;
use crate::run::Failure;

/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;
/// Microseconds of a day.
pub const DAY: i64 = 1_440 * MINUTE;
/// 2016-01-01T00:00:00Z, in days since 1970; the ten years end in the last one with known holidays.
pub const FIRST_DAY: i64 = 16_801;
/// How many days the ten years have.
pub const DAYS: i64 = 3_653;
/// Eight working hours, in microseconds.
pub const EIGHT_HOURS: i64 = 480 * MINUTE;
/// How many days on either side of the ten years the list goes on.
const MARGIN: i64 = 60;
/// The rows of China's holiday calendar: date, `holiday` or `workday`.
const HOLIDAYS: &str = include_str!("../../../core/data/holidays-cn.csv");

/// Which dates are not like their weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// Holidays and make-up days.
    All,
    /// Holidays alone.
    Holidays,
}

/// Returns the calendar as the library is told of it.
///
/// # Errors
/// None for these words.
pub fn spec(dates: Dates) -> Result<CalendarSpec, Failure> {
    let shifts = ["09:00-12:00".parse()?, "13:30-18:00".parse()?];
    let spec =
        CalendarSpec::weekly("Asia/Shanghai".parse()?).with_shifts(CalendarSpec::MON_FRI, &shifts);
    if dates == Dates::All {
        return Ok(spec.with_holidays(HolidaySet::Cn));
    }
    let mut closed = Vec::new();
    for date in exceptions(dates).keys() {
        closed.push(Exception::closed(date.parse()?));
    }
    Ok(spec.with_exceptions(closed))
}

/// Returns so many instants at random in the ten years, in microseconds since 1970.
///
/// In whole milliseconds, the finest that every peer knows.
#[must_use]
pub fn instants(count: usize) -> Vec<i64> {
    let mut state = 0x5eed;
    let span = (DAYS * DAY / 1_000).cast_unsigned();
    (0..count)
        .map(|_| FIRST_DAY * DAY + (random(&mut state) % span).cast_signed() * 1_000)
        .collect()
}

/// Returns pairs of instants: each of the instants, and one at most 30 days before or after it.
#[must_use]
pub fn pairs(instants: &[i64]) -> Vec<(i64, i64)> {
    let mut state = 0xfeed;
    let month = (30 * DAY / 1_000).cast_unsigned();
    let mut near = |at: i64| {
        let far = (random(&mut state) % (2 * month)).cast_signed();
        at + (far - month.cast_signed()) * 1_000
    };
    instants.iter().map(|at| (*at, near(*at))).collect()
}

/// Returns the dates that are not like their weekday, with whether the office is open on them.
#[must_use]
pub fn exceptions(dates: Dates) -> BTreeMap<String, bool> {
    let rows = HOLIDAYS.lines().filter(|row| !row.starts_with('#'));
    let rows = rows.filter_map(|row| row.split_once(','));
    rows.map(|(date, rest)| (date.to_owned(), rest.starts_with("workday")))
        .filter(|(_, open)| dates == Dates::All || !open)
        .collect()
}

/// The office's hours as a plain list, in UTC microseconds, with the open time before each.
#[derive(Debug, Clone)]
pub struct Open {
    runs: Vec<(i64, i64, i64)>,
}

impl Open {
    /// Writes out the ten years and some weeks on either side.
    #[must_use]
    pub fn list(dates: Dates) -> Self {
        let exceptions = exceptions(dates);
        let (mut runs, mut worked) = (Vec::new(), 0);
        for day in FIRST_DAY - MARGIN..FIRST_DAY + DAYS + MARGIN {
            let weekday = (day + 3).rem_euclid(7);
            let open = exceptions.get(&date(day)).copied();
            if !open.unwrap_or(weekday < 5) {
                continue;
            }
            for (from, to) in [(9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60)] {
                let at = |minutes: i64| day * DAY + (minutes - 8 * 60) * MINUTE;
                runs.push((at(from), at(to), worked));
                worked += (to - from) * MINUTE;
            }
        }
        let mut open = Self { runs };
        let base = open.worked(FIRST_DAY * DAY);
        for run in &mut open.runs {
            run.2 -= base;
        }
        open
    }

    /// Returns the open time from the first of the ten years to an instant.
    #[must_use]
    pub fn worked(&self, at: i64) -> i64 {
        let later = self.runs.partition_point(|run| run.0 <= at);
        let run = later.checked_sub(1).and_then(|last| self.runs.get(last));
        run.map_or(0, |(start, end, before)| before + at.min(*end) - start)
    }

    /// Whether the office is open.
    #[must_use]
    pub fn is_open(&self, at: i64) -> bool {
        let later = self.runs.partition_point(|run| run.0 <= at);
        let run = later.checked_sub(1).and_then(|last| self.runs.get(last));
        run.is_some_and(|(_, end, _)| at < *end)
    }

    /// Returns when so much open time has passed since an instant.
    #[must_use]
    pub fn after(&self, at: i64, length: i64) -> i64 {
        let wanted = self.worked(at) + length;
        let end = |run: &(i64, i64, i64)| run.2 + run.1 - run.0;
        let place = self.runs.partition_point(|run| end(run) < wanted);
        let run = self.runs.get(place);
        run.map_or(0, |(start, _, before)| start + wanted - before)
    }

    /// Returns since when so much open time has passed at an instant.
    #[must_use]
    pub fn before(&self, at: i64, length: i64) -> i64 {
        let wanted = self.worked(at) - length;
        let later = self.runs.partition_point(|run| run.2 <= wanted);
        let run = later.checked_sub(1).and_then(|last| self.runs.get(last));
        run.map_or(0, |(start, _, before)| start + wanted - before)
    }

    /// Returns the last closing of the first date after the local date of `at` on which there is
    /// one.
    #[must_use]
    pub fn closing(&self, at: i64) -> i64 {
        let date = |at: i64| (at + 480 * MINUTE).div_euclid(DAY);
        let first = self.runs.partition_point(|run| date(run.0) <= date(at));
        let later = self.runs.get(first..).unwrap_or_default();
        let next = later.first().map_or(0, |run| date(run.0));
        let of_date = later.iter().take_while(|run| date(run.0) == next);
        of_date.last().map_or(0, |run| run.1)
    }
}

/// Returns the date of a day since 1970, as `2026-03-09`.
#[must_use]
pub fn date(day: i64) -> String {
    let noon = Instant::from_micros(day * DAY + DAY / 2).unwrap_or(Instant::MIN);
    let text = noon.to_string();
    let date = text.split_once('T').map_or("", |(date, _)| date);
    date.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Instant>().unwrap().micros()
    }

    /// Worked out by hand: 2026-03-09 is a Monday, 2026-10-01 to 07 are holidays, the Saturday
    /// after is worked.
    #[test]
    fn the_list_knows_lunch_weekends_and_holidays() {
        let open = Open::list(Dates::All);
        for (start, due) in [
            ("2025-03-10T09:00:00+08:00", "2025-03-11T09:30:00+08:00"),
            ("2025-03-14T17:00:00+08:00", "2025-03-17T17:30:00+08:00"),
            ("2025-09-30T17:00:00+08:00", "2025-10-09T17:30:00+08:00"),
        ] {
            assert_eq!(open.after(at(start), EIGHT_HOURS), at(due), "{start}");
            assert_eq!(open.before(at(due), EIGHT_HOURS), at(start), "{due}");
            assert_eq!(open.worked(at(due)) - open.worked(at(start)), EIGHT_HOURS);
        }
        assert!(open.is_open(at("2025-03-10T09:00:00+08:00")));
        assert!(!open.is_open(at("2025-03-10T12:00:00+08:00")));
        let closing = open.closing(at("2025-09-30T17:00:00+08:00"));
        assert_eq!(closing, at("2025-10-09T18:00:00+08:00"));
    }

    /// Of 2024-02-04, a Sunday, the law made a working day.
    #[test]
    fn a_make_up_day_is_open_only_where_there_are_any() {
        let noon = at("2024-02-04T10:00:00+08:00");
        assert!(Open::list(Dates::All).is_open(noon));
        assert!(!Open::list(Dates::Holidays).is_open(noon));
    }

    #[test]
    fn pairs_are_at_most_a_month_apart_and_go_both_ways() {
        let pairs = pairs(&instants(1_000));
        assert!(
            pairs
                .iter()
                .all(|(a, b)| (a - b).abs() <= 30 * DAY && a % 1_000 == b % 1_000)
        );
        assert!(pairs.iter().any(|(a, b)| a < b) && pairs.iter().any(|(a, b)| a > b));
    }

    #[test]
    fn instants_are_whole_milliseconds_of_the_ten_years() {
        let instants = instants(1_000);
        let years = FIRST_DAY * DAY..(FIRST_DAY + DAYS) * DAY;
        assert!(
            instants
                .iter()
                .all(|at| at % 1_000 == 0 && years.contains(at))
        );
    }
}
