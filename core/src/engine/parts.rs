//! A state kept across a restart, in parts.
//!
//! Lossy like every snapshot: what is missing, stale or of another release is made anew from the
//! log. Each part names the same generation; the first says how many there are and how far the log
//! had been read, and is written last, so that it never names parts that are not there.

use serde::{Deserialize, Serialize};

use crate::event::{Offset, PartitionId, StreamId, Version};
use crate::store::{Contiguity, ReadError, Snapshot, SnapshotStore};
use crate::time::Instant;

/// Where the parts of one state lie.
pub(super) struct Parts<'s> {
    pub(super) snapshots: &'s dyn SnapshotStore,
    pub(super) tenant: &'s str,
    /// The category of their streams.
    pub(super) category: &'static str,
    /// What their names begin with; their number comes behind it.
    pub(super) name: &'s str,
    /// The version of the code that can read them.
    pub(super) fold: u32,
}

/// The first part.
#[derive(Serialize, Deserialize)]
struct Head {
    parts: u32,
    /// How far each partition had been read.
    cursors: Vec<u64>,
}

/// How far the log had been read when a state was kept.
pub(super) struct Kept(Vec<Offset>);

impl Kept {
    /// Returns the places in a log that goes as far as `heads`; `None` where it does not go so far.
    pub(super) fn within(self, heads: &[Offset]) -> Option<Vec<Contiguity>> {
        let is_within = |(at, head): (&Offset, &Offset)| at <= head;
        let fits = self.0.len() == heads.len() && self.0.iter().zip(heads).all(is_within);
        let cursors = (0..).map(PartitionId).zip(self.0);
        fits.then(|| {
            cursors
                .map(|(partition, after)| Contiguity::new(partition, after))
                .collect()
        })
    }
}

impl Parts<'_> {
    /// Keeps a state that was as far as `cursors`. Nothing is kept where a name makes no id.
    pub(super) async fn save(
        &self,
        parts: impl Iterator<Item = Result<Vec<u8>, ReadError>> + Send,
        cursors: &[Contiguity],
        now: Instant,
    ) -> Result<(), ReadError> {
        let Some(first) = self.part(0) else {
            return Ok(());
        };
        let former = self.snapshots.load(&first, self.fold).await?;
        let former = former.map_or(0, |former| former.version.next().get());
        let now = u64::try_from(now.micros()).unwrap_or(0);
        let version = Version::new(former.max(now));
        let mut count = 0_u32;
        for state in parts {
            count = count.saturating_add(1);
            let Some(part) = self.part(count) else {
                return Ok(());
            };
            let snapshot = Snapshot {
                version,
                state: state?,
            };
            self.snapshots.save(&part, self.fold, snapshot).await?;
        }
        let head = Head {
            parts: count,
            cursors: cursors.iter().map(|it| it.after().get()).collect(),
        };
        let state = written(&head)?;
        let snapshot = Snapshot { version, state };
        self.snapshots.save(&first, self.fold, snapshot).await
    }

    /// Hands on the parts of a kept state in their order, and returns how far it was; `None` when it is
    /// not there as a whole, or `take` cannot use a part.
    pub(super) async fn load(
        &self,
        mut take: impl FnMut(&[u8]) -> Option<()> + Send,
    ) -> Option<Kept> {
        let first = self.get(0).await?;
        let head: Head = postcard::from_bytes(&first.state).ok()?;
        for number in 1..=head.parts {
            let part = self.get(number).await?;
            if part.version != first.version {
                return None;
            }
            take(&part.state)?;
        }
        Some(Kept(head.cursors.into_iter().map(Offset::new).collect()))
    }

    /// Returns a part; what cannot be had is not there.
    async fn get(&self, number: u32) -> Option<Snapshot> {
        let part = self.part(number)?;
        self.snapshots.load(&part, self.fold).await.ok()?
    }

    fn part(&self, number: u32) -> Option<StreamId> {
        let id = format!("{}{number}", self.name);
        StreamId::new(self.tenant, self.category, &id).ok()
    }
}

/// Returns what is kept of a value.
pub(super) fn written<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, ReadError> {
    postcard::to_allocvec(value).map_err(|error| ReadError::Invalid {
        reason: format!("the state cannot be kept: {error}"),
    })
}
