//! Events into records.

use serde::Serialize;

use super::super::{EncodeError, MetadataFields, RecordHead, Records};
use super::kinds::write_payload;
use super::{TicketCodec, Trace};
use crate::event::{Actor, CustomerId, Recorded};
use crate::ticket::{Pending, TicketEvent};
use crate::time::Instant;

/// Writes events one after the other into one batch, ready to be appended. Keeps its buffers.
///
/// The text of a personal field is written as it stands; whoever seals it does so before.
#[derive(Debug)]
pub struct TicketWriter<'c> {
    codec: &'c TicketCodec,
    records: Records,
}

/// An event with the part of its envelope that the writer of an event knows.
struct Outgoing<'a, T> {
    event: &'a TicketEvent<T>,
    occurred_at: Instant,
    recorded_at: Instant,
    actor: Option<&'a Actor>,
    subject: Option<&'a CustomerId>,
    trace: Trace<'a>,
}

impl<'c> TicketWriter<'c> {
    pub(super) const fn new(codec: &'c TicketCodec) -> Self {
        Self {
            codec,
            records: Records::new(),
        }
    }

    /// Adds an event that was decided.
    ///
    /// # Errors
    /// [`EncodeError::TooLarge`] when a part is longer than any store can hold; the batch is as it
    /// was.
    pub fn push<T: Serialize>(
        &mut self,
        pending: &Pending<T>,
        trace: Trace<'_>,
    ) -> Result<(), EncodeError> {
        self.write(&Outgoing {
            event: &pending.event,
            occurred_at: pending.occurred_at,
            recorded_at: pending.recorded_at,
            actor: pending.actor.as_ref(),
            subject: pending.subject.as_ref(),
            trace,
        })
    }

    /// Adds an event that was recorded before. Its stream, version and position are not written:
    /// the store that takes it stamps its own.
    ///
    /// # Errors
    /// As for [`TicketWriter::push`].
    pub fn push_recorded<T: Serialize>(
        &mut self,
        recorded: &Recorded<TicketEvent<T>>,
        trace: Trace<'_>,
    ) -> Result<(), EncodeError> {
        self.write(&Outgoing {
            event: &recorded.event,
            occurred_at: recorded.occurred_at,
            recorded_at: recorded.recorded_at,
            actor: recorded.actor.as_ref(),
            subject: recorded.subject.as_ref(),
            trace,
        })
    }

    #[inline]
    fn write<T: Serialize>(&mut self, outgoing: &Outgoing<'_, T>) -> Result<(), EncodeError> {
        let fields = MetadataFields {
            actor: outgoing.actor,
            correlation: outgoing.trace.correlation,
            causation: outgoing.trace.causation,
        };
        let id = self.codec.schema(outgoing.event.kind());
        let head = RecordHead {
            kind: id.kind,
            schema: id.schema,
            occurred_at: outgoing.occurred_at,
            recorded_at: outgoing.recorded_at,
            subject: outgoing.subject,
            metadata: &[],
        };
        self.records.push_parts(
            &head,
            |out| fields.write(out),
            |out| write_payload(outgoing.event, out),
        )
    }

    /// Returns the batch so far.
    #[must_use]
    pub const fn records(&self) -> &Records {
        &self.records
    }

    /// Returns the batch and leaves an empty one.
    #[must_use]
    pub fn take(&mut self) -> Records {
        std::mem::take(&mut self.records)
    }

    /// Empties the batch and keeps its buffer.
    pub fn clear(&mut self) {
        self.records.clear();
    }
}
