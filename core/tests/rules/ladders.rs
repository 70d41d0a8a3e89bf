//! L1 to L6: who is told, and when.

use punctual::escalation;
use punctual::policy::Policy;

use crate::house::house;
use crate::play::{Stage, compile, play, play_versions};

/// One target with this goal and this ladder.
fn ladder(goal: &str, rungs: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{goal}]
ladder = [{rungs}]
"#
    ))
}

#[test]
fn l1_each_kind_of_rung_has_its_place() {
    // 10wh from Monday 10:00: 8 h on Monday, 2 h on Tuesday, 11:00.
    for (rung, place) in [
        // 80% of 10 h is 8 h: the earliest such instant is Monday's closing.
        (r#"{ at = "80%", tell = "lead" }"#, "03-09 18:00"),
        (r#"{ at = "10%", tell = "lead" }"#, "03-09 11:00"),
        // Negative offsets anchor at `due_at`.
        (r#"{ at = "-10m", tell = "lead" }"#, "03-10 10:50"),
        (r#"{ at = "-3h", tell = "lead" }"#, "03-10 08:00"),
        // 3 working hours before Tuesday 11:00: 2 on Tuesday, 1 on Monday.
        (r#"{ at = "-3wh", tell = "lead" }"#, "03-09 17:00"),
        // `due` and positive ones anchor at `breach_after`, owed a microsecond later.
        (r#"{ at = "due", tell = "lead" }"#, "03-10 11:00:00.000001"),
        (r#"{ at = "+2wh", tell = "lead" }"#, "03-10 13:00:00.000001"),
        (r#"{ at = "+10h", tell = "lead" }"#, "03-10 21:00:00.000001"),
        // The closing of the first working date after Tuesday.
        (r#"{ at = "+1wd", tell = "lead" }"#, "03-11 18:00:00.000001"),
        // 200% of 10 h: 8 + 9 + 3 h.
        (r#"{ at = "200%", tell = "lead" }"#, "03-11 12:00"),
    ] {
        play(
            &ladder(r#"{ within = "10wh" }"#, rung),
            &format!(
                "03-09 10:00 received\n> lead: solve rung 0 at {place}, ahead\n
                03-10 11:00 look"
            ),
        );
    }
}

#[test]
fn l1_both_edges_of_a_budget_that_ends_at_closing() {
    // 8wh from 10:00: due at 18:00, in time until 09:00.
    play(
        &ladder(
            r#"{ within = "8wh" }"#,
            r#"{ at = "100%", tell = "agent" }, { at = "-1wh", tell = "agent" }, { at = "due", tell = "lead" }, { at = "+1wh", tell = "head" }"#,
        ),
        "
        03-09 10:00 received
        > agent: solve rung 0 at 03-09 18:00, ahead
        > agent: solve rung 1 at 03-09 17:00, ahead
        > lead: solve rung 2 at 03-10 09:00:00.000001, ahead
        > head: solve rung 3 at 03-10 10:00:00.000001, ahead
        ",
    );
}

#[test]
fn l1_working_offsets_run_on_the_rungs_calendar_or_the_goals_or_the_policys() {
    // Due at 11:30 wall time, half an hour before the office's lunch of an hour and a half.
    for (goal, rung, place) in [
        // The rung's: 11:30 + 0.5 h, then 13:30 + 0.5 h.
        (
            r#"{ within = "90m" }"#,
            r#"{ at = "+1wh", on = "office", tell = "lead" }"#,
            "03-09 14:00:00.000001",
        ),
        // The policy's, for the goal has none.
        (
            r#"{ within = "90m" }"#,
            r#"{ at = "+1wh", tell = "lead" }"#,
            "03-09 12:30:00.000001",
        ),
        // The goal's.
        (
            r#"{ within = "90wm", on = "office" }"#,
            r#"{ at = "+1wh", tell = "lead" }"#,
            "03-09 14:00:00.000001",
        ),
        // The rung's before the goal's.
        (
            r#"{ within = "90wm", on = "office" }"#,
            r#"{ at = "+1wh", on = "desk", tell = "lead" }"#,
            "03-09 12:30:00.000001",
        ),
    ] {
        play(
            &ladder(goal, rung),
            &format!("03-09 10:00 received\n> lead: solve rung 0 at {place}, ahead"),
        );
    }
}

#[test]
fn l1_an_offset_after_the_breach_is_owed_a_microsecond_after_it() {
    play(
        &ladder(r#"{ within = "2h" }"#, r#"{ at = "+2h", tell = "head" }"#),
        "
        03-09 10:00 received                # 12:00, and two hours
        03-09 14:00 tick
        ! breached: solve at 03-09 12:00
        03-09 14:00:00.000001 tick
        ! told head: solve rung 0 at 03-09 14:00:00.000001
        ",
    );
}

#[test]
fn l1_repeats_count_from_the_rungs_own_point() {
    play(
        &ladder(
            r#"{ within = "2h" }"#,
            r#"{ at = "+1h", tell = "lead", every = "4h", most = 2 }"#,
        ),
        "
        03-09 10:00 received                # due 12:00; 13:00, 17:00, 21:00
        03-09 18:00 tick
        ! breached: solve at 03-09 12:00
        ! told lead: solve rung 0 at 03-09 13:00:00.000001, late
        ! told lead: solve rung 0 again 1 at 03-09 17:00:00.000001, late
        03-10 18:00 tick                    # twice at most
        ! told lead: solve rung 0 again 2 at 03-09 21:00:00.000001, late
        ",
    );
}

#[test]
fn l1_a_rung_may_be_meant_for_some_tickets() {
    let policy = ladder(
        r#"{ within = "2h" }"#,
        r#"{ at = "50%", tell = "agent", when = { level = "general" } }, { at = "50%", tell = "head", when = { level = "urgent" } }"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received level=urgent
        03-09 11:00 tick
        ! warned: solve at 03-09 11:00, due 03-09 12:00
        ! told head: solve rung 1 at 03-09 11:00
        ",
    );
    // Judged as it was when the rung was reached.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 11:30 classified level=urgent
        03-09 11:45 tick
        ! warned: solve at 03-09 11:00, due 03-09 12:00
        ! told agent: solve rung 0 at 03-09 11:00, late
        ",
    );
}

#[test]
fn l1_the_rungs_of_a_waiting_clock_wait() {
    play(
        &ladder(
            r#"{ within = "4h" }"#,
            r#"{ at = "25%", tell = "agent" }, { at = "75%", tell = "lead" }, { at = "-10m", tell = "head" }"#,
        ),
        "
        03-09 10:00 received
        03-09 12:00 paused reason=customer
        > agent: solve rung 0 at 03-09 11:00, owed
        03-09 13:00 resumed                 # 3 h used at 14:00; due 15:00
        > agent: solve rung 0 at 03-09 11:00, owed
        > lead: solve rung 1 at 03-09 14:00, ahead
        > head: solve rung 2 at 03-09 14:50, ahead
        ",
    );
}

#[test]
fn l2_a_rung_fires_once_under_one_goal() {
    play(
        &ladder(r#"{ within = "2h" }"#, r#"{ at = "due", tell = "lead" }"#),
        "
        03-09 10:00 received
        03-09 12:00 tick
        03-09 12:00:00.000001 tick
        ! breached: solve at 03-09 12:00
        ! told lead: solve rung 0 at 03-09 12:00:00.000001
        03-09 12:00:00.000002 tick
        03-09 18:00 tick
        ",
    );
}

#[test]
fn l2_a_new_goal_brings_its_rungs_and_supersedes_those_that_lie_behind() {
    let policy = ladder(
        r#"{ when = { level = "urgent" }, within = "4h" }, { within = "2h" }"#,
        r#"{ at = "25%", tell = "agent" }, { at = "75%", tell = "lead" }"#,
    );
    // 25% of 2 h at 10:30. At 11:00 it becomes 4 h: 25% is reached at 11:00, as the goal comes.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 10:45 tick
        ! warned: solve at 03-09 10:30, due 03-09 12:00
        ! told agent: solve rung 0 at 03-09 10:30, late
        03-09 11:00 classified level=urgent
        > agent: solve rung 0 at 03-09 11:00, superseded
        > lead: solve rung 1 at 03-09 13:00, ahead
        ",
    );
    // A microsecond earlier it still lies ahead, and fires again under the new goal.
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 10:45 tick
        ! warned: solve at 03-09 10:30, due 03-09 12:00
        ! told agent: solve rung 0 at 03-09 10:30, late
        03-09 10:59:59.999999 classified level=urgent
        03-09 11:00 tick
        ! warned: solve at 03-09 11:00, due 03-09 14:00
        ! told agent: solve rung 0 at 03-09 11:00
        ",
    );
}

#[test]
fn l2_a_rebind_does_not_fire_again() {
    let first = ladder(
        r#"{ within = "2h" }"#,
        r#"{ at = "25%", tell = "agent" }, { at = "75%", tell = "lead" }"#,
    );
    let second = first.replace("2h", "4h");
    // 25% of 2 h at 10:30 was told; 25% of 4 h at 11:00 is the same rung of the same cycle.
    play_versions(
        &[&first, &second],
        "
        03-09 10:00 received
        03-09 10:30 tick
        ! warned: solve at 03-09 10:30, due 03-09 12:00
        ! told agent: solve rung 0 at 03-09 10:30
        03-09 10:45 rebind
        = solve: running open, used 0:45 of 4:00, due 03-09 14:00
        03-09 13:00 look
        > agent: solve rung 0 at 03-09 11:00, told
        > lead: solve rung 1 at 03-09 13:00, owed
        ",
    );
}

#[test]
fn l3_a_rung_reached_while_running_is_owed_after_a_pause_too() {
    play(
        &ladder(r#"{ within = "2h" }"#, r#"{ at = "50%", tell = "agent" }"#),
        "
        03-09 10:00 received
        03-09 11:30 paused reason=customer
        03-09 15:00 tick
        ! warned: solve at 03-09 11:00
        ! told agent: solve rung 0 at 03-09 11:00, late
        ",
    );
}

#[test]
fn l3_what_a_stop_overtakes_lapses() {
    play(
        &ladder(
            r#"{ within = "2h" }"#,
            r#"{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }"#,
        ),
        "
        03-09 10:00 received
        03-09 13:00 resolved
        > agent: solve rung 0 at 03-09 11:00, lapsed
        > lead: solve rung 1 at 03-09 12:00:00.000001, lapsed
        03-09 14:00 tick                    # the breach is a fact all the same
        ! breached: solve at 03-09 12:00
        ",
    );
}

#[test]
fn l3_offsets_after_the_breach_wait_while_the_clock_is_paused() {
    play(
        &ladder(r#"{ within = "2h" }"#, r#"{ at = "+2h", tell = "head" }"#),
        "
        03-09 10:00 received                # due 12:00
        03-09 13:00 paused reason=customer  # one of two hours after the breach
        03-09 16:00 look
        03-09 17:00 resumed
        > head: solve rung 0 at 03-09 18:00:00.000001, ahead
        03-09 17:59 tick
        ! breached: solve at 03-09 12:00
        03-09 18:00:00.000001 tick
        ! told head: solve rung 0 at 03-09 18:00:00.000001
        ",
    );
}

#[test]
fn l4_after_downtime_rungs_fire_in_due_order_marked_late() {
    let policy = house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
goals = [{ within = "4h" }]
ladder = [{ at = "due", tell = "head" }, { at = "50%", tell = "agent" }]
[target.reply]
start = "received"
stop = "replied"
goals = [{ within = "3h" }]
ladder = [{ at = "due", tell = "lead" }]
"#,
    );
    play(
        &policy,
        "
        03-09 10:00 received
        03-09 20:00 tick
        ! warned: solve at 03-09 12:00, due 03-09 14:00
        ! told agent: solve rung 1 at 03-09 12:00, late
        ! breached: reply at 03-09 13:00
        ! told lead: reply rung 0 at 03-09 13:00:00.000001, late
        ! breached: solve at 03-09 14:00
        ! told head: solve rung 0 at 03-09 14:00:00.000001, late
        ",
    );
}

#[test]
fn l5_a_delivery_window_moves_notices_and_no_breach() {
    let policy = ladder(
        r#"{ within = "2h" }"#,
        r#"{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }"#,
    ) + r#"
[delivery]
on = "desk"
except = { level = "urgent" }
"#;
    play(
        &policy,
        "
        03-09 17:00 received                # 50% at 18:00: just closed; due 19:00
        > agent: solve rung 0 at 03-09 18:00, ahead, sent 03-10 09:00
        > lead: solve rung 1 at 03-09 19:00:00.000001, ahead, sent 03-10 09:00
        03-09 19:30 tick
        ! warned: solve at 03-09 18:00, due 03-09 19:00
        ! told agent: solve rung 0 at 03-09 18:00, late, sent 03-10 09:00
        ! breached: solve at 03-09 19:00
        ! told lead: solve rung 1 at 03-09 19:00:00.000001, late, sent 03-10 09:00
        ",
    );
    play(
        &policy,
        "
        03-09 17:00 received level=urgent
        03-09 19:00:00.000001 tick
        ! warned: solve at 03-09 18:00, due 03-09 19:00
        ! told agent: solve rung 0 at 03-09 18:00, late
        ! breached: solve at 03-09 19:00
        ! told lead: solve rung 1 at 03-09 19:00:00.000001
        ",
    );
}

#[test]
fn l6_the_tier_is_the_highest_told_and_owners_go_by_level() {
    let policy = ladder(
        r#"{ within = "4h" }"#,
        r#"{ at = "25%", tell = "head" }, { at = "50%", tell = "agent" }"#,
    ) + r#"
[[owner]]
when = { level = "urgent" }
is = "head"
[[owner]]
is = "agent"
"#;
    let policies = compile(&[&policy]);
    let mut stage = Stage::new(&policies, false);
    let owner = |stage: &Stage<'_>| {
        let policy: &Policy = &policies[0];
        let owner = escalation::owner(policy, stage.ticket.timeline(), stage.now);
        owner.unwrap().to_string()
    };
    stage.line("03-09 10:00 received");
    assert_eq!(
        (escalation::tier(&stage.ticket), owner(&stage)),
        (0, "agent".to_owned())
    );
    stage.line("03-09 11:00 tick");
    stage.line("! warned: solve at 03-09 11:00, due 03-09 14:00");
    stage.line("! told head: solve rung 0 at 03-09 11:00");
    assert_eq!(escalation::tier(&stage.ticket), 3, "the head's rank");
    stage.line("03-09 11:30 classified level=urgent");
    assert_eq!(owner(&stage), "head");
    stage.line("03-09 12:00 tick");
    stage.line("! told agent: solve rung 1 at 03-09 12:00");
    assert_eq!(escalation::tier(&stage.ticket), 3, "never falls");
    let told = &stage.ticket.told().escalated;
    assert_eq!(told.iter().map(|it| it.rank).collect::<Vec<_>>(), [3, 1]);
    stage.finish();
}
