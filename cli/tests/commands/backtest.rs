//! `backtest`: policies side by side, what-if, and what it prints.

use std::fs;

use serde_json::Value;

use crate::desk::{Desk, LOG, POLICY, assert_fits, assert_plain, in_locale, punctual};

/// Both solved tickets and the one that waits under half the budget: T-1 used eleven hours of eight,
/// and T-3 nothing yet.
const QUICKER: &str = "target.first-response.goals[0].within = \"20wm\"";

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn what_if_one_rule_were_another() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let out = desk.name("d.jsonl");
    let ran = punctual(&[
        "backtest", "--policy", &policy, "--set", QUICKER, "--events", &log, "--out", &out,
    ]);
    assert_eq!((ran.exit, ran.err.as_str()), (0, ""), "{ran:?}");
    let differences = lines(&fs::read_to_string(&out).unwrap());
    // T-1 was answered after thirty minutes; T-3 has waited for half an hour of the twenty minutes.
    let told: Vec<_> = differences
        .iter()
        .map(|it| {
            let word = |field: &str| it[field].as_str().unwrap();
            (word("ticket"), word("target"), word("from"), word("to"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("T-1", "first-response", "met", "breached"),
            ("T-3", "first-response", "undecided", "breached"),
        ]
    );
    assert_eq!(differences[0]["against"], QUICKER);
    let reason = &differences[0]["reasons"][0];
    assert_eq!(reason["why"], "budget");
    assert_eq!(reason["en"], "another budget: 1h → 20m");
    assert_eq!(reason["zh"], "时限不同：1小时 → 20分");
    assert_eq!(differences[0]["after"]["budget_micros"], 1_200_000_000);
    assert_eq!(differences[0]["after"]["elapsed_micros"], 1_800_000_000);
    let shown = ran
        .out
        .lines()
        .find(|line| line.starts_with("first-response"));
    let cells: Vec<&str> = shown.unwrap().split_whitespace().collect();
    assert_eq!(
        cells[1..],
        ["0", "2", "100.0%", "33.3%", "1", "0", "1"],
        "{}",
        ran.out
    );
    assert!(ran.out.contains("why: another budget 2"), "{}", ran.out);
    assert!(
        ran.out
            .contains("T-1 first-response met → breached: another budget: 1h → 20m")
    );
}

#[test]
fn several_policies_stand_side_by_side_in_both_languages_and_any_width() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let longer = desk.file("longer.toml", POLICY.replace("8wh", "16wh"));
    let call = [
        "backtest",
        "--policy",
        &policy,
        "--against",
        &longer,
        "--set",
        QUICKER,
        "--events",
        &log,
        "--rungs",
    ];
    for locale in ["en_US.UTF-8", "zh_CN.UTF-8"] {
        for columns in [40, 60, 80, 132] {
            let ran = in_locale(&call, locale, columns);
            assert_eq!(ran.exit, 0, "{ran:?}");
            assert_plain(&ran.out);
            assert_fits(&ran.out, columns);
        }
    }
    let english = punctual(&call).out;
    for word in [
        "A /",
        "B /",
        "C target.",
        "A late",
        "C late",
        "first-response",
        "solved",
    ] {
        assert!(english.contains(word), "{word}: {english}");
    }
    let chinese = in_locale(&call, "zh_CN.UTF-8", 80).out;
    for word in ["首次响应", "解决", "时限不同", "转超时", "原因"] {
        assert!(chinese.contains(word), "{word}: {chinese}");
    }
}

#[test]
fn json_has_what_the_table_has() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let call = [
        "backtest", "--json", "--policy", &policy, "--set", QUICKER, "--events", &log,
    ];
    let said = punctual(&call).json();
    assert_eq!(said["tickets"], 3);
    assert_eq!(said["policies"][1]["differences"], 2);
    assert_eq!(said["policies"][1]["reasons"]["budget"], 2);
    let first = &said["promises"][0];
    assert_eq!(first["target"], "first-response");
    assert_eq!(first["policies"][0]["met"], 2);
    assert_eq!(first["policies"][1]["breached"], 2);
    assert_eq!(first["policies"][1]["overdue"], 1);
    assert_eq!(said["examples"].as_array().unwrap().len(), 2);
    let fewer = [&call[..], &["--examples", "1"]].concat();
    assert_eq!(
        punctual(&fewer).json()["examples"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn differences_on_the_output_leave_the_table_to_the_errors() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let ran = punctual(&[
        "backtest", "--policy", &policy, "--set", QUICKER, "--events", &log, "--out", "-",
    ]);
    assert_eq!(ran.exit, 0);
    assert_eq!(lines(&ran.out).len(), 2);
    assert!(ran.err.contains("A late"), "{}", ran.err);
}

#[test]
fn calls_that_compare_nothing_are_refused() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let call = ["backtest", "--policy", &policy, "--events", &log];
    assert_eq!(punctual(&call).exit, 2, "neither --against nor --set");
    for (more, told) in [
        (["--against", &policy], "this policy is named twice"),
        (
            ["--set", "target.slved.stop = \"x\""],
            "did you mean `solved`?",
        ),
        (
            ["--set", "target.solved.goals[4].within = \"1h\""],
            "[0] to [0]; there is no [4]",
        ),
        (["--set", "target.solved"], "write a path and a value"),
        (
            ["--out", &log],
            "the differences would overwrite the events",
        ),
    ] {
        let set = ["--set", QUICKER];
        let with = [
            &call[..],
            if more[0] == "--out" { &set[..] } else { &[] },
            &more,
        ]
        .concat();
        let ran = punctual(&with);
        assert_eq!((ran.exit, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    // What a change makes of the policy is checked like any policy, with its line.
    let wrong = [
        &call[..],
        &["--set", "target.solved.goals[0].within = \"8hw\""],
    ]
    .concat();
    let ran = punctual(&wrong);
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("within = \"8hw\""), "{}", ran.err);
    assert_eq!(
        fs::read_to_string(&log).unwrap(),
        LOG,
        "the events are untouched"
    );
}

#[test]
fn rows_that_make_no_sense_are_passed_over() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = desk.file("log.csv", format!("{LOG}T-4,yesterday,received,fault,\n"));
    let call = [
        "backtest", "--policy", &policy, "--set", QUICKER, "--events", &log,
    ];
    let ran = punctual(&call);
    assert_eq!(ran.exit, 1);
    assert!(ran.out.contains("1 row of 8 passed over"), "{}", ran.out);
}

/// A store of a month in which everything was bound, breached and escalated, and the same log as a
/// file: what was recorded plays no part, and where it is read from neither.
#[test]
fn a_store_and_its_export_come_to_the_same() {
    let desk = Desk::new();
    let store = desk.name("store");
    let played = punctual(&["month", "--tickets", "60", "--days", "5", "--store", &store]);
    assert_eq!(played.exit, 0, "{played:?}");
    let log = desk.name("log.jsonl");
    assert_eq!(punctual(&["export", &store, "--out", &log]).exit, 0);
    let change = "target.first-response.goals[3].within = \"1wm\"";
    let backtest = |source: [&str; 2], more: &[&str]| {
        let call = [
            "backtest",
            "--json",
            "--policy",
            "after-sales",
            "--set",
            change,
            "--rungs",
        ];
        let call = [
            &call[..],
            &source,
            &["--as-of", "last", "--examples", "1000"],
            more,
        ]
        .concat();
        let ran = punctual(&call);
        assert_eq!(ran.exit, 0, "{ran:?}");
        let mut said = ran.json();
        for field in ["source", "rows", "examples"] {
            said.as_object_mut().unwrap().remove(field);
        }
        said
    };
    let from_store = backtest(["--store", &store], &["--workers", "3"]);
    assert_eq!(from_store["tickets"], 60);
    assert!(from_store["policies"][1]["differences"].as_u64().unwrap() > 0);
    assert_eq!(
        from_store,
        backtest(["--store", &store], &["--workers", "1"])
    );
    assert_eq!(from_store, backtest(["--events", &log], &[]));
}
