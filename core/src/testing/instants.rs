//! Instants and calendars at random.

use std::fmt;

use chrono::{Days, NaiveDate, Weekday};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::calendar::{CalendarSpec, Exception, HolidaySet, Shift, Zone};
use crate::time::{Instant, Span};

/// 2026-03-09T01:00:00Z, a Monday: nine in the morning in Shanghai. Instants shrink to it.
const MONDAY: i64 = 1_773_018_000_000_000;

/// Returns instants: most of them within some years of 2026, on whole minutes or a microsecond beside
/// them, some anywhere from 1970 to 2099. They shrink to Monday, 2026-03-09T01:00:00Z.
///
/// ```
/// use proptest::prelude::*;
/// use punctual::testing::instants;
///
/// proptest!(|(at in instants())| prop_assert_eq!(at.to_string().parse(), Ok(at)));
/// ```
pub fn instants() -> impl Strategy<Value = Instant> + Clone {
    let near = (0..8 * 7 * 24 * 60_i64, 0..120_i64, -1..2_i64);
    let near = near.prop_map(|(minutes, months, micros)| {
        let months = Span::DAY.micros().saturating_mul(30).saturating_mul(months);
        let minutes = Span::MINUTE.micros().saturating_mul(minutes);
        let offset = minutes.saturating_add(months).saturating_add(micros);
        Instant::clamped(MONDAY.saturating_add(offset))
    });
    let any = (Instant::MIN.micros()..=Instant::MAX.micros()).prop_map(Instant::clamped);
    prop_oneof![19 => near, 1 => any]
}

/// Zones whose clocks do not change, and zones whose clocks do in various ways.
const ZONES: [&str; 10] = [
    "UTC",
    "Asia/Shanghai",
    "+05:45",
    "Europe/Stockholm",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Asia/Kathmandu",
];

pub(super) fn zones() -> impl Strategy<Value = &'static str> + Clone {
    select(&ZONES[..])
}

/// A calendar as a small value: what [`calendars`] gives, and what policies have in them.
///
/// ```
/// use punctual::calendar::Calendar;
/// use punctual::testing::{CalendarPlan, Hours};
///
/// let plan = CalendarPlan {
///     zone: Some("Europe/Stockholm"),
///     hours: Hours::Weekly {
///         days: [true, true, true, true, true, false, false],
///         shifts: vec!["09:00-17:00".parse()?],
///         exceptions: Vec::new(),
///         holidays: false,
///     },
/// };
/// // As a table of a policy, and as a calendar.
/// assert!(plan.to_string().contains(r#"zone = "Europe/Stockholm""#));
/// let calendar = Calendar::compile(&plan.spec("UTC".parse()?))?;
/// assert!(calendar.is_open("2026-03-09T09:00:00+01:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPlan {
    /// Its zone; `None` for the policy's.
    pub zone: Option<&'static str>,
    /// When it is open.
    pub hours: Hours,
}

/// When a planned calendar is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// At shifts on some days of the week.
    Weekly {
        /// On which days; Monday first.
        days: [bool; 7],
        /// When on each of them.
        shifts: Vec<Shift>,
        /// What replaces the shifts on some dates.
        exceptions: Vec<(NaiveDate, Day)>,
        /// Whether the holidays of mainland China count.
        holidays: bool,
    },
    /// Day and night.
    Always,
}

/// What replaces the weekly shifts on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// Nothing.
    Closed,
    /// The shifts of a working day.
    MakeUp,
    /// Hours of its own.
    Own(Vec<Shift>),
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

impl CalendarPlan {
    /// Returns it as a specification; `zone` is used where it names none itself.
    #[must_use]
    pub fn spec(&self, zone: Zone) -> CalendarSpec {
        let own = self.zone.and_then(|name| name.parse().ok());
        let zone = own.unwrap_or(zone);
        match &self.hours {
            Hours::Always => CalendarSpec::always(zone),
            Hours::Weekly {
                days,
                shifts,
                exceptions,
                holidays,
            } => {
                let open = DAYS.iter().zip(days).filter(|(_, open)| **open);
                let spec = CalendarSpec::weekly(zone)
                    .with_shifts(open.map(|((_, day), _)| *day), shifts)
                    .with_exceptions(exceptions.iter().map(|(on, day)| match day {
                        Day::Closed => Exception::closed(*on),
                        Day::MakeUp => Exception::make_up(*on),
                        Day::Own(shifts) => Exception::own(*on, shifts.iter().copied()),
                    }));
                if *holidays {
                    spec.with_holidays(HolidaySet::Cn)
                } else {
                    spec
                }
            }
        }
    }
}

impl fmt::Display for CalendarPlan {
    /// Writes the keys of a `[calendar.<name>]` table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(zone) = self.zone {
            writeln!(f, "zone = \"{zone}\"")?;
        }
        let Hours::Weekly {
            days,
            shifts,
            exceptions,
            holidays,
        } = &self.hours
        else {
            return writeln!(f, "always = true");
        };
        let hours = list(shifts);
        let open = DAYS.iter().zip(days).filter(|(_, open)| **open);
        let week: Vec<String> = open
            .map(|((day, _), _)| format!("{day} = {hours}"))
            .collect();
        writeln!(f, "week = {{ {} }}", week.join(", "))?;
        if *holidays {
            writeln!(f, "holidays = \"CN\"")?;
        }
        if exceptions.is_empty() {
            return Ok(());
        }
        let dated = exceptions.iter().map(|(on, day)| match day {
            Day::Closed => format!("{on} = \"closed\""),
            Day::MakeUp => format!("{on} = \"make-up\""),
            Day::Own(shifts) => format!("{on} = {}", list(shifts)),
        });
        let dated: Vec<String> = dated.collect();
        writeln!(f, "exceptions = {{ {} }}", dated.join(", "))
    }
}

fn list(shifts: &[Shift]) -> String {
    let shifts: Vec<String> = shifts.iter().map(|shift| format!("\"{shift}\"")).collect();
    format!("[{}]", shifts.join(", "))
}

/// Half hours, since people draw up shifts in them.
fn shifts() -> impl Strategy<Value = Shift> + Clone {
    let office = Shift::from_minutes(9 * 60, 17 * 60);
    let common = select(
        &[
            "09:00-17:00",
            "09:00-12:00",
            "13:30-18:00",
            "22:00-06:00",
            "00:00-24:00",
        ][..],
    );
    let common = common.prop_map(move |text| text.parse().ok().or(office.clone().ok()));
    let any = (0..48_u16, 0..48_u16).prop_map(|(from, to)| {
        Shift::from_minutes(from.saturating_mul(30), to.saturating_mul(30)).ok()
    });
    prop_oneof![3 => common, 1 => any].prop_filter_map("no shift", |shift| shift)
}

fn exceptions() -> impl Strategy<Value = Vec<(NaiveDate, Day)>> + Clone {
    let day = prop_oneof![
        Just(Day::Closed),
        Just(Day::MakeUp),
        vec(shifts(), 1..3).prop_map(Day::Own),
    ];
    vec((0..70_u64, day), 0..4).prop_map(|dated| {
        let mut found: Vec<(NaiveDate, Day)> = Vec::new();
        for (after, day) in dated {
            let on = NaiveDate::from_ymd_opt(2026, 3, 5)
                .and_then(|first| first.checked_add_days(Days::new(after)));
            if let Some(on) = on.filter(|on| found.iter().all(|(known, _)| known != on)) {
                found.push((on, day));
            }
        }
        found
    })
}

pub(super) fn hours() -> impl Strategy<Value = Hours> + Clone {
    let days = prop_oneof![
        3 => Just([true, true, true, true, true, false, false]),
        1 => Just([true; 7]),
        1 => (0..7_usize).prop_map(|only| std::array::from_fn(|day| day == only)),
        1 => proptest::array::uniform7(any::<bool>())
            .prop_map(|days| if days == [false; 7] { [true; 7] } else { days }),
    ];
    let weekly = (
        days,
        vec(shifts(), 1..4),
        exceptions(),
        proptest::bool::weighted(0.2),
    );
    let weekly = weekly.prop_map(|(days, shifts, exceptions, holidays)| Hours::Weekly {
        days,
        shifts,
        exceptions,
        holidays,
    });
    prop_oneof![9 => weekly, 1 => Just(Hours::Always)]
}

/// Returns plans of calendars: one to three shifts a day, some through the night, on some days of the
/// week, with exceptions in the spring of 2026, with and without holidays; or always open. In zones
/// whose clocks change and in zones whose clocks do not.
pub fn calendar_plans() -> impl Strategy<Value = CalendarPlan> + Clone {
    (zones(), hours()).prop_map(|(zone, hours)| CalendarPlan {
        zone: Some(zone),
        hours,
    })
}

/// Returns specifications of calendars, each of which is open at some time. They shrink to one shift
/// from Monday to Friday in UTC.
///
/// ```
/// use proptest::prelude::*;
/// use punctual::calendar::Calendar;
/// use punctual::testing::calendars;
///
/// proptest!(ProptestConfig::with_cases(4), |(spec in calendars())| {
///     prop_assert!(Calendar::compile(&spec).is_ok());
/// });
/// ```
pub fn calendars() -> impl Strategy<Value = CalendarSpec> + Clone {
    calendar_plans().prop_map(|plan| plan.spec(Zone::UTC))
}
