//! The programs of the peers, which are no part of the workspace.
//!
//! | program | has |
//! |---|---|
//! | `benches/peers` | the crates whose licences let anybody link them |
//! | `benches/peers/agpl` | `dpm-model`, which is under the AGPL: nothing of it gets near our packages |
//! | `benches/peers/scripts` | the Python libraries |
//!
//! The common Ruby libraries (`business_time`, `working_hours`, `biz`) are not asked: there is no package of them in
//! Debian, and rubygems.org could not be reached from where the figures were taken, so a script for them could not have been
//! tried. What it takes is that `gem install biz working_hours business_time` succeeds; then a script beside the Python one,
//! with the same two files as its arguments, is all that is missing.
//!
//! The crates' programs use this library: the same workloads, the same rounds, the same checksums.
//! The scripts get the questions and the answers in a file, and check every answer before they time
//! it. A program that cannot be built or run here is left out with the reason.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Serialize;

use crate::figure::Side;
use crate::load::office;
use crate::rows::calendar;
use crate::run::{Failure, Outcome, Settings};

/// Peers that cannot be asked for a figure of some row, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "esrs",
        "has no store in memory, PostgreSQL alone; only its fold is measured",
    ),
    (
        "fmodel-rust",
        "has no store and no encoding; only its fold is measured",
    ),
    (
        "umadb",
        "measured embedded by `umadb-core`; as it is meant to be used, a server over gRPC, each \
         append costs a round trip more",
    ),
    (
        "happenstance",
        "asks for Rust 1.97.1 and is built with `--ignore-rust-version`; its store in memory is \
         measured, its durable one is SQLite or PostgreSQL",
    ),
    (
        "dpm-model",
        "asks for Rust 1.98.1 and is built with `--ignore-rust-version`; under the AGPL, so it is a \
         program of its own",
    ),
    (
        "business_time, working_hours, biz",
        "Ruby gems; there was no way to rubygems.org from where the figures were taken",
    ),
    ("workalendar", "counts days and knows no hours"),
    (
        "clocks, policies, agenda",
        "no other library was found that reads the clocks of a ticket; beside them stand limits, and \
         what anybody would write first",
    ),
];

/// What is known of a peer's program.
#[derive(Debug)]
pub struct Programs {
    crates: Vec<PathBuf>,
    scripts: Vec<Script>,
    /// What was left out, and why.
    pub left_out: Vec<String>,
}

#[derive(Debug)]
struct Script {
    name: &'static str,
    interpreter: PathBuf,
    path: PathBuf,
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

impl Programs {
    /// Knows of no program.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            crates: Vec::new(),
            scripts: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Builds the programs of the peers, as far as they can be built here.
    #[must_use]
    pub fn build() -> Self {
        let mut programs = Self::none();
        for (folder, name) in [
            ("", "punctual-bench-peers"),
            ("agpl", "punctual-bench-agpl"),
        ] {
            crate::progress(&format!("building {name}"));
            match built(&home().join(folder), name) {
                Ok(program) => programs.crates.push(program),
                Err(reason) => programs.left_out.push(format!("{name}: {reason}")),
            }
        }
        let python = home().join("scripts/venv/bin/python");
        if python.exists() {
            programs.scripts.push(Script {
                name: "python",
                interpreter: python,
                path: home().join("scripts/calendars.py"),
            });
        } else {
            let reason = "python: not set up; `benches/peers/scripts/setup` does it";
            programs.left_out.push(reason.to_owned());
        }
        programs
    }

    /// Runs a row of every program and adds the figures to our cases.
    ///
    /// # Errors
    /// When a program ends with a failure, among them a wrong answer, or tells of a case that we do
    /// not have.
    pub fn run(
        &mut self,
        row: &str,
        settings: &Settings,
        ours: &mut Outcome,
    ) -> Result<(), Failure> {
        let place = tempfile::tempdir()?;
        for program in &self.crates {
            let out = place.path().join("figures.json");
            let told = told(asked(program, row, settings, &out), &out)?;
            merge(row, ours, told)?;
        }
        if row == "calendar" {
            for script in &self.scripts {
                crate::progress(&format!("calendar: {}", script.name));
                match script.run(place.path(), settings) {
                    Ok(told) => merge(row, ours, told)?,
                    Err(reason) => self.left_out.push(format!("{}: {reason}", script.name)),
                }
            }
        }
        Ok(())
    }
}

fn built(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let mut cargo = Command::new("cargo");
    cargo.args([
        "build",
        "--release",
        "--quiet",
        "--locked",
        "--ignore-rust-version",
    ]);
    cargo.arg("--manifest-path").arg(folder.join("Cargo.toml"));
    cargo.arg("--target-dir").arg(home().join("target"));
    let output = cargo.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().find(|line| line.starts_with("error"));
        return Err(line.unwrap_or("it does not build").to_owned());
    }
    Ok(home().join("target").join("release").join(name))
}

fn asked(program: &Path, row: &str, settings: &Settings, out: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--only", row, "--size", &settings.size.to_string()]);
    command.arg("--directory").arg(&settings.directory);
    command.arg("--out").arg(out);
    if settings.quick {
        command.arg("--quick");
    }
    if settings.whole {
        command.arg("--whole");
    }
    command
}

/// Runs a program; what it prints is thrown away, what it says on standard error is shown.
fn told(mut command: Command, out: &Path) -> Result<Outcome, Failure> {
    let status = command.stdout(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("a peer's program failed: {status}").into());
    }
    Ok(serde_json::from_str(&std::fs::read_to_string(out)?)?)
}

fn merge(row: &str, ours: &mut Outcome, theirs: Outcome) -> Result<(), Failure> {
    for case in theirs.cases {
        let own = ours
            .cases
            .iter_mut()
            .find(|own| own.row == row && own.name == case.name);
        let own = own
            .ok_or_else(|| format!("a peer tells of {row}: {}, which we do not run", case.name))?;
        let limits = own
            .figures
            .iter()
            .position(|figure| figure.side == Side::Limit);
        let place = limits.unwrap_or(own.figures.len());
        own.figures.splice(place..place, case.figures);
    }
    Ok(())
}

/// The case that the scripts can do.
const WITH_HOLIDAYS: &str = "with holidays";

/// The questions of the calendar row, for programs in other languages: microseconds since 1970.
#[derive(Serialize)]
struct Questions {
    cases: [String; 2],
    holidays: Vec<String>,
    add: Vec<[i64; 2]>,
    between: Vec<[i64; 3]>,
    rounds: usize,
}

impl Script {
    fn run(&self, place: &Path, settings: &Settings) -> Result<Outcome, Failure> {
        // Slow libraries get fewer questions.
        const QUESTIONS: usize = 400;
        let dates = office::Dates::Holidays;
        let open = office::Open::list(dates);
        // In whole seconds: that is as far as one of them counts.
        let seconds = |at: i64| at - at.rem_euclid(1_000_000);
        let instants = office::instants(QUESTIONS);
        let instants: Vec<i64> = instants.into_iter().map(seconds).collect();
        let pairs = office::pairs(&instants);
        let pairs = pairs.iter().map(|(a, b)| (*a, seconds(*b)));
        let pairs: Vec<(i64, i64)> = pairs.collect();
        let forward = pairs.iter().map(|(a, b)| (a.min(b), a.max(b)));
        let questions = Questions {
            cases: [
                calendar::add_name(WITH_HOLIDAYS),
                calendar::between_name(WITH_HOLIDAYS),
            ],
            holidays: office::exceptions(dates).into_keys().collect(),
            add: instants
                .iter()
                .map(|at| [*at, open.after(*at, office::EIGHT_HOURS)])
                .collect(),
            between: forward
                .map(|(a, b)| [*a, *b, open.worked(*b) - open.worked(*a)])
                .collect(),
            rounds: if settings.quick { 2 } else { 5 },
        };
        let (input, out) = (place.join("questions.json"), place.join("answers.json"));
        std::fs::write(&input, serde_json::to_string(&questions)?)?;
        let mut command = Command::new(&self.interpreter);
        command.arg(&self.path).arg(input).arg(&out);
        told(command, &out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Case, Figure, Unit};

    fn outcome(name: &str, sides: &[Side]) -> Outcome {
        let figure = |side: &Side| Figure {
            side: side.clone(),
            name: format!("{side:?}"),
            best: 1.0,
            median: 1.0,
            ninth: 1.0,
            note: None,
        };
        let case = Case {
            row: "calendar".to_owned(),
            name: name.to_owned(),
            unit: Unit::CpuNanos,
            operations: 1,
            figures: sides.iter().map(figure).collect(),
            targets: Vec::new(),
            note: None,
        };
        Outcome {
            cases: vec![case],
            growths: Vec::new(),
        }
    }

    #[test]
    fn peers_stand_between_ours_and_the_limits() {
        let mut ours = outcome("add", &[Side::Ours, Side::Limit]);
        let theirs = outcome("add", &[Side::crate_of_rust()]);
        merge("calendar", &mut ours, theirs).unwrap();
        let sides: Vec<&Side> = ours.cases[0].figures.iter().map(|it| &it.side).collect();
        assert_eq!(sides, [&Side::Ours, &Side::crate_of_rust(), &Side::Limit]);
    }

    #[test]
    fn a_case_that_we_do_not_have_is_an_error() {
        let mut ours = outcome("add", &[Side::Ours]);
        let theirs = outcome("adding", &[Side::crate_of_rust()]);
        assert!(merge("calendar", &mut ours, theirs).is_err());
    }
}
