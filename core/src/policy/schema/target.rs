//! The schema of agreements and their targets.

#![expect(
    dead_code,
    reason = "these types are never made; only their schema is used"
)]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::text::{
    BudgetText, ConditionShape, DaysText, LabelShape, LengthText, Name, OneOrMore, OneOrNone,
    PointText, TriggerShape,
};

/// What a new judgement does to a running clock.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReclassifyWord {
    /// New budget and calendar from the original start.
    Retroactive,
    /// The share used is kept.
    Carry,
    /// A whole new budget from now on.
    Forward,
    /// As if it started now.
    Reset,
}

/// When a further clock starts.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CycleWord {
    /// Never.
    Once,
    /// At a start event while none is open.
    Each,
    /// At every reset event; goes with `every`.
    Restart,
}

/// One promised step.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct TargetShape {
    /// Its text.
    label: Option<LabelShape>,
    /// Which tickets it is meant for.
    applies_to: Option<ConditionShape>,
    /// What starts a clock.
    start: OneOrMore<TriggerShape>,
    /// What stops it.
    stop: OneOrMore<TriggerShape>,
    /// What cancels it, besides what cancels all.
    cancel: Option<OneOrMore<TriggerShape>>,
    /// The target that is this one's cycle 0.
    after: Option<Name>,
    /// When a further clock starts.
    cycle: Option<CycleWord>,
    /// How long it may take; the first whose condition holds.
    #[schemars(length(min = 1))]
    goals: Option<Vec<GoalShape>>,
    /// How long a period is; the first whose condition holds.
    #[schemars(length(min = 1))]
    every: Option<Vec<GoalShape>>,
    /// What ends a period and begins the next.
    reset: Option<OneOrMore<TriggerShape>>,
    /// The reasons that pause it; none where nothing is said.
    pause: Option<OneOrNone<Name>>,
    /// What a new judgement does to a running clock.
    reclassify: Option<ReclassifyWord>,
    /// What a reopened ticket does to a clock that its resolution had stopped.
    reopen: Option<ReopenShape>,
    /// Who is told when.
    ladder: Option<Vec<RungShape>>,
}

/// A promise.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct GoalShape {
    /// For which tickets.
    when: Option<ConditionShape>,
    /// How long.
    within: BudgetText,
    /// The calendar of a working length.
    on: Option<Name>,
    /// Until when on the last of some working days.
    at: Option<DayEndWord>,
}

/// Until when on the last of some working days.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DayEndWord {
    /// Its last closing.
    Closing,
    /// The clock time of the start.
    SameTime,
}

/// What a reopened ticket does to a stopped clock.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum ReopenShape {
    /// The mode alone.
    Mode(ReopenWord),
    /// With its terms.
    Terms(ReopenTerms),
}

/// How a stopped clock goes on.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReopenWord {
    /// It goes on.
    Continue,
    /// A new cycle starts.
    NewCycle,
    /// It stays stopped.
    Stay,
}

/// How a stopped clock goes on, with its terms.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ReopenTerms {
    /// The mode.
    mode: Option<ReopenWord>,
    /// Whether the time while it was resolved counts.
    gap: Option<GapWord>,
    /// Always a new cycle when the resolution lies so many days back.
    new_cycle_after: Option<DaysText>,
}

/// Whether the time while it was resolved counts.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum GapWord {
    /// It does not.
    Excluded,
    /// It does.
    Included,
}

/// One step of a ladder.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RungShape {
    /// Where on the clock.
    at: PointText,
    /// Whom to tell.
    tell: Name,
    /// The calendar of working lengths.
    on: Option<Name>,
    /// For which tickets.
    when: Option<ConditionShape>,
    /// After how long it is told again.
    every: Option<LengthText>,
    /// How often at most.
    #[schemars(range(min = 1))]
    most: Option<u16>,
}

/// A further agreement.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct AgreementShape {
    /// What kind of promise it is.
    kind: AgreementWord,
    /// Its text.
    label: Option<LabelShape>,
    /// What a new judgement does to its running clocks.
    reclassify: Option<ReclassifyWord>,
    /// What cancels its running clocks; the policy's list where nothing is said.
    cancel: Option<OneOrMore<TriggerShape>>,
    /// Its promised steps.
    target: BTreeMap<String, TargetShape>,
}

/// What kind of promise an agreement is.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AgreementWord {
    /// To the customer.
    Service,
    /// Between our own teams.
    Operational,
    /// From a supplier to us.
    Supplier,
}
