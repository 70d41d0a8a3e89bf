//! The scorecard and the queue against the readings of every ticket, taken at the instant asked
//! about: slow, obvious, and without any memory of what was contributed when.

use std::collections::BTreeMap;

use proptest::prelude::*;
use punctual::clock::{self, Activity, Bindings, Reading};
use punctual::policy::Policy;
use punctual::projection::{Compliance, Cycles, Dates, Filter, Promise, Queue, Scorecard, Slice};
use punctual::testing::{histories, policies, walks};
use punctual::ticket::{Outcome, Phase, Ticket};
use punctual::time::{CivilDate, Instant, Span};

use crate::support::{house, log, sum, ticket};

type Table = BTreeMap<(CivilDate, Promise), Compliance>;

fn readings(ticket: &Ticket, policy: &Policy, at: Instant) -> Vec<Reading> {
    clock::read(ticket.timeline(), &Bindings::to(policy), at)
}

/// Counts what the readings of one instant say.
fn counted(tickets: &[Ticket], policy: &Policy, at: Instant, cycles: Cycles) -> Table {
    let mut table = Table::new();
    for ticket in tickets {
        let mut kept: BTreeMap<Promise, Vec<Reading>> = BTreeMap::new();
        for reading in readings(ticket, policy, at) {
            let promise = Promise {
                agreement: reading.agreement().clone(),
                target: reading.target().clone(),
            };
            kept.entry(promise).or_default().push(reading);
        }
        for (promise, list) in kept {
            for reading in choose(list, cycles) {
                count(&mut table, policy, &promise, &reading);
            }
        }
    }
    table
}

fn choose(list: Vec<Reading>, cycles: Cycles) -> Vec<Reading> {
    let worst = list.iter().find(|it| it.outcome.is_over()).cloned();
    let last = list.last().cloned();
    match cycles {
        Cycles::Sum => list,
        Cycles::First => list.into_iter().take(1).collect(),
        Cycles::Last => last.into_iter().collect(),
        Cycles::Worst => worst.or(last).into_iter().collect(),
    }
}

fn count(table: &mut Table, policy: &Policy, promise: &Promise, reading: &Reading) {
    let on = |at: Instant| CivilDate::from(policy.zone().date_on(at));
    let cell = |at| (on(at), promise.clone());
    match reading.outcome {
        Outcome::Met => {
            let at = reading.stopped_at.unwrap();
            table.entry(cell(at)).or_default().met += 1;
        }
        Outcome::Breached | Outcome::Breaching => {
            let at = reading.breached_at.unwrap_or(reading.attached_at);
            table.entry(cell(at)).or_default().breached += 1;
        }
        Outcome::Open
        | Outcome::Imminent
        | Outcome::Cancelled(_)
        | Outcome::Waived
        | Outcome::InsufficientLead => {}
    }
}

/// The same table as the scorecard has it.
fn scored(tickets: &[Ticket], policy: &Policy, at: Instant, cycles: Cycles) -> Table {
    let card = Scorecard::of(policy).with_cycles(cycles);
    let scores = sum(&card, policy, tickets);
    let mut table = Table::new();
    let first = "1969-12-01".parse().unwrap();
    let whole = Dates {
        from: first,
        until: "2100-02-01".parse().unwrap(),
    };
    let all = scores.score(whole, &Slice::All, at);
    // Every day that anything could have been decided on.
    let mut days: Vec<CivilDate> = Vec::new();
    for ticket in tickets {
        for reading in readings(ticket, policy, at) {
            let instants = [
                reading.stopped_at,
                reading.breached_at,
                Some(reading.attached_at),
            ];
            days.extend(
                instants
                    .into_iter()
                    .flatten()
                    .map(|at| CivilDate::from(policy.zone().date_on(at))),
            );
        }
    }
    days.sort_unstable();
    days.dedup();
    let mut total: BTreeMap<Promise, Compliance> = BTreeMap::new();
    for from in days {
        let until = from.date().succ_opt().unwrap().into();
        let score = scores.score(Dates { from, until }, &Slice::All, at);
        for promise in score.promises() {
            let found = score.compliance(&promise);
            let decided = Compliance {
                met: found.met,
                breached: found.breached,
                ..Compliance::default()
            };
            let sum = total.entry(promise.clone()).or_default();
            sum.met += decided.met;
            sum.breached += decided.breached;
            if decided != Compliance::default() {
                table.insert((from, promise), decided);
            }
        }
    }
    // Nothing lies on other days.
    for promise in all.promises() {
        let found = all.compliance(&promise);
        let sum = total.get(&promise).copied().unwrap_or_default();
        assert_eq!(
            (found.met, found.breached),
            (sum.met, sum.breached),
            "{promise}"
        );
    }
    table
}

fn after_all(tickets: &[Ticket], hours: i64) -> Instant {
    let last = |ticket: &Ticket| ticket.timeline().facts().last().unwrap().at;
    let horizon = tickets.iter().map(last).max().unwrap();
    horizon
        .checked_add(Span::from_hours(hours).unwrap())
        .unwrap_or(Instant::MAX)
}

fn check(tickets: &[Ticket], policy: &Policy, hours: i64) {
    let at = after_all(tickets, hours);
    for cycles in [Cycles::Sum, Cycles::First, Cycles::Last, Cycles::Worst] {
        assert_eq!(
            scored(tickets, policy, at, cycles),
            counted(tickets, policy, at, cycles),
            "{cycles:?} as of {at}"
        );
    }
    check_queue(tickets, policy, at);
}

/// The queue lists who is broken as the readings of the instant do, the first due in front.
fn check_queue(tickets: &[Ticket], policy: &Policy, at: Instant) {
    let queue = sum(&Queue, policy, tickets);
    let listed = queue.list(&Filter::default(), usize::MAX);
    let mut due: Vec<Instant> = Vec::new();
    for entry in &listed {
        due.push(entry.next(None).map_or(Instant::MAX, |(due_at, _)| due_at));
        let ticket = tickets
            .iter()
            .find(|it| it.stream() == Some(&entry.stream))
            .unwrap();
        for waiting in &entry.promises {
            let now = readings(ticket, policy, at);
            let same = now
                .iter()
                .filter(|it| *it.target() == waiting.promise.target && it.cycle == waiting.cycle)
                .find(|it| *it.agreement() == waiting.promise.agreement)
                .unwrap();
            assert_eq!(
                waiting.is_broken(at),
                same.outcome == Outcome::Breaching,
                "{same:?}"
            );
            if waiting.activity == Activity::Running {
                assert_eq!(waiting.due_at, same.due_at);
            }
        }
    }
    assert!(due.is_sorted());
    for ticket in tickets {
        let horizon = ticket.timeline().facts().last().unwrap().at;
        let is_open = ticket.timeline().status(at).phase == Phase::Open;
        let lives = readings(ticket, policy, horizon)
            .iter()
            .any(|it| it.activity == Activity::Running && it.outcome != Outcome::Waived);
        let stream = ticket.stream().unwrap();
        assert_eq!(queue.get(stream).is_some(), is_open || lives, "{stream}");
    }
    let ageing = queue.ageing(at);
    assert_eq!(
        ageing.by_due.iter().sum::<u64>(),
        u64::try_from(queue.open()).unwrap()
    );
    assert_eq!(
        ageing.by_age.iter().sum::<u64>(),
        u64::try_from(queue.open()).unwrap()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn under_the_house_preset(
        told in prop::collection::vec(histories(&house()), 1..4),
        hours in prop_oneof![Just(0_i64), 1_i64..200, Just(10_000)],
    ) {
        let policy = house();
        let tickets: Vec<Ticket> = told.iter().enumerate().map(|(n, it)| ticket(&log(it, n, None))).collect();
        check(&tickets, &policy, hours);
    }

    #[test]
    fn under_any_policy(
        plan in policies(),
        walked in prop::collection::vec(walks(), 1..4),
        hours in prop_oneof![Just(0_i64), 1_i64..200, Just(10_000)],
    ) {
        let Ok(policy) = plan.compile() else { return Ok(()) };
        let histories = walked.iter().map(|walk| walk.history(&policy));
        let tickets: Vec<Ticket> = histories.enumerate().map(|(n, it)| ticket(&log(&it, n, None))).collect();
        check(&tickets, &policy, hours);
    }
}
