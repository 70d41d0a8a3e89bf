//! A writer is killed, again and again; what it was told is there must be there.
//!
//! The parent starts a child whose four writers append and print a line for every append that was
//! acknowledged. At a random moment, in a quarter of the runs while the child is opening, the parent kills
//! it. Half of the time the next child finds what the kill left; else the parent opens the store and
//! reads everything: every acknowledged event must be there, equal to what was appended; nothing may be torn
//! or missing in between; what was in flight is there whole or not at all.
//!
//! `PUNCTUAL_KILLS` says how many kills (200 by default), `PUNCTUAL_SEED` which random moments:
//! `PUNCTUAL_KILLS=5000 cargo test --release -p punctual-sled --test crash`.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use common::{Random, append, open, read_all, read_stream, small, stream};
use punctual::store::Limit;
use punctual_sled::Mode;

const WRITE: &str = "--write-until-killed";
/// For the rig of power cuts: compares a store with a file of the lines that its writer printed.
const CHECK: &str = "--check";
/// Streams that the child appends to; each writer has its own.
const STREAMS: u64 = 40;
const WRITERS: u64 = 4;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == WRITE) {
        let unsynced = arguments.get(at + 2).is_some_and(|word| word == "unsynced");
        write_until_killed(Path::new(&arguments[at + 1]), unsynced);
        return ExitCode::SUCCESS;
    }
    if let Some(at) = arguments.iter().position(|argument| argument == CHECK) {
        let mut told = vec![0; STREAMS as usize];
        let lines = std::fs::read_to_string(&arguments[at + 2]).unwrap();
        // The last line may be cut.
        let whole = lines.rsplit_once('\n').map_or("", |(whole, _)| whole);
        hear(whole.lines(), &mut told);
        let more = check(Path::new(&arguments[at + 1]), &mut told, "in the picture");
        let commits: u64 = told.iter().sum();
        say(&format!(
            "{} acknowledged, all there; {more} more",
            commits - more
        ));
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
    say(&crash(kills, seed));
    ExitCode::SUCCESS
}

/// The payloads of a stream's commit with this number, which follow from it: so everybody knows what must
/// be there.
fn payloads(stream: u64, commit: u64) -> Vec<Vec<u8>> {
    let mut random = Random(stream << 32 | commit);
    let events = 1 + random.below(if commit.is_multiple_of(20) { 200 } else { 8 });
    // Some commits are large, but none is larger than an append may be.
    let size = if commit.is_multiple_of(31) && events < 9 {
        20_000
    } else {
        120
    };
    let payload = |index| {
        let mut payload = vec![stream as u8; 16 + random.below(size) as usize];
        payload[..8].copy_from_slice(&commit.to_le_bytes());
        payload[8..16].copy_from_slice(&u64::to_le_bytes(index));
        payload
    };
    (0..events).map(payload).collect()
}

/// The child: several writers append, each to streams of its own, and print what was acknowledged.
fn write_until_killed(directory: &Path, unsynced: bool) {
    say("opening");
    let mode = match unsynced {
        true => Mode::Process {
            sync_every: Duration::from_secs(3_600),
        },
        false => Mode::Durable,
    };
    let store = small().mode(mode).open(directory).unwrap();
    let mut written = vec![0; STREAMS as usize];
    for number in 0..STREAMS {
        let events = read_stream(store.as_ref(), &stream(number), Limit::default()).unwrap();
        let offsets: BTreeSet<u64> = events.iter().map(|event| event.offset).collect();
        written[number as usize] = offsets.len() as u64;
    }
    say("open");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (store, mut written) = (&store, written.clone());
            scope.spawn(move || {
                let mut random = Random(std::process::id().into());
                loop {
                    let number = random.below(STREAMS / WRITERS) * WRITERS + writer;
                    let commit = &mut written[number as usize];
                    *commit += 1;
                    append(store, &stream(number), &payloads(number, *commit)).unwrap();
                    say(&format!("{number} {commit}"));
                }
            });
        }
    });
}

/// Prints a line in one piece.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn crash(kills: u64, seed: u64) -> String {
    let mut random = Random(seed);
    let (mut during_open, mut acknowledged, mut in_flight, mut checks) = (0, 0, 0, 0);
    let mut directory = tempfile::tempdir().unwrap();
    let mut told = vec![0; STREAMS as usize];
    let begin = Instant::now();
    for kill in 0..kills {
        // Now and then a new store, so that creation is killed too and the log stays readable in time.
        if kill.is_multiple_of(25) {
            directory = tempfile::tempdir().unwrap();
            told.fill(0);
        }
        let opening = random.below(4) == 0;
        let wait = Duration::from_micros(random.below(if opening { 40_000 } else { 150_000 }));
        acknowledged += run_and_kill(directory.path(), opening, wait, &mut told);
        during_open += u64::from(opening);
        if random.below(2) == 0 || kill % 25 == 24 || kill + 1 == kills {
            let place = format!("after kill {kill} of seed {seed}");
            in_flight += check(directory.path(), &mut told, &place);
            checks += 1;
        }
    }
    format!(
        "{kills} kills, {during_open} of them during open, in {:?}: {acknowledged} acknowledged appends, \
         0 lost in {checks} readings; {in_flight} more that were in flight",
        begin.elapsed()
    )
}

/// Starts a child and kills it. Notes what it was told is there, and answers how many appends that were.
fn run_and_kill(directory: &Path, opening: bool, wait: Duration, told: &mut [u64]) -> u64 {
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
    let begins = if opening { "opening" } else { "open" };
    let mut heard = Vec::new();
    for line in lines.iter() {
        let begun = line == begins;
        heard.push(line);
        if begun {
            break;
        }
    }
    let deadline = Instant::now() + wait;
    while let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        heard.push(line);
    }
    kill(&mut child);
    heard.extend(lines.iter());
    reader.join().unwrap();
    hear(heard.iter().map(String::as_str), told)
}

/// Notes what a writer printed, and answers how many appends that were.
fn hear<'a>(lines: impl Iterator<Item = &'a str>, told: &mut [u64]) -> u64 {
    let mut count = 0;
    for line in lines {
        if let Some((number, commit)) = line.split_once(' ') {
            let (number, commit): (usize, u64) = (number.parse().unwrap(), commit.parse().unwrap());
            told[number] = told[number].max(commit);
            count += 1;
        }
    }
    count
}

fn kill(child: &mut Child) {
    // SIGKILL on Unix: nothing of the child's own runs any more.
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(
        status.code().is_none(),
        "the child ended by itself: {status}"
    );
}

/// Reads everything and compares it with what must be there; answers how much more is there than was told.
fn check(directory: &Path, told: &mut [u64], place: &str) -> u64 {
    let store = open(directory);
    let log = read_all(store.as_ref(), Limit::default()).unwrap();
    let verified = store.verify().unwrap();
    assert_eq!(verified.events, log.len() as u64, "{place}");
    let mut in_flight = 0;
    for number in 0..STREAMS {
        let name = stream(number);
        let found = read_stream(store.as_ref(), &name, Limit::default()).unwrap();
        let logged = log.iter().filter(|event| event.stream == name.as_str());
        assert!(logged.eq(&found), "{place}: log and index differ on {name}");
        let (mut version, mut commit) = (0, 0);
        while version < found.len() {
            commit += 1;
            let expected = payloads(number, commit);
            let events = &found[version..];
            assert!(
                events.len() >= expected.len(),
                "{place}: {name} ends with a torn commit"
            );
            let offset = events[0].offset;
            for (event, payload) in events.iter().zip(&expected) {
                version += 1;
                let whole = event.offset == offset && event.version == version as u64;
                assert!(whole, "{place}: {name} has a torn commit");
                assert!(
                    event.payload == *payload,
                    "{place}: {name} {version} is another event"
                );
            }
        }
        let known = &mut told[number as usize];
        assert!(
            commit >= *known,
            "{place}: {name} had {known} commits and has {commit}"
        );
        in_flight += commit - *known;
        *known = commit;
    }
    in_flight
}
