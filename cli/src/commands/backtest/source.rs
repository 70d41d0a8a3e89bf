//! Where the tickets of a backtest come from, a chunk at a time.

use std::num::NonZeroUsize;
use std::sync::Arc;

use punctual::backtest::{Backtest, Difference, Summary};
use punctual::event::StreamId;
use punctual::language::Phrase;
use punctual::ticket::Ticket;
use punctual::time::Instant;
use punctual_sled::SledStore;

use crate::args::{EventArgs, SourceArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::input::{Histories, History, Problem};
use crate::{store, tenant, tickets};

/// How many tickets a worker takes at a time.
const CHUNK: usize = 256;

static TESTING: Phrase = Phrase::fixed("backtesting", "回测");

/// Takes every difference.
pub(super) type Each<'e> = &'e mut (dyn FnMut(Difference) -> Result<(), Failure> + Send);

/// A history.
#[derive(Debug)]
pub(super) enum Source {
    /// A file, which is in memory: its rows may tell of the tickets in any order.
    Events(Histories),
    /// A store, of which only the tickets at work are in memory.
    Store {
        /// The store, open.
        store: Arc<SledStore>,
        /// Its directory.
        directory: String,
        /// Whose tickets are read.
        tenant: String,
    },
}

impl Source {
    pub(super) fn open(
        source: &SourceArgs,
        input: &EventArgs,
        console: &mut Console<'_>,
    ) -> Result<Self, Failure> {
        if let Some(events) = &source.events {
            let mut histories = tickets::from_events(events, input, console)?;
            histories.keep_tenant(input.tenant.as_deref())?;
            return Ok(Self::Events(histories));
        }
        let directory = source.store.clone().unwrap_or_default();
        let store = store::open(&directory)?;
        let tenants = store::tenants(&store, &directory)?;
        let tenant = tenant::meant(input.tenant.as_deref(), &tenants, &directory)?;
        Ok(Self::Store {
            store,
            directory,
            tenant: tenant.unwrap_or_default(),
        })
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Events(histories) => histories.problems.file().to_owned(),
            Self::Store { directory, .. } => directory.clone(),
        }
    }

    /// Returns how many rows were read, how many were passed over, and the first of those.
    pub(super) fn problems(&self) -> (u64, usize, Vec<Problem>) {
        match self {
            Self::Events(histories) => {
                let problems = &histories.problems;
                (histories.rows, problems.count(), problems.kept().to_vec())
            }
            Self::Store { .. } => (0, 0, Vec::new()),
        }
    }

    /// Returns the instant of the latest event.
    pub(super) fn last_at(&self, console: &Console<'_>) -> Result<Option<Instant>, Failure> {
        match self {
            Self::Events(histories) => Ok(histories.last_at),
            Self::Store {
                store,
                directory,
                tenant,
            } => store::last_at(store, directory, tenant, console),
        }
    }

    /// Plays every ticket.
    pub(super) fn play(
        self,
        backtest: &Backtest<'_>,
        workers: NonZeroUsize,
        each: Option<Each<'_>>,
        console: &Console<'_>,
    ) -> Result<Summary, Failure> {
        match self {
            Self::Events(histories) => of_events(histories, backtest, workers, each, console),
            Self::Store {
                store,
                directory,
                tenant,
            } => {
                let place = (store.as_ref(), directory.as_str(), tenant.as_str());
                let played = of_store(place, backtest, workers, each, console);
                store::close(&store);
                played
            }
        }
    }
}

fn of_events(
    histories: Histories,
    backtest: &Backtest<'_>,
    workers: NonZeroUsize,
    each: Option<Each<'_>>,
    console: &Console<'_>,
) -> Result<Summary, Failure> {
    let bar = console.count(histories.tickets.len() as u64, &TESTING);
    let progress = |more| bar.add(more);
    let pauses = histories.pauses;
    let mut list = histories.tickets.into_iter();
    let chunks = std::iter::from_fn(move || {
        let chunk: Vec<History> = list.by_ref().take(CHUNK).collect();
        (!chunk.is_empty()).then_some(chunk)
    });
    let mut run = backtest.over(chunks).workers(workers).progress(&progress);
    if let Some(each) = each {
        run = run.each(each);
    }
    let played = run.run(|chunk, take| {
        for history in chunk {
            take(&history.fold(pauses));
        }
        Ok(())
    });
    bar.end();
    played
}

fn of_store(
    (store, directory, tenant): (&SledStore, &str, &str),
    backtest: &Backtest<'_>,
    workers: NonZeroUsize,
    each: Option<Each<'_>>,
    console: &Console<'_>,
) -> Result<Summary, Failure> {
    let mut total = 0;
    for streams in store::ticket_streams(store, directory, tenant, CHUNK) {
        total += streams?.len() as u64;
    }
    let bar = console.count(total, &TESTING);
    let progress = |more| bar.add(more);
    let chunks = store::ticket_streams(store, directory, tenant, CHUNK);
    let mut run = backtest.over(chunks).workers(workers).progress(&progress);
    if let Some(each) = each {
        run = run.each(each);
    }
    let played = run.run(|streams: Result<Vec<StreamId>, Failure>, take| {
        for stream in streams? {
            let ticket: Ticket = store::fold(store, directory, &stream)?;
            take(&ticket);
        }
        Ok(())
    });
    bar.end();
    played
}
