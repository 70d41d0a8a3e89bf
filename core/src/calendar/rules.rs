//! What a published calendar says, date by date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::date::{as_text, day_number};
use super::{CalendarError, DAY_SECS, END_SECS, MOST_EXCEPTIONS, MOST_SHIFTS, Shift, ZoneTable};

/// What replaces the weekly shifts on one date (SEMANTICS K2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayRule {
    /// A holiday: closed, in the way that the calendar's [`HolidayRule`] says.
    Closed,
    /// A make-up working day: the shifts of a working day, whatever the weekday.
    MakeUp,
    /// Hours of its own. An empty list means that no shift starts on the date; unlike a holiday
    /// that leaves alone what reaches into it from the date before.
    Own(Vec<Shift>),
}

/// One date on which something else than the weekly shifts counts.
///
/// ```
/// use punctual::calendar::{DayRule, Exception};
///
/// let eve = Exception::own("2026-12-24".parse()?, ["09:00-12:00".parse()?]).named("Christmas Eve");
/// assert!(matches!(eve.rule, DayRule::Own(ref shifts) if shifts.len() == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exception {
    /// The local date.
    #[serde(with = "as_text")]
    pub on: NaiveDate,
    /// What counts on it.
    pub rule: DayRule,
    /// What people call it, for explanations.
    pub name: Option<SmolStr>,
}

impl Exception {
    /// Returns a holiday.
    #[must_use]
    pub const fn closed(on: NaiveDate) -> Self {
        Self {
            on,
            rule: DayRule::Closed,
            name: None,
        }
    }

    /// Returns a make-up working day.
    #[must_use]
    pub const fn make_up(on: NaiveDate) -> Self {
        Self {
            on,
            rule: DayRule::MakeUp,
            name: None,
        }
    }

    /// Returns a date with hours of its own.
    #[must_use]
    pub fn own(on: NaiveDate, shifts: impl IntoIterator<Item = Shift>) -> Self {
        Self {
            on,
            rule: DayRule::Own(shifts.into_iter().collect()),
            name: None,
        }
    }

    /// Returns the same with what people call it.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(SmolStr::new(name));
        self
    }
}

/// What a holiday closes (SEMANTICS K2).
///
/// ```
/// use punctual::calendar::{Calendar, CalendarSpec, Exception, HolidayRule};
///
/// let night = |rule| -> Result<Calendar, Box<dyn std::error::Error>> {
///     let spec = CalendarSpec::weekly("+08:00".parse()?)
///         .with_shifts(CalendarSpec::MON_FRI, &["22:00-06:00".parse()?])
///         .with_exceptions([Exception::closed("2026-10-01".parse()?)])
///         .with_holiday_rule(rule);
///     Ok(Calendar::compile(&spec)?)
/// };
/// // Three in the morning of the holiday: the shift of the eve, or the holiday itself?
/// let three = "2026-10-01T03:00:00+08:00".parse()?;
/// assert!(night(HolidayRule::Shift)?.is_open(three));
/// assert!(!night(HolidayRule::CivilDay)?.is_open(three));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolidayRule {
    /// The shifts that start on it: a night shift of the eve runs on into the holiday, and the one
    /// that would start on the holiday does not take place.
    #[default]
    Shift,
    /// The civil day, from its midnight to the next: a night shift of the eve ends at midnight,
    /// and the one of the holiday begins at the midnight after it. The date is no working day.
    CivilDay,
}

/// All that a timetable needs, with nothing left to look up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rules {
    pub(super) zone: ZoneTable,
    pub(super) always: bool,
    /// Monday first.
    pub(super) week: [Vec<Shift>; 7],
    /// The shifts of a make-up working day.
    pub(super) make_up: Vec<Shift>,
    pub(super) holiday_rule: HolidayRule,
    /// In order of dates, each date once.
    pub(super) exceptions: Vec<Exception>,
    /// The first date whose holidays are not known yet.
    #[serde(with = "optional_date")]
    pub(super) provisional_from: Option<NaiveDate>,
}

impl Rules {
    /// Returns rules of a desk that never closes.
    pub(super) fn always(zone: ZoneTable) -> Self {
        Self {
            zone,
            always: true,
            week: Default::default(),
            make_up: Vec::new(),
            holiday_rule: HolidayRule::default(),
            exceptions: Vec::new(),
            provisional_from: None,
        }
    }

    /// Returns the rules if they hold together.
    pub(super) fn checked(self) -> Result<Self, CalendarError> {
        check_exceptions(&self.exceptions)?;
        for day in self.week.iter().chain([&self.make_up]) {
            check_shifts(day)?;
        }
        check_order(&self.exceptions)?;
        let hours = self.week.iter().any(|day| !day.is_empty()) || !self.make_up.is_empty();
        if self.always && (hours || !self.exceptions.is_empty()) {
            return Err(CalendarError::AlwaysWithHours);
        }
        if self.make_up.is_empty() {
            let mut days = self.exceptions.iter();
            if let Some(day) = days.find(|day| day.rule == DayRule::MakeUp) {
                return Err(CalendarError::NoMakeUpShifts { on: day.on });
            }
        }
        Ok(self)
    }

    /// Returns the exception on a date, if there is one.
    pub(super) fn exception_on(&self, on: NaiveDate) -> Option<&Exception> {
        let found = self.exceptions.binary_search_by_key(&on, |day| day.on);
        found.ok().and_then(|index| self.exceptions.get(index))
    }
}

fn check_shifts(shifts: &[Shift]) -> Result<(), CalendarError> {
    if shifts.len() > MOST_SHIFTS {
        return Err(CalendarError::TooManyShifts {
            found: shifts.len(),
            most: MOST_SHIFTS,
        });
    }
    Ok(())
}

/// Checks the number of the exceptions and each one alone.
pub(super) fn check_exceptions(exceptions: &[Exception]) -> Result<(), CalendarError> {
    if exceptions.len() > MOST_EXCEPTIONS {
        return Err(CalendarError::TooManyExceptions {
            found: exceptions.len(),
            most: MOST_EXCEPTIONS,
        });
    }
    for Exception { on, rule, .. } in exceptions {
        let days = 0..END_SECS.wrapping_div(DAY_SECS);
        if !days.contains(&day_number(*on)) {
            return Err(CalendarError::ExceptionOutOfRange { on: *on });
        }
        if let DayRule::Own(shifts) = rule {
            check_shifts(shifts)?;
        }
    }
    Ok(())
}

/// Checks that each date stands once and after the one before it.
fn check_order(exceptions: &[Exception]) -> Result<(), CalendarError> {
    let mut last: Option<NaiveDate> = None;
    for Exception { on, .. } in exceptions {
        let on = *on;
        match last {
            Some(before) if before == on => return Err(CalendarError::RepeatedException { on }),
            Some(before) if before > on => return Err(CalendarError::UnsortedException { on }),
            Some(_) | None => last = Some(on),
        }
    }
    Ok(())
}

/// An optional date, as text or as a number.
mod optional_date {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::as_text;

    #[derive(Serialize, Deserialize)]
    struct Dated(#[serde(with = "as_text")] NaiveDate);

    #[expect(clippy::ref_option, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(
        date: &Option<NaiveDate>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        date.map(Dated).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        Ok(Option::<Dated>::deserialize(deserializer)?.map(|Dated(date)| date))
    }
}
