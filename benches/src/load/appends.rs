//! Tickets' events in the order in which they happen, as appends to many streams.

use punctual::event::{Expected, Revision, StreamId, Version};
use punctual::store::{Append, EventStore, TicketCodec, Trace, blocking};

use super::tickets::{self, History};
use crate::run::Failure;

/// Some consecutive events of one ticket.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The ticket, by its place among the histories.
    pub ticket: usize,
    /// The version before the first of them.
    pub after: u64,
    /// The events.
    pub events: History,
}

/// Everything that is appended.
#[derive(Debug, Clone)]
pub struct Appends {
    /// The stream of each ticket.
    pub streams: Vec<StreamId>,
    /// What is appended, by the instant of each batch's first event.
    pub batches: Vec<Batch>,
    /// How many events there are.
    pub events: usize,
}

impl Appends {
    /// Cuts tickets into batches of at most so many events.
    ///
    /// # Errors
    /// When a ticket has no events.
    pub fn of(histories: &[History], most: usize) -> Result<Self, Failure> {
        let (mut streams, mut batches) = (Vec::new(), Vec::new());
        for (ticket, history) in histories.iter().enumerate() {
            let first = history.first().ok_or("a ticket without events")?;
            streams.push(first.stream.clone());
            let mut after = 0;
            for events in history.chunks(most) {
                batches.push(Batch {
                    ticket,
                    after,
                    events: events.to_vec(),
                });
                after += events.len() as u64;
            }
        }
        batches.sort_by_key(|batch| batch.events.first().map(|event| event.occurred_at));
        Ok(Self {
            streams,
            batches,
            events: tickets::count(histories),
        })
    }

    /// Encodes and appends everything, each batch at its expected version; returns the sum of the
    /// tickets' last versions: the number of events.
    ///
    /// # Errors
    /// When an append does not succeed.
    pub fn to<S: EventStore + ?Sized>(
        &self,
        store: &S,
        codec: &TicketCodec,
    ) -> Result<u64, Failure> {
        let mut revisions = vec![Revision::new(Version::NONE); self.streams.len()];
        let mut writer = codec.writer();
        for batch in &self.batches {
            for recorded in &batch.events {
                writer.push_recorded(recorded, Trace::NONE)?;
            }
            let (Some(stream), Some(revision)) = (
                self.streams.get(batch.ticket),
                revisions.get_mut(batch.ticket),
            ) else {
                return Err("a batch of no ticket".into());
            };
            let expected = Expected::Exactly(*revision);
            let append = Append::new(stream.clone(), expected, writer.take());
            *revision = blocking::wait(store.append(append))?.revision;
        }
        Ok(revisions.iter().map(|it| it.version().get()).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use punctual_memory::MemoryStore;

    #[test]
    fn every_event_is_appended_in_its_place() {
        let histories = tickets::bare(500).unwrap();
        for most in [1, 4, 64] {
            let appends = Appends::of(&histories, most).unwrap();
            let store = MemoryStore::new();
            let sum = appends.to(&store, &TicketCodec::new()).unwrap();
            assert_eq!(sum, tickets::count(&histories) as u64);
        }
    }
}
