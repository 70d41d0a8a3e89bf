//! A ticket and its clocks, at any instant and as known at any instant.

use std::sync::Arc;

use super::Engine;
use super::error::LoadError;
use super::load::Loaded;
use crate::clock::{self, BindingError, Bindings, Explanation, Reading};
use crate::escalation::{self, Notice};
use crate::event::{Revision, StreamId};
use crate::policy::PolicyBook;
use crate::ticket::Ticket;
use crate::time::Instant;

/// A ticket as it was read, with the policies that it is bound to.
///
/// Ask it about any instant: an instant of the past answers how the ticket stood then, as far as is
/// known now; take [`Engine::ticket_as_known_at`] for what was known then.
///
/// It is a copy: what is appended later does not change it, and reading it never asks the store again.
#[derive(Debug, Clone)]
pub struct View {
    ticket: Ticket,
    revision: Revision,
    book: Arc<PolicyBook>,
    taken_at: Instant,
}

impl Engine {
    /// Returns a ticket with everything that is known of it. One without any event is empty.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::event::Actor;
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// use punctual::ticket::{Acknowledged, Action, Command, Outcome, Received};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    /// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// let (ticket, desk) = (engine.stream("T-1")?, Actor::new("desk".parse()?));
    ///
    /// let receive: Action = Action::Receive(Received::default());
    /// engine.execute(&ticket, Command::new(receive, engine.now(), desk.clone())).await?;
    /// // Acknowledged at once, and typed in an hour later.
    /// let at_once = engine.now();
    /// clock.set("2026-03-09T10:00:00+08:00".parse()?);
    /// let acknowledge: Action = Action::Acknowledge(Acknowledged::default());
    /// engine.execute(&ticket, Command::new(acknowledge, at_once, desk)).await?;
    ///
    /// // What do we now know of half past nine, and what did we know then?
    /// let half_past = "2026-03-09T09:30:00+08:00".parse()?;
    /// let now_known = engine.ticket(&ticket).await?.readings(half_past)?;
    /// let then_known = engine.ticket_as_known_at(&ticket, half_past).await?.readings(half_past)?;
    /// let acknowledged = |readings: &[punctual::clock::Reading]| {
    ///     readings.iter().find(|r| r.clock.target.as_str() == "acknowledgement").map(|r| r.outcome)
    /// };
    /// assert_eq!(acknowledged(&now_known), Some(Outcome::Met));
    /// assert_eq!(acknowledged(&then_known), Some(Outcome::Breaching));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LoadError`] when its stream cannot be read, or names a policy version that is not there.
    ///
    /// # Complexity
    /// Linear in the events of the ticket.
    pub async fn ticket(&self, stream: &StreamId) -> Result<View, LoadError> {
        self.ticket_as_known_at(stream, Instant::MAX).await
    }

    /// Returns a ticket with what was known of it at an instant: the events with a `recorded_at` up
    /// to `known_at`, that instant included.
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
    /// let before = "2026-03-09T08:59:00+08:00".parse()?;
    /// let nothing = engine.ticket_as_known_at(&ticket, before).await?;
    /// assert_eq!(nothing.ticket().timeline().facts().len(), 0); // nobody had told us yet
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Engine::ticket`].
    pub async fn ticket_as_known_at(
        &self,
        stream: &StreamId,
        known_at: Instant,
    ) -> Result<View, LoadError> {
        let Loaded {
            ticket, revision, ..
        } = self.load(stream, known_at).await?;
        let book = self.book_for(&ticket).await?;
        let taken_at = self.now_for(&ticket).min(known_at);
        Ok(View {
            ticket,
            revision,
            book,
            taken_at,
        })
    }
}

impl View {
    /// Returns the facts.
    #[must_use]
    pub const fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// Returns where the stream stood as it was read.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Returns the policies that were published as it was read.
    #[must_use]
    pub fn book(&self) -> &PolicyBook {
        &self.book
    }

    /// Returns when the view was taken: the present, or the instant that it was asked for.
    #[must_use]
    pub const fn taken_at(&self) -> Instant {
        self.taken_at
    }

    /// Returns which policy versions apply at `at`.
    ///
    /// # Errors
    /// [`BindingError`] never, for a view of an engine: it was made with all the versions.
    pub fn bindings(&self, at: Instant) -> Result<Bindings<'_>, BindingError> {
        Bindings::recorded(self.ticket.timeline(), &self.book, at)
    }

    /// Returns how every promise stands at `at`, see [`clock::read`].
    ///
    /// # Errors
    /// As for [`View::bindings`].
    pub fn readings(&self, at: Instant) -> Result<Vec<Reading>, BindingError> {
        Ok(clock::read(self.ticket.timeline(), &self.bindings(at)?, at))
    }

    /// Accounts for every microsecond of every clock up to `at`, see [`clock::explain`].
    ///
    /// ```
    /// use punctual::language::Language;
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
    /// let view = engine.ticket(&ticket).await?;
    ///
    /// // The day after: an hour of a working day was allowed, and seven and a half have gone by.
    /// let explained = view.explain("2026-03-10T09:00:00+08:00".parse()?)?;
    /// let first = explained.iter().find(|it| it.reading.target().as_str() == "first-response");
    /// let first = first.ok_or("no such clock")?;
    /// assert_eq!(first.reading.elapsed.to_string(), "7h 30m");
    /// let wall: i64 = first.parts.iter().map(|part| part.interval.length().micros()).sum();
    /// assert_eq!(wall, first.wall_time().micros()); // every microsecond is accounted for, once
    /// # let _ = Language::English;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`View::bindings`].
    pub fn explain(&self, at: Instant) -> Result<Vec<Explanation>, BindingError> {
        Ok(clock::explain(
            self.ticket.timeline(),
            &self.bindings(at)?,
            at,
        ))
    }

    /// Returns how every rung stands at `at`, see [`escalation::notices`].
    ///
    /// ```
    /// use punctual::escalation::Standing;
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
    /// let view = engine.ticket(&ticket).await?;
    ///
    /// // Who is told next, and when, if nothing happens?
    /// let notices = view.notices("2026-03-09T09:30:00+08:00".parse()?)?;
    /// let next = notices.iter().filter(|it| it.standing == Standing::Ahead).min_by_key(|it| it.at);
    /// let next = next.ok_or("nobody")?;
    /// assert_eq!(next.role.as_str(), "specialist");
    /// assert_eq!(next.at, "2026-03-09T09:48:00+08:00".parse()?); // 80 % of an hour
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`View::bindings`].
    pub fn notices(&self, at: Instant) -> Result<Vec<Notice>, BindingError> {
        Ok(escalation::notices(&self.ticket, &self.bindings(at)?, at))
    }
}
