//! What an author writes about a calendar, already parsed.

use chrono::Weekday;

use super::rules::{self, Rules};
use super::{CalendarError, DayRule, Exception, HolidayRule, HolidaySet, Shift, Zone, ZoneTable};

/// A calendar as its author wrote it: zone, weekly shifts, holidays, exceptions; or always open.
///
/// Nothing is checked until it is published or compiled, so that the order of the calls does not
/// matter.
///
/// - An exception of its own replaces what a holiday set says about that date.
/// - A make-up working day has the shifts of the first weekday, from Monday on, that has any,
///   unless [`CalendarSpec::with_make_up`] gives others.
///
/// ```
/// use punctual::calendar::{CalendarSpec, Exception, HolidaySet, Shift};
///
/// let half_day: Shift = "09:00-12:00".parse()?;
/// let office = CalendarSpec::weekly("Asia/Shanghai".parse()?)
///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-17:30".parse()?])
///     .with_holidays(HolidaySet::Cn)
///     .with_exceptions([Exception::own("2026-12-31".parse()?, [half_day])]);
/// let hotline = CalendarSpec::always("Asia/Shanghai".parse()?);
/// assert_ne!(office, hotline);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSpec {
    zone: Zone,
    always: bool,
    week: [Vec<Shift>; 7],
    make_up: Option<Vec<Shift>>,
    holidays: Option<HolidaySet>,
    holiday_rule: HolidayRule,
    exceptions: Vec<Exception>,
}

impl CalendarSpec {
    /// The days of the usual working week.
    pub const MON_FRI: [Weekday; 5] = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
    ];

    /// Returns a calendar in `zone` that has no shifts yet.
    #[must_use]
    pub fn weekly(zone: Zone) -> Self {
        Self {
            zone,
            always: false,
            week: Default::default(),
            make_up: None,
            holidays: None,
            holiday_rule: HolidayRule::default(),
            exceptions: Vec::new(),
        }
    }

    /// Returns a calendar that never closes. Its zone says what a calendar day is; it takes no
    /// shifts, holidays or exceptions.
    #[must_use]
    pub fn always(zone: Zone) -> Self {
        Self {
            always: true,
            ..Self::weekly(zone)
        }
    }

    /// Returns the same with `shifts` on each of `days`, in place of those that it had there.
    #[must_use]
    pub fn with_shifts(
        mut self,
        days: impl IntoIterator<Item = Weekday>,
        shifts: &[Shift],
    ) -> Self {
        for day in days {
            let index = usize::try_from(day.num_days_from_monday()).unwrap_or_default();
            if let Some(of_day) = self.week.get_mut(index) {
                of_day.clear();
                of_day.extend_from_slice(shifts);
            }
        }
        self
    }

    /// Returns the same with all shifts of the week, Monday first.
    #[must_use]
    pub fn with_week(mut self, week: [Vec<Shift>; 7]) -> Self {
        self.week = week;
        self
    }

    /// Returns the same with the holidays and make-up working days of `set`.
    #[must_use]
    pub fn with_holidays(mut self, set: HolidaySet) -> Self {
        self.holidays = Some(set);
        self
    }

    /// Returns the same with another meaning of "holiday"; [`HolidayRule::Shift`] if never called.
    #[must_use]
    pub fn with_holiday_rule(mut self, rule: HolidayRule) -> Self {
        self.holiday_rule = rule;
        self
    }

    /// Returns the same with `shifts` on every make-up working day.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec, Exception};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
    ///     .with_make_up(&["09:00-12:00".parse()?])
    ///     .with_exceptions([Exception::make_up("2026-05-16".parse()?)]); // a Saturday
    /// let desk = Calendar::compile(&spec)?;
    /// assert!(desk.is_open("2026-05-16T10:00:00+08:00".parse()?));
    /// assert!(!desk.is_open("2026-05-16T14:00:00+08:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_make_up(mut self, shifts: &[Shift]) -> Self {
        self.make_up = Some(shifts.to_vec());
        self
    }

    /// Returns the same with more exceptions, in any order. Two on one date are refused when the
    /// calendar is published.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec, Exception};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
    ///     .with_exceptions([
    ///         Exception::closed("2026-05-15".parse()?).named("stocktaking"),
    ///         Exception::make_up("2026-05-16".parse()?), // a Saturday
    ///     ]);
    /// let desk = Calendar::compile(&spec)?;
    /// assert!(!desk.is_working_day("2026-05-15".parse()?));
    /// assert!(desk.is_working_day("2026-05-16".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_exceptions(mut self, exceptions: impl IntoIterator<Item = Exception>) -> Self {
        self.exceptions.extend(exceptions);
        self
    }

    /// Returns the zone.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// Returns whether it was made by [`CalendarSpec::always`].
    #[must_use]
    pub const fn is_always(&self) -> bool {
        self.always
    }

    /// Returns the shifts of the week, Monday first.
    #[must_use]
    pub const fn week(&self) -> &[Vec<Shift>; 7] {
        &self.week
    }

    /// Returns the shifts of a make-up working day: those given, or those of the first weekday
    /// that has any. Empty when there is none.
    #[must_use]
    pub fn make_up(&self) -> &[Shift] {
        let first = || self.week.iter().find(|day| !day.is_empty());
        let shifts = self.make_up.as_ref().or_else(first);
        shifts.map_or(&[], Vec::as_slice)
    }

    /// Returns the exceptions of its own, without those of the holidays, as they were given.
    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Writes out zone and holidays.
    pub(super) fn rules(&self) -> Result<Rules, CalendarError> {
        rules::check_exceptions(&self.exceptions)?;
        let mut exceptions = self.exceptions.clone();
        // Stable and before the holidays are added: of two on one date the author's comes first.
        exceptions.sort_by_key(|exception| exception.on);
        if let Some(on) = repeated(&exceptions) {
            return Err(CalendarError::RepeatedException { on });
        }
        let mut provisional_from = None;
        if let Some(set) = self.holidays {
            exceptions.extend(set.exceptions()?);
            exceptions.sort_by_key(|exception| exception.on);
            exceptions.dedup_by_key(|exception| exception.on);
            provisional_from = Some(set.provisional_from()?);
        }
        let uses_make_up = |exception: &Exception| exception.rule == DayRule::MakeUp;
        let make_up = if self.make_up.is_some() || exceptions.iter().any(uses_make_up) {
            self.make_up().to_vec()
        } else {
            Vec::new()
        };
        Rules {
            zone: ZoneTable::new(self.zone),
            always: self.always,
            week: self.week.clone(),
            make_up,
            holiday_rule: self.holiday_rule,
            exceptions,
            provisional_from,
        }
        .checked()
    }
}

/// Returns the first date that stands twice in a sorted list.
fn repeated(sorted: &[Exception]) -> Option<chrono::NaiveDate> {
    sorted.windows(2).find_map(|pair| match pair {
        [a, b] if a.on == b.on => Some(a.on),
        _ => None,
    })
}
