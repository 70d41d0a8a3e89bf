//! The schema of opening hours.

#![expect(
    dead_code,
    reason = "these types are never made; only their schema is used"
)]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::text::{OneOrNone, ShiftText, ZoneText};

/// Opening hours.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CalendarShape {
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

/// The holidays that are shipped.
#[derive(JsonSchema)]
pub(super) enum HolidaysWord {
    /// Mainland China, with make-up working days.
    #[serde(rename = "CN")]
    Cn,
}

/// What a holiday takes away.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HolidayRuleWord {
    /// The shifts that start on it.
    Shift,
    /// Its civil day.
    CivilDay,
}

/// The hours of one date.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum ExceptionShape {
    /// Only the hours.
    Hours(HoursShape),
    /// The hours and why.
    Named(NamedException),
}

/// The hours of one date, and why.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct NamedException {
    /// The hours.
    hours: HoursShape,
    /// Why.
    name: Option<String>,
}

/// closed, make-up, or shifts.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum HoursShape {
    /// A word.
    Word(HoursWord),
    /// Shifts.
    Shifts(OneOrNone<ShiftText>),
}

/// The words for a date's hours.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HoursWord {
    /// No shift.
    Closed,
    /// The shifts of a make-up working day.
    MakeUp,
}
