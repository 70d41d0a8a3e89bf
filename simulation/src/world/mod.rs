//! One run: engines, clocks and a store that misbehave, and tickets that go on.

mod calm;
mod commands;
mod deeds;
mod expect;
mod news;
mod places;
mod turn;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::ManualClock;
use punctual::store::{EventStore, Limits, Partitions};
use punctual::time::{Instant, Span};
use punctual_memory::MemoryStore;

use crate::chance::{Chance, Purpose};
use crate::life::{Life, Rules};
use crate::models::Place;
use crate::plan::Plan;
use crate::reader::{Account, Delivered, RoughCheckpoints};
use crate::report::Report;
use crate::rough::Rough;
use crate::sent::{Answers, Sent};
use crate::slot::Slot;
use crate::tasks::Tasks;
use crate::violation::Violation;
use crate::watch::Watch;

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
    /// By tenant.
    models: Vec<Place>,
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
            models: plan.tenants.iter().map(|_| Place::default()).collect(),
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
}
