//! A long history under two policies, side by side.

use std::convert::Infallible;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use punctual::backtest::{Backtest, Summary};
use punctual::ticket::Ticket;

use crate::alone::{self, Told, Work};
use crate::figure::{Against, Side, Unit};
use crate::load::history::{Office, broken};
use crate::load::tickets::{EVENTS_A_TICKET, History, folded};
use crate::measure::{Spread, process_time};
use crate::run::{Failure, Part, Run, Settings};

/// How many tickets the whole history has.
#[must_use]
pub const fn tickets(settings: &Settings) -> u64 {
    match (settings.quick, settings.whole) {
        (true, _) => 10_000,
        (false, false) => 100_000,
        (false, true) => 1_000_000,
    }
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    chunk(run)?;
    if run.settings().part == Part::Home {
        whole(run)?;
    }
    Ok(())
}

fn backtest(office: &Office) -> Result<Backtest<'_>, Failure> {
    let arms = [("pause", &office.paused), ("no pause", &office.unpaused)];
    Ok(Backtest::new(arms, office.as_of)?.with_examples(10))
}

/// Reads folded tickets under both policies.
fn read(backtest: &Backtest<'_>, tickets: &[Ticket]) -> Summary {
    let done = backtest.over([tickets]).run(|chunk, take| {
        chunk.iter().for_each(take);
        Ok::<_, Infallible>(())
    });
    match done {
        Ok(summary) => summary,
        Err(never) => match never {},
    }
}

/// How many promises are broken under each policy.
fn told(summary: &Summary) -> [u64; 2] {
    [0, 1].map(|arm| {
        let promises = 0..2;
        let breached = promises.map(|it| summary.figures(arm, it).compliance().breached);
        breached.sum()
    })
}

/// What [`told`] must come to: the clocks themselves, policy by policy.
fn expected(office: &Office, tickets: &[Ticket]) -> [u64; 2] {
    [&office.paused, &office.unpaused].map(|policy| broken(tickets, policy, office.as_of))
}

fn joined([left, right]: [u64; 2]) -> u64 {
    left << 32 | right
}

/// As many tickets as the other workloads have events for, over and over.
fn chunk(run: &mut Run) -> Result<(), Failure> {
    let size = (run.settings().size as f64 / EVENTS_A_TICKET).ceil() as u64;
    let office = Office::of(size)?;
    let events = office.events((1, size))?;
    let tickets: Vec<Ticket> = events.iter().map(folded).collect();
    let (backtest, both) = (backtest(&office)?, expected(&office, &tickets));
    let fold = |events: &[History]| -> Vec<Ticket> { events.iter().map(folded).collect() };
    run.cpu(
        "a ticket, folded and read under two policies",
        tickets.len(),
    )
    .ours(joined(both), || {
        joined(told(&read(&backtest, &fold(black_box(&events)))))
    })
    .limit(
        "its clocks read under both, nothing compared",
        joined(both),
        || joined(expected(&office, black_box(&tickets))),
    )
    .limit("its events folded, nothing read", size, || {
        fold(black_box(&events)).len() as u64
    })
    .note("8.6 events, two promises a policy")
    .target(Against::Number, "", 2_000.0);
    Ok(())
}

/// The whole history, chunk by chunk, in a process of its own.
fn whole(run: &mut Run) -> Result<(), Failure> {
    let tickets = tickets(run.settings());
    let nowhere = Path::new(".");
    let one = alone::elsewhere(Work::Backtest, tickets, nowhere)?;
    let two = alone::elsewhere(Work::BacktestByTwo, tickets, nowhere)?;
    if one.answers != two.answers {
        return Err("two workers come to another answer than one".into());
    }
    let chunks = alone::elsewhere(Work::Chunks, tickets, nowhere)?;
    let rates = |name: &str| Spread::of(one.of(name), false);
    run.case(
        &format!("backtest of {tickets} tickets under two policies"),
        Unit::PerCpuSecond,
        tickets as usize,
    )
    .figure(Side::Ours, "punctual", rates("both"))
    .figure(Side::Limit, "clocks read under both, nothing compared", rates("clocks"))
    .figure(Side::Limit, "events folded, nothing read", rates("folding"))
    .note("the middle chunk of 5,000; making the tickets is not counted; two workers came to the same answer")
    .target(Against::Number, "", 500_000.0);
    run.case(
        &format!("peak memory of a backtest of {tickets} tickets"),
        Unit::Bytes,
        1,
    )
    .number(Side::Ours, "punctual", one.peak as f64)
    .number(Side::Ours, "punctual, two workers", two.peak as f64)
    .number(
        Side::Limit,
        "the chunks made, nothing else",
        chunks.peak as f64,
    )
    .note("a process of its own, the chunk's typed events with it");
    Ok(())
}

/// One worker, every chunk timed and compared with what the clocks themselves say.
///
/// # Errors
/// When a chunk comes to another answer.
pub fn by_one(tickets: u64) -> Result<Told, Failure> {
    let office = Office::of(tickets)?;
    let backtest = backtest(&office)?;
    let (mut found, mut all) = (Told::default(), [0; 2]);
    for chunk in office.chunks() {
        let events = office.events(chunk)?;
        let begin = process_time();
        let folded: Vec<Ticket> = events.iter().map(folded).collect();
        let folding = process_time().saturating_sub(begin);
        let summary = read(&backtest, &folded);
        let both = process_time().saturating_sub(begin);
        let begin = process_time();
        let oracle = expected(&office, &folded);
        let clocks = process_time().saturating_sub(begin);
        let answer = told(&summary);
        if answer != oracle || summary.tickets() != folded.len() as u64 {
            return Err(format!("a chunk came to {answer:?} instead of {oracle:?}").into());
        }
        let rate = |time: Duration| folded.len() as f64 / time.as_secs_f64();
        found.add("both", rate(both));
        found.add("folding", rate(folding));
        found.add("clocks", rate(clocks));
        all = [all[0] + answer[0], all[1] + answer[1]];
    }
    found.answers = all.to_vec();
    Ok(found)
}

/// Two workers that make the tickets themselves.
///
/// # Errors
/// When a ticket cannot be made.
pub fn by_two(tickets: u64) -> Result<Told, Failure> {
    let office = Office::of(tickets)?;
    let backtest = backtest(&office)?;
    let run = backtest.over(office.chunks());
    let run = run.workers(NonZeroUsize::MIN.saturating_add(1));
    let summary = run.run(|chunk, take| -> Result<(), Failure> {
        office
            .events(chunk)?
            .iter()
            .for_each(|it| take(&folded(it)));
        Ok(())
    })?;
    Ok(Told {
        answers: told(&summary).to_vec(),
        ..Told::default()
    })
}

/// The chunks made, and nothing done with them.
///
/// # Errors
/// When a ticket cannot be made.
pub fn chunks(tickets: u64) -> Result<Told, Failure> {
    let office = Office::of(tickets)?;
    for chunk in office.chunks() {
        black_box(office.events(chunk)?);
    }
    Ok(Told::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_worker_two_workers_and_the_clocks_agree() {
        let [one, two] = [Work::Backtest, Work::BacktestByTwo]
            .map(|work| alone::here(work, 6_000, Path::new(".")).unwrap());
        assert_eq!(one.answers, two.answers);
        assert!(one.answers.iter().all(|broken| *broken > 0));
        assert_eq!(one.of("both").len(), 2, "a figure for each chunk");
        assert!(one.peak > 1_000_000);
    }
}
