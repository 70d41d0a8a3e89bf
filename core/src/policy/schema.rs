//! The shape of the document as types, for its JSON Schema alone.
//!
//! Editors complete and check a document by the schema; what a schema cannot say (whether a name is
//! declared, whether a calendar ever opens) is found by compiling it. The reader of the document
//! does not use these types, since it tells every mistake with its place; a test holds the two
//! together.

#![expect(
    dead_code,
    reason = "these types are never made; only their schema is used"
)]

use std::collections::BTreeMap;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};

/// Returns the JSON Schema (draft 2020-12) of the policy document, laid out for people.
///
/// The same text is in the repository as `core/policies/policy.schema.json`. Name it under the key
/// `$schema` of a JSON document, or in the first line of a TOML one as `#:schema <path>`.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&punctual::policy::json_schema())?;
/// assert_eq!(schema["required"][0], "policy");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn json_schema() -> String {
    let mut schema = schema_for!(PolicyDocument);
    RecursiveTransform(without_null).transform(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// A key that is not needed is left out, never null.
fn without_null(schema: &mut Schema) {
    let is_null = |value: &serde_json::Value| {
        value == "null" || value.get("type").is_some_and(|kind| kind == "null")
    };
    for key in ["type", "anyOf"] {
        let Some(options) = schema
            .get_mut(key)
            .and_then(serde_json::Value::as_array_mut)
        else {
            continue;
        };
        options.retain(|option| !is_null(option));
        if options.len() == 1 {
            let only = options.pop().unwrap_or_default();
            match only {
                serde_json::Value::Object(inner) => {
                    schema.remove(key);
                    for (name, value) in inner {
                        schema.insert(name, value);
                    }
                }
                only => {
                    schema.insert(key.to_owned(), only);
                }
            }
        }
    }
}

/// A text with a pattern.
macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:literal, $about:literal;)*) => {$(
        $(#[$doc])*
        struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $about })
            }
        }
    )*};
}

patterns! {
    /// A name.
    Name = "^\\S(.{0,118}\\S)?$", "1 to 120 bytes of printable text without spaces at its ends";
    /// A goal's budget.
    BudgetText = "^\\s*(\\d+-\\d+(s|m|h|ws|wm|wh|d|wd)|(\\d+\\s*(s|m|h|ws|wm|wh|d|wd)\\s*)+(before visit)?)\\s*$",
        "30m, 24h, 1h30m (wall clock), 2wh, 90wm (working time), 3d (calendar days), 2wd (working days), 1-3wd (a range), 24h before visit";
    /// An interval between repetitions.
    LengthText = "^\\s*(\\d+\\s*(s|m|h|ws|wm|wh|wd)\\s*)+$", "4h, 2wh or 1wd";
    /// Calendar days.
    DaysText = "^\\s*\\d+d\\s*$", "calendar days: 30d";
    /// A point on a clock.
    PointText = "^(due|lower|\\d{1,4}%|[+-]\\s*(\\d+\\s*(s|m|h|ws|wm|wh|wd)\\s*)+)$",
        "80% of the budget, lower (the lower bound of a range), due, -10m before it, +2wh after it";
    /// A shift.
    ShiftText = "^\\d{2}:\\d{2}-\\d{2}:\\d{2}$", "09:00-12:00; 22:00-06:00 ends the next day; 24:00 only as an end";
    /// A date.
    DateText = "^\\d{4}-\\d{2}-\\d{2}$", "a date: 2026-03-09";
    /// A zone.
    ZoneText = "^\\S+$", "an IANA zone such as Asia/Shanghai, an offset such as +08:00, or UTC";
}

/// One, or several.
#[derive(JsonSchema)]
#[serde(untagged)]
enum OneOrMore<T> {
    /// One.
    One(T),
    /// Several.
    More(#[schemars(length(min = 1))] Vec<T>),
}

/// A text for people, in one language or in several by their tags.
#[derive(JsonSchema)]
#[serde(untagged)]
enum LabelShape {
    /// In one language.
    Text(String),
    /// By language: en, zh.
    ByLanguage(BTreeMap<String, String>),
}

/// Names, with their labels or bare.
#[derive(JsonSchema)]
#[serde(untagged)]
enum NamesShape {
    /// With labels.
    Labelled(BTreeMap<String, LabelShape>),
    /// Bare.
    Bare(#[schemars(length(min = 1))] Vec<Name>),
}

/// A policy: what is promised to whom, by when, and who is told.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PolicyDocument {
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
struct ValidShape {
    /// The first.
    from: Option<DateText>,
    /// The last.
    until: Option<DateText>,
}

/// Opening hours.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CalendarShape {
    /// Its zone; the policy's where nothing is said.
    zone: Option<ZoneText>,
    /// Open day and night.
    always: Option<bool>,
    /// Shifts by day (mon) or days (mon-fri).
    week: Option<BTreeMap<String, OneOrNone<ShiftText>>>,
    /// A set of public holidays.
    holidays: Option<HolidaysWord>,
    /// What a holiday takes away: the shifts that start on it, or its civil day.
    holiday_rule: Option<HolidayRuleWord>,
    /// The shifts of make-up working days; those of the first weekday where nothing is said.
    make_up: Option<OneOrNone<ShiftText>>,
    /// Hours of single dates, which replace those of the week.
    exceptions: Option<BTreeMap<String, ExceptionShape>>,
}

/// One, several or none.
#[derive(JsonSchema)]
#[serde(untagged)]
enum OneOrNone<T> {
    /// One.
    One(T),
    /// Several or none.
    More(Vec<T>),
}

/// The holidays that are shipped.
#[derive(JsonSchema)]
enum HolidaysWord {
    /// Mainland China, with make-up working days.
    #[serde(rename = "CN")]
    Cn,
}

/// What a holiday takes away.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum HolidayRuleWord {
    /// The shifts that start on it.
    Shift,
    /// Its civil day.
    CivilDay,
}

/// The hours of one date.
#[derive(JsonSchema)]
#[serde(untagged)]
enum ExceptionShape {
    /// Only the hours.
    Hours(HoursShape),
    /// The hours and why.
    Named(NamedException),
}

/// The hours of one date, and why.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct NamedException {
    /// The hours.
    hours: HoursShape,
    /// Why.
    name: Option<String>,
}

/// closed, make-up, or shifts.
#[derive(JsonSchema)]
#[serde(untagged)]
enum HoursShape {
    /// A word.
    Word(HoursWord),
    /// Shifts.
    Shifts(OneOrNone<ShiftText>),
}

/// The words for a date's hours.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum HoursWord {
    /// No shift.
    Closed,
    /// The shifts of a make-up working day.
    MakeUp,
}

/// A vocabulary.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ValuesShape {
    /// The words.
    values: NamesShape,
}

/// The levels.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct LevelShape {
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
struct FieldShape {
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
enum RoleShape {
    /// With its rank.
    Ranked(RankedRole),
    /// With its label; the rank is the order of the declaration.
    Label(LabelShape),
}

/// A role with its rank.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RankedRole {
    /// Its text.
    label: Option<LabelShape>,
    /// How far up it is.
    #[schemars(range(min = 1))]
    rank: Option<u16>,
}

/// A reason to pause.
#[derive(JsonSchema)]
#[serde(untagged)]
enum ReasonShape {
    /// With what resumes it.
    Resumed(ResumedReason),
    /// With its label alone.
    Label(LabelShape),
}

/// A reason to pause with what resumes it.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ResumedReason {
    /// Its text.
    label: Option<LabelShape>,
    /// The events that end it by themselves.
    resumes_on: Option<OneOrMore<TriggerShape>>,
}

/// The texts of scales.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ScaleShape {
    /// Five points, worst first.
    satisfaction: Option<ValuesShape>,
}

/// Values that answer a question.
#[derive(JsonSchema)]
#[serde(untagged)]
enum AnswerShape {
    /// One of these.
    These(OneOrMore<ValueShape>),
    /// All but these.
    Not(NotShape),
}

/// All but these.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct NotShape {
    /// These.
    not: OneOrMore<ValueShape>,
}

/// A value; true and false are yes and no.
#[derive(JsonSchema)]
#[serde(untagged)]
enum ValueShape {
    /// A word.
    Word(String),
    /// Yes or no.
    Truth(bool),
}

/// A condition: class, level, channel, product, in-scope and own fields, all of which must hold.
#[derive(JsonSchema)]
struct ConditionShape(BTreeMap<String, AnswerShape>);

/// An event that starts, stops or moves something.
#[derive(JsonSchema)]
#[serde(untagged)]
enum TriggerShape {
    /// Its name.
    Name(Name),
    /// Its name with conditions.
    Conditional(ConditionalTrigger),
}

/// An event with conditions.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ConditionalTrigger {
    /// Its name.
    event: Name,
    /// Conditions on its own fields.
    when: Option<ConditionShape>,
    /// The roles of which the actor must hold one.
    by: Option<OneOrMore<Name>>,
}

/// A rule on owners.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct OwnerShape {
    /// For which tickets.
    when: Option<ConditionShape>,
    /// Which role.
    is: Name,
}

/// Who may waive.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WaiveShape {
    /// The roles.
    by: OneOrMore<Name>,
}

/// An event that needs another first.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct GateShape {
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
struct DeliveryShape {
    /// While this calendar is open.
    on: Name,
    /// Except about these tickets.
    except: Option<ConditionShape>,
}

/// What cancels running clocks.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CancelShape {
    /// The events.
    on: OneOrMore<TriggerShape>,
}

/// What a new judgement does to a running clock.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ReclassifyWord {
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
enum CycleWord {
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
struct TargetShape {
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
struct GoalShape {
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
enum DayEndWord {
    /// Its last closing.
    Closing,
    /// The clock time of the start.
    SameTime,
}

/// What a reopened ticket does to a stopped clock.
#[derive(JsonSchema)]
#[serde(untagged)]
enum ReopenShape {
    /// The mode alone.
    Mode(ReopenWord),
    /// With its terms.
    Terms(ReopenTerms),
}

/// How a stopped clock goes on.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ReopenWord {
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
struct ReopenTerms {
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
enum GapWord {
    /// It does not.
    Excluded,
    /// It does.
    Included,
}

/// One step of a ladder.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RungShape {
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
struct AgreementShape {
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
enum AgreementWord {
    /// To the customer.
    Service,
    /// Between our own teams.
    Operational,
    /// From a supplier to us.
    Supplier,
}

/// A period of warranty.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WarrantyShape {
    /// What starts it.
    from: TriggerShape,
    /// How long it lasts.
    lasts: DaysText,
}

/// A figure.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct KpiShape {
    /// The target that it is measured by.
    target: Name,
}

/// A finding of the linter that is meant.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AcceptShape {
    /// What the linter looked for.
    lint: Name,
    /// Where: a path such as target.plan.
    at: String,
    /// Why it is meant.
    because: String,
}
