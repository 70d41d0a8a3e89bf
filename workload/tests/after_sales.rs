//! A month of after-sales tickets could have happened under `after-sales`, and looks like one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use punctual::clock::{self, Bindings};
use punctual::event::{Kind, StreamId};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::ticket::{Action, MergeSide, Merged, Outcome, Satisfaction, Ticket, decide};
use punctual::time::Span;
use punctual_workload::after_sales::Plan;
use punctual_workload::{AfterSales, Percent, WorkloadError};

fn percent(share: u8) -> Percent {
    Percent::new(share).unwrap()
}

fn preset() -> Policy {
    Policy::from_toml(AFTER_SALES).unwrap()
}

/// Plays a plan like an engine: the policy is asked, then the facts.
fn play(policy: &Policy, plan: &Plan) -> Ticket {
    let mut ticket = Ticket::default();
    let stream = StreamId::new("acme", "ticket", plan.ticket.as_str()).unwrap();
    for step in &plan.steps {
        let command = step.command.clone();
        assert!(command.occurred_at <= step.at);
        let (kind, id) = (command.action.kind(), &plan.ticket);
        let status = ticket.timeline().status(command.occurred_at);
        let permit = policy.permit(&status, &command.action, &command.actor);
        let events = decide(&ticket, command, &permit, step.at);
        for event in events.unwrap_or_else(|why| panic!("{id} {kind} at {}: {why}", step.at)) {
            ticket.apply(&event.recorded(stream.clone(), &ticket));
        }
    }
    ticket
}

#[test]
fn every_command_is_accepted_and_leaves_no_anomaly() {
    let policy = preset();
    for (seed, start, share) in [
        (1, "2026-03-01", 90),
        (2, "2026-09-15", 40),  // over the holidays of October
        (3, "2026-02-10", 0),   // over the Spring Festival
        (4, "2026-12-20", 100), // into a year whose holidays are not published
    ] {
        let desk = AfterSales::builder(seed)
            .tickets(2_500)
            .starting_on(start.parse().unwrap());
        let desk = desk
            .punctuality(percent(share))
            .survey_response(percent(100 - share));
        for plan in desk.build().unwrap().plans() {
            let ticket = play(&policy, &plan);
            assert_eq!(ticket.anomalies(), [], "seed {seed}, {}", plan.ticket);
            assert_eq!(ticket.timeline().facts().len(), plan.steps.len());
        }
    }
}

/// A second proposal would take the approval of the first away.
#[test]
fn a_ticket_is_compensated_once_at_most() {
    let desk = AfterSales::builder(14)
        .tickets(4_000)
        .survey_response(Percent::ALL);
    let mut proposed = BTreeMap::new();
    for plan in desk.punctuality(percent(50)).build().unwrap().plans() {
        let kinds = plan.steps.iter().map(|step| step.command.action.kind());
        let proposals = kinds
            .filter(|kind| *kind == Kind::CompensationProposed)
            .count();
        *proposed.entry(proposals).or_insert(0) += 1;
    }
    assert_eq!(
        proposed.keys().copied().collect::<Vec<_>>(),
        [0, 1],
        "{proposed:?}"
    );
}

#[test]
fn every_kind_that_people_tell_is_told() {
    let month = AfterSales::builder(5).tickets(4_000).build().unwrap();
    let told: BTreeSet<Kind> = month
        .steps()
        .map(|step| step.command.action.kind())
        .collect();
    let missing: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| !matches!(kind, Kind::PolicyPublished | Kind::CalendarPublished))
        .filter(|kind| !kind.is_engines() && !told.contains(kind))
        .collect();
    assert_eq!(missing, []);
}

/// The share of clocks that ended in a breach, in parts of a hundred.
fn breached(share: u8) -> f64 {
    let policy = preset();
    let desk = AfterSales::builder(6)
        .tickets(800)
        .punctuality(percent(share))
        .build()
        .unwrap();
    let (mut breached, mut judged) = (0_u32, 0_u32);
    for plan in desk.plans() {
        let ticket = play(&policy, &plan);
        let end = plan.steps.last().unwrap().at;
        let end = end.checked_add(Span::from_hours(2_000).unwrap()).unwrap();
        for reading in clock::read(ticket.timeline(), &Bindings::to(&policy), end) {
            judged += u32::from(matches!(reading.outcome, Outcome::Met | Outcome::Breached));
            breached += u32::from(reading.outcome == Outcome::Breached);
        }
    }
    f64::from(breached) * 100.0 / f64::from(judged)
}

#[test]
fn the_desk_keeps_as_many_promises_as_it_is_said_to() {
    for (share, low, high) in [
        (100, 0.0, 1.0),
        (90, 6.0, 12.0),
        (60, 28.0, 44.0),
        (0, 70.0, 100.0),
    ] {
        let found = breached(share);
        assert!(
            (low..=high).contains(&found),
            "{share} % kept: {found:.1} % breached"
        );
    }
}

#[test]
fn surveys_are_answered_as_often_as_asked_for_with_the_measured_scores() {
    let desk = AfterSales::builder(7)
        .tickets(20_000)
        .survey_response(percent(25))
        .build()
        .unwrap();
    let (mut asked, mut answered, mut scores) = (0_u32, 0_u32, BTreeMap::new());
    for plan in desk.plans() {
        let surveys = plan.steps.iter().filter_map(|step| {
            if let Action::Survey(survey) = &step.command.action {
                return Some(survey.satisfaction);
            }
            None
        });
        if let Some(first) = surveys.into_iter().next() {
            answered += 1;
            *scores.entry(first).or_insert(0_u32) += 1;
        }
        let kinds = plan.steps.iter().map(|step| step.command.action.kind());
        asked += u32::from(kinds.into_iter().any(|kind| kind == Kind::SurveyAsked));
    }
    let response = f64::from(answered) / f64::from(asked);
    assert!((0.24..0.27).contains(&response), "{response}"); // the reopened are asked twice
    for (score, share) in [
        (Satisfaction::VerySatisfied, 0.694),
        (Satisfaction::Satisfied, 0.131),
        (Satisfaction::VeryDissatisfied, 0.131),
    ] {
        let found = f64::from(scores[&score]) / f64::from(answered);
        assert!((found - share).abs() < 0.02, "{score}: {found}");
    }
}

#[test]
fn a_recurring_cause_stands_out() {
    let month = AfterSales::builder(8).tickets(5_000).build().unwrap();
    let mut causes: BTreeMap<(String, String), u32> = BTreeMap::new();
    for plan in month.plans() {
        let mut product = String::new();
        for step in plan.steps {
            if let Action::Receive(received) = step.command.action {
                product = received.product.unwrap().to_string();
            } else if let Action::Diagnose(found) = step.command.action {
                let key = (product.clone(), found.cause.unwrap().to_string());
                *causes.entry(key).or_default() += 1;
            }
        }
    }
    let mut counts: Vec<_> = causes.iter().map(|(key, count)| (*count, key)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let names: Vec<&str> = counts[..2].iter().map(|(_, key)| key.1.as_str()).collect();
    assert_eq!(names, ["drain-pump", "battery"], "{counts:?}");
    assert_eq!(counts[0].1.0, "DW-2100");
    assert!(counts[0].0 > counts[2].0 * 2, "{counts:?}");
}

#[test]
fn a_duplicate_goes_into_the_ticket_before_it_and_both_say_so() {
    let month = AfterSales::builder(9).tickets(3_000).build().unwrap();
    let mut sides: BTreeMap<(u32, u32), Vec<MergeSide>> = BTreeMap::new();
    let mut customers = BTreeMap::new();
    for plan in month.plans() {
        customers.insert(plan.number, plan.customer.clone());
        for step in &plan.steps {
            if let Action::Merge(Merged { other, side }) = &step.command.action {
                let other: u32 = other.as_str()[2..].parse().unwrap();
                let pair = (plan.number.min(other), plan.number.max(other));
                sides.entry(pair).or_default().push(*side);
            }
        }
    }
    assert!(sides.len() > 20, "{}", sides.len());
    for ((first, second), sides) in sides {
        assert_eq!(second, first + 1);
        assert_eq!(sides, [MergeSide::From, MergeSide::Into]);
        assert_eq!(customers[&first], customers[&second]);
    }
}

#[test]
fn what_carries_customer_text_names_its_customer_and_nothing_else_does() {
    let month = AfterSales::builder(10).tickets(500).build().unwrap();
    for plan in month.plans() {
        for step in &plan.steps {
            let command = &step.command;
            let json = serde_json::to_string(&command.action).unwrap();
            let personal = json.contains("\"plain\"");
            let subject = personal.then_some(&plan.customer);
            assert_eq!(command.subject.as_ref(), subject, "{json}");
            // Invented people only: no number that somebody could have.
            for (at, _) in json.match_indices("199-") {
                assert_eq!(&json[at..at + 9], "199-0000-");
            }
            assert!(
                !format!("{command:?}").contains("199-0000"),
                "Debug tells a number"
            );
        }
    }
}

#[test]
fn steps_are_the_plans_in_one_order() {
    let month = AfterSales::builder(11).tickets(600).build().unwrap();
    let mut last = None;
    let mut told: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for step in month.steps() {
        let key = (step.at, step.number, step.index);
        assert!(last.is_none_or(|last| last < key), "{key:?}");
        last = Some(key);
        let commands = told.entry(step.number).or_default();
        assert_eq!(usize::try_from(step.index).unwrap(), commands.len());
        commands.push((step.at, step.command));
    }
    for plan in month.plans() {
        let steps = plan.steps.into_iter().map(|step| (step.at, step.command));
        assert_eq!(
            steps.collect::<Vec<_>>(),
            told[&plan.number],
            "{}",
            plan.ticket
        );
    }
}

#[test]
fn only_open_tickets_are_held() {
    let mut most = Vec::new();
    for (tickets, days) in [(1_500, 50), (6_000, 200)] {
        let desk = AfterSales::builder(12)
            .tickets(tickets)
            .days(days)
            .build()
            .unwrap();
        let mut steps = desk.steps();
        let mut held = 0;
        while steps.next().is_some() {
            held = held.max(steps.held());
        }
        most.push(held);
    }
    // As many a day for four times as long: as many at once, but for the start.
    assert!(most[1] < most[0] * 3 / 2, "{most:?}");
}

#[test]
fn nothing_about_a_ticket_depends_on_which_was_asked_for_first() {
    let month = AfterSales::builder(13).tickets(300).build().unwrap();
    let forward: Vec<Plan> = month.plans().collect();
    let backward = (1..=300).rev().map(|number| month.plan(number));
    assert!(forward.iter().rev().cloned().eq(backward));
}

#[test]
fn options_out_of_range_are_refused() {
    let build = |start: &str, days| {
        let builder = AfterSales::builder(1).starting_on(start.parse().unwrap());
        builder.days(days).build().map(|_| ())
    };
    assert_eq!(build("2000-01-01", 1), Ok(()));
    assert_eq!(build("2085-12-31", 3_650), Ok(()));
    assert!(matches!(
        build("1999-12-31", 31),
        Err(WorkloadError::Start { .. })
    ));
    assert!(matches!(
        build("2086-01-01", 31),
        Err(WorkloadError::Start { .. })
    ));
    for days in [0, 3_651] {
        assert_eq!(
            build("2026-03-01", days),
            Err(WorkloadError::Days { found: days })
        );
    }
    assert_eq!(
        Percent::new(101),
        Err(WorkloadError::Percent { found: 101 })
    );
}

#[test]
fn no_ticket_and_one_ticket_are_workloads_too() {
    let none = AfterSales::builder(1).tickets(0).build().unwrap();
    assert_eq!((none.plans().count(), none.steps().count()), (0, 0));
    let one = AfterSales::builder(1).tickets(1).build().unwrap();
    assert_eq!(one.steps().count(), one.plan(1).steps.len());
}
