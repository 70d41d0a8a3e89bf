//! What becomes of the figures of one event as there are more of them.

mod disk;

use std::hint::black_box;
use std::sync::Arc;

use punctual::engine::{Agenda, Tick};
use punctual::event::{Expected, Kind, StreamId, Version};
use punctual::store::{Append, EventStore, TicketCodec, Trace, blocking};
use punctual::time::{Instant, Span};
use punctual_memory::MemoryStore;
use tokio::runtime::Builder;

use super::{backtest, projection, reload};
use crate::growth::Growth;
use crate::load::appends::Appends;
use crate::load::commands::{self, Desk};
use crate::load::models::{SELDOM, Tally};
use crate::load::tickets::{self, History, digest, folded};
use crate::measure::{checksum, random, thread_time};
use crate::run::{Failure, Run, Settings};

/// How many operations one round has.
const OPERATIONS: usize = 1_000;
/// How many rounds; the best counts.
const ROUNDS: usize = 7;

fn sizes(settings: &Settings) -> &'static [usize] {
    match (settings.quick, settings.whole) {
        (true, _) => &[10_000, 100_000],
        (false, false) => &[10_000, 100_000, 1_000_000],
        (false, true) => &[10_000, 100_000, 1_000_000, 10_000_000],
    }
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let mut table = Table::default();
    for size in sizes(run.settings()) {
        crate::progress(&format!("growth: {size}"));
        memory(&mut table, *size)?;
        engine(&mut table, *size)?;
        agenda(&mut table, *size)?;
        backtests(&mut table, *size)?;
        loads(&mut table, *size);
        disk::all(&mut table, *size, run.settings())?;
    }
    for growth in table.0 {
        run.growth(growth);
    }
    Ok(())
}

/// The figures as they come in, size by size.
#[derive(Default)]
struct Table(Vec<Growth>);

impl Table {
    fn add(&mut self, name: &str, of: &str, limit: bool, size: usize, nanos: f64) {
        let point = (size as f64, nanos);
        if let Some(growth) = self.0.iter_mut().find(|growth| growth.name == name) {
            growth.points.push(point);
            return;
        }
        self.0.push(Growth {
            name: name.to_owned(),
            of: of.to_owned(),
            points: vec![point],
            limit,
            note: None,
        });
    }

    /// Says what a reader must know of a figure.
    fn note(&mut self, name: &str, note: &str) {
        let named = self.0.iter_mut().find(|growth| growth.name == name);
        if let Some(growth) = named {
            growth.note = Some(note.to_owned());
        }
    }
}

/// Nanoseconds of this thread's CPU time an operation, in the best round.
fn best(operations: usize, mut work: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let before = thread_time();
        work()?;
        let spent = thread_time().saturating_sub(before);
        best = best.min(spent.as_secs_f64() * 1e9 / operations as f64);
    }
    Ok(best)
}

/// Tickets at random.
fn some(streams: &[StreamId], state: &mut u64) -> Result<Vec<StreamId>, Failure> {
    let mut some = Vec::with_capacity(OPERATIONS);
    for _ in 0..OPERATIONS {
        let place = random(state) % streams.len() as u64;
        some.push(streams.get(place as usize).ok_or("no ticket")?.clone());
    }
    Ok(some)
}

fn memory(table: &mut Table, size: usize) -> Result<(), Failure> {
    let histories = tickets::bare(size)?;
    let (codec, appends) = (TicketCodec::new(), Appends::of(&histories, 1)?);
    let of = "events in the log";
    let expected = super::fold::expected(&histories);
    let folded_all = best(appends.events, || {
        let digests = black_box(&histories).iter().map(|it| digest(&folded(it)));
        same(digests.fold(0, checksum), expected)
    })?;
    table.add("typed fold, an event", of, false, size, folded_all);
    let store = Arc::new(MemoryStore::new());
    appends.to(&*store, &codec)?;
    models(table, size, &histories, store.clone())?;
    let (mut state, mut reader) = (5, codec.reader());
    let chosen = some(&appends.streams, &mut state)?;
    let found = best(OPERATIONS, || {
        for stream in &chosen {
            black_box(reload::load(&*store, stream, &mut reader)?);
        }
        Ok(())
    })?;
    table.add("load a ticket, memory", of, false, size, found);
    let one = histories.first().ok_or("no ticket")?.clone();
    let appended = best(OPERATIONS, || append_some(&*store, &codec, &one, &chosen))?;
    table.add("append one event, memory", of, false, size, appended);
    Ok(())
}

/// Read models made anew, an event.
fn models(
    table: &mut Table,
    size: usize,
    histories: &[History],
    store: Arc<MemoryStore>,
) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread().build()?;
    let engine = projection::opened(store)?;
    let (of, events) = ("events in the log", tickets::count(histories));
    for (name, kinds) in [
        ("rebuild, every event looked at, an event", Kind::ALL),
        ("rebuild, one kind alone, an event", &SELDOM[..]),
    ] {
        let expected = Tally::of(histories, kinds).digest();
        let found = best(events, || {
            same(projection::tallied(&runtime, &engine, kinds), expected)
        })?;
        table.add(name, of, false, size, found);
    }
    Ok(())
}

/// A history under two policies, a ticket.
fn backtests(table: &mut Table, size: usize) -> Result<(), Failure> {
    let count = size as f64 / tickets::EVENTS_A_TICKET;
    let told = backtest::by_one(count.ceil() as u64)?;
    let fastest = told.of("both").into_iter().fold(0.0, f64::max);
    let (name, of) = ("backtest, a ticket", "events in the history");
    table.add(name, of, false, size, 1e9 / fastest);
    Ok(())
}

fn same(found: u64, expected: u64) -> Result<(), Failure> {
    if found == expected {
        return Ok(());
    }
    Err("the timed answers are wrong".into())
}

fn append_some(
    store: &dyn EventStore,
    codec: &TicketCodec,
    history: &History,
    streams: &[StreamId],
) -> Result<(), Failure> {
    let event = history.last().ok_or("no event")?;
    let mut writer = codec.writer();
    for stream in streams {
        writer.push_recorded(event, Trace::NONE)?;
        let append = Append::new(stream.clone(), Expected::Exists, writer.take());
        black_box(blocking::wait(store.append(append))?);
    }
    Ok(())
}

fn engine(table: &mut Table, size: usize) -> Result<(), Failure> {
    // An intake is four events: received, and bound to three agreements.
    let open = size / 4;
    let of = "events in the log, a quarter as many open tickets";
    let desk = Desk::open(Arc::new(MemoryStore::new()), commands::monday()?)?;
    let mut streams = Vec::with_capacity(open);
    for ticket in 0..open {
        streams.push(desk.receive(&format!("T-{ticket}"))?);
    }
    desk.clock.advance(Span::from_minutes(10)?);
    blocking::wait(desk.engine.tick(desk.engine.now()))?;
    let mut next = 0;
    let intake = best(100, || {
        for _ in 0..100 {
            next += 1;
            desk.receive(&format!("N-{next}"))?;
        }
        Ok(())
    })?;
    table.add("an intake", of, false, size, intake);
    let (mut state, now) = (5, desk.engine.now());
    // Tickets that no command has touched lately, so that none is in the engine's cache.
    let noted = best(100, || {
        for stream in some(&streams, &mut state)?.iter().take(100) {
            desk.take_note(stream)?;
        }
        Ok(())
    })?;
    table.add("a note on a ticket at random", of, false, size, noted);
    let quiet = best(100, || {
        for _ in 0..100 {
            let tick: Tick = blocking::wait(desk.engine.tick(now))?;
            same(u64::from(tick.is_quiet()), 1)?;
        }
        Ok(())
    })?;
    table.add("a tick with nothing due", of, false, size, quiet);
    Ok(())
}

fn agenda(table: &mut Table, size: usize) -> Result<(), Failure> {
    let (mut agenda, mut state) = (Agenda::default(), 7);
    let name = |number: u64| format!("T-{number:08}");
    let mut instant = move || -> Result<Instant, Failure> {
        let micros = 1_700_000_000_000_000 + random(&mut state) % 2_000_000_000_000;
        Ok(Instant::from_micros(i64::try_from(micros)?)?)
    };
    for number in 0..size as u64 {
        agenda.set(&name(number), Version::FIRST, Some(instant()?));
    }
    let names = (0..OPERATIONS as u64).map(|it| name(it.wrapping_mul(7_919) % size as u64));
    let (names, mut version): (Vec<String>, u64) = (names.collect(), 1);
    let moved = best(OPERATIONS, || {
        version += 1;
        for name in &names {
            agenda.set(name, Version::new(version), Some(instant()?));
        }
        same(agenda.len() as u64, size as u64)
    })?;
    table.add(
        "move an entry of the agenda",
        "open tickets",
        false,
        size,
        moved,
    );
    Ok(())
}

/// What memory itself does: one load at random among as many bytes as so many events take.
fn loads(table: &mut Table, size: usize) {
    let memory: Vec<u64> = (0..size as u64 * 12).collect();
    let mut state = 3;
    let places: Vec<usize> = (0..OPERATIONS * 10)
        .map(|_| (random(&mut state) % memory.len() as u64) as usize)
        .collect();
    let found = best(places.len(), || {
        let mut sum = 0_u64;
        for place in black_box(&places) {
            // Each place depends on what was loaded before, so that loads do not overlap.
            let place = place ^ (sum & 1) as usize;
            sum = sum.wrapping_add(memory.get(place).copied().unwrap_or_default());
        }
        black_box(sum);
        Ok(())
    });
    if let Ok(found) = found {
        let name = "one load at random from 96 bytes an event";
        table.add(name, "events", true, size, found);
    }
}
