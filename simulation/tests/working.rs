//! `Engine::run`: what wakes it, what ends it, and what it survives; and futures that are dropped.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options, Request};
use punctual::event::{Actor, StreamId};
use punctual::policy::Notation;
use punctual::store::{EventStore, Limits, blocking};
use punctual::ticket::{Action, Command, Message, Received, Replied};
use punctual::time::Instant;
use punctual_memory::MemoryStore;
use punctual_simulation::chance::{Chance, Purpose};
use punctual_simulation::rough::{Rough, Weather};
use punctual_simulation::tasks::{Tasks, at_most};
use tokio::sync::Notify;

const DESK: &str = r#"
    policy   = "desk"
    timezone = "UTC"
    [class]
    values = ["slow", "quick"]
    [role]
    lead = "Lead"
    [target.answer]
    start  = "received"
    stop   = "replied"
    goals  = [{ when = { class = "quick" }, within = "10m" }, { within = "8h" }]
    ladder = [{ at = "50%", tell = "lead" }, { at = "due", tell = "lead" }]
"#;

fn at(time: &str) -> Instant {
    format!("2026-03-09T{time}Z").parse().unwrap()
}

/// A store, an engine that works by itself, and another beside it.
struct Desk {
    store: Arc<MemoryStore>,
    rough: Arc<Rough>,
    engine: Arc<Engine>,
    clock: Arc<ManualClock>,
    other: Engine,
    tasks: Tasks,
    chance: Chance,
    stop: Arc<Notify>,
    told: Rc<Cell<usize>>,
    ended: Rc<RefCell<Option<String>>>,
}

impl Desk {
    fn at_work() -> Self {
        Self::with(|options| options)
    }

    fn with(options: impl FnOnce(Options) -> Options) -> Self {
        let store = Arc::new(MemoryStore::new());
        let weather = Weather {
            appends: 0,
            reads: 0,
            short_pages: 0,
        };
        let mut chance = Chance::new(1, Purpose::Course);
        let own: Arc<dyn EventStore> = Arc::new(store.handle());
        let rough = Arc::new(Rough::new(own, weather, Limits::COMMON, &mut chance));
        let clock = Arc::new(ManualClock::at(at("09:00:00")));
        let usual = Options::new("acme").with_clock(clock.clone());
        let engine = Engine::open(rough.clone(), options(usual.clone()));
        let engine = Arc::new(blocking::wait(engine).unwrap());
        blocking::wait(engine.publish(DESK, Notation::Toml, None)).unwrap();
        let other = blocking::wait(Engine::open(store.clone(), usual)).unwrap();
        let mut desk = Self {
            store,
            rough,
            engine,
            clock,
            other,
            tasks: Tasks::default(),
            chance,
            stop: Arc::new(Notify::new()),
            told: Rc::default(),
            ended: Rc::default(),
        };
        desk.work();
        desk.settle();
        desk
    }

    fn work(&mut self) {
        let (engine, stop) = (Arc::clone(&self.engine), Arc::clone(&self.stop));
        let (told, ended) = (Rc::clone(&self.told), Rc::clone(&self.ended));
        self.tasks.begin_long(0, async move {
            let work = engine.run(stop.notified(), |tick| {
                told.set(told.get() + tick.escalated)
            });
            *ended.borrow_mut() = Some(format!("{:?}", work.await));
        });
    }

    /// Polls whoever was woken, until nobody is; that it comes to rest at all is part of the claim.
    fn settle(&mut self) {
        for _ in 0..1_000_000 {
            if !self.tasks.poll_one(&mut self.chance) {
                return;
            }
        }
        panic!("the engine turns in circles");
    }

    fn go_to(&mut self, time: &str) -> usize {
        self.clock.set(at(time));
        self.settle();
        self.told.get()
    }

    fn ended(&self) -> Option<String> {
        self.ended.borrow().clone()
    }
}

fn receive(engine: &Engine, name: &str, class: &str) -> StreamId {
    let stream = engine.stream(name).unwrap();
    let class = Some(class.parse().unwrap());
    let action: Action = Action::Receive(Received {
        class,
        ..Received::default()
    });
    let command = Command::new(action, engine.now(), Actor::new("desk".parse().unwrap()));
    blocking::wait(engine.execute(&stream, command)).unwrap();
    stream
}

#[test]
fn a_command_that_is_due_sooner_wakes_it() {
    let mut desk = Desk::at_work();
    receive(&desk.engine, "T-1", "slow");
    desk.settle();
    receive(&desk.engine, "T-2", "quick");
    assert_eq!(desk.go_to("09:05:00"), 1);
    assert_eq!(desk.go_to("09:10:00.000001"), 2);
}

#[test]
fn an_append_of_another_engine_wakes_it() {
    let mut desk = Desk::at_work();
    receive(&desk.engine, "T-1", "slow");
    desk.settle();
    receive(&desk.other, "T-2", "quick");
    desk.settle();
    assert_eq!(desk.engine.open_tickets(), 2);
    assert_eq!(desk.go_to("09:05:00"), 1);
}

#[test]
fn nothing_is_told_before_its_instant_or_twice_however_the_clock_jumps() {
    let mut desk = Desk::at_work();
    receive(&desk.engine, "T-1", "quick");
    assert_eq!(desk.go_to("09:04:59.999999"), 0);
    assert_eq!(desk.go_to("09:05:00"), 1);
    assert_eq!(desk.go_to("08:00:00"), 1);
    assert_eq!(desk.go_to("09:05:00"), 1);
    assert_eq!(desk.go_to("20:00:00"), 2);
    assert_eq!(desk.go_to("09:00:00"), 2);
    // What comes in after the jump is measured by its own instants.
    receive(&desk.engine, "T-2", "quick");
    assert_eq!(desk.go_to("09:05:00"), 3);
}

#[test]
fn it_ends_when_it_is_told_to_while_it_is_idle() {
    let mut desk = Desk::at_work();
    receive(&desk.engine, "T-1", "slow");
    desk.settle();
    desk.stop.notify_one();
    desk.settle();
    assert_eq!(desk.ended().as_deref(), Some("Ok(())"));
}

#[test]
fn it_ends_between_two_batches_of_a_long_tick_and_loses_nothing() {
    const TICKETS: usize = 1_500;
    let mut desk = Desk::with(|options| options.with_at_once(1));
    for number in 0..TICKETS {
        receive(&desk.other, &format!("T-{number}"), "quick");
        // So that no two are due at one instant: a batch ends between instants.
        desk.clock.advance(punctual::time::Span::MICROSECOND);
    }
    desk.settle();
    desk.clock.set(at("09:06:00"));
    for _ in 0..500 {
        desk.tasks.poll_one(&mut desk.chance);
    }
    desk.stop.notify_one();
    desk.settle();
    assert_eq!(desk.ended().as_deref(), Some("Ok(())"));
    let told = desk.told.get();
    assert!((1..TICKETS).contains(&told), "{told}");
    let rest = blocking::wait(desk.other.tick(at("09:06:00"))).unwrap();
    assert_eq!(told + rest.escalated, TICKETS);
}

#[test]
fn a_store_that_is_away_for_a_while_is_asked_again() {
    let mut desk = Desk::at_work();
    receive(&desk.engine, "T-1", "quick");
    desk.settle();
    desk.rough.set_away(true);
    assert_eq!(desk.go_to("09:05:00"), 0);
    // Others go on meanwhile: their news must not make it turn in circles.
    receive(&desk.other, "T-2", "quick");
    assert_eq!(desk.go_to("09:05:30"), 0);
    desk.rough.set_away(false);
    assert_eq!(desk.go_to("09:05:32"), 1);
    assert_eq!(desk.go_to("09:10:32"), 3);
    assert_eq!(desk.ended(), None);
}

#[test]
fn it_ends_when_the_store_is_closed_also_while_it_sleeps() {
    let mut desk = Desk::at_work();
    receive(&desk.engine, "T-1", "slow");
    desk.settle();
    blocking::wait(desk.rough.close());
    desk.settle();
    assert_eq!(desk.ended().as_deref(), Some("Ok(())"));
}

#[test]
fn work_that_is_dropped_anywhere_loses_nothing() {
    for polls in 1..60 {
        let mut desk = Desk::with(|options| options.with_at_once(1));
        let streams: Vec<StreamId> = (0..3)
            .map(|number| receive(&desk.other, &format!("T-{number}"), "quick"))
            .collect();
        desk.clock.set(at("09:20:00"));
        for _ in 0..polls {
            desk.tasks.poll_one(&mut desk.chance);
        }
        desk.tasks.drop_of(0);
        // The same engine goes on, with the agenda that the dropped work left behind.
        desk.work();
        desk.settle();
        for stream in &streams {
            let view = blocking::wait(desk.other.ticket(stream)).unwrap();
            let told = view.ticket().told();
            assert_eq!(
                (told.escalated.len(), told.breached.len()),
                (2, 1),
                "{polls} {stream}"
            );
        }
    }
}

#[test]
fn a_command_that_is_dropped_anywhere_is_recorded_once_when_sent_again() {
    for polls in 1..40 {
        let desk = Desk::at_work();
        let stream = receive(&desk.engine, "T-1", "quick");
        let actor = || Actor::new("desk".parse().unwrap());
        let reply = Command::new(
            Action::Reply(Replied::default()),
            desk.engine.now(),
            actor(),
        );
        let reply = Request::from(reply).once("reply-1".parse().unwrap());
        let first = at_most(polls, desk.engine.execute(&stream, reply.clone()));
        let first = blocking::wait(first).transpose().unwrap();
        let again = blocking::wait(desk.engine.execute(&stream, reply)).unwrap();
        assert!(first.is_none_or(|first| first.offset == again.offset));
        let note: Action = Action::Note(Message::NONE);
        let note = Command::new(note, desk.engine.now(), actor());
        blocking::wait(desk.engine.execute(&stream, note)).unwrap();
        let view = blocking::wait(desk.other.ticket(&stream)).unwrap();
        // Received, bound, answered, noted.
        assert_eq!(view.ticket().version().get(), 4, "{polls} polls");
        blocking::wait(desk.store.close());
    }
}

#[test]
fn a_tick_that_is_dropped_anywhere_leaves_what_it_has_not_done() {
    for polls in 1..60 {
        let desk = Desk::with(|options| options.with_at_once(1));
        let streams: Vec<StreamId> = (0..3)
            .map(|number| receive(&desk.other, &format!("T-{number}"), "quick"))
            .collect();
        let now = at("09:20:00");
        let _given_up = blocking::wait(at_most(polls, desk.engine.tick(now)));
        let rest = blocking::wait(desk.engine.tick(now)).unwrap();
        assert!(rest.failures.is_empty());
        for stream in &streams {
            let view = blocking::wait(desk.other.ticket(stream)).unwrap();
            let told = view.ticket().told();
            assert_eq!(
                (told.escalated.len(), told.breached.len()),
                (2, 1),
                "{polls} {stream}"
            );
        }
    }
}
