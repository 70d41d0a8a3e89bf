//! C8: what a new judgement does to a clock that has not stopped.

use punctual::time::Instant;

use crate::house::house;
use crate::play::{Stage, compile, play};

/// Urgent 1wh, fault 4wh, complaint 8wh, an enquiry nothing.
fn judged(mode: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
reclassify = "{mode}"
goals = [
  {{ when = {{ level = "urgent" }}, within = "1wh" }},
  {{ when = {{ class = "fault" }}, within = "4wh" }},
  {{ when = {{ class = "complaint" }}, within = "8wh" }},
]
ladder = [{{ at = "60%", tell = "agent" }}, {{ at = "due", tell = "head" }}, {{ at = "+30m", tell = "lead" }}]
"#
    ))
}

#[test]
fn c8_each_mode_takes_over_what_was_used() {
    // Two of 4 h are used when it becomes a matter of 8 h, at 12:00.
    for (mode, then, later) in [
        // From the original start: 10:00 + 8 h.
        (
            "retroactive",
            "used 2:00 of 8:00, due 03-09 18:00 till 03-10 09:00",
            "used 3:00 of 8:00, due 03-09 18:00 till 03-10 09:00",
        ),
        // Half is used: 4 h are left at 12:00.
        (
            "carry",
            "used 4:00 of 8:00, due 03-09 16:00",
            "used 5:00 of 8:00, due 03-09 16:00",
        ),
        // 8 h from 12:00: 6 today, 2 tomorrow.
        (
            "forward",
            "used 0:00 of 8:00, due 03-10 11:00",
            "used 1:00 of 8:00, due 03-10 11:00",
        ),
        (
            "reset",
            "used 0:00 of 8:00, due 03-10 11:00",
            "used 1:00 of 8:00, due 03-10 11:00",
        ),
    ] {
        play(
            &judged(mode),
            &format!(
                "03-09 10:00 received class=fault
                = solve: running open, used 0:00 of 4:00, due 03-09 14:00
                03-09 12:00 classified class=complaint
                = solve: running open, {then}
                03-09 13:00 resolved
                = solve: stopped met, {later}"
            ),
        );
    }
}

#[test]
fn c8_only_reset_says_that_it_started_now() {
    for (mode, started) in [
        ("retroactive", "10:00"),
        ("carry", "10:00"),
        ("forward", "10:00"),
        ("reset", "12:00"),
    ] {
        let policies = compile(&[&judged(mode)]);
        let mut stage = Stage::new(&policies, false);
        stage.line("03-09 10:00 received class=fault");
        stage.line("03-09 12:00 classified class=complaint");
        stage.line("03-09 13:00 look");
        let expected: Instant = stage.instant("03-09", started);
        assert_eq!(stage.readings()[0].started_at, expected, "{mode}");
        assert_eq!(
            stage.readings()[0].attached_at,
            stage.instant("03-09", "12:00"),
            "{mode}"
        );
    }
}

#[test]
fn c8_a_carried_share_is_exact_and_rounded_down_to_the_microsecond() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
reclassify = "carry"
goals = [{ when = { class = "fault" }, within = "7wm" }, { within = "1wh" }]
"#,
    );
    // A seventh of an hour is 514.285714 s and 2/7 of a microsecond; 3085.714286 s are left.
    play(
        &policy,
        "
        03-09 10:00 received class=fault
        03-09 10:01 classified class=complaint
        = solve: running open, used 0:08:34.285714 of 1:00, due 03-09 10:52:25.714286
        ",
    );
    // All of it is used: all of it is carried, and that is not too much.
    play(
        &policy,
        "
        03-09 10:00 received class=fault
        03-09 10:07 classified class=complaint
        = solve: running open, used 1:00 of 1:00, due 03-09 10:07
        03-09 10:07:00.000001 look
        = solve: running breaching, used 1:00:00.000001 of 1:00, due 03-09 10:07, breached 03-09 10:07
        ",
    );
}

#[test]
fn c8_a_stopped_clock_keeps_its_goal() {
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 15:00 resolved
        03-09 16:00 classified class=complaint
        = solve: stopped breached, used 5:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        03-09 17:00 classified class=enquiry
        = solve: stopped breached, used 5:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        ",
    );
}

#[test]
fn c8_pauses_count_for_the_new_goal_too() {
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 11:00 paused reason=customer
        03-09 12:00 classified class=complaint   # 7 h left: 6 today, 1 tomorrow
        = solve: paused open, used 1:00 of 8:00, resumed 03-10 10:00
        03-09 13:00 resumed                      # 5 today, 2 tomorrow
        = solve: running open, used 1:00 of 8:00, due 03-10 11:00
        ",
    );
}

#[test]
fn c8_without_a_goal_it_is_cancelled_and_comes_back_with_one() {
    for (mode, back) in [
        (
            "retroactive",
            "used 3:00 of 8:00, due 03-09 18:00 till 03-10 09:00",
        ),
        // Half of it was used when the goal went, and the hour without one used none.
        ("carry", "used 4:00 of 8:00, due 03-09 17:00"),
        // 8 h from 13:00: 5 today, 3 tomorrow.
        ("forward", "used 0:00 of 8:00, due 03-10 12:00"),
        ("reset", "used 0:00 of 8:00, due 03-10 12:00"),
    ] {
        play(
            &judged(mode),
            &format!(
                "03-09 10:00 received class=fault
                03-09 12:00 classified class=enquiry
                = solve: stopped cancelled (no goal), used 2:00
                + solve: counting 2:00
                03-09 13:00 classified class=complaint
                = solve: running open, {back}"
            ),
        );
    }
}

#[test]
fn c8_a_goal_that_went_stays_cancelled_at_the_judgement() {
    for end in ["resolved", "closed", "withdrawn"] {
        play(
            &judged("retroactive"),
            &format!(
                "03-09 10:00 received class=fault
                03-09 12:00 classified class=enquiry
                03-09 15:00 {end}
                = solve: stopped cancelled (no goal), used 2:00
                + solve: counting 2:00, after 3:00"
            ),
        );
    }
}

#[test]
fn c8_a_goal_that_comes_late_runs_from_the_original_start() {
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=enquiry
        03-09 12:00 classified class=fault
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn c8_over_at_birth_is_breached_and_gives_one_notice_to_the_highest_rung() {
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 12:00 classified level=urgent      # 1 h, and two are used
        03-09 12:00 tick
        ! breached as it came: solve at 03-09 12:00
        ! told head: solve as it came at 03-09 12:00
        03-09 12:30 tick                         # and nothing more
        = solve: running breaching, used 2:30 of 1:00, due 03-09 11:00, breached 03-09 12:00, over as it came
        03-09 13:00 resolved
        = solve: stopped breached, used 3:00 of 1:00, due 03-09 11:00, breached 03-09 12:00, over as it came
        ",
    );
}

#[test]
fn c8_over_at_birth_says_at_once_since_when() {
    // C2: the segment that exceeds the budget begins at 12:00, and E had reached it already.
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 12:00 classified level=urgent
        = solve: running breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 12:00, over as it came
        ",
    );
}

#[test]
fn c8_over_at_birth_and_stopped_at_once_says_since_when_as_it_is_reopened() {
    // No moment passed under the goal before 12:30; the first segment under it begins there. The law
    // `one-verdict` found that the reading of 12:30 itself said nothing.
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 12:00 classified level=urgent
        03-09 12:00 resolved
        03-09 12:30 reopened
        = solve: running breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 12:30, over as it came
        03-09 12:31 look
        = solve: running breaching, used 2:01 of 1:00, due 03-09 11:00, breached 03-09 12:30, over as it came
        ",
    );
}

#[test]
fn c8_used_up_exactly_at_birth_is_not_over() {
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 11:00 classified level=urgent
        = solve: running imminent, used 1:00 of 1:00, due 03-09 11:00
        03-09 11:00:00.000001 look
        = solve: running breaching, used 1:00:00.000001 of 1:00, due 03-09 11:00, breached 03-09 11:00
        ",
    );
}

#[test]
fn c8_a_superseded_goal_keeps_its_breach_in_the_trace() {
    play(
        &judged("retroactive"),
        "
        03-09 10:00 received class=fault level=urgent
        03-09 12:00 look
        = solve: running breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        03-09 12:00 classified level=general
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00, first breached 03-09 11:00
        03-09 13:00 resolved
        = solve: stopped met, used 3:00 of 4:00, due 03-09 14:00, first breached 03-09 11:00
        ",
    );
}

#[test]
fn c8_a_judgement_that_changes_no_goal_changes_nothing() {
    play(
        &judged("forward"),
        "
        03-09 10:00 received class=fault
        03-09 12:00 classified level=major
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        03-09 12:00 classified class=fault
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn c8_own_fields_are_judged_like_class_and_level() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{ when = { complexity = "complex" }, within = "8wh" }, { within = "4wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        = solve: running open, used 0:00 of 4:00, due 03-09 14:00
        03-09 11:00 classified fields.complexity=complex
        = solve: running open, used 1:00 of 8:00, due 03-09 18:00 till 03-10 09:00
        ",
    );
}
