//! Making read models from whole tickets, by several workers.

use std::future::poll_fn;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};

use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinError, JoinSet};

use super::making::{Made, Making};
use super::scan::Scan;
use super::slot::Slot;
use super::{Contiguity, Engine, Place, ProjectError, Projector};
use crate::event::{Offset, PartitionId, StreamId};
use crate::projection::Needs;
use crate::store::TicketReader;

/// How many tickets a worker takes at once.
const BATCH: usize = 256;

/// How far a building is.
///
/// Commits of other tenants and of policies are among `commits`, so `tickets` and `events` may stay well
/// below `commits` when it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BuildProgress {
    /// The tickets that have been read.
    pub tickets: u64,
    /// Their events.
    pub events: u64,
    /// The commits of the whole log, of all tenants, as the building began: an upper bound of what
    /// there is to do.
    pub commits: u64,
}

/// Hands out the tickets, each once.
struct Dispenser {
    engine: Arc<Engine>,
    /// The last ticket handed out.
    after: Mutex<Option<StreamId>>,
}

/// The workers of one building. Dropped, they end at the next thing that they wait for.
struct Crew {
    tasks: JoinSet<Result<Made, ProjectError>>,
    reports: mpsc::Receiver<(u64, u64)>,
}

/// What is heard of the workers.
enum Heard {
    /// One has read so many tickets and events.
    Report(u64, u64),
    /// One has ended.
    Ended(Result<Result<Made, ProjectError>, JoinError>),
}

struct Worker {
    dispenser: Arc<Dispenser>,
    heads: Arc<[Offset]>,
    needs: Vec<Needs>,
    made: Made,
    report: mpsc::Sender<(u64, u64)>,
}

impl Projector {
    /// Makes every read model that has read nothing yet, or has stopped, anew from whole tickets, up
    /// to the end of the log; the others are left as they are. Then they follow like any other.
    ///
    /// For those that need tickets, each ticket is read and folded once, for all of them together, by
    /// `workers` tasks. For those that want events alone the log is read as it lies, by a task for each
    /// partition, and what nobody wants is passed over by its header. The tasks run on the runtime of
    /// the caller, and end when the future is dropped or `progress` breaks; then nothing has changed.
    /// What one task cannot read ends the others with it. A read model that refuses a change stops, and
    /// no task goes on with it; the others are made to the end.
    /// `progress` is told after every few hundred tickets or few thousand events.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, Options, Projector, Standing};
    /// use punctual::projection::Queue;
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let engine = Engine::open(Arc::new(MemoryStore::new()), Options::new("acme")).await?;
    /// let mut projector = Projector::new(Arc::new(engine));
    /// let queue = projector.add(Queue);
    /// projector
    ///     .build(2, |progress| {
    ///         eprintln!("{} tickets", progress.tickets);
    ///         ControlFlow::Continue(())
    ///     })
    ///     .await?;
    /// assert_eq!(projector.standing(&queue), Some(Standing::Live));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ProjectError`] when the log cannot be read, or the caller ended it; nothing is changed then.
    ///
    /// # Complexity
    /// Linear in the events; the memory of one state for each worker.
    ///
    /// # Panics
    /// Outside of a tokio runtime, when there is anything to make.
    pub async fn build(
        &mut self,
        workers: usize,
        mut progress: impl FnMut(BuildProgress) -> ControlFlow<()>,
    ) -> Result<(), ProjectError> {
        let fresh: Vec<usize> = self.fresh();
        if fresh.is_empty() {
            return Ok(());
        }
        let heads: Arc<[Offset]> = self.engine.heads().await?.into();
        let mut so_far = BuildProgress {
            commits: heads.iter().map(|head| head.get()).sum(),
            ..BuildProgress::default()
        };
        let mut crew = self.start(&fresh, workers, &heads);
        let mut made: Vec<Made> = Vec::new();
        while let Some(heard) = poll_fn(|context| crew.poll_heard(context)).await {
            match heard {
                Heard::Report(tickets, events) => {
                    so_far.tickets = so_far.tickets.saturating_add(tickets);
                    so_far.events = so_far.events.saturating_add(events);
                    if progress(so_far).is_break() {
                        return Err(ProjectError::Ended);
                    }
                }
                // The error of one ends all: what the others find would not be taken over.
                Heard::Ended(ended) => made.push(ended.map_err(|_| ProjectError::Worker)??),
            }
        }
        // From here on nothing waits.
        let places = self.places.iter_mut().enumerate();
        for (_, place) in places.filter(|(number, _)| fresh.contains(number)) {
            place.begin_anew(&heads);
        }
        for making in made.into_iter().flatten() {
            if let Some(place) = self.places.get_mut(making.number()) {
                place.take_over(making);
            }
        }
        Ok(())
    }

    pub(super) fn fresh(&self) -> Vec<usize> {
        let is_fresh = |place: &Place| {
            let mut cursors = place.cursors.iter();
            place.stopped.is_some() || cursors.all(|it| it.after() == Offset::START)
        };
        let numbered = self.places.iter().enumerate();
        let fresh = numbered.filter(|(_, place)| is_fresh(place));
        fresh.map(|(number, _)| number).collect()
    }

    fn start(&self, fresh: &[usize], workers: usize, heads: &Arc<[Offset]>) -> Crew {
        let (report, reports) = mpsc::channel(workers.max(1).saturating_mul(2));
        let stops: Vec<_> = self.places.iter().map(|_| Arc::default()).collect();
        let mut tasks = JoinSet::new();
        let needs = self.needs(fresh, true);
        if !needs.is_empty() {
            let dispenser = Arc::new(Dispenser {
                engine: Arc::clone(&self.engine),
                after: Mutex::new(None),
            });
            for _ in 0..workers.max(1) {
                let worker = Worker {
                    dispenser: Arc::clone(&dispenser),
                    heads: Arc::clone(heads),
                    needs: needs.clone(),
                    made: self.twins(fresh, true, &stops),
                    report: report.clone(),
                };
                tasks.spawn(worker.run());
            }
        }
        if !self.needs(fresh, false).is_empty() {
            for (partition, head) in (0..).map(PartitionId).zip(heads.iter()) {
                let scan = Scan {
                    engine: Arc::clone(&self.engine),
                    partition,
                    head: *head,
                    page: self.page,
                    made: self.twins(fresh, false, &stops),
                    report: report.clone(),
                    counts: needs.is_empty(),
                };
                tasks.spawn(scan.run());
            }
        }
        Crew { tasks, reports }
    }

    /// Returns what those need that need tickets, or those that do not.
    fn needs(&self, fresh: &[usize], tickets: bool) -> Vec<Needs> {
        let slots = self.slots(fresh, tickets);
        slots.map(|(_, slot)| slot.needs()).collect()
    }

    /// Returns those that need tickets, or those that do not, as if they had found nothing yet. All
    /// workers share the `stops` of all places.
    fn twins(&self, fresh: &[usize], tickets: bool, stops: &[Arc<AtomicBool>]) -> Made {
        let slots = self.slots(fresh, tickets);
        let twins = slots.map(|(number, slot)| {
            let stop = stops.get(number).map(Arc::clone).unwrap_or_default();
            Making::new(number, slot.twin(), stop)
        });
        twins.collect()
    }

    fn slots(&self, fresh: &[usize], tickets: bool) -> impl Iterator<Item = (usize, &dyn Slot)> {
        let slots = self.places.iter().map(|place| place.slot.as_ref());
        let numbered = slots.enumerate();
        numbered.filter(move |(number, slot)| {
            fresh.contains(number) && slot.needs().has_tickets() == tickets
        })
    }
}

impl Place {
    fn begin_anew(&mut self, heads: &[Offset]) {
        self.slot = self.slot.twin();
        self.stopped = None;
        let partitions = (0..).map(PartitionId);
        let cursors = partitions.zip(heads);
        self.cursors = cursors
            .map(|(partition, head)| Contiguity::new(partition, *head))
            .collect();
    }

    fn take_over(&mut self, making: Making) {
        let (slot, poison) = making.into_parts();
        self.slot.absorb(slot);
        self.stopped = self.stopped.take().or(poison);
    }
}

impl Crew {
    /// Reports come before the end of whoever made them; `None` when all have ended.
    fn poll_heard(&mut self, context: &mut Context<'_>) -> Poll<Option<Heard>> {
        if let Poll::Ready(Some((tickets, events))) = self.reports.poll_recv(context) {
            return Poll::Ready(Some(Heard::Report(tickets, events)));
        }
        let ended = self.tasks.poll_join_next(context);
        ended.map(|ended| ended.map(Heard::Ended))
    }
}

impl Dispenser {
    async fn next(&self) -> Result<Vec<StreamId>, ProjectError> {
        let mut after = self.after.lock().await;
        let engine = &self.engine;
        let listed = engine
            .store
            .list_streams(&engine.tickets, after.as_ref(), BATCH);
        let streams = listed.await?;
        if let Some(last) = streams.last() {
            *after = Some(last.clone());
        }
        Ok(streams)
    }
}

impl Worker {
    async fn run(mut self) -> Result<Made, ProjectError> {
        let engine = Arc::clone(&self.dispenser.engine);
        let mut reader = engine.codec.reader();
        loop {
            let streams = self.dispenser.next().await?;
            if streams.is_empty() || !self.made.iter().any(Making::goes_on) {
                return Ok(self.made);
            }
            let tickets = u64::try_from(streams.len()).unwrap_or(u64::MAX);
            let mut events = 0_u64;
            for stream in streams {
                events = events.saturating_add(self.take(stream, &mut reader).await?);
            }
            // Nobody listens when the caller has ended it.
            if self.report.send((tickets, events)).await.is_err() {
                return Err(ProjectError::Ended);
            }
        }
    }

    /// Takes one ticket; returns how many events it has.
    async fn take(
        &mut self,
        stream: StreamId,
        reader: &mut TicketReader<'_>,
    ) -> Result<u64, ProjectError> {
        let engine = &self.dispenser.engine;
        let partition = engine.store.partitions().of(&stream);
        let head = self.heads.get(usize::from(partition.0)).copied();
        let until = head.unwrap_or(Offset::START);
        let step = engine.whole(stream, until, &self.needs, reader).await?;
        let opened = step.open();
        for making in self.made.iter_mut().filter(|it| it.goes_on()) {
            making.take_with(|slot| opened.apply(slot));
        }
        Ok(step.events())
    }
}
