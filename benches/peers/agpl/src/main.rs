// SPDX-License-Identifier: AGPL-3.0-only
//! The calendar row by `dpm-model`.
//!
//! `dpm-model` is under the AGPL, and so is this program, which nothing else depends on: it is neither built, linked nor
//! packaged with Punctual, whose packages stay under MIT or Apache-2.0.

use std::hint::black_box;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Asia::Shanghai;
use dpm_model::{
    CalendarDefinition, CalendarException, CalendarRules, ClockTime, WeekPattern, WorkingPeriod,
    WorkingTime,
};
use punctual_bench::load::office::{self, DAY, DAYS, Dates, EIGHT_HOURS, FIRST_DAY, Open};
use punctual_bench::rows::{calendar, compile};
use punctual_bench::run::{Failure, Run};

const NAME: &str = "dpm-model 0.1.0";
/// Microseconds of an hour, its unit.
const HOUR: f64 = 3_600_000_000.0;
/// The first day that is asked about, with room for the days before.
const ORIGIN: i64 = (FIRST_DAY - 60) * DAY;

fn main() -> ExitCode {
    punctual_bench::program::run(&[("calendar", calendar_row), ("compile", compile_row)])
}

fn definition(dates: Dates) -> Result<CalendarDefinition, Failure> {
    let at = |text: &str| text.parse::<ClockTime>();
    let day = vec![
        WorkingPeriod::new(at("09:00")?, at("12:00")?),
        WorkingPeriod::new(at("13:30")?, at("18:00")?),
    ];
    let mut exceptions = Vec::new();
    for (date, open) in office::exceptions(dates) {
        exceptions.push(CalendarException {
            from: date.parse::<NaiveDate>()?,
            to: None,
            hours: if open { day.clone() } else { Vec::new() },
            name: None,
        });
    }
    let week = WeekPattern {
        mon: day.clone(),
        tue: day.clone(),
        wed: day.clone(),
        thu: day.clone(),
        fri: day,
        ..WeekPattern::default()
    };
    Ok(CalendarDefinition { week, exceptions })
}

fn compiled(definition: &CalendarDefinition) -> Option<WorkingTime> {
    let origin = DateTime::from_timestamp_micros(ORIGIN)?;
    let hours = ((DAYS + 120) * 24) as f64;
    WorkingTime::compile(
        CalendarRules::Weekly(definition),
        Shanghai,
        origin,
        0.0,
        hours,
    )
}

/// The questions are given in its own unit, hours after the origin.
fn hours(at: i64) -> f64 {
    (at - ORIGIN) as f64 / HOUR
}

/// Its answers are in hours, which are exact to the millisecond.
fn micros(hours: f64) -> i64 {
    (hours * 3_600_000.0).round() as i64 * 1_000
}

fn calendar_row(run: &mut Run) -> Result<(), Failure> {
    let instants = office::instants(calendar::questions(run.settings()));
    for (which, dates) in calendar::CASES {
        let calendar = compiled(&definition(dates)?).ok_or("it does not compile")?;
        let open = Open::list(dates);
        let starts: Vec<f64> = instants.iter().map(|at| hours(*at)).collect();
        let due = instants
            .iter()
            .map(|at| open.after(*at, EIGHT_HOURS) - ORIGIN);
        run.cpu(&calendar::add_name(which), starts.len())
            .peer(NAME, calendar::sum(due), || {
                let due = black_box(&starts).iter();
                calendar::sum(due.map(|at| calendar.add(*at, 8.0).map_or(0, micros)))
            });
        let pairs = office::pairs(&instants);
        let expected = pairs
            .iter()
            .map(|(a, b)| (open.worked(*b) - open.worked(*a)).abs());
        let expected = calendar::sum(expected);
        let ordered = pairs
            .iter()
            .map(|(a, b)| (hours(*a.min(b)), hours(*a.max(b))));
        let ordered: Vec<(f64, f64)> = ordered.collect();
        run.cpu(&calendar::between_name(which), ordered.len())
            .peer(NAME, expected, || {
                let pairs = black_box(&ordered).iter();
                calendar::sum(pairs.map(|(a, b)| calendar.between(*a, *b).map_or(0, micros)))
            })
            .because("from the earlier to the later instant: it has no negative working time");
    }
    Ok(())
}

fn compile_row(run: &mut Run) -> Result<(), Failure> {
    let definition = definition(Dates::All)?;
    let calendar = compiled(&definition);
    run.cpu(compile::CASE, 1)
        .peer(NAME, 1, || {
            u64::from(compiled(black_box(&definition)) == calendar)
        })
        .because("ten years and four months");
    Ok(())
}
