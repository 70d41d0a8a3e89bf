//! The second model: a desk that is looked at in every second of a few days.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use jiff::civil::DateTime as Civil;
use jiff::tz::TimeZone;

use super::{Desk, SECOND};

/// For each second of a short range, whether the desk is open in it.
#[derive(Debug)]
pub(crate) struct Stepping {
    /// UTC seconds of the first.
    pub(crate) from: i64,
    pub(crate) open: Vec<bool>,
}

impl Stepping {
    /// Looks at `days` days on either side. `None` where jiff's zone data is another release's and
    /// knows other offsets in that range, or where the range leaves the covered years.
    pub(crate) fn new(desk: &Desk, days: i64, offset: impl Fn(i64) -> i64) -> Option<Self> {
        let zone = zone(desk.zone);
        let around = desk.around.div_euclid(SECOND);
        let (from, to) = (around - days * 86_400, around + days * 86_400);
        if from < 0 || to > 4_102_444_800 {
            return None;
        }
        let wide = (from - 4 * 86_400..to + 4 * 86_400).step_by(900);
        for secs in wide {
            let at = jiff::Timestamp::from_second(secs).unwrap();
            if i64::from(zone.to_offset(at).seconds()) != offset(secs) {
                return None;
            }
        }
        let first = DateTime::from_timestamp(from, 0)?.date_naive() - TimeDelta::days(4);
        let dates = (0..=2 * days + 8).map(|day| first + TimeDelta::days(day));
        let dates: Vec<Date> = dates
            .filter_map(|date| Date::new(desk, &zone, date))
            .collect();
        let open = (from..to)
            .map(|second| {
                let in_shift = dates.iter().any(|date| date.has_shift_at(second));
                in_shift && !dates.iter().any(|date| date.is_closed_at(second))
            })
            .collect();
        Some(Self { from, open })
    }

    /// Open microseconds of the whole range before `at`, by walking to it.
    pub(crate) fn worked(&self, at: i64) -> i64 {
        let mut worked = 0;
        for (second, open) in (self.from..).zip(&self.open) {
            if *open {
                worked += (at - second * SECOND).clamp(0, SECOND);
            }
        }
        worked
    }

    /// The earliest instant with `n` > 0 worked since `at`.
    pub(crate) fn after(&self, at: i64, n: i64) -> Option<i64> {
        let mut left = n;
        for (second, open) in (self.from..).zip(&self.open) {
            let begin = (second * SECOND).max(at);
            let length = (second + 1) * SECOND - begin;
            if *open && length > 0 {
                if left <= length {
                    return Some(begin + left);
                }
                left -= length;
            }
        }
        None
    }
}

/// One date's shifts in UTC seconds.
struct Date {
    shifts: Vec<(i64, i64)>,
    closed: Option<(i64, i64)>,
}

impl Date {
    fn new(desk: &Desk, zone: &TimeZone, date: NaiveDate) -> Option<Self> {
        // A skipped date's first instant is another date's.
        let civil: jiff::civil::Date = date.to_string().parse().unwrap();
        if civil.to_zoned(zone.clone()).unwrap().date() != civil {
            return None;
        }
        let resolve = |minutes: u16| {
            let days = i32::from(minutes / 1_440);
            let (hour, minute) = (minutes % 1_440 / 60, minutes % 60);
            let on = civil.checked_add(jiff::Span::new().days(days)).unwrap();
            let wall: Civil = on.at(hour as i8, minute as i8, 0, 0);
            let found = zone.to_ambiguous_timestamp(wall).compatible().unwrap();
            found.as_second()
        };
        let weekly = &desk.week[date.weekday().num_days_from_monday() as usize];
        let exception = desk.exceptions.iter().find(|(on, _)| *on == date);
        let holiday = exception.is_some_and(|(_, own)| own.is_none());
        let hours = match exception {
            Some((_, Some(own))) => own.as_slice(),
            Some((_, None)) if !desk.civil_day => &[],
            Some((_, None)) | None => weekly.as_slice(),
        };
        let shifts = hours.iter().map(|(start, end)| {
            let end = if end <= start { end + 1_440 } else { *end };
            (resolve(*start), resolve(end))
        });
        Some(Self {
            shifts: shifts.collect(),
            closed: (holiday && desk.civil_day).then(|| (resolve(0), resolve(1_440))),
        })
    }

    fn has_shift_at(&self, second: i64) -> bool {
        self.shifts.iter().any(|(s, e)| (*s..*e).contains(&second))
    }

    fn is_closed_at(&self, second: i64) -> bool {
        self.closed.is_some_and(|(s, e)| (s..e).contains(&second))
    }
}

fn zone(name: &str) -> TimeZone {
    if name.starts_with(['+', '-']) {
        let text = format!("2026-01-01T00:00:00{name}");
        let at: jiff::fmt::temporal::Pieces = jiff::fmt::temporal::Pieces::parse(&text).unwrap();
        return at.to_numeric_offset().unwrap().to_time_zone();
    }
    TimeZone::get(name).unwrap()
}
