//! Where the time went: every microsecond of a ticket's life, clock by clock (SEMANTICS C16).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ground::Attachment;
use super::life::How;
use super::machine::{moving_kinds, standing_kinds};
use super::measure::{Meter, Stage, stages};
use super::pauses::{Run, Segment, Segments, bit};
use super::reading::{Measured, Reading};
use super::{Bindings, State};
use crate::event::{CalendarId, PolicyId, ReasonId, Version};
use crate::policy::{Policy, Reclassify};
use crate::ticket::{Detail, Fact, Timeline};
use crate::time::{Instant, Interval, Span};

/// To what a stretch of time is attributed. Suspended wins over closed, closed over paused.
///
/// A pause at night is closed time: it costs nothing and gains nothing. A clock that counts wall
/// time is never closed.
///
/// ```
/// use punctual::clock::Attribution;
///
/// // In JSON a word, or a word with its reasons.
/// let paused = Attribution::Paused(vec!["awaiting-parts".parse()?]);
/// assert_eq!(serde_json::to_string(&paused)?, r#"{"paused":["awaiting-parts"]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribution {
    /// The clock had not started, or no goal had come to it yet.
    BeforeStart,
    /// It counted against the budget.
    Counting,
    /// The desk was closed.
    Closed,
    /// The desk was open and the clock waited for these reasons, in the order in which the policy
    /// declares them. Reasons that are not the target's are not among them.
    Paused(Vec<ReasonId>),
    /// The ticket was resolved.
    Suspended,
    /// The clock had ended, or its goal had gone.
    AfterStop,
}

/// A stretch of time with what it is attributed to.
///
/// The start belongs to it and the end does not, so parts side by side share an instant and no time.
///
/// ```
/// use punctual::clock::{self, Attribution, Bindings};
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[("2026-03-09T11:30", r#"{"type":"receive","class":"enquiry"}"#)])?;
/// let now = "2026-03-09T14:00:00+08:00".parse()?;
/// let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
/// let found = explained.iter().find(|it| it.reading.target().as_str() == "first-response");
/// let parts = &found.ok_or("no such promise")?.parts;
///
/// let what: Vec<&Attribution> = parts.iter().map(|part| &part.attribution).collect();
/// assert_eq!(what, [&Attribution::Counting, &Attribution::Closed, &Attribution::Counting]);
/// assert_eq!(parts[0].interval.end(), parts[1].interval.start()); // noon: no hole, no overlap
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// When.
    pub interval: Interval,
    /// To what.
    pub attribution: Attribution,
}

/// One goal that a clock has had, and how far the clock came under it.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::policy::{AFTER_SALES, Policy, Reclassify};
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// // At ten the fault turns out to be urgent: half an hour instead of four.
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"fault"}"#),
///     ("2026-03-09T10:00", r#"{"type":"classify","level":"urgent"}"#),
/// ])?;
/// let now = "2026-03-09T10:05:00+08:00".parse()?;
/// let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
/// let found = explained.iter().find(|it| it.reading.target().as_str() == "diagnosis");
/// let traces = &found.ok_or("no such promise")?.traces;
///
/// assert!(traces[0].is_superseded);
/// assert_eq!((traces[0].budget, traces[0].elapsed), (Some(Span::from_hours(4)?), Span::HOUR));
/// // The new goal counts from the original start, and was over as it came.
/// assert_eq!(traces[1].mode, Some(Reclassify::Retroactive));
/// assert_eq!(traces[1].budget, Some(Span::from_minutes(30)?));
/// assert_eq!(traces[1].breached_at, Some("2026-03-09T10:00:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The event that it came with.
    pub attached_by: Version,
    /// When it came.
    pub attached_at: Instant,
    /// The policy that promises it.
    pub policy: PolicyId,
    /// The version of that policy.
    pub policy_version: u32,
    /// All calendars of that version: with them a third party can work it out again.
    pub calendars: BTreeMap<CalendarId, u32>,
    /// How the use so far was taken over; `None` for the goal that came with the start.
    pub mode: Option<Reclassify>,
    /// How much it allowed, in its own measure; `None` where no goal fitted.
    pub budget: Option<Span>,
    /// How much had been used when it was replaced, when the clock ended, or at the reading.
    pub elapsed: Span,
    /// When it fell due, if it got that far or ran.
    pub due_at: Option<Instant>,
    /// When it was breached.
    pub breached_at: Option<Instant>,
    /// Whether another goal took its place. A superseded goal does not enter compliance (SEMANTICS
    /// C8).
    pub is_superseded: bool,
}

/// Why a clock reads as it does: enough for a third party to work it out again.
///
/// The [`parts`](Explanation::parts) follow each other without a hole from `Received` to the
/// reading, so their lengths sum to wall time (SEMANTICS C16).
///
/// ```
/// use punctual::clock::{self, Attribution, Bindings};
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[
///     ("2026-03-09T11:30", r#"{"type":"receive","class":"fault"}"#),
///     ("2026-03-09T14:00", r#"{"type":"reply"}"#),
/// ])?;
/// let now = "2026-03-09T15:00:00+08:00".parse()?;
/// let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
/// let found = explained.iter().find(|it| it.reading.target().as_str() == "first-response");
/// let first_response = found.ok_or("no such promise")?;
///
/// assert_eq!(
///     first_response.sums(),
///     [
///         (Attribution::Counting, Span::HOUR), // 11:30-12:00 and 13:30-14:00
///         (Attribution::Closed, Span::from_minutes(90)?), // lunch
///         (Attribution::AfterStop, Span::HOUR),
///     ],
/// );
/// assert_eq!(first_response.wall_time().to_string(), "3h 30m"); // 11:30 to 15:00
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What is explained.
    pub reading: Reading,
    /// Every goal that the clock has had, in the order in which they came.
    pub traces: Vec<Trace>,
    /// Where the time went, earliest first, from `Received` to the reading: no hole, no overlap,
    /// and never two of one attribution side by side.
    pub parts: Vec<Part>,
    /// The events that whoever re-checks the clock needs, in the order in which they happened: by their
    /// kind what could start, stop, cancel or pause it or an earlier cycle of it, what judged, ended,
    /// reopened or bound the ticket, up to the clock's end; and what waived it. The others could be
    /// missing from the ticket, and the reading would be the same.
    pub events: Vec<Version>,
}

impl Explanation {
    /// Returns the sum of the parts, attribution by attribution, in the order of [`Attribution`];
    /// what did not occur is left out. Wall time.
    #[must_use]
    pub fn sums(&self) -> Vec<(Attribution, Span)> {
        let mut sums: BTreeMap<Attribution, i64> = BTreeMap::new();
        for part in &self.parts {
            let sum = sums.entry(part.attribution.clone()).or_default();
            *sum = sum.saturating_add(part.interval.length().micros());
        }
        sums.into_iter()
            .map(|(what, sum)| (what, Span::from_micros(sum)))
            .collect()
    }

    /// Returns how much wall time was attributed to what `wanted` accepts; zero if nothing was.
    ///
    /// ```
    /// use punctual::clock::{self, Attribution, Bindings};
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
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let ticket = ticket(&[
    ///     ("2026-03-09T09:00", r#"{"type":"receive","class":"repair","level":"urgent"}"#),
    ///     ("2026-03-09T09:30", r#"{"type":"dispatch"}"#),
    ///     ("2026-03-09T11:00", r#"{"type":"pause","reason":"awaiting-parts"}"#),
    ///     ("2026-03-09T14:00", r#"{"type":"resume"}"#),
    /// ])?;
    /// let now = "2026-03-09T15:00:00+08:00".parse()?;
    /// let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
    /// let waited = |target: &str| {
    ///     let found = explained.iter().find(|it| it.reading.target().as_str() == target);
    ///     found.map(|it| it.sum_of(|what| matches!(what, Attribution::Paused(_))))
    /// };
    /// assert_eq!(waited("repair-arrival"), Some(Span::from_hours(3)?));
    /// assert_eq!(waited("repair-contact"), Some(Span::ZERO)); // one can call without parts
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sum_of(&self, wanted: impl Fn(&Attribution) -> bool) -> Span {
        let lengths = self.parts.iter().filter(|part| wanted(&part.attribution));
        let sum = lengths.fold(0_i64, |sum, part| {
            sum.saturating_add(part.interval.length().micros())
        });
        Span::from_micros(sum)
    }

    /// Returns the length of all parts together: from `Received` to the reading. The parts leave
    /// nothing out, so this is the difference of the two instants.
    #[must_use]
    pub fn wall_time(&self) -> Span {
        self.sum_of(|_| true)
    }
}

/// Returns the explanation of every clock of a ticket at `now`, in the order of
/// [`read`](super::read).
///
/// For people see [`Explanation::text`].
///
/// # Complexity
/// Linear in the facts and in the openings and closings that the clocks lived through. Far dearer
/// than a reading: meant for the one ticket that somebody asks about.
#[must_use]
pub fn explain(timeline: &Timeline, bindings: &Bindings<'_>, now: Instant) -> Vec<Explanation> {
    let state = State::new(timeline, bindings, now);
    let facts = timeline.until(now);
    let received_at = timeline.received_at().filter(|at| *at <= now);
    let explain_one = |measured: Measured<'_, '_>| {
        let born_at = received_at.map_or(measured.clock.started_at, |at| {
            at.min(measured.clock.started_at)
        });
        Explanation {
            reading: measured.reading(state.status()),
            traces: traces(&state, &measured),
            parts: parts(&state, &measured, born_at),
            events: events(facts, &measured),
        }
    };
    state.measured().map(explain_one).collect()
}

/// Returns the facts that made the clock what it is: those by which the ticket stood as it did, those
/// that could move it or an earlier cycle of it, up to its end, and whatever waives it.
fn events(facts: &[Fact], measured: &Measured<'_, '_>) -> Vec<Version> {
    let clock = measured.clock;
    let promises = clock
        .attachments()
        .filter_map(|it| measured.ground.promise(it));
    let kinds = promises.fold(0, |kinds, (binding, target)| {
        let agreement = binding.agreement;
        // A next reply waits for the end of its cycle 0.
        let cycle_0 = target.after.and_then(|first| agreement.targets.get(first));
        let of_cycle_0 = cycle_0.map_or(0, |first| moving_kinds(first, agreement));
        kinds | standing_kinds(binding) | moving_kinds(target, agreement) | of_cycle_0
    });
    let waives = |fact: &Fact| {
        matches!(&fact.detail, Detail::Waived(waived)
            if waived.cycle == clock.cycle
                && waived.target == measured.current.target.id
                && waived.agreement == *measured.current.agreement)
    };
    let is_one = |fact: &&Fact| {
        let is_in_time = clock.end.is_none_or(|end| fact.at <= end.at);
        waives(fact) || (is_in_time && kinds & fact.kind.bit() != 0)
    };
    let events = facts.iter().filter(is_one);
    events.map(|fact| fact.version).collect()
}

fn traces(state: &State<'_, '_>, measured: &Measured<'_, '_>) -> Vec<Trace> {
    let stages = stages(measured.clock, measured.ground, state.now);
    let trace = |stage: Stage<'_>| {
        let (attachment, tally) = (stage.attachment, stage.tally);
        let limit = tally.and_then(|tally| tally.allowance.limit);
        Trace {
            attached_by: attachment.by,
            attached_at: attachment.at,
            policy: attachment.policy.id().clone(),
            policy_version: attachment.policy.version(),
            calendars: calendar_versions(attachment.policy),
            mode: mode_of(&attachment),
            budget: limit.filter(|limit| *limit >= 0).map(Span::from_micros),
            elapsed: Span::from_micros(tally.map_or(0, |tally| tally.used)),
            due_at: tally.and_then(|tally| tally.due_at),
            breached_at: tally.and_then(|tally| tally.breached_at),
            is_superseded: stage.replaced_at.is_some(),
        }
    };
    stages.map(trace).collect()
}

fn calendar_versions(policy: &Policy) -> BTreeMap<CalendarId, u32> {
    policy
        .calendars()
        .iter()
        .map(|named| (named.id.clone(), named.version))
        .collect()
}

const fn mode_of(attachment: &Attachment<'_>) -> Option<Reclassify> {
    match attachment.how {
        How::Start => None,
        How::Judged(mode) | How::Rebound(mode) => Some(mode),
    }
}

/// A stretch of a clock's life with the goal that counts it.
struct Era<'p> {
    from: Instant,
    to: Instant,
    /// `None` where nothing was promised.
    counted: Option<(Attachment<'p>, Meter<'p>)>,
}

/// Divides the clock's life among its goals. A retroactive goal takes over the time before it; the
/// others begin where they came.
fn eras<'p>(state: &State<'_, 'p>, measured: &Measured<'_, 'p>) -> Vec<Era<'p>> {
    let clock = measured.clock;
    let end = clock.end.map_or(state.now, |end| end.at);
    let mut eras: Vec<Era<'p>> = Vec::new();
    for stage in stages(clock, measured.ground, state.now) {
        let (attachment, tally) = (stage.attachment, stage.tally);
        let until = stage.replaced_at.unwrap_or(end);
        let from = tally.map_or(attachment.at, |tally| tally.counts_from);
        while eras.last().is_some_and(|era| era.from >= from) {
            eras.pop();
        }
        if let Some(era) = eras.last_mut() {
            era.to = era.to.min(from);
        }
        let counted = tally.map(|tally| (attachment, tally.allowance.meter));
        eras.push(Era {
            from,
            to: until,
            counted,
        });
    }
    eras
}

fn parts(state: &State<'_, '_>, measured: &Measured<'_, '_>, born_at: Instant) -> Vec<Part> {
    let mut parts = Parts(Vec::new());
    let eras = eras(state, measured);
    let mut promised = false;
    let mut at = born_at;
    for era in &eras {
        parts.add(at, era.from, Attribution::BeforeStart);
        match &era.counted {
            None if promised => parts.add(era.from, era.to, Attribution::AfterStop),
            None => parts.add(era.from, era.to, Attribution::BeforeStart),
            Some((attachment, meter)) => {
                promised = true;
                let pauses = measured.pauses_under(attachment);
                let track = measured.ground.track(attachment);
                let gaps = &measured.clock.gaps;
                for segment in Segments::new(track, pauses, gaps, era.from, era.to) {
                    parts.add_segment(segment, *meter, attachment.policy);
                }
            }
        }
        at = era.to;
    }
    parts.add(at, state.now, Attribution::AfterStop);
    parts.0
}

struct Parts(Vec<Part>);

impl Parts {
    /// Adds a stretch, and lets it run together with one of the same kind in front of it.
    fn add(&mut self, from: Instant, to: Instant, attribution: Attribution) {
        let Ok(interval) = Interval::new(from, to) else {
            return;
        };
        if let Some(last) = self.0.last_mut()
            && last.attribution == attribution
            && last.interval.end() == from
            && let Ok(joined) = Interval::new(last.interval.start(), to)
        {
            last.interval = joined;
            return;
        }
        self.0.push(Part {
            interval,
            attribution,
        });
    }

    /// Splits a segment at the openings and closings of its calendar.
    fn add_segment(&mut self, segment: Segment, meter: Meter<'_>, policy: &Policy) {
        let open = match segment.run {
            Run::Suspended => {
                return self.add(segment.from, segment.to, Attribution::Suspended);
            }
            Run::Running => Attribution::Counting,
            Run::Paused(open) => Attribution::Paused(reasons(open, policy)),
        };
        let Meter::Open(calendar) = meter else {
            return self.add(segment.from, segment.to, open);
        };
        let Ok(range) = Interval::new(segment.from, segment.to) else {
            return;
        };
        let mut at = segment.from;
        for interval in calendar.intervals(range) {
            let (from, to) = (
                interval.start().max(segment.from),
                interval.end().min(segment.to),
            );
            self.add(at, from, Attribution::Closed);
            self.add(from, to, open.clone());
            at = to;
        }
        self.add(at, segment.to, Attribution::Closed);
    }
}

fn reasons(open: u64, policy: &Policy) -> Vec<ReasonId> {
    let declared = policy.reasons().iter().enumerate();
    declared
        .filter(|(place, _)| open & bit(*place) != 0)
        .map(|(_, reason)| reason.id.clone())
        .collect()
}

#[cfg(all(test, feature = "testing"))]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::clock;
    use crate::policy::AFTER_SALES;
    use crate::testing::histories;
    use crate::ticket::Ticket;

    static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::from_toml(AFTER_SALES).unwrap());

    fn only(timeline: &Timeline, events: &[Version]) -> Timeline {
        let mut kept = Timeline::default();
        let facts = timeline.facts().iter();
        facts
            .filter(|fact| events.contains(&fact.version))
            .for_each(|fact| kept.insert(fact.clone()));
        kept
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn the_events_of_an_explanation_are_all_that_its_reading_needs(
            history in histories(&POLICY),
            later in 0..100_i64,
        ) {
            let mut ticket = Ticket::default();
            history.log().iter().for_each(|event| ticket.apply(event));
            let timeline = ticket.timeline();
            let last = timeline.facts().last().map_or(Instant::MIN, |fact| fact.at);
            let now = Instant::clamped(last.micros() + later * Span::HOUR.micros());
            let bindings = Bindings::to(&POLICY);
            for explained in explain(timeline, &bindings, now) {
                let alone = only(timeline, &explained.events);
                let again = clock::read(&alone, &bindings, now);
                prop_assert!(again.contains(&explained.reading), "{:#?}", explained.reading);
            }
        }
    }
}
