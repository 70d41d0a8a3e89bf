//! Two engines and a caller under every schedule that shuttle draws, at the grain of the port's calls.
//!
//! The engine holds no lock over an await, so what can come between two of its steps comes between
//! two calls of the store. A store that yields before and after every call lets shuttle choose what.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use punctual::engine::{Engine, ManualClock, Options, Request};
use punctual::event::{Actor, CommandId, Offset, PartitionId, StreamId, Version};
use punctual::policy::Notation;
use punctual::store::{
    Append, AppendError, Appended, EventStore, FoundCommand, Limit, Limits, PartitionPage,
    Partitions, ReadError, StreamPage,
};
use punctual::ticket::{Action, Command, Message, Received};
use punctual::time::Instant;
use punctual_memory::MemoryStore;
use shuttle::future::{block_on, spawn, yield_now};

const DESK: &str = r#"
    policy   = "desk"
    timezone = "UTC"
    [role]
    lead = "Lead"
    [target.answer]
    start  = "received"
    stop   = "replied"
    goals  = [{ within = "1h" }]
    ladder = [{ at = "80%", tell = "lead" }, { at = "due", tell = "lead" }]
"#;

const SCHEDULES: usize = 400;

/// Lets shuttle choose who goes on, before and after every call.
#[derive(Debug)]
struct Yielding(MemoryStore);

#[async_trait]
impl EventStore for Yielding {
    fn partitions(&self) -> Partitions {
        self.0.partitions()
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        yield_now().await;
        let appended = self.0.append(append).await;
        yield_now().await;
        appended
    }

    async fn find_command(
        &self,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        yield_now().await;
        let found = self.0.find_command(stream, command).await;
        yield_now().await;
        found
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        yield_now().await;
        let page = self.0.read_stream(stream, after, limit).await;
        yield_now().await;
        page
    }

    async fn read_partition(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        yield_now().await;
        let page = self.0.read_partition(partition, after, limit).await;
        yield_now().await;
        page
    }

    async fn list_streams(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        yield_now().await;
        let listed = self.0.list_streams(prefix, after, limit).await;
        yield_now().await;
        listed
    }

    async fn head(&self, partition: PartitionId) -> Result<Offset, ReadError> {
        yield_now().await;
        self.0.head(partition).await
    }

    async fn wait_past(&self, partition: PartitionId, offset: Offset) -> Result<Offset, ReadError> {
        yield_now().await;
        self.0.wait_past(partition, offset).await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}

fn at(time: &str) -> Instant {
    format!("2026-03-09T{time}Z").parse().unwrap()
}

fn command(action: Action) -> Command {
    Command::new(action, at("09:00:00"), Actor::new("desk".parse().unwrap()))
}

async fn open(store: &Arc<dyn EventStore>) -> Arc<Engine> {
    let clock = Arc::new(ManualClock::at(at("09:00:00")));
    let options = Options::new("acme").with_clock(clock).with_attempts(100);
    Arc::new(Engine::open(Arc::clone(store), options).await.unwrap())
}

async fn engines(count: usize) -> Vec<Arc<Engine>> {
    let store: Arc<dyn EventStore> = Arc::new(Yielding(MemoryStore::new()));
    let first = open(&store).await;
    first.publish(DESK, Notation::Toml, None).await.unwrap();
    let mut engines = vec![first];
    while engines.len() < count {
        engines.push(open(&store).await);
    }
    engines
}

fn ticks_race(count: usize) {
    block_on(async {
        let engines = engines(count).await;
        let stream = engines[0].stream("T-1").unwrap();
        let receive = command(Action::Receive(Received::default()));
        engines[0].execute(&stream, receive).await.unwrap();
        let tasks = engines.iter().map(|engine| {
            let engine = Arc::clone(engine);
            let stream = stream.clone();
            spawn(async move {
                let first = engine.tick(at("09:50:00")).await.unwrap();
                let note = command(Action::Note(Message::NONE));
                engine.execute(&stream, note).await.unwrap();
                let second = engine.tick(at("11:00:00")).await.unwrap();
                assert!(first.failures.is_empty() && second.failures.is_empty());
                first.escalated + second.escalated
            })
        });
        let tasks: Vec<_> = tasks.collect();
        let mut told = 0;
        for task in tasks {
            told += task.await.unwrap();
        }
        let view = engines[0].ticket(&stream).await.unwrap();
        let rungs = &view.ticket().told().escalated;
        let names: BTreeSet<_> = rungs.iter().map(|it| (it.rung, it.repeat)).collect();
        assert_eq!((told, rungs.len(), names.len()), (2, 2, 2));
        assert_eq!(view.ticket().told().breached.len(), 1);
        // No agenda has lost the ticket, and none finds anything more.
        for engine in &engines {
            assert!(engine.tick(at("12:00:00")).await.unwrap().is_quiet());
            assert_eq!(engine.open_tickets(), 1);
        }
    });
}

#[test]
fn two_engines_tell_every_rung_once_under_any_schedule() {
    shuttle::check_random(|| ticks_race(2), SCHEDULES);
}

#[test]
fn four_engines_tell_every_rung_once_under_any_schedule() {
    shuttle::check_random(|| ticks_race(4), SCHEDULES / 4);
}

#[test]
fn one_command_sent_by_many_is_recorded_once_under_any_schedule() {
    shuttle::check_random(
        || {
            block_on(async {
                let engines = engines(2).await;
                let stream = engines[0].stream("T-1").unwrap();
                let tasks: Vec<_> = (0..4)
                    .map(|number| {
                        let engine = Arc::clone(&engines[number % 2]);
                        let stream = stream.clone();
                        let receive = command(Action::Receive(Received::default()));
                        let request = Request::from(receive).once("mail-1".parse().unwrap());
                        spawn(async move { engine.execute(&stream, request).await.unwrap() })
                    })
                    .collect();
                let mut commits = BTreeSet::new();
                for task in tasks {
                    commits.insert(task.await.unwrap().offset);
                }
                assert_eq!(commits.len(), 1);
            });
        },
        SCHEDULES,
    );
}

#[test]
fn a_ticket_that_ends_while_others_look_leaves_every_agenda() {
    shuttle::check_random(
        || {
            block_on(async {
                let engines = engines(2).await;
                let stream = engines[0].stream("T-1").unwrap();
                let receive = command(Action::Receive(Received::default()));
                engines[0].execute(&stream, receive).await.unwrap();
                let tasks: Vec<_> = [
                    Action::Reply(punctual::ticket::Replied::default()),
                    Action::Resolve(punctual::ticket::Resolved::default()),
                ]
                .into_iter()
                .zip(&engines)
                .map(|(action, engine)| {
                    let (engine, stream) = (Arc::clone(engine), stream.clone());
                    spawn(async move {
                        engine.execute(&stream, command(action)).await.unwrap();
                        engine.tick(at("09:00:01")).await.unwrap();
                    })
                })
                .collect();
                for task in tasks {
                    task.await.unwrap();
                }
                for engine in &engines {
                    engine.tick(at("09:00:02")).await.unwrap();
                    assert_eq!(engine.open_tickets(), 0);
                }
            });
        },
        SCHEDULES,
    );
}
