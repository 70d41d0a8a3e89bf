//! E, the one measure: how much of its budget a clock has used, and everything that follows from
//! it.
//!
//! SEMANTICS C1: E(a, b) is the time of the clock's measure (open or wall) in [a, b), minus its
//! pauses. Met, due, breached and every rung of a ladder compare E, never instants.
//!
//! A clock is measured attachment by attachment. Of each one it is known where its counting begins
//! (`counts_from`), how much was used by then (`base`), and which stretches since then it ran in.
//! Walking these adds up E and notes the instants at which E reaches the budget; what still lies
//! ahead is projected as if the clock ran on.

use super::ground::{Attachment, Ground};
use super::life::{Clock, How};
use super::pauses::{PauseTrack, Run, Segment, Segments};
use crate::calendar::Calendar;
use crate::policy::{Budget, DayEnd, Length, Policy, Reclassify};
use crate::time::{Instant, Span, WorkingTime};

/// What a clock counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meter<'p> {
    /// Every moment.
    Wall,
    /// The open time of a calendar.
    Open(&'p Calendar),
}

/// An instant with what a meter has counted by then. Who asks several questions of one instant looks
/// it up once.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Instant,
    /// In microseconds since 1970.
    count: i64,
}

impl Meter<'_> {
    fn mark(self, at: Instant) -> Mark {
        let count = match self {
            Self::Wall => at.micros(),
            Self::Open(calendar) => calendar.worked_until_micros(at.micros()),
        };
        Mark { at, count }
    }

    /// Returns how much there is in [from, to), in microseconds: zero or more. `from` must not come
    /// after `to`.
    pub(crate) fn between(self, from: Instant, to: Instant) -> i64 {
        self.mark(to).count.wrapping_sub(self.mark(from).count)
    }

    /// Returns the earliest instant at which `length` has passed since `from`; `from` itself for
    /// zero, open or not. `None` past the end of time or of the calendar.
    pub(crate) fn after(self, from: Instant, length: i64) -> Option<Instant> {
        self.after_mark(self.mark(from), length)
    }

    fn after_mark(self, from: Mark, length: i64) -> Option<Instant> {
        match self {
            Self::Wall => Instant::within(from.count.checked_add(length)?),
            Self::Open(_) if length < 0 => None,
            Self::Open(_) if length == 0 => Some(from.at),
            Self::Open(calendar) => calendar.after_worked(from.at, from.count, length).ok(),
        }
    }

    /// Returns the latest instant at which no more than `length` has passed since `from`: the same
    /// as [`Meter::after`] day and night, and later where that is a closing.
    fn last_after_mark(self, from: Mark, length: i64) -> Option<Instant> {
        match self {
            Self::Wall => Instant::within(from.count.checked_add(length)?),
            Self::Open(_) if length < 0 => None,
            Self::Open(calendar) => calendar.last_after_worked(from.at, from.count, length).ok(),
        }
    }
}

pub(crate) fn working(micros: i64) -> Option<WorkingTime> {
    WorkingTime::new(Span::from_micros(micros)).ok()
}

/// What a budget comes to once its start is known (SEMANTICS B).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance<'p> {
    /// What is counted.
    pub(crate) meter: Meter<'p>,
    /// How much, in microseconds; negative when a lead was too short from the outset; `None` when
    /// the calendar never gets that far.
    pub(crate) limit: Option<i64>,
}

impl<'p> Allowance<'p> {
    pub(crate) fn new(
        budget: &Budget,
        policy: &'p Policy,
        from: Instant,
        anchor: Option<Instant>,
    ) -> Self {
        match *budget {
            Budget::Elapsed(length) => Self {
                meter: Meter::Wall,
                limit: Some(length.micros()),
            },
            Budget::Working { length, calendar } => Self {
                meter: Meter::Open(policy.calendar_at(calendar)),
                limit: Some(length.micros()),
            },
            Budget::CalendarDays { days } => {
                let last = policy.zone().days_after(from, days.get()).ok();
                Self {
                    meter: Meter::Wall,
                    limit: last.map(|last| last.since(from).micros()),
                }
            }
            Budget::WorkingDays {
                days,
                until,
                calendar,
            } => {
                let calendar = policy.calendar_at(calendar);
                let last = match until {
                    DayEnd::Closing => calendar.working_day_closing(from, days),
                    DayEnd::SameTime => calendar.working_day_same_time(from, days),
                };
                let limit = last.ok().map(|last| calendar.elapsed(from, last).micros());
                Self {
                    meter: Meter::Open(calendar),
                    limit,
                }
            }
            Budget::Lead { length } => Self::lead(length, policy, from, anchor),
        }
    }

    /// Counted backwards from the anchor (B4).
    fn lead(length: Length, policy: &'p Policy, from: Instant, anchor: Option<Instant>) -> Self {
        let (meter, due) = match length {
            Length::Wall(length) => {
                let due = anchor.and_then(|anchor| anchor.micros().checked_sub(length.micros()));
                (Meter::Wall, due)
            }
            Length::Working { length, on } => {
                let Some(calendar) = policy.calendar_or_default(on) else {
                    return Self {
                        meter: Meter::Wall,
                        limit: None,
                    };
                };
                let due = anchor.and_then(|anchor| calendar.before(anchor, length).ok());
                (Meter::Open(calendar), due.map(Instant::micros))
            }
            // The policy document has no such lead.
            Length::WorkingDays { .. } => (Meter::Wall, None),
        };
        let limit = due.map(|due| match Instant::within(due) {
            Some(due) if due >= from => meter.between(from, due),
            _ => -1,
        });
        Self { meter, limit }
    }
}

/// The measured state of a clock under one attachment, at the end of it or at the reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally<'p> {
    pub(crate) allowance: Allowance<'p>,
    /// Where the counting of this attachment begins: the start, or the attachment itself.
    pub(crate) counts_from: Instant,
    /// E where the counting began: zero, or what was carried over.
    pub(crate) base: i64,
    /// E at the end.
    pub(crate) used: i64,
    /// The earliest instant at which E reaches the limit, passed or projected (C2).
    pub(crate) due_at: Option<Instant>,
    /// The latest instant at which E does not exceed the limit, passed or projected (C2).
    pub(crate) breach_after: Option<Instant>,
    /// Where E reached the limit in the segment that exceeded it, under this attachment (C2).
    pub(crate) breached_at: Option<Instant>,
    /// Whether E exceeded the limit as the attachment came (C8).
    pub(crate) over_at_birth: bool,
    /// What the clock did last.
    pub(crate) run: Run,
    /// Where the measuring stopped: the reading, the stop, or the next attachment.
    pub(crate) until: Instant,
}

impl<'p> Tally<'p> {
    /// Returns whether more than the budget has been used.
    pub(crate) fn is_over(&self) -> bool {
        self.allowance
            .limit
            .is_some_and(|limit| limit >= 0 && self.used > limit)
    }

    /// Returns whether a lead was too short from the outset.
    pub(crate) fn is_insufficient_lead(&self) -> bool {
        self.allowance.limit.is_some_and(|limit| limit < 0)
    }

    /// Counts one segment, and notes what it reaches.
    fn walk(&mut self, segment: Segment, limit: i64) {
        if segment.run != Run::Running {
            return;
        }
        let meter = self.allowance.meter;
        let [from, to] = [meter.mark(segment.from), meter.mark(segment.to)];
        let left = limit.saturating_sub(self.used);
        let passed = to.count.wrapping_sub(from.count);
        let used = self.used.saturating_add(passed);
        if used >= limit && (self.due_at.is_none() || used > limit) {
            // `due_at` may lie in an earlier segment that did not go on to exceed the budget.
            let reached = if left > 0 {
                meter.after_mark(from, left)
            } else {
                Some(segment.from)
            };
            self.due_at = self.due_at.or(reached);
            if used > limit {
                self.breached_at = self.breached_at.or(reached);
            }
        }
        if used > limit && self.breach_after.is_none() {
            self.breach_after = if left < 0 {
                Some(segment.from)
            } else {
                meter.last_after_mark(from, left)
            };
        }
        self.used = used;
    }
}

/// One goal of a clock and what it came to, where a goal fitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage<'p> {
    pub(crate) attachment: Attachment<'p>,
    /// When another goal took its place, if one did.
    pub(crate) replaced_at: Option<Instant>,
    pub(crate) tally: Option<Tally<'p>>,
}

/// Measures a clock goal after goal, up to `until` or the end of the clock. A goal that takes a
/// share over takes it from the last one that fitted: what a clock slept through is no goal's.
pub(crate) fn stages<'c, 'p>(
    clock: &'c Clock,
    ground: Ground<'c, 'p>,
    until: Instant,
) -> impl Iterator<Item = Stage<'p>> {
    let end = clock.end.map_or(until, |end| end.at.min(until));
    let mut attachments = clock.attachments().peekable();
    let mut before: Option<Tally<'p>> = None;
    std::iter::from_fn(move || {
        let attachment = ground.attachment(attachments.next()?)?;
        let replaced_at = attachments.peek().map(|next| next.at);
        let track = ground.track(&attachment);
        let until = replaced_at.unwrap_or(end);
        let tally = measure(clock, &attachment, before.as_ref(), track, until);
        before = tally.or(before);
        Some(Stage {
            attachment,
            replaced_at,
            tally,
        })
    })
}

/// Returns whether an ended clock is known to have kept within its budget, or to have had none that
/// counts at its end. Where that takes more than a look, as with several goals, it is not known.
pub(crate) fn ended_in_time(clock: &Clock, ground: Ground<'_, '_>) -> bool {
    let (Some(end), true) = (clock.end, clock.later.is_empty()) else {
        return false;
    };
    let Some(attachment) = ground.attachment(&clock.first) else {
        return false;
    };
    let Some(goal) = attachment.goal else {
        return true;
    };
    let from = clock.started_at;
    let allowance = Allowance::new(&goal.within, attachment.policy, from, clock.anchor);
    let Some(limit) = allowance.limit.filter(|limit| *limit >= 0) else {
        return true;
    };
    // No measure counts more than wall time, and none more than its calendar's open time.
    let wall = end.at.since(from).micros();
    wall <= limit || (from <= end.at && allowance.meter.between(from, end.at) <= limit)
}

/// Measures the one goal that a clock has had, up to `until` or its end.
#[inline(always)]
pub(crate) fn only<'p>(
    clock: &Clock,
    attachment: &Attachment<'p>,
    track: &PauseTrack,
    until: Instant,
) -> Option<Tally<'p>> {
    let until = clock.end.map_or(until, |end| end.at.min(until));
    measure(clock, attachment, None, track, until)
}

/// Measures one attachment of a clock. `before` is the tally of the last one before it that had a
/// goal, `until` the reading, the end of the clock, or the next attachment, whichever comes first.
#[inline]
fn measure<'p>(
    clock: &Clock,
    attachment: &Attachment<'p>,
    before: Option<&Tally<'p>>,
    track: &PauseTrack,
    until: Instant,
) -> Option<Tally<'p>> {
    let goal = attachment.goal?;
    let mode = match attachment.how {
        How::Start => Reclassify::Retroactive,
        How::Judged(mode) | How::Rebound(mode) => mode,
    };
    let afresh = matches!(mode, Reclassify::Forward | Reclassify::Reset);
    let from = if afresh {
        attachment.at
    } else {
        clock.started_at
    };
    let allowance = Allowance::new(&goal.within, attachment.policy, from, clock.anchor);
    let carried = before.filter(|_| mode == Reclassify::Carry);
    let carried = carried.and_then(|before| carry(before, allowance.limit));
    let base = carried.unwrap_or(0);
    let mut tally = Tally {
        allowance,
        counts_from: if carried.is_some() {
            attachment.at
        } else {
            from
        },
        base,
        used: base,
        due_at: None,
        breach_after: None,
        breached_at: None,
        over_at_birth: false,
        run: Run::Running,
        until,
    };
    let pauses = if clock.anchor.is_some() {
        0
    } else {
        attachment.target.pauses
    };
    // A budget that cannot be reached is never used up, but its use is still counted.
    let limit = allowance
        .limit
        .filter(|limit| *limit >= 0)
        .unwrap_or(i64::MAX);
    if tally.used >= limit {
        // Nothing is left from the outset: due whether the clock runs or not.
        tally.due_at = Some(tally.counts_from);
    }
    if tally.counts_from < attachment.at {
        for segment in Segments::new(track, pauses, &clock.gaps, tally.counts_from, attachment.at) {
            tally.walk(segment, limit);
        }
    }
    tally.begin(attachment, limit);
    if pauses & track.reasons() == 0 && clock.gaps.is_empty() {
        // Nothing ever stopped it.
        if attachment.at < until {
            tally.walk(Segment::running(attachment.at, until), limit);
        }
    } else {
        for segment in Segments::new(track, pauses, &clock.gaps, attachment.at, until) {
            tally.walk(segment, limit);
        }
        tally.run = run_at(track, pauses, clock, until);
    }
    tally.note_birth(clock, attachment);
    tally.project(clock, limit);
    Some(tally)
}

/// What the clock does at `at` and right after it.
fn run_at(track: &PauseTrack, pauses: u64, clock: &Clock, at: Instant) -> Run {
    let next = at.next().unwrap_or(at);
    Segments::new(track, pauses, &clock.gaps, at, next)
        .next()
        .map_or(Run::Running, |s| s.run)
}

/// The exact share used of the old budget, of the new one, rounded down to the microsecond. `None`
/// where there is no share: a lead that is too short or a calendar that never gets so far leaves
/// nothing to have a share of, and then the use counts from the start.
fn carry(before: &Tally<'_>, limit: Option<i64>) -> Option<i64> {
    let old = before.allowance.limit.filter(|old| *old >= 0)?;
    let new = limit.filter(|new| *new >= 0)?;
    if old == 0 {
        // A budget of nothing is used up from the outset.
        return Some(new);
    }
    let product = i128::from(before.used).saturating_mul(i128::from(new));
    let kept = product.checked_div(i128::from(old))?;
    i64::try_from(kept).ok()
}

impl Tally<'_> {
    /// Closes the time before the attachment: what was exceeded there was another promise's breach.
    fn begin(&mut self, attachment: &Attachment<'_>, limit: i64) {
        self.breached_at = None;
        self.over_at_birth = attachment.how != How::Start && self.used > limit;
        if self.over_at_birth && self.base > limit {
            // A carried share can be over without an instant at which it was reached.
            self.due_at = Some(attachment.at);
            self.breach_after = Some(attachment.at);
        }
    }

    /// A goal that was over as it came is breached where the clock first runs under it, also for a
    /// reading of that very instant, which has no segment yet: as the goal comes, as a pause ends,
    /// as the ticket is reopened.
    fn note_birth(&mut self, clock: &Clock, attachment: &Attachment<'_>) {
        let is_current = clock.current().by == attachment.by && clock.end.is_none();
        if is_current && self.over_at_birth && self.run == Run::Running {
            self.breached_at = self.breached_at.or(Some(self.until));
        }
    }

    /// Finds the instants that still lie ahead, as if the clock ran on from here (C2, C3).
    fn project(&mut self, clock: &Clock, limit: i64) {
        let stopped = clock.end.is_some_and(|end| end.at <= self.until);
        if limit == i64::MAX || !(stopped || self.run == Run::Running) {
            return;
        }
        let (from, left) = self.ahead(clock, limit);
        let meter = self.allowance.meter;
        let from = meter.mark(from);
        let due_at = meter.after_mark(from, left.max(0));
        let is_asleep = clock.anchor.is_some() && clock.is_suspended();
        if is_asleep && self.due_at.is_none() && due_at.is_none_or(|due_at| due_at <= self.until) {
            // Its instant went by while the ticket was resolved, so it never fell due.
            return;
        }
        if self.due_at.is_none() {
            self.due_at = due_at;
        }
        if self.breach_after.is_none() && left >= 0 {
            self.breach_after = meter.last_after_mark(from, left);
        }
    }

    /// Returns how much is left if the clock goes on, and from where that counts. A visit comes
    /// nearer while its ticket is resolved, so a lead clock that goes on has missed nothing (B4).
    const fn ahead(&self, clock: &Clock, limit: i64) -> (Instant, i64) {
        if clock.anchor.is_some() {
            (self.counts_from, limit.saturating_sub(self.base))
        } else {
            (self.until, limit.saturating_sub(self.used))
        }
    }

    /// Returns when the clock would fall due if it were resumed at the end of the tally (C3).
    pub(crate) fn due_if_resumed(&self, clock: &Clock) -> Option<Instant> {
        let limit = self.allowance.limit.filter(|limit| *limit >= 0)?;
        let (from, left) = self.ahead(clock, limit);
        self.allowance.meter.after(from, left.max(0))
    }
}
