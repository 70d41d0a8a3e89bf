//! The check that every reader makes, always: nothing is missing, nothing comes twice.

use super::page::{PartitionPage, StreamPage};
use crate::event::{Offset, PartitionId, StreamId, Version};

/// A store broke its word: a reader was shown something that does not follow on what it had seen.
///
/// Found by the reader, not by the store: so it also finds what a store does wrong. Going on after one would
/// leave a hole in whatever is derived from the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Gap {
    /// Another offset than the next one.
    #[error("partition {partition}: offset {expected} should come next, but {found} came")]
    Offset {
        /// The partition.
        partition: PartitionId,
        /// What should have come.
        expected: Offset,
        /// What came.
        found: Offset,
    },
    /// A page of, or a commit in, another partition.
    #[error("a reader of partition {expected} was shown partition {found}")]
    Partition {
        /// What is being read.
        expected: PartitionId,
        /// What came.
        found: PartitionId,
    },
    /// The head went back, or a page stopped short of the head with nothing in it.
    #[error("partition {partition}: head {head} was told after {seen} had been seen")]
    Head {
        /// The partition.
        partition: PartitionId,
        /// The highest head or offset seen so far.
        seen: Offset,
        /// The head now told.
        head: Offset,
    },
    /// An empty page although the head lies further.
    #[error(
        "partition {partition}: nothing was shown after offset {after} although the head is {head}"
    )]
    Withheld {
        /// The partition.
        partition: PartitionId,
        /// How far the reader is.
        after: Offset,
        /// The head.
        head: Offset,
    },
    /// Another version than the next one.
    #[error("stream {stream}: version {expected} should come next, but {found} came")]
    Version {
        /// The stream.
        stream: StreamId,
        /// What should have come.
        expected: Version,
        /// What came.
        found: Version,
    },
    /// A commit of another stream.
    #[error("a reader of stream {stream} was shown stream {found}")]
    Stream {
        /// What is being read.
        stream: StreamId,
        /// What came.
        found: String,
    },
}

/// Follows one reader of one partition and refuses a page that does not follow on the last.
///
/// Every reader goes through it: subscriptions, rebuilds, exports. It costs a comparison a commit.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{Commits, Contiguity, PartitionPage};
///
/// let mut guard = Contiguity::new(PartitionId(0), Offset::START);
/// let withheld = PartitionPage {
///     partition: PartitionId(0),
///     commits: Commits::new(),
///     next: Offset::START,
///     head: Offset::new(3),
/// };
/// assert!(guard.admit(&withheld).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contiguity {
    partition: PartitionId,
    after: Offset,
    seen: Offset,
}

impl Contiguity {
    /// Returns the guard of a reader that has everything up to `after`.
    #[must_use]
    pub const fn new(partition: PartitionId, after: Offset) -> Self {
        Self {
            partition,
            after,
            seen: after,
        }
    }

    /// Returns the offset to ask after next.
    #[must_use]
    pub const fn after(&self) -> Offset {
        self.after
    }

    /// Returns the partition.
    #[must_use]
    pub const fn partition(&self) -> PartitionId {
        self.partition
    }

    /// Takes one page into account.
    ///
    /// # Errors
    /// [`Gap`] when it does not follow on what was seen; the guard stays where it was.
    pub fn admit(&mut self, page: &PartitionPage) -> Result<(), Gap> {
        let partition = self.partition;
        if page.partition != partition {
            return Err(Gap::Partition {
                expected: partition,
                found: page.partition,
            });
        }
        let mut after = self.after;
        for commit in page.commits.iter() {
            if commit.partition() != partition {
                return Err(Gap::Partition {
                    expected: partition,
                    found: commit.partition(),
                });
            }
            self.follows(after, commit.offset())?;
            after = commit.offset();
        }
        if page.next != after {
            return Err(Gap::Offset {
                partition,
                expected: after,
                found: page.next,
            });
        }
        let seen = self.seen.max(after);
        if page.head < seen {
            return Err(Gap::Head {
                partition,
                seen,
                head: page.head,
            });
        }
        if page.commits.is_empty() && page.head > after {
            return Err(Gap::Withheld {
                partition,
                after,
                head: page.head,
            });
        }
        (self.after, self.seen) = (after, page.head);
        Ok(())
    }

    /// Takes a head into account that a wait for more than [`Contiguity::after`] told: what lies
    /// below it must be shown by the next page.
    ///
    /// # Errors
    /// [`Gap::Head`] when the head is not past what the reader has.
    pub fn admit_head(&mut self, head: Offset) -> Result<(), Gap> {
        if head <= self.after {
            return Err(Gap::Head {
                partition: self.partition,
                seen: self.after.next(),
                head,
            });
        }
        self.seen = self.seen.max(head);
        Ok(())
    }

    fn follows(&self, after: Offset, found: Offset) -> Result<(), Gap> {
        let expected = after.next();
        if found == expected {
            return Ok(());
        }
        Err(Gap::Offset {
            partition: self.partition,
            expected,
            found,
        })
    }
}

/// Follows one reader of one stream and refuses a page that does not follow on the last.
///
/// ```
/// use punctual::event::{StreamId, Version};
/// use punctual::store::{Commits, Sequence, StreamPage};
///
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let mut guard = Sequence::new(stream, Version::new(2));
/// let withheld = StreamPage {
///     after: Version::new(2),
///     commits: Commits::new(),
///     revision: Version::new(5).into(), // three events are there, and none was shown
/// };
/// assert!(guard.admit(&withheld).is_err());
/// assert_eq!(guard.after(), Version::new(2)); // it stays where it was
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    stream: StreamId,
    after: Version,
}

impl Sequence {
    /// Returns the guard of a reader that has everything up to `after`.
    #[must_use]
    pub const fn new(stream: StreamId, after: Version) -> Self {
        Self { stream, after }
    }

    /// Returns the version to ask after next.
    #[must_use]
    pub const fn after(&self) -> Version {
        self.after
    }

    /// Takes one page into account.
    ///
    /// # Errors
    /// [`Gap`] when it does not follow on what was seen; the guard stays where it was.
    pub fn admit(&mut self, page: &StreamPage) -> Result<(), Gap> {
        let mut after = self.after;
        for commit in page.commits.iter() {
            if commit.stream_bytes() != self.stream.as_str().as_bytes() {
                return Err(Gap::Stream {
                    stream: self.stream.clone(),
                    found: commit.stream().to_owned(),
                });
            }
            // The first commit may begin at or before what the reader has: commits are whole.
            let begins_early = after == self.after && commit.first_version() <= after;
            let new = commit.last_version() > after;
            if !new || !(begins_early || commit.first_version() == after.next()) {
                return Err(self.gap(after.next(), commit.first_version()));
            }
            after = commit.last_version();
        }
        let revision = page.revision.version();
        if after > revision || (page.commits.is_empty() && after < revision) {
            return Err(self.gap(after.next(), revision));
        }
        self.after = after;
        Ok(())
    }

    fn gap(&self, expected: Version, found: Version) -> Gap {
        Gap::Version {
            stream: self.stream.clone(),
            expected,
            found,
        }
    }
}
