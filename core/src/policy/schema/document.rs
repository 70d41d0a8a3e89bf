//! The schema of the document as a whole.

#![expect(
    dead_code,
    reason = "these types are never made; only their schema is used"
)]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::calendar::CalendarShape;
use super::target::{AgreementShape, ReclassifyWord, TargetShape};
use super::text::{
    ConditionShape, DateText, DaysText, LabelShape, Name, NamesShape, OneOrMore, TriggerShape,
    ZoneText,
};

/// A policy: what is promised to whom, by when, and who is told.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct PolicyDocument {
    /// The place of this schema, for editors.
    #[serde(rename = "$schema")]
    schema: Option<String>,
    /// The policy's name, which all its versions share.
    policy: Name,
    /// Its text.
    label: Option<LabelShape>,
    /// The zone of calendar days, of validity dates and of calendars that name none.
    timezone: ZoneText,
    /// The calendar of working lengths that name none.
    default_calendar: Option<Name>,
    /// The first and the last date of intake to which it applies.
    valid: Option<ValidShape>,
    /// Which tickets it applies to, by what intake knows.
    applies_to: Option<ConditionShape>,
    /// Opening hours by name.
    calendar: Option<BTreeMap<String, CalendarShape>>,
    /// The classes of requests.
    class: Option<ValuesShape>,
    /// The levels of seriousness.
    level: Option<LevelShape>,
    /// The ways in which requests come in.
    channel: Option<ValuesShape>,
    /// Own fields, of tickets and of events.
    field: Option<BTreeMap<String, FieldShape>>,
    /// The roles, with how far up they are.
    role: Option<BTreeMap<String, RoleShape>>,
    /// The reasons to pause, at most 64.
    pause: Option<BTreeMap<String, ReasonShape>>,
    /// Named moments of the embedding service.
    mark: Option<NamesShape>,
    /// The texts of scales.
    scale: Option<ScaleShape>,
    /// Who owns a ticket: the first rule that fits.
    owner: Option<Vec<OwnerShape>>,
    /// Who may waive a promise.
    waive: Option<WaiveShape>,
    /// Which roles may do what, by event. What is not listed, anyone may.
    allow: Option<BTreeMap<String, OneOrMore<Name>>>,
    /// Events that need another first.
    gate: Option<BTreeMap<String, GateShape>>,
    /// When messages may go out.
    delivery: Option<DeliveryShape>,
    /// What cancels running clocks; declined, merged and withdrawn where nothing is said.
    cancel: Option<CancelShape>,
    /// What a new judgement does to running clocks; retroactive where nothing is said.
    reclassify: Option<ReclassifyWord>,
    /// The promised steps of the service agreement.
    target: Option<BTreeMap<String, TargetShape>>,
    /// Further agreements: between teams, with suppliers.
    agreement: Option<BTreeMap<String, AgreementShape>>,
    /// Periods of warranty.
    warranty: Option<BTreeMap<String, WarrantyShape>>,
    /// Which target a figure is measured by.
    kpi: Option<BTreeMap<String, KpiShape>>,
    /// Findings of the linter that are meant.
    accept: Option<Vec<AcceptShape>>,
}

/// Dates, both included.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ValidShape {
    /// The first.
    from: Option<DateText>,
    /// The last.
    until: Option<DateText>,
}

/// A vocabulary.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ValuesShape {
    /// The words.
    values: NamesShape,
}

/// The levels.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct LevelShape {
    /// The words.
    values: NamesShape,
    /// Each once, least serious first; the order of `values` where nothing is said.
    order: Option<Vec<Name>>,
    /// The level of a ticket that nobody judged.
    default: Option<Name>,
}

/// An own field.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct FieldShape {
    /// Its text.
    label: Option<LabelShape>,
    /// Its values; any where nothing is said.
    values: Option<NamesShape>,
    /// The value of a ticket that nobody judged.
    default: Option<Name>,
}

/// A role.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum RoleShape {
    /// With its rank.
    Ranked(RankedRole),
    /// With its label; the rank is the order of the declaration.
    Label(LabelShape),
}

/// A role with its rank.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RankedRole {
    /// Its text.
    label: Option<LabelShape>,
    /// How far up it is.
    #[schemars(range(min = 1))]
    rank: Option<u16>,
}

/// A reason to pause.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum ReasonShape {
    /// With what resumes it.
    Resumed(ResumedReason),
    /// With its label alone.
    Label(LabelShape),
}

/// A reason to pause with what resumes it.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ResumedReason {
    /// Its text.
    label: Option<LabelShape>,
    /// The events that end it by themselves.
    resumes_on: Option<OneOrMore<TriggerShape>>,
}

/// The texts of scales.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ScaleShape {
    /// Five points, worst first.
    satisfaction: Option<ValuesShape>,
}

/// A rule on owners.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct OwnerShape {
    /// For which tickets.
    when: Option<ConditionShape>,
    /// Which role.
    is: Name,
}

/// Who may waive.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct WaiveShape {
    /// The roles.
    by: OneOrMore<Name>,
}

/// An event that needs another first.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct GateShape {
    /// What is held back.
    event: TriggerShape,
    /// What must come first.
    needs: Name,
    /// Which roles may give it.
    by: Option<OneOrMore<Name>>,
    /// On which condition, on the event's own fields or on the ticket.
    when: Option<ConditionShape>,
}

/// When messages may go out.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct DeliveryShape {
    /// While this calendar is open.
    on: Name,
    /// Except about these tickets.
    except: Option<ConditionShape>,
}

/// What cancels running clocks.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CancelShape {
    /// The events.
    on: OneOrMore<TriggerShape>,
}

/// A period of warranty.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct WarrantyShape {
    /// What starts it.
    from: TriggerShape,
    /// How long it lasts.
    lasts: DaysText,
}

/// A figure.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KpiShape {
    /// The target that it is measured by.
    target: Name,
}

/// A finding of the linter that is meant.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct AcceptShape {
    /// What the linter looked for.
    lint: Name,
    /// Where: a path such as target.plan.
    at: String,
    /// Why it is meant.
    because: String,
}
