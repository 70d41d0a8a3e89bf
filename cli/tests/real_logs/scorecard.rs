//! The scorecards of the logs, month by month and class by class, beside what the rows of the
//! expected figures add up to. Months are counted here by hand, zone included.

use std::collections::BTreeMap;
use std::process::Command;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use serde_json::Value;

use crate::figures::{Row, are_there, data, table};

/// What a month, a class or the whole comes to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    received: u64,
    resolved: u64,
    resolution_met: u64,
    resolution_breached: u64,
    response_breached: u64,
    /// The mean of receipt to resolution in microseconds, rounded down.
    mean_micros: Option<i64>,
}

#[derive(Default)]
struct Adding {
    sums: Sums,
    seconds: i64,
}

impl Adding {
    fn end(mut self) -> Sums {
        let count = i64::try_from(self.sums.resolved).unwrap();
        self.sums.mean_micros = (self.seconds * 1_000_000).checked_div(count);
        self.sums
    }
}

fn instant(row: &Row, column: &str) -> Option<DateTime<Utc>> {
    let text = &row[column];
    (!text.is_empty()).then(|| text.parse().unwrap())
}

/// Returns the month of an instant in one of the zones of the policies.
fn month(at: DateTime<Utc>, zone: &str) -> String {
    let minutes = match zone {
        "UTC" => 0,
        "+01:00" => 60,
        "+05:30" => 330,
        "Europe/Stockholm" if is_summer(at) => 120,
        "Europe/Stockholm" => 60,
        other => panic!("the zone {other} is not known here"),
    };
    let local = at + TimeDelta::minutes(minutes);
    local.format("%Y-%m").to_string()
}

/// Returns whether it is summer time in the European Union: from the last Sunday of March to that
/// of October, at one o'clock UTC.
fn is_summer(at: DateTime<Utc>) -> bool {
    let last_sunday = |month| {
        let last = NaiveDate::from_ymd_opt(at.year(), month, 31).unwrap();
        let passed = last.weekday().days_since(Weekday::Sun);
        let sunday = last - Days::new(u64::from(passed));
        sunday.and_hms_opt(1, 0, 0).unwrap().and_utc()
    };
    last_sunday(3) <= at && at < last_sunday(10)
}

/// When the class of a ticket changed last, and when it had last changed as somebody responded. A
/// new class that is over as it comes is broken from then on, not from where its budget ended; while
/// the clock waits, from where it goes on.
#[derive(Default)]
struct Judged {
    class: String,
    at: Option<DateTime<Utc>>,
    at_response: Option<DateTime<Utc>>,
    waits: bool,
    waited_when_judged: bool,
}

impl Judged {
    fn take(&mut self, event: &Row, reasons: &[String]) {
        let class = &event["class"];
        if !class.is_empty() && *class != self.class {
            if !self.class.is_empty() {
                self.at = instant(event, "at");
                self.waited_when_judged = self.waits;
            }
            self.class.clone_from(class);
        }
        let waited = self.waits;
        match event["kind"].as_str() {
            "responded" => self.at_response = self.at,
            "paused" => self.waits = reasons.contains(&event["detail"]),
            "resumed" | "resolved" | "closed" => self.waits = false,
            _ => {}
        }
        let goes_on = waited && !self.waits && event["kind"] != "resolved";
        if goes_on && self.waited_when_judged {
            self.at = instant(event, "at");
            self.waited_when_judged = false;
        }
    }
}

fn judgements(events: &[Row], reasons: &[String]) -> BTreeMap<String, Judged> {
    let mut tickets: BTreeMap<String, Judged> = BTreeMap::new();
    for event in events {
        let judged = tickets.entry(event["ticket"].clone()).or_default();
        judged.take(event, reasons);
    }
    tickets
}

/// Returns the reasons for which the resolution waits, as the expected figures were made with.
fn reasons(policy: &str) -> Vec<String> {
    let file = data(&format!("expected/policies/{policy}.json"));
    let policy: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let reasons = &policy["objectives"]["resolution"]["pause_reasons"];
    serde_json::from_value(reasons.clone()).unwrap()
}

/// Adds up the expected rows; the months of what was decided are those of the policy's zone.
fn recomputed(
    rows: &[Row],
    judged: &BTreeMap<String, Judged>,
    zone: &str,
) -> (BTreeMap<String, Sums>, BTreeMap<String, Sums>) {
    let mut months: BTreeMap<String, Adding> = BTreeMap::new();
    let mut classes: BTreeMap<String, Adding> = BTreeMap::new();
    for row in rows {
        let mut add = |at: DateTime<Utc>, change: &dyn Fn(&mut Adding)| {
            change(months.entry(month(at, zone)).or_default());
            change(classes.entry(row["class_final"].clone()).or_default());
            change(classes.entry(String::new()).or_default());
        };
        let received_at = instant(row, "received_at").unwrap();
        add(received_at, &|it| it.sums.received += 1);
        let is_breached = row["breached"] == "1";
        if let Some(resolved_at) = instant(row, "resolved_at") {
            let seconds = (resolved_at - received_at).num_seconds();
            add(resolved_at, &|it| {
                it.sums.resolved += 1;
                it.seconds += seconds;
                it.sums.resolution_met += u64::from(!is_breached);
            });
        }
        if is_breached {
            let judged_at = judged[&row["ticket"]].at;
            // Of a ticket that kept its class, the figures say when the present goal was broken.
            let broken_at = match judged_at {
                None => instant(row, "breached_at"),
                Some(_) => instant(row, "due_at").max(judged_at),
            };
            add(broken_at.unwrap(), &|it| it.sums.resolution_breached += 1);
        }
        if row["response_breached"] == "1" {
            let judged_at = judged[&row["ticket"]].at_response;
            let due_at = instant(row, "response_due_at").max(judged_at).unwrap();
            add(due_at, &|it| it.sums.response_breached += 1);
        }
    }
    let end = |sums: BTreeMap<String, Adding>| {
        let ended = sums.into_iter().map(|(name, it)| (name, it.end()));
        ended.filter(|(_, sums)| *sums != Sums::default()).collect()
    };
    (end(months), end(classes))
}

fn told(figures: &Value) -> Sums {
    let promise = |target: &str, field: &str| {
        let promises = figures["promises"].as_array().unwrap();
        let found = promises.iter().find(|it| it["target"] == target);
        found.map_or(0, |it| it[field].as_u64().unwrap())
    };
    Sums {
        received: figures["received"].as_u64().unwrap(),
        resolved: figures["resolved"].as_u64().unwrap(),
        resolution_met: promise("resolution", "met"),
        resolution_breached: promise("resolution", "breached"),
        response_breached: promise("response", "breached"),
        mean_micros: figures["resolution"]["mean_micros"].as_i64(),
    }
}

fn check(policy: &str, log: &str, as_of: &str, zone: &str) {
    let run = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args(["scorecard", "--json", "--by", "class", "--policy", policy])
        .args(["--map", log, "--as-of", as_of, "--events"])
        .arg(data(&format!("{log}/events.csv.gz")))
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let said: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(said["zone"], zone);
    let rows = table(&format!("expected/{policy}.shared.csv.gz"));
    let judged = judgements(&table(&format!("{log}/events.csv.gz")), &reasons(policy));
    let (months, classes) = recomputed(&rows, &judged, zone);

    let periods = said["periods"].as_array().unwrap();
    let by_month = periods.iter().map(|period| {
        let name = period["period"].as_str().unwrap().to_owned();
        (name, told(&period["slices"][0]["figures"]))
    });
    let by_month = by_month.filter(|(_, sums)| *sums != Sums::default());
    assert_eq!(by_month.collect::<BTreeMap<_, _>>(), months, "{policy}");

    let slices = said["whole"].as_array().unwrap();
    let by_class = slices.iter().map(|slice| {
        let name = slice["name"].as_str().unwrap().to_owned();
        (name, told(&slice["figures"]))
    });
    assert_eq!(by_class.collect::<BTreeMap<_, _>>(), classes, "{policy}");
    let reopened = rows.iter().filter(|row| row["reopens"] != "0").count();
    let whole = &slices[0]["figures"]["rates"]["reopened"];
    assert_eq!(
        whole["part"].as_u64(),
        u64::try_from(reopened).ok(),
        "{policy}"
    );
}

macro_rules! cards {
    ($($test:ident: $log:literal, $policy:literal, $as_of:literal, $zone:literal;)*) => {$(
        #[test]
        fn $test() {
            if !are_there() {
                return;
            }
            check($policy, $log, $as_of, $zone);
        }
    )*};
}

cards! {
    card_of_uci_9x5_pause_user: "uci-incidents", "uci-9x5-pause-user", "2017-02-19T00:00:00Z", "UTC";
    card_of_uci_9x5_nopause: "uci-incidents", "uci-9x5-nopause", "2017-02-19T00:00:00Z", "UTC";
    card_of_uci_24x7_pause_user: "uci-incidents", "uci-24x7-pause-user", "2017-02-19T00:00:00Z", "UTC";
    card_of_uci_split_shift: "uci-incidents", "uci-split-shift-holidays", "2017-02-19T00:00:00Z", "+05:30";
    card_of_volvo_fixed_offset: "volvo-incidents", "volvo-fixed-offset", "2012-05-23T00:00:00Z", "+01:00";
    card_of_volvo_stockholm: "volvo-incidents", "volvo-stockholm-dst", "2012-05-23T00:00:00Z", "Europe/Stockholm";
    card_of_volvo_night: "volvo-incidents", "volvo-night-dst", "2012-05-23T00:00:00Z", "Europe/Stockholm";
}
