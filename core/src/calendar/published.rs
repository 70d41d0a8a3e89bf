//! A version of a calendar that means the same for ever.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rules::Rules;
use super::{Calendar, CalendarError, CalendarSpec, Exception, Shift, ZoneTable};
use crate::event::CalendarId;

/// One immutable version of a calendar, with everything written out that a name stood for.
///
/// Holidays have become dated exceptions and the zone a [`ZoneTable`], so that upgrading this
/// library, its holidays or its zone data changes no answer (SEMANTICS K7). This is what a log
/// keeps; compile it into a [`Calendar`] to ask it something.
///
/// The serialized form is a contract with every log ever written. What is read back is checked as
/// strictly as what an author wrote.
///
/// ```
/// use punctual::calendar::{CalendarSpec, HolidaySet, PublishedCalendar};
///
/// let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
///     .with_holidays(HolidaySet::Cn);
/// let published = PublishedCalendar::publish(&spec, "office".parse()?, 1)?;
/// let holiday = published.exception_on("2026-10-01".parse()?);
/// assert_eq!(holiday.and_then(|day| day.name.as_deref()), Some("国庆节"));
/// let calendar = published.compile()?;
/// assert!(!calendar.is_open("2026-10-01T02:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct PublishedCalendar {
    id: CalendarId,
    version: u32,
    rules: Rules,
}

/// The serialized form before it is checked.
#[derive(Deserialize)]
struct Unchecked {
    id: CalendarId,
    version: u32,
    rules: Rules,
}

impl TryFrom<Unchecked> for PublishedCalendar {
    type Error = CalendarError;

    fn try_from(read: Unchecked) -> Result<Self, CalendarError> {
        Ok(Self {
            id: read.id,
            version: read.version,
            rules: read.rules.checked()?,
        })
    }
}

impl PublishedCalendar {
    /// Writes out the zone and the holidays of `spec`.
    ///
    /// # Errors
    /// [`CalendarError`] for repeated exceptions, exceptions or shifts beyond their limits, a
    /// make-up day without shifts, an always open calendar with hours, and a calendar that is never
    /// open.
    pub fn publish(
        spec: &CalendarSpec,
        id: CalendarId,
        version: u32,
    ) -> Result<Self, CalendarError> {
        Self::publish_and_compile(spec, id, version).map(|(published, _)| published)
    }

    /// Writes out the zone and the holidays of `spec`, and hands back the timetable too: whether a
    /// calendar is ever open is only known once it is built.
    ///
    /// # Errors
    /// As [`PublishedCalendar::publish`].
    pub fn publish_and_compile(
        spec: &CalendarSpec,
        id: CalendarId,
        version: u32,
    ) -> Result<(Self, Calendar), CalendarError> {
        let rules = spec.rules()?;
        let calendar = Calendar::from_rules(&rules)?;
        Ok((Self { id, version, rules }, calendar))
    }

    /// Builds the timetable.
    ///
    /// # Errors
    /// [`CalendarError::NeverOpen`], which a calendar made by [`PublishedCalendar::publish`] is
    /// not.
    ///
    /// # Complexity
    /// One step for each date and shift from 1970 to 2099: about three milliseconds. Compile once
    /// and clone the result.
    pub fn compile(&self) -> Result<Calendar, CalendarError> {
        Calendar::from_rules(&self.rules)
    }

    /// Returns the name that all its versions share.
    #[must_use]
    pub const fn id(&self) -> &CalendarId {
        &self.id
    }

    /// Returns which version it is.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the zone, written out.
    #[must_use]
    pub const fn zone(&self) -> &ZoneTable {
        &self.rules.zone
    }

    /// Returns whether it never closes.
    #[must_use]
    pub const fn is_always(&self) -> bool {
        self.rules.always
    }

    /// Returns the shifts of the week, Monday first.
    #[must_use]
    pub const fn week(&self) -> &[Vec<Shift>; 7] {
        &self.rules.week
    }

    /// Returns all exceptions, holidays included, in order of dates.
    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.rules.exceptions
    }

    /// Returns the exception on a local date, if it has one: why the desk is closed, or open.
    ///
    /// ```
    /// use punctual::calendar::{CalendarSpec, HolidaySet, PublishedCalendar};
    ///
    /// let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
    ///     .with_holidays(HolidaySet::Cn);
    /// let published = PublishedCalendar::publish(&spec, "office".parse()?, 1)?;
    /// assert!(published.exception_on("2026-10-02".parse()?).is_some()); // why nobody answers
    /// assert!(published.exception_on("2026-03-09".parse()?).is_none()); // an ordinary Monday
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn exception_on(&self, on: NaiveDate) -> Option<&Exception> {
        self.rules.exception_on(on)
    }

    /// Returns the first local date whose holidays were not known when this was published.
    #[must_use]
    pub const fn provisional_from(&self) -> Option<NaiveDate> {
        self.rules.provisional_from
    }
}
