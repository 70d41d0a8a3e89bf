//! Any text: the policy parser reports mistakes or compiles, and what compiles can be linted and read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use punctual::clock::{self, Bindings};
use punctual::language::Language;
use punctual::policy::Policy;
use punctual::ticket::Timeline;
use punctual::time::Instant;

fuzz_target!(|text: &str| {
    for parsed in [Policy::from_toml(text), Policy::from_json(text)] {
        match parsed {
            Ok(policy) => {
                let none = Timeline::default();
                assert!(clock::read(&none, &Bindings::to(&policy), Instant::MAX).is_empty());
            }
            Err(report) => {
                assert!(!report.diagnostics().is_empty(), "a refusal without a reason");
                assert!(!report.text(Language::Chinese).is_empty());
            }
        }
    }
});
