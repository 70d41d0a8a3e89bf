//! Following a partition: catch up, then live, on one code path.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::{Contiguity, EventStore, Limit, PartitionPage, ReadError};
use crate::event::{Offset, PartitionId};

/// Returns the next page of a partition that has something in it, waiting for it if need be.
///
/// This is all of following a log: read, and when there is nothing, wait. The guard makes sure that
/// the page follows on the last one.
///
/// ```
/// use punctual::event::{Expected, Offset, PartitionId, StreamId};
/// use punctual::store::{Append, Contiguity, EventStore, Limit, RecordHead, Records, blocking, read_next};
/// use punctual::time::Instant;
/// # use punctual_memory::MemoryStore;
///
/// let store = MemoryStore::new();
/// # let head = RecordHead {
/// #     kind: 64,
/// #     schema: 1,
/// #     occurred_at: Instant::MIN,
/// #     recorded_at: Instant::MIN,
/// #     subject: None,
/// #     metadata: &[],
/// # };
/// # let mut records = Records::new();
/// # records.push(&head, b"what happened")?;
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// blocking::wait(store.append(Append::new(stream, Expected::Empty, records)))?;
///
/// let mut guard = Contiguity::new(PartitionId(0), Offset::START);
/// let page = blocking::wait(read_next(&store, &mut guard, Limit::default()))?;
/// assert_eq!(page.records().count(), 1);
/// assert_eq!(guard.after(), Offset::new(1)); // a second call would wait for the next commit
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What the store answers, and [`ReadError::Gap`] when the store broke its word. The guard stays
/// where it was, so a later call tries the same page again.
pub async fn read_next(
    store: &dyn EventStore,
    guard: &mut Contiguity,
    limit: Limit,
) -> Result<PartitionPage, ReadError> {
    loop {
        let (partition, after) = (guard.partition(), guard.after());
        let page = store.read_partition(partition, after, limit).await?;
        guard.admit(&page)?;
        if !page.commits.is_empty() {
            return Ok(page);
        }
        // A store that wakes its readers for nothing, or forgets what it woke them for, is noticed
        // here; otherwise the two calls could chase each other for ever.
        guard.admit_head(store.wait_past(partition, after).await?)?;
    }
}

type Next = (Contiguity, Result<PartitionPage, ReadError>);

enum State {
    /// Nothing is asked of the store until the next poll: a slow reader costs nothing.
    Idle(Contiguity),
    Reading(Pin<Box<dyn Future<Output = Next> + Send>>),
    Ended,
}

/// Every page of one partition from an offset on, without an end.
///
/// - It holds at most one page, and asks for the next when polled: a slow reader takes no memory
///   and holds no writer up.
/// - An error that may pass ([`ReadError::is_transient`]) is an item; the next poll tries the same
///   page again. Any other error is the last item.
/// - Every page has gone through [`Contiguity`].
///
/// ```
/// use std::sync::Arc;
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{EventStore, EventStoreExt, Limit};
/// # use punctual_memory::MemoryStore;
///
/// let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
/// let pages = store.subscribe(PartitionId(0), Offset::START, Limit::events(500));
/// assert!(format!("{pages:?}").contains("idle after offset 0")); // nothing is asked before a poll
/// ```
pub struct Subscription {
    store: Arc<dyn EventStore>,
    limit: Limit,
    state: State,
}

impl Subscription {
    /// Returns the subscription to everything after `after`.
    #[must_use]
    pub fn new(
        store: Arc<dyn EventStore>,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Self {
        Self {
            store,
            limit,
            state: State::Idle(Contiguity::new(partition, after)),
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Idle(guard) => format!("idle after offset {}", guard.after()),
            State::Reading(_) => "reading".to_owned(),
            State::Ended => "ended".to_owned(),
        };
        f.debug_struct("Subscription")
            .field("state", &state)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl Stream for Subscription {
    type Item = Result<PartitionPage, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::Idle(guard) = &self.state {
            let (store, limit, mut guard) = (Arc::clone(&self.store), self.limit, *guard);
            self.state = State::Reading(Box::pin(async move {
                let page = read_next(store.as_ref(), &mut guard, limit).await;
                (guard, page)
            }));
        }
        let State::Reading(next) = &mut self.state else {
            return Poll::Ready(None);
        };
        let Poll::Ready((guard, page)) = next.as_mut().poll(context) else {
            return Poll::Pending;
        };
        let goes_on = page.as_ref().map_or_else(ReadError::is_transient, |_| true);
        self.state = if goes_on {
            State::Idle(guard)
        } else {
            State::Ended
        };
        Poll::Ready(Some(page))
    }
}

/// What follows from the port, for every store alike.
pub trait EventStoreExt {
    /// Returns every page of one partition after `after`, without an end; see [`Subscription`].
    fn subscribe(&self, partition: PartitionId, after: Offset, limit: Limit) -> Subscription;
}

impl EventStoreExt for Arc<dyn EventStore> {
    fn subscribe(&self, partition: PartitionId, after: Offset, limit: Limit) -> Subscription {
        Subscription::new(Arc::clone(self), partition, after, limit)
    }
}
