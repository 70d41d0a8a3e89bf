//! The same history under two policies.

use super::{KeyFigure, Rate};

/// A backtest side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backtest {
    /// What policy A is called.
    pub a: Side,
    /// What policy B is called.
    pub b: Side,
    /// How many tickets were played.
    pub tickets: u64,
    /// How many of them have a verdict that differs.
    pub differing: u64,
    /// Kept promises under both, target by target.
    pub targets: Vec<TargetPair>,
    /// Key figures under B; the period before of each value is A.
    pub figures: Vec<KeyFigure>,
    /// The first tickets with a verdict that differs.
    pub examples: Vec<Difference>,
}

/// One of the two policies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    /// Its name and version.
    pub name: String,
    /// What tells it from the other: "support until 20:00 on Saturdays". May be empty.
    pub about: String,
}

/// One target under both policies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetPair {
    /// What the target is called.
    pub name: String,
    /// Kept of decided under A; nothing decided where A does not have it.
    pub a: Rate,
    /// Kept of decided under B.
    pub b: Rate,
    /// How many tickets have another verdict on this target.
    pub differing: u64,
}

/// One ticket with a verdict that differs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// The ticket.
    pub ticket: String,
    /// The target.
    pub target: String,
    /// The verdict under A.
    pub a: String,
    /// The verdict under B.
    pub b: String,
    /// Why they differ.
    pub reason: String,
}
