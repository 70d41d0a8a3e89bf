//! The embedded store on a real file system: durable appends beside a preallocated log, reading a ticket,
//! reading everything beside a flat file, opening, bytes on disk.
//!
//! Time on the wall, since what is measured waits for the disk; both sides of a ratio take turns in one
//! run, and each answer is checked. `SLED_BENCH_DIR` says where (a RAM disk flatters), `SLED_BENCH_EVENTS`
//! how many events the large store has, `SLED_BENCH_CACHE` how many bytes the scan may cache, `SLED_BENCH_ROUND_MS` how long a round of appends is.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use punctual::event::{Expected, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, CommitView, EventStore, Limit, RecordHead, Records, Sequence, blocking,
};
use punctual::time::Instant;
use punctual_bench::{note, random};
use punctual_sled::{Options, SledStore};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

const ROUNDS: usize = 7;

fn main() -> Done<()> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let only = std::env::var("SLED_BENCH_ONLY").unwrap_or_default();
    if only.is_empty() || only == "append" {
        appends(&runtime)?;
    }
    if only.is_empty() || only == "large" {
        let events = number("SLED_BENCH_EVENTS", 1_000_000);
        large(&runtime, "bulk: 64 events a commit", events, 64)?;
        large(&runtime, "small: 1 event a commit", events, 1)?;
    }
    Ok(())
}

fn number(name: &str, default: u64) -> u64 {
    let value = std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok());
    value.unwrap_or(default)
}

fn directory() -> Done<tempfile::TempDir> {
    let place = std::env::var_os("SLED_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    Ok(tempfile::tempdir_in(place)?)
}

/// The mean of the event mix: a header of 32 bytes, and as much again.
fn records(count: u64, stamp: u64) -> Done<Records> {
    let head = RecordHead {
        kind: 17,
        schema: 1,
        occurred_at: Instant::MIN,
        recorded_at: Instant::MIN,
        subject: None,
        metadata: b"agent-17",
    };
    let mut records = Records::with_capacity(64 * count as usize);
    for index in 0..count {
        let mut payload = [7_u8; 24];
        payload[..8].copy_from_slice(&(stamp + index).to_le_bytes());
        records.push(&head, &payload)?;
    }
    Ok(records)
}

/// The plainest log that is durable: groups what waits, writes it with a checksum into a file whose
/// blocks are all there, makes it durable, answers.
struct FlatLog(mpsc::Sender<(Vec<u8>, oneshot::Sender<u64>)>);

impl FlatLog {
    fn create(path: &Path) -> Done<Self> {
        let mut file = File::create(path)?;
        for _ in 0..256 {
            file.write_all(&[0; 1 << 20])?;
        }
        file.sync_all()?;
        drop(file);
        let mut file = File::options().write(true).open(path)?;
        let (sender, mut queue) = mpsc::channel::<(Vec<u8>, oneshot::Sender<u64>)>(1_024);
        std::thread::spawn(move || {
            let (mut group, mut bytes, mut number) = (Vec::new(), Vec::new(), 0);
            while queue.blocking_recv_many(&mut group, 1_024) > 0 {
                bytes.clear();
                for (event, _) in &group {
                    bytes.extend_from_slice(&(event.len() as u32).to_le_bytes());
                    bytes.extend_from_slice(&crc32c::crc32c(event).to_le_bytes());
                    bytes.extend_from_slice(event);
                }
                if file
                    .write_all(&bytes)
                    .and_then(|()| file.sync_data())
                    .is_err()
                {
                    return;
                }
                for (_, reply) in group.drain(..) {
                    number += 1;
                    let _ = reply.send(number);
                }
            }
        });
        Ok(Self(sender))
    }

    async fn append(&self, bytes: Vec<u8>) -> Done<u64> {
        let (reply, answer) = oneshot::channel();
        self.0.send((bytes, reply)).await?;
        Ok(answer.await?)
    }
}

/// What one round did.
struct Round {
    per_second: f64,
    longest: Duration,
}

fn appends(runtime: &Runtime) -> Done<()> {
    note("durable appends a second", "store / log = ratio");
    for (writers, batch) in [(1, 1), (8, 1), (64, 1), (256, 1), (1, 64), (8, 64)] {
        let place = directory()?;
        let store = Options::new().open(place.path().join("store"))?;
        let log = Arc::new(FlatLog::create(&place.path().join("flat"))?);
        let (mut stored, mut logged, mut expected) = (Vec::new(), Vec::new(), 0);
        for round in 0..ROUNDS {
            let (done, count) = runtime.block_on(store_round(&store, round, writers, batch))?;
            expected += count;
            stored.push(done);
            logged.push(runtime.block_on(log_round(&log, writers, batch))?);
        }
        // Every append that was counted is there.
        let head = blocking::wait(store.head(PartitionId(0)))?;
        assert_eq!(
            head.get(),
            expected,
            "the store lost appends or counted them twice"
        );
        let (stored, logged) = (median(&mut stored), median(&mut logged));
        note(
            &format!("{writers} writers, batches of {batch}"),
            format!(
                "{:.0} / {:.0} = {:.2}  (longest {:?} / {:?})",
                stored.per_second,
                logged.per_second,
                stored.per_second / logged.per_second,
                stored.longest,
                logged.longest,
            ),
        );
    }
    Ok(())
}

fn median(rounds: &mut [Round]) -> Round {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    let longest = rounds.iter().map(|round| round.longest).max();
    let middle = rounds.get(rounds.len() / 2).map(|round| round.per_second);
    Round {
        per_second: middle.unwrap_or_default(),
        longest: longest.unwrap_or_default(),
    }
}

fn round_for() -> Duration {
    Duration::from_millis(number("SLED_BENCH_ROUND_MS", 1_000))
}

async fn store_round(
    store: &Arc<SledStore>,
    round: usize,
    writers: u64,
    batch: u64,
) -> Done<(Round, u64)> {
    let begin = Clock::now();
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let store = Arc::clone(store);
        tasks.push(tokio::spawn(async move {
            let stream = StreamId::new("acme", "ticket", &format!("{round}-{writer}"))?;
            let mut revision = Revision::default();
            let (mut count, mut longest) = (0, Duration::ZERO);
            while begin.elapsed() < round_for() {
                let before = Clock::now();
                let append = Append::new(
                    stream.clone(),
                    Expected::Exactly(revision),
                    records(batch, count)?,
                );
                revision = store.append(append).await?.revision;
                longest = longest.max(before.elapsed());
                count += 1;
            }
            Done::Ok((count, longest))
        }));
    }
    finish(begin, tasks).await
}

async fn log_round(log: &Arc<FlatLog>, writers: u64, batch: u64) -> Done<Round> {
    let begin = Clock::now();
    let mut tasks = Vec::new();
    for _ in 0..writers {
        let log = Arc::clone(log);
        tasks.push(tokio::spawn(async move {
            let (mut count, mut longest) = (0, Duration::ZERO);
            while begin.elapsed() < round_for() {
                let before = Clock::now();
                log.append(records(batch, count)?.as_bytes().to_vec())
                    .await?;
                longest = longest.max(before.elapsed());
                count += 1;
            }
            Done::Ok((count, longest))
        }));
    }
    Ok(finish(begin, tasks).await?.0)
}

async fn finish(
    begin: Clock,
    tasks: Vec<tokio::task::JoinHandle<Done<(u64, Duration)>>>,
) -> Done<(Round, u64)> {
    let (mut count, mut longest) = (0, Duration::ZERO);
    for task in tasks {
        let (appended, slowest) = task.await??;
        count += appended;
        longest = longest.max(slowest);
    }
    let round = Round {
        per_second: count as f64 / begin.elapsed().as_secs_f64(),
        longest,
    };
    Ok((round, count))
}

/// A store of so many events on a twentieth as many tickets.
fn large(runtime: &Runtime, name: &str, events: u64, batch: u64) -> Done<()> {
    note("", "");
    note(name, format!("{events} events"));
    let place = directory()?;
    let path = place.path().join("store");
    let store = Options::new().open(&path)?;
    let begin = Clock::now();
    let tickets = fill(runtime, &store, events, batch)?;
    note("filled in", format!("{:?}", begin.elapsed()));
    let begin = Clock::now();
    runtime.block_on(store.close());
    note("closed in", format!("{:?}", begin.elapsed()));
    drop(store);
    let tree = on_disk(&path.join("sled"))?;
    note(
        "bytes of the tree per event",
        format!("{:.1}", tree as f64 / events as f64),
    );
    note(
        "and of the whole directory",
        format!("{:.1}", on_disk(&path)? as f64 / events as f64),
    );

    let flat = place.path().join("flat");
    write_flat(&path, &flat, events)?;
    let (mut scans, mut flats, mut opens) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let begin = Clock::now();
        let store = Options::new()
            .cache_bytes(number("SLED_BENCH_CACHE", 128 << 20))
            .open(&path)?;
        opens.push(begin.elapsed());
        let begin = Clock::now();
        let found = scan(&store)?;
        scans.push(begin.elapsed());
        assert_eq!(found.0, events, "the scan missed events");
        let begin = Clock::now();
        assert_eq!(scan_flat(&flat)?, found, "the flat file has other events");
        flats.push(begin.elapsed());
        runtime.block_on(store.close());
    }
    let (scanned, flatly, opened) = (middle(&mut scans), middle(&mut flats), middle(&mut opens));
    note("opened after a clean close in", format!("{opened:?}"));
    let per_event = |time: Duration| time.as_secs_f64() * 1e9 / events as f64;
    note(
        "first pass: ns an event, store / flat file",
        format!(
            "{:.0} / {:.0}, ratio of speeds {:.2}",
            per_event(scanned),
            per_event(flatly),
            flatly.as_secs_f64() / scanned.as_secs_f64()
        ),
    );
    reload(&path, tickets, events)?;
    killed(&path, place.path(), runtime)
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ticket(number: u64) -> Done<StreamId> {
    Ok(StreamId::new("acme", "ticket", &format!("T-{number:08}"))?)
}

fn fill(runtime: &Runtime, store: &Arc<SledStore>, events: u64, batch: u64) -> Done<u64> {
    let tickets = (events / 20).max(1);
    runtime.block_on(async {
        const WRITERS: u64 = 512;
        let mut tasks = Vec::new();
        for writer in 0..WRITERS {
            let store = Arc::clone(store);
            tasks.push(tokio::spawn(async move {
                let (commits, mut state) = (events.div_ceil(batch), writer + 1);
                let mut number = writer;
                while number < commits {
                    let begin = number * batch;
                    let count = batch.min(events - begin);
                    let stream = ticket(random(&mut state) % tickets)?;
                    let append = Append::new(stream, Expected::Any, records(count, begin)?);
                    store.append(append).await?;
                    number += WRITERS;
                }
                Done::Ok(())
            }));
        }
        for task in tasks {
            task.await??;
        }
        Done::Ok(())
    })?;
    Ok(tickets)
}

/// Adds the payloads up, so that each is looked at.
fn sum(count: &mut u64, total: &mut u64, payload: &[u8]) {
    let number = payload
        .first_chunk()
        .map(|bytes| u64::from_le_bytes(*bytes));
    *count += 1;
    *total = total.wrapping_add(number.unwrap_or_default());
}

fn scan(store: &Arc<SledStore>) -> Done<(u64, u64)> {
    let (mut count, mut total, mut after) = (0, 0, Offset::START);
    loop {
        let limit = Limit::events(4_096);
        let page = blocking::wait(store.read_partition(PartitionId(0), after, limit))?;
        for record in page.records() {
            sum(&mut count, &mut total, record.payload());
        }
        after = page.next;
        if page.is_last() {
            return Ok((count, total));
        }
    }
}

/// The same commits, one behind the other.
fn write_flat(path: &Path, flat: &Path, events: u64) -> Done<()> {
    let salvaged = punctual_sled::salvage(path)?;
    let mut out = std::io::BufWriter::new(File::create(flat)?);
    let mut written = 0;
    for commit in salvaged.commits() {
        out.write_all(commit.as_bytes())?;
        written += commit.view().map_or(0, |view| view.len() as u64);
    }
    out.flush()?;
    assert_eq!(written, events, "salvage missed events of a sound store");
    Ok(())
}

/// Reads the flat file by the mebibyte, verifies every commit, looks at every payload.
fn scan_flat(flat: &Path) -> Done<(u64, u64)> {
    let mut file = File::open(flat)?;
    let (mut count, mut total) = (0, 0);
    let (mut buffer, mut held) = (vec![0; 2 << 20], 0);
    loop {
        let read = file.read(buffer.get_mut(held..).unwrap_or_default())?;
        let bytes = buffer.get(..held + read).unwrap_or_default();
        let mut rest = bytes;
        while let Ok((commit, after)) = CommitView::verify(rest) {
            for record in commit.records() {
                sum(&mut count, &mut total, record.payload());
            }
            rest = after;
        }
        if read == 0 {
            return Ok((count, total));
        }
        let (from, length) = (bytes.len() - rest.len(), rest.len());
        buffer.copy_within(from..from + length, 0);
        held = length;
    }
}

fn reload(path: &Path, tickets: u64, events: u64) -> Done<()> {
    let store = Options::new().open(path)?;
    for name in ["first time", "again"] {
        let (mut times, mut found, mut state) = (Vec::new(), 0, 99);
        for _ in 0..2_000 {
            let stream = ticket(random(&mut state) % tickets)?;
            let begin = Clock::now();
            let mut guard = Sequence::new(stream.clone(), Version::NONE);
            loop {
                let limit = Limit::default();
                let page = blocking::wait(store.read_stream(&stream, guard.after(), limit))?;
                guard.admit(&page)?;
                for record in page.records() {
                    found += 1;
                    black_box(record.payload());
                }
                if page.is_last() {
                    break;
                }
            }
            times.push(begin.elapsed());
        }
        assert!(found > 2_000 * events / tickets / 2, "tickets lost events");
        times.sort_unstable();
        let at = |part: usize| {
            times
                .get(times.len() * part / 100)
                .copied()
                .unwrap_or_default()
        };
        note(
            &format!(
                "reload of a ticket of {:.1} events, {name}",
                found as f64 / 2_000.0
            ),
            format!("{:?} median, {:?} 99 of 100", at(50), at(99)),
        );
    }
    Ok(())
}

/// Opens a copy of the files as a kill leaves them, with half a journal file unsettled.
fn killed(path: &Path, place: &Path, runtime: &Runtime) -> Done<()> {
    let store = Options::new().open(path)?;
    fill(runtime, &store, 32_768, 1)?;
    let copy = place.join("copy");
    copy_all(path, &copy)?;
    let head = blocking::wait(store.head(PartitionId(0)))?;
    let begin = Clock::now();
    let killed = Options::new().open(&copy)?;
    note("opened after a kill in", format!("{:?}", begin.elapsed()));
    assert_eq!(
        blocking::wait(killed.head(PartitionId(0)))?,
        head,
        "a kill lost commits"
    );
    runtime.block_on(async {
        killed.close().await;
        store.close().await;
    });
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Done<()> {
    std::fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn on_disk(path: &Path) -> Done<u64> {
    let mut bytes = 0;
    for entry in path.read_dir()? {
        let entry = entry?;
        let data = entry.metadata()?;
        bytes += if data.is_dir() {
            on_disk(&entry.path())?
        } else {
            data.len()
        };
    }
    Ok(bytes)
}
