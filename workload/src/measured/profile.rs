//! The two logs that a workload can have the shape of.

use crate::figures::{self, Figures};
use crate::fitted::{self, Fitted};

/// Which log a workload has the shape of.
///
/// | | tickets | events a ticket | paused | reopened | resolved, median and p90 |
/// |---|---|---|---|---|---|
/// | `Uci` | 24,918 | 8.6 | 23.4 % | 1.1 % | 15 h, 358 h |
/// | `Volvo` | 7,554 | 11.1 | 44.6 % | 6.8 % | 15 h, 438 h |
///
/// ```
/// use punctual_workload::Profile;
///
/// assert_eq!(Profile::Volvo.classes()[0], "Medium"); // the most frequent first
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Incidents of an IT company, kept in ServiceNow (UCI "Incident management process enriched
    /// event log"). Its clock shows minutes.
    Uci,
    /// Incidents of Volvo IT (BPI Challenge 2013). Its clock shows seconds.
    Volvo,
}

impl Profile {
    pub(super) const fn figures(self) -> &'static Figures {
        match self {
            Self::Uci => &figures::UCI,
            Self::Volvo => &figures::VOLVO,
        }
    }

    pub(super) const fn fitted(self) -> &'static Fitted {
        match self {
            Self::Uci => &fitted::UCI,
            Self::Volvo => &fitted::VOLVO,
        }
    }

    /// Whether the log itself has escalations.
    pub(super) const fn tells_escalations(self) -> bool {
        matches!(self, Self::Volvo)
    }

    /// The log's clock: how many seconds it counts at once.
    pub(super) const fn tick(self) -> i64 {
        match self {
            Self::Uci => 60,
            Self::Volvo => 1,
        }
    }

    /// Returns the names of the classes, the most frequent first: what [`What::Received`](super::What::Received) and
    /// [`What::Classified`](super::What::Classified) count from 0.
    #[must_use]
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Uci => &["P3", "P4", "P2", "P1"],
            Self::Volvo => &["Medium", "Low", "High", "Major"],
        }
    }

    /// Returns the names of the reasons to pause, the most frequent first: what [`What::Paused`](super::What::Paused)
    /// counts from 0.
    #[must_use]
    pub const fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::Uci => &["user", "vendor", "problem", "evidence"],
            Self::Volvo => &[
                "user",
                "unspecified",
                "implementation",
                "vendor",
                "customer",
            ],
        }
    }

    /// Their shares in parts of a thousand.
    pub(super) const fn reason_shares(self) -> &'static [(u32, u8)] {
        match self {
            Self::Uci => &[(914, 0), (42, 1), (40, 2), (4, 3)],
            Self::Volvo => &[(625, 0), (235, 1), (76, 2), (48, 3), (16, 4)],
        }
    }
}
