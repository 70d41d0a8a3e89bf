//! Where an event could not be read.

use super::super::{DecodeError, Place, RecordView};

/// An event that cannot be read, with its place. Its bytes are sound, or the store would have said
/// so: a later release wrote it, or something else than this codec did.
#[derive(Debug, thiserror::Error)]
#[error("the event at {place} cannot be read")]
pub struct EventError {
    /// Where it lies.
    pub place: Box<Place>,
    /// What is wrong with it.
    #[source]
    pub source: DecodeError,
}

impl EventError {
    #[cold]
    pub(super) fn at(record: &RecordView<'_>, source: DecodeError) -> Self {
        let position = record.position();
        let place = Place {
            stream: record.stream().parse().ok(),
            version: Some(record.version()),
            ..Place::commit(position.partition, position.offset)
        };
        Self {
            place: Box::new(place),
            source,
        }
    }
}
