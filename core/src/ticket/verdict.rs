//! The words for how a promise stands.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event::{AgreementId, Kind, TargetId, Version};
use crate::language::{Language, Phrase};

/// Names one clock of a ticket under one goal.
///
/// A clock is a target's promise in one cycle; a new goal (after a reclassification or a rebind) is
/// a new attachment of the same clock. So one clock may have several ids in its life, which share
/// all but `attached_by`; a warning, a breach or a rung belongs to one of them.
///
/// ```
/// use punctual::event::Version;
/// use punctual::ticket::ClockId;
///
/// let clock = ClockId {
///     agreement: "service".parse()?,
///     target: "first-response".parse()?,
///     started_by: Version::FIRST,
///     attached_by: Version::FIRST,
/// };
/// // Judged anew by the third event: another goal of the same clock.
/// let judged = ClockId { attached_by: Version::new(3), ..clock.clone() };
/// assert_ne!(clock, judged);
/// assert_eq!(clock.started_by, judged.started_by);
/// # Ok::<(), punctual::event::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClockId {
    /// The agreement that promises it.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
    /// The event that started the cycle.
    pub started_by: Version,
    /// The event that attached the goal: the start itself, or a later judgement, reopening or
    /// binding.
    pub attached_by: Version,
}

/// How a promise stands (SEMANTICS C5). Only [`Met`](Outcome::Met) and
/// [`Breached`](Outcome::Breached) enter compliance.
///
/// Stopped within the budget is met, and exactly at the budget is within it (C1).
///
/// ```
/// use punctual::ticket::{Cancelled, Outcome};
///
/// let in_compliance = |outcome| matches!(outcome, Outcome::Met | Outcome::Breached);
/// assert!(in_compliance(Outcome::Breached));
/// assert!(!in_compliance(Outcome::Waived));
///
/// let superseded = Outcome::Cancelled(Cancelled::Superseded); // the visit was rebooked
/// assert_eq!(superseded.to_string(), "cancelled (superseded)");
/// assert_eq!(superseded.name(), "cancelled");
/// ```
// Binary formats store a variant's place in this list: add at the end, never move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Not decided, no warning reached.
    Open,
    /// Not decided, and the first warning has been reached: a rung in front of the deadline.
    Imminent,
    /// Over the budget, not stopped. A pause after this undoes nothing (C7).
    Breaching,
    /// Stopped within the budget.
    Met,
    /// Stopped, or ended otherwise, over the budget.
    Breached,
    /// Ended without a verdict, for this reason.
    Cancelled(Cancelled),
    /// An authorised role waived it, whatever it came to (C13).
    Waived,
    /// The event to be prepared for was booked with less than the lead time left: nobody's breach
    /// (B4).
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

    /// Returns it in words.
    ///
    /// ```
    /// use punctual::event::Kind;
    /// use punctual::language::Language;
    /// use punctual::ticket::{Cancelled, Outcome};
    ///
    /// assert_eq!(Outcome::Met.phrase().text(Language::Chinese), "按时完成");
    /// let withdrawn = Outcome::Cancelled(Cancelled::By(Kind::Withdrawn)).phrase();
    /// assert_eq!(withdrawn.text(Language::English), "cancelled (withdrawn)");
    /// assert_eq!(withdrawn.text(Language::Chinese), "已取消（客户撤回）");
    /// ```
    #[must_use]
    pub fn phrase(self) -> Phrase {
        let chinese = match self {
            Self::Open => "进行中",
            Self::Imminent => "即将到期",
            Self::Breaching => "已超时，未结束",
            Self::Met => "按时完成",
            Self::Breached => "超时",
            Self::Waived => "已豁免",
            Self::InsufficientLead => "提前量不足",
            Self::Cancelled(why) => {
                let why = why.phrase();
                return Phrase::new(
                    format!("cancelled ({why})"),
                    format!("已取消（{}）", why.text(Language::Chinese)),
                );
            }
        };
        Phrase::fixed(self.name(), chinese)
    }

    /// Returns whether the budget has been exceeded and the promise still stands: breaching or
    /// breached.
    ///
    /// ```
    /// use punctual::ticket::Outcome;
    ///
    /// assert!(Outcome::Breaching.is_over() && Outcome::Breached.is_over());
    /// assert!(!Outcome::Waived.is_over()); // even if it was late
    /// ```
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Breaching | Self::Breached)
    }

    /// Returns whether the promise can still be kept and still be broken: open or imminent.
    #[must_use]
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Open | Self::Imminent)
    }
}

impl fmt::Display for Outcome {
    /// Writes the English words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

/// Why a clock ended without a verdict. A clock that was over by then is breached instead (C12),
/// save for [`NoGoal`](Cancelled::NoGoal), which takes the promise itself away (C8).
///
/// ```
/// use punctual::event::Kind;
/// use punctual::ticket::Cancelled;
///
/// assert_eq!(Cancelled::By(Kind::Withdrawn).to_string(), "withdrawn");
/// assert_eq!(Cancelled::NoGoal.to_string(), "no goal");
/// ```
// Binary formats store a variant's place in this list: add at the end, never move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancelled {
    /// A newer anchor of the same target took its place (a visit was rebooked).
    Superseded,
    /// No goal fits the ticket as it is now judged. A later judgement may wake the clock.
    NoGoal,
    /// The ticket was closed while the clock had not stopped.
    Closed,
    /// The clock had been started by a resolution that did not hold.
    Reopened,
    /// The policy version that now applies has no such target.
    Rebound,
    /// An event ended the need for it: declined, merged, withdrawn, resolved, a cancelled visit.
    By(Kind),
}

impl Cancelled {
    /// Returns it in words.
    #[must_use]
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Superseded => Phrase::fixed("superseded", "已被取代"),
            Self::NoGoal => Phrase::fixed("no goal", "无适用目标"),
            Self::Closed => Phrase::fixed("closed", "工单已关闭"),
            Self::Reopened => Phrase::fixed("reopened", "工单重新打开"),
            Self::Rebound => Phrase::fixed("rebound", "新策略无此目标"),
            Self::By(kind) => kind.phrase(),
        }
    }
}

impl fmt::Display for Cancelled {
    /// Writes the English words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}
