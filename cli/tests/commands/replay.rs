//! `replay`, and events from files.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, LOG, POLICY, assert_plain, punctual};

#[test]
fn a_log_in_our_own_words_needs_no_map() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let out = desk.name("v.jsonl");
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--out", &out,
    ]);
    assert_eq!(ran.exit, 0, "{ran:?}");
    let verdicts: Vec<Value> = fs::read_to_string(&out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let lines: Vec<_> = verdicts
        .iter()
        .map(|it| {
            (
                it["ticket"].as_str().unwrap(),
                it["target"].as_str().unwrap(),
                it["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("T-1", "first-response", "met"),
            ("T-1", "solved", "breached"),
            ("T-2", "first-response", "met"),
            ("T-2", "solved", "open"),
            ("T-3", "first-response", "open"),
            ("T-3", "solved", "open"),
        ]
    );
    let waits = &verdicts[3];
    assert_eq!(waits["activity"], "paused");
    assert_eq!(waits["due_at"], Value::Null);
    // One and a half of eight hours are used; it is noon, so four and a half are left today and two tomorrow.
    assert_eq!(waits["due_if_resumed_now"], "2026-03-12T03:00:00Z");
    assert_eq!(waits["elapsed_micros"], 5_400_000_000_u64);
    assert_eq!(waits["pauses"][0]["reason"], "awaiting-customer");
    let rows: Vec<&str> = ran.out.lines().rev().take(2).collect();
    assert_eq!(
        rows[1].split_whitespace().collect::<Vec<_>>(),
        ["first-response", "3", "2", "0", "100.0%", "1", "0", "0"]
    );
}

#[test]
fn the_same_log_is_read_from_json_lines_and_from_gzip() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let mut lines = String::new();
    for row in LOG.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let mut event = json!({"type": cells[2]});
        if !cells[3].is_empty() {
            event["class"] = cells[3].into();
        }
        if !cells[4].is_empty() {
            event["reason"] = cells[4].into();
        }
        let line = json!({"ticket": cells[0], "at": cells[1], "event": event});
        lines.push_str(&format!("{line}\n"));
    }
    let files = [
        desk.file("log.csv", LOG),
        desk.file("log.jsonl", &lines),
        desk.file("log.gz", gzip(lines.as_bytes())),
        desk.file("log.csv.gz", gzip(format!("\u{feff}{LOG}").as_bytes())),
    ];
    let replay = |log: &String| {
        let ran = punctual(&[
            "replay", "--policy", &policy, "--events", log, "--out", "-", "-q",
        ]);
        assert_eq!(ran.exit, 0, "{log}: {ran:?}");
        ran.out
    };
    let first = replay(&files[0]);
    assert_eq!(first.lines().count(), 6);
    for file in &files {
        assert_eq!(replay(file), first, "{file}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn rows_that_make_no_sense_are_passed_over_and_told_with_their_place() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = format!(
        "{LOG}T-4,yesterday,received,fault,\nT-4,2026-03-11T11:00:00Z,recieved,,\nT-4,2026-03-11T11:00:00Z,paused,,\nT-5,2026\n"
    );
    let log = desk.file("log.csv", log);
    let call = ["replay", "--policy", &policy, "--events", &log];
    let ran = punctual(&call);
    assert_eq!(ran.exit, 1, "{ran:?}");
    for told in [
        "log.csv, line 9, column 2 (at): `yesterday` is no instant",
        "log.csv, line 10, column 3 (kind): the map does not say what `recieved` means; did you mean `received`?",
        "log.csv, line 11, column 5 (reason): no `paused` can be made of it",
        "log.csv, line 12: the row has 2 fields and the header 5",
    ] {
        assert!(ran.err.contains(told), "{told}:\n{}", ran.err);
    }
    assert!(ran.out.contains("4 rows of 11 passed over"), "{}", ran.out);

    let strict = [&call[..], &["--max-errors", "3"]].concat();
    let ran = punctual(&strict);
    assert_eq!((ran.exit, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.err.contains("more than 3 rows make no sense"),
        "{}",
        ran.err
    );
}

#[test]
fn broken_json_is_told_with_line_and_column() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = desk.file(
        "log.jsonl",
        "{\"ticket\":\"T-1\",\"at\":\"2026-03-09T09:00:00Z\",\"event\":{\"type\":\"received\"}}\n{\"ticket\": T}\n\n{\"at\":1}\n",
    );
    let ran = punctual(&["replay", "--policy", &policy, "--events", &log, "--json"]);
    assert_eq!(ran.exit, 1);
    let problems = &ran.json()["problems"];
    assert_eq!(
        (&problems[0]["line"], &problems[0]["column"]),
        (&json!(2), &json!(12))
    );
    assert_eq!(problems[1]["line"], 4);
    assert_eq!(ran.json()["rows_passed_over"], 2);
}

#[test]
fn what_cannot_have_been_so_is_counted() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = desk.file(
        "log.csv",
        "ticket,at,kind\nT-1,2026-03-09T09:00:00Z,resolved\nT-1,2026-03-09T10:00:00Z,received\n",
    );
    let ran = punctual(&["replay", "--policy", &policy, "--events", &log]);
    assert_eq!(ran.exit, 0);
    assert!(
        ran.out
            .contains("2 events that cannot have happened then, the first at T-1"),
        "{}",
        ran.out
    );
}

#[test]
fn a_map_says_what_a_foreign_log_means() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let map = desk.file(
        "m.toml",
        r#"
        ticket = "Nr"
        sequence = "Step"
        pauses = "replace"
        delimiter = ";"
        absent = ["-"]
        time = { column = "When", format = "%d.%m.%Y %H:%M", zone = "Asia/Shanghai" }
        [kind]
        column = "What"
        otherwise = "pass-over"
        [kind.events]
        Opened = { event = "received", class = { column = "Type", words = { Defect = "fault" }, only = true } }
        Wait = { event = "paused", reason = "awaiting-customer" }
        Done = [
          { event = "replied", when = { Loud = "yes" } },
          { event = "resolved" },
        ]
        "#,
    );
    let log = desk.file(
        "log.csv",
        "Nr;Step;When;What;Type;Loud\n7;2;9.3.2026 10:00;Done;-;yes\n7;1;9.3.2026 09:00;Opened;Defect;-\n7;3;9.3.2026 11:00;Looked at;-;-\n8;1;9.3.2026 09:00;Opened;Other;-\n",
    );
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--map", &map, "--out", "-",
    ]);
    assert_eq!(ran.exit, 1, "{ran:?}");
    assert!(
        ran.err
            .contains("line 5, column 5 (Type): the map does not say what `Other` means"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("1 ticket;"),
        "ticket 8 was passed over: {}",
        ran.err
    );
    let outcomes: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(outcomes.len(), 2);
    assert!(
        outcomes
            .iter()
            .all(|it| it["outcome"] == "met" && it["class"] == "fault")
    );
}

#[test]
fn a_column_that_is_missing_is_named() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log = desk.file("log.csv", "ticket,tme,kind\n");
    let map = desk.file("m.toml", "ticket = \"ticket\"\ntime = { column = \"time\" }\n[kind]\ncolumn = \"kind\"\nevents.x = \"received\"\n");
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--map", &map,
    ]);
    assert_eq!(ran.exit, 2);
    assert!(
        ran.err
            .contains("the header has no column `time`; did you mean `tme`?"),
        "{}",
        ran.err
    );
}

#[test]
fn nothing_in_a_log_steers_the_terminal() {
    let desk = Desk::new();
    let policy = desk.file("p.toml", POLICY);
    let log =
        format!("{LOG}T\u{1b}[2J,2026-03-11T11:00:00Z,received,,\nT-9,\u{9b}31m,\u{202e},,\n");
    let log = desk.file("log.csv", log);
    for json in [&["--json"][..], &[]] {
        let call = [
            &[
                "replay", "--policy", &policy, "--events", &log, "--out", "-",
            ],
            json,
        ]
        .concat();
        let ran = punctual(&call);
        assert_eq!(ran.exit, 1);
        assert_plain(&ran.out);
        assert_plain(&ran.err);
    }
}

/// Every line that is written is of the schema: its fields, in its order, of its types.
#[test]
fn lines_are_of_their_schema() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--out", "-",
    ]);
    let schema: Value = serde_json::from_str(&punctual(&["schema", "verdicts"]).out).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let required: Vec<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for line in ran.out.lines() {
        let line: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        let mut fields: Vec<&str> = line.keys().map(String::as_str).collect();
        fields.sort_unstable();
        let mut known: Vec<&str> = properties.keys().map(String::as_str).collect();
        known.sort_unstable();
        assert_eq!(fields, known);
        for (field, value) in &line {
            let types = types_of(&properties[field]);
            let kind = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "integer",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            assert!(
                types.contains(&kind.to_owned()),
                "{field}: {value} is none of {types:?}"
            );
            assert!(
                properties[field]["description"].is_string(),
                "{field} is told"
            );
            if kind != "null" {
                continue;
            }
            assert!(types.len() > 1, "{field}");
        }
    }
    assert!(required.contains(&"outcome") && required.contains(&"elapsed_micros"));
}

fn types_of(schema: &Value) -> Vec<String> {
    if let Some(one) = schema["type"].as_str() {
        return vec![one.to_owned()];
    }
    if let Some(many) = schema["type"].as_array() {
        let names = many.iter().filter_map(Value::as_str);
        return names.map(str::to_owned).collect();
    }
    let any = schema["anyOf"].as_array().unwrap();
    any.iter().flat_map(types_of).collect()
}

#[test]
fn the_events_are_not_overwritten() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let out = desk.name("./log.csv");
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--out", &out,
    ]);
    assert_eq!(ran.exit, 2, "{ran:?}");
    assert_eq!(fs::read_to_string(&log).unwrap(), LOG);
}

#[test]
fn the_last_event_may_be_the_instant() {
    let desk = Desk::new();
    let (policy, log) = (desk.file("p.toml", POLICY), desk.file("log.csv", LOG));
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--as-of", "last", "--json",
    ]);
    assert_eq!(ran.json()["as_of"], "2026-03-11T03:30:00Z");
    let ran = punctual(&[
        "replay", "--policy", &policy, "--events", &log, "--as-of", "tomorrow",
    ]);
    assert_eq!(ran.exit, 2);
}
