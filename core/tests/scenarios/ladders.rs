//! Who is told when things meet.

use punctual::supervision;
use punctual::time::Instant;

use crate::house::house;
use crate::play::{Stage, compile, play, play_versions};

/// 2h, urgent 1h; 4h for a complaint.
fn solve(rungs: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [
  {{ when = {{ level = "urgent" }}, within = "1h" }},
  {{ when = {{ class = "complaint" }}, within = "4h" }},
  {{ within = "2h" }},
]
ladder = [{rungs}]
"#
    ))
}

#[test]
fn repeats_wait_while_the_clock_is_paused() {
    play(
        &solve(r#"{ at = "due", tell = "lead", every = "4h", most = 2 }"#),
        "
        03-09 10:00 received                # due 12:00; then 16:00 and 20:00
        03-09 12:30 tick
        ! breached: solve at 03-09 12:00
        ! told lead: solve rung 0 at 03-09 12:00:00.000001, late
        03-09 13:00 paused reason=customer  # 3 h to go
        03-09 18:00 tick
        03-09 20:00 resumed                 # 23:00, and four hours on
        03-10 06:00 tick
        ! told lead: solve rung 0 again 1 at 03-09 23:00:00.000001, late
        ! told lead: solve rung 0 again 2 at 03-10 03:00:00.000001, late
        ",
    );
}

#[test]
fn over_at_birth_tells_the_highest_once_and_later_rungs_in_their_turn() {
    play(
        &solve(
            r#"{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }, { at = "+3h", tell = "head" }"#,
        ),
        "
        03-09 10:00 received class=complaint
        03-09 12:30 classified level=urgent # due 11:00 under it: 50% and due lie behind
        03-09 12:30 tick
        ! breached as it came: solve at 03-09 12:30
        ! told head: solve as it came at 03-09 12:30
        03-09 13:00 tick
        03-09 15:00 tick                    # 11:00 + 3 h
        ! told head: solve rung 2 at 03-09 14:00:00.000001, late
        ",
    );
}

#[test]
fn a_rebind_tells_nothing_twice() {
    let first = solve(r#"{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }"#);
    let second = first.replace("\"2h\"", "\"3h\"");
    play_versions(
        &[&first, &second],
        "
        03-09 10:00 received
        03-09 12:30 tick
        ! warned: solve at 03-09 11:00, due 03-09 12:00
        ! told agent: solve rung 0 at 03-09 11:00, late
        ! breached: solve at 03-09 12:00
        ! told lead: solve rung 1 at 03-09 12:00:00.000001, late
        03-09 12:40 rebind                  # 13:00 now; both rungs were told in this cycle
        = solve: running imminent, used 2:40 of 3:00, due 03-09 13:00, first breached 03-09 12:00
        03-09 14:00 tick                    # what was promised anew is broken anew; no rung fires
        ! warned: solve at 03-09 11:30, due 03-09 13:00
        ! breached: solve at 03-09 13:00
        ",
    );
}

#[test]
fn a_rung_overtaken_by_a_new_goal_is_listed_as_lapsed() {
    play(
        &solve(r#"{ at = "50%", tell = "agent" }"#),
        "
        03-09 10:00 received
        03-09 11:30 classified class=complaint  # 50% of 2 h was reached at 11:00, unrecorded
        > agent: solve rung 0 at 03-09 11:00, lapsed
        > agent: solve rung 0 at 03-09 12:00, ahead
        ",
    );
}

#[test]
fn rungs_of_several_clocks_at_one_instant_are_told_in_the_order_of_the_clocks() {
    let policy = house(
        r#"
[target.one]
start = "received"
stop = "resolved"
goals = [{ within = "2h" }]
ladder = [{ at = "50%", tell = "lead" }]
[target.two]
start = "received"
stop = "resolved"
goals = [{ within = "1h" }]
ladder = [{ at = "100%", tell = "head" }]
[agreement.a-team]
kind = "operational"
[agreement.a-team.target.work]
start = "received"
stop = "resolved"
goals = [{ within = "4h" }]
ladder = [{ at = "25%", tell = "agent" }]
"#,
    );
    // All at 11:00. Warnings first; a share of 100% is no warning but a rung.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:00 tick
        ! warned: one at 03-09 11:00, due 03-09 12:00
        ! warned: a-team/work at 03-09 11:00, due 03-09 14:00
        ! told lead: one rung 0 at 03-09 11:00
        ! told head: two rung 0 at 03-09 11:00
        ! told agent: a-team/work rung 0 at 03-09 11:00
        ",
    );
}

#[test]
fn a_notice_of_saturday_goes_out_on_monday() {
    let policy = solve(r#"{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }"#)
        + "[delivery]\non = \"desk\"\nexcept = { class = \"complaint\" }\n";
    play(
        &policy,
        "
        03-14 10:00 received
        03-14 12:30 tick
        = solve: running breaching, used 2:30 of 2:00, due 03-14 12:00, breached 03-14 12:00
        ! warned: solve at 03-14 11:00, due 03-14 12:00
        ! told agent: solve rung 0 at 03-14 11:00, late, sent 03-16 09:00
        ! breached: solve at 03-14 12:00
        ! told lead: solve rung 1 at 03-14 12:00:00.000001, late, sent 03-16 09:00
        ",
    );
    // Whether a ticket is exempt is asked of the time of the rung.
    play(
        &policy,
        "
        03-14 10:00 received
        03-14 11:30 classified class=complaint  # 50% of 4 h: 12:00
        03-14 12:00 tick
        ! warned: solve at 03-14 12:00, due 03-14 14:00
        ! told agent: solve rung 0 at 03-14 12:00
        ",
    );
}

#[test]
fn a_notice_at_closing_waits_for_the_morning() {
    let policy = solve(r#"{ at = "50%", tell = "agent" }"#) + "[delivery]\non = \"desk\"\n";
    for (received, at, sent) in [
        ("16:59:59.999999", "03-09 17:59:59.999999", ""),
        ("17:00", "03-09 18:00", ", sent 03-10 09:00"),
        ("08:00", "03-09 09:00", ""),
    ] {
        play(
            &policy,
            &format!("03-09 {received} received\n> agent: solve rung 0 at {at}, ahead{sent}"),
        );
    }
}

#[test]
fn a_rung_of_a_reopened_clock_does_not_fire_again() {
    play(
        &solve(r#"{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }"#),
        "
        03-09 10:00 received
        03-09 11:00 tick
        ! warned: solve at 03-09 11:00, due 03-09 12:00
        ! told agent: solve rung 0 at 03-09 11:00
        03-09 11:30 resolved
        03-09 15:00 reopened                # half an hour left
        = solve: running imminent, used 1:30 of 2:00, due 03-09 15:30
        03-09 16:00 tick
        ! breached: solve at 03-09 15:30
        ! told lead: solve rung 1 at 03-09 15:30:00.000001, late
        ",
    );
}

#[test]
fn the_ticket_is_looked_at_again_when_something_is_to_be_expected() {
    let policies = compile(&[&solve(
        r#"{ at = "50%", tell = "agent" }, { at = "+1h", tell = "head" }"#,
    )]);
    let mut stage = Stage::new(&policies, false);
    let wakes = |stage: &Stage<'_>, date: &str, time: &str| {
        let found = supervision::wake_at(&stage.ticket, &stage.bindings(stage.now), stage.now);
        let wanted: Instant = stage.instant(date, time);
        assert_eq!(found, Some(wanted), "at {}", stage.now);
    };
    let sleeps = |stage: &Stage<'_>| {
        let found = supervision::wake_at(&stage.ticket, &stage.bindings(stage.now), stage.now);
        assert_eq!(found, None, "at {}", stage.now);
    };
    stage.line("03-09 10:00 received");
    wakes(&stage, "03-09", "11:00");
    stage.line("03-09 11:00 tick");
    stage.line("! warned: solve at 03-09 11:00, due 03-09 12:00");
    stage.line("! told agent: solve rung 0 at 03-09 11:00");
    wakes(&stage, "03-09", "12:00:00.000001");
    stage.line("03-09 11:30 paused reason=customer");
    sleeps(&stage);
    stage.line("03-09 13:30 resumed");
    wakes(&stage, "03-09", "14:00:00.000001");
    stage.line("03-09 14:00:00.000001 tick");
    stage.line("! breached: solve at 03-09 14:00");
    wakes(&stage, "03-09", "15:00:00.000001");
    stage.line("03-09 14:30 resolved");
    sleeps(&stage);
    stage.finish();
}
