//! One run of the harness: what is asked for, and the cases that come of it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::figure::{Against, Case, Figure, Side, Target, Unit};
use crate::growth::Growth;
use crate::measure::{Rounds, Spread, measure};

/// Any error; a benchmark ends with the first one.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Which workloads of a case are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Ours and the limits.
    Home,
    /// The peers.
    Peers,
    /// Ours in one case, for a program that counts instructions.
    Count {
        /// The case's name.
        case: String,
    },
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which workloads are run.
    pub part: Part,
    /// How long each of them runs.
    pub rounds: Rounds,
    /// How many events a workload of events has, about; and how many entries one of entries.
    pub size: usize,
    /// A short run: fewer writers, smaller stores.
    pub quick: bool,
    /// Also the sizes that take minutes: ten million.
    pub whole: bool,
    /// Where stores on a disk are made. A RAM disk flatters.
    pub directory: PathBuf,
}

impl Settings {
    /// The size of a workload of events unless another one is asked for.
    pub const SIZE: usize = 35_000;
}

/// Runs cases and keeps their figures.
#[derive(Debug)]
pub struct Run {
    settings: Settings,
    row: String,
    cases: Vec<Case>,
    growths: Vec<Growth>,
}

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The cases that have figures.
    pub cases: Vec<Case>,
    /// The figures at several sizes.
    #[serde(default)]
    pub growths: Vec<Growth>,
}

impl Run {
    /// Begins a run.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            row: String::new(),
            cases: Vec::new(),
            growths: Vec::new(),
        }
    }

    /// Returns what is asked for.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Says to which row the next cases belong.
    pub fn row(&mut self, row: &str) {
        row.clone_into(&mut self.row);
    }

    /// Begins a case.
    pub fn case(&mut self, name: &str, unit: Unit, operations: usize) -> CaseRun<'_> {
        self.cases.push(Case {
            row: self.row.clone(),
            name: name.to_owned(),
            unit,
            operations,
            figures: Vec::new(),
            targets: Vec::new(),
            note: None,
        });
        CaseRun { run: self }
    }

    /// Begins a case of CPU time an operation, the usual one.
    pub fn cpu(&mut self, name: &str, operations: usize) -> CaseRun<'_> {
        self.case(name, Unit::CpuNanos, operations)
    }

    /// Adds a figure at several sizes.
    pub fn growth(&mut self, growth: Growth) {
        self.growths.push(growth);
    }

    /// Ends the run; returns what came of it.
    #[must_use]
    pub fn into_outcome(self) -> Outcome {
        let has_figures = |case: &Case| !case.figures.is_empty();
        Outcome {
            cases: self.cases.into_iter().filter(has_figures).collect(),
            growths: self.growths,
        }
    }
}

/// A case that is being run.
#[derive(Debug)]
pub struct CaseRun<'a> {
    run: &'a mut Run,
}

impl CaseRun<'_> {
    /// Measures our own way of doing it.
    pub fn ours(&mut self, expected: u64, mut work: impl FnMut() -> u64) -> &mut Self {
        self.ours_with(expected, || (), |()| work())
    }

    /// Measures our own way, where a round uses something up.
    pub fn ours_with<T>(
        &mut self,
        expected: u64,
        prepare: impl FnMut() -> T,
        work: impl FnMut(T) -> u64,
    ) -> &mut Self {
        self.timed(Side::Ours, "punctual", expected, prepare, work)
    }

    /// Measures what no program can be faster than.
    pub fn limit(&mut self, name: &str, expected: u64, mut work: impl FnMut() -> u64) -> &mut Self {
        self.timed(Side::Limit, name, expected, || (), |()| work())
    }

    /// Measures a crate that does the same.
    pub fn peer(&mut self, name: &str, expected: u64, mut work: impl FnMut() -> u64) -> &mut Self {
        self.peer_with(name, expected, || (), |()| work())
    }

    /// Measures a crate that does the same, where a round uses something up.
    pub fn peer_with<T>(
        &mut self,
        name: &str,
        expected: u64,
        prepare: impl FnMut() -> T,
        work: impl FnMut(T) -> u64,
    ) -> &mut Self {
        self.timed(Side::crate_of_rust(), name, expected, prepare, work)
    }

    /// Whether figures of this side are asked for.
    #[must_use]
    pub fn wants(&self, side: &Side) -> bool {
        let case = self.run.cases.last().map(|case| case.name.as_str());
        match &self.run.settings.part {
            Part::Home => true,
            Part::Peers => matches!(side, Side::Peer { .. }),
            Part::Count { case: counted } => *side == Side::Ours && case == Some(counted),
        }
    }

    fn timed<T>(
        &mut self,
        side: Side,
        name: &str,
        expected: u64,
        prepare: impl FnMut() -> T,
        work: impl FnMut(T) -> u64,
    ) -> &mut Self {
        if !self.wants(&side) {
            return self;
        }
        let Some(case) = self.run.cases.last() else {
            return self;
        };
        crate::progress(&format!("{}: {}: {name}", case.row, case.name));
        let (rounds, operations) = (self.run.settings.rounds, case.operations);
        let spread = measure(name, rounds, operations, expected, prepare, work);
        self.figure(side, name, spread)
    }

    /// Adds a figure that was measured elsewhere.
    pub fn figure(&mut self, side: Side, name: &str, spread: Spread) -> &mut Self {
        let Spread {
            best,
            median,
            ninth,
        } = spread;
        self.with(|case| {
            case.figures.push(Figure {
                side,
                name: name.to_owned(),
                best,
                median,
                ninth,
                note: None,
            });
        })
    }

    /// Adds a figure that does not spread.
    pub fn number(&mut self, side: Side, name: &str, value: f64) -> &mut Self {
        let spread = Spread::of(vec![value], true);
        self.figure(side, name, spread)
    }

    /// Says what a reader must know of the figure before.
    pub fn because(&mut self, note: &str) -> &mut Self {
        self.with(|case| {
            if let Some(figure) = case.figures.last_mut() {
                figure.note = Some(note.to_owned());
            }
        })
    }

    /// Says what a reader must know of the case.
    pub fn note(&mut self, note: &str) -> &mut Self {
        self.with(|case| case.note = Some(note.to_owned()))
    }

    /// Says what is aimed at.
    pub fn target(&mut self, against: Against, named: &str, factor: f64) -> &mut Self {
        let named = named.to_owned();
        self.with(|case| {
            case.targets.push(Target {
                against,
                named,
                factor,
            });
        })
    }

    fn with(&mut self, change: impl FnOnce(&mut Case)) -> &mut Self {
        if let Some(case) = self.run.cases.last_mut() {
            change(case);
        }
        self
    }
}
