//! The form of one line.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::super::CommandDigest;
use super::base64;
use crate::event::{ActorId, CommandId, CustomerId, Offset, PartitionId, RoleId, StreamId};
use crate::time::Instant;

/// One event with everything that the log knows of it; `E` is its face. The order of the fields is the order in
/// which they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'a, E> {
    pub(super) stream: StreamId,
    pub(super) version: u64,
    pub(super) position: Place,
    pub(super) kind: u16,
    pub(super) schema: u16,
    pub(super) occurred_at: Instant,
    pub(super) recorded_at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) actor: Option<Who>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<CustomerId>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) correlation: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) causation: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<Command>,
    /// The event in words.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<E>,
    /// The stored payload, where the words do not lead back to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) payload: Option<Bytes>,
    /// The stored metadata, where actor, correlation and causation do not lead back to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) metadata: Option<Bytes>,
}

fn none<E>() -> Option<E> {
    None
}

/// The commit that the event is in, and its place there.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) partition: PartitionId,
    pub(super) offset: Offset,
    pub(super) index: u32,
    /// How many events the commit has, so that a torn file is seen.
    pub(super) of: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Who {
    pub(super) id: ActorId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<RoleId>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Command {
    pub(super) id: CommandId,
    pub(super) digest: Digest,
}

/// Bytes in base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl TryFrom<Cow<'_, str>> for Bytes {
    type Error = &'static str;

    fn try_from(text: Cow<'_, str>) -> Result<Self, Self::Error> {
        base64::decode(&text)
            .map(Self)
            .ok_or("not base64 with padding")
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        base64::encode(&bytes.0)
    }
}

/// A digest in hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
pub(super) struct Digest(pub(super) CommandDigest);

impl TryFrom<Cow<'_, str>> for Digest {
    type Error = &'static str;

    fn try_from(text: Cow<'_, str>) -> Result<Self, Self::Error> {
        let refused = "a digest is 32 hexadecimal digits in lower case";
        let mut bytes = [0; CommandDigest::BYTES];
        let digits = text.as_bytes().chunks_exact(2);
        if text.len() != bytes.len().saturating_mul(2) {
            return Err(refused);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits) {
            let sound = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
            let pair = pair.iter().all(sound).then_some(pair).ok_or(refused)?;
            let pair = std::str::from_utf8(pair).map_err(|_| refused)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| refused)?;
        }
        Ok(Self(CommandDigest::new(bytes)))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        let mut text = Self::with_capacity(CommandDigest::BYTES.saturating_mul(2));
        for byte in digest.0.as_bytes() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}
