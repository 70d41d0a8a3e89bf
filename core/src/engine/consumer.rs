//! Events for whoever acts on them: sends messages, feeds another system.

use std::sync::Arc;

use super::Engine;
use crate::event::{ConsumerId, Kind, Offset, PartitionId, Recorded};
use crate::store::{
    CheckpointStore, Contiguity, Decoded, EventError, EventStore, Gap, Limit, PartitionPage,
    ReadError, TicketCodec,
};
use crate::ticket::TicketEvent;

/// Why a consumer gets no events.
///
/// What was delivered before an error is not lost and not doubled by it: the consumer stays where it was,
/// and the next call goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConsumeError {
    /// The store did not answer, or what it holds is damaged. Whether a retry can help is told by
    /// [`ReadError::is_transient`].
    #[error("the log cannot be read")]
    Read(#[from] ReadError),
    /// An event is not what this release knows. Upgrade; the consumer goes on where it was.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The checkpoint could not be loaded or saved. What was delivered will come again.
    #[error("the checkpoint of `{consumer}` cannot be kept")]
    Checkpoint {
        /// The consumer.
        consumer: ConsumerId,
        /// What the store said.
        #[source]
        source: ReadError,
    },
}

impl From<Gap> for ConsumeError {
    fn from(gap: Gap) -> Self {
        Self::Read(gap.into())
    }
}

/// Reads the tickets' events of one tenant in the order of the log, partition by partition, from
/// where it stopped last.
///
/// Each event comes at least once: what was delivered and not [committed](Consumer::commit) comes
/// again after a restart. Its id, stream and version, tells whether it was dealt with. One page is
/// kept in memory, whatever the length of the log.
///
/// A service that sends messages is a loop of three steps:
///
/// 1. [`next`](Consumer::next): wait for events of the wanted kinds;
/// 2. send what each asks for, keyed by its stream and version, so that a second delivery is noticed;
/// 3. [`commit`](Consumer::commit): keep how far it is.
///
/// Committing before sending would lose messages, sending before committing may double one after a
/// crash. The second can be told by the key.
pub struct Consumer {
    store: Arc<dyn EventStore>,
    checkpoints: Arc<dyn CheckpointStore>,
    codec: Arc<TicketCodec>,
    id: ConsumerId,
    tickets: String,
    /// The kinds that are wanted by their numbers; all of them where it is `None`.
    kinds: Option<u128>,
    page: Limit,
    cursors: Vec<Contiguity>,
    saved: Vec<Offset>,
    turn: usize,
}

impl Engine {
    /// Returns the consumer of that name, where it stopped last; a new one begins at the start of
    /// the log.
    ///
    /// Two processes that run one consumer at once both get every event: run it once, or let the
    /// receiver look at the ids.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// use punctual::event::{Actor, Kind};
    /// use punctual::policy::{AFTER_SALES, Notation};
    /// use punctual::ticket::{Action, Command, Received};
    /// # use punctual_memory::{MemoryCheckpoints, MemoryStore};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open(store, Options::new("acme").with_clock(clock.clone())).await?;
    /// engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// let receive: Action = Action::Receive(Received::default());
    /// let command = Command::new(receive, engine.now(), Actor::new("desk".parse()?));
    /// engine.execute(&engine.stream("T-1")?, command).await?;
    /// clock.set("2026-03-12T09:00:00+08:00".parse()?);
    /// engine.tick(engine.now()).await?;
    ///
    /// let checkpoints = Arc::new(MemoryCheckpoints::default());
    /// let mut mailer = engine.consumer("mailer".parse()?, checkpoints).await?;
    /// let mut mailer = mailer.only(&[Kind::Escalated]);
    /// let told = mailer.next().await?;
    /// assert!(told.iter().all(|event| event.event.kind() == Kind::Escalated));
    /// // ... each is sent, and then:
    /// mailer.commit().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ConsumeError::Checkpoint`] when where it stopped cannot be told.
    pub async fn consumer(
        &self,
        id: ConsumerId,
        checkpoints: Arc<dyn CheckpointStore>,
    ) -> Result<Consumer, ConsumeError> {
        let loaded = checkpoints.load(&id).await;
        let checkpoint = loaded.map_err(|source| ConsumeError::Checkpoint {
            consumer: id.clone(),
            source,
        })?;
        let partitions = (0..self.store.partitions().count()).map(PartitionId);
        let saved: Vec<Offset> = partitions.clone().map(|p| checkpoint.offset(p)).collect();
        let cursors = partitions
            .zip(&saved)
            .map(|(p, after)| Contiguity::new(p, *after));
        Ok(Consumer {
            store: Arc::clone(&self.store),
            checkpoints,
            codec: Arc::clone(&self.codec),
            id,
            tickets: self.tickets.clone(),
            kinds: None,
            page: Limit::events(1_000),
            cursors: cursors.collect(),
            saved,
            turn: 0,
        })
    }
}

impl Consumer {
    /// Returns the same consumer, of these kinds alone. Others are passed over without being
    /// decoded.
    #[must_use]
    pub fn only(self, kinds: &[Kind]) -> Self {
        let mask = kinds.iter().fold(0, |mask, kind| mask | kind.bit());
        Self {
            kinds: Some(mask),
            ..self
        }
    }

    /// Returns the same consumer with pages of about so many events, by which its memory is bounded.
    #[must_use]
    pub fn with_page(self, page: Limit) -> Self {
        Self { page, ..self }
    }

    /// Returns the next events, at least one: at once where there are any, otherwise as soon as they
    /// are appended. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`ConsumeError`]; the consumer stays where it was.
    pub async fn next(&mut self) -> Result<Vec<Recorded<TicketEvent>>, ConsumeError> {
        loop {
            let found = self.next_ready().await?;
            if !found.is_empty() {
                return Ok(found);
            }
            self.wait().await?;
        }
    }

    /// Returns the next events, or none when it has come to the end of the log.
    ///
    /// For a consumer that is run by a timer, or at the end of a test.
    ///
    /// ```
    /// use punctual::event::Kind;
    /// # use punctual_memory::MemoryCheckpoints;
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
    /// let checkpoints = Arc::new(MemoryCheckpoints::default());
    /// let mut feed = engine.consumer("feed".parse()?, checkpoints).await?;
    /// let kinds: Vec<Kind> = feed.next_ready().await?.iter().map(|it| it.event.kind()).collect();
    /// assert_eq!(kinds[0], Kind::Received);
    /// assert!(feed.next_ready().await?.is_empty()); // the end of the log, for now
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Consumer::next`].
    pub async fn next_ready(&mut self) -> Result<Vec<Recorded<TicketEvent>>, ConsumeError> {
        let count = self.cursors.len();
        let mut idle = 0_usize;
        while idle < count {
            let Some(mut cursor) = self.cursors.get(self.turn).copied() else {
                break;
            };
            let (partition, after) = (cursor.partition(), cursor.after());
            let page = self
                .store
                .read_partition(partition, after, self.page)
                .await?;
            cursor.admit(&page)?;
            let events = self.decode(&page)?;
            // From here on nothing waits, so a dropped future has taken all of it or nothing.
            if let Some(place) = self.cursors.get_mut(self.turn) {
                *place = cursor;
            }
            if page.is_last() {
                self.turn = self.turn.saturating_add(1).checked_rem(count).unwrap_or(0);
            }
            if !events.is_empty() {
                return Ok(events);
            }
            idle = if page.is_last() {
                idle.saturating_add(1)
            } else {
                0
            };
        }
        Ok(Vec::new())
    }

    fn decode(&self, page: &PartitionPage) -> Result<Vec<Recorded<TicketEvent>>, EventError> {
        let mut events = Vec::new();
        let mut reader = self.codec.reader();
        for commit in page
            .commits
            .iter()
            .filter(|it| it.stream().starts_with(&self.tickets))
        {
            for record in commit.records() {
                let kind = Kind::from_number(record.kind());
                let is_wanted = kind.is_some_and(|kind| self.wants(kind));
                if is_wanted && let Decoded::Known(event) = reader.decode_owned(&record)? {
                    events.push(event);
                }
            }
        }
        Ok(events)
    }

    fn wants(&self, kind: Kind) -> bool {
        self.kinds.is_none_or(|wanted| wanted & kind.bit() != 0)
    }

    /// Waits until a partition has grown.
    async fn wait(&self) -> Result<(), ReadError> {
        let cursors = self.cursors.iter();
        let waits = cursors.map(|it| self.store.wait_past(it.partition(), it.after()));
        super::run::any(waits.collect()).await.map(|_| ())
    }

    /// Keeps how far the consumer is: everything delivered so far is dealt with.
    ///
    /// # Errors
    /// [`ConsumeError::Checkpoint`]; what was not kept comes again after a restart.
    pub async fn commit(&mut self) -> Result<(), ConsumeError> {
        for (cursor, saved) in self.cursors.iter().zip(&mut self.saved) {
            if cursor.after() == *saved {
                continue;
            }
            let save = self
                .checkpoints
                .save(&self.id, cursor.partition(), cursor.after());
            save.await.map_err(|source| ConsumeError::Checkpoint {
                consumer: self.id.clone(),
                source,
            })?;
            *saved = cursor.after();
        }
        Ok(())
    }

    /// Returns the name under which its place is kept.
    #[must_use]
    pub const fn id(&self) -> &ConsumerId {
        &self.id
    }
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer")
            .field("id", &self.id)
            .field("saved", &self.saved)
            .finish_non_exhaustive()
    }
}
