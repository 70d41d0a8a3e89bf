//! Where two edges touch: closing, pausing, resolving, the change of clocks.

use crate::house::house;
use crate::play::play;

/// One target that pauses for the customer and that a resolution does not stop.
fn arrive(goal: &str, rungs: &str) -> String {
    house(&format!(
        r#"
[target.arrive]
start = "received"
stop = "arrived"
pause = "customer"
goals = [{{ within = "{goal}" }}]
ladder = [{rungs}]
"#
    ))
}

#[test]
fn used_up_at_closing_and_paused_before_it_opens_again() {
    play(
        &arrive("8wh", ""),
        "
        03-13 10:00 received                # Friday, 8 h to closing
        03-16 08:00 paused reason=customer
        03-16 10:00 resumed
        = arrive: running open, used 8:00 of 8:00, due 03-13 18:00 till 03-16 10:00
        03-16 10:00:00.000001 look          # the segment that exceeds it begins at 10:00
        = arrive: running breaching, used 8:00:00.000001 of 8:00, due 03-13 18:00 till 03-16 10:00, breached 03-16 10:00
        ",
    );
}

#[test]
fn used_up_at_closing_and_resolved_over_the_weekend() {
    play(
        &arrive("8wh", r#"{ at = "due", tell = "lead" }"#),
        "
        03-13 10:00 received
        03-14 12:00 resolved
        03-17 12:00 reopened                # suspended on Monday
        = arrive: running open, used 8:00 of 8:00, due 03-13 18:00 till 03-17 12:00
        > lead: arrive rung 0 at 03-17 12:00:00.000001, ahead
        03-17 12:00:00.000001 tick
        ! breached: arrive at 03-17 12:00
        ! told lead: arrive rung 0 at 03-17 12:00:00.000001
        ",
    );
}

#[test]
fn an_offset_after_the_breach_waits_while_the_ticket_is_resolved() {
    play(
        &arrive("2h", r#"{ at = "+2h", tell = "head" }"#),
        "
        03-09 10:00 received                # due 12:00
        03-09 13:00 resolved                # one of two hours
        03-09 16:00 reopened
        > head: arrive rung 0 at 03-09 17:00:00.000001, ahead
        03-09 17:00:00.000001 tick
        ! breached: arrive at 03-09 12:00
        ! told head: arrive rung 0 at 03-09 17:00:00.000001
        ",
    );
}

#[test]
fn a_working_day_after_a_breach_that_begins_at_opening() {
    // 8wh from 10:00: in time until Tuesday 09:00, whose next working date is Wednesday.
    play(
        &arrive("8wh", r#"{ at = "+1wd", tell = "head" }"#),
        "
        03-09 10:00 received
        > head: arrive rung 0 at 03-11 18:00:00.000001, ahead
        ",
    );
}

#[test]
fn late_when_it_was_closed_and_late_when_it_was_reopened() {
    play(
        &arrive("1h", ""),
        "
        03-09 10:00 received
        03-09 12:00 resolved
        = arrive: suspended breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        03-09 13:00 closed
        = arrive: stopped breached, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        03-09 15:00 reopened                # what the closing ended comes back
        = arrive: running breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        03-09 16:00 arrived
        = arrive: stopped breached, used 3:00 of 1:00, due 03-09 11:00, breached 03-09 11:00
        ",
    );
}

#[test]
fn a_share_that_is_reached_as_the_pause_begins() {
    play(
        &arrive("2h", r#"{ at = "50%", tell = "agent" }"#),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 11:00 tick
        = arrive: paused imminent, used 1:00 of 2:00, resumed 03-09 12:00
        ! warned: arrive at 03-09 11:00
        ! told agent: arrive rung 0 at 03-09 11:00
        ",
    );
}

#[test]
fn a_repeat_is_owed_a_microsecond_after_its_hour() {
    play(
        &arrive(
            "2h",
            r#"{ at = "due", tell = "lead", every = "1h", most = 1 }"#,
        ),
        "
        03-09 10:00 received
        03-09 12:30 tick
        ! breached: arrive at 03-09 12:00
        ! told lead: arrive rung 0 at 03-09 12:00:00.000001, late
        03-09 13:00 tick
        03-09 13:00:00.000001 tick
        ! told lead: arrive rung 0 again 1 at 03-09 13:00:00.000001
        ",
    );
}

#[test]
fn days_until_a_new_cycle_are_days_of_the_calendar() {
    // Noon to noon over the night in which the clocks go forward: 23 h.
    let policy = arrive("4h", "")
        .replace("Asia/Shanghai", "Europe/Stockholm")
        .replace(
            "stop = \"arrived\"",
            "stop = \"resolved\"\nreopen = { mode = \"continue\", new-cycle-after = \"1d\" }",
        );
    play(
        &policy,
        "
        03-28 11:00 received
        03-28 12:00 resolved
        03-29 11:59:59.999999 reopened
        = arrive: running open, used 1:00 of 4:00, due 03-29 14:59:59.999999
        ",
    );
    play(
        &policy,
        "
        03-28 11:00 received
        03-28 12:00 resolved
        03-29 12:00 reopened
        = arrive: stopped met, used 1:00 of 4:00, due 03-28 15:00
        = arrive 2: running open, used 0:00 of 4:00, due 03-29 16:00
        ",
    );
}

#[test]
fn the_same_time_of_a_night_that_lacks_it() {
    let policy = r#"
policy = "nights"
timezone = "Europe/Stockholm"
[calendar.night]
week = { mon-sun = ["22:00-06:00"] }
[target.solve]
start = "received"
stop = "resolved"
goals = [{ within = "1wd", at = "same-time", on = "night" }]
"#;
    // 02:30 of 03-29 is 03:30, 01:30Z. 3.5 h to the morning, 4.5 h of the next night.
    play(
        policy,
        "
        03-28 02:30 received
        = solve: running open, used 0:00 of 8:00, due 03-29 03:30
        ",
    );
}

#[test]
fn an_update_every_working_day_told_in_the_evening() {
    let policy = house(
        r#"
[target.progress]
start = "plan-accepted"
every = [{ within = "1wd" }]
reset = "progress-reported"
stop = "resolved"
"#,
    );
    play(
        &policy,
        "
        03-09 09:00 received
        03-09 09:00 plan-proposed
        03-09 10:00 plan-accepted           # Tuesday's closing: 8 + 9 h
        03-10 20:00 progress-reported       # in time; Wednesday's closing: 9 h
        = progress: stopped met, used 17:00 of 17:00, due 03-10 18:00 till 03-11 09:00
        = progress 2: running open, used 0:00 of 9:00, due 03-11 18:00 till 03-12 09:00
        ",
    );
}

#[test]
fn a_first_response_that_is_no_longer_promised_leaves_the_message_waiting() {
    let policy = house(
        r#"
[target.first]
start = "received"
stop = "replied"
goals = [{ when = { class = "fault" }, within = "2wh" }]
[target.next]
start = "customer-wrote"
after = "first"
stop = "replied"
goals = [{ within = "4wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received class=fault
        03-09 10:30 customer-wrote
        03-09 11:00 classified class=enquiry    # cycle 0 ends without an answer: cycle 1 starts
        ~ first: stopped cancelled (no goal) ..
        ~ next: running open, used 0:00 of 4:00, due 03-09 15:00
        ",
    );
}

#[test]
fn an_answer_does_not_come_undone_when_the_ticket_is_reopened() {
    // Only what `resolved` or `closed` stopped comes back.
    let policy = house(
        r#"
[target.first]
start = "received"
stop = "replied"
goals = [{ within = "2wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 replied
        03-09 12:00 resolved
        03-09 13:00 reopened
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        ",
    );
}

#[test]
fn a_waiver_of_a_cycle_that_is_still_to_come() {
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
        03-09 11:00 plan-proposed
        03-09 11:30 waived agreement=service target=plan cycle=2 text=holiday
        03-09 12:00 plan-disputed
        = plan: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = plan 2: running waived, used 0:00 of 2:00, due 03-09 14:00
        ",
    );
}

#[test]
fn a_waiver_of_another_agreement_covers_nothing_here() {
    play(
        &arrive("2h", ""),
        "
        03-09 10:00 received
        03-09 11:00 waived agreement=team target=arrive cycle=1 text=storm
        03-09 11:00 waived agreement=service target=solve cycle=1 text=storm
        03-09 11:00 waived agreement=service target=arrive cycle=2 text=storm
        = arrive: running open, used 1:00 of 2:00, due 03-09 12:00
        ",
    );
}

/// Confirmed 24 h ahead, an urgent visit 4 h.
fn confirm() -> String {
    house(
        r#"
[target.confirm]
start = "visit-booked"
stop = "visit-confirmed"
goals = [{ when = { level = "urgent" }, within = "4h before visit" }, { within = "24h before visit" }]
"#,
    )
}

#[test]
fn a_visit_that_becomes_urgent() {
    play(
        &confirm(),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-10 10:00 classified level=urgent # due on Thursday 06:00, 68 h after the booking
        = confirm: running open, used 24:00 of 68:00, due 03-12 06:00
        ",
    );
}

#[test]
fn a_visit_that_is_no_longer_urgent_and_should_have_been_confirmed() {
    play(
        &confirm(),
        "
        03-09 09:00 received level=urgent
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-11 12:00 classified level=general    # due on Wednesday 10:00, 48 h
        03-11 13:00 look
        = confirm: running breaching, used 51:00 of 48:00, due 03-11 10:00, breached 03-11 12:00, over as it came
        ",
    );
}

#[test]
fn a_visit_that_is_no_longer_urgent_and_could_not_have_been_confirmed() {
    play(
        &confirm(),
        "
        03-09 09:00 received level=urgent
        03-09 10:00 visit-booked visit_at=03-10T06:00   # due at 02:00, 16 h
        = confirm: running open, used 0:00 of 16:00, due 03-10 02:00
        03-09 12:00 classified level=general            # 24 h ahead of it nobody had booked it
        = confirm: running insufficient-lead, used 2:00
        ",
    );
}

#[test]
fn waiting_with_the_budget_used_up() {
    // C3: the due instant has passed, so it is shown. In time it is until the clock runs again.
    play(
        &arrive("2h", ""),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer
        03-09 13:00 look
        = arrive: paused open, used 2:00 of 2:00, due 03-09 12:00 till resumed
        ",
    );
}

#[test]
fn waiting_when_it_is_late() {
    play(
        &arrive("2h", ""),
        "
        03-09 10:00 received
        03-09 13:00 paused reason=customer
        03-09 14:00 look
        = arrive: paused breaching, used 3:00 of 2:00, due 03-09 12:00, breached 03-09 12:00
        ",
    );
}
