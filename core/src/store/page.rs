//! What a read answers: whole commits in one buffer of the caller's own.

use super::Damage;
use super::commit::{CommitParts, CommitView, RecordViews, SealedCommit};
use super::record::RecordView;
use crate::event::{Offset, PartitionId, Revision, Version};

/// How much one read may answer.
///
/// A page ends before the commit that would exceed either bound, but it holds at least one commit
/// if there is any: commits are never split.
///
/// ```
/// use punctual::store::Limit;
///
/// let limit = Limit::events(500);
/// assert_eq!((limit.events, limit.bytes), (500, 1 << 20));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The most events.
    pub events: usize,
    /// The most bytes of the page's buffer.
    pub bytes: usize,
}

impl Limit {
    /// Returns the bound of so many events and 1 MiB.
    #[must_use]
    pub const fn events(events: usize) -> Self {
        Self {
            events,
            bytes: 1 << 20,
        }
    }

    /// Returns whether a page that already has `events` and `bytes` can take a commit of this size.
    /// An empty page takes any.
    #[must_use]
    pub const fn admits(self, events: usize, bytes: usize, commit: (usize, usize)) -> bool {
        events == 0
            || (events.saturating_add(commit.0) <= self.events
                && bytes.saturating_add(commit.1) <= self.bytes)
    }
}

impl Default for Limit {
    /// 1,000 events and 1 MiB.
    fn default() -> Self {
        Self::events(1_000)
    }
}

/// Whole commits in one buffer. Everything in it has been verified, or was sealed in this process.
///
/// ```
/// use punctual::store::{Commits, Damage};
///
/// let mut page = Commits::new();
/// let damaged = page.push_bytes(b"not a commit");
/// assert!(matches!(damaged, Err(Damage::Truncated)));
/// assert!(page.is_empty()); // the buffer is as it was
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Commits {
    bytes: Vec<u8>,
    commits: usize,
    events: usize,
    /// Where the last commit begins.
    last: usize,
}

impl Commits {
    /// Returns an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            commits: 0,
            events: 0,
            last: 0,
        }
    }

    /// Returns an empty buffer with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            ..Self::new()
        }
    }

    /// Adds a commit that is known to be sound. Costs a copy.
    pub fn push(&mut self, commit: &SealedCommit) {
        self.last = self.bytes.len();
        self.bytes.extend_from_slice(commit.as_bytes());
        self.added(commit.events());
    }

    /// Adds a commit of another page, which has verified it. Costs a copy.
    pub fn push_view(&mut self, commit: &CommitView<'_>) {
        self.last = self.bytes.len();
        self.bytes.extend_from_slice(commit.as_bytes());
        self.added(commit.len());
    }

    /// Adds a commit read from a medium, after verifying its seal and every record in it.
    ///
    /// # Errors
    /// [`Damage`] when `bytes` are not exactly one sound commit; the buffer is as it was.
    pub fn push_bytes(&mut self, bytes: &[u8]) -> Result<(), Damage> {
        let (view, rest) = CommitView::verify(bytes)?;
        if !rest.is_empty() {
            return Err(Damage::Trailing { bytes: rest.len() });
        }
        self.last = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.added(view.len());
        Ok(())
    }

    /// Adds a commit that was kept in columns, after comparing it with the seal that was kept
    /// beside them. (The records were verified when [`Records::from_bytes`](super::Records::from_bytes) took them over.)
    ///
    /// # Errors
    /// [`Damage::Seal`] when a column is not what was committed; the buffer is as it was.
    pub fn push_parts(&mut self, parts: &CommitParts<'_>, seal: u32) -> Result<(), Damage> {
        if parts.seal() != seal {
            return Err(Damage::Seal);
        }
        self.last = self.bytes.len();
        parts.write(&mut self.bytes);
        self.added(parts.records.len());
        Ok(())
    }

    const fn added(&mut self, events: usize) {
        self.commits = self.commits.saturating_add(1);
        self.events = self.events.saturating_add(events);
    }

    /// Returns the commits in the order in which they were added.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = CommitView<'_>> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (commit, after) = CommitView::parse(rest).ok()?;
            rest = after;
            Some(commit)
        })
    }

    /// Returns every event of every commit, in order.
    #[inline]
    pub fn records(&self) -> impl Iterator<Item = RecordView<'_>> {
        RecordViews::of_commits(&self.bytes)
    }

    /// Returns the commit that was added last, without walking the others.
    #[must_use]
    pub fn last(&self) -> Option<CommitView<'_>> {
        let bytes = self.bytes.get(self.last..)?;
        CommitView::parse(bytes).ok().map(|(commit, _)| commit)
    }

    /// Returns how many commits there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.commits
    }

    /// Returns whether there is no commit.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.commits == 0
    }

    /// Returns how many events there are.
    #[must_use]
    pub const fn events(&self) -> usize {
        self.events
    }

    /// Returns how many bytes the commits have together.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

impl std::fmt::Debug for Commits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Some commits of one stream, and how far the whole stream goes.
///
/// To read on, ask after [`StreamPage::last_version`] until [`StreamPage::is_last`]; hand each page to a
/// [`Sequence`](super::Sequence) first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamPage {
    /// The version after which the reader asked.
    pub after: Version,
    /// The commits that hold later events. The first of them may begin earlier, since commits are
    /// never split; [`StreamPage::records`] leaves out what the reader already has.
    pub commits: Commits,
    /// The stream's version when it was read: that of its last event, not of the page's. Also when
    /// the page is empty, and [`Version::NONE`] when the stream is.
    pub revision: Revision,
}

impl StreamPage {
    /// Returns the events after the asked version, oldest first.
    pub fn records(&self) -> impl Iterator<Item = RecordView<'_>> {
        let after = self.after;
        self.commits
            .records()
            .skip_while(move |record| record.version() <= after)
    }

    /// Returns the version to ask after next: that of the page's last event.
    #[must_use]
    pub fn last_version(&self) -> Version {
        let last = self.commits.last();
        last.map_or(self.after, |commit| commit.last_version())
    }

    /// Returns whether the stream went no further when it was read.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.last_version() >= self.revision.version()
    }
}

/// Some commits of one partition, and how far the partition goes.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{EventStore, Limit, blocking};
/// # use punctual_memory::MemoryStore;
///
/// let store = MemoryStore::new();
/// let page = blocking::wait(store.read_partition(PartitionId(0), Offset::START, Limit::default()))?;
/// assert!(page.is_last() && page.commits.is_empty());
/// // Whoever says to be further than the log is: its checkpoint is of another store.
/// let beyond = store.read_partition(PartitionId(0), Offset::new(7), Limit::default());
/// assert!(blocking::wait(beyond).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionPage {
    /// The partition.
    pub partition: PartitionId,
    /// The commits after the asked offset, without a hole.
    pub commits: Commits,
    /// The offset to ask after next: the last of the page, or the asked one when the page is empty.
    pub next: Offset,
    /// The partition's last offset when it was read. Nothing will ever appear at or below it that a
    /// reader who goes on from `next` is not shown.
    pub head: Offset,
}

impl PartitionPage {
    /// Returns every event of the page, in order.
    pub fn records(&self) -> impl Iterator<Item = RecordView<'_>> {
        self.commits.records()
    }

    /// Returns whether the partition went no further when it was read.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.next >= self.head
    }
}
