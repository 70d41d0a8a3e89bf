//! Records into events.

use serde::Deserialize;

use super::super::{DecodeError, Decoded, RecordView};
use super::actors::Actors;
use super::kinds::{read_detail, read_quickly};
use super::names::Names;
use super::{EventError, TicketCodec, schema_of, verbatim};
use crate::event::{Actor, CustomerId, Kind, Recorded, StreamId};
use crate::ticket::{Arrival, Ticket, TicketEvent};

/// Reads events one after the other. Keeps the name of the stream that it last read from, since
/// events come in runs of one stream, the names and actors that it read last, some 150 KiB at most,
/// and a buffer for payloads of old schemas. So one reader for many events is quicker than one for each.
#[derive(Debug)]
pub struct TicketReader<'c> {
    codec: &'c TicketCodec,
    stream: Option<StreamId>,
    scratch: Vec<u8>,
    names: Names,
    actors: Actors,
}

impl<'c> TicketReader<'c> {
    pub(super) const fn new(codec: &'c TicketCodec) -> Self {
        Self {
            codec,
            stream: None,
            scratch: Vec::new(),
            names: Names::new(),
            actors: Actors::new(),
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

    // Not inlined, nor handed on by whoever calls it: so it is made where the caller wants it.
    #[inline(never)]
    fn read<'s, T: Deserialize<'s> + From<&'s str>>(
        &'s mut self,
        record: &RecordView<'s>,
    ) -> Result<Decoded<Recorded<TicketEvent<T>>>, EventError> {
        let Some(kind) = self.codec.known(record.kind()) else {
            return Ok(Decoded::Unknown(verbatim(record)));
        };
        if record.schema() != self.codec.newest(record.kind()) {
            return read_slowly(self.codec, &mut self.scratch, kind, record);
        }
        let stream = self.stream_of(record)?;
        let actor = self.actor_of(record)?;
        let subject = match record.subject_bytes() {
            [] => None,
            [_, ..] => self.subject_of(record)?,
        };
        let (codec, scratch) = (self.codec, &mut self.scratch);
        read_quickly(
            kind,
            record.payload(),
            &mut self.names,
            |event| {
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
            },
            || read_slowly(codec, scratch, kind, record),
        )
    }

    /// Folds an event into a ticket; one of an unknown kind is passed over and counted.
    ///
    /// ```
    /// use punctual::event::{Expected, StreamId, Version};
    /// use punctual::store::{Append, EventStore, Limit, TicketCodec, Trace, blocking};
    /// use punctual::ticket::{Pending, Received, Ticket, TicketEvent};
    /// # use punctual_memory::MemoryStore;
    ///
    /// let (store, codec) = (MemoryStore::new(), TicketCodec::new());
    /// let stream = StreamId::new("acme", "ticket", "T-1")?;
    /// let at = "2026-03-09T01:00:00Z".parse()?;
    /// let event: TicketEvent = TicketEvent::Received(Received::default());
    /// let mut writer = codec.writer();
    /// let pending = Pending { occurred_at: at, recorded_at: at, actor: None, subject: None, event };
    /// writer.push(&pending, Trace::NONE)?;
    /// blocking::wait(store.append(Append::new(stream.clone(), Expected::Empty, writer.take())))?;
    ///
    /// let page = blocking::wait(store.read_stream(&stream, Version::NONE, Limit::default()))?;
    /// let (mut reader, mut ticket) = (codec.reader(), Ticket::default());
    /// for record in page.records() {
    ///     reader.fold(&record, &mut ticket)?;
    /// }
    /// assert_eq!(ticket.timeline().received_at(), Some(at));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`TicketReader::decode`]; the ticket is as it was.
    pub fn fold(&mut self, record: &RecordView<'_>, ticket: &mut Ticket) -> Result<(), EventError> {
        let Some(kind) = self.codec.known(record.kind()) else {
            ticket.pass_over(&self.envelope(record)?, record.kind());
            return Ok(());
        };
        if record.schema() != self.codec.newest(record.kind()) || kind.is_told() {
            return self.fold_event(record, ticket);
        }
        let stream = match ticket.stream() {
            Some(stream) if record.is_of(stream) => None,
            Some(_) | None => Some(self.stream_of(record)?),
        };
        let subject = match record.subject_bytes() {
            [] => None,
            [_, ..] => self.subject_of(record)?,
        };
        let actor = match record.metadata() {
            [] => None,
            metadata => match self.actors.actor(metadata) {
                Ok(actor) => actor,
                Err(error) => return Err(EventError::at(record, error)),
            },
        };
        let version = record.version();
        let Some(fact) = ticket.begin(record.occurred_at(), version, kind) else {
            return self.fold_event(record, ticket);
        };
        if !read_detail(kind, record.payload(), &mut self.names, &mut fact.detail) {
            ticket.take_back();
            return self.fold_event(record, ticket);
        }
        if let Some(actor) = actor {
            fact.act(actor);
        }
        let arrival = Arrival {
            stream: stream.as_ref(),
            version,
            recorded_at: record.recorded_at(),
        };
        ticket.keep(&arrival, subject);
        Ok(())
    }

    /// What is no fact, what is late or of an old schema, and what cannot be read without serde.
    #[inline(never)]
    fn fold_event(
        &mut self,
        record: &RecordView<'_>,
        ticket: &mut Ticket,
    ) -> Result<(), EventError> {
        if let Decoded::Known(event) = self.read::<&str>(record)? {
            ticket.apply(&event);
        }
        Ok(())
    }

    /// Returns everything about an event but what happened.
    ///
    /// # Errors
    /// [`EventError`] when a name is none.
    #[inline]
    pub fn envelope(&mut self, record: &RecordView<'_>) -> Result<Recorded<()>, EventError> {
        Ok(Recorded {
            stream: self.stream_of(record)?,
            version: record.version(),
            position: Some(record.position()),
            occurred_at: record.occurred_at(),
            recorded_at: record.recorded_at(),
            actor: self.actor_of(record)?,
            subject: self.subject_of(record)?,
            event: (),
        })
    }

    /// Returns the names of an envelope that are no metadata.
    pub(in super::super) fn names(
        &mut self,
        record: &RecordView<'_>,
    ) -> Result<(StreamId, Option<CustomerId>), EventError> {
        Ok((self.stream_of(record)?, self.subject_of(record)?))
    }

    #[inline]
    fn stream_of(&mut self, record: &RecordView<'_>) -> Result<StreamId, EventError> {
        match &self.stream {
            Some(stream) if record.is_of(stream) => Ok(stream.clone()),
            Some(_) | None => self.next_stream(record),
        }
    }

    #[inline(never)]
    fn next_stream(&mut self, record: &RecordView<'_>) -> Result<StreamId, EventError> {
        let stream: StreamId = record
            .stream()
            .parse()
            .map_err(|error| EventError::at(record, unreadable("stream", &error)))?;
        self.stream = Some(stream.clone());
        Ok(stream)
    }

    /// Returns who acted. Most events of an engine say nothing of it, and then a call that answers
    /// `None` costs more than the question: so ask for the bytes first.
    #[inline]
    fn actor_of(&mut self, record: &RecordView<'_>) -> Result<Option<Actor>, EventError> {
        match record.metadata() {
            [] => Ok(None),
            metadata => match self.actors.actor(metadata) {
                Ok(actor) => Ok(actor.cloned()),
                Err(error) => Err(EventError::at(record, error)),
            },
        }
    }

    fn subject_of(&mut self, record: &RecordView<'_>) -> Result<Option<CustomerId>, EventError> {
        match record.subject_bytes() {
            [] => Ok(None),
            subject => match self.names.name(subject) {
                Some(name) => Ok(Some(name.clone().into())),
                None => Err(no_subject(record)),
            },
        }
    }
}

#[cold]
fn no_subject(record: &RecordView<'_>) -> EventError {
    let why = match CustomerId::new(record.subject().unwrap_or_default()) {
        Ok(_) => "not a name".to_owned(),
        Err(error) => error.to_string(),
    };
    EventError::at(record, unreadable("subject", &why))
}

/// Reads an event of an old schema, or a damaged one, which serde says what is wrong with.
#[cold]
#[inline(never)]
fn read_slowly<'s, T: Deserialize<'s>>(
    codec: &TicketCodec,
    scratch: &'s mut Vec<u8>,
    kind: Kind,
    record: &RecordView<'s>,
) -> Result<Decoded<Recorded<TicketEvent<T>>>, EventError> {
    let envelope = TicketReader::new(codec).envelope(record)?;
    match codec.read(kind, schema_of(record), record.payload(), scratch) {
        Ok(event) => Ok(Decoded::Known(envelope.with(event))),
        Err(error) => Err(EventError::at(record, error)),
    }
}

#[cold]
fn unreadable(what: &str, error: &dyn std::fmt::Display) -> DecodeError {
    DecodeError::Metadata {
        reason: format!("{what}: {error}"),
    }
}
