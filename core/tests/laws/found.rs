//! Cases that random runs found, kept by name.

use punctual::clock::{self, Bindings, Reading};
use punctual::policy::Policy;
use punctual::supervision;
use punctual::testing::{History, laws};
use punctual::ticket::{Outcome, TicketEvent};
use punctual::time::Instant;

/// Urgent tickets have half the time, and a reason to wait.
const DESK: &str = r#"
policy = "desk"
timezone = "UTC"
level = { values = { general = "General", urgent = "Urgent" }, order = ["general", "urgent"] }
pause = { customer = "Customer" }
[target.response]
start = "received"
stop = "accepted"
pause = "customer"
reclassify = "MODE"
goals = [{ when = { level = "urgent" }, within = "30m" }, { within = "60m" }]
"#;

fn desk(mode: &str) -> Policy {
    Policy::from_toml(&DESK.replace("MODE", mode)).unwrap()
}

fn history(script: &str) -> History {
    script.parse().unwrap()
}

/// The law's own pause must not end a pause that the history has after a reopening.
#[test]
fn a_pause_tried_over_a_resolution_does_not_end_another_one() {
    let history = history(
        "2026-03-09T01:00:00Z received
         2026-03-09T02:00:00Z resolved
         2026-03-09T02:00:00.000001Z reopened
         2026-03-09T02:00:00.000001Z paused reason=customer
         2026-03-09T02:00:00.000001Z classified level=urgent",
    );
    laws::pausing_never_hurries(&desk("forward"), &history).unwrap();
}

fn last_reading(policy: &Policy, history: &History) -> Reading {
    let last = history.last_at().unwrap();
    let readings = clock::read(history.ticket().timeline(), &Bindings::to(policy), last);
    readings.last().cloned().unwrap()
}

/// C8: the breach has its instant at once, and what is recorded names the same.
#[test]
fn c8_a_goal_over_as_it_came_to_a_running_clock_is_breached_at_once() {
    let history = history(
        "2026-03-09T01:00:00Z received
         2026-03-09T01:45:00Z classified level=urgent",
    );
    let policy = desk("retroactive");
    let reading = last_reading(&policy, &history);
    assert_eq!(reading.outcome, Outcome::Breaching);
    assert_eq!(reading.breached_at, Some(reading.attached_at));
    assert_eq!(recorded_breach(&policy, &history), reading.breached_at);
}

fn recorded_breach(policy: &Policy, history: &History) -> Option<Instant> {
    let now = history.last_at().unwrap();
    let bindings = Bindings::to(policy);
    let events: Vec<TicketEvent> = supervision::supervise(&history.ticket(), &bindings, now);
    events.iter().find_map(|event| {
        let TicketEvent::BreachedOnAttach(it) = event else {
            return None;
        };
        Some(it.breached_at)
    })
}
