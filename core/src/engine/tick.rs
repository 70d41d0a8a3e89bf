//! What has come about by now, recorded.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use smol_str::SmolStr;

use super::Engine;
use super::draft::Draft;
use super::error::{ExecuteError, FollowError, LoadError};
use super::follow::Seen;
use super::load::Loaded;
use super::watch;
use crate::clock::Bindings;
use crate::event::{Kind, StreamId};
use crate::supervision;
use crate::ticket::{Ticket, TicketEvent};
use crate::time::{Instant, Span};

/// How many tickets one look at the agenda takes up.
const BATCH: usize = 1_024;

/// What one tick did.
///
/// A service logs the ticks that are not quiet and counts the failures; the figures are of this tick
/// alone. Whom to tell is read from the log by a [`Consumer`](super::Consumer), not from here: another
/// process may have ticked first.
///
/// ```
/// # use std::sync::Arc;
/// # use punctual::engine::{Engine, ManualClock, Options};
/// # use punctual::event::{Actor, Class};
/// # use punctual::policy::{AFTER_SALES, Notation};
/// # use punctual::ticket::{Action, Command, Received};
/// # use punctual_memory::MemoryStore;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
/// # let options = Options::new("acme").with_clock(clock.clone());
/// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
/// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
/// # let desk = Actor::new("desk".parse()?);
/// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
/// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
/// # };
/// let ticket = engine.stream("T-1")?;
/// engine.execute(&ticket, Command::new(receive("fault")?, engine.now(), desk)).await?;
/// let quiet = engine.tick(engine.now()).await?;
/// assert!(quiet.is_quiet());
/// assert_eq!(quiet.next_at, engine.next_at());
///
/// clock.set("2026-03-09T10:30:00+08:00".parse()?);
/// let tick = engine.tick(engine.now()).await?;
/// assert_eq!(tick.tickets, 1);
/// assert_eq!(tick.recorded(), tick.warned + tick.breached + tick.escalated);
/// assert!(tick.late > 0); // the rungs fell due before anybody looked
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Tick {
    /// How many tickets were looked at.
    pub tickets: usize,
    /// How many warnings were recorded.
    pub warned: usize,
    /// How many breaches were recorded, those at the attachment of a goal among them.
    pub breached: usize,
    /// How many rungs were recorded.
    pub escalated: usize,
    /// How many of the rungs were late: nobody had looked when they fell due.
    pub late: usize,
    /// The tickets that could not be dealt with, and why. Each is tried again: in a second where the
    /// store was busy or away, in a minute otherwise.
    pub failures: Vec<Failure>,
    /// When the next ticket is due; `None` when nothing is expected without a new fact.
    pub next_at: Option<Instant>,
}

/// A ticket that a tick could not deal with.
///
/// Read [`ExecuteError::is_transient`] to tell a store that was away from a ticket that somebody must
/// look at.
#[derive(Debug)]
pub struct Failure {
    /// The ticket.
    pub stream: StreamId,
    /// Why.
    pub error: ExecuteError,
}

impl Tick {
    /// Returns whether nothing was recorded and nothing failed.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.recorded() == 0 && self.failures.is_empty()
    }

    /// Returns how many events were recorded.
    #[must_use]
    pub const fn recorded(&self) -> usize {
        self.warned
            .saturating_add(self.breached)
            .saturating_add(self.escalated)
    }

    fn count(&mut self, event: &TicketEvent) {
        let kind = event.kind();
        let one_if = |counter: &mut usize, counts: bool| {
            *counter = counter.saturating_add(usize::from(counts));
        };
        one_if(&mut self.warned, kind == Kind::Warned);
        one_if(
            &mut self.breached,
            matches!(kind, Kind::Breached | Kind::BreachedOnAttach),
        );
        one_if(&mut self.escalated, kind == Kind::Escalated);
        if let TicketEvent::Escalated(escalated) = event {
            one_if(&mut self.late, escalated.late);
        }
    }

    /// Adds what a later tick did.
    ///
    /// For a service that reports once an hour what its ticks came to; `next_at` is that of the later one.
    pub fn add(&mut self, other: Self) {
        self.tickets = self.tickets.saturating_add(other.tickets);
        self.warned = self.warned.saturating_add(other.warned);
        self.breached = self.breached.saturating_add(other.breached);
        self.escalated = self.escalated.saturating_add(other.escalated);
        self.late = self.late.saturating_add(other.late);
        self.failures.extend(other.failures);
        self.next_at = other.next_at;
    }
}

/// One look at one ticket.
type Look = (StreamId, Result<Vec<TicketEvent>, ExecuteError>);

impl Engine {
    /// Records every warning, breach and rung that has come about by `now`, ticket by ticket in the
    /// order in which they fell due (SEMANTICS L3, L4).
    ///
    /// Only the tickets whose instant has come are looked at, each on fresh state. What was recorded
    /// before, by this engine or by another, is not recorded again. Ticking later, earlier or more
    /// often changes no verdict; a tick at an instant before the last one finds nothing to do.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::event::{Actor, Class};
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// use punctual::ticket::{Action, Command, Received};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    /// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    ///
    /// // A complaint: half an hour for a first answer, and nobody gives one.
    /// let class = Some(Class::new("complaint")?);
    /// let receive: Action = Action::Receive(Received { class, ..Received::default() });
    /// let command = Command::new(receive, engine.now(), Actor::new("desk".parse()?));
    /// engine.execute(&engine.stream("T-1")?, command).await?;
    ///
    /// clock.set("2026-03-09T09:30:00.000001+08:00".parse()?);
    /// let tick = engine.tick(engine.now()).await?;
    /// assert!(tick.breached >= 1 && tick.escalated >= 2);
    /// let again = engine.tick(engine.now()).await?;
    /// assert!(again.is_quiet());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FollowError`] when the log cannot be followed. A ticket that cannot be dealt with stops no
    /// other: it is in [`Tick::failures`], and tried again later.
    ///
    /// # Cancellation
    /// A dropped future has recorded some tickets and left the others due.
    ///
    /// # Complexity
    /// In proportion to the tickets that are due and to what others have appended; independent of
    /// the length of the log and of how many tickets are open or closed.
    pub async fn tick(&self, now: Instant) -> Result<Tick, FollowError> {
        self.catch_up().await?;
        let mut tick = Tick::default();
        while self.look_at_some(now, &mut tick).await {}
        watch::ticked(&tick, self.open_tickets());
        Ok(tick)
    }

    /// Deals with the earliest of the tickets that are due; returns whether there were any.
    pub(super) async fn look_at_some(&self, now: Instant, tick: &mut Tick) -> bool {
        self.forgive(now);
        let due = self.agenda().due(now, BATCH);
        let were_any = !due.is_empty();
        self.look_at(due, now, tick).await;
        tick.next_at = self.agenda().next_at();
        were_any
    }

    async fn look_at(&self, due: Vec<SmolStr>, now: Instant, tick: &mut Tick) {
        let mut waiting = due.into_iter();
        let mut looks = FuturesUnordered::new();
        loop {
            while looks.len() < self.settings.at_once
                && let Some(name) = waiting.next()
            {
                looks.push(self.look(name, now));
            }
            let Some((stream, found)) = looks.next().await else {
                return;
            };
            tick.tickets = tick.tickets.saturating_add(1);
            match found {
                Ok(events) => events.iter().for_each(|event| tick.count(event)),
                Err(error) => tick.failures.push(Failure { stream, error }),
            }
        }
    }

    /// Deals with one ticket. Whatever comes of it, its entry then lies after `now`, so that a tick
    /// comes to its end.
    async fn look(&self, name: SmolStr, now: Instant) -> Look {
        let stream = match self.stream(&name) {
            Ok(stream) => stream,
            // No name of a stream comes into the agenda that is none.
            Err(_) => return (self.any_ticket.clone(), Ok(Vec::new())),
        };
        let found = self.supervise(&stream, now).await;
        let later = match &found {
            Ok(_) => now.next(),
            Err(error) => now.checked_add(patience(error)).ok(),
        };
        let mut agenda = self.agenda();
        let is_put_off = found.is_err() || agenda.wake_at(&name).is_some_and(|at| at <= now);
        if is_put_off {
            agenda.put_off(&name, later.unwrap_or(Instant::MAX));
        }
        drop(agenda);
        let mut put_off = self.put_off.lock().unwrap_or_else(|e| e.into_inner());
        if is_put_off {
            put_off.insert(name, now);
        } else {
            put_off.remove(&name);
        }
        drop(put_off);
        (stream, found)
    }

    /// A look that was put off while the clock was ahead is due again once the clock has come back:
    /// it would be put off for as long as the clock was wrong.
    fn forgive(&self, now: Instant) {
        let mut put_off = self.put_off.lock().unwrap_or_else(|e| e.into_inner());
        let mut agenda = self.agenda();
        put_off.retain(|name, since| {
            let is_forgiven = *since > now;
            if is_forgiven {
                agenda.put_off(name, Instant::MIN);
            }
            !is_forgiven
        });
    }

    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", name = "look", skip_all, fields(stream = %stream))
    )]
    async fn supervise(
        &self,
        stream: &StreamId,
        now: Instant,
    ) -> Result<Vec<TicketEvent>, ExecuteError> {
        let most = self.store.limits().append_events;
        let mut told = Vec::new();
        let mut attempts = 0;
        while attempts < self.settings.attempts {
            let Loaded {
                ticket,
                revision,
                stay,
            } = self.load(stream, Instant::MAX).await?;
            let now = ticket.recorded_at().map_or(now, |last| last.max(now));
            let mut events = self.owed(&ticket, now).await?;
            if events.is_empty() {
                self.enter(Seen::Since(stay), &ticket, None, now);
                return Ok(told);
            }
            // After a long standstill more may be owed than one append holds: the rest comes next.
            let is_all = events.len() <= most;
            events.truncate(most);
            let mut draft = Draft::new(self, stream, ticket, stay);
            draft.add_derived(events.clone(), now)?;
            match draft.append(revision, None).await {
                Err(error) if error.is_conflict() => attempts = attempts.saturating_add(1),
                Err(error) => return Err(error),
                Ok(_) => {
                    told.extend(events);
                    if is_all {
                        return Ok(told);
                    }
                }
            }
        }
        Err(self.contended(stream))
    }

    async fn owed(&self, ticket: &Ticket, now: Instant) -> Result<Vec<TicketEvent>, LoadError> {
        let book = self.book_for(ticket).await?;
        let bindings = Bindings::recorded(ticket.timeline(), &book, now)?;
        Ok(supervision::supervise(ticket, &bindings, now))
    }
}

/// How long to wait before a ticket that could not be dealt with is tried again.
const fn patience(error: &ExecuteError) -> Span {
    if error.is_transient() {
        Span::SECOND
    } else {
        Span::MINUTE
    }
}
