//! The smallest cases in which the engine and the written rules were found to differ. Each says
//! what SEMANTICS asks for.

use punctual::ticket::Opener;

use super::desk::{DAY, MINUTE, Zone};
use super::reading::{self, Row};
use super::world::{
    Cond, Cycle, Entry, Ev, Goal, Mode, Plan, Reopen, Target, Trig, Versions, Within, World,
    instant,
};

/// Thursday 2026-03-26, 01:00 UTC: the office opens.
pub const START: i64 = (20_538 * DAY + 60) * MINUTE;
pub const HOUR: i64 = 60 * MINUTE;

pub fn target(start: &'static str, stop: &'static str, within: Within) -> Target {
    Target {
        start: vec![Trig::plain(start)],
        stop: vec![Trig::plain(stop)],
        cancel: Vec::new(),
        cycle: Cycle::Once,
        after: None,
        goals: vec![Goal {
            when: Cond::default(),
            within,
        }],
        pause: Vec::new(),
        mode: Mode::Retroactive,
        reopen: Reopen::Continue,
        new_cycle_after: None,
        ladder: Vec::new(),
    }
}

pub const fn hours(hours: i64) -> Within {
    Within::Elapsed {
        lower: None,
        most: hours * 60,
    }
}

pub const fn only_for(class: usize, within: Within) -> Goal {
    Goal {
        when: Cond {
            class: Some(class),
            level: None,
            other_level: false,
        },
        within,
    }
}

pub fn received(class: Option<usize>) -> (i64, Ev) {
    let received = Ev::Received {
        opener: Opener::Customer,
        class,
        level: None,
    };
    (0, received)
}

pub const fn judged(class: usize) -> Ev {
    Ev::Classified {
        class: Some(class),
        level: None,
    }
}

/// A history in hours after the start.
pub fn world(targets: Vec<Target>, history: &[(i64, Ev)]) -> World {
    let entries = history
        .iter()
        .zip(1..)
        .map(|((hour, ev), version)| Entry {
            at: START + hour * HOUR,
            version,
            ev: *ev,
            role: None,
        })
        .collect();
    let usual = || {
        ["declined", "merged", "withdrawn"]
            .map(Trig::plain)
            .to_vec()
    };
    World {
        plan: Plan {
            zone: Zone::Shanghai,
            targets: [targets, Vec::new()],
            cancel: [usual(), usual()],
            resumes_on: [Vec::new(), Vec::new()],
        },
        next: None,
        entries,
        around: 20_538,
    }
}

/// What the engine reads so many hours after the start.
fn read(world: &World, hour: i64) -> Vec<Row> {
    let now = instant(START + hour * HOUR);
    let rows = {
        let versions = Versions::of(&world.plan, world.next.as_ref());
        reading::by_engine(&versions, world.ticket(&versions).timeline(), now)
    };
    rows.into_values().collect()
}

fn next_reply(cycle: Cycle) -> Target {
    Target {
        cycle,
        ..target("customer-wrote", "replied", hours(1))
    }
}

#[test]
fn c10_what_ends_a_next_reply_does_not_start_another() {
    for end in [Ev::Closed, Ev::Declined, Ev::Withdrawn] {
        let world = world(vec![next_reply(Cycle::Each)], &[received(None), (0, end)]);
        let rows = read(&world, 10);
        assert_eq!(rows.len(), 1, "{end:?}: {rows:#?}");
    }
}

#[test]
fn c10_a_next_reply_once_happens_once() {
    let history = [received(None), (1, Ev::Resolved), (2, Ev::CustomerWrote)];
    let world = world(vec![next_reply(Cycle::Once)], &history);
    assert_eq!(read(&world, 3).len(), 1);
}

#[test]
fn c10_a_first_response_that_ends_without_a_reply_hands_over_to_the_next_reply() {
    let first = target("received", "diagnosed", hours(5));
    for (targets, place) in [
        (
            vec![
                first.clone(),
                Target {
                    after: Some(0),
                    ..next_reply(Cycle::Each)
                },
            ],
            1,
        ),
        (
            vec![
                Target {
                    after: Some(1),
                    ..next_reply(Cycle::Each)
                },
                first,
            ],
            0,
        ),
    ] {
        let history = [received(None), (1, Ev::CustomerWrote), (2, Ev::Diagnosed)];
        let rows = read(&world(targets, &history), 2);
        assert_eq!(rows.len(), 2, "{place}: a message waits: {rows:#?}");
        assert_eq!(rows[place].started_at, START + 2 * HOUR);
    }
}

#[test]
fn c10_a_first_response_that_closing_ends_leaves_no_next_reply_on_a_closed_ticket() {
    let first = target("received", "closed", hours(5));
    let next = Target {
        after: Some(0),
        ..next_reply(Cycle::Each)
    };
    let history = [received(None), (1, Ev::CustomerWrote), (2, Ev::Closed)];
    let world = world(vec![first, next], &history);
    assert_eq!(read(&world, 10).len(), 1);
}

#[test]
fn c2_a_cancelled_clock_shows_when_it_would_have_been_due() {
    for end in [Ev::Declined, Ev::Withdrawn, Ev::Closed] {
        let target = target("received", "replied", hours(5));
        let world = world(vec![target], &[received(None), (1, end)]);
        let rows = read(&world, 10);
        assert_eq!(rows[0].due_at, Some(START + 5 * HOUR), "{end:?}");
        assert_eq!(rows[0].breach_after, Some(START + 5 * HOUR), "{end:?}");
    }
}

#[test]
fn c2_a_next_reply_that_resolution_cancels_shows_when_it_would_have_been_due() {
    let history = [received(None), (0, Ev::Resolved)];
    let world = world(vec![next_reply(Cycle::Each)], &history);
    assert_eq!(read(&world, 10)[0].due_at, Some(START + HOUR));
}

#[test]
fn b4_a_lead_clock_is_due_at_anchor_minus_lead_also_after_a_resolution() {
    let visit = Target {
        cycle: Cycle::Each,
        ..target(
            "visit-booked",
            "visit-confirmed",
            Within::LeadWall { ahead: 240 },
        )
    };
    let history = [
        received(None),
        (0, Ev::VisitBooked { ahead: 600 }),
        (1, Ev::Resolved),
        (2, Ev::Reopened),
    ];
    let world = world(vec![visit], &history);
    assert_eq!(read(&world, 3)[0].due_at, Some(START + 6 * HOUR));
}

#[test]
fn c2_a_goal_over_as_it_came_says_when_it_was_breached_at_that_very_instant() {
    let target = Target {
        goals: vec![only_for(1, hours(1)), only_for(0, hours(10))],
        ..target("received", "replied", hours(1))
    };
    let world = world(vec![target], &[received(Some(0)), (5, judged(1))]);
    let row = &read(&world, 5)[0];
    assert_eq!(row.outcome, "breaching");
    assert_eq!(row.breached_at, Some(START + 5 * HOUR));
}

#[test]
fn c2_a_first_goal_over_as_it_came_says_when_it_was_breached_at_that_very_instant() {
    let target = Target {
        goals: vec![only_for(1, hours(1))],
        ..target("received", "replied", hours(1))
    };
    let world = world(vec![target], &[received(Some(0)), (5, judged(1))]);
    let row = &read(&world, 5)[0];
    assert_eq!(row.outcome, "breaching");
    assert_eq!(row.breached_at, Some(START + 5 * HOUR));
}

#[test]
fn c9_reopened_resumes_a_suspended_clock_that_closing_had_stopped() {
    for reopen in [Reopen::Continue, Reopen::WithGap] {
        let target = Target {
            reopen,
            ..target("received", "closed", hours(5))
        };
        let history = [
            received(None),
            (1, Ev::Resolved),
            (2, Ev::Closed),
            (3, Ev::Reopened),
        ];
        let world = world(vec![target], &history);
        let row = &read(&world, 4)[0];
        assert_eq!(row.activity, "running", "{reopen:?}");
    }
}

#[test]
fn c8_a_clock_whose_goal_no_longer_fits_ended_at_the_judgement() {
    let target = Target {
        goals: vec![only_for(0, hours(5))],
        ..target("received", "replied", hours(5))
    };
    let world = world(vec![target], &[received(Some(0)), (1, judged(1))]);
    let row = &read(&world, 10)[0];
    assert_eq!(row.outcome, "cancelled (no goal)");
    assert_eq!(row.activity, "stopped");
    assert_eq!(row.stopped_at, Some(START + HOUR));
    assert_eq!(row.elapsed_wall, HOUR);
}

#[test]
fn c8_reset_drops_the_pauses_before_it() {
    let target = Target {
        goals: vec![
            only_for(1, hours(5)),
            target("received", "replied", hours(5)).goals[0],
        ],
        pause: vec![0],
        mode: Mode::Reset,
        ..target("received", "replied", hours(5))
    };
    let history = [
        received(None),
        (1, Ev::Paused(0)),
        (2, Ev::Resumed(None)),
        (3, judged(1)),
    ];
    let world = world(vec![target], &history);
    let row = &read(&world, 4)[0];
    assert_eq!(row.started_at, START + 3 * HOUR);
    assert_eq!(row.pauses, []);
}

#[test]
fn c9_a_survey_ends_when_the_ticket_is_reopened_however_often_it_was_resolved() {
    let survey = target("resolved", "surveyed", hours(50));
    let history = [
        received(None),
        (1, Ev::Resolved),
        (2, Ev::Resolved),
        (3, Ev::Reopened),
    ];
    let world = world(vec![survey], &history);
    assert_eq!(read(&world, 4)[0].outcome, "cancelled (reopened)");
}

/// Sunday 06:00 to Monday 06:00 in Berlin, by a desk that opens at night from Monday on.
#[test]
fn c2_a_budget_of_no_open_time_is_due_at_its_start_also_while_paused() {
    let target = Target {
        pause: vec![0],
        ..target(
            "customer-wrote",
            "replied",
            Within::WorkingDays {
                lower: None,
                most: 1,
                on: super::desk::Desk::Night,
                same_time: true,
            },
        )
    };
    let (_, from_agent) = received(None);
    let Ev::Received { class, level, .. } = from_agent else {
        unreachable!()
    };
    let from_agent = Ev::Received {
        opener: Opener::Agent,
        class,
        level,
    };
    let history = [(0, from_agent), (1, Ev::Paused(0)), (75, Ev::CustomerWrote)];
    let world = world(vec![target], &history);
    let row = &read(&world, 80)[0];
    assert_eq!(row.budget, Some(0));
    assert_eq!(row.due_at, Some(START + 75 * HOUR));
}

#[test]
fn c8_a_whole_share_that_is_carried_is_due_at_the_judgement_also_while_paused() {
    let target = Target {
        goals: vec![only_for(0, hours(2)), only_for(1, hours(5))],
        pause: vec![0],
        mode: Mode::Carry,
        ..target("received", "replied", hours(1))
    };
    let history = [received(Some(0)), (2, Ev::Paused(0)), (3, judged(1))];
    let world = world(vec![target], &history);
    let row = &read(&world, 4)[0];
    assert_eq!((row.elapsed, row.budget), (5 * HOUR, Some(5 * HOUR)));
    assert_eq!(row.due_at, Some(START + 3 * HOUR));
}

#[test]
fn b4_a_lead_too_short_is_no_breach_under_another_goal() {
    let lead = |class, ahead| only_for(class, Within::LeadWall { ahead });
    let visit = Target {
        goals: vec![lead(0, 600), lead(1, 60)],
        mode: Mode::Carry,
        cycle: Cycle::Each,
        ..target("visit-booked", "visit-confirmed", hours(1))
    };
    let history = [
        received(Some(0)),
        (0, Ev::VisitBooked { ahead: 300 }),
        (1, judged(1)),
        (2, Ev::VisitConfirmed),
    ];
    let world = world(vec![visit], &history);
    let before = &read(&world, 0)[0];
    assert_eq!(before.outcome, "insufficient-lead");
    let row = &read(&world, 3)[0];
    assert_ne!(row.outcome, "breached", "{row:#?}");
}

#[test]
fn c8_a_goal_that_went_keeps_what_was_used_and_its_end_whatever_ends_the_ticket() {
    let target = Target {
        goals: vec![only_for(
            0,
            Within::Working {
                lower: None,
                most: 300,
                on: super::desk::Desk::Office,
            },
        )],
        ..target("received", "replied", hours(5))
    };
    for end in [Ev::Closed, Ev::Resolved, Ev::Withdrawn, Ev::Noted] {
        let history = [received(Some(0)), (1, judged(1)), (3, end)];
        let world = world(vec![target.clone()], &history);
        let row = &read(&world, 10)[0];
        assert_eq!(row.outcome, "cancelled (no goal)", "{end:?}");
        assert_eq!(row.stopped_at, Some(START + HOUR), "{end:?}");
        assert_eq!((row.elapsed, row.elapsed_wall), (HOUR, HOUR), "{end:?}");
        assert_eq!(
            (row.measure.as_str(), row.budget),
            ("office", None),
            "{end:?}"
        );
    }
}

#[test]
fn c8_a_share_outlives_a_time_without_a_goal() {
    let target = Target {
        goals: vec![only_for(0, hours(2))],
        mode: Mode::Carry,
        ..target("received", "replied", hours(1))
    };
    // Half of it is used when the goal goes, and for two hours there is none.
    let history = [received(Some(0)), (1, judged(1)), (3, judged(0))];
    let world = world(vec![target], &history);
    let row = &read(&world, 3)[0];
    assert_eq!((row.elapsed, row.budget), (HOUR, Some(2 * HOUR)));
    assert_eq!(row.due_at, Some(START + 4 * HOUR));
}

/// Four hours before a visit in ten, resolved after one hour.
fn resolved_before_a_visit(rest: &[(i64, Ev)]) -> World {
    let visit = Target {
        cycle: Cycle::Each,
        ..target(
            "visit-booked",
            "visit-confirmed",
            Within::LeadWall { ahead: 240 },
        )
    };
    let mut history = vec![
        received(None),
        (0, Ev::VisitBooked { ahead: 600 }),
        (1, Ev::Resolved),
    ];
    history.extend(rest);
    world(vec![visit], &history)
}

#[test]
fn b4_a_resolved_ticket_brings_no_visit_later() {
    let row = &read(&resolved_before_a_visit(&[]), 3)[0];
    assert_eq!(row.activity, "suspended");
    assert_eq!((row.elapsed, row.due_at), (HOUR, None));
    assert_eq!(row.due_if_resumed_now, Some(START + 6 * HOUR));
}

#[test]
fn b4_a_lead_clock_that_ends_while_resolved_says_anchor_minus_lead() {
    for (end, outcome) in [
        (Ev::Closed, "cancelled (closed)"),
        (Ev::VisitConfirmed, "met"),
    ] {
        let row = &read(&resolved_before_a_visit(&[(3, end)]), 4)[0];
        assert_eq!(row.outcome, outcome);
        assert_eq!(row.elapsed, HOUR);
        assert_eq!(row.due_at, Some(START + 6 * HOUR));
        assert_eq!(row.breach_after, Some(START + 6 * HOUR));
        // By seven that instant has passed, and it did not fall due.
        let row = &read(&resolved_before_a_visit(&[(7, end)]), 8)[0];
        assert_eq!((row.outcome.as_str(), row.elapsed), (outcome, HOUR));
        assert_eq!((row.due_at, row.breach_after), (None, None));
    }
}

#[test]
fn b4_a_lead_too_short_takes_no_share_over() {
    let lead = |class, ahead| only_for(class, Within::LeadWall { ahead });
    let visit = Target {
        goals: vec![lead(0, 60), lead(1, 600)],
        mode: Mode::Carry,
        cycle: Cycle::Each,
        ..target("visit-booked", "visit-confirmed", hours(1))
    };
    let history = [
        received(Some(0)),
        (0, Ev::VisitBooked { ahead: 120 }),
        (3, judged(1)),
    ];
    // Three hours of one: over, and then not even a promise.
    let world = world(vec![visit], &history);
    assert_eq!(read(&world, 2)[0].outcome, "breaching");
    let row = &read(&world, 4)[0];
    assert_eq!(row.outcome, "insufficient-lead");
    assert_eq!((row.elapsed, row.budget), (4 * HOUR, None));
}

#[test]
fn c10_what_ends_a_ticket_answers_the_request() {
    let first = Target {
        goals: vec![only_for(0, hours(5))],
        ..target("received", "diagnosed", hours(5))
    };
    let next = Target {
        after: Some(0),
        ..next_reply(Cycle::Each)
    };
    for end in [Ev::Resolved, Ev::Closed] {
        let history = [
            received(Some(0)),
            (1, end),
            (2, Ev::Reopened),
            (3, judged(1)),
        ];
        let world = world(vec![first.clone(), next.clone()], &history);
        let rows = read(&world, 4);
        assert_eq!(rows.len(), 1, "{end:?}: {rows:#?}");
        assert_eq!(rows[0].outcome, "cancelled (no goal)");
    }
    // Nobody answered it, so cycle 1 takes over what cycle 0 no longer promises.
    let history = [received(Some(0)), (3, judged(1))];
    let rows = read(&world(vec![first, next], &history), 4);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].started_at, START + 3 * HOUR);
}

#[test]
fn c9_a_second_resolution_suspends_no_survey() {
    let survey = target("resolved", "surveyed", hours(50));
    let history = [received(None), (1, Ev::Resolved), (2, Ev::Resolved)];
    let row = &read(&world(vec![survey], &history), 4)[0];
    assert_eq!((row.activity.as_str(), row.elapsed), ("running", 3 * HOUR));
}

#[test]
fn c9_a_reply_clock_that_a_resolution_stopped_follows_its_mode() {
    for (reopen, outcomes) in [
        (Reopen::Continue, &["open"][..]),
        (Reopen::NewCycle, &["met", "open"]),
        (Reopen::Stay, &["met"]),
    ] {
        let next = Target {
            stop: vec![Trig::plain("replied"), Trig::plain("resolved")],
            reopen,
            ..next_reply(Cycle::Each)
        };
        let history = [
            received(None),
            (0, Ev::Replied { automatic: false }),
            (1, Ev::CustomerWrote),
            (1, Ev::Resolved),
            (2, Ev::Reopened),
        ];
        let rows = read(&world(vec![next], &history), 2);
        let found: Vec<&str> = rows[1..].iter().map(|row| row.outcome.as_str()).collect();
        assert_eq!(found, outcomes, "{reopen:?}");
    }
}

#[test]
fn c9_a_reply_clock_that_closing_cancelled_does_not_come_back() {
    let next = next_reply(Cycle::Each);
    let history = [received(None), (1, Ev::Closed), (2, Ev::Reopened)];
    let rows = read(&world(vec![next], &history), 2);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].outcome, "cancelled (closed)");
}
