//! What happened to one ticket, and what it did to its promises.

use serde::{Deserialize, Serialize};

use super::Poison;
use super::figure::Promise;
use crate::clock::{self, Activity, BindingError, Bindings, Reading};
use crate::event::{ActorId, Kind, Recorded, Version};
use crate::policy::PolicyBook;
use crate::ticket::{Fact, Outcome, TicketEvent, Timeline};
use crate::time::Instant;

/// One line of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened.
    pub at: Instant,
    /// What happened.
    pub moment: Moment,
    /// What it did to the promises, in the order of the policy.
    pub effects: Vec<Effect>,
}

/// What happened at a moment.
///
/// ```
/// use punctual::projection::{Moment, Promise};
///
/// let promise = Promise { agreement: "service".parse()?, target: "plan".parse()? };
/// let silent = Moment::BudgetRanOut { promise, cycle: 1 };
/// assert!(serde_json::to_string(&silent)?.starts_with(r#"{"budget-ran-out":"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Moment {
    /// An event was told.
    Event {
        /// Its version.
        version: Version,
        /// Its kind.
        kind: Kind,
        /// When the log learned of it.
        recorded_at: Instant,
        /// Who did it; `None` for the engine.
        actor: Option<ActorId>,
    },
    /// The budget of a promise ran out, whether or not anybody noticed.
    BudgetRanOut {
        /// The promise.
        promise: Promise,
        /// Its cycle, counted from 1.
        cycle: u32,
    },
}

/// What an event did to a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The promise.
    pub promise: Promise,
    /// Its cycle, counted from 1.
    pub cycle: u32,
    /// What it was doing; `None` when it begins here.
    pub from: Option<Activity>,
    /// What it does from here on.
    pub to: Activity,
    /// When it falls due now; `None` while it waits, and where it ended.
    pub due_at: Option<Instant>,
    /// How it stands now.
    pub outcome: Outcome,
}

/// Returns the history of a ticket in the order in which things happened: each event with what it
/// did to the promises, and the moments at which budgets ran out in silence.
///
/// A fact that was told late stands where it happened; `recorded_at` says when it became known. What
/// the engine recorded (warnings, breaches, escalations) is listed without effects, for it has none.
///
/// ```
/// use std::sync::Arc;
/// use punctual::event::Recorded;
/// use punctual::policy::{AFTER_SALES, Policy, PolicyBook};
/// use punctual::projection::{Moment, history};
/// use punctual::supervision;
/// use punctual::ticket::{Pending, Ticket, TicketEvent};
///
/// let mut book = PolicyBook::default();
/// book.add(Arc::new(Policy::from_toml(AFTER_SALES)?));
/// let mut ticket = Ticket::default();
/// let mut log: Vec<Recorded<TicketEvent>> = Vec::new();
/// let mut tell = |civil: &str, event: TicketEvent| -> Result<(), Box<dyn std::error::Error>> {
///     let at = civil.parse()?;
///     let pending = Pending { occurred_at: at, recorded_at: at, actor: None, subject: None, event };
///     let recorded = pending.recorded("acme/ticket/T-1".parse()?, &ticket);
///     ticket.apply(&recorded);
///     log.push(recorded);
///     if ticket.timeline().facts().len() == 1 {
///         for bound in supervision::bind(&ticket, &book) {
///             let pending =
///                 Pending { occurred_at: at, recorded_at: at, actor: None, subject: None, event: bound };
///             let recorded = pending.recorded("acme/ticket/T-1".parse()?, &ticket);
///             ticket.apply(&recorded);
///             log.push(recorded);
///         }
///     }
///     Ok(())
/// };
/// let received = serde_json::from_str(r#"{"type":"received","class":"complaint"}"#)?;
/// tell("2026-03-09T09:00:00+08:00", received)?;
/// tell("2026-03-09T09:01:00+08:00", serde_json::from_str(r#"{"type":"acknowledged"}"#)?)?;
/// tell("2026-03-09T10:00:00+08:00", serde_json::from_str(r#"{"type":"replied"}"#)?)?;
///
/// // Between receipt and answer the half hour of a complaint ran out, and nobody noticed.
/// let entries = history(&log, &book)?;
/// let silent = entries.iter().find(|it| matches!(it.moment, Moment::BudgetRanOut { .. }));
/// assert_eq!(silent.map(|it| it.at), Some("2026-03-09T09:30:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Poison::Binding`] when the ticket names a policy version that the book lacks.
///
/// # Complexity
/// Quadratic in the events: the clocks are read before and after each.
pub fn history(events: &[Recorded<TicketEvent>], book: &PolicyBook) -> Result<Vec<Entry>, Poison> {
    let mut ordered: Vec<&Recorded<TicketEvent>> = events.iter().collect();
    ordered.sort_by_key(|event| (event.occurred_at, event.version));
    let mut timeline = Timeline::default();
    // The first binding of an agreement applies from the beginning, whenever it was recorded.
    let bound = ordered.iter().filter_map(|event| Fact::of(event));
    let bound: Vec<Fact> = bound.filter(|fact| fact.bound().is_some()).collect();
    let mut entries = Vec::with_capacity(ordered.len());
    for event in &ordered {
        let at = event.occurred_at;
        let before = readings(&timeline, &bound, book, at)?;
        if let Some(fact) = Fact::of(event) {
            timeline.insert(fact);
        }
        let after = readings(&timeline, &bound, book, at)?;
        entries.push(Entry {
            at,
            moment: Moment::Event {
                version: event.version,
                kind: event.event.kind(),
                recorded_at: event.recorded_at,
                actor: event.actor.as_ref().map(|actor| actor.id.clone()),
            },
            effects: effects(&before, &after),
        });
    }
    entries.extend(silent(&timeline, book)?);
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

/// Reads the clocks of what had happened so far, under what the ticket was bound to.
fn readings(
    timeline: &Timeline,
    bound: &[Fact],
    book: &PolicyBook,
    at: Instant,
) -> Result<Vec<Reading>, Poison> {
    let mut with_bindings = timeline.clone();
    for fact in bound {
        if timeline.fact(fact.version).is_none() {
            with_bindings.insert(fact.clone());
        }
    }
    let bindings = Bindings::recorded(&with_bindings, book, at).map_err(poison)?;
    Ok(clock::read(timeline, &bindings, at))
}

/// Returns what an event changed: promises that began, ended, stood still, went on, or fall due at
/// another instant.
fn effects(before: &[Reading], after: &[Reading]) -> Vec<Effect> {
    let changed = after.iter().filter_map(|now| {
        let then = before.iter().find(|then| is_same_clock(then, now));
        let state = |reading: &Reading| (reading.activity, reading.due_at, reading.outcome);
        if then.is_some_and(|then| state(then) == state(now)) {
            return None;
        }
        Some(Effect {
            promise: Promise::of(now),
            cycle: now.cycle,
            from: then.map(|then| then.activity),
            to: now.activity,
            due_at: now.due_at.filter(|_| now.stopped_at.is_none()),
            outcome: now.outcome,
        })
    });
    changed.collect()
}

/// Returns whether two readings are of one clock, be it under another goal.
fn is_same_clock(a: &Reading, b: &Reading) -> bool {
    let id = |reading: &Reading| (Promise::of(reading), reading.clock.started_by);
    id(a) == id(b)
}

/// Returns the moments at which budgets ran out up to the last fact.
fn silent(timeline: &Timeline, book: &PolicyBook) -> Result<Vec<Entry>, Poison> {
    let horizon = timeline.facts().last().map_or(Instant::MIN, |fact| fact.at);
    let bindings = Bindings::recorded(timeline, book, horizon).map_err(poison)?;
    let readings = clock::read(timeline, &bindings, horizon);
    let broken = readings.iter().filter_map(|reading| {
        Some(Entry {
            at: reading.first_breached_at?,
            moment: Moment::BudgetRanOut {
                promise: Promise::of(reading),
                cycle: reading.cycle,
            },
            effects: Vec::new(),
        })
    });
    Ok(broken.collect())
}

fn poison(source: BindingError) -> Poison {
    Poison::Binding {
        stream: String::new(),
        source,
    }
}
