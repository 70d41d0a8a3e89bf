//! Several agreements on one ticket, and other versions of them.

use crate::house::house;
use crate::play::{play, play_versions};

#[test]
fn two_agreements_that_wait_for_different_reasons() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ within = "8wh" }]
[agreement.team]
kind = "operational"
[agreement.team.target.work]
start = "received"
stop = "resolved"
pause = "parts"
goals = [{ within = "8wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 15:00 received
        03-09 17:00 paused reason=customer  # 2 h; the team goes on
        03-10 10:00 paused reason=parts     # the team has 3 + 1 h
        = solve: paused open, used 2:00 of 8:00, resumed 03-10 16:00
        = team/work: paused open, used 4:00 of 8:00, resumed 03-10 14:00
        03-10 11:00 resumed reason=customer # 6 h left
        = solve: running open, used 2:00 of 8:00, due 03-10 17:00
        = team/work: paused open, used 4:00 of 8:00, resumed 03-10 15:00
        03-10 13:00 resumed reason=parts    # 4 h left
        = solve: running open, used 4:00 of 8:00, due 03-10 17:00
        = team/work: running open, used 4:00 of 8:00, due 03-10 17:00
        + solve: counting 4:00, closed 15:00, paused customer 3:00
        + team/work: counting 4:00, closed 15:00, paused parts 3:00
        ",
    );
}

#[test]
fn what_ends_the_ticket_ends_every_agreement() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{ within = "4wh" }]
[agreement.shop]
kind = "supplier"
[agreement.shop.target.parts]
start = "called"
stop = "shipped"
goals = [{ within = "1wh" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 marked mark=called
        03-09 13:00 withdrawn               # the shop is an hour late
        = solve: stopped cancelled (withdrawn), used 3:00 of 4:00, due 03-09 14:00
        = shop/parts: stopped breached, used 2:00 of 1:00, due 03-09 12:00, breached 03-09 12:00
        ",
    );
}

fn solve(more: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{{ within = "4wh" }}]
{more}
"#
    ))
}

const ARRIVE: &str = r#"
[target.arrive]
start = "dispatched"
stop = "arrived"
goals = [{ within = "4wh" }]
"#;

#[test]
fn a_rebind_to_a_version_without_the_target() {
    play_versions(
        &[&solve(ARRIVE), &solve("")],
        "
        03-09 10:00 received
        03-09 10:00 dispatched
        03-09 11:00 rebind
        = solve: running open, used 1:00 of 4:00, due 03-09 14:00
        = arrive: stopped cancelled (rebound), used 1:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn a_rebind_to_a_version_with_one_more_target() {
    play_versions(
        &[&solve(""), &solve(ARRIVE)],
        "
        03-09 10:00 received
        03-09 11:00 rebind
        03-09 12:00 dispatched
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        = arrive: running open, used 0:00 of 4:00, due 03-09 16:00
        ",
    );
}

/// What the team owes us is promised from the rebind on: nobody is told of rungs that nobody had
/// promised, and what was done before owes nothing.
#[test]
fn a_rebind_to_a_version_with_one_more_agreement() {
    const TEAM: &str = r#"
[agreement.team]
kind = "operational"
[agreement.team.target.find]
start = "received"
stop = "diagnosed"
goals = [{ within = "1wh" }]
reclassify = "retroactive"
ladder = [{ at = "80%", tell = "agent" }, { at = "due", tell = "lead" }]
[agreement.team.target.plan]
start = "diagnosed"
stop = "plan-proposed"
goals = [{ within = "1wh" }]
"#;
    play_versions(
        &[&solve(""), &solve(TEAM)],
        "
        03-09 10:00 received
        03-09 12:00 rebind
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        = team/find: running breaching, used 2:00 of 1:00, due 03-09 11:00, breached 03-09 12:00, over as it came
        03-09 13:00 diagnosed
        = solve: running open, used 3:00 of 4:00, due 03-09 14:00
        = team/find: stopped breached, used 3:00 of 1:00, due 03-09 11:00, breached 03-09 12:00, over as it came
        = team/plan: running open, used 0:00 of 1:00, due 03-09 14:00
        ",
    );
    play_versions(
        &[&solve(""), &solve(TEAM)],
        "
        03-09 10:00 received
        03-09 11:30 diagnosed               # late by the new version, which promised nothing then
        03-09 12:00 rebind
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        = team/plan: running open, used 0:00 of 1:00, due 03-09 13:00
        ",
    );
}

#[test]
fn a_rebind_to_other_opening_hours() {
    // From 13:00 on the office counts: 2 h of it from 10:00 to 12:00, closed for lunch; 2 left.
    let second = solve("").replace("within = \"4wh\"", "within = \"4wh\", on = \"office\"");
    play_versions(
        &[&solve(""), &second],
        "
        03-09 10:00 received
        03-09 13:00 rebind
        = solve: running open, used 2:00 of 4:00, due 03-09 15:30
        ",
    );
}

#[test]
fn a_finished_ticket_that_is_rebound_all_the_same_stays_under_its_version() {
    play_versions(
        &[&solve(""), &solve("").replace("4wh", "8wh")],
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 12:00 rebind
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        03-09 13:00 reopened
        = solve: running open, used 1:00 of 4:00, due 03-09 16:00
        ",
    );
}

#[test]
fn an_unfinished_ticket_is_moved_with_all_that_comes_back() {
    // The visit waits for the ticket to be reopened, so the ticket is not finished, and is moved.
    play_versions(
        &[&solve(ARRIVE), &solve(ARRIVE).replace("4wh", "8wh")],
        "
        03-09 10:00 received
        03-09 10:00 dispatched
        03-09 11:00 resolved
        03-09 12:00 rebind                  # 7 h left: 6 today, 1 tomorrow
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        = arrive: suspended open, used 1:00 of 8:00, resumed 03-10 10:00
        03-09 13:00 reopened                # 5 today, 2 tomorrow, for both
        = solve: running open, used 1:00 of 8:00, due 03-10 11:00
        = arrive: running open, used 1:00 of 8:00, due 03-10 11:00
        ",
    );
}

#[test]
fn a_late_fact_from_before_a_rebind_is_read_under_the_version_of_its_time() {
    let second = solve("").replace("4wh", "1wh");
    play_versions(
        &[&solve(""), &second],
        "
        03-09 10:00 received
        03-09 12:00 rebind                  # 2 of 1 h: over as it came
        03-09 13:00 late 03-09 11:30 resolved
        = solve: stopped met, used 1:30 of 4:00, due 03-09 14:00
        * solve: breaching -> met
        ",
    );
}
