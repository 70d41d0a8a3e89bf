//! Read models that follow the log, are built anew, kept, stopped and switched.

use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use punctual::engine::{Engine, Handle, ManualClock, ProjectError, Projector, Standing};
use punctual::event::{Actor, Kind, Offset};
use punctual::policy::Policy;
use punctual::projection::{
    Change, Needs, Poison, Projection, Queue, Scorecard, Services, SliceKind,
};
use punctual::store::{EventStore, Limit, Partitions, SnapshotStore};
use punctual::ticket::Command;
use punctual::time::{Instant, Span};
use punctual_memory::{MemorySnapshots, MemoryStore};

use super::desk::{Desk, HOTLINE, options, play};

pub(crate) const RECEIVED: &str = r#"{"type":"receive","product":"AC-1"}"#;

/// Counts the replies from their events alone, and refuses the ticket of a name.
#[derive(Default)]
pub(crate) struct Replies {
    pub(crate) refuses: Option<&'static str>,
}

impl Projection for Replies {
    type State = u64;

    fn name(&self) -> &'static str {
        "replies"
    }

    fn version(&self) -> u32 {
        1
    }

    fn needs(&self) -> Needs {
        Needs::kinds(&[Kind::Replied])
    }

    fn apply(&self, state: &mut u64, change: &Change<'_>) -> Result<(), Poison> {
        if Some(change.stream.id()) == self.refuses {
            return Err(Poison::Refused {
                stream: change.stream.to_string(),
                reason: "no".to_owned(),
            });
        }
        assert!(
            change
                .events
                .iter()
                .all(|it| it.event.kind() == Kind::Replied)
        );
        *state += u64::try_from(change.events.len()).unwrap();
        Ok(())
    }

    fn merge(&self, state: &mut u64, other: u64) {
        *state += other;
    }
}

struct All {
    projector: Projector,
    scores: Handle<Scorecard>,
    queue: Handle<Queue>,
    services: Handle<Services>,
    replies: Handle<Replies>,
}

impl All {
    fn of(engine: &Arc<Engine>) -> Self {
        let policy = Policy::from_toml(HOTLINE).unwrap();
        let mut projector = Projector::new(Arc::clone(engine)).with_page(Limit::events(3));
        Self {
            scores: projector.add(Scorecard::of(&policy)),
            queue: projector.add(Queue),
            services: projector.add(Services::new(policy.zone().clone())),
            replies: projector.add(Replies::default()),
            projector,
        }
    }

    fn assert_same(&self, other: &Self) {
        let (here, there) = (&self.projector, &other.projector);
        assert_eq!(here.state(&self.scores), there.state(&other.scores));
        assert_eq!(here.state(&self.queue), there.state(&other.queue));
        assert_eq!(here.state(&self.services), there.state(&other.services));
        assert_eq!(here.state(&self.replies), there.state(&other.replies));
        assert_eq!(here.position(&self.scores), there.position(&other.scores));
    }
}

async fn engine_on(desk: &Desk) -> Arc<Engine> {
    Arc::new(
        Engine::open(desk.store.clone(), options(&desk.clock))
            .await
            .unwrap(),
    )
}

pub(crate) const ACTIONS: [&str; 6] = [
    RECEIVED,
    r#"{"type":"reply"}"#,
    r#"{"type":"assign","owner":"u-1"}"#,
    r#"{"type":"resolve"}"#,
    r#"{"type":"reopen"}"#,
    r#"{"type":"hear-customer"}"#,
];

/// Plays steps: which ticket, which action, how many minutes later; every third is told late.
async fn play_steps(desk: &Desk, steps: &[(u8, u8, u16)]) {
    for (number, (ticket, action, minutes)) in steps.iter().enumerate() {
        let later = Span::from_minutes(i64::from(*minutes)).unwrap();
        let now: Instant = desk.engine.now().checked_add(later).unwrap();
        desk.clock.set(now);
        let ticket = format!("T-{}", ticket % 4);
        let action = ACTIONS[usize::from(*action) % ACTIONS.len()];
        // What cannot be is refused, and changes nothing.
        let _ = desk.try_tell(&ticket, RECEIVED).await;
        if number % 3 == 0 {
            let earlier = now.checked_sub(later).unwrap();
            let action = serde_json::from_str(action).unwrap();
            let command = Command::new(action, earlier, Actor::new("desk".parse().unwrap()));
            let _ = desk.engine.execute(&desk.name(&ticket), command).await;
            desk.engine.tick(now).await.unwrap();
        } else {
            let _ = desk.try_tell(&ticket, action).await;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn followed_built_and_restored_come_to_the_same(
        first in prop::collection::vec((0_u8..4, 0_u8..6, 0_u16..300), 0..12),
        second in prop::collection::vec((0_u8..4, 0_u8..6, 0_u16..300), 1..12),
        partitions in 1_u16..4,
        workers in 1_usize..4,
    ) {
        play(async {
            let store = MemoryStore::with_partitions(Partitions::new(partitions).unwrap());
            let desk = Desk::on(Arc::new(store), "09:00").await;
            desk.publish(HOTLINE).await;
            let snapshots: Arc<dyn SnapshotStore> = Arc::new(MemorySnapshots::new());
            let kept = options(&desk.clock).with_snapshots(Arc::clone(&snapshots));
            let engine = Arc::new(Engine::open(desk.store.clone(), kept).await.unwrap());

            let mut followed = All::of(&engine);
            play_steps(&desk, &first).await;
            followed.projector.catch_up().await.unwrap();
            followed.projector.keep().await.unwrap();
            let mut built_early = All::of(&engine);
            built_early.projector.build(workers, |_| ControlFlow::Continue(())).await.unwrap();
            built_early.assert_same(&followed);

            play_steps(&desk, &second).await;
            followed.projector.catch_up().await.unwrap();

            let mut built = All::of(&engine);
            built.projector.build(workers, |_| ControlFlow::Continue(())).await.unwrap();
            built.assert_same(&followed);
            built_early.projector.catch_up().await.unwrap();
            built_early.assert_same(&followed);
            let mut restored = All::of(&engine);
            let taken_up = restored.projector.restore().await.unwrap();
            assert_eq!(taken_up, 4);
            restored.projector.catch_up().await.unwrap();
            restored.assert_same(&followed);
        });
    }
}

#[test]
fn the_page_size_changes_nothing() {
    play(async {
        let desk = Desk::open().await;
        let engine = engine_on(&desk).await;
        let steps: Vec<(u8, u8, u16)> = (0..40).map(|n| (n % 4, n % 6, 17)).collect();
        play_steps(&desk, &steps).await;
        let mut by_three = All::of(&engine);
        by_three.projector.catch_up().await.unwrap();
        let mut at_once = All::of(&engine);
        at_once.projector = at_once.projector.with_page(Limit::events(10_000));
        at_once.projector.catch_up().await.unwrap();
        at_once.assert_same(&by_three);
        let scores = by_three.projector.state(&by_three.scores).unwrap();
        let now = engine.now();
        let dates = scores.dates(now).unwrap();
        assert_eq!(scores.slices(dates, SliceKind::Product, now).len(), 1);
    });
}

#[test]
fn one_that_cannot_go_on_stops_alone() {
    play(async {
        let desk = Desk::open().await;
        let engine = engine_on(&desk).await;
        let mut projector = Projector::new(engine.clone()).with_page(Limit::events(3));
        let queue = projector.add(Queue);
        let good = projector.add(Replies::default());
        let bad = projector.add(Replies {
            refuses: Some("T-2"),
        });
        for ticket in ["T-1", "T-2", "T-3"] {
            desk.tell(ticket, RECEIVED).await;
            desk.tell(ticket, ACTIONS[1]).await;
        }
        projector.catch_up().await.unwrap();
        assert_eq!(projector.state(&queue).unwrap().len(), 3);
        assert_eq!(projector.state(&good), Some(&3));
        assert_eq!(projector.standing(&good), Some(Standing::Live));
        let Some(Standing::Stopped(Poison::Refused { stream, .. })) = projector.standing(&bad)
        else {
            panic!("it should have stopped");
        };
        assert_eq!(stream, "acme/ticket/T-2");
        assert_eq!(projector.state(&bad), Some(&1)); // what it had found is still there

        // A stopped one is built anew, and stops again as long as the cause is there.
        projector
            .build(2, |_| ControlFlow::Continue(()))
            .await
            .unwrap();
        assert!(matches!(
            projector.standing(&bad),
            Some(Standing::Stopped(_))
        ));
        assert_eq!(projector.state(&good), Some(&3));
    });
}

#[test]
fn a_building_that_is_ended_changes_nothing_and_can_be_begun_again() {
    play(async {
        let desk = Desk::open().await;
        let engine = engine_on(&desk).await;
        for number in 0..600 {
            desk.tell(&format!("T-{number}"), RECEIVED).await;
        }
        let mut projector = Projector::new(engine.clone());
        let queue = projector.add(Queue);
        let mut told = Vec::new();
        let ended = projector
            .build(2, |progress| {
                told.push(progress.tickets);
                ControlFlow::Break(())
            })
            .await;
        assert!(matches!(ended, Err(ProjectError::Ended)));
        assert_eq!(told, [256]);
        assert_eq!(projector.state(&queue).unwrap().len(), 0);
        assert_eq!(projector.position(&queue).unwrap(), [Offset::START]);

        // A future that is dropped in the middle leaves as little behind.
        {
            let mut building = Box::pin(projector.build(1, |_| ControlFlow::Continue(())));
            let cut = std::future::poll_fn(|context| {
                std::task::Poll::Ready(building.as_mut().poll(context).is_pending())
            });
            assert!(cut.await);
        }
        assert_eq!(projector.state(&queue).unwrap().len(), 0);

        projector
            .build(2, |progress| {
                told.push(progress.tickets);
                ControlFlow::Continue(())
            })
            .await
            .unwrap();
        assert_eq!(told, [256, 256, 512, 600]);
        assert_eq!(projector.state(&queue).unwrap().len(), 600);
        let mut followed = Projector::new(engine);
        let same = followed.add(Queue);
        followed.catch_up().await.unwrap();
        assert_eq!(followed.state(&same), projector.state(&queue));
    });
}

#[test]
fn a_new_definition_goes_live_when_it_has_caught_up() {
    play(async {
        let desk = Desk::open().await;
        let engine = engine_on(&desk).await;
        desk.tell("T-1", RECEIVED).await;
        let policy = Policy::from_toml(HOTLINE).unwrap();
        let mut blue = Projector::new(engine.clone());
        let scores = blue.add(Scorecard::of(&policy));
        blue.catch_up().await.unwrap();

        let mut green = Projector::new(engine.clone());
        let worst = Scorecard::of(&policy).with_complaint(None);
        let new = green.add(worst);
        green.build(2, |_| ControlFlow::Continue(())).await.unwrap();
        // Meanwhile the old one has gone on.
        desk.tell("T-2", RECEIVED).await;
        blue.catch_up().await.unwrap();
        let refused = blue.switch(&scores, &mut green, &new);
        assert!(matches!(refused, Err(ProjectError::NotReady { name }) if name == "scorecard"));
        let mistaken = blue.switch(&new, &mut green, &scores);
        assert!(matches!(mistaken, Err(ProjectError::NotReady { .. })));
        assert!(blue.state(&new).is_none() && blue.standing(&new).is_none());

        // What had been built is not lost by that.
        green.catch_up().await.unwrap();
        blue.switch(&scores, &mut green, &new).unwrap();
        assert!(green.projection(&new).unwrap().complaint().is_some());
        assert_eq!(blue.projection(&scores).unwrap().complaint(), None);
        desk.tell("T-3", RECEIVED).await;
        blue.catch_up().await.unwrap();
        let scores = blue.state(&scores).unwrap();
        let all = punctual::projection::Slice::All;
        let score = scores.score(scores.dates(engine.now()).unwrap(), &all, engine.now());
        assert_eq!(score.count(&punctual::projection::Figure::Received), 3);
    });
}

/// Kept states of another definition, or further than the log, are not taken up.
#[test]
fn what_does_not_fit_is_not_taken_up() {
    play(async {
        let snapshots: Arc<dyn SnapshotStore> = Arc::new(MemorySnapshots::new());
        let open = |store: Arc<dyn EventStore>| {
            let snapshots = Arc::clone(&snapshots);
            async move {
                let clock = Arc::new(ManualClock::at(super::desk::at("09:00")));
                let options = options(&clock).with_snapshots(snapshots);
                Arc::new(Engine::open(store, options).await.unwrap())
            }
        };
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        let policy = Policy::from_toml(HOTLINE).unwrap();
        let engine = open(desk.store.clone()).await;
        let mut projector = Projector::new(engine.clone());
        projector.add(Scorecard::of(&policy));
        projector.catch_up().await.unwrap();
        projector.keep().await.unwrap();

        let mut other = Projector::new(engine);
        other.add(Scorecard::of(&policy).with_complaint(None));
        assert_eq!(other.restore().await.unwrap(), 0);
        // A log that goes less far: another store.
        let empty = open(Arc::new(MemoryStore::new())).await;
        let mut shorter = Projector::new(empty);
        shorter.add(Scorecard::of(&policy));
        assert_eq!(shorter.restore().await.unwrap(), 0);
    });
}
