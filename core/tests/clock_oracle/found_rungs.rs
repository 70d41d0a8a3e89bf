//! The smallest cases in which a ladder and the written rules were found to differ.

use super::desk::{Desk, MINUTE};
use super::findings::{HOUR, START, hours, judged, only_for, received, target, world};
use super::ladder::{self, Line};
use super::world::{At, Cond, Ev, Len, Mode, Rung, Target, Versions, Within, World, instant};

const fn rung(at: At) -> Rung {
    Rung {
        at,
        tell: 0,
        when: Cond {
            class: None,
            level: None,
            other_level: false,
        },
        repeat: None,
    }
}

/// What the engine says so many hours after the start, in the order of clocks and rungs.
fn rungs(world: &World, hour: i64) -> Vec<Line> {
    let now = instant(START + hour * HOUR);
    let versions = Versions::of(&world.plan, world.next.as_ref());
    let found = ladder::by_engine(&versions, &world.ticket(&versions), now);
    found.into_values().collect()
}

fn line(role: &str, at: i64, standing: &str) -> Line {
    (role.to_owned(), at, standing.to_owned())
}

/// Two hours for a fault, five for a complaint, and the share used is kept.
fn carried(ladder: Vec<Rung>) -> Target {
    Target {
        goals: vec![only_for(0, hours(2)), only_for(1, hours(5))],
        pause: vec![0],
        mode: Mode::Carry,
        ladder,
        ..target("received", "replied", hours(1))
    }
}

#[test]
fn l2_a_rung_within_a_share_that_is_taken_over_is_superseded_also_while_paused() {
    let history = [received(Some(0)), (1, Ev::Paused(0)), (3, judged(1))];
    let world = world(vec![carried(vec![rung(At::Share(50))])], &history);
    for hour in [3, 4, 9] {
        // Reached under the first goal after an hour, and with the second one as it came.
        assert_eq!(
            rungs(&world, hour),
            [
                line("agent", START + HOUR, "Lapsed"),
                line("agent", START + 3 * HOUR, "Superseded"),
            ]
        );
    }
}

#[test]
fn c8_a_goal_that_comes_breached_by_its_share_fires_no_due_rung() {
    let ladder = vec![rung(At::Due), rung(At::After(Len::Wall(30)))];
    let history = [received(Some(0)), (3, judged(1))];
    let world = world(vec![carried(ladder)], &history);
    let birth = START + 3 * HOUR;
    let found = rungs(&world, 4);
    let second = &found[found.len() - 3..];
    assert_eq!(
        second,
        [
            line("agent", birth, "Owed"),
            line("agent", birth, "Superseded"),
            // What follows the breach is still to come, and came.
            line("agent", birth + 30 * MINUTE + 1, "Owed"),
        ]
    );
}

#[test]
fn c8_whom_the_notice_of_a_goal_that_came_breached_is_for_is_asked_as_it_comes() {
    let only_urgent = Rung {
        tell: 1,
        when: Cond {
            class: None,
            level: Some(1),
            other_level: false,
        },
        ..rung(At::Due)
    };
    let target = Target {
        goals: vec![only_for(0, hours(10)), only_for(1, hours(1))],
        ladder: vec![rung(At::Due), only_urgent],
        ..target("received", "replied", hours(1))
    };
    let urgent = Ev::Classified {
        class: None,
        level: Some(1),
    };
    let history = [received(Some(0)), (3, judged(1)), (4, urgent)];
    let world = world(vec![target], &history);
    let birth = rungs(&world, 5)
        .into_iter()
        .find(|it| it.1 == START + 3 * HOUR);
    assert_eq!(birth, Some(line("agent", START + 3 * HOUR, "Owed")));
}

/// From Friday 2026-04-03 on: Saturday has a short shift of its own, from 10 to 14.
#[test]
fn l1_repeats_in_working_days_count_days() {
    let daily = Rung {
        repeat: Some((Len::WorkingDays(1, Some(Desk::Office)), 2)),
        ..rung(At::Share(100))
    };
    let target = Target {
        ladder: vec![daily],
        ..target("noted", "replied", hours(1))
    };
    // Noted on Friday at 09:00; due at 10:00.
    let friday = 8 * 24;
    let world = world(vec![target], &[received(None), (friday, Ev::Noted)]);
    let day = 24 * HOUR;
    let friday = START + friday * HOUR;
    assert_eq!(
        rungs(&world, 15 * 24),
        [
            line("agent", friday + HOUR, "Owed"),
            // Closing on Saturday at 14:00, and on Monday at 18:00.
            line("agent", friday + day + 5 * HOUR, "Owed"),
            line("agent", friday + 3 * day + 9 * HOUR, "Owed"),
        ]
    );
}

#[test]
fn l3_no_rung_lapses_under_a_goal_that_had_gone() {
    let within = |minutes| Within::Elapsed {
        lower: None,
        most: minutes,
    };
    let target = Target {
        goals: vec![only_for(1, within(5)), only_for(0, within(5))],
        ladder: vec![rung(At::Before(Len::Wall(5)))],
        ..target("received", "resolved", hours(1))
    };
    // It did not run at all before the reopening, which brings the other goal.
    let history = [
        received(Some(0)),
        (0, Ev::Resolved),
        (0, judged(1)),
        (1, Ev::Reopened),
    ];
    let world = world(vec![target], &history);
    assert_eq!(
        rungs(&world, 1),
        [line("agent", START + HOUR, "Superseded")]
    );
}
