//! C1 to C7 and C16: one measure, its edges, pauses, and where the time went.

use punctual::clock;
use punctual::ticket::Ticket;

use crate::house::house;
use crate::play::{Stage, compile, play};

/// `solve`, pausing for the customer and for parts, and `call`, pausing for nothing.
fn within(goal: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = ["customer", "parts"]
goals = [{{ within = "{goal}" }}]
"#
    ))
}

#[test]
fn c1_exactly_at_the_deadline_is_met() {
    // 10:00 + 4 h = 14:00.
    for (at, stands) in [
        (
            "03-09 13:59:59.999999",
            "stopped met, used 3:59:59.999999 of 4:00, due 03-09 14:00",
        ),
        (
            "03-09 14:00",
            "stopped met, used 4:00 of 4:00, due 03-09 14:00",
        ),
        (
            "03-09 14:00:00.000001",
            "stopped breached, used 4:00:00.000001 of 4:00, due 03-09 14:00, breached 03-09 14:00",
        ),
    ] {
        for goal in ["4h", "4wh"] {
            play(
                &within(goal),
                &format!("03-09 10:00 received\n{at} resolved\n= solve: {stands}"),
            );
        }
    }
}

#[test]
fn c1_a_verdict_compares_used_time_and_never_instants() {
    // 10:00 + 8 h = closing. At 22:00 no more than 8 h of open time have passed.
    play(
        &within("8wh"),
        "
        03-09 10:00 received
        03-09 22:00 resolved
        = solve: stopped met, used 8:00 of 8:00, due 03-09 18:00 till 03-10 09:00
        ",
    );
}

#[test]
fn c1_what_starts_and_stops_at_one_instant_took_no_time() {
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 10:00 resolved
        = solve: stopped met, used 0:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn c2_due_at_and_breach_after_differ_when_the_budget_ends_at_closing() {
    play(
        &within("8wh"),
        "
        03-13 10:00 received                # Friday; reopens on Monday
        = solve: running open, used 0:00 of 8:00, due 03-13 18:00 till 03-16 09:00
        03-13 18:00:00.000001 look
        = solve: running open, used 8:00 of 8:00, due 03-13 18:00 till 03-16 09:00
        03-16 09:00 look
        = solve: running open, used 8:00 of 8:00, due 03-13 18:00 till 03-16 09:00
        03-16 09:00:00.000001 look          # closed hours do not split the segment
        = solve: running breaching, used 8:00:00.000001 of 8:00, due 03-13 18:00 till 03-16 09:00, breached 03-13 18:00
        ",
    );
}

#[test]
fn c2_due_at_and_breach_after_differ_inside_a_pause() {
    play(
        &within("2h"),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer  # all of it is used, none of it exceeded
        03-09 15:00 resumed
        = solve: running open, used 2:00 of 2:00, due 03-09 12:00 till 03-09 15:00
        03-09 15:00:00.000001 look          # the segment that exceeded it began at 15:00
        = solve: running breaching, used 2:00:00.000001 of 2:00, due 03-09 12:00 till 03-09 15:00, breached 03-09 15:00
        ",
    );
}

#[test]
fn c2_a_stopped_clock_is_projected_as_if_it_ran_on() {
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-20 11:00 look
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        ",
    );
    // The pause ended with the resolution: 3 h are left at 12:00.
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 12:00 resolved
        = solve: stopped met, used 1:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn c2_a_cancelled_clock_is_projected_like_every_stopped_one() {
    let policy = within("4h")
        + r#"
[target.next]
start = "customer-wrote"
stop = "replied"
goals = [{ within = "4h" }]
"#;
    for (story, stands) in [
        // Running as it ended: 3 h were left at 11:00.
        (
            "withdrawn",
            "solve: stopped cancelled (withdrawn), used 1:00 of 4:00, due 03-09 14:00",
        ),
        // The message of 10:00 was answered by the resolution, 3 h before it fell due.
        (
            "resolved",
            "next: stopped cancelled (resolved), used 1:00 of 4:00, due 03-09 14:00",
        ),
        // Waiting as it ended, for an hour: 3 h were left at 12:00.
        (
            "paused reason=customer\n03-09 12:00 withdrawn",
            "solve: stopped cancelled (withdrawn), used 1:00 of 4:00, due 03-09 15:00",
        ),
    ] {
        play(
            &policy,
            &format!(
                "03-09 10:00 received\n03-09 10:00 customer-wrote\n03-09 11:00 {story}\n~ {stands}"
            ),
        );
    }
}

#[test]
fn c3_a_paused_clock_has_no_due_instant_but_one_if_it_were_resumed_now() {
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 14:00
        03-09 12:00 look
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 15:00
        03-09 15:00 look                    # 3 h to closing
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 18:00
        03-09 20:00 look                    # closed: 3 h of Tuesday
        = solve: paused open, used 1:00 of 4:00, resumed 03-10 12:00
        ",
    );
}

#[test]
fn c4_a_clock_runs_while_none_of_its_reasons_is_open() {
    // A pause inside a pause: 11:00 to 13:00 in one.
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 11:30 paused reason=parts
        03-09 12:00 resumed reason=customer
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 15:00
        03-09 13:00 resumed reason=parts
        = solve: running open, used 1:00 of 4:00, due 03-09 16:00
        ",
    );
    // `Resumed` without a reason clears all.
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 11:30 paused reason=parts
        03-09 12:00 resumed
        = solve: running open, used 1:00 of 4:00, due 03-09 15:00
        ",
    );
    // A reason that is none of the target's.
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=silence
        03-09 12:00 look
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn c4_pausing_and_resuming_at_one_instant_is_nothing() {
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 11:00 resumed
        = solve: running open, used 1:00 of 4:00, due 03-09 14:00
        03-09 12:00 paused reason=customer  # a microsecond is a microsecond
        03-09 12:00:00.000001 resumed
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00:00.000001
        ",
    );
}

#[test]
fn c4_closed_time_inside_a_pause_costs_nothing() {
    play(
        &within("4wh"),
        "
        03-09 16:00 received                # 2 h today, 2 h tomorrow: 11:00
        03-09 19:00 paused reason=customer  # all of it at night
        03-10 08:00 resumed
        = solve: running open, used 2:00 of 4:00, due 03-10 11:00
        ",
    );
    play(
        &within("4wh"),
        "
        03-09 16:00 received
        03-09 17:00 paused reason=customer
        03-10 10:00 resumed                 # 1 h used, 3 h left
        = solve: running open, used 1:00 of 4:00, due 03-10 13:00
        + solve: counting 1:00, closed 15:00, paused customer 2:00
        ",
    );
}

#[test]
fn c4_an_event_that_the_policy_names_resumes_without_a_record() {
    let policy = within("4wh").replace("[\"customer\", \"parts\"]", "[\"customer\", \"silence\"]");
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 paused reason=silence
        03-09 12:00 customer-wrote
        = solve: running open, used 1:00 of 4:00, due 03-09 15:00
        ",
    );
    // It removes that reason alone.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 paused reason=silence
        03-09 11:30 paused reason=customer
        03-09 12:00 customer-wrote
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 15:00
        ",
    );
}

#[test]
fn c4_a_source_with_one_status_at_a_time_clears_before_each_pause() {
    // Waiting for the customer becomes waiting for a message, which does not pause: 11:00 to 12:00.
    play(
        &within("4wh"),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 12:00 resumed
        03-09 12:00 paused reason=silence
        03-09 13:00 look
        = solve: running open, used 2:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn c5_activity_and_outcome_are_two_axes() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ within = "4wh" }]
ladder = [{ at = "50%", tell = "agent" }]
[target.arrive]
start = "dispatched"
stop = "arrived"
goals = [{ within = "8wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        = solve: running open, used 0:00 of 4:00, due 03-09 14:00
        03-09 11:00 paused reason=customer
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 14:00
        03-09 11:00 resumed
        03-09 12:00 dispatched              # half of 4 h is used
        = solve: running imminent, used 2:00 of 4:00, due 03-09 14:00
        = arrive: running open, used 0:00 of 8:00, due 03-10 11:00
        03-09 15:00 look
        = solve: running breaching, used 5:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        = arrive: running open, used 3:00 of 8:00, due 03-10 11:00
        03-09 16:00 resolved                # 4 h of the visit's are left: 2 today, 2 tomorrow
        = solve: stopped breached, used 6:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        = arrive: suspended open, used 4:00 of 8:00, resumed 03-10 11:00
        03-09 17:00 closed
        ~ solve: stopped breached, used 6:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        ~ arrive: stopped cancelled (closed), used 4:00 of 8:00 ..
        ",
    );
}

#[test]
fn c5_a_promise_that_nothing_has_started_is_pending() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{ within = "4wh" }]
[target.arrive]
start = "dispatched"
stop = "arrived"
goals = [{ when = { class = "fault" }, within = "8wh" }]
"#,
    );
    let policies = compile(&[&policy]);
    let mut stage = Stage::new(&policies, false);
    let pending = |stage: &Stage<'_>| -> Vec<String> {
        let ticket: &Ticket = &stage.ticket;
        let pending = clock::pending(ticket.timeline(), &stage.bindings(stage.now), stage.now);
        assert!(pending.iter().all(|it| it.activity.name() == "pending"));
        pending.iter().map(|it| it.target.to_string()).collect()
    };
    stage.line("03-09 10:00 received class=enquiry");
    assert_eq!(pending(&stage), [""; 0], "no goal fits");
    stage.line("03-09 11:00 classified class=fault");
    assert_eq!(pending(&stage), ["arrive"]);
    stage.line("03-09 12:00 dispatched");
    assert_eq!(pending(&stage), [""; 0], "it runs");
    stage.finish();
}

#[test]
fn c6_looking_never_changes_a_verdict() {
    // The engine looks in before and after each line of this and of every other story.
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ within = "2wh" }]
ladder = [{ at = "50%", tell = "agent" }, { at = "due", tell = "lead", every = "1h", most = 9 }]
"#,
    );
    let mut story = "03-09 10:00 received\n".to_owned();
    for minute in 0..60 {
        story.push_str(&format!(
            "03-09 11:{minute:02} look\n03-09 13:{minute:02} look\n"
        ));
    }
    let mut lines: Vec<&str> = story.lines().collect();
    lines.sort_unstable();
    lines.push("03-09 14:00 resolved");
    lines.push(
        "= solve: stopped breached, used 4:00 of 2:00, due 03-09 12:00, breached 03-09 12:00",
    );
    play(&policy, &lines.join("\n"));
}

#[test]
fn c7_pause_after_breach_does_not_undo_it() {
    play(
        &within("1wh"),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer
        03-09 15:00 look                    # an hour late, and no more
        ~ solve: paused breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        03-09 16:00 resumed
        03-09 17:00 resolved
        = solve: stopped breached, used 3:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        ",
    );
}

#[test]
fn c16_every_microsecond_is_attributed_once() {
    let policy = house(
        r#"
[target.arrive]
start = "dispatched"
stop = "arrived"
pause = ["customer", "parts"]
goals = [{ within = "8wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 dispatched
        + arrive: before 1:00
        03-09 16:00 paused reason=customer  # 5 h counted
        03-09 17:00 paused reason=parts     # 1 h of customer alone
        03-10 10:00 resumed reason=customer # closed 18:00-09:00 wins over paused: 1 + 1 h of both
        03-10 11:00 resumed                 # 1 h of parts alone
        03-10 12:00 resolved                # 1 h more counted
        03-11 10:00 reopened                # suspended wins over closed: 22 h
        03-11 11:00 arrived                 # 1 h more counted
        03-11 13:30 look
        + arrive: before 1:00, counting 7:00, closed 15:00, paused customer 1:00, paused customer+parts 2:00, paused parts 1:00, suspended 22:00, after 2:30
        = arrive: stopped met, used 7:00 of 8:00, due 03-11 12:00
        ",
    );
}
