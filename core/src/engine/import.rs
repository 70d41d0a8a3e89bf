//! A history that was recorded elsewhere, taken over as it is.

use std::hash::Hasher;
use std::iter::Peekable;
use std::vec::IntoIter;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::Engine;
use super::cache::Kept;
use super::draft::Draft;
use super::error::ExecuteError;
use super::execute::Executed;
use crate::event::{CommandId, Kind, Revision, StreamId, Version};
use crate::store::{Appended, CommandDigest, CommandKey, Trace};
use crate::supervision;
use crate::ticket::{Pending, Ticket};
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
        let brings_bindings = history
            .iter()
            .any(|pending| pending.event.kind() == Kind::PolicyBound);
        let mut intake = Intake {
            engine: self,
            stream,
            binds: !brings_bindings,
            so_far: Kept {
                ticket: Ticket::default(),
                revision: Revision::new(Version::NONE),
                followed: None,
                stay: None,
            },
        };
        let mut history = history.into_iter().peekable();
        let mut part = 0_u32;
        loop {
            let appended = intake.take_part(part, &mut history).await?;
            if history.peek().is_none() {
                return Ok(appended.into());
            }
            part = part.saturating_add(1);
        }
    }
}

/// The most events of one part of an import, bindings aside.
const MOST_EVENTS: usize = 256;

/// A history on its way in.
struct Intake<'e> {
    engine: &'e Engine,
    stream: &'e StreamId,
    binds: bool,
    /// The ticket as the parts before have left it.
    so_far: Kept,
}

impl Intake<'_> {
    /// Takes in the next part in one commit. Where the parts end depends on the history alone, so
    /// that a second import finds the parts of the first.
    async fn take_part(
        &mut self,
        part: u32,
        history: &mut Peekable<IntoIter<Pending>>,
    ) -> Result<Appended, ExecuteError> {
        let limits = self.engine.store.limits();
        let most_bytes = limits
            .append_bytes
            .saturating_sub(limits.event_bytes)
            .div_euclid(2);
        let most_events = limits.append_events.div_euclid(2).clamp(1, MOST_EVENTS);
        let now = self.engine.now();
        let ticket = std::mem::take(&mut self.so_far.ticket);
        let mut draft = Draft::new(self.engine, self.stream, ticket, self.so_far.stay);
        let mut digest = SipHasher13::new();
        let (mut events, mut bytes) = (0_usize, 0_usize);
        while events < most_events
            && bytes <= most_bytes
            && let Some(pending) = history.next()
        {
            digest.write_u16(pending.event.kind().number());
            digest.write_i64(pending.occurred_at.micros());
            let was_received = draft.ticket().timeline().received_at().is_some();
            let pending = settled(pending, draft.ticket(), now);
            let recorded_at = pending.recorded_at;
            let before = draft.bytes();
            draft.add(pending, Trace::NONE)?;
            bytes = bytes.saturating_add(draft.bytes().saturating_sub(before));
            events = events.saturating_add(1);
            if self.binds && !was_received {
                let bound = supervision::bind(draft.ticket(), &self.engine.book());
                draft.add_derived(bound, recorded_at)?;
            }
        }
        let key = CommandId::new(&format!("import-{part}"))
            .ok()
            .map(|id| CommandKey {
                id,
                digest: CommandDigest::new(digest.finish128().as_bytes()),
            });
        let (appended, kept) = draft.commit(self.so_far.revision, key.as_ref()).await?;
        self.so_far = match kept {
            Some(kept) => kept,
            // What is there may be bound to other versions than would be bound now, and since then
            // the engine itself may have had something to record.
            None => self.engine.load(self.stream, Instant::MAX).await?.into(),
        };
        Ok(appended)
    }
}

/// Returns an event with the instant at which this log says that it learned of it.
fn settled(pending: Pending, ticket: &Ticket, now: Instant) -> Pending {
    let given = pending.recorded_at.min(now);
    Pending {
        recorded_at: ticket.recorded_at().map_or(given, |last| last.max(given)),
        ..pending
    }
}
