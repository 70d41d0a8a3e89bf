//! Differences of targets, told by the tickets that they concern.

use std::collections::BTreeMap;

use crate::policy::Policy;
use crate::policy::lint::{Cell, Path, Space, goals_key};
use crate::policy::model::{Agreement, Condition, Cycle, Reopen, ReopenMode, Target};
use crate::ticket::Status;

use super::change::Changes;

/// Returns the path of a target.
pub(super) fn path(agreement: &Agreement, target: &Target) -> Path {
    if agreement.id.as_str() == "service" {
        return Path::of(&["target", target.id.as_str()]);
    }
    Path::of(&[
        "agreement",
        agreement.id.as_str(),
        "target",
        target.id.as_str(),
    ])
}

/// Tells a target that was not there.
pub(super) fn added(path: &Path, target: &Target, changes: &mut Changes) {
    changes.add(path.clone(), None, None, Some(summary(target)));
}

fn summary(target: &Target) -> String {
    format!("{} to {}", target.start, target.stop)
}

/// Compares the targets of one agreement.
pub(super) fn compare(
    (former, was): (&Policy, &Agreement),
    (later, is): (&Policy, &Agreement),
    changes: &mut Changes,
) {
    for target in &was.targets {
        if is.target(&target.id).is_none() {
            changes.add(path(was, target), None, Some(summary(target)), None);
        }
    }
    for target in &is.targets {
        let path = path(is, target);
        match was.target(&target.id) {
            None => added(&path, target, changes),
            Some(before) => one(&path, (former, was, before), (later, is, target), changes),
        }
    }
}

type Side<'p> = (&'p Policy, &'p Agreement, &'p Target);

fn one(path: &Path, before: Side<'_>, after: Side<'_>, changes: &mut Changes) {
    let ((former, _, was), (later, _, is)) = (before, after);
    let mut value = |key: &str, was: String, is: String| changes.value(path.key(key), &was, &is);
    value("start", was.start.to_string(), is.start.to_string());
    value("stop", was.stop.to_string(), is.stop.to_string());
    value("cancel", was.cancel.to_string(), is.cancel.to_string());
    value("after", after_text(before), after_text(after));
    value("cycle", cycle_text(&was.cycle), cycle_text(&is.cycle));
    value("pause", pause_text(before), pause_text(after));
    value(
        "reclassify",
        format!("{:?}", was.reclassify).to_lowercase(),
        format!("{:?}", is.reclassify).to_lowercase(),
    );
    value("reopen", reopen_text(was.reopen), reopen_text(is.reopen));
    goals(path, before, after, changes);
    let rungs = |policy: &Policy, target: &Target| -> Vec<String> {
        target
            .ladder
            .iter()
            .map(|rung| policy.rung_text(rung))
            .collect()
    };
    changes.listed(&path.key("ladder"), &rungs(former, was), &rungs(later, is));
}

fn after_text((_, agreement, target): Side<'_>) -> String {
    let named = target.after.and_then(|place| agreement.targets.get(place));
    named
        .map(|target| target.id.to_string())
        .unwrap_or_default()
}

fn cycle_text(cycle: &Cycle) -> String {
    match cycle {
        Cycle::Once => "once".to_owned(),
        Cycle::Each => "each".to_owned(),
        Cycle::Restart { reset } => format!("restart at {reset}"),
    }
}

fn pause_text((policy, _, target): Side<'_>) -> String {
    let reasons = policy.vocabulary.reasons.iter().zip(0_u32..);
    let own =
        reasons.filter(|(_, bit)| target.pauses & 1_u64.checked_shl(*bit).unwrap_or_default() != 0);
    own.map(|(reason, _)| reason.id.to_string())
        .collect::<Vec<_>>()
        .join(" | ")
}

fn reopen_text(reopen: Reopen) -> String {
    let mode = match reopen.mode {
        ReopenMode::Continue => "continue",
        ReopenMode::ContinueWithGap => "continue, gap included",
        ReopenMode::NewCycle => "new-cycle",
        ReopenMode::Stay => "stay",
    };
    let days = reopen
        .new_cycle_after
        .map_or_else(String::new, |days| format!(", new cycle after {days}d"));
    format!("{mode}{days}")
}

fn goals(path: &Path, (former, _, was): Side<'_>, (later, _, is): Side<'_>, changes: &mut Changes) {
    let path = path.key(goals_key(is));
    let asked = was.goals.iter().chain(&is.goals).map(|goal| &goal.when);
    let text = |policy: &Policy, target: &Target, status: &Status| {
        target
            .goal_for(status)
            .map(|(_, goal)| policy.goal_text(goal))
    };
    let listed = |policy: &Policy, target: &Target| -> Vec<String> {
        let goals = target.goals.iter();
        goals
            .map(|goal| format!("{} when {}", policy.goal_text(goal), goal.when))
            .collect()
    };
    match Space::of(later, asked) {
        Some(space) => by_ticket(
            &path,
            &space,
            |status| text(former, was, status),
            |status| text(later, is, status),
            changes,
        ),
        // Too many sorts of tickets: by the lines, then.
        None => changes.listed(&path, &listed(former, was), &listed(later, is)),
    }
}

/// Compares who owns which tickets.
pub(super) fn owners(former: &Policy, later: &Policy, changes: &mut Changes) {
    let path = Path::of(&["owner"]);
    let conditions = |policy: &'_ Policy| -> Vec<Condition> {
        policy
            .owners
            .iter()
            .map(|owner| owner.when.clone())
            .collect()
    };
    let asked: Vec<Condition> = conditions(former)
        .into_iter()
        .chain(conditions(later))
        .collect();
    let owner = |policy: &Policy, status: &Status| policy.owner(status).map(ToString::to_string);
    match Space::of(later, asked.iter()) {
        Some(space) => by_ticket(
            &path,
            &space,
            |status| owner(former, status),
            |status| owner(later, status),
            changes,
        ),
        None => {
            let listed = |policy: &Policy| -> Vec<String> {
                policy
                    .owners
                    .iter()
                    .map(|owner| format!("{} when {}", owner.is, owner.when))
                    .collect()
            };
            changes.listed(&path, &listed(former), &listed(later));
        }
    }
}

/// Groups the tickets whose answer is different by how it was and how it is.
fn by_ticket(
    path: &Path,
    space: &Space,
    was: impl Fn(&Status) -> Option<String>,
    is: impl Fn(&Status) -> Option<String>,
    changes: &mut Changes,
) {
    let mut groups: BTreeMap<(Option<String>, Option<String>), Vec<Cell>> = BTreeMap::new();
    for cell in space.cells().filter(|cell| space.is_named(cell)) {
        let status = space.status(&cell);
        let (was, is) = (was(&status), is(&status));
        if was != is {
            groups.entry((was, is)).or_default().push(cell);
        }
    }
    for ((was, is), cells) in groups {
        changes.add(path.clone(), space.summarize(&cells), was, is);
    }
}
