//! `cqrs-es`: its store in memory and its framework.
//!
//! The store prints a line for every load and every commit; standard output of this program goes
//! nowhere, and the formatting is a part of the figure, since nobody can leave it out.

use std::collections::HashMap;
use std::hint::black_box;

use cqrs_es::event_sink::EventSink;
use cqrs_es::mem_store::{MemStore, MemStoreAggregateContext};
use cqrs_es::{Aggregate, CqrsFramework, DomainEvent, EventStore};
use punctual::event::StreamId;
use punctual::store::blocking::wait;
use punctual::ticket::DecideError;
use punctual_bench::load::appends::Appends;
use punctual_bench::load::commands::Step;
use punctual_bench::load::tickets::{self, digest};
use punctual_bench::measure::checksum;
use punctual_bench::rows::{append, engine, fold, reload};
use punctual_bench::run::{Failure, Run};

use crate::kept::{Ask, Kept, Told};

const NAME: &str = "cqrs-es 0.5.0";
const NOTE: &str = "encodes nothing, checks no version, prints a line a call";

impl DomainEvent for Told {
    fn event_type(&self) -> String {
        self.0.event.kind().to_string()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Aggregate for Kept {
    const TYPE: &'static str = "ticket";
    type Command = Ask;
    type Event = Told;
    type Error = DecideError;
    type Services = ();

    async fn handle(
        &mut self,
        ask: Ask,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), DecideError> {
        for event in self.decide(ask)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Told) {
        self.0.apply(&event.0);
    }
}

/// Events as a caller hands them over, ready to be moved into the store.
type Given = Vec<(MemStoreAggregateContext<Kept>, Vec<Told>)>;

fn given(appends: &Appends) -> Given {
    let mut given = Given::new();
    for batch in &appends.batches {
        let stream = appends.streams.get(batch.ticket).map(ToString::to_string);
        let context = MemStoreAggregateContext {
            aggregate_id: stream.unwrap_or_default(),
            aggregate: Kept::default(),
            current_sequence: batch.after as usize,
        };
        given.push((context, batch.events.iter().cloned().map(Told).collect()));
    }
    given
}

fn fill(store: &MemStore<Kept>, given: Given) -> u64 {
    let mut added = 0;
    for (context, events) in given {
        let committed = wait(store.commit(events, context, HashMap::new()));
        added += committed.map_or(0, |committed| committed.len() as u64);
    }
    added
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
                    let store = MemStore::<Kept>::default();
                    kept.push(store.clone());
                    (store, given(&appends))
                },
                |(store, given)| fill(&store, given),
            )
            .because(NOTE);
    }
    Ok(())
}

pub fn reload_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(run.settings().size)?;
    let appends = Appends::of(&histories, 1)?;
    let store = MemStore::<Kept>::default();
    fill(&store, given(&appends));
    let names: Vec<String> = appends.streams.iter().map(ToString::to_string).collect();
    run.cpu(reload::CASE, appends.events)
        .peer(NAME, fold::expected(&histories), || {
            black_box(&names).iter().fold(0, |sum, name| {
                let context = wait(store.load_aggregate(name));
                checksum(sum, context.map_or(0, |it| digest(&it.aggregate.0)))
            })
        })
        .because(NOTE);
    Ok(())
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
                let store = MemStore::<Kept>::default();
                kept.push(store.clone());
                CqrsFramework::new(store, vec![], ())
            },
            |framework| {
                let done = steps.iter().filter(|step| play(&framework, step));
                done.count() as u64
            },
        )
        .because("neither policy, permit, clocks nor agenda; encodes nothing, checks no version");
    Ok(())
}

fn play(framework: &CqrsFramework<Kept, MemStore<Kept>>, step: &Step) -> bool {
    let Ok(stream) = StreamId::new("acme", "ticket", &step.ticket) else {
        return false;
    };
    let ask = Ask {
        stream,
        at: step.at,
        command: step.command.clone(),
    };
    wait(framework.execute(&step.ticket, ask)).is_ok()
}
