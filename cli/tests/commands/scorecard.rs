//! `scorecard` and `report`: the same figures in words, as JSON, as CSV and on a page.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, assert_fits, assert_plain, in_locale, punctual};

const LOG: &str = "\
ticket,at,kind,class,channel,product,owner,reason,satisfaction,customer,cause
T-1,2026-03-09T09:00:00+08:00,received,fault,phone,AC-1,,,,li,
T-1,2026-03-09T09:10:00+08:00,assigned,,,,u-1,,,,
T-1,2026-03-09T09:30:00+08:00,replied,,,,,,,,
T-1,2026-03-09T10:00:00+08:00,diagnosed,,,,,,,,fan
T-1,2026-03-09T11:00:00+08:00,resolved,,,,,,,,
T-1,2026-03-09T12:00:00+08:00,survey-asked,,,,,,,,
T-1,2026-03-09T13:00:00+08:00,surveyed,,,,,,satisfied,,
T-2,2026-03-09T09:00:00+08:00,received,complaint,mail,AC-1,,,,li,
T-2,2026-03-10T09:00:00+08:00,replied,,,,,,,,
T-3,2026-04-01T09:00:00+08:00,received,complaint,mail,AC-2,,,,wang,
";

const POLICY: &str = r#"
policy   = "help-desk"
timezone = "Asia/Shanghai"
default-calendar = "office"
label = { en = "Help desk", zh = "服务台" }
[calendar.office]
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
[target.first-response]
label = { en = "First response", zh = "首次响应" }
start = "received"
stop  = "replied"
goals = [{ within = "2wh" }]
[kpi]
first-response = { target = "first-response" }
"#;

const AS_OF: &str = "2026-04-01T12:00:00+08:00";

struct Files {
    desk: Desk,
    policy: String,
    log: String,
}

impl Files {
    fn new(log: &str) -> Self {
        let desk = Desk::new();
        Self {
            policy: desk.file("p.toml", POLICY),
            log: desk.file("log.csv", log),
            desk,
        }
    }

    fn call(&self, command: &str, more: &[&str]) -> Ran {
        self.call_in(command, more, "en_US.UTF-8")
    }

    fn call_in(&self, command: &str, more: &[&str], locale: &str) -> Ran {
        let call = [command, "--policy", &self.policy, "--events", &self.log];
        let ran = in_locale(&[&call[..], &["--as-of", AS_OF], more].concat(), locale, 80);
        assert_eq!(ran.exit, 0, "{ran:?}");
        ran
    }
}

#[test]
fn each_month_has_its_figures() {
    let files = Files::new(LOG);
    let said = files
        .call("scorecard", &["--json", "--by", "product"])
        .json();
    let periods: Vec<&Value> = said["periods"].as_array().unwrap().iter().collect();
    assert_eq!(periods.len(), 2);
    let of = |period: usize, slice: usize| &periods[period]["slices"][slice];
    assert_eq!(of(0, 0)["figures"]["received"], 2);
    assert_eq!(of(0, 1)["name"], "AC-1");
    let rate = |period, name: &str| of(period, 0)["figures"]["rates"][name].clone();
    // Li came twice and complained once.
    assert_eq!(rate(0, "complaint-rate"), json!({"part": 1, "whole": 1}));
    // T-1 was answered in time. T-2 was due at eleven. T-3 is broken in silence: noon is past eleven.
    assert_eq!(rate(0, "compliance"), json!({"part": 1, "whole": 2}));
    assert_eq!(rate(1, "compliance"), json!({"part": 0, "whole": 1}));
    assert_eq!(rate(0, "satisfied"), json!({"part": 1, "whole": 1}));
    let response = &of(0, 0)["figures"]["first_response"];
    assert_eq!(response["count"], 2);
    let minutes = (30 + 24 * 60) / 2;
    assert_eq!(response["mean_micros"], minutes * 60_000_000_i64);
    assert_eq!(said["spot_check"][0]["ticket"], "log/ticket/T-1");
    assert_eq!(said["appraisals"][0]["agent"], "u-1");

    let text = files.call("scorecard", &["--by", "agent"]);
    assert_fits(&text.out, 80);
    assert!(text.out.contains("Promises kept"), "{}", text.out);
    assert!(text.out.contains("1/3"), "{}", text.out);
    let chinese = files.call_in("scorecard", &[], "zh_CN.UTF-8");
    assert_fits(&chinese.out, 80);
    assert!(chinese.out.contains("承诺履行率"), "{}", chinese.out);
}

#[test]
fn the_days_and_the_cycles_can_be_chosen() {
    let files = Files::new(LOG);
    let march = files
        .call("scorecard", &["--json", "--until", "2026-04-01"])
        .json();
    assert_eq!(march["whole"][0]["figures"]["received"], 2);
    let week = files.call(
        "scorecard",
        &["--json", "--per", "week", "--cycles", "worst"],
    );
    assert_eq!(week.json()["periods"][0]["period"], "2026-W11");
    let nothing = files.call(
        "scorecard",
        &["--from", "2027-01-01", "--until", "2027-02-01"],
    );
    assert!(nothing.out.contains("Promises"), "{}", nothing.out);
}

/// The page shows every rate with the very numbers of the scorecard, in both languages.
#[test]
fn the_page_has_the_figures_of_the_scorecard() {
    let files = Files::new(LOG);
    let said = files.call("scorecard", &["--json"]).json();
    for locale in ["en_US.UTF-8", "zh_CN.UTF-8"] {
        let out = files.desk.name(locale);
        files.call_in("report", &["--out", &out], locale);
        let html = fs::read_to_string(&out).unwrap();
        let rates = said["whole"][0]["figures"]["rates"].as_object().unwrap();
        for (name, rate) in rates {
            if rate["whole"] == 0 || name == "inspection-cover" {
                continue;
            }
            let shown = format!("{} / {}", rate["part"], rate["whole"]);
            assert!(html.contains(&shown), "{name}: {shown}");
        }
        // April has one decision, and it was broken.
        assert!(html.contains("2026-04"), "{locale}");
    }
    let chinese = fs::read_to_string(files.desk.name("zh_CN.UTF-8")).unwrap();
    assert!(chinese.contains("服务台") && chinese.contains("首次响应"));
    let refused = punctual(&[
        "report",
        "--policy",
        &files.policy,
        "--events",
        &files.log,
        "--out",
        &files.desk.name("en_US.UTF-8"),
    ]);
    assert_eq!(refused.exit, 2, "{refused:?}");
    assert!(refused.err.contains("--force"), "{refused:?}");
}

/// What stands in a log is shown, and does nothing.
#[test]
fn hostile_names_do_nothing() {
    let hostile = LOG
        .replace("AC-1", "=HYPERLINK(1)<script>alert(1)</script>")
        .replace("u-1", "@evil");
    let files = Files::new(&hostile);
    let csv = files.desk.name("out.csv");
    files.call("scorecard", &["--by", "product", "--csv", &csv]);
    let call = [
        "scorecard",
        "--policy",
        &files.policy,
        "--events",
        &files.log,
        "--as-of",
        AS_OF,
    ];
    let over_itself = punctual(&[&call[..], &["--csv", &files.log]].concat());
    assert_eq!(over_itself.exit, 2, "{over_itself:?}");
    assert_eq!(fs::read_to_string(&files.log).unwrap(), hostile);
    let too_early = punctual(&[&call[..6], &["2026-03-09T10:00:00+08:00"]].concat());
    assert!(
        too_early.err.contains("lies before the latest event"),
        "{too_early:?}"
    );
    let by_agent = files.desk.name("agents.csv");
    files.call("scorecard", &["--by", "agent", "--csv", &by_agent]);
    assert!(fs::read_to_string(&by_agent).unwrap().contains("'@evil"));
    let rows = fs::read_to_string(&csv).unwrap();
    assert!(rows.contains("'=HYPERLINK"), "{rows}");
    for line in rows.lines().skip(1) {
        let cells = line.split(',');
        assert!(
            cells.clone().all(|cell| !cell.starts_with(['=', '+', '@'])),
            "{line}"
        );
    }
    let out = files.desk.name("page.html");
    files.call("report", &["--out", &out]);
    let html = fs::read_to_string(&out).unwrap();
    assert!(!html.contains("<script>alert"));
    assert!(html.contains("&lt;script&gt;alert"));
    let text = files.call("scorecard", &["--by", "product"]).out;
    assert_plain(&text);
}
