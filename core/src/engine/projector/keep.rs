//! States kept across a restart.

use super::super::parts::Parts;
use super::{Place, ProjectError, Projector};
use crate::store::SnapshotStore;

/// How many bytes one part holds.
const PART: usize = 64 * 1024;

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
            let state = place.slot.save()?;
            let parts = state.chunks(PART).map(|part| Ok(part.to_vec()));
            let (name, now) = (name(place), self.engine.now());
            let kept = self.kept(snapshots.as_ref(), &name, place);
            kept.save(parts, &place.cursors, now).await?;
        }
        Ok(())
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
        let heads = self.engine.heads().await?;
        let mut restored = 0_usize;
        for number in self.fresh() {
            let Some(place) = self.places.get(number) else {
                continue;
            };
            let (name, mut state) = (name(place), Vec::new());
            let gather = |part: &[u8]| {
                state.extend_from_slice(part);
                Some(())
            };
            let kept = self.kept(snapshots.as_ref(), &name, place);
            let kept = kept.load(gather).await;
            if let Some(cursors) = kept.and_then(|kept| kept.within(&heads))
                && let Some(place) = self.places.get_mut(number)
                && place.slot.restore(&state)
            {
                place.stopped = None;
                place.cursors = cursors;
                restored = restored.saturating_add(1);
            }
        }
        Ok(restored)
    }

    /// Returns where the state of a read model is kept; nowhere, where its name makes no id.
    fn kept<'s>(
        &'s self,
        snapshots: &'s dyn SnapshotStore,
        name: &'s str,
        place: &Place,
    ) -> Parts<'s> {
        Parts {
            snapshots,
            tenant: &self.engine.tenant,
            category: "projection",
            name,
            fold: fold(place),
        }
    }
}

/// What the names of the parts begin with.
fn name(place: &Place) -> String {
    format!("{}.", place.slot.name())
}

/// The version of the definition and of the code that reads it.
fn fold(place: &Place) -> u32 {
    let release = concat!("projection 1 ", env!("CARGO_PKG_VERSION"));
    let release = crc32c::crc32c(release.as_bytes());
    crc32c::crc32c_append(release, &place.slot.version().to_le_bytes())
}
