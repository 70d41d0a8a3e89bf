//! A log that is given.

use std::fs;

use crate::program::punctual;

/// Two tickets: one whose answer comes after its due instant, one that waits for the customer.
const LOG: &str = "\
ticket,at,kind,class,reason
A-1,2026-03-09T09:00:00+08:00,received,fault,
A-2,2026-03-09T09:10:00+08:00,received,fault,
A-2,2026-03-09T09:20:00+08:00,paused,,customer
A-1,2026-03-09T11:30:00+08:00,replied,,
A-2,2026-03-10T09:20:00+08:00,resumed,,customer
A-2,2026-03-10T09:30:00+08:00,replied,,
A-1,2026-03-10T10:00:00+08:00,replied,,
";

const POLICY: &str = r#"
policy   = "desk"
timezone = "Asia/Shanghai"
default-calendar = "office"
[calendar.office]
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
[role.lead]
rank = 1
[role.head]
rank = 2
[pause]
customer = {}
[target.answer]
start  = "received"
stop   = "replied"
goals  = [{ within = "2wh" }]
pause  = ["customer"]
ladder = [{ at = "50%", tell = "lead" }, { at = "due", tell = "head" }]
"#;

fn play(log: &str, more: &[&str]) -> (tempfile::TempDir, crate::program::Said) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("log.csv"), log).unwrap();
    fs::write(directory.path().join("desk.toml"), POLICY).unwrap();
    let given = ["month", "--events", "log.csv", "--policy", "desk.toml"];
    let said = punctual(directory.path(), &[&given[..], more].concat());
    (directory, said)
}

#[test]
fn rungs_are_told_between_the_events_at_the_instants_at_which_they_were_owed() {
    let (directory, said) = play(LOG, &["--json"]);
    let month = said.json();
    assert_eq!(month["tickets"], 2);
    assert_eq!(month["played"]["taken"], 7);
    let export = punctual(directory.path(), &["export", "punctual-month"]);
    let mut rungs = Vec::new();
    for line in export.out.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if line["event"]["type"] == "escalated" {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            rungs.push((
                text(&line["stream"]),
                text(&line["event"]["role"]),
                text(&line["recorded_at"]),
                line["event"]["late"].as_bool(),
            ));
        }
    }
    let rung = |ticket: &str, role: &str, at: &str| {
        let stream = format!("month/ticket/{ticket}");
        (stream, role.to_owned(), at.to_owned(), Some(false))
    };
    // A-1 was half used up at ten and over at eleven; A-2 had used ten minutes as it paused, and
    // twenty as it was answered.
    assert_eq!(
        rungs,
        [
            rung("A-1", "lead", "2026-03-09T02:00:00Z"),
            rung("A-1", "head", "2026-03-09T03:00:00.000001Z"),
        ],
        "{}",
        export.out
    );
    assert_eq!(
        (&month["figures"]["kept"], &month["figures"]["decided"]),
        (&1.into(), &2.into())
    );
    assert_eq!(
        month["restart"]["last_command_known"],
        serde_json::Value::Null
    );
}

#[test]
fn a_log_of_the_engine_plays_again_to_the_same_figures() {
    let (directory, said) = play(LOG, &["--json"]);
    let month = said.json();
    let export = ["export", "punctual-month", "--out", "again.jsonl"];
    assert_eq!(punctual(directory.path(), &export).code, Some(0));
    let again = [
        "month",
        "--events",
        "again.jsonl",
        "--policy",
        "desk.toml",
        "--store",
        "again",
        "--json",
    ];
    let again = punctual(directory.path(), &again).json();
    for figure in ["figures", "events", "events_by_kind", "played", "notices"] {
        assert_eq!(month[figure], again[figure], "{figure}");
    }
}

#[test]
fn what_steers_a_terminal_does_not_reach_it() {
    let (_, said) = play(&LOG.replace("fault", "fa\u{1b}[2Jult"), &[]);
    // The class is refused as a name, or shown without what steers.
    assert!(
        !said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'),
        "{}",
        said.err
    );
}
