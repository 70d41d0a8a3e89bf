//! The working days of a calendar, and budgets that count them.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use chrono::NaiveDate;

use super::compiled::{beyond, within_horizon};
use super::date::{date_of_day, day_number};
use super::expand::{FIRST_DAY, LAST_DAY, OpenDay, Run};
use super::{Calendar, CalendarError, DAY_SECS, SECOND};
use crate::time::Instant;

/// The local dates that have a shift, with their hours.
///
/// Most working days have the same hours relative to their date's midnight in UTC, so those are
/// kept once and numbered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WorkingDays {
    /// In order; days after [`FIRST_DAY`], and the number of the hours.
    days: Vec<(u16, u16)>,
    hours: Vec<Run>,
    /// Which dates have a shift, so that none is searched for: each 64 days their bits, and how many
    /// there are before them.
    marks: Vec<(u64, u32)>,
}

impl WorkingDays {
    pub(super) fn new(days: &[OpenDay]) -> Self {
        let mut hours = Vec::new();
        let mut numbers: BTreeMap<Run, u16> = BTreeMap::new();
        let mut kept = Vec::with_capacity(days.len());
        let mut last: Option<(Run, u16)> = None;
        for open in days {
            let relative = shifted(
                open.hours,
                open.day.saturating_mul(DAY_SECS).saturating_neg(),
            );
            // Most days are like the one before.
            let number = match last {
                Some((hours, number)) if hours == relative => number,
                Some(_) | None => *numbers.entry(relative).or_insert_with(|| {
                    hours.push(relative);
                    // There are fewer days than numbers.
                    u16::try_from(hours.len().saturating_sub(1)).unwrap_or(u16::MAX)
                }),
            };
            last = Some((relative, number));
            if let Some(index) = index_of(open.day) {
                kept.push((index, number));
            }
        }
        let marks = marks_of(&kept);
        Self {
            days: kept,
            hours,
            marks,
        }
    }

    /// Returns how many of the days come at or before a date, and whether that date is one of them.
    fn up_to(&self, index: u16) -> (usize, bool) {
        let Some((days, before)) = self.marks.get(usize::from(index / 64)) else {
            return (self.days.len(), false);
        };
        let bit = u32::from(index % 64);
        // Shifted by 63 less, it has this date's bit at the top and no later one.
        let until = days.wrapping_shl(63_u32.wrapping_sub(bit));
        let count = before.saturating_add(until.count_ones());
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        (count, until >> 63 == 1)
    }

    /// Returns the `n`-th working day after a date.
    fn nth_after(&self, day: i64, n: NonZeroU16) -> Option<OpenDay> {
        let day = day.clamp(FIRST_DAY, LAST_DAY);
        let index = index_of(day)?;
        let (later, _) = self.up_to(index);
        let steps = usize::from(n.get()).saturating_sub(1);
        self.at(*self.days.get(later.saturating_add(steps))?)
    }

    fn on(&self, day: i64) -> Option<OpenDay> {
        let index = index_of(day)?;
        let (count, is_one) = self.up_to(index);
        let last = self.days.get(count.checked_sub(1)?).filter(|_| is_one)?;
        self.at(*last)
    }

    fn at(&self, (index, number): (u16, u16)) -> Option<OpenDay> {
        let day = i64::from(index).saturating_add(FIRST_DAY);
        let relative = *self.hours.get(usize::from(number))?;
        let hours = shifted(relative, day.saturating_mul(DAY_SECS));
        Some(OpenDay { day, hours })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = OpenDay> + '_ {
        self.days.iter().filter_map(|day| self.at(*day))
    }

    pub(super) fn bytes(&self) -> usize {
        let lists = [
            size_of_val(self.days.as_slice()),
            size_of_val(self.hours.as_slice()),
            size_of_val(self.marks.as_slice()),
        ];
        lists.into_iter().fold(0, usize::saturating_add)
    }
}

/// Returns the bits of the days, and how many there are before each 64 of them.
fn marks_of(days: &[(u16, u16)]) -> Vec<(u64, u32)> {
    let last = days.last().map_or(0, |(index, _)| usize::from(index / 64));
    let mut marks = vec![(0_u64, 0_u32); last.saturating_add(1)];
    for (index, _) in days {
        if let Some((bits, _)) = marks.get_mut(usize::from(index / 64)) {
            *bits |= 1_u64.wrapping_shl(u32::from(index % 64));
        }
    }
    let mut before = 0_u32;
    for (bits, count) in &mut marks {
        *count = before;
        before = before.saturating_add(bits.count_ones());
    }
    marks
}

fn index_of(day: i64) -> Option<u16> {
    u16::try_from(day.saturating_sub(FIRST_DAY)).ok()
}

fn shifted(run: Run, by: i64) -> Run {
    (run.0.saturating_add(by), run.1.saturating_add(by))
}

impl Calendar {
    /// Returns the last closing of the `n`-th working day after the start's date: the budget `2wd`.
    ///
    /// - The start's date never counts, whatever the hour: Saturday and one working day is the
    ///   closing of Monday.
    /// - The last closing of a working day is the latest end among the shifts that start on it or
    ///   on an earlier date; see the [module](super) on night shifts, desks that stay open, and
    ///   clock changes.
    /// - A later start is never due earlier.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use std::num::NonZeroU16;
    ///
    /// let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let saturday = "2026-03-07T11:00:00+08:00".parse()?;
    /// let due = desk.working_day_closing(saturday, NonZeroU16::MIN)?;
    /// assert_eq!(due, "2026-03-09T18:00:00+08:00".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CalendarError::Unreachable`] when that is more than twelve years (4,383 days) later,
    /// [`CalendarError::BeyondRange`] when it is after 2099.
    pub fn working_day_closing(
        &self,
        start: Instant,
        n: NonZeroU16,
    ) -> Result<Instant, CalendarError> {
        let found = self.working_day_after(start, n)?;
        let closing = Instant::within(found.hours.1.saturating_mul(SECOND));
        within_horizon(start, closing.ok_or_else(|| beyond(start))?)
    }

    /// Returns the clock time of `start` on the `n`-th working day after its date: the budget `2wd`
    /// with `at = "same-time"`.
    ///
    /// The start's date never counts. A clock time that occurs twice on that day is the first of
    /// them; one that is skipped moves forward by the gap. The desk may be closed at that time.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use std::num::NonZeroU16;
    ///
    /// let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let friday = "2026-03-06T11:00:00+08:00".parse()?;
    /// let due = desk.working_day_same_time(friday, NonZeroU16::MIN)?;
    /// assert_eq!(due, "2026-03-09T11:00:00+08:00".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Calendar::working_day_closing`].
    pub fn working_day_same_time(
        &self,
        start: Instant,
        n: NonZeroU16,
    ) -> Result<Instant, CalendarError> {
        let found = self.working_day_after(start, n)?;
        let at = self.zone().same_time_on_day(start, found.day)?;
        within_horizon(start, at)
    }

    /// Returns the instant with the same local time `n` calendar days later: the budget `3d`.
    ///
    /// A local time that occurs twice is its first occurrence, one that is skipped moves forward by
    /// the gap. With `n` zero it is `start`. Whether the desk is open plays no part.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    ///
    /// let spec = CalendarSpec::weekly("Europe/Stockholm".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// // Over the change to summer time: the same local time, 71 hours later.
    /// let start = "2026-03-27T12:00:00+01:00".parse()?;
    /// assert_eq!(desk.days_after(start, 3)?, "2026-03-30T12:00:00+02:00".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CalendarError::BeyondRange`] after 2099.
    pub fn days_after(&self, start: Instant, n: u16) -> Result<Instant, CalendarError> {
        self.zone().days_after(start, n)
    }

    /// Returns whether a local date is a working day: a shift starts on it, and it is no holiday.
    #[must_use]
    pub fn is_working_day(&self, on: NaiveDate) -> bool {
        self.days().on(day_number(on)).is_some()
    }

    /// Returns the local date of the `n`-th working day after the date of `start`.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec, HolidaySet};
    /// use std::num::NonZeroU16;
    ///
    /// let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
    ///     .with_holidays(HolidaySet::Cn);
    /// let desk = Calendar::compile(&spec)?;
    /// // The eve of the holidays of May 2026.
    /// let eve = "2026-04-30T17:00:00+08:00".parse()?;
    /// assert_eq!(desk.working_day_on(eve, NonZeroU16::MIN)?.to_string(), "2026-05-06");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Calendar::working_day_closing`].
    pub fn working_day_on(
        &self,
        start: Instant,
        n: NonZeroU16,
    ) -> Result<NaiveDate, CalendarError> {
        let found = self.working_day_after(start, n)?;
        date_of_day(found.day).ok_or_else(|| beyond(start))
    }

    fn working_day_after(&self, start: Instant, n: NonZeroU16) -> Result<OpenDay, CalendarError> {
        let day = self.zone().latest_day(start);
        self.days().nth_after(day, n).ok_or_else(|| beyond(start))
    }
}
