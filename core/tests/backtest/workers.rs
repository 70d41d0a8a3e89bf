//! What comes out does not depend on how many workers there are.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use punctual::backtest::{Backtest, Difference, Summary};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::testing::histories;
use punctual::ticket::Ticket;
use punctual::time::Instant;

use crate::support::ticket;

fn house() -> Policy {
    Policy::from_toml(AFTER_SALES).unwrap()
}

/// The preset `after-sales` with hours at weekends and half the budgets.
fn busier() -> Policy {
    let document = AFTER_SALES
        .replace("mon-fri", "mon-sun")
        .replace("\"2wh\"", "\"1wh\"");
    Policy::from_toml(&document).unwrap()
}

fn tickets(policy: &Policy, count: usize) -> Vec<Ticket> {
    let mut runner = TestRunner::deterministic();
    let strategy = histories(policy);
    let history = |number| {
        let tree = strategy.new_tree(&mut runner).unwrap();
        ticket(&tree.current(), number)
    };
    (0..count).map(history).collect()
}

fn run(
    backtest: &Backtest<'_>,
    tickets: &[Ticket],
    workers: usize,
) -> (Summary, Vec<Difference>, u64) {
    let done = AtomicU64::new(0);
    let mut told = Vec::new();
    let mut each = |difference: Difference| -> Result<(), String> {
        told.push(difference);
        Ok(())
    };
    let progress = |more| {
        done.fetch_add(more, Ordering::Relaxed);
    };
    let summary = backtest
        .over(tickets.chunks(3))
        .workers(NonZeroUsize::new(workers).unwrap())
        .progress(&progress)
        .each(&mut each)
        .run(|chunk: &[Ticket], take| {
            chunk.iter().for_each(take);
            Ok(())
        });
    (summary.unwrap(), told, done.into_inner())
}

#[test]
fn the_same_comes_out_in_the_same_order_with_any_number_of_workers() {
    let (house, busier) = (house(), busier());
    let arms = [("house", &house), ("busier", &busier)];
    let backtest = Backtest::new(arms, Instant::MAX).unwrap();
    let backtest = backtest.with_examples(20).with_rungs();
    let tickets = tickets(&house, 400);
    let alone = run(&backtest, &tickets, 1);
    assert!(alone.0.differing(1) > 20, "{:?}", alone.0.differing(1));
    assert!(alone.0.rungs(0).count() > 2);
    assert_eq!(alone.0.tickets(), 400);
    assert_eq!(alone.2, 400);
    // What is told is what each ticket by itself says, in their order.
    let each: Vec<Difference> = tickets.iter().flat_map(|it| backtest.ticket(it)).collect();
    assert_eq!(alone.1, each);
    assert_eq!(alone.0.differences(1), each.len() as u64);
    let examples: Vec<Difference> = alone.0.examples().cloned().collect();
    assert_eq!(examples, each[..20]);
    for workers in [2, 7] {
        assert_eq!(
            run(&backtest, &tickets, workers),
            alone,
            "{workers} workers"
        );
    }
}

#[test]
fn parts_merge_to_the_whole_in_any_order() {
    let (house, busier) = (house(), busier());
    let arms = [("house", &house), ("busier", &busier)];
    let backtest = Backtest::new(arms, Instant::MAX).unwrap().with_rungs();
    let tickets = tickets(&house, 60);
    let whole = run(&backtest, &tickets, 1).0;
    let (first, second) = tickets.split_at(17);
    let part = |tickets| run(&backtest, tickets, 1).0;
    for (a, b) in [(first, second), (second, first)] {
        let mut merged = part(a);
        merged.merge(part(b));
        assert_eq!(merged, whole);
    }
}

#[test]
fn the_earliest_failure_is_told_and_nothing_after_it() {
    let (house, busier) = (house(), busier());
    let arms = [("house", &house), ("busier", &busier)];
    let backtest = Backtest::new(arms, Instant::MAX).unwrap();
    let tickets = tickets(&house, 300);
    let complete = run(&backtest, &tickets, 1).1;
    for workers in [1, 2, 7] {
        let mut told = Vec::new();
        let mut each = |difference: Difference| {
            told.push(difference);
            Ok(())
        };
        let chunks = tickets.chunks(3).enumerate();
        let failed = backtest
            .over(chunks)
            .workers(NonZeroUsize::new(workers).unwrap())
            .each(&mut each)
            .run(|(number, chunk): (usize, &[Ticket]), take| {
                if number >= 50 {
                    return Err(format!("chunk {number} cannot be read"));
                }
                chunk.iter().for_each(take);
                Ok(())
            });
        assert_eq!(failed.unwrap_err(), "chunk 50 cannot be read");
        // Whoever stops does not wait for what comes before it, so the end may be missing.
        assert_eq!(told, complete[..told.len()], "{workers} workers");
    }
}

#[test]
fn an_error_of_the_receiver_ends_the_run() {
    let (house, busier) = (house(), busier());
    let arms = [("house", &house), ("busier", &busier)];
    let backtest = Backtest::new(arms, Instant::MAX).unwrap();
    let tickets = tickets(&house, 300);
    for workers in [1, 2, 7] {
        let mut count = 0;
        let mut each = |_: Difference| {
            count += 1;
            if count == 5 {
                Err("the disk is full")
            } else {
                Ok(())
            }
        };
        let failed = backtest
            .over(tickets.chunks(3))
            .workers(NonZeroUsize::new(workers).unwrap())
            .each(&mut each)
            .run(|chunk: &[Ticket], take| {
                chunk.iter().for_each(take);
                Ok(())
            });
        assert_eq!(failed.unwrap_err(), "the disk is full");
        assert_eq!(count, 5, "nothing is handed on after it");
    }
}

#[test]
fn a_panic_of_one_worker_is_passed_on_and_hangs_nobody() {
    let (house, busier) = (house(), busier());
    let arms = [("house", &house), ("busier", &busier)];
    let backtest = Backtest::new(arms, Instant::MAX).unwrap();
    let tickets = tickets(&house, 300);
    let caught = std::panic::catch_unwind(|| {
        let mut each = |_: Difference| Ok::<_, String>(());
        let chunks = tickets.chunks(3).enumerate();
        backtest
            .over(chunks)
            .workers(NonZeroUsize::new(4).unwrap())
            .each(&mut each)
            .run(|(number, chunk): (usize, &[Ticket]), take| {
                assert!(number != 2, "a mistake of the caller");
                chunk.iter().for_each(take);
                Ok(())
            })
    });
    assert!(caught.is_err());
}
