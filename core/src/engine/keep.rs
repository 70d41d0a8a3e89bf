//! The agenda kept across a restart, so that opening reads what has happened since and no more.

use smol_str::SmolStr;

use super::parts::{Parts, written};
use super::{Engine, FollowError};
use crate::event::{Offset, Version};
use crate::store::{ReadError, SnapshotStore};
use crate::time::Instant;

/// How many entries one part holds.
const PART: usize = 4_096;

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
        let cursors = self.cursors();
        let lines = self.agenda().lines();
        let parts = lines.chunks(PART).map(written);
        let kept = self.kept_agenda(snapshots.as_ref());
        kept.save(parts, &cursors, self.now()).await
    }

    /// Takes up a kept agenda; `false` when there is none that fits this log.
    pub(super) async fn recall_agenda(&self) -> Result<bool, FollowError> {
        let Some(snapshots) = self.snapshots.clone() else {
            return Ok(false);
        };
        let mut agenda = super::Agenda::default();
        let enter = |part: &[u8]| {
            let lines: Vec<Line> = postcard::from_bytes(part).ok()?;
            for (name, wake_at, version) in lines {
                let wake_at = wake_at.map(Instant::clamped);
                agenda.set(&name, Version::new(version), wake_at);
            }
            Some(())
        };
        let Some(kept) = self.kept_agenda(snapshots.as_ref()).load(enter).await else {
            return Ok(false);
        };
        let Some(cursors) = kept.within(&self.heads().await?) else {
            return Ok(false);
        };
        *self.agenda() = agenda;
        *self.cursors.lock().unwrap_or_else(|e| e.into_inner()) = cursors;
        Ok(true)
    }

    fn kept_agenda<'s>(&'s self, snapshots: &'s dyn SnapshotStore) -> Parts<'s> {
        Parts {
            snapshots,
            tenant: &self.tenant,
            category: "agenda",
            name: "",
            fold: fold(),
        }
    }

    /// Returns how far the log goes, by partition.
    pub(super) async fn heads(&self) -> Result<Vec<Offset>, ReadError> {
        let mut heads = Vec::new();
        for partition in self.store.partitions().iter() {
            heads.push(self.store.head(partition).await?);
        }
        Ok(heads)
    }
}

/// The version of the code that says when to look: another release may say otherwise.
fn fold() -> u32 {
    crc32c::crc32c(concat!("agenda 1 ", env!("CARGO_PKG_VERSION")).as_bytes())
}
