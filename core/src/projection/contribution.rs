//! What one ticket contributes to a scorecard.
//!
//! A contribution is a pure function of one ticket as it stands, in three steps: what counts on the day of
//! receipt, what counts on the days on which something was done, and the promises. Each group of figures is
//! put under every slice that the ticket belongs to at that moment: class, level, channel and product as
//! they stand now, agent and team as they were then.
//!
//! | figure | day | slices of agent and team |
//! |---|---|---|
//! | intake, complaints, causes, escalated tickets | of receipt | the last |
//! | resolutions, inspections, reopenings | of the resolution | at the resolution |
//! | promises and margins | on which they were decided | at that instant |
//! | surveys, pauses, waivers, notices | their own | at that instant |
//!
//! A promise that still runs is no figure yet. It is contributed as an instant after which it is broken, so
//! that a scorecard asked later knows of it without looking at the ticket again.

use super::figure::{Figure, Promise, Served, Share, Slice, Verdict};
use super::lengths::step_of;
use super::scorecard::{Cycles, Scorecard};
use super::{Case, Poison};
use crate::calendar::ZoneTable;
use crate::clock::Reading;
use crate::event::{ActorId, FieldValue, Kind, ReasonId};
use crate::policy::Reason;
use crate::ticket::{Detail, Fact, MergeSide, Outcome, Status};
use crate::time::{CivilDate, Instant, Span};

/// What one ticket contributes: figures by day and slice, and the promises that time alone may yet
/// break.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contribution {
    pub(super) groups: Vec<Group>,
    pub(super) running: Vec<Running>,
}

/// Figures of one day and the same slices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) date: CivilDate,
    pub(super) slices: Vec<Slice>,
    pub(super) figures: Vec<(Figure, i128)>,
}

/// A promise that is in time up to an instant and broken after it, if nothing more happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) breach_after: Instant,
    pub(super) date: CivilDate,
    pub(super) promise: Promise,
    pub(super) slices: Vec<Slice>,
}

/// Gathers the contribution of one case.
pub(super) struct Gatherer<'a> {
    card: &'a Scorecard,
    case: &'a Case<'a>,
    facts: &'a [Fact],
    /// The slices that do not depend on who had the ticket.
    common: Vec<Slice>,
    owners: Vec<Tenure>,
    found: Contribution,
}

/// From when on somebody had a ticket.
struct Tenure {
    from: Instant,
    owner: Option<ActorId>,
    team: Option<FieldValue>,
}

impl<'a> Gatherer<'a> {
    pub(super) fn new(card: &'a Scorecard, case: &'a Case<'a>) -> Self {
        let facts = case.ticket().timeline().facts();
        Self {
            card,
            case,
            facts,
            common: common_slices(case.status()),
            owners: tenures(facts),
            found: Contribution::default(),
        }
    }

    /// Returns the contribution; `None` of a ticket that has not been received.
    pub(super) fn gather(mut self) -> Result<Option<Contribution>, Poison> {
        let Some(received_at) = self.case.status().received_at else {
            return Ok(None);
        };
        self.intake(received_at);
        self.service(received_at);
        self.surveys();
        self.pauses();
        self.told();
        self.promises();
        Ok(Some(self.found))
    }

    fn zone(&self) -> &'a ZoneTable {
        self.card.zone()
    }

    /// Returns the civil day of the scorecard's zone: a call at one in the morning in Shanghai belongs to
    /// that day there, whatever the day is in UTC.
    fn date(&self, at: Instant) -> CivilDate {
        self.zone().date_on(at).into()
    }

    /// Returns the slices of whoever had the ticket at `at`.
    fn slices(&self, at: Instant) -> Vec<Slice> {
        let mut slices = self.common.clone();
        let tenure = self.owners.iter().rfind(|tenure| tenure.from <= at);
        if let Some(tenure) = tenure {
            slices.extend(tenure.owner.clone().map(Slice::Agent));
            slices.extend(tenure.team.clone().map(Slice::Team));
        }
        slices
    }

    /// Puts figures under the day of `at`, for whoever had the ticket then.
    fn put(&mut self, at: Instant, figures: Vec<(Figure, i128)>) {
        let group = Group {
            date: self.date(at),
            slices: self.slices(at),
            figures,
        };
        self.found.groups.push(group);
    }

    fn at_last_of(&self, kind: Kind) -> Option<&'a Fact> {
        self.facts.iter().rfind(|fact| fact.kind == kind)
    }

    fn at_first_of(&self, kind: Kind) -> Option<Instant> {
        let first = self.facts.iter().find(|fact| fact.kind == kind);
        first.map(|fact| fact.at)
    }

    /// What counts on the day of receipt. It counts for whoever had the ticket last.
    fn intake(&mut self, received_at: Instant) {
        let status = self.case.status();
        let served = self.served();
        let mut figures = vec![
            (Figure::Received, 1),
            (Figure::Arrival(hour_of_week(self.zone(), received_at)), 1),
        ];
        if status.class.is_some() && status.class.as_ref() == self.card.complaint() {
            figures.push((Figure::Complaint, 1));
            figures.extend(served.clone().map(|who| (Figure::Complainant(who), 1)));
            if self.case.standing_resolution().is_some() {
                figures.push((Figure::ComplaintResolved, 1));
            }
        }
        figures.extend(served.map(|who| (Figure::Customer(who), 1)));
        if !self.case.ticket().told().escalated.is_empty() {
            figures.push((Figure::Escalated, 1));
        }
        if let Some(Detail::Cause(cause)) = self.at_last_of(Kind::Diagnosed).map(|it| &it.detail) {
            figures.push((Figure::Cause(cause.clone()), 1));
        }
        let group = Group {
            date: self.date(received_at),
            slices: self.slices(Instant::MAX),
            figures,
        };
        self.found.groups.push(group);
    }

    /// Returns who is counted as a customer: the one whose data the ticket carries, or the ticket itself, so
    /// that unnamed callers are not all one person.
    fn served(&self) -> Option<Served> {
        let ticket = self.case.ticket();
        let customer = ticket.customer().cloned().map(Served::Customer);
        customer.or_else(|| ticket.stream().cloned().map(Served::Ticket))
    }

    /// The first resolution says whether the remedy held; the resolution that stands says how long the
    /// service took and whether it was inspected. They are different days, unless it held at once.
    fn service(&mut self, received_at: Instant) {
        if let Some(first) = self.at_first_of(Kind::Resolved) {
            let mut figures = vec![(Figure::FirstResolved, 1)];
            let is_reopened = self
                .facts
                .iter()
                .any(|fact| fact.kind == Kind::Reopened && fact.at >= first);
            if is_reopened {
                figures.push((Figure::Reopened, 1));
            }
            self.put(first, figures);
        }
        let Some(resolved_at) = self.case.standing_resolution() else {
            return;
        };
        let length = resolved_at.since(received_at);
        let mut figures = vec![
            (Figure::Resolved, 1),
            (Figure::Resolution(step_of(length)), 1),
            (Figure::ResolutionMicros, micros(length)),
        ];
        if let Some(last) = self.case.inspection() {
            figures.push((Figure::Inspected, 1));
            if matches!(last.detail, Detail::Inspected { conforms: true }) {
                figures.push((Figure::Conforming, 1));
            }
        }
        self.put(resolved_at, figures);
    }

    /// Each answer counts on its own day; whether a customer who was asked has answered counts once a ticket,
    /// on the day of the first question, or of an answer that came unasked.
    fn surveys(&mut self) {
        let answers = self.facts.iter().filter(|it| it.kind == Kind::Surveyed);
        for fact in answers {
            if let Detail::Surveyed { satisfaction, .. } = &fact.detail {
                self.put(fact.at, vec![(Figure::Grade(*satisfaction), 1)]);
            }
        }
        let asked = self.at_first_of(Kind::SurveyAsked);
        let answered = self.at_first_of(Kind::Surveyed);
        if let Some(at) = asked.into_iter().chain(answered).min() {
            let mut figures = vec![(Figure::Asked, 1)];
            if answered.is_some() {
                figures.push((Figure::Answered, 1));
            }
            self.put(at, figures);
        }
    }

    /// Each pause by reason, from its beginning to what ended it.
    fn pauses(&mut self) {
        let horizon = self.case.horizon();
        for pause in pauses(self.facts, &self.case.reasons()) {
            let length = pause.until.unwrap_or(horizon).since(pause.from);
            self.put(
                pause.from,
                vec![
                    (Figure::Pause(pause.reason.clone()), 1),
                    (Figure::PauseMicros(pause.reason), micros(length)),
                ],
            );
        }
    }

    /// Notices by role, on the day on which they were owed and not on that on which somebody ticked.
    fn told(&mut self) {
        for told in &self.case.ticket().told().escalated {
            self.put(told.owed_at, vec![(Figure::Told(told.role.clone()), 1)]);
        }
        for fact in self.facts {
            if let Detail::Waived(clock) = &fact.detail {
                let promise = Promise {
                    agreement: clock.agreement.clone(),
                    target: clock.target.clone(),
                };
                self.put(fact.at, vec![(Figure::Waiver(promise), 1)]);
            }
        }
    }

    /// Response times are of first cycles whatever the report chooses; verdicts are of the cycles that it
    /// chooses.
    fn promises(&mut self) {
        let readings = self.case.readings();
        for reading in readings {
            self.response(reading);
        }
        for reading in chosen(readings, self.card.cycles()) {
            self.promise(reading);
        }
    }

    /// A clock that ended counts as a verdict and, if it is in compliance, as a margin: how much of the budget
    /// it took.
    fn promise(&mut self, reading: &Reading) {
        let promise = Promise::of(reading);
        let Some((verdict, at)) = verdict(reading) else {
            return self.running(reading, promise);
        };
        let mut figures = vec![(Figure::Promise(promise.clone(), verdict), 1)];
        if matches!(reading.outcome, Outcome::Met | Outcome::Breached)
            && let Some(budget) = reading.budget
        {
            let share = Share::of(reading.elapsed.micros(), budget.micros());
            figures.push((Figure::Margin(promise, share), 1));
        }
        self.put(at, figures);
    }

    /// The length of a first response is wall time: what a customer waited, nights included.
    fn response(&mut self, reading: &Reading) {
        let is_first = reading.cycle == 1
            && self.card.first_response().is_some_and(|promise| {
                (&promise.agreement, &promise.target) == (reading.agreement(), reading.target())
            });
        if let Some(stopped_at) = reading.stopped_at
            && is_first
            && matches!(reading.outcome, Outcome::Met | Outcome::Breached)
        {
            let length = reading.elapsed_wall.span();
            self.put(
                stopped_at,
                vec![
                    (Figure::Response(step_of(length)), 1),
                    (Figure::ResponseMicros, micros(length)),
                ],
            );
        }
    }

    /// A promise that is undecided, with the instant up to which it is in time. A clock that is paused
    /// or suspended has none: it stays in time for as long as nothing happens.
    fn running(&mut self, reading: &Reading, promise: Promise) {
        let Some(breach_after) = reading.breach_after else {
            return;
        };
        let Some(breached_at) = self.would_break(reading, breach_after) else {
            return;
        };
        self.found.running.push(Running {
            breach_after,
            date: self.date(breached_at),
            promise,
            slices: self.slices(breached_at),
        });
    }

    /// Returns the instant at which the breach will be said to have been, should it come to that.
    fn would_break(&self, reading: &Reading, breach_after: Instant) -> Option<Instant> {
        if let Some(due_at) = reading.due_at
            && due_at > self.case.horizon()
        {
            return Some(due_at);
        }
        // The budget was used up to the last before this stretch began: ask the clock itself.
        let then = self.case.readings_at(breach_after.next()?);
        let same = then.into_iter().find(|it| it.clock == reading.clock)?;
        same.breached_at
    }
}

/// Returns what became of a promise and when that was decided; `None` while it is undecided.
pub(super) fn verdict(reading: &Reading) -> Option<(Verdict, Instant)> {
    let verdict = Verdict::of(reading.outcome)?;
    let ended_at = reading.stopped_at;
    let at = match verdict {
        Verdict::Met | Verdict::Cancelled => ended_at?,
        Verdict::Breached => reading.breached_at.unwrap_or(reading.attached_at),
        Verdict::Waived => ended_at.unwrap_or(reading.started_at),
        Verdict::InsufficientLead => ended_at.unwrap_or(reading.attached_at),
    };
    Some((verdict, at))
}

/// Returns the readings that count for statistics (SEMANTICS C9).
pub(super) fn chosen(readings: &[Reading], cycles: Cycles) -> Vec<&Reading> {
    if cycles == Cycles::Sum {
        return readings.iter().collect();
    }
    let mut chosen: Vec<&Reading> = Vec::new();
    for reading in readings {
        let same = chosen.iter_mut().find(|it| is_same_promise(it, reading));
        match same {
            Some(kept) if cycles.prefers(kept) => *kept = reading,
            Some(_) => {}
            None => chosen.push(reading),
        }
    }
    chosen
}

/// All cycles of one target of one agreement are the same promise.
fn is_same_promise(a: &Reading, b: &Reading) -> bool {
    a.agreement() == b.agreement() && a.target() == b.target()
}

/// The slices that are the ticket's own, as it is judged now: a reclassified ticket moves as a whole.
fn common_slices(status: &Status) -> Vec<Slice> {
    let mut slices = vec![Slice::All];
    slices.extend(status.class.clone().map(Slice::Class));
    slices.extend(status.level.clone().map(Slice::Level));
    slices.extend(status.channel.clone().map(Slice::Channel));
    slices.extend(status.product.clone().map(Slice::Product));
    slices
}

/// Returns from when on who had the ticket. An assignment that leaves out the owner or the team keeps the
/// former one.
fn tenures(facts: &[Fact]) -> Vec<Tenure> {
    let mut tenures: Vec<Tenure> = Vec::new();
    for fact in facts {
        let Detail::Assigned(assigned) = &fact.detail else {
            continue;
        };
        let last = tenures.last();
        let (owner, team) =
            last.map_or((None, None), |last| (last.owner.clone(), last.team.clone()));
        tenures.push(Tenure {
            from: fact.at,
            owner: assigned.owner.clone().or(owner),
            team: assigned.team.clone().or(team),
        });
    }
    tenures
}

/// A pause for one reason; `until` is `None` while it lasts.
struct Pause {
    reason: ReasonId,
    from: Instant,
    until: Option<Instant>,
}

/// Returns the pauses of a ticket, each reason by itself (SEMANTICS C4). What touches is one pause,
/// and what has no length is none.
fn pauses(facts: &[Fact], reasons: &[&Reason]) -> Vec<Pause> {
    let mut pauses: Vec<Pause> = Vec::new();
    for fact in facts {
        let open = pauses.iter_mut().filter(|pause| pause.until.is_none());
        for pause in open.filter(|pause| ends_pause(fact, &pause.reason, reasons)) {
            pause.until = Some(fact.at);
        }
        if fact.kind == Kind::Paused
            && let Some(reason) = fact.reason()
        {
            begin(&mut pauses, reason, fact.at);
        }
    }
    pauses.retain(|pause| pause.until != Some(pause.from));
    pauses
}

/// A pause that begins where one for the same reason has just ended goes on; one inside another is
/// nothing.
fn begin(pauses: &mut Vec<Pause>, reason: &ReasonId, at: Instant) {
    let same = pauses.iter_mut().rfind(|pause| pause.reason == *reason);
    match same {
        Some(pause) if pause.until.is_none() => {}
        Some(pause) if pause.until == Some(at) => pause.until = None,
        Some(_) | None => pauses.push(Pause {
            reason: reason.clone(),
            from: at,
            until: None,
        }),
    }
}

/// Returns whether a fact ends the wait for a reason: by name, by all names, by what the policy says, or
/// because nobody waits any more.
fn ends_pause(fact: &Fact, reason: &ReasonId, reasons: &[&Reason]) -> bool {
    if ends_waiting(fact) {
        return true;
    }
    if fact.kind == Kind::Resumed {
        return fact.reason().is_none_or(|named| named == reason);
    }
    if fact.kind == Kind::Paused {
        return false;
    }
    let mut reasons = reasons.iter().filter(|known| known.id == *reason);
    reasons.any(|known| known.resumes_on.matches(fact))
}

/// Returns whether nobody waits any more, for whatever reason.
fn ends_waiting(fact: &Fact) -> bool {
    let ends = [
        Kind::Resolved,
        Kind::Closed,
        Kind::Declined,
        Kind::Withdrawn,
    ];
    ends.contains(&fact.kind) || fact.detail == Detail::Merged(MergeSide::Into)
}

/// Returns the hour of the week in a zone, from Monday 00:00.
fn hour_of_week(zone: &ZoneTable, at: Instant) -> u8 {
    use chrono::{Datelike, Timelike};
    let local = zone.local(at);
    let hour = local
        .weekday()
        .num_days_from_monday()
        .saturating_mul(24)
        .saturating_add(local.hour());
    u8::try_from(hour).unwrap_or(0)
}

fn micros(length: Span) -> i128 {
    i128::from(length.micros())
}
