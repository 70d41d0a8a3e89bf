//! Whom a ladder would have told, against an engine that looks at every instant at which a rung is
//! reached.

use std::collections::BTreeMap;

use proptest::prelude::*;
use punctual::backtest::Backtest;
use punctual::clock::Bindings;
use punctual::escalation::{self, Standing};
use punctual::event::Recorded;
use punctual::policy::Policy;
use punctual::supervision;
use punctual::testing::{History, PolicyPlan, policies, walks};
use punctual::ticket::{Ticket, TicketEvent};
use punctual::time::{Instant, Span};

use crate::support::{log, summary, ticket};

/// Plays a history with an engine that looks at every instant at which something is owed, and before
/// each step.
fn watched(history: &History, policy: &Policy, as_of: Instant) -> Ticket {
    let bindings = Bindings::to(policy);
    let mut steps = log(history, 1).into_iter().peekable();
    let mut ticket = Ticket::default();
    loop {
        let step_at = steps.peek().map(|step| step.occurred_at);
        let until = step_at.map_or(as_of, |at| at.min(as_of));
        let mut now = ticket
            .timeline()
            .facts()
            .last()
            .map_or(until, |fact| fact.at);
        loop {
            let found: Vec<TicketEvent> = supervision::supervise(&ticket, &bindings, now);
            ticket = supervision::after(&ticket, found, now);
            if now == until {
                break;
            }
            let ahead = escalation::notices(&ticket, &bindings, now).into_iter();
            let ahead = ahead.filter(|it| it.standing == Standing::Ahead && it.at > now);
            now = ahead
                .map(|it| it.at)
                .min()
                .map_or(until, |at| at.min(until));
        }
        match steps.next() {
            Some(step) if step.occurred_at <= as_of => ticket.apply(&Recorded {
                version: ticket.version().next(),
                ..step
            }),
            _ => return ticket,
        }
    }
}

/// A plan in which goals do not change and every rung is for every ticket: a rung's condition is asked
/// of the whole instant, of which a watchful engine sees the facts one by one.
fn steady(mut plan: PolicyPlan) -> PolicyPlan {
    for target in plan.targets.iter_mut().chain(&mut plan.supplied) {
        (target.fault, target.halved_if_urgent) = (None, false);
        target
            .ladder
            .iter_mut()
            .for_each(|rung| rung.if_urgent = false);
    }
    plan
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rungs_are_those_that_a_watchful_engine_tells(
        plan in policies(),
        walk in walks(),
        hours in 0_i64..300,
    ) {
        let Ok(policy) = steady(plan).compile() else { return Ok(()) };
        let history = walk.history(&policy);
        let last = history.last_at().unwrap();
        let later = Span::from_micros(hours * Span::HOUR.micros());
        let as_of = last.checked_add(later).unwrap_or(last);
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for told in &watched(&history, &policy, as_of).told().escalated {
            *expected.entry(told.role.to_string()).or_default() += 1;
        }
        let twin = policy.clone();
        let backtest = Backtest::new([("one", &policy), ("two", &twin)], as_of).unwrap();
        let summary = summary(&backtest.with_rungs(), &[ticket(&history, 1)]);
        let found: BTreeMap<String, u64> =
            summary.rungs(1).map(|(role, count)| (role.to_string(), count)).collect();
        prop_assert_eq!(found, expected, "{}", history);
    }
}
