//! Making read models from whole tickets, by several workers.

use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::slot::Slot;
use super::{Contiguity, Engine, Place, ProjectError, Projector};
use crate::event::{Offset, PartitionId, StreamId};
use crate::projection::{Needs, Poison};

/// How many tickets a worker takes at once.
const BATCH: usize = 256;

/// How far a building is.
///
/// Commits of other tenants and of policies are among `commits`, so the building may be done well before
/// `tickets` and `events` come near it.
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

/// What one worker has made.
type Made = Vec<(Box<dyn Slot>, Option<Poison>)>;

struct Worker {
    dispenser: Arc<Dispenser>,
    heads: Arc<[Offset]>,
    needs: Arc<[Needs]>,
    made: Made,
    report: mpsc::Sender<(u64, u64)>,
}

impl Projector {
    /// Makes every read model that has read nothing yet, or has stopped, anew from whole tickets, up
    /// to the end of the log; the others are left as they are. Then they follow like any other.
    ///
    /// Each ticket is read and folded once, for all of them together. `workers` tasks are started on
    /// the runtime of the caller, and ended when the future is dropped or `progress` breaks; then
    /// nothing has changed. `progress` is told after every few hundred tickets.
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
        let heads = self.heads().await?;
        let mut so_far = BuildProgress {
            commits: heads.iter().map(|head| head.get()).sum(),
            ..BuildProgress::default()
        };
        let (report, mut reports) = mpsc::channel(workers.max(1).saturating_mul(2));
        let mut tasks = self.start(&fresh, workers, &heads, &report);
        drop(report);
        while let Some((tickets, events)) = reports.recv().await {
            so_far.tickets = so_far.tickets.saturating_add(tickets);
            so_far.events = so_far.events.saturating_add(events);
            if progress(so_far).is_break() {
                return Err(ProjectError::Ended);
            }
        }
        let mut made: Vec<Made> = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            made.push(ended.map_err(|_| ProjectError::Worker)??);
        }
        // From here on nothing waits.
        for (order, number) in fresh.into_iter().enumerate() {
            if let Some(place) = self.places.get_mut(number) {
                place.take_over(made.iter_mut().filter_map(|made| take(made, order)), &heads);
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

    pub(super) async fn heads(&self) -> Result<Arc<[Offset]>, ProjectError> {
        let mut heads = Vec::new();
        for partition in self.engine.store.partitions().iter() {
            heads.push(self.engine.store.head(partition).await?);
        }
        Ok(heads.into())
    }

    fn start(
        &self,
        fresh: &[usize],
        workers: usize,
        heads: &Arc<[Offset]>,
        report: &mpsc::Sender<(u64, u64)>,
    ) -> JoinSet<Result<Made, ProjectError>> {
        let slots = || fresh.iter().filter_map(|number| self.places.get(*number));
        let needs: Arc<[Needs]> = slots().map(|place| place.slot.needs()).collect();
        let dispenser = Arc::new(Dispenser {
            engine: Arc::clone(&self.engine),
            after: Mutex::new(None),
        });
        let mut tasks = JoinSet::new();
        for _ in 0..workers.max(1) {
            let worker = Worker {
                dispenser: Arc::clone(&dispenser),
                heads: Arc::clone(heads),
                needs: Arc::clone(&needs),
                made: slots().map(|place| (place.slot.twin(), None)).collect(),
                report: report.clone(),
            };
            tasks.spawn(worker.run());
        }
        tasks
    }
}

/// Takes the slot of one projection from what a worker has made.
fn take(made: &mut Made, order: usize) -> Option<(Box<dyn Slot>, Option<Poison>)> {
    let (slot, poison) = made.get_mut(order)?;
    let twin = slot.twin();
    Some((std::mem::replace(slot, twin), poison.take()))
}

impl Place {
    fn take_over(
        &mut self,
        made: impl Iterator<Item = (Box<dyn Slot>, Option<Poison>)>,
        heads: &[Offset],
    ) {
        self.slot = self.slot.twin();
        self.stopped = None;
        for (twin, poison) in made {
            self.slot.absorb(twin);
            self.stopped = self.stopped.take().or(poison);
        }
        let partitions = (0..).map(PartitionId);
        let cursors = partitions.zip(heads);
        self.cursors = cursors
            .map(|(partition, head)| Contiguity::new(partition, *head))
            .collect();
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
        loop {
            let streams = self.dispenser.next().await?;
            if streams.is_empty() {
                return Ok(self.made);
            }
            let tickets = u64::try_from(streams.len()).unwrap_or(u64::MAX);
            let mut events = 0_u64;
            for stream in streams {
                events = events.saturating_add(self.take(stream).await?);
            }
            // Nobody listens when the caller has ended it.
            if self.report.send((tickets, events)).await.is_err() {
                return Err(ProjectError::Ended);
            }
        }
    }

    /// Takes one ticket; returns how many events it has.
    async fn take(&mut self, stream: StreamId) -> Result<u64, ProjectError> {
        let engine = &self.dispenser.engine;
        let partition = engine.store.partitions().of(&stream);
        let head = self.heads.get(usize::from(partition.0)).copied();
        let until = head.unwrap_or(Offset::START);
        let step = engine.whole(stream, until, &self.needs).await?;
        let opened = step.open();
        for (slot, poison) in &mut self.made {
            if poison.is_none() {
                *poison = opened.apply(slot.as_mut()).err();
            }
        }
        Ok(step.events())
    }
}
