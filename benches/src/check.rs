//! Whether a figure has become worse: the part of the harness that fits into a check of every change.
//!
//! A wall clock on a shared machine measures the neighbours, and even CPU time doubles beside a busy
//! one. So what is compared is
//!
//! - by **instructions**, where valgrind is installed: how many instructions a round takes, counted
//!   from its beginning to its end alone. Making the workload is not counted: it takes up to a
//!   thousand times as much, and differs by more than a small round takes, since hash tables draw
//!   their seeds. The count is nearly the same in every run, so a margin of a twentieth is generous:
//!   it lets through what unrelated code does to inlining, and stops one more allocation in an append;
//! - by **ratios** otherwise: the best round beside the best round of the limit in the same run.
//!   Neighbours hit both, but not evenly, and caches are theirs too: the margin is twofold, which
//!   stops an accidental square or a lost fast path and little less.
//!
//! Each way has its figures in `benches/baseline.json`. When a change is meant to cost what it costs, or has made
//! something quicker, one command renews them both ways, and the file is reviewed like code:
//!
//! ```text
//! cargo run --release -p punctual-bench -- check --renew
//! ```
//!
//! Instructions tell nothing of caches and waiting; that is what the whole run is for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::figure::Side;
use crate::measure::Rounds;
use crate::rows::Row;
use crate::run::{Failure, Part, Run, Settings};

/// What is compared: row and case.
pub const GUARDED: &[(&str, &str)] = &[
    (
        "calendar",
        "add 8 working hours, random over 10 years, with make-up days",
    ),
    (
        "calendar",
        "working time between two instants of a month, with make-up days",
    ),
    ("calendar", "closing of the next working day, random"),
    ("fold", "typed fold"),
    ("codec", "encode, bare"),
    ("codec", "decode and fold, bare"),
    ("codec", "decode and fold, with texts"),
    ("append", "encode and append, by 1"),
    ("append", "encode and append through dyn, by 64"),
    ("reload", "load every ticket, an event a commit"),
    ("clocks", "read eight clocks of ten facts"),
    ("clocks", "supervise: what the engine must record"),
    ("clocks", "explain every microsecond of eight clocks"),
    ("agenda", "move an entry, 20000 open"),
    ("projection", "every event looked at, an event a commit"),
    (
        "projection",
        "one kind alone, the others skipped, an event a commit",
    ),
    ("projection", "a scorecard: every clock of every ticket"),
    ("backtest", "a ticket, folded and read under two policies"),
    ("engine", "commands of an after-sales month"),
];

/// How many events a guarded workload has: few, since valgrind is slow.
const SIZE: usize = 2_000;

/// How many rounds are counted, after one that is not.
const ROUNDS: usize = 3;

/// How the comparison is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By instructions an operation, counted by valgrind.
    Instructions,
    /// By ratios to the limit in the same run.
    Ratios,
}

impl By {
    /// How many times as much as the baseline is let through.
    #[must_use]
    pub const fn margin(self) -> f64 {
        match self {
            Self::Instructions => 1.05,
            Self::Ratios => 2.0,
        }
    }

    /// Returns instructions where valgrind is installed, otherwise ratios.
    #[must_use]
    pub fn what_is_here() -> Self {
        let asked = Command::new("valgrind").arg("--version").output();
        match asked {
            Ok(output) if output.status.success() => Self::Instructions,
            Ok(_) | Err(_) => Self::Ratios,
        }
    }
}

/// The figures that were accepted, by `row: case`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Instructions an operation.
    pub instructions: BTreeMap<String, f64>,
    /// Times as long as the limit.
    pub ratios: BTreeMap<String, f64>,
}

impl Baseline {
    /// Returns where the baseline is kept.
    #[must_use]
    pub fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("baseline.json")
    }

    /// Reads the baseline.
    ///
    /// # Errors
    /// When there is none, or none that can be read.
    pub fn read() -> Result<Self, Failure> {
        Ok(serde_json::from_str(&std::fs::read_to_string(
            Self::path(),
        )?)?)
    }

    /// Returns the figures of one way.
    #[must_use]
    pub const fn of(&self, by: By) -> &BTreeMap<String, f64> {
        match by {
            By::Instructions => &self.instructions,
            By::Ratios => &self.ratios,
        }
    }

    /// Takes the figures found for those of one way, and writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn renew(&mut self, by: By, found: BTreeMap<String, f64>) -> Result<(), Failure> {
        // Rounded, so that a renewal shows what has changed and no noise.
        let rounded = |(name, value): (String, f64)| match by {
            By::Instructions => (name, value.round()),
            By::Ratios => (name, (value * 1e3).round() / 1e3),
        };
        let found = found.into_iter().map(rounded).collect();
        match by {
            By::Instructions => self.instructions = found,
            By::Ratios => self.ratios = found,
        }
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(std::fs::write(Self::path(), text)?)
    }
}

/// What the comparison says of one case.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Within the margin: times the baseline.
    Kept(f64),
    /// Better than the margin's inverse: the baseline should be renewed, so that it is kept.
    Better(f64),
    /// Beyond the margin.
    Worse(f64),
    /// No baseline.
    New,
    /// In the baseline, and not measured any more.
    Gone,
}

impl Verdict {
    /// Whether the check fails.
    #[must_use]
    pub const fn fails(&self) -> bool {
        matches!(self, Self::Worse(_) | Self::New | Self::Gone)
    }
}

/// Compares what was found with what was accepted.
#[must_use]
pub fn compare(
    baseline: &BTreeMap<String, f64>,
    found: &BTreeMap<String, f64>,
    margin: f64,
) -> BTreeMap<String, Verdict> {
    let mut verdicts = BTreeMap::new();
    for (name, value) in found {
        let verdict = match baseline.get(name) {
            None => Verdict::New,
            Some(accepted) => match value / accepted {
                times if times <= 1.0 / margin => Verdict::Better(times),
                times if times <= margin => Verdict::Kept(times),
                times => Verdict::Worse(times),
            },
        };
        verdicts.insert(name.clone(), verdict);
    }
    for name in baseline.keys().filter(|name| !found.contains_key(*name)) {
        verdicts.insert(name.clone(), Verdict::Gone);
    }
    verdicts
}

/// Measures every guarded case.
///
/// # Errors
/// When a workload fails, or valgrind does not count.
pub fn measured(by: By, directory: &Path) -> Result<BTreeMap<String, f64>, Failure> {
    match by {
        By::Instructions => counted(),
        By::Ratios => ratios(directory),
    }
}

/// What every guarded workload is run with.
fn settings(part: Part, rounds: Rounds, directory: &Path) -> Settings {
    Settings {
        part,
        rounds,
        size: SIZE,
        quick: true,
        whole: false,
        directory: directory.to_owned(),
    }
}

/// Runs our side of one case for so many rounds and nothing else: what valgrind counts.
///
/// # Errors
/// When there is no such row or case.
pub fn count(row: &str, case: &str, rounds: usize) -> Result<(), Failure> {
    let part = Part::Count {
        case: case.to_owned(),
    };
    let mut run = Run::new(settings(part, Rounds::exactly(rounds), Path::new(".")));
    Row::named(row).ok_or("no such row")?.run(&mut run)?;
    if run.into_outcome().cases.is_empty() {
        return Err("no such case".into());
    }
    Ok(())
}

fn counted() -> Result<BTreeMap<String, f64>, Failure> {
    // Counts do not depend on neighbours, so two are made at once.
    let (left, right) = GUARDED.split_at(GUARDED.len() / 2);
    let part = |cases: &[(&str, &str)]| -> Result<BTreeMap<String, f64>, Failure> {
        let counted = cases.iter().map(|(row, case)| {
            crate::progress(&format!("counting {row}: {case}"));
            Ok((format!("{row}: {case}"), instructions(row, case)?))
        });
        counted.collect()
    };
    std::thread::scope(|threads| {
        let other = threads.spawn(|| part(right));
        let mut found = part(left)?;
        let other = other.join().map_err(|_| "a count panicked")??;
        found.extend(other);
        Ok(found)
    })
}

/// Instructions of one round.
fn instructions(row: &str, case: &str) -> Result<f64, Failure> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg("--toggle-collect=*punctual_bench::measure::counted*");
    valgrind.arg(std::env::current_exe()?);
    valgrind.args(["count", row, case, &ROUNDS.to_string()]);
    let output = valgrind.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| {
        let (_, count) = line.split_once("Collected :")?;
        count.trim().parse::<f64>().ok()
    });
    match counted {
        Some(counted) if output.status.success() && counted > 0.0 => Ok(counted / ROUNDS as f64),
        Some(_) | None => Err(format!("valgrind did not count {row}: {case}: {said}").into()),
    }
}

fn ratios(directory: &Path) -> Result<BTreeMap<String, f64>, Failure> {
    let mut rows: Vec<&str> = GUARDED.iter().map(|(row, _)| *row).collect();
    rows.dedup();
    let mut run = Run::new(settings(Part::Home, Rounds::QUICK, directory));
    for row in rows {
        Row::named(row).ok_or("no such row")?.run(&mut run)?;
    }
    let outcome = run.into_outcome();
    let guarded = |row: &str, name: &str| GUARDED.contains(&(row, name));
    let cases = outcome
        .cases
        .iter()
        .filter(|case| guarded(&case.row, &case.name));
    let found = cases.filter_map(|case| {
        let limit = case
            .figures
            .iter()
            .find(|figure| figure.side == Side::Limit)?;
        let ratio = case.ratio(limit)?;
        Some((format!("{}: {}", case.row, case.name), ratio.recip()))
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(pairs: &[(&str, f64)]) -> BTreeMap<String, f64> {
        let own = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        own.collect()
    }

    #[test]
    fn what_has_become_worse_fails_and_so_does_what_nobody_accepted() {
        let baseline = figures(&[("a", 100.0), ("b", 100.0), ("c", 100.0), ("d", 100.0)]);
        let found = figures(&[("a", 104.0), ("b", 106.0), ("c", 80.0), ("e", 1.0)]);
        let verdicts = compare(&baseline, &found, By::Instructions.margin());
        let fails: Vec<(&str, bool)> = verdicts
            .iter()
            .map(|(name, it)| (name.as_str(), it.fails()))
            .collect();
        let expected = [
            ("a", false),
            ("b", true),
            ("c", false),
            ("d", true),
            ("e", true),
        ];
        assert_eq!(fails, expected);
        assert_eq!(verdicts["c"], Verdict::Better(0.8));
        assert_eq!(verdicts["d"], Verdict::Gone);
    }

    #[test]
    fn every_guarded_case_is_in_the_baseline_both_ways() {
        let baseline = Baseline::read().unwrap();
        for by in [By::Instructions, By::Ratios] {
            for (row, case) in GUARDED {
                let name = format!("{row}: {case}");
                assert!(baseline.of(by).contains_key(&name), "{name}");
            }
        }
    }
}
