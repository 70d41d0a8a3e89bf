//! Every command through the library's front door: what it prints, where, and its exit code.

use std::fs;
use std::path::{Path, PathBuf};

use punctual_cli::{Environment, run};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What one call came to.
#[derive(Debug)]
struct Ran {
    exit: u8,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

const NOW: &str = "2026-03-11T12:00:00+08:00";

fn punctual(words: &[&str]) -> Ran {
    in_locale(words, "en_US.UTF-8", 80)
}

fn in_locale(words: &[&str], locale: &str, columns: usize) -> Ran {
    let mut environment = Environment::at(NOW.parse().unwrap());
    environment.locale = Some(locale.to_owned());
    environment.columns = Some(columns);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["punctual"].iter().chain(words);
    let exit = run(words.copied(), &environment, &mut out, &mut err);
    Ran {
        exit: exit.code(),
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// A folder for the files of one test.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).unwrap();
        self.name(name)
    }
}

const POLICY: &str = r#"
policy   = "help-desk"
timezone = "Asia/Shanghai"
default-calendar = "office"
[calendar.office]
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
[class]
values = ["fault", "enquiry"]
[pause]
awaiting-customer = {}
[target.first-response]
label = { en = "First response", zh = "首次响应" }
start = "received"
stop  = "replied"
goals = [{ when = { class = "fault" }, within = "1wh" }, { within = "2wh" }]
[target.solved]
label = { en = "Solved", zh = "解决" }
start = "received"
stop  = "resolved"
pause = ["awaiting-customer"]
goals = [{ within = "8wh" }]
"#;

/// Three tickets: one answered and solved, one that waits, one that nobody has touched.
const LOG: &str = "\
ticket,at,kind,class,reason
T-1,2026-03-09T09:00:00+08:00,received,fault,
T-1,2026-03-09T09:30:00+08:00,replied,,
T-2,2026-03-09T10:00:00+08:00,received,enquiry,
T-2,2026-03-09T11:00:00+08:00,replied,,
T-2,2026-03-09T11:30:00+08:00,paused,,awaiting-customer
T-1,2026-03-10T16:00:00+08:00,resolved,,
T-3,2026-03-11T11:30:00+08:00,received,fault,
";

mod lint {
    use super::*;

    #[test]
    fn a_clean_policy_is_zero_and_says_so() {
        let ran = punctual(&["lint", "after-sales"]);
        assert_eq!(ran.exit, 0, "{ran:?}");
        assert!(
            ran.out
                .ends_with("after-sales: no mistakes, 0 warnings, 0 notes, 4 accepted\n")
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
}

fn assert_plain(text: &str) {
    let steers = |c: char| c != '\n' && !punctual_cli::text::is_plain(c);
    assert!(!text.chars().any(steers), "{text:?}");
}

fn assert_fits(text: &str, columns: usize) {
    for line in text.lines() {
        assert!(punctual_cli::text::width(line) <= columns, "{line}");
    }
}

mod replay {
    use super::*;

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
        match &schema["type"] {
            Value::String(one) => vec![one.clone()],
            Value::Array(many) => many
                .iter()
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
            _ => schema["anyOf"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(types_of)
                .collect(),
        }
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
}

mod queue {
    use super::*;

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
                    let text: Vec<&str> =
                        ran.out.lines().filter(|line| !line.contains('/')).collect();
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
}

mod stores {
    use super::*;

    /// Lines of an export, as another system would write them.
    fn lines(tenants: &[&str]) -> String {
        let mut text = String::new();
        let mut offset = 0;
        for tenant in tenants {
            for (version, (at, kind, event)) in [
                (
                    "2026-03-09T01:00:00Z",
                    1,
                    json!({"type": "received", "class": "fault", "text": {"plain": "It drips."}}),
                ),
                ("2026-03-09T01:30:00Z", 17, json!({"type": "replied"})),
            ]
            .into_iter()
            .enumerate()
            {
                offset += 1;
                let line = json!({
                    "stream": format!("{tenant}/ticket/T-1"),
                    "version": version + 1,
                    "position": {"partition": 0, "offset": offset, "index": 0, "of": 1},
                    "kind": kind, "schema": 1, "occurred_at": at, "recorded_at": at,
                    "event": event,
                });
                text.push_str(&format!("{line}\n"));
            }
        }
        text
    }

    fn filled(desk: &Desk, tenants: &[&str]) -> String {
        let (log, store) = (desk.file("in.jsonl", lines(tenants)), desk.name("store"));
        let ran = punctual(&["import", &store, "--events", &log]);
        assert_eq!(ran.exit, 0, "{ran:?}");
        let n = tenants.len() * 2;
        assert_eq!(ran.out, format!("{n} commits, {n} events read in\n"));
        store
    }

    #[test]
    fn what_is_exported_and_imported_is_the_same_log() {
        let desk = Desk::new();
        let store = filled(&desk, &["acme", "other"]);
        let first = punctual(&["export", &store]);
        assert_eq!(first.exit, 0);
        assert_eq!(first.out.lines().count(), 4);
        assert_eq!(first.err, "4 commits, 4 events written\n");
        let (file, again) = (desk.name("out.jsonl"), desk.name("again"));
        assert_eq!(punctual(&["export", &store, "--out", &file]).exit, 0);
        assert_eq!(fs::read_to_string(&file).unwrap(), first.out);
        assert_eq!(punctual(&["import", &again, "--events", &file]).exit, 0);
        assert_eq!(punctual(&["export", &again]).out, first.out);

        let refused = punctual(&["export", &store, "--out", &file]);
        assert_eq!(refused.exit, 2);
        assert!(
            refused.err.contains("the file is there already"),
            "{}",
            refused.err
        );
        assert_eq!(
            punctual(&["export", &store, "--out", &file, "--force"]).exit,
            0
        );
    }

    #[test]
    fn an_import_that_breaks_off_says_where() {
        let desk = Desk::new();
        let log = desk.file(
            "in.jsonl",
            lines(&["acme"]).replace("\"version\":2", "\"version\":3"),
        );
        let ran = punctual(&["import", &desk.name("store"), "--events", &log]);
        assert_eq!(ran.exit, 2);
        assert!(
            ran.err.contains("expected version 2, found version 1"),
            "{}",
            ran.err
        );
        let log = desk.file("cut.jsonl", &lines(&["acme"])[..100]);
        let ran = punctual(&["import", &desk.name("store2"), "--events", &log]);
        assert_eq!(ran.exit, 2);
        assert!(ran.err.contains("line 1, column"), "{}", ran.err);
    }

    #[test]
    fn tickets_are_explained_and_listed_from_a_store() {
        let desk = Desk::new();
        let (store, policy) = (
            filled(&desk, &["acme", "other"]),
            desk.file("p.toml", POLICY),
        );
        let ran = punctual(&["due", "--store", &store, "--policy", &policy, "--json"]);
        assert_eq!(ran.exit, 0, "{ran:?}");
        assert_eq!(ran.json()["overdue_total"], 2);
        let call = |ticket: &'static str| {
            punctual(&["explain", ticket, "--store", &store, "--policy", &policy])
        };
        let one = call("acme/ticket/T-1");
        assert_eq!(one.exit, 0, "{one:?}");
        assert!(one.out.contains("first-response: met"), "{}", one.out);
        assert!(!one.out.contains("drips"));
        let several = call("T-1");
        assert_eq!(several.exit, 2);
        assert!(
            several.err.contains("acme/ticket/T-1, other/ticket/T-1"),
            "{}",
            several.err
        );
    }

    #[test]
    fn a_sound_store_is_zero_and_a_damaged_one_says_where() {
        let desk = Desk::new();
        let store = filled(&desk, &["acme", "other"]);
        let ran = punctual(&["verify", &store]);
        assert_eq!(ran.exit, 0, "{ran:?}");
        assert!(
            ran.out
                .ends_with("sound\n  2 streams, 4 commits, 4 events, 0 commands\n"),
            "{}",
            ran.out
        );

        damage(Path::new(&store), b"It drips.");
        let ran = punctual(&["verify", &store]);
        assert_eq!(ran.exit, 1, "{ran:?}");
        assert!(ran.out.contains(": damaged\n"), "{}", ran.out);
        let found = punctual(&["verify", &store, "--json"]);
        assert_eq!(found.exit, 1);
        assert_eq!(found.json()["sound"], false);
        assert!(
            !found.json()["damage"].as_array().unwrap().is_empty(),
            "{}",
            found.out
        );
    }

    /// Changes one byte of every place where these bytes lie.
    fn damage(folder: &Path, wanted: &[u8]) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                damage(&path, wanted);
                continue;
            }
            let mut bytes = fs::read(&path).unwrap();
            let places: Vec<usize> = bytes
                .windows(wanted.len())
                .enumerate()
                .filter(|(_, found)| *found == wanted)
                .map(|(at, _)| at)
                .collect();
            for at in &places {
                bytes[*at] ^= 0x20;
            }
            if !places.is_empty() {
                fs::write(&path, bytes).unwrap();
            }
        }
    }

    #[test]
    fn no_command_makes_a_store_by_looking() {
        let desk = Desk::new();
        fs::create_dir(desk.path("empty")).unwrap();
        for (name, says) in [
            ("empty", "the directory holds no store"),
            ("nowhere", "there is no such directory"),
        ] {
            for call in [&["verify"][..], &["export"]] {
                let store = desk.name(name);
                let ran = punctual(&[call, &[&store]].concat());
                assert_eq!(ran.exit, 2, "{ran:?}");
                assert!(ran.err.contains(says), "{}", ran.err);
            }
        }
        assert_eq!(fs::read_dir(desk.path("empty")).unwrap().count(), 0);
        assert!(!desk.path("nowhere").exists());
    }
}

mod calls {
    use super::*;

    #[test]
    fn a_wrong_call_is_two_and_help_is_zero() {
        assert_eq!(punctual(&["nope"]).exit, 2);
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
