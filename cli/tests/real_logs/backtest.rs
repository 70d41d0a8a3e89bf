//! `punctual backtest` over a real log: its figures and every difference against those that follow
//! from two tables which an independent program computed, policy by policy.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::figures::{Line, Row, are_there, data, seconds, summary_of, table, text};

const AS_OF: &str = "2017-02-19T00:00:00Z";

/// Runs a backtest and returns what it said and its differences.
fn backtest(policy: &str, against: &str, workers: &str) -> (Value, Vec<Line>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("differences.jsonl");
    let run = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args([
            "backtest",
            "--json",
            "--policy",
            policy,
            "--against",
            against,
        ])
        .args([
            "--map",
            "uci-incidents",
            "--as-of",
            AS_OF,
            "--workers",
            workers,
        ])
        .arg("--events")
        .arg(data("uci-incidents/events.csv.gz"))
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let summary = summary_of(&run);
    let lines = fs::read_to_string(&out).unwrap();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (summary, lines.collect())
}

fn expected(policy: &str) -> HashMap<String, Row> {
    let rows = table(&format!("expected/{policy}.shared.csv.gz")).into_iter();
    rows.map(|row| (row["ticket"].clone(), row)).collect()
}

/// What became of a promise, as far as the tables tell.
fn fate(row: &Row, target: &str) -> &'static str {
    let column = if target == "resolution" {
        "breached"
    } else {
        "response_breached"
    };
    match (row[column].as_str(), target, row["resolved_at"].as_str()) {
        ("1", _, _) => "breached",
        (_, "resolution", "") => "undecided",
        _ => "met",
    }
}

/// Ticket, target, what it was, what it is.
type Flip = (String, String, &'static str, &'static str);

fn flips(before: &HashMap<String, Row>, after: &HashMap<String, Row>) -> BTreeSet<Flip> {
    let mut flips = BTreeSet::new();
    for (ticket, row) in before {
        for target in ["response", "resolution"] {
            let (from, to) = (fate(row, target), fate(&after[ticket], target));
            if from != to {
                flips.insert((ticket.clone(), target.to_owned(), from, to));
            }
        }
    }
    flips
}

fn check(policy: &str, against: &str, breached: [u64; 2], least: usize) {
    let (before, after) = (expected(policy), expected(against));
    let (summary, lines) = backtest(policy, against, "2");
    let promise = |target: &str| -> Value {
        let promises = summary["promises"].as_array().unwrap();
        promises
            .iter()
            .find(|it| it["target"] == target)
            .unwrap()
            .clone()
    };
    for (arm, rows) in [&before, &after].into_iter().enumerate() {
        for target in ["response", "resolution"] {
            let over = rows.values().filter(|row| fate(row, target) == "breached");
            let found = &promise(target)["policies"][arm]["breached"];
            assert_eq!(*found, over.count() as u64, "{target} under policy {arm}");
        }
        let found = &promise("resolution")["policies"][arm]["breached"];
        assert_eq!(*found, breached[arm]);
    }
    let expected = flips(&before, &after);
    assert!(
        expected.len() >= least,
        "{}: too few to prove anything",
        expected.len()
    );
    let found: BTreeSet<Flip> = lines
        .iter()
        .map(|line| {
            let word = |field: &str| match text(line, field).as_str() {
                "met" => "met",
                "breached" => "breached",
                "undecided" => "undecided",
                other => panic!("{other}"),
            };
            (
                text(line, "ticket"),
                text(line, "target"),
                word("from"),
                word("to"),
            )
        })
        .collect();
    assert_eq!(found.len(), lines.len(), "no difference is told twice");
    assert_eq!(found, expected);
    check_sums(&summary, &lines, &expected);
    for line in &lines {
        check_lengths(line, &before, &after);
    }
}

/// The figures add up what the lines say.
fn check_sums(summary: &Value, lines: &[Line], expected: &BTreeSet<Flip>) {
    let mut counted: BTreeMap<(String, &str, &str), u64> = BTreeMap::new();
    for (_, target, from, to) in expected {
        *counted.entry((target.clone(), from, to)).or_default() += 1;
    }
    let mut told: BTreeMap<(String, &str, &str), u64> = BTreeMap::new();
    for promise in summary["promises"].as_array().unwrap() {
        for flip in promise["flips"].as_array().unwrap() {
            let word = |field: &str| flip[field].as_str().unwrap();
            let target = promise["target"].as_str().unwrap().to_owned();
            told.insert(
                (target, word("from"), word("to")),
                flip["clocks"].as_u64().unwrap(),
            );
        }
    }
    assert_eq!(told, counted);
    let against = &summary["policies"][1];
    assert_eq!(against["differences"], lines.len() as u64);
    let tickets: BTreeSet<&String> = expected.iter().map(|(ticket, ..)| ticket).collect();
    assert_eq!(against["tickets_differing"], tickets.len() as u64);
    let reasons = against["reasons"].as_object().unwrap().values();
    assert_eq!(
        reasons.map(|it| it.as_u64().unwrap()).sum::<u64>(),
        lines.len() as u64
    );
}

/// What was used under either policy is what the tables say.
fn check_lengths(line: &Line, before: &HashMap<String, Row>, after: &HashMap<String, Row>) {
    let ticket = text(line, "ticket");
    let (used, allowed) = match text(line, "target").as_str() {
        "resolution" => ("elapsed_working_s", "target_s"),
        _ => ("response_elapsed_s", "response_target_s"),
    };
    for (side, rows) in [("before", before), ("after", after)] {
        let clock = line[side].as_object().unwrap();
        let row = &rows[&ticket];
        assert_eq!(
            seconds(clock, "elapsed_micros").to_string(),
            row[used],
            "{ticket}"
        );
        assert_eq!(
            seconds(clock, "budget_micros").to_string(),
            row[allowed],
            "{ticket}"
        );
    }
    assert!(!line["reasons"].as_array().unwrap().is_empty());
}

#[test]
fn without_the_pause_more_resolutions_are_late() {
    if !are_there() {
        return;
    }
    check(
        "uci-9x5-pause-user",
        "uci-9x5-nopause",
        [3_757, 5_375],
        1_600,
    );
    let (_, lines) = backtest("uci-9x5-pause-user", "uci-9x5-nopause", "1");
    let paused = |line: &Line| line["reasons"][0]["why"] == "pauses";
    assert!(lines.iter().all(paused), "nothing else is different");
    // However many workers there are, the same lines come in the same order.
    assert_eq!(
        backtest("uci-9x5-pause-user", "uci-9x5-nopause", "7").1,
        lines
    );
}

#[test]
fn other_hours_and_holidays_move_responses_and_resolutions() {
    if !are_there() {
        return;
    }
    check(
        "uci-9x5-pause-user",
        "uci-split-shift-holidays",
        [3_757, 3_739],
        100,
    );
}

#[test]
fn day_and_night_is_another_promise_in_both_directions() {
    if !are_there() {
        return;
    }
    check(
        "uci-24x7-pause-user",
        "uci-9x5-pause-user",
        [7_147, 3_757],
        3_000,
    );
}
