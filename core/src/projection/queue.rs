//! Open tickets by what falls due next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figure::Promise;
use super::{Case, Poison, Sum};
use crate::clock::{Activity, Reading};
use crate::event::{ActorId, AgreementId, Class, FieldValue, Level, ReasonId, RoleId, StreamId};
use crate::ticket::{Outcome, Phase};
use crate::time::{Instant, Span};

/// The open tickets, and those that are resolved while a promise of theirs still runs, such as
/// asking how satisfied the customer is.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Filter, Queue, QueueState, Sum};
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let mut state = QueueState::default();
/// for (id, class) in [("T-1", "enquiry"), ("T-2", "complaint")] {
///     let receive = format!(r#"{{"type":"receive","class":"{class}"}}"#);
///     let ticket = ticket(id, &[
///         ("2026-03-09T09:00", &receive),
///         ("2026-03-09T09:01", r#"{"type":"acknowledge"}"#),
///     ])?;
///     let case = Case::new(&ticket, Bindings::to(&policy));
///     let entry = Queue.part(&case)?.ok_or("not open")?;
///     Queue.add(&mut state, case.stream().ok_or("no stream")?, entry);
/// }
///
/// // A complaint is to be answered in half an hour, an enquiry in two working hours.
/// let listed = state.list(&Filter::default(), 10);
/// let ids: Vec<&str> = listed.iter().map(|entry| entry.stream.id()).collect();
/// assert_eq!(ids, ["T-2", "T-1"]);
///
/// let enquiries = Filter { class: Some("enquiry".parse()?), ..Filter::default() };
/// assert_eq!(state.list(&enquiries, 10).len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Queue;

/// One ticket of the queue.
///
/// Everything that a list of tickets shows, so that no ticket has to be loaded for it. Instants are UTC;
/// `remaining` is as of the ticket's last fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// The ticket.
    pub stream: StreamId,
    /// When it was received.
    pub received_at: Instant,
    /// Who has it.
    pub owner: Option<ActorId>,
    /// Which team has it.
    pub team: Option<FieldValue>,
    /// The highest role that a ladder told of it, with its rank (SEMANTICS L6).
    pub tier: Option<(u16, RoleId)>,
    /// Its class.
    pub class: Option<Class>,
    /// Its level.
    pub level: Option<Level>,
    /// Whether it is resolved, and only a promise after the resolution is left.
    pub is_resolved: bool,
    /// What it waits for.
    pub waiting: Vec<ReasonId>,
    /// The promises that have not ended.
    pub promises: Vec<Waiting>,
}

/// A promise of an open ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which.
    pub promise: Promise,
    /// Its cycle, counted from 1.
    pub cycle: u32,
    /// What it is doing.
    pub activity: Activity,
    /// When it falls due, or fell due; `None` while it waits.
    pub due_at: Option<Instant>,
    /// The last instant that is in time; `None` while that is not known.
    pub breach_after: Option<Instant>,
    /// What was left of its budget, in its own measure, at the last fact.
    pub remaining: Option<Span>,
    /// Whether it was over by the last fact.
    pub is_over: bool,
}

impl Waiting {
    fn of(reading: &Reading) -> Self {
        Self {
            promise: Promise::of(reading),
            cycle: reading.cycle,
            activity: reading.activity,
            due_at: reading.due_at,
            breach_after: reading.breach_after,
            remaining: reading.remaining,
            is_over: reading.outcome == Outcome::Breaching,
        }
    }

    /// Returns whether the promise is broken at `now`, if nothing more has happened.
    ///
    /// A promise that waits is not broken by the passing of time: its clock stands still.
    #[must_use]
    pub fn is_broken(&self, now: Instant) -> bool {
        let has_passed = self.breach_after.is_some_and(|last| last < now);
        self.is_over || (self.activity == Activity::Running && has_passed)
    }
}

/// Which tickets are asked for; what is `None` is not asked about.
///
/// Everything that is set must fit. The default asks for all tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Whose they are.
    pub owner: Option<ActorId>,
    /// At least this rank was told.
    pub least_rank: Option<u16>,
    /// Of this class.
    pub class: Option<Class>,
    /// Of this level.
    pub level: Option<Level>,
    /// With a promise of this agreement; then only its promises count for the order.
    pub agreement: Option<AgreementId>,
}

impl Filter {
    fn admits(&self, entry: &QueueEntry) -> bool {
        let is_of_rank = |least| entry.tier.as_ref().is_some_and(|(rank, _)| *rank >= least);
        let has_agreement = |wanted: &AgreementId| {
            let mut promises = entry.promises.iter();
            promises.any(|it| it.promise.agreement == *wanted)
        };
        fits(self.owner.as_ref(), entry.owner.as_ref())
            && fits(self.class.as_ref(), entry.class.as_ref())
            && fits(self.level.as_ref(), entry.level.as_ref())
            && self.least_rank.is_none_or(is_of_rank)
            && self.agreement.as_ref().is_none_or(has_agreement)
    }
}

fn fits<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| found == Some(wanted))
}

impl QueueEntry {
    /// Returns the promise to sort by: the earliest that falls due, or fell due, and has not been
    /// fulfilled. `None` while all of them wait.
    #[must_use]
    pub fn next(&self, agreement: Option<&AgreementId>) -> Option<(Instant, &Waiting)> {
        let promises = self.promises.iter();
        let wanted = promises.filter(|it| agreement.is_none_or(|id| it.promise.agreement == *id));
        let due = wanted.filter_map(|it| Some((it.due_at?, it)));
        due.min_by_key(|(due_at, it)| (*due_at, it.promise.agreement.clone()))
    }
}

/// The entries by ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueState {
    entries: BTreeMap<StreamId, QueueEntry>,
}

/// How old the open tickets are and how near their deadlines, in counts.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Queue, QueueState, Sum};
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket("T-1", &[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"enquiry"}"#),
///     ("2026-03-09T09:01", r#"{"type":"acknowledge"}"#),
/// ])?;
/// let case = Case::new(&ticket, Bindings::to(&policy));
/// let mut state = QueueState::default();
/// let entry = Queue.part(&case)?.ok_or("not open")?;
/// Queue.add(&mut state, case.stream().ok_or("no stream")?, entry);
///
/// // Two working hours: due at eleven. At half past nine that is within four hours ...
/// let ageing = state.ageing("2026-03-09T09:30:00+08:00".parse()?);
/// assert_eq!((ageing.by_due[1], ageing.by_age[0]), (1, 1));
/// // ... and two days later it has been broken in silence.
/// let ageing = state.ageing("2026-03-11T09:30:00+08:00".parse()?);
/// assert_eq!((ageing.by_due[0], ageing.by_age[1]), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ageing {
    /// Broken; due within 4 hours, a day, 3 days, 7 days; later; waiting; without a promise.
    pub by_due: [u64; 8],
    /// Received within a day, 3 days, 7 days, 30 days; earlier.
    pub by_age: [u64; 5],
}

impl Ageing {
    /// The upper borders of `by_due` after the broken ones, in hours.
    pub const DUE_HOURS: [i64; 4] = [4, 24, 72, 168];
    /// The upper borders of `by_age`, in days.
    pub const AGE_DAYS: [i64; 4] = [1, 3, 7, 30];
}

impl QueueState {
    /// Returns the entry of a ticket.
    #[must_use]
    pub fn get(&self, stream: &StreamId) -> Option<&QueueEntry> {
        self.entries.get(stream)
    }

    /// Returns how many tickets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns how many of them are open: not resolved.
    #[must_use]
    pub fn open(&self) -> usize {
        self.entries.values().filter(|it| !it.is_resolved).count()
    }

    /// Returns whether there is no ticket.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the tickets asked for: those that fell due first in front, those that wait at the
    /// end; at most `most`.
    ///
    /// # Complexity
    /// Linear in the open tickets, and sorting those asked for.
    #[must_use]
    pub fn list(&self, filter: &Filter, most: usize) -> Vec<&QueueEntry> {
        let wanted = self.entries.values().filter(|entry| filter.admits(entry));
        let mut keyed: Vec<_> = wanted
            .map(|entry| {
                let next = entry.next(filter.agreement.as_ref());
                let due_at = next.map_or(Instant::MAX, |(due_at, _)| due_at);
                (due_at, &entry.stream, entry)
            })
            .collect();
        keyed.sort_unstable_by_key(|(due_at, stream, _)| (*due_at, *stream));
        keyed.into_iter().take(most).map(|it| it.2).collect()
    }

    /// Returns how old the open tickets are at `now`, and how near their deadlines; those that are
    /// resolved and have a promise left are not counted.
    #[must_use]
    pub fn ageing(&self, now: Instant) -> Ageing {
        let mut ageing = Ageing::default();
        for entry in self.entries.values().filter(|it| !it.is_resolved) {
            count(&mut ageing.by_due, due_step(entry, now));
            count(&mut ageing.by_age, age_step(entry, now));
        }
        ageing
    }
}

fn count(steps: &mut [u64], step: usize) {
    if let Some(count) = steps.get_mut(step) {
        *count = count.saturating_add(1);
    }
}

fn due_step(entry: &QueueEntry, now: Instant) -> usize {
    if entry.promises.iter().any(|it| it.is_broken(now)) {
        return 0;
    }
    if entry.promises.is_empty() {
        return 7;
    }
    let Some((due_at, _)) = entry.next(None) else {
        return 6;
    };
    let left = due_at.since(now).micros();
    let borders = Ageing::DUE_HOURS.iter();
    let passed = borders.take_while(|hours| left > hours.saturating_mul(Span::HOUR.micros()));
    passed.count().saturating_add(1)
}

fn age_step(entry: &QueueEntry, now: Instant) -> usize {
    let age = now.since(entry.received_at).micros();
    let borders = Ageing::AGE_DAYS.iter();
    let passed = borders.take_while(|days| age > days.saturating_mul(Span::DAY.micros()));
    passed.count()
}

impl Sum for Queue {
    type Part = QueueEntry;
    type State = QueueState;

    fn name(&self) -> &'static str {
        "queue"
    }

    fn version(&self) -> u32 {
        1
    }

    fn part(&self, case: &Case<'_>) -> Result<Option<QueueEntry>, Poison> {
        let status = case.status();
        let Some((received_at, stream)) = status.received_at.zip(case.stream()) else {
            return Ok(None);
        };
        let is_open = status.phase == Phase::Open;
        let living = case.readings().iter().filter(|it| it.stopped_at.is_none());
        let promises: Vec<Waiting> = living
            .filter(|it| is_open || it.activity == Activity::Running)
            .filter(|it| it.outcome != Outcome::Waived)
            .map(Waiting::of)
            .collect();
        if !is_open && promises.is_empty() {
            return Ok(None);
        }
        let told = case.ticket().told().escalated.iter();
        let tier = told.max_by_key(|told| told.rank);
        Ok(Some(QueueEntry {
            stream: stream.clone(),
            received_at,
            owner: status.owner.clone(),
            team: status.team.clone(),
            tier: tier.map(|told| (told.rank, told.role.clone())),
            class: status.class.clone(),
            level: status.level.clone(),
            is_resolved: !is_open,
            waiting: status.waiting.clone(),
            promises,
        }))
    }

    fn add(&self, state: &mut QueueState, stream: &StreamId, part: QueueEntry) {
        state.entries.insert(stream.clone(), part);
    }

    fn remove(&self, state: &mut QueueState, stream: &StreamId, _: QueueEntry) {
        state.entries.remove(stream);
    }

    fn merge(&self, state: &mut QueueState, other: QueueState) {
        state.entries.extend(other.entries);
    }
}
