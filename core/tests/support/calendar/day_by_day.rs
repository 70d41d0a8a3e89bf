//! The first model: lists of intervals, built day by day over a stretch of time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::{DAY, Desk, SECOND};

/// A desk's open time over some weeks around the time asked about, in UTC microseconds.
#[derive(Debug)]
pub(crate) struct DayByDay {
    zone: Result<Tz, i32>,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Sorted and merged.
    pub(crate) open: Vec<(i64, i64)>,
    /// Working days with their last closing.
    pub(crate) working_days: Vec<(NaiveDate, i64)>,
}

impl DayByDay {
    /// Writes out `weeks` on either side.
    pub(crate) fn new(desk: &Desk, weeks: i64) -> Self {
        let end = 4_102_444_800 * SECOND;
        let mut model = Self {
            zone: desk.zone.parse::<Tz>().map_err(|_| fixed(desk.zone)),
            from: (desk.around - weeks * 7 * DAY).max(0),
            to: (desk.around + weeks * 7 * DAY).min(end),
            open: Vec::new(),
            working_days: Vec::new(),
        };
        let mut shifts: Vec<(NaiveDate, i64, i64, bool)> = Vec::new();
        let mut closed: Vec<(i64, i64)> = Vec::new();
        let first = utc(model.from).date() - TimeDelta::days(4);
        let last = utc(model.to).date() + TimeDelta::days(4);
        for date in first.iter_days().take_while(|date| *date <= last) {
            if !model.exists(date) {
                continue;
            }
            let weekly = &desk.week[date.weekday().num_days_from_monday() as usize];
            let exception = desk.exceptions.iter().find(|(on, _)| *on == date);
            let (hours, holiday) = match exception {
                None => (weekly.clone(), false),
                Some((_, Some(own))) => (own.clone(), false),
                Some((_, None)) if desk.civil_day => {
                    closed.push((model.resolve(date, 0), model.resolve(date, 1_440)));
                    (weekly.clone(), true)
                }
                Some((_, None)) => (vec![], true),
            };
            for (start, end) in hours {
                let end = if end <= start { end + 1_440 } else { end };
                let (s, e) = (model.resolve(date, start), model.resolve(date, end));
                shifts.push((date, s, e, holiday));
            }
        }
        let mut pieces: Vec<(NaiveDate, i64, i64, bool)> = Vec::new();
        for (date, start, end, holiday) in shifts {
            for (s, e) in cut((start, end), &closed) {
                pieces.push((date, s.max(0), e.min(end_of(model.to)), holiday));
            }
        }
        pieces.retain(|(_, s, e, _)| s < e);
        model.open = union(pieces.iter().map(|(_, s, e, _)| (*s, *e)).collect());
        let mut latest = 0;
        for date in first.iter_days().take_while(|date| *date <= last) {
            let of_date = pieces.iter().filter(|piece| piece.0 == date && !piece.3);
            if let Some(closing) = of_date.map(|piece| piece.2).max() {
                latest = latest.max(closing);
                model.working_days.push((date, latest));
            }
        }
        model
    }

    fn offset(&self, utc_micros: i64) -> i64 {
        let secs = match &self.zone {
            Err(fixed) => *fixed,
            Ok(zone) => {
                let offset = zone.offset_from_utc_datetime(&utc(utc_micros));
                offset.fix().local_minus_utc()
            }
        };
        i64::from(secs) * SECOND
    }

    /// What the clock on the wall reads.
    pub(crate) fn local(&self, utc_micros: i64) -> NaiveDateTime {
        utc(utc_micros + self.offset(utc_micros))
    }

    /// The instants at which the clock on the wall reads `local`, and the offsets seen around them.
    fn occurrences(&self, local: i64) -> (Vec<i64>, Vec<i64>) {
        let mut offsets: Vec<i64> = (-15..=15)
            .map(|step| self.offset(local + step * 2 * 3_600 * SECOND))
            .collect();
        offsets.sort_unstable();
        offsets.dedup();
        let mut found: Vec<i64> = offsets.iter().map(|offset| local - offset).collect();
        found.retain(|at| at + self.offset(*at) == local);
        found.sort_unstable();
        (found, offsets)
    }

    /// The first occurrence; or, in a gap, read with the offset in force before it.
    fn resolve_local(&self, local: i64) -> i64 {
        let (found, offsets) = self.occurrences(local);
        match found.first() {
            Some(first) => *first,
            None => {
                let before_the_gap = local - offsets.iter().max().unwrap();
                local - self.offset(before_the_gap)
            }
        }
    }

    fn resolve(&self, date: NaiveDate, minutes: u16) -> i64 {
        let midnight = date.and_hms_opt(0, 0, 0).unwrap().and_utc();
        self.resolve_local(midnight.timestamp_micros() + i64::from(minutes) * 60 * SECOND)
    }

    /// Whether any quarter of an hour of the date occurs.
    fn exists(&self, date: NaiveDate) -> bool {
        let midnight = date.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let quarters = (0..96).map(|quarter| (quarter + 48) % 96);
        quarters
            .map(|quarter| midnight.timestamp_micros() + quarter * 900 * SECOND)
            .any(|local| !self.occurrences(local).0.is_empty())
    }

    pub(crate) fn is_open(&self, at: i64) -> bool {
        self.open.iter().any(|(s, e)| (*s..*e).contains(&at))
    }

    /// Open time from `a` to `b`, which come in order.
    pub(crate) fn between(&self, a: i64, b: i64) -> i64 {
        let parts = self
            .open
            .iter()
            .map(|(s, e)| (*e.min(&b) - *s.max(&a)).max(0));
        parts.sum()
    }

    /// The earliest instant after `n` > 0 of open time, if it is within reach.
    pub(crate) fn after(&self, at: i64, n: i64) -> Option<i64> {
        let mut left = n;
        for (start, end) in &self.open {
            let start = *start.max(&at);
            if start < *end {
                if left <= end - start {
                    return Some(start + left);
                }
                left -= end - start;
            }
        }
        None
    }

    /// The latest instant by which no more than `n` of open time has passed.
    pub(crate) fn last_after(&self, at: i64, n: i64) -> Option<i64> {
        let mut left = n;
        for (start, end) in &self.open {
            let start = *start.max(&at);
            if start < *end {
                if left < end - start {
                    return Some(start + left);
                }
                left -= end - start;
            }
        }
        None
    }

    /// The latest instant from which `n` > 0 of open time passes up to `at`.
    pub(crate) fn before(&self, at: i64, n: i64) -> Option<i64> {
        let mut left = n;
        for (start, end) in self.open.iter().rev() {
            let end = *end.min(&at);
            if *start < end {
                if left <= end - start {
                    return Some(end - left);
                }
                left -= end - start;
            }
        }
        None
    }

    /// The latest local date that began at or before `at`, by looking at every minute of a day.
    fn latest_date(&self, at: i64) -> NaiveDate {
        let minutes = (0..1_500).map(|minute| at - minute * 60 * SECOND);
        minutes.map(|at| self.local(at).date()).max().unwrap()
    }

    pub(crate) fn working_day(&self, start: i64, n: usize) -> Option<(NaiveDate, i64)> {
        let date = self.latest_date(start);
        let later = self.working_days.iter().filter(|(day, _)| *day > date);
        later.copied().nth(n - 1)
    }

    pub(crate) fn same_time(&self, start: i64, date: NaiveDate) -> i64 {
        let wall = date.and_time(self.local(start).time());
        self.resolve_local(wall.and_utc().timestamp_micros())
    }
}

fn end_of(to: i64) -> i64 {
    // Past the stretch nothing is asked; only the end of 2099 is an end of the calendar too.
    if to == 4_102_444_800 * SECOND {
        to
    } else {
        i64::MAX
    }
}

fn utc(micros: i64) -> NaiveDateTime {
    DateTime::from_timestamp_micros(micros).unwrap().naive_utc()
}

fn fixed(zone: &str) -> i32 {
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let hours: i32 = zone[1..3].parse().unwrap();
    let minutes: i32 = zone[4..6].parse().unwrap();
    sign * (hours * 3_600 + minutes * 60)
}

/// What is left of one interval.
fn cut(whole: (i64, i64), closed: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut left = vec![whole];
    for (from, to) in closed {
        left = left
            .into_iter()
            .flat_map(|(s, e)| [(s, e.min(*from)), (s.max(*to), e)])
            .filter(|(s, e)| s < e)
            .collect();
    }
    left.retain(|(s, e)| s < e);
    left
}

fn union(mut parts: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    parts.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (start, end) in parts {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}
