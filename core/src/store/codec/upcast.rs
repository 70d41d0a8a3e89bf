//! Old payloads, read as if they were written today.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::super::DecodeError;
use super::SchemaId;

/// Turns the payload of one schema into that of the next schema of the same kind.
///
/// Any function of this shape is one: read the old struct with
/// [`decode_payload`](super::decode_payload), write the new one with
/// [`encode_payload`](super::encode_payload).
pub trait Upcaster: Send + Sync {
    /// Reads `old` and writes the payload of the next schema at the end of `new`.
    ///
    /// # Errors
    /// [`DecodeError`] when `old` is not of its schema.
    fn upcast(&self, old: &[u8], new: &mut Vec<u8>) -> Result<(), DecodeError>;
}

impl<F> Upcaster for F
where
    F: Fn(&[u8], &mut Vec<u8>) -> Result<(), DecodeError> + Send + Sync,
{
    fn upcast(&self, old: &[u8], new: &mut Vec<u8>) -> Result<(), DecodeError> {
        self(old, new)
    }
}

/// The kind is known and the schema is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "kind {kind} has schemas 1 to {newest} in this release, and schema {found} is stored; upgrade"
)]
pub struct UnknownSchema {
    /// The kind.
    pub kind: u16,
    /// The stored schema.
    pub found: u16,
    /// The newest schema that this release knows.
    pub newest: u16,
}

/// Why a set of upcasters cannot be used.
///
/// ```
/// use punctual::store::{UpcastError, Upcasters};
///
/// // Kind 5 is at schema 3, and nobody has said how to get there from schema 1.
/// let missing = Upcasters::builder().kind(5, 3).build();
/// assert_eq!(missing.err(), Some(UpcastError::Missing { kind: 5, schema: 1 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpcastError {
    /// There is no way from an old schema to the current one.
    #[error("kind {kind} has no upcaster from schema {schema} to the next")]
    Missing {
        /// The kind.
        kind: u16,
        /// The schema that cannot be read.
        schema: u16,
    },
    /// An upcaster of a kind that was not declared, or from a schema that is not older than the
    /// current one.
    #[error(
        "kind {kind} has an upcaster from schema {schema}, which is not older than the current"
    )]
    Superfluous {
        /// The kind.
        kind: u16,
        /// The schema.
        schema: u16,
    },
    /// Two for one schema, or one kind declared twice.
    #[error("kind {kind}, schema {schema} was declared twice")]
    Twice {
        /// The kind.
        kind: u16,
        /// The schema.
        schema: u16,
    },
    /// Schemas are counted from 1.
    #[error("kind {kind} was declared with schema 0; schemas are counted from 1")]
    Zero {
        /// The kind.
        kind: u16,
    },
}

/// A payload in the current schema of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upcast<'a> {
    /// As stored when the schema was current, else rewritten step by step.
    Current(Cow<'a, [u8]>),
    /// The kind is not known; keep the payload verbatim.
    UnknownKind,
}

/// Every known kind with its current schema, and the steps that lead to it.
///
/// ```
/// use punctual::store::{SchemaId, Upcast, Upcasters, decode_payload, encode_payload};
///
/// // Schema 1 of kind 5 was a text; schema 2 is a text and whether it was automatic.
/// let old_id = SchemaId { kind: 5, schema: 1 };
/// let upcasters = Upcasters::builder()
///     .kind(5, 2)
///     .step(5, 1, move |old: &[u8], new: &mut Vec<u8>| {
///         let text: &str = decode_payload(old_id, old)?;
///         encode_payload(&(text, false), new).map_err(Into::into)
///     })
///     .build()?;
///
/// let mut stored = Vec::new();
/// encode_payload("hello", &mut stored)?;
/// let Upcast::Current(payload) = upcasters.upcast(old_id, &stored)? else { unreachable!() };
/// let now: (&str, bool) = decode_payload(SchemaId { kind: 5, schema: 2 }, &payload)?;
/// assert_eq!(now, ("hello", false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Upcasters {
    newest: BTreeMap<u16, u16>,
    steps: BTreeMap<SchemaId, Box<dyn Upcaster>>,
}

impl Upcasters {
    /// Begins a set.
    #[must_use]
    pub fn builder() -> UpcastersBuilder {
        UpcastersBuilder::default()
    }

    /// Returns the current schema of a kind, or `None` when the kind is not known.
    #[must_use]
    pub fn newest(&self, kind: u16) -> Option<u16> {
        self.newest.get(&kind).copied()
    }

    /// Returns the payload in the current schema of its kind. A current one is only passed through.
    ///
    /// # Errors
    /// [`DecodeError::UnknownSchema`] for a schema newer than the current one (or 0), and what a step
    /// answers.
    pub fn upcast<'a>(&self, id: SchemaId, payload: &'a [u8]) -> Result<Upcast<'a>, DecodeError> {
        let Some(newest) = self.newest(id.kind) else {
            return Ok(Upcast::UnknownKind);
        };
        if id.schema == 0 || id.schema > newest {
            return Err(unknown(id, newest));
        }
        let mut payload = Cow::Borrowed(payload);
        for schema in id.schema..newest {
            let at = SchemaId {
                kind: id.kind,
                schema,
            };
            // The builder saw to it that every step is there.
            let step = self.steps.get(&at).ok_or_else(|| unknown(at, newest))?;
            let mut new = Vec::with_capacity(payload.len().saturating_add(16));
            step.upcast(&payload, &mut new)?;
            payload = Cow::Owned(new);
        }
        Ok(Upcast::Current(payload))
    }
}

fn unknown(id: SchemaId, newest: u16) -> DecodeError {
    let SchemaId { kind, schema } = id;
    DecodeError::UnknownSchema(UnknownSchema {
        kind,
        found: schema,
        newest,
    })
}

impl fmt::Debug for Upcasters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upcasters")
            .field("newest", &self.newest)
            .field("steps", &self.steps.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// Gathers kinds and steps, and checks that they fit together.
#[derive(Debug, Default)]
pub struct UpcastersBuilder {
    made: Upcasters,
    wrong: Option<UpcastError>,
}

impl UpcastersBuilder {
    /// Declares a kind and its current schema, counted from 1.
    #[must_use]
    pub fn kind(mut self, kind: u16, newest: u16) -> Self {
        if newest == 0 {
            self.wrong.get_or_insert(UpcastError::Zero { kind });
        }
        if self.made.newest.insert(kind, newest).is_some() {
            let schema = newest;
            self.wrong
                .get_or_insert(UpcastError::Twice { kind, schema });
        }
        self
    }

    /// Adds the step from `schema` of `kind` to the next.
    #[must_use]
    pub fn step(mut self, kind: u16, schema: u16, upcaster: impl Upcaster + 'static) -> Self {
        let id = SchemaId { kind, schema };
        if self.made.steps.insert(id, Box::new(upcaster)).is_some() {
            self.wrong
                .get_or_insert(UpcastError::Twice { kind, schema });
        }
        self
    }

    /// Returns the set.
    ///
    /// # Errors
    /// [`UpcastError`] when an old schema has no way to the current one, or a step leads nowhere.
    pub fn build(self) -> Result<Upcasters, UpcastError> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        let made = self.made;
        for (&kind, &newest) in &made.newest {
            for schema in 1..newest {
                if !made.steps.contains_key(&SchemaId { kind, schema }) {
                    return Err(UpcastError::Missing { kind, schema });
                }
            }
        }
        for &SchemaId { kind, schema } in made.steps.keys() {
            let newest = made.newest(kind).unwrap_or_default();
            if schema == 0 || schema >= newest {
                return Err(UpcastError::Superfluous { kind, schema });
            }
        }
        Ok(made)
    }
}
