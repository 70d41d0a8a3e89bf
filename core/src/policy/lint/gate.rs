//! Which gates hold a stop back until the start of its target has come.

use crate::event::Kind;
use crate::policy::Policy;
use crate::policy::model::{Condition, Gate, Target, Term, Trigger};

use super::steps::Steps;

/// Returns whether a gate of the policy forbids a stop before a start, for every ticket to which the
/// target promises anything; `None` if there are too few steps left to say.
pub(super) fn holds_back(
    policy: &Policy,
    target: &Target,
    (stop, start): (&Trigger, &Trigger),
    steps: &mut Steps,
) -> Option<bool> {
    for gate in &policy.gates {
        if is_asked(gate, stop) && is_given_by(gate, start) {
            steps.take(cost(gate, target))?;
            if concerns(gate, target) {
                return Some(true);
            }
        }
    }
    Some(false)
}

/// Returns whether a gate is asked whenever the stop comes.
fn is_asked(gate: &Gate, stop: &Trigger) -> bool {
    let event = &gate.event;
    // Without conditions a merger is meant on one side alone.
    let always = event.when.is_empty() && stop.kind != Kind::Merged;
    event.kind == stop.kind
        && event.mark == stop.mark
        && (always || event.when == stop.when)
        && (event.by.is_empty() || event.by == stop.by)
}

/// Returns whether nothing gives what a gate needs but the start: a gate asks for the kind alone.
fn is_given_by(gate: &Gate, start: &Trigger) -> bool {
    // Automatic answers, and mergers on the other side, pass the gate and start nothing.
    let is_whole = !matches!(start.kind, Kind::Replied | Kind::Merged | Kind::Marked);
    gate.needs == start.kind
        && is_whole
        && start.when.is_empty()
        && (start.by.is_empty() || start.by == gate.by)
}

/// Returns whether a gate is for every ticket that has a goal.
fn concerns(gate: &Gate, target: &Target) -> bool {
    gate.when.terms().is_empty()
        || target
            .goals
            .iter()
            .all(|goal| implies(&goal.when, &gate.when))
}

/// Returns whether each term of one condition follows from a term of the other.
fn implies(given: &Condition, wanted: &Condition) -> bool {
    wanted.terms().iter().all(|wanted| {
        given
            .terms()
            .iter()
            .any(|given| term_implies(given, wanted))
    })
}

fn term_implies(given: &Term, wanted: &Term) -> bool {
    if given.subject != wanted.subject {
        return false;
    }
    if given.negated {
        // All but some are among all but fewer.
        return wanted.negated
            && wanted
                .values
                .iter()
                .all(|value| given.values.contains(value));
    }
    let mut values = given.values.iter();
    values.all(|value| wanted.is_answered_by(Some(value)))
}

/// Returns how many comparisons [`concerns`] may take.
fn cost(gate: &Gate, target: &Target) -> usize {
    let wanted = gate.when.values();
    let goals = target.goals.iter();
    let given = goals.fold(0_usize, |sum, goal| sum.saturating_add(goal.when.values()));
    wanted.saturating_mul(given).saturating_add(1)
}
