//! What the event-sourcing crates keep: our own events and our own ticket as their state, so that
//! what is compared is the crate around them.

use punctual::event::{Recorded, StreamId};
use punctual::ticket::{Command, DecideError, Permit, Ticket, TicketEvent, decide};
use punctual::time::Instant;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told(pub Recorded<TicketEvent>);

/// A ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept(pub Ticket);

/// A command with what it needs to be decided.
#[derive(Debug, Clone)]
pub struct Ask {
    pub stream: StreamId,
    pub at: Instant,
    pub command: Command,
}

impl Kept {
    /// Decides by the same function as our engine, with nothing in the way.
    pub fn decide(&self, ask: Ask) -> Result<Vec<Told>, DecideError> {
        let Ask {
            stream,
            at,
            command,
        } = ask;
        let (mut events, mut ticket) = (Vec::new(), None::<Ticket>);
        for pending in decide(&self.0, command, &Permit::default(), at)? {
            let before = ticket.as_ref().unwrap_or(&self.0);
            let told = pending.recorded(stream.clone(), before);
            // Seldom more than one: only then is the ticket cloned to number the next.
            let mut after = before.clone();
            after.apply(&told);
            ticket = Some(after);
            events.push(Told(told));
        }
        Ok(events)
    }
}

// The crates ask for serde, and never call it in memory.
impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.event.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("a store in memory reads no bytes"))
    }
}

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("a store in memory reads no bytes"))
    }
}
