//! What a promise looks like at one instant.

use serde::{Deserialize, Serialize};

use super::ground::{Attachment, Ground};
use super::life::{Clock, Ending, How};
use super::measure::{self, Meter, Stage, Tally};
use super::pauses::{PauseTrack, Run, Segments, bit};
use crate::event::{AgreementId, CalendarId, PolicyId, ReasonId, TargetId, Version};
use crate::policy::RungAt;
use crate::ticket::{Cancelled, ClockId, Outcome, Status};
use crate::time::{Instant, Span, WallTime};

/// What a clock is doing (SEMANTICS C5). How its promise stands is another question: see
/// [`Outcome`]. A clock can be breaching and paused at once.
///
/// ```
/// use punctual::clock::Activity;
///
/// assert_eq!(Activity::Paused.name(), "paused");
/// assert_eq!(serde_json::to_string(&Activity::Suspended)?, r#""suspended""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Promised, but what starts it has not happened.
    Pending,
    /// Counting while its calendar is open.
    Running,
    /// Waiting for one of its target's reasons. Another target of the same ticket may run
    /// meanwhile.
    Paused,
    /// Waiting because the ticket is resolved: the remedy may yet not hold.
    Suspended,
    /// Ended, or without a goal that fits.
    Stopped,
}

impl Activity {
    /// Returns the stable name: `running`, `paused`, ...
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
///
/// ```
/// use punctual::clock::Measure;
///
/// let office = Measure::Working { calendar: "office".parse()?, version: 1 };
/// assert_ne!(office, Measure::Wall);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Every moment, day and night.
    Wall,
    /// The open time of a calendar. Days of such a calendar are counted in it as well (SEMANTICS
    /// B2).
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
/// that end in `_wall` in wall time. Instants are UTC. Serialized with its field names; `None` is
/// `null`.
///
/// ```
/// use punctual::clock::{self, Bindings, Measure};
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::time::Span;
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// // A fault at half past five: half an hour of Monday counts, the night does not.
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[("2026-03-09T17:30", r#"{"type":"receive","class":"fault"}"#)])?;
/// let now = "2026-03-09T20:00:00+08:00".parse()?;
/// let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
/// let reading = readings.iter().find(|it| it.target().as_str() == "first-response");
/// let reading = reading.ok_or("no such promise")?;
///
/// assert_eq!(reading.measure, Measure::Working { calendar: "office".parse()?, version: 1 });
/// assert_eq!(reading.budget, Some(Span::HOUR));
/// assert_eq!(reading.elapsed, Span::from_minutes(30)?);
/// assert_eq!(reading.elapsed_wall.to_string(), "2h 30m");
/// assert_eq!(reading.percent_used, Some(50));
/// assert_eq!(reading.due_at, Some("2026-03-10T09:30:00+08:00".parse()?));
/// assert_eq!(reading.remaining_wall, Some(Span::from_minutes(13 * 60 + 30)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Which clock, and under which goal. It changes with the goal: to follow one clock through
    /// reclassifications compare all but `attached_by`.
    pub clock: ClockId,
    /// Which cycle of its target, counted from 1.
    pub cycle: u32,
    /// The policy that promises it.
    pub policy: PolicyId,
    /// The version of that policy.
    pub policy_version: u32,
    /// What the clock is doing.
    pub activity: Activity,
    /// How the promise stands. The same for every reader at every instant of reading after the last
    /// fact that concerns it, save for the passing of time (SEMANTICS C6).
    pub outcome: Outcome,
    /// Where the clock says that it began: the start event, unless the goal came with mode `reset`.
    /// Under `forward` the counting begins later, at `attached_at`.
    pub started_at: Instant,
    /// When the current goal came to the clock; the start, if it never changed.
    pub attached_at: Instant,
    /// When it ended: by a stop, a cancellation, a closing, or by the judgement since which no goal
    /// fits; what ends the ticket after that judgement does not move it. `None` while it lives.
    pub stopped_at: Option<Instant>,
    /// What the budget counts; where no goal fits any more, what the last one counted.
    pub measure: Measure,
    /// How much is allowed, in the clock's measure: a budget of days is the length that they came
    /// to at the start. `None` when no goal fits, when the calendar never gets that far, or when
    /// the lead was too short.
    pub budget: Option<Span>,
    /// How much has been used, E: zero or more, in the clock's measure, pauses and suspensions left
    /// out. What a goal of mode `carry` took over is in it. It stands still once the clock has
    /// ended; where no goal fits any more it is what the last one had used.
    pub elapsed: Span,
    /// `budget` minus `elapsed`; negative when it is over, zero exactly at the deadline, which is
    /// in time.
    pub remaining: Option<Span>,
    /// From `started_at` to the reading or the end, day and night, pauses included.
    pub elapsed_wall: WallTime,
    /// From the reading, or the end where that came first, to `due_at`; negative when that had
    /// passed by then. `None` where `due_at` is.
    pub remaining_wall: Option<Span>,
    /// The part of the budget that has been used, in whole percent, rounded down: 100 exactly at
    /// the deadline, more when it is over. `None` without a budget, or for one of no length.
    pub percent_used: Option<u64>,
    /// The earliest instant at which the budget is used up (SEMANTICS C2): what to show. `None`
    /// while the clock is paused or suspended before that, and without a budget. Of a stopped clock
    /// it is when it would have fallen due, had it run on.
    pub due_at: Option<Instant>,
    /// The last instant that is still in time; a breach exists one microsecond later. It is later
    /// than `due_at` when the budget ends at closing (then it is the next opening), or as a pause
    /// begins. `None` while that cannot be known.
    pub breach_after: Option<Instant>,
    /// While it is paused or suspended and not yet due: when it would fall due if it went on now.
    /// It moves with the reading (SEMANTICS C3), save that of a lead clock: a visit comes nearer
    /// whatever becomes of the ticket, so it stays at the visit minus the lead.
    pub due_if_resumed_now: Option<Instant>,
    /// When the present goal was breached: the instant at which the budget ran out in the stretch
    /// that exceeded it. Set only once it has been exceeded; a waiver does not take it away.
    ///
    /// Of a goal that was over as it came it is where the clock first ran under that goal, so it is
    /// `None` while the clock has stood still since, though the outcome is breaching. The event
    /// [`BreachedOnAttach`](crate::ticket::TicketEvent::BreachedOnAttach) does not wait for that and
    /// names the judgement, which is [`attached_at`](Reading::attached_at).
    pub breached_at: Option<Instant>,
    /// The earliest breach under any goal that the clock has had, the present one included. A goal
    /// that was replaced leaves the statistics and keeps this (SEMANTICS C8).
    pub first_breached_at: Option<Instant>,
    /// Whether the goal was over as it came to the clock: breached at birth, by nobody's delay
    /// under it.
    pub over_on_attach: bool,
    /// Whether the due instant, or that of `due_if_resumed_now`, rests on holidays that are not yet
    /// published (SEMANTICS K6): it may move when they are.
    pub provisional: bool,
    /// The time spent paused since `started_at`, reason by reason, in wall time, closed hours
    /// included. Reasons that overlap both count it, so the sum may be more than has passed. What
    /// fell into a suspension counts for none. A `reset` goal leaves out what came before it.
    pub pauses: Vec<(ReasonId, WallTime)>,
    /// How many rungs in front of the deadline have been reached, of those whose condition fits the
    /// ticket as it stands. More than zero makes an undecided promise [`Outcome::Imminent`].
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
    /// went on now. `None` only where there is no such instant at all.
    ///
    /// ```
    /// use punctual::clock::{self, Bindings};
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// # use punctual::event::Actor;
    /// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
    /// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
    /// #     let mut ticket = Ticket::default();
    /// #     for (civil, action) in told {
    /// #         let at = format!("{civil}:00+08:00").parse()?;
    /// #         let action: Action = serde_json::from_str(action)?;
    /// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
    /// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
    /// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
    /// #     }
    /// #     Ok(ticket)
    /// # }
    ///
    /// // The complaint waits for the customer: nothing falls due, yet it has a place in the queue.
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let ticket = ticket(&[
    ///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
    ///     ("2026-03-09T10:00", r#"{"type":"pause","reason":"awaiting-customer"}"#),
    /// ])?;
    /// let now = "2026-03-09T11:00:00+08:00".parse()?;
    /// let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
    /// let solved = readings.iter().find(|it| it.target().as_str() == "complaint-solved");
    /// let solved = solved.ok_or("no such promise")?;
    /// assert_eq!(solved.due_at, None);
    /// // Three working days end at the closing of Thursday; an hour of waiting leads into Friday.
    /// assert_eq!(solved.due_or_if_resumed(), Some("2026-03-13T10:00:00+08:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn due_or_if_resumed(&self) -> Option<Instant> {
        self.due_at.or(self.due_if_resumed_now)
    }
}

/// A clock measured up to a reading: every attachment, and what the last one comes to.
///
/// Readings, explanations, ladders and supervision all start from this, so that none of them
/// measures in a way of its own.
pub(crate) struct Measured<'c, 'p> {
    pub(crate) clock: &'c Clock,
    pub(crate) ground: Ground<'c, 'p>,
    /// The ticket's pauses, as the policy of the current goal names them.
    pub(crate) track: &'c PauseTrack,
    /// The latest attachment: the goal that applies at the reading.
    pub(crate) current: Attachment<'p>,
    /// When another goal took its place, where this is a former one.
    replaced_at: Option<Instant>,
    /// What the current goal comes to.
    tally: Option<Tally<'p>>,
    /// The last goal that fitted, where the current one is none. Apart, since nearly no clock loses
    /// its goal, and what is measured is moved about.
    lost: Option<Box<Stage<'p>>>,
    /// The earliest breach under any attachment.
    pub(crate) first_breached_at: Option<Instant>,
    pub(crate) now: Instant,
}

impl<'c, 'p> Measured<'c, 'p> {
    /// Measures attachment after attachment. `None` for a clock that does not stand on this ground.
    #[inline(always)]
    pub(crate) fn new(clock: &'c Clock, ground: Ground<'c, 'p>, now: Instant) -> Option<Self> {
        if !clock.later.is_empty() {
            return Self::under_several(clock, ground, now);
        }
        // Nearly every clock keeps the goal that it started with. It is measured where it is to stay,
        // since to move what is measured takes as long as to measure it.
        let current = ground.attachment(&clock.first)?;
        let track = ground.track(&current);
        let tally = measure::only(clock, &current, track, now);
        Some(Self {
            clock,
            ground,
            track,
            current,
            replaced_at: None,
            first_breached_at: tally.as_ref().and_then(|tally| tally.breached_at),
            tally,
            lost: None,
            now,
        })
    }

    /// Measures a clock that has had several goals.
    #[inline(never)]
    fn under_several(clock: &'c Clock, ground: Ground<'c, 'p>, now: Instant) -> Option<Self> {
        let mut stages = measure::stages(clock, ground, now);
        let mut measured = Self::under(clock, ground, stages.next()?, now);
        for stage in stages {
            measured.replace_by(stage);
        }
        Some(measured)
    }

    /// The clock as it is under one of its goals.
    fn under(clock: &'c Clock, ground: Ground<'c, 'p>, stage: Stage<'p>, now: Instant) -> Self {
        Self {
            clock,
            ground,
            track: ground.track(&stage.attachment),
            current: stage.attachment,
            replaced_at: stage.replaced_at,
            first_breached_at: stage.tally.as_ref().and_then(|tally| tally.breached_at),
            tally: stage.tally,
            lost: None,
            now,
        }
    }

    /// The next goal takes the place of the current one. What no goal takes over is still held by the
    /// last one that fitted.
    fn replace_by(&mut self, stage: Stage<'p>) {
        if stage.tally.is_none() && self.tally.is_some() {
            self.lost = Some(Box::new(Stage {
                attachment: self.current,
                replaced_at: self.replaced_at,
                tally: self.tally.take(),
            }));
        }
        let breached_at = stage.tally.as_ref().and_then(|tally| tally.breached_at);
        let breached_at = [self.first_breached_at, breached_at];
        self.first_breached_at = breached_at.into_iter().flatten().min();
        self.track = self.ground.track(&stage.attachment);
        self.current = stage.attachment;
        self.replaced_at = stage.replaced_at;
        self.tally = stage.tally;
    }

    /// Returns what the current goal comes to; `None` while no goal fits.
    pub(crate) const fn tally(&self) -> Option<&Tally<'p>> {
        self.tally.as_ref()
    }

    /// Returns what the last goal that fitted comes to: the current one, unless that has gone.
    fn held(&self) -> Option<(&Attachment<'p>, &Tally<'p>)> {
        match (&self.tally, &self.lost) {
            (Some(tally), _) => Some((&self.current, tally)),
            (None, Some(lost)) => Some((&lost.attachment, lost.tally.as_ref()?)),
            (None, None) => None,
        }
    }

    /// Returns when no goal fitted any more, or another one took the place of this one.
    fn lost_at(&self) -> Option<Instant> {
        match (&self.tally, &self.lost) {
            (None, Some(lost)) => lost.replaced_at,
            (None, None) => None,
            (Some(_), _) => self.replaced_at,
        }
    }

    /// Returns the clock under each goal that it no longer has, measured up to where the goal ended.
    pub(crate) fn former(&self) -> impl Iterator<Item = Self> {
        let (clock, ground) = (self.clock, self.ground);
        let has_former = !clock.later.is_empty();
        let stages = has_former.then(|| measure::stages(clock, ground, clock.current().at));
        stages.into_iter().flatten().filter_map(move |stage| {
            let now = stage.replaced_at?;
            Some(Self::under(clock, ground, stage, now))
        })
    }

    /// Returns the name of the clock under its current goal.
    pub(crate) fn id(&self) -> ClockId {
        ClockId {
            agreement: self.current.agreement.clone(),
            target: self.current.target.id.clone(),
            started_by: self.clock.started_by,
            attached_by: self.current.by,
        }
    }

    /// Returns the reasons that pause this clock, as bits.
    pub(crate) fn pauses(&self) -> u64 {
        self.pauses_under(&self.current)
    }

    /// Returns the reasons that pause this clock under one of its goals; a lead clock never pauses.
    pub(crate) fn pauses_under(&self, attachment: &Attachment<'_>) -> u64 {
        if self.clock.anchor.is_some() {
            0
        } else {
            attachment.target.pauses
        }
    }

    /// Returns whether a name is that of the clock under its current goal.
    pub(crate) fn is_named(&self, id: &ClockId) -> bool {
        self.is_of(id) && id.attached_by == self.current.by
    }

    fn is_of(&self, id: &ClockId) -> bool {
        id.started_by == self.clock.started_by
            && id.target == self.current.target.id
            && id.agreement == *self.current.agreement
    }

    /// Returns whether a name is that of the clock under its current goal, or under one which that
    /// took over by mere rebinds.
    pub(crate) fn has_taken_over(&self, id: &ClockId) -> bool {
        if !self.is_of(id) {
            return false;
        }
        // From goal to goal back in time, as long as each came by a rebind.
        let first = std::iter::once(&self.clock.first);
        let back = self.clock.later.iter().rev().chain(first);
        for attached in back.skip_while(|attached| attached.by != self.current.by) {
            if attached.by == id.attached_by {
                return true;
            }
            if !matches!(attached.how, How::Rebound(_)) {
                return false;
            }
        }
        false
    }

    /// Returns what the clock does at the reading. One whose goal has gone does nothing.
    pub(crate) fn activity(&self) -> Activity {
        if self.clock.end.is_some() {
            return Activity::Stopped;
        }
        match self.tally().map(|tally| tally.run) {
            Some(Run::Running) => Activity::Running,
            Some(Run::Paused(_)) => Activity::Paused,
            Some(Run::Suspended) => Activity::Suspended,
            None => Activity::Stopped,
        }
    }

    /// Returns how the promise stands; with zero `warnings` never [`Outcome::Imminent`]. A waiver
    /// counts before the measure, the measure before a cancellation (SEMANTICS C5, C12, C13).
    pub(crate) fn outcome(&self, warnings: u16) -> Outcome {
        let Some(tally) = self.tally() else {
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
        let Some(tally) = self.tally() else { return 0 };
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
                share.is_reached(tally.used, limit)
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

    /// Returns where a reader would say that the clock began: only `reset` moves it.
    fn started_at(&self) -> Instant {
        use crate::policy::Reclassify::Reset;
        let shown = self.held().map_or(&self.current, |(held, _)| held);
        match shown.how {
            How::Judged(Reset) | How::Rebound(Reset) => shown.at,
            How::Start | How::Judged(_) | How::Rebound(_) => self.clock.started_at,
        }
    }

    fn measure(&self) -> Measure {
        let calendar = self
            .held()
            .and_then(|(held, tally)| match tally.allowance.meter {
                Meter::Wall => None,
                Meter::Open(calendar) => held.policy.named(calendar),
            });
        calendar.map_or(Measure::Wall, |named| Measure::Working {
            calendar: named.id.clone(),
            version: named.version,
        })
    }

    /// Adds up the pauses since the start, reason by reason.
    fn pauses_by_reason(&self, until: Instant) -> Vec<(ReasonId, WallTime)> {
        let Some((held, _)) = self.held() else {
            return Vec::new();
        };
        let pauses = self.pauses_under(held);
        let track = self.ground.track(held);
        if pauses & track.reasons() == 0 {
            return Vec::new();
        }
        let reasons = held.policy.reasons();
        let mut sums: Vec<(ReasonId, WallTime)> = Vec::new();
        let segments = Segments::new(track, pauses, &self.clock.gaps, self.started_at(), until);
        for segment in segments {
            let Run::Paused(open) = segment.run else {
                continue;
            };
            let length = WallTime::new(segment.to.since(segment.from)).unwrap_or_default();
            for (place, reason) in reasons.iter().enumerate() {
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
        match (self.tally().map(|tally| tally.allowance.meter), at) {
            (Some(Meter::Open(calendar)), Some(at)) => calendar.is_provisional(at),
            _ => false,
        }
    }

    /// Puts the reading together.
    #[inline(always)]
    pub(crate) fn reading(&self, status: &Status) -> Reading {
        let tally = self.tally();
        // Without a goal there is nothing to measure since the judgement that took it, whatever
        // ends the ticket later.
        let ended_at = self.lost_at().or(self.clock.end.map(|end| end.at));
        let until = ended_at.unwrap_or(self.now);
        let limit = tally
            .and_then(|tally| tally.allowance.limit)
            .filter(|limit| *limit >= 0);
        let used = self.held().map_or(0, |(_, tally)| tally.used);
        let due_at = tally.and_then(|tally| tally.due_at);
        let warnings = self.warnings(status);
        let activity = self.activity();
        let waits = matches!(activity, Activity::Paused | Activity::Suspended) && due_at.is_none();
        let due_if_resumed_now = tally
            .filter(|_| waits)
            .and_then(|tally| tally.due_if_resumed(self.clock));
        let started_at = self.started_at();
        // What may fail for want of memory comes before anything that would have to be undone.
        let pauses = self.pauses_by_reason(until);
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
            remaining_wall: due_at.map(|due_at| due_at.since(until)),
            percent_used: limit.and_then(|limit| percent(used, limit)),
            due_at,
            breach_after: tally.and_then(|tally| tally.breach_after),
            due_if_resumed_now,
            breached_at: tally.and_then(|tally| tally.breached_at),
            first_breached_at: self.first_breached_at,
            over_on_attach: tally.is_some_and(|tally| tally.over_at_birth),
            provisional: self.is_provisional(due_at.or(due_if_resumed_now)),
            pauses,
            warnings,
        }
    }
}

/// Whole percent, rounded down; `None` for a budget of no length.
fn percent(used: i64, limit: i64) -> Option<u64> {
    if let Some(hundredfold) = used.max(0).checked_mul(100) {
        let percent = hundredfold.checked_div(limit)?;
        return u64::try_from(percent).ok();
    }
    let hundredfold = i128::from(used.max(0)).saturating_mul(100);
    hundredfold
        .checked_div(i128::from(limit))
        .and_then(|percent| u64::try_from(percent).ok())
}

impl Reading {
    /// Returns whether the clock has not ended: running, paused or suspended. A waived clock is
    /// live until something stops it.
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
