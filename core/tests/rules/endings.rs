//! C12 to C14: declined, merged, withdrawn, waived; several agreements.

use crate::house::house;
use crate::play::play;

/// A first reply in 2wh, for which a refusal will do, and a solution in 4wh.
fn two() -> String {
    house(
        r#"
[target.first]
start = "received"
stop = ["replied", "declined"]
goals = [{ within = "2wh" }]
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ within = "4wh" }]
"#,
    )
}

#[test]
fn c12_what_ends_a_ticket_first_stops_and_then_cancels() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 11:00 declined alternative=shop
        = first: stopped met, used 1:00 of 2:00, due 03-09 12:00
        = solve: stopped cancelled (declined), used 1:00 of 4:00, due 03-09 14:00
        ",
    );
    for (end, why) in [
        ("merged other=T-2 side=into", "merged"),
        ("withdrawn", "withdrawn"),
    ] {
        play(
            &two(),
            &format!(
                "03-09 10:00 received
                03-09 11:00 {end}
                = first: stopped cancelled ({why}), used 1:00 of 2:00, due 03-09 12:00
                = solve: stopped cancelled ({why}), used 1:00 of 4:00, due 03-09 14:00"
            ),
        );
    }
}

#[test]
fn c12_the_ticket_that_takes_another_in_goes_on() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 11:00 merged other=T-2 side=from
        = first: running open, used 1:00 of 2:00, due 03-09 12:00
        = solve: running open, used 1:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn c12_what_is_over_stops_and_is_breached() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 13:00 withdrawn
        = first: stopped breached, used 3:00 of 2:00, due 03-09 12:00, breached 03-09 12:00
        = solve: stopped cancelled (withdrawn), used 3:00 of 4:00, due 03-09 14:00
        ",
    );
    // Used up is not over.
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 12:00 withdrawn
        ~ first: stopped cancelled (withdrawn), used 2:00 of 2:00, due 03-09 12:00
        ",
    );
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 12:00:00.000001 withdrawn
        ~ first: stopped breached, used 2:00:00.000001 of 2:00, due 03-09 12:00, breached 03-09 12:00
        ",
    );
}

#[test]
fn c12_a_waiting_clock_is_cancelled_too() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 12:00 withdrawn
        ~ solve: stopped cancelled (withdrawn), used 1:00 of 4:00 ..
        ",
    );
}

#[test]
fn c13_a_waiver_covers_its_clock_to_the_end() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 11:00 waived agreement=service target=solve cycle=1 text=storm
        ~ solve: running waived, used 1:00 of 4:00, due 03-09 14:00
        ~ first: running open, used 1:00 of 2:00, due 03-09 12:00
        03-09 11:30 replied
        03-09 16:00 tick
        03-09 17:00 resolved
        ~ solve: stopped waived, used 7:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        ",
    );
}

#[test]
fn c13_a_waiver_may_come_after_the_breach() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 16:00 resolved
        03-09 17:00 waived agreement=service target=solve cycle=1 text=storm
        ~ solve: stopped waived, used 6:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        ",
    );
}

#[test]
fn c13_a_waiver_survives_continue_but_not_a_new_cycle() {
    play(
        &two(),
        "
        03-09 10:00 received
        03-09 11:00 waived agreement=service target=solve cycle=1 text=storm
        03-09 12:00 resolved
        03-09 13:00 reopened                # 2 h used
        ~ solve: running waived, used 2:00 of 4:00, due 03-09 15:00
        ",
    );
    let anew = two().replace("pause =", "reopen = \"new-cycle\"\npause =");
    play(
        &anew,
        "
        03-09 10:00 received
        03-09 11:00 waived agreement=service target=solve cycle=1 text=storm
        03-09 12:00 resolved
        03-09 13:00 reopened
        ~ solve: stopped waived, used 2:00 of 4:00, due 03-09 14:00
        ~ solve 2: running open, used 0:00 of 4:00, due 03-09 17:00
        ",
    );
}

#[test]
fn c14_each_agreement_has_its_own_pauses_and_its_own_trace() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ when = { class = "fault" }, within = "4wh" }, { within = "8wh" }]
[agreement.team]
kind = "operational"
[agreement.team.target.work]
start = "received"
stop = "resolved"
pause = "parts"
goals = [{ when = { class = "fault" }, within = "4wh" }, { within = "8wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received class=fault
        03-09 11:00 paused reason=customer
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 14:00
        = team/work: running open, used 1:00 of 4:00, due 03-09 14:00
        03-09 12:00 resumed
        03-09 12:00 paused reason=parts
        = solve: running open, used 1:00 of 4:00, due 03-09 15:00
        = team/work: paused open, used 2:00 of 4:00, resumed 03-09 14:00
        03-09 13:00 resumed
        03-09 13:00 classified class=complaint
        # The customer's from the start: 2 h used, 5 today, 1 tomorrow. The team's from now on:
        # 5 today, 3 tomorrow.
        = solve: running open, used 2:00 of 8:00, due 03-10 10:00
        = team/work: running open, used 0:00 of 8:00, due 03-10 12:00
        ",
    );
}

#[test]
fn c14_what_suppliers_owe_is_judged_forward() {
    let policy = house(
        r#"
[agreement.shop]
kind = "supplier"
[agreement.shop.target.parts]
start = "called"
stop = "shipped"
goals = [{ when = { level = "urgent" }, within = "4wh" }, { within = "8wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 10:00 marked mark=called
        03-09 15:00 classified level=urgent # 4 h from here, 3 today, 1 tomorrow
        = shop/parts: running open, used 0:00 of 4:00, due 03-10 10:00
        ",
    );
}
