//! The tail of the log: what others have appended since, to tickets and to policies.

use super::Engine;
use super::agenda::Stay;
use super::error::{FollowError, PolicyError};
use super::followed::Followed;
use crate::event::{StreamId, Version};
use crate::store::{Appended, CommitView, Contiguity, Limit, PartitionPage};
use crate::supervision::Outlook;
use crate::ticket::Ticket;
use crate::time::Instant;

/// How much of the log is read at a time.
const PAGE: Limit = Limit::events(4_096);

impl Engine {
    /// Reads the log on to its end: tickets that others appended to are to be looked at, policies
    /// that others published apply.
    ///
    /// [`Engine::tick`] and [`Engine::run`] do it first; call it where a policy that another process
    /// has just published must apply to the next intake.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// // Two processes on one store.
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let options = Options::new("acme").with_clock(clock);
    /// let desk = Engine::open(store.clone(), options.clone()).await?;
    /// let office = Engine::open(store, options).await?;
    ///
    /// office.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// assert!(desk.policy(&"after-sales".parse()?, 1).is_none()); // not read yet
    /// desk.catch_up().await?;
    /// assert!(desk.policy(&"after-sales".parse()?, 1).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FollowError`]; what was read so far is kept, and the next call goes on from there.
    ///
    /// # Complexity
    /// In proportion to what was appended by others since the last call.
    pub async fn catch_up(&self) -> Result<(), FollowError> {
        for mut guard in self.cursors() {
            loop {
                let (partition, after) = (guard.partition(), guard.after());
                let page = self.store.read_partition(partition, after, PAGE).await?;
                guard.admit(&page)?;
                for stream in self.policies_of(&page) {
                    self.read_policy(&stream).await?;
                }
                // Nothing is waited for in between: an append of one's own whose answer comes late
                // can tell that the log was followed past it.
                self.take_page(&page);
                self.move_cursor(guard);
                if page.is_last() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Returns the streams of policies that a page has commits of.
    fn policies_of(&self, page: &PartitionPage) -> Vec<StreamId> {
        let mut policies: Vec<StreamId> = Vec::new();
        for commit in page.commits.iter() {
            if let Some(stream) = self.policy_stream(&commit)
                && !policies.contains(&stream)
            {
                policies.push(stream);
            }
        }
        policies
    }

    /// Enters the tickets of a page in the agenda.
    fn take_page(&self, page: &PartitionPage) {
        let mut agenda = self.agenda();
        for commit in page.commits.iter() {
            if let Some(name) = commit.stream().strip_prefix(&self.tickets) {
                agenda.touch(name, commit.last_version());
            }
        }
    }

    fn policy_stream(&self, commit: &CommitView<'_>) -> Option<StreamId> {
        commit.stream().starts_with(&self.policies).then_some(())?;
        commit.stream().parse().ok()
    }

    /// Reads on in every policy's stream of the tenant.
    pub(super) async fn refresh_policies(&self) -> Result<(), PolicyError> {
        let mut after: Option<StreamId> = None;
        loop {
            let listed = self.store.list_streams(&self.policies, after.as_ref(), 100);
            let streams = listed.await.map_err(|source| PolicyError::Read {
                // The names of the policies themselves: the place that all of them begin with.
                stream: after.clone().unwrap_or_else(|| self.any_policy.clone()),
                source,
            })?;
            let Some(last) = streams.last().cloned() else {
                return Ok(());
            };
            for stream in &streams {
                self.read_policy(stream).await?;
            }
            after = Some(last);
        }
    }

    pub(super) async fn read_policy(&self, stream: &StreamId) -> Result<(), PolicyError> {
        let known = self.library().volume(stream);
        let read = known.read_on(self.store.as_ref(), stream).await?;
        self.library().put(stream.clone(), read);
        Ok(())
    }

    /// Takes note of an append of one's own, so that the log need not be read to learn of it. Gives
    /// back how far its clocks have been followed, and how it now stands in the agenda.
    pub(super) fn has_appended(
        &self,
        seen: Seen,
        ticket: &Ticket,
        followed: Option<Box<Followed>>,
        appended: &Appended,
    ) -> (Option<Box<Followed>>, Option<Stay>) {
        // Whoever followed the log may have come past it before the answer did.
        let is_late = seen == Seen::First && self.has_come_past(appended);
        let seen = if is_late { Seen::Since(None) } else { seen };
        let entered = self.enter(seen, ticket, followed, self.now_for(ticket));
        let mut cursors = self.cursors.lock().unwrap_or_else(|e| e.into_inner());
        let cursor = cursors.get_mut(usize::from(appended.partition.0));
        if let Some(cursor) = cursor
            && cursor.after().next() == appended.offset
        {
            *cursor = Contiguity::new(appended.partition, appended.offset);
        }
        entered
    }

    /// Enters a ticket, as it was just seen, in the agenda. Goes on from where its clocks have been
    /// followed to, and gives back how far that is now, and how the ticket stands in the agenda.
    pub(super) fn enter(
        &self,
        seen: Seen,
        ticket: &Ticket,
        followed: Option<Box<Followed>>,
        now: Instant,
    ) -> (Option<Box<Followed>>, Option<Stay>) {
        let stream = ticket.stream().map(StreamId::as_str);
        let Some(name) = stream.and_then(|stream| stream.strip_prefix(&self.tickets)) else {
            return (None, None);
        };
        let (outlook, followed) = match Followed::outlook(followed, ticket, &self.book(), now) {
            Ok((outlook, followed)) => (awaiting_facts(outlook, ticket, now), followed),
            // Its policy has to be fetched: let it be looked at at once.
            Err(_) => {
                let wake_at = Some(now);
                let is_finished = false;
                (
                    Outlook {
                        wake_at,
                        is_finished,
                    },
                    None,
                )
            }
        };
        let (is_sooner, stay) = {
            let mut agenda = self.agenda();
            let before = agenda.next_at();
            put(&mut agenda, seen, name, ticket.version(), outlook);
            let is_sooner = agenda.next_at() < before || before.is_none();
            (is_sooner, Some(agenda.stay(name)))
        };
        if is_sooner {
            self.sooner.notify_one();
        }
        (followed, stay)
    }

    fn has_come_past(&self, appended: &Appended) -> bool {
        let cursors = self.cursors.lock().unwrap_or_else(|e| e.into_inner());
        let cursor = cursors.get(usize::from(appended.partition.0));
        cursor.is_some_and(|cursor| cursor.after() >= appended.offset)
    }

    pub(super) fn cursors(&self) -> Vec<Contiguity> {
        self.cursors
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .clone()
    }

    fn move_cursor(&self, guard: Contiguity) {
        let mut cursors = self.cursors.lock().unwrap_or_else(|e| e.into_inner());
        let cursor = cursors.get_mut(usize::from(guard.partition().0));
        if let Some(cursor) = cursor
            && cursor.after() < guard.after()
        {
            *cursor = guard;
        }
    }
}

/// A fact of a caller whose clock is fast is not seen before its own instant: then the ticket is to
/// be looked at again, however it stands until then.
fn awaiting_facts(outlook: Outlook, ticket: &Ticket, now: Instant) -> Outlook {
    let facts = ticket.timeline().facts();
    let seen = ticket.timeline().until(now).len();
    let ahead = facts.get(seen).map(|fact| fact.at);
    Outlook {
        wake_at: outlook.wake_at.into_iter().chain(ahead).min(),
        ..outlook
    }
}

/// What was known of a ticket's stay in the agenda when the ticket was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// There can have been none: the ticket is new, or the agenda is.
    First,
    /// How it stood then; `None` where that is not known.
    Since(Option<Stay>),
}

impl Seen {
    /// What is known before an append to a stream that stands at `version`.
    pub(super) fn before(version: Version, stay: Option<Stay>) -> Self {
        match version {
            Version::NONE => Self::First,
            _ => Self::Since(stay),
        }
    }
}

/// The agenda does not remember what it has forgotten. So where a ticket has come or gone since it was
/// read, what is known of it here may be older than that: then it is looked at once more.
fn put(agenda: &mut super::Agenda, seen: Seen, name: &str, version: Version, outlook: Outlook) {
    let stay = agenda.stay(name);
    let is_here = matches!(stay, Stay::Here(_));
    let is_done = outlook.is_finished && outlook.wake_at.is_none();
    let is_undisturbed = match seen {
        Seen::First => !is_here,
        Seen::Since(known) => known == Some(stay),
    };
    if is_done && !is_here {
        return;
    }
    if !is_undisturbed {
        agenda.touch(name, version);
    } else if is_done {
        agenda.remove(name, version);
    } else {
        agenda.set(name, version, outlook.wake_at);
    }
}
