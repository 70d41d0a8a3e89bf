//! Read models that follow the log.

mod build;
mod keep;
mod making;
mod page;
mod scan;
mod slot;

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use build::BuildProgress;

use super::{Engine, LoadError};
use crate::event::{Offset, PartitionId};
use crate::projection::{Poison, Projection};
use crate::store::{Contiguity, Gap, Limit, ReadError};
use page::Opened;
use slot::{Running, Slot};

/// How much of the log is read at a time; so many tickets are in memory at once, at most.
const PAGE: Limit = Limit::events(2_048);

/// Read models of one tenant's tickets, each with its state and its place in the log.
///
/// It only reads. [`Projector::catch_up`] reads the log on from where each read model is;
/// [`Projector::build`] makes those that have read nothing yet from whole tickets, by several workers;
/// [`Projector::keep`] and [`Projector::restore`] carry the states over a restart.
///
/// **A new definition goes live without a gap** (blue and green): build it in a projector of its own,
/// while this one goes on, and [`Projector::switch`] to it.
///
/// **An event that a read model cannot take** stops that read model; the others go on. What it had
/// found is still there, as of somewhere within the page, and is never kept: see
/// [`Projector::standing`]. When the cause has been mended, build it anew.
///
/// ```
/// use std::sync::Arc;
/// use punctual::engine::{Engine, ManualClock, Options, Projector};
/// use punctual::event::Actor;
/// use punctual::policy::{AFTER_SALES, Notation, Policy};
/// use punctual::projection::{Figure, Period, Scorecard, Slice};
/// use punctual::ticket::{Action, Command, Received};
/// # use punctual_memory::MemoryStore;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
/// let options = Options::new("acme").with_clock(clock.clone());
/// let engine = Arc::new(Engine::open(Arc::new(MemoryStore::new()), options).await?);
/// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
///
/// let mut projector = Projector::new(engine.clone());
/// let scores = projector.add(Scorecard::of(&Policy::from_toml(AFTER_SALES)?));
///
/// let receive: Action = Action::Receive(Received::default());
/// let command = Command::new(receive, engine.now(), Actor::new("desk".parse()?));
/// engine.execute(&engine.stream("T-1")?, command).await?;
///
/// projector.catch_up().await?;
/// let march = Period::Month.of("2026-03-09".parse()?);
/// let score = projector.state(&scores).ok_or("removed")?.score(march, &Slice::All, engine.now());
/// assert_eq!(score.count(&Figure::Received), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Projector {
    /// Tells projectors of this process apart, so that a handle knows its own.
    id: u64,
    engine: Arc<Engine>,
    places: Vec<Place>,
    page: Limit,
}

/// Names a read model of a projector.
///
/// It carries the type of the read model, so [`Projector::state`] answers with the right one; a handle of
/// another projector is answered with `None`.
pub struct Handle<P> {
    projector: u64,
    number: usize,
    of: PhantomData<fn() -> P>,
}

impl<P> Clone for Handle<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Handle<P> {}

impl<P> fmt::Debug for Handle<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.number)
    }
}

/// A read model, how far it is, and what stopped it.
struct Place {
    slot: Box<dyn Slot>,
    cursors: Vec<Contiguity>,
    stopped: Option<Poison>,
}

/// Whether a read model follows the log.
///
/// ```
/// use std::sync::Arc;
/// use punctual::engine::{Engine, Options, Projector, Standing};
/// use punctual::projection::Queue;
/// # use punctual_memory::MemoryStore;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let engine = Engine::open(Arc::new(MemoryStore::new()), Options::new("acme")).await?;
/// let mut projector = Projector::new(Arc::new(engine));
/// let queue = projector.add(Queue);
/// match projector.standing(&queue).ok_or("no such read model")? {
///     Standing::Live => (),
///     Standing::Stopped(why) => eprintln!("the queue is as of some time ago: {why}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It follows.
    Live,
    /// It has stopped for good; its state is as of about then. Mend the cause and build it anew.
    Stopped(Poison),
}

/// Why the log could not be read on. Nothing is lost: the next call goes on where this one ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// The store did not answer, or what it holds is damaged.
    #[error("the log cannot be read")]
    Read(#[from] ReadError),
    /// A ticket cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The caller ended the building; what had been found is dropped.
    #[error("building was ended by its caller")]
    Ended,
    /// A worker of the building was cancelled with its runtime, or panicked.
    #[error("a worker of the building did not come back")]
    Worker,
    /// What is to take the place of a read model is behind it, has stopped, or is of another kind.
    #[error("{name} is not ready to be switched to; let it catch up first")]
    NotReady {
        /// Which.
        name: String,
    },
}

impl From<Gap> for ProjectError {
    fn from(gap: Gap) -> Self {
        Self::Read(gap.into())
    }
}

impl Projector {
    /// Returns a projector without any read model.
    #[must_use]
    pub fn new(engine: Arc<Engine>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            engine,
            places: Vec::new(),
            page: PAGE,
        }
    }

    /// Returns the same with pages of about so many events, by which its memory is bounded.
    #[must_use]
    pub fn with_page(self, page: Limit) -> Self {
        Self { page, ..self }
    }

    /// Adds a read model that has read nothing yet.
    pub fn add<P: Projection>(&mut self, projection: P) -> Handle<P> {
        let number = self.places.len();
        let cursors = self.starts();
        self.places.push(Place {
            slot: Box::new(Running::new(Arc::new(projection))),
            cursors,
            stopped: None,
        });
        Handle {
            projector: self.id,
            number,
            of: PhantomData,
        }
    }

    fn starts(&self) -> Vec<Contiguity> {
        let partitions = (0..self.engine.store.partitions().count()).map(PartitionId);
        let starts = partitions.map(|it| Contiguity::new(it, Offset::START));
        starts.collect()
    }

    /// Returns what a read model has found so far; `None` for a handle of another projector.
    #[must_use]
    pub fn state<P: Projection>(&self, handle: &Handle<P>) -> Option<&P::State> {
        self.running(handle).map(|running| &running.state)
    }

    /// Returns the definition of a read model; `None` for a handle of another projector.
    #[must_use]
    pub fn projection<P: Projection>(&self, handle: &Handle<P>) -> Option<&P> {
        self.running(handle).map(|it| it.projection.as_ref())
    }

    fn running<P: Projection>(&self, handle: &Handle<P>) -> Option<&Running<P>> {
        let slot: &dyn Any = self.place(handle)?.slot.as_any();
        slot.downcast_ref()
    }

    fn place<P>(&self, handle: &Handle<P>) -> Option<&Place> {
        let is_own = handle.projector == self.id;
        self.places.get(handle.number).filter(|_| is_own)
    }

    /// Returns whether a read model follows the log; `None` for a handle of another projector.
    #[must_use]
    pub fn standing<P>(&self, handle: &Handle<P>) -> Option<Standing> {
        let place = self.place(handle)?;
        Some(match &place.stopped {
            None => Standing::Live,
            Some(poison) => Standing::Stopped(poison.clone()),
        })
    }

    /// Returns how far a read model has read: the offset of the last commit, by partition; `None` for a
    /// handle of another projector.
    ///
    /// Compare it with [`EventStore::head`](crate::store::EventStore::head) to tell how far a read model is
    /// behind.
    #[must_use]
    pub fn position<P>(&self, handle: &Handle<P>) -> Option<Vec<Offset>> {
        let place = self.place(handle)?;
        Some(place.cursors.iter().map(Contiguity::after).collect())
    }

    /// Reads the log on to its end, for every read model that has not stopped.
    ///
    /// # Errors
    /// [`ProjectError`] when the log cannot be read; the next call goes on from there. Dropping the
    /// future loses nothing: a page counts as a whole or not at all.
    ///
    /// # Complexity
    /// In proportion to what was appended since, and, for read models that need tickets, to the
    /// whole history of the tickets that were appended to. Where none needs tickets, commits that
    /// nobody wants are passed over by their headers.
    pub async fn catch_up(&mut self) -> Result<(), ProjectError> {
        for partition in 0..usize::from(self.engine.store.partitions().count()) {
            while self.read_page(partition).await? {}
        }
        Ok(())
    }

    /// Reads the next page of a partition for those that are furthest behind; `false` at the end.
    async fn read_page(&mut self, partition: usize) -> Result<bool, ProjectError> {
        let Some(mut cursor) = self.furthest_behind(partition) else {
            return Ok(false);
        };
        let after = cursor.after();
        let read = self
            .engine
            .store
            .read_partition(cursor.partition(), after, self.page);
        let page = read.await?;
        cursor.admit(&page)?;
        let is_of_group = |place: &Place| {
            let at = place.cursors.get(partition).map(Contiguity::after);
            place.stopped.is_none() && at == Some(after)
        };
        let group = self.places.iter().filter(|place| is_of_group(place));
        let needs: Vec<_> = group.map(|place| place.slot.needs()).collect();
        let steps = self.engine.steps(&page, &needs).await?;
        // From here on nothing waits: a dropped future has taken all of the page or nothing.
        let places = self.places.iter_mut();
        let mut group: Vec<&mut Place> = places.filter(|place| is_of_group(place)).collect();
        for step in &steps {
            let opened = step.open();
            for place in &mut group {
                place.take(&opened);
            }
        }
        for place in group {
            if let Some(at) = place.cursors.get_mut(partition)
                && place.stopped.is_none()
            {
                *at = cursor;
            }
        }
        // Those that were in front may be behind now: look again.
        Ok(!page.is_last() || cursor.after() > after)
    }

    fn furthest_behind(&self, partition: usize) -> Option<Contiguity> {
        let live = self.places.iter().filter(|place| place.stopped.is_none());
        let cursors = live.filter_map(|place| place.cursors.get(partition).copied());
        cursors.min_by_key(Contiguity::after)
    }

    /// Puts a read model of another projector in the place of one of this: from here on the handle
    /// `old` names the new one, and `new` the old one, in the other projector.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, Options, Projector};
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::projection::{Cycles, Scorecard};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let engine = Arc::new(Engine::open(Arc::new(MemoryStore::new()), Options::new("acme")).await?);
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let mut live = Projector::new(engine.clone());
    /// let scores = live.add(Scorecard::of(&policy));
    /// live.catch_up().await?;
    ///
    /// // From Monday the worst cycle of each ticket is to count. It is built beside the one that is live.
    /// let mut beside = Projector::new(engine);
    /// let worst = beside.add(Scorecard::of(&policy).with_cycles(Cycles::Worst));
    /// beside.catch_up().await?;
    /// live.switch(&scores, &mut beside, &worst)?;
    /// assert_eq!(live.projection(&scores).map(Scorecard::cycles), Some(Cycles::Worst));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ProjectError::NotReady`] when the new one has read less than the old one, or has stopped, or
    /// the projectors are not of the same tenant and store, or a handle is of another projector.
    /// Nothing is changed then: let the other one catch up, and try again.
    pub fn switch<P: Projection>(
        &mut self,
        old: &Handle<P>,
        other: &mut Self,
        new: &Handle<P>,
    ) -> Result<(), ProjectError> {
        let is_ready = self.is_beside(other) && self.may_take(old, other, new).unwrap_or(false);
        let places = (
            self.places.get_mut(old.number),
            other.places.get_mut(new.number),
        );
        match places {
            (Some(blue), Some(green)) if is_ready => {
                std::mem::swap(blue, green);
                Ok(())
            }
            (blue, _) => Err(ProjectError::NotReady {
                name: blue.map(|it| it.slot.name()).unwrap_or_default(),
            }),
        }
    }

    /// Returns whether two projectors read the same log of the same tenant.
    fn is_beside(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.engine.store, &other.engine.store)
            && self.engine.tenant == other.engine.tenant
    }

    fn may_take<P: Projection>(
        &self,
        old: &Handle<P>,
        other: &Self,
        new: &Handle<P>,
    ) -> Option<bool> {
        self.running(old)?;
        other.running(new)?;
        let (blue, green) = (self.place(old)?, other.place(new)?);
        let behind = |(new, old): (&Contiguity, &Contiguity)| new.after() < old.after();
        let is_behind = green.cursors.iter().zip(&blue.cursors).any(behind);
        Some(green.stopped.is_none() && !is_behind)
    }
}

impl Place {
    /// Takes a step; stops at one that cannot be taken.
    fn take(&mut self, step: &Opened<'_>) {
        if self.stopped.is_none() {
            self.stopped = step.apply(self.slot.as_mut()).err();
        }
    }
}

impl fmt::Debug for Projector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.places.iter().map(|it| it.slot.name()).collect();
        f.debug_struct("Projector")
            .field("projections", &names)
            .finish_non_exhaustive()
    }
}
