//! The published policies of a tenant, read from the log and kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::PolicyError;
use super::publication::{Shelf, Unreadable};
use crate::event::{StreamId, Version};
use crate::policy::{Policy, PolicyBook};
use crate::store::{EventStore, Limit, ReadError, Sequence};
use crate::time::Instant;

/// Returns the policies that were published in a store for a tenant, without an engine: for tools
/// that only read.
///
/// ```
/// use punctual::engine::published;
/// # use punctual_memory::MemoryStore;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let book = published(&MemoryStore::new(), "acme").await?;
/// assert_eq!(book.iter().count(), 0); // nobody has published anything yet
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PolicyError`] when a policy's stream cannot be read.
///
/// # Complexity
/// In proportion to the versions; each is compiled anew.
pub async fn published(
    store: &dyn EventStore,
    tenant: &str,
) -> Result<Arc<PolicyBook>, PolicyError> {
    let mut library = Library::default();
    // What cannot be a tenant has no streams.
    let Ok(any) = StreamId::new(tenant, super::POLICY, "-") else {
        return Ok(library.book());
    };
    let mut after: Option<StreamId> = None;
    while let Some(stream) = next_stream(store, &any, after.as_ref()).await? {
        let volume = Volume::default().read_on(store, &stream).await?;
        library.put(stream.clone(), volume);
        after = Some(stream);
    }
    Ok(library.book())
}

/// Returns the next stream of the same tenant and category as `any`.
async fn next_stream(
    store: &dyn EventStore,
    any: &StreamId,
    after: Option<&StreamId>,
) -> Result<Option<StreamId>, PolicyError> {
    let prefix = format!("{}/{}/", any.tenant(), any.category());
    let listed = store.list_streams(&prefix, after, 1).await;
    let mut listed = listed.map_err(|source| PolicyError::Read {
        stream: after.unwrap_or(any).clone(),
        source,
    })?;
    Ok(listed.pop())
}

/// Every policy's stream as far as it was read, and the book that comes of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Library {
    volumes: BTreeMap<StreamId, Volume>,
    book: Arc<PolicyBook>,
}

/// One policy's stream as far as it was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Volume {
    pub(super) version: Version,
    pub(super) shelf: Shelf,
    first_at: Option<Instant>,
    last_at: Option<Instant>,
    policies: Vec<Arc<Policy>>,
}

impl Library {
    pub(super) fn book(&self) -> Arc<PolicyBook> {
        Arc::clone(&self.book)
    }

    /// Returns what was read of one policy's stream; empty where nothing was.
    pub(super) fn volume(&self, stream: &StreamId) -> Volume {
        self.volumes.get(stream).cloned().unwrap_or_default()
    }

    /// Takes in what was read, unless more of it is here already, and makes the book anew.
    ///
    /// Policies are asked in the order in which each was first published; of one instant, by name.
    /// So every process has the same book, in whatever order it read the streams.
    pub(super) fn put(&mut self, stream: StreamId, volume: Volume) {
        let known = self.volumes.entry(stream).or_default();
        if volume.version <= known.version {
            return;
        }
        *known = volume;
        let mut volumes: Vec<(&StreamId, &Volume)> = self.volumes.iter().collect();
        volumes.sort_by_key(|(stream, volume)| (volume.first_at, *stream));
        let mut book = PolicyBook::default();
        for policy in volumes.iter().flat_map(|(_, volume)| &volume.policies) {
            book.add(Arc::clone(policy));
        }
        self.book = Arc::new(book);
    }
}

impl Volume {
    /// Returns when the log learned of its last event.
    pub(super) const fn recorded_at(&self) -> Option<Instant> {
        self.last_at
    }

    /// Reads on to the end of the stream.
    pub(super) async fn read_on(
        mut self,
        store: &dyn EventStore,
        stream: &StreamId,
    ) -> Result<Self, PolicyError> {
        let unread = |source: ReadError| PolicyError::Read {
            stream: stream.clone(),
            source,
        };
        let mut guard = Sequence::new(stream.clone(), self.version);
        loop {
            let read = store.read_stream(stream, guard.after(), Limit::default());
            let page = read.await.map_err(unread)?;
            guard.admit(&page).map_err(|gap| unread(gap.into()))?;
            for record in page.records() {
                self.first_at = self.first_at.or(Some(record.recorded_at()));
                self.last_at = Some(record.recorded_at());
                let published = self.shelf.take(&record);
                let policy = published.map_err(|error| refused(stream, error))?;
                self.policies.extend(policy.map(Arc::new));
                self.version = record.version();
            }
            if page.is_last() {
                return Ok(self);
            }
        }
    }
}

fn refused(stream: &StreamId, error: Unreadable) -> PolicyError {
    let stream = stream.clone();
    match error {
        Unreadable::Event(reason) => PolicyError::Event { stream, reason },
        Unreadable::Document(source) => PolicyError::Document { stream, source },
    }
}
