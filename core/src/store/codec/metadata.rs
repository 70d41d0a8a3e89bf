//! The rest of the envelope: who acted, and what an event follows from.

use std::str::FromStr;

use super::super::{DecodeError, TooLarge};
use crate::event::{Actor, NameError, Roles};

const ACTOR: u8 = 1;
const ROLE: u8 = 2;
const CORRELATION: u8 = 3;
const CAUSATION: u8 = 4;

/// What is to be written as metadata.
///
/// Stored as fields of (tag, length, text), one byte each for tag and length; nothing given takes no
/// byte. A field with an unknown tag is skipped, so later releases may add some.
///
/// ```
/// use punctual::event::{Actor, ActorId, RoleId};
/// use punctual::store::{Metadata, MetadataFields};
///
/// let actor = Actor::new(ActorId::new("u-17")?).with_role(RoleId::new("specialist")?);
/// let mut bytes = Vec::new();
/// let fields = MetadataFields { actor: Some(&actor), ..MetadataFields::default() };
/// fields.write(&mut bytes)?;
/// assert_eq!(Metadata::new(&bytes).actor()?, Some(actor));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct MetadataFields<'a> {
    /// Who did it.
    pub actor: Option<&'a Actor>,
    /// What it belongs together with: at most 255 bytes.
    pub correlation: Option<&'a str>,
    /// What made it happen: at most 255 bytes.
    pub causation: Option<&'a str>,
}

impl MetadataFields<'_> {
    /// Writes the fields at the end of `out`.
    ///
    /// # Errors
    /// [`TooLarge`] for a text of more than 255 bytes.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), TooLarge> {
        // Most events of an engine carry none of it.
        if self.actor.is_none() && self.correlation.is_none() && self.causation.is_none() {
            return Ok(());
        }
        self.write_given(out)
    }

    fn write_given(&self, out: &mut Vec<u8>) -> Result<(), TooLarge> {
        if let Some(actor) = self.actor {
            field(out, ACTOR, actor.id.as_str(), "actor")?;
            for role in actor.roles.as_slice() {
                field(out, ROLE, role.as_str(), "role")?;
            }
        }
        for (tag, text, what) in [
            (CORRELATION, self.correlation, "correlation"),
            (CAUSATION, self.causation, "causation"),
        ] {
            if let Some(text) = text {
                field(out, tag, text, what)?;
            }
        }
        Ok(())
    }
}

fn field(out: &mut Vec<u8>, tag: u8, text: &str, what: &'static str) -> Result<(), TooLarge> {
    let most = usize::from(u8::MAX);
    let length = u8::try_from(text.len()).map_err(|_| TooLarge::new(what, text.len(), most))?;
    out.reserve(text.len().saturating_add(2));
    out.extend_from_slice(&[tag, length]);
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Metadata as stored, read field by field.
///
/// ```
/// use punctual::store::{Metadata, MetadataFields};
///
/// let mut bytes = Vec::new();
/// let fields = MetadataFields { correlation: Some("case-12"), ..MetadataFields::default() };
/// fields.write(&mut bytes)?;
/// let metadata = Metadata::new(&bytes);
/// assert_eq!(metadata.correlation()?, Some("case-12"));
/// assert_eq!(metadata.actor()?, None); // the engine itself, or nobody said
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata<'a>(&'a [u8]);

impl<'a> Metadata<'a> {
    /// Returns the view of the bytes of [`RecordView::metadata`](super::RecordView::metadata).
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns who did it.
    ///
    /// # Errors
    /// [`DecodeError::Metadata`] when the bytes are not metadata or a name is none.
    pub fn actor(self) -> Result<Option<Actor>, DecodeError> {
        let (mut id, mut roles) = (None, Roles::NONE);
        let mut rest = self.0;
        while let Some((tag, text, after)) = cut(rest)? {
            if tag == ACTOR && id.is_none() {
                id = Some(name(text)?);
            } else if tag == ROLE {
                roles = roles.and(name(text)?);
            }
            rest = after;
        }
        Ok(id.map(|id| Actor { id, roles }))
    }

    /// Returns the bytes that [`Metadata::actor`] depends on and no others, where that is easily
    /// said: the fields of the actor, which are written first. Otherwise returns all bytes.
    #[inline]
    pub(in super::super) fn actor_bytes(self) -> &'a [u8] {
        let mut rest = self.0;
        while let Ok(Some((tag, _, after))) = cut(rest) {
            if tag != ACTOR && tag != ROLE {
                break;
            }
            rest = after;
        }
        if rest.is_empty() {
            return self.0;
        }
        self.actor_bytes_before(rest)
    }

    /// The same where something stands behind the fields of the actor.
    fn actor_bytes_before(self, trace: &'a [u8]) -> &'a [u8] {
        let mut rest = trace;
        while let Ok(Some((tag, _, after))) = cut(rest) {
            if tag == ACTOR || tag == ROLE {
                return self.0;
            }
            rest = after;
        }
        if !rest.is_empty() {
            return self.0;
        }
        let length = self.0.len().saturating_sub(trace.len());
        self.0.get(..length).unwrap_or(self.0)
    }

    /// Returns the id of who did it, without copying.
    ///
    /// # Errors
    /// [`DecodeError::Metadata`] when the bytes are not metadata.
    pub fn actor_id(self) -> Result<Option<&'a str>, DecodeError> {
        self.text(ACTOR)
    }

    /// Returns what it belongs together with.
    ///
    /// # Errors
    /// [`DecodeError::Metadata`] when the bytes are not metadata.
    pub fn correlation(self) -> Result<Option<&'a str>, DecodeError> {
        self.text(CORRELATION)
    }

    /// Returns what made it happen.
    ///
    /// # Errors
    /// [`DecodeError::Metadata`] when the bytes are not metadata.
    pub fn causation(self) -> Result<Option<&'a str>, DecodeError> {
        self.text(CAUSATION)
    }

    /// Returns the first text under one tag.
    fn text(self, wanted: u8) -> Result<Option<&'a str>, DecodeError> {
        let mut rest = self.0;
        while let Some((tag, text, after)) = cut(rest)? {
            if tag == wanted {
                return utf8(text).map(Some);
            }
            rest = after;
        }
        Ok(None)
    }
}

/// A field's tag, its text, and what follows.
type Field<'a> = (u8, &'a [u8], &'a [u8]);

/// Cuts the first field off. `None` at the end.
#[inline]
fn cut(bytes: &[u8]) -> Result<Option<Field<'_>>, DecodeError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    bytes
        .split_first_chunk::<2>()
        .and_then(|([tag, length], after)| {
            let (text, after) = after.split_at_checked(usize::from(*length))?;
            Some(Some((*tag, text, after)))
        })
        .ok_or_else(|| bad(&"a field ends before its length"))
}

#[inline]
fn utf8(text: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(text).map_err(|error| bad(&error))
}

/// Reads a name of whichever kind.
fn name<N: FromStr<Err = NameError>>(text: &[u8]) -> Result<N, DecodeError> {
    utf8(text)?.parse().map_err(|error| bad(&error))
}

#[cold]
fn bad(reason: &dyn std::fmt::Display) -> DecodeError {
    DecodeError::Metadata {
        reason: reason.to_string(),
    }
}
