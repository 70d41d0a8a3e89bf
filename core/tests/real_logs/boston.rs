//! Deadlines against those that the City of Boston published itself, and its own verdicts.

use std::collections::BTreeMap;

use punctual::clock::{self, Bindings, Reading};
use punctual::policy::Policy;
use punctual::ticket::Ticket;
use punctual::time::{Instant, Span};
use serde::{Deserialize, Serialize};

use crate::data::{self, Differences};
use crate::log;

/// A request as the city published it.
#[derive(Debug, Deserialize)]
struct Request {
    ticket: String,
    due_at: Option<Instant>,
    closed_at: Option<Instant>,
    on_time: String,
}

/// A row of the expected figures; empty where the request has no deadline, no rule, or no end.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    ticket: String,
    our_due_at: Option<Instant>,
    city_minus_our_s: Option<i64>,
    late_by_city_due: Option<u64>,
    late_by_our_due: Option<u64>,
}

/// How many requests there are of each sort.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    requests: usize,
    with_a_deadline: usize,
    with_a_rule: usize,
    within_a_minute: usize,
    within_two_minutes: usize,
    /// With a rule, an end, and the city's own flag.
    flagged: usize,
    /// Whose flag follows from our deadline.
    flag_is_ours: usize,
    /// Whose flag follows from the city's deadline.
    flag_is_the_citys: usize,
}

impl Counts {
    fn add(&mut self, request: &Request, row: &Row) {
        self.requests += 1;
        self.with_a_deadline += usize::from(request.due_at.is_some());
        let Some(off) = row.city_minus_our_s else {
            return;
        };
        self.with_a_rule += 1;
        self.within_a_minute += usize::from(off.abs() <= 60);
        self.within_two_minutes += usize::from(off.abs() <= 120);
        let flag = match request.on_time.as_str() {
            "ONTIME" => 0,
            "OVERDUE" => 1,
            _ => return,
        };
        let (Some(by_city), Some(by_us)) = (row.late_by_city_due, row.late_by_our_due) else {
            return;
        };
        self.flagged += 1;
        self.flag_is_ours += usize::from(by_us == flag);
        self.flag_is_the_citys += usize::from(by_city == flag);
    }
}

/// Returns what we say of a request that the city gave a deadline.
fn row(request: &Request, ticket: &Ticket, policy: &Policy) -> Row {
    let as_of = "2026-01-01T00:00:00Z".parse().unwrap();
    let readings = clock::read(ticket.timeline(), &Bindings::to(policy), as_of);
    assert!(
        readings.len() <= 1,
        "{}: one promise at most",
        request.ticket
    );
    // The expected figures leave out what the city gave no deadline.
    let reading = readings.first().filter(|_| request.due_at.is_some());
    // The city's convention: what ends at closing is due at the next opening.
    let our_due_at = reading.map(|reading| reading.breach_after.unwrap());
    let is_late = |reading: &Reading| u64::from(reading.outcome.is_over());
    let late_by_city_due = request.due_at.zip(request.closed_at);
    Row {
        ticket: request.ticket.clone(),
        our_due_at,
        city_minus_our_s: request
            .due_at
            .zip(our_due_at)
            .map(|(city, ours)| city.since(ours).micros() / Span::SECOND.micros()),
        late_by_city_due: late_by_city_due.map(|(due, closed)| u64::from(closed > due)),
        late_by_our_due: reading.filter(|_| request.closed_at.is_some()).map(is_late),
    }
}

fn check(set: &str, counts: &Counts) {
    let Some(folder) = data::folder() else {
        return;
    };
    let policy = data::policy(include_str!("policies/boston311.toml"));
    let requests: Vec<Request> = data::table(&folder, &format!("{set}/requests.csv.gz"));
    let expected: Vec<Row> = data::table(&folder, &format!("expected/{set}.shared.csv.gz"));
    let expected: BTreeMap<&str, &Row> = expected
        .iter()
        .map(|row| (row.ticket.as_str(), row))
        .collect();
    let tickets = log::read(&folder, set);
    let tickets: BTreeMap<&str, &Ticket> = tickets
        .iter()
        .map(|logged| (logged.id.as_str(), &logged.ticket))
        .collect();
    assert_eq!(expected.len(), requests.len(), "{set}: requests");
    let (mut differences, mut found) = (Differences::default(), Counts::default());
    for request in &requests {
        let id = request.ticket.as_str();
        let ours = row(request, tickets[id], &policy);
        differences.compare(id, expected[id], &ours);
        found.add(request, &ours);
    }
    differences.none(set);
    assert_eq!(found, *counts, "{set}: counts");
}

#[test]
fn boston_animal_requests() {
    check(
        "boston311-animal",
        &Counts {
            requests: 37_710,
            with_a_deadline: 22_393,
            with_a_rule: 22_392,
            within_a_minute: 22_320,
            within_two_minutes: 22_372,
            flagged: 19_895,
            flag_is_ours: 19_889,
            flag_is_the_citys: 19_895,
        },
    );
}

#[test]
fn boston_requests_of_all_departments() {
    check(
        "boston311-mixed",
        &Counts {
            requests: 3_712,
            with_a_deadline: 3_157,
            with_a_rule: 3_124,
            within_a_minute: 3_032,
            within_two_minutes: 3_040,
            flagged: 3_123,
            flag_is_ours: 3_110,
            flag_is_the_citys: 3_123,
        },
    );
}
