//! Folding by `fmodel-rust` and by `esrs`.

use std::hint::black_box;

use chrono::DateTime;
use esrs::AggregateState;
use esrs::store::StoreEvent;
use fmodel_rust::view::View;
use punctual::event::Recorded;
use punctual::ticket::{Fact, Ticket, TicketEvent};
use punctual_bench::load::tickets::{self, History, count, digest};
use punctual_bench::measure::checksum;
use punctual_bench::rows::fold::{CASES, expected};
use punctual_bench::run::{Failure, Run};
use uuid::Uuid;

pub fn fold_row(run: &mut Run) -> Result<(), Failure> {
    let size = run.settings().size;
    for (name, texts) in CASES {
        let histories = if texts {
            tickets::spoken(size)?
        } else {
            tickets::bare(size)?
        };
        with_fmodel(run, name, &histories);
        with_esrs(run, name, &histories);
    }
    Ok(())
}

/// What our digest is made of, and nothing else: a state that costs nothing to make anew.
#[derive(Debug, Clone, Copy, Default)]
struct Small {
    version: u64,
    facts: u64,
    escalated: u64,
    last: u64,
}

fn with_fmodel(run: &mut Run, name: &str, histories: &[History]) {
    let view: View<'_, Ticket, Recorded<TicketEvent>> = View {
        evolve: Box::new(|ticket, recorded| {
            let mut ticket = ticket.clone();
            ticket.apply(recorded);
            ticket
        }),
        initial_state: Box::new(Ticket::default),
    };
    let small: View<'_, Small, Recorded<TicketEvent>> = View {
        evolve: Box::new(|small, recorded| {
            let fact = Fact::of(recorded).map(|fact| fact.at.micros().cast_unsigned());
            let escalated = matches!(recorded.event, TicketEvent::Escalated(_));
            Small {
                version: recorded.version.get(),
                facts: small.facts + u64::from(fact.is_some()),
                escalated: small.escalated + u64::from(escalated),
                last: small.last.max(fact.unwrap_or_default()),
            }
        }),
        initial_state: Box::new(Small::default),
    };
    run.cpu(name, count(histories))
        .peer("fmodel-rust 0.9.1", expected(histories), || {
            black_box(histories).iter().fold(0, |sum, history| {
                let start = (view.initial_state)();
                let fold = |ticket, recorded| (view.evolve)(&ticket, recorded);
                checksum(sum, digest(&history.iter().fold(start, fold)))
            })
        })
        .because("the same state; each step makes a new one from a reference")
        .peer(
            "four numbers by fmodel-rust 0.9.1",
            expected(histories),
            || {
                black_box(histories).iter().fold(0, |sum, history| {
                    let start = (small.initial_state)();
                    let fold = |state, recorded| (small.evolve)(&state, recorded);
                    let end: Small = history.iter().fold(start, fold);
                    checksum(
                        sum,
                        end.version ^ end.facts << 16 ^ end.escalated << 32 ^ end.last,
                    )
                })
            },
        )
        .because("a state of four numbers that keeps no facts: no clock could be read from it");
}

fn with_esrs(run: &mut Run, name: &str, histories: &[History]) {
    let stored = || -> Vec<Vec<StoreEvent<Recorded<TicketEvent>>>> {
        let one = |(number, payload): (usize, &Recorded<TicketEvent>)| StoreEvent {
            id: Uuid::nil(),
            aggregate_id: Uuid::nil(),
            payload: payload.clone(),
            occurred_on: DateTime::UNIX_EPOCH,
            sequence_number: number as i32 + 1,
            version: None,
        };
        let history = |history: &History| history.iter().enumerate().map(one).collect();
        histories.iter().map(history).collect()
    };
    run.cpu(name, count(histories))
        .peer_with("esrs 0.18.0", expected(histories), stored, |stored| {
            stored.into_iter().fold(0, |sum, events| {
                let state: AggregateState<Ticket> = AggregateState::with_id(Uuid::nil());
                let state = state.apply_store_events(events, |mut ticket, recorded| {
                    ticket.apply(&recorded);
                    ticket
                });
                checksum(sum, digest(state.inner()))
            })
        })
        .because("events are used up, and dropped within the time");
}
