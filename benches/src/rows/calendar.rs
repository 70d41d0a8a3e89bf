//! Adding and measuring working time.

use std::hint::black_box;
use std::num::NonZeroU16;

use punctual::calendar::Calendar;
use punctual::time::{Instant, WorkingTime};

use crate::figure::Against;
use crate::load::office::{self, DAY, Dates, EIGHT_HOURS, FIRST_DAY, Open};
use crate::measure::{checksum, random};
use crate::run::{Failure, Part, Run, Settings};

/// Returns how many questions a round has.
#[must_use]
pub const fn questions(settings: &Settings) -> usize {
    if settings.quick { 1 << 12 } else { 1 << 16 }
}

/// How many bytes of calendars a cold question chooses among: more than any cache holds.
const COLD_BYTES: usize = 256 << 20;

/// The checksum of microsecond answers.
#[must_use]
pub fn sum(answers: impl Iterator<Item = i64>) -> u64 {
    answers.fold(0, |sum, answer| checksum(sum, answer.cast_unsigned()))
}

/// The cases that peers have figures of.
pub const CASES: [(&str, Dates); 2] = [
    ("with holidays", Dates::Holidays),
    ("with make-up days", Dates::All),
];

/// Returns the name of the case of adding.
#[must_use]
pub fn add_name(which: &str) -> String {
    format!("add 8 working hours, random over 10 years, {which}")
}

/// Returns the name of the case of measuring.
#[must_use]
pub fn between_name(which: &str) -> String {
    format!("working time between two instants of a month, {which}")
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let micros = office::instants(questions(run.settings()));
    let instants = typed(&micros)?;
    for (which, dates) in CASES {
        let (calendar, open) = (Calendar::compile(&office::spec(dates)?)?, Open::list(dates));
        add(run, &add_name(which), &calendar, &instants, &open);
        between(run, &between_name(which), &calendar, &instants, &open)?;
    }
    let (calendar, open) = (
        Calendar::compile(&office::spec(Dates::All)?)?,
        Open::list(Dates::All),
    );
    chained(run, &calendar, &instants, &open);
    backwards(run, &calendar, &instants, &open);
    days(run, &calendar, &instants, &open);
    single(run, &calendar, &instants, &open);
    let hot = instants.iter().take(64).cycle().take(instants.len());
    let hot: Vec<Instant> = hot.copied().collect();
    add(run, "add, the same 64 instants", &calendar, &hot, &open);
    between(run, "between, the same 64 instants", &calendar, &hot, &open)?;
    cold(run, &calendar, &instants, &open)
}

fn typed(micros: &[i64]) -> Result<Vec<Instant>, Failure> {
    let typed = micros.iter().map(|at| Ok(Instant::from_micros(*at)?));
    typed.collect()
}

/// What a look-up cannot do without: the day's number, and one load from a table of that many days.
/// As many loads as the question has look-ups.
fn loads(instants: &[Instant], each: usize) -> impl FnMut() -> u64 + use<'_> {
    let table: Vec<u32> = (0..47_482).collect();
    move || {
        let day = |at: i64| table.get((at / DAY) as usize).copied().unwrap_or_default();
        black_box(instants).iter().fold(0, |sum, at| {
            let once = day(at.micros());
            let answer = if each == 1 {
                once
            } else {
                day(at.micros() + i64::from(once & 1) * DAY)
            };
            sum ^ u64::from(answer)
        })
    }
}

fn limit(instants: &[Instant], each: usize) -> u64 {
    loads(instants, each)()
}

fn add(run: &mut Run, name: &str, calendar: &Calendar, starts: &[Instant], open: &Open) {
    let eight_hours = WorkingTime::from_hours(8);
    let due = starts.iter().map(|at| open.after(at.micros(), EIGHT_HOURS));
    run.cpu(name, starts.len())
        .ours(sum(due), || {
            let due = black_box(starts).iter();
            sum(due.map(|at| calendar.after(*at, eight_hours).map_or(0, Instant::micros)))
        })
        .limit(
            "two dependent loads by day",
            limit(starts, 2),
            loads(starts, 2),
        )
        .target(Against::Crates, "", 3.0)
        .target(Against::Scripts, "", 100.0)
        .target(Against::Number, "", 10.0);
}

fn chained(run: &mut Run, calendar: &Calendar, starts: &[Instant], open: &Open) {
    let eight_hours = WorkingTime::from_hours(8);
    let (mut expected, mut last) = (0, 0);
    for at in starts {
        last = open.after(at.micros() + (last & 1), EIGHT_HOURS);
        expected = checksum(expected, last.cast_unsigned());
    }
    run.cpu("add, each waiting for the one before", starts.len())
        .ours(expected, || {
            let (mut sum, mut last) = (0, 0);
            for at in black_box(starts) {
                let start = Instant::from_micros(at.micros() + (last & 1)).unwrap_or(*at);
                last = calendar
                    .after(start, eight_hours)
                    .map_or(0, Instant::micros);
                sum = checksum(sum, last.cast_unsigned());
            }
            sum
        })
        .limit(
            "two dependent loads by day",
            limit(starts, 2),
            loads(starts, 2),
        );
}

fn between(
    run: &mut Run,
    name: &str,
    calendar: &Calendar,
    starts: &[Instant],
    open: &Open,
) -> Result<(), Failure> {
    let micros: Vec<i64> = starts.iter().map(|at| at.micros()).collect();
    let pairs = office::pairs(&micros);
    let expected = pairs.iter().map(|(a, b)| open.worked(*b) - open.worked(*a));
    let expected = sum(expected);
    let typed = |at: &i64| Instant::from_micros(*at);
    let pairs: Vec<(Instant, Instant)> = pairs
        .iter()
        .map(|(a, b)| Ok((typed(a)?, typed(b)?)))
        .collect::<Result<_, Failure>>()?;
    run.cpu(name, pairs.len())
        .ours(expected, || {
            let pairs = black_box(&pairs).iter();
            sum(pairs.map(|(a, b)| calendar.elapsed(*a, *b).micros()))
        })
        .limit("one load by day each", limit(starts, 1), loads(starts, 1))
        .target(Against::Crates, "", 3.0)
        .target(Against::Scripts, "", 100.0)
        .target(Against::Number, "", 8.0);
    Ok(())
}

fn backwards(run: &mut Run, calendar: &Calendar, starts: &[Instant], open: &Open) {
    let eight_hours = WorkingTime::from_hours(8);
    let start = starts
        .iter()
        .map(|at| open.before(at.micros(), EIGHT_HOURS));
    run.cpu("subtract 8 working hours, random", starts.len())
        .ours(sum(start), || {
            let start = black_box(starts).iter();
            sum(start.map(|at| calendar.before(*at, eight_hours).map_or(0, Instant::micros)))
        })
        .limit(
            "two dependent loads by day",
            limit(starts, 2),
            loads(starts, 2),
        );
}

fn days(run: &mut Run, calendar: &Calendar, starts: &[Instant], open: &Open) {
    let one = NonZeroU16::MIN;
    let due = starts.iter().map(|at| open.closing(at.micros()));
    run.cpu("closing of the next working day, random", starts.len())
        .ours(sum(due), || {
            let due = black_box(starts).iter();
            sum(due.map(|at| {
                calendar
                    .working_day_closing(*at, one)
                    .map_or(0, Instant::micros)
            }))
        })
        .limit(
            "two dependent loads by day",
            limit(starts, 2),
            loads(starts, 2),
        );
}

fn single(run: &mut Run, calendar: &Calendar, starts: &[Instant], open: &Open) {
    // W counts from 1970, the list from the first of the ten years.
    let first = Instant::from_micros(FIRST_DAY * DAY).unwrap_or(Instant::MIN);
    let base = calendar.worked_until(first).micros();
    let worked = starts.iter().map(|at| base + open.worked(at.micros()));
    run.cpu("open time up to an instant (W), random", starts.len())
        .ours(sum(worked), || {
            let worked = black_box(starts).iter();
            sum(worked.map(|at| calendar.worked_until(*at).micros()))
        })
        .limit("one load by day", limit(starts, 1), loads(starts, 1));
    let open = starts.iter().map(|at| i64::from(open.is_open(at.micros())));
    run.cpu("whether the desk is open, random", starts.len())
        .ours(sum(open), || {
            let open = black_box(starts).iter();
            sum(open.map(|at| i64::from(calendar.is_open(*at))))
        })
        .limit("one load by day", limit(starts, 1), loads(starts, 1));
}

/// Each question goes to another one of so many calendars that none of them is in a cache.
fn cold(
    run: &mut Run,
    calendar: &Calendar,
    instants: &[Instant],
    open: &Open,
) -> Result<(), Failure> {
    if run.settings().part != Part::Home {
        return Ok(());
    }
    let spec = office::spec(Dates::All)?;
    let count = if run.settings().quick {
        64
    } else {
        COLD_BYTES / calendar.table_bytes().max(1)
    };
    let calendars: Vec<Calendar> = (0..count)
        .map(|_| Calendar::compile(&spec))
        .collect::<Result<_, _>>()?;
    let mut state = 0xc01d;
    let questions: Vec<(usize, Instant)> = instants
        .iter()
        .take(1 << 14)
        .map(|at| ((random(&mut state) % count as u64) as usize, *at))
        .collect();
    let eight_hours = WorkingTime::from_hours(8);
    let due = questions
        .iter()
        .map(|(_, at)| open.after(at.micros(), EIGHT_HOURS));
    let tables: Vec<Vec<u32>> = (0..count)
        .map(|number| vec![number as u32; calendar.table_bytes() / 4])
        .collect();
    let load = |which: usize, at: i64| {
        let table = tables.get(which).map(Vec::as_slice).unwrap_or_default();
        table
            .get((at / DAY) as usize % table.len().max(1))
            .copied()
            .unwrap_or_default()
    };
    let touched = questions
        .iter()
        .map(|(which, at)| i64::from(load(*which, at.micros())));
    let touched = sum(touched);
    run.cpu("add, cold: each on another calendar", questions.len())
        .ours(sum(due), || {
            let due = black_box(&questions).iter().filter_map(|(which, at)| {
                let calendar = calendars.get(*which)?;
                Some(calendar.after(*at, eight_hours).map_or(0, Instant::micros))
            });
            sum(due)
        })
        .limit("one load from as much memory", touched, || {
            let questions = black_box(&questions).iter();
            sum(questions.map(|(which, at)| i64::from(load(*which, at.micros()))))
        })
        .note(&format!(
            "{count} calendars of {} bytes",
            calendar.table_bytes()
        ));
    Ok(())
}
