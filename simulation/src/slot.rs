//! A place where an engine runs, with a clock and a store of its own.
//!
//! A slot outlives its engines. A crash drops the engine with all its tasks and keeps the clock, as a process that
//! is started again on the same machine has the same clock.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options};
use punctual::store::EventStore;
use punctual::time::{Instant, Span};
use tokio::sync::Notify;

use crate::rough::Rough;

/// One engine's place.
pub(crate) struct Slot {
    /// Whose tickets it has.
    pub(crate) tenant: String,
    /// Its clock.
    pub(crate) clock: Arc<ManualClock>,
    /// How far its clock is ahead of the true time.
    pub(crate) ahead: Span,
    /// The store as it sees it.
    pub(crate) store: Arc<Rough>,
    /// The engine, while it is up.
    pub(crate) engine: Opening,
    /// Whether it is being opened.
    pub(crate) is_opening: bool,
    /// Tells the engine that works by itself to end.
    pub(crate) stop: Option<Arc<Notify>>,
    /// What went wrong with its work.
    pub(crate) failed: Rc<RefCell<Option<String>>>,
    /// When a look at a ticket last failed.
    pub(crate) failed_at: Rc<RefCell<Option<Instant>>>,
    /// How many tickets it takes up side by side.
    pub(crate) at_once: usize,
}

/// Where an engine that has been opened is put.
pub(crate) type Opening = Rc<RefCell<Option<Arc<Engine>>>>;

impl Slot {
    /// Returns the engine, if it is up.
    pub(crate) fn up(&self) -> Option<Arc<Engine>> {
        self.engine.borrow().clone()
    }

    /// Sets its clock to its idea of the true time, and returns what it shows.
    pub(crate) fn set_clock(&self, now: Instant) -> Instant {
        let shown = now.checked_add(self.ahead).unwrap_or(now);
        // Setting it wakes whoever sleeps by it.
        if punctual::engine::Now::now(&*self.clock) != shown {
            self.clock.set(shown);
        }
        shown
    }

    /// Opens an engine; nothing comes of it when the store fails meanwhile.
    pub(crate) fn open(&self) -> impl Future<Output = ()> + 'static {
        let store = Arc::clone(&self.store) as Arc<dyn EventStore>;
        let clock = Arc::clone(&self.clock);
        let options = Options::new(&self.tenant)
            .with_clock(clock)
            .with_at_once(self.at_once);
        let place = Rc::clone(&self.engine);
        async move {
            if let Ok(engine) = Engine::open(store, options).await {
                *place.borrow_mut() = Some(Arc::new(engine));
            }
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("tenant", &self.tenant)
            .field("ahead", &self.ahead)
            .finish_non_exhaustive()
    }
}
