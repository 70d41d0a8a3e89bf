//! Random calendars, in words that the models and the library both understand.

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
        Calendar::compile(&spec.with_exceptions(exceptions).with_holiday_rule(rule))
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

fn day() -> impl Strategy<Value = Vec<Hours>> {
    prop_oneof![
        3 => prop::collection::vec(hours(), 0..4),
        1 => Just(vec![(540, 720), (810, 1_080)]),
        1 => Just(vec![(1_320, 360)]),
        1 => Just(vec![(0, 1_440)]),
        1 => Just(vec![]),
    ]
}

fn week() -> impl Strategy<Value = [Vec<Hours>; 7]> {
    let different = prop::array::uniform7(day());
    let alike = day().prop_map(|day| [0; 7].map(|_| day.clone()));
    prop_oneof![different, alike]
}

/// Dates within twelve days of an instant.
fn exceptions(around: i64) -> impl Strategy<Value = Vec<(NaiveDate, Option<Vec<Hours>>)>> {
    let rule = prop_oneof![Just(None), day().prop_map(Some)];
    prop::collection::btree_map(-12..=12_i64, rule, 0..5).prop_map(move |map| {
        let date = DateTime::from_timestamp_micros(around)
            .unwrap()
            .date_naive();
        let covered = |on: &NaiveDate| {
            let years = NaiveDate::from_ymd_opt(1970, 1, 1)..NaiveDate::from_ymd_opt(2100, 1, 1);
            years.contains(&Some(*on))
        };
        let dated = map.into_iter();
        let dated = dated.map(|(days, rule)| (date + TimeDelta::days(days), rule));
        dated.filter(|(on, _)| covered(on)).collect()
    })
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

fn desk(zone: &'static str, around: i64) -> impl Strategy<Value = Desk> {
    (week(), exceptions(around), any::<bool>()).prop_map(move |(week, exceptions, civil_day)| {
        Desk {
            zone,
            week,
            exceptions,
            civil_day,
            around,
        }
    })
}

/// Calendars of any zone, asked about any time.
pub(crate) fn desks() -> impl Strategy<Value = Desk> {
    let edges = prop_oneof![Just(0), Just(4_102_444_799 * SECOND)];
    let micros = prop_oneof![9 => 0..4_102_444_800_i64 * SECOND, 1 => edges];
    (any_zone(), micros).prop_flat_map(|(zone, around)| desk(zone, around))
}

/// Calendars asked about the days around a change of their zone's offset.
pub(crate) fn desks_near_a_change() -> impl Strategy<Value = Desk> {
    let changing = any_zone().prop_filter_map("no change", |zone| {
        let table = ZoneTable::new(zone.parse().unwrap());
        let covered = table.changes().map(|change| change.at_micros);
        let changes: Vec<i64> = covered
            .filter(|at| (0..4_102_444_800 * SECOND).contains(at))
            .collect();
        (!changes.is_empty()).then_some((zone, changes))
    });
    changing.prop_flat_map(|(zone, changes)| {
        prop::sample::select(changes).prop_flat_map(move |around| desk(zone, around))
    })
}
