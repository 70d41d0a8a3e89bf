//! Damage is found and named; never other data, never a panic, never a hang.
//!
//! A picture is taken of a small store, closed, killed, or killed while it settles; then one thing in its
//! files is changed: a bit, a page, the length. Opening and asking everything must either answer exactly
//! what was stored or say what is damaged; and salvage, which must not change a byte, must return nothing
//! but what was stored.
//!
//! `PUNCTUAL_FLIPS` says how many bits of each picture are flipped, evenly spread (160 by default);
//! `PUNCTUAL_FLIPS=all` flips every bit of the tiny store:
//!
//! ```text
//! PUNCTUAL_FLIPS=all cargo test --release -p punctual-sled --test corruption -- every_bit --nocapture
//! ```

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "../common/mod.rs"]
mod common;
mod contents;
mod picture;
mod trial;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Once;

use picture::{Image, Moment, Picture, Size, picture};
use trial::{Bench, LOOK, Outcome, flip};

/// How far beyond the last byte that is not zero bits are flipped. It covers the journals of a tiny store to
/// their ends, and of the tree's file far more than is read to find out that nothing comes any more.
const BEYOND: usize = 1 << 10;

/// Panics of sled are expected, and many: those that are caught are not printed.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            if thread.name().is_some_and(|name| name != LOOK) {
                usual(panic);
            }
        }));
    });
}

/// How often each outcome came, and an example of each.
#[derive(Debug, Default)]
struct Count(BTreeMap<&'static str, (usize, String)>);

impl Count {
    fn add(&mut self, file: &Image, bit: usize, outcome: &Outcome) {
        let place = format!("{} bit {bit}", file.name.display());
        let (name, what) = match outcome {
            Outcome::Same => ("harmless", ""),
            Outcome::Lossy(what) => ("cost a snapshot or a checkpoint", what.as_str()),
            Outcome::Torn => ("taken for a torn end", ""),
            Outcome::Refused(what) => ("refused at opening", what.as_str()),
            Outcome::Named(what) => ("named on reading", what.as_str()),
            Outcome::Later(what) => ("named at the second opening", what.as_str()),
            Outcome::Silent(what) => ("SILENT", what.as_str()),
            Outcome::Panics => ("PANIC", ""),
            Outcome::Hangs => ("HANG", ""),
        };
        let new = || (0, format!("{place} {what}"));
        self.0.entry(name).or_insert_with(new).0 += 1;
    }

    /// How many flips some error told of.
    fn noticed(&self) -> usize {
        let told = [
            "refused at opening",
            "named on reading",
            "named at the second opening",
        ];
        let of = |name: &&str| self.0.get(*name).map_or(0, |(count, _)| *count);
        told.iter().map(of).sum()
    }

    fn told(&self) -> String {
        let line = |(name, (count, example)): (&&str, &(usize, String))| {
            format!("\n{count:>9} {name}, such as {example}")
        };
        self.0.iter().map(line).collect()
    }
}

/// The bits of a picture that are flipped. Of a tiny store: those of every byte up to the last that is not
/// zero, and some beyond. Of a usual one: those of every 64 bytes that are not all the same, for most of it is
/// one long payload, several times over.
fn bits(picture: &Picture, size: Size) -> Vec<(&Image, usize)> {
    let mut bits = Vec::new();
    for file in &picture.files {
        let end = (file.written + BEYOND).min(file.bytes.len());
        for (number, chunk) in file.bytes[..end].chunks(64).enumerate() {
            if size == Size::Usual && chunk.iter().all(|byte| *byte == chunk[0]) {
                continue;
            }
            let first = number * 64 * 8;
            bits.extend((first..first + chunk.len() * 8).map(|bit| (file, bit)));
        }
    }
    bits
}

/// Flips bits of one picture and counts what comes of it; answers how many there are, and what was wrong.
fn flips(moment: Moment, size: Size, most: Option<usize>) -> (usize, Count, Vec<String>) {
    quiet();
    let (picture, bench) = (picture(moment, size), Bench::new());
    let bits = bits(&picture, size);
    let (mut count, mut wrong) = (Count::default(), Vec::new());
    let flips = most.unwrap_or(bits.len()).min(bits.len());
    for number in 0..flips {
        // Evenly spread, and not always the same bit of a byte.
        let at = (bits.len() as u128 * number as u128 / flips as u128) as usize;
        let at = if flips < bits.len() {
            (at & !7) + number % 8
        } else {
            at
        };
        let &(file, bit) = &bits[at];
        let outcome = bench.after(&picture, |path| flip(&path.join(&file.name), file, bit));
        count.add(file, bit, &outcome);
        let in_last_group = picture
            .last_group
            .as_ref()
            .is_some_and(|(name, range)| *name == file.name && range.contains(&(bit / 8)));
        if outcome.is_defect() || (outcome == Outcome::Torn && !in_last_group) {
            wrong.push(format!("{} bit {bit}: {outcome:?}", file.name.display()));
        }
    }
    (bits.len(), count, wrong)
}

fn how_many() -> Option<usize> {
    match std::env::var("PUNCTUAL_FLIPS").ok().as_deref() {
        Some("all") => None,
        Some(number) => Some(number.parse().unwrap()),
        None => Some(160),
    }
}

#[test]
fn every_bit_of_a_small_store_is_harmless_or_named() {
    for moment in Moment::ALL {
        let (bits, count, wrong) = flips(moment, Size::Tiny, how_many());
        eprintln!("{moment:?}, of {bits} bits: {}", count.told());
        assert!(wrong.is_empty(), "{moment:?}: {wrong:#?}");
        assert!(count.noticed() > 0, "nothing was noticed");
    }
}

#[test]
fn no_flipped_bit_of_a_usual_store_goes_unnoticed() {
    let mut noticed = 0;
    for moment in [Moment::Closed, Moment::Killed] {
        let (bits, count, wrong) = flips(moment, Size::Usual, Some(how_many().unwrap_or(1_000)));
        eprintln!("{moment:?}, of {bits} bits: {}", count.told());
        assert!(wrong.is_empty(), "{moment:?}: {wrong:#?}");
        noticed += count.noticed();
    }
    assert!(noticed > 0, "nothing was noticed");
}

/// What lies further on is never read: whatever stands there, nobody takes it for something.
#[test]
fn what_was_never_written_is_taken_for_nothing() {
    quiet();
    let bench = Bench::new();
    for moment in Moment::ALL {
        let picture = picture(moment, Size::Tiny);
        for file in &picture.files {
            let rest = (file.written + BEYOND).min(file.bytes.len());
            for rubbish in [0x01, 0x80, 0xff] {
                let outcome = bench.after(&picture, |path| {
                    change(&path.join(&file.name), |bytes| bytes[rest..].fill(rubbish));
                });
                let name = file.name.display();
                assert_eq!(outcome, Outcome::Same, "{moment:?} {name} {rubbish:#x}");
            }
        }
    }
}

fn change(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(file).unwrap();
    change(&mut bytes);
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn no_zeroed_page_and_no_cut_goes_unnoticed() {
    quiet();
    let bench = Bench::new();
    for moment in Moment::ALL {
        let size = match moment {
            Moment::Settling => Size::Tiny,
            Moment::Closed | Moment::Killed => Size::Usual,
        };
        let picture = picture(moment, size);
        for file in &picture.files {
            let (size, used) = (file.bytes.len(), file.written);
            let (pages, name) = (used.div_ceil(4096), file.name.display());
            // A torn end is one that lies in the file of the last group.
            let torn = picture
                .last_group
                .as_ref()
                .filter(|(name, _)| *name == file.name);
            for page in (0..pages).step_by(1 + pages / 6) {
                let outcome = bench.after(&picture, |path| {
                    change(&path.join(&file.name), |bytes| {
                        let end = bytes.len().min(page * 4096 + 4096);
                        bytes[page * 4096..end].fill(0);
                    });
                });
                let torn = torn.is_some_and(|(_, group)| group.start / 4096 <= page);
                assert!(
                    !outcome.is_defect() || torn,
                    "{moment:?} {name}, page {page}: {outcome:?}"
                );
            }
            let cuts = [
                0,
                1,
                used / 2,
                used.saturating_sub(1),
                size.saturating_sub(1),
            ];
            for length in cuts {
                let outcome = bench.after(&picture, |path| {
                    change(&path.join(&file.name), |bytes| bytes.truncate(length));
                });
                assert!(
                    !outcome.is_defect(),
                    "{moment:?} {name} cut to {length}: {outcome:?}"
                );
            }
            let removed = |path: &Path| std::fs::remove_file(path.join(&file.name)).unwrap();
            let outcome = bench.after(&picture, removed);
            assert!(
                !outcome.is_defect(),
                "{moment:?} {name} removed: {outcome:?}"
            );
        }
    }
}

/// In a store that nobody closed, damage in the middle of the journal is told from a torn end.
#[test]
fn damage_before_the_last_group_of_a_killed_store_is_named() {
    quiet();
    let (picture, bench) = (picture(Moment::Killed, Size::Usual), Bench::new());
    let (journal, last_group) = picture.last_group.as_ref().unwrap();
    assert!(last_group.start > 1_000, "the latest groups lie there");
    for at in (0..last_group.start).step_by(1 + last_group.start / 40) {
        let outcome = bench.after(&picture, |path| {
            change(&path.join(journal), |bytes| bytes[at] ^= 0x10);
        });
        let refused = matches!(outcome, Outcome::Refused(_));
        assert!(refused, "byte {at} of {}: {outcome:?}", last_group.start);
    }
}

#[test]
fn salvage_returns_what_is_sound_and_names_what_is_missing() {
    let (picture, bench) = (picture(Moment::Closed, Size::Usual), Bench::new());
    let path = bench.put(&picture);
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
