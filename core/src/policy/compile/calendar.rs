//! The calendars of a policy: from words to timetables.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::calendar::{CalendarError, Zone, ZoneTable};
use crate::event::CalendarId;
use crate::language::Phrase;
use crate::policy::document::{Entry, Node, Place};
use crate::policy::model::{CalendarIndex, NamedCalendar};
use crate::policy::publication::Origin;
use crate::policy::report::{Code, Found, Sink};

use super::hours::{Weekly, read_spec};
use super::keys::{self, Keys};
use super::label::civil;

/// The most calendars of one policy. Each costs some milliseconds to compile.
const MOST_CALENDARS: usize = 64;

/// The calendars that could be compiled, and the names of all that are declared.
#[derive(Debug, Default)]
pub(super) struct Calendars {
    pub(super) compiled: Vec<NamedCalendar>,
    /// By name; `None` for one whose mistakes have been told.
    places: BTreeMap<String, Option<CalendarIndex>>,
    pub(super) default: Option<CalendarIndex>,
    /// Whether a default was named, rightly or not.
    default_is_named: bool,
}

/// Which calendar a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Known(CalendarIndex),
    /// None; the mistake has been told.
    Refused,
}

impl Calendars {
    /// Reads and compiles every calendar.
    pub(super) fn read(
        root: &Keys<'_>,
        zone: Option<Zone>,
        origin: Origin<'_>,
        sink: &Sink,
    ) -> Self {
        let mut calendars = Self::default();
        let entries = root
            .get("calendar")
            .and_then(|node| keys::entries(node, sink))
            .unwrap_or(&[]);
        if let Some(entry) = entries.get(MOST_CALENDARS) {
            let expected = Phrase::fixed("at most 64 calendars", "最多 64 个日历");
            sink.add(
                Code::TooMany,
                Found::text(&entry.key, &entry.key_place),
                expected,
            );
        }
        let mut weekly = Weekly::default();
        for entry in entries.iter().take(MOST_CALENDARS) {
            let index = calendars.compile(entry, zone, origin, &mut weekly, sink);
            calendars.places.insert(entry.key.clone(), index);
        }
        if let Some(node) = root.get("default-calendar") {
            calendars.default_is_named = true;
            if let Some(Named::Known(index)) = Some(calendars.named(node, sink)) {
                calendars.default = Some(index);
            }
        }
        calendars
    }

    /// Compiles one calendar, unless its words had a mistake or there are too many shifts already:
    /// then what a timetable would say of it could only be a second message about the same thing.
    fn compile(
        &mut self,
        entry: &Entry,
        zone: Option<Zone>,
        origin: Origin<'_>,
        weekly: &mut Weekly,
        sink: &Sink,
    ) -> Option<CalendarIndex> {
        let before = sink.count();
        let id: Option<CalendarId> = keys::name(&entry.key, &entry.key_place, sink);
        let spec = read_spec(&entry.node, zone, weekly, sink);
        if sink.count() > before || weekly.is_over() {
            return None;
        }
        let (id, spec) = (id?, spec?);
        let (published, calendar) = match origin.calendar(&spec, &id) {
            Ok(made) => made,
            Err(error) => {
                tell(&error, &entry.node, &entry.key_place, sink);
                return None;
            }
        };
        let index = CalendarIndex(u16::try_from(self.compiled.len()).ok()?);
        self.compiled.push(NamedCalendar {
            version: published.version(),
            id,
            calendar,
            published,
        });
        Some(index)
    }

    /// Returns the calendar that a value names.
    pub(super) fn named(&self, node: &Node, sink: &Sink) -> Named {
        let Some(name) = keys::text(node, sink) else {
            return Named::Refused;
        };
        match self.places.get(name) {
            Some(Some(index)) => Named::Known(*index),
            Some(None) => Named::Refused,
            None => {
                let known: Vec<&str> = self.places.keys().map(String::as_str).collect();
                sink.unknown(Code::UnknownCalendar, name, &node.place, known);
                Named::Refused
            }
        }
    }

    /// Returns the calendar of a working length: the named one, or else the policy's default.
    /// Tells where there is none.
    pub(super) fn for_length(
        &self,
        on: Option<Named>,
        length: &Node,
        sink: &Sink,
    ) -> Option<CalendarIndex> {
        match on {
            Some(Named::Known(index)) => return Some(index),
            Some(Named::Refused) => return None,
            None => {}
        }
        if self.default.is_none() && !self.default_is_named {
            let expected = Phrase::fixed(
                "`on = \"<calendar>\"` beside it, or a `default-calendar` for the whole policy",
                "在旁边写 `on = \"<日历>\"`，或为整个策略指定 `default-calendar`",
            );
            sink.add(Code::NoCalendar, Found::value(length), expected);
        }
        self.default
    }
}

/// Returns the table of a policy's own zone.
pub(super) fn zone_table(zone: Zone, origin: Origin<'_>, compiled: &[NamedCalendar]) -> ZoneTable {
    if let Some(table) = origin.zone() {
        return table.clone();
    }
    // Laying out a zone takes milliseconds; the calendars mostly have it already.
    let name = zone.to_string();
    let known = compiled.iter().map(|named| named.calendar.zone());
    known
        .into_iter()
        .find(|table| table.name() == name)
        .cloned()
        .unwrap_or_else(|| ZoneTable::new(zone))
}

/// Tells why a calendar cannot be made, at the place that is to blame where that is known.
fn tell(error: &CalendarError, node: &Node, key_place: &Place, sink: &Sink) {
    let at = |on: NaiveDate| {
        let entries = node.get("exceptions").and_then(Node::as_table);
        let entry = entries?
            .iter()
            .rev()
            .find(|entry| civil(&entry.key) == Some(on));
        entry.map(|entry| Found::text(&entry.key, &entry.key_place))
    };
    let calendar = Found::said(Phrase::fixed("this calendar", "该日历"), key_place);
    let (code, found, expected) = match error {
        CalendarError::NeverOpen => (
            Code::NeverOpen,
            calendar,
            Phrase::fixed(
                "at least one shift, or `always = true`",
                "至少一个班次，或 `always = true`",
            ),
        ),
        CalendarError::RepeatedException { on } => (
            Code::Twice,
            at(*on).unwrap_or(calendar),
            Phrase::fixed("one exception for each date", "每个日期只有一个例外"),
        ),
        CalendarError::ExceptionOutOfRange { on } => (
            Code::BadDate,
            at(*on).unwrap_or(calendar),
            Phrase::fixed(
                "a date from 1970-01-01 to 2099-12-31",
                "1970-01-01 到 2099-12-31 的日期",
            ),
        ),
        CalendarError::AlwaysWithHours => (
            Code::Conflict,
            calendar,
            Phrase::fixed(
                "`always = true` without week, holidays, make-up or exceptions",
                "`always = true` 时不写 week、holidays、make-up、exceptions",
            ),
        ),
        CalendarError::UnknownZone { .. }
        | CalendarError::NotAShift { .. }
        | CalendarError::UnknownHolidays { .. }
        | CalendarError::DamagedHolidays { .. }
        | CalendarError::DamagedZone { .. }
        | CalendarError::TooManyExceptions { .. }
        | CalendarError::TooManyShifts { .. }
        | CalendarError::UnsortedException { .. }
        | CalendarError::NoMakeUpShifts { .. }
        | CalendarError::Unreachable { .. }
        | CalendarError::BeyondRange { .. } => (
            Code::BadCalendar,
            calendar,
            Phrase::same(&error.to_string()),
        ),
    };
    sink.add(code, found, expected);
}
