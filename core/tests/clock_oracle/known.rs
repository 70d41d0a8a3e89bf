//! The disagreements that have been found and not yet been settled, so that others can be seen.
//!
//! Each is a test in `findings` that fails. When it passes, its part here goes.

use std::collections::BTreeMap;

use super::reading::{Key, Row};
use super::world::{Cond, Ev, Mode, Reopen, Target, World, any};

/// Takes out what is known.
pub fn forgive(
    world: &World,
    now: i64,
    engine: &mut BTreeMap<Key, Row>,
    oracle: &mut BTreeMap<Key, Row>,
) {
    let is_spoilt = |key: &Key| {
        let (agreement, target) = target_of(world, key);
        let spoils = [
            spoilt_next_reply,
            spoilt_lead,
            spoilt_survey,
            spoilt_reopening,
        ];
        spoils
            .iter()
            .any(|spoilt| spoilt(world, agreement, target, now))
            || (target.mode == Mode::Carry && may_sleep(target))
    };
    engine.retain(|key, _| !is_spoilt(key));
    oracle.retain(|key, _| !is_spoilt(key));
    for (key, row) in engine {
        if let Some(other) = oracle.get_mut(key) {
            forgive_row(target_of(world, key).1, row, other);
        }
    }
}

fn target_of<'w>(world: &'w World, key: &Key) -> (usize, &'w Target) {
    let agreement = usize::from(key.0 == "supplier");
    let place: usize = key.1[1..].parse().unwrap();
    (agreement, &world.plan.targets[agreement][place])
}

/// Whether there are tickets for which it has no goal.
fn may_sleep(target: &Target) -> bool {
    target.goals.iter().all(|goal| goal.when != Cond::default())
}

/// `c10_what_ends_a_next_reply_does_not_start_another` and
/// `c10_a_first_response_that_closing_ends_leaves_no_next_reply_on_a_closed_ticket`.
fn spoilt_next_reply(world: &World, agreement: usize, target: &Target, now: i64) -> bool {
    target.is_next_reply()
        && world.facts(now).iter().any(|fact| {
            fact.ev == Ev::Closed
                || any(&target.cancel, fact)
                || any(&world.plan.cancel[agreement], fact)
        })
}

/// `b4_a_lead_clock_is_due_at_anchor_minus_lead_also_after_a_resolution` and
/// `b4_a_lead_too_short_is_no_breach_under_another_goal`.
fn spoilt_lead(world: &World, _: usize, target: &Target, now: i64) -> bool {
    target.is_lead()
        && (target.mode == Mode::Carry
            || world
                .facts(now)
                .iter()
                .any(|fact| matches!(fact.ev, Ev::Resolved | Ev::Closed)))
}

/// `c9_a_survey_ends_when_the_ticket_is_reopened_however_often_it_was_resolved`.
fn spoilt_survey(world: &World, _: usize, target: &Target, now: i64) -> bool {
    let mut resolved = false;
    let mut twice = false;
    for fact in world.facts(now) {
        match fact.ev {
            Ev::Resolved => (resolved, twice) = (true, twice || resolved),
            Ev::Reopened => resolved = false,
            _ => {}
        }
    }
    twice && target.start.iter().any(|trig| trig.name == "resolved")
}

/// `c9_reopened_resumes_a_suspended_clock_that_closing_had_stopped`.
fn spoilt_reopening(world: &World, _: usize, target: &Target, now: i64) -> bool {
    target.reopen == Reopen::WithGap
        && target
            .stop
            .iter()
            .any(|trig| ["closed", "resolved"].contains(&trig.name))
        && world.facts(now).iter().any(|fact| fact.ev == Ev::Reopened)
        && (world
            .facts(now)
            .iter()
            .filter(|fact| matches!(fact.ev, Ev::Resolved | Ev::Closed))
            .count()
            > 1)
}

fn forgive_row(target: &Target, engine: &Row, oracle: &mut Row) {
    // `c2_a_cancelled_clock_shows_when_it_would_have_been_due` and its sister.
    let hides_due = engine.due_at.is_none() || engine.breach_after.is_none();
    if engine.activity == "stopped" && oracle.activity == "stopped" && hides_due {
        oracle.due_at = engine.due_at;
        oracle.breach_after = engine.breach_after;
        oracle.remaining_wall = engine.remaining_wall;
    }
    // `c8_a_clock_whose_goal_no_longer_fits_ended_at_the_judgement`.
    if engine.outcome == "cancelled (no goal)" && oracle.outcome == engine.outcome {
        oracle.clone_from(engine);
    }
    // `c8_reset_drops_the_pauses_before_it`.
    if target.mode == Mode::Reset && oracle.started_by != oracle.attached_by {
        oracle.pauses.clone_from(&engine.pauses);
    }
    // `c2_a_goal_over_as_it_came_says_when_it_was_breached_at_that_very_instant` and its sister.
    if engine.breached_at.is_none() && oracle.breached_at == Some(oracle.attached_at) {
        oracle.breached_at = engine.breached_at;
        oracle.first_breached_at = engine.first_breached_at;
    }
    // `c2_a_budget_of_no_open_time_is_due_at_its_start_also_while_paused` and
    // `c8_a_whole_share_that_is_carried_is_due_at_the_judgement_also_while_paused`.
    let at_once = oracle.due_at == Some(oracle.attached_at) && engine.elapsed == oracle.elapsed;
    if engine.budget == Some(0) && oracle.budget == Some(0)
        || at_once && engine.due_at != oracle.due_at
    {
        oracle.clone_from(engine);
    }
    // The rules say nothing about a rung that is reached in a stretch of no length.
    if engine.stopped_at == Some(engine.attached_at) {
        oracle.warnings = engine.warnings;
    }
}
