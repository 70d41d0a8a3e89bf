//! `tephra`: durable appends under a condition, and reading everything, with our bytes as data.

use std::path::Path;
use std::time::Instant;

use punctual::event::Kind;
use punctual::store::{CommitView, Decoded, RecordView, TicketCodec};
use punctual_bench::figure::{Side, Unit};
use punctual_bench::limits;
use punctual_bench::load::appends::Appends;
use punctual_bench::load::models::{SELDOM, Tally};
use punctual_bench::load::writers::{self, Shift};
use punctual_bench::load::{mean, tickets};
use punctual_bench::measure::{Spread, process_time};
use punctual_bench::rows::scan::Passed;
use punctual_bench::rows::{durable, projection, scan};
use punctual_bench::run::{Failure, Run};
use tephra::{
    AppendCondition, Event, EventType, Position, Query, QueryItem, SegmentConfig, SegmentSet, Tag,
    Tags, WriteCoordinator, WriteHandle, WriterConfig,
};

use crate::commits;

const NAME: &str = "tephra 0.4.1";
/// As in its documentation.
const SEGMENT: usize = 256 << 20;

fn open(path: &Path) -> Result<(WriteCoordinator, WriteHandle), Failure> {
    let set = SegmentSet::open(path, SegmentConfig::new(SEGMENT))?;
    Ok(WriteCoordinator::start(set, WriterConfig::default())?)
}

fn of_ticket(name: &str) -> Result<Tags, Failure> {
    Ok(Tags::new([Tag::new(format!("ticket:{name}"))?])?)
}

/// Nothing has come to the ticket since its writer looked.
fn unchanged(tags: &Tags, since: Position) -> AppendCondition {
    AppendCondition::new(Query::item(QueryItem::with_tags(tags.clone()))).after(since)
}

pub fn durable_row(run: &mut Run) -> Result<(), Failure> {
    let (runtime, shift) = (writers::runtime()?, Shift::of(run.settings()));
    for (writers, batch) in durable::scenes(writers::counts(run.settings())) {
        let place = tempfile::tempdir_in(&run.settings().directory)?;
        let (coordinator, handle) = open(place.path())?;
        let (mut rates, mut cpu, mut done) = (Vec::new(), Vec::new(), 0);
        for round in 0..shift.rounds {
            let writer = |writer: u64| {
                let tags = of_ticket(&format!("{round}-{writer}"))?;
                Ok((handle.clone(), tags, Position::ZERO))
            };
            let driven = writers::drive(
                &runtime,
                writers,
                shift.length,
                writer,
                move |(handle, tags, since): (WriteHandle, Tags, Position), number| async move {
                    let kind = EventType::new("replied")?;
                    let event =
                        |n: u64| Event::new(&kind, &tags, &mean::payload(number * batch + n));
                    let events = (0..batch).map(event).collect::<Result<Vec<_>, _>>()?;
                    let condition = unchanged(&tags, since);
                    let range = handle.append_async(events, Some(condition)).await?;
                    Ok((handle, tags, range.last))
                },
            )?;
            done += driven.done;
            rates.push(driven.per_second);
            cpu.push(driven.cpu_nanos);
        }
        if handle.head().get() != done * batch {
            return Err("tephra lost appends".into());
        }
        coordinator.shutdown();
        let side = Side::crate_of_rust;
        run.case(
            &durable::name(writers, batch),
            Unit::PerSecond,
            done as usize,
        )
        .figure(side(), NAME, Spread::of(rates, false));
        run.case(
            &durable::cpu_name(writers, batch),
            Unit::CpuNanos,
            done as usize,
        )
        .figure(side(), NAME, Spread::of(cpu, true));
    }
    Ok(())
}

pub fn scan_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(scan::events(run.settings()))?;
    for (kind, most) in scan::KINDS {
        let appends = Appends::of(&histories, most)?;
        let place = tempfile::tempdir_in(&run.settings().directory)?;
        fill(place.path(), &appends)?;
        let bytes = limits::on_disk(place.path())? as f64 / appends.events as f64;
        let expected = scan::expected(&appends);
        let (mut passes, mut opens) = (Vec::new(), Vec::new());
        for _ in 0..run.settings().rounds.least {
            let begin = Instant::now();
            let (coordinator, handle) = open(place.path())?;
            opens.push(begin.elapsed().as_secs_f64() * 1e9);
            let before = process_time();
            if pass(&handle)? != expected {
                return Err("tephra has other events".into());
            }
            let spent = process_time().saturating_sub(before);
            passes.push(spent.as_secs_f64() * 1e9 / appends.events as f64);
            coordinator.shutdown();
        }
        let (events, side) = (appends.events, Side::crate_of_rust);
        run.cpu(&scan::decoded_name(events, kind), events)
            .figure(side(), NAME, Spread::of(passes, true))
            .because(commits::NOTE);
        run.case(&scan::open_name(events, kind), Unit::WallNanos, 1)
            .figure(side(), NAME, Spread::of(opens, true));
        run.case(&scan::bytes_name(events, kind), Unit::Bytes, 1)
            .number(side(), NAME, bytes)
            .because("its last segment is as long as all others");
    }
    Ok(())
}

/// The tally from its log. A type says which kind an event of ours is, so that its index can skip, where
/// one of its events holds one of ours; of what holds several it says nothing.
pub fn projection_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    for (kind, most) in projection::KINDS {
        let appends = Appends::of(&histories, most)?;
        let place = tempfile::tempdir_in(&run.settings().directory)?;
        fill(place.path(), &appends)?;
        let (coordinator, handle) = open(place.path())?;
        let seldom = SELDOM.map(|kind| EventType::new(kind.name()));
        let seldom = seldom.into_iter().collect::<Result<Vec<_>, _>>()?;
        let of_seldom = match most {
            1 => Query::item(QueryItem::of_types(seldom)),
            _ => Query::all(),
        };
        for (name, kinds, query) in [
            (projection::every_name(kind), Kind::ALL, Query::all()),
            (projection::skip_name(kind), &SELDOM[..], of_seldom),
        ] {
            let expected = Tally::of(&histories, kinds).digest();
            for name in [projection::on_disk(&name), name] {
                run.cpu(&name, appends.events)
                    .peer(NAME, expected, || {
                        tallied(&handle, &query, kinds).unwrap_or_default()
                    })
                    .because(match most {
                        1 => "from its files, in the page cache; types are kinds; the same codec",
                        _ => "from its files, in the page cache; one of its events holds one of our commits, so it cannot skip",
                    });
            }
        }
        coordinator.shutdown();
    }
    Ok(())
}

fn tallied(handle: &WriteHandle, query: &Query, kinds: &[Kind]) -> Result<u64, Failure> {
    let codec = TicketCodec::new();
    let (mut reader, mut tally) = (codec.reader(), Tally::default());
    let mut events = handle.read(query, Position::ZERO, None);
    while let Some(item) = events.next() {
        let item = item?;
        let (commit, _) = CommitView::verify(item.event.data()).map_err(|_| "a damaged commit")?;
        let is_wanted = |record: &RecordView<'_>| {
            Kind::from_number(record.kind()).is_some_and(|kind| kinds.contains(&kind))
        };
        for record in commit.records().filter(is_wanted) {
            if let Decoded::Known(recorded) = reader.decode(&record)? {
                tally.take(&recorded);
            }
        }
    }
    Ok(tally.digest())
}

/// Many appends are on their way at once.
fn fill(path: &Path, appends: &Appends) -> Result<(), Failure> {
    let (coordinator, handle) = open(path)?;
    let codec = TicketCodec::new();
    let (reply, answers) = flume::unbounded();
    let mut waiting = 0;
    for batch in &appends.batches {
        let (stream, bytes) = commits::sealed(&codec, appends, batch)?;
        let kind = match batch.events.as_slice() {
            [one] => EventType::new(one.event.kind().name())?,
            [] | [_, ..] => EventType::new("commit")?,
        };
        let event = Event::new(&kind, &of_ticket(stream)?, &bytes)?;
        handle.append_submit(vec![event], None, 0, reply.clone())?;
        waiting += 1;
        while waiting > 4_096 {
            answers.recv()?.1?;
            waiting -= 1;
        }
    }
    for _ in 0..waiting {
        answers.recv()?.1?;
    }
    coordinator.shutdown();
    Ok(())
}

fn pass(handle: &WriteHandle) -> Result<Passed, Failure> {
    let codec = TicketCodec::new();
    let (mut reader, mut passed) = (codec.reader(), Passed::default());
    let mut events = handle.read(&Query::all(), Position::ZERO, None);
    while let Some(item) = events.next() {
        commits::passed(item?.event.data(), &mut reader, &mut passed)?;
    }
    Ok(passed)
}
