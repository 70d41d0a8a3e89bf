//! One engine, one clock, and the words to play a day with them.

use std::sync::Arc;

use punctual::engine::{Engine, ExecuteError, Executed, ManualClock, Now, Options, Request, Tick};
use punctual::event::{Actor, CommandId, Kind, PartitionId, Recorded, StreamId};
use punctual::policy::Notation;
use punctual::store::{Decoded, EventStore, Limit, TicketCodec};
use punctual::ticket::{Action, Command, TicketEvent};
use punctual::time::Instant;
use punctual_memory::MemoryStore;

use super::yielding::Yielding;

/// Half an hour to reply, two hours to resolve, a rung at 80 %, at the breach and an hour after it.
pub(crate) const HOTLINE: &str = r#"
    policy   = "hotline"
    timezone = "+08:00"

    [role.agent]
    rank = 1
    [role.lead]
    rank = 2
    [role.head]
    rank = 3

    [target.first-response]
    start  = "received"
    stop   = "replied"
    goals  = [{ within = "30m" }]
    ladder = [
      { at = "80%", tell = "agent" },
      { at = "due", tell = "lead" },
      { at = "+1h", tell = "head" },
    ]

    [target.resolution]
    start = "received"
    stop  = "resolved"
    goals = [{ within = "2h" }]
"#;

pub(crate) struct Desk {
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) engine: Engine,
}

/// An instant of the ninth of March, by the desk's zone.
pub(crate) fn at(time: &str) -> Instant {
    let seconds = if time.len() == 5 { ":00" } else { "" };
    format!("2026-03-09T{time}{seconds}+08:00").parse().unwrap()
}

pub(crate) fn command(action: &str, occurred: &str) -> Command {
    let action: Action = serde_json::from_str(action).unwrap();
    Command::new(action, at(occurred), Actor::new("desk".parse().unwrap()))
}

pub(crate) fn options(clock: &Arc<ManualClock>) -> Options {
    let clock: Arc<dyn Now> = clock.clone();
    Options::new("acme").with_clock(clock)
}

impl Desk {
    /// The same on a store in which engines meet.
    pub(crate) async fn open_to_meet() -> Self {
        let desk = Self::on(Yielding::store(), "09:00").await;
        desk.publish(HOTLINE).await;
        desk
    }

    /// A desk that opens at nine with the hotline's policy.
    pub(crate) async fn open() -> Self {
        let desk = Self::on(Arc::new(MemoryStore::new()), "09:00").await;
        desk.publish(HOTLINE).await;
        desk
    }

    pub(crate) async fn on(store: Arc<dyn EventStore>, time: &str) -> Self {
        let clock = Arc::new(ManualClock::at(at(time)));
        let engine = Engine::open(Arc::clone(&store), options(&clock))
            .await
            .unwrap();
        Self {
            store,
            clock,
            engine,
        }
    }

    /// Another engine on the same store, with a clock of its own.
    pub(crate) async fn beside(&self) -> Self {
        let clock = Arc::new(ManualClock::at(self.engine.now()));
        let engine = Engine::open(Arc::clone(&self.store), options(&clock))
            .await
            .unwrap();
        Self {
            store: Arc::clone(&self.store),
            clock,
            engine,
        }
    }

    pub(crate) async fn publish(&self, source: &str) -> u32 {
        let published = self
            .engine
            .publish(source, Notation::Toml, None)
            .await
            .unwrap();
        published.policy.version()
    }

    pub(crate) fn name(&self, ticket: &str) -> StreamId {
        self.engine.stream(ticket).unwrap()
    }

    /// Records an action that happens now.
    pub(crate) async fn tell(&self, ticket: &str, action: &str) -> Executed {
        self.try_tell(ticket, action).await.unwrap()
    }

    pub(crate) async fn try_tell(
        &self,
        ticket: &str,
        action: &str,
    ) -> Result<Executed, ExecuteError> {
        let action: Action = serde_json::from_str(action).unwrap();
        let actor = Actor::new("desk".parse().unwrap());
        let command = Command::new(action, self.engine.now(), actor);
        self.engine.execute(&self.name(ticket), command).await
    }

    /// Records an action that happened earlier.
    pub(crate) async fn tell_late(&self, ticket: &str, action: &str, occurred: &str) -> Executed {
        self.engine
            .execute(&self.name(ticket), command(action, occurred))
            .await
            .unwrap()
    }

    pub(crate) async fn once(
        &self,
        ticket: &str,
        id: &str,
        command: Command,
    ) -> Result<Executed, ExecuteError> {
        let id = CommandId::new(id).unwrap();
        self.engine
            .execute(&self.name(ticket), Request::from(command).once(id))
            .await
    }

    pub(crate) async fn tick_at(&self, time: &str) -> Tick {
        self.clock.set(at(time));
        self.engine.tick(self.engine.now()).await.unwrap()
    }

    pub(crate) async fn events(&self, ticket: &str) -> Vec<Recorded<TicketEvent>> {
        let stream = self.name(ticket);
        let mut found = self.log().await;
        found.retain(|event| event.stream == stream);
        found
    }

    pub(crate) async fn kinds(&self, ticket: &str) -> Vec<&'static str> {
        let events = self.events(ticket).await;
        events
            .iter()
            .map(|event| event.event.kind().name())
            .collect()
    }

    pub(crate) async fn count(&self, ticket: &str, kind: Kind) -> usize {
        let events = self.events(ticket).await;
        events
            .iter()
            .filter(|event| event.event.kind() == kind)
            .count()
    }

    /// Every ticket's event in the order of the log.
    pub(crate) async fn log(&self) -> Vec<Recorded<TicketEvent>> {
        let codec = TicketCodec::new();
        let mut found = Vec::new();
        for partition in (0..self.store.partitions().count()).map(PartitionId) {
            let start = punctual::event::Offset::START;
            let limit = Limit {
                events: 1 << 20,
                bytes: 1 << 30,
            };
            let page = self
                .store
                .read_partition(partition, start, limit)
                .await
                .unwrap();
            let mut reader = codec.reader();
            for record in page.records() {
                if let Decoded::Known(event) = reader.decode_owned(&record).unwrap() {
                    found.push(event);
                }
            }
        }
        found
    }
}

/// Runs a story on a runtime of one thread.
pub(crate) fn play<F: Future>(story: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(story)
}
