//! A writer is killed, again and again; what it was told is there must be there.
//!
//! The parent starts a child that opens the store, appends, and prints a line for every append that was
//! acknowledged. At a random moment, in a quarter of the runs while the child is opening, the parent kills
//! it. Then it reopens the store and reads everything: every acknowledged event must be there, equal to
//! what was appended; nothing may be torn or missing in between; what was in flight is there whole or not
//! at all.
//!
//! `PUNCTUAL_KILLS` says how many kills (200 by default), `PUNCTUAL_SEED` which random moments:
//! `PUNCTUAL_KILLS=5000 cargo test --release -p punctual-sled --test crash`.

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use common::{Event, Random, append, open, read_all, read_stream, stream};
use punctual::store::Limit;

const WRITE: &str = "--write-until-killed";
/// Streams that the child appends to.
const STREAMS: u64 = 40;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == WRITE) {
        write_until_killed(Path::new(&arguments[at + 1]));
        return ExitCode::SUCCESS;
    }
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let number = |name: &str, default| {
        let value = std::env::var(name).ok();
        value.map_or(default, |value| value.parse().unwrap())
    };
    let (kills, seed) = (number("PUNCTUAL_KILLS", 200), number("PUNCTUAL_SEED", 7));
    let report = crash(kills, seed);
    println!("{report}");
    ExitCode::SUCCESS
}

/// The payloads of the commit at `offset`, which follow from it: so everybody knows what must be there.
fn payloads(offset: u64) -> (u64, Vec<Vec<u8>>) {
    let mut random = Random(offset);
    let number = random.below(STREAMS);
    let events = 1 + random.below(if offset.is_multiple_of(50) { 200 } else { 8 });
    let size = if offset.is_multiple_of(97) { 20_000 } else { 120 };
    let payload = |index| {
        let mut payload = vec![0; 16 + random.below(size) as usize];
        payload[..8].copy_from_slice(&offset.to_le_bytes());
        payload[8..16].copy_from_slice(&u64::to_le_bytes(index));
        payload
    };
    (number, (0..events).map(payload).collect())
}

/// The child: appends and prints the offset of each append that was acknowledged.
fn write_until_killed(directory: &Path) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "opening").unwrap();
    out.flush().unwrap();
    let store = open(directory);
    let head = read_head(&store);
    writeln!(out, "open {head}").unwrap();
    out.flush().unwrap();
    // Several writers, so that groups form; each owns some offsets' worth of appends in turn.
    for offset in head + 1.. {
        let (number, payloads) = payloads(offset);
        let done = append(&store, &stream(number), &payloads).unwrap();
        assert_eq!(done.offset.get(), offset, "one writer, so offsets are known");
        writeln!(out, "{offset}").unwrap();
        out.flush().unwrap();
    }
}

fn read_head(store: &punctual_sled::SledStore) -> u64 {
    use punctual::store::{EventStore as _, blocking};
    let head = blocking::wait(store.head(punctual::event::PartitionId(0)));
    head.unwrap().get()
}

fn crash(kills: u64, seed: u64) -> String {
    let mut random = Random(seed);
    let (mut during_open, mut acknowledged, mut in_flight) = (0, 0, 0);
    let mut directory = tempfile::tempdir().unwrap();
    let (begin, mut last) = (Instant::now(), 0);
    for kill in 0..kills {
        // Now and then a new store, so that creation is killed too and the log stays readable in time.
        if kill.is_multiple_of(40) {
            directory = tempfile::tempdir().unwrap();
            last = 0;
        }
        let opening = random.below(4) == 0;
        let wait = Duration::from_micros(random.below(if opening { 30_000 } else { 120_000 }));
        let told = run_and_kill(directory.path(), opening, wait).max(last);
        during_open += u64::from(opening);
        acknowledged += told - last;
        last = check(directory.path(), told, kill, seed, random.below(3) == 0);
        in_flight += last - told;
    }
    format!(
        "{kills} kills, {during_open} of them during open, in {:?}: {acknowledged} acknowledged appends, \
         0 lost; {in_flight} more that were in flight",
        begin.elapsed()
    )
}

/// Starts a child, kills it, and answers the last offset that it was told is there.
fn run_and_kill(directory: &Path, opening: bool, wait: Duration) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg(WRITE)
        .arg(directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    // The moment counts from when the child begins to open, or has opened.
    let begins = if opening { "opening" } else { "open " };
    let mut told = Vec::new();
    for line in lines.iter() {
        let begun = line.starts_with(begins);
        told.push(line);
        if begun {
            break;
        }
    }
    let deadline = Instant::now() + wait;
    while let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        told.push(line);
    }
    kill(&mut child);
    told.extend(lines.iter());
    reader.join().unwrap();
    let offsets = told.iter().filter_map(|line| line.parse::<u64>().ok());
    offsets.max().unwrap_or(0)
}

fn kill(child: &mut Child) {
    // SIGKILL on Unix: nothing of the child's own runs any more.
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(status.code().is_none(), "the child ended by itself: {status}");
}

/// Reads everything and compares it with what must be there; answers the head.
fn check(directory: &Path, told: u64, kill: u64, seed: u64, thorough: bool) -> u64 {
    let place = format!("after kill {kill} of seed {seed}");
    let store = open(directory);
    let head = read_head(&store);
    assert!(head >= told, "{place}: {told} was acknowledged and the head is {head}");
    assert!(head <= told + 1, "{place}: more than one append was in flight");
    let events = read_all(store.as_ref(), Limit::default()).unwrap();
    let mut versions = vec![0; STREAMS as usize];
    let mut expected = Vec::new();
    for offset in 1..=head {
        let (number, payloads) = payloads(offset);
        for payload in payloads {
            versions[number as usize] += 1;
            expected.push(Event {
                stream: stream(number).to_string(),
                version: versions[number as usize],
                offset,
                payload,
            });
        }
    }
    assert!(events == expected, "{place}: the log is not what was appended");
    if thorough {
        for number in 0..STREAMS {
            let name = stream(number);
            let found = read_stream(store.as_ref(), &name, Limit::default()).unwrap();
            let expected = expected.iter().filter(|event| event.stream == name.as_str());
            assert!(found.iter().eq(expected), "{place}: {name} is not what was appended");
        }
        assert_eq!(store.verify().unwrap().events, expected.len() as u64, "{place}");
    }
    // Half of the stores are left as a kill leaves them: nobody closed them.
    head
}
