//! One partition: every commit in order, and who waits for the next.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use punctual::event::{Offset, PartitionId, Version};
use punctual::store::{
    Append, Commits, Damage, Limit, PartitionPage, Place, ReadError, SealedCommit,
};
use tokio::sync::Notify;

use crate::list::List;

/// A commit of one short event has about so many bytes.
const USUAL_BYTES: usize = 128;

#[derive(Debug)]
pub(crate) struct Log {
    partition: PartitionId,
    commits: List<SealedCommit>,
    /// Every commit up to here can be read. Only the writer moves it.
    head: AtomicU64,
    writer: Mutex<()>,
    grown: Notify,
    /// How many wait, or are about to: waking takes a lock, which an append without readers spares.
    waiting: AtomicUsize,
}

/// One who waits, counted until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn count(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Log {
    pub(crate) fn new(partition: PartitionId) -> Self {
        Self {
            partition,
            commits: List::new(),
            head: AtomicU64::new(0),
            writer: Mutex::new(()),
            grown: Notify::new(),
            waiting: AtomicUsize::new(0),
        }
    }

    pub(crate) fn head(&self) -> Offset {
        Offset::new(self.head.load(Ordering::Acquire))
    }

    /// Adds an append at the end. The caller has made every check and holds the stream's lock.
    pub(crate) fn push(&self, append: &Append, first: Version) -> Offset {
        // Nothing can panic while the lock is held; if something did, the head would not have moved.
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let index = self.head.load(Ordering::Relaxed);
        let offset = Offset::new(index + 1);
        let sealed = append.stamped(self.partition, offset, first).to_sealed();
        self.commits.set(index as usize, sealed);
        // The head is set before the count of those who wait is read; they are counted before they
        // read the head. In one order over both, one of the two sees the other.
        self.head.store(offset.get(), Ordering::SeqCst);
        drop(writer);
        self.wake();
        offset
    }

    /// Lets whoever waits look again.
    pub(crate) fn wake(&self) {
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.grown.notify_waiters();
        }
    }

    /// Waits until `ready` answers; it is asked now and whenever the log has grown or was woken.
    pub(crate) async fn wait_for<T>(&self, ready: impl Fn(Offset) -> Option<T>) -> T {
        let _counted = Waiting::count(&self.waiting);
        loop {
            // Listens before it looks, so that no append falls between the two.
            let mut grown = pin!(self.grown.notified());
            grown.as_mut().enable();
            if let Some(answer) = ready(Offset::new(self.head.load(Ordering::SeqCst))) {
                return answer;
            }
            grown.await;
        }
    }

    /// Returns the commit at an offset that the head has reached.
    pub(crate) fn commit(&self, offset: Offset) -> Result<&SealedCommit, ReadError> {
        let index = offset.get().checked_sub(1).map(|index| index as usize);
        let found = index.and_then(|index| self.commits.get(index));
        found.ok_or_else(|| ReadError::Corrupt {
            place: Box::new(Place::commit(self.partition, offset)),
            damage: Damage::Missing,
        })
    }

    /// Copies the commits at these offsets up to the limit.
    pub(crate) fn copy(
        &self,
        offsets: impl ExactSizeIterator<Item = u64>,
        limit: Limit,
    ) -> Result<(Commits, Option<Offset>), ReadError> {
        // Room for as many small commits: to grow there step by step costs more than to copy them.
        let most = offsets.len().min(limit.events).saturating_mul(USUAL_BYTES);
        let mut commits = Commits::with_capacity(most.min(limit.bytes));
        let mut last = None;
        for offset in offsets.map(Offset::new) {
            let commit = self.commit(offset)?;
            let size = commit.as_bytes().len();
            if !limit.admits(commits.events(), commits.bytes(), (commit.events(), size)) {
                break;
            }
            commits.push(commit);
            last = Some(offset);
        }
        Ok((commits, last))
    }

    pub(crate) fn page(&self, after: Offset, limit: Limit) -> Result<PartitionPage, ReadError> {
        let (partition, head) = (self.partition, self.head());
        if after > head {
            return Err(ReadError::Beyond {
                partition,
                after,
                head,
            });
        }
        let most = (head.get() - after.get()) as usize;
        let offsets = (0..most).map(|it| after.get() + 1 + it as u64);
        let (commits, last) = self.copy(offsets, limit)?;
        Ok(PartitionPage {
            partition,
            commits,
            next: last.unwrap_or(after),
            head,
        })
    }
}
