//! Which partition a stream lives in.

use std::fmt;
use std::num::NonZeroU16;

use crate::event::{PartitionId, StreamId};

/// How many partitions a store has. Fixed when the store is created.
///
/// A stream lives in one partition, for ever, by a hash that is part of the stored format:
///
/// 1. `h` = FNV-1a with 64 bits over the UTF-8 bytes of the stream's name
///    (start `0xcbf29ce484222325`, prime `0x100000001b3`);
/// 2. `h` is mixed: `h ^= h >> 33; h *= 0xff51afd7ed558ccd; h ^= h >> 33;
///    h *= 0xc4ceb9fe1a85ec53; h ^= h >> 33`, modulo 2^64;
/// 3. partition = `(h * partitions) >> 64`, in 128 bits.
///
/// ```
/// use punctual::event::{PartitionId, StreamId};
/// use punctual::store::Partitions;
///
/// let stream = StreamId::new("acme", "ticket", "T-1024")?;
/// assert_eq!(Partitions::ONE.of(&stream), PartitionId(0));
/// let eight = Partitions::new(8).ok_or("zero")?;
/// assert_eq!(eight.of(&stream), eight.of(&stream));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partitions(NonZeroU16);

impl Partitions {
    /// A single partition: one order over everything.
    pub const ONE: Self = Self(NonZeroU16::MIN);

    /// Returns so many partitions, or `None` for zero.
    #[must_use]
    pub const fn new(count: u16) -> Option<Self> {
        match NonZeroU16::new(count) {
            Some(count) => Some(Self(count)),
            None => None,
        }
    }

    /// Returns how many there are: at least one.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.0.get()
    }

    /// Returns every partition, in order.
    ///
    /// ```
    /// use punctual::event::PartitionId;
    /// use punctual::store::Partitions;
    ///
    /// let three = Partitions::new(3).ok_or("zero")?;
    /// assert_eq!(three.iter().last(), Some(PartitionId(2)));
    /// assert!(three.has(PartitionId(2)) && !three.has(PartitionId(3)));
    /// assert!(Partitions::new(0).is_none());
    /// # Ok::<(), &str>(())
    /// ```
    pub fn iter(self) -> impl Iterator<Item = PartitionId> {
        (0..self.count()).map(PartitionId)
    }

    /// Returns whether `partition` is one of them.
    #[must_use]
    pub const fn has(self, partition: PartitionId) -> bool {
        partition.0 < self.count()
    }

    /// Returns the partition that `stream` lives in.
    #[must_use]
    pub fn of(self, stream: &StreamId) -> PartitionId {
        if self == Self::ONE {
            return PartitionId(0);
        }
        // 64 bits times 16 bits fit into 128.
        let hash = u128::from(stream_hash(stream.as_str()));
        let scaled = hash.wrapping_mul(u128::from(self.count()));
        PartitionId((scaled >> 64) as u16)
    }
}

impl fmt::Display for Partitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn stream_hash(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in name.as_bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
