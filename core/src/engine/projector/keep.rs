//! States kept across a restart.
//!
//! Lossy like every snapshot: what is missing, of another definition, of another release or further
//! than the log is made anew. Written in parts, each naming the same generation; the first says how
//! many there are, how far the log had been read, and comes last.

use serde::{Deserialize, Serialize};

use super::{Contiguity, Place, ProjectError, Projector};
use crate::event::{Offset, PartitionId, StreamId, Version};
use crate::store::{ReadError, Snapshot, SnapshotStore};

/// How many bytes one part holds.
const PART: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
struct Head {
    parts: u32,
    cursors: Vec<u64>,
}

impl Projector {
    /// Keeps every state that follows the log, with its place in it, in the engine's snapshots
    /// ([`Options::with_snapshots`](super::super::Options::with_snapshots)). Without any, nothing is
    /// kept. Nothing depends on it: what is not kept is built anew.
    ///
    /// # Errors
    /// [`ProjectError::Read`] when the store of snapshots cannot take it.
    ///
    /// # Complexity
    /// In proportion to the states.
    pub async fn keep(&self) -> Result<(), ProjectError> {
        let Some(snapshots) = self.engine.snapshots.clone() else {
            return Ok(());
        };
        for place in self.places.iter().filter(|place| place.stopped.is_none()) {
            self.keep_place(snapshots.as_ref(), place).await?;
        }
        Ok(())
    }

    async fn keep_place(
        &self,
        snapshots: &dyn SnapshotStore,
        place: &Place,
    ) -> Result<(), ReadError> {
        let state = place.slot.save().map_err(unwritable)?;
        let (name, fold) = (place.slot.name(), fold(place));
        let Some(first) = self.part(&name, 0) else {
            return Ok(());
        };
        let former = snapshots.load(&first, fold).await?;
        let now = u64::try_from(self.engine.now().micros()).unwrap_or(0);
        let generation = former
            .map_or(0, |former| former.version.next().get())
            .max(now);
        let version = Version::new(generation);
        let mut parts = 0_u32;
        for state in state.chunks(PART) {
            parts = parts.saturating_add(1);
            let state = state.to_vec();
            let Some(part) = self.part(&name, parts) else {
                return Ok(());
            };
            let snapshot = Snapshot { version, state };
            snapshots.save(&part, fold, snapshot).await?;
        }
        let cursors = place.cursors.iter().map(|it| it.after().get()).collect();
        let state = postcard::to_allocvec(&Head { parts, cursors }).map_err(unwritable)?;
        snapshots
            .save(&first, fold, Snapshot { version, state })
            .await
    }

    /// Takes up the kept states of the read models that have read nothing yet or have stopped, and
    /// returns how many of them. The others are as they were: [`build`](Projector::build) them.
    ///
    /// A state is taken up when name, version of the definition and release are the same and the log
    /// goes as far as it had. That the log is the same one is for the caller to know: keep the
    /// snapshots beside their store, and give two read models of one tenant two names.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, Options, Projector};
    /// use punctual::projection::Queue;
    /// # use punctual_memory::{MemorySnapshots, MemoryStore};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let options = Options::new("acme").with_snapshots(Arc::new(MemorySnapshots::default()));
    /// let engine = Arc::new(Engine::open(Arc::new(MemoryStore::new()), options).await?);
    ///
    /// let mut projector = Projector::new(engine.clone());
    /// projector.add(Queue);
    /// projector.catch_up().await?;
    /// projector.keep().await?; // from time to time, and before a shutdown
    ///
    /// let mut projector = Projector::new(engine); // after the restart
    /// projector.add(Queue);
    /// assert_eq!(projector.restore().await?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ProjectError::Read`] when the log cannot say how far it goes. Snapshots that cannot be read
    /// are not there.
    pub async fn restore(&mut self) -> Result<usize, ProjectError> {
        let Some(snapshots) = self.engine.snapshots.clone() else {
            return Ok(0);
        };
        let heads = self.heads().await?;
        let mut restored = 0_usize;
        for number in self.fresh() {
            let Some(place) = self.places.get(number) else {
                continue;
            };
            let (name, fold) = (place.slot.name(), fold(place));
            let Some(kept) = self.kept(snapshots.as_ref(), &name, fold).await else {
                continue;
            };
            let (cursors, state) = kept;
            let fits = cursors.len() == heads.len()
                && cursors
                    .iter()
                    .zip(heads.iter())
                    .all(|(at, head)| at <= head);
            if let Some(place) = self.places.get_mut(number)
                && fits
                && place.slot.restore(&state)
            {
                place.stopped = None;
                let partitions = (0..).map(PartitionId);
                let cursors = partitions.zip(cursors);
                place.cursors = cursors
                    .map(|(partition, after)| Contiguity::new(partition, after))
                    .collect();
                restored = restored.saturating_add(1);
            }
        }
        Ok(restored)
    }

    async fn kept(
        &self,
        snapshots: &dyn SnapshotStore,
        name: &str,
        fold: u32,
    ) -> Option<(Vec<Offset>, Vec<u8>)> {
        let first = snapshots.load(&self.part(name, 0)?, fold).await.ok()??;
        let head: Head = postcard::from_bytes(&first.state).ok()?;
        let mut state = Vec::new();
        for number in 1..=head.parts {
            let part = snapshots
                .load(&self.part(name, number)?, fold)
                .await
                .ok()??;
            if part.version != first.version {
                return None;
            }
            state.extend_from_slice(&part.state);
        }
        let cursors = head.cursors.into_iter().map(Offset::new).collect();
        Some((cursors, state))
    }

    /// Names a part of a kept state; `None` where the name of the projection makes no id, so that its
    /// state cannot be kept.
    fn part(&self, name: &str, number: u32) -> Option<StreamId> {
        let id = format!("{name}.{number}");
        StreamId::new(&self.engine.tenant, "projection", &id).ok()
    }
}

fn unwritable(error: postcard::Error) -> ReadError {
    ReadError::Invalid {
        reason: format!("the state cannot be written: {error}"),
    }
}

/// The version of the definition and of the code that reads it.
fn fold(place: &Place) -> u32 {
    let release = concat!("projection 1 ", env!("CARGO_PKG_VERSION"));
    let release = crc32c::crc32c(release.as_bytes());
    crc32c::crc32c_append(release, &place.slot.version().to_le_bytes())
}
