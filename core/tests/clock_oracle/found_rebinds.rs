//! The smallest cases in which rebinds and the written rules were found to differ.

use punctual::supervision;
use punctual::ticket::TicketEvent;

use super::findings::{HOUR, START, hours, judged, only_for, received, target, world};
use super::ladder;
use super::reading::{self, Row};
use super::world::{At, Cond, Cycle, Ev, Mode, Plan, Rung, Target, Trig, Versions, World, instant};

const REBOUND: Ev = Ev::Rebound { agreement: 0 };

/// A history whose rebinds move to these targets.
fn rebound(targets: Vec<Target>, next: Vec<Target>, history: &[(i64, Ev)]) -> World {
    let mut world = world(targets, history);
    world.next = Some(Plan {
        targets: [next, Vec::new()],
        ..world.plan.clone()
    });
    world
}

fn read(world: &World, hour: i64) -> Vec<Row> {
    let versions = Versions::of(&world.plan, world.next.as_ref());
    let ticket = world.ticket(&versions);
    let now = instant(START + hour * HOUR);
    let rows = reading::by_engine(&versions, ticket.timeline(), now);
    rows.into_values().collect()
}

/// A first response to one class, and the replies that follow it.
fn conversation(class: usize) -> Vec<Target> {
    let first = Target {
        goals: vec![only_for(class, hours(5))],
        ..target("received", "diagnosed", hours(5))
    };
    let next = Target {
        start: vec![Trig::plain("customer-wrote")],
        cycle: Cycle::Each,
        after: Some(0),
        ..target("customer-wrote", "replied", hours(9))
    };
    vec![first, next]
}

#[test]
fn c10_a_rebind_that_takes_the_first_response_away_hands_over_at_once() {
    for told in [Ev::Noted, Ev::CustomerWrote] {
        let history = [received(Some(0)), (1, told), (2, REBOUND), (3, Ev::Noted)];
        let world = rebound(conversation(0), conversation(1), &history);
        let rows = read(&world, 2);
        assert_eq!(rows[0].outcome, "cancelled (no goal)");
        // The message waits; without one the request does.
        assert_eq!(rows[1].started_at, START + 2 * HOUR, "{told:?}");
    }
}

#[test]
fn c10_a_rebind_that_brings_the_first_response_supersedes_the_reply_at_once() {
    let history = [received(Some(0)), (2, REBOUND), (3, judged(0))];
    let world = rebound(conversation(1), conversation(0), &history);
    assert_eq!(read(&world, 1)[0].outcome, "open");
    let rows = read(&world, 2);
    assert_eq!(rows[1].outcome, "cancelled (superseded)");
    assert_eq!(rows[1].stopped_at, Some(START + 2 * HOUR));
}

#[test]
fn l2_what_a_later_goal_told_hides_nothing_that_lapsed_before_it() {
    let halfway = Rung {
        at: At::Share(50),
        tell: 0,
        when: Cond::default(),
        repeat: None,
    };
    let next = Target {
        mode: Mode::Forward,
        ladder: vec![halfway],
        ..target("received", "replied", hours(2))
    };
    // Under the second goal it was reached at two and nobody looked; under the third at four. The
    // fourth does not tell it again.
    let history = [received(None), (1, REBOUND), (3, REBOUND), (5, REBOUND)];
    let world = rebound(
        vec![target("received", "replied", hours(9))],
        vec![next],
        &history,
    );
    let versions = Versions::of(&world.plan, world.next.as_ref());
    let ticket = world.ticket(&versions);
    let at = |hour: i64| instant(START + hour * HOUR);
    let bindings = versions.bindings(ticket.timeline(), at(4));
    let events: Vec<TicketEvent> = supervision::supervise(&ticket, &bindings, at(4));
    let ticket = supervision::after(&ticket, events, at(4));

    let found = ladder::by_engine(&versions, &ticket, at(5));
    let found: Vec<_> = found.into_values().map(|(_, at, how)| (at, how)).collect();
    assert_eq!(
        found,
        [
            (START + 2 * HOUR, "Lapsed".to_owned()),
            (START + 6 * HOUR, "Told".to_owned()),
        ]
    );
}
