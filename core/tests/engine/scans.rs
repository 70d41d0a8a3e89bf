//! Read models that want events alone, made anew from the log as it lies.

use std::ops::ControlFlow;
use std::sync::Arc;

use punctual::engine::{BuildProgress, Engine, Options, ProjectError, Projector, Standing};
use punctual::event::{Actor, Expected, Kind, Offset, PartitionId};
use punctual::projection::{Change, Needs, Poison, Projection};
use punctual::store::{Append, Limit, Partitions, RecordHead, Records};
use punctual::ticket::Command;
use punctual_memory::MemoryStore;
use tokio::runtime;

use super::desk::{Desk, HOTLINE, options, play};
use super::gate::Gate;
use super::projector::{ACTIONS, RECEIVED, Replies};

const REPLY: &str = ACTIONS[1];

/// How many tickets were received, and the replies beside them: two kinds in one read model.
struct Talks;

impl Projection for Talks {
    type State = (u64, u64);

    fn name(&self) -> &'static str {
        "talks"
    }

    fn version(&self) -> u32 {
        1
    }

    fn needs(&self) -> Needs {
        Needs::kinds(&[Kind::Received, Kind::Replied])
    }

    fn apply(&self, state: &mut (u64, u64), change: &Change<'_>) -> Result<(), Poison> {
        for event in change.events.iter() {
            match event.event.kind() {
                Kind::Received => state.0 += 1,
                _ => state.1 += 1,
            }
        }
        Ok(())
    }

    fn merge(&self, state: &mut (u64, u64), other: (u64, u64)) {
        state.0 += other.0;
        state.1 += other.1;
    }
}

/// Forty tickets, of which every fourth is replied to: with their bindings 90 events.
async fn forty(desk: &Desk) {
    for number in 0..40 {
        let ticket = format!("T-{number}");
        desk.tell(&ticket, RECEIVED).await;
        if number % 4 == 0 {
            desk.tell(&ticket, REPLY).await;
        }
    }
}

/// A ticket of another tenant whose name begins or ends like ours.
async fn tell_elsewhere(desk: &Desk, tenant: &str, ticket: &str) {
    let elsewhere = Options::new(tenant).with_clock(desk.clock.clone());
    let engine = Engine::open(Arc::clone(&desk.store), elsewhere)
        .await
        .unwrap();
    for action in [RECEIVED, REPLY] {
        let action = serde_json::from_str(action).unwrap();
        let command = Command::new(action, engine.now(), Actor::new("desk".parse().unwrap()));
        let stream = engine.stream(ticket).unwrap();
        engine.execute(&stream, command).await.unwrap();
    }
}

async fn projector_on(desk: &Desk) -> Projector {
    let engine = Engine::open(Arc::clone(&desk.store), options(&desk.clock));
    Projector::new(Arc::new(engine.await.unwrap())).with_page(Limit::events(16))
}

async fn build(projector: &mut Projector) -> Vec<BuildProgress> {
    let mut told = Vec::new();
    let built = projector.build(2, |progress| {
        told.push(progress);
        ControlFlow::Continue(())
    });
    built.await.unwrap();
    told
}

#[test]
fn what_wants_events_alone_is_built_from_the_log() {
    play(async {
        let desk = Desk::open().await;
        forty(&desk).await;
        let mut projector = projector_on(&desk).await;
        let good = projector.add(Replies::default());
        let bad = projector.add(Replies {
            refuses: Some("T-20"),
        });
        let ended = projector.build(2, |_| ControlFlow::Break(())).await;
        assert!(matches!(ended, Err(ProjectError::Ended)));
        assert_eq!(projector.state(&good), Some(&0));
        assert_eq!(projector.position(&good).unwrap(), [Offset::START]);

        let told = build(&mut projector).await;
        assert_eq!(projector.state(&good), Some(&10));
        assert_eq!(projector.standing(&good), Some(Standing::Live));
        assert_eq!(projector.state(&bad), Some(&5)); // T-0 to T-16
        assert!(matches!(
            projector.standing(&bad),
            Some(Standing::Stopped(_))
        ));
        let head = desk.store.head(PartitionId(0)).await.unwrap();
        assert_eq!(projector.position(&good).unwrap(), [head]);
        assert!(told.len() > 3, "a page at a time");
        let last = told.last().unwrap();
        assert_eq!((last.tickets, last.events), (40, 90));
    });
}

/// Every commit counts once, wherever pages end and however many partitions there are.
#[test]
fn no_commit_is_passed_over_or_taken_twice() {
    for (partitions, page) in [(1, 1), (1, 7), (3, 4), (4, 1_000)] {
        play(async {
            let store = MemoryStore::with_partitions(Partitions::new(partitions).unwrap());
            let desk = Desk::on(Arc::new(store), "09:00").await;
            desk.publish(HOTLINE).await;
            forty(&desk).await;
            let mut projector = projector_on(&desk).await.with_page(Limit::events(page));
            let (talks, replies) = (projector.add(Talks), projector.add(Replies::default()));
            let told = build(&mut projector).await;
            assert_eq!(projector.state(&talks), Some(&(40, 10)));
            assert_eq!(projector.state(&replies), Some(&10));
            let last = told.last().unwrap();
            assert_eq!((last.tickets, last.events), (40, 90));
        });
    }
}

#[test]
fn tickets_of_other_tenants_are_passed_over() {
    play(async {
        let desk = Desk::open().await;
        for (tenant, ticket) in [("acm", "T-1"), ("acme-2", "T-1"), ("other", "acme")] {
            tell_elsewhere(&desk, tenant, ticket).await;
        }
        forty(&desk).await;
        tell_elsewhere(&desk, "zeta", "T-1").await;
        let mut projector = projector_on(&desk).await;
        let (talks, replies) = (projector.add(Talks), projector.add(Replies::default()));
        let told = build(&mut projector).await;
        let mut followed = projector_on(&desk).await;
        let same = followed.add(Talks);
        followed.catch_up().await.unwrap();
        assert_eq!(followed.state(&same), Some(&(40, 10)));
        assert_eq!(projector.state(&talks), Some(&(40, 10)));
        assert_eq!(projector.state(&replies), Some(&10));
        let last = told.last().unwrap();
        assert_eq!((last.tickets, last.events), (40, 90));
    });
}

/// What is appended during a building is left for the following, which would count it again.
#[test]
fn what_comes_while_it_is_built_counts_once() {
    play(async {
        let desk = Desk::open().await;
        forty(&desk).await;
        let head = desk.store.head(PartitionId(0)).await.unwrap();
        let mut projector = projector_on(&desk).await.with_page(Limit::events(1_000));
        let replies = projector.add(Replies::default());
        // The building asks where the log ends before it waits for its workers for the first time.
        let later = async {
            for number in 1..4 {
                desk.tell(&format!("T-{number}"), REPLY).await;
            }
        };
        let told = tokio::join!(build(&mut projector), later).0;
        assert_eq!(projector.state(&replies), Some(&10));
        assert_eq!(projector.position(&replies).unwrap(), [head]);
        assert_eq!(told.last().unwrap().events, 90);
        projector.catch_up().await.unwrap();
        assert_eq!(projector.state(&replies), Some(&13));
    });
}

/// A worker that is not waiting cannot be cancelled from outside: it looks after each page.
#[test]
fn a_worker_ends_after_the_page_in_which_its_building_was_ended() {
    let gate = Gate::store();
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let ended = runtime.block_on(async {
        let desk = Desk::on(gate.clone(), "09:00").await;
        desk.publish(HOTLINE).await;
        forty(&desk).await;
        let mut projector = projector_on(&desk).await.with_page(Limit::events(1));
        projector.add(Replies::default());
        gate.hooks().hold_after(1);
        projector.build(1, |_| ControlFlow::Break(())).await
    });
    assert!(matches!(ended, Err(ProjectError::Ended)));
    gate.hooks().open();
    drop(runtime); // comes back when no worker is on its way any more
    assert!(
        gate.hooks().reads() <= 2,
        "{} pages were read",
        gate.hooks().reads()
    );
}

/// Damage stops whoever wants the event, and nobody else.
#[test]
fn what_cannot_be_read_stops_whoever_wants_it() {
    play(async {
        let desk = Desk::open().await;
        forty(&desk).await;
        let now = desk.engine.now();
        let head = RecordHead {
            kind: Kind::Received.number(),
            schema: 1,
            occurred_at: now,
            recorded_at: now,
            subject: None,
            metadata: &[],
        };
        let mut records = Records::new();
        records.push(&head, &[0xff; 40]).unwrap();
        let append = Append::new(desk.name("T-99"), Expected::Empty, records);
        desk.store.append(append).await.unwrap();
        desk.tell("T-1", REPLY).await;

        let mut projector = projector_on(&desk).await;
        let (talks, replies) = (projector.add(Talks), projector.add(Replies::default()));
        build(&mut projector).await;
        assert_eq!(projector.state(&replies), Some(&11));
        assert_eq!(projector.standing(&replies), Some(Standing::Live));
        assert_eq!(projector.state(&talks), Some(&(40, 10)));
        let Some(Standing::Stopped(Poison::Unreadable { stream, .. })) = projector.standing(&talks)
        else {
            panic!("it should have stopped");
        };
        assert_eq!(stream, "acme/ticket/T-99");
    });
}
