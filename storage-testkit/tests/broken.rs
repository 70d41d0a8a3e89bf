//! The suite itself is tested: for every check there is a broken store, and the check finds it.
//!
//! `golden/broken.txt` lists, for every defect, which checks fail. The first is the one that the
//! defect was made for; the others fail because one broken promise breaks more than one sentence.
//! Renew the list with `PUNCTUAL_GOLDEN=renew cargo test -p punctual-testkit --test broken`.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use punctual_testkit::plain::{Defect, Plain};
use punctual_testkit::{CHECKS, Check, Outcome, Stop};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/broken.txt");

/// One thread and a clock that stands still while anything can be done: the same result every time.
fn run(check: &Check, defect: Option<Defect>) -> Outcome {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(check.run(Arc::new(Plain(defect))))
}

#[test]
fn every_check_has_a_broken_store() {
    let made_for: BTreeSet<_> = Defect::ALL.iter().map(|made| (made.1, made.2)).collect();
    let checks: BTreeSet<_> = CHECKS
        .iter()
        .map(|check| (check.family, check.name))
        .collect();
    assert_eq!(made_for, checks);
    assert_eq!(CHECKS.len(), checks.len(), "two checks of one name");
}

#[test]
fn every_broken_store_fails_its_check_and_the_listed_ones() {
    let (mut found, mut missed) = (String::new(), Vec::new());
    // A panic inside a check is a finding, not news for the terminal.
    std::panic::set_hook(Box::new(|_| ()));
    for &(defect, family, name) in Defect::ALL {
        let mut failed = Vec::new();
        for check in CHECKS {
            let made_for = (check.family, check.name) == (family, name);
            // Random histories find nearly everything; they are asked about their own alone.
            if check.family == "histories" && !made_for {
                continue;
            }
            if let Err(Stop::Failed(_)) = run(check, Some(defect)) {
                failed.push(format!("{check:?}"));
            }
        }
        let own = format!("{family}::{name}");
        if !failed.contains(&own) {
            missed.push(format!(
                "{own} does not find {defect:?}; found by {failed:?}"
            ));
        }
        writeln!(found, "{defect:?}\n    {own}").unwrap();
        for other in failed.into_iter().filter(|other| *other != own) {
            writeln!(found, "    and {other}").unwrap();
        }
    }
    let _ = std::panic::take_hook();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    if std::env::var_os("PUNCTUAL_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &found).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(
        found == golden,
        "the findings changed; see the head of this file\n{found}"
    );
}

#[test]
fn the_sound_store_fails_none() {
    for check in CHECKS {
        assert_eq!(run(check, None), Ok(()), "{check:?}");
    }
}
