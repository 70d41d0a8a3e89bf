//! After the deadline, after the end, after the fact.

use crate::house::house;
use crate::play::play;

/// First reply in 2wh, solution in 4wh (a complaint in 8wh, an urgent matter in 1wh, an enquiry
/// whenever), opinion asked within a working day.
fn service(reopen: &str) -> String {
    house(&format!(
        r#"
[target.first]
start = "received"
stop = ["replied", "resolved"]
goals = [{{ within = "2wh" }}]
reopen = "stay"
ladder = [{{ at = "due", tell = "lead" }}]
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
{reopen}
goals = [
  {{ when = {{ level = "urgent" }}, within = "1wh" }},
  {{ when = {{ class = "fault" }}, within = "4wh" }},
  {{ when = {{ class = "complaint" }}, within = "8wh" }},
]
[target.survey]
start = "resolved"
stop = "survey-asked"
cycle = "each"
goals = [{{ within = "1wd" }}]
"#
    ))
}

#[test]
fn a_late_reply_after_a_recorded_breach() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 12:30 tick
        ! breached: first at 03-09 12:00
        ! told lead: first rung 0 at 03-09 12:00:00.000001, late
        03-09 13:00 late 03-09 11:30 replied
        = first: stopped met, used 1:30 of 2:00, due 03-09 12:00
        = solve: running open, used 3:00 of 4:00, due 03-09 14:00
        * first: breaching -> met
        03-09 14:00 tick                    # nothing is taken back, nothing told again
        ",
    );
}

#[test]
fn a_late_reply_that_was_late_itself_revises_nothing() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 13:00 late 03-09 12:30 replied
        ~ first: stopped breached, used 2:30 of 2:00, due 03-09 12:00, breached 03-09 12:00
        ",
    );
}

#[test]
fn a_late_judgement_takes_a_kept_promise_away() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 13:00 resolved
        ~ solve: stopped met, used 3:00 of 4:00, due 03-09 14:00
        03-10 09:00 closed
        03-10 10:00 late 03-09 10:30 classified level=urgent
        ~ solve: stopped breached, used 3:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        * solve: met -> breached
        ",
    );
}

#[test]
fn merged_after_a_breach() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 13:00 merged other=T-2 side=into
        = first: stopped breached, used 3:00 of 2:00, due 03-09 12:00, breached 03-09 12:00
        = solve: stopped cancelled (merged), used 3:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn merged_and_answered_before_as_it_turns_out() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:30 merged other=T-2 side=into
        ~ first: stopped cancelled (merged), used 1:30 of 2:00, due 03-09 12:00
        03-09 15:00 late 03-09 11:00 replied
        ~ first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        * first: cancelled (merged) -> met
        ",
    );
}

#[test]
fn waived_then_reopened() {
    // The waiver of 11:00 covers the first cycle, which goes on.
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 waived agreement=service target=solve cycle=1 text=storm
        03-09 12:00 resolved
        ~ solve: stopped waived, used 2:00 of 4:00, due 03-09 14:00
        03-09 13:00 reopened
        ~ solve: running waived, used 2:00 of 4:00, due 03-09 15:00
        03-09 17:00 tick                    # nobody is woken for it
        03-09 17:00 resolved
        ~ solve: stopped waived, used 6:00 of 4:00, due 03-09 15:00, breached 03-09 15:00
        ",
    );
}

#[test]
fn waived_then_reopened_as_a_new_cycle() {
    play(
        &service(r#"reopen = "new-cycle""#),
        "
        03-09 10:00 received class=fault
        03-09 11:00 waived agreement=service target=solve cycle=1 text=storm
        03-09 12:00 resolved
        03-09 13:00 reopened
        ~ solve: stopped waived, used 2:00 of 4:00, due 03-09 14:00
        ~ solve 2: running open, used 0:00 of 4:00, due 03-09 17:00
        03-09 17:30 look
        ~ solve 2: running breaching, used 4:30 of 4:00, due 03-09 17:00, breached 03-09 17:00
        ",
    );
}

#[test]
fn reopened_while_a_survey_is_pending() {
    play(
        &service(""),
        "
        03-09 12:00 received class=fault
        03-09 13:00 replied
        03-09 15:00 resolved                # opinion by Tuesday's closing: 3 + 9 h
        ~ survey: running open, used 0:00 of 12:00, due 03-10 18:00 till 03-11 09:00
        03-10 10:00 reopened                # 3 of 4 h were used: 1 left
        = first: stopped met, used 1:00 of 2:00, due 03-09 14:00
        = solve: running open, used 3:00 of 4:00, due 03-10 11:00
        = survey: stopped cancelled (reopened), used 4:00 of 12:00, due 03-10 18:00 till 03-11 09:00
        03-10 11:00 resolved                # by Wednesday's closing: 7 + 9 h
        = first: stopped met, used 1:00 of 2:00, due 03-09 14:00
        = solve: stopped met, used 4:00 of 4:00, due 03-10 11:00
        = survey: stopped cancelled (reopened), used 4:00 of 12:00, due 03-10 18:00 till 03-11 09:00
        = survey 2: running open, used 0:00 of 16:00, due 03-11 18:00 till 03-12 09:00
        ",
    );
}

#[test]
fn reopened_when_the_survey_is_overdue() {
    play(
        &service(""),
        "
        03-09 12:00 received class=fault
        03-09 15:00 resolved
        03-11 10:00 reopened                # 3 + 9 + 1 h: no cancellation undoes a breach
        ~ survey: stopped breached, used 13:00 of 12:00, due 03-10 18:00 till 03-11 09:00, breached 03-10 18:00
        ",
    );
}

#[test]
fn several_judgements_at_one_instant() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 12:00 classified level=urgent # an hour, long used up, for no time at all
        03-09 12:00 classified level=general
        03-09 12:00 classified class=complaint
        ~ solve: running open, used 2:00 of 8:00, due 03-09 18:00 till 03-10 09:00
        03-09 13:00 look
        ~ solve: running open, used 3:00 of 8:00, due 03-09 18:00 till 03-10 09:00
        ",
    );
}

#[test]
fn a_goal_lost_and_regained_in_time() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 12:00 classified class=enquiry
        ~ solve: stopped cancelled (no goal), used 2:00
        03-09 13:00 classified class=fault
        ~ solve: running open, used 3:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn a_goal_lost_and_regained_too_late() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 12:00 classified class=enquiry
        03-09 16:00 classified class=fault  # 6 of 4 h: over as it came
        03-09 17:00 look
        ~ solve: running breaching, used 7:00 of 4:00, due 03-09 14:00, breached 03-09 16:00, over as it came
        ",
    );
}

#[test]
fn a_goal_lost_to_the_end() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 15:00 look
        ~ solve: running breaching, used 5:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        03-09 15:00 classified class=enquiry
        03-09 16:00 resolved
        ~ solve: stopped cancelled (no goal), used 5:00, first breached 03-09 14:00
        ",
    );
}

#[test]
fn closed_without_a_resolution() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 12:00 closed
        ~ first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        ~ solve: stopped cancelled (closed), used 2:00 of 4:00 ..
        03-09 13:00 reopened                # 2 h left
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = solve: running open, used 2:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn closed_without_a_resolution_when_it_is_late() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 16:00 closed
        ~ solve: stopped breached, used 6:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        ",
    );
}

#[test]
fn the_gap_of_a_resolution_that_did_not_hold_counts_where_it_is_agreed() {
    play(
        &service(r#"reopen = { mode = "continue", gap = "included" }"#),
        "
        03-09 10:00 received class=fault
        03-09 11:00 resolved
        ~ solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        03-09 17:00 reopened                # 7 h, 4 of them by 14:00
        ~ solve: running breaching, used 7:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        + solve: counting 7:00
        ",
    );
}

#[test]
fn reopened_after_the_days_and_judged_meanwhile() {
    play(
        &service(r#"reopen = { mode = "continue", new-cycle-after = "7d" }"#),
        "
        03-09 10:00 received class=fault
        03-09 11:00 resolved
        03-09 12:00 survey-asked
        03-12 12:00 classified class=complaint
        03-16 11:00 reopened                # seven days to the minute: 8 h of its own, 7 + 1
        ~ solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        ~ solve 2: running open, used 0:00 of 8:00, due 03-17 10:00
        ",
    );
}

#[test]
fn declined_and_taken_up_again() {
    play(
        &house(
            r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{ within = "4wh" }]
"#,
        ),
        "
        03-09 10:00 received
        03-09 11:00 declined alternative=shop
        = solve: stopped cancelled (declined), used 1:00 of 4:00, due 03-09 14:00
        03-09 12:00 reopened                # only what a resolution or a closing ended comes back
        = solve: stopped cancelled (declined), used 1:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn over_at_birth_while_it_waits() {
    play(
        &service(""),
        "
        03-09 10:00 received class=fault
        03-09 11:00 replied
        03-09 12:00 paused reason=customer
        03-09 13:00 classified level=urgent # 2 of 1 h
        03-09 15:00 resumed
        03-09 16:00 look                    # breached when it first ran under that goal
        ~ solve: running breaching, used 3:00 of 1:00, due 03-09 11:00, breached 03-09 15:00, over as it came
        ",
    );
}

/// Urgent 1h, a fault 2h, a complaint 4h, taking over what mode says.
fn taking_over(mode: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
reclassify = "{mode}"
goals = [
  {{ when = {{ level = "urgent" }}, within = "1h" }},
  {{ when = {{ class = "fault" }}, within = "2h" }},
  {{ when = {{ class = "complaint" }}, within = "4h" }},
]
"#
    ))
}

#[test]
fn what_is_over_by_its_share_is_over_wherever_the_share_is_carried() {
    play(
        &taking_over("carry"),
        "
        03-09 10:00 received class=fault
        03-09 13:00 look                    # 150%
        = solve: running breaching, used 3:00 of 2:00, due 03-09 12:00, breached 03-09 12:00
        03-09 13:00 classified class=complaint
        03-09 14:00 look                    # 6 of 4 h, and one more
        ~ solve: running breaching, used 7:00 of 4:00 ..
        ",
    );
}

#[test]
fn a_fresh_start_forgives_but_the_trace_remembers() {
    for mode in ["forward", "reset"] {
        play(
            &taking_over(mode),
            "
            03-09 10:00 received class=fault
            03-09 13:00 classified class=complaint
            = solve: running open, used 0:00 of 4:00, due 03-09 17:00, first breached 03-09 12:00
            03-09 17:00 resolved
            = solve: stopped met, used 4:00 of 4:00, due 03-09 17:00, first breached 03-09 12:00
            ",
        );
    }
}

#[test]
fn judged_back_and_forth_by_carried_shares() {
    // 30 of 60 min are half: 1 of 2 h; half an hour more is three quarters: 45 of 60 min.
    play(
        &taking_over("carry"),
        "
        03-09 10:00 received class=fault level=urgent
        03-09 10:30 classified level=general
        = solve: running open, used 1:00 of 2:00, due 03-09 11:30
        03-09 11:00 classified level=urgent
        = solve: running open, used 0:45 of 1:00, due 03-09 11:15
        03-09 11:15 resolved
        = solve: stopped met, used 1:00 of 1:00, due 03-09 11:15
        ",
    );
}

#[test]
fn waited_and_judged_and_reopened_and_merged_on_one_day() {
    play(
        &taking_over("retroactive"),
        "
        03-09 10:00 received class=fault
        03-09 10:30 paused reason=customer
        03-09 11:00 classified class=complaint  # half an hour of 4 h
        = solve: paused open, used 0:30 of 4:00, resumed 03-09 14:30
        03-09 11:30 resolved
        03-09 12:00 reopened                    # 3.5 h left
        = solve: running open, used 0:30 of 4:00, due 03-09 15:30
        03-09 15:30 merged other=T-2 side=into  # used up, not exceeded
        = solve: stopped cancelled (merged), used 4:00 of 4:00, due 03-09 15:30
        + solve: counting 4:00, paused customer 1:00, suspended 0:30
        ",
    );
}
