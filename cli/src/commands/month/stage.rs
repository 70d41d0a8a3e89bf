//! The engine on its store, with a clock that is set by hand.
//!
//! Commands are given one after the other, each at its own instant, so a durable append would wait
//! for the disk some nineteen thousand times in a month of a thousand tickets, for nobody's good: the
//! month can be made again from its seed. So the kernel's word is enough
//! ([`Mode::Process`](punctual_sled::Mode::Process): a killed process loses nothing, a power cut the
//! last second), and `--durable` is for those who want to see the other. Both give the same events.

use std::sync::Arc;
use std::time::Duration;

use punctual::engine::{Engine, ExecuteError, Executed, ManualClock, Now, Options, Request, Tick};
use punctual::event::{ConsumerId, StreamId, Version};
use punctual::store::blocking::wait;
use punctual::time::Instant;
use punctual_sled::Mode;

use super::notices::Notices;
use super::place::CONSUMER;
use super::{Shared, TENANT, broken};
use crate::failure::Failure;
use crate::policy::PolicyText;
use crate::store;

/// How long after an append the disk has it, where appends do not wait for it.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// What was done on the stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Counts {
    /// Commands that the engine recorded, or events of a log that were appended beside it.
    pub(super) taken: u64,
    /// Commands that the engine refused.
    pub(super) refused: u64,
    /// How often the engine looked for what is due.
    pub(super) ticks: u64,
    pub(super) warned: u64,
    pub(super) breached: u64,
    pub(super) escalated: u64,
    /// Of the escalations: recorded later than owed.
    pub(super) late: u64,
}

/// A command that was acknowledged last: after a restart it is sent again.
pub(super) struct Last {
    pub(super) stream: StreamId,
    pub(super) request: Request,
    pub(super) executed: Executed,
}

/// The engine, its store and its clock.
pub(super) struct Stage {
    pub(super) directory: String,
    mode: Mode,
    pub(super) store: Shared,
    pub(super) engine: Engine,
    pub(super) clock: Arc<ManualClock>,
    pub(super) notices: Notices,
    pub(super) counts: Counts,
    pub(super) last: Option<Last>,
}

impl Stage {
    /// Makes a store and opens an engine on it.
    pub(super) fn open(directory: &str, durable: bool, at: Instant) -> Result<Self, Failure> {
        let mode = if durable {
            Mode::Durable
        } else {
            Mode::Process {
                sync_every: SYNC_EVERY,
            }
        };
        let clock = Arc::new(ManualClock::at(at));
        let (store, engine) = open(directory, mode, &clock)?;
        Ok(Self {
            directory: directory.to_owned(),
            mode,
            store,
            engine,
            clock,
            notices: Notices::default(),
            counts: Counts::default(),
            last: None,
        })
    }

    /// Publishes the policy, and leaves the mark by which a later month knows this one.
    pub(super) fn publish(&mut self, text: &PolicyText) -> Result<(), Failure> {
        let published = wait(self.engine.publish(&text.text, text.notation, None));
        published.map_err(|error| broken(&self.directory, &error))?;
        self.collect()
    }

    /// Closes engine and store, and opens them again.
    pub(super) fn reopen(self) -> Result<Self, Failure> {
        drop(self.engine);
        super::close(self.store);
        let (store, engine) = open(&self.directory, self.mode, &self.clock)?;
        Ok(Self {
            store,
            engine,
            directory: self.directory,
            mode: self.mode,
            clock: self.clock,
            notices: self.notices,
            counts: self.counts,
            last: self.last,
        })
    }

    /// Looks at every instant at which something is due, up to `until` and that one included, one
    /// after the other; then it is `until`.
    pub(super) fn advance(&mut self, until: Instant) -> Result<(), Failure> {
        while let Some(next) = self.engine.next_at().filter(|next| *next <= until) {
            self.tick(next.max(self.clock.now()))?;
        }
        self.clock.set(until);
        Ok(())
    }

    /// Looks for what is due at one instant.
    pub(super) fn tick(&mut self, at: Instant) -> Result<(), Failure> {
        self.clock.set(at);
        let tick = wait(self.engine.tick(at)).map_err(|error| broken(&self.directory, &error))?;
        if let Some(failed) = tick.failures.first() {
            return Err(broken(&self.directory, &failed.error));
        }
        self.counts.add(&tick);
        Ok(())
    }

    /// Has the engine record a command. One that it refuses is counted.
    pub(super) fn execute(&mut self, stream: StreamId, request: Request) -> Result<(), Failure> {
        match wait(self.engine.execute(&stream, request.clone())) {
            Ok(executed) => {
                self.counts.taken += 1;
                self.last = Some(Last {
                    stream,
                    request,
                    executed,
                });
                Ok(())
            }
            Err(ExecuteError::Refused(_)) => {
                self.counts.refused += 1;
                Ok(())
            }
            Err(error) => Err(broken(&self.directory, &error)),
        }
    }

    /// Sends the last command again; returns whether it was known, and nothing recorded.
    pub(super) fn repeat_last(&self) -> Result<Option<bool>, Failure> {
        let Some(last) = &self.last else {
            return Ok(None);
        };
        let again = wait(self.engine.execute(&last.stream, last.request.clone()));
        let again = again.map_err(|error| broken(&self.directory, &error))?;
        let is_same = again.replayed && again.revision == last.executed.revision;
        Ok(Some(is_same))
    }

    /// Has the consumer take delivery of what was recorded since it did so last.
    pub(super) fn collect(&mut self) -> Result<(), Failure> {
        let failed = |error: &(dyn std::error::Error + 'static)| broken(&self.directory, error);
        let id = ConsumerId::new(CONSUMER).map_err(|error| failed(&error))?;
        let checkpoints = self.store.clone();
        let consumer = wait(self.engine.consumer(id, checkpoints));
        let consumer = consumer.map_err(|error| failed(&error))?;
        let mut consumer = consumer.only(&[punctual::event::Kind::Escalated]);
        loop {
            let told = wait(consumer.next_ready()).map_err(|error| failed(&error))?;
            if told.is_empty() {
                break;
            }
            self.notices.take(&told);
        }
        wait(consumer.commit()).map_err(|error| failed(&error))
    }

    /// Closes everything, and waits until it is settled.
    pub(super) fn close(self) {
        drop(self.engine);
        super::close(self.store);
    }

    /// Returns a ticket's version as it was last acknowledged.
    pub(super) fn acknowledged(&self) -> Option<(&StreamId, Version)> {
        let last = self.last.as_ref()?;
        Some((&last.stream, last.executed.revision.version()))
    }
}

fn open(
    directory: &str,
    mode: Mode,
    clock: &Arc<ManualClock>,
) -> Result<(Shared, Engine), Failure> {
    let opened = punctual_sled::Options::new().mode(mode).open(directory);
    let store = opened.map_err(|error| store::not_opened(directory, &error))?;
    let options = Options::new(TENANT).with_clock(clock.clone());
    let engine = wait(Engine::open(store.clone(), options));
    let engine = engine.map_err(|error| broken(directory, &error))?;
    Ok((store, engine))
}

impl Counts {
    fn add(&mut self, tick: &Tick) {
        self.ticks += 1;
        self.warned += tick.warned as u64;
        self.breached += tick.breached as u64;
        self.escalated += tick.escalated as u64;
        self.late += tick.late as u64;
    }
}
