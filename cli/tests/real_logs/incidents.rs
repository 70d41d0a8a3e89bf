//! Resolution and response of incidents under seven policies.

use std::collections::HashMap;

use serde_json::Value;

use crate::figures::{Differences, Line, Row, are_there, is_over, replay, seconds, table, text};

/// A policy, the log that it is for, and what the table of the figures says of all tickets.
struct Case {
    policy: &'static str,
    map: &'static str,
    events: &'static str,
    as_of: &'static str,
    tickets: u64,
    breached: u64,
    breached_at_some_time: usize,
    response_breached: u64,
    elapsed_s: i64,
}

impl Case {
    fn check(&self) {
        let expected = table(&format!("expected/{}.shared.csv.gz", self.policy));
        let (summary, verdicts) = replay(self.policy, self.map, self.events, self.as_of);
        assert_eq!(summary["tickets"], self.tickets, "{}", self.policy);
        assert_eq!(summary["rows_passed_over"], 0, "{}", self.policy);
        assert_eq!(
            summary["anomalies"],
            serde_json::json!({}),
            "{}",
            self.policy
        );
        assert_eq!(expected.len(), verdicts.len(), "{}: tickets", self.policy);
        let mut differences = Differences::default();
        for expected in &expected {
            let ours = row(&verdicts[&expected["ticket"]]);
            differences.compare(expected, &ours);
        }
        differences.none(self.policy);
        self.check_sums(&summary, &verdicts);
    }

    /// The command adds up what the lines say.
    fn check_sums(&self, summary: &Value, verdicts: &HashMap<String, Vec<Line>>) {
        let over = |target: &str| {
            let targets = summary["targets"].as_array().unwrap();
            let found = targets.iter().find(|it| it["target"] == target).unwrap();
            found["breached"].as_u64().unwrap() + found["overdue"].as_u64().unwrap()
        };
        assert_eq!(over("resolution"), self.breached, "{}", self.policy);
        assert_eq!(over("response"), self.response_breached, "{}", self.policy);
        let resolutions = || verdicts.values().map(|lines| of(lines, "resolution"));
        let elapsed: i64 = resolutions().map(|it| seconds(it, "elapsed_micros")).sum();
        assert_eq!(elapsed, self.elapsed_s, "{}", self.policy);
        let some_time = resolutions().filter(|it| !it["first_breached_at"].is_null());
        assert_eq!(
            some_time.count(),
            self.breached_at_some_time,
            "{}",
            self.policy
        );
    }
}

fn of<'a>(lines: &'a [Line], target: &str) -> &'a Line {
    let mut found = lines.iter().filter(|line| line["target"] == target);
    let only = found.next().unwrap();
    assert!(found.next().is_none(), "{target} has one clock");
    only
}

/// Returns the row of the expected figures that the lines of a ticket come to.
fn row(lines: &[Line]) -> Row {
    let (response, resolution) = (of(lines, "response"), of(lines, "resolution"));
    // A ticket that waits has no instants but those that it would have if it went on.
    let either = |line: &Line, due: &str, waiting: &str| {
        Some(text(line, due))
            .filter(|at| !at.is_empty())
            .unwrap_or_else(|| text(line, waiting))
    };
    let pauses = resolution["pauses"].as_array().unwrap();
    let paused: i64 = pauses
        .iter()
        .map(|it| seconds(it.as_object().unwrap(), "wall_micros"))
        .sum();
    let flag = |line: &Line| u8::from(is_over(line)).to_string();
    let length = |line: &Line, field: &str| seconds(line, field).to_string();
    [
        ("ticket", text(resolution, "ticket")),
        ("class_final", text(resolution, "class")),
        ("received_at", text(resolution, "received_at")),
        ("resolved_at", text(resolution, "stopped_at")),
        ("state", text(resolution, "phase")),
        ("reopens", resolution["reopened"].to_string()),
        ("paused_calendar_s", paused.to_string()),
        ("paused_working_s", length(resolution, "paused_micros")),
        ("elapsed_working_s", length(resolution, "elapsed_micros")),
        ("target_s", length(resolution, "budget_micros")),
        ("due_at", either(resolution, "due_at", "due_if_resumed_now")),
        (
            "due_at_next_open",
            either(resolution, "breach_after", "breach_after_if_resumed_now"),
        ),
        ("breached", flag(resolution)),
        ("breached_at", text(resolution, "first_breached_at")),
        ("response_elapsed_s", length(response, "elapsed_micros")),
        ("response_target_s", length(response, "budget_micros")),
        ("response_due_at", text(response, "due_at")),
        ("response_breached", flag(response)),
    ]
    .map(|(column, cell)| (column.to_owned(), cell))
    .into()
}

const UCI: Case = Case {
    policy: "",
    map: "uci-incidents",
    events: "uci-incidents/events.csv.gz",
    as_of: "2017-02-19T00:00:00Z",
    tickets: 18_774,
    breached: 0,
    breached_at_some_time: 0,
    response_breached: 0,
    elapsed_s: 0,
};

const VOLVO: Case = Case {
    map: "volvo-incidents",
    events: "volvo-incidents/events.csv.gz",
    as_of: "2012-05-23T00:00:00Z",
    tickets: 5_697,
    ..UCI
};

/// Writes a test for each policy over one log.
macro_rules! cases {
    ($($test:ident: $log:ident, $policy:literal, $($field:ident $figure:literal),*;)*) => {$(
        #[test]
        fn $test() {
            if !are_there() {
                return;
            }
            Case { policy: $policy, $($field: $figure,)* ..$log }.check();
        }
    )*};
}

cases! {
    uci_day_and_night: UCI, "uci-24x7-pause-user", breached 7_147,
        breached_at_some_time 7_155, response_breached 6_768, elapsed_s 7_669_438_740;
    uci_office_hours_waiting_for_the_user: UCI, "uci-9x5-pause-user", breached 3_757,
        breached_at_some_time 3_770, response_breached 5_809, elapsed_s 1_863_547_500;
    uci_office_hours_without_a_pause: UCI, "uci-9x5-nopause", breached 5_375,
        breached_at_some_time 5_389, response_breached 5_809, elapsed_s 2_638_426_200;
    uci_split_shifts_and_holidays: UCI, "uci-split-shift-holidays", breached 3_739,
        breached_at_some_time 3_750, response_breached 5_598, elapsed_s 1_690_030_500;
    volvo_at_a_fixed_offset: VOLVO, "volvo-fixed-offset", breached 1_104,
        breached_at_some_time 1_104, response_breached 53, elapsed_s 744_296_971;
    volvo_in_stockholm: VOLVO, "volvo-stockholm-dst", breached 1_026,
        breached_at_some_time 1_026, response_breached 45, elapsed_s 697_272_447;
    volvo_by_night: VOLVO, "volvo-night-dst", breached 1_421,
        breached_at_some_time 1_421, response_breached 96, elapsed_s 1_519_798_720;
}

/// The logs as they are published, rows of whole states, need a map and no code: what they come to
/// is the same, field by field, as what the neutral events come to.
fn check_published(policy: &str, log: &Case, map: &str, events: &str) {
    let (_, neutral) = replay(policy, log.map, log.events, log.as_of);
    let (summary, published) = replay(policy, map, events, log.as_of);
    assert_eq!(summary["rows_passed_over"], 0);
    assert_eq!(published.len(), neutral.len());
    // Rows that change nothing are events in the one and none in the other.
    let without_numbers = |lines: &[Line]| {
        let mut lines = lines.to_vec();
        for line in &mut lines {
            line.retain(|field, _| field != "started_by" && field != "attached_by");
        }
        lines
    };
    for (ticket, lines) in &neutral {
        assert_eq!(
            without_numbers(&published[ticket]),
            without_numbers(lines),
            "{ticket}"
        );
    }
}

#[test]
fn uci_as_it_is_published_comes_to_the_same() {
    if !are_there() {
        return;
    }
    let audit = "uci-incidents/incident_event_log.csv.gz";
    check_published("uci-9x5-pause-user", &UCI, "uci-audit", audit);
}

#[test]
fn volvo_as_it_is_published_comes_to_the_same() {
    if !are_there() {
        return;
    }
    let log = "volvo-incidents/log.csv.gz";
    check_published("volvo-night-dst", &VOLVO, "volvo-vinst", log);
}
