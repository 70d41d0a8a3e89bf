//! What the charts show.

use super::Rate;

/// Kept promises over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compliance {
    /// The labels of the periods, oldest first: `2026-03`, `2026 年 3 月`.
    pub periods: Vec<String>,
    /// One line for each target, in the policy's order.
    pub targets: Vec<TargetLine>,
}

/// One target over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetLine {
    /// What the target is called.
    pub name: String,
    /// Kept of decided, for each period. A period without decisions (denominator zero, or beyond
    /// the end of this list) is a gap.
    pub points: Vec<Rate>,
}

/// How far from their deadlines promises were kept or broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margins {
    /// What the margins are measured in.
    pub unit: MarginUnit,
    /// One distribution for each target.
    pub targets: Vec<TargetMargin>,
}

/// What margins are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarginUnit {
    /// Seconds of the target's own measure.
    Seconds,
    /// Thousandths of the budget: 250 is a quarter of it left, -1000 took twice as long.
    PermilleOfBudget,
}

/// The margins of one target: positive is time to spare, negative is too late.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetMargin {
    /// What the target is called.
    pub name: String,
    /// Where one bin ends and the next begins, ascending. Zero should be one of them, since what is
    /// above it was kept; a bin that holds zero is drawn as broken.
    pub edges: Vec<i64>,
    /// How many margins lie below the first edge, between each two, and from the last one on: one
    /// more than there are edges. A margin on an edge belongs to the bin above it, so zero is kept.
    pub counts: Vec<u64>,
}

/// What is open now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// How many tickets are open.
    pub open: u64,
    /// By the next due instant, most pressing first.
    pub by_due: Vec<Band>,
    /// By age, youngest first.
    pub by_age: Vec<Band>,
}

/// A number of tickets under a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The label: "overdue", "today"; "1-3 days".
    pub label: String,
    /// How many.
    pub count: u64,
    /// How pressing it is.
    pub tone: Tone,
}

/// How pressing something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// As usual.
    #[default]
    Plain,
    /// Close.
    Soon,
    /// Over.
    Over,
    /// Waiting, nothing to be done now.
    Quiet,
}

/// When work comes in: counts by hour of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// What is counted: "tickets received".
    pub what: String,
    /// Counts by day, Monday first, and by hour of the page's zone, from 0 on.
    pub cells: [[u64; 24]; 7],
}

/// What recurs above expectation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HotSpots {
    /// The rows, hottest first.
    pub rows: Vec<HotSpot>,
    /// How many further combinations are not shown.
    pub omitted: u64,
}

/// One combination of product and cause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HotSpot {
    /// The product.
    pub product: String,
    /// The cause.
    pub cause: String,
    /// How many tickets.
    pub count: u64,
    /// How many were to be expected, in thousandths of a ticket.
    pub expected_thousandths: u64,
    /// How many there were in the period before; none where there is no such period.
    pub before: Option<u64>,
}

/// What customers thought: the distribution of their points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Satisfaction {
    /// The labels of the points, worst first.
    pub labels: Vec<String>,
    /// How many customers gave each.
    pub counts: Vec<u64>,
    /// How many were asked.
    pub asked: u64,
    /// How many of those have answered. One may answer more than once, so `counts` may add up to
    /// more.
    pub answered: u64,
}
