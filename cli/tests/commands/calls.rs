//! The command line itself: help, languages, colour, what is built in.

use std::fs;
use std::path::Path;

use punctual_cli::{Environment, run};
use serde_json::Value;

use crate::desk::{NOW, assert_plain, in_locale, punctual};

#[test]
fn a_wrong_call_is_two_and_help_is_zero() {
    let wrong = punctual(&["no\u{1b}[2Jpe"]);
    assert_eq!(wrong.exit, 2);
    assert_plain(&wrong.err);
    assert_eq!(punctual(&["due", "--policy", "after-sales"]).exit, 2);
    let help = punctual(&["replay", "--help"]);
    assert_eq!((help.exit, help.err.as_str()), (0, ""));
    assert!(help.out.contains("Examples:"));
    assert!(punctual(&["--help"]).out.contains("Exit codes:"));
    let chinese = in_locale(&["--help"], "zh_CN.UTF-8", 80);
    assert_eq!(chinese.exit, 0);
    assert!(chinese.out.contains("退出码"), "{}", chinese.out);
}

#[test]
fn failures_are_json_too() {
    let ran = punctual(&["lint", "nowhere.toml", "--json"]);
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(error["error"]["exit"], 2);
    assert_eq!(ran.out, "");
}

#[test]
fn colour_is_there_when_it_is_asked_for_and_not_otherwise() {
    let colored = punctual(&["lint", "after-sales", "--color", "always"]);
    assert!(colored.out.contains("\u{1b}["));
    assert_plain(&punctual(&["lint", "after-sales"]).out);
    let mut environment = Environment::at(NOW.parse().unwrap());
    (environment.out_is_terminal, environment.no_color) = (true, true);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    run(
        ["punctual", "lint", "after-sales"],
        &environment,
        &mut out,
        &mut err,
    );
    assert_plain(&String::from_utf8(out).unwrap());
}

#[test]
fn what_is_built_in_is_listed_and_printed() {
    for (of, name) in [("map", "uci-incidents"), ("policy", "after-sales")] {
        assert!(punctual(&[of, "list"]).out.contains(name));
        let shown = punctual(&[of, "show", name]);
        assert_eq!(shown.exit, 0);
        assert!(shown.out.contains(" = "));
        assert_eq!(punctual(&[of, "show", "nothing"]).exit, 2);
    }
    let schema: Value = serde_json::from_str(&punctual(&["schema", "policy"]).out).unwrap();
    assert_eq!(schema["required"][0], "policy");
}

/// The policies of the public logs are those that the core is tested with.
#[test]
fn shipped_policies_are_those_of_the_core_s_own_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut compared = 0;
    for entry in fs::read_dir(root.join("policies")).unwrap() {
        let path = entry.unwrap().path();
        let core = root
            .join("../core/tests/real_logs/policies")
            .join(path.file_name().unwrap());
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            fs::read_to_string(&core).unwrap()
        );
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn a_wrong_call_is_told_in_chinese() {
    let wrong = |words: &[&str]| {
        let ran = in_locale(words, "zh_CN.UTF-8", 80);
        assert_eq!(ran.exit, 2, "{ran:?}");
        assert_eq!(ran.out, "");
        ran.err
    };
    for (words, said) in [
        (
            &["replya"][..],
            "\u{6ca1}\u{6709}\u{547d}\u{4ee4}\u{201c}replya\u{201d}",
        ),
        (
            &["lint", "after-sales", "--strikt"],
            "\u{6ca1}\u{6709}\u{53c2}\u{6570}\u{201c}--strikt\u{201d}",
        ),
        (&["lint"], "\u{7f3a}\u{5c11}\u{53c2}\u{6570}"),
        (&["schema", "nothing"], "\u{201c}nothing\u{201d}"),
        (&["month", "--tickets", "many"], "\u{201c}many\u{201d}"),
        (
            &["month", "--tickets", "5", "--policy", "p", "--events", "e"],
            "\u{4e0d}\u{80fd}\u{4e0e}",
        ),
    ] {
        let told = wrong(words);
        assert!(told.starts_with("\u{9519}\u{8bef}\u{ff1a}"), "{told}");
        assert!(told.contains(said), "{told}");
        assert!(told.contains("--help"), "{told}");
    }
    let near = wrong(&["lint", "after-sales", "--strikt"]);
    assert!(near.contains("--strict"), "{near}");
    // What steers a terminal is not repeated.
    let hostile = wrong(&["lint", "--\u{1b}[31m"]);
    assert!(!hostile.contains('\u{1b}'), "{hostile:?}");
}
