//! What a promise looks like at one instant.

use serde::{Deserialize, Serialize};

use super::life::{Attachment, Clock, Ending, How};
use super::measure::{self, Meter, Tally};
use super::pauses::{PauseTrack, Run, Segments, bit};
use crate::event::{AgreementId, CalendarId, PolicyId, ReasonId, TargetId, Version};
use crate::policy::{Policy, RungAt};
use crate::ticket::{Cancelled, ClockId, Outcome, Status};
use crate::time::{Instant, Span, WallTime};

/// What a clock is doing (SEMANTICS C5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Promised, but what starts it has not happened.
    Pending,
    /// Counting while its calendar is open.
    Running,
    /// Waiting for one of its target's reasons.
    Paused,
    /// Waiting because the ticket is resolved.
    Suspended,
    /// Ended.
    Stopped,
}

impl Activity {
    /// Returns the stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Suspended => "suspended",
            Self::Stopped => "stopped",
        }
    }
}

/// What a clock counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Every moment, day and night.
    Wall,
    /// The open time of a calendar.
    Working {
        /// Its name in the policy.
        calendar: CalendarId,
        /// Its version.
        version: u32,
    },
}

/// One clock of a ticket as it stands at one instant, under the goal that applies to it then.
///
/// Lengths are exact; `elapsed`, `budget` and `remaining` are in the clock's own measure, the names
/// that end in `_wall` in wall time. Instants are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Which clock, and under which goal.
    pub clock: ClockId,
    /// Which cycle of its target, counted from 1.
    pub cycle: u32,
    /// The policy that promises it.
    pub policy: PolicyId,
    /// The version of that policy.
    pub policy_version: u32,
    /// What the clock is doing.
    pub activity: Activity,
    /// How the promise stands.
    pub outcome: Outcome,
    /// Where the counting of the current goal begins: the start event, unless the goal came with
    /// mode `reset`.
    pub started_at: Instant,
    /// When the current goal came to the clock; the start, if it never changed.
    pub attached_at: Instant,
    /// When it ended.
    pub stopped_at: Option<Instant>,
    /// What the budget counts.
    pub measure: Measure,
    /// How much is allowed; `None` when no goal fits, when the calendar never gets that far, or
    /// when the lead was too short.
    pub budget: Option<Span>,
    /// How much has been used.
    pub elapsed: Span,
    /// How much is left; negative when it is over.
    pub remaining: Option<Span>,
    /// From the start to the reading or the end, day and night, pauses included.
    pub elapsed_wall: WallTime,
    /// From the reading to `due_at`; negative when that has passed.
    pub remaining_wall: Option<Span>,
    /// The part of the budget that has been used, in whole percent, rounded down.
    pub percent_used: Option<u64>,
    /// The earliest instant at which the budget is used up. `None` while the clock is paused or
    /// suspended before that.
    pub due_at: Option<Instant>,
    /// The last instant that is still in time; it is later than `due_at` when the budget ends at
    /// closing, or inside a pause.
    pub breach_after: Option<Instant>,
    /// While it is paused or suspended: when it would fall due if it went on now.
    pub due_if_resumed_now: Option<Instant>,
    /// When it was breached.
    pub breached_at: Option<Instant>,
    /// The earliest breach under any goal that the clock has had, the present one included.
    pub first_breached_at: Option<Instant>,
    /// Whether the goal was over as it came to the clock.
    pub over_on_attach: bool,
    /// Whether the due instant rests on holidays that are not yet published.
    pub provisional: bool,
    /// The time spent paused since the start, reason by reason, in wall time; reasons may overlap.
    pub pauses: Vec<(ReasonId, WallTime)>,
    /// How many rungs before the due instant have been reached.
    pub warnings: u16,
}

impl Reading {
    /// Returns the agreement.
    #[must_use]
    pub const fn agreement(&self) -> &AgreementId {
        &self.clock.agreement
    }

    /// Returns the target.
    #[must_use]
    pub const fn target(&self) -> &TargetId {
        &self.clock.target
    }

    /// Returns the instant to sort and show a queue by: when it falls due, or would fall due if it
    /// went on now.
    #[must_use]
    pub fn due_or_if_resumed(&self) -> Option<Instant> {
        self.due_at.or(self.due_if_resumed_now)
    }
}

/// A clock measured up to a reading: every attachment, and what the last one comes to.
pub(crate) struct Measured<'c, 'p> {
    pub(crate) clock: &'c Clock<'p>,
    pub(crate) track: &'c PauseTrack,
    pub(crate) current: &'c Attachment<'p>,
    /// `None` while no goal fits.
    pub(crate) tally: Option<Tally<'p>>,
    pub(crate) first_breached_at: Option<Instant>,
    pub(crate) now: Instant,
}

impl<'c, 'p> Measured<'c, 'p> {
    /// Measures attachment after attachment. `track_of` finds the pauses as a policy names them.
    pub(crate) fn new(
        clock: &'c Clock<'p>,
        track_of: impl Fn(&Policy) -> &'c PauseTrack,
        now: Instant,
    ) -> Self {
        let end = clock.end.map_or(now, |end| end.at.min(now));
        let mut tally = None;
        let mut first_breached_at: Option<Instant> = None;
        let mut attachments = clock.attachments().peekable();
        let mut current = &clock.first;
        while let Some(attachment) = attachments.next() {
            let until = attachments.peek().map_or(end, |next| next.at);
            let track = track_of(attachment.policy);
            let next = measure::measure(clock, attachment, tally.as_ref(), track, until);
            let breached_at = next.as_ref().and_then(|tally| tally.breached_at);
            first_breached_at = [first_breached_at, breached_at].into_iter().flatten().min();
            (tally, current) = (next, attachment);
        }
        Self {
            clock,
            track: track_of(current.policy),
            current,
            tally,
            first_breached_at,
            now,
        }
    }

    pub(crate) fn id(&self) -> ClockId {
        ClockId {
            agreement: self.clock.agreement.clone(),
            target: self.current.target.id.clone(),
            started_by: self.clock.started_by,
            attached_by: self.current.by,
        }
    }

    /// Returns the reasons that pause this clock, as bits.
    pub(crate) fn pauses(&self) -> u64 {
        self.pauses_under(self.current)
    }

    /// Returns the reasons that pause this clock under one of its goals; a lead clock never pauses.
    pub(crate) fn pauses_under(&self, attachment: &Attachment<'_>) -> u64 {
        if self.clock.anchor.is_some() {
            0
        } else {
            attachment.target.pauses
        }
    }

    /// Returns the events that attached the goals which this one took over by mere rebinds.
    pub(crate) fn rebound_from(&self) -> Vec<Version> {
        let mut from = Vec::new();
        let mut is_rebound = matches!(self.current.how, How::Rebound(_));
        let attachments: Vec<_> = self.clock.attachments().collect();
        for attachment in attachments.into_iter().rev().skip(1) {
            if !is_rebound {
                break;
            }
            from.push(attachment.by);
            is_rebound = matches!(attachment.how, How::Rebound(_));
        }
        from
    }

    /// Returns the kinds of events that can move this clock, as bits.
    pub(crate) fn moving_kinds(&self) -> u128 {
        super::machine::moving_kinds(self.current)
    }

    pub(crate) fn activity(&self) -> Activity {
        if self.clock.end.is_some() {
            return Activity::Stopped;
        }
        match self.tally.map(|tally| tally.run) {
            Some(Run::Running) => Activity::Running,
            Some(Run::Paused(_)) => Activity::Paused,
            Some(Run::Suspended) => Activity::Suspended,
            None => Activity::Stopped,
        }
    }

    pub(crate) fn outcome(&self, warnings: u16) -> Outcome {
        let Some(tally) = &self.tally else {
            return Outcome::Cancelled(Cancelled::NoGoal);
        };
        let is_over = tally.is_over();
        let cancelled = self.clock.end.and_then(|end| match end.ending {
            Ending::IfOver(why) => Some(why),
            Ending::Stopped => None,
        });
        if self.clock.waived_at.is_some() {
            return Outcome::Waived;
        }
        if tally.is_insufficient_lead() && cancelled.is_none() {
            return Outcome::InsufficientLead;
        }
        match (self.clock.end.is_some(), cancelled) {
            (true, _) if is_over => Outcome::Breached,
            (_, Some(why)) => Outcome::Cancelled(why),
            (true, None) => Outcome::Met,
            (false, None) if is_over => Outcome::Breaching,
            (false, None) if warnings > 0 => Outcome::Imminent,
            (false, None) => Outcome::Open,
        }
    }

    /// Returns how many rungs in front of the due instant the clock has reached under its goal.
    fn warnings(&self, status: &Status) -> u16 {
        let Some(tally) = &self.tally else { return 0 };
        let reached = |rung: &&crate::policy::Rung| {
            self.has_reached(tally, rung.at) && rung.when.holds(status)
        };
        let count = self.current.target.ladder.iter().filter(reached).count();
        u16::try_from(count).unwrap_or(u16::MAX)
    }

    fn has_reached(&self, tally: &Tally<'p>, at: RungAt) -> bool {
        let Some(limit) = tally.allowance.limit.filter(|limit| *limit >= 0) else {
            return false;
        };
        match at {
            RungAt::Share(share) if share < crate::time::Share::percent(100) => {
                tally.used >= share.of(Span::from_micros(limit)).micros()
            }
            RungAt::Lower => self.lower(tally).is_some_and(|lower| tally.used >= lower),
            RungAt::Before(_) => {
                super::point::of(self, tally, at).is_some_and(|point| point.is_reached)
            }
            RungAt::Share(_) | RungAt::Due | RungAt::After(_) => false,
        }
    }

    /// Returns the lower bound of a range, in the clock's measure.
    pub(crate) fn lower(&self, tally: &Tally<'p>) -> Option<i64> {
        let lower = self.current.goal?.lower.as_ref()?;
        let from = if self.restarts() {
            self.current.at
        } else {
            self.clock.started_at
        };
        measure::Allowance::new(lower, self.current.policy, from, self.clock.anchor)
            .limit
            .map(|limit| limit.min(tally.allowance.limit.unwrap_or(limit)))
    }

    fn restarts(&self) -> bool {
        use crate::policy::Reclassify::{Forward, Reset};
        match self.current.how {
            How::Start => false,
            How::Judged(mode) | How::Rebound(mode) => matches!(mode, Forward | Reset),
        }
    }

    /// Returns where a reader would say that the clock began.
    fn started_at(&self) -> Instant {
        use crate::policy::Reclassify::Reset;
        match self.current.how {
            How::Judged(Reset) | How::Rebound(Reset) => self.current.at,
            How::Start | How::Judged(_) | How::Rebound(_) => self.clock.started_at,
        }
    }

    fn measure(&self) -> Measure {
        let calendar = self
            .tally
            .as_ref()
            .and_then(|tally| match tally.allowance.meter {
                Meter::Wall => None,
                Meter::Open(calendar) => self.current.policy.named(calendar),
            });
        calendar.map_or(Measure::Wall, |named| Measure::Working {
            calendar: named.id.clone(),
            version: named.version,
        })
    }

    /// Adds up the pauses since the start, reason by reason.
    fn pauses_by_reason(&self, until: Instant) -> Vec<(ReasonId, WallTime)> {
        let pauses = self.pauses();
        if pauses == 0 {
            return Vec::new();
        }
        let mut sums: Vec<(ReasonId, WallTime)> = Vec::new();
        let segments = Segments::new(
            self.track,
            pauses,
            &self.clock.gaps,
            self.clock.started_at,
            until,
        );
        for segment in segments {
            let Run::Paused(open) = segment.run else {
                continue;
            };
            let length = WallTime::new(segment.to.since(segment.from)).unwrap_or_default();
            for (place, reason) in self.current.policy.reasons().iter().enumerate() {
                if open & bit(place) == 0 {
                    continue;
                }
                match sums.iter_mut().find(|(known, _)| *known == reason.id) {
                    Some((_, sum)) => *sum = sum.checked_add(length).unwrap_or(*sum),
                    None => sums.push((reason.id.clone(), length)),
                }
            }
        }
        sums
    }

    /// Returns whether `at` rests on holidays that nobody has published (K6).
    fn is_provisional(&self, at: Option<Instant>) -> bool {
        match (self.tally.map(|tally| tally.allowance.meter), at) {
            (Some(Meter::Open(calendar)), Some(at)) => calendar.is_provisional(at),
            _ => false,
        }
    }

    /// Puts the reading together.
    pub(crate) fn reading(&self, status: &Status) -> Reading {
        let tally = self.tally.as_ref();
        let ended_at = self.clock.end.map(|end| end.at);
        let until = ended_at.unwrap_or(self.now);
        let limit = tally
            .and_then(|tally| tally.allowance.limit)
            .filter(|limit| *limit >= 0);
        let used = tally.map_or(0, |tally| tally.used);
        let due_at = tally.and_then(|tally| tally.due_at);
        let warnings = self.warnings(status);
        let activity = self.activity();
        let waits = matches!(activity, Activity::Paused | Activity::Suspended) && due_at.is_none();
        let due_if_resumed_now = tally.filter(|_| waits).and_then(Tally::due_if_resumed);
        let started_at = self.started_at();
        Reading {
            clock: self.id(),
            cycle: self.clock.cycle,
            policy: self.current.policy.id().clone(),
            policy_version: self.current.policy.version(),
            activity,
            outcome: self.outcome(warnings),
            started_at,
            attached_at: self.current.at,
            stopped_at: ended_at,
            measure: self.measure(),
            budget: limit.map(Span::from_micros),
            elapsed: Span::from_micros(used),
            remaining: limit.map(|limit| Span::from_micros(limit.saturating_sub(used))),
            elapsed_wall: WallTime::new(until.since(started_at)).unwrap_or_default(),
            remaining_wall: due_at.map(|due_at| due_at.since(self.now)),
            percent_used: limit.and_then(|limit| percent(used, limit)),
            due_at,
            breach_after: tally.and_then(|tally| tally.breach_after),
            due_if_resumed_now,
            breached_at: tally.and_then(|tally| tally.breached_at),
            first_breached_at: self.first_breached_at,
            over_on_attach: tally.is_some_and(|tally| tally.over_at_birth),
            provisional: self.is_provisional(due_at.or(due_if_resumed_now)),
            pauses: self.pauses_by_reason(until),
            warnings,
        }
    }
}

/// Whole percent, rounded down; `None` for a budget of no length.
fn percent(used: i64, limit: i64) -> Option<u64> {
    let hundredfold = i128::from(used.max(0)).saturating_mul(100);
    hundredfold
        .checked_div(i128::from(limit))
        .and_then(|percent| u64::try_from(percent).ok())
}

impl Reading {
    /// Returns whether the clock has not ended.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        !matches!(self.activity, Activity::Stopped)
    }

    /// Returns the event that the present goal came with.
    #[must_use]
    pub const fn attached_by(&self) -> Version {
        self.clock.attached_by
    }
}
