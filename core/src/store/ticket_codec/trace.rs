//! What an event belongs with.

use super::super::{EventError, Metadata, RecordView};

/// Correlation and causation: the part of an envelope that is carried for whoever follows a request
/// through several systems, and that no fold needs. Each has at most 255 bytes.
///
/// ```
/// use punctual::store::Trace;
///
/// let trace = Trace { correlation: Some("case-12"), ..Trace::NONE };
/// assert_eq!(trace.causation, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Trace<'a> {
    /// What the event belongs together with, such as the id of a request.
    pub correlation: Option<&'a str>,
    /// What made it happen, such as the id of a message.
    pub causation: Option<&'a str>,
}

impl<'a> Trace<'a> {
    /// Neither is given.
    pub const NONE: Self = Self {
        correlation: None,
        causation: None,
    };

    /// Returns what a stored event carries.
    ///
    /// # Errors
    /// [`EventError`] when its metadata cannot be read.
    pub fn of(record: &RecordView<'a>) -> Result<Self, EventError> {
        let metadata = Metadata::new(record.metadata());
        let read = || {
            Ok(Self {
                correlation: metadata.correlation()?,
                causation: metadata.causation()?,
            })
        };
        read().map_err(|error| EventError::at(record, error))
    }
}
