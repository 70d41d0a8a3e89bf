//! Appends that are answered when the disk has them, beside the plainest log that does the same.
//!
//! Both sides take turns in one run, since a disk is never as fast twice.

use std::sync::Arc;

use punctual::event::{Expected, PartitionId, Revision, StreamId};
use punctual::store::{Append, EventStore, blocking};
use punctual_sled::{Options, SledStore};
use tokio::runtime::Runtime;

use crate::figure::{Against, Side, Unit};
use crate::limits::{FlatLog, Flushes};
use crate::load::commands::{self, Desk};
use crate::load::mean;
use crate::load::writers::{self, Driven, Shift};
use crate::measure::Spread;
use crate::run::{Failure, Run};

/// Returns the name of the case, for whoever adds a figure to it.
#[must_use]
pub fn name(writers: u64, batch: u64) -> String {
    format!("durable appends of {batch}, writers: {writers}")
}

/// Returns the name of the case that tells the CPU time.
#[must_use]
pub fn cpu_name(writers: u64, batch: u64) -> String {
    format!("CPU time of an append of {batch}, writers: {writers}")
}

/// Returns how many writers append how many events at once.
#[must_use]
pub fn scenes(counts: &[u64]) -> Vec<(u64, u64)> {
    let ones = counts.iter().map(|writers| (*writers, 1));
    ones.chain([(8, 64)]).collect()
}

/// How many of the preallocated log's appends ours must reach, by (writers, batch).
fn share(writers: u64, batch: u64) -> Option<f64> {
    match (writers, batch) {
        (1, 1) | (_, 64) => Some(0.40),
        (8 | 64, 1) => Some(0.45),
        _ => None,
    }
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let (runtime, shift) = (writers::runtime()?, Shift::of(run.settings()));
    let counts = writers::counts(run.settings());
    for (writers, batch) in scenes(counts) {
        appends(run, &runtime, shift, (writers, batch))?;
    }
    for writers in counts {
        commands(run, &runtime, shift, *writers)?;
    }
    Ok(())
}

/// The order of the three sides in a round: each begins every third one. A disk that allows bursts
/// gives more to who comes first.
fn turn(round: usize) -> impl Iterator<Item = usize> {
    (0..3).map(move |side| (round + side) % 3)
}

/// What the rounds of one side did.
#[derive(Default)]
struct Rounds {
    rates: Vec<f64>,
    cpu: Vec<f64>,
    done: u64,
}

impl Rounds {
    fn add(&mut self, driven: Driven) {
        self.rates.push(driven.per_second);
        self.cpu.push(driven.cpu_nanos);
        self.done += driven.done;
    }

    fn rate(&self) -> Spread {
        Spread::of(self.rates.clone(), false)
    }

    fn cpu(&self) -> Spread {
        Spread::of(self.cpu.clone(), true)
    }
}

fn appends(
    run: &mut Run,
    runtime: &Runtime,
    shift: Shift,
    (writers, batch): (u64, u64),
) -> Result<(), Failure> {
    crate::progress(&format!("durable: {}", name(writers, batch)));
    let place = tempfile::tempdir_in(&run.settings().directory)?;
    let store = Options::new().open(place.path().join("store"))?;
    let log = FlatLog::create(&place.path().join("flat"))?;
    let (mut ours, mut flat) = (Rounds::default(), Rounds::default());
    let mut disk = Flushes::create(&place.path().join("flushes"))?;
    let mut flushes = Vec::new();
    for round in 0..shift.rounds {
        for side in turn(round) {
            match side {
                0 => ours.add(store_round(
                    runtime,
                    &store,
                    shift,
                    round,
                    (writers, batch),
                )?),
                1 => flat.add(log_round(runtime, &log, shift, (writers, batch))?),
                _ => flushes.push(disk.rate(shift.length / 2)? * writers as f64),
            }
        }
    }
    // Every append that was counted is there, and no other.
    let head = blocking::wait(store.head(PartitionId(0)))?;
    if head.get() != ours.done {
        return Err(format!("{} appends were answered, {head} are there", ours.done).into());
    }
    runtime.block_on(store.close());
    let operations = usize::try_from(ours.done)?;
    let (rate, log_rate) = (ours.rate(), flat.rate());
    let mut case = run.case(&name(writers, batch), Unit::PerSecond, operations);
    case.figure(Side::Ours, "punctual-sled", rate)
        .figure(
            Side::Limit,
            "preallocated log, one fdatasync a group",
            log_rate,
        )
        .figure(
            Side::Limit,
            "one flush shared by all writers",
            Spread::of(flushes, false),
        );
    if let Some(share) = share(writers, batch) {
        case.target(Against::Limit, "preallocated", share);
    }
    if batch == 1 && (32..=64).contains(&writers) {
        case.target(Against::Crates, "tephra", 1.0);
    }
    run.case(&cpu_name(writers, batch), Unit::CpuNanos, operations)
        .figure(Side::Ours, "punctual-sled", ours.cpu())
        .figure(
            Side::Limit,
            "preallocated log, one fdatasync a group",
            flat.cpu(),
        )
        .note("all threads of the process");
    Ok(())
}

fn store_round(
    runtime: &Runtime,
    store: &Arc<SledStore>,
    shift: Shift,
    round: usize,
    (writers, batch): (u64, u64),
) -> Result<Driven, Failure> {
    let writer = |writer: u64| {
        let stream = StreamId::new("acme", "ticket", &format!("{round}-{writer}"))?;
        Ok((stream, Revision::default()))
    };
    let store = Arc::clone(store);
    writers::drive(
        runtime,
        writers,
        shift.length,
        writer,
        move |state, number| {
            let store = Arc::clone(&store);
            async move {
                let (stream, revision) = state;
                let records = mean::records(batch, number * batch)?;
                let append = Append::new(stream.clone(), Expected::Exactly(revision), records);
                Ok((stream, store.append(append).await?.revision))
            }
        },
    )
}

fn log_round(
    runtime: &Runtime,
    log: &FlatLog,
    shift: Shift,
    (writers, batch): (u64, u64),
) -> Result<Driven, Failure> {
    writers::drive(
        runtime,
        writers,
        shift.length,
        |_| Ok(log.clone()),
        move |log: FlatLog, number| async move {
            let records = mean::records(batch, number * batch)?;
            log.append(records.as_bytes().to_vec()).await?;
            Ok(log)
        },
    )
}

/// Notes on tickets through the engine, each writer on a ticket of its own.
fn commands(run: &mut Run, runtime: &Runtime, shift: Shift, writers: u64) -> Result<(), Failure> {
    crate::progress(&format!("durable: commands, writers: {writers}"));
    let place = tempfile::tempdir_in(&run.settings().directory)?;
    let store = Options::new().open(place.path().join("store"))?;
    let log = FlatLog::create(&place.path().join("flat"))?;
    let desk = Arc::new(Desk::open(store.clone(), commands::monday()?)?);
    let before = blocking::wait(store.head(PartitionId(0)))?;
    let (mut ours, mut flat) = (Rounds::default(), Rounds::default());
    let mut disk = Flushes::create(&place.path().join("flushes"))?;
    let mut flushes = Vec::new();
    for round in 0..shift.rounds {
        for side in turn(round) {
            match side {
                0 => ours.add(command_round(runtime, &desk, shift, round, writers)?),
                1 => flat.add(log_round(runtime, &log, shift, (writers, 1))?),
                _ => flushes.push(disk.rate(shift.length / 2)? * writers as f64),
            }
        }
    }
    let head = blocking::wait(store.head(PartitionId(0)))?;
    let intakes = writers * shift.rounds as u64;
    if head.get() != before.get() + intakes + ours.done {
        return Err("commands were answered that are not there".into());
    }
    drop(desk);
    runtime.block_on(store.close());
    let operations = usize::try_from(ours.done)?;
    run.case(
        &format!("commands through the engine, durable, writers: {writers}"),
        Unit::PerSecond,
        operations,
    )
    .figure(Side::Ours, "punctual on punctual-sled", ours.rate())
    .figure(
        Side::Limit,
        "preallocated log, one fdatasync a group",
        flat.rate(),
    )
    .figure(
        Side::Limit,
        "one flush shared by all writers",
        Spread::of(flushes, false),
    );
    Ok(())
}

fn command_round(
    runtime: &Runtime,
    desk: &Arc<Desk>,
    shift: Shift,
    round: usize,
    writers: u64,
) -> Result<Driven, Failure> {
    let writer = |writer: u64| {
        let stream = desk.engine.stream(&format!("T-{round}-{writer}"))?;
        runtime.block_on(desk.engine.execute(&stream, desk.intake()?))?;
        Ok(stream)
    };
    let desk = Arc::clone(desk);
    writers::drive(
        runtime,
        writers,
        shift.length,
        writer,
        move |stream: StreamId, _| {
            let desk = Arc::clone(&desk);
            async move {
                desk.engine.execute(&stream, desk.note()?).await?;
                Ok(stream)
            }
        },
    )
}
