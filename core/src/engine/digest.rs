//! What makes two commands the same.

use std::fmt;
use std::hash::Hasher;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::store::{CommandDigest, EncodeError, TicketCodec};
use crate::ticket::{Command, TicketEvent};

/// Returns the digest of what a command asks for.
///
/// Its kind, its plain fields, the actor's id and the subject are part of it. Not part of it are
/// `occurred_at`, which a caller that tries again may stamp anew, the actor's roles, which may have
/// changed since, and the *text* of personal fields: a digest of a telephone number would outlive
/// the key that erases it.
pub(super) fn digest(codec: &TicketCodec, command: &Command) -> Result<CommandDigest, EncodeError> {
    let event: TicketEvent = command.action.clone().into_event();
    let mut hasher = SipHasher13::new();
    hasher.write_u16(event.kind().number());
    put(&mut hasher, command.actor.id.as_str());
    put(
        &mut hasher,
        command
            .subject
            .as_ref()
            .map_or("", |subject| subject.as_str()),
    );
    hasher.write(&codec.payload_without_text::<Silence>(&event)?);
    Ok(CommandDigest::new(hasher.finish128().as_bytes()))
}

fn put(hasher: &mut SipHasher13, text: &str) {
    hasher.write_usize(text.len());
    hasher.write(text.as_bytes());
}

/// Text that was passed over.
struct Silence;

impl<'de> Deserialize<'de> for Silence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Passing)
    }
}

struct Passing;

impl Visitor<'_> for Passing {
    type Value = Silence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Silence, E> {
        Ok(Silence)
    }
}

impl Serialize for Silence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
