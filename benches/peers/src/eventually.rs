//! `eventually`: its store in memory, its repository, its aggregate root.

use std::convert::Infallible;
use std::hint::black_box;

use eventually_core::aggregate::{Aggregate, AggregateRootBuilder};
use eventually_core::projection::Projection;
use eventually_core::repository::Repository;
use eventually_core::store::{EventStore as _, Expected, Persisted, Select};
use eventually_core::versioning::Versioned as _;
use eventually_util::inmemory::EventStore;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use punctual::event::{Kind, StreamId};
use punctual::store::blocking::wait;
use punctual::ticket::DecideError;
use punctual_bench::load::appends::Appends;
use punctual_bench::load::commands::Step;
use punctual_bench::load::models::{SELDOM, Tally};
use punctual_bench::load::tickets::{self, digest};
use punctual_bench::measure::checksum;
use punctual_bench::rows::{append, engine, fold, projection, reload};
use punctual_bench::run::{Failure, Run};

use crate::kept::{Ask, Kept, Told};

const NAME: &str = "eventually 0.4.0";
type Store = EventStore<StreamId, Told>;

#[derive(Debug, Clone, Copy)]
struct Tickets;

impl Aggregate for Tickets {
    type Id = StreamId;
    type State = Kept;
    type Event = Told;
    type Command = Ask;
    type Error = DecideError;

    fn apply(mut state: Kept, event: Told) -> Result<Kept, DecideError> {
        state.0.apply(&event.0);
        Ok(state)
    }

    fn handle<'a, 's: 'a>(
        &'a self,
        _: &'s StreamId,
        state: &'s Kept,
        ask: Ask,
    ) -> BoxFuture<'a, Result<Option<Vec<Told>>, DecideError>> {
        Box::pin(async move { state.decide(ask).map(Some) })
    }
}

/// Events as a caller hands them over, ready to be moved into the store.
type Given = Vec<(StreamId, u32, Vec<Told>)>;

fn given(appends: &Appends) -> Given {
    let one = |batch: &punctual_bench::load::appends::Batch| {
        let events = batch.events.iter().cloned().map(Told).collect();
        let stream = appends.streams.get(batch.ticket).cloned();
        Some((stream?, batch.after as u32, events))
    };
    appends.batches.iter().filter_map(one).collect()
}

fn filled(given: Given) -> Result<Store, Failure> {
    let mut store = Store::default();
    for (stream, version, events) in given {
        wait(store.append(stream, Expected::Exact(version), events))?;
    }
    Ok(store)
}

pub fn append_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    for most in append::SIZES {
        let appends = Appends::of(&histories, most)?;
        let mut kept = Vec::new();
        run.cpu(&append::name(most), appends.events)
            .peer_with(
                NAME,
                appends.events as u64,
                || {
                    kept.clear();
                    let store = Store::default();
                    kept.push(store.clone());
                    (store, given(&appends))
                },
                |(mut store, given)| {
                    let mut added = 0;
                    for (stream, version, events) in given {
                        let expected = Expected::Exact(version);
                        let last = wait(store.append(stream, expected, events));
                        added += last.map_or(0, |last| u64::from(last - version));
                    }
                    added
                },
            )
            .because("encodes nothing: it keeps the typed events that it is given");
    }
    Ok(())
}

pub fn reload_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    let appends = Appends::of(&histories, 1)?;
    let store = filled(given(&appends))?;
    let repository = Repository::new(AggregateRootBuilder::from(Tickets), store.clone());
    run.cpu(reload::CASE, appends.events)
        .peer(NAME, fold::expected(&histories), || {
            black_box(&appends.streams).iter().fold(0, |sum, stream| {
                let root = wait(repository.get(stream.clone()));
                checksum(sum, root.map_or(0, |root| digest(&root.state().0)))
            })
        })
        .because("decodes nothing: it clones the typed events that it keeps");
    let kinds = histories.iter().flatten();
    let kinds = kinds
        .map(|recorded| u64::from(recorded.event.kind().number()))
        .sum();
    run.cpu(reload::WHOLE, appends.events)
        .peer(NAME, kinds, || {
            wait(async {
                let Ok(mut all) = store.stream_all(Select::All).await else {
                    return 0;
                };
                let mut sum = 0;
                while let Some(Ok(event)) = all.next().await {
                    sum += u64::from(event.take().0.event.kind().number());
                }
                sum
            })
        })
        .because("clones every event and sorts them");
    Ok(())
}

/// The tally as a projection of theirs.
#[derive(Debug)]
struct Tallying {
    tally: Tally,
    kinds: &'static [Kind],
}

impl Projection for Tallying {
    type SourceId = StreamId;
    type Event = Told;
    type Error = Infallible;

    fn project<'a>(
        &'a mut self,
        event: Persisted<StreamId, Told>,
    ) -> BoxFuture<'a, Result<(), Infallible>> {
        Box::pin(async move {
            let Told(recorded) = event.take();
            if self.kinds.contains(&recorded.event.kind()) {
                self.tally.take(&recorded);
            }
            Ok(())
        })
    }
}

pub fn projection_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    for (kind, most) in projection::KINDS {
        let appends = Appends::of(&histories, most)?;
        let store = filled(given(&appends))?;
        for (name, kinds) in [
            (projection::every_name(kind), Kind::ALL),
            (projection::skip_name(kind), &SELDOM[..]),
        ] {
            run.cpu(&name, appends.events)
                .peer(NAME, Tally::of(&histories, kinds).digest(), || {
                    wait(projected(&store, kinds))
                })
                .because("clones every event, sorts them, and hands each to a boxed future; its projector adds a lock");
        }
    }
    Ok(())
}

async fn projected(store: &Store, kinds: &'static [Kind]) -> u64 {
    let mut projection = Tallying {
        tally: Tally::default(),
        kinds,
    };
    let Ok(mut all) = store.stream_all(Select::All).await else {
        return 0;
    };
    while let Some(Ok(event)) = all.next().await {
        let Ok(()) = projection.project(event).await;
    }
    projection.tally.digest()
}

pub fn engine_row(run: &mut Run) -> Result<(), Failure> {
    let steps = engine::steps(run.settings())?;
    let mut kept = Vec::new();
    run.cpu(engine::CASE, steps.len())
        .peer_with(
            NAME,
            steps.len() as u64,
            || {
                kept.clear();
                let store = Store::default();
                kept.push(store.clone());
                Repository::new(AggregateRootBuilder::from(Tickets), store)
            },
            |mut repository| {
                let done = steps.iter().map(|step| play(&mut repository, step));
                done.filter(|done| *done).count() as u64
            },
        )
        .because("neither policy, permit, clocks nor agenda; nothing is encoded");
    Ok(())
}

fn play(repository: &mut Repository<Tickets, Store>, step: &Step) -> bool {
    let Ok(stream) = StreamId::new("acme", "ticket", &step.ticket) else {
        return false;
    };
    let ask = Ask {
        stream: stream.clone(),
        at: step.at,
        command: step.command.clone(),
    };
    let done = wait(async {
        let mut root = repository.get(stream).await.ok()?;
        root.handle(ask).await.ok()?;
        let before = root.version();
        let root = repository.add(root).await.ok()?;
        Some(root.version() > before)
    });
    done == Some(true)
}
