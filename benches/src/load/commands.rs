//! The commands of an after-sales month, in the order of their instants.

use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options};
use punctual::event::{Actor, StreamId};
use punctual::policy::{AFTER_SALES, Notation};
use punctual::store::EventStore;
use punctual::store::blocking::wait;
use punctual::ticket::{Action, Command, Message, Received};
use punctual::time::Instant;
use punctual_workload::AfterSales;

use crate::run::Failure;

/// One command at its instant.
#[derive(Debug, Clone)]
pub struct Step {
    /// When it is given.
    pub at: Instant,
    /// The ticket's id.
    pub ticket: String,
    /// What is asked for.
    pub command: Command,
}

/// Returns the commands of so many tickets; every one is accepted.
///
/// # Errors
/// None for these options.
pub fn month(tickets: u32) -> Result<Vec<Step>, Failure> {
    let month = AfterSales::builder(7).tickets(tickets).build()?;
    let steps = month.steps().map(|step| Step {
        at: step.at,
        ticket: step.ticket.to_string(),
        command: step.command,
    });
    Ok(steps.collect())
}

/// An engine with the preset `after-sales` and a clock that stands still.
#[derive(Debug)]
pub struct Desk {
    /// The engine.
    pub engine: Engine,
    /// Its clock.
    pub clock: Arc<ManualClock>,
}

impl Desk {
    /// Opens an engine on a store and publishes the preset `after-sales`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn open(store: Arc<dyn EventStore>, at: Instant) -> Result<Self, Failure> {
        let clock = Arc::new(ManualClock::at(at));
        let options = Options::new("acme").with_clock(clock.clone());
        let engine = wait(Engine::open(store, options))?;
        wait(engine.publish(AFTER_SALES, Notation::Toml, None))?;
        Ok(Self { engine, clock })
    }

    /// Returns a command that takes a ticket in.
    ///
    /// # Errors
    /// None: the name is printable.
    pub fn intake(&self) -> Result<Command, Failure> {
        let receive: Action = Action::Receive(Received::default());
        Ok(Command::new(
            receive,
            self.engine.now(),
            Actor::new("desk".parse()?),
        ))
    }

    /// Returns a command that writes a note.
    ///
    /// # Errors
    /// None: the name is printable.
    pub fn note(&self) -> Result<Command, Failure> {
        let note: Action = Action::Note(Message::NONE);
        Ok(Command::new(
            note,
            self.engine.now(),
            Actor::new("desk".parse()?),
        ))
    }

    /// Takes a ticket in; returns its stream.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn receive(&self, ticket: &str) -> Result<StreamId, Failure> {
        let stream = self.engine.stream(ticket)?;
        wait(self.engine.execute(&stream, self.intake()?))?;
        Ok(stream)
    }

    /// Writes a note; returns the ticket's version.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn take_note(&self, stream: &StreamId) -> Result<u64, Failure> {
        let done = wait(self.engine.execute(stream, self.note()?))?;
        Ok(done.revision.version().get())
    }
}

/// A Monday at nine.
///
/// # Errors
/// None.
pub fn monday() -> Result<Instant, Failure> {
    Ok("2026-03-09T09:00:00+08:00".parse()?)
}
