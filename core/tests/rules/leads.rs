//! B4: what must be done so long before a visit.

use crate::house::house;
use crate::play::play;
use punctual::policy::Policy;

fn before_visit(lead: &str) -> String {
    house(&format!(
        r#"
[target.confirm]
start = "visit-booked"
stop = "visit-confirmed"
goals = [{{ within = "{lead} before visit" }}]
"#
    ))
}

#[test]
fn b4_the_lead_is_counted_back_from_the_visit() {
    // Booked on Monday 10:00 for Thursday 10:00: due on Wednesday 10:00, 48 h.
    for (at, stands) in [
        (
            "03-11 09:59:59.999999 visit-confirmed",
            "stopped met, used 47:59:59.999999 of 48:00, due 03-11 10:00",
        ),
        (
            "03-11 10:00 visit-confirmed",
            "stopped met, used 48:00 of 48:00, due 03-11 10:00",
        ),
        (
            "03-11 10:00:00.000001 visit-confirmed",
            "stopped breached, used 48:00:00.000001 of 48:00, due 03-11 10:00, breached 03-11 10:00",
        ),
        (
            "03-11 10:00 look",
            "running open, used 48:00 of 48:00, due 03-11 10:00",
        ),
        (
            "03-11 10:00:00.000001 look",
            "running breaching, used 48:00:00.000001 of 48:00, due 03-11 10:00, breached 03-11 10:00",
        ),
    ] {
        play(
            &before_visit("24h"),
            &format!(
                "03-09 09:00 received
                03-09 10:00 visit-booked visit_at=03-12T10:00
                {at}
                = confirm: {stands}"
            ),
        );
    }
}

#[test]
fn b4_rebooking_in_time_takes_the_old_clock_away() {
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-10 10:00 visit-booked visit_at=03-13T10:00   # due on Thursday 10:00, 48 h from here
        = confirm: stopped cancelled (superseded), used 24:00 of 48:00, due 03-11 10:00
        = confirm 2: running open, used 0:00 of 48:00, due 03-12 10:00
        03-12 09:00 visit-confirmed
        = confirm: stopped cancelled (superseded), used 24:00 of 48:00, due 03-11 10:00
        = confirm 2: stopped met, used 47:00 of 48:00, due 03-12 10:00
        ",
    );
    // At the due instant itself the promise could still be kept.
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-11 10:00 visit-booked visit_at=03-13T10:00   # due on Thursday 10:00, 24 h from here
        = confirm: stopped cancelled (superseded), used 48:00 of 48:00, due 03-11 10:00
        = confirm 2: running open, used 0:00 of 24:00, due 03-12 10:00
        ",
    );
}

#[test]
fn b4_rebooking_too_late_leaves_the_breach() {
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-11 12:00 visit-booked visit_at=03-14T10:00   # due on Friday 10:00, 46 h from here
        = confirm: stopped breached, used 50:00 of 48:00, due 03-11 10:00, breached 03-11 10:00
        = confirm 2: running open, used 0:00 of 46:00, due 03-13 10:00
        ",
    );
}

#[test]
fn b4_booking_with_less_than_the_lead_left_is_no_breach() {
    // Due an hour before it was booked.
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-10T09:00
        03-09 12:00 look
        = confirm: running insufficient-lead, used 2:00
        03-09 13:00 visit-confirmed
        = confirm: stopped insufficient-lead, used 3:00
        ",
    );
    // A microsecond too little.
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-10T09:59:59.999999
        = confirm: running insufficient-lead, used 0:00
        ",
    );
    // Exactly the lead: due at once, in time at that instant alone.
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-10T10:00
        = confirm: running open, used 0:00 of 0:00, due 03-09 10:00
        03-09 10:00:00.000001 look
        = confirm: running breaching, used 0:00:00.000001 of 0:00, due 03-09 10:00, breached 03-09 10:00
        ",
    );
}

#[test]
fn b4_cancelling_the_visit_cancels_the_clock() {
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-10 10:00 visit-cancelled
        = confirm: stopped cancelled (visit-cancelled), used 24:00 of 48:00, due 03-11 10:00
        ",
    );
}

#[test]
fn b4_a_working_lead_is_counted_back_through_closed_days() {
    // Visit on Monday 10:00: an hour on Monday, an hour on Friday, so Friday 17:00. Booked on
    // Thursday 16:00: 2 + 8 h.
    play(
        &before_visit("2wh"),
        "
        03-09 09:00 received
        03-12 16:00 visit-booked visit_at=03-16T10:00
        = confirm: running open, used 0:00 of 10:00, due 03-13 17:00
        ",
    );
    // Visit on Monday 09:00: the latest instant with an open hour before it is Friday 17:00, 1 h
    // after the booking.
    play(
        &before_visit("1wh"),
        "
        03-09 09:00 received
        03-13 16:00 visit-booked visit_at=03-16T09:00
        = confirm: running open, used 0:00 of 1:00, due 03-13 17:00
        ",
    );
    // Visit on Monday 10:00: the latest instant with an open hour before it is Monday 09:00. From
    // Friday 16:00 until then the desk is open for 2 h, all of them on Friday (C2: two edges).
    play(
        &before_visit("1wh"),
        "
        03-09 09:00 received
        03-13 16:00 visit-booked visit_at=03-16T10:00
        = confirm: running open, used 0:00 of 2:00, due 03-13 18:00 till 03-16 09:00
        03-16 09:00 look
        = confirm: running open, used 2:00 of 2:00, due 03-13 18:00 till 03-16 09:00
        03-16 09:00:00.000001 look
        = confirm: running breaching, used 2:00:00.000001 of 2:00, due 03-13 18:00 till 03-16 09:00, breached 03-13 18:00
        ",
    );
}

#[test]
fn b4_a_lead_never_pauses() {
    play(
        &before_visit("24h"),
        "
        03-09 09:00 received
        03-09 10:00 visit-booked visit_at=03-12T10:00
        03-09 11:00 paused reason=customer
        03-09 12:00 look
        = confirm: running open, used 2:00 of 48:00, due 03-11 10:00
        ",
    );
    let pausing = before_visit("24h").replace("goals = [", "pause = \"customer\"\ngoals = [");
    assert!(Policy::from_toml(&pausing).is_err());
}
