//! A month that is made up.

use std::process::Command;

use punctual_cli::text::{is_plain, width};
use serde_json::Value;

use crate::program::{SHORT, command, punctual};

fn played(directory: &std::path::Path, more: &[&str]) -> Value {
    let arguments = [&SHORT[..], more, &["--json"]].concat();
    punctual(directory, &arguments).json()
}

#[test]
fn a_seed_gives_the_same_month_again_and_another_seed_another() {
    let directory = tempfile::tempdir().unwrap();
    let first = played(directory.path(), &[]);
    // The second replaces the first.
    let second = played(directory.path(), &[]);
    assert_eq!(first, second);
    let other = played(directory.path(), &["--seed", "8"]);
    assert_ne!(first["figures"], other["figures"]);
    assert_eq!(first["tickets"], 40);
    assert!(first["played"]["taken"].as_u64() > Some(400), "{first}");
    assert_eq!(first["played"]["refused"], 0);
    assert!(first["played"]["escalated"].as_u64() > Some(10), "{first}");
    // Somebody looked at every due instant.
    assert_eq!(first["played"]["late"], 0);
}

#[test]
fn waiting_for_the_disk_changes_no_event() {
    let directory = tempfile::tempdir().unwrap();
    let few = ["--tickets", "5", "--days", "3"];
    let arguments = [&["month", "--json"], &few[..]].concat();
    let quick = punctual(directory.path(), &arguments).json();
    let durable = [&arguments[..], &["--durable"]].concat();
    assert_eq!(quick, punctual(directory.path(), &durable).json());
}

#[test]
fn the_restart_loses_nothing_and_every_escalation_is_delivered_once() {
    let directory = tempfile::tempdir().unwrap();
    let month = played(directory.path(), &[]);
    let restart = &month["restart"];
    assert_eq!(restart["at"], "2026-03-05T16:00:00Z");
    assert_eq!(restart["last_command_known"], true);
    for figure in ["events", "tickets", "open_tickets"] {
        assert!(restart[figure].as_u64() > Some(0), "{figure}: {restart}");
    }
    let told = &month["notices"]["total"];
    assert_eq!(told, &month["events_by_kind"]["escalated"]);
    assert_eq!(told, &month["played"]["escalated"]);
    assert_eq!(month["notices"]["again"], 0);
}

/// What the engine told while it played is what a replay of its own log finds afterwards.
#[test]
fn the_figures_are_those_of_a_replay() {
    let directory = tempfile::tempdir().unwrap();
    let month = played(directory.path(), &[]);
    let export = ["export", "punctual-month", "--out", "log.jsonl"];
    assert_eq!(punctual(directory.path(), &export).code, Some(0));
    let until = month["until"].as_str().unwrap();
    let replay = [
        "replay",
        "--policy",
        "after-sales",
        "--events",
        "log.jsonl",
        "--as-of",
        until,
        "--json",
    ];
    let replayed = punctual(directory.path(), &replay).json();
    let of = |found: &Value, target: &Value, name: &str| {
        let targets = found.as_array().unwrap().iter();
        let is_it = |it: &&Value| {
            it["target"] == target["target"] && it["agreement"] == target["agreement"]
        };
        targets.into_iter().find(is_it).map(|it| it[name].clone())
    };
    let targets = month["figures"]["targets"].as_array().unwrap();
    assert!(targets.len() > 10, "{targets:?}");
    for target in targets {
        for (ours, theirs) in [
            ("promises", "clocks"),
            ("kept", "met"),
            ("broken", "breached"),
            ("open", "open"),
            ("overdue", "overdue"),
        ] {
            let found = of(&replayed["targets"], target, theirs);
            assert_eq!(found.as_ref(), Some(&target[ours]), "{target} {theirs}");
        }
    }
}

#[test]
fn what_it_suggests_works_as_it_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let month = played(directory.path(), &[]);
    let commands = month["go_on"].as_array().unwrap();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let command = command.as_str().unwrap();
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(directory.path())
            .output()
            .unwrap();
        let (out, err) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{command}: {err}");
        let wrote = !out.is_empty() || directory.path().join("month.jsonl").is_file();
        assert!(wrote, "{command}");
    }
    let ticket = month["breach"]["ticket"].as_str().unwrap();
    assert!(commands[0].as_str().unwrap().contains(ticket));
}

#[test]
fn the_store_is_sound_afterwards() {
    let directory = tempfile::tempdir().unwrap();
    let month = played(directory.path(), &["--store", "elsewhere"]);
    let found = punctual(directory.path(), &["verify", "elsewhere", "--json"]).json();
    assert_eq!(found["sound"], true, "{found}");
    assert_eq!(found["commits"], month["commits"]);
    assert!(!directory.path().join("punctual-month").exists());
}

#[test]
fn it_fits_the_terminal_in_both_languages() {
    let directory = tempfile::tempdir().unwrap();
    for (language, word) in [("en", "nothing was lost"), ("zh", "没有丢失")] {
        for columns in [80, 120] {
            let arguments = [&SHORT[..], &["--lang", language]].concat();
            let said = command(directory.path(), &arguments, &columns.to_string());
            assert_eq!(said.code, Some(0), "{}", said.err);
            assert!(said.out.contains(word), "{}", said.out);
            // Commands stay in one piece, so that they can be copied.
            let lines = said.out.lines().filter(|line| !line.starts_with("  "));
            for line in lines {
                assert!(line.chars().all(is_plain), "{line:?}");
                assert!(width(line) <= columns, "{line}");
            }
        }
    }
}

#[test]
fn a_month_without_tickets_is_one_too() {
    let directory = tempfile::tempdir().unwrap();
    let said = punctual(
        directory.path(),
        &["month", "--tickets", "0", "--days", "1"],
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn the_policies_of_a_store_are_read_from_it() {
    use punctual_cli::commands::month::TENANT;
    let directory = tempfile::tempdir().unwrap();
    played(directory.path(), &[]);
    let store = directory.path().join("punctual-month");
    let store = store.to_str().unwrap();
    let opened = punctual_cli::store::open(store).unwrap();
    let book = punctual_cli::store::published(&opened, store, Some(TENANT)).unwrap();
    assert_eq!(book.latest("after-sales").map(|it| it.version()), Some(1));
    drop(opened);
    // A promise of the store under its own policies is the one under the policy that is named.
    for command in ["due", "explain T-000007"] {
        let words: Vec<&str> = command.split(' ').collect();
        let of = |more: &[&str]| {
            let all = [
                &words[..],
                &["--store", "punctual-month", "--at", "last", "--json"],
                more,
            ];
            let said = punctual(directory.path(), &all.concat());
            assert_eq!(said.code, Some(0), "{}", said.err);
            said.json()
        };
        let (bound, named) = (of(&[]), of(&["--policy", "after-sales"]));
        assert_eq!(bound["overdue_total"], named["overdue_total"]);
        let count = |found: &Value| found["promises"].as_array().map(Vec::len);
        assert_eq!(count(&bound), count(&named));
    }
    let nothing = punctual(
        directory.path(),
        &["due", "--events", "punctual-month/punctual"],
    );
    assert_eq!(nothing.code, Some(2), "{}", nothing.err);
}
