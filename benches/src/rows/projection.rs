//! Making a read model anew from the whole log.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use punctual::clock::{self, Bindings, Reading};
use punctual::engine::{Engine, ManualClock, Options, Projector};
use punctual::event::{Kind, StreamId};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::projection::{Case, Poison, Projection, Scorecard, Scores, Slice, Sum};
use punctual::store::{Commits, Decoded, EventStore, RecordView, TicketCodec};
use punctual::ticket::{Outcome, Ticket};
use punctual_memory::MemoryStore;
use tokio::runtime::{Builder, Runtime};

use super::{engine, fold, reload, scan};
use crate::figure::{Against, Side};
use crate::limits;
use crate::load::appends::Appends;
use crate::load::commands::{self, Desk};
use crate::load::models::{SELDOM, Tallied, Tally};
use crate::load::tickets::{self, History, digest};
use crate::load::writers;
use crate::measure::{Spread, checksum, process_time};
use crate::run::{Failure, Part, Run};

/// How the log was written.
pub const KINDS: [(&str, usize); 2] = scan::KINDS;

/// Returns the name of the case of a read model that looks at every event.
#[must_use]
pub fn every_name(kind: &str) -> String {
    format!("every event looked at, {kind}")
}

/// Returns the name of the case of a read model that wants one kind of event alone.
#[must_use]
pub fn skip_name(kind: &str) -> String {
    format!("one kind alone, the others skipped, {kind}")
}

/// Returns the same from the warm store on a disk.
#[must_use]
pub fn on_disk(name: &str) -> String {
    format!("from a warm store on a disk: {name}")
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let histories = tickets::bare(run.settings().size)?;
    for (kind, most) in KINDS {
        let appends = Appends::of(&histories, most)?;
        memory(run, &runtime, &histories, &appends, kind)?;
        if run.settings().part == Part::Home {
            disk(run, &runtime, &histories, &appends, kind)?;
        }
    }
    folded_tickets(run, &runtime, &histories)?;
    scorecard(run, &runtime)
}

/// Several read models at once, some of tickets and some of events: made anew by two workers, and
/// followed, they come to the same.
fn agree(runtime: &Runtime, engine: &Arc<Engine>, histories: &[History]) -> Result<(), Failure> {
    let folded = histories.iter().map(|it| digest(&tickets::folded(it)));
    let sum: u64 = folded.fold(0, u64::wrapping_add);
    let expected = [Kind::ALL, &SELDOM[..]].map(|kinds| Tally::of(histories, kinds));
    for anew in [true, false] {
        let mut projector = Projector::new(Arc::clone(engine));
        let every = projector.add(Tallied(Kind::ALL));
        let digests = projector.add(Digests);
        let seldom = projector.add(Tallied(&SELDOM));
        if anew {
            runtime.block_on(projector.build(2, |_| ControlFlow::Continue(())))?;
        } else {
            runtime.block_on(projector.catch_up())?;
        }
        let tallies = [every, seldom].map(|it| projector.state(&it).cloned().unwrap_or_default());
        if tallies != expected || projector.state(&digests) != Some(&sum) {
            return Err(format!("read models differ, made anew: {anew}").into());
        }
    }
    Ok(())
}

/// Opens an engine on a log that is there.
pub(super) fn opened(store: Arc<dyn EventStore>) -> Result<Arc<Engine>, Failure> {
    let clock = Arc::new(ManualClock::at(commands::monday()?));
    let options = Options::new("acme").with_clock(clock);
    let engine = punctual::store::blocking::wait(Engine::open(store, options))?;
    Ok(Arc::new(engine))
}

/// Makes one read model anew, by one worker; returns what its state comes to.
fn rebuilt<P: Projection>(
    runtime: &Runtime,
    engine: &Arc<Engine>,
    model: P,
    answer: impl Fn(&P::State) -> u64,
) -> Result<u64, Failure> {
    let mut projector = Projector::new(Arc::clone(engine));
    let handle = projector.add(model);
    runtime.block_on(projector.build(1, |_| ControlFlow::Continue(())))?;
    Ok(projector.state(&handle).map_or(0, answer))
}

pub(super) fn tallied(runtime: &Runtime, engine: &Arc<Engine>, kinds: &'static [Kind]) -> u64 {
    rebuilt(runtime, engine, Tallied(kinds), Tally::digest).unwrap_or_default()
}

fn memory(
    run: &mut Run,
    runtime: &Runtime,
    histories: &[History],
    appends: &Appends,
    kind: &str,
) -> Result<(), Failure> {
    let codec = TicketCodec::new();
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    appends.to(&*store, &codec)?;
    let engine = opened(Arc::clone(&store))?;
    let log = one_piece(appends, &codec)?;
    let (every, seldom) = (
        Tally::of(histories, Kind::ALL),
        Tally::of(histories, &SELDOM),
    );
    let mut reader = codec.reader();
    run.cpu(&every_name(kind), appends.events)
        .ours(every.digest(), || tallied(runtime, &engine, Kind::ALL))
        .limit(
            "the same bytes in one piece, decoded",
            every.digest(),
            || {
                let mut tally = Tally::default();
                for record in black_box(&log).records() {
                    if let Ok(Decoded::Known(event)) = reader.decode(&record) {
                        tally.take(&event);
                    }
                }
                tally.digest()
            },
        )
        .target(Against::Crates, "eventually", 15.0)
        .target(Against::Crates, "tephra", 8.0)
        .target(Against::Number, "", 35.0);
    let mut reader = codec.reader();
    run.cpu(&skip_name(kind), appends.events)
        .ours(seldom.digest(), || tallied(runtime, &engine, &SELDOM))
        .limit(
            "the same bytes in one piece, by kind",
            seldom.digest(),
            || {
                let (mut tally, wanted) = (Tally::default(), SELDOM[0].number());
                for record in black_box(&log).records().filter(|it| it.kind() == wanted) {
                    if let Ok(Decoded::Known(event)) = reader.decode(&record) {
                        tally.take(&event);
                    }
                }
                tally.digest()
            },
        )
        .note("one event in five hundred is of that kind")
        .target(Against::Crates, "eventually", 90.0)
        .target(Against::Crates, "tephra", 50.0)
        .target(Against::Number, "", 6.0);
    Ok(())
}

/// The log's commits one behind the other, in its order.
fn one_piece(appends: &Appends, codec: &TicketCodec) -> Result<Commits, Failure> {
    use punctual::event::{Offset, PartitionId, Version};
    use punctual::store::{CommitParts, Trace};
    let (mut log, mut writer) = (Commits::new(), codec.writer());
    for (offset, batch) in (1..).zip(&appends.batches) {
        writer.clear();
        for recorded in &batch.events {
            writer.push_recorded(recorded, Trace::NONE)?;
        }
        let stream = appends.streams.get(batch.ticket).ok_or("no ticket")?;
        let parts = CommitParts {
            partition: PartitionId(0),
            offset: Offset::new(offset),
            first_version: Version::new(batch.after + 1),
            stream,
            command: None,
            records: writer.records(),
        };
        log.push(&parts.to_sealed());
    }
    Ok(log)
}

/// The same from the store on a disk, whose caches are warm: all threads, since its reads have some of
/// their own.
fn disk(
    run: &mut Run,
    runtime: &Runtime,
    histories: &[History],
    appends: &Appends,
    kind: &str,
) -> Result<(), Failure> {
    let place = tempfile::tempdir_in(&run.settings().directory)?;
    let (path, flat) = (place.path().join("store"), place.path().join("flat"));
    let filling = writers::runtime()?;
    let store = punctual_sled::Options::new().open(&path)?;
    scan::fill(&filling, &store, appends)?;
    filling.block_on(store.close());
    drop(store);
    scan::write_flat(&path, &flat)?;
    let store = punctual_sled::Options::new().open(&path)?;
    let engine = opened(Arc::clone(&store) as Arc<dyn EventStore>)?;
    for (name, kinds, most) in [
        (every_name(kind), Kind::ALL, 80.0),
        (skip_name(kind), &SELDOM[..], 25.0),
    ] {
        let (name, expected) = (on_disk(&name), Tally::of(histories, kinds).digest());
        crate::progress(&format!("projection: {name}"));
        let rounds = run.settings().rounds;
        let (mut ours, mut limit) = (Vec::new(), Vec::new());
        for round in 0..rounds.before + rounds.least {
            let each = [
                timed(appends.events, expected, || {
                    tallied(runtime, &engine, kinds)
                })?,
                timed(appends.events, expected, || {
                    from_flat(&flat, kinds).unwrap_or_default()
                })?,
            ];
            if round >= rounds.before {
                ours.push(each[0]);
                limit.push(each[1]);
            }
        }
        run.cpu(&name, appends.events)
            .figure(Side::Ours, "punctual-sled", Spread::of(ours, true))
            .figure(
                Side::Limit,
                "a flat file of the same commits",
                Spread::of(limit, true),
            )
            .note("all threads of the process; commits are verified as they are read")
            .target(Against::Crates, "tephra", 2.0)
            .target(Against::Number, "", most);
    }
    filling.block_on(store.close());
    Ok(())
}

/// CPU nanoseconds an event, of all threads.
fn timed(events: usize, expected: u64, work: impl FnOnce() -> u64) -> Result<f64, Failure> {
    let before = process_time();
    let found = work();
    let spent = process_time().saturating_sub(before);
    if found != expected {
        return Err("the timed answers are wrong".into());
    }
    Ok(spent.as_secs_f64() * 1e9 / events as f64)
}

/// The same tally from a file of commits, one behind the other.
fn from_flat(path: &Path, kinds: &[Kind]) -> Result<u64, Failure> {
    let codec = TicketCodec::new();
    let (mut reader, mut tally) = (codec.reader(), Tally::default());
    let is_wanted = |record: &RecordView<'_>| {
        Kind::from_number(record.kind()).is_some_and(|kind| kinds.contains(&kind))
    };
    limits::read_flat(path, |commit| {
        for record in commit.records().filter(is_wanted) {
            if let Ok(Decoded::Known(event)) = reader.decode(&record) {
                tally.take(&event);
            }
        }
    })?;
    Ok(tally.digest())
}

/// A read model of tickets as they stand, without a clock: what a sum over states costs.
#[derive(Debug, Clone, Copy)]
struct Digests;

impl Sum for Digests {
    type Part = u64;
    type State = u64;

    fn name(&self) -> &'static str {
        "digests"
    }

    fn version(&self) -> u32 {
        1
    }

    fn part(&self, case: &Case<'_>) -> Result<Option<u64>, Poison> {
        Ok(Some(digest(case.ticket())))
    }

    fn add(&self, state: &mut u64, _: &StreamId, part: u64) {
        *state = state.wrapping_add(part);
    }

    fn remove(&self, state: &mut u64, _: &StreamId, part: u64) {
        *state = state.wrapping_sub(part);
    }

    fn merge(&self, state: &mut u64, other: u64) {
        *state = state.wrapping_add(other);
    }
}

fn folded_tickets(run: &mut Run, runtime: &Runtime, histories: &[History]) -> Result<(), Failure> {
    let (codec, appends) = (TicketCodec::new(), Appends::of(histories, 1)?);
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    appends.to(&*store, &codec)?;
    let engine = opened(Arc::clone(&store))?;
    if run.settings().part == Part::Home {
        agree(runtime, &engine, histories)?;
    }
    let folded = histories.iter().map(|it| digest(&tickets::folded(it)));
    let sum = folded.fold(0, u64::wrapping_add);
    let (mut reader, log) = (codec.reader(), tickets::encode(&codec, histories)?);
    run.cpu("every ticket folded, no clock read", appends.events)
        .ours(sum, || {
            rebuilt(runtime, &engine, Digests, |sum| *sum).unwrap_or_default()
        })
        .limit(
            "the same bytes in one piece, decoded and folded",
            fold::expected(histories),
            || {
                black_box(&log).iter().fold(0, |sum, commit| {
                    let mut ticket = Ticket::default();
                    for record in commit.records() {
                        if reader.fold(&record, &mut ticket).is_err() {
                            return 0;
                        }
                    }
                    checksum(sum, digest(&ticket))
                })
            },
        )
        .note("tickets are read one by one, so that no more than one is in memory");
    Ok(())
}

/// The scorecard of a month that the engine itself recorded: every promise of every ticket is read.
fn scorecard(run: &mut Run, runtime: &Runtime) -> Result<(), Failure> {
    let steps = engine::steps(run.settings())?;
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return Err("a month without commands".into());
    };
    let desk = Desk::open(Arc::new(MemoryStore::new()), first.at)?;
    engine::play(&desk, &steps)?;
    let engine = Arc::new(desk.engine);
    let policy = Policy::from_toml(AFTER_SALES)?;
    let (codec, as_of) = (TicketCodec::new(), last.at);
    let mut folded = std::collections::BTreeMap::new();
    for step in &steps {
        let stream = engine.stream(&step.ticket)?;
        let ticket = reload::load(&**engine.store(), &stream, &mut codec.reader())?;
        folded.insert(stream, ticket);
    }
    let events: u64 = folded.values().map(|it| it.version().get()).sum();
    let read = |ticket: &Ticket| {
        let bindings = Bindings::to(&policy);
        let readings = clock::read(ticket.timeline(), &bindings, as_of);
        let counted = |it: &&Reading| it.outcome.is_over() || it.outcome == Outcome::Met;
        readings.iter().filter(counted).count() as u64
    };
    let promises: u64 = folded.values().map(read).sum();
    let decided = |scores: &Scores| {
        let all = |dates| scores.score(dates, &Slice::All, as_of);
        let whole = scores.dates(as_of).map(all);
        whole.map_or(0, |score| score.all_promises().whole)
    };
    run.cpu("a scorecard: every clock of every ticket", events as usize)
        .ours(promises, || {
            rebuilt(runtime, &engine, Scorecard::of(&policy), decided).unwrap_or_default()
        })
        .limit("the clocks of folded tickets read, nothing else", promises, || {
            black_box(&folded).values().map(read).sum()
        })
        .note("an after-sales month; three fifths of it are the ticket's figures, added to a table by day and slice");
    Ok(())
}
