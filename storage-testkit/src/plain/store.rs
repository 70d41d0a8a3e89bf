//! The port's calls, each by walking the list of commits.
//!
//! What is the same for every backend is checked here before anything is looked up: is the handle open, is there
//! such a partition, does the append fit. Names and command ids are compared by one function each, so that the
//! defects of comparing (case, length) are each in one place.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use punctual::event::{CommandId, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommandDigest, EventStore, FoundCommand, Limit, Limits,
    PartitionPage, Partitions, ReadError, StreamPage,
};
use tokio::task::yield_now;

use super::Defect;
use super::fixture::Shared;
use super::state::{Entry, State};

/// A handle on a plain store. Handed out by [`Plain`](super::Plain)'s fixtures; as a store of one's own
/// `punctual-memory` is quicker in every respect.
#[derive(Debug)]
pub struct PlainStore {
    pub(super) shared: Arc<Shared>,
    partitions: Partitions,
    closed: AtomicBool,
    /// What this handle can see of the first partition, with [`Defect::StaleHandles`].
    pub(super) horizon: AtomicU64,
}

impl PlainStore {
    pub(super) fn new(shared: Arc<Shared>, partitions: Partitions) -> Self {
        let horizon = shared.state().head(PartitionId(0)).get();
        Self {
            shared,
            partitions,
            closed: AtomicBool::new(false),
            horizon: AtomicU64::new(horizon),
        }
    }

    pub(super) fn has(&self, defect: Defect) -> bool {
        self.shared.has(defect)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst) && !self.has(Defect::CloseIgnored)
    }

    pub(super) fn open(&self) -> Result<(), ReadError> {
        if self.is_closed() {
            return Err(ReadError::Closed);
        }
        Ok(())
    }

    pub(super) fn home(&self, stream: &StreamId) -> PartitionId {
        if self.has(Defect::PartitionByLength) {
            let length = stream.as_str().len() as u16;
            return PartitionId(length % self.partitions.count());
        }
        self.partitions.of(stream)
    }

    pub(super) fn known(&self, partition: PartitionId) -> Result<PartitionId, ReadError> {
        self.open()?;
        if self.partitions.has(partition) {
            return Ok(partition);
        }
        if self.has(Defect::PartitionsWrapped) {
            return Ok(PartitionId(partition.0 % self.partitions.count()));
        }
        Err(ReadError::no_such_partition(partition, self.partitions))
    }

    pub(super) fn same(&self, one: &StreamId, two: &StreamId) -> bool {
        if self.has(Defect::NamesFolded) {
            return one.as_str().eq_ignore_ascii_case(two.as_str());
        }
        if self.has(Defect::NamesCut) {
            let cut = |name: &StreamId| name.as_str().chars().take(199).collect::<String>();
            return cut(one) == cut(two);
        }
        one == two
    }

    /// Whether this handle can see the entry.
    pub(super) fn sees(&self, entry: &Entry) -> bool {
        let horizon = self.horizon.load(Ordering::SeqCst);
        !entry.hidden && (!self.has(Defect::StaleHandles) || entry.offset.get() <= horizon)
    }

    pub(super) fn of_stream<'a>(
        &'a self,
        state: &'a State,
        stream: &'a StreamId,
    ) -> impl Iterator<Item = &'a Entry> {
        let log = state.log(self.home(stream));
        log.iter().filter(|entry| self.same(&entry.stream, stream))
    }

    pub(super) fn version(&self, state: &State, stream: &StreamId) -> Version {
        let last = self.of_stream(state, stream).last();
        last.map_or(Version::NONE, Entry::last)
    }

    pub(super) fn found(
        &self,
        state: &State,
        stream: &StreamId,
        id: &CommandId,
    ) -> Option<FoundCommand> {
        let partition = self.home(stream);
        let global = self.has(Defect::CommandsGlobal);
        let cut = |id: &CommandId| {
            let most = if self.has(Defect::CommandIdsCut) {
                100
            } else {
                200
            };
            id.as_str().chars().take(most).collect::<String>()
        };
        let cut_away = self.has(Defect::CommandIdsCut) && id.as_str().len() > 100;
        let entries = state.log(partition).iter();
        let mut entries = entries
            .filter(|entry| global || self.same(&entry.stream, stream))
            .rev();
        let found = if self.has(Defect::OldCommandsForgotten) {
            entries
                .by_ref()
                .take(100)
                .find(|entry| entry.command.as_ref().is_some_and(|key| key.id == *id))
        } else {
            entries.find(|entry| {
                let key = entry.command.as_ref();
                key.is_some_and(|key| cut(&key.id) == cut(id)) && !cut_away
            })
        };
        let burnt = || {
            let (_, key) = state
                .burnt
                .iter()
                .find(|(name, key)| name == stream && key.id == *id)?;
            Some(FoundCommand {
                digest: key.digest,
                appended: Appended {
                    revision: Revision::default(),
                    partition,
                    offset: Offset::START,
                    replayed: true,
                },
            })
        };
        let Some(entry) = found else { return burnt() };
        let digest = entry.command.as_ref().map(|key| key.digest)?;
        let present = self.has(Defect::ReplayTellsPresent);
        let version = if present {
            self.version(state, stream)
        } else {
            entry.last()
        };
        Some(FoundCommand {
            digest,
            appended: Appended {
                revision: Revision::new(version),
                partition,
                offset: entry.offset,
                replayed: !self.has(Defect::ReplayUnmarked),
            },
        })
    }
}

/// Lets everyone else run. More than once: the scheduler takes turns that a single pause can fall in
/// step with. No clock is asked and nothing sleeps, so a broken store loses its race at every run.
pub(super) async fn a_while() {
    for _ in 0..5 {
        yield_now().await;
    }
}

#[async_trait]
impl EventStore for PlainStore {
    fn partitions(&self) -> Partitions {
        self.partitions
    }

    fn limits(&self) -> Limits {
        Limits::COMMON
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        if self.is_closed() {
            return Err(AppendError::Closed);
        }
        if append.records.is_empty() && self.has(Defect::EmptyAppendTaken) {
            return Ok(Appended {
                revision: Revision::default(),
                partition: self.home(&append.stream),
                offset: Offset::START,
                replayed: false,
            });
        }
        self.check_size(&append)?;
        let checked = self.dawdle(&append).await?;
        let append = self.changed(&self.shared.state(), append);
        let appended = {
            let mut state = self.shared.state();
            if state.poisoned {
                return Err(AppendError::Poisoned {
                    reason: "a fault was injected".to_owned(),
                });
            }
            if !checked && let Some(appended) = self.answer(&mut state, &append)? {
                return Ok(appended);
            }
            self.fail(&mut state, &append)?;
            self.write(&mut state, &append)
        };
        self.in_steps(&append).await;
        self.woken();
        Ok(appended)
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.open()?;
        let found = self.found(&self.shared.state(), stream, command);
        if self.has(Defect::FoundWithoutDigest) {
            let digest = CommandDigest::new([0; CommandDigest::BYTES]);
            return Ok(found.map(|found| FoundCommand { digest, ..found }));
        }
        Ok(found)
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.stream_page(stream, after, limit)
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.partition_page(partition, after, limit)
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.names(prefix, after, limit)
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        let partition = self.known(partition)?;
        Ok(self.shared.state().head(partition))
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        let partition = self.known(partition)?;
        self.shared.state().waiting += 1;
        let mut waited = false;
        let ended = loop {
            let mut grown = pin!(self.shared.grown.notified());
            let early = self.shared.state().head(partition);
            let slow = self.has(Defect::WakeLost);
            if slow && early <= offset {
                // Long enough for a writer to come to its end.
                for _ in 0..200 {
                    a_while().await;
                }
            }
            grown.set(self.shared.grown.notified());
            grown.as_mut().enable();
            if self.is_closed() && !self.has(Defect::CloseWakesNobody) {
                break Err(ReadError::Closed);
            }
            let head = if slow {
                early
            } else {
                self.shared.state().head(partition)
            };
            let reached = head == offset && self.has(Defect::WaitEndsAtOffset);
            let ignores = self.has(Defect::WaitIgnoresPast) && !waited;
            if (head > offset || reached) && !ignores {
                break Ok(head);
            }
            grown.await;
            waited = true;
        };
        let mut state = self.shared.state();
        state.waiting -= 1;
        state.just_woken = waited;
        if let Ok(head) = ended {
            self.horizon.fetch_max(head.get(), Ordering::SeqCst);
        }
        ended
    }

    async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.shared.grown.notify_waiters();
    }
}
