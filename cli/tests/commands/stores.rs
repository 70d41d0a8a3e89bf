//! `export`, `import`, `verify`, and tickets from a store.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::desk::{Desk, POLICY, punctual};

/// Lines of an export, as another system would write them.
fn lines(tenants: &[&str]) -> String {
    let mut text = String::new();
    let mut offset = 0;
    for tenant in tenants {
        for (version, (at, kind, event)) in [
            (
                "2026-03-09T01:00:00Z",
                1,
                json!({"type": "received", "class": "fault", "text": {"plain": "It drips."}}),
            ),
            ("2026-03-09T01:30:00Z", 17, json!({"type": "replied"})),
        ]
        .into_iter()
        .enumerate()
        {
            offset += 1;
            let line = json!({
                "stream": format!("{tenant}/ticket/T-1"),
                "version": version + 1,
                "position": {"partition": 0, "offset": offset, "index": 0, "of": 1},
                "kind": kind, "schema": 1, "occurred_at": at, "recorded_at": at,
                "event": event,
            });
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

fn filled(desk: &Desk, tenants: &[&str]) -> String {
    let (log, store) = (desk.file("in.jsonl", lines(tenants)), desk.name("store"));
    let ran = punctual(&["import", &store, "--events", &log]);
    assert_eq!(ran.exit, 0, "{ran:?}");
    let n = tenants.len() * 2;
    assert_eq!(ran.out, format!("{n} commits, {n} events read in\n"));
    store
}

#[test]
fn what_is_exported_and_imported_is_the_same_log() {
    let desk = Desk::new();
    let store = filled(&desk, &["acme", "other"]);
    let first = punctual(&["export", &store]);
    assert_eq!(first.exit, 0);
    assert_eq!(first.out.lines().count(), 4);
    assert_eq!(first.err, "4 commits, 4 events written\n");
    let (file, again) = (desk.name("out.jsonl"), desk.name("again"));
    assert_eq!(punctual(&["export", &store, "--out", &file]).exit, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), first.out);
    assert_eq!(punctual(&["import", &again, "--events", &file]).exit, 0);
    assert_eq!(punctual(&["export", &again]).out, first.out);

    let refused = punctual(&["export", &store, "--out", &file]);
    assert_eq!(refused.exit, 2);
    assert!(
        refused.err.contains("the file is there already"),
        "{}",
        refused.err
    );
    assert_eq!(
        punctual(&["export", &store, "--out", &file, "--force"]).exit,
        0
    );
}

#[test]
fn an_import_that_breaks_off_says_where() {
    let desk = Desk::new();
    let log = desk.file(
        "in.jsonl",
        lines(&["acme"]).replace("\"version\":2", "\"version\":3"),
    );
    let ran = punctual(&["import", &desk.name("store"), "--events", &log]);
    assert_eq!(ran.exit, 2);
    assert!(
        ran.err.contains("expected version 2, found version 1"),
        "{}",
        ran.err
    );
    let log = desk.file("cut.jsonl", &lines(&["acme"])[..100]);
    let ran = punctual(&["import", &desk.name("store2"), "--events", &log]);
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("line 1, column"), "{}", ran.err);
}

#[test]
fn tickets_are_explained_and_listed_from_a_store() {
    let desk = Desk::new();
    let (store, policy) = (
        filled(&desk, &["acme", "other"]),
        desk.file("p.toml", POLICY),
    );
    let due = ["due", "--store", &store, "--policy", &policy, "--json"];
    let ran = punctual(&[&due[..], &["--tenant", "acme"]].concat());
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert_eq!(ran.json()["overdue_total"], 1);
    let call = |ticket: &'static str| {
        punctual(&["explain", ticket, "--store", &store, "--policy", &policy])
    };
    let one = call("acme/ticket/T-1");
    assert_eq!(one.exit, 0, "{one:?}");
    assert!(one.out.contains("first-response: met"), "{}", one.out);
    assert!(!one.out.contains("drips"));
    let several = call("T-1");
    assert_eq!(several.exit, 2);
    assert!(
        several.err.contains("acme/ticket/T-1, other/ticket/T-1"),
        "{}",
        several.err
    );
}

#[test]
fn a_sound_store_is_zero() {
    let desk = Desk::new();
    let ran = punctual(&["verify", &filled(&desk, &["acme", "other"])]);
    assert_eq!(ran.exit, 0, "{ran:?}");
    let figures = "sound\n  2 streams, 4 commits, 4 events, 0 commands\n";
    assert!(ran.out.ends_with(figures), "{}", ran.out);
}

/// Damage is found as the store is opened, and where it opens all the same, by what the files still
/// hold past the end of a log that was cut off.
#[test]
fn a_damaged_store_is_one_and_says_where() {
    for letter in [0, 8] {
        let desk = Desk::new();
        let store = filled(&desk, &["acme", "other"]);
        assert!(damage(Path::new(&store), b"It drips.", letter) > 0);
        let ran = punctual(&["verify", &store, "--json"]);
        assert_eq!(ran.exit, 1, "{letter}: {ran:?}");
        let found = ran.json();
        assert_eq!(found["sound"], false);
        let damage = found["damage"].as_array().unwrap();
        assert!(!damage.is_empty() || found["hidden"] != 0, "{found}");
        let ran = punctual(&["verify", &store]);
        assert_eq!(ran.exit, 1, "{letter}: {ran:?}");
        assert!(ran.out.contains(": damaged\n"), "{}", ran.out);
    }
}

/// Changes one letter of a text wherever it lies, and returns how often that is.
fn damage(folder: &Path, wanted: &[u8], letter: usize) -> usize {
    let mut changed = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            changed += damage(&path, wanted, letter);
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        let places: Vec<usize> = bytes
            .windows(wanted.len())
            .enumerate()
            .filter(|(_, found)| *found == wanted)
            .map(|(at, _)| at + letter)
            .collect();
        for at in &places {
            bytes[*at] ^= 0x20;
        }
        if !places.is_empty() {
            fs::write(&path, bytes).unwrap();
        }
        changed += places.len();
    }
    changed
}

#[test]
fn no_command_makes_a_store_by_looking() {
    let desk = Desk::new();
    fs::create_dir(desk.path("empty")).unwrap();
    for (name, says) in [
        ("empty", "the directory holds no store"),
        ("nowhere", "there is no such directory"),
    ] {
        for call in [&["verify"][..], &["export"]] {
            let store = desk.name(name);
            let ran = punctual(&[call, &[&store]].concat());
            assert_eq!(ran.exit, 2, "{ran:?}");
            assert!(ran.err.contains(says), "{}", ran.err);
        }
    }
    assert_eq!(fs::read_dir(desk.path("empty")).unwrap().count(), 0);
    assert!(!desk.path("nowhere").exists());
}

/// Tickets of two tenants are never told as one.
#[test]
fn where_several_tenants_are_one_has_to_be_named() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = desk.file("both.jsonl", lines(&["acme", "other"]));
    let store = filled(&desk, &["acme", "other"]);
    for (flag, source) in [("--store", &store), ("--events", &log)] {
        let call = |command: &str, more: &[&str]| {
            let at = if command == "due" { "--at" } else { "--as-of" };
            let call = [
                command, "--policy", &policy, flag, source, at, "last", "--json",
            ];
            punctual(&[&call[..], more].concat())
        };
        let set = ["--set", "target.first-response.goals[0].within = \"1wm\""];
        for (command, more, counted) in [
            ("due", &[][..], "/next_total"),
            ("scorecard", &[], "/tickets"),
            ("backtest", &set, "/tickets"),
        ] {
            let refused = call(command, more);
            assert_eq!(refused.exit, 2, "{refused:?}");
            assert!(refused.err.contains("acme, other"), "{}", refused.err);

            let near = call(command, &[more, &["--tenant", "othr"]].concat());
            assert_eq!(near.exit, 2, "{near:?}");
            assert!(near.err.contains("did you mean `other`?"), "{}", near.err);

            let one = call(command, &[more, &["--tenant", "other"]].concat());
            assert_eq!(one.exit, 0, "{one:?}");
            let one: Value = serde_json::from_str(&one.out).unwrap();
            assert_eq!(one.pointer(counted), Some(&json!(1)), "{command}: {one:#}");
        }
        let explain = |ticket: &str, more: &[&str]| {
            let call = ["explain", ticket, "--policy", &policy, flag, source];
            punctual(&[&call[..], &["--json"], more].concat())
        };
        assert_eq!(explain("T-1", &["--tenant", "acme"]).exit, 0);
        assert_eq!(explain("acme/ticket/T-1", &[]).exit, 0);
        let near = explain("T-1", &["--tenant", "othr"]);
        assert_eq!(near.exit, 2, "{near:?}");
        assert!(near.err.contains("did you mean `other`?"), "{}", near.err);
        let several = explain("T-1", &[]);
        assert_eq!(several.exit, 2, "{several:?}");
        assert!(several.err.contains("other/ticket/T-1"), "{}", several.err);
    }
    for command in ["replay", "month"] {
        let (kept, store) = (desk.name("kept"), "--store");
        let place: &[&str] = if command == "month" {
            &[store, &kept]
        } else {
            &[]
        };
        let call = |more: &[&str]| {
            let call = [command, "--policy", &policy, "--events", &log];
            punctual(&[&call[..], place, more].concat())
        };
        let refused = call(&[]);
        assert_eq!(refused.exit, 2, "{refused:?}");
        assert!(refused.err.contains("acme, other"), "{}", refused.err);
        assert_eq!(call(&["--tenant", "acme"]).exit, 0);
    }
}

/// Nobody's promises are read into another tenant's tickets.
#[test]
fn a_tenant_without_a_policy_is_not_told_as_one_that_keeps_everything() {
    let desk = Desk::new();
    let store = filled(&desk, &["acme", "other"]);
    for command in ["due", "scorecard"] {
        let ran = punctual(&[command, "--store", &store, "--tenant", "other"]);
        assert_eq!(ran.exit, 2, "{ran:?}");
        assert!(
            ran.err.contains("other: no policy was published"),
            "{}",
            ran.err
        );
    }
}
