//! Words in events that the policy does not know: taken, and told.

use serde_json::json;

use crate::desk::{Desk, LOG, POLICY, punctual};

/// Class and reason are misspelt, once each in T-1 and T-2, and the class in T-3, too.
fn misspelt() -> String {
    LOG.replace(",fault,", ",Fault,")
        .replace("awaiting-customer", "awaiting-costumer")
}

#[test]
fn an_unknown_word_is_told_with_what_may_be_meant() {
    let desk = Desk::new();
    let (policy, log) = (
        desk.file("p.toml", POLICY),
        desk.file("log.csv", misspelt()),
    );
    let call = ["explain", "T-2", "--policy", &policy, "--events", &log];
    for (language, told) in [
        (
            "en",
            "version 3: the policy knows no reason to pause \"awaiting-costumer\"; did you mean \
             \"awaiting-customer\"?",
        ),
        (
            "zh",
            "警告：版本 3：策略中没有暂停原因 \"awaiting-costumer\"；是否想写 \"awaiting-customer\"？",
        ),
    ] {
        let ran = punctual(&[&call[..], &["--lang", language]].concat());
        let on_one_line = |text: &str| text.replace([' ', '\n'], "");
        let found = on_one_line(&ran.out).contains(&on_one_line(told));
        assert!(found, "{}", ran.out);
    }
    let ran = punctual(&[&call[..], &["--json"]].concat());
    assert_eq!(
        ran.json()["unknown_words"],
        json!([{
            "version": 3,
            "kind": "reason",
            "word": "awaiting-costumer",
            "meant": "awaiting-customer",
        }])
    );
}

#[test]
fn a_whole_log_names_each_unknown_word_once() {
    let desk = Desk::new();
    let (policy, log) = (
        desk.file("p.toml", POLICY),
        desk.file("log.csv", misspelt()),
    );
    let call = ["replay", "--policy", &policy, "--events", &log];
    let ran = punctual(&call);
    assert_eq!(ran.exit, 0, "it is no mistake of the log: {ran:?}");
    let text = ran.out.replace('\n', " ");
    for told in [
        "2 places, the first in T-1: the policy knows no class \"Fault\"; did you mean \"fault\"?",
        "1 place, the first in T-2: the policy knows no reason to pause",
    ] {
        assert!(text.contains(told), "{}", ran.out);
    }
    let found = punctual(&[&call[..], &["--json"]].concat()).json();
    assert_eq!(
        found["unknown_words"]["words"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(
        found["unknown_words"]["words"][0],
        json!({"kind": "class", "word": "Fault", "meant": "fault", "count": 2, "first": "T-1"})
    );
    let clean = desk.file("clean.csv", LOG);
    let clean = punctual(&["replay", "--policy", &policy, "--events", &clean, "--json"]).json();
    assert_eq!(
        clean["unknown_words"],
        json!({"words": [], "not_listed": 0})
    );
}

#[test]
fn of_very_many_unknown_words_the_most_frequent_are_told() {
    let desk = Desk::new();
    let mut log = "ticket,at,kind,class\n".to_owned();
    for ticket in 0..1_800 {
        let class = if ticket % 3 == 0 {
            "often".to_owned()
        } else {
            format!("c{ticket}")
        };
        log += &format!("T-{ticket},2026-03-09T09:00:00+08:00,received,{class}\n");
    }
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", log));
    let call = ["replay", "--policy", &policy, "--events", &log];
    let out = punctual(&call).out.replace('\n', " ");
    assert!(
        out.contains("600 places, the first in T-0: the policy knows no class \"often\""),
        "{out}"
    );
    assert!(
        out.contains("1,191 places with other words that the policy does not know"),
        "{out}"
    );
    let found = punctual(&[&call[..], &["--json"]].concat()).json();
    assert_eq!(
        found["unknown_words"]["words"].as_array().map(Vec::len),
        Some(1_000)
    );
    assert_eq!(found["unknown_words"]["not_listed"], 201);
}
