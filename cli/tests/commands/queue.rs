//! `due` and `explain` from a file.

use serde_json::{Value, json};

use crate::desk::{Desk, LOG, POLICY, assert_fits, in_locale, punctual};

#[test]
fn what_is_overdue_stands_before_what_comes_next() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let call = ["due", "--policy", &policy, "--events", &log, "--at"];
    let at = |at: &'static str, more: &[&'static str]| {
        let ran = punctual(&[&call[..], &[at], more].concat());
        assert_eq!(ran.exit, 0, "{ran:?}");
        ran
    };
    let names = |list: &Value| {
        let name = |it: &Value| format!("{} {}", it["ticket"], it["target"]).replace('"', "");
        list.as_array()
            .unwrap()
            .iter()
            .map(name)
            .collect::<Vec<_>>()
    };
    let found = at("2026-03-11T14:30:00+08:00", &["--json"]).json();
    assert_eq!(names(&found["overdue"]), ["T-3 first-response"]);
    assert_eq!(names(&found["next"]), ["T-3 solved"]);
    assert_eq!(found["waiting"], 1);
    assert_eq!(found["overdue"][0]["due_at"], "2026-03-11T06:00:00Z");

    let text = at("2026-03-11T14:30:00+08:00", &[]).out;
    assert!(
        text.starts_with("2026-03-11 14:30 (Asia/Shanghai): 1 overdue, 1 to come, 1 waiting\n"),
        "{text}"
    );
    assert!(text.contains("2026-03-11 14:00       30m  T-3"), "{text}");

    let none = at(
        "2026-03-11T14:30:00+08:00",
        &["--class", "enquiry", "--json"],
    )
    .json();
    assert_eq!(
        (names(&none["next"]).len(), &none["waiting"]),
        (0, &json!(1))
    );
    let one = at(
        "2026-03-11T14:30:00+08:00",
        &["--target", "solved", "--limit", "0", "--json"],
    )
    .json();
    assert_eq!(
        (names(&one["next"]).len(), &one["next_total"]),
        (0, &json!(1))
    );
}

#[test]
fn a_filter_that_fits_nothing_is_no_good_news() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let more = ["--policy", &policy, "--events", &log];
    for (call, says) in [
        (
            &["due", "--target", "first-respnse"][..],
            "did you mean `first-response`?",
        ),
        (&["due", "--agreement", "servic"], "did you mean `service`?"),
        (&["explain", "T-1", "--target", "x"], "no such target"),
    ] {
        let ran = punctual(&[call, &more].concat());
        assert_eq!(ran.exit, 2, "{ran:?}");
        assert!(ran.err.contains(says), "{}", ran.err);
    }
}

#[test]
fn a_ticket_is_explained_without_a_hole() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let call = ["explain", "T-2", "--policy", &policy, "--events", &log];
    let ran = punctual(&call);
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert!(
        ran.out
            .contains("used 1h 30m of 8h (18%), open time of office v1"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains(
            "2026-03-09 11:30:00  2026-03-09 12:00:00     30m  paused: awaiting-customer"
        ),
        "{}",
        ran.out
    );
    let found = punctual(&[&call[..], &["--json", "--target", "solved"]].concat()).json();
    let parts = found["promises"][0]["parts"].as_array().unwrap();
    for pair in parts.windows(2) {
        assert_eq!(pair[0]["interval"]["end"], pair[1]["interval"]["start"]);
    }
    let missing = punctual(&["explain", "T-9", "--policy", &policy, "--events", &log]);
    assert_eq!(missing.exit, 2);
    assert!(
        missing.err.contains("T-9: there is no such ticket"),
        "{}",
        missing.err
    );
}

#[test]
fn open_time_is_explained_in_hours_and_wall_time_in_days() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let at = "2026-03-17T18:00:00+08:00";
    let call = [
        "explain", "T-2", "--policy", &policy, "--events", &log, "--at", at,
    ];
    for (language, sum) in [
        (
            "en",
            "sum: counting 1h 30m, closed 6d 4h 30m, paused: awaiting-customer 50h; together 8d 8h",
        ),
        (
            "zh",
            "合计：计时 1小时30分，非工作时间 6天4小时30分，暂停：awaiting-customer 50小时；总计 8天8小时",
        ),
    ] {
        let more = ["--target", "solved", "--brief", "--lang", language];
        let ran = punctual(&[&call[..], &more].concat());
        let on_one_line = |text: &str| text.replace([' ', '\n'], "");
        let found = on_one_line(&ran.out).contains(&on_one_line(sum));
        assert!(found, "{}", ran.out);
    }
}

#[test]
fn tables_fit_the_terminal_in_both_languages() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = format!(
        "{LOG}a-ticket-with-a-very-long-name-that-has-to-be-cut,2026-03-10T09:00:00Z,received,,\n"
    );
    let log = desk.file("log.csv", log);
    for locale in ["en_US.UTF-8", "zh_CN.UTF-8"] {
        for columns in [60, 80, 120] {
            for call in [
                &["due", "--at", "2026-03-12T09:00:00+08:00"][..],
                &["replay", "--as-of", "2026-03-12T09:00:00+08:00"],
                &["explain", "T-2"],
            ] {
                let more = ["--policy", &policy, "--events", &log];
                let ran = in_locale(&[call, &more].concat(), locale, columns);
                assert_eq!(ran.exit, 0, "{ran:?}");
                // The name of the file in front of a replay may be longer than any terminal.
                let text: Vec<&str> = ran.out.lines().filter(|line| !line.contains('/')).collect();
                assert_fits(&text.join("\n"), columns);
            }
        }
    }
}

#[test]
fn people_are_told_in_their_language_and_programs_always_the_same() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let call = ["due", "--policy", &policy, "--events", &log];
    let chinese = in_locale(&call, "zh_CN.UTF-8", 80);
    assert!(
        chinese.out.contains("逾期") && chinese.out.contains("首次响应"),
        "{}",
        chinese.out
    );
    let asked = punctual(&[&call[..], &["--lang", "zh"]].concat());
    assert_eq!(asked.out, chinese.out);
    let json = [&call[..], &["--json"]].concat();
    assert_eq!(in_locale(&json, "zh_CN.UTF-8", 80).out, punctual(&json).out);
}

#[test]
fn chinese_readers_see_what_things_are_called_and_not_their_ids() {
    let desk = Desk::new();
    let log = "\
ticket,at,kind,class,level,reason
T-1,2026-03-09T09:00:00+08:00,received,complaint,urgent,
T-1,2026-03-09T10:00:00+08:00,paused,,,awaiting-customer
T-1,2026-03-09T11:00:00+08:00,withdrawn,,,
T-1,2026-03-09T12:00:00+08:00,dispatched,,,
";
    let log = desk.file("log.csv", log);
    let call = [
        "explain",
        "T-1",
        "--policy",
        "after-sales",
        "--events",
        &log,
    ];
    let told = |language| {
        let out = punctual(&[&call[..], &["--lang", language]].concat()).out;
        out.replace([' ', '\n'], "")
    };
    let chinese = told("zh");
    for words in [
        "类别投诉，级别紧急级，已合并或撤回",
        "已取消（客户撤回）",
        "暂停：等待客户",
        "警告：版本4：当时不可能发生“派出维修人员”：工单已合并或撤回，不在处理中",
    ] {
        assert!(chinese.contains(words), "{words}: {chinese}");
    }
    let english = told("en");
    for words in [
        "classcomplaint,levelurgent,mergedorwithdrawn",
        "cancelled(withdrawn)",
        "paused:awaiting-customer",
        "version4:dispatchedcannothavehappenedthen",
    ] {
        assert!(english.contains(words), "{words}: {english}");
    }
}
