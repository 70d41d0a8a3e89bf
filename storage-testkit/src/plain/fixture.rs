//! The plain store as a backend of the suite.
//!
//! A crash is simulated by what is durable: each log keeps how many of its commits would survive, an append moves
//! that number before it returns, and a crash cuts the log there. A store that acknowledges early is one that
//! moves the number too late.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use punctual::event::StreamId;
use punctual::store::{CheckpointStore, EventStore, Partitions, SnapshotStore};
use tokio::sync::Notify;

use super::beside::Beside;
use super::state::{State, entry, rewrite};
use super::{Defect, PlainStore};
use crate::fixture::{Backend, Fault, Fixture, Offer};

/// The plain store, sound or with a defect.
///
/// ```
/// use std::sync::Arc;
///
/// use punctual_testkit::plain::{Defect, Plain};
/// use punctual_testkit::{CHECKS, Stop};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// // Is a check of your own backend's suite worth anything? Ask what it finds.
/// let check = CHECKS.iter().find(|it| it.name == "a_wrong_token_changes_nothing").ok_or("none")?;
/// assert_eq!(check.run(Arc::new(Plain(None))).await, Ok(()));
/// let broken = check.run(Arc::new(Plain(Some(Defect::TokenBelieved)))).await;
/// assert!(matches!(broken, Err(Stop::Failed(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain(pub Option<Defect>);

/// What all handles share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) partitions: Partitions,
    pub(super) defect: Option<Defect>,
    state: Mutex<State>,
    pub(super) grown: Notify,
}

impl Shared {
    pub(super) fn has(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Backend for Plain {
    async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
        let count = usize::from(partitions.count());
        let state = State {
            logs: vec![Vec::new(); count],
            durable: vec![0; count],
            ..State::default()
        };
        Offer::Offered(Box::new(PlainFixture(Arc::new(Shared {
            partitions,
            defect: self.0,
            state: Mutex::new(state),
            grown: Notify::new(),
        }))))
    }

    fn patience(&self) -> Duration {
        // Nothing here takes time; the suite's own tests run on a clock that stands still meanwhile.
        Duration::from_secs(if self.0.is_some() { 2 } else { 20 })
    }
}

#[derive(Debug)]
struct PlainFixture(Arc<Shared>);

impl PlainFixture {
    fn has(&self, defect: Defect) -> bool {
        self.0.has(defect)
    }

    fn handle(&self, after_reopen: bool) -> Arc<dyn EventStore> {
        let forgets = after_reopen && self.has(Defect::PartitionsForgotten);
        let partitions = if forgets {
            Partitions::ONE
        } else {
            self.0.partitions
        };
        Arc::new(PlainStore::new(Arc::clone(&self.0), partitions))
    }
}

#[async_trait]
impl Fixture for PlainFixture {
    async fn open(&self) -> Arc<dyn EventStore> {
        self.handle(false)
    }

    async fn reopen(&self) -> Offer<Arc<dyn EventStore>> {
        let mut state = self.0.state();
        (state.fault, state.poisoned, state.locked) = (None, false, false);
        if self.has(Defect::LastCommitLostOnClose) {
            for log in &mut state.logs {
                log.pop();
            }
        }
        if self.has(Defect::OffsetLeftOutOnReopen) {
            state.skew = 1;
        }
        if self.has(Defect::CommandsVolatile) {
            let entries = state.logs.iter_mut().flatten();
            entries.for_each(|entry| entry.command = None);
        }
        if self.has(Defect::SnapshotAhead) {
            let kept = state.snapshots.values_mut();
            kept.for_each(|snapshot| snapshot.version = snapshot.version.next());
        }
        if self.has(Defect::CheckpointAhead) {
            for kept in state.checkpoints.values_mut() {
                let moved: Vec<_> = kept.iter().collect();
                moved.into_iter().for_each(|(p, at)| kept.set(p, at.next()));
            }
        }
        drop(state);
        Offer::Offered(self.handle(true))
    }

    async fn crash(&self) -> Offer<Arc<dyn EventStore>> {
        let mut state = self.0.state();
        (state.fault, state.poisoned, state.locked) = (None, false, false);
        let early = usize::from(self.has(Defect::AcknowledgedEarly));
        let State { logs, durable, .. } = &mut *state;
        for (log, kept) in logs.iter_mut().zip(durable) {
            log.truncate(kept.saturating_sub(early));
            *kept = log.len();
        }
        if self.has(Defect::OffsetLeftOutOnCrash) {
            state.skew = 1;
        }
        drop(state);
        Offer::Offered(self.handle(true))
    }

    async fn inject(&self, fault: Fault) -> Offer<()> {
        self.0.state().fault = Some(fault);
        Offer::Offered(())
    }

    async fn damage(&self, stream: &StreamId) -> Offer<()> {
        let mut state = self.0.state();
        let trusting = self.has(Defect::NothingVerified);
        for (partition, log) in (0..).map(punctual::event::PartitionId).zip(&mut state.logs) {
            let Some(found) = log.iter_mut().find(|entry| entry.stream == *stream) else {
                continue;
            };
            if trusting {
                // A store without checksums would answer the changed byte as if it were sound.
                let changed = rewrite(&found.records, |event| event.payload.push(b'!'));
                let Ok(records) = changed else { continue };
                let append = punctual::store::Append::new(
                    stream.clone(),
                    punctual::event::Expected::Any,
                    records,
                );
                *found = entry(&append, partition, found.offset, found.first, true);
            } else if let Some(byte) = found.sealed.last_mut() {
                *byte ^= 4;
            }
            break;
        }
        Offer::Offered(())
    }

    async fn snapshots(&self) -> Offer<Arc<dyn SnapshotStore>> {
        Offer::Offered(Arc::new(Beside(Arc::clone(&self.0))))
    }

    async fn checkpoints(&self) -> Offer<Arc<dyn CheckpointStore>> {
        Offer::Offered(Arc::new(Beside(Arc::clone(&self.0))))
    }
}
