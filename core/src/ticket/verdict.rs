//! The words for how a promise stands.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event::{AgreementId, Kind, TargetId, Version};

/// Names one clock of a ticket under one goal.
///
/// A clock is a target's promise in one cycle; a new goal (after a reclassification or a rebind) is
/// a new attachment of the same clock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClockId {
    /// The agreement that promises it.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
    /// The event that started the cycle.
    pub started_by: Version,
    /// The event that attached the goal: the start itself, or a later judgement or binding.
    pub attached_by: Version,
}

/// How a promise stands (SEMANTICS C5). Only [`Met`](Outcome::Met) and
/// [`Breached`](Outcome::Breached) enter compliance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Not decided, no warning reached.
    Open,
    /// Not decided, the first warning has been reached.
    Imminent,
    /// Over the budget, not stopped.
    Breaching,
    /// Stopped within the budget.
    Met,
    /// Stopped, or ended, over the budget.
    Breached,
    /// Ended without a verdict.
    Cancelled(Cancelled),
    /// An authorised role waived it.
    Waived,
    /// The event to be prepared for was booked with less than the lead time left.
    InsufficientLead,
}

impl Outcome {
    /// Returns the stable name: `met`, `cancelled`, ... The reason of a cancellation is told apart.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Imminent => "imminent",
            Self::Breaching => "breaching",
            Self::Met => "met",
            Self::Breached => "breached",
            Self::Cancelled(_) => "cancelled",
            Self::Waived => "waived",
            Self::InsufficientLead => "insufficient-lead",
        }
    }

    /// Returns whether the budget has been exceeded: breaching or breached.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Breaching | Self::Breached)
    }

    /// Returns whether it is still to be decided whether the promise is kept.
    #[must_use]
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Open | Self::Imminent)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled(why) => write!(f, "cancelled ({why})"),
            Self::Open
            | Self::Imminent
            | Self::Breaching
            | Self::Met
            | Self::Breached
            | Self::Waived
            | Self::InsufficientLead => f.pad(self.name()),
        }
    }
}

/// Why a clock ended without a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancelled {
    /// A newer anchor of the same target took its place (a visit was rebooked).
    Superseded,
    /// No goal fits the ticket as it is now judged.
    NoGoal,
    /// The ticket was closed while the clock was suspended.
    Closed,
    /// The clock had been started by a resolution that did not hold.
    Reopened,
    /// The policy version that now applies has no such target.
    Rebound,
    /// An event ended the need for it: declined, merged, withdrawn, resolved, a cancelled visit.
    By(Kind),
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Superseded => f.write_str("superseded"),
            Self::NoGoal => f.write_str("no goal"),
            Self::Closed => f.write_str("closed"),
            Self::Reopened => f.write_str("reopened"),
            Self::Rebound => f.write_str("rebound"),
            Self::By(kind) => fmt::Display::fmt(kind, f),
        }
    }
}
