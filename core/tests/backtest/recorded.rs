//! What an engine recorded under the policy of the day plays no part under another one.

use proptest::prelude::*;
use punctual::backtest::{Backtest, Difference};
use punctual::clock::Bindings;
use punctual::event::Recorded;
use punctual::policy::{Policy, PolicyBook};
use punctual::supervision;
use punctual::testing::{History, policies, walks};
use punctual::ticket::{Ticket, TicketEvent};
use punctual::time::Instant;

use crate::support::{log, pairs, summary};

/// Plays a history with an engine that looks after every step: bound, warned, breached, escalated.
fn supervised(history: &History, policy: &Policy) -> Ticket {
    let book: PolicyBook = [policy.clone()].into_iter().collect();
    let mut ticket = Ticket::default();
    let mut is_bound = false;
    for event in log(history, 1) {
        let at = event.occurred_at;
        let next = Recorded {
            version: ticket.version().next(),
            ..event
        };
        ticket.apply(&next);
        if !is_bound {
            is_bound = true;
            let bound: Vec<TicketEvent> = supervision::bind(&ticket, &book);
            ticket = supervision::after(&ticket, bound, at);
        }
        let found: Vec<TicketEvent> = supervision::supervise(&ticket, &Bindings::to(policy), at);
        ticket = supervision::after(&ticket, found, at);
    }
    ticket
}

/// Returns a difference without the numbers of events, which count what an engine recorded too.
fn without_numbers(mut difference: Difference) -> Difference {
    for reading in [&mut difference.before, &mut difference.after]
        .into_iter()
        .flatten()
    {
        reading.clock.started_by = Default::default();
        reading.clock.attached_by = Default::default();
    }
    difference
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn recorded_bindings_breaches_and_escalations_are_no_facts_of_another_policy(
        lived in policies(),
        (before, after) in pairs(),
        walk in walks(),
    ) {
        let Ok(lived) = lived.compile() else { return Ok(()) };
        let history = walk.history(&lived);
        let (bare, watched) = (crate::support::ticket(&history, 1), supervised(&history, &lived));
        prop_assert!(watched.version() > bare.version());
        let backtest = Backtest::new([("before", &before), ("after", &after)], Instant::MAX);
        let backtest = backtest.unwrap().with_rungs();
        let told = |ticket: &Ticket| -> Vec<Difference> {
            backtest.ticket(ticket).into_iter().map(without_numbers).collect()
        };
        prop_assert_eq!(told(&bare), told(&watched));
        prop_assert_eq!(summary(&backtest, &[bare]), summary(&backtest, &[watched]));
    }
}

/// The same by example, so that it is seen to be about escalations and bindings.
#[test]
fn a_ticket_that_was_bound_and_escalated_is_read_as_if_it_had_not_been() {
    let document = r#"
        policy   = "help-desk"
        timezone = "UTC"
        [target.solved]
        start  = "received"
        stop   = "resolved"
        goals  = [{ within = "4h" }]
        ladder = [{ at = "50%", tell = "lead" }, { at = "due", tell = "head" }]
    "#;
    let strict = Policy::from_toml(&document.replace("4h", "1h")).unwrap();
    let mild = Policy::from_toml(document).unwrap();
    let script = "2026-03-09 09:00 received\n2026-03-09 11:30 noted\n2026-03-09 12:00 resolved\n";
    let history = History::read(script, strict.zone()).unwrap();
    let ticket = supervised(&history, &strict);
    assert_eq!(
        ticket.told().escalated.len(),
        2,
        "both rungs of the strict policy"
    );
    assert!(
        ticket
            .timeline()
            .facts()
            .iter()
            .any(|fact| fact.bound().is_some())
    );

    let backtest = Backtest::new([("mild", &mild), ("strict", &strict)], Instant::MAX).unwrap();
    let summary = summary(&backtest.with_rungs(), &[ticket]);
    assert_eq!(summary.figures(0, 0).compliance().met, 1);
    assert_eq!(summary.figures(1, 0).compliance().breached, 1);
    let rungs = |arm| -> Vec<(String, u64)> {
        summary
            .rungs(arm)
            .map(|(role, count)| (role.to_string(), count))
            .collect()
    };
    assert_eq!(
        rungs(0),
        [("lead".to_owned(), 1)],
        "half of four hours, and no more"
    );
    assert_eq!(rungs(1), [("head".to_owned(), 1), ("lead".to_owned(), 1)]);
}
