//! Which kinds of events can come before which in one life of a ticket.
//!
//! Nothing is listed here: [`Status::admits`] is asked, so the linter knows what it enforces and no
//! more. A life ends without a reopening, since a reopened ticket begins its work anew and is ended
//! again.

use crate::event::{Kind, Roles, Version};
use crate::policy::model::Trigger;
use crate::ticket::{Detail, Fact, Impossible, MergeSide, Phase, Status};
use crate::time::Instant;

/// Returns whether a stop may come before the first start, with the start still possible after it.
/// The phases alone are asked; what must come in turn is [`prerequisite`]'s.
pub(super) fn can_precede(stop: &Trigger, start: &Trigger) -> bool {
    let mut before = vec![Phase::Unknown];
    follow(&mut before, Some(start.kind));
    let mut after = Vec::new();
    for phase in before {
        for fact in meant(stop).filter(|fact| admits(phase, fact)) {
            after.push(phase_after(phase, &fact));
        }
    }
    follow(&mut after, None);
    after
        .iter()
        .any(|phase| meant(start).any(|fact| admits(*phase, &fact)))
}

/// Returns which kind must have come before one of this kind, each having one such at most.
pub(super) fn prerequisite(kind: Kind) -> Option<Kind> {
    let open = standing(Phase::Open);
    facts(kind).find_map(|fact| match open.admits(&fact) {
        Err(Impossible::Missing(earlier)) => Some(earlier),
        Err(Impossible::NotPaused) => Some(Kind::Paused),
        Ok(()) | Err(_) => None,
    })
}

/// Adds the phases to which the facts of one life lead, but for those of one kind.
fn follow(phases: &mut Vec<Phase>, without: Option<Kind>) {
    let mut next = 0;
    while let Some(phase) = phases.get(next).copied() {
        next = next.saturating_add(1);
        let kinds = Kind::ALL.iter().copied();
        for fact in kinds
            .filter(|kind| *kind != Kind::Reopened && Some(*kind) != without)
            .flat_map(facts)
            .filter(|fact| admits(phase, fact))
        {
            let after = phase_after(phase, &fact);
            if !phases.contains(&after) {
                phases.push(after);
            }
        }
    }
}

/// Returns whether a phase admits a fact, be it that something else must come in turn before it.
fn admits(phase: Phase, fact: &Fact) -> bool {
    matches!(
        standing(phase).admits(fact),
        Ok(()) | Err(Impossible::Missing(_) | Impossible::NotPaused)
    )
}

fn phase_after(phase: Phase, fact: &Fact) -> Phase {
    let mut status = standing(phase);
    status.advance(fact);
    status.phase
}

fn standing(phase: Phase) -> Status {
    let mut status = Status::default();
    status.phase = phase;
    status
}

/// Returns the facts that a trigger may mean, one of each sort. Who does it does not matter.
fn meant(trigger: &Trigger) -> impl Iterator<Item = Fact> {
    let by_anyone = Trigger {
        by: Vec::new(),
        ..trigger.clone()
    };
    facts(trigger.kind).filter(move |fact| fact.kind != Kind::Merged || by_anyone.matches(fact))
}

/// Returns one fact of each sort of a kind: the two sides of a merger are all that phases tell apart.
fn facts(kind: Kind) -> impl Iterator<Item = Fact> {
    let details = if kind == Kind::Merged {
        vec![
            Detail::Merged(MergeSide::Into),
            Detail::Merged(MergeSide::From),
        ]
    } else {
        vec![Detail::Plain]
    };
    details.into_iter().map(move |detail| Fact {
        // Neither the instant, nor the version, nor the roles play a part.
        at: Instant::MIN,
        version: Version::NONE,
        kind,
        roles: Roles::NONE,
        detail,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{can_precede, facts, prerequisite};
    use crate::event::Kind;
    use crate::policy::model::{FieldTerm, Trigger};
    use crate::ticket::{Detail, EventField, Fact, Phase, Status};
    use crate::time::Instant;

    /// Every way in which a ticket can stand in one life, and which kind leads from which to which.
    struct Lives {
        edges: Vec<Vec<(Kind, usize)>>,
    }

    impl Lives {
        fn walked() -> Self {
            let mut places = BTreeMap::from([(key(&Status::default()), 0)]);
            let mut states = vec![Status::default()];
            let mut edges: Vec<Vec<(Kind, usize)>> = Vec::new();
            while edges.len() < states.len() {
                let from = states[edges.len()].clone();
                let mut to = Vec::new();
                for fact in told().filter(|fact| from.admits(fact).is_ok()) {
                    let mut state = from.clone();
                    state.advance(&fact);
                    let place = *places.entry(key(&state)).or_insert(states.len());
                    if place == states.len() {
                        states.push(state);
                    }
                    to.push((fact.kind, place));
                }
                edges.push(to);
            }
            Self { edges }
        }

        /// Follows all edges but those of one kind from the beginning.
        fn without(&self, start: Kind) -> BTreeSet<usize> {
            let mut seen = BTreeSet::from([0]);
            let mut open = vec![0];
            while let Some(from) = open.pop() {
                for (kind, to) in &self.edges[from] {
                    if ![start, Kind::Reopened].contains(kind) && seen.insert(*to) {
                        open.push(*to);
                    }
                }
            }
            seen
        }

        /// Returns from where a fact of this kind can still come.
        fn before(&self, start: Kind) -> BTreeSet<usize> {
            let mut found = BTreeSet::new();
            loop {
                let size = found.len();
                for (from, edges) in self.edges.iter().enumerate() {
                    let leads = |(kind, to): &(Kind, usize)| {
                        *kind == start || (*kind != Kind::Reopened && found.contains(to))
                    };
                    if edges.iter().any(leads) {
                        found.insert(from);
                    }
                }
                if found.len() == size {
                    return found;
                }
            }
        }

        /// Returns what can come before the first fact of this kind, with that still possible.
        fn stops(&self, start: Kind) -> BTreeSet<Kind> {
            let before = self.before(start);
            let without = self.without(start);
            let stops = without.into_iter().flat_map(|from| &self.edges[from]);
            let stops = stops.filter(|(_, to)| before.contains(to));
            stops.map(|(kind, _)| *kind).collect()
        }
    }

    /// What is told of a ticket, with all details that `admits` and `advance` ask for.
    fn told() -> impl Iterator<Item = Fact> {
        let kinds = Kind::ALL.iter().filter(|kind| !kind.is_engines());
        kinds.copied().flat_map(facts).map(|mut fact| {
            if matches!(fact.kind, Kind::Paused | Kind::Resumed) {
                fact.detail = Detail::Reason("waiting".parse().unwrap());
            } else if fact.kind == Kind::VisitBooked {
                fact.detail = Detail::Visit {
                    visit_at: Instant::MIN,
                };
            }
            fact
        })
    }

    /// Two ways to stand are one if they admit the same and if everything that facts change is
    /// alike; what has merely happened counts as far as `admits` can tell it once a ticket is open.
    fn key(status: &Status) -> String {
        let admitted = |status: &Status| -> Vec<bool> {
            told().map(|fact| status.admits(&fact).is_ok()).collect()
        };
        let mut opened = status.clone();
        opened.phase = Phase::Open;
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            status.phase,
            status.waiting,
            status.plan,
            status.visit_at,
            status.compensation,
            admitted(status),
            admitted(&opened),
        )
    }

    fn trigger(kind: Kind) -> Trigger {
        let both_sides = FieldTerm {
            field: EventField::Side,
            values: Vec::new(),
            negated: true,
        };
        Trigger {
            kind,
            mark: None,
            when: if kind == Kind::Merged {
                vec![both_sides]
            } else {
                Vec::new()
            },
            by: Vec::new(),
        }
    }

    #[test]
    fn what_can_precede_what_is_what_tickets_admit() {
        let lives = Lives::walked();
        let kinds = || Kind::ALL.iter().copied().filter(|kind| !kind.is_engines());
        for start in kinds() {
            let stops = lives.stops(start);
            for stop in kinds() {
                let mut earlier = prerequisite(stop);
                while earlier.is_some_and(|earlier| earlier != start) {
                    earlier = earlier.and_then(prerequisite);
                }
                let can = can_precede(&trigger(stop), &trigger(start)) && earlier.is_none();
                assert_eq!(can, stops.contains(&stop), "{stop} before {start}");
            }
        }
    }
}
