//! How one event lies in the log: a fixed header, then subject, metadata and payload.
//!
//! | bytes | field |
//! |---|---|
//! | 0..4 | CRC32C of everything after it, little endian like every number here |
//! | 4 | magic, `0xE5` |
//! | 5 | format, 1 |
//! | 6..8 | kind |
//! | 8..10 | schema of the payload |
//! | 10..12 | bytes of metadata |
//! | 12..20 | `occurred_at`, microseconds since 1970 |
//! | 20..28 | `recorded_at`, microseconds since 1970 |
//! | 28..32 | bytes of payload (low 24 bits) and of subject (high 8 bits) |
//! | 32.. | subject, metadata, payload |
//!
//! The writer makes the record and nobody changes it afterwards: what a store adds (partition,
//! offset, version) lies in the commit around it, see [`commit`](super::commit).

use std::fmt;

use super::commit::Text;
use super::{Damage, TooLarge};
use crate::event::{CustomerId, Position, StreamId, Version};
use crate::time::Instant;

pub(super) const HEADER: usize = 32;
const MAGIC: u8 = 0xE5;
const FORMAT: u8 = 1;
const CHECKED_FROM: usize = 4;

/// The most bytes that the payload of one event may have in any store: 16 MiB less one byte.
pub const MOST_PAYLOAD_BYTES: usize = 0x00FF_FFFF;
/// The most bytes that the metadata of one event may have in any store: 64 KiB less one byte.
pub const MOST_METADATA_BYTES: usize = 0xFFFF;

/// Everything about an event that is to be stored, except its payload.
///
/// It takes 32 bytes in the log, and as many more as subject and metadata have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead<'a> {
    /// The number of the kind; need not be one that this release knows.
    pub kind: u16,
    /// The number of the payload's schema within the kind.
    pub schema: u16,
    /// When it happened.
    pub occurred_at: Instant,
    /// When the log learned of it. The engine sets it; no store changes it.
    pub recorded_at: Instant,
    /// Whose personal data the event carries.
    pub subject: Option<&'a CustomerId>,
    /// The rest of the envelope, see [`Metadata`](super::Metadata). Opaque to every store.
    pub metadata: &'a [u8],
}

/// Events encoded one after the other in one buffer, ready to be appended.
///
/// ```
/// use punctual::store::{RecordHead, Records};
/// use punctual::time::Instant;
///
/// let head = RecordHead {
///     kind: 1,
///     schema: 1,
///     occurred_at: Instant::MIN,
///     recorded_at: Instant::MIN,
///     subject: None,
///     metadata: &[],
/// };
/// let mut records = Records::new();
/// records.push(&head, b"first")?;
/// records.push(&head, b"second")?;
/// assert_eq!(records.len(), 2);
/// # Ok::<(), punctual::store::TooLarge>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Records {
    bytes: Vec<u8>,
    count: u32,
    largest: usize,
}

impl Records {
    /// Returns an empty batch.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            count: 0,
            largest: 0,
        }
    }

    /// Returns an empty batch with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            ..Self::new()
        }
    }

    /// Appends one event to the batch.
    ///
    /// # Errors
    /// [`TooLarge`] when the payload or the metadata is longer than any store can hold; the batch
    /// is as it was.
    pub fn push(&mut self, head: &RecordHead<'_>, payload: &[u8]) -> Result<(), TooLarge> {
        self.push_with(head, |out| {
            out.extend_from_slice(payload);
            Ok(())
        })
    }

    /// Appends one event whose payload `write` adds to the end of the buffer, which spares a copy.
    ///
    /// # Errors
    /// What `write` answers, or [`TooLarge`] turned into its error; the batch is as it was.
    pub fn push_with<E: From<TooLarge>>(
        &mut self,
        head: &RecordHead<'_>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.push_parts(head, |out| add(out, head.metadata), write)
    }

    /// The same of metadata that is written in its place too. What `head` says of it counts not.
    #[inline]
    pub(super) fn push_parts<E: From<TooLarge>>(
        &mut self,
        head: &RecordHead<'_>,
        metadata: impl FnOnce(&mut Vec<u8>) -> Result<(), TooLarge>,
        payload: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = self.bytes.len();
        match write_record(&mut self.bytes, head, metadata, payload) {
            Ok(()) => {
                self.count = self.count.saturating_add(1);
                let size = self.bytes.len().saturating_sub(start);
                self.largest = self.largest.max(size);
                Ok(())
            }
            Err(error) => {
                self.bytes.truncate(start);
                Err(error)
            }
        }
    }

    /// Takes over records that were encoded elsewhere, after checking every one.
    ///
    /// ```
    /// use punctual::store::{Damage, RecordHead, Records};
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
    /// let mut bytes = records.as_bytes().to_vec();
    /// assert_eq!(Records::from_bytes(bytes.clone())?, records);
    ///
    /// if let Some(last) = bytes.last_mut() {
    ///     *last ^= 1; // a bit rots
    /// }
    /// assert_eq!(Records::from_bytes(bytes), Err(Damage::Checksum));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Damage`] when anything in `bytes` is not a sound record.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Damage> {
        let (mut rest, mut count, mut largest) = (bytes.as_slice(), 0_u32, 0);
        while !rest.is_empty() {
            let (record, after) = RawRecord::verify(rest)?;
            largest = largest.max(record.size());
            count = count.saturating_add(1);
            rest = after;
        }
        Ok(Self {
            bytes,
            count,
            largest,
        })
    }

    /// Returns how many events there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count as usize
    }

    /// Returns whether there is no event.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the encoded bytes of all events.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the size of the largest encoded event, in bytes.
    #[must_use]
    pub const fn largest(&self) -> usize {
        self.largest
    }

    /// Empties the batch and keeps its buffer.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
        self.largest = 0;
    }

    pub(super) const fn count(&self) -> u32 {
        self.count
    }
}

impl fmt::Debug for Records {
    /// Shows sizes alone: payloads may hold what customers wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("count", &self.count)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Adds bytes that are there already.
#[inline]
fn add(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), TooLarge> {
    out.extend_from_slice(bytes);
    Ok(())
}

#[inline]
fn write_record<E: From<TooLarge>>(
    out: &mut Vec<u8>,
    head: &RecordHead<'_>,
    write_metadata: impl FnOnce(&mut Vec<u8>) -> Result<(), TooLarge>,
    write_payload: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let start = out.len();
    let subject = head.subject.map_or("", CustomerId::as_str).as_bytes();
    out.reserve(HEADER.saturating_add(64));
    out.extend_from_slice(&[0; HEADER]);
    out.extend_from_slice(subject);
    let metadata_from = out.len();
    write_metadata(out)?;
    let payload_from = out.len();
    write_payload(out)?;

    let metadata = payload_from.saturating_sub(metadata_from);
    let payload = out.len().saturating_sub(payload_from);
    let header = header(head, subject.len(), metadata, payload)?;
    // A commit counts the bytes of its records in 32 bits.
    if out.len() > u32::MAX as usize {
        return Err(TooLarge::new("a batch in bytes", out.len(), u32::MAX as usize).into());
    }
    let Some((place, _)) = out
        .get_mut(start..)
        .and_then(|record| record.split_first_chunk_mut::<HEADER>())
    else {
        // `write` may only add; one that shortened the buffer has damaged the batch before it.
        return Err(TooLarge::new("payload", 0, 0).into());
    };
    *place = header;
    let checked = out.get(start.saturating_add(CHECKED_FROM)..);
    let checksum = crc32c::crc32c(checked.unwrap_or_default());
    if let Some(field) = out
        .get_mut(start..)
        .and_then(|record| record.first_chunk_mut::<CHECKED_FROM>())
    {
        *field = checksum.to_le_bytes();
    }
    Ok(())
}

/// Returns the header of a record with parts of these lengths, without its checksum.
#[inline]
fn header(
    head: &RecordHead<'_>,
    subject: usize,
    metadata: usize,
    payload: usize,
) -> Result<[u8; HEADER], TooLarge> {
    let metadata = u16::try_from(metadata)
        .map_err(|_| TooLarge::new("metadata", metadata, MOST_METADATA_BYTES))?;
    // Names have at most 120 bytes.
    let subject = u8::try_from(subject)
        .map_err(|_| TooLarge::new("subject", subject, usize::from(u8::MAX)))?;
    if payload > MOST_PAYLOAD_BYTES {
        return Err(TooLarge::new("payload", payload, MOST_PAYLOAD_BYTES));
    }
    let lengths = payload as u32 | u32::from(subject) << 24;
    let mut header = [0_u8; HEADER];
    header[4] = MAGIC;
    header[5] = FORMAT;
    header[6..8].copy_from_slice(&head.kind.to_le_bytes());
    header[8..10].copy_from_slice(&head.schema.to_le_bytes());
    header[10..12].copy_from_slice(&metadata.to_le_bytes());
    header[12..20].copy_from_slice(&head.occurred_at.micros().to_le_bytes());
    header[20..28].copy_from_slice(&head.recorded_at.micros().to_le_bytes());
    header[28..32].copy_from_slice(&lengths.to_le_bytes());
    Ok(header)
}

/// A record as it lies in memory, cut into its fields, not yet placed in a log.
#[derive(Clone, Copy)]
pub(super) struct RawRecord<'a> {
    pub(super) checksum: u32,
    kind: u16,
    schema: u16,
    occurred_at: i64,
    recorded_at: i64,
    subject: &'a [u8],
    metadata: &'a [u8],
    payload: &'a [u8],
}

impl<'a> RawRecord<'a> {
    /// Cuts the first record off `bytes`; looks at lengths, magic and format alone.
    #[inline]
    pub(super) fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Damage> {
        let (header, rest) = bytes
            .split_first_chunk::<HEADER>()
            .ok_or(Damage::Truncated)?;
        let [
            c0,
            c1,
            c2,
            c3,
            magic,
            format,
            k0,
            k1,
            s0,
            s1,
            m0,
            m1,
            times @ ..,
        ] = header;
        if *magic != MAGIC {
            return Err(Damage::Magic { found: *magic });
        }
        if *format != FORMAT {
            return Err(Damage::Format {
                found: *format,
                known: FORMAT,
            });
        }
        let (occurred_at, times) = cut_i64(times)?;
        let (recorded_at, lengths) = cut_i64(times)?;
        let lengths = u32::from_le_bytes(*lengths.first_chunk().ok_or(Damage::Truncated)?);
        let payload = (lengths & 0x00FF_FFFF) as usize;
        let subject = (lengths >> 24) as usize;
        let metadata = usize::from(u16::from_le_bytes([*m0, *m1]));
        let (subject, rest) = rest.split_at_checked(subject).ok_or(Damage::Truncated)?;
        let (metadata, rest) = rest.split_at_checked(metadata).ok_or(Damage::Truncated)?;
        let (payload, rest) = rest.split_at_checked(payload).ok_or(Damage::Truncated)?;
        let record = Self {
            checksum: u32::from_le_bytes([*c0, *c1, *c2, *c3]),
            kind: u16::from_le_bytes([*k0, *k1]),
            schema: u16::from_le_bytes([*s0, *s1]),
            occurred_at,
            recorded_at,
            subject,
            metadata,
            payload,
        };
        Ok((record, rest))
    }

    /// The same, and everything that can be checked is.
    #[inline]
    pub(super) fn verify(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Damage> {
        let (record, rest) = Self::parse(bytes)?;
        let checked = bytes
            .get(CHECKED_FROM..record.size())
            .ok_or(Damage::Truncated)?;
        if crc32c::crc32c(checked) != record.checksum {
            return Err(Damage::Checksum);
        }
        let in_range = |micros| Instant::within(micros).is_some();
        if !in_range(record.occurred_at) || !in_range(record.recorded_at) {
            return Err(Damage::Time);
        }
        if std::str::from_utf8(record.subject).is_err() {
            return Err(Damage::Text);
        }
        Ok((record, rest))
    }

    pub(super) fn size(&self) -> usize {
        HEADER
            .saturating_add(self.subject.len())
            .saturating_add(self.metadata.len())
            .saturating_add(self.payload.len())
    }
}

#[inline]
fn cut_i64(bytes: &[u8]) -> Result<(i64, &[u8]), Damage> {
    let (number, rest) = bytes.split_first_chunk::<8>().ok_or(Damage::Truncated)?;
    Ok((i64::from_le_bytes(*number), rest))
}

/// One event of a page, borrowed from the page's buffer. Copying it copies no payload.
#[derive(Clone, Copy)]
pub struct RecordView<'a> {
    pub(super) raw: RawRecord<'a>,
    pub(super) stream: Text<'a>,
    pub(super) version: Version,
    pub(super) position: Position,
}

impl<'a> RecordView<'a> {
    /// Returns the number of the kind, without looking at the payload.
    #[must_use]
    pub const fn kind(&self) -> u16 {
        self.raw.kind
    }

    /// Returns the number of the payload's schema within the kind.
    #[must_use]
    pub const fn schema(&self) -> u16 {
        self.raw.schema
    }

    /// Returns the name of its stream.
    #[must_use]
    pub fn stream(&self) -> &'a str {
        self.stream.as_str()
    }

    /// Returns whether it is of this stream. Most names have 16 to 32 bytes, and two words of 16
    /// each are compared more quickly than a call is made.
    #[inline]
    pub(super) fn is_of(&self, stream: &StreamId) -> bool {
        let (own, other) = (self.stream.as_bytes(), stream.as_str().as_bytes());
        if own.len() != other.len() || own.len() > 32 {
            return own == other;
        }
        match (own.first_chunk::<16>(), own.last_chunk::<16>()) {
            (Some(first), Some(last)) => {
                other.first_chunk() == Some(first) && other.last_chunk() == Some(last)
            }
            _ => own == other,
        }
    }

    /// Returns its place in its stream.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns its place in the whole log.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Returns when it happened.
    #[must_use]
    pub const fn occurred_at(&self) -> Instant {
        Instant::clamped(self.raw.occurred_at)
    }

    /// Returns when the log learned of it.
    #[must_use]
    pub const fn recorded_at(&self) -> Instant {
        Instant::clamped(self.raw.recorded_at)
    }

    /// Returns whose personal data it carries, if anyone's.
    #[must_use]
    pub fn subject(&self) -> Option<&'a str> {
        (!self.raw.subject.is_empty())
            .then(|| std::str::from_utf8(self.raw.subject).unwrap_or_default())
    }

    /// Returns the bytes of the subject's name, empty when there is none.
    pub(super) const fn subject_bytes(&self) -> &'a [u8] {
        self.raw.subject
    }

    /// Returns the rest of the envelope; see [`Metadata`](super::Metadata).
    #[must_use]
    pub const fn metadata(&self) -> &'a [u8] {
        self.raw.metadata
    }

    /// Returns what happened, as the codec wrote it.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.raw.payload
    }

    /// Returns how many bytes the whole record has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.raw.size()
    }
}

impl PartialEq for RecordView<'_> {
    /// Two views are equal when they are of one event: same place, same bytes.
    fn eq(&self, other: &Self) -> bool {
        let key = |view: &Self| (view.version, view.position, view.raw.checksum);
        key(self) == key(other)
            && self.stream == other.stream
            && self.raw.metadata == other.raw.metadata
            && self.raw.payload == other.raw.payload
    }
}

impl Eq for RecordView<'_> {}

impl fmt::Debug for RecordView<'_> {
    /// Shows the place and the sizes: payloads may hold what customers wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordView")
            .field("stream", &self.stream())
            .field("version", &self.version)
            .field("position", &self.position)
            .field("kind", &self.raw.kind)
            .field("schema", &self.raw.schema)
            .field("payload_bytes", &self.raw.payload.len())
            .finish()
    }
}
