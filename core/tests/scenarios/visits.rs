//! Visits booked, moved, cancelled: what must be confirmed 24 hours ahead.

use crate::house::house;
use crate::play::play;

fn confirm(lead: &str) -> String {
    house(&format!(
        r#"
[target.confirm]
start = "visit-booked"
stop = "visit-confirmed"
goals = [{{ within = "{lead} before visit" }}]
ladder = [{{ at = "-4h", tell = "agent" }}, {{ at = "due", tell = "lead" }}]
"#
    ))
}

#[test]
fn a_visit_rebooked_into_the_past() {
    // Due on Wednesday 10:00; on Tuesday it turns out to have been this morning.
    play(
        &confirm("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-10 10:00 visit-booked visit_at=03-10T09:00
        = confirm: stopped cancelled (superseded), used 24:00 of 48:00, due 03-11 10:00
        = confirm 2: running insufficient-lead, used 0:00
        03-12 10:00 tick                    # no breach, no rung
        ",
    );
}

#[test]
fn a_visit_rebooked_too_late_and_once_more_in_time() {
    play(
        &confirm("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-11T10:00   # due on Tuesday 10:00, 24 h
        03-10 11:00 visit-booked visit_at=03-13T11:00   # an hour late; due on Thursday 11:00, 48 h
        03-11 11:00 visit-booked visit_at=03-16T11:00   # in time; due on Sunday 11:00, 96 h
        = confirm: stopped breached, used 25:00 of 24:00, due 03-10 10:00, breached 03-10 10:00
        = confirm 2: stopped cancelled (superseded), used 24:00 of 48:00, due 03-12 11:00
        = confirm 3: running open, used 0:00 of 96:00, due 03-15 11:00
        ",
    );
}

#[test]
fn a_visit_cancelled_when_it_was_too_late_to_confirm_it() {
    play(
        &confirm("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-11T10:00
        03-10 12:00 visit-cancelled
        = confirm: stopped breached, used 26:00 of 24:00, due 03-10 10:00, breached 03-10 10:00
        ",
    );
}

#[test]
fn a_visit_cancelled_and_booked_anew() {
    play(
        &confirm("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-09 12:00 visit-cancelled
        03-09 14:00 visit-booked visit_at=03-12T14:00
        = confirm: stopped cancelled (visit-cancelled), used 2:00 of 48:00, due 03-11 10:00
        = confirm 2: running open, used 0:00 of 48:00, due 03-11 14:00
        ",
    );
}

#[test]
fn a_confirmed_visit_that_is_moved_must_be_confirmed_again() {
    play(
        &confirm("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-09 12:00 visit-confirmed
        03-10 12:00 visit-booked visit_at=03-13T12:00
        = confirm: stopped met, used 2:00 of 48:00, due 03-11 10:00
        = confirm 2: running open, used 0:00 of 48:00, due 03-12 12:00
        ",
    );
}

#[test]
fn a_lead_in_working_hours_across_a_weekend() {
    // Visit on Monday 11:00, 4 working hours ahead: 2 on Monday, 2 on Friday, so Friday 16:00.
    // Booked on Friday 10:00: 6 h. The warning 4 h of the wall before: 12:00.
    play(
        &confirm("4wh"),
        "
        03-09 09:00 received
        03-13 10:00 visit-booked visit_at=03-16T11:00
        = confirm: running open, used 0:00 of 6:00, due 03-13 16:00
        > agent: confirm rung 0 at 03-13 12:00, ahead
        > lead: confirm rung 1 at 03-13 16:00:00.000001, ahead
        03-16 10:00 visit-confirmed         # 8 h of Friday and 1 of Monday
        = confirm: stopped breached, used 9:00 of 6:00, due 03-13 16:00, breached 03-13 16:00
        ",
    );
    // Moved to Tuesday 10:00 while there is time: 1 h of Tuesday, 3 of Monday, Monday 15:00.
    play(
        &confirm("4wh"),
        "
        03-09 09:00 received
        03-13 10:00 visit-booked visit_at=03-16T11:00
        03-13 16:00 visit-booked visit_at=03-17T10:00   # 2 h of Friday, 6 of Monday
        = confirm: stopped cancelled (superseded), used 6:00 of 6:00, due 03-13 16:00
        = confirm 2: running open, used 0:00 of 8:00, due 03-16 15:00
        ",
    );
}

#[test]
fn a_visit_comes_nearer_while_the_ticket_is_resolved() {
    // B4: due = anchor - lead, whatever happens in between.
    play(
        &confirm("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-09 12:00 resolved
        03-10 12:00 reopened
        ~ confirm: running open, used 26:00 of 48:00, due 03-11 10:00
        ",
    );
}
