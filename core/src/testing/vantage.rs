//! From where a history is looked at.

use super::history::History;
use crate::clock::{self, Bindings};
use crate::policy::Policy;
use crate::time::{Instant, Span};

/// The most instants that a law looks from.
const MOST: usize = 48;

/// How long after the last fact, in hours: right away, the next day, after a weekend, much later.
const LATER: [i64; 5] = [0, 1, 26, 24 * 8, 24 * 60];

pub(super) fn points(history: &History, policy: &Policy) -> Vec<Instant> {
    let mut found = Vec::new();
    let bindings = Bindings::to(policy);
    let ticket = history.ticket();
    let mut before: Option<Instant> = None;
    for step in history.steps() {
        found.extend([step.at, shifted(step.at, -1), shifted(step.at, 1)]);
        found.extend(before.map(|before| middle(before, step.at)));
        before = Some(step.at);
        for reading in clock::read(ticket.timeline(), &bindings, step.at) {
            let edges = [reading.due_at, reading.breach_after];
            for edge in edges.into_iter().flatten() {
                found.extend([edge, shifted(edge, 1)]);
            }
        }
    }
    if let Some(last) = before {
        let later = |hours: i64| shifted(last, Span::HOUR.micros().saturating_mul(hours));
        found.extend(LATER.map(later));
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|at| history.first_at().is_some_and(|first| *at >= first));
    thinned(found, MOST)
}

/// Keeps about every n-th, and the last.
pub(super) fn thinned<T: Clone>(all: Vec<T>, most: usize) -> Vec<T> {
    if all.len() <= most {
        return all;
    }
    let step = all.len().div_ceil(most.max(1)).max(1);
    let mut kept: Vec<T> = all.iter().step_by(step).cloned().collect();
    if all.len().saturating_sub(1).checked_rem(step) != Some(0) {
        kept.extend(all.last().cloned());
    }
    kept
}

pub(super) fn shifted(at: Instant, micros: i64) -> Instant {
    Instant::clamped(at.micros().saturating_add(micros))
}

pub(super) fn middle(a: Instant, b: Instant) -> Instant {
    shifted(a, b.since(a).micros().wrapping_div(2))
}
