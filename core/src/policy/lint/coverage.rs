//! Which tickets rules take: dead and shadowed rules, and gaps that no rule covers.
//!
//! Every sort of ticket that the conditions of a target can tell apart is asked for its goal, one after the
//! other. What no sort ever reaches is dead or shadowed; a sort without a goal is a gap if its class has
//! goals elsewhere, and otherwise probably meant. No rule is compared with another rule as a text, so it does
//! not matter how a condition is written.

use std::collections::BTreeSet;

use crate::language::Phrase;
use crate::policy::Policy;
use crate::policy::model::{Condition, Cycle, Target};

use super::finding::{Finding, Lint, Path};
use super::space::{Cell, Space, Unasked};
use super::steps::Steps;

/// For how many rules that never apply it is looked up why.
const EXPLAINED: usize = 20;

/// How many tickets without a goal are shown.
const SHOWN: usize = 3;

/// The key under which a target's goals are written.
pub(in crate::policy) const fn goals_key(target: &Target) -> &'static str {
    match target.cycle {
        Cycle::Restart { .. } => "every",
        Cycle::Once | Cycle::Each => "goals",
    }
}

/// Looks at the goals and the ladder of one target.
pub(super) fn target(
    policy: &Policy,
    target: &Target,
    path: &Path,
    steps: &mut Steps,
    findings: &mut Vec<Finding>,
) {
    let goals = target.goals.iter().map(|goal| &goal.when);
    let asked = goals
        .clone()
        .chain([&target.applies_to])
        .chain(target.ladder.iter().map(|rung| &rung.when));
    let Some(space) = space(policy, asked, path, steps, findings) else {
        return;
    };
    let Some(walk) = space.walk(1, path, steps) else {
        return;
    };
    let conditions: Vec<&Condition> = goals.collect();
    let mut used = vec![false; conditions.len()];
    let mut rungs = vec![false; target.ladder.len()];
    let mut without = Vec::new();
    let mut covered = BTreeSet::new();
    for (cell, status) in walk {
        match target.goal_for(&status) {
            Some((place, _)) => {
                if let Some(used) = used.get_mut(place) {
                    *used = true;
                }
                covered.insert(space.class(&cell));
                for (rung, used) in target.ladder.iter().zip(&mut rungs) {
                    *used |= rung.when.holds(&status);
                }
            }
            None if space.is_named(&cell) && target.applies_to.holds(&status) => without.push(cell),
            None => {}
        }
    }
    let goals_path = path.key(goals_key(target));
    for (place, why) in never(&conditions, &used, &space, path, steps) {
        findings.push(never_applies(place, &why, &goals_path));
    }
    for (place, used) in rungs.iter().enumerate() {
        if !used && !conditions.is_empty() {
            findings.push(dead_rung(&path.key("ladder").index(place)));
        }
    }
    if !conditions.is_empty() {
        gaps(&space, &without, &covered, &goals_path, findings);
    }
}

/// Looks at the rules on owners.
pub(super) fn owners(policy: &Policy, steps: &mut Steps, findings: &mut Vec<Finding>) {
    let conditions: Vec<&Condition> = policy.owners.iter().map(|owner| &owner.when).collect();
    let path = Path::of(&["owner"]);
    let Some(space) = space(policy, conditions.iter().copied(), &path, steps, findings) else {
        return;
    };
    let Some(walk) = space.walk(1, &path, steps) else {
        return;
    };
    let mut used = vec![false; conditions.len()];
    for (_, status) in walk {
        let first = conditions
            .iter()
            .position(|condition| condition.holds(&status));
        if let Some(used) = first.and_then(|place| used.get_mut(place)) {
            *used = true;
        }
    }
    let unused = used.iter().enumerate().filter(|(_, used)| !**used);
    for (place, _) in unused {
        findings.push(Finding::new(
            Lint::ShadowedOwner,
            path.index(place),
            Phrase::fixed(
                "earlier rules take every ticket that it is meant for, or there is none",
                "前面的规则已覆盖它的全部工单，或没有这样的工单",
            ),
        ));
    }
}

/// Why a rule never applies.
enum Why {
    /// Its condition holds for no ticket.
    Dead,
    /// These earlier rules take its tickets.
    Shadowed(BTreeSet<usize>),
    /// It was not looked up.
    Either,
}

/// Returns the space of what is asked, or tells why there is none.
fn space<'c>(
    policy: &Policy,
    asked: impl Iterator<Item = &'c Condition> + Clone,
    path: &Path,
    steps: &mut Steps,
    findings: &mut Vec<Finding>,
) -> Option<Space> {
    match Space::within(policy, asked, steps) {
        Ok(space) => Some(space),
        Err(Unasked::TooMany) => {
            findings.push(too_many(path));
            None
        }
        Err(Unasked::NoSteps) => {
            steps.leave_out(path);
            None
        }
    }
}

/// Returns the rules that no sort of ticket reaches, the first few of them with the reason, for which
/// it takes another walk.
fn never(
    conditions: &[&Condition],
    used: &[bool],
    space: &Space,
    path: &Path,
    steps: &mut Steps,
) -> Vec<(usize, Why)> {
    let places = used.iter().enumerate().filter(|(_, used)| !**used);
    let places: Vec<usize> = places.map(|(place, _)| place).collect();
    let asked = places.iter().take(EXPLAINED);
    let asked: Vec<&Condition> = asked
        .filter_map(|place| conditions.get(*place).copied())
        .collect();
    let takers = takers(&asked, conditions, space, path, steps).unwrap_or_default();
    let whys = takers.into_iter().map(|takers| {
        if takers.is_empty() {
            Why::Dead
        } else {
            Why::Shadowed(takers)
        }
    });
    let whys = whys.chain(std::iter::repeat_with(|| Why::Either));
    places.into_iter().zip(whys).collect()
}

/// Returns for each of some rules which rules take the tickets that it would fit: none if it fits none.
fn takers(
    asked: &[&Condition],
    conditions: &[&Condition],
    space: &Space,
    path: &Path,
    steps: &mut Steps,
) -> Option<Vec<BTreeSet<usize>>> {
    let mut takers = vec![BTreeSet::new(); asked.len()];
    if asked.is_empty() {
        return Some(takers);
    }
    // The conditions are asked for what they fit, and again for who takes it.
    for (_, status) in space.walk(2, path, steps)? {
        let first = conditions
            .iter()
            .position(|condition| condition.holds(&status));
        for (own, takers) in asked.iter().zip(&mut takers) {
            if own.holds(&status) {
                takers.extend(first);
            }
        }
    }
    Some(takers)
}

fn never_applies(place: usize, why: &Why, path: &Path) -> Finding {
    let (lint, says) = match why {
        Why::Dead => (
            Lint::DeadGoal,
            Phrase::fixed(
                "its condition holds for no ticket, so it never applies",
                "条件对任何工单都不成立，永不适用",
            ),
        ),
        Why::Shadowed(takers) => {
            let places: Vec<String> = takers
                .iter()
                .take(SHOWN)
                .map(|taker| path.index(*taker).to_string())
                .collect();
            let places = places.join(", ");
            (
                Lint::ShadowedGoal,
                Phrase::new(
                    format!(
                        "it never applies: {places} before it take every ticket that it is meant for"
                    ),
                    format!("永不适用：前面的 {places} 已覆盖它的全部工单"),
                ),
            )
        }
        Why::Either => (
            Lint::ShadowedGoal,
            Phrase::fixed(
                "it never applies: earlier goals take every ticket that it is meant for, or there is none",
                "永不适用：前面的目标已覆盖它的全部工单，或没有这样的工单",
            ),
        ),
    };
    Finding::new(lint, path.index(place), says)
}

fn dead_rung(path: &Path) -> Finding {
    Finding::new(
        Lint::DeadRung,
        path.clone(),
        Phrase::fixed(
            "its condition holds for no ticket that has a goal, so nobody is ever told",
            "条件对任何有目标的工单都不成立，永远不会通知",
        ),
    )
}

/// Holes come before whole classes: if a target has both, its author has to look at it anyway.
fn gaps(
    space: &Space,
    without: &[Cell],
    covered: &BTreeSet<Option<usize>>,
    path: &Path,
    findings: &mut Vec<Finding>,
) {
    // A class of which other tickets have a goal was hardly meant to have none here.
    let (holes, classes): (Vec<&Cell>, Vec<&Cell>) = without
        .iter()
        .partition(|cell| covered.contains(&space.class(cell)));
    if !holes.is_empty() {
        let tickets = shown(space, &holes, Space::describe);
        findings.push(Finding::new(
            Lint::Gap,
            path.clone(),
            Phrase::new(
                format!(
                    "no goal for: {tickets}; add one, or say in `applies-to` that none is meant"
                ),
                format!("下列工单没有目标：{tickets}；请补充，或用 `applies-to` 说明不适用"),
            ),
        ));
    } else if !classes.is_empty() {
        let tickets = shown(space, &classes, Space::describe);
        findings.push(Finding::new(
            Lint::UncoveredClass,
            path.clone(),
            Phrase::new(
                format!("no goal for: {tickets}; if none is meant, say so in `applies-to`"),
                format!("下列工单没有目标：{tickets}；若本不适用，请用 `applies-to` 说明"),
            ),
        ));
    }
}

/// Writes the first few cells, and how many more there are.
fn shown(space: &Space, cells: &[&Cell], describe: impl Fn(&Space, &Cell) -> String) -> String {
    let texts: Vec<String> = cells
        .iter()
        .take(SHOWN)
        .map(|cell| describe(space, cell))
        .collect();
    let more = cells.len().saturating_sub(texts.len());
    let texts = texts.join("; ");
    if more == 0 {
        texts
    } else {
        format!("{texts}; +{more}")
    }
}

fn too_many(path: &Path) -> Finding {
    Finding::new(
        Lint::TooManyCombinations,
        path.clone(),
        Phrase::fixed(
            "its conditions tell more than 200000 sorts of tickets apart; coverage was not checked",
            "条件区分的工单种类超过 200000 种；未检查覆盖情况",
        ),
    )
}
