//! The agenda kept across a restart, so that opening reads what has happened since and no more.
//!
//! Lossy like every snapshot: whatever is missing, stale or of another release is built again from
//! the log. It is written in parts, each naming the same generation; the first says how many there
//! are and how far the log had been followed.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Engine, FollowError};
use crate::event::{Offset, PartitionId, StreamId, Version};
use crate::store::{Contiguity, ReadError, Snapshot, SnapshotStore};
use crate::time::Instant;

/// How many entries one part holds.
const PART: usize = 4_096;

/// The first part.
#[derive(Serialize, Deserialize)]
struct Head {
    parts: u32,
    /// How far each partition had been followed.
    cursors: Vec<u64>,
}

/// Name, instant in microseconds (none for the wait without end), version.
type Line = (SmolStr, Option<i64>, u64);

impl Engine {
    /// Keeps the agenda, so that the next engine opened with the same snapshots
    /// ([`Options::with_snapshots`](super::Options::with_snapshots)) looks only at tickets that have
    /// changed since. [`Engine::run`] does it when it ends; nothing depends on it.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// # use punctual_memory::{MemorySnapshots, MemoryStore};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let (store, snapshots) = (Arc::new(MemoryStore::new()), Arc::new(MemorySnapshots::default()));
    /// let options = Options::new("acme").with_clock(clock).with_snapshots(snapshots);
    /// let engine = Engine::open(store.clone(), options.clone()).await?;
    /// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// engine.keep_agenda().await?; // before a shutdown
    /// drop(engine);
    ///
    /// let engine = Engine::open(store, options).await?; // reads what was appended since, and no more
    /// assert_eq!(engine.open_tickets(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] when the store of snapshots cannot take it. Nothing is lost.
    ///
    /// # Complexity
    /// In proportion to the unfinished tickets.
    pub async fn keep_agenda(&self) -> Result<(), ReadError> {
        let Some(snapshots) = self.snapshots.clone() else {
            return Ok(());
        };
        // The places in the log first: what is appended meanwhile is then looked at again.
        let cursors: Vec<u64> = self.cursors().iter().map(|it| it.after().get()).collect();
        let lines = self.agenda().lines();
        let former = snapshots.load(&self.part(0), fold()).await?;
        let now = u64::try_from(self.now().micros()).unwrap_or(0);
        let generation = former
            .map_or(0, |former| former.version.next().get())
            .max(now);
        let parts: Vec<&[Line]> = lines.chunks(PART).collect();
        for (number, lines) in (1_u32..).zip(&parts) {
            let part = self.part(number);
            save(snapshots.as_ref(), &part, generation, lines).await?;
        }
        let parts = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let head = Head { parts, cursors };
        // Last, so that a head never names parts that are not there.
        save(snapshots.as_ref(), &self.part(0), generation, &head).await
    }

    /// Takes up a kept agenda; `false` when there is none that fits this log.
    pub(super) async fn recall_agenda(&self) -> Result<bool, FollowError> {
        let Some(snapshots) = self.snapshots.clone() else {
            return Ok(false);
        };
        let Some((generation, head)) = load::<Head>(snapshots.as_ref(), &self.part(0)).await else {
            return Ok(false);
        };
        let Some(cursors) = self.kept_cursors(&head).await? else {
            return Ok(false);
        };
        let mut agenda = super::Agenda::default();
        for number in 1..=head.parts {
            let part = self.part(number);
            match load::<Vec<Line>>(snapshots.as_ref(), &part).await {
                Some((found, lines)) if found == generation => {
                    for (name, wake_at, version) in lines {
                        let wake_at = wake_at.map(Instant::clamped);
                        agenda.set(&name, Version::new(version), wake_at);
                    }
                }
                Some(_) | None => return Ok(false),
            }
        }
        *self.agenda() = agenda;
        *self.cursors.lock().unwrap_or_else(|e| e.into_inner()) = cursors;
        Ok(true)
    }

    /// Returns the places in the log that a kept agenda names, if this log goes so far.
    async fn kept_cursors(&self, head: &Head) -> Result<Option<Vec<Contiguity>>, FollowError> {
        if head.cursors.len() != usize::from(self.store.partitions().count()) {
            return Ok(None);
        }
        let mut cursors = Vec::with_capacity(head.cursors.len());
        for (partition, after) in (0..).map(PartitionId).zip(&head.cursors) {
            let after = Offset::new(*after);
            if self.store.head(partition).await? < after {
                return Ok(None);
            }
            cursors.push(Contiguity::new(partition, after));
        }
        Ok(Some(cursors))
    }

    /// Names a part of the kept agenda.
    fn part(&self, number: u32) -> StreamId {
        let part = StreamId::new(&self.tenant, "agenda", &number.to_string());
        // The tenant has been checked, and a number is an id.
        part.unwrap_or_else(|_| self.any_ticket.clone())
    }
}

async fn save<T: Serialize + ?Sized + Sync>(
    snapshots: &dyn SnapshotStore,
    part: &StreamId,
    generation: u64,
    state: &T,
) -> Result<(), ReadError> {
    let state = postcard::to_allocvec(state).map_err(|error| ReadError::Invalid {
        reason: format!("the agenda cannot be written: {error}"),
    })?;
    let version = Version::new(generation);
    let snapshot = Snapshot { version, state };
    snapshots.save(part, fold(), snapshot).await
}

/// Returns a part with its generation; what cannot be had or read is not there.
async fn load<T: for<'a> Deserialize<'a>>(
    snapshots: &dyn SnapshotStore,
    part: &StreamId,
) -> Option<(u64, T)> {
    let kept = snapshots.load(part, fold()).await.ok()??;
    let state = postcard::from_bytes(&kept.state).ok()?;
    Some((kept.version.get(), state))
}

/// The version of the code that says when to look: another release may say otherwise.
fn fold() -> u32 {
    crc32c::crc32c(concat!("agenda 1 ", env!("CARGO_PKG_VERSION")).as_bytes())
}
