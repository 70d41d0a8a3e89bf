//! C9: resolved, closed, reopened.

use crate::house::house;
use crate::play::play;

/// `solve` in 4wh with this mode, and `arrive` in 8wh, which a resolution does not stop.
fn reopening(mode: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
reopen = {mode}
goals = [{{ when = {{ class = "complaint" }}, within = "8wh" }}, {{ within = "4wh" }}]
[target.arrive]
start = "received"
stop = "arrived"
pause = "customer"
goals = [{{ within = "8wh" }}]
"#
    ))
}

#[test]
fn c9_resolution_suspends_and_reopening_resumes() {
    play(
        &reopening(r#""stay""#),
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 12:00 look                    # 7 h left: 6 today, 1 tomorrow
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        = arrive: suspended open, used 1:00 of 8:00, resumed 03-10 10:00
        03-09 13:00 reopened                # 5 today, 2 tomorrow
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        = arrive: running open, used 1:00 of 8:00, due 03-10 11:00
        ",
    );
}

#[test]
fn c9_a_resolution_ends_every_pause() {
    play(
        &reopening(r#""continue""#),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 12:00 resolved
        03-09 13:00 reopened                # both had used an hour
        = solve: running open, used 1:00 of 4:00, due 03-09 16:00
        = arrive: running open, used 1:00 of 8:00, due 03-10 11:00
        ",
    );
}

#[test]
fn c9_closing_cancels_what_is_suspended() {
    play(
        &reopening(r#""continue""#),
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 12:00 closed
        ~ solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        ~ arrive: stopped cancelled (closed), used 1:00 of 8:00 ..
        03-09 13:00 reopened
        = solve: running open, used 1:00 of 4:00, due 03-09 16:00
        = arrive: running open, used 1:00 of 8:00, due 03-10 11:00
        ",
    );
}

#[test]
fn c9_a_stopped_clock_comes_back_as_its_target_says() {
    for (mode, solve) in [
        // One hour used, three left at 13:00.
        (
            r#""continue""#,
            "= solve: running open, used 1:00 of 4:00, due 03-09 16:00",
        ),
        (
            r#"{ mode = "continue", gap = "excluded" }"#,
            "= solve: running open, used 1:00 of 4:00, due 03-09 16:00",
        ),
        // The two hours of the gap count.
        (
            r#"{ mode = "continue", gap = "included" }"#,
            "= solve: running open, used 3:00 of 4:00, due 03-09 14:00",
        ),
        (
            r#""stay""#,
            "= solve: stopped met, used 1:00 of 4:00, due 03-09 14:00",
        ),
    ] {
        play(
            &reopening(mode),
            &format!(
                "03-09 10:00 received
                03-09 11:00 resolved
                03-09 13:00 reopened
                {solve}
                = arrive: running open, used 1:00 of 8:00, due 03-10 11:00"
            ),
        );
    }
    play(
        &reopening(r#""new-cycle""#),
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 13:00 reopened
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        = arrive: running open, used 1:00 of 8:00, due 03-10 11:00
        = solve 2: running open, used 0:00 of 4:00, due 03-09 17:00
        ",
    );
}

#[test]
fn c9_without_a_mode_it_continues_without_the_gap() {
    let policy = reopening("\"stay\"").replace("reopen = \"stay\"\n", "");
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 13:00 reopened
        ~ solve: running open, used 1:00 of 4:00, due 03-09 16:00
        ",
    );
}

#[test]
fn c9_after_n_days_it_is_always_a_new_cycle() {
    let policy = reopening(r#"{ mode = "continue", new-cycle-after = "2d" }"#);
    // A microsecond before the two days are over: one hour used.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-11 10:59:59.999999 reopened
        ~ solve: running open, used 1:00 of 4:00, due 03-11 13:59:59.999999
        ",
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-11 11:00 reopened
        ~ solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        ~ solve 2: running open, used 0:00 of 4:00, due 03-11 15:00
        ",
    );
}

#[test]
fn c9_what_comes_back_takes_the_class_now_in_force() {
    play(
        &reopening(r#""continue""#),
        "
        03-09 10:00 received class=fault
        03-09 11:00 resolved
        03-09 12:00 classified class=complaint
        ~ solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        03-09 13:00 reopened                # 7 h left: 5 today, 2 tomorrow
        ~ solve: running open, used 1:00 of 8:00, due 03-10 11:00
        ",
    );
}

#[test]
fn c9_what_the_resolution_started_is_cancelled_by_reopening() {
    let policy = house(
        r#"
[target.survey]
start = "resolved"
stop = "survey-asked"
cycle = "each"
goals = [{ within = "4wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 resolved
        = survey: running open, used 0:00 of 4:00, due 03-09 15:00
        03-09 12:00 reopened
        = survey: stopped cancelled (reopened), used 1:00 of 4:00, due 03-09 15:00
        03-09 13:00 resolved
        03-09 14:00 survey-asked
        = survey: stopped cancelled (reopened), used 1:00 of 4:00, due 03-09 15:00
        = survey 2: stopped met, used 1:00 of 4:00, due 03-09 17:00
        ",
    );
}

#[test]
fn c9_closing_does_not_touch_what_the_resolution_started() {
    let policy = house(
        r#"
[target.survey]
start = "resolved"
stop = "survey-asked"
goals = [{ within = "4wh" }]
"#,
    );
    // Suspended are the clocks that started before the resolution; only those does a closing end.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 12:00 closed
        = survey: running open, used 1:00 of 4:00, due 03-09 15:00
        ",
    );
}
