//! The summary and the differences against the model, for any two policies and histories.

use proptest::prelude::*;
use punctual::backtest::{Backtest, Fate, Summary};
use punctual::policy::Policy;
use punctual::projection::Share;
use punctual::testing::walks;
use punctual::ticket::Ticket;
use punctual::time::{Instant, Span};

use crate::model::{Model, fate, promise, readings, twins};
use crate::support::{pairs, summary, ticket};

/// Compares every figure of a summary with the model.
fn check_summary(backtest: &Backtest<'_>, summary: &Summary, model: &Model) {
    let mut clocks = 0;
    for (place, promise) in backtest.promises().iter().enumerate() {
        for arm in 0..2 {
            let figures = summary.figures(arm, place);
            let of = (arm, promise.clone());
            for fate in Fate::ALL {
                let known = model.counts.get(&(arm, promise.clone(), fate));
                assert_eq!(figures.fates.count(fate), known.copied().unwrap_or(0));
                clocks += figures.fates.count(fate);
            }
            assert_eq!(
                figures.tickets,
                model.tickets.get(&of).copied().unwrap_or(0)
            );
            assert_eq!(
                figures.overdue,
                model.overdue.get(&of).copied().unwrap_or(0)
            );
            let mut margins = [0_u64; Share::STEPS];
            for (used, budget) in model.percent.get(&of).into_iter().flatten() {
                margins[Share::of(*used, *budget).step()] += 1;
            }
            assert_eq!(figures.margins, margins);
        }
        for from in Fate::ALL {
            for to in Fate::ALL {
                let known = model.moves.get(&(promise.clone(), from, to));
                let found = summary.flips(1, place).count(from, to);
                assert_eq!(
                    found,
                    known.copied().unwrap_or(0),
                    "{promise}: {from} to {to}"
                );
            }
        }
    }
    assert_eq!(
        clocks,
        model.counts.values().sum::<u64>(),
        "nothing is left out"
    );
    assert_eq!(summary.differing(1), model.differing);
    let flips = model.moves.iter().filter(|((_, from, to), _)| from != to);
    let flips: u64 = flips.map(|(_, count)| count).sum();
    assert_eq!(summary.differences(1), flips);
    assert_eq!(
        summary.reasons(1).map(|(_, count)| count).sum::<u64>(),
        flips
    );
}

/// Compares the differences of each ticket with its twins.
fn check_differences(backtest: &Backtest<'_>, policies: [&Policy; 2], tickets: &[Ticket]) {
    for ticket in tickets {
        let as_of = backtest.as_of();
        let [before, after] = policies.map(|policy| readings(policy, ticket, as_of));
        let expected = twins(&before, &after);
        let expected = expected.iter().filter(|(a, b)| fate(*a) != fate(*b));
        let expected: Vec<_> = expected
            .map(|(before, after)| (before.cloned(), after.cloned()))
            .collect();
        let found = backtest.ticket(ticket);
        for pair in &expected {
            let same = found
                .iter()
                .filter(|it| (&it.before, &it.after) == (&pair.0, &pair.1));
            assert_eq!(same.count(), 1, "{pair:?}");
        }
        assert_eq!(found.len(), expected.len());
        for difference in &found {
            let only = difference
                .before
                .as_ref()
                .or(difference.after.as_ref())
                .unwrap();
            assert_eq!(difference.promise, promise(only));
            assert_eq!(difference.from, fate(difference.before.as_ref()));
            assert_eq!(difference.to, fate(difference.after.as_ref()));
            assert!(!difference.reasons.is_empty(), "{difference:?}");
            assert_eq!(Some(&difference.stream), ticket.stream());
        }
    }
}

fn check(policies: [&Policy; 2], tickets: &[Ticket], hours: i64) {
    let last = tickets
        .iter()
        .filter_map(|it| Some(it.timeline().facts().last()?.at));
    let last = last.max().unwrap_or(Instant::MIN);
    let later = Span::from_micros(hours * Span::HOUR.micros());
    let as_of = last.checked_add(later).unwrap_or(last);
    let [before, after] = policies;
    let backtest = Backtest::new([("before", before), ("after", after)], as_of).unwrap();
    let model = Model::of(policies, tickets, as_of);
    check_summary(&backtest, &summary(&backtest, tickets), &model);
    check_differences(&backtest, policies, tickets);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_backtest_says_what_the_readings_say(
        (before, after) in pairs(),
        walked in prop::collection::vec((walks(), any::<bool>()), 1..4),
        hours in prop_oneof![Just(-5_i64), Just(0), 1_i64..200, Just(10_000)],
    ) {
        let tickets: Vec<Ticket> = walked.iter().enumerate().map(|(number, (walk, first))| {
            let lived = if *first { &before } else { &after };
            ticket(&walk.history(lived), number)
        }).collect();
        check([&before, &after], &tickets, hours);
    }
}
