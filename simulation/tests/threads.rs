//! Engines in real threads on one store: every rung once, and every command once.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::Arc;

use punctual::engine::{Engine, Executed, ManualClock, Options, Request};
use punctual::event::{Actor, StreamId};
use punctual::policy::Notation;
use punctual::store::EventStore;
use punctual::ticket::{Action, Command, Message, Received};
use punctual::time::Instant;
use punctual_memory::MemoryStore;
use tokio::sync::Barrier;

const DESK: &str = r#"
    policy   = "desk"
    timezone = "UTC"
    [role]
    agent = "Agent"
    lead = "Lead"
    [target.answer]
    start  = "received"
    stop   = "replied"
    goals  = [{ within = "1h" }]
    ladder = [
        { at = "80%", tell = "agent" },
        { at = "due", tell = "lead", every = "1h", most = 3 },
    ]
"#;

const TICKETS: usize = 12;
/// When everybody looks: before the first rung, at each edge, and long after.
const LOOKS: [&str; 7] = [
    "09:10:00",
    "09:48:00",
    "10:00:00",
    "10:00:00.000001",
    "11:00:00.000001",
    "12:30:00",
    "18:00:00",
];

fn at(time: &str) -> Instant {
    format!("2026-03-09T{time}Z").parse().unwrap()
}

fn actor(id: &str) -> Actor {
    Actor::new(id.parse().unwrap())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
}

async fn open(store: &Arc<dyn EventStore>) -> (Arc<Engine>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(at("09:00:00")));
    let options = Options::new("acme")
        .with_clock(clock.clone())
        .with_attempts(1_000);
    let engine = Engine::open(Arc::clone(store), options).await.unwrap();
    (Arc::new(engine), clock)
}

async fn receive(engine: &Engine, name: &str) -> StreamId {
    let stream = engine.stream(name).unwrap();
    let action: Action = Action::Receive(Received::default());
    let command = Command::new(action, engine.now(), actor("desk"));
    engine.execute(&stream, command).await.unwrap();
    stream
}

/// So many engines look at the same tickets at the same instants, and note things on them meanwhile.
async fn race_to_tick(store: Arc<dyn EventStore>, engines: usize) {
    let (first, clock) = open(&store).await;
    first.publish(DESK, Notation::Toml, None).await.unwrap();
    let mut streams = Vec::new();
    for number in 0..TICKETS {
        streams.push(receive(&first, &format!("T-{number}")).await);
    }
    let mut others = vec![(Arc::clone(&first), clock)];
    while others.len() < engines {
        others.push(open(&store).await);
    }
    let barrier = Arc::new(Barrier::new(engines));
    let tasks: Vec<_> = others
        .into_iter()
        .zip(0..)
        .map(|((engine, clock), number)| {
            let (barrier, streams) = (Arc::clone(&barrier), streams.clone());
            tokio::spawn(look(engine, clock, barrier, streams, number))
        })
        .collect();
    let mut told = 0;
    for task in tasks {
        told += task.await.unwrap();
    }
    // One warning's rung, one at the breach and its three repetitions, on each ticket.
    assert_eq!(told, TICKETS * 5);
    for stream in &streams {
        let view = first.ticket(stream).await.unwrap();
        let rungs = &view.ticket().told().escalated;
        let names: BTreeSet<_> = rungs.iter().map(|it| (it.rung, it.repeat)).collect();
        assert_eq!((rungs.len(), names.len()), (5, 5), "{stream}");
        assert_eq!(view.ticket().told().breached.len(), 1, "{stream}");
        assert_eq!(view.ticket().anomalies(), []);
    }
    store.close().await;
}

async fn look(
    engine: Arc<Engine>,
    clock: Arc<ManualClock>,
    barrier: Arc<Barrier>,
    streams: Vec<StreamId>,
    number: usize,
) -> usize {
    let mut told = 0;
    for (time, round) in LOOKS.iter().zip(0..) {
        clock.set(at(time));
        barrier.wait().await;
        let stream = &streams[(number + round) % streams.len()];
        let note: Action = Action::Note(Message::NONE);
        let note = Command::new(note, engine.now(), actor("desk"));
        let note = engine.execute(stream, note);
        let tick = engine.tick(at(time));
        let (noted, tick) = tokio::join!(note, tick);
        noted.unwrap();
        let tick = tick.unwrap();
        assert!(tick.failures.is_empty(), "{:?}", tick.failures);
        told += tick.escalated;
    }
    told
}

/// Sixty-four contenders on one ticket, through two engines, each command sent twice.
async fn contend(store: Arc<dyn EventStore>) {
    const CONTENDERS: usize = 64;
    let (one, _clock) = open(&store).await;
    one.publish(DESK, Notation::Toml, None).await.unwrap();
    let (other, _clock) = open(&store).await;
    let stream = receive(&one, "T-1").await;
    let barrier = Arc::new(Barrier::new(CONTENDERS));
    let tasks: Vec<_> = (0..CONTENDERS)
        .map(|number| {
            let engine = Arc::clone(if number % 2 == 0 { &one } else { &other });
            let (again, stream) = (Arc::clone(&other), stream.clone());
            let barrier = Arc::clone(&barrier);
            tokio::spawn(async move {
                let note: Action = Action::Note(Message::NONE);
                let note = Command::new(note, at("09:00:00"), actor(&format!("u-{number}")));
                let id = format!("note-{number}").parse().unwrap();
                let request = Request::from(note).once(id);
                barrier.wait().await;
                let first: Executed = engine.execute(&stream, request.clone()).await.unwrap();
                let second = again.execute(&stream, request).await.unwrap();
                assert!(second.replayed);
                assert_eq!(first.offset, second.offset);
                first.revision.version()
            })
        })
        .collect();
    let mut versions = BTreeSet::new();
    for task in tasks {
        versions.insert(task.await.unwrap().get());
    }
    // Received, bound, and then one version for each.
    assert_eq!(versions, (3..3 + CONTENDERS as u64).collect());
    let view = one.ticket(&stream).await.unwrap();
    assert_eq!(view.ticket().version().get(), 2 + CONTENDERS as u64);
    store.close().await;
}

fn on_sled(play: impl AsyncFnOnce(Arc<dyn EventStore>)) {
    let directory = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let store = punctual_sled::Options::new()
            .open(directory.path().join("log"))
            .unwrap();
        play(store).await;
    });
}

#[test]
fn two_engines_on_memory_tell_every_rung_once() {
    runtime().block_on(race_to_tick(Arc::new(MemoryStore::new()), 2));
}

#[test]
fn eight_engines_on_memory_tell_every_rung_once() {
    runtime().block_on(race_to_tick(Arc::new(MemoryStore::new()), 8));
}

#[test]
fn two_engines_on_sled_tell_every_rung_once() {
    on_sled(async |store| race_to_tick(store, 2).await);
}

#[test]
fn eight_engines_on_sled_tell_every_rung_once() {
    on_sled(async |store| race_to_tick(store, 8).await);
}

#[test]
fn sixty_four_contenders_on_memory_are_all_recorded_once() {
    runtime().block_on(contend(Arc::new(MemoryStore::new())));
}

#[test]
fn sixty_four_contenders_on_sled_are_all_recorded_once() {
    on_sled(async |store| contend(store).await);
}
