//! Any text, read as a policy in both notations, is taken or refused and never panics; what is
//! taken has an equal twin, can be linted, and does not differ from itself.
//!
//! Start it with the shipped policy and the wrong documents:
//! `cargo +nightly fuzz run policy corpus ../core/policies ../core/tests/policies/wrong`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use punctual::language::Language;
use punctual::policy::{Document, Notation};

fuzz_target!(|source: &str| {
    for notation in [Notation::Toml, Notation::Json] {
        let document = match Document::parse(source, notation) {
            Ok(document) => document,
            Err(report) => {
                assert!(!report.text(Language::Chinese).is_empty());
                continue;
            }
        };
        let twin = Document::parse(&document.to_json(), Notation::Json);
        let twin = twin.unwrap_or_else(|report| panic!("the twin is refused: {report}"));
        match (document.compile(1, &[]), twin.compile(1, &[])) {
            (Ok(policy), Ok(equal)) => {
                assert_eq!(policy, equal);
                assert!(policy.changes_from(&equal).is_empty());
                for finding in policy.lint() {
                    assert!(!document.show(&finding, Language::English).is_empty());
                }
            }
            (Err(report), Err(other)) => {
                assert_eq!(report.diagnostics().len(), other.diagnostics().len());
            }
            (one, other) => panic!("twins disagree: {:?} and {:?}", one.err(), other.err()),
        }
    }
});
