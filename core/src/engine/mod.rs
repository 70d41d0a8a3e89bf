//! The engine: commands in, recorded events out, and everything owed told in time.
//!
//! An [`Engine`] puts the pure core to work on a store. It loads a ticket, folds it, decides, and
//! appends at the version that it decided at; it looks at tickets when something falls due, and
//! records what has come about. It keeps nothing that the log does not hold: drop it at any time and
//! open another, or run as many beside each other as you like, in one process or in several.
//!
//! ```
//! use std::sync::Arc;
//! use punctual::engine::{Engine, ManualClock, Options};
//! use punctual::event::{Actor, Class};
//! use punctual::policy::{AFTER_SALES, Notation};
//! use punctual::ticket::{Action, Command, Received};
//! # use punctual_memory::MemoryStore;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
//! let store = Arc::new(MemoryStore::new());
//! let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
//! engine.publish(AFTER_SALES, Notation::Toml, None).await?;
//!
//! // A product fault comes in by phone at nine.
//! let class = Some(Class::new("fault")?);
//! let receive: Action = Action::Receive(Received { class, ..Received::default() });
//! let ticket = engine.stream("T-1")?;
//! let desk = Actor::new("phone-desk".parse()?);
//! engine.execute(&ticket, Command::new(receive, engine.now(), desk)).await?;
//!
//! // Nobody calls back. At noon the engine records who had to be told.
//! clock.set("2026-03-09T12:00:00+08:00".parse()?);
//! let tick = engine.tick(engine.now()).await?;
//! assert!(tick.breached > 0 && tick.escalated > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to call
//!
//! | you want | call |
//! |---|---|
//! | to record that something happened | [`Engine::execute`] |
//! | to have everything owed told in time | [`Engine::run`], or [`Engine::tick`] by a timer of your own |
//! | a ticket and its clocks, now or at any instant | [`Engine::ticket`] |
//! | what was known of it at an instant | [`Engine::ticket_as_known_at`] |
//! | to send what is owed | [`Engine::consumer`] |
//! | to change the rules | [`Engine::publish`], and [`Engine::rebind`] for tickets that are open |
//! | to take over a history | [`Engine::import`] |
//!
//! # What it promises
//!
//! - **Once.** A rung is recorded once, however many engines tick: each appends at the version that
//!   it has seen, the log admits one of them, and the others look again and find it told. No lease
//!   is taken, and none is needed.
//! - **In time, or marked late.** The [`Agenda`] has one entry for each unfinished ticket. After a
//!   standstill everything still owed is recorded in the order in which it fell due.
//! - **Time never moves back for a ticket.** A decision is made at the latest of the clock and of what
//!   the ticket's log knew last. A clock that jumps makes nothing fire again, and nothing before the
//!   clock has shown its instant.
//! - **The same log and the same instants give the same events,** byte for byte.
//! - **Nothing hidden.** No task is spawned and no thread started; futures may be dropped at any
//!   time; nothing per command or per tick grows with the length of the log or with the number of
//!   closed tickets.
//!
//! # Where things are
//!
//! Streams are named `tenant/ticket/id` and `tenant/policy/id`. An engine has one tenant; several
//! tenants share a store, each with engines, policies and consumers of its own.
//!
//! # Watching it
//!
//! With feature `tracing`, executing a command and looking at a ticket are spans with the ticket's
//! stream as their field; with feature `metrics`, there are `punctual_commands_total` (by outcome),
//! `punctual_ticks_total`, `punctual_tickets_looked_at_total`,
//! `punctual_supervision_events_total` (by kind), `punctual_late_rungs_total`,
//! `punctual_tick_failures_total` and the gauge `punctual_open_tickets`. Neither ever carries what a
//! customer said.

mod agenda;
mod cache;
mod consumer;
mod digest;
mod draft;
mod error;
mod execute;
mod follow;
mod followed;
mod import;
mod keep;
mod library;
mod load;
mod now;
mod parts;
mod projector;
mod publication;
mod publish;
mod rebind;
mod run;
mod tick;
mod view;
mod watch;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use smol_str::SmolStr;
use tokio::sync::Notify;

pub use agenda::Agenda;
pub use consumer::{ConsumeError, Consumer};
pub use error::{ExecuteError, FollowError, LoadError, PolicyError, PublishError, RebindError};
pub use execute::{Executed, Request};
pub use library::published;
pub use now::{ManualClock, Now, SystemClock};
pub use projector::{BuildProgress, Handle, ProjectError, Projector, Standing};
pub use publish::Published;
pub use rebind::{MovedDeadline, Rebound};
pub use tick::{Failure, Tick};
pub use view::View;

use crate::event::{PartitionId, StreamError, StreamId};
use crate::policy::PolicyBook;
use crate::store::{Contiguity, EventStore, SnapshotStore, TicketCodec};
use crate::time::{Instant, Span};
use cache::Cache;
use follow::Seen;
use library::Library;
use load::Loaded;

/// The category of a ticket's stream.
const TICKET: &str = "ticket";
/// The category of a policy's stream.
const POLICY: &str = "policy";

/// How an engine is to work.
///
/// ```
/// use punctual::engine::Options;
/// use punctual::time::Span;
///
/// let options = Options::new("acme").with_skew(Span::SECOND);
/// # let _ = options;
/// ```
///
/// | option | unless set | changes |
/// |---|---|---|
/// | [`with_clock`](Options::with_clock) | the machine's clock | where the present comes from |
/// | [`with_snapshots`](Options::with_snapshots) | none | how long opening takes |
/// | [`with_skew`](Options::with_skew) | 1 minute | which `occurred_at` is refused |
/// | [`with_attempts`](Options::with_attempts) | 32 | how long a command stays with a contended ticket |
/// | [`with_at_once`](Options::with_at_once) | 64 | how many tickets a tick works on side by side |
/// | [`with_kept_tickets`](Options::with_kept_tickets) | 1,024 | memory, and the time of the next command on a ticket |
///
/// None of them changes a verdict.
#[derive(Debug, Clone)]
pub struct Options {
    tenant: String,
    clock: Arc<dyn Now>,
    snapshots: Option<Arc<dyn SnapshotStore>>,
    settings: Settings,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    skew: Span,
    attempts: u32,
    at_once: usize,
    kept: usize,
}

impl Options {
    /// Returns the usual options for a tenant: the machine's clock, a minute of skew, 32 attempts, 64
    /// tickets at once, 1,024 tickets kept.
    #[must_use]
    pub fn new(tenant: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            clock: Arc::new(SystemClock),
            snapshots: None,
            settings: Settings {
                skew: Span::MINUTE,
                attempts: 32,
                at_once: 64,
                kept: 1_024,
            },
        }
    }

    /// Takes the present from elsewhere.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Now>) -> Self {
        Self { clock, ..self }
    }

    /// Keeps the agenda there across restarts, see [`Engine::keep_agenda`]. Without it, opening looks
    /// at every ticket.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::Options;
    /// # use punctual_memory::MemorySnapshots;
    ///
    /// let options = Options::new("acme").with_snapshots(Arc::new(MemorySnapshots::default()));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn with_snapshots(self, snapshots: Arc<dyn SnapshotStore>) -> Self {
        Self {
            snapshots: Some(snapshots),
            ..self
        }
    }

    /// Sets how far a command's `occurred_at` may lie ahead of now (SEMANTICS T3).
    ///
    /// A command from further ahead is refused with
    /// [`DecideError`](crate::ticket::DecideError), and nothing is recorded.
    ///
    /// ```
    /// use punctual::engine::ExecuteError;
    /// use punctual::ticket::DecideError;
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
    ///
    /// // The front end's clock is two minutes fast; one minute is allowed.
    /// let ahead = "2026-03-09T09:02:00+08:00".parse()?;
    /// let ticket = engine.stream("T-1")?;
    /// let refused = engine.execute(&ticket, Command::new(receive("fault")?, ahead, desk)).await;
    /// assert!(matches!(refused, Err(ExecuteError::Refused(DecideError::Ahead { .. }))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_skew(mut self, skew: Span) -> Self {
        self.settings.skew = skew;
        self
    }

    /// Sets how often a command is decided anew when another writer was faster; at least once.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// Sets how many tickets a tick, or the building of the agenda, deals with side by side: a store
    /// that makes many appends durable together is kept busy. At least one.
    #[must_use]
    pub fn with_at_once(mut self, at_once: usize) -> Self {
        self.settings.at_once = at_once.max(1);
        self
    }

    /// Sets how many tickets are kept in memory between two commands on them; a few kilobytes each.
    /// It changes no answer. Zero keeps none.
    #[must_use]
    pub const fn with_kept_tickets(mut self, kept: usize) -> Self {
        self.settings.kept = kept;
        self
    }
}

/// The tickets and policies of one tenant in one store. See the [module](self).
///
/// Shared by reference or by [`Arc`]; every call may be made from several tasks at once.
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
/// assert_eq!((engine.tenant(), engine.open_tickets()), ("acme", 1));
/// // Acknowledged is promised within five minutes, so the engine looks again right after them.
/// assert_eq!(engine.next_at(), Some("2026-03-09T09:05:00.000001+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Engine {
    store: Arc<dyn EventStore>,
    clock: Arc<dyn Now>,
    snapshots: Option<Arc<dyn SnapshotStore>>,
    codec: Arc<TicketCodec>,
    settings: Settings,
    tenant: String,
    /// What the names of tickets' streams begin with.
    tickets: String,
    /// What the names of policies' streams begin with.
    policies: String,
    any_ticket: StreamId,
    any_policy: StreamId,
    library: Mutex<Library>,
    agenda: Mutex<Agenda>,
    /// The tickets whose look was put off, and since when.
    put_off: Mutex<BTreeMap<SmolStr, Instant>>,
    /// How far each partition has been followed.
    cursors: Mutex<Vec<Contiguity>>,
    cache: Mutex<Cache>,
    /// Told when a command brings the next due instant forward.
    sooner: Notify,
}

/// Why an engine was not opened.
///
/// A ticket that cannot be read is no reason: the engine opens, and the next tick names the ticket.
///
/// ```
/// use std::sync::Arc;
/// use punctual::engine::{Engine, OpenError, Options};
/// # use punctual_memory::MemoryStore;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let refused = Engine::open(Arc::new(MemoryStore::new()), Options::new("acme/east")).await;
/// assert!(matches!(refused, Err(OpenError::Tenant(_)))); // a slash divides the parts of a stream
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The tenant's name makes no stream.
    #[error(transparent)]
    Tenant(#[from] StreamError),
    /// The log cannot be read.
    #[error(transparent)]
    Follow(#[from] FollowError),
}

impl Engine {
    /// Opens an engine on a store: reads the policies, and takes up the agenda where it was kept
    /// ([`Options::with_snapshots`]), or builds it by a look at every ticket.
    ///
    /// # Errors
    /// [`OpenError`] when the tenant's name is none, or the log cannot be read. A ticket that cannot
    /// be read stops nothing: it is looked at by the next tick, which tells why.
    ///
    /// # Complexity
    /// With a kept agenda, in proportion to its entries and to what was appended since; otherwise to
    /// all events of the tenant's tickets. To show progress, see
    /// [`Engine::open_with`].
    pub async fn open(store: Arc<dyn EventStore>, options: Options) -> Result<Self, OpenError> {
        Self::open_with(store, options, |_| ()).await
    }

    /// Opens an engine like [`Engine::open`], and tells every thousand tickets how many have been
    /// looked at.
    ///
    /// For a start that looks at every ticket of a large log: without kept snapshots that takes as long as
    /// reading the log once.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, Options};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open_with(store, Options::new("acme"), |tickets| {
    ///     eprintln!("{tickets} tickets looked at");
    /// })
    /// .await?;
    /// assert_eq!(engine.open_tickets(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Engine::open`].
    pub async fn open_with(
        store: Arc<dyn EventStore>,
        options: Options,
        mut progress: impl FnMut(usize),
    ) -> Result<Self, OpenError> {
        let engine = Self::new(store, options)?;
        if engine.recall_agenda().await? {
            engine.refresh_policies().await.map_err(FollowError::from)?;
            engine.catch_up().await?;
            return Ok(engine);
        }
        // First the ends of the log, then the tickets: what is appended meanwhile is seen twice
        // rather than never.
        for partition in (0..engine.store.partitions().count()).map(PartitionId) {
            let head = engine
                .store
                .head(partition)
                .await
                .map_err(FollowError::from)?;
            let mut cursors = engine.cursors.lock().unwrap_or_else(|e| e.into_inner());
            if let Some(cursor) = cursors.get_mut(usize::from(partition.0)) {
                *cursor = Contiguity::new(partition, head);
            }
        }
        engine.refresh_policies().await.map_err(FollowError::from)?;
        engine.build_agenda(&mut progress).await?;
        Ok(engine)
    }

    fn new(store: Arc<dyn EventStore>, options: Options) -> Result<Self, StreamError> {
        let Options {
            tenant,
            clock,
            snapshots,
            settings,
        } = options;
        let any_ticket = StreamId::new(&tenant, TICKET, "-")?;
        let any_policy = StreamId::new(&tenant, POLICY, "-")?;
        let count = store.partitions().count();
        let start =
            |partition| Contiguity::new(PartitionId(partition), crate::event::Offset::START);
        Ok(Self {
            tickets: format!("{tenant}/{TICKET}/"),
            policies: format!("{tenant}/{POLICY}/"),
            cursors: Mutex::new((0..count).map(start).collect()),
            any_ticket,
            any_policy,
            tenant,
            clock,
            snapshots,
            settings,
            store,
            codec: Arc::new(TicketCodec::new()),
            library: Mutex::default(),
            agenda: Mutex::default(),
            cache: Mutex::new(Cache::new(settings.kept)),
            put_off: Mutex::default(),
            sooner: Notify::new(),
        })
    }

    async fn build_agenda(&self, progress: &mut impl FnMut(usize)) -> Result<(), FollowError> {
        let mut after: Option<StreamId> = None;
        let mut done = 0_usize;
        loop {
            let streams = self.tickets_after(after.as_ref(), 1_000).await?;
            let Some(last) = streams.last().cloned() else {
                return Ok(());
            };
            done = done.saturating_add(streams.len());
            self.enter_all(streams).await;
            progress(done);
            after = Some(last);
        }
    }

    async fn enter_all(&self, streams: Vec<StreamId>) {
        let mut waiting = streams.into_iter();
        let mut looks = FuturesUnordered::new();
        loop {
            while looks.len() < self.settings.at_once
                && let Some(stream) = waiting.next()
            {
                looks.push(self.enter_stream(stream));
            }
            if looks.next().await.is_none() {
                return;
            }
        }
    }

    async fn enter_stream(&self, stream: StreamId) {
        let seen = async {
            let Loaded { ticket, .. } = self.load(&stream, Instant::MAX).await?;
            self.book_for(&ticket).await?;
            Ok::<_, LoadError>(ticket)
        };
        match seen.await {
            Ok(ticket) => {
                self.enter(Seen::First, &ticket, None, self.now_for(&ticket));
            }
            Err(_) => {
                let name = stream
                    .as_str()
                    .strip_prefix(&self.tickets)
                    .unwrap_or_default();
                self.agenda().touch(name, crate::event::Version::FIRST);
            }
        }
    }

    /// Returns the stream of a ticket by its id.
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
    /// assert_eq!(engine.stream("2026/0417")?.as_str(), "acme/ticket/2026/0417");
    /// assert!(engine.stream("").is_err());
    /// # let _ = (desk, receive);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StreamError`] when the id is empty, not printable, or too long.
    pub fn stream(&self, id: &str) -> Result<StreamId, StreamError> {
        StreamId::new(&self.tenant, TICKET, id)
    }

    /// Returns whose tickets the engine has.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Returns the present by the engine's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    /// Returns when the next ticket is due; `None` when nothing is expected without a new fact. An instant
    /// that has passed means that a tick has something to look at: a ticket that is overdue, that others
    /// have appended to, or that has come back after it was finished.
    ///
    /// A hint of the agenda, never later than the truth as this engine knows it: what other processes have
    /// appended is seen by [`Engine::catch_up`] and by each tick.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.agenda().next_at()
    }

    /// Returns how many tickets are unfinished.
    ///
    /// Unfinished is a ticket that is open, and one that is not but has a clock that still lives or a rung
    /// ahead: a resolved ticket whose survey has to be asked is one of them.
    #[must_use]
    pub fn open_tickets(&self) -> usize {
        self.agenda().len()
    }

    fn book(&self) -> Arc<PolicyBook> {
        self.library().book()
    }

    fn library(&self) -> MutexGuard<'_, Library> {
        self.library.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn agenda(&self) -> MutexGuard<'_, Agenda> {
        self.agenda.lock().unwrap_or_else(|e| e.into_inner())
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("tenant", &self.tenant)
            .field("clock", &self.clock)
            .field("agenda", &*self.agenda())
            .finish_non_exhaustive()
    }
}
