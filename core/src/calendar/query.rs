//! Questions about the hours themselves: open now, open next, open when.

use super::Calendar;
use crate::time::{Instant, Interval};

impl Calendar {
    /// Returns whether the desk is open at `at`: the instant of opening is open, that of closing is
    /// closed.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// assert!(desk.is_open("2026-03-09T09:00:00+08:00".parse()?));
    /// assert!(!desk.is_open("2026-03-09T18:00:00+08:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        let at = at.micros();
        let until = self.worked_until_micros(at.saturating_add(1));
        until > self.worked_until_micros(at)
    }

    /// Returns the first instant later than `at` at which the desk goes from closed to open, if
    /// that happens before the end of 2099.
    ///
    /// At the instant of an opening it is the one after that.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::Instant;
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let saturday: Instant = "2024-03-09T12:00:00+08:00".parse()?;
    /// assert_eq!(desk.next_opening(saturday), "2024-03-11T09:00:00+08:00".parse().ok());
    /// assert_eq!(desk.next_closing(saturday), "2024-03-11T18:00:00+08:00".parse().ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn next_opening(&self, at: Instant) -> Option<Instant> {
        let closed = self.closed_from(at.micros())?;
        Instant::within(self.locate_micros(self.worked_until_micros(closed))?)
    }

    /// Returns the first instant later than `at` at which the desk goes from open to closed, if
    /// that happens before the end of 2099.
    ///
    /// At the instant of a closing it is the one after that. Shifts that touch or overlap do not
    /// close between them.
    #[must_use]
    pub fn next_closing(&self, at: Instant) -> Option<Instant> {
        let open = self.locate_micros(self.worked_until_micros(at.micros()))?;
        Instant::within(self.closed_from(open)?)
    }

    /// Returns the open intervals within `range`, in order of time, cut off at its ends.
    ///
    /// Touching and overlapping shifts are one interval, so that between two intervals the desk is
    /// closed.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::Interval;
    ///
    /// let spec = CalendarSpec::weekly("UTC".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-12:00".parse()?, "13:00-17:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let monday = Interval::new("2026-03-09T10:00:00Z".parse()?, "2026-03-10T00:00:00Z".parse()?)?;
    /// let hours: Vec<String> = desk.intervals(monday).map(|open| open.length().to_string()).collect();
    /// assert_eq!(hours, ["2h", "4h"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn intervals(&self, range: Interval) -> Intervals {
        Intervals {
            calendar: self.clone(),
            from: range.start().micros(),
            end: range.end().micros(),
        }
    }
}

/// The open intervals of a range; made by [`Calendar::intervals`].
#[derive(Debug, Clone)]
pub struct Intervals {
    calendar: Calendar,
    from: i64,
    end: i64,
}

impl Iterator for Intervals {
    type Item = Interval;

    fn next(&mut self) -> Option<Interval> {
        let worked = self.calendar.worked_until_micros(self.from);
        let start = self.calendar.locate_micros(worked)?;
        if start >= self.end {
            self.from = self.end;
            return None;
        }
        let closed = self.calendar.closed_from(start).unwrap_or(self.end);
        self.from = closed.min(self.end);
        Interval::new(Instant::within(start)?, Instant::within(self.from)?).ok()
    }
}

impl std::iter::FusedIterator for Intervals {}
