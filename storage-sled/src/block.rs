//! How commits lie in the tree: several small ones in one block, a large one in parts.
//!
//! sled keeps up to some twenty values in one node and writes a node that outgrows a quarter of a
//! segment into a file that it never syncs. So no value is larger than [`PART`]: twenty of them are
//! far from the half mebibyte that is a quarter of our segments.
//!
//! A block: 0, the number of commits (u16), the end of each (u16), the commits.
//! A part: 1, then partition (u16), offset (u64), part, parts and number of bytes (u16 each), CRC32C of all
//! that and the bytes, then the bytes. Parts say what they are so that they can be found in a damaged file.
//! | bytes of a block | field |
//! |---|---|
//! | 0 | 0 |
//! | 1..3 | number of commits, n |
//! | 3..3+2n | the end of each commit, counted from where the first begins |
//! | 3+2n.. | the commits, sealed, one after the other |
//!
//! | bytes of a part | field |
//! |---|---|
//! | 0 | 1 |
//! | 1..3 | partition |
//! | 3..11 | offset of the commit |
//! | 11..13 | which part this is, from zero |
//! | 13..15 | how many parts there are |
//! | 15..17 | number of bytes of this part |
//! | 17..21 | CRC32C of bytes 0..17 and of what follows |
//! | 21.. | the bytes |
//!
//! All numbers are little endian. A block needs no checksum of its own: each sealed commit has one, and a wrong end
//! cuts a commit so that its own does not match.

use std::sync::Arc;

use punctual::event::{Offset, PartitionId};
use punctual::store::SealedCommit;

/// The most events of a block that has more than one commit.
pub(crate) const EVENTS: usize = 64;
/// The most bytes of a block that has more than one commit.
pub(crate) const BYTES: usize = 4 << 10;
/// The most bytes of a commit that is not cut into parts, and of each part.
pub(crate) const PART: usize = 16 << 10;
/// What stands before the bytes of a part.
pub(crate) const PART_HEADER: usize = 21;

const BLOCK: u8 = 0;
const OF_PARTS: u8 = 1;

/// Returns how many of `commits` the next block takes: at least one if there is any.
///
/// The answer depends on the commits alone, so settling them a second time makes the same blocks.
pub(crate) fn fill(commits: &[Arc<SealedCommit>]) -> usize {
    let (mut events, mut bytes) = (0, 0);
    for (taken, commit) in commits.iter().enumerate() {
        events += commit.view().map_or(0, |view| view.len());
        bytes += commit.as_bytes().len() + 2;
        if taken > 0 && (events > EVENTS || bytes > BYTES) {
            return taken;
        }
    }
    commits.len()
}

/// Returns the values to store for the commits of one block, one for each part.
pub(crate) fn encode(
    partition: PartitionId,
    first: Offset,
    commits: &[Arc<SealedCommit>],
) -> Vec<Vec<u8>> {
    match commits {
        [commit] if commit.as_bytes().len() > PART => cut(partition, first, commit.as_bytes()),
        commits => vec![pack(commits)],
    }
}

/// Several commits in one value. Bounds in [`fill`] keep every end within 16 bits.
fn pack(commits: &[Arc<SealedCommit>]) -> Vec<u8> {
    let bytes: usize = commits.iter().map(|commit| commit.as_bytes().len()).sum();
    let mut block = Vec::with_capacity(3 + 2 * commits.len() + bytes);
    block.push(BLOCK);
    block.extend_from_slice(&(commits.len() as u16).to_le_bytes());
    let mut end = 0_usize;
    for commit in commits {
        end += commit.as_bytes().len();
        // One commit has at most 16 KiB and several have at most 4 KiB.
        block.extend_from_slice(&(end as u16).to_le_bytes());
    }
    for commit in commits {
        block.extend_from_slice(commit.as_bytes());
    }
    block
}

/// One large commit as values of at most [`PART`] bytes. Each part says what it is, so that salvage can put the
/// commit together from a damaged file in which no key leads to it.
fn cut(partition: PartitionId, offset: Offset, commit: &[u8]) -> Vec<Vec<u8>> {
    let parts = commit.len().div_ceil(PART) as u16;
    let part = |(part, bytes): (usize, &[u8])| {
        let mut value = Vec::with_capacity(PART_HEADER + bytes.len());
        value.push(OF_PARTS);
        value.extend_from_slice(&partition.0.to_le_bytes());
        value.extend_from_slice(&offset.get().to_le_bytes());
        value.extend_from_slice(&(part as u16).to_le_bytes());
        value.extend_from_slice(&parts.to_le_bytes());
        value.extend_from_slice(&(bytes.len() as u16).to_le_bytes());
        let checksum = crc32c::crc32c_append(crc32c::crc32c(&value), bytes);
        value.extend_from_slice(&checksum.to_le_bytes());
        value.extend_from_slice(bytes);
        value
    };
    commit.chunks(PART).enumerate().map(part).collect()
}

/// One stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Block(Block<'a>),
    Part(Part<'a>),
}

/// Several whole commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    ends: &'a [[u8; 2]],
    bytes: &'a [u8],
}

/// A piece of one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) partition: PartitionId,
    pub(crate) offset: Offset,
    pub(crate) part: u16,
    pub(crate) parts: u16,
    pub(crate) bytes: &'a [u8],
}

impl<'a> Value<'a> {
    /// Reads a value; `None` when it is damaged. The commits of a block are not looked into.
    pub(crate) fn read(value: &'a [u8]) -> Option<Self> {
        let (kind, rest) = value.split_first()?;
        match *kind {
            BLOCK => {
                let (count, rest) = rest.split_first_chunk::<2>()?;
                let ends = usize::from(u16::from_le_bytes(*count)).checked_mul(2)?;
                let (ends, bytes) = rest.split_at_checked(ends)?;
                let (ends, _) = ends.as_chunks::<2>();
                Some(Self::Block(Block { ends, bytes }))
            }
            OF_PARTS => {
                let (header, bytes) = value.split_first_chunk::<PART_HEADER>()?;
                Part::read(header, bytes).map(Self::Part)
            }
            _ => None,
        }
    }
}

impl<'a> Part<'a> {
    /// Reads a part whose header is this and whose bytes are exactly these.
    pub(crate) fn read(header: &[u8; PART_HEADER], bytes: &'a [u8]) -> Option<Self> {
        let [head @ .., c0, c1, c2, c3] = header;
        let found = crc32c::crc32c_append(crc32c::crc32c(head), bytes);
        if found != u32::from_le_bytes([*c0, *c1, *c2, *c3]) || Self::size(header)? != bytes.len() {
            return None;
        }
        let [
            _,
            p0,
            p1,
            o0,
            o1,
            o2,
            o3,
            o4,
            o5,
            o6,
            o7,
            a0,
            a1,
            b0,
            b1,
            ..,
        ] = *header;
        Some(Self {
            partition: PartitionId(u16::from_le_bytes([p0, p1])),
            offset: Offset::new(u64::from_le_bytes([o0, o1, o2, o3, o4, o5, o6, o7])),
            part: u16::from_le_bytes([a0, a1]),
            parts: u16::from_le_bytes([b0, b1]),
            bytes,
        })
    }

    /// Returns how many bytes follow the header, or `None` when it is none.
    pub(crate) fn size(header: &[u8; PART_HEADER]) -> Option<usize> {
        let [
            kind,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            a0,
            a1,
            b0,
            b1,
            s0,
            s1,
            ..,
        ] = *header;
        let (part, parts) = (u16::from_le_bytes([a0, a1]), u16::from_le_bytes([b0, b1]));
        let size = usize::from(u16::from_le_bytes([s0, s1]));
        (kind == OF_PARTS && part < parts && size <= PART).then_some(size)
    }
}

impl<'a> Block<'a> {
    /// Returns how many commits there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the bytes of one commit, not verified.
    pub(crate) fn commit(&self, index: usize) -> Option<&'a [u8]> {
        let end = |index: usize| {
            self.ends
                .get(index)
                .map(|end| usize::from(u16::from_le_bytes(*end)))
        };
        let from = index.checked_sub(1).map_or(Some(0), end)?;
        self.bytes.get(from..end(index)?)
    }
}
