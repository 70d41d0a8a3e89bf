//! Make-up days, holidays, nights on which clocks are set, budgets of no length.

use crate::house::house;
use crate::play::play;

/// One target under this goal, with a warning at 80%.
fn goal(goal: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{{ {goal} }}]
ladder = [{{ at = "80%", tell = "agent" }}]
"#
    ))
}

/// Saturday 02-28 makes up for the Spring Festival.
#[test]
fn a_working_day_from_a_make_up_saturday() {
    // Received on that Saturday: Monday's closing. 2 + 4.5 h of Saturday, 7.5 of Monday.
    play(
        &goal(r#"within = "1wd", on = "office""#),
        "
        02-28 10:00 received
        = solve: running open, used 0:00 of 14:00, due 03-02 18:00 till 03-03 09:00
        02-28 18:00 look
        = solve: running open, used 6:30 of 14:00, due 03-02 18:00 till 03-03 09:00
        03-02 09:00 look
        = solve: running open, used 6:30 of 14:00, due 03-02 18:00 till 03-03 09:00
        ",
    );
    // Received on the Friday before: Saturday is the first working day after it, 1 + 7.5 h.
    play(
        &goal(r#"within = "1wd", on = "office""#),
        "
        02-27 17:00 received
        = solve: running open, used 0:00 of 8:30, due 02-28 18:00 till 03-02 09:00
        ",
    );
}

/// Closed from 02-15 to 02-23; Saturday 02-14 is worked.
#[test]
fn two_working_days_over_the_spring_festival() {
    // Friday 16:00: 2 h, Saturday 7.5 h, Tuesday the 24th 7.5 h.
    play(
        &goal(r#"within = "2wd", on = "office""#),
        "
        02-13 16:00 received
        = solve: running open, used 0:00 of 17:00, due 02-24 18:00 till 02-25 09:00
        02-20 12:00 look
        = solve: running open, used 9:30 of 17:00, due 02-24 18:00 till 02-25 09:00
        + solve: counting 9:30, closed 154:30
        ",
    );
}

/// Nobody knows yet when the office of 2027 is closed.
#[test]
fn a_deadline_beyond_the_published_holidays_is_provisional() {
    // Thursday 17:00: 1 h, and an hour of Friday, for all that is known.
    play(
        &goal(r#"within = "2wh", on = "office""#),
        "
        12-31 17:00 received
        = solve: running open, used 0:00 of 2:00, due 2027-01-01 10:00, provisional
        12-31 17:30 resolved
        ",
    );
    play(
        &goal(r#"within = "1wh", on = "office""#),
        "
        12-31 16:30 received
        = solve: running open, used 0:00 of 1:00, due 12-31 17:30
        ",
    );
}

#[test]
fn eighty_percent_of_a_working_day() {
    // Monday 10:00 + 1wd = 8 + 9 h; 80% are 13.6 h: 8 on Monday, 5:36 on Tuesday.
    play(
        &goal(r#"within = "1wd""#),
        "
        03-09 10:00 received
        > agent: solve rung 0 at 03-10 14:36, ahead
        03-10 14:35:59.999999 look
        = solve: running open, used 13:35:59.999999 of 17:00, due 03-10 18:00 till 03-11 09:00
        03-10 14:36 tick
        = solve: running imminent, used 13:36 of 17:00, due 03-10 18:00 till 03-11 09:00
        ! warned: solve at 03-10 14:36, due 03-10 18:00
        ! told agent: solve rung 0 at 03-10 14:36
        ",
    );
    // Two hours of waiting move it by two hours: 16:36, and the closing into Wednesday.
    play(
        &goal(r#"within = "1wd""#),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer
        03-09 14:00 resumed
        = solve: running open, used 2:00 of 17:00, due 03-11 11:00
        > agent: solve rung 0 at 03-10 16:36, ahead
        ",
    );
}

/// A desk of nights, 22:00 to 06:00, in a city that sets its clocks.
fn nights(goal: &str) -> String {
    format!(
        r#"
policy = "nights"
timezone = "Europe/Stockholm"
[calendar.night]
week = {{ mon-sun = ["22:00-06:00"] }}
[pause]
customer = "Customer"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{{ {goal} }}]
"#
    )
}

/// On 03-29 the hour from 02:00 to 03:00 does not exist.
#[test]
fn the_short_night_has_seven_hours() {
    play(
        &nights(r#"within = "8wh", on = "night""#),
        "
        03-28 22:00 received                # 7 h until 06:00, one more the next night
        = solve: running open, used 0:00 of 8:00, due 03-29 23:00
        03-29 03:00 look
        = solve: running open, used 4:00 of 8:00, due 03-29 23:00
        03-29 06:00 look
        = solve: running open, used 7:00 of 8:00, due 03-29 23:00
        ",
    );
}

/// On 10-25 the hour from 02:00 to 03:00 comes twice.
#[test]
fn the_long_night_has_nine_hours() {
    play(
        &nights(r#"within = "8wh", on = "night""#),
        "
        10-24 22:00 received                # 5 h until the second 02:00, 3 more: 05:00
        = solve: running open, used 0:00 of 8:00, due 10-25 05:00
        10-25 02:30+02:00 look
        = solve: running open, used 4:30 of 8:00, due 10-25 05:00
        10-25 02:30+01:00 look
        = solve: running open, used 5:30 of 8:00, due 10-25 05:00
        ",
    );
}

#[test]
fn a_working_day_of_a_night_desk_ends_in_the_morning_after() {
    // A shift belongs to the date on which it starts. From Saturday 23:00: 6 h of the short night,
    // 8 h of Sunday's, which closes on Monday at 06:00.
    play(
        &nights(r#"within = "1wd", on = "night""#),
        "
        03-28 23:00 received
        = solve: running open, used 0:00 of 14:00, due 03-30 06:00 till 03-30 22:00
        ",
    );
    // From Sunday 03:30, in Saturday's shift but on Sunday's date: Monday's shift counts, which
    // closes on Tuesday. 2.5 + 8 + 8 h.
    play(
        &nights(r#"within = "1wd", on = "night""#),
        "
        03-29 03:30 received
        = solve: running open, used 0:00 of 18:30, due 03-31 06:00 till 03-31 22:00
        ",
    );
}

#[test]
fn a_pause_in_the_hour_that_comes_twice() {
    // 24 h from noon: 11:00 in winter time. From the first 02:30 to the second is an hour.
    play(
        &nights(r#"within = "24h""#),
        "
        10-24 12:00 received
        = solve: running open, used 0:00 of 24:00, due 10-25 11:00
        10-25 02:30+02:00 paused reason=customer
        10-25 02:30+01:00 resumed
        = solve: running open, used 14:30 of 24:00, due 10-25 12:00
        ",
    );
}

#[test]
fn a_request_of_the_weekend_costs_nothing_before_monday() {
    play(
        &goal(r#"within = "4wh""#),
        "
        03-14 11:00 received
        03-15 23:00 look
        = solve: running open, used 0:00 of 4:00, due 03-16 13:00
        + solve: closed 36:00
        03-16 10:00 look
        = solve: running open, used 1:00 of 4:00, due 03-16 13:00
        + solve: counting 1:00, closed 46:00
        ",
    );
}

/// Saturday 08:00 to Monday 08:00: the desk is never open.
#[test]
fn a_budget_of_no_open_time_is_kept_until_the_desk_opens() {
    let policy = goal(r#"within = "1wd", at = "same-time""#);
    for (at, stands) in [
        (
            "03-14 08:00",
            "stopped met, used 0:00 of 0:00, due 03-14 08:00 till 03-16 09:00",
        ),
        (
            "03-15 12:00",
            "stopped met, used 0:00 of 0:00, due 03-14 08:00 till 03-16 09:00",
        ),
        (
            "03-16 09:00",
            "stopped met, used 0:00 of 0:00, due 03-14 08:00 till 03-16 09:00",
        ),
        (
            "03-16 09:00:00.000001",
            "stopped breached, used 0:00:00.000001 of 0:00, due 03-14 08:00 till 03-16 09:00, breached 03-14 08:00",
        ),
    ] {
        play(
            &policy,
            &format!("03-14 08:00 received\n{at} resolved\n= solve: {stands}"),
        );
    }
}

#[test]
fn a_share_carried_from_one_calendar_to_another() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
reclassify = "carry"
goals = [
  { when = { class = "fault" }, within = "4wh", on = "desk" },
  { when = { class = "complaint" }, within = "6wh", on = "office" },
  { within = "24h" },
]
"#,
    );
    // At 12:00 half of 4 h is used, so half of 6: 3 h of the office are left, from 13:30 on.
    play(
        &policy,
        "
        03-09 10:00 received class=fault
        03-09 12:00 classified class=complaint
        = solve: running open, used 3:00 of 6:00, due 03-09 16:30
        03-09 13:00 look                    # lunch
        = solve: running open, used 3:00 of 6:00, due 03-09 16:30
        03-09 14:00 look
        = solve: running open, used 3:30 of 6:00, due 03-09 16:30
        03-09 14:30 classified class=enquiry
        # 4 of 6 h are two thirds: 16 of 24 h; 8 left.
        = solve: running open, used 16:00 of 24:00, due 03-09 22:30
        ",
    );
}
