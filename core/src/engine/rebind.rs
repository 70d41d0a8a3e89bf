//! Tickets moved to another policy version, with a look beforehand at what would move.

use std::sync::Arc;

use super::Engine;
use super::draft::Draft;
use super::error::{FollowError, RebindError};
use super::load::Loaded;
use crate::clock::{self, Bindings, Reading};
use crate::event::{PolicyId, StreamId};
use crate::policy::{Policy, PolicyBook};
use crate::supervision;
use crate::ticket::{ClockId, Ticket};
use crate::time::Instant;

/// One deadline of one ticket, before a rebind and after it.
///
/// Deadlines that stay where they are, are listed too: [`MovedDeadline::has_moved`] tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedDeadline {
    /// The ticket.
    pub stream: StreamId,
    /// The clock; after the rebind it has another attachment.
    pub clock: ClockId,
    /// When it fell due, or would if it were resumed now (SEMANTICS C3); `None` where the clock was
    /// not there, had ended, or has no such instant.
    pub due_before: Option<Instant>,
    /// When it falls due under the new version, likewise.
    pub due_after: Option<Instant>,
}

impl MovedDeadline {
    /// Returns whether the deadline is another one.
    #[must_use]
    pub fn has_moved(&self) -> bool {
        self.due_before != self.due_after
    }
}

/// What a rebind of all tickets came to.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Rebound {
    /// How many tickets have moved, or would.
    pub tickets: usize,
    /// The tickets that could not be moved, and why.
    pub failures: Vec<(StreamId, RebindError)>,
}

/// Whether a rebind is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    DryRun,
    Carry,
}

impl Engine {
    /// Moves one ticket to another version of its policy, and returns its deadlines before and
    /// after. Empty, with nothing recorded, for a ticket that is finished, that is bound to that
    /// version already, or that is not bound to that policy (SEMANTICS P2).
    ///
    /// For all of them, see [`Engine::rebind_all`].
    ///
    /// New promises count from the facts, by the modes and pause reasons of the new version (SEMANTICS C8,
    /// P2): a shorter budget may be over as it comes, which is a breach at the attachment, and fires no past
    /// rungs. Ask [`Engine::rebind_dry_run`] first.
    ///
    /// ```
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
    /// engine.execute(&ticket, Command::new(receive("fault")?, engine.now(), desk)).await?;
    ///
    /// // Version 2 gives two working hours for a fault instead of one.
    /// let slower = AFTER_SALES.replace(r#"within = "1wh""#, r#"within = "2wh""#);
    /// let published = engine.publish(&slower, Notation::Toml, None).await?;
    /// assert_eq!(published.policy.version(), 2);
    ///
    /// let policy = "after-sales".parse()?;
    /// let would = engine.rebind_dry_run(&ticket, &policy, 2).await?;
    /// let moved = engine.rebind(&ticket, &policy, 2).await?;
    /// assert_eq!(would, moved);
    /// let first = moved.iter().find(|it| it.clock.target.as_str() == "first-response");
    /// let first = first.ok_or("no such clock")?;
    /// assert!(first.has_moved());
    /// assert_eq!(first.due_before, Some("2026-03-09T10:00:00+08:00".parse()?));
    /// assert_eq!(first.due_after, Some("2026-03-09T11:00:00+08:00".parse()?));
    /// // A second time there is nothing left to move.
    /// assert!(engine.rebind(&ticket, &policy, 2).await?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RebindError`]; the ticket is as it was, unless
    /// [`AppendError::written`](crate::store::AppendError::written) says otherwise.
    pub async fn rebind(
        &self,
        stream: &StreamId,
        policy: &PolicyId,
        version: u32,
    ) -> Result<Vec<MovedDeadline>, RebindError> {
        self.rebind_as(stream, policy, version, Mode::Carry).await
    }

    /// Returns what [`Engine::rebind`] would move, and records nothing.
    ///
    /// # Errors
    /// As for [`Engine::rebind`].
    pub async fn rebind_dry_run(
        &self,
        stream: &StreamId,
        policy: &PolicyId,
        version: u32,
    ) -> Result<Vec<MovedDeadline>, RebindError> {
        self.rebind_as(stream, policy, version, Mode::DryRun).await
    }

    /// Moves every unfinished ticket of a policy to another version of it, in the order of their
    /// names; `seen` is told the deadlines of each ticket that moves, before and after. A ticket that
    /// cannot be moved stops no other.
    ///
    /// ```
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
    /// for id in ["T-1", "T-2"] {
    ///     let command = Command::new(receive("fault")?, engine.now(), desk.clone());
    ///     engine.execute(&engine.stream(id)?, command).await?;
    /// }
    /// let slower = AFTER_SALES.replace(r#"within = "1wh""#, r#"within = "2wh""#);
    /// engine.publish(&slower, Notation::Toml, None).await?;
    ///
    /// let mut later = 0;
    /// let rebound = engine
    ///     .rebind_all(&"after-sales".parse()?, 2, |moved| {
    ///         later += moved.iter().filter(|it| it.due_after > it.due_before).count();
    ///     })
    ///     .await?;
    /// assert_eq!((rebound.tickets, rebound.failures.len(), later), (2, 0, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Complexity
    /// One load and one append for each unfinished ticket of the policy. Dropped half way, it has moved some
    /// tickets; calling it again moves the others.
    ///
    /// # Errors
    /// [`RebindError`] when the version is not there or the tickets cannot be listed.
    pub async fn rebind_all(
        &self,
        policy: &PolicyId,
        version: u32,
        seen: impl FnMut(&[MovedDeadline]),
    ) -> Result<Rebound, RebindError> {
        self.rebind_all_as(policy, version, Mode::Carry, seen).await
    }

    /// Tells what [`Engine::rebind_all`] would move, and records nothing.
    ///
    /// # Errors
    /// As for [`Engine::rebind_all`].
    pub async fn rebind_all_dry_run(
        &self,
        policy: &PolicyId,
        version: u32,
        seen: impl FnMut(&[MovedDeadline]),
    ) -> Result<Rebound, RebindError> {
        self.rebind_all_as(policy, version, Mode::DryRun, seen)
            .await
    }

    async fn rebind_all_as(
        &self,
        policy: &PolicyId,
        version: u32,
        mode: Mode,
        mut seen: impl FnMut(&[MovedDeadline]),
    ) -> Result<Rebound, RebindError> {
        let mut rebound = Rebound::default();
        let mut after: Option<StreamId> = None;
        loop {
            let page = self.unfinished(after.as_ref(), PAGE).await;
            let page = page.map_err(RebindError::Follow)?;
            let Some(last) = page.last().cloned() else {
                return Ok(rebound);
            };
            for stream in page {
                match self.rebind_as(&stream, policy, version, mode).await {
                    Ok(moved) if moved.is_empty() => (),
                    Ok(moved) => {
                        rebound.tickets = rebound.tickets.saturating_add(1);
                        seen(&moved);
                    }
                    Err(error @ RebindError::UnknownVersion { .. }) => return Err(error),
                    Err(error) => rebound.failures.push((stream, error)),
                }
            }
            after = Some(last);
        }
    }

    async fn rebind_as(
        &self,
        stream: &StreamId,
        policy: &PolicyId,
        version: u32,
        mode: Mode,
    ) -> Result<Vec<MovedDeadline>, RebindError> {
        let unknown = || RebindError::UnknownVersion {
            policy: policy.clone(),
            version,
        };
        if self.policy(policy, version).is_none() {
            // Another process may have published it just now.
            let refreshed = self.refresh_policies().await;
            refreshed.map_err(|error| RebindError::Follow(error.into()))?;
        }
        let target = self.policy(policy, version).ok_or_else(unknown)?;
        for _ in 0..self.settings.attempts {
            let Loaded {
                ticket,
                revision,
                stay,
            } = self.load(stream, Instant::MAX).await?;
            let book = self.book_for(&ticket).await?;
            let now = self.now_for(&ticket);
            if !can_move(&ticket, &book, &target, now) {
                return Ok(Vec::new());
            }
            let before = open_readings(&ticket, &book, now);
            let mut draft = Draft::new(self, stream, ticket, stay);
            draft.add_derived(supervision::rebind(&target), now)?;
            let after = open_readings(draft.ticket(), &book, now);
            let moved = compare(stream, &before, &after);
            if mode == Mode::DryRun {
                return Ok(moved);
            }
            match draft.append(revision, None).await {
                Err(error) if error.is_conflict() => (),
                Err(error) => return Err(error.into()),
                Ok(_) => return Ok(moved),
            }
        }
        Err(self.contended(stream).into())
    }

    /// Returns the streams of tickets that are not finished and come after `after`, in the order of
    /// their names, at most `most` of them. Page on with the last one until none comes.
    ///
    /// ```
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
    /// for id in ["T-1", "T-2", "T-3"] {
    ///     let command = Command::new(receive("fault")?, engine.now(), desk.clone());
    ///     engine.execute(&engine.stream(id)?, command).await?;
    /// }
    /// let page = engine.unfinished(None, 2).await?;
    /// assert_eq!(page.len(), 2);
    /// let rest = engine.unfinished(page.last(), 2).await?;
    /// assert_eq!(rest, [engine.stream("T-3")?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FollowError`] when the store cannot list its streams.
    ///
    /// # Complexity
    /// In proportion to the names passed over, finished tickets among them.
    pub async fn unfinished(
        &self,
        after: Option<&StreamId>,
        most: usize,
    ) -> Result<Vec<StreamId>, FollowError> {
        let mut found = Vec::new();
        let mut after = after.cloned();
        while found.len() < most {
            let listed = self.tickets_after(after.as_ref(), PAGE).await?;
            let Some(last) = listed.last() else {
                break;
            };
            after = Some(last.clone());
            let agenda = self.agenda();
            let is_unfinished = |stream: &StreamId| {
                let name = stream.as_str().strip_prefix(&self.tickets);
                name.is_some_and(|name| agenda.contains(name))
            };
            found.extend(listed.into_iter().filter(is_unfinished));
        }
        found.truncate(most);
        Ok(found)
    }

    /// Returns the streams of all tickets that come after `after`, in the order of their names, at
    /// most `most` of them.
    ///
    /// Finished tickets are among them. For those that are not, see [`Engine::unfinished`].
    ///
    /// # Errors
    /// [`FollowError`] when the store cannot list its streams.
    pub async fn tickets_after(
        &self,
        after: Option<&StreamId>,
        most: usize,
    ) -> Result<Vec<StreamId>, FollowError> {
        let listed = self
            .store
            .list_streams(&self.tickets, after, most.max(1))
            .await;
        Ok(listed?)
    }
}

/// How many names are listed at a time.
const PAGE: usize = 1_000;

fn can_move(ticket: &Ticket, book: &PolicyBook, target: &Arc<Policy>, now: Instant) -> bool {
    let Ok(bindings) = Bindings::recorded(ticket.timeline(), book, now) else {
        return false;
    };
    let latest = || bindings.agreements().filter_map(<[_]>::last);
    let is_of_policy = latest().any(|binding| binding.policy.id() == target.id());
    // An agreement that the version does not have stays as it is, and keeps nothing from being there.
    let is_there = target.agreements().iter().all(|agreement| {
        latest().any(|binding| {
            binding.agreement.id == agreement.id && std::ptr::eq(binding.policy, target.as_ref())
        })
    });
    is_of_policy && !is_there && !supervision::is_finished(ticket, &bindings, now)
}

fn open_readings(ticket: &Ticket, book: &PolicyBook, now: Instant) -> Vec<Reading> {
    let Ok(bindings) = Bindings::recorded(ticket.timeline(), book, now) else {
        return Vec::new();
    };
    let readings = clock::read(ticket.timeline(), &bindings, now);
    readings.into_iter().filter(Reading::is_live).collect()
}

fn compare(stream: &StreamId, before: &[Reading], after: &[Reading]) -> Vec<MovedDeadline> {
    let due = |reading: &Reading| reading.due_at.or(reading.due_if_resumed_now);
    let same = |a: &Reading, b: &Reading| {
        a.clock.agreement == b.clock.agreement
            && a.clock.target == b.clock.target
            && a.clock.started_by == b.clock.started_by
    };
    let mut moved: Vec<MovedDeadline> = Vec::new();
    for old in before {
        let new = after.iter().find(|new| same(old, new));
        moved.push(MovedDeadline {
            stream: stream.clone(),
            clock: old.clock.clone(),
            due_before: due(old),
            due_after: new.and_then(due),
        });
    }
    for new in after
        .iter()
        .filter(|new| !before.iter().any(|old| same(old, new)))
    {
        moved.push(MovedDeadline {
            stream: stream.clone(),
            clock: new.clock.clone(),
            due_before: None,
            due_after: due(new),
        });
    }
    moved
}
