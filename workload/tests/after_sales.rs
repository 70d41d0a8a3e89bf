//! A month of after-sales tickets can have happened, under the house preset.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use punctual::event::{Kind, StreamId};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::ticket::{Command, Ticket, decide};
use punctual::time::Instant;
use punctual_workload::AfterSales;

/// Plays a command like an engine: the policy is asked, then the facts.
fn play(
    policy: &Policy,
    ticket: &mut Ticket,
    id: &str,
    at: Instant,
    command: Command,
) -> Result<(), String> {
    let kind = command.action.kind();
    let status = ticket.timeline().status(command.occurred_at);
    let permit = policy.permit(&status, &command.action, &command.actor);
    let events = decide(ticket, command, &permit, at)
        .map_err(|error| format!("{id} {kind} at {at}: {error}"))?;
    for event in events {
        let stream = StreamId::new("acme", "ticket", id).unwrap();
        ticket.apply(&event.recorded(stream, ticket));
    }
    Ok(())
}

#[test]
fn every_command_is_admissible_and_leaves_no_anomaly() {
    let policy = Policy::from_toml(AFTER_SALES).unwrap();
    for seed in 0..4 {
        let month = AfterSales::builder(seed).tickets(3_000).build().unwrap();
        let mut tickets: BTreeMap<u32, Ticket> = BTreeMap::new();
        let mut refused = Vec::new();
        for step in month.steps() {
            let ticket = tickets.entry(step.number).or_default();
            let id = step.ticket.as_str();
            refused.extend(play(&policy, ticket, id, step.at, step.command).err());
        }
        assert_eq!(refused, Vec::<String>::new(), "seed {seed}");
        assert_eq!(tickets.len(), 3_000);
        for (number, ticket) in &tickets {
            assert_eq!(ticket.anomalies(), [], "ticket {number}");
        }
        let mut kinds: BTreeMap<Kind, u32> = BTreeMap::new();
        for ticket in tickets.values() {
            for fact in ticket.timeline().facts() {
                *kinds.entry(fact.kind).or_default() += 1;
            }
        }
        println!("{kinds:?}");
    }
}
