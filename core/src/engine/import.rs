//! A history that was recorded elsewhere, taken over as it is.

use super::Engine;
use super::error::ExecuteError;
use super::execute::Executed;
use super::load::Loaded;
use crate::event::{CommandId, Expected, Revision, StreamId};
use crate::store::{Append, Appended, CommandDigest, CommandKey, Trace};
use crate::supervision;
use crate::ticket::{Pending, Ticket, TicketEvent};
use crate::time::Instant;

impl Engine {
    /// Takes over the history of a ticket that has no events here yet, in the order given.
    ///
    /// History is not judged: what cannot have been is kept and counted as an anomaly. `occurred_at`
    /// is kept; `recorded_at` too, as far as it does not run backwards and lies not ahead of now, so
    /// that the history can be asked what was known when. The policy is bound with the intake,
    /// unless the history brings its own bindings. Rungs that such a ticket still owes are told at
    /// the next tick, marked late; whoever sends messages sees by their instants how old they are.
    ///
    /// A long history is taken over in several commits. Importing the same history again goes on
    /// where an interrupted import stopped, and records nothing twice.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// use punctual::ticket::{Message, Pending, Received, TicketEvent};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-10T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open(store, Options::new("acme").with_clock(clock)).await?;
    /// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    ///
    /// let event = |civil: &str, event| -> Result<Pending, punctual::time::TimeError> {
    ///     let at = civil.parse()?;
    ///     Ok(Pending { occurred_at: at, recorded_at: at, actor: None, subject: None, event })
    /// };
    /// let history = vec![
    ///     event("2026-03-09T09:00:00+08:00", TicketEvent::Received(Received::default()))?,
    ///     event("2026-03-09T09:20:00+08:00", TicketEvent::Replied(Default::default()))?,
    /// ];
    /// let ticket = engine.stream("T-1")?;
    /// engine.import(&ticket, history.clone()).await?;
    /// assert!(engine.import(&ticket, history).await?.replayed);
    /// assert_eq!(engine.ticket(&ticket).await?.ticket().version().get(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ExecuteError::Append`] with a conflict when the ticket has other events already, and
    /// [`ExecuteError::Reused`] when another history was imported; others as for
    /// [`Engine::execute`].
    pub async fn import(
        &self,
        stream: &StreamId,
        history: Vec<Pending>,
    ) -> Result<Executed, ExecuteError> {
        let mut revision = Revision::new(crate::event::Version::NONE);
        let mut ticket = Ticket::default();
        let mut last: Option<Appended> = None;
        let most = self
            .store
            .limits()
            .append_events
            .div_euclid(2)
            .clamp(1, 256);
        let mut history = history.into_iter().peekable();
        for part in 0_u32.. {
            let chunk: Vec<Pending> = history.by_ref().take(most).collect();
            if chunk.is_empty() && last.is_some() {
                break;
            }
            let appended = self
                .import_part(stream, part, chunk, revision, &mut ticket)
                .await?;
            revision = appended.revision;
            if appended.replayed {
                // Since then the engine itself may have had something to record.
                let loaded: Loaded = self.load(stream, Instant::MAX).await?;
                (ticket, revision) = (loaded.ticket, loaded.revision);
            }
            last = Some(appended);
        }
        match last {
            Some(appended) => Ok(appended.into()),
            // The loop leaves only with an answer.
            None => Err(ExecuteError::Contended {
                stream: stream.clone(),
                attempts: 0,
            }),
        }
    }

    async fn import_part(
        &self,
        stream: &StreamId,
        part: u32,
        chunk: Vec<Pending>,
        revision: Revision,
        ticket: &mut Ticket,
    ) -> Result<Appended, ExecuteError> {
        let key = key_of(part, &chunk);
        let now = self.now();
        let encode = |error| ExecuteError::encode(stream, error);
        let mut writer = self.codec.writer();
        for pending in chunk {
            let was_received = ticket.timeline().received_at().is_some();
            let pending = settled(pending, ticket, now);
            writer.push(&pending, Trace::NONE).map_err(encode)?;
            let recorded_at = pending.recorded_at;
            ticket.apply(&pending.recorded(stream.clone(), ticket));
            if !was_received {
                for event in supervision::bind(ticket, &self.book()) {
                    let bound = derived(event, recorded_at);
                    writer.push(&bound, Trace::NONE).map_err(encode)?;
                    ticket.apply(&bound.recorded(stream.clone(), ticket));
                }
            }
        }
        let append = Append {
            stream: stream.clone(),
            expected: Expected::Exactly(revision),
            command: key,
            records: writer.take(),
        };
        let appended = self.store.append(append).await;
        let appended = appended.map_err(|error| ExecuteError::append(stream, error))?;
        if !appended.replayed {
            self.has_appended(ticket, &appended);
        }
        Ok(appended)
    }
}

/// Names a part of an import within its ticket, with the digest of what happened when.
fn key_of(part: u32, chunk: &[Pending]) -> Option<CommandKey> {
    use siphasher::sip128::{Hasher128, SipHasher13};
    use std::hash::Hasher;
    let mut hasher = SipHasher13::new();
    for pending in chunk {
        hasher.write_u16(pending.event.kind().number());
        hasher.write_i64(pending.occurred_at.micros());
    }
    Some(CommandKey {
        id: CommandId::new(&format!("import-{part}")).ok()?,
        digest: CommandDigest::new(hasher.finish128().as_bytes()),
    })
}

/// Returns an event with the instant at which this log says that it learned of it.
fn settled(pending: Pending, ticket: &Ticket, now: Instant) -> Pending {
    let given = pending.recorded_at.min(now);
    Pending {
        recorded_at: ticket.recorded_at().map_or(given, |last| last.max(given)),
        ..pending
    }
}

const fn derived(event: TicketEvent, at: Instant) -> Pending {
    Pending {
        occurred_at: at,
        recorded_at: at,
        actor: None,
        subject: None,
        event,
    }
}
