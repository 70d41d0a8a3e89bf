//! Which event can come before which: stops before starts, and pauses that change nothing.

use crate::event::Kind;
use crate::language::Phrase;
use crate::policy::Policy;
use crate::policy::model::{Target, Trigger};

use super::finding::{Finding, Lint, Path};
use super::gate;
use super::steps::Steps;
use super::turn::{self, prerequisite};

/// The steps to ask of all phases whether one event can come before another.
const TURN: usize = 1 << 14;

/// The steps that each value of a trigger's conditions adds to that.
const VALUE: usize = 1 << 7;

/// Looks at the starts and stops of one target.
pub(super) fn target(
    policy: &Policy,
    target: &Target,
    path: &Path,
    steps: &mut Steps,
    findings: &mut Vec<Finding>,
) {
    let starts = target.start.as_slice();
    for stop in target
        .stop
        .as_slice()
        .iter()
        .filter(|stop| happens_once(stop.kind))
    {
        let first = starts.iter().find_map(|start| {
            match can_precede(policy, target, (stop, start), steps) {
                Some(can) => can.then_some(Some(start)),
                None => Some(None),
            }
        });
        let start = match first {
            Some(Some(start)) => start,
            Some(None) => return steps.leave_out(path),
            None => continue,
        };
        let (stop, start) = (name(stop), name(start));
        findings.push(Finding::new(
            Lint::StopBeforeStart,
            path.key("stop"),
            Phrase::new(
                format!(
                    "`{stop}` may have happened before `{start}`; then it does not stop the clock"
                ),
                format!("`{stop}` 可能先于 `{start}` 发生；那样它就不会停止时钟"),
            ),
        ));
    }
}

fn name(trigger: &Trigger) -> &str {
    trigger
        .mark
        .as_ref()
        .map_or(trigger.kind.name(), |mark| mark.as_str())
}

/// What is told once in the usual life of a ticket. What is told again and again will stop a clock
/// also when it happened before; and what a mark stands for only its service knows.
const fn happens_once(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Received
            | Kind::Acknowledged
            | Kind::Diagnosed
            | Kind::PlanProposed
            | Kind::PlanAccepted
            | Kind::VisitBooked
            | Kind::Dispatched
            | Kind::Arrived
            | Kind::CompensationProposed
            | Kind::CompensationApproved
            | Kind::CompensationRefused
            | Kind::CompensationGranted
            | Kind::ReturnApproved
            | Kind::ReturnArranged
            | Kind::Resolved
            | Kind::Accepted
            | Kind::SurveyAsked
            | Kind::Surveyed
            | Kind::Closed
            | Kind::Declined
            | Kind::Withdrawn
            | Kind::Merged
    )
}

/// Whether a stop may come before a start in the usual life of a ticket: not if something in between is
/// needed, not if a gate of the policy forbids it. `None` if there are too few steps left to say.
fn can_precede(
    policy: &Policy,
    target: &Target,
    (stop, start): (&Trigger, &Trigger),
    steps: &mut Steps,
) -> Option<bool> {
    let gates = policy.gates.len();
    let values = trigger_values(stop).saturating_add(trigger_values(start));
    let each = gates.saturating_add(VALUE).saturating_mul(values);
    steps.take(TURN.saturating_add(gates).saturating_add(each))?;
    let can = !needs(stop.kind, start.kind)
        && turn::can_precede(stop, start)
        && !gate::holds_back(policy, target, (stop, start), steps)?;
    Some(can)
}

fn trigger_values(trigger: &Trigger) -> usize {
    let terms = trigger.when.iter();
    terms.fold(0, |sum, term| sum.saturating_add(term.values.len()))
}

/// Whether an event of one kind cannot have come without the other before it.
fn needs(kind: Kind, earlier: Kind) -> bool {
    let mut before = prerequisite(kind);
    while let Some(kind) = before {
        if kind == earlier {
            return true;
        }
        before = prerequisite(kind);
    }
    false
}

/// Looks for pauses that end only with the clocks that they pause.
pub(super) fn pauses(
    policy: &Policy,
    targets: &[(Path, &Target)],
    steps: &mut Steps,
    findings: &mut Vec<Finding>,
) {
    for (reason, bit) in policy.vocabulary.reasons.iter().zip(0_u32..) {
        let mask = 1_u64.checked_shl(bit).unwrap_or_default();
        let mut paused = targets
            .iter()
            .filter(|(_, target)| target.pauses & mask != 0)
            .peekable();
        if reason.resumes_on.as_slice().is_empty() || paused.peek().is_none() {
            continue;
        }
        let path = Path::of(&["pause", reason.id.as_str(), "resumes-on"]);
        let count = |sum: usize, (_, target): &(Path, &Target)| {
            sum.saturating_add(target.stop.as_slice().len().max(1))
        };
        let ends = reason.resumes_on.as_slice().len();
        let asked = targets.iter().fold(0, count).saturating_mul(ends);
        if steps.take_for(&path, asked).is_none() {
            continue;
        }
        let stops = |target: &Target| {
            let ends = reason.resumes_on.as_slice().iter();
            ends.clone().all(|end| {
                let same = |stop: &Trigger| stop.kind == end.kind && stop.mark == end.mark;
                target.stop.as_slice().iter().any(same)
            })
        };
        if paused.all(|(_, target)| stops(target)) {
            findings.push(Finding::new(
                Lint::IdlePause,
                path,
                Phrase::fixed(
                    "what resumes it also stops every clock that it pauses, so none ever goes on",
                    "恢复它的事件同时停止它暂停的所有时钟，因此没有时钟会继续",
                ),
            ));
        }
    }
}
