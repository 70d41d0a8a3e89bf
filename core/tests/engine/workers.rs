//! Workers that build read models: what stops one of them stops the others.

use std::ops::ControlFlow;
use std::sync::Arc;

use punctual::engine::{Engine, ProjectError, Projector, Standing};
use punctual::event::StreamId;
use punctual::projection::{Change, Needs, Poison, Projection, Queue};
use punctual_testkit::hooked::Hooked;

use super::desk::{Desk, HOTLINE, options, play};
use super::gate::Gate;
use super::projector::{RECEIVED, Replies};

/// Far more tickets than two workers take up before anybody listens to them.
const TICKETS: usize = 4_000;
/// What two workers may have read by the time that both know: the reports that wait to be heard, and
/// the tickets that each has at hand, 256 at a time.
const SOON: usize = 6 * 256;

/// Counts tickets, and refuses the one of a name.
struct Fussy(&'static str);

impl Projection for Fussy {
    type State = u64;

    fn name(&self) -> &'static str {
        "fussy"
    }

    fn version(&self) -> u32 {
        1
    }

    fn needs(&self) -> Needs {
        Needs::TICKETS
    }

    fn apply(&self, state: &mut u64, change: &Change<'_>) -> Result<(), Poison> {
        if change.stream.id() == self.0 {
            return Err(Poison::Refused {
                stream: change.stream.to_string(),
                reason: "no".to_owned(),
            });
        }
        *state += 1;
        Ok(())
    }

    fn merge(&self, state: &mut u64, other: u64) {
        *state += other;
    }
}

/// A desk with many tickets, on a store that counts what is read of them.
async fn crowded() -> (Arc<Hooked<Gate>>, Arc<Engine>) {
    let gate = Gate::store();
    let desk = Desk::on(gate.clone(), "09:00").await;
    desk.publish(HOTLINE).await;
    for number in 0..TICKETS {
        desk.tell(&format!("T-{number:04}"), RECEIVED).await;
    }
    let engine = Engine::open(gate.clone(), options(&desk.clock)).await;
    gate.hooks().lose(None);
    (gate, Arc::new(engine.unwrap()))
}

fn first(engine: &Engine) -> StreamId {
    engine.stream("T-0000").unwrap()
}

#[test]
fn the_error_of_one_worker_ends_the_others() {
    play(async {
        let (gate, engine) = crowded().await;
        gate.hooks().lose(Some(first(&engine)));
        let mut projector = Projector::new(engine);
        projector.add(Queue);
        let ended = projector.build(2, |_| ControlFlow::Continue(())).await;
        assert!(matches!(
            ended,
            Err(ProjectError::Load(_) | ProjectError::Read(_))
        ));
        assert!(
            gate.hooks().stream_reads() <= SOON,
            "{}",
            gate.hooks().stream_reads()
        );
    });
}

#[test]
fn what_one_worker_is_refused_ends_the_others() {
    play(async {
        let (gate, engine) = crowded().await;
        let mut projector = Projector::new(engine);
        let fussy = projector.add(Fussy("T-0000"));
        let built = projector.build(2, |_| ControlFlow::Continue(())).await;
        built.unwrap();
        let standing = projector.standing(&fussy);
        assert!(matches!(
            standing,
            Some(Standing::Stopped(Poison::Refused { .. }))
        ));
        assert!(
            gate.hooks().stream_reads() <= SOON,
            "{}",
            gate.hooks().stream_reads()
        );
    });
}

#[test]
fn one_that_is_refused_keeps_no_other_from_being_built() {
    play(async {
        let (gate, engine) = crowded().await;
        let mut projector = Projector::new(engine);
        let fussy = projector.add(Fussy("T-0000"));
        let queue = projector.add(Queue);
        let replies = projector.add(Replies::default());
        let built = projector.build(2, |_| ControlFlow::Continue(())).await;
        built.unwrap();
        assert!(matches!(
            projector.standing(&fussy),
            Some(Standing::Stopped(_))
        ));
        assert_eq!(projector.standing(&queue), Some(Standing::Live));
        assert_eq!(projector.state(&queue).unwrap().len(), TICKETS);
        assert_eq!(projector.standing(&replies), Some(Standing::Live));
        assert_eq!(gate.hooks().stream_reads(), TICKETS);
    });
}
