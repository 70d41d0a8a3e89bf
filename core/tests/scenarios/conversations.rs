//! Messages, answers, plans.

use crate::house::house;
use crate::play::play;

fn replies(stop: &str) -> String {
    house(&format!(
        r#"
[target.first]
start = "received"
stop = {stop}
goals = [{{ within = "2wh" }}]
reopen = "stay"
[target.next]
start = "customer-wrote"
after = "first"
stop = "replied"
goals = [{{ within = "4wh" }}]
"#
    ))
}

#[test]
fn cycle_zero_ended_by_a_diagnosis_with_a_message_waiting() {
    play(
        &replies(r#"["replied", "diagnosed"]"#),
        "
        03-09 10:00 received
        03-09 10:30 customer-wrote
        03-09 10:40 customer-wrote
        03-09 11:00 diagnosed               # the messages still wait, from now on
        03-09 11:30 customer-wrote          # does not move it
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: running open, used 0:30 of 4:00, due 03-09 15:00
        03-09 13:00 replied
        ~ next: stopped met, used 2:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn cycle_zero_ended_by_a_diagnosis_with_nothing_waiting() {
    // What came in has been answered by what the policy calls a first contact.
    play(
        &replies(r#"["replied", "diagnosed"]"#),
        "
        03-09 10:00 received
        03-09 11:00 diagnosed
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        03-09 12:00 customer-wrote
        ~ next: running open, used 0:00 of 4:00, due 03-09 16:00
        ",
    );
}

#[test]
fn an_answer_and_a_message_at_one_instant() {
    play(
        &replies(r#""replied""#),
        "
        03-09 10:00 received
        03-09 11:00 customer-wrote
        03-09 11:00 replied                 # answers the message before it
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        03-09 11:00 customer-wrote          # and not the one after it
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = next: running open, used 0:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn an_automatic_answer_where_the_policy_takes_it() {
    play(
        &replies(r#"{ event = "replied", when = { automatic = ["yes", "no"] } }"#),
        "
        03-09 10:00 received
        03-09 10:01 replied automatic=true
        = first: stopped met, used 0:01 of 2:00, due 03-09 12:00
        ",
    );
}

#[test]
fn a_message_before_the_resolution_and_one_after_reopening() {
    play(
        &replies(r#""replied""#),
        "
        03-09 10:00 received
        03-09 11:00 replied
        03-09 12:00 customer-wrote
        03-09 13:00 resolved
        03-09 14:00 reopened                # the resolution answered it
        03-09 15:00 customer-wrote
        ~ next 2: running open, used 0:00 of 4:00, due 03-10 10:00
        03-09 16:00 merged other=T-2 side=into
        ~ next 2: stopped cancelled (merged), used 1:00 of 4:00, due 03-10 10:00
        ",
    );
}

#[test]
fn a_message_that_waits_is_not_forgotten_when_it_turns_out_late() {
    play(
        &replies(r#""replied""#),
        "
        03-09 10:00 received
        03-09 11:00 replied
        03-09 12:00 customer-wrote
        03-09 13:00 replied
        ~ next: stopped met, used 1:00 of 4:00, due 03-09 16:00
        03-09 15:00 late 03-09 14:00 customer-wrote
        ~ next 2: running open, used 1:00 of 4:00, due 03-09 18:00 till 03-10 09:00
        ",
    );
}

#[test]
fn a_disputed_plan_opens_a_cycle_and_every_cycle_is_kept() {
    let policy = house(
        r#"
[target.plan]
start = ["diagnosed", "plan-disputed"]
stop = "plan-proposed"
cycle = "each"
goals = [{ within = "2h" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 10:00 diagnosed
        03-09 13:00 plan-proposed
        03-09 14:00 plan-disputed
        03-09 15:00 plan-proposed
        03-09 16:00 plan-disputed
        03-09 17:00 look
        = plan: stopped breached, used 3:00 of 2:00, due 03-09 12:00, breached 03-09 12:00
        = plan 2: stopped met, used 1:00 of 2:00, due 03-09 16:00
        = plan 3: running open, used 1:00 of 2:00, due 03-09 18:00
        ",
    );
}

#[test]
fn what_ends_the_ticket_leaves_no_message_waiting() {
    // C10, C12: what cancels the next reply is not followed by another one.
    for (end, why) in [
        ("resolved", "resolved"),
        ("withdrawn", "withdrawn"),
        ("merged other=T-2 side=into", "merged"),
        ("declined alternative=shop", "declined"),
        ("closed", "closed"),
    ] {
        play(
            &replies(r#""replied""#),
            &format!(
                "03-09 10:00 received
                03-09 11:00 replied
                03-09 12:00 customer-wrote
                03-09 13:00 {end}
                ~ next: stopped cancelled ({why}), used 1:00 of 4:00 ..
                - next 2
                03-09 20:00 look
                - next 2"
            ),
        );
    }
}

#[test]
fn what_ends_the_ticket_before_the_first_answer_leaves_no_message_waiting() {
    // Cycle 0 ends with the ticket, not with a diagnosis: there is nobody left to wait.
    for end in [
        "resolved",
        "withdrawn",
        "merged other=T-2 side=into",
        "declined alternative=shop",
        "closed",
        "resolved\n03-09 11:30 closed",
    ] {
        play(
            &replies(r#""replied""#),
            &format!(
                "03-09 10:00 received
                03-09 10:30 customer-wrote
                03-09 11:00 {end}
                - next
                03-09 20:00 look
                - next"
            ),
        );
    }
}
