//! Policies that differ somewhere, and tickets from scripts.

use std::convert::Infallible;

use proptest::prelude::*;
use punctual::backtest::{Backtest, Summary};
use punctual::event::{Recorded, StreamId};
use punctual::policy::Policy;
use punctual::testing::{History, PolicyPlan, policies};
use punctual::ticket::{Ticket, TicketEvent};

/// Returns the log of a history as that of ticket `number`.
pub(crate) fn log(history: &History, number: usize) -> Vec<Recorded<TicketEvent>> {
    let stream = StreamId::new("acme", "ticket", &number.to_string()).unwrap();
    let mut events = history.log();
    for event in &mut events {
        event.stream = stream.clone();
    }
    events
}

/// Returns the ticket of a history.
pub(crate) fn ticket(history: &History, number: usize) -> Ticket {
    let mut ticket = Ticket::default();
    for event in &log(history, number) {
        ticket.apply(event);
    }
    ticket
}

/// Returns the ticket of a script in the zone of a policy.
pub(crate) fn told(policy: &Policy, script: &str) -> Ticket {
    ticket(&History::read(script, policy.zone()).unwrap(), 1)
}

/// Returns what a backtest comes to over these tickets, with one worker.
pub(crate) fn summary(backtest: &Backtest<'_>, tickets: &[Ticket]) -> Summary {
    let done = backtest.over([tickets]).run(|chunk: &[Ticket], take| {
        chunk.iter().for_each(take);
        Ok::<_, Infallible>(())
    });
    done.unwrap()
}

/// Two policies: any two, or one of which a target was changed somewhere.
pub(crate) fn pairs() -> impl Strategy<Value = (Policy, Policy)> {
    let plans = (policies(), policies(), 0..8_usize, 0..5_u8);
    plans.prop_filter_map(
        "a plan that does not compile",
        |(plan, other, place, how)| {
            let policy = plan.compile().ok()?;
            Some((policy, changed(plan, other, place, how).compile().ok()?))
        },
    )
}

fn changed(plan: PolicyPlan, other: PolicyPlan, place: usize, how: u8) -> PolicyPlan {
    let mut changed = plan;
    let count = changed.targets.len();
    let from = &other.targets[place % other.targets.len()];
    let target = &mut changed.targets[place % count];
    match how {
        0 => return other,
        1 => target.budget = from.budget,
        2 => target.pauses.clone_from(&from.pauses),
        3 => (target.reclassify, target.reopen) = (from.reclassify, from.reopen),
        _ => *target = from.clone(),
    }
    changed
}
