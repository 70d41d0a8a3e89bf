//! Cases that random runs found, kept by name.

use punctual::policy::Policy;
use punctual::testing::{History, laws};

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
