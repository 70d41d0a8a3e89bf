//! How one append lies in the log: what the store stamped, whose stream it is, the records.
//!
//! | bytes | field |
//! |---|---|
//! | 0..4 | seal: CRC32C of bytes 4 up to the records, then of the checksums of all records |
//! | 4 | magic, `0xC5` |
//! | 5 | format, 1 |
//! | 6 | bytes of the stream's name |
//! | 7 | bytes of the command id; 0 when there is no command |
//! | 8..12 | number of records, at least 1 |
//! | 12..16 | bytes of all records |
//! | 16..24 | offset |
//! | 24..32 | version of the first record |
//! | 32..34 | partition |
//! | 34.. | stream, then command id and 16 bytes of digest if there is a command, then the records |
//!
//! **How a stamp is verified.** A record's own checksum is made by the writer and cannot cover
//! what the store adds later. The seal does: partition, offset, first version, stream and command
//! are in it as bytes, and every record by its checksum, so a record that was changed, dropped,
//! doubled, reordered or moved to another commit breaks a seal, and no payload is hashed twice.
//! A store that keeps columns instead of commits keeps the seal as one more column and hands it to
//! [`Commits::push_parts`](super::Commits::push_parts).

use super::record::{RawRecord, RecordView};
use super::{CommandDigest, CommandKey, Damage, Records};
use crate::event::{CommandId, Offset, PartitionId, Position, StreamId, Version};

const HEADER: usize = 34;
const SEALED_FROM: usize = 4;
const MAGIC: u8 = 0xC5;
const FORMAT: u8 = 1;

/// What a store knows of one append as it commits it.
///
/// ```
/// use punctual::event::{Offset, PartitionId, StreamId, Version};
/// use punctual::store::{CommitParts, Damage, RecordHead, Records, SealedCommit};
/// use punctual::time::Instant;
///
/// let head = RecordHead {
///     kind: 64,
///     schema: 1,
///     occurred_at: Instant::MIN,
///     recorded_at: Instant::MIN,
///     subject: None,
///     metadata: &[],
/// };
/// let mut records = Records::new();
/// records.push(&head, b"what happened")?;
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let sealed = CommitParts {
///     partition: PartitionId(0),
///     offset: Offset::new(1),
///     first_version: Version::FIRST,
///     stream: &stream,
///     command: None,
///     records: &records,
/// }
/// .to_sealed();
///
/// // One byte of the stamp changes on the medium: the version of the first event.
/// let mut bytes = sealed.as_bytes().to_vec();
/// bytes[24] ^= 1;
/// assert_eq!(SealedCommit::verify(bytes), Err(Damage::Seal));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct CommitParts<'a> {
    /// The partition that it goes to.
    pub partition: PartitionId,
    /// Its place there.
    pub offset: Offset,
    /// The version of its first event.
    pub first_version: Version,
    /// The stream that it goes to.
    pub stream: &'a StreamId,
    /// The command that made it.
    pub command: Option<&'a CommandKey>,
    /// Its events, at least one.
    pub records: &'a Records,
}

impl CommitParts<'_> {
    /// Returns the seal: a checksum of everything in the commit, of each record by its checksum.
    #[must_use]
    pub fn seal(&self) -> u32 {
        self.write_sealed_part(&mut Vec::with_capacity(256))
    }

    /// Returns the whole commit in one allocation, sealed.
    #[must_use]
    pub fn to_sealed(&self) -> SealedCommit {
        let mut bytes = Vec::with_capacity(self.size());
        self.write(&mut bytes);
        SealedCommit {
            bytes: bytes.into_boxed_slice(),
            events: self.records.count(),
        }
    }

    /// Returns how many bytes the sealed commit has.
    #[must_use]
    pub fn size(&self) -> usize {
        let command = self.command.map_or(0, |key| {
            key.id.as_str().len().saturating_add(CommandDigest::BYTES)
        });
        HEADER
            .saturating_add(self.stream.as_str().len())
            .saturating_add(command)
            .saturating_add(self.records.as_bytes().len())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let seal = self.write_sealed_part(out);
        if let Some(field) = out
            .get_mut(start..)
            .and_then(|commit| commit.first_chunk_mut::<SEALED_FROM>())
        {
            *field = seal.to_le_bytes();
        }
        out.extend_from_slice(self.records.as_bytes());
    }

    /// Writes the head without its seal, and returns the seal.
    fn write_sealed_part(&self, out: &mut Vec<u8>) -> u32 {
        let start = out.len();
        self.write_head(out);
        let head_ends = out.len();
        // The checksums stand behind the head for a moment, so that one call covers both: for small
        // commits the calls cost more than the bytes.
        let mut records = self.records.as_bytes();
        while let Ok((record, rest)) = RawRecord::parse(records) {
            out.extend_from_slice(&record.checksum.to_le_bytes());
            records = rest;
        }
        let sealed = out.get(start.saturating_add(SEALED_FROM)..);
        let seal = crc32c::crc32c(sealed.unwrap_or_default());
        out.truncate(head_ends);
        seal
    }

    fn write_head(&self, out: &mut Vec<u8>) {
        let stream = self.stream.as_str().as_bytes();
        let command = self.command.map_or("", |key| key.id.as_str()).as_bytes();
        let records = self.records.as_bytes();
        let mut header = [0_u8; HEADER];
        header[4] = MAGIC;
        header[5] = FORMAT;
        // Both names are checked at construction: at most 200 and 120 bytes.
        header[6] = stream.len() as u8;
        header[7] = command.len() as u8;
        header[8..12].copy_from_slice(&self.records.count().to_le_bytes());
        header[12..16].copy_from_slice(&(records.len() as u32).to_le_bytes());
        header[16..24].copy_from_slice(&self.offset.get().to_le_bytes());
        header[24..32].copy_from_slice(&self.first_version.get().to_le_bytes());
        header[32..34].copy_from_slice(&self.partition.0.to_le_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(stream);
        if let Some(key) = self.command {
            out.extend_from_slice(command);
            out.extend_from_slice(key.digest.as_bytes());
        }
    }
}

/// A commit as bytes that are known to be sound: sealed in this process, or verified.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedCommit {
    bytes: Box<[u8]>,
    events: u32,
}

impl SealedCommit {
    /// Takes over bytes from elsewhere after verifying the seal and every record.
    ///
    /// # Errors
    /// [`Damage`] when they are not exactly one sound commit.
    pub fn verify(bytes: Vec<u8>) -> Result<Self, Damage> {
        let (view, rest) = CommitView::verify(&bytes)?;
        if !rest.is_empty() {
            return Err(Damage::Trailing { bytes: rest.len() });
        }
        Ok(Self {
            events: view.count,
            bytes: bytes.into_boxed_slice(),
        })
    }

    /// Returns the bytes, for storing.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns how many events it has, without a look at the bytes.
    #[must_use]
    pub const fn events(&self) -> usize {
        self.events as usize
    }

    /// Returns what is in it.
    #[must_use]
    pub fn view(&self) -> Option<CommitView<'_>> {
        CommitView::parse(&self.bytes)
            .ok()
            .map(|(commit, _)| commit)
    }
}

impl std::fmt::Debug for SealedCommit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.view() {
            Some(view) => view.fmt(f),
            None => f.write_str("SealedCommit"),
        }
    }
}

/// One commit of a page, borrowed from the page's buffer.
///
/// Reading its fields costs nothing: they were cut out when the page was walked. Payloads are decoded by
/// whoever wants them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitView<'a> {
    partition: PartitionId,
    offset: Offset,
    first_version: Version,
    count: u32,
    stream: Text<'a>,
    command: Option<(Text<'a>, &'a [u8; CommandDigest::BYTES])>,
    body: Body<'a>,
    whole: Body<'a>,
}

/// A name that was verified to be text when its commit was; read as text only when asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    pub(super) fn as_str(self) -> &'a str {
        std::str::from_utf8(self.0).unwrap_or_default()
    }

    pub(super) const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl std::fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

/// The records of a commit. Not shown by `Debug`: payloads may hold what customers wrote.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Body<'a>(&'a [u8]);

impl std::fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<'a> CommitView<'a> {
    /// Cuts the first commit off `bytes` and verifies it whole: seal, names, every record.
    ///
    /// # Errors
    /// [`Damage`] says what is wrong with it.
    pub fn verify(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Damage> {
        let (commit, rest) = Self::parse(bytes)?;
        let names = [Some(commit.stream), commit.command.map(|(id, _)| id)];
        if names
            .iter()
            .flatten()
            .any(|name| std::str::from_utf8(name.0).is_err())
        {
            return Err(Damage::Text);
        }
        let size = bytes.len().saturating_sub(rest.len());
        let head = size.saturating_sub(commit.body.0.len());
        let sealed = bytes.get(SEALED_FROM..head).ok_or(Damage::Truncated)?;
        let mut seal = crc32c::crc32c(sealed);
        let (mut records, mut count) = (commit.body.0, 0_u32);
        while !records.is_empty() {
            let (record, after) = RawRecord::verify(records)?;
            seal = crc32c::crc32c_append(seal, &record.checksum.to_le_bytes());
            count = count.saturating_add(1);
            records = after;
        }
        let stamped = bytes.first_chunk::<SEALED_FROM>().copied();
        if stamped != Some(seal.to_le_bytes()) {
            return Err(Damage::Seal);
        }
        if count != commit.count || count == 0 {
            return Err(Damage::Count {
                found: count,
                stamped: commit.count,
            });
        }
        Ok((commit, rest))
    }

    /// Cuts the first commit off bytes that were verified before.
    #[inline]
    pub(super) fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Damage> {
        let (header, rest) = bytes
            .split_first_chunk::<HEADER>()
            .ok_or(Damage::Truncated)?;
        let [_, _, _, _, magic, format, stream, command, numbers @ ..] = header;
        if *magic != MAGIC {
            return Err(Damage::Magic { found: *magic });
        }
        if *format != FORMAT {
            return Err(Damage::Format {
                found: *format,
                known: FORMAT,
            });
        }
        let (count, numbers) = cut::<4>(numbers)?;
        let (body, numbers) = cut::<4>(numbers)?;
        let (offset, numbers) = cut::<8>(numbers)?;
        let (first, numbers) = cut::<8>(numbers)?;
        let (partition, _) = cut::<2>(numbers)?;
        let (stream, rest) = cut_text(rest, *stream)?;
        let (command, rest) = match *command {
            0 => (None, rest),
            length => {
                let (id, rest) = cut_text(rest, length)?;
                let (digest, rest) = rest.split_first_chunk().ok_or(Damage::Truncated)?;
                (Some((id, digest)), rest)
            }
        };
        let (body, rest) = rest
            .split_at_checked(u32::from_le_bytes(body) as usize)
            .ok_or(Damage::Truncated)?;
        let size = bytes.len().saturating_sub(rest.len());
        let commit = Self {
            partition: PartitionId(u16::from_le_bytes(partition)),
            offset: Offset::new(u64::from_le_bytes(offset)),
            first_version: Version::new(u64::from_le_bytes(first)),
            count: u32::from_le_bytes(count),
            stream,
            command,
            body: Body(body),
            whole: Body(bytes.get(..size).unwrap_or_default()),
        };
        Ok((commit, rest))
    }

    /// Returns the partition that it is in.
    #[must_use]
    pub const fn partition(&self) -> PartitionId {
        self.partition
    }

    /// Returns its place in the partition.
    #[must_use]
    pub const fn offset(&self) -> Offset {
        self.offset
    }

    /// Returns the version of its first event.
    #[must_use]
    pub const fn first_version(&self) -> Version {
        self.first_version
    }

    /// Returns the version of its last event.
    #[must_use]
    pub const fn last_version(&self) -> Version {
        Version::new(
            self.first_version
                .get()
                .saturating_add(self.count as u64)
                .saturating_sub(1),
        )
    }

    /// Returns the name of its stream.
    #[must_use]
    pub fn stream(&self) -> &'a str {
        self.stream.as_str()
    }

    /// Returns whether the name of its stream begins so.
    #[cfg(feature = "engine")]
    pub(crate) fn is_within(&self, prefix: &str) -> bool {
        self.stream.as_bytes().starts_with(prefix.as_bytes())
    }

    /// Returns the id of the command that made it, and the caller's digest of that command.
    #[must_use]
    pub fn command(&self) -> Option<(&'a str, CommandDigest)> {
        self.command
            .map(|(id, digest)| (id.as_str(), CommandDigest::new(*digest)))
    }

    /// Returns the same as an owned key, or `None` when it has no command.
    #[must_use]
    pub fn command_key(&self) -> Option<CommandKey> {
        let (id, digest) = self.command()?;
        let id = CommandId::new(id).ok()?;
        Some(CommandKey { id, digest })
    }

    /// Returns how many events it has: at least one.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count as usize
    }

    /// Returns whether it has no event, which no sound commit is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the bytes of the whole sealed commit, for storing elsewhere.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.whole.0
    }

    /// Returns the encoded bytes of its events.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body.0
    }

    /// Returns the bytes of its stream's name: to compare them costs less than to read them as text.
    pub(super) const fn stream_bytes(&self) -> &'a [u8] {
        self.stream.as_bytes()
    }

    /// Returns its events, oldest first. Decodes each header as it goes, and no payload.
    #[inline]
    pub fn records(&self) -> impl Iterator<Item = RecordView<'a>> + use<'a> {
        let mut views = RecordViews::of_commits(&[]);
        views.begin(self);
        views
    }
}

/// The events of commits that lie one behind the other. By hand, since most commits have one event,
/// and an iterator of iterators would be moved for each.
pub(super) struct RecordViews<'a> {
    commits: &'a [u8],
    records: &'a [u8],
    stream: Text<'a>,
    version: Version,
    position: Position,
}

impl<'a> RecordViews<'a> {
    #[inline]
    pub(super) const fn of_commits(commits: &'a [u8]) -> Self {
        Self {
            commits,
            records: &[],
            stream: Text(&[]),
            version: Version::NONE,
            position: Position {
                partition: PartitionId(0),
                offset: Offset::START,
                index: 0,
            },
        }
    }

    #[inline]
    const fn begin(&mut self, commit: &CommitView<'a>) {
        self.records = commit.body.0;
        self.stream = commit.stream;
        self.version = commit.first_version;
        self.position = Position {
            partition: commit.partition,
            offset: commit.offset,
            index: 0,
        };
    }
}

impl<'a> Iterator for RecordViews<'a> {
    type Item = RecordView<'a>;

    #[inline]
    fn next(&mut self) -> Option<RecordView<'a>> {
        let (raw, after) = loop {
            // A record that is none ends its commit; no sound commit has one.
            if let Ok(found) = RawRecord::parse(self.records) {
                break found;
            }
            let (commit, after) = CommitView::parse(self.commits).ok()?;
            self.commits = after;
            self.begin(&commit);
        };
        let view = RecordView {
            raw,
            stream: self.stream,
            version: self.version,
            position: self.position,
        };
        self.records = after;
        self.position.index = self.position.index.saturating_add(1);
        self.version = self.version.next();
        Some(view)
    }
}

#[inline]
fn cut<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), Damage> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Damage::Truncated)?;
    Ok((*number, rest))
}

#[inline]
fn cut_text(bytes: &[u8], length: u8) -> Result<(Text<'_>, &[u8]), Damage> {
    let (text, rest) = bytes
        .split_at_checked(usize::from(length))
        .ok_or(Damage::Truncated)?;
    Ok((Text(text), rest))
}
