//! The journal: two files of fixed size that hold the latest groups of commits.
//!
//! A group is written at the end of the active file and made durable by one `fdatasync`. The files
//! were written whole when the store was created, so a group changes no size and allocates no block, and that sync
//! needs no journal of the file system. When one file is full the other takes over, while the commits of
//! the full one are settled into the tree.
//!
//! A frame holds one group:
//!
//! | bytes | field |
//! |---|---|
//! | 0..4 | CRC32C of everything after it |
//! | 4..8 | magic, `PnJ1` |
//! | 8..12 | bytes of the items |
//! | 12..16 | checksum of the frame before it |
//! | 16..24 | sequence number, counted over the store's life |
//! | 24..32 | the last frame known to be durable when this one was written |
//! | 32.. | items: kind, length (u32), bytes; then zeros up to a multiple of 8 |
//!
//! # Why two files of fixed size
//! A log that grows changes its size with every group, and `fdatasync` must then write the file system's own journal
//! too: two flushes for one. Blocks that were allocated and never written are hardly better, since their first write
//! changes what the file system knows of them. So both files are written whole, with zeros, on the first day.
//!
//! Two, because one is written while the other is settled. A ring in one file would do the same with a moving
//! boundary, and every reader of it would have to know where the boundary was.
//!
//! # Why each frame carries the checksum of the one before
//! Frames of an earlier use of the file lie right behind the last one, sound in every bit. Numbers tell most of them
//! from the next frame, but not after a crash: the number of a torn frame is given out again. The chain does.
//!
//! **Torn or damaged?** A frame that does not check may be one that a power cut tore, which was never
//! acknowledged, or one that was acknowledged and rotted. It rotted if a later frame says that it was
//! durable. Only the very last frame leaves no such witness; after a clean close it lies in the tree too.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;

use crate::fault::{Call, Faults};

pub(crate) const HEADER: usize = 32;
const MAGIC: [u8; 4] = *b"PnJ1";

/// What a frame says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHead {
    pub(crate) checksum: u32,
    pub(crate) before: u32,
    pub(crate) sequence: u64,
    pub(crate) durable: u64,
}

/// What lies in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    /// A sealed commit.
    Commit(&'a [u8]),
    /// A consumer's offset in one partition.
    Checkpoint {
        consumer: &'a str,
        partition: u16,
        offset: u64,
    },
    /// A consumer was forgotten.
    Forget { consumer: &'a str },
}

const COMMIT: u8 = 1;
const CHECKPOINT: u8 = 2;
const FORGET: u8 = 3;

/// A frame being made.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    bytes: Vec<u8>,
}

impl Frame {
    /// Makes room for the header, which is filled when the frame is sealed.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.resize(HEADER, 0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.len() <= HEADER
    }

    /// Returns how many bytes it takes in the file.
    pub(crate) fn len(&self) -> u64 {
        self.bytes.len().next_multiple_of(8) as u64
    }

    /// Adds an item: its kind, its length, its bytes. A reader takes a kind that it does not know for the end, so
    /// whoever adds one raises the store's format.
    pub(crate) fn push(&mut self, item: Item<'_>) {
        let out = &mut self.bytes;
        let start = out.len();
        out.extend_from_slice(&[0; 5]);
        let kind = match item {
            Item::Commit(bytes) => {
                out.extend_from_slice(bytes);
                COMMIT
            }
            Item::Checkpoint {
                consumer,
                partition,
                offset,
            } => {
                out.extend_from_slice(&partition.to_le_bytes());
                out.extend_from_slice(&offset.to_le_bytes());
                out.extend_from_slice(consumer.as_bytes());
                CHECKPOINT
            }
            Item::Forget { consumer } => {
                out.extend_from_slice(consumer.as_bytes());
                FORGET
            }
        };
        let length = (out.len() - start - 5) as u32;
        if let Some([first, rest @ ..]) = out.get_mut(start..start + 5) {
            *first = kind;
            rest.copy_from_slice(&length.to_le_bytes());
        }
    }

    /// Fills in the header and answers the checksum, which the next frame will carry. Everything but the checksum itself is
    /// under it.
    fn seal(&mut self, before: u32, sequence: u64, durable: u64) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let length = (self.bytes.len() - HEADER) as u32;
        if let Some(header) = self.bytes.first_chunk_mut::<HEADER>() {
            header[4..8].copy_from_slice(&MAGIC);
            header[8..12].copy_from_slice(&length.to_le_bytes());
            header[12..16].copy_from_slice(&before.to_le_bytes());
            header[16..24].copy_from_slice(&sequence.to_le_bytes());
            header[24..32].copy_from_slice(&durable.to_le_bytes());
        }
        let checksum = crc32c::crc32c(self.bytes.get(4..).unwrap_or_default());
        if let Some(field) = self.bytes.first_chunk_mut::<4>() {
            *field = checksum.to_le_bytes();
        }
        checksum
    }
}

/// Cuts a sound frame off the front of `bytes`: what it says of itself, its items, its size.
pub(crate) fn read_frame(bytes: &[u8]) -> Option<(FrameHead, &[u8], usize)> {
    let header = bytes.first_chunk::<HEADER>()?;
    let [c0, c1, c2, c3, m0, m1, m2, m3, l0, l1, l2, l3, rest @ ..] = *header;
    if [m0, m1, m2, m3] != MAGIC {
        return None;
    }
    let size = HEADER.checked_add(u32::from_le_bytes([l0, l1, l2, l3]) as usize)?;
    let checksum = u32::from_le_bytes([c0, c1, c2, c3]);
    if crc32c::crc32c(bytes.get(4..size)?) != checksum {
        return None;
    }
    let (before, rest) = rest.split_first_chunk::<4>()?;
    let (sequence, durable) = rest.split_first_chunk::<8>()?;
    let head = FrameHead {
        checksum,
        before: u32::from_le_bytes(*before),
        sequence: u64::from_le_bytes(*sequence),
        durable: u64::from_le_bytes(*durable.first_chunk()?),
    };
    Some((head, bytes.get(HEADER..size)?, size))
}

/// Returns the items of a sound frame.
pub(crate) fn items(mut bytes: &[u8]) -> impl Iterator<Item = Item<'_>> {
    std::iter::from_fn(move || {
        let (&kind, rest) = bytes.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (item, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        bytes = rest;
        match kind {
            COMMIT => Some(Item::Commit(item)),
            CHECKPOINT => {
                let (partition, item) = item.split_first_chunk()?;
                let (offset, name) = item.split_first_chunk()?;
                Some(Item::Checkpoint {
                    consumer: std::str::from_utf8(name).ok()?,
                    partition: u16::from_le_bytes(*partition),
                    offset: u64::from_le_bytes(*offset),
                })
            }
            FORGET => Some(Item::Forget {
                consumer: std::str::from_utf8(item).ok()?,
            }),
            // Zero fills the end.
            _ => None,
        }
    })
}

/// The frames at the front of one file that follow on each other.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// Head, and where the items lie in the file.
    pub(crate) frames: Vec<(FrameHead, std::ops::Range<usize>)>,
    /// Where the chain ends.
    pub(crate) end: usize,
}

impl Chain {
    /// Reads frames from the front for as long as each is sound, numbered one higher than the one before, and carries that
    /// one's checksum. The number alone would not do: after a power cut numbers are used again, and a frame of the lost
    /// future may lie right behind.
    pub(crate) fn read(file: &[u8]) -> Self {
        let mut chain = Self::default();
        while let Some((head, _, size)) = file.get(chain.end..).and_then(read_frame) {
            let last = chain.frames.last();
            let follows = last.is_none_or(|(last, _)| {
                last.sequence.checked_add(1) == Some(head.sequence) && last.checksum == head.before
            });
            if !follows {
                break;
            }
            let items = chain.end + HEADER..chain.end + size;
            chain.frames.push((head, items));
            chain.end += size;
        }
        chain
    }

    pub(crate) fn first(&self) -> Option<FrameHead> {
        self.frames.first().map(|(head, _)| *head)
    }

    pub(crate) fn last(&self) -> Option<FrameHead> {
        self.frames.last().map(|(head, _)| *head)
    }
}

/// Returns every sound frame of a file, wherever it lies.
pub(crate) fn strays(file: &[u8]) -> impl Iterator<Item = (FrameHead, std::ops::Range<usize>)> {
    (0..file.len().saturating_sub(HEADER))
        .step_by(8)
        .filter_map(|at| {
            let bytes = file.get(at..)?;
            // The magic first: this looks at every eighth byte of the file.
            if bytes.get(4..8)? != MAGIC {
                return None;
            }
            let (head, _, size) = read_frame(bytes)?;
            Some((head, at + HEADER..at + size))
        })
}

/// Creates a journal file: of full size, and every block of it written.
pub(crate) fn create(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let zeros = vec![0_u8; 1 << 20];
    let mut left = bytes;
    while left > 0 {
        let step = left.min(zeros.len() as u64);
        file.write_all(zeros.get(..step as usize).unwrap_or_default())?;
        left -= step;
    }
    file.sync_all()
}

/// Reads a journal file whole.
pub(crate) fn load(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The writer's end of the journal.
#[derive(Debug)]
pub(crate) struct Journal {
    files: [Arc<File>; 2],
    /// Size of each file.
    bytes: u64,
    active: usize,
    at: u64,
    sequence: u64,
    before: u32,
    faults: Faults,
}

impl Journal {
    /// Goes on at `at` in file `active`, after the frame with `sequence` and checksum `before`.
    pub(crate) fn new(
        files: [Arc<File>; 2],
        bytes: u64,
        (active, at): (usize, u64),
        (sequence, before): (u64, u32),
        faults: Faults,
    ) -> Self {
        Self {
            files,
            bytes,
            active,
            at,
            sequence,
            before,
            faults,
        }
    }

    fn file(&self) -> &File {
        let [first, second] = &self.files;
        if self.active == 0 { first } else { second }
    }

    /// Returns whether a frame of so many bytes fits into what is left of the active file.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        self.at.saturating_add(bytes) <= self.bytes
    }

    /// Returns the number of the last frame.
    pub(crate) const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Turns to the other file, whose frames must be settled.
    pub(crate) fn turn(&mut self) {
        self.active = 1 - self.active;
        self.at = 0;
    }

    /// Writes a frame; it is not durable yet.
    pub(crate) fn write(&mut self, frame: &mut Frame, durable: u64) -> io::Result<()> {
        self.faults.check(Call::JournalWrite)?;
        let sequence = self.sequence + 1;
        let checksum = frame.seal(self.before, sequence, durable);
        let mut file = self.file();
        file.seek(SeekFrom::Start(self.at))?;
        file.write_all(&frame.bytes)?;
        (self.sequence, self.before) = (sequence, checksum);
        self.at += frame.len();
        Ok(())
    }

    /// Makes everything written to the active file durable. (The other file was made so before it was left.)
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.faults.check(Call::JournalSync)?;
        self.file().sync_data()
    }
}
