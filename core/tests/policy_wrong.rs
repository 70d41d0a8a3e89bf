//! A corpus of wrong documents, each with the report that it must give in both languages.
//!
//! `UPDATE_GOLDEN=1 cargo test --test policy_wrong` writes the reports anew; review them as code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use punctual::language::Language;
use punctual::policy::{Code, Document, Notation, Policy, Report};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies/wrong")
}

fn documents() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|kind| kind == "toml" || kind == "json")
        })
        .collect();
    paths.sort();
    paths
}

fn compiled(path: &Path) -> Result<Policy, Report> {
    let source = fs::read_to_string(path).unwrap();
    if path.extension().is_some_and(|kind| kind == "json") {
        Policy::from_json(&source)
    } else {
        Policy::from_toml(&source)
    }
}

fn report(path: &Path) -> Report {
    match compiled(path) {
        Ok(_) => panic!("{} has no mistake", path.display()),
        Err(report) => report,
    }
}

#[test]
fn every_wrong_document_gives_its_golden_report() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let documents = documents();
    assert!(documents.len() >= 60, "only {} documents", documents.len());
    let mut differing = Vec::new();
    for path in documents {
        let report = report(&path);
        let (english, chinese) = (
            report.text(Language::English),
            report.text(Language::Chinese),
        );
        let found = format!("{english}\n{chinese}");
        let golden = path.with_extension("txt");
        if update {
            fs::write(&golden, found).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != found {
            differing.push(format!("{}\n{found}", golden.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_code_is_shown_by_some_wrong_document() {
    let shown: BTreeSet<Code> = documents()
        .iter()
        .flat_map(|path| {
            report(path)
                .diagnostics()
                .iter()
                .map(|found| found.code)
                .collect::<Vec<_>>()
        })
        .collect();
    // These need documents of a megabyte, or the hostile ones of another test.
    let elsewhere = [Code::TooLarge, Code::TooDeep];
    let missing: Vec<&Code> = Code::ALL
        .iter()
        .filter(|code| !shown.contains(code) && !elsewhere.contains(code))
        .collect();
    assert!(missing.is_empty(), "no document shows {missing:?}");
}

#[test]
fn a_report_names_the_place_in_the_source() {
    for path in documents() {
        let source = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = source.split('\n').collect();
        for found in report(&path).diagnostics() {
            let line = lines
                .get(found.line - 1)
                .unwrap_or_else(|| panic!("{path:?}: {found:?}"));
            assert!(
                found.column <= line.chars().count() + 1,
                "{path:?}: {found:?}"
            );
        }
    }
}

#[test]
fn a_mistake_in_json_is_told_like_its_twin_in_toml() {
    let mut twins = 0;
    for path in documents()
        .iter()
        .filter(|path| path.extension().unwrap() == "toml")
    {
        let source = fs::read_to_string(path).unwrap();
        let Ok(document) = Document::parse(&source, Notation::Toml) else {
            continue;
        };
        twins += 1;
        let codes = |report: &Report| {
            let mut codes: Vec<Code> = report
                .diagnostics()
                .iter()
                .map(|found| found.code)
                .collect();
            codes.sort();
            codes
        };
        let twin = Policy::from_json(&document.to_json()).unwrap_err();
        assert_eq!(codes(&twin), codes(&report(path)), "{}", path.display());
    }
    assert!(twins > 50);
}
