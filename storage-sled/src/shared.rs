//! What the handles, the writer and the settler of one open store share.
//!
//! | what | written by | read by |
//! |---|---|---|
//! | the tail | the writer adds, the settler takes the settled part out | every reader |
//! | the heads | the writer, after the tail | whoever waits |
//! | the checkpoints | the writer | loads, and the settler's jobs |
//! | how far everything is durable, and written | the writer, the thread that syncs | the next frame writes it down |
//! | the poison | whoever failed first, once | every write |
//!
//! Locks are held for as long as it takes to copy pointers, never over a call to the disk or to sled, but for
//! `snapshots`, which orders those who change snapshots.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{
    Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};

use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, Partitions};
use tokio::sync::{oneshot, watch};

use crate::Mode;
use crate::layout::Layout;
use crate::settle::Desk;
use crate::table::Table;
use crate::tail::Tail;

/// One open store.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) partitions: Partitions,
    pub(crate) mode: Mode,
    pub(crate) table: Table,
    tail: RwLock<Tail>,
    /// What readers may see of each partition; moves after the tail does.
    pub(crate) heads: Vec<watch::Sender<Offset>>,
    checkpoints: Mutex<BTreeMap<ConsumerId, Checkpoint>>,
    pub(crate) desk: Desk,
    /// The last frame that is known to be durable.
    pub(crate) durable: AtomicU64,
    poisoned: OnceLock<String>,
    /// The last frame that was written.
    pub(crate) written: AtomicU64,
    /// Held by whoever changes snapshots.
    pub(crate) snapshots: Mutex<()>,
    /// Dropped after the tree, and so unlocked.
    _layout: Layout,
    /// Dropped last: whoever waits for the store to be gone hears of it.
    _gone: oneshot::Sender<()>,
}

impl Shared {
    pub(crate) fn new(
        (partitions, mode): (Partitions, Mode),
        table: Table,
        tail: Tail,
        checkpoints: BTreeMap<ConsumerId, Checkpoint>,
        sequence: u64,
        (layout, gone): (Layout, oneshot::Sender<()>),
    ) -> Self {
        let heads = partitions
            .iter()
            .map(|partition| watch::Sender::new(tail.head(partition)));
        Self {
            partitions,
            mode,
            table,
            heads: heads.collect(),
            tail: RwLock::new(tail),
            checkpoints: Mutex::new(checkpoints),
            desk: Desk::default(),
            durable: AtomicU64::new(sequence),
            written: AtomicU64::new(sequence),
            poisoned: OnceLock::new(),
            snapshots: Mutex::new(()),
            _layout: layout,
            _gone: gone,
        }
    }

    /// Returns the tail for reading. Copy what is needed and let go: the writer waits for it.
    pub(crate) fn tail(&self) -> RwLockReadGuard<'_, Tail> {
        self.tail.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tail_mut(&self) -> RwLockWriteGuard<'_, Tail> {
        self.tail.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn checkpoints(&self) -> MutexGuard<'_, BTreeMap<ConsumerId, Checkpoint>> {
        self.checkpoints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns where these consumers are now, the start for those that were forgotten.
    pub(crate) fn checkpoints_of(
        &self,
        consumers: &BTreeSet<ConsumerId>,
    ) -> Vec<(ConsumerId, Checkpoint)> {
        let known = self.checkpoints();
        let of = |consumer: &ConsumerId| {
            let checkpoint = known.get(consumer).cloned().unwrap_or_default();
            (consumer.clone(), checkpoint)
        };
        consumers.iter().map(of).collect()
    }

    /// Lets readers see everything up to what the tail holds.
    pub(crate) fn publish(&self, partition: PartitionId, head: Offset) {
        if let Some(sender) = self.heads.get(usize::from(partition.0)) {
            sender.send_replace(head);
        }
    }

    /// Refuses every later write. The first reason stays.
    pub(crate) fn poison(&self, reason: String) {
        let _ = self.poisoned.set(reason);
    }

    /// Returns why nothing is written any more.
    pub(crate) fn poisoned(&self) -> Option<&str> {
        self.poisoned.get().map(String::as_str)
    }

    /// Notes that every frame up to `sequence` is durable.
    pub(crate) fn made_durable(&self, sequence: u64) {
        self.durable.fetch_max(sequence, Ordering::AcqRel);
    }
}
