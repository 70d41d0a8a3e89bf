//! One run: engines, clocks and a store that misbehave, and tickets that go on.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, PublishError};
use punctual::event::{CommandId, StreamId};
use punctual::store::{EventStore, Limits, Partitions};
use punctual::time::{Instant, Span};
use punctual_memory::MemoryStore;
use tokio::sync::Notify;

use crate::chance::{Chance, Purpose};
use crate::life::{Life, Rules};
use crate::plan::Plan;
use crate::reader::{Account, Delivered, RoughCheckpoints, read_on};
use crate::report::Report;
use crate::rough::Rough;
use crate::sent::{Answers, Ended, Sent, attempt};
use crate::slot::Slot;
use crate::tasks::Tasks;
use crate::violation::Violation;
use crate::watch::{Watch, came_about_at, owed};

/// Something that is to be done at an instant.
#[derive(Debug, Clone)]
enum Job {
    /// An attempt at the command with that number.
    Command(usize),
    /// The step of a life becomes a command.
    Step(usize, usize),
    /// A version of a tenant's rules is published.
    Publish(usize, usize),
}

/// A consumer: what it was given, what that comes to, its checkpoints, and its tenant.
type Mailer = (
    Rc<RefCell<Delivered>>,
    Account,
    Arc<RoughCheckpoints>,
    usize,
);

/// A run under way.
///
/// ```
/// use punctual_simulation::World;
///
/// // Another seed: other tickets, other policies, other weather.
/// let (one, other) = (World::new(1, 5)?.play()?, World::new(2, 5)?.play()?);
/// assert_ne!(one.digest, other.digest);
/// # Ok::<(), punctual_simulation::Violation>(())
/// ```
#[derive(Debug)]
pub struct World {
    plan: Plan,
    course: Chance,
    store: Arc<dyn EventStore>,
    slots: Vec<Slot>,
    tasks: Tasks,
    watch: Watch,
    now: Instant,
    queue: BTreeMap<(Instant, u64), Job>,
    queued: u64,
    rules: Vec<Rules>,
    lives: Vec<(usize, Life)>,
    sent: Vec<Sent>,
    answers: Answers,
    trouble: Rc<RefCell<Option<Violation>>>,
    consumers: Vec<Mailer>,
    report: Report,
    is_calm: bool,
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl World {
    /// Draws a world of about so many tickets; nothing has happened yet.
    ///
    /// # Errors
    /// [`Violation`] when not even that is possible.
    pub fn new(seed: u64, tickets: u32) -> Result<Self, Violation> {
        let mut course = Chance::new(seed, Purpose::Course);
        let plan = Plan::draw(&mut course, tickets);
        let partitions = Partitions::new(plan.partitions).unwrap_or(Partitions::ONE);
        Self::over(
            Arc::new(MemoryStore::with_partitions(partitions)),
            seed,
            plan,
            course,
        )
    }

    /// Draws a world on a store of one's own, which must be empty.
    ///
    /// The store must answer when it is first polled, or the run does not go the same way twice: wrap one that has threads
    /// in [`Waiting`](crate::Waiting).
    ///
    /// # Errors
    /// As for [`World::new`].
    pub fn on(store: Arc<dyn EventStore>, seed: u64, tickets: u32) -> Result<Self, Violation> {
        let mut course = Chance::new(seed, Purpose::Course);
        let plan = Plan::draw(&mut course, tickets);
        Self::over(store, seed, plan, course)
    }

    fn over(
        store: Arc<dyn EventStore>,
        seed: u64,
        plan: Plan,
        course: Chance,
    ) -> Result<Self, Violation> {
        let mut weather = Chance::new(seed, Purpose::Weather);
        let mut policies = Chance::new(seed, Purpose::Policies);
        let mut tickets = Chance::new(seed, Purpose::Tickets);
        let watch = Watch::new(Arc::clone(&store), &plan.tenants, plan.append_events);
        let watch = watch.map_err(Violation::log)?;
        let rules: Vec<Rules> = plan
            .tenants
            .iter()
            .map(|_| Rules::draw(&mut policies))
            .collect();
        let count = plan.tickets / plan.tenants.len() as u32;
        let mut lives = Vec::new();
        for (tenant, rules) in rules.iter().enumerate() {
            let drawn = rules.lives(
                &mut tickets,
                plan.start,
                plan.days,
                plan.longest_pause,
                count,
            );
            lives.extend(drawn.into_iter().map(|life| (tenant, life)));
        }
        let mut limits = Limits::COMMON;
        limits.append_events = plan.append_events;
        let slots = (0..plan.engines).map(|number| {
            let rough = Rough::new(Arc::clone(&store), plan.weather, limits, &mut weather);
            Slot {
                tenant: plan.tenants[number % plan.tenants.len()].clone(),
                clock: Arc::new(ManualClock::at(plan.start)),
                ahead: Span::ZERO,
                store: Arc::new(rough),
                engine: Rc::default(),
                is_opening: false,
                stop: None,
                failed: Rc::default(),
                failed_at: Rc::default(),
                at_once: 1 + number % 3,
            }
        });
        Ok(Self {
            slots: slots.collect(),
            now: plan.start,
            tasks: Tasks::default(),
            queue: BTreeMap::new(),
            queued: 0,
            sent: Vec::new(),
            answers: Answers::default(),
            trouble: Rc::default(),
            consumers: Vec::new(),
            report: Report::default(),
            is_calm: false,
            plan,
            course,
            store,
            watch,
            rules,
            lives,
        })
    }

    /// Plays it to its end.
    ///
    /// Takes time in proportion to the tickets, and a good part of it for opening engines again.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn play(mut self) -> Result<Report, Violation> {
        self.begin()?;
        let mut until_calm = 300;
        while !self.queue.is_empty() {
            self.turn()?;
            until_calm -= 1;
            if until_calm == 0 {
                self.calm()?;
                until_calm = 200 + self.course.place(600);
            }
        }
        self.calm()?;
        self.end()
    }

    /// Publishes the first rules, and puts everything that will happen into the queue.
    fn begin(&mut self) -> Result<(), Violation> {
        self.set_clocks();
        self.set_calm(true);
        for slot in 0..self.slots.len() {
            self.open(slot);
        }
        self.rest()?;
        for tenant in 0..self.plan.tenants.len() {
            self.publish(tenant, 0);
            self.rest()?;
            self.add_consumer(tenant)?;
        }
        for slot in 0..self.slots.len() {
            self.catch_up(slot);
        }
        self.rest()?;
        self.set_calm(false);
        let lives = self.lives.iter().filter_map(|(_, life)| life.steps.last());
        let ends = lives.map(|(at, _)| at.micros()).max();
        let ends = ends.unwrap_or(self.plan.start.micros());
        for tenant in 0..self.rules.len() {
            for version in 1..self.rules[tenant].documents.len() {
                let at = self.course.between(self.plan.start.micros(), ends);
                self.put(
                    Instant::from_micros(at).unwrap_or(Instant::MAX),
                    Job::Publish(tenant, version),
                );
            }
        }
        for life in 0..self.lives.len() {
            self.put_step(life, 0);
        }
        Ok(())
    }

    fn put(&mut self, at: Instant, job: Job) {
        self.queued += 1;
        self.queue.insert((at, self.queued), job);
    }

    fn put_in(&mut self, micros: i64, job: Job) {
        let at = self
            .now
            .checked_add(Span::from_micros(micros))
            .unwrap_or(Instant::MAX);
        self.put(at, job);
    }

    /// Puts a step of a life into the queue: mostly in time, sometimes late, sometimes by a caller
    /// whose clock is fast.
    fn put_step(&mut self, life: usize, step: usize) {
        let Some((at, _)) = self.lives[life].1.steps.get(step) else {
            return;
        };
        let shift = match self.course.below(100) {
            0..=4 => -self.course.between(0, 40 * SECOND),
            5..=9 => self.course.between(0, HOUR),
            10..=12 => self.course.between(0, 9 * DAY),
            _ => self.course.between(0, 3 * SECOND),
        };
        let at = at
            .checked_add(Span::from_micros(shift))
            .unwrap_or(*at)
            .max(self.now);
        self.put(at, Job::Step(life, step));
    }

    // ---- one turn ----

    fn turn(&mut self) -> Result<(), Violation> {
        let busy = self.tasks.short();
        match self.course.below(1_000) {
            0..=399 if busy < 12 => self.take_job(),
            400..=499 => self.tick_one(),
            500..=509 | 720..=819 => self.tick_in_time(),
            510..=529 => {
                let slot = self.course.place(self.slots.len());
                self.catch_up(slot);
            }
            530..=569 => self.look_at_one(),
            570..=579 => self.rebind_one(),
            580..=589 => self.jump(),
            590..=599 => self.take_away(),
            600..=609 => {
                self.tasks.drop_one(&mut self.course);
            }
            610..=629 => self.work_or_stop(),
            630..=699 => self.pass_time(),
            700..=719 if self.course.permille(self.plan.crashes * 10) => self.crash(),
            _ => {}
        }
        self.reopen();
        self.set_clocks();
        for _ in 0..self.course.below(14) {
            if !self.tasks.poll_one(&mut self.course) {
                if self.tasks.short() == 0 {
                    self.pass_time();
                }
                break;
            }
        }
        self.notice()
    }

    /// Goes to the next thing to do, or somewhat before it; for days, now and then, with nobody up.
    ///
    /// Time stands still while a turn is made. While somebody is at work it goes on by two seconds at most.
    fn pass_time(&mut self) {
        let next = self.queue.first_key_value().map(|((at, _), _)| *at);
        let wake = self
            .slots
            .iter()
            .filter_map(|slot| slot.up()?.next_at())
            .min();
        let mut to = match (next, wake) {
            (Some(next), Some(wake)) if self.course.permille(600) => next.min(wake),
            (Some(next), _) => next,
            (None, _) => return,
        };
        if self.course.permille(4) {
            for slot in 0..self.slots.len() {
                self.shut(slot);
            }
            let days = self.course.between(1, 6 * DAY);
            to = to.checked_add(Span::from_micros(days)).unwrap_or(to);
        }
        if self.tasks.short() > 0 {
            // Somebody is at it: a little time passes.
            let little = self.course.between(0, 2 * SECOND);
            to = to.min(
                self.now
                    .checked_add(Span::from_micros(little))
                    .unwrap_or(to),
            );
        }
        self.now = self.now.max(to);
    }

    fn take_job(&mut self) {
        let Some(entry) = self.queue.first_entry() else {
            return;
        };
        if entry.key().0 > self.now {
            self.pass_time();
            return;
        }
        match entry.remove() {
            Job::Step(life, step) => self.send_step(life, step),
            Job::Command(number) => self.send(number),
            Job::Publish(tenant, version) => self.publish(tenant, version),
        }
    }

    /// Four of five commands have an id, as a careful caller gives; three in a hundred have another's, as a careless one
    /// does.
    fn send_step(&mut self, life: usize, step: usize) {
        let (tenant, story) = &self.lives[life];
        let tenant = &self.plan.tenants[*tenant];
        let Some((_, command)) = story.steps.get(step) else {
            return;
        };
        let Ok(stream) = StreamId::new(tenant, "ticket", &story.name) else {
            return;
        };
        let number = self.sent.len();
        let mark = format!("c-{number}");
        let mut id = self.course.permille(800).then(|| mark.clone());
        // The id of another command, by mistake.
        if self.course.permille(30) {
            let mut others = self.sent.iter().filter(|it| {
                it.stream == stream && it.command.action.kind() != command.action.kind()
            });
            let other = others.next_back().and_then(|it| it.id.as_ref());
            // Two that ask the same under one id are one command, whenever they were asked.
            let is_alike = |it: &Sent| {
                it.stream == stream
                    && it.id.as_ref() == other
                    && it.command.action == command.action
            };
            if let Some(other) = other
                && !self.sent.iter().any(is_alike)
            {
                id = Some(other.as_str().to_owned());
            }
        }
        self.sent.push(Sent {
            stream,
            command: command.clone(),
            mark,
            id: id.and_then(|id| CommandId::new(&id).ok()),
            tries: 0,
            under_way: 0,
            step: Some((life, step)),
            is_over: false,
        });
        if self.course.permille(100) && self.sent[number].id.is_some() {
            let later = match self.course.below(3) {
                0 => 0,
                1 => self.course.between(0, MINUTE),
                _ => self.course.between(0, 3 * DAY),
            };
            self.put_in(later, Job::Command(number));
        }
        self.send(number);
    }

    fn send(&mut self, number: usize) {
        let tenant = self.sent[number].stream.tenant().to_owned();
        let Some(engine) = self.any_engine(&tenant) else {
            self.put_in(MINUTE, Job::Command(number));
            return;
        };
        let (slot, engine) = engine;
        let sent = &mut self.sent[number];
        sent.tries += 1;
        sent.under_way += 1;
        let task = attempt(number, sent, engine, Rc::clone(&self.answers));
        self.tasks.begin(slot, task);
    }

    fn any_engine(&mut self, tenant: &str) -> Option<(usize, Arc<Engine>)> {
        let up: Vec<usize> = (0..self.slots.len())
            .filter(|it| self.slots[*it].tenant == tenant && self.slots[*it].up().is_some())
            .collect();
        let slot = *self.course.pick(&up)?;
        Some((slot, self.slots[slot].up()?))
    }

    fn any_slot(&mut self) -> Option<(usize, Arc<Engine>)> {
        let slot = self.course.place(self.slots.len());
        Some((slot, self.slots[slot].up()?))
    }

    fn tick_one(&mut self) {
        if let Some((slot, engine)) = self.any_slot() {
            self.tick_one_of(slot, engine);
        }
    }

    fn tick_one_of(&mut self, slot: usize, engine: Arc<Engine>) {
        if self.slots[slot].stop.is_some() {
            return;
        }
        let failed_at = Rc::clone(&self.slots[slot].failed_at);
        self.tasks.begin(slot, async move {
            let now = engine.now();
            if let Ok(tick) = engine.tick(now).await
                && !tick.failures.is_empty()
            {
                *failed_at.borrow_mut() = Some(now);
            }
        });
    }

    /// An engine whose clock is right looks just when something falls due.
    fn tick_in_time(&mut self) {
        let Some((slot, engine)) = self.any_slot() else {
            return;
        };
        let Some(next_at) = engine.next_at().filter(|at| *at >= self.now) else {
            return;
        };
        let first = self.queue.first_key_value().map(|((at, _), _)| *at);
        if self.tasks.short() == 0 && first.is_some_and(|first| next_at < first) {
            self.slots[slot].ahead = Span::ZERO;
            self.now = next_at;
            self.set_clocks();
            self.tick_one_of(slot, engine);
        }
    }

    fn catch_up(&mut self, slot: usize) {
        if let Some(engine) = self.slots[slot].up() {
            self.tasks.begin(slot, async move {
                let _again_later = engine.catch_up().await;
            });
        }
    }

    /// Reads a ticket as it is, or as it was known at some instant, and holds it to the log.
    fn look_at_one(&mut self) {
        let names: Vec<&String> = self.watch.tickets().keys().collect();
        let Some(name) = self.course.pick(&names) else {
            return;
        };
        let Ok(stream) = name.parse::<StreamId>() else {
            return;
        };
        let Some((slot, engine)) = self.any_engine(stream.tenant()) else {
            return;
        };
        let known_at = if self.course.permille(500) {
            Instant::MAX
        } else {
            let log = &self.watch.tickets()[stream.as_str()].log;
            let place = self.course.place(log.len());
            let by = Span::from_micros(self.course.between(-1, 1));
            log[place]
                .recorded_at
                .checked_add(by)
                .unwrap_or(Instant::MAX)
        };
        let looks = Rc::clone(&self.trouble);
        let logs = self.watch.tickets()[stream.as_str()].log.clone();
        // What the log holds more by then was not there when it was asked for, or is not compared.
        self.tasks.begin(slot, async move {
            if let Ok(view) = engine.ticket_as_known_at(&stream, known_at).await {
                let version = view.revision().version();
                let mut fold = punctual::ticket::Ticket::default();
                for event in &logs {
                    if event.version <= version && event.recorded_at <= known_at {
                        fold.apply(event);
                    }
                }
                let is_whole = logs.last().is_some_and(|last| last.version >= version);
                let lost = logs.last().is_some_and(|last| last.version > version);
                if lost || (is_whole && fold != *view.ticket()) {
                    *looks.borrow_mut() = Some(Violation::View(format!("{stream} at {known_at}")));
                }
            }
        });
    }

    fn rebind_one(&mut self) {
        let names: Vec<&String> = self.watch.tickets().keys().collect();
        let Some(name) = self.course.pick(&names) else {
            return;
        };
        let Ok(stream) = name.parse::<StreamId>() else {
            return;
        };
        let Some((slot, engine)) = self.any_engine(stream.tenant()) else {
            return;
        };
        let book = engine.policies();
        let policies: Vec<_> = book.iter().collect();
        let Some(policy) = self.course.pick(&policies) else {
            return;
        };
        let (policy, version) = (policy.id().clone(), policy.version());
        self.tasks.begin(slot, async move {
            let _again_later = engine.rebind_dry_run(&stream, &policy, version).await;
            let _again_later = engine.rebind(&stream, &policy, version).await;
        });
    }

    fn publish(&mut self, tenant: usize, version: usize) {
        let name = self.plan.tenants[tenant].clone();
        let Some((slot, engine)) = self.any_engine(&name) else {
            self.put_in(HOUR, Job::Publish(tenant, version));
            return;
        };
        let source = self.rules[tenant].documents[version].clone();
        let trouble = Rc::clone(&self.trouble);
        self.tasks.begin(slot, async move {
            let toml = punctual::policy::Notation::Toml;
            if let Err(PublishError::Document(report)) = engine.publish(&source, toml, None).await {
                let text = format!("a document is refused: {report}");
                *trouble.borrow_mut() = Some(Violation::Engine(text));
            }
        });
    }

    /// Clocks disagree by seconds; one of them jumps by more, and comes back some time.
    fn jump(&mut self) {
        let slot = self.course.place(self.slots.len());
        let micros = match self.course.below(20) {
            0 => self.course.between(-9 * DAY, 9 * DAY),
            1..=2 => self.course.between(-2 * HOUR, 2 * HOUR),
            _ => self.course.between(-10 * SECOND, 10 * SECOND),
        };
        self.slots[slot].ahead = Span::from_micros(micros);
    }

    fn take_away(&mut self) {
        let slot = self.course.place(self.slots.len());
        let is_away = !self.is_calm && self.plan.weather.reads > 0 && self.course.permille(300);
        self.slots[slot].store.set_away(is_away);
    }

    /// An engine begins to work by itself, or is told to end.
    fn work_or_stop(&mut self) {
        let Some((slot, engine)) = self.any_slot() else {
            return;
        };
        if let Some(stop) = self.slots[slot].stop.take() {
            stop.notify_one();
            return;
        }
        if self.plan.runs {
            self.work(slot, engine);
        }
    }

    fn work(&mut self, slot: usize, engine: Arc<Engine>) {
        let stop = Arc::new(Notify::new());
        self.slots[slot].stop = Some(Arc::clone(&stop));
        let failed = Rc::clone(&self.slots[slot].failed);
        let failed_at = Rc::clone(&self.slots[slot].failed_at);
        self.tasks.begin_long(slot, async move {
            let clock = Arc::clone(&engine);
            let ended = engine.run(stop.notified(), |tick| {
                if !tick.failures.is_empty() {
                    *failed_at.borrow_mut() = Some(clock.now());
                }
            });
            if let Err(error) = ended.await {
                *failed.borrow_mut() = Some(format!("{error:?}"));
            }
        });
    }

    fn crash(&mut self) {
        let slot = self.course.place(self.slots.len());
        self.shut(slot);
    }

    /// Drops an engine with all that it was at.
    fn shut(&mut self, slot: usize) {
        self.tasks.drop_of(slot);
        let slot = &mut self.slots[slot];
        slot.is_opening = false;
        slot.stop = None;
        if slot.engine.borrow_mut().take().is_some() {
            self.report.crashes += 1;
        }
    }

    fn reopen(&mut self) {
        for slot in 0..self.slots.len() {
            if self.slots[slot].up().is_none() && self.course.permille(60) {
                self.open(slot);
            }
        }
    }

    fn open(&mut self, slot: usize) {
        if self.slots[slot].up().is_none() {
            // Whatever was left of an opening before.
            self.tasks.drop_of(slot);
            let opening = self.slots[slot].open();
            self.tasks.begin(slot, opening);
        }
    }

    fn set_clocks(&mut self) {
        for slot in &self.slots {
            let shown = slot.set_clock(self.now);
            self.watch.show(shown);
        }
    }

    fn add_consumer(&mut self, tenant: usize) -> Result<(), Violation> {
        let checkpoints = RoughCheckpoints::new(self.course.word(), self.plan.weather.reads);
        let delivered = Rc::new(RefCell::new(Delivered::default()));
        self.consumers
            .push((delivered, Account::default(), Arc::new(checkpoints), tenant));
        Ok(())
    }

    /// Keeps a consumer at work on some engine of its tenant.
    fn feed_consumers(&mut self) -> Result<(), Violation> {
        for number in 0..self.consumers.len() {
            let tenant = self.plan.tenants[self.consumers[number].3].clone();
            let owner = 1_000 + number;
            if self.tasks.has(owner) {
                continue;
            }
            let Some((_, engine)) = self.any_engine(&tenant) else {
                continue;
            };
            let (delivered, _, checkpoints, _) = &self.consumers[number];
            let id = "mailer".parse().map_err(Violation::log)?;
            let chance = Chance::new(self.course.word(), Purpose::Weather);
            let (checkpoints, delivered) = (Arc::clone(checkpoints), Rc::clone(delivered));
            let task = read_on(engine, id, checkpoints, delivered, chance);
            self.tasks.begin_long(owner, task);
        }
        Ok(())
    }

    // ---- what comes of it ----

    fn notice(&mut self) -> Result<(), Violation> {
        self.watch.look()?;
        if let Some(trouble) = self.trouble.borrow_mut().take() {
            return Err(trouble);
        }
        for slot in &self.slots {
            if let Some(failed) = slot.failed.borrow_mut().take() {
                return Err(Violation::Engine(failed));
            }
        }
        let answers: Vec<_> = self.answers.borrow_mut().drain(..).collect();
        for (number, ended) in answers {
            self.answer(number, ended)?;
        }
        self.feed_consumers()?;
        let watch = &self.watch;
        for (delivered, account, _, tenant) in &mut self.consumers {
            let tenant = &self.plan.tenants[*tenant];
            let taken = account.take(&delivered.borrow(), |partition| {
                watch.order(tenant, partition)
            });
            taken.map_err(Violation::Consumer)?;
        }
        Ok(())
    }

    fn answer(&mut self, number: usize, ended: Ended) -> Result<(), Violation> {
        self.sent[number].under_way -= 1;
        let sent = &self.sent[number];
        let found = self.watch.command(&sent.mark);
        let told = |what: &str| {
            let (mark, stream, kind) = (&sent.mark, &sent.stream, sent.command.action.kind());
            Err(Violation::Answer(format!(
                "{mark} ({kind}) of {stream}: {what}; {found:?}"
            )))
        };
        let goes_on = match ended {
            Ended::Done(executed) => {
                let place = (
                    executed.partition,
                    executed.offset,
                    executed.revision.version(),
                );
                if found.map(|it| (it.partition, it.offset, it.version)) != Some(place) {
                    return told(&format!("acknowledged as {executed:?}"));
                }
                self.report.acknowledged += 1;
                true
            }
            Ended::Refused(why) => {
                if found.is_some() {
                    return told(&format!("refused ({why})"));
                }
                self.report.refused += 1;
                true
            }
            Ended::Reused => {
                let id = sent.id.as_ref().map_or("", |id| id.as_str());
                let holder = self.watch.holder(sent.stream.as_str(), id);
                if holder.is_none_or(|holder| holder == sent.mark) {
                    return told(&format!("refused as used by {holder:?}"));
                }
                true
            }
            Ended::NotWritten => !self.try_again(number),
            Ended::Unknown if sent.id.is_some() => !self.try_again(number),
            Ended::Unknown => {
                self.report.unknown += 1;
                true
            }
            Ended::Odd(error) => return told(&error),
        };
        if goes_on && !self.sent[number].is_over {
            self.sent[number].is_over = true;
            if let Some((life, step)) = self.sent[number].step {
                self.put_step(life, step + 1);
            }
        }
        Ok(())
    }

    fn try_again(&mut self, number: usize) -> bool {
        if self.sent[number].tries > 12 {
            return false;
        }
        let wait = self.course.between(0, 40 * SECOND);
        self.put_in(wait, Job::Command(number));
        true
    }

    // ---- calm ----

    fn set_calm(&mut self, is_calm: bool) {
        self.is_calm = is_calm;
        for slot in &self.slots {
            slot.store.set_calm(is_calm);
        }
    }

    /// Lets everything that is under way come to its end.
    ///
    /// Two hundred thousand polls without an end is an engine that goes round in a circle.
    fn rest(&mut self) -> Result<(), Violation> {
        for _ in 0..200_000 {
            self.set_clocks();
            if !self.tasks.poll_one(&mut self.course) {
                return match self.tasks.short() {
                    0 => self.notice(),
                    some => Err(Violation::Engine(format!("{some} tasks sleep for ever"))),
                };
            }
            self.notice()?;
        }
        Err(Violation::Engine(format!(
            "it does not come to rest: {:?}",
            self.tasks
        )))
    }

    /// Lets the store be well for a moment, has one engine look, and holds everything to the log.
    ///
    /// Nothing may fail in a calm: the store is well, every engine is up, and two minutes have passed, which is longer than
    /// any engine waits before it tries again.
    fn calm(&mut self) -> Result<(), Violation> {
        self.report.calms += 1;
        self.set_calm(true);
        self.rest()?;
        for slot in 0..self.slots.len() {
            self.open(slot);
        }
        self.rest()?;
        // What failed just now is tried again a minute later.
        self.now = self
            .now
            .checked_add(Span::from_micros(2 * MINUTE))
            .unwrap_or(self.now);
        self.set_clocks();
        self.rest()?;
        for tenant in 0..self.plan.tenants.len() {
            self.look_at_all(tenant)?;
        }
        self.set_calm(false);
        Ok(())
    }

    /// One engine alone must find all that is owed.
    fn look_at_all(&mut self, tenant: usize) -> Result<(), Violation> {
        let name = self.plan.tenants[tenant].clone();
        let Some((slot, engine)) = self.any_engine(&name) else {
            return Err(Violation::Engine("no engine is up".to_owned()));
        };
        self.set_clocks();
        let now = engine.now();
        if self.slots[slot].stop.is_none() {
            self.tick_whole(slot, &engine, now)?;
        }
        self.expect_nothing_owed(&name, now)?;
        self.expect_agenda(&name, &engine, now)?;
        self.expect_all_delivered(tenant)
    }

    fn tick_whole(
        &mut self,
        slot: usize,
        engine: &Arc<Engine>,
        now: Instant,
    ) -> Result<(), Violation> {
        let (engine, failed) = (Arc::clone(engine), Rc::clone(&self.trouble));
        self.watch.show(now);
        self.tasks.begin(slot, async move {
            match engine.tick(now).await {
                Ok(tick) => {
                    if let Some(failure) = tick.failures.first() {
                        let text = format!("{failure:?}");
                        *failed.borrow_mut() = Some(Violation::Engine(text));
                    }
                }
                Err(error) => {
                    *failed.borrow_mut() = Some(Violation::Engine(format!("{error:?}")));
                }
            }
        });
        self.rest()
    }

    fn expect_nothing_owed(&self, tenant: &str, now: Instant) -> Result<(), Violation> {
        let book = self.watch.book(tenant);
        for (stream, watched) in self.watch.tickets() {
            if !is_of(stream, tenant) {
                continue;
            }
            let at = watched
                .ticket
                .recorded_at()
                .map_or(now, |last| last.max(now));
            let mut owed = owed(&watched.ticket, &book, at)?;
            // A ticket whose log a fast clock has written to may be ahead of this engine, which waits
            // until its own clock has come to each thing.
            owed.retain(|event| came_about_at(event).is_none_or(|came| came <= now));
            if !owed.is_empty() {
                let told = watched.told();
                return Err(Violation::Missing(format!(
                    "{stream} at {at}: {owed:?}\nits log:\n{told}"
                )));
            }
        }
        Ok(())
    }

    /// The agenda has just the tickets that are not finished.
    fn expect_agenda(
        &mut self,
        tenant: &str,
        engine: &Arc<Engine>,
        now: Instant,
    ) -> Result<(), Violation> {
        let book = self.watch.book(tenant);
        let found = Rc::new(RefCell::new(BTreeSet::new()));
        let (place, asked) = (Rc::clone(&found), Arc::clone(engine));
        self.tasks.begin(0, async move {
            let mut after: Option<StreamId> = None;
            while let Ok(streams) = asked.unfinished(after.as_ref(), 50).await {
                let Some(last) = streams.last().cloned() else {
                    break;
                };
                place.borrow_mut().extend(streams);
                after = Some(last);
            }
        });
        self.rest()?;
        let mut expected = BTreeSet::new();
        for (stream, watched) in self.watch.tickets() {
            if !is_of(stream, tenant) {
                continue;
            }
            let at = watched
                .ticket
                .recorded_at()
                .map_or(now, |last| last.max(now));
            let timeline = watched.ticket.timeline();
            let is_expected = timeline.facts().last().is_some_and(|fact| fact.at > at);
            let bindings = punctual::clock::Bindings::recorded(timeline, &book, at);
            let bindings = bindings.map_err(Violation::log)?;
            if is_expected || !punctual::supervision::is_finished(&watched.ticket, &bindings, at) {
                expected.insert(stream.parse::<StreamId>().map_err(Violation::log)?);
            }
        }
        let found = found.borrow();
        let lost: Vec<_> = expected.difference(&found).collect();
        let kept: Vec<_> = found.difference(&expected).collect();
        if lost.is_empty() && kept.is_empty() {
            return Ok(());
        }
        Err(Violation::Agenda(format!(
            "lost {lost:?}, kept {kept:?} at {now}"
        )))
    }

    fn expect_all_delivered(&self, tenant: usize) -> Result<(), Violation> {
        let name = &self.plan.tenants[tenant];
        for (delivered, account, _, whose) in &self.consumers {
            if *whose != tenant {
                continue;
            }
            for partition in self.store.partitions().iter() {
                let (given, all) = (
                    account.given(partition),
                    self.watch.order(name, partition).len(),
                );
                if given != all && delivered.borrow().starts > 0 {
                    return Err(Violation::Consumer(format!(
                        "{given} of {all} of {partition:?}"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Long after everything: nothing is owed any more, by any engine that looks.
    fn end(mut self) -> Result<Report, Violation> {
        let end = self.now;
        self.set_calm(true);
        for slot in &mut self.slots {
            slot.ahead = Span::ZERO;
        }
        for days in [30, 700] {
            self.now = self
                .now
                .checked_add(Span::from_micros(days * DAY))
                .unwrap_or(self.now);
            self.set_clocks();
            self.rest()?;
            for tenant in 0..self.plan.tenants.len() {
                self.look_at_all(tenant)?;
            }
        }
        self.expect_one_book()?;
        for watched in self.watch.tickets().values() {
            let from = watched.ticket.timeline().received_at().unwrap_or(end);
            let to = watched.finished_at.unwrap_or(end).min(end).max(from);
            self.report.tickets += 1;
            self.report.open_micros += u128::from(to.since(from).micros().unsigned_abs());
        }
        self.report.seen = self.watch.seen();
        self.report.digest = self.watch.digest();
        Ok(self.report)
    }

    /// Every engine that has caught up knows the same policies in the same order.
    fn expect_one_book(&mut self) -> Result<(), Violation> {
        for slot in 0..self.slots.len() {
            self.catch_up(slot);
        }
        self.rest()?;
        for slot in &self.slots {
            let book = self.watch.book(&slot.tenant);
            if slot.up().is_some_and(|engine| engine.policies() != book) {
                return Err(Violation::Engine(
                    "two engines know different policies".to_owned(),
                ));
            }
        }
        Ok(())
    }
}

fn is_of(stream: &str, tenant: &str) -> bool {
    stream
        .strip_prefix(tenant)
        .is_some_and(|rest| rest.starts_with("/ticket/"))
}
