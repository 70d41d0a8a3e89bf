//! `lint`.

use serde_json::json;

use crate::desk::{Desk, POLICY, assert_plain, punctual};

#[test]
fn a_clean_policy_is_zero_and_says_so() {
    let ran = punctual(&["lint", "after-sales"]);
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert!(
        ran.out
            .ends_with("after-sales: no mistakes, 0 warnings, 0 notes, 5 accepted\n")
    );
}

#[test]
fn a_finding_is_one_and_named_by_its_code() {
    let desk = Desk::new();
    let slow =
        POLICY.replace("within = \"1wh\"", "within = \"3wh\"") + "\n[role]\nx = { rank = 1 }\n";
    let policy = desk.file("p.toml", slow);
    let ran = punctual(&["lint", &policy, "--json"]);
    let found = ran.json();
    assert_eq!(found["findings"][0]["lint"], "unused-role");
    assert_eq!(ran.exit, 0, "a note is no objection: {ran:?}");
    assert_eq!(punctual(&["lint", &policy, "--strict"]).exit, 1);

    let dead = POLICY.replace(
        "goals = [{ within = \"8wh\" }]",
        "goals = [{ within = \"8wh\" }, { when = { class = \"fault\" }, within = \"1wh\" }]",
    );
    let ran = punctual(&["lint", &desk.file("dead.toml", dead)]);
    assert_eq!(ran.exit, 1);
    assert!(
        ran.out
            .contains("warning[shadowed-goal] target.solved.goals[1]"),
        "{}",
        ran.out
    );
}

#[test]
fn every_mistake_is_told_in_one_run_with_line_column_and_hint() {
    let desk = Desk::new();
    let wrong = POLICY
        .replace("\"replied\"", "\"repleid\"")
        .replace("class = \"fault\"", "class = \"fautl\"");
    let policy = desk.file("p.toml", &wrong);
    let ran = punctual(&["lint", &policy]);
    assert_eq!(ran.exit, 2);
    for told in [
        "p.toml:14:9",
        "p.toml:15:29",
        "did you mean \"replied\"?",
        "did you mean \"fault\"?",
        "2 mistakes",
    ] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    let found = punctual(&["lint", &policy, "--json"]).json();
    let places: Vec<_> = found["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["code"].as_str().unwrap(),
                it["line"].as_u64(),
                it["column"].as_u64(),
            )
        })
        .collect();
    let line = |needle: &str| {
        let at = wrong
            .lines()
            .position(|line| line.contains(needle))
            .unwrap();
        Some(at as u64 + 1)
    };
    assert_eq!(
        places,
        [
            ("unknown-event", line("repleid"), Some(9)),
            ("unknown-class", line("fautl"), Some(29)),
        ]
    );
}

#[test]
fn json_and_toml_are_told_apart_by_the_name() {
    let desk = Desk::new();
    let document = json!({
        "policy": "p", "timezone": "UTC",
        "target": {"a": {"start": "received", "stop": "replied", "goals": [{"within": "1h"}]}},
    });
    let policy = desk.file("p.json", document.to_string());
    assert_eq!(punctual(&["lint", &policy]).exit, 0);
    assert_eq!(
        punctual(&["lint", &desk.file("p.toml", document.to_string())]).exit,
        2
    );
}

#[test]
fn what_is_not_there_is_told_with_what_may_be_meant() {
    let ran = punctual(&["lint", "after-sale"]);
    assert_eq!(ran.exit, 2);
    assert!(
        ran.err.contains("did you mean `after-sales`?"),
        "{}",
        ran.err
    );
}

#[test]
fn nothing_in_a_policy_steers_the_terminal() {
    let desk = Desk::new();
    let policy = desk.file(
        "p.toml",
        "policy = \"\u{1b}[2J\u{9b}1m\u{202e}\"\nx = \u{7}1\n",
    );
    let ran = punctual(&["lint", &policy]);
    assert_eq!(ran.exit, 2);
    assert_plain(&ran.err);
}
