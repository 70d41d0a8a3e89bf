//! What is measured: figures, the cases that they belong to, and what was aimed at.

use serde::{Deserialize, Serialize};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Nanoseconds of CPU time an operation.
    CpuNanos,
    /// Nanoseconds on the wall an operation, where what is measured waits for a disk.
    WallNanos,
    /// Operations a second on the wall.
    PerSecond,
    /// Operations a second of CPU time: a second and core.
    PerCpuSecond,
    /// Bytes.
    Bytes,
}

impl Unit {
    /// Returns how the unit is written in a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CpuNanos => "ns CPU",
            Self::WallNanos => "ns wall",
            Self::PerSecond => "per second",
            Self::PerCpuSecond => "per second and core",
            Self::Bytes => "bytes",
        }
    }

    /// Whether a smaller figure is the better one.
    #[must_use]
    pub const fn less_is_better(self) -> bool {
        !matches!(self, Self::PerSecond | Self::PerCpuSecond)
    }
}

/// Whose figure it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "side")]
pub enum Side {
    /// Of this project.
    Ours,
    /// Of another library that does the same work.
    Peer {
        /// The language in which it is called: `rust`, `python`, `ruby`.
        language: String,
    },
    /// Of what no program on this machine can be faster than: fewer steps than the work needs.
    Limit,
}

impl Side {
    /// Returns the side of a crate.
    #[must_use]
    pub fn crate_of_rust() -> Self {
        Self::Peer {
            language: "rust".to_owned(),
        }
    }
}

/// How one workload went, over all of its rounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Whose it is.
    #[serde(flatten)]
    pub side: Side,
    /// Of what: `punctual`, a crate with its version, or what the limit does.
    pub name: String,
    /// The best round.
    pub best: f64,
    /// The round in the middle.
    pub median: f64,
    /// The round that nine of ten are not worse than.
    pub ninth: f64,
    /// What a reader must know to compare it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a target compares ours with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// The best of the crates.
    Crates,
    /// The best of the libraries called from Python and Ruby.
    Scripts,
    /// The limit of the case.
    Limit,
    /// A number in the case's own unit.
    Number,
}

/// What was aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// What ours is compared with.
    pub against: Against,
    /// The peer or limit whose name begins like this, where not all of them are meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub named: String,
    /// How many times as good as that ours has to be; 0.5 is twice as bad. For a number, the
    /// number.
    pub factor: f64,
}

/// How a target was met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// What was aimed at.
    pub target: Target,
    /// How many times as good ours is, or, for a number, our figure.
    pub found: f64,
    /// Whether that is enough.
    pub met: bool,
}

/// One workload, done by us and by others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The row that it belongs to.
    pub row: String,
    /// What is done.
    pub name: String,
    /// What the figures count.
    pub unit: Unit,
    /// How many operations a round has.
    pub operations: usize,
    /// Ours first, then peers, then limits.
    pub figures: Vec<Figure>,
    /// What was aimed at.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// What a reader must know of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Case {
    /// Returns our figure.
    #[must_use]
    pub fn ours(&self) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.side == Side::Ours)
    }

    /// Returns the round that a figure is quoted by. Of CPU time and of bytes the best: neighbours on
    /// the machine only ever add. Of what waits for a disk, and of rates, the middle one: there a single
    /// round may be lucky.
    #[must_use]
    pub const fn quoted(&self, figure: &Figure) -> f64 {
        match self.unit {
            Unit::CpuNanos | Unit::Bytes => figure.best,
            Unit::WallNanos | Unit::PerSecond | Unit::PerCpuSecond => figure.median,
        }
    }

    /// Returns how many times as good ours is as another figure.
    #[must_use]
    pub fn ratio(&self, other: &Figure) -> Option<f64> {
        let (ours, theirs) = (self.quoted(self.ours()?), self.quoted(other));
        let ratio = if self.unit.less_is_better() {
            theirs / ours
        } else {
            ours / theirs
        };
        ratio.is_finite().then_some(ratio)
    }

    /// Returns what became of the targets. One whose peer did not run is left out.
    #[must_use]
    pub fn judged(&self) -> Vec<Judged> {
        let judge = |target: &Target| {
            let found = self.found(target)?;
            let met = match target.against {
                Against::Number if self.unit.less_is_better() => found <= target.factor,
                Against::Number | Against::Crates | Against::Scripts | Against::Limit => {
                    found >= target.factor
                }
            };
            Some(Judged {
                target: target.clone(),
                found,
                met,
            })
        };
        self.targets.iter().filter_map(judge).collect()
    }

    fn found(&self, target: &Target) -> Option<f64> {
        if target.against == Against::Number {
            return self.ours().map(|ours| self.quoted(ours));
        }
        let meant = self.figures.iter().filter(|figure| {
            figure.name.starts_with(&target.named)
                && match (&figure.side, target.against) {
                    (Side::Peer { language }, Against::Crates) => language == "rust",
                    (Side::Peer { language }, Against::Scripts) => language != "rust",
                    (Side::Limit, Against::Limit) => true,
                    (Side::Ours | Side::Peer { .. } | Side::Limit, _) => false,
                }
        });
        meant
            .filter_map(|figure| self.ratio(figure))
            .min_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(side: Side, name: &str, best: f64) -> Figure {
        Figure {
            side,
            name: name.to_owned(),
            best,
            median: best,
            ninth: best,
            note: None,
        }
    }

    fn case(unit: Unit, target: Target) -> Case {
        let slow = Side::Peer {
            language: "python".to_owned(),
        };
        Case {
            row: "row".to_owned(),
            name: "case".to_owned(),
            unit,
            operations: 1,
            figures: vec![
                figure(Side::Ours, "punctual", 10.0),
                figure(Side::crate_of_rust(), "near 1.0", 20.0),
                figure(Side::crate_of_rust(), "far 1.0", 90.0),
                figure(slow, "slow", 5_000.0),
                figure(Side::Limit, "copy", 8.0),
            ],
            targets: vec![target],
            note: None,
        }
    }

    fn target(against: Against, named: &str, factor: f64) -> Target {
        Target {
            against,
            named: named.to_owned(),
            factor,
        }
    }

    #[test]
    fn a_target_is_judged_by_the_best_of_those_that_it_means() {
        for (against, named, factor, found, met) in [
            (Against::Crates, "", 2.0, 2.0, true),
            (Against::Crates, "", 2.1, 2.0, false),
            (Against::Crates, "far", 3.0, 9.0, true),
            (Against::Scripts, "", 100.0, 500.0, true),
            (Against::Limit, "", 0.77, 0.8, true),
            (Against::Number, "", 10.0, 10.0, true),
            (Against::Number, "", 9.0, 10.0, false),
        ] {
            let judged = case(Unit::CpuNanos, target(against, named, factor)).judged();
            let judged: Vec<(f64, bool)> = judged.iter().map(|it| (it.found, it.met)).collect();
            assert_eq!(judged, [(found, met)], "{against:?} {named} {factor}");
        }
    }

    #[test]
    fn more_a_second_is_better() {
        let judged = case(Unit::PerSecond, target(Against::Crates, "near", 1.0)).judged();
        assert_eq!(
            judged.first().map(|it| (it.found, it.met)),
            Some((0.5, false))
        );
    }

    #[test]
    fn a_target_whose_peer_did_not_run_is_not_judged() {
        assert!(
            case(Unit::CpuNanos, target(Against::Crates, "gone", 1.0))
                .judged()
                .is_empty()
        );
    }
}
