//! What a story expects of one clock.

use super::broken::spelled;
use super::words::{WordsError, instant};
use crate::calendar::ZoneTable;
use crate::clock::{Activity, Reading};
use crate::ticket::Outcome;
use crate::time::Instant;

/// What is expected of one clock: of the latest cycle of a target, unless it says otherwise.
///
/// Made by [`clock`]. What is not said is not asked.
///
/// Every method adds one point; the first that does not hold is what the story tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    target: String,
    agreement: Option<String>,
    cycle: Option<u32>,
    points: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Point {
    Outcome(Outcome),
    Activity(Activity),
    At(Edge, Option<String>),
    Used(String),
    Absent,
}

/// An instant of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Due,
    InTime,
    DueIfResumed,
    Breached,
    Stopped,
}

/// Returns an expectation of the clock of a target, in whichever agreement.
///
/// ```
/// use punctual::clock::Activity;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{Story, clock};
/// use punctual::ticket::Outcome;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// Story::under(&policy)
///     .given("2026-03-09 09:00", "received class=complaint")
///     .given("2026-03-09 10:00", "paused reason=awaiting-customer")
///     // The half hour of a first answer ran out before the pause, which does not undo it.
///     .then(
///         "2026-03-09 11:00",
///         clock("first-response").is(Outcome::Breaching).breached("2026-03-09 09:30"),
///     )
///     // The solution waits for the customer.
///     .then(
///         "2026-03-09 11:00",
///         clock("complaint-solved").of("service").does(Activity::Paused).not_due(),
///     )
///     .then("2026-03-09 11:00", clock("plan").is_absent())
///     .verify()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn clock(target: &str) -> Expect {
    Expect {
        target: target.to_owned(),
        agreement: None,
        cycle: None,
        points: Vec::new(),
    }
}

impl Expect {
    fn with(mut self, point: Point) -> Self {
        self.points.push(point);
        self
    }

    /// Means the target of this agreement.
    #[must_use]
    pub fn of(mut self, agreement: &str) -> Self {
        self.agreement = Some(agreement.to_owned());
        self
    }

    /// Means this cycle, counted from 1.
    #[must_use]
    pub const fn cycle(mut self, cycle: u32) -> Self {
        self.cycle = Some(cycle);
        self
    }

    /// Expects an outcome.
    #[must_use]
    pub fn is(self, outcome: Outcome) -> Self {
        self.with(Point::Outcome(outcome))
    }

    /// Expects an activity.
    #[must_use]
    pub fn does(self, activity: Activity) -> Self {
        self.with(Point::Activity(activity))
    }

    /// Expects it to fall due at this instant: local time of the policy, or RFC 3339.
    #[must_use]
    pub fn due(self, at: &str) -> Self {
        self.with(Point::At(Edge::Due, Some(at.to_owned())))
    }

    /// Expects no due instant: it waits.
    #[must_use]
    pub fn not_due(self) -> Self {
        self.with(Point::At(Edge::Due, None))
    }

    /// Expects this to be the last instant in time.
    #[must_use]
    pub fn in_time_until(self, at: &str) -> Self {
        self.with(Point::At(Edge::InTime, Some(at.to_owned())))
    }

    /// Expects it to fall due at this instant if it were resumed now.
    #[must_use]
    pub fn due_if_resumed(self, at: &str) -> Self {
        self.with(Point::At(Edge::DueIfResumed, Some(at.to_owned())))
    }

    /// Expects it to have been breached at this instant.
    #[must_use]
    pub fn breached(self, at: &str) -> Self {
        self.with(Point::At(Edge::Breached, Some(at.to_owned())))
    }

    /// Expects it to have ended at this instant.
    #[must_use]
    pub fn stopped(self, at: &str) -> Self {
        self.with(Point::At(Edge::Stopped, Some(at.to_owned())))
    }

    /// Expects so much to have been used: `1h 30m`. Of wall time, 24 hours are a day (`1d 7h`); working
    /// time has hours alone (`31h`).
    #[must_use]
    pub fn used(self, length: &str) -> Self {
        self.with(Point::Used(length.to_owned()))
    }

    /// Expects that there is no such clock.
    #[must_use]
    pub fn is_absent(self) -> Self {
        self.with(Point::Absent)
    }

    /// Returns the reading that is meant.
    pub(super) fn meant<'r>(&self, readings: &'r [Reading]) -> Option<&'r Reading> {
        let meant = readings.iter().filter(|reading| {
            reading.clock.target.as_str() == self.target
                && self.cycle.is_none_or(|cycle| cycle == reading.cycle)
                && self
                    .agreement
                    .as_ref()
                    .is_none_or(|agreement| agreement == reading.clock.agreement.as_str())
        });
        meant.max_by_key(|reading| reading.cycle)
    }

    /// Returns the first thing that is not as expected, in words.
    pub(super) fn differs(
        &self,
        reading: Option<&Reading>,
        zone: &ZoneTable,
    ) -> Result<Option<String>, WordsError> {
        let target = &self.target;
        let Some(reading) = reading else {
            let absent = self.points.contains(&Point::Absent);
            return Ok((!absent).then(|| format!("{target} should have a clock, but has none")));
        };
        for point in &self.points {
            if let Some(differs) = point.differs(reading, zone)? {
                return Ok(Some(format!("{target} should {differs}")));
            }
        }
        Ok(None)
    }
}

impl Point {
    fn differs(&self, reading: &Reading, zone: &ZoneTable) -> Result<Option<String>, WordsError> {
        let differs = match self {
            Self::Outcome(wanted) if *wanted != reading.outcome => {
                Some(format!("be {wanted}, but is {}", reading.outcome))
            }
            Self::Activity(wanted) if *wanted != reading.activity => {
                let found = reading.activity.name();
                Some(format!("be {}, but is {found}", wanted.name()))
            }
            Self::Used(wanted) => {
                let found = spelled(reading.elapsed, &reading.measure);
                (*wanted != found).then(|| format!("have used {wanted}, but has used {found}"))
            }
            Self::Absent => Some("have no clock, but has one".to_owned()),
            Self::At(edge, wanted) => {
                let wanted = wanted.as_ref().map(|text| instant(text, Some(zone)));
                let (wanted, found) = (wanted.transpose()?, edge.of(reading));
                (wanted != found).then(|| {
                    let shown = |at: Option<Instant>| {
                        at.map_or("at no instant".to_owned(), |at| {
                            super::history::local(zone, at)
                        })
                    };
                    let what = edge.name();
                    format!("{what} {}, but {what} {}", shown(wanted), shown(found))
                })
            }
            Self::Outcome(_) | Self::Activity(_) => None,
        };
        Ok(differs)
    }
}

impl Edge {
    const fn of(self, reading: &Reading) -> Option<Instant> {
        match self {
            Self::Due => reading.due_at,
            Self::InTime => reading.breach_after,
            Self::DueIfResumed => reading.due_if_resumed_now,
            Self::Breached => reading.breached_at,
            Self::Stopped => reading.stopped_at,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Due => "fall due",
            Self::InTime => "be in time until",
            Self::DueIfResumed => "fall due, if resumed now,",
            Self::Breached => "have been breached",
            Self::Stopped => "have ended",
        }
    }
}
