//! What is there already is not touched.

use std::fs;

use crate::program::{SHORT, punctual};

#[test]
fn a_directory_with_something_else_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("punctual-month");
    fs::create_dir(&store).unwrap();
    fs::write(store.join("letter.txt"), "dear").unwrap();
    let said = punctual(directory.path(), &SHORT);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("--store"), "{}", said.err);
    assert_eq!(fs::read_dir(&store).unwrap().count(), 1);
    // Neither is a file.
    let file = ["--store", "punctual-month/letter.txt"];
    let said = punctual(directory.path(), &[&SHORT[..], &file].concat());
    assert_eq!(said.code, Some(2), "{}", said.err);
}

#[test]
fn a_month_beside_which_somebody_put_something_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(punctual(directory.path(), &SHORT).code, Some(0));
    let letter = directory.path().join("punctual-month/letter.txt");
    fs::write(&letter, "dear").unwrap();
    assert_eq!(punctual(directory.path(), &SHORT).code, Some(2));
    assert!(letter.is_file());
    let verify = punctual(directory.path(), &["verify", "punctual-month"]);
    assert_eq!(verify.code, Some(0), "{}", verify.err);
}

#[test]
fn a_store_of_somebody_else_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let line = r#"{"ticket":"T-1","at":"2026-03-09T09:00:00+08:00","event":{"type":"received"}}"#;
    fs::write(directory.path().join("log.jsonl"), line).unwrap();
    assert_eq!(punctual(directory.path(), &SHORT).code, Some(0));
    // The same events, and even the same tenant, in a store that no month made.
    let export = ["export", "punctual-month", "--out", "month.jsonl"];
    assert_eq!(punctual(directory.path(), &export).code, Some(0));
    let import = ["import", "data", "--events", "month.jsonl"];
    assert_eq!(punctual(directory.path(), &import).code, Some(0));
    let said = punctual(
        directory.path(),
        &[&SHORT[..], &["--store", "data"]].concat(),
    );
    assert_eq!(said.code, Some(2), "{}", said.err);
    let verify = punctual(directory.path(), &["verify", "data"]);
    assert_eq!(verify.code, Some(0), "{}", verify.err);
}

#[test]
fn an_earlier_month_is_kept_when_that_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let keep = [&SHORT[..], &["--keep"]].concat();
    assert_eq!(punctual(directory.path(), &keep).code, Some(0));
    let said = punctual(directory.path(), &keep);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("--keep"), "{}", said.err);
    assert_eq!(punctual(directory.path(), &SHORT).code, Some(0));
}

#[test]
fn what_makes_no_month_is_refused_before_anything_is_made() {
    let directory = tempfile::tempdir().unwrap();
    for wrong in [
        &["month", "--punctuality", "101"][..],
        &["month", "--days", "0"],
        &["month", "--start", "1990-01-01"],
        &["month", "--events", "log.csv"],
        &["month", "--policy", "after-sales"],
        &["month", "--events", "log.csv", "--policy", "after-sales"],
        &[
            "month",
            "--events",
            "log.csv",
            "--policy",
            "after-sales",
            "--seed",
            "1",
        ],
    ] {
        let said = punctual(directory.path(), wrong);
        assert!(matches!(said.code, Some(2 | 3)), "{wrong:?} {}", said.err);
        assert!(
            !directory.path().join("punctual-month").exists(),
            "{wrong:?}"
        );
    }
}
