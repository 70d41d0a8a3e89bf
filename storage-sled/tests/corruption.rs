//! Damage is found and named; never other data, never a panic, never a hang.
//!
//! A small store is closed, then one thing in its files is changed: a bit, a page, the length. Opening and
//! reading everything must either answer exactly what was stored or say what is damaged; and salvage,
//! which must not change a byte, must return nothing but what was stored.
//!
//! `PUNCTUAL_FLIPS` says how many bits are flipped, evenly spread over what the store has written (160 by
//! default, in a closed and in a killed store each); `PUNCTUAL_FLIPS=all` flips every one.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use common::*;
use punctual::event::StreamId;
use punctual::store::{EventStore as _, Limit, blocking};

/// At least as many bytes as the last group of the sample's journal has.
const LAST_GROUP: usize = 512;

/// What a damaged store answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Same,
    Refused(String),
    Wrong(String),
}

struct Sample {
    directory: tempfile::TempDir,
    log: Vec<Event>,
}

/// Builds a store whose commits lie in blocks and in parts, in the tree and in the journal.
fn sample(clean: bool) -> Sample {
    // Each change is made to a fresh copy: in memory, where the system has a place for that.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    let directory = tempfile::tempdir_in(place).unwrap();
    let path = directory.path().join("store");
    let store = open(&path);
    for number in 0..30_u64 {
        let size = if number == 7 { 20_000 } else { 40 };
        let payloads = vec![vec![number as u8; size]; 1 + number as usize % 3];
        append(&store, &stream(number % 5), &payloads).unwrap();
        if number == 20 {
            store.settle().unwrap();
        }
    }
    let log = read_all(store.as_ref(), Limit::default()).unwrap();
    let kept = directory.path().join("kept");
    if clean {
        blocking::wait(store.close());
        copy(&path, &kept);
    } else {
        copy(&path, &kept);
        blocking::wait(store.close());
    }
    Sample { directory, log }
}

impl Sample {
    fn kept(&self) -> PathBuf {
        self.directory.path().join("kept")
    }

    /// Puts an undamaged copy in place and answers where.
    fn fresh(&self) -> PathBuf {
        let path = self.directory.path().join("store");
        let _ = std::fs::remove_dir_all(&path);
        copy(&self.kept(), &path);
        path
    }

    /// Changes a copy, looks at it, and answers what came of it.
    fn after(&self, change: impl FnOnce(&Path)) -> Outcome {
        let path = self.fresh();
        change(&path);
        let salvaged = punctual_sled::salvage(&path);
        if let Ok(salvaged) = salvaged {
            for commit in salvaged.commits() {
                for record in commit.view().unwrap().records() {
                    let place = (record.position().offset.get(), record.version().get());
                    let known = self.log.iter().find(|event| {
                        event.stream == record.stream() && (event.offset, event.version) == place
                    });
                    if known.is_none_or(|event| event.payload != record.payload()) {
                        return Outcome::Wrong(format!("salvage invented {place:?}"));
                    }
                }
            }
        }
        let log = self.log.clone();
        let (sender, outcome) = mpsc::channel();
        let looking = std::thread::spawn(move || sender.send(look(&path, &log)));
        // A panic drops the sender; a hang does nothing.
        match outcome.recv_timeout(Duration::from_secs(60)) {
            Ok(outcome) => {
                looking.join().unwrap().unwrap();
                outcome
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Outcome::Wrong("it hangs".to_owned()),
            Err(mpsc::RecvTimeoutError::Disconnected) => Outcome::Wrong("it panics".to_owned()),
        }
    }
}

fn look(path: &Path, log: &[Event]) -> Outcome {
    let store = match try_open(path) {
        Ok(store) => store,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let whole =
        |read: Result<Vec<Event>, punctual::store::ReadError>, expected: Vec<Event>| match read {
            Ok(found) if found == expected => Outcome::Same,
            Ok(found) => Outcome::Wrong(format!(
                "{} events instead of {}",
                found.len(),
                expected.len()
            )),
            Err(error) => Outcome::Refused(error.to_string()),
        };
    let mut outcomes = vec![whole(
        read_all(store.as_ref(), Limit::events(7)),
        log.to_vec(),
    )];
    for number in 0..5 {
        let name: StreamId = stream(number);
        let expected = log
            .iter()
            .filter(|event| event.stream == name.as_str())
            .cloned();
        let read = read_stream(store.as_ref(), &name, Limit::events(7));
        outcomes.push(whole(read, expected.collect()));
    }
    match store.verify() {
        Ok(verified) if verified.events == log.len() as u64 => {}
        Ok(verified) => outcomes.push(Outcome::Wrong(format!("verified {verified:?}"))),
        Err(error) => outcomes.push(Outcome::Refused(error.to_string())),
    }
    let wrong = outcomes
        .iter()
        .find(|outcome| matches!(outcome, Outcome::Wrong(_)));
    let refused = outcomes
        .iter()
        .find(|outcome| matches!(outcome, Outcome::Refused(_)));
    wrong.or(refused).cloned().unwrap_or(Outcome::Same)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file of a store, by its path within it.
fn files(of: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in of.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().unwrap() != "LOCK" {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The bytes of a file that the store has written: everything up to the last that is not zero.
fn written(file: &Path) -> usize {
    let bytes = std::fs::read(file).unwrap();
    bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1)
}

fn change(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(file).unwrap();
    change(&mut bytes);
    std::fs::write(file, bytes).unwrap();
}

/// The bytes of a file that say something: those of every 64 that are not all the same.
fn telling(file: &Path) -> Vec<usize> {
    let bytes = std::fs::read(file).unwrap();
    let mut found = Vec::new();
    for (number, chunk) in bytes.chunks(64).enumerate() {
        if chunk.iter().any(|byte| *byte != chunk[0]) {
            found.extend((0..chunk.len()).map(|at| number * 64 + at));
        }
    }
    found
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    let (mut all, mut same, mut refused) = (0, 0, 0);
    for clean in [true, false] {
        let sample = sample(clean);
        let kept = sample.kept();
        let mut bytes = Vec::new();
        for file in files(&kept) {
            let name = file.strip_prefix(&kept).unwrap().to_owned();
            let mut telling = telling(&file);
            if !clean && name == Path::new("journal-1") {
                // Nobody can tell the last group of a killed store, once damaged, from a torn one.
                telling.truncate(telling.len().saturating_sub(LAST_GROUP));
            }
            bytes.extend(telling.into_iter().map(|at| (name.clone(), at)));
        }
        let bits = bytes.len() * 8;
        let flips = match std::env::var("PUNCTUAL_FLIPS").ok().as_deref() {
            Some("all") => bits,
            Some(number) => number.parse().unwrap(),
            None => 160,
        };
        all += bits;
        for flip in 0..flips {
            // Evenly spread, and not always the same bit of a byte.
            let bit = (bits as u128 * flip as u128 / flips as u128) as usize;
            let bit = if flips < bits {
                (bit & !7) + flip % 8
            } else {
                bit
            };
            let (file, at) = &bytes[bit / 8];
            let outcome = sample.after(|path| {
                change(&path.join(file), |bytes| bytes[*at] ^= 1 << (bit % 8));
            });
            match outcome {
                Outcome::Same => same += 1,
                Outcome::Refused(_) => refused += 1,
                Outcome::Wrong(what) => panic!("{}, byte {at}: {what}", file.display()),
            }
        }
    }
    assert!(refused > 0, "nothing was noticed at all");
    let flips = same + refused;
    eprintln!("{flips} of {all} bits flipped: {refused} named, {same} without effect on the data");
}

#[test]
fn no_zeroed_page_and_no_cut_goes_unnoticed() {
    for clean in [true, false] {
        let sample = sample(clean);
        let kept = sample.kept();
        for file in files(&kept) {
            let name = file.strip_prefix(&kept).unwrap();
            let (size, used) = (file.metadata().unwrap().len() as usize, written(&file));
            let pages = used.div_ceil(4096);
            for page in (0..pages).step_by(1 + pages / 6) {
                let outcome = sample.after(|path| {
                    change(&path.join(name), |bytes| {
                        let end = bytes.len().min(page * 4096 + 4096);
                        bytes[page * 4096..end].fill(0);
                    });
                });
                let torn = !clean && name.to_string_lossy().starts_with("journal");
                assert!(
                    !matches!(outcome, Outcome::Wrong(_)) || torn && page + 1 >= pages,
                    "{}, page {page}: {outcome:?}",
                    name.display()
                );
            }
            for length in [
                0,
                1,
                used / 2,
                used.saturating_sub(1),
                size.saturating_sub(1),
            ] {
                let outcome =
                    sample.after(|path| change(&path.join(name), |bytes| bytes.truncate(length)));
                let wrong = matches!(outcome, Outcome::Wrong(_));
                assert!(!wrong, "{} cut to {length}: {outcome:?}", name.display());
            }
            let outcome = sample.after(|path| std::fs::remove_file(path.join(name)).unwrap());
            let wrong = matches!(outcome, Outcome::Wrong(_));
            assert!(!wrong, "{} removed: {outcome:?}", name.display());
        }
    }
}

/// In a store that nobody closed, damage in the middle of the journal is told from a torn end.
#[test]
fn damage_before_the_last_group_of_a_killed_store_is_named() {
    let sample = sample(false);
    let journal = Path::new("journal-1");
    let used = written(&sample.kept().join(journal));
    assert!(used > 1_000, "the sample has its latest groups there");
    // The last group begins within the last 300 bytes.
    for at in (0..used - 300).step_by(1 + used / 40) {
        let outcome = sample.after(|path| change(&path.join(journal), |bytes| bytes[at] ^= 0x10));
        assert!(
            matches!(outcome, Outcome::Refused(_)),
            "byte {at} of {used}: {outcome:?}"
        );
    }
}

#[test]
fn salvage_returns_what_is_sound_and_names_what_is_missing() {
    let sample = sample(true);
    let path = sample.fresh();
    // Without the tree the journal has what it still holds; without the journal, the tree has all.
    let whole = punctual_sled::salvage(&path).unwrap();
    assert_eq!(whole.commits().count(), 30);
    assert!(whole.missing().is_empty());
    for journal in ["journal-0", "journal-1"] {
        std::fs::remove_file(path.join(journal)).unwrap();
    }
    assert_eq!(punctual_sled::salvage(&path).unwrap().commits().count(), 30);
    let commit = whole.commits().nth(11).unwrap().as_bytes();
    change(&path.join("sled/db"), |bytes| {
        // Every copy of one commit rots.
        let starts: Vec<usize> = bytes
            .windows(commit.len())
            .enumerate()
            .filter(|(_, found)| *found == commit)
            .map(|(at, _)| at)
            .collect();
        for at in starts {
            bytes[at + commit.len() - 1] ^= 1;
        }
    });
    let salvaged = punctual_sled::salvage(&path).unwrap();
    assert_eq!(salvaged.commits().count(), 29);
    let missing: Vec<_> = salvaged
        .missing()
        .iter()
        .map(|gap| (gap.1.get(), gap.2.get()))
        .collect();
    assert_eq!(missing, [(12, 12)]);
}
