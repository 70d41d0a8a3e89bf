//! A command into recorded events.

use std::borrow::Cow;
use std::sync::Arc;

use super::Engine;
use super::cache::Kept;
use super::digest::digest;
use super::draft::Draft;
use super::error::{ExecuteError, LoadError};
use super::followed::Followed;
use super::watch;
use crate::clock::Bindings;
use crate::event::{CommandId, Kind, Offset, PartitionId, Revision, StreamId};
use crate::policy::{Policy, PolicyBook};
use crate::store::{Appended, CommandKey, Trace, Written};
use crate::ticket::{
    Action, Command, DecideError, Pending, Permit, Status, Ticket, decide, decide_at,
};
use crate::time::Instant;

/// A command with what belongs to it on its way: an id that makes it safe to be tried again, and
/// the ids under which others follow it.
///
/// ```
/// use punctual::engine::Request;
/// use punctual::event::Actor;
/// use punctual::ticket::{Action, Command, Message};
///
/// let now = "2026-03-09T09:00:00+08:00".parse()?;
/// let reply = Command::new(Action::Note(Message::NONE), now, Actor::new("u-17".parse()?));
/// let request = Request::from(reply)
///     .once("mail-4711".parse()?)
///     .correlated("case-12");
/// assert!(request.id.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// | field | say it when |
/// |---|---|
/// | `id` | the command may be sent twice: a retry, a redelivered message, a double click |
/// | `correlation` | several commands, perhaps on several tickets, are one affair |
/// | `causation` | something else in your system made it happen |
///
/// A plain [`Command`] is a request without any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is asked for.
    pub command: Command,
    /// Names the command within its ticket, for ever. Without one a repeated command is a new one.
    pub id: Option<CommandId>,
    /// What the event belongs together with; at most 255 bytes.
    pub correlation: Option<String>,
    /// What made it happen; at most 255 bytes.
    pub causation: Option<String>,
}

impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self {
            command,
            id: None,
            correlation: None,
            causation: None,
        }
    }
}

impl Request {
    /// Returns the same request under an id: executed twice, it is recorded once.
    ///
    /// The id counts within its ticket, for the ticket's life. A second command of another meaning under the
    /// same id is refused with [`ExecuteError::Reused`]; `occurred_at` and the text of personal fields are not
    /// part of the meaning, so a retry may be stamped anew.
    ///
    /// ```
    /// use punctual::engine::Request;
    /// # use std::sync::Arc;
    /// # use punctual::engine::{Engine, ManualClock, Options};
    /// # use punctual::event::{Actor, Class};
    /// # use punctual::policy::{AFTER_SALES, Notation};
    /// # use punctual::ticket::{Action, Command, Received};
    /// # use punctual_memory::MemoryStore;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// # let options = Options::new("acme").with_clock(clock.clone());
    /// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
    /// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// # let desk = Actor::new("desk".parse()?);
    /// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
    /// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
    /// # };
    /// let ticket = engine.stream("T-1")?;
    /// let request = |at| -> Result<Request, Box<dyn std::error::Error>> {
    ///     let command = Command::new(receive("fault")?, at, Actor::new("phone-desk".parse()?));
    ///     Ok(Request::from(command).once("call-4711".parse()?))
    /// };
    /// let first = engine.execute(&ticket, request(engine.now())?).await?;
    /// assert!(!first.replayed);
    ///
    /// // The answer was lost on its way, and the front end sends the command again.
    /// clock.set("2026-03-09T09:00:10+08:00".parse()?);
    /// let again = engine.execute(&ticket, request(engine.now())?).await?;
    /// assert!(again.replayed);
    /// assert_eq!(again.revision, first.revision);
    /// # let _ = desk;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn once(self, id: CommandId) -> Self {
        Self {
            id: Some(id),
            ..self
        }
    }

    /// Returns the same request as a part of something larger.
    #[must_use]
    pub fn correlated(self, correlation: &str) -> Self {
        Self {
            correlation: Some(correlation.to_owned()),
            ..self
        }
    }

    /// Returns the same request as an effect of something else.
    #[must_use]
    pub fn caused_by(self, causation: &str) -> Self {
        Self {
            causation: Some(causation.to_owned()),
            ..self
        }
    }

    fn trace(&self) -> Trace<'_> {
        Trace {
            correlation: self.correlation.as_deref(),
            causation: self.causation.as_deref(),
        }
    }
}

/// What became of a command.
///
/// Enough to read one's own write: a reader whose place in `partition` is at `offset` or beyond has seen
/// the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Executed {
    /// The version of the ticket after it.
    pub revision: Revision,
    /// The partition of the ticket.
    pub partition: PartitionId,
    /// The commit that holds its events.
    pub offset: Offset,
    /// Whether it had been recorded before, and nothing was recorded now.
    pub replayed: bool,
}

impl From<Appended> for Executed {
    fn from(appended: Appended) -> Self {
        Self {
            revision: appended.revision,
            partition: appended.partition,
            offset: appended.offset,
            replayed: appended.replayed,
        }
    }
}

impl Engine {
    /// Records what a command asks for: loads the ticket, asks its policy, decides, and appends at
    /// the version that it was decided at. Who meets another writer begins anew.
    ///
    /// With the intake the policy is bound, in the same commit; with a late fact that changes a
    /// verdict, the change (SEMANTICS P1, C15). Breaches and rungs are recorded by
    /// [`Engine::tick`] alone.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::event::Actor;
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// use punctual::ticket::{Action, Command, Received};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open(store, Options::new("acme").with_clock(clock)).await?;
    /// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    ///
    /// let receive: Action = Action::Receive(Received::default());
    /// let command = Command::new(receive, engine.now(), Actor::new("desk".parse()?));
    /// let ticket = engine.stream("T-1")?;
    /// let done = engine.execute(&ticket, command).await?;
    /// assert_eq!(done.revision.version().get(), 4); // received, and bound to three agreements
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ExecuteError`]. A request with an id may be executed again after every one of them.
    ///
    /// # Cancellation
    /// A dropped future has recorded the command wholly or not at all; with an id, execute it again.
    ///
    /// # Complexity
    /// Linear in the events of the ticket; independent of the length of the log and of how many
    /// tickets there are.
    pub async fn execute(
        &self,
        ticket: &StreamId,
        request: impl Into<Request>,
    ) -> Result<Executed, ExecuteError> {
        self.execute_watched(ticket, request.into()).await
    }

    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", name = "execute", skip_all, fields(stream = %ticket))
    )]
    async fn execute_watched(
        &self,
        ticket: &StreamId,
        request: Request,
    ) -> Result<Executed, ExecuteError> {
        let done = self.execute_request(ticket, request).await;
        watch::executed(&done);
        done
    }

    async fn execute_request(
        &self,
        ticket: &StreamId,
        request: Request,
    ) -> Result<Executed, ExecuteError> {
        let key = self.key(ticket, &request)?;
        for _ in 0..self.settings.attempts {
            if let Some(key) = &key
                && let Some(known) = self.find_replay(ticket, key).await?
            {
                return Ok(known.into());
            }
            let attempt = self.attempt(ticket, &request, key.as_ref()).await;
            match attempt {
                Err(error) if error.is_conflict() => (),
                Err(error) => return self.settle(ticket, key.as_ref(), error).await,
                Ok(executed) => return Ok(executed),
            }
        }
        Err(self.contended(ticket))
    }

    /// Says that others were first as often as it was tried.
    pub(super) fn contended(&self, stream: &StreamId) -> ExecuteError {
        ExecuteError::Contended {
            stream: stream.clone(),
            attempts: self.settings.attempts,
        }
    }

    fn key(
        &self,
        stream: &StreamId,
        request: &Request,
    ) -> Result<Option<CommandKey>, ExecuteError> {
        let Some(id) = request.id.clone() else {
            return Ok(None);
        };
        let digest = digest(&self.codec, &request.command)
            .map_err(|error| ExecuteError::encode(stream, error))?;
        Ok(Some(CommandKey { id, digest }))
    }

    /// Returns what an earlier execution of the same command did.
    async fn find_replay(
        &self,
        stream: &StreamId,
        key: &CommandKey,
    ) -> Result<Option<Appended>, ExecuteError> {
        let found = self.store.find_command(stream, &key.id).await;
        let found = found.map_err(|error| LoadError::read(stream, error))?;
        let Some(found) = found else {
            return Ok(None);
        };
        if found.digest == key.digest {
            return Ok(Some(found.appended));
        }
        Err(ExecuteError::Reused {
            stream: stream.clone(),
            command: key.id.clone(),
        })
    }

    /// Where the store cannot say whether it wrote, the command's id can; and what is refused may be
    /// so because the same command was recorded meanwhile.
    async fn settle(
        &self,
        stream: &StreamId,
        key: Option<&CommandKey>,
        error: ExecuteError,
    ) -> Result<Executed, ExecuteError> {
        let is_in_doubt = match &error {
            ExecuteError::Append { source, .. } => source.written() == Written::Unknown,
            ExecuteError::Refused(_) => true,
            ExecuteError::Load(_)
            | ExecuteError::Reused { .. }
            | ExecuteError::Contended { .. }
            | ExecuteError::Encode { .. } => false,
        };
        let Some(key) = key.filter(|_| is_in_doubt) else {
            return Err(error);
        };
        match self.find_replay(stream, key).await {
            Ok(Some(known)) => Ok(known.into()),
            // Perhaps it is recorded: a refusal would say that it is not.
            Err(unread) if matches!(error, ExecuteError::Refused(_)) => Err(unread),
            Ok(None) | Err(_) => Err(error),
        }
    }

    async fn attempt(
        &self,
        stream: &StreamId,
        request: &Request,
        key: Option<&CommandKey>,
    ) -> Result<Executed, ExecuteError> {
        let kept = self.cache().take(stream);
        if let Some(kept) = kept {
            match self.attempt_on(stream, request, key, kept).await {
                // It may have been refused for what is no longer so.
                Err(ExecuteError::Refused(_) | ExecuteError::Load(_)) => (),
                done => return done,
            }
        }
        let loaded = self.load(stream, Instant::MAX).await?;
        self.attempt_on(stream, request, key, loaded.into()).await
    }

    async fn attempt_on(
        &self,
        stream: &StreamId,
        request: &Request,
        key: Option<&CommandKey>,
        kept: Kept,
    ) -> Result<Executed, ExecuteError> {
        let Kept {
            ticket,
            revision,
            followed,
            stay,
        } = kept;
        let book = self.book_of(&ticket, followed.as_deref()).await?;
        let decided = self.decide(
            stream,
            &request.command,
            &ticket,
            followed.as_deref(),
            &book,
        )?;
        let mut draft = Draft::new(self, stream, ticket, stay).with_followed(followed);
        for pending in decided {
            draft.add_fact(pending, request.trace(), &book)?;
        }
        draft.append(revision, key).await
    }

    fn decide(
        &self,
        stream: &StreamId,
        command: &Command,
        ticket: &Ticket,
        followed: Option<&Followed>,
        book: &Arc<PolicyBook>,
    ) -> Result<Vec<Pending>, DecideError> {
        let now = self.now_for(ticket);
        let at = command.occurred_at;
        let status = match followed.and_then(|followed| followed.status_at(ticket, at)) {
            Some(status) => Cow::Borrowed(status),
            None => Cow::Owned(ticket.timeline().status(at)),
        };
        let bindings = Followed::bindings(followed, ticket, book, now).ok();
        let policies = if ticket.timeline().received_at().is_none() {
            let policy = intake_policy(ticket, book, stream, command, now);
            policy.into_iter().collect()
        } else {
            bindings.as_ref().map(policies_in_force).unwrap_or_default()
        };
        let permit = self.permit(&policies, &status, command);
        if command.action.kind() == Kind::Received {
            return decide(ticket, command.clone(), &permit, now);
        }
        decide_at(&status, ticket, command.clone(), &permit, now)
    }

    /// Returns the instant of a decision about a ticket: the present, and never before what the log
    /// knew last of it.
    pub(super) fn now_for(&self, ticket: &Ticket) -> Instant {
        let now = self.now();
        ticket.recorded_at().map_or(now, |last| last.max(now))
    }

    fn permit(&self, policies: &[&Policy], status: &Status, command: &Command) -> Permit {
        let mut refusals = Vec::new();
        for policy in policies {
            for refusal in policy
                .permit(status, &command.action, &command.actor)
                .refusals
            {
                if !refusals.contains(&refusal) {
                    refusals.push(refusal);
                }
            }
        }
        Permit {
            refusals,
            most_ahead: self.settings.skew,
        }
    }
}

/// Returns the policy versions that a ticket is bound to at present, each once.
fn policies_in_force<'b>(bindings: &Bindings<'b>) -> Vec<&'b Policy> {
    let mut policies: Vec<&Policy> = Vec::new();
    for binding in bindings.agreements().filter_map(<[_]>::last) {
        if !policies
            .iter()
            .any(|known| std::ptr::eq(*known, binding.policy))
        {
            policies.push(binding.policy);
        }
    }
    policies
}

/// Returns the policy version that an intake would be bound to.
fn intake_policy<'b>(
    ticket: &Ticket,
    book: &'b PolicyBook,
    stream: &StreamId,
    command: &Command,
    now: Instant,
) -> Option<&'b Policy> {
    let at = command.occurred_at;
    let Action::Receive(_) = &command.action else {
        return None;
    };
    let intake: Pending = Pending {
        occurred_at: at,
        recorded_at: now,
        actor: Some(command.actor.clone()),
        subject: command.subject.clone(),
        event: command.action.clone().into_event(),
    };
    let mut received = ticket.clone();
    received.apply(&intake.recorded(stream.clone(), ticket));
    book.select(at, &received.timeline().status(at))
        .map(Arc::as_ref)
}
