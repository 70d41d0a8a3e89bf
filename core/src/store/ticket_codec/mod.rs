//! Ticket events as stored bytes, and back.
//!
//! | part | is |
//! |---|---|
//! | [`TicketCodec`] | which schemas there are, and the way from old ones to the current |
//! | [`TicketWriter`] | events with their envelopes into [`Records`](super::Records) |
//! | [`TicketReader`] | a [`RecordView`] into an event whose text is read in place |
//! | [`Trace`] | correlation and causation, the part of the envelope that no fold needs |
//!
//! A payload is the kind's struct of [`ticket`](crate::ticket) in postcard, without the kind: that
//! is in the record's header, beside the schema. postcard stores neither names nor types, so the
//! struct of a released schema is frozen; a change of shape raises the number in the table of kinds
//! and adds a step from the old payload to the new one. Words are stored by their numbers.
//!
//! Writing goes through serde. Reading does for old schemas and for damage alone: what serde costs is
//! more than what most payloads cost to read, so those are read field by field, into the place where
//! the event is wanted, and a property holds that to serde.
//!
//! Reading never fails on a *kind* of a later release: it is handed out verbatim, and a ticket
//! [passes over](crate::ticket::Ticket::pass_over) it and counts it.

mod actors;
mod error;
mod input;
mod kept;
mod kinds;
mod names;
mod quick;
mod reader;
mod trace;
mod writer;

pub use error::EventError;
pub use reader::TicketReader;
pub use trace::Trace;
pub use writer::TicketWriter;

use serde::Deserialize;

use super::codec::{Decoded, EncodeError, EventCodec, SchemaId, Unknown, Upcast, Upcasters};
use super::{DecodeError, RecordView};
use crate::event::Kind;
use crate::ticket::TicketEvent;
use kinds::{CURRENT, read_by_serde, write_payload};

/// All kinds are below this number.
const KINDS: usize = 128;

/// What this release knows of stored ticket events. Made once, shared by reference.
///
/// ```
/// use punctual::event::StreamId;
/// use punctual::store::{CommitParts, Decoded, Partitions, TicketCodec, Trace};
/// use punctual::ticket::{Message, Pending, Personal, Ticket, TicketEvent};
///
/// let codec = TicketCodec::new();
/// let at = "2026-03-09T01:00:00Z".parse()?;
/// let mut writer = codec.writer();
/// writer.push(
///     &Pending {
///         occurred_at: at,
///         recorded_at: at,
///         actor: None,
///         subject: None,
///         event: TicketEvent::Noted(Message { text: Some(Personal::Plain("ring twice")) }),
///     },
///     Trace::NONE,
/// )?;
///
/// # let stream = StreamId::new("acme", "ticket", "T-1")?;
/// # let commit = CommitParts {
/// #     partition: Partitions::ONE.of(&stream),
/// #     offset: punctual::event::Offset::new(1),
/// #     first_version: punctual::event::Version::FIRST,
/// #     stream: &stream,
/// #     command: None,
/// #     records: writer.records(),
/// # }
/// # .to_sealed();
/// # let commit = commit.view().ok_or("no commit")?;
/// // ... appended to a store, and read from it ...
/// let mut reader = codec.reader();
/// let mut ticket = Ticket::default();
/// for record in commit.records() {
///     if let Decoded::Known(event) = reader.decode(&record)? {
///         ticket.apply(&event);
///     }
/// }
/// assert_eq!(ticket.version().get(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TicketCodec {
    /// The current schema of every kind by its number; 0 for a kind that no ticket has.
    current: [u16; KINDS],
    upcasters: Upcasters,
}

impl TicketCodec {
    /// Returns the codec of this release.
    #[must_use]
    pub fn new() -> Self {
        Self::with(released())
    }

    /// Returns a codec with these schemas.
    fn with(upcasters: Upcasters) -> Self {
        let mut current = [0; KINDS];
        for (number, schema) in (0..).zip(&mut current) {
            *schema = upcasters.newest(number).unwrap_or_default();
        }
        Self { current, upcasters }
    }

    /// Returns every kind of ticket event with its current schema, in the order of the numbers.
    /// Schemas are counted from 1, and every older one can be read.
    pub fn schemas(&self) -> impl Iterator<Item = SchemaId> {
        let numbered = (0_u16..).zip(self.current);
        let known = numbered.filter(|(_, schema)| *schema != 0);
        known.map(|(kind, schema)| SchemaId { kind, schema })
    }

    /// Returns a writer with an empty batch.
    #[must_use]
    pub fn writer(&self) -> TicketWriter<'_> {
        TicketWriter::new(self)
    }

    /// Returns a reader.
    #[must_use]
    pub fn reader(&self) -> TicketReader<'_> {
        TicketReader::new(self)
    }

    /// Returns under which kind and schema events of `kind` are written.
    pub(super) fn schema(&self, kind: Kind) -> SchemaId {
        let kind = kind.number();
        SchemaId {
            kind,
            schema: self.newest(kind),
        }
    }

    #[inline]
    fn newest(&self, kind: u16) -> u16 {
        let newest = self.current.get(usize::from(kind));
        newest.copied().unwrap_or_default()
    }

    /// Reads a payload of any schema and of any bytes. One of an older schema is rewritten into
    /// `scratch` and read from there.
    fn read<'a, T: Deserialize<'a>>(
        &self,
        kind: Kind,
        id: SchemaId,
        payload: &'a [u8],
        scratch: &'a mut Vec<u8>,
    ) -> Result<TicketEvent<T>, DecodeError> {
        let schema = self.newest(id.kind);
        if id.schema == schema {
            return read_by_serde(kind, id, payload);
        }
        if let Upcast::Current(rewritten) = self.upcasters.upcast(id, payload)? {
            *scratch = rewritten.into_owned();
        }
        read_by_serde(kind, SchemaId { schema, ..id }, scratch)
    }

    /// Returns the kind that a number stands for, if tickets have it in this release.
    #[inline]
    fn known(&self, number: u16) -> Option<Kind> {
        Kind::from_number(number).filter(|_| self.newest(number) != 0)
    }
}

/// For the lines of an export.
impl TicketCodec {
    /// Reads a payload that is in no record; `None` for a kind that is not known.
    pub(super) fn read_payload(
        &self,
        id: SchemaId,
        payload: &[u8],
    ) -> Result<Option<TicketEvent>, DecodeError> {
        let Some(kind) = self.known(id.kind) else {
            return Ok(None);
        };
        self.read(kind, id, payload, &mut Vec::new()).map(Some)
    }

    pub(super) fn write_payload(
        &self,
        event: &TicketEvent,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        write_payload(event, out)
    }

    /// Returns an event's payload as it would be stored with another kind of text in it.
    #[cfg(feature = "engine")]
    pub(crate) fn payload_without_text<T>(
        &self,
        event: &TicketEvent,
    ) -> Result<Vec<u8>, EncodeError>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        let (mut plain, mut silent) = (Vec::new(), Vec::new());
        write_payload(event, &mut plain)?;
        let id = self.schema(event.kind());
        let event: TicketEvent<T> =
            read_by_serde(event.kind(), id, &plain).map_err(|error| EncodeError::Payload {
                reason: error.to_string(),
            })?;
        write_payload(&event, &mut silent)?;
        Ok(silent)
    }

    /// Returns whether an event is written exactly as it is stored.
    pub(super) fn leads_back(&self, event: &TicketEvent, record: &RecordView<'_>) -> bool {
        let mut again = Vec::with_capacity(record.payload().len());
        self.schema(event.kind()) == schema_of(record)
            && write_payload(event, &mut again).is_ok()
            && again == record.payload()
    }
}

impl Default for TicketCodec {
    fn default() -> Self {
        Self::new()
    }
}

/// The schemas of this release with the steps between them.
#[expect(
    clippy::expect_used,
    reason = "a table of this crate's own, without input; a test builds it"
)]
fn released() -> Upcasters {
    let kinds = CURRENT
        .iter()
        .fold(Upcasters::builder(), |builder, (kind, schema)| {
            builder.kind(kind.number(), *schema)
        });
    kinds.build().expect("every old schema has a step")
}

impl EventCodec for TicketCodec {
    type Event = TicketEvent;

    fn schema_of(&self, event: &TicketEvent) -> SchemaId {
        self.schema(event.kind())
    }

    fn encode(&self, event: &TicketEvent, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        write_payload(event, out)
    }

    /// Reads the event alone, its text copied; see [`TicketReader`] for the envelope and for text
    /// that is read in place.
    fn decode(&self, record: &RecordView<'_>) -> Result<Decoded<TicketEvent>, DecodeError> {
        let read = self.read_payload(schema_of(record), record.payload())?;
        Ok(read.map_or_else(|| Decoded::Unknown(verbatim(record)), Decoded::Known))
    }
}

#[inline]
fn schema_of(record: &RecordView<'_>) -> SchemaId {
    SchemaId {
        kind: record.kind(),
        schema: record.schema(),
    }
}

#[cold]
fn verbatim(record: &RecordView<'_>) -> Unknown {
    Unknown {
        id: schema_of(record),
        payload: record.payload().to_vec(),
    }
}

#[cfg(test)]
mod tests;
