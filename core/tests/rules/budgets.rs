//! B1 to B3: how long a target may take.

use punctual::policy::Policy;

use crate::house::house;
use crate::play::play;

/// One target `solve` with this goal, and a pause for the customer.
fn within(goal: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{{ within = {goal} }}]
"#
    ))
}

/// The same in Stockholm, where clocks go forward on 03-29 at 02:00 and back on 10-25 at 03:00.
fn in_stockholm(goal: &str) -> String {
    within(goal).replace("Asia/Shanghai", "Europe/Stockholm")
}

/// Plays `received` at a time and asks what stands then.
fn starts(policy: &str, at: &str, stands: &str) {
    play(policy, &format!("{at} received\n= solve: {stands}"));
}

#[test]
fn b1_each_kind_of_budget_runs_in_its_own_measure() {
    // Received on Friday at 17:00, an hour before closing.
    let at = "03-13 17:00";
    for (goal, stands) in [
        // Day and night.
        (
            r#""24h""#,
            "running open, used 0:00 of 24:00, due 03-14 17:00",
        ),
        // 1 h on Friday, 1 h on Monday.
        (
            r#""2wh""#,
            "running open, used 0:00 of 2:00, due 03-16 10:00",
        ),
        // 1 h on Friday, 30 min on Monday.
        (
            r#""90wm""#,
            "running open, used 0:00 of 1:30, due 03-16 09:30",
        ),
        // Exactly to closing: in time until the desk has been open again.
        (
            r#""1wh""#,
            "running open, used 0:00 of 1:00, due 03-13 18:00 till 03-16 09:00",
        ),
        // The same local time three days later: 72 h where no clock is set.
        (
            r#""3d""#,
            "running open, used 0:00 of 72:00, due 03-16 17:00",
        ),
        // After Friday come Monday and Tuesday: 1 + 9 + 9 h.
        (
            r#""2wd""#,
            "running open, used 0:00 of 19:00, due 03-17 18:00 till 03-18 09:00",
        ),
        // Tuesday 17:00: 1 + 9 + 8 h.
        (
            r#""2wd", at = "same-time""#,
            "running open, used 0:00 of 18:00, due 03-17 17:00",
        ),
    ] {
        starts(&within(goal), at, stands);
    }
}

#[test]
fn b1_the_date_of_the_start_is_never_a_working_day_of_the_budget() {
    for (at, stands) in [
        // Saturday + 1wd = Monday's closing: 9 h.
        (
            "03-14 12:00",
            "running open, used 0:00 of 9:00, due 03-16 18:00 till 03-17 09:00",
        ),
        // Friday before opening: Friday itself does not count, 9 + 9 h.
        (
            "03-13 08:00",
            "running open, used 0:00 of 18:00, due 03-16 18:00 till 03-17 09:00",
        ),
        // Friday after closing: 9 h.
        (
            "03-13 20:00",
            "running open, used 0:00 of 9:00, due 03-16 18:00 till 03-17 09:00",
        ),
        // Friday's last microsecond is Friday still.
        (
            "03-13 23:59:59.999999",
            "running open, used 0:00 of 9:00, due 03-16 18:00 till 03-17 09:00",
        ),
        // Sunday's first one.
        (
            "03-15 00:00",
            "running open, used 0:00 of 9:00, due 03-16 18:00 till 03-17 09:00",
        ),
    ] {
        starts(&within(r#""1wd""#), at, stands);
    }
}

#[test]
fn b1_the_same_time_of_a_working_day_may_leave_no_open_time_at_all() {
    // Saturday 08:00 to Monday 08:00: the desk never opened. Due at once, in time until it opens.
    starts(
        &within(r#""1wd", at = "same-time""#),
        "03-14 08:00",
        "running open, used 0:00 of 0:00, due 03-14 08:00 till 03-16 09:00",
    );
    // Friday 20:00 to Monday 20:00: all of Monday, 9 h.
    starts(
        &within(r#""1wd", at = "same-time""#),
        "03-13 20:00",
        "running open, used 0:00 of 9:00, due 03-16 18:00 till 03-17 09:00",
    );
}

#[test]
fn b1_calendar_days_keep_the_local_time_over_a_change_of_clocks() {
    for (at, goal, stands) in [
        // 02:30 does not exist on 03-29: forward by the gap, 03:30 at +02:00 = 01:30Z, 24 h on.
        (
            "03-28 02:30",
            r#""1d""#,
            "running open, used 0:00 of 24:00, due 03-29 03:30",
        ),
        // Noon to noon over the short night: 23 h.
        (
            "03-28 12:00",
            r#""1d""#,
            "running open, used 0:00 of 23:00, due 03-29 12:00",
        ),
        // 02:30 comes twice on 10-25: the first, 00:30Z, 24 h on.
        (
            "10-24 02:30",
            r#""1d""#,
            "running open, used 0:00 of 24:00, due 10-25 02:30+02:00",
        ),
        // Noon to noon over the long night: 25 h.
        (
            "10-24 12:00",
            r#""1d""#,
            "running open, used 0:00 of 25:00, due 10-25 12:00",
        ),
        // From the second 02:30, 01:30Z, to the next day's, 01:30Z: 24 h.
        (
            "10-25 02:30+01:00",
            r#""1d""#,
            "running open, used 0:00 of 24:00, due 10-26 02:30",
        ),
    ] {
        starts(&in_stockholm(goal), at, stands);
    }
}

#[test]
fn b1_days_go_over_the_end_of_the_year() {
    // Thursday 12-31; Friday 01-01 is a working day of this desk, which keeps no holidays:
    // 12-31 10:00-18:00 and 01-01, 8 + 9 h.
    starts(
        &within(r#""1wd""#),
        "12-31 10:00",
        "running open, used 0:00 of 17:00, due 2027-01-01 18:00 till 2027-01-04 09:00",
    );
    starts(
        &within(r#""2d""#),
        "12-31 10:00",
        "running open, used 0:00 of 48:00, due 2027-01-02 10:00",
    );
}

#[test]
fn b1_a_bare_number_is_no_length() {
    for refused in [r#""24""#, "24", r#""0h""#, r#""-1h""#, r#""1h1wh""#] {
        let report = Policy::from_toml(&within(refused));
        assert!(report.is_err(), "{refused} was taken for a length");
    }
}

#[test]
fn b2_a_day_budget_becomes_a_length_that_pauses_move() {
    // Monday 10:00, due at Tuesday's closing: 8 + 9 = 17 h.
    play(
        &within(r#""1wd""#),
        "
        03-09 10:00 received
        = solve: running open, used 0:00 of 17:00, due 03-10 18:00 till 03-11 09:00
        03-09 12:00 paused reason=customer
        03-09 14:00 resumed                 # 2 h used; 15 left: 4 on Monday, 9 on Tuesday, 2 more
        = solve: running open, used 2:00 of 17:00, due 03-11 11:00
        ",
    );
    // Three days, 72 h, and two hours of waiting.
    play(
        &within(r#""3d""#),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer
        03-09 14:00 resumed
        = solve: running open, used 2:00 of 72:00, due 03-12 12:00
        ",
    );
}

#[test]
fn b2_work_of_the_evening_after_the_last_closing_is_in_time() {
    // Monday 10:00 + 1wd = 17 h, used up at Tuesday's closing, exceeded when Wednesday opens.
    for (at, stands) in [
        (
            "03-10 18:00",
            "stopped met, used 17:00 of 17:00, due 03-10 18:00 till 03-11 09:00",
        ),
        (
            "03-10 20:00",
            "stopped met, used 17:00 of 17:00, due 03-10 18:00 till 03-11 09:00",
        ),
        (
            "03-11 09:00",
            "stopped met, used 17:00 of 17:00, due 03-10 18:00 till 03-11 09:00",
        ),
        (
            "03-11 09:00:00.000001",
            "stopped breached, used 17:00:00.000001 of 17:00, due 03-10 18:00 till 03-11 09:00, breached 03-10 18:00",
        ),
    ] {
        play(
            &within(r#""1wd""#),
            &format!("03-09 10:00 received\n{at} resolved\n= solve: {stands}"),
        );
    }
}

#[test]
fn b3_a_range_warns_at_its_lower_bound_and_breaches_at_its_upper() {
    // Monday 10:00. One working day: Tuesday's closing, 8 + 9 = 17 h. Three: Thursday's, 35 h.
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{ within = "1-3wd" }]
ladder = [{ at = "lower", tell = "agent" }, { at = "due", tell = "lead" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        = solve: running open, used 0:00 of 35:00, due 03-12 18:00 till 03-13 09:00
        > agent: solve rung 0 at 03-10 18:00, ahead
        > lead: solve rung 1 at 03-13 09:00:00.000001, ahead
        03-10 17:59:59.999999 look
        = solve: running open, used 16:59:59.999999 of 35:00, due 03-12 18:00 till 03-13 09:00
        03-10 18:00 look
        = solve: running imminent, used 17:00 of 35:00, due 03-12 18:00 till 03-13 09:00
        03-13 09:00 look
        = solve: running imminent, used 35:00 of 35:00, due 03-12 18:00 till 03-13 09:00
        03-13 09:00:00.000001 look
        = solve: running breaching, used 35:00:00.000001 of 35:00, due 03-12 18:00 till 03-13 09:00, breached 03-12 18:00
        ",
    );
}
