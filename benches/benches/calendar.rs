//! Adding, measuring and compiling on an office calendar, at random instants of ten years.
//!
//! Run with `cargo bench -p punctual-bench --bench calendar`. The calendar is open Monday to Friday
//! 09:00-12:00 and 13:30-18:00 in Asia/Shanghai, with China's holidays and make-up days. Expected
//! answers come from a list of intervals that is built here, date by date, at a fixed offset.

use std::hint::black_box;

use punctual::calendar::{Calendar, CalendarSpec, HolidaySet, PublishedCalendar, Zone, ZoneTable};
use punctual::time::{Instant, WorkingTime};
use punctual_bench::{headline, measure, note, random};

type Failure = Box<dyn std::error::Error>;

const COUNT: usize = 1 << 16;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 1_440 * MINUTE;
/// 2016-01-01T00:00:00Z, in days since 1970; the ten years end in the last one with known holidays.
const FIRST_DAY: i64 = 16_801;
const DAYS: i64 = 3_653;

fn main() -> Result<(), Failure> {
    let spec = office()?;
    let calendar = Calendar::compile(&spec)?;
    let open = intervals();
    let mut state = 0x5eed;
    let instants: Vec<Instant> = (0..=COUNT)
        .map(|_| {
            let within = random(&mut state) % u64::try_from(DAYS * DAY)?;
            Ok(Instant::from_micros(
                FIRST_DAY * DAY + i64::try_from(within)?,
            )?)
        })
        .collect::<Result<_, Failure>>()?;
    headline("office calendar, random instants of 10 years, CPU time");
    additions(&calendar, &instants, &open)?;
    differences(&calendar, &instants, &open);
    chained(&calendar, &instants, &open)?;
    compilation(&spec, &calendar)
}

fn office() -> Result<CalendarSpec, Failure> {
    let shifts = ["09:00-12:00".parse()?, "13:30-18:00".parse()?];
    Ok(CalendarSpec::weekly("Asia/Shanghai".parse()?)
        .with_shifts(CalendarSpec::MON_FRI, &shifts)
        .with_holidays(HolidaySet::Cn))
}

fn additions(calendar: &Calendar, instants: &[Instant], open: &Open) -> Result<(), Failure> {
    let eight_hours = WorkingTime::from_hours(8);
    let starts = instants.get(1..).unwrap_or_default();
    let due = starts
        .iter()
        .map(|at| open.after(at.micros(), eight_hours.micros()));
    let expected = due.fold(0, checksum);
    measure("after: + 8 working hours", COUNT, expected, || {
        let due = black_box(starts).iter().map(|at| {
            let due = calendar.after(*at, eight_hours);
            due.map_or(0, Instant::micros)
        });
        due.fold(0, checksum)
    });
    let start = starts
        .iter()
        .map(|at| open.before(at.micros(), eight_hours.micros()));
    let expected = start.fold(0, checksum);
    measure("before: - 8 working hours", COUNT, expected, || {
        let start = black_box(starts).iter().map(|at| {
            let start = calendar.before(*at, eight_hours);
            start.map_or(0, Instant::micros)
        });
        start.fold(0, checksum)
    });
    let one = std::num::NonZeroU16::MIN;
    let expected = starts
        .iter()
        .map(|at| open.closing(at.micros()))
        .fold(0, checksum);
    measure(
        "working_day_closing: + 1 working day",
        COUNT,
        expected,
        || {
            let due = black_box(starts).iter().map(|at| {
                let due = calendar.working_day_closing(*at, one);
                due.map_or(0, Instant::micros)
            });
            due.fold(0, checksum)
        },
    );
    Ok(())
}

fn differences(calendar: &Calendar, instants: &[Instant], open: &Open) {
    let pairs = || instants.iter().zip(instants.iter().skip(1));
    let between = pairs().map(|(a, b)| open.worked(b.micros()) - open.worked(a.micros()));
    let expected = between.fold(0, checksum);
    measure("elapsed: between two instants", COUNT, expected, || {
        let instants = black_box(instants);
        let pairs = instants.iter().zip(instants.iter().skip(1));
        let between = pairs.map(|(a, b)| calendar.elapsed(*a, *b).micros());
        between.fold(0, checksum)
    });
    // W counts from 1970, the list from the first of the ten years.
    let first = Instant::from_micros(FIRST_DAY * DAY).unwrap_or(Instant::MIN);
    let base = calendar.worked_until(first).micros();
    let worked = instants.iter().map(|at| base + open.worked(at.micros()));
    let expected = worked.fold(0, checksum);
    measure("worked_until: W at an instant", COUNT + 1, expected, || {
        let worked = black_box(instants).iter();
        worked
            .map(|at| calendar.worked_until(*at).micros())
            .fold(0, checksum)
    });
    let expected = instants
        .iter()
        .map(|at| i64::from(open.is_open(at.micros())));
    let expected = expected.fold(0, checksum);
    measure("is_open", COUNT + 1, expected, || {
        let open = black_box(instants).iter().map(|at| calendar.is_open(*at));
        open.map(i64::from).fold(0, checksum)
    });
}

/// Each question needs the answer before it: the time of one alone, with nothing overlapping.
fn chained(calendar: &Calendar, instants: &[Instant], open: &Open) -> Result<(), Failure> {
    let eight_hours = WorkingTime::from_hours(8);
    let mut expected = 0;
    let mut last = 0;
    for at in instants {
        last = open.after(at.micros() + (last & 1), eight_hours.micros());
        expected = checksum(expected, last);
    }
    measure(
        "after, each waiting for the one before",
        COUNT + 1,
        expected,
        || {
            let (mut sum, mut last) = (0, 0);
            for at in black_box(instants) {
                let start = Instant::from_micros(at.micros() + (last & 1)).unwrap_or(*at);
                last = calendar
                    .after(start, eight_hours)
                    .map_or(0, Instant::micros);
                sum = checksum(sum, last);
            }
            sum
        },
    );
    Ok(())
}

fn compilation(spec: &CalendarSpec, calendar: &Calendar) -> Result<(), Failure> {
    headline("making a calendar for 1970 to 2099, CPU time");
    let published = PublishedCalendar::publish(spec, "office".parse()?, 1)?;
    measure("compile a published calendar", 1, 1, || {
        let compiled = black_box(&published).compile();
        u64::from(compiled.as_ref() == Ok(calendar))
    });
    let shanghai: Zone = "Asia/Shanghai".parse()?;
    let table = ZoneTable::new(shanghai);
    measure("write out a zone's offsets (Shanghai)", 1, 1, || {
        u64::from(ZoneTable::new(black_box(shanghai)) == table)
    });
    let stockholm: Zone = "Europe/Stockholm".parse()?;
    let table = ZoneTable::new(stockholm);
    measure("write out a zone's offsets (Stockholm)", 1, 1, || {
        u64::from(ZoneTable::new(black_box(stockholm)) == table)
    });
    note("bytes of a compiled calendar", calendar.table_bytes());
    Ok(())
}

fn checksum(sum: u64, answer: i64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(answer.cast_unsigned())
}

/// The office's hours as a plain list, in UTC microseconds, with the open time before each.
struct Open {
    runs: Vec<(i64, i64, i64)>,
}

/// Writes out the ten years and some weeks on either side, at a fixed eight hours from UTC.
fn intervals() -> Open {
    let rows = include_str!("../../core/data/holidays-cn.csv").lines();
    let exceptions: std::collections::BTreeMap<&str, bool> = rows
        .filter(|row| !row.starts_with('#'))
        .filter_map(|row| {
            let (date, rest) = row.split_once(',')?;
            Some((date, rest.starts_with("workday")))
        })
        .collect();
    let mut runs = Vec::new();
    let mut worked = 0;
    for day in FIRST_DAY - 60..FIRST_DAY + DAYS + 60 {
        let noon = Instant::from_micros(day * DAY + DAY / 2).unwrap_or(Instant::MIN);
        let date = noon.to_string();
        let date = date.split_once('T').map_or("", |(date, _)| date);
        let weekday = (day + 3).rem_euclid(7);
        if !exceptions.get(date).copied().unwrap_or(weekday < 5) {
            continue;
        }
        for (from, to) in [(9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60)] {
            let at = |minutes: i64| day * DAY + (minutes - 8 * 60) * MINUTE;
            runs.push((at(from), at(to), worked));
            worked += (to - from) * MINUTE;
        }
    }
    let mut open = Open { runs };
    let base = open.worked(FIRST_DAY * DAY);
    for run in &mut open.runs {
        run.2 -= base;
    }
    open
}

impl Open {
    fn worked(&self, at: i64) -> i64 {
        let later = self.runs.partition_point(|run| run.0 <= at);
        let run = later.checked_sub(1).and_then(|last| self.runs.get(last));
        run.map_or(0, |(start, end, before)| before + at.min(*end) - start)
    }

    fn is_open(&self, at: i64) -> bool {
        self.runs
            .iter()
            .any(|(start, end, _)| (*start..*end).contains(&at))
    }

    fn after(&self, at: i64, n: i64) -> i64 {
        let wanted = self.worked(at) + n;
        let mut runs = self.runs.iter();
        let run = runs.find(|(start, end, before)| before + end - start >= wanted);
        run.map_or(0, |(start, _, before)| start + wanted - before)
    }

    fn before(&self, at: i64, n: i64) -> i64 {
        let wanted = self.worked(at) - n;
        let mut runs = self.runs.iter().rev();
        let run = runs.find(|(.., before)| *before <= wanted);
        run.map_or(0, |(start, _, before)| start + wanted - before)
    }

    /// The last closing of the first date after the local date of `at` on which there is one.
    fn closing(&self, at: i64) -> i64 {
        let date = |at: i64| (at + 480 * MINUTE).div_euclid(DAY);
        let later = self.runs.iter().filter(|run| date(run.0) > date(at));
        let mut later = later.peekable();
        let first = later.peek().map_or(0, |run| date(run.0));
        let of_date = later.take_while(|run| date(run.0) == first);
        of_date.last().map_or(0, |run| run.1)
    }
}
