//! Deadlines against those that the City of Boston published itself, and its own verdicts.

use std::collections::HashMap;

use punctual::time::Instant;

use crate::figures::{Differences, Line, Row, are_there, is_over, replay, table, text};

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
    fn add(&mut self, request: &Row, row: &Row) {
        self.requests += 1;
        self.with_a_deadline += usize::from(!request["due_at"].is_empty());
        let Ok(off) = row["city_minus_our_s"].parse::<i64>() else {
            return;
        };
        self.with_a_rule += 1;
        self.within_a_minute += usize::from(off.abs() <= 60);
        self.within_two_minutes += usize::from(off.abs() <= 120);
        let flag = match request["on_time"].as_str() {
            "ONTIME" => "0",
            "OVERDUE" => "1",
            _ => return,
        };
        let (by_city, by_us) = (&row["late_by_city_due"], &row["late_by_our_due"]);
        if by_city.is_empty() || by_us.is_empty() {
            return;
        }
        self.flagged += 1;
        self.flag_is_ours += usize::from(by_us == flag);
        self.flag_is_the_citys += usize::from(by_city == flag);
    }
}

fn instant(text: &str) -> Option<Instant> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

/// Returns what we say of a request.
fn row(request: &Row, lines: Option<&Vec<Line>>) -> Row {
    assert!(
        lines.is_none_or(|lines| lines.len() == 1),
        "one promise at most"
    );
    let (due_at, closed_at) = (instant(&request["due_at"]), instant(&request["closed_at"]));
    // The expected figures leave out what the city gave no deadline.
    let line = lines
        .and_then(|lines| lines.first())
        .filter(|_| due_at.is_some());
    // The city's convention: what ends at closing is due at the next opening.
    let our_due_at = line.map(|line| text(line, "breach_after"));
    let off = our_due_at.as_ref().and_then(|ours| {
        let ours = instant(ours)?;
        Some(due_at?.since(ours).micros() / 1_000_000)
    });
    let flag = |is_late: bool| u8::from(is_late).to_string();
    let by_city = due_at
        .zip(closed_at)
        .map(|(due, closed)| flag(closed > due));
    let by_us = line
        .filter(|_| closed_at.is_some())
        .map(|it| flag(is_over(it)));
    [
        ("ticket", Some(request["ticket"].clone())),
        ("our_due_at", our_due_at),
        ("city_minus_our_s", off.map(|off| off.to_string())),
        ("late_by_city_due", by_city),
        ("late_by_our_due", by_us),
    ]
    .map(|(column, cell)| (column.to_owned(), cell.unwrap_or_default()))
    .into()
}

fn check(set: &str, counts: &Counts) {
    let events = format!("{set}/events.csv.gz");
    let (_, verdicts) = replay("boston311", "boston311", &events, "2026-01-01T00:00:00Z");
    let requests = table(&format!("{set}/requests.csv.gz"));
    let expected: HashMap<String, Row> = table(&format!("expected/{set}.shared.csv.gz"))
        .into_iter()
        .map(|row| (row["ticket"].clone(), row))
        .collect();
    assert_eq!(expected.len(), requests.len(), "{set}: requests");
    let (mut differences, mut found) = (Differences::default(), Counts::default());
    for request in &requests {
        let ticket = &request["ticket"];
        let ours = row(request, verdicts.get(ticket));
        differences.compare(&expected[ticket], &ours);
        found.add(request, &ours);
    }
    differences.none(set);
    assert_eq!(found, *counts, "{set}: counts");
}

#[test]
fn boston_animal_requests() {
    if !are_there() {
        return;
    }
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
    if !are_there() {
        return;
    }
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

/// A table of one row a request needs a map and no code. It differs where a request was closed
/// before it was opened: the neutral events moved the closing.
#[test]
fn boston_as_it_is_published_comes_to_the_same() {
    if !are_there() {
        return;
    }
    let as_of = "2026-01-01T00:00:00Z";
    let set = "boston311-mixed";
    let (_, neutral) = replay(
        "boston311",
        "boston311",
        &format!("{set}/events.csv.gz"),
        as_of,
    );
    let table = format!("{set}/requests.csv.gz");
    let (summary, published) = replay("boston311", "boston311-requests", &table, as_of);
    assert_eq!(summary["anomalies"], serde_json::json!({}));
    assert_eq!(published, neutral);
}
