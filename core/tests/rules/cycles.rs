//! C10 and C11: one clock after another.

use crate::house::house;
use crate::play::play;

/// First response 2wh (a diagnosis is one as well), then each further message 4wh.
fn replies() -> String {
    house(
        r#"
[target.first]
start = "received"
stop = ["replied", "diagnosed"]
goals = [{ when = { class = ["fault", "complaint"] }, within = "2wh" }]
[target.next]
start = "customer-wrote"
after = "first"
stop = "replied"
goals = [{ within = "4wh" }]
"#,
    )
}

#[test]
fn c10_the_next_reply_counts_from_the_first_unanswered_message() {
    play(
        &replies(),
        "
        03-09 10:00 received class=fault
        03-09 10:30 customer-wrote          # cycle 0 runs
        = first: running open, used 0:30 of 2:00, due 03-09 12:00
        03-09 11:00 replied
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        03-09 12:00 customer-wrote
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: running open, used 0:00 of 4:00, due 03-09 16:00
        03-09 13:00 customer-wrote          # does not move it
        03-09 13:10 noted                   # is not seen by the customer
        03-09 13:20 replied automatic=true  # is no answer
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: running open, used 1:20 of 4:00, due 03-09 16:00
        03-09 14:00 replied
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: stopped met, used 2:00 of 4:00, due 03-09 16:00
        03-09 15:00 customer-wrote
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: stopped met, used 2:00 of 4:00, due 03-09 16:00
        = next 2: running open, used 0:00 of 4:00, due 03-10 10:00
        ",
    );
}

#[test]
fn c10_a_resolution_cancels_the_next_reply() {
    play(
        &replies(),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 12:00 customer-wrote
        03-09 13:00 resolved
        ~ next: stopped cancelled (resolved), used 1:00 of 4:00 ..
        ",
    );
}

#[test]
fn c10_cycle_one_starts_when_cycle_zero_ends_without_an_answer() {
    // The diagnosis ends the first response; the message of 10:30 still waits.
    play(
        &replies(),
        "
        03-09 10:00 received class=fault
        03-09 10:30 customer-wrote
        03-09 11:00 diagnosed
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: running open, used 0:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn c10_without_a_goal_for_the_first_response_the_intake_starts_the_next_reply() {
    play(
        &replies(),
        "
        03-09 10:00 received class=enquiry
        = next: running open, used 0:00 of 4:00, due 03-09 14:00
        03-09 11:00 customer-wrote
        03-09 12:00 replied
        = next: stopped met, used 2:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn c10_only_a_customer_waits_for_a_first_response() {
    for opener in ["agent", "owner"] {
        play(
            &replies(),
            &format!(
                "03-09 10:00 received class=fault opener={opener}
                03-09 11:00 noted
                03-09 12:00 customer-wrote
                = next: running open, used 0:00 of 4:00, due 03-09 16:00"
            ),
        );
    }
}

#[test]
fn c10_a_target_runs_once_unless_it_says_each() {
    for (cycle, second) in [
        ("once", ""),
        (
            "each",
            "= plan 2: running open, used 0:00 of 4:00, due 03-09 18:00 till 03-10 09:00",
        ),
    ] {
        let policy = house(&format!(
            r#"
[target.plan]
start = ["diagnosed", "plan-disputed"]
stop = "plan-proposed"
cycle = "{cycle}"
goals = [{{ within = "4wh" }}]
"#
        ));
        play(
            &policy,
            &format!(
                "03-09 10:00 received
                03-09 11:00 diagnosed
                03-09 12:00 diagnosed       # one is open: no second one
                = plan: running open, used 1:00 of 4:00, due 03-09 15:00
                03-09 13:00 plan-proposed
                03-09 14:00 plan-disputed
                = plan: stopped met, used 2:00 of 4:00, due 03-09 15:00
                {second}"
            ),
        );
    }
}

/// Progress told every 24 hours from the accepted plan on.
fn progress() -> String {
    house(
        r#"
[target.progress]
start = "plan-accepted"
every = [{ within = "24h" }]
reset = "progress-reported"
stop = "resolved"
pause = "customer"
"#,
    )
}

#[test]
fn c11_each_update_ends_a_period_and_begins_the_next() {
    play(
        &progress(),
        "
        03-09 09:00 received
        03-09 09:30 plan-proposed
        03-09 10:00 plan-accepted
        = progress: running open, used 0:00 of 24:00, due 03-10 10:00
        03-10 09:00 progress-reported
        = progress: stopped met, used 23:00 of 24:00, due 03-10 10:00
        = progress 2: running open, used 0:00 of 24:00, due 03-11 09:00
        03-11 09:00 progress-reported       # exactly at the deadline
        = progress: stopped met, used 23:00 of 24:00, due 03-10 10:00
        = progress 2: stopped met, used 24:00 of 24:00, due 03-11 09:00
        = progress 3: running open, used 0:00 of 24:00, due 03-12 09:00
        03-12 08:00 resolved
        ~ progress 3: stopped met, used 23:00 of 24:00, due 03-12 09:00
        ",
    );
}

#[test]
fn c11_a_missed_update_counts_once_and_anchors_the_next() {
    play(
        &progress(),
        "
        03-09 09:00 received
        03-09 09:30 plan-proposed
        03-09 10:00 plan-accepted
        03-12 12:00 progress-reported       # three periods late: one breach
        = progress: stopped breached, used 74:00 of 24:00, due 03-10 10:00, breached 03-10 10:00
        = progress 2: running open, used 0:00 of 24:00, due 03-13 12:00
        ",
    );
}
