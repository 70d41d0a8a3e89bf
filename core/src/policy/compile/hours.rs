//! The hours of a calendar: zone, week, holidays, exceptions.

use chrono::{NaiveDate, Weekday};

use crate::calendar::{CalendarSpec, Exception, HolidayRule, HolidaySet, Shift, Zone};
use crate::language::Phrase;
use crate::policy::document::{Entry, Node};
use crate::policy::report::{Code, Found, Sink, meant_to_be};

use super::keys::{self, Keys};
use super::label::civil;

/// Reads a zone.
pub(super) fn zone(node: &Node, sink: &Sink) -> Option<Zone> {
    let text = keys::text(node, sink)?;
    let zone = text.parse::<Zone>();
    if zone.is_err() {
        let names: Vec<&str> = Zone::known_names().collect();
        let hint = sink.meant(text, names.iter().copied());
        let expected = Phrase::fixed(
            "an IANA zone such as Asia/Shanghai, an offset such as +08:00, or UTC",
            "IANA 时区（如 Asia/Shanghai）、偏移（如 +08:00）或 UTC",
        );
        sink.push(Code::BadZone, Found::value(node), expected, hint);
    }
    zone.ok()
}

/// The shifts of a week in all calendars of a policy together.
///
/// A timetable takes as long to make as it has shifts, of a hundred and thirty years; these are about
/// twenty million.
#[derive(Debug, Default)]
pub(super) struct Weekly(usize);

impl Weekly {
    const MOST: usize = 3_000;

    /// Returns whether there are too many.
    pub(super) const fn is_over(&self) -> bool {
        self.0 > Self::MOST
    }

    /// Counts a week, and tells once where there are too many.
    fn counted(&mut self, node: &Node, week: [Vec<Shift>; 7], sink: &Sink) -> [Vec<Shift>; 7] {
        let shifts = week.iter().map(Vec::len).sum::<usize>();
        let was_over = self.is_over();
        self.0 = self.0.saturating_add(shifts);
        if self.is_over() && !was_over {
            let found = Phrase::new(
                format!("{} with this one", self.0),
                format!("连同此处共 {} 个", self.0),
            );
            let expected = Phrase::fixed(
                "at most 3000 shifts a week in all calendars",
                "所有日历每周合计最多 3000 个班次",
            );
            sink.add(Code::TooMany, Found::said(found, &node.place), expected);
        }
        week
    }
}

/// Reads what an author says about a calendar.
pub(super) fn read_spec(
    node: &Node,
    policy_zone: Option<Zone>,
    weekly: &mut Weekly,
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
        .map(|node| read_exceptions(node, sink));
    if week.is_none() && !always {
        let expected = Phrase::fixed(
            "`week = { mon-fri = [\"09:00-18:00\"] }`, or `always = true`",
            "`week = { mon-fri = [\"09:00-18:00\"] }`，或 `always = true`",
        );
        sink.add(Code::MissingKey, Found::nothing(keys.place()), expected);
    }
    keys.finish();
    let week = week.map(|node| weekly.counted(node, read_week(node, sink), sink));
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

/// A set of holidays by name; the sets are those that this library ships.
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

/// A day that two keys cover would have two meanings, so it is told and the first one kept.
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
            "某天（如 mon）或一段（如 mon-fri）",
        );
        let common = ["mon-fri", "mon-sat", "mon-sun", "sat-sun"];
        let names = DAYS.iter().map(|(name, _)| *name).chain(common);
        // Full names and abbreviations of all sorts begin with the three letters.
        let start = entry.key.to_lowercase();
        let meant = DAYS
            .iter()
            .find(|(name, _)| start.starts_with(name) && !start.contains('-'));
        let hint = match meant {
            Some((name, _)) => Some(meant_to_be(name)),
            None => sink.meant(&entry.key, names),
        };
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

/// One shift in the notation of [`Shift`].
fn shift(node: &Node, sink: &Sink) -> Option<Shift> {
    let text = keys::text(node, sink)?;
    let shift = text.parse().ok();
    if shift.is_none() {
        let expected = Phrase::fixed(
            "a shift such as 09:00-12:00; one that ends the next day such as 22:00-06:00; 24:00 only as an end",
            "班次，如 09:00-12:00；跨夜如 22:00-06:00；24:00 只能作为结束",
        );
        sink.add(Code::BadShift, Found::value(node), expected);
    }
    shift
}

fn read_exceptions(node: &Node, sink: &Sink) -> Vec<Exception> {
    let entries = keys::entries(node, sink).unwrap_or(&[]);
    entries
        .iter()
        .filter_map(|entry| read_exception(entry, sink))
        .collect()
}

/// Hours alone, or a table that says why. The reason is kept for explanations, and decides nothing.
fn read_exception(entry: &Entry, sink: &Sink) -> Option<Exception> {
    let on = civil(&entry.key);
    if on.is_none() {
        let expected = Phrase::fixed("a date such as 2026-03-09", "日期，如 2026-03-09");
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

/// A word, or shifts. A text without a colon is a misspelt word rather than a shift.
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
