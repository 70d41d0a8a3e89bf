//! Waiting: across closing, under a new judgement, for two reasons at once.

use crate::house::house;
use crate::play::{play, play_versions};

/// A fault in 4wh, a complaint in 8wh, an enquiry without a promise.
fn solve(more: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = ["customer", "silence"]
{more}
goals = [
  {{ when = {{ class = "fault" }}, within = "4wh" }},
  {{ when = {{ class = "complaint" }}, within = "8wh" }},
]
"#
    ))
}

#[test]
fn a_pause_across_closing_while_the_class_changes() {
    play(
        &solve(""),
        "
        03-09 15:00 received class=fault    # 3 h today, 1 tomorrow
        = solve: running open, used 0:00 of 4:00, due 03-10 10:00
        03-09 17:00 paused reason=customer
        03-09 20:00 classified class=complaint  # 6 of 8 h left, from 09:00 if it went on now
        = solve: paused open, used 2:00 of 8:00, resumed 03-10 15:00
        03-10 10:00 resumed
        = solve: running open, used 2:00 of 8:00, due 03-10 16:00
        + solve: counting 2:00, closed 15:00, paused customer 2:00
        ",
    );
}

#[test]
fn a_budget_that_ends_at_closing_with_a_pause_from_closing_on() {
    play(
        &house(
            r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ within = "2wh" }]
"#,
        ),
        "
        03-09 16:00 received                # 2 h to closing
        = solve: running open, used 0:00 of 2:00, due 03-09 18:00 till 03-10 09:00
        03-09 18:00 paused reason=customer
        03-10 12:00 resumed                 # nothing was exceeded meanwhile
        = solve: running open, used 2:00 of 2:00, due 03-09 18:00 till 03-10 12:00
        03-10 12:00:00.000001 look
        = solve: running breaching, used 2:00:00.000001 of 2:00, due 03-09 18:00 till 03-10 12:00, breached 03-10 12:00
        ",
    );
}

#[test]
fn a_kept_promise_whose_budget_ended_as_the_pause_began() {
    play(
        &house(
            r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ within = "2h" }]
"#,
        ),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer
        03-09 20:00 resolved
        = solve: stopped met, used 2:00 of 2:00, due 03-09 12:00 till 03-09 20:00
        ",
    );
}

#[test]
fn a_message_at_night_ends_the_waiting_and_costs_nothing() {
    play(
        &solve(""),
        "
        03-09 16:00 received class=fault
        03-09 17:00 paused reason=silence
        03-09 20:00 customer-wrote          # 3 h are left, from 09:00
        = solve: running open, used 1:00 of 4:00, due 03-10 12:00
        + solve: counting 1:00, closed 2:00, paused silence 1:00
        ",
    );
}

#[test]
fn resolved_while_waiting_and_reopened_the_next_day() {
    play(
        &solve(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 paused reason=customer
        03-09 13:00 resolved
        = solve: stopped met, used 1:00 of 4:00, due 03-09 16:00
        03-10 09:30 reopened                # the waiting is over; 3 h are left
        03-10 09:30 refused resumed
        = solve: running open, used 1:00 of 4:00, due 03-10 12:30
        + solve: counting 1:00, paused customer 2:00, suspended 20:30
        ",
    );
}

#[test]
fn a_pause_in_two_pieces_is_a_pause() {
    for pieces in [
        "03-09 13:00 resumed",
        "03-09 12:00 resumed\n03-09 12:00 paused reason=customer\n03-09 13:00 resumed",
        "03-09 12:00 paused reason=silence\n03-09 12:00 resumed reason=customer\n03-09 13:00 resumed",
    ] {
        play(
            &solve(""),
            &format!(
                "03-09 10:00 received class=fault
                03-09 11:00 paused reason=customer
                {pieces}
                = solve: running open, used 1:00 of 4:00, due 03-09 16:00"
            ),
        );
    }
}

#[test]
fn a_goal_that_comes_while_the_ticket_waits() {
    play(
        &solve(""),
        "
        03-09 10:00 received class=enquiry
        03-09 11:00 paused reason=customer
        03-09 12:00 classified class=fault  # the hour before the pause counts: 3 h left
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 15:00
        ",
    );
}

#[test]
fn a_pause_for_a_reason_that_only_the_next_goal_could_know_is_the_targets_all_along() {
    // Reasons belong to the target, whatever its goal; parts stop nothing.
    play(
        &solve(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 paused reason=parts
        03-09 12:00 classified class=complaint
        = solve: running open, used 2:00 of 8:00, due 03-09 18:00 till 03-10 09:00
        ",
    );
}

#[test]
fn rebound_while_paused() {
    // One of 4 h is used at 11:00; at 12:00 the ticket moves to 8 h and still waits.
    for (mode, waiting, running) in [
        // 7 h left: 6 today, 1 tomorrow; an hour later 5 and 2.
        (
            "retroactive",
            "used 1:00 of 8:00, resumed 03-10 10:00",
            "used 1:00 of 8:00, due 03-10 11:00",
        ),
        // A quarter: 2 h; 6 left.
        (
            "carry",
            "used 2:00 of 8:00, resumed 03-09 18:00",
            "used 2:00 of 8:00, due 03-10 10:00",
        ),
        // 8 h left.
        (
            "forward",
            "used 0:00 of 8:00, resumed 03-10 11:00",
            "used 0:00 of 8:00, due 03-10 12:00",
        ),
        (
            "reset",
            "used 0:00 of 8:00, resumed 03-10 11:00",
            "used 0:00 of 8:00, due 03-10 12:00",
        ),
    ] {
        let first = solve("reclassify = \"retroactive\"");
        let second = solve(&format!("reclassify = \"{mode}\"")).replace("4wh", "8wh");
        play_versions(
            &[&first, &second],
            &format!(
                "03-09 10:00 received class=fault
                03-09 11:00 paused reason=customer
                03-09 12:00 rebind
                = solve: paused open, {waiting}
                03-09 13:00 resumed
                = solve: running open, {running}"
            ),
        );
    }
}

#[test]
fn late_and_then_waiting() {
    play(
        &solve(""),
        "
        03-09 10:00 received class=fault
        03-09 15:00 paused reason=customer  # an hour late, and no later than that
        03-10 15:00 resumed
        03-10 16:00 resolved
        = solve: stopped breached, used 6:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        + solve: counting 6:00, closed 15:00, paused customer 9:00
        ",
    );
}

/// The customer is told every 24 hours.
fn progress() -> String {
    house(
        r#"
[target.progress]
start = "plan-accepted"
every = [{ when = { level = "urgent" }, within = "4h" }, { within = "24h" }]
reset = "progress-reported"
stop = "resolved"
pause = "customer"
"#,
    )
}

#[test]
fn an_update_that_would_have_been_missed_but_for_a_pause() {
    play(
        &progress(),
        "
        03-09 09:00 received
        03-09 09:00 plan-proposed
        03-09 10:00 plan-accepted
        03-09 20:00 paused reason=customer  # 10 h used
        03-11 12:00 look                    # two periods in the pause: none is missed
        = progress: paused open, used 10:00 of 24:00, resumed 03-12 02:00
        03-11 20:00 resumed                 # 14 h left
        = progress: running open, used 10:00 of 24:00, due 03-12 10:00
        ",
    );
}

#[test]
fn an_update_missed_before_a_pause_and_told_inside_it() {
    play(
        &progress(),
        "
        03-09 09:00 received
        03-09 09:00 plan-proposed
        03-09 10:00 plan-accepted
        03-10 12:00 paused reason=customer  # two hours late
        03-11 12:00 progress-reported       # the next one is anchored here, and waits
        = progress: stopped breached, used 26:00 of 24:00, due 03-10 10:00, breached 03-10 10:00
        = progress 2: paused open, used 0:00 of 24:00, resumed 03-12 12:00
        03-11 20:00 resumed
        ~ progress 2: running open, used 0:00 of 24:00, due 03-12 20:00
        ",
    );
}

#[test]
fn an_update_told_inside_a_pause() {
    play(
        &progress(),
        "
        03-09 09:00 received
        03-09 09:00 plan-proposed
        03-09 10:00 plan-accepted
        03-09 20:00 paused reason=customer
        03-10 12:00 progress-reported       # 14 h were left
        = progress: stopped met, used 10:00 of 24:00, due 03-11 02:00
        = progress 2: paused open, used 0:00 of 24:00, resumed 03-11 12:00
        ",
    );
}

#[test]
fn periods_grow_shorter_as_it_becomes_urgent() {
    play(
        &progress(),
        "
        03-09 09:00 received
        03-09 09:00 plan-proposed
        03-09 10:00 plan-accepted
        03-09 13:00 classified level=urgent
        = progress: running open, used 3:00 of 4:00, due 03-09 14:00
        03-09 13:30 progress-reported
        ~ progress 2: running open, used 0:00 of 4:00, due 03-09 17:30
        03-09 14:00 resolved
        ~ progress 2: stopped met, used 0:30 of 4:00, due 03-09 17:30
        03-09 16:00 reopened                # goes on: 3.5 h left
        ~ progress 2: running open, used 0:30 of 4:00, due 03-09 19:30
        ",
    );
}
