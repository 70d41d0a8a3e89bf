//! One broken promise from which there is something to learn.

use punctual::clock::{self, Attribution, Bindings, Explanation, Measure, Part};
use punctual::event::StreamId;
use punctual::policy::PolicyBook;
use punctual::ticket::{Outcome, Status, Ticket};
use punctual::time::{Instant, Interval, Span};

use super::survey::Survey;

/// A broken promise, explained.
#[derive(Debug)]
pub(super) struct Breach {
    pub(super) ticket: String,
    pub(super) status: Status,
    pub(super) explanation: Explanation,
    /// What lies between the start and the end.
    pub(super) rows: Vec<Row>,
}

/// One stretch of time, or several that follow each other by routine.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) interval: Interval,
    /// How much of it counted.
    pub(super) counted: Span,
    /// What it was; `None` for working time and closing by turns.
    pub(super) why: Option<Attribution>,
}

/// How many stretches of time are best to read.
const BEST_ROWS: usize = 7;
/// Of working time and closing by turns, so many are shown one by one.
const MOST_TURNS: usize = 5;

/// Returns the broken promise that shows most with least: time that did not count because somebody
/// was waited for, and because the desk was closed, in few stretches. Of equals the first ticket.
pub(super) fn choose(survey: &Survey, book: &PolicyBook, at: Instant) -> Option<Breach> {
    let mut best: Option<(usize, Breach)> = None;
    for (stream, ticket) in &survey.tickets {
        let Ok(bindings) = Bindings::recorded(ticket.timeline(), book, at) else {
            continue;
        };
        let readings = clock::read(ticket.timeline(), &bindings, at);
        if !readings.iter().any(|it| it.outcome == Outcome::Breached) {
            continue;
        }
        for explanation in clock::explain(ticket.timeline(), &bindings, at) {
            let Some((rank, breach)) = weigh(stream, ticket, explanation) else {
                continue;
            };
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                best = Some((rank, breach));
            }
        }
    }
    best.map(|(_, breach)| breach)
}

/// Returns how little one learns from a breach; `None` where it is none, or hard to follow.
fn weigh(stream: &StreamId, ticket: &Ticket, explanation: Explanation) -> Option<(usize, Breach)> {
    let reading = &explanation.reading;
    let ended = reading.stopped_at?;
    let is_plain = reading.outcome == Outcome::Breached
        && explanation.traces.len() == 1
        && !reading.over_on_attach
        && reading.budget.is_some();
    if !is_plain {
        return None;
    }
    let during = Interval::new(reading.started_at, ended).ok()?;
    let clip = |part: &Part| {
        let interval = part.interval.intersection(during)?;
        let attribution = part.attribution.clone();
        (interval.length().micros() > 0).then_some(Part {
            interval,
            attribution,
        })
    };
    let parts: Vec<Part> = explanation.parts.iter().filter_map(clip).collect();
    let has = |wanted: fn(&Attribution) -> bool| parts.iter().any(|it| wanted(&it.attribution));
    let is_paused = has(|it| matches!(it, Attribution::Paused(_)));
    let is_closed = has(|it| matches!(it, Attribution::Closed));
    let class = match (is_paused, is_closed) {
        (true, true) => 0,
        (false, true) => 1,
        (true, false) => 2,
        (false, false) => 3,
    };
    let is_working = matches!(reading.measure, Measure::Working { .. });
    let rows = rows_of(&parts);
    // What a kind of gap teaches is worth as many stretches of reading.
    let rank = 4 * (class + usize::from(!is_working)) + rows.len().abs_diff(BEST_ROWS);
    let breach = Breach {
        ticket: stream.id().to_owned(),
        status: ticket.timeline().status(ended),
        rows,
        explanation,
    };
    Some((rank, breach))
}

/// Joins working time and closing where they take turns for long.
fn rows_of(parts: &[Part]) -> Vec<Row> {
    let is_routine = |part: &Part| {
        matches!(
            part.attribution,
            Attribution::Counting | Attribution::Closed
        )
    };
    let runs = parts.chunk_by(|a, b| is_routine(a) && is_routine(b));
    let chunks = runs.flat_map(|run| {
        let step = if run.len() > MOST_TURNS { run.len() } else { 1 };
        run.chunks(step)
    });
    chunks.filter_map(row_of).collect()
}

fn row_of(parts: &[Part]) -> Option<Row> {
    let (first, last) = (parts.first()?, parts.last()?);
    let counting = parts
        .iter()
        .filter(|it| it.attribution == Attribution::Counting);
    let counted = counting.map(|it| it.interval.length().micros()).sum();
    Some(Row {
        interval: Interval::new(first.interval.start(), last.interval.end()).ok()?,
        counted: Span::from_micros(counted),
        why: (parts.len() == 1).then(|| first.attribution.clone()),
    })
}
