//! The calendars of a policy: from words to timetables.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};

use crate::calendar::{
    CalendarError, CalendarSpec, Exception, HolidayRule, HolidaySet, Shift, Zone, ZoneTable,
};
use crate::event::CalendarId;
use crate::language::Phrase;
use crate::policy::document::{Entry, Node, Place};
use crate::policy::model::{CalendarIndex, NamedCalendar};
use crate::policy::publication::Origin;
use crate::policy::report::{Code, Found, Sink};

use super::keys::{self, Keys};

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
        let mut exceptions = 0;
        for entry in entries.iter().take(MOST_CALENDARS) {
            let index = calendars.compile(entry, zone, origin, &mut exceptions, sink);
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

    fn compile(
        &mut self,
        entry: &Entry,
        zone: Option<Zone>,
        origin: Origin<'_>,
        exceptions: &mut usize,
        sink: &Sink,
    ) -> Option<CalendarIndex> {
        let before = sink.count();
        let id: Option<CalendarId> = keys::name(&entry.key, &entry.key_place, sink);
        let spec = read_spec(&entry.node, zone, exceptions, sink);
        if sink.count() > before {
            return None;
        }
        let (id, spec) = (id?, spec?);
        let compiled = origin
            .calendar(&spec, &id)
            .and_then(|published| Ok((published.compile()?, published)));
        let (calendar, published) = match compiled {
            Ok(compiled) => compiled,
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
                "在旁边写 `on = \"<日历>\"`,或为整个策略指定 `default-calendar`",
            );
            sink.add(Code::NoCalendar, Found::value(length), expected);
        }
        self.default
    }
}

/// Reads a zone.
pub(super) fn zone(node: &Node, sink: &Sink) -> Option<Zone> {
    let text = keys::text(node, sink)?;
    let zone = text.parse::<Zone>();
    if zone.is_err() {
        let names: Vec<&str> = Zone::known_names().collect();
        let hint = sink.meant(text, names.iter().copied());
        let expected = Phrase::fixed(
            "an IANA zone such as Asia/Shanghai, an offset such as +08:00, or UTC",
            "IANA 时区(如 Asia/Shanghai)、偏移(如 +08:00)或 UTC",
        );
        sink.push(Code::BadZone, Found::value(node), expected, hint);
    }
    zone.ok()
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

fn read_spec(
    node: &Node,
    policy_zone: Option<Zone>,
    exceptions: &mut usize,
    sink: &Sink,
) -> Option<CalendarSpec> {
    let keys = Keys::of(node, sink)?;
    let own = keys.get("zone").map(|node| zone(node, sink));
    let always = keys
        .get("always")
        .and_then(|node| keys::boolean(node, sink))
        .unwrap_or(false);
    let week = keys.get("week");
    let holidays = keys.get("holidays").and_then(|node| holidays(node, sink));
    let rule = keys.get("holiday-rule").and_then(|node| {
        keys::word(
            node,
            &[
                ("shift", HolidayRule::Shift),
                ("civil-day", HolidayRule::CivilDay),
            ],
            sink,
        )
    });
    let make_up = keys.get("make-up").map(|node| shifts(node, sink));
    let dated = keys
        .get("exceptions")
        .map(|node| read_exceptions(node, exceptions, sink));
    if week.is_none() && !always {
        let expected = Phrase::fixed(
            "`week = { mon-fri = [\"09:00-18:00\"] }`, or `always = true`",
            "`week = { mon-fri = [\"09:00-18:00\"] }`,或 `always = true`",
        );
        sink.add(Code::MissingKey, Found::nothing(keys.place()), expected);
    }
    keys.finish();
    let week = week.map(|node| read_week(node, sink));
    let zone = own.unwrap_or(policy_zone)?;
    let mut spec = if always {
        CalendarSpec::always(zone)
    } else {
        CalendarSpec::weekly(zone)
    };
    if let Some(week) = week {
        spec = spec.with_week(week);
    }
    if let Some(set) = holidays {
        spec = spec.with_holidays(set);
    }
    if let Some(rule) = rule {
        spec = spec.with_holiday_rule(rule);
    }
    if let Some(shifts) = make_up {
        spec = spec.with_make_up(&shifts);
    }
    Some(spec.with_exceptions(dated.unwrap_or_default()))
}

fn holidays(node: &Node, sink: &Sink) -> Option<HolidaySet> {
    let text = keys::text(node, sink)?;
    let set = text.parse().ok();
    if set.is_none() {
        let known = HolidaySet::ALL.into_iter().map(HolidaySet::name);
        sink.unknown(Code::UnknownHolidays, text, &node.place, known);
    }
    set
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

fn read_week(node: &Node, sink: &Sink) -> [Vec<Shift>; 7] {
    let mut week: [Option<Vec<Shift>>; 7] = Default::default();
    for entry in keys::entries(node, sink).unwrap_or(&[]) {
        let shifts = shifts(&entry.node, sink);
        for day in days(entry, sink) {
            let Some(of_day) = week.get_mut(day) else {
                continue;
            };
            if of_day.is_some() {
                let expected = Phrase::fixed("each day of the week once", "每个星期几只写一次");
                sink.add(
                    Code::Twice,
                    Found::text(&entry.key, &entry.key_place),
                    expected,
                );
                break;
            }
            *of_day = Some(shifts.clone());
        }
    }
    week.map(Option::unwrap_or_default)
}

/// Reads `mon`, or `mon-fri`; a range may run over the week's end: `sat-mon`.
fn days(entry: &Entry, sink: &Sink) -> Vec<usize> {
    let day = |text: &str| DAYS.iter().position(|(name, _)| *name == text);
    let (from, to) = match entry.key.split_once('-') {
        Some((from, to)) => (day(from), day(to)),
        None => (day(&entry.key), day(&entry.key)),
    };
    let (Some(from), Some(to)) = (from, to) else {
        let expected = Phrase::fixed(
            "a day such as mon, or days such as mon-fri",
            "某天(如 mon)或一段(如 mon-fri)",
        );
        let common = ["mon-fri", "mon-sat", "mon-sun", "sat-sun"];
        let names = DAYS.iter().map(|(name, _)| *name).chain(common);
        let hint = sink.meant(&entry.key, names);
        sink.push(
            Code::BadDay,
            Found::text(&entry.key, &entry.key_place),
            expected,
            hint,
        );
        return Vec::new();
    };
    let length = to.saturating_add(7).saturating_sub(from).wrapping_rem(7);
    (0..=length)
        .map(|step| from.saturating_add(step).wrapping_rem(7))
        .collect()
}

fn shifts(node: &Node, sink: &Sink) -> Vec<Shift> {
    // An empty list is a day without a shift, and worth saying.
    let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
    nodes.iter().filter_map(|node| shift(node, sink)).collect()
}

fn shift(node: &Node, sink: &Sink) -> Option<Shift> {
    let text = keys::text(node, sink)?;
    let shift = text.parse().ok();
    if shift.is_none() {
        let expected = Phrase::fixed(
            "a shift such as 09:00-12:00; one that ends the next day such as 22:00-06:00; 24:00 only as an end",
            "班次,如 09:00-12:00;跨夜如 22:00-06:00;24:00 只能作为结束",
        );
        sink.add(Code::BadShift, Found::value(node), expected);
    }
    shift
}

/// The most exceptions of all calendars of a policy together.
const MOST_EXCEPTIONS: usize = 1_000_000;

fn read_exceptions(node: &Node, count: &mut usize, sink: &Sink) -> Vec<Exception> {
    let entries = keys::entries(node, sink).unwrap_or(&[]);
    *count = count.saturating_add(entries.len());
    if *count > MOST_EXCEPTIONS {
        let expected = Phrase::fixed("at most 1000000 exceptions", "最多 1000000 个例外日");
        sink.add(Code::TooMany, Found::nothing(&node.place), expected);
        return Vec::new();
    }
    entries
        .iter()
        .filter_map(|entry| read_exception(entry, sink))
        .collect()
}

fn read_exception(entry: &Entry, sink: &Sink) -> Option<Exception> {
    let on = entry.key.parse::<NaiveDate>().ok();
    if on.is_none() {
        let expected = Phrase::fixed("a date such as 2026-03-09", "日期,如 2026-03-09");
        sink.add(
            Code::BadDate,
            Found::text(&entry.key, &entry.key_place),
            expected,
        );
    }
    if entry.node.as_table().is_none() {
        return day_rule(&entry.node, on, sink);
    }
    let keys = Keys::of(&entry.node, sink)?;
    let exception = keys.need("hours").and_then(|node| day_rule(node, on, sink));
    let name = keys.get("name").and_then(|node| keys::text(node, sink));
    keys.finish();
    exception.map(|exception| match name {
        Some(name) => exception.named(name),
        None => exception,
    })
}

fn day_rule(node: &Node, on: Option<NaiveDate>, sink: &Sink) -> Option<Exception> {
    match node.as_text() {
        Some("closed") => on.map(Exception::closed),
        Some("make-up") => on.map(Exception::make_up),
        Some(text) if !text.contains(':') => {
            sink.unknown(
                Code::UnknownWord,
                text,
                &node.place,
                ["closed", "make-up", "09:00-12:00"],
            );
            None
        }
        Some(_) | None => {
            let shifts = shifts(node, sink);
            on.map(|on| Exception::own(on, shifts))
        }
    }
}

/// Tells why a calendar cannot be made, at the place that is to blame where that is known.
fn tell(error: &CalendarError, node: &Node, key_place: &Place, sink: &Sink) {
    let at = |on: NaiveDate| {
        let entries = node.get("exceptions").and_then(Node::as_table);
        let entry = entries?
            .iter()
            .rev()
            .find(|entry| entry.key.parse() == Ok(on));
        entry.map(|entry| Found::text(&entry.key, &entry.key_place))
    };
    let calendar = Found::said(Phrase::fixed("this calendar", "该日历"), key_place);
    let (code, found, expected) = match error {
        CalendarError::NeverOpen => (
            Code::NeverOpen,
            calendar,
            Phrase::fixed(
                "at least one shift, or `always = true`",
                "至少一个班次,或 `always = true`",
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
