//! Records into events.

use super::super::{DecodeError, Decoded, Metadata, RecordView};
use super::{EventError, TicketCodec, schema_of, verbatim};
use crate::event::{CustomerId, Recorded, StreamId};
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
    #[inline]
    pub fn decode<'s>(
        &'s mut self,
        record: &RecordView<'s>,
    ) -> Result<Decoded<Recorded<TicketEvent<&'s str>>>, EventError> {
        let envelope = self.envelope(record)?;
        let read = self
            .codec
            .read(schema_of(record), record.payload(), &mut self.scratch);
        place(record, read, envelope)
    }

    /// Returns an event with text of its own.
    ///
    /// # Errors
    /// As for [`TicketReader::decode`].
    pub fn decode_owned(
        &mut self,
        record: &RecordView<'_>,
    ) -> Result<Decoded<Recorded<TicketEvent>>, EventError> {
        let envelope = self.envelope(record)?;
        let read = self
            .codec
            .read(schema_of(record), record.payload(), &mut self.scratch);
        place(record, read, envelope)
    }

    /// Folds an event into a ticket; one of an unknown kind is passed over and counted.
    ///
    /// # Errors
    /// As for [`TicketReader::decode`]; the ticket is as it was.
    #[inline]
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
    #[inline]
    pub fn envelope(&mut self, record: &RecordView<'_>) -> Result<Recorded<()>, EventError> {
        let read = || {
            let subject = record.subject().map(CustomerId::new).transpose();
            Ok((
                Metadata::new(record.metadata()).actor()?,
                subject.map_err(|error| unreadable("subject", &error))?,
            ))
        };
        let (actor, subject) = read().map_err(|error| EventError::at(record, error))?;
        Ok(Recorded {
            stream: self.stream_of(record)?,
            version: record.version(),
            position: Some(record.position()),
            occurred_at: record.occurred_at(),
            recorded_at: record.recorded_at(),
            actor,
            subject,
            event: (),
        })
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
fn place<T>(
    record: &RecordView<'_>,
    read: Result<Option<TicketEvent<T>>, DecodeError>,
    envelope: Recorded<()>,
) -> Result<Decoded<Recorded<TicketEvent<T>>>, EventError> {
    match read {
        Ok(Some(event)) => Ok(Decoded::Known(Recorded {
            stream: envelope.stream,
            version: envelope.version,
            position: envelope.position,
            occurred_at: envelope.occurred_at,
            recorded_at: envelope.recorded_at,
            actor: envelope.actor,
            subject: envelope.subject,
            event,
        })),
        Ok(None) => Ok(Decoded::Unknown(verbatim(record))),
        Err(error) => Err(EventError::at(record, error)),
    }
}

fn unreadable(what: &str, error: &dyn std::fmt::Display) -> DecodeError {
    DecodeError::Metadata {
        reason: format!("{what}: {error}"),
    }
}
