//! Where an event stands: in its own stream, and in the whole log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The place of an event in its own stream: 1 for the first, without holes.
///
/// Zero, [`Version::NONE`], is the version of a stream that has no event yet.
///
/// ```
/// use punctual::event::Version;
///
/// let mut last = Version::NONE;
/// assert!(last.is_none());
/// last = last.next();
/// assert_eq!(last, Version::FIRST);
/// assert_eq!(last.get(), 1);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// The version of an empty stream.
    pub const NONE: Self = Self(0);
    /// The version of the first event of a stream.
    pub const FIRST: Self = Self(1);

    /// Returns the version with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the version of the event after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Returns whether the stream has no event yet.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A stream's version as a store last told it, with an optional token that spares the store a
/// look-up when it is handed back. Two revisions of one version are equal whatever their tokens:
/// what is right never depends on the token.
///
/// ```
/// use punctual::event::{Revision, Version};
///
/// let told = Revision::with_token(Version::new(3), 0xfeed);
/// assert_eq!(told, Revision::from(Version::new(3)));
/// assert_eq!(told.token(), Some(0xfeed));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Revision {
    version: Version,
    token: Option<u64>,
}

impl Revision {
    /// Returns the revision of `version`, without a token.
    #[must_use]
    pub const fn new(version: Version) -> Self {
        Self {
            version,
            token: None,
        }
    }

    /// Returns the revision with the store's own token. What the token means is the store's affair.
    #[must_use]
    pub const fn with_token(version: Version, token: u64) -> Self {
        Self {
            version,
            token: Some(token),
        }
    }

    /// Returns the version.
    #[must_use]
    pub const fn version(self) -> Version {
        self.version
    }

    /// Returns the store's token, if it gave one.
    #[must_use]
    pub const fn token(self) -> Option<u64> {
        self.token
    }
}

impl PartialEq for Revision {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
    }
}

impl Eq for Revision {}

impl From<Version> for Revision {
    fn from(version: Version) -> Self {
        Self::new(version)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.version.fmt(f)
    }
}

/// What a writer believes a stream's version to be when it appends.
///
/// Two agents who both saw version 3 both append "exactly 3"; one wins, the other reloads and
/// decides again. That is all the locking there is.
///
/// ```
/// use punctual::event::{Expected, Version};
///
/// let seen = Version::new(3);
/// let mine = Expected::Exactly(seen.into());
/// assert!(mine.admits(seen));
/// assert!(!mine.admits(seen.next())); // a conflict
///
/// assert!(Expected::Empty.admits(Version::NONE)); // the first event of a new ticket
/// assert!(Expected::Any.admits(seen));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expected {
    /// Whatever it is.
    #[default]
    Any,
    /// The stream has no event yet.
    Empty,
    /// The stream has at least one event.
    Exists,
    /// The stream's last event is this one.
    Exactly(Revision),
}

impl Expected {
    /// Returns whether a stream at `actual` is what the writer expects; a store appends only then.
    #[must_use]
    pub fn admits(self, actual: Version) -> bool {
        match self {
            Self::Any => true,
            Self::Empty => actual.is_none(),
            Self::Exists => !actual.is_none(),
            Self::Exactly(revision) => revision.version() == actual,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any version"),
            Self::Empty => f.write_str("an empty stream"),
            Self::Exists => f.write_str("an existing stream"),
            Self::Exactly(revision) => write!(f, "version {revision}"),
        }
    }
}

/// Names one partition of a store, counted from zero.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PartitionId(pub u16);

impl fmt::Display for PartitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names one commit (one append) of a partition: 1 for the first, without holes, in commit order.
///
/// Zero, [`Offset::START`], lies before the first commit. A reader that remembers the last offset
/// it has dealt with reads on after it.
///
/// ```
/// use punctual::event::Offset;
///
/// let seen = Offset::START;
/// assert_eq!(seen.next(), Offset::new(1));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Offset(u64);

impl Offset {
    /// Before the first commit.
    pub const START: Self = Self(0);

    /// Returns the offset with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the offset of the commit after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The place of an event in the whole log: partition, commit, and index within the commit.
///
/// Positions of one partition are in the order in which readers see them; between partitions the
/// order means nothing.
///
/// ```
/// use punctual::event::{Offset, PartitionId, Position};
///
/// let at = |offset, index| Position {
///     partition: PartitionId(0),
///     offset: Offset::new(offset),
///     index,
/// };
/// assert!(at(41, 1) < at(42, 0)); // the second event of commit 41, the first of commit 42
/// assert_eq!(at(42, 0).to_string(), "0/42.0");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The partition.
    pub partition: PartitionId,
    /// The commit within the partition.
    pub offset: Offset,
    /// The event within the commit, counted from zero.
    pub index: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.partition, self.offset, self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_admits_what_it_says() {
        let (none, one, two) = (Version::NONE, Version::FIRST, Version::new(2));
        for (expected, admitted) in [
            (Expected::Any, [true, true, true]),
            (Expected::Empty, [true, false, false]),
            (Expected::Exists, [false, true, true]),
            (Expected::Exactly(one.into()), [false, true, false]),
        ] {
            assert_eq!(
                [none, one, two].map(|v| expected.admits(v)),
                admitted,
                "{expected}"
            );
        }
    }

    #[test]
    fn a_token_is_not_part_of_a_revision() {
        assert_eq!(
            Revision::with_token(Version::FIRST, 7),
            Revision::new(Version::FIRST)
        );
    }
}
