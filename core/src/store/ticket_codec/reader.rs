//! Records into events.

use serde::Deserialize;

use super::super::{DecodeError, Decoded, Metadata, RecordView};
use super::{EventError, TicketCodec, schema_of, verbatim};
use crate::event::{Actor, CustomerId, Recorded, StreamId};
use crate::ticket::{Ticket, TicketEvent};

/// Reads events one after the other. Keeps the name of the stream that it last read from, since
/// events come in runs of one stream, and a buffer for payloads of old schemas.
#[derive(Debug)]
pub struct TicketReader<'c> {
    codec: &'c TicketCodec,
    stream: Option<StreamId>,
    scratch: Vec<u8>,
}

impl<'c> TicketReader<'c> {
    pub(super) const fn new(codec: &'c TicketCodec) -> Self {
        Self {
            codec,
            stream: None,
            scratch: Vec::new(),
        }
    }

    /// Returns an event whose text is borrowed from the page (for an old schema, from this reader).
    ///
    /// Allocates nothing for text; names of up to 23 bytes are kept inline. A kind that this release
    /// does not know, or that no ticket has, is handed out verbatim;
    /// [`TicketReader::envelope`] reads the rest of it.
    ///
    /// # Errors
    /// [`EventError`] for a schema of a later release, and for bytes that are not of their schema:
    /// too few, too many, or not what may stand there.
    pub fn decode<'s>(
        &'s mut self,
        record: &RecordView<'s>,
    ) -> Result<Decoded<Recorded<TicketEvent<&'s str>>>, EventError> {
        self.read(record)
    }

    /// Returns an event with text of its own.
    ///
    /// # Errors
    /// As for [`TicketReader::decode`].
    pub fn decode_owned(
        &mut self,
        record: &RecordView<'_>,
    ) -> Result<Decoded<Recorded<TicketEvent>>, EventError> {
        self.read(record)
    }

    #[inline]
    fn read<'s, T: Deserialize<'s>>(
        &'s mut self,
        record: &RecordView<'s>,
    ) -> Result<Decoded<Recorded<TicketEvent<T>>>, EventError> {
        let Some(kind) = self.codec.known(record.kind()) else {
            return Ok(Decoded::Unknown(verbatim(record)));
        };
        let stream = self.stream_of(record)?;
        // Most events lack at least one of them, and then a call that answers `None` costs more than
        // the question: it stores one byte where the caller loads sixteen.
        let subject = match record.subject() {
            None => None,
            Some(_) => subject_of(record)?,
        };
        let actor = match record.metadata() {
            [] => None,
            [_, ..] => actor_of(record)?,
        };
        let (id, payload) = (schema_of(record), record.payload());
        let event = match self.codec.read(kind, id, payload, &mut self.scratch) {
            Ok(event) => event,
            Err(error) => return Err(EventError::at(record, error)),
        };
        Ok(Decoded::Known(Recorded {
            stream,
            version: record.version(),
            position: Some(record.position()),
            occurred_at: record.occurred_at(),
            recorded_at: record.recorded_at(),
            actor,
            subject,
            event,
        }))
    }

    /// Folds an event into a ticket; one of an unknown kind is passed over and counted.
    ///
    /// # Errors
    /// As for [`TicketReader::decode`]; the ticket is as it was.
    pub fn fold(&mut self, record: &RecordView<'_>, ticket: &mut Ticket) -> Result<(), EventError> {
        match self.decode(record)? {
            Decoded::Known(event) => ticket.apply(&event),
            Decoded::Unknown(_) => ticket.pass_over(&self.envelope(record)?, record.kind()),
        }
        Ok(())
    }

    /// Returns everything about an event but what happened.
    ///
    /// # Errors
    /// [`EventError`] when a name is none.
    pub fn envelope(&mut self, record: &RecordView<'_>) -> Result<Recorded<()>, EventError> {
        Ok(Recorded {
            stream: self.stream_of(record)?,
            version: record.version(),
            position: Some(record.position()),
            occurred_at: record.occurred_at(),
            recorded_at: record.recorded_at(),
            actor: actor_of(record)?,
            subject: subject_of(record)?,
            event: (),
        })
    }

    /// Returns the names of an envelope that are no metadata.
    pub(in super::super) fn names(
        &mut self,
        record: &RecordView<'_>,
    ) -> Result<(StreamId, Option<CustomerId>), EventError> {
        Ok((self.stream_of(record)?, subject_of(record)?))
    }

    #[inline]
    fn stream_of(&mut self, record: &RecordView<'_>) -> Result<StreamId, EventError> {
        match &self.stream {
            Some(stream) if stream.as_str() == record.stream() => Ok(stream.clone()),
            Some(_) | None => self.next_stream(record),
        }
    }

    fn next_stream(&mut self, record: &RecordView<'_>) -> Result<StreamId, EventError> {
        let stream: StreamId = record
            .stream()
            .parse()
            .map_err(|error| EventError::at(record, unreadable("stream", &error)))?;
        self.stream = Some(stream.clone());
        Ok(stream)
    }
}

#[inline]
fn actor_of(record: &RecordView<'_>) -> Result<Option<Actor>, EventError> {
    match Metadata::new(record.metadata()).actor() {
        Ok(actor) => Ok(actor),
        Err(error) => Err(EventError::at(record, error)),
    }
}

#[inline]
fn subject_of(record: &RecordView<'_>) -> Result<Option<CustomerId>, EventError> {
    let Some(subject) = record.subject() else {
        return Ok(None);
    };
    match CustomerId::new(subject) {
        Ok(subject) => Ok(Some(subject)),
        Err(error) => Err(EventError::at(record, unreadable("subject", &error))),
    }
}

#[cold]
fn unreadable(what: &str, error: &dyn std::fmt::Display) -> DecodeError {
    DecodeError::Metadata {
        reason: format!("{what}: {error}"),
    }
}
