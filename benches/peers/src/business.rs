//! Working time by `workclock` and by `opening-hours`.

use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use compact_calendar::CompactCalendar;
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};
use punctual_bench::load::office::{self, Dates, EIGHT_HOURS, MINUTE, Open};
use punctual_bench::rows::calendar::{add_name, between_name, questions, sum};
use punctual_bench::run::{Failure, Run};
use workclock::{Break, Holidays, Schedule, Weekdays, WorkDay};

/// The case that both can do: neither knows of a weekend that is worked once.
const WHICH: &str = "with holidays";
const WORKCLOCK: &str = "workclock 0.1.4";
const OPENING_HOURS: &str = "opening-hours 2.1.4";

pub fn calendar_row(run: &mut Run) -> Result<(), Failure> {
    // A thousandth of our speed is enough for a figure with as many questions of ours in it.
    let instants = office::instants(questions(run.settings()).min(1 << 12));
    let open = Open::list(Dates::Holidays);
    let due = sum(instants.iter().map(|at| open.after(*at, EIGHT_HOURS)));
    let pairs = office::pairs(&instants);
    let between = pairs.iter().map(|(a, b)| open.worked(*b) - open.worked(*a));
    let between = sum(between);
    with_workclock(run, &instants, &pairs, due, between)?;
    with_opening_hours(run, &instants, &pairs, due, between)
}

fn with_workclock(
    run: &mut Run,
    instants: &[i64],
    pairs: &[(i64, i64)],
    due: u64,
    between: u64,
) -> Result<(), Failure> {
    let days = Weekdays::MON_TO_FRI;
    let holidays = office::exceptions(Dates::Holidays).into_keys();
    let holidays = holidays.map(|date| date.parse::<Date>());
    let schedule = Schedule::builder()
        .time_zone("Asia/Shanghai")
        .rule(WorkDay::new(time(9, 0, 0, 0), time(18, 0, 0, 0), days))
        .rule(Break::new(time(12, 0, 0, 0), time(13, 30, 0, 0), days))
        .rule(Holidays::new(holidays.collect::<Result<Vec<_>, _>>()?))
        .build()?;
    let at = |micros: i64| Timestamp::from_microsecond(micros);
    let starts = instants
        .iter()
        .map(|it| at(*it))
        .collect::<Result<Vec<_>, _>>()?;
    let eight_hours = SignedDuration::from_hours(8);
    run.cpu(&add_name(WHICH), starts.len())
        .peer(WORKCLOCK, due, || {
            let due = black_box(&starts).iter();
            sum(due.map(|at| {
                schedule
                    .add(*at, eight_hours)
                    .map_or(0, Timestamp::as_microsecond)
            }))
        });
    let pairs = pairs.iter().map(|(a, b)| Ok((at(*a)?, at(*b)?)));
    let pairs = pairs.collect::<Result<Vec<_>, Failure>>()?;
    run.cpu(&between_name(WHICH), pairs.len())
        .peer(WORKCLOCK, between, || {
            let pairs = black_box(&pairs).iter();
            sum(pairs.map(|(a, b)| schedule.between(*a, *b).as_micros() as i64))
        });
    Ok(())
}

/// It knows when a place is open, and no sums of it: adding and measuring walk its intervals.
fn with_opening_hours(
    run: &mut Run,
    instants: &[i64],
    pairs: &[(i64, i64)],
    due: u64,
    between: u64,
) -> Result<(), Failure> {
    const NOTE: &str =
        "local times without a zone, its quickest way; sums are a loop over its intervals";
    let mut holidays = CompactCalendar::default();
    for date in office::exceptions(Dates::Holidays).into_keys() {
        holidays.insert(date.parse()?);
    }
    let holidays = ContextHolidays::new(Arc::new(holidays), Arc::default());
    let hours = "Mo-Fr 09:00-12:00,13:30-18:00; PH off"
        .parse::<OpeningHours>()?
        .with_context(Context::default().with_holidays(holidays));
    // Shanghai is eight hours ahead, all ten years.
    let local = |micros: i64| -> Result<NaiveDateTime, Failure> {
        let at = DateTime::from_timestamp_micros(micros + 480 * MINUTE);
        Ok(at
            .ok_or("an instant that chrono does not have")?
            .naive_utc())
    };
    let micros = |at: NaiveDateTime| at.and_utc().timestamp_micros() - 480 * MINUTE;
    let starts = instants
        .iter()
        .map(|it| local(*it))
        .collect::<Result<Vec<_>, _>>()?;
    let eight_hours = TimeDelta::hours(8);
    let after = |start: NaiveDateTime| {
        let mut left = eight_hours;
        for interval in hours
            .iter_from(start)
            .filter(|it| it.kind == RuleKind::Open)
        {
            let length = interval.range.end - interval.range.start;
            if length >= left {
                return Some(interval.range.start + left);
            }
            left -= length;
        }
        None
    };
    run.cpu(&add_name(WHICH), starts.len())
        .peer(OPENING_HOURS, due, || {
            sum(black_box(&starts)
                .iter()
                .map(|at| after(*at).map_or(0, micros)))
        })
        .because(NOTE);
    let pairs = pairs.iter().map(|(a, b)| Ok((local(*a)?, local(*b)?)));
    let pairs = pairs.collect::<Result<Vec<_>, Failure>>()?;
    let worked = |from: NaiveDateTime, to: NaiveDateTime| -> i64 {
        let intervals = hours
            .iter_range(from, to)
            .filter(|it| it.kind == RuleKind::Open);
        let lengths = intervals.map(|it| it.range.end - it.range.start);
        lengths
            .sum::<TimeDelta>()
            .num_microseconds()
            .unwrap_or_default()
    };
    run.cpu(&between_name(WHICH), pairs.len())
        .peer(OPENING_HOURS, between, || {
            let pairs = black_box(&pairs).iter();
            sum(pairs.map(|(a, b)| {
                if a <= b {
                    worked(*a, *b)
                } else {
                    -worked(*b, *a)
                }
            }))
        })
        .because(NOTE);
    Ok(())
}
