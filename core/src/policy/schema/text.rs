//! The schemas of texts, names, conditions and triggers.

#![expect(
    dead_code,
    reason = "these types are never made; only their schema is used"
)]

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A text with a pattern.
macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:literal, $about:literal;)*) => {$(
        $(#[$doc])*
        pub(super) struct $name;

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
pub(super) enum OneOrMore<T> {
    /// One.
    One(T),
    /// Several.
    More(#[schemars(length(min = 1))] Vec<T>),
}

/// A text for people, in one language or in several by their tags.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum LabelShape {
    /// In one language.
    Text(String),
    /// By language: en, zh.
    ByLanguage(BTreeMap<String, String>),
}

/// Names, with their labels or bare.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum NamesShape {
    /// With labels.
    Labelled(BTreeMap<String, LabelShape>),
    /// Bare.
    Bare(#[schemars(length(min = 1))] Vec<Name>),
}

/// One, several or none.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrNone<T> {
    /// One.
    One(T),
    /// Several or none.
    More(Vec<T>),
}

/// Values that answer a question.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum AnswerShape {
    /// One of these.
    These(OneOrMore<ValueShape>),
    /// All but these.
    Not(NotShape),
}

/// All but these.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct NotShape {
    /// These.
    not: OneOrMore<ValueShape>,
}

/// A value; true and false are yes and no.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum ValueShape {
    /// A word.
    Word(String),
    /// Yes or no.
    Truth(bool),
}

/// A condition: class, level, channel, product, in-scope and own fields, all of which must hold.
#[derive(JsonSchema)]
pub(super) struct ConditionShape(BTreeMap<String, AnswerShape>);

/// An event that starts, stops or moves something.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum TriggerShape {
    /// Its name.
    Name(Name),
    /// Its name with conditions.
    Conditional(ConditionalTrigger),
}

/// An event with conditions.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ConditionalTrigger {
    /// Its name.
    event: Name,
    /// Conditions on its own fields.
    when: Option<ConditionShape>,
    /// The roles of which the actor must hold one.
    by: Option<OneOrMore<Name>>,
}
