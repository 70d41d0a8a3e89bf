//! The laws hold of random policies under random histories, and each of them can fail.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "laws/found.rs"]
mod found;
#[path = "laws/twins.rs"]
mod twins;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use punctual::policy::{AFTER_SALES, Policy};
use punctual::testing::{Law, arrivals, cases, histories, laws};

proptest! {
    #![proptest_config(ProptestConfig {
        // What is found is kept by name, in `laws/found.rs`.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_law_holds_of_every_policy(case in cases()) {
        if let Err(broken) = laws::all(&case.policy, &case.history) {
            let test = broken.to_test("found", &case.plan.to_string());
            prop_assert!(false, "{broken}\n{test}");
        }
    }

    #[test]
    fn facts_arrive_in_any_order(
        (case, arrival) in cases().prop_flat_map(|case| {
            let arrivals = arrivals(&case.history);
            (Just(case), arrivals)
        })
    ) {
        laws::under_arrival(&case.policy, &case.history, &arrival)?;
    }
}

#[test]
fn every_law_holds_of_the_house_preset() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::from_toml(AFTER_SALES)?;
    let config = ProptestConfig::default();
    laws::check(&policy, config.cases.min(64))?;
    Ok(())
}

#[test]
fn each_law_says_what_it_is() {
    for law in Law::ALL {
        assert!(
            !law.name().contains(' ') && law.says().contains(' '),
            "{law}"
        );
        assert_eq!(law.to_string(), law.name());
    }
}

#[test]
fn histories_of_a_policy_are_told_in_its_own_words() {
    let policy = Policy::from_toml(AFTER_SALES).unwrap();
    let mut runner = TestRunner::deterministic();
    let mut said = String::new();
    // One history in forty comes as far as a survey.
    for _ in 0..512 {
        let history = histories(&policy).new_tree(&mut runner).unwrap().current();
        said.push_str(&history.to_string());
    }
    for word in [
        "complaint",
        "urgent",
        "complexity=",
        "awaiting-parts",
        "satisfaction=",
        "visit=",
    ] {
        assert!(said.contains(word), "{word}");
    }
}
