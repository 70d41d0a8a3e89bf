//! From events to bytes and back, without knowing any event.

mod metadata;
mod payload;
mod upcast;

pub use metadata::{Metadata, MetadataFields};
pub use payload::{decode_payload, encode_payload};
pub use upcast::{UnknownSchema, Upcast, UpcastError, Upcaster, Upcasters, UpcastersBuilder};

use super::{DecodeError, RecordView, TooLarge};

/// Names the shape of a payload. A released shape is never changed: a change is a new schema.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::store::TicketCodec;
///
/// let codec = TicketCodec::new();
/// let resolved = codec.schemas().find(|it| it.kind == Kind::Resolved.number());
/// assert_eq!(resolved.map(|it| it.schema), Some(1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId {
    /// The number of the event's kind.
    pub kind: u16,
    /// The number of the schema within the kind, 1 for the first.
    pub schema: u16,
}

/// Why an event does not become bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// It is larger than any store can hold.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The payload's own serializer refused.
    #[error("payload cannot be written: {reason}")]
    Payload {
        /// What it said.
        reason: String,
    },
}

/// An event of a kind that this release does not know, kept verbatim so that it can be written
/// out again.
#[derive(Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Kind and schema as stored.
    pub id: SchemaId,
    /// The payload as stored.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unknown")
            .field("id", &self.id)
            .field("payload_bytes", &self.payload.len())
            .finish()
    }
}

/// What a record decodes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded<E> {
    /// An event.
    Known(E),
    /// An event of a later release.
    Unknown(Unknown),
}

/// Turns events into payloads and records into events. The typed layer implements it; stores never
/// see it.
pub trait EventCodec {
    /// The events.
    type Event;

    /// Returns under which kind and schema an event is written: always the current schema.
    fn schema_of(&self, event: &Self::Event) -> SchemaId;

    /// Writes the payload at the end of `out`.
    ///
    /// # Errors
    /// [`EncodeError`] when it cannot be written; what was added to `out` is of no use.
    fn encode(&self, event: &Self::Event, out: &mut Vec<u8>) -> Result<(), EncodeError>;

    /// Reads a record of any released schema.
    ///
    /// An unknown *kind* is no error, an unknown schema of a known kind is: it may hold what the
    /// kind's meaning depends on.
    ///
    /// # Errors
    /// [`DecodeError`] says which schema and what is wrong.
    fn decode(&self, record: &RecordView<'_>) -> Result<Decoded<Self::Event>, DecodeError>;
}
