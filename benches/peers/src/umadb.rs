//! `umadb-core`: the engine of UmaDB without its server, with the writer thread that the server has.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use punctual::store::TicketCodec;
use punctual_bench::figure::{Side, Unit};
use punctual_bench::limits;
use punctual_bench::load::appends::Appends;
use punctual_bench::load::mean;
use punctual_bench::load::tickets;
use punctual_bench::load::writers::{self, Shift};
use punctual_bench::measure::{Spread, process_time};
use punctual_bench::rows::scan::Passed;
use punctual_bench::rows::{durable, scan};
use punctual_bench::run::{Failure, Run};
use tokio::sync::{mpsc, oneshot, watch};
use umadb_core::db::UmaDb;
use umadb_core::mvcc::{Mvcc, StorageOptions};
use umadb_core::writer_thread_blocking::writer_thread_blocking;
use umadb_core::writer_thread_request::WriterThreadRequest;
use umadb_dcb::{DcbAppendCondition, DcbEvent, DcbEventStoreSync, DcbQuery, DcbQueryItem};

use crate::commits;

const NAME: &str = "umadb-core 0.7.8";
/// How many events its writer puts into one commit, at most.
const MOST: usize = 2_000;

/// A store and its writer thread.
struct Uma {
    db: UmaDb,
    requests: mpsc::Sender<WriterThreadRequest>,
    writer: std::thread::JoinHandle<()>,
    /// The writer ends when nobody listens.
    _head: watch::Receiver<Option<u64>>,
}

fn failed(error: impl std::fmt::Display) -> Failure {
    error.to_string().into()
}

impl Uma {
    fn open(path: &Path) -> Result<Self, Failure> {
        let options = StorageOptions::default().db_path(path);
        let mvcc = Arc::new(Mvcc::new(false, options).map_err(failed)?);
        let (requests, queue) = mpsc::channel(MOST);
        let (head, watched) = watch::channel(None);
        let own = Arc::clone(&mvcc);
        let writer = std::thread::spawn(move || writer_thread_blocking(own, queue, head, MOST));
        Ok(Self {
            db: UmaDb::from_arc(mvcc),
            requests,
            writer,
            _head: watched,
        })
    }

    fn close(self) -> Result<(), Failure> {
        self.requests.blocking_send(WriterThreadRequest::Shutdown)?;
        self.writer.join().map_err(|_| "its writer panicked".into())
    }
}

async fn append(
    requests: &mpsc::Sender<WriterThreadRequest>,
    events: Vec<DcbEvent>,
    condition: Option<DcbAppendCondition>,
) -> Result<u64, Failure> {
    let (response_tx, response) = oneshot::channel();
    let request = WriterThreadRequest::Append {
        events,
        condition,
        tracking_info: None,
        response_tx,
        cancel: None,
    };
    requests.send(request).await?;
    response.await?.map_err(failed)
}

fn event(tag: &str, data: Vec<u8>) -> DcbEvent {
    DcbEvent {
        event_type: "replied".to_owned(),
        tags: vec![tag.to_owned()],
        data,
        uuid: None,
        metadata: Vec::new(),
    }
}

/// Nothing has come to the ticket since its writer looked.
fn unchanged(tag: &str, since: u64) -> DcbAppendCondition {
    let item = DcbQueryItem {
        types: Vec::new(),
        tags: vec![tag.to_owned()],
    };
    DcbAppendCondition {
        fail_if_events_match: DcbQuery { items: vec![item] },
        after: Some(since),
    }
}

pub fn durable_row(run: &mut Run) -> Result<(), Failure> {
    let (runtime, shift) = (writers::runtime()?, Shift::of(run.settings()));
    for (writers, batch) in durable::scenes(writers::counts(run.settings())) {
        let place = tempfile::tempdir_in(&run.settings().directory)?;
        let uma = Uma::open(place.path())?;
        let (mut rates, mut cpu, mut done) = (Vec::new(), Vec::new(), 0);
        for round in 0..shift.rounds {
            let requests = &uma.requests;
            let writer =
                |writer: u64| Ok((requests.clone(), format!("ticket:{round}-{writer}"), 0));
            let driven = writers::drive(
                &runtime,
                writers,
                shift.length,
                writer,
                move |(requests, tag, since): (mpsc::Sender<_>, String, u64), number| async move {
                    let data = |n: u64| mean::payload(number * batch + n).to_vec();
                    let events = (0..batch).map(|n| event(&tag, data(n))).collect();
                    let condition = unchanged(&tag, since);
                    let last = append(&requests, events, Some(condition)).await?;
                    Ok((requests, tag, last))
                },
            )?;
            done += driven.done;
            rates.push(driven.per_second);
            cpu.push(driven.cpu_nanos);
        }
        if uma.db.head().map_err(failed)?.unwrap_or_default() != done * batch {
            return Err("umadb lost appends".into());
        }
        uma.close()?;
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
        for _ in 0..run.settings().rounds.least.min(3) {
            let begin = Instant::now();
            let uma = Uma::open(place.path())?;
            opens.push(begin.elapsed().as_secs_f64() * 1e9);
            let before = process_time();
            if pass(&uma.db)? != expected {
                return Err("umadb has other events".into());
            }
            let spent = process_time().saturating_sub(before);
            passes.push(spent.as_secs_f64() * 1e9 / appends.events as f64);
            uma.close()?;
        }
        let (events, side) = (appends.events, Side::crate_of_rust);
        run.cpu(&scan::decoded_name(events, kind), events)
            .figure(side(), NAME, Spread::of(passes, true))
            .because(commits::NOTE);
        run.case(&scan::open_name(events, kind), Unit::WallNanos, 1)
            .figure(side(), NAME, Spread::of(opens, true));
        run.case(&scan::bytes_name(events, kind), Unit::Bytes, 1)
            .number(side(), NAME, bytes)
            .because("the length of its file");
    }
    Ok(())
}

/// Writes everything, with many appends on their way at once.
fn fill(path: &Path, appends: &Appends) -> Result<(), Failure> {
    let uma = Uma::open(path)?;
    let (codec, mut waiting) = (TicketCodec::new(), VecDeque::new());
    for batch in &appends.batches {
        let (stream, bytes) = commits::sealed(&codec, appends, batch)?;
        let (response_tx, response) = oneshot::channel();
        uma.requests.blocking_send(WriterThreadRequest::Append {
            events: vec![event(stream, bytes)],
            condition: None,
            tracking_info: None,
            response_tx,
            cancel: None,
        })?;
        waiting.push_back(response);
        if waiting.len() > MOST {
            let first = waiting.pop_front().ok_or("nothing waits")?;
            first.blocking_recv()?.map_err(failed)?;
        }
    }
    for response in waiting {
        response.blocking_recv()?.map_err(failed)?;
    }
    uma.close()
}

fn pass(db: &UmaDb) -> Result<Passed, Failure> {
    let codec = TicketCodec::new();
    let (mut reader, mut passed) = (codec.reader(), Passed::default());
    let mut events = db.read(None, None, false, None).map_err(failed)?;
    for event in &mut *events {
        let event = event.map_err(failed)?;
        commits::passed(&event.event.data, &mut reader, &mut passed)?;
    }
    Ok(passed)
}
