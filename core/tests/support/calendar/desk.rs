//! Random calendars, in words that the models and the library both understand.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, TimeDelta, Weekday};
use proptest::prelude::*;
use punctual::calendar::{
    Calendar, CalendarError, CalendarSpec, DayRule, Exception, HolidayRule, Shift, Zone, ZoneTable,
};

use super::SECOND;

/// Start and end in minutes after midnight; the end at or before the start is on the next date.
pub(crate) type Hours = (u16, u16);

/// A calendar in plain words.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) zone: &'static str,
    /// Monday first.
    pub(crate) week: [Vec<Hours>; 7],
    /// Dates with what replaces their shifts: none is a holiday.
    pub(crate) exceptions: Vec<(NaiveDate, Option<Vec<Hours>>)>,
    pub(crate) civil_day: bool,
    /// UTC microseconds around which to ask.
    pub(crate) around: i64,
}

impl Desk {
    pub(crate) fn compile(&self) -> Result<Calendar, CalendarError> {
        Calendar::compile(&self.spec())
    }

    pub(crate) fn spec(&self) -> CalendarSpec {
        let shifts = |hours: &[Hours]| -> Vec<Shift> {
            let parsed = hours.iter().map(|(start, end)| {
                let text = |minutes: &u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
                format!("{}-{}", text(start), text(end)).parse().unwrap()
            });
            parsed.collect()
        };
        let mut spec = CalendarSpec::weekly(self.zone.parse().unwrap());
        for (index, hours) in (0_u8..).zip(&self.week) {
            spec = spec.with_shifts([Weekday::try_from(index).unwrap()], &shifts(hours));
        }
        let exceptions = self.exceptions.iter().map(|(on, hours)| Exception {
            on: *on,
            rule: match hours {
                None => DayRule::Closed,
                Some(hours) => DayRule::Own(shifts(hours)),
            },
            name: None,
        });
        let rule = if self.civil_day {
            HolidayRule::CivilDay
        } else {
            HolidayRule::Shift
        };
        spec.with_exceptions(exceptions).with_holiday_rule(rule)
    }
}

/// Usual minutes of the clock more often than odd ones.
fn minute_of_day() -> impl Strategy<Value = u16> {
    prop_oneof![
        4 => (0..48_u16).prop_map(|half| half * 30),
        1 => 0..1_440_u16,
        1 => prop_oneof![Just(0), Just(60), Just(119), Just(120), Just(150), Just(180)],
    ]
}

fn hours() -> impl Strategy<Value = Hours> {
    let end = prop_oneof![8 => minute_of_day(), 1 => Just(1_440)];
    (minute_of_day(), end)
}

fn day() -> BoxedStrategy<Vec<Hours>> {
    prop_oneof![
        3 => prop::collection::vec(hours(), 0..4),
        1 => Just(vec![(540, 720), (810, 1_080)]),
        1 => Just(vec![(1_320, 360)]),
        1 => Just(vec![(0, 1_440)]),
        1 => Just(vec![]),
    ]
    .boxed()
}

fn week() -> BoxedStrategy<[Vec<Hours>; 7]> {
    let different = prop::array::uniform7(day());
    let alike = day().prop_map(|day| [0; 7].map(|_| day.clone()));
    prop_oneof![different, alike].boxed()
}

/// Days from the date asked about, with what replaces their shifts.
type Replaced = BTreeMap<i64, Option<Vec<Hours>>>;

fn exceptions() -> impl Strategy<Value = Replaced> {
    let rule = prop_oneof![Just(None), day().prop_map(Some)];
    prop::collection::btree_map(-12..=12_i64, rule, 0..5)
}

/// The exceptions on the dates around an instant.
fn dated(around: i64, replaced: Replaced) -> Vec<(NaiveDate, Option<Vec<Hours>>)> {
    let date = DateTime::from_timestamp_micros(around)
        .unwrap()
        .date_naive();
    let years = NaiveDate::from_ymd_opt(1970, 1, 1)..NaiveDate::from_ymd_opt(2100, 1, 1);
    let dated = replaced.into_iter();
    let dated = dated.map(|(days, rule)| (date + TimeDelta::days(days), rule));
    dated.filter(|(on, _)| years.contains(&Some(*on))).collect()
}

fn any_zone() -> impl Strategy<Value = &'static str> {
    let names: Vec<&'static str> = Zone::known_names().collect();
    let odd = vec![
        "UTC",
        "+08:00",
        "-09:30",
        "Asia/Shanghai",
        "Europe/Stockholm",
        "America/New_York",
        "America/Los_Angeles",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Asuncion",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "Pacific/Kiritimati",
        "Africa/Monrovia",
        "Antarctica/Troll",
        "Asia/Gaza",
    ];
    prop_oneof![prop::sample::select(odd), prop::sample::select(names)]
}

/// The changes of a zone's offset; found out once, for that takes some milliseconds.
fn changes_of(zone: &'static str) -> Vec<i64> {
    static KNOWN: Mutex<BTreeMap<&str, Vec<i64>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    let changes = known.entry(zone).or_insert_with(|| {
        let table = ZoneTable::new(zone.parse().unwrap());
        let all = table.changes().map(|change| change.at_micros);
        all.filter(|at| (0..END).contains(at)).collect()
    });
    changes.clone()
}

const END: i64 = 4_102_444_800 * SECOND;

/// A desk with the instant around which to ask. Made in one step from plain parts, so that it
/// shrinks in short steps.
fn desk(around: BoxedStrategy<Around>) -> BoxedStrategy<Desk> {
    let parts = (any_zone(), around, week(), exceptions(), any::<bool>());
    let made = parts.prop_map(|(zone, around, week, replaced, civil_day)| {
        let around = match around {
            Around::Micros(micros) => micros,
            Around::Change(index, otherwise) => {
                let changes = changes_of(zone);
                let chosen = (!changes.is_empty()).then(|| *index.get(&changes));
                chosen.unwrap_or(otherwise)
            }
        };
        Desk {
            zone,
            week,
            exceptions: dated(around, replaced),
            civil_day,
            around,
        }
    });
    made.boxed()
}

/// When to ask: at an instant, or at one of the zone's changes, if it has any.
#[derive(Debug, Clone)]
enum Around {
    Micros(i64),
    Change(prop::sample::Index, i64),
}

/// Calendars of any zone, asked about any time.
pub(crate) fn desks() -> BoxedStrategy<Desk> {
    let edges = prop_oneof![Just(0), Just(END - SECOND)];
    let micros = prop_oneof![9 => 0..END, 1 => edges];
    desk(micros.prop_map(Around::Micros).boxed())
}

/// Calendars asked about the days around a change of their zone's offset.
pub(crate) fn desks_near_a_change() -> BoxedStrategy<Desk> {
    let change = (any::<prop::sample::Index>(), 0..END);
    desk(
        change
            .prop_map(|(index, otherwise)| Around::Change(index, otherwise))
            .boxed(),
    )
}
