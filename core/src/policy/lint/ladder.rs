//! Rungs in odd places, and rungs to roles that nobody declared.

use std::collections::BTreeSet;

use crate::language::Phrase;
use crate::policy::Policy;
use crate::policy::model::{Budget, Goal, Length, RungAt, Target};
use crate::time::Share;

use super::finding::{Finding, Lint, Path};

/// Looks at the ladder of one target.
pub(super) fn target(target: &Target, path: &Path, findings: &mut Vec<Finding>) {
    for (place, rung) in target.ladder.iter().enumerate() {
        let path = path.key("ladder").index(place);
        match rung.at {
            RungAt::Share(share) if share > Share::percent(100) => findings.push(Finding::new(
                Lint::WarningAfterBreach,
                path,
                Phrase::new(
                    format!("at {share} the budget has long been exceeded; write `due` or an offset such as +2h"),
                    format!("到 {share} 时早已超时；请写 `due` 或 +2h 这样的偏移"),
                ),
            )),
            RungAt::Before(length) if !target.goals.is_empty() && target.goals.iter().all(|goal| reaches_back(length, goal)) => {
                findings.push(Finding::new(
                    Lint::RungBeforeStart,
                    path,
                    Phrase::fixed(
                        "it lies so long before the end that the clock has not started; it is never told",
                        "提前量不小于时限，时钟尚未启动；永远不会通知",
                    ),
                ));
            }
            RungAt::Share(_) | RungAt::Lower | RungAt::Before(_) | RungAt::Due | RungAt::After(_) => {}
        }
    }
}

/// Returns whether an offset of the same measure is at least the whole budget.
fn reaches_back(offset: Length, goal: &Goal) -> bool {
    match (offset, goal.within) {
        (Length::Wall(offset), Budget::Elapsed(budget)) => offset >= budget,
        (
            Length::Working { length, on },
            Budget::Working {
                length: budget,
                calendar,
            },
        ) => length >= budget && on.is_none_or(|on| on == calendar),
        (
            Length::WorkingDays { days, on },
            Budget::WorkingDays {
                days: budget,
                calendar,
                ..
            },
        ) => days >= budget && on.is_none_or(|on| on == calendar),
        (Length::Wall(_) | Length::Working { .. } | Length::WorkingDays { .. }, _) => false,
    }
}

/// Looks for roles that are told and not declared.
pub(super) fn undeclared(
    policy: &Policy,
    targets: &[(Path, &Target)],
    findings: &mut Vec<Finding>,
) {
    if !policy.vocabulary.roles_are_implied {
        return;
    }
    let mut told = BTreeSet::new();
    for (path, target) in targets {
        for (place, rung) in target.ladder.iter().enumerate() {
            if told.insert(&rung.tell) {
                let role = rung.tell.as_str();
                findings.push(Finding::new(
                    Lint::UndeclaredRole,
                    path.key("ladder").index(place),
                    Phrase::new(
                        format!("role {role:?} is not declared; its rank follows from its first use. List the roles in `[role]`"),
                        format!("角色 {role:?} 未声明，其级别取决于首次使用的顺序。请在 `[role]` 中列出角色"),
                    ),
                ));
            }
        }
    }
}
