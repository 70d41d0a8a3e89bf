//! The events of one append in the making.

use super::Engine;
use super::agenda::Stay;
use super::cache::Kept;
use super::error::ExecuteError;
use super::execute::Executed;
use super::follow::Seen;
use super::followed::Followed;
use crate::clock::{self, Bindings};
use crate::event::{Expected, Revision, StreamId};
use crate::policy::PolicyBook;
use crate::store::{Append, Appended, CommandKey, Records, TicketWriter, Trace};
use crate::supervision;
use crate::ticket::{Pending, Ticket, TicketEvent};
use crate::time::{Instant, Span};

/// A ticket as it will be after the append, and the events that lead to it.
pub(super) struct Draft<'e> {
    engine: &'e Engine,
    stream: &'e StreamId,
    ticket: Ticket,
    stay: Option<Stay>,
    followed: Option<Box<Followed>>,
    writer: TicketWriter<'e>,
}

impl<'e> Draft<'e> {
    /// Begins with a ticket that stood in the agenda like this when it was read.
    pub(super) fn new(
        engine: &'e Engine,
        stream: &'e StreamId,
        ticket: Ticket,
        stay: Option<Stay>,
    ) -> Self {
        Self {
            engine,
            stream,
            ticket,
            stay,
            followed: None,
            writer: engine.codec.writer(),
        }
    }

    /// Returns the same draft for a ticket whose clocks have been followed up to here.
    pub(super) fn with_followed(self, followed: Option<Box<Followed>>) -> Self {
        Self { followed, ..self }
    }

    /// Adds a fact, and what it brings with it: the binding of an intake, the changed verdicts of a
    /// late fact.
    pub(super) fn add_fact(
        &mut self,
        pending: Pending,
        trace: Trace<'_>,
        book: &PolicyBook,
    ) -> Result<(), ExecuteError> {
        let (kind, at) = (pending.event.kind(), pending.occurred_at);
        let now = pending.recorded_at;
        let was_received = self.ticket.timeline().received_at().is_some();
        let just_before = now.checked_sub(Span::MICROSECOND).unwrap_or(now);
        let before = (was_received && at <= just_before && at < now)
            .then(|| readings(&self.ticket, book, just_before));
        self.add(pending, trace)?;
        if !was_received {
            self.add_derived(supervision::bind(&self.ticket, book), now)?;
        }
        if let Some(before) = before {
            let after = readings(&self.ticket, book, just_before);
            let cause = self.ticket.version();
            self.add_derived(supervision::revisions(&before, &after, cause, kind), now)?;
        }
        Ok(())
    }

    pub(super) fn add(&mut self, pending: Pending, trace: Trace<'_>) -> Result<(), ExecuteError> {
        let written = self.writer.push(&pending, trace);
        written.map_err(|error| ExecuteError::encode(self.stream, error))?;
        let recorded = pending.recorded(self.stream.clone(), &self.ticket);
        self.ticket.apply(&recorded);
        Ok(())
    }

    /// Adds what the engine itself has to say at `now`.
    pub(super) fn add_derived(
        &mut self,
        events: Vec<TicketEvent>,
        now: Instant,
    ) -> Result<(), ExecuteError> {
        for event in events {
            let pending = Pending {
                occurred_at: now,
                recorded_at: now,
                actor: None,
                subject: None,
                event,
            };
            self.add(pending, Trace::NONE)?;
        }
        Ok(())
    }

    pub(super) const fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// Returns how many bytes the events take.
    pub(super) fn bytes(&self) -> usize {
        self.writer.records().as_bytes().len()
    }

    /// Appends at the revision that was decided at, and enters the ticket in the agenda and among
    /// those that are kept for the next command.
    pub(super) async fn append(
        self,
        revision: Revision,
        command: Option<&CommandKey>,
    ) -> Result<Executed, ExecuteError> {
        let (engine, stream) = (self.engine, self.stream);
        let (appended, kept) = self.commit(revision, command).await?;
        if let Some(kept) = kept {
            engine.cache().put(stream, kept);
        }
        Ok(appended.into())
    }

    /// Appends at the revision that was decided at, and enters the ticket in the agenda. Where the
    /// command had been recorded before nothing is known of the ticket; otherwise it comes back.
    pub(super) async fn commit(
        mut self,
        revision: Revision,
        command: Option<&CommandKey>,
    ) -> Result<(Appended, Option<Kept>), ExecuteError> {
        let records: Records = self.writer.take();
        let seen = Seen::before(revision.version(), self.stay);
        let append = Append {
            stream: self.stream.clone(),
            expected: Expected::Exactly(revision),
            command: command.cloned(),
            records,
        };
        let appended = self.engine.store.append(append).await;
        let appended = appended.map_err(|error| ExecuteError::append(self.stream, error))?;
        if appended.replayed {
            return Ok((appended, None));
        }
        let engine = self.engine;
        let (followed, stay) = engine.has_appended(seen, &self.ticket, self.followed, &appended);
        let kept = Kept {
            ticket: self.ticket,
            revision: appended.revision,
            followed,
            stay,
        };
        Ok((appended, Some(kept)))
    }
}

fn readings(ticket: &Ticket, book: &PolicyBook, at: Instant) -> Vec<clock::Reading> {
    let bindings = Bindings::recorded(ticket.timeline(), book, at);
    bindings.map_or_else(
        |_| Vec::new(),
        |bindings| clock::read(ticket.timeline(), &bindings, at),
    )
}
