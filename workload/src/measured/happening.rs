//! What happens, in as few bytes as it takes.

use punctual::event::Kind;
use punctual::ticket::Satisfaction;
use punctual::time::Instant;

/// One thing that happens to a ticket: sixteen bytes.
///
/// ```
/// use punctual::event::Kind;
/// use punctual_workload::{Measured, Profile};
///
/// let log = Measured::builder(1, Profile::Uci).tickets(10).build()?;
/// let history = log.history(1);
/// assert_eq!(history[0].what.kind(), Kind::Received);
/// assert!(history.is_sorted_by_key(|happening| happening.at));
/// # Ok::<(), punctual_workload::WorkloadError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Happening {
    /// When.
    pub at: Instant,
    /// What.
    pub what: What,
}

/// What happens. Numbers count the names of the profile from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// The ticket arrives, with its class.
    Received {
        /// One of [`Profile::classes`](super::Profile::classes).
        class: u8,
    },
    /// A team or a person becomes responsible.
    Assigned {
        /// One of 32 teams.
        team: u8,
    },
    /// The class is judged anew.
    Classified {
        /// One of [`Profile::classes`](super::Profile::classes).
        class: u8,
    },
    /// Something is written down.
    Noted,
    /// The first answer.
    Responded,
    /// Work waits.
    Paused {
        /// One of [`Profile::reasons`](super::Profile::reasons).
        reason: u8,
    },
    /// Work goes on; every reason to wait has gone.
    Resumed,
    /// A higher line of support takes over.
    Escalated,
    /// Solved.
    Resolved,
    /// Not solved after all.
    Reopened,
    /// Over.
    Closed,
    /// The customer's score.
    Surveyed {
        /// On five points.
        score: Satisfaction,
    },
}

impl What {
    /// Returns the kind of event that it becomes: see [`Measured::event`](super::Measured::event).
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Received { .. } => Kind::Received,
            Self::Assigned { .. } => Kind::Assigned,
            Self::Classified { .. } => Kind::Classified,
            Self::Noted => Kind::Noted,
            Self::Responded => Kind::Replied,
            Self::Paused { .. } => Kind::Paused,
            Self::Resumed => Kind::Resumed,
            Self::Escalated => Kind::Marked,
            Self::Resolved => Kind::Resolved,
            Self::Reopened => Kind::Reopened,
            Self::Closed => Kind::Closed,
            Self::Surveyed { .. } => Kind::Surveyed,
        }
    }
}
