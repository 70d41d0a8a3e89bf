//! Generated tickets have the mix, the durations and the hours of the logs that they are shaped
//! after, and could have happened.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod tables;

use std::collections::BTreeMap;

use punctual::event::{StreamId, Version};
use punctual::ticket::{Permit, Ticket, decide};
use punctual_workload::measured::{Happening, What};
use punctual_workload::{Measured, Percent, Profile};
use tables::{Expected, UCI, VOLVO};

const TICKETS: u64 = 200_000;

/// What was generated, counted.
#[derive(Default)]
struct Mix {
    kinds: BTreeMap<&'static str, u64>,
    classes: BTreeMap<u8, u64>,
    week: Vec<u64>,
    paused: u64,
    reopened: u64,
    escalated: u64,
    resolved: Vec<i64>,
    closed: Vec<i64>,
    same_instant: u64,
    pairs: u64,
    events: Vec<usize>,
}

fn word(what: What) -> &'static str {
    match what {
        What::Received { .. } => "received",
        What::Assigned { .. } => "assigned",
        What::Classified { .. } => "classified",
        What::Noted => "noted",
        What::Responded => "responded",
        What::Paused { .. } => "paused",
        What::Resumed => "resumed",
        What::Escalated => "escalated",
        What::Resolved => "resolved",
        What::Reopened => "reopened",
        What::Closed => "closed",
        What::Surveyed { .. } => "surveyed",
    }
}

impl Mix {
    fn of(log: &Measured) -> Self {
        let mut mix = Self {
            week: vec![0; 168],
            ..Self::default()
        };
        for (_, history) in log.histories() {
            mix.add(&history);
        }
        mix.resolved.sort_unstable();
        mix.closed.sort_unstable();
        mix.events.sort_unstable();
        mix
    }

    fn add(&mut self, history: &[Happening]) {
        let second = |happening: &Happening| happening.at.micros() / 1_000_000;
        let received = second(&history[0]);
        // 1970-01-05 was a Monday.
        let hour = (received - 4 * 86_400).rem_euclid(7 * 86_400) / 3_600;
        self.week[usize::try_from(hour).unwrap()] += 1;
        if let What::Received { class } = history[0].what {
            *self.classes.entry(class).or_default() += 1;
        }
        let mut resolved_at = None;
        for happening in history {
            *self.kinds.entry(word(happening.what)).or_default() += 1;
            if happening.what == What::Resolved {
                if resolved_at.is_none() {
                    self.resolved.push(second(happening) - received);
                }
                resolved_at = Some(second(happening));
            }
            if let (What::Closed, Some(at)) = (happening.what, resolved_at) {
                self.closed.push(second(happening) - at);
            }
        }
        let any = |wanted: &str| u64::from(history.iter().any(|it| word(it.what) == wanted));
        self.paused += any("paused");
        self.reopened += any("reopened");
        self.escalated += any("escalated");
        let same = history.windows(2).filter(|pair| pair[0].at == pair[1].at);
        self.same_instant += same.count() as u64;
        self.pairs += history.len() as u64 - 1;
        self.events.push(history.len());
    }
}

/// Holds a figure to within five parts of a hundred.
fn near(what: &str, found: f64, expected: f64, wrong: &mut Vec<String>) {
    if (found - expected).abs() > 0.05 * expected {
        wrong.push(format!("{what}: {found:.4} for {expected:.4}"));
    }
}

fn hours(sorted: &[i64], part: usize) -> f64 {
    sorted[sorted.len() * part / 100] as f64 / 3_600.0
}

/// Everything that is further off than five parts of a hundred.
fn differences(profile: Profile, seed: u64, expected: &Expected) -> Vec<String> {
    let log = Measured::builder(seed, profile)
        .tickets(TICKETS)
        .build()
        .unwrap();
    let mix = Mix::of(&log);
    let tickets = TICKETS as f64;
    let mut wrong = Vec::new();
    for (kind, share) in expected.kinds {
        let found = mix.kinds.get(kind).copied().unwrap_or(0) as f64 / tickets;
        near(kind, found, *share, &mut wrong);
    }
    for (class, share) in expected.classes {
        let place = profile
            .classes()
            .iter()
            .position(|name| name == class)
            .unwrap();
        let found = mix
            .classes
            .get(&u8::try_from(place).unwrap())
            .copied()
            .unwrap_or(0);
        let rare = 4.0 * (share / tickets).sqrt(); // 80 tickets of 200,000 scatter by a tenth
        if (found as f64 / tickets - share).abs() > (0.05 * share).max(rare) {
            wrong.push(format!("class {class}: {found} for {share}"));
        }
    }
    near(
        "ever paused",
        mix.paused as f64 / tickets,
        expected.paused,
        &mut wrong,
    );
    near(
        "ever reopened",
        mix.reopened as f64 / tickets,
        expected.reopened,
        &mut wrong,
    );
    let pauses = mix.kinds["paused"] as f64 / mix.paused as f64;
    near(
        "pauses of a paused ticket",
        pauses,
        expected.pauses_of_a_paused,
        &mut wrong,
    );
    near(
        "resolved p50",
        hours(&mix.resolved, 50),
        expected.resolved_p50_h,
        &mut wrong,
    );
    near(
        "resolved p90",
        hours(&mix.resolved, 90),
        expected.resolved_p90_h,
        &mut wrong,
    );
    near(
        "closed p50",
        hours(&mix.closed, 50),
        expected.closed_p50_h,
        &mut wrong,
    );
    near(
        "closed p90",
        hours(&mix.closed, 90),
        expected.closed_p90_h,
        &mut wrong,
    );
    week(&mix.week, &expected.week, &mut wrong);
    shape(&mix, expected, &mut wrong);
    wrong
}

/// What comes out of the chain by itself, to within a tenth or two: how many happenings a ticket
/// has, and how many share the instant of the one before.
fn shape(mix: &Mix, expected: &Expected, wrong: &mut Vec<String>) {
    let events = |part: usize| mix.events[mix.events.len() * part / 100] as f64;
    let same = mix.same_instant as f64 / mix.pairs as f64;
    for (what, found, expected) in [
        ("p50 of events", events(50), expected.events[0]),
        ("p90 of events", events(90), expected.events[1]),
        ("p99 of events", events(99), expected.events[2]),
        ("share of same instants", same, expected.same_instant),
    ] {
        if (found - expected).abs() > 0.25 * expected {
            wrong.push(format!("{what}: {found:.3} for {expected}"));
        }
    }
}

/// Days, hours of the day, and every hour of the week with a thousand arrivals or more.
fn week(found: &[u64], expected: &[f64; 168], wrong: &mut Vec<String>) {
    let whole: f64 = expected.iter().sum();
    let sum = |part: &dyn Fn(usize) -> bool| {
        let hours = (0..168).filter(|hour| part(*hour));
        let (mut found_sum, mut expected_sum) = (0.0, 0.0);
        for hour in hours {
            found_sum += found[hour] as f64 / TICKETS as f64;
            expected_sum += expected[hour] / whole;
        }
        (found_sum, expected_sum)
    };
    for day in 0..7 {
        let (found, expected) = sum(&|hour| hour / 24 == day);
        near(&format!("day {day}"), found, expected, wrong);
    }
    for time in 0..24 {
        let (found, expected) = sum(&|hour| hour % 24 == time);
        near(&format!("{time} o'clock"), found, expected, wrong);
    }
    for at in (0..168).filter(|hour| expected[*hour] * TICKETS as f64 >= 1_000.0) {
        let (found, expected) = sum(&|hour| hour == at);
        near(&format!("hour {at} of the week"), found, expected, wrong);
    }
}

#[test]
fn the_uci_shape_is_within_five_percent_of_the_log() {
    assert_eq!(differences(Profile::Uci, 11, &UCI), Vec::<String>::new());
}

#[test]
fn the_volvo_shape_is_within_five_percent_of_the_log() {
    assert_eq!(
        differences(Profile::Volvo, 12, &VOLVO),
        Vec::<String>::new()
    );
}

/// The other log's figures are no fit: the comparison can fail, and does in most of its lines.
#[test]
fn the_shape_of_one_log_is_not_that_of_the_other() {
    let kinds_and_durations = Expected {
        classes: &[],
        ..VOLVO
    };
    let wrong = differences(Profile::Uci, 11, &kinds_and_durations);
    assert!(wrong.len() > 60, "{wrong:?}");
}

#[test]
fn every_history_could_have_happened() {
    for profile in [Profile::Uci, Profile::Volvo] {
        let log = Measured::builder(3, profile)
            .tickets(3_000)
            .escalations(true);
        let log = log
            .survey_response(Percent::new(30).unwrap())
            .build()
            .unwrap();
        for (number, history) in log.histories() {
            let mut ticket = Ticket::default();
            for happening in history {
                let command = log.command(happening);
                let events = decide(&ticket, command, &Permit::default(), happening.at);
                let event = events
                    .unwrap_or_else(|why| panic!("{number}: {why}"))
                    .remove(0);
                assert_eq!(event.event.kind(), happening.what.kind());
                let stream = StreamId::new("bench", "ticket", "T-1").unwrap();
                ticket.apply(&event.recorded(stream, &ticket));
            }
            assert_eq!(ticket.anomalies(), [], "{number}");
        }
    }
}

#[test]
fn escalations_and_surveys_come_as_often_as_asked() {
    let (mut wrong, mut escalated) = (Vec::new(), Vec::new());
    for profile in [Profile::Uci, Profile::Volvo] {
        let log = Measured::builder(5, profile)
            .tickets(TICKETS / 4)
            .escalations(true);
        let mix = Mix::of(
            &log.survey_response(Percent::new(20).unwrap())
                .build()
                .unwrap(),
        );
        let of = |kind: &str| mix.kinds[kind] as f64;
        near(
            "escalations",
            of("escalated") * 4.0 / TICKETS as f64,
            0.43,
            &mut wrong,
        );
        escalated.push(mix.escalated as f64 * 4.0 / TICKETS as f64);
        let closed = of("closed") / (1.0 + of("reopened") / TICKETS as f64);
        near("surveys", of("surveyed") / closed, 0.20, &mut wrong);
        let none = Mix::of(
            &Measured::builder(5, profile)
                .tickets(1_000)
                .escalations(false)
                .build()
                .unwrap(),
        );
        assert_eq!(none.kinds.get("escalated"), None);
        assert_eq!(none.kinds.get("surveyed"), None);
    }
    for share in escalated {
        near("escalated tickets", share, 0.304, &mut wrong);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_ticket_is_the_same_in_any_order_and_however_it_is_asked_for() {
    let log = Measured::builder(9, Profile::Volvo)
        .tickets(1_000)
        .build()
        .unwrap();
    let forward: Vec<_> = log.histories().collect();
    for number in (1..=1_000).rev().step_by(7) {
        assert_eq!(
            log.history(number),
            forward[usize::try_from(number).unwrap() - 1].1
        );
    }
    let mut merged: BTreeMap<u64, Vec<Happening>> = BTreeMap::new();
    let mut last = None;
    for step in log.steps() {
        let key = (step.happening.at, step.number, step.index);
        assert!(last.is_none_or(|last| last < key), "{key:?}");
        last = Some(key);
        merged.entry(step.number).or_default().push(step.happening);
    }
    assert_eq!(merged.into_iter().collect::<Vec<_>>(), forward);
}

#[test]
fn only_open_tickets_are_held() {
    let log = Measured::builder(2, Profile::Uci)
        .tickets(30_000)
        .days(910)
        .build()
        .unwrap();
    let mut steps = log.steps();
    let mut most = 0;
    while steps.next().is_some() {
        most = most.max(steps.held());
    }
    // 33 a day, closed after three weeks on average; some months.
    assert!((200..1_600).contains(&most), "{most}");
}

#[test]
fn a_recorded_happening_stands_where_it_is_put() {
    let log = Measured::builder(2, Profile::Uci)
        .tickets(10)
        .build()
        .unwrap();
    let happening = log.history(4)[0];
    let recorded = log.recorded("a/ticket/4".parse().unwrap(), Version::FIRST, happening);
    assert_eq!(recorded.event, log.event(happening.what));
    assert_eq!(
        (recorded.occurred_at, recorded.version),
        (happening.at, Version::FIRST)
    );
    assert_eq!(log.ticket_id(4).as_str(), "T-00000004");
    assert_eq!(size_of::<Happening>(), 16);
}
