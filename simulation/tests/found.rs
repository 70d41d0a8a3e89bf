//! What the simulator has found in the engine, each as a small story of its own.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use punctual::engine::{Engine, FollowError, ManualClock, Options, Request};
use punctual::event::{Actor, Kind};
use punctual::policy::Notation;
use punctual::store::{EventStore, Limits, blocking};
use punctual::ticket::{Action, Command, Message, Pending, Received, TicketEvent};
use punctual::time::{Instant, Span};
use punctual_memory::MemoryStore;
use punctual_simulation::chance::{Chance, Purpose};
use punctual_simulation::rough::{Rough, Weather};
use punctual_simulation::tasks::{Tasks, at_most};
use punctual_testkit::fault::{FaultStore, ReadFault};
use punctual_testkit::hooked::Hooked;

const NINE: &str = "2026-03-09T09:00:00Z";

const DESK: &str = r#"
    policy   = "desk"
    timezone = "UTC"
    [role]
    lead = "Lead"
    [target.answer]
    start  = "received"
    stop   = "replied"
    goals  = [{ within = "1h" }]
    ladder = [{ at = "due", tell = "lead" }]
"#;

const SUPPLIER: &str = r#"
    [agreement.supplier]
    kind = "supplier"
    [agreement.supplier.target.part]
    start = "received"
    stop  = "dispatched"
    goals = [{ within = "24h" }]
"#;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn actor() -> Actor {
    Actor::new("desk".parse().unwrap())
}

fn received(at: Instant) -> Command {
    Command::new(Action::Receive(Received::default()), at, actor())
}

fn noted(at: Instant) -> Command {
    Command::new(Action::Note(Message::NONE), at, actor())
}

/// An engine on a store, with a clock at nine and a published policy.
fn open(store: Arc<dyn EventStore>, source: &str) -> (Engine, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(at(NINE)));
    let options = Options::new("acme").with_clock(clock.clone());
    let engine = blocking::wait(Engine::open(store, options)).unwrap();
    blocking::wait(engine.publish(source, Notation::Toml, None)).unwrap();
    (engine, clock)
}

fn tick(engine: &Engine) -> punctual::engine::Tick {
    blocking::wait(engine.tick(engine.now())).unwrap()
}

fn calm_rough(store: Arc<dyn EventStore>, append_events: usize) -> Arc<Rough> {
    let weather = Weather {
        appends: 0,
        reads: 0,
        short_pages: 0,
    };
    let mut limits = Limits::COMMON;
    limits.append_events = append_events;
    let mut chance = Chance::new(1, Purpose::Weather);
    Arc::new(Rough::new(store, weather, limits, &mut chance))
}

#[test]
fn a_request_from_a_fast_clock_is_not_lost_from_the_agenda() {
    let (engine, clock) = open(Arc::new(MemoryStore::new()), DESK);
    let stream = engine.stream("T-1").unwrap();
    // The caller's clock is half a minute ahead, which is within the skew.
    let half_a_minute_ahead = at("2026-03-09T09:00:30Z");
    blocking::wait(engine.execute(&stream, received(half_a_minute_ahead))).unwrap();
    assert_eq!(engine.next_at(), Some(half_a_minute_ahead));

    clock.set(at("2026-03-09T11:00:00Z"));
    let tick = tick(&engine);
    assert_eq!((tick.breached, tick.escalated), (1, 1));
}

#[test]
fn a_command_that_was_recorded_meanwhile_is_not_refused_as_its_own_repetition() {
    let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
    let (engine, _clock) = open(calm_rough(store, 1_000), DESK);
    let engine = Arc::new(engine);
    let stream = engine.stream("T-1").unwrap();
    // The same intake twice at once, by a caller that did not wait for the first answer. Whichever
    // polls come first, both are answered with the same commit.
    for seed in 0..50 {
        let stream = engine.stream(&format!("{}-{seed}", stream.id())).unwrap();
        let answers = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
        let mut tasks = Tasks::default();
        for _ in 0..2 {
            let (engine, stream, answers) = (engine.clone(), stream.clone(), answers.clone());
            let request = Request::from(received(at(NINE))).once("mail-1".parse().unwrap());
            tasks.begin(0, async move {
                let answer = engine.execute(&stream, request).await;
                answers.borrow_mut().push(answer.map(|it| it.offset));
            });
        }
        let mut chance = Chance::new(seed, Purpose::Course);
        while tasks.poll_one(&mut chance) {}
        let answers = answers.borrow();
        let [Ok(one), Ok(other)] = &answers[..] else {
            panic!("seed {seed}: {answers:?}");
        };
        assert_eq!(one, other, "seed {seed}");
    }
}

#[test]
fn a_refusal_that_cannot_be_looked_into_is_not_a_refusal() {
    // As above, but looking for the command fails now and then, also after the refusal.
    let weather = Weather {
        appends: 0,
        reads: 200,
        short_pages: 0,
    };
    let mut chance = Chance::new(1, Purpose::Weather);
    let store = Arc::new(MemoryStore::new());
    let rough = Arc::new(Rough::new(store, weather, Limits::COMMON, &mut chance));
    rough.set_calm(true);
    let (engine, _clock) = open(rough.clone(), DESK);
    rough.set_calm(false);
    let engine = Arc::new(engine);
    for seed in 0..300 {
        let stream = engine.stream(&format!("T-{seed}")).unwrap();
        let answers = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
        let mut tasks = Tasks::default();
        for _ in 0..2 {
            let (engine, stream, answers) = (engine.clone(), stream.clone(), answers.clone());
            let request = Request::from(received(at(NINE))).once("mail-1".parse().unwrap());
            tasks.begin(0, async move {
                let answer = engine.execute(&stream, request).await;
                answers.borrow_mut().push(answer.map(|it| it.offset));
            });
        }
        let mut chance = Chance::new(seed, Purpose::Course);
        while tasks.poll_one(&mut chance) {}
        for answer in answers.borrow().iter() {
            let can_be_tried_again = answer.as_ref().err().is_none_or(|it| it.is_transient());
            assert!(can_be_tried_again, "seed {seed}: {answer:?}");
        }
    }
}

#[test]
fn more_than_one_append_holds_is_told_in_several() {
    let repeating = DESK.replace(
        r#"tell = "lead" }"#,
        r#"tell = "lead", every = "1m", most = 90 }"#,
    );
    let store = calm_rough(Arc::new(MemoryStore::new()), 20);
    let (engine, clock) = open(store, &repeating);
    let stream = engine.stream("T-1").unwrap();
    blocking::wait(engine.execute(&stream, received(at(NINE)))).unwrap();
    clock.set(at("2026-03-10T09:00:00Z"));
    let told = tick(&engine);
    assert!(told.failures.is_empty(), "{:?}", told.failures);
    assert_eq!((told.breached, told.escalated, told.late), (1, 91, 91));
    assert!(tick(&engine).is_quiet());
}

#[test]
fn a_look_that_failed_while_the_clock_was_ahead_comes_again_when_it_is_back() {
    use punctual_testkit::fault::AppendFault;
    // The appends: the policy, the intake, and the tick that fails.
    let store = FaultStore::new(Arc::new(MemoryStore::new()));
    let store = store.failing_append(3, AppendFault::Busy);
    let (engine, clock) = open(Arc::new(store), DESK);
    let stream = engine.stream("T-1").unwrap();
    blocking::wait(engine.execute(&stream, received(at(NINE)))).unwrap();

    clock.set(at("2027-03-09T09:00:00Z"));
    assert_eq!(tick(&engine).failures.len(), 1);
    clock.set(at("2026-03-09T11:00:00Z"));
    assert_eq!(tick(&engine).escalated, 1);
}

#[test]
fn a_policy_that_cannot_be_read_just_now_does_not_end_the_work() {
    let log = Arc::new(MemoryStore::new());
    let (publisher, _clock) = open(log.clone(), DESK);
    let partly = Arc::new(Hooked::around(log, Partly::default()));
    let other = beside(partly.clone());
    let stricter = DESK.replace("1h", "30m");
    blocking::wait(publisher.publish(&stricter, Notation::Toml, None)).unwrap();

    // The log itself answers; the stream of the policy that it names does not.
    partly.hooks().refuse(Call::ReadStream);
    let error = blocking::wait(other.catch_up()).unwrap_err();
    assert!(matches!(error, FollowError::Policy(_)), "{error:?}");
    assert!(error.is_transient(), "{error:?}");
}

#[test]
fn a_binding_that_cannot_be_looked_up_just_now_can_be_tried_again() {
    let log = Arc::new(MemoryStore::new());
    let partly = Arc::new(Hooked::around(log.clone(), Partly::default()));
    // Opened before anything was published.
    let other = beside(partly.clone());
    let (publisher, _clock) = open(log, DESK);
    let stream = publisher.stream("T-1").unwrap();
    blocking::wait(publisher.execute(&stream, received(at(NINE)))).unwrap();

    partly.hooks().refuse(Call::ListStreams);
    let error = blocking::wait(other.execute(&stream, noted(at(NINE)))).unwrap_err();
    assert!(error.is_transient(), "{error:?}");
}

/// Another engine of the same tenant, that publishes nothing.
fn beside(store: Arc<dyn EventStore>) -> Engine {
    let clock = Arc::new(ManualClock::at(at(NINE)));
    blocking::wait(Engine::open(store, Options::new("acme").with_clock(clock))).unwrap()
}

#[test]
fn a_ticket_is_moved_once_also_when_an_agreement_is_no_more() {
    let (engine, _clock) = open(Arc::new(MemoryStore::new()), &format!("{DESK}{SUPPLIER}"));
    let stream = engine.stream("T-1").unwrap();
    blocking::wait(engine.execute(&stream, received(at(NINE)))).unwrap();
    blocking::wait(engine.publish(DESK, Notation::Toml, None)).unwrap();
    let desk = "desk".parse().unwrap();
    let moved = blocking::wait(engine.rebind(&stream, &desk, 2)).unwrap();
    assert!(!moved.is_empty());
    let again = blocking::wait(engine.rebind(&stream, &desk, 2)).unwrap();
    assert_eq!(again, []);
}

#[test]
fn a_version_that_another_engine_has_just_published_can_be_bound() {
    let log = Arc::new(MemoryStore::new());
    let (publisher, _clock) = open(log.clone(), DESK);
    let (engine, _clock) = open(log, DESK);
    let stream = engine.stream("T-1").unwrap();
    blocking::wait(engine.execute(&stream, received(at(NINE)))).unwrap();
    let stricter = DESK.replace("1h", "30m");
    blocking::wait(publisher.publish(&stricter, Notation::Toml, None)).unwrap();
    let moved = blocking::wait(engine.rebind(&stream, &"desk".parse().unwrap(), 2)).unwrap();
    assert_eq!(moved.len(), 1);
}

#[test]
fn an_interrupted_import_goes_on_after_the_engine_has_recorded_something() {
    let log = Arc::new(MemoryStore::new());
    let rough = calm_rough(log, 8);
    let (engine, clock) = open(rough, DESK);
    let stream = engine.stream("T-1").unwrap();
    let event = |minute: i64, event| {
        let at = at(NINE)
            .checked_add(Span::from_micros(minute * 60_000_000))
            .unwrap();
        Pending {
            occurred_at: at,
            recorded_at: at,
            actor: None,
            subject: None,
            event,
        }
    };
    let intake = event(0, TicketEvent::Received(Received::default()));
    let notes = (1..9).map(|minute| event(minute, TicketEvent::Noted(Message::NONE)));
    let history: Vec<Pending> = [intake].into_iter().chain(notes).collect();
    clock.set(at("2026-03-09T12:00:00Z"));

    // The first part is there when the import is given up: its append is the second call.
    for polls in 1..40 {
        let part = blocking::wait(at_most(polls, engine.import(&stream, history.clone())));
        assert!(part.is_none(), "the import should be cut short");
        if blocking::wait(engine.ticket(&stream))
            .unwrap()
            .ticket()
            .version()
            .get()
            > 0
        {
            break;
        }
    }
    assert_eq!(tick(&engine).escalated, 1);
    blocking::wait(engine.import(&stream, history)).unwrap();
    let view = blocking::wait(engine.ticket(&stream)).unwrap();
    let kinds = view
        .ticket()
        .timeline()
        .facts()
        .iter()
        .map(|fact| fact.kind);
    assert_eq!(kinds.filter(|kind| *kind == Kind::Noted).count(), 8);
}

/// A store of which one kind of call fails.
mod partly {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use punctual::event::{StreamId, Version};
    use punctual::store::{EventStore, Limit, ReadError, StreamPage};
    use punctual_testkit::hooked::Hooks;

    /// What can be refused.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(super) enum Call {
        ReadStream,
        ListStreams,
    }

    #[derive(Debug, Default)]
    pub(super) struct Partly(Mutex<Option<Call>>);

    impl Partly {
        /// From here on.
        pub(super) fn refuse(&self, call: Call) {
            *self.0.lock().unwrap() = Some(call);
        }

        fn admit(&self, call: Call) -> Result<(), ReadError> {
            if *self.0.lock().unwrap() != Some(call) {
                return Ok(());
            }
            let source = format!("no {call:?} now").into();
            Err(ReadError::Unavailable { source })
        }
    }

    #[async_trait]
    impl Hooks for Partly {
        async fn read_stream(
            &self,
            store: &dyn EventStore,
            stream: &StreamId,
            after: Version,
            limit: Limit,
        ) -> Result<StreamPage, ReadError> {
            self.admit(Call::ReadStream)?;
            store.read_stream(stream, after, limit).await
        }

        async fn list_streams(
            &self,
            store: &dyn EventStore,
            prefix: &str,
            after: Option<&StreamId>,
            limit: usize,
        ) -> Result<Vec<StreamId>, ReadError> {
            self.admit(Call::ListStreams)?;
            store.list_streams(prefix, after, limit).await
        }
    }
}

use partly::{Call, Partly};

#[test]
fn a_page_that_fails_leaves_the_cursor_where_it_was() {
    let store = FaultStore::new(Arc::new(MemoryStore::new()));
    let (engine, _clock) = open(
        Arc::new(store.failing_read(1, ReadFault::Unavailable)),
        DESK,
    );
    assert!(blocking::wait(engine.catch_up()).is_err());
    blocking::wait(engine.catch_up()).unwrap();
}

#[test]
fn a_slow_look_does_not_bring_a_finished_ticket_back_for_good() {
    // Its only clock is over and told: unfinished, and nothing to be expected without a new fact.
    for seed in 0..400 {
        let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
        let (engine, clock) = open(calm_rough(store.clone(), 1_000), DESK);
        let engine = Arc::new(engine);
        let stream = engine.stream("T-1").unwrap();
        blocking::wait(engine.execute(&stream, received(at(NINE)))).unwrap();
        clock.set(at("2026-03-09T11:00:00Z"));
        tick(&engine);
        assert_eq!((engine.open_tickets(), engine.next_at()), (1, None));

        // Another engine appends, so this one has to look; meanwhile it records the end itself.
        let (other, its_clock) = (
            Options::new("acme"),
            Arc::new(ManualClock::at(engine.now())),
        );
        let other = Engine::open(store, other.with_clock(its_clock));
        let other = blocking::wait(other).unwrap();
        blocking::wait(other.execute(&stream, noted(engine.now()))).unwrap();
        let mut tasks = Tasks::default();
        // Two looks, for the second could undo what the first one left for later.
        for _ in 0..2 {
            let looks = engine.clone();
            tasks.begin(0, async move {
                looks.tick(looks.now()).await.unwrap();
            });
        }
        let ends = engine.clone();
        tasks.begin(0, async move {
            let withdraw = Command::new(Action::Withdraw(Message::NONE), ends.now(), actor());
            ends.execute(&stream, withdraw).await.unwrap();
        });
        let mut chance = Chance::new(seed, Purpose::Course);
        while tasks.poll_one(&mut chance) {}
        // Without the second look it would be there for ever.
        clock.set(at("2026-03-09T11:00:01Z"));
        tick(&engine);
        assert_eq!(engine.open_tickets(), 0, "seed {seed}");
    }
}
