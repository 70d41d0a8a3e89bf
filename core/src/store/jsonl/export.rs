//! From commits to lines.

use std::borrow::Cow;
use std::io::Write;

use super::super::{
    CommitView, Contiguity, DecodeError, Decoded, EventCodec, EventStore, Limit, Metadata,
    MetadataFields, RecordView, Sequence, TicketCodec, TicketReader, Trace, read_next,
};
use super::error::ExportError;
use super::line::{Bytes, Command, Digest, Line, Place, Who};
use crate::event::{Actor, Kind, Offset, PartitionId, StreamId, Version};
use crate::ticket::TicketEvent;

/// What an export wrote.
///
/// An export whose `unreadable` is zero was written by this codec or an earlier one; `unknown` ones come
/// back byte for byte all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Exported {
    /// How many commits.
    pub commits: u64,
    /// How many events: as many lines.
    pub events: u64,
    /// How many of them with their payload in base64, because the words alone do not lead back to it.
    pub verbatim: u64,
    /// How many of these without words: of a kind or a schema that this release does not know.
    pub unknown: u64,
    /// How many of these although the schema is known: the payload is not of it. A log that has any
    /// was written by something else than this codec.
    pub unreadable: u64,
}

/// Writes commits as lines.
///
/// ```
/// use punctual::store::{Commits, JsonLinesWriter, TicketCodec};
///
/// let codec = TicketCodec::new();
/// let mut lines = JsonLinesWriter::new(&codec, Vec::new());
/// for commit in Commits::new().iter() {
///     lines.write_commit(&commit)?;
/// }
/// assert_eq!(lines.exported().events, 0);
/// let file: Vec<u8> = lines.into_inner();
/// # Ok::<(), punctual::store::ExportError>(())
/// ```
#[derive(Debug)]
pub struct JsonLinesWriter<'c, W> {
    out: W,
    reader: TicketReader<'c>,
    codec: &'c TicketCodec,
    lines: Vec<u8>,
    exported: Exported,
}

impl<'c, W: Write> JsonLinesWriter<'c, W> {
    /// Returns a writer of lines to `out`, which is written to once a commit; wrap what is slow in a
    /// [`BufWriter`](std::io::BufWriter).
    pub fn new(codec: &'c TicketCodec, out: W) -> Self {
        Self {
            out,
            reader: codec.reader(),
            codec,
            lines: Vec::new(),
            exported: Exported::default(),
        }
    }

    /// Writes every event of a commit, all in one call of `write_all`.
    ///
    /// # Errors
    /// [`ExportError`]; nothing of the commit was handed to `out` unless it failed itself.
    pub fn write_commit(&mut self, commit: &CommitView<'_>) -> Result<(), ExportError> {
        self.lines.clear();
        let before = self.exported;
        let written = self.commit(commit);
        if written.is_err() {
            self.exported = before;
        }
        written
    }

    fn commit(&mut self, commit: &CommitView<'_>) -> Result<(), ExportError> {
        let refused = || ExportError::Command {
            partition: commit.partition(),
            offset: commit.offset(),
        };
        let command = match (commit.command(), commit.command_key()) {
            (None, _) => None,
            (Some(_), Some(key)) => Some(Command {
                id: key.id,
                digest: Digest(key.digest),
            }),
            (Some(_), None) => return Err(refused()),
        };
        let of = u32::try_from(commit.len()).unwrap_or(u32::MAX);
        for record in commit.records() {
            self.line(&record, of, command.clone())?;
            self.exported.events = self.exported.events.saturating_add(1);
        }
        self.out.write_all(&self.lines)?;
        self.exported.commits = self.exported.commits.saturating_add(1);
        Ok(())
    }

    fn line(
        &mut self,
        record: &RecordView<'_>,
        of: u32,
        command: Option<Command>,
    ) -> Result<(), ExportError> {
        let place = record.position();
        let (envelope, metadata) = Envelope::of(record);
        let names = self.reader.names(record)?;
        let (face, payload) = self.face(record);
        let line = Line {
            stream: names.0,
            version: record.version().get(),
            position: Place {
                partition: place.partition,
                offset: place.offset,
                index: place.index,
                of,
            },
            kind: record.kind(),
            schema: record.schema(),
            occurred_at: record.occurred_at(),
            recorded_at: record.recorded_at(),
            actor: envelope.actor.map(|actor| Who {
                roles: actor.roles.into(),
                id: actor.id,
            }),
            subject: names.1,
            correlation: envelope.trace.correlation.map(Cow::Borrowed),
            causation: envelope.trace.causation.map(Cow::Borrowed),
            command,
            event: face,
            payload,
            metadata,
        };
        // Neither the values nor the buffer can refuse.
        serde_json::to_writer(&mut self.lines, &line).map_err(std::io::Error::from)?;
        self.lines.push(b'\n');
        Ok(())
    }

    /// Returns the event in words, and its payload where the words do not lead back to it.
    fn face(&mut self, record: &RecordView<'_>) -> (Option<TicketEvent>, Option<Bytes>) {
        let count = |number: &mut u64| *number = number.saturating_add(1);
        let verbatim = || Some(Bytes(record.payload().to_vec()));
        let exported = &mut self.exported;
        match self.codec.decode(record) {
            Ok(Decoded::Known(event)) => {
                if self.codec.leads_back(&event, record) {
                    return (Some(event), None);
                }
                count(&mut exported.verbatim);
                (Some(event), verbatim())
            }
            // A published policy or calendar is known, and has no words here.
            Ok(Decoded::Unknown(_)) if Kind::from_number(record.kind()).is_some() => {
                count(&mut exported.verbatim);
                (None, verbatim())
            }
            Ok(Decoded::Unknown(_)) | Err(DecodeError::UnknownSchema(_)) => {
                count(&mut exported.verbatim);
                count(&mut exported.unknown);
                (None, verbatim())
            }
            Err(_) => {
                count(&mut exported.verbatim);
                count(&mut exported.unreadable);
                (None, verbatim())
            }
        }
    }

    /// Returns what was written so far.
    pub const fn exported(&self) -> Exported {
        self.exported
    }

    /// Returns what the lines were written to. It is not flushed.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// What the metadata says in words.
#[derive(Default)]
struct Envelope<'a> {
    actor: Option<Actor>,
    trace: Trace<'a>,
}

impl<'a> Envelope<'a> {
    /// Returns the words, and the bytes where the words do not lead back to them.
    fn of(record: &RecordView<'a>) -> (Self, Option<Bytes>) {
        let bytes = record.metadata();
        let metadata = Metadata::new(bytes);
        let read = || {
            let actor = metadata.actor()?;
            let trace = Trace {
                correlation: metadata.correlation()?,
                causation: metadata.causation()?,
            };
            Ok::<_, DecodeError>(Self { actor, trace })
        };
        let envelope = read().unwrap_or_default();
        let fields = MetadataFields {
            actor: envelope.actor.as_ref(),
            correlation: envelope.trace.correlation,
            causation: envelope.trace.causation,
        };
        let mut again = Vec::with_capacity(bytes.len());
        let same = fields.write(&mut again).is_ok() && again == bytes;
        (envelope, (!same).then(|| Bytes(bytes.to_vec())))
    }
}

/// Writes everything that a partition has after `after`, up to the head that it has now or later,
/// and returns the offset to go on from. Whole commits, without a hole, or an error.
///
/// The writer is used between reads, on the task's thread: hand in one that does not block.
///
/// ```
/// use punctual::event::{Offset, PartitionId};
/// use punctual::store::{
///     EventStore, JsonLinesReader, JsonLinesWriter, TicketCodec, blocking, export_partition, restore,
/// };
/// # use punctual_memory::MemoryStore;
///
/// let (store, codec) = (MemoryStore::new(), TicketCodec::new());
/// let file = r#"{"stream":"acme/ticket/T-1","version":1,
///  "position":{"partition":0,"offset":1,"index":0,"of":1},"kind":70,"schema":1,
///  "occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z",
///  "event":{"type":"closed","text":null}}"#.replace('\n', "");
/// let restored = blocking::wait(restore(&store, JsonLinesReader::new(&codec, file.as_bytes())))?;
/// assert_eq!((restored.commits, restored.events, restored.moved), (1, 1, 0));
///
/// let mut lines = JsonLinesWriter::new(&codec, Vec::new());
/// let next = blocking::wait(export_partition(&store, PartitionId(0), Offset::START, &mut lines))?;
/// assert_eq!(next, Offset::new(1)); // where the next export goes on
/// assert_eq!(lines.exported().events, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ExportError`]; the commits before it were written.
pub async fn export_partition<W: Write>(
    store: &dyn EventStore,
    partition: PartitionId,
    after: Offset,
    lines: &mut JsonLinesWriter<'_, W>,
) -> Result<Offset, ExportError> {
    let mut guard = Contiguity::new(partition, after);
    while store.head(partition).await? > guard.after() {
        let page = read_next(store, &mut guard, Limit::default()).await?;
        for commit in page.commits.iter() {
            lines.write_commit(&commit)?;
        }
    }
    Ok(guard.after())
}

/// Writes the commits of one stream that hold events after `after`, and returns the version to go on
/// from. Commits are not split: the first may begin with events at or before `after`.
///
/// # Errors
/// As for [`export_partition`].
pub async fn export_stream<W: Write>(
    store: &dyn EventStore,
    stream: &StreamId,
    after: Version,
    lines: &mut JsonLinesWriter<'_, W>,
) -> Result<Version, ExportError> {
    let mut guard = Sequence::new(stream.clone(), after);
    loop {
        let page = store
            .read_stream(stream, guard.after(), Limit::default())
            .await?;
        guard.admit(&page).map_err(super::super::ReadError::from)?;
        for commit in page.commits.iter() {
            lines.write_commit(&commit)?;
        }
        if page.is_last() {
            return Ok(guard.after());
        }
    }
}
