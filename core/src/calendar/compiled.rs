//! A calendar that answers.

use std::fmt;
use std::sync::Arc;

use super::expand::{self, Run, WorkingSet};
use super::rules::Rules;
use super::timetable::Timetable;
use super::working_days::WorkingDays;
use super::{CalendarError, CalendarSpec, DAY_SECS, END_SECS, HORIZON_DAYS, SECOND, ZoneTable};
use crate::time::{Instant, Span, WorkingTime};

const END: i64 = END_SECS.wrapping_mul(SECOND);
const HORIZON: i64 = HORIZON_DAYS.wrapping_mul(DAY_SECS).wrapping_mul(SECOND);

/// A compiled calendar: one working set from 1970 to 2099, ready to be asked.
///
/// Immutable; a clone increments a counter. Two are equal when they are open at the same instants,
/// count the same working days, and have the same zone and the same provisional dates.
///
/// Writing W(t) for the open time before `t`, everything here is integer arithmetic on W and its
/// inverse, in a fixed number of steps however long the length.
///
/// ```
/// use punctual::calendar::{Calendar, CalendarSpec};
/// use punctual::time::{Instant, Span, WorkingTime};
///
/// let spec = CalendarSpec::weekly("+08:00".parse()?)
///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
/// let desk = Calendar::compile(&spec)?;
/// let friday: Instant = "2024-03-08T17:00:00+08:00".parse()?;
/// let due = desk.after(friday, WorkingTime::from_hours(2))?;
/// assert_eq!(due, "2024-03-11T10:00:00+08:00".parse()?);
/// assert_eq!(desk.elapsed(friday, due), Span::from_hours(2)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Calendar(Arc<Inner>);

#[derive(PartialEq, Eq)]
struct Inner {
    zone: ZoneTable,
    open: Open,
    days: WorkingDays,
    /// The answer is provisional if it rests on anything at or after this instant.
    provisional_from: Option<i64>,
}

/// When the desk is open. A calendar that never closes needs no table: W(t) = t.
#[derive(PartialEq, Eq)]
enum Open {
    Always,
    Sometimes(Timetable),
}

impl Calendar {
    /// Compiles what an author wrote, without publishing it: for tests and trials.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarError, CalendarSpec};
    ///
    /// let never = Calendar::compile(&CalendarSpec::weekly("UTC".parse()?));
    /// assert_eq!(never.err(), Some(CalendarError::NeverOpen)); // no shift was given
    /// # Ok::<(), CalendarError>(())
    /// ```
    ///
    /// # Errors
    /// As [`PublishedCalendar::publish`](super::PublishedCalendar::publish).
    pub fn compile(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        Self::from_rules(&spec.rules()?)
    }

    /// Returns the calendar that never closes. The zone says what a calendar day is, and every date
    /// is a working day that closes at midnight.
    ///
    /// # Complexity
    /// One step for each date from 1970 to 2099: about a millisecond.
    #[must_use]
    pub fn always(zone: ZoneTable) -> Self {
        let rules = Rules::always(zone.clone());
        let days = WorkingDays::new(&expand::working_set(&rules).days);
        Self(Arc::new(Inner {
            zone,
            open: Open::Always,
            days,
            provisional_from: None,
        }))
    }

    pub(super) fn from_rules(rules: &Rules) -> Result<Self, CalendarError> {
        let provisional_from = rules.provisional_from.and_then(|on| {
            let start = rules.zone.start_of(on)?;
            Some(start.micros())
        });
        Self::new(
            rules.zone.clone(),
            &expand::working_set(rules),
            provisional_from,
        )
    }

    fn new(
        zone: ZoneTable,
        set: &WorkingSet,
        provisional_from: Option<i64>,
    ) -> Result<Self, CalendarError> {
        let open = match set.runs.as_slice() {
            [] => return Err(CalendarError::NeverOpen),
            [(0, END_SECS)] => Open::Always,
            runs => Open::Sometimes(Timetable::new(runs)),
        };
        Ok(Self(Arc::new(Inner {
            zone,
            open,
            days: WorkingDays::new(&set.days),
            provisional_from,
        })))
    }

    /// Returns the open time from 1970-01-01T00:00:00Z up to `at`: W(`at`).
    ///
    /// The open time between two instants is the difference of their W; so whoever asks about many
    /// clocks at one instant asks for W once.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::Instant;
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let (friday, now): (Instant, Instant) =
    ///     ("2024-03-08T17:00:00+08:00".parse()?, "2024-03-11T10:00:00+08:00".parse()?);
    /// // W(now) once, and a subtraction for each of many clocks.
    /// let worked = desk.worked_until(now).micros() - desk.worked_until(friday).micros();
    /// assert_eq!(worked, desk.elapsed(friday, now).micros());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn worked_until(&self, at: Instant) -> WorkingTime {
        let worked = Span::from_micros(self.worked_until_micros(at.micros()));
        // Never negative, so the fall-back is never used.
        WorkingTime::new(worked).unwrap_or_default()
    }

    /// The same as [`Calendar::worked_until`] in microseconds since 1970, for inner loops.
    #[inline]
    pub(crate) fn worked_until_micros(&self, at: i64) -> i64 {
        match &self.0.open {
            Open::Always => at,
            Open::Sometimes(table) => table.worked(at),
        }
    }

    /// Returns the open time from `a` up to `b`, negative when `b` comes first (SEMANTICS K4).
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::{Instant, Span};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-12:00".parse()?, "13:30-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let (before, after): (Instant, Instant) =
    ///     ("2026-03-09T11:30:00+08:00".parse()?, "2026-03-09T14:00:00+08:00".parse()?);
    /// assert_eq!(desk.elapsed(before, after), Span::HOUR); // lunch does not count
    /// assert_eq!(desk.elapsed(after, before).to_string(), "-1h");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Complexity
    /// Two look-ups, whatever lies between.
    #[inline]
    #[must_use]
    pub fn elapsed(&self, a: Instant, b: Instant) -> Span {
        let [a, b] = [a, b].map(|at| self.worked_until_micros(at.micros()));
        Span::from_micros(b.wrapping_sub(a))
    }

    /// Returns the earliest instant at or after `at` by which `n` of open time has passed.
    ///
    /// A length that runs out exactly at closing ends at that closing, not at the next opening.
    /// With `n` zero it is `at`, open or not (SEMANTICS K4).
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::{Instant, WorkingTime};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let saturday: Instant = "2024-03-09T12:00:00+08:00".parse()?;
    /// assert_eq!(desk.after(saturday, WorkingTime::ZERO)?, saturday); // closed, and nothing to wait for
    /// let due = desk.after(saturday, WorkingTime::from_hours(9))?;
    /// assert_eq!(due, "2024-03-11T18:00:00+08:00".parse()?); // Monday's closing, not Tuesday's opening
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CalendarError::Unreachable`] when that is more than twelve years (4,383 days) later,
    /// [`CalendarError::BeyondRange`] when it is after 2099.
    #[inline]
    pub fn after(&self, at: Instant, n: WorkingTime) -> Result<Instant, CalendarError> {
        if n.is_zero() {
            return Ok(at);
        }
        self.after_worked(at, self.worked_until_micros(at.micros()), n.micros())
    }

    /// The same of more than no time, where W(`at`) is known.
    #[inline]
    pub(crate) fn after_worked(
        &self,
        at: Instant,
        worked: i64,
        n: i64,
    ) -> Result<Instant, CalendarError> {
        // One microsecond after the beginning of the last open microsecond that is needed.
        // A sum of two lengths that wraps is negative, and no such microsecond is found.
        let last = worked.wrapping_add(n).wrapping_sub(1);
        let found = self.locate_micros(last).map(|begin| begin.wrapping_add(1));
        no_later_than_horizon(at, found)
    }

    /// Returns the latest instant at or after `at` by which no more than `n` of open time has
    /// passed.
    ///
    /// It equals [`Calendar::after`] where the desk is open just after that; at closing it is the
    /// next opening. With `n` zero outside hours it is the next opening.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::{Instant, WorkingTime};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// let friday: Instant = "2024-03-08T17:00:00+08:00".parse()?;
    /// let hour = WorkingTime::from_hours(1);
    /// // The hour runs out at closing. Shown as due then, and in time until the desk opens again (C2).
    /// assert_eq!(desk.after(friday, hour)?, "2024-03-08T18:00:00+08:00".parse()?);
    /// assert_eq!(desk.last_after(friday, hour)?, "2024-03-11T09:00:00+08:00".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Calendar::after`].
    #[inline]
    pub fn last_after(&self, at: Instant, n: WorkingTime) -> Result<Instant, CalendarError> {
        self.last_after_worked(at, self.worked_until_micros(at.micros()), n.micros())
    }

    /// The same where W(`at`) is known.
    #[inline]
    pub(crate) fn last_after_worked(
        &self,
        at: Instant,
        worked: i64,
        n: i64,
    ) -> Result<Instant, CalendarError> {
        no_later_than_horizon(at, self.locate_micros(worked.wrapping_add(n)))
    }

    /// Returns the latest instant at or before `at` from which `n` of open time passes up to `at`:
    /// [`Calendar::after`] in a mirror. With `n` zero it is `at`.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::{Instant, WorkingTime};
    ///
    /// let spec = CalendarSpec::weekly("+08:00".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
    /// let desk = Calendar::compile(&spec)?;
    /// // Two working hours before a visit on Monday at ten.
    /// let visit: Instant = "2024-03-11T10:00:00+08:00".parse()?;
    /// let call = desk.before(visit, WorkingTime::from_hours(2))?;
    /// assert_eq!(call, "2024-03-08T17:00:00+08:00".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CalendarError::Unreachable`] when that is more than twelve years (4,383 days) earlier,
    /// [`CalendarError::BeyondRange`] when it is before 1970.
    #[inline]
    pub fn before(&self, at: Instant, n: WorkingTime) -> Result<Instant, CalendarError> {
        if n.is_zero() {
            return Ok(at);
        }
        let worked = self.worked_until_micros(at.micros());
        let found = self.locate_micros(worked.saturating_sub(n.micros()));
        let horizon = at.micros().saturating_sub(HORIZON);
        let found = found.and_then(Instant::within);
        within_horizon(at, found.ok_or_else(|| unanswered(at, horizon))?)
    }

    /// Returns the instant at which the open microsecond number `worked` begins, from zero.
    #[inline]
    pub(crate) fn locate_micros(&self, worked: i64) -> Option<i64> {
        match &self.0.open {
            Open::Always => (0..END).contains(&worked).then_some(worked),
            Open::Sometimes(table) => table.locate(worked),
        }
    }

    /// Returns the first instant at or after `at` at which the desk is closed, if there is one.
    pub(super) fn closed_from(&self, at: i64) -> Option<i64> {
        match &self.0.open {
            Open::Always => None,
            Open::Sometimes(table) => table.closed_from(at),
        }
    }

    /// Returns whether the desk never closes.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.0.open == Open::Always
    }

    /// Returns the zone in which its dates and shifts are meant.
    #[must_use]
    pub fn zone(&self) -> &ZoneTable {
        &self.0.zone
    }

    pub(super) fn days(&self) -> &WorkingDays {
        &self.0.days
    }

    /// Returns whether an answer that looked at the calendar up to `until` rests on dates whose
    /// holidays are not published yet (SEMANTICS K6).
    ///
    /// An answer that ends exactly where the first such date begins does not.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec, HolidaySet};
    ///
    /// let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
    ///     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
    ///     .with_holidays(HolidaySet::Cn);
    /// let desk = Calendar::compile(&spec)?;
    /// assert!(!desk.is_provisional("2026-12-31T10:00:00Z".parse()?));
    /// // The State Council announces the next year's holidays in autumn: until then a guess.
    /// assert!(desk.is_provisional("2027-01-04T10:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_provisional(&self, until: Instant) -> bool {
        let from = self.0.provisional_from;
        from.is_some_and(|from| from < until.micros())
    }

    /// Returns the calendar that is open when both are.
    ///
    /// Its zone is `self`'s. Of each working day of `self` it keeps the part in which `other` is
    /// open as well; a date of which nothing is left is no working day. A calendar that is always
    /// open changes nothing, on either side. It is provisional as soon as one of the two is.
    ///
    /// ```
    /// use punctual::calendar::{Calendar, CalendarSpec};
    /// use punctual::time::{Instant, Span};
    ///
    /// let desk = |hours: &str| -> Result<Calendar, Box<dyn std::error::Error>> {
    ///     let spec = CalendarSpec::weekly("+08:00".parse()?);
    ///     Ok(Calendar::compile(&spec.with_shifts(CalendarSpec::MON_FRI, &[hours.parse()?]))?)
    /// };
    /// // When both the desk and the supplier can be reached.
    /// let both = desk("09:00-18:00")?.intersection(&desk("13:00-21:00")?)?;
    /// let (monday, tuesday): (Instant, Instant) =
    ///     ("2026-03-09T00:00:00+08:00".parse()?, "2026-03-10T00:00:00+08:00".parse()?);
    /// assert_eq!(both.elapsed(monday, tuesday), Span::from_hours(5)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CalendarError::NeverOpen`] when they are never open together.
    ///
    /// # Complexity
    /// Like compiling.
    pub fn intersection(&self, other: &Self) -> Result<Self, CalendarError> {
        if other.is_always() {
            return Ok(self.clone());
        }
        if self.is_always() {
            return Ok(other.clone());
        }
        let runs = expand::common(&self.runs(), &other.runs());
        let set = WorkingSet::with_days(runs, self.0.days.iter());
        let [a, b] = [self, other].map(|calendar| calendar.0.provisional_from);
        let provisional_from = a.into_iter().chain(b).min();
        Self::new(self.0.zone.clone(), &set, provisional_from)
    }

    fn runs(&self) -> Vec<Run> {
        match &self.0.open {
            Open::Always => vec![(0, END_SECS)],
            Open::Sometimes(table) => table.runs(),
        }
    }

    /// Returns about how many bytes its tables hold.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        let open = match &self.0.open {
            Open::Always => 0,
            Open::Sometimes(table) => table.bytes(),
        };
        open.saturating_add(self.0.days.bytes())
    }
}

/// Checks that an answer is near enough to the question (SEMANTICS K5).
#[inline]
pub(super) fn within_horizon(from: Instant, found: Instant) -> Result<Instant, CalendarError> {
    if found.since(from).micros().abs() > HORIZON {
        return Err(CalendarError::Unreachable { from });
    }
    Ok(found)
}

/// The same of what was found at or after `from`, if anything was.
#[inline]
fn no_later_than_horizon(from: Instant, found: Option<i64>) -> Result<Instant, CalendarError> {
    let found = found.and_then(Instant::within);
    let found = found.ok_or_else(|| beyond(from))?;
    if found.micros().wrapping_sub(from.micros()) > HORIZON {
        return Err(CalendarError::Unreachable { from });
    }
    Ok(found)
}

/// Says why there is no answer later than `from`: twelve years had too little open time, or there
/// are no twelve years left.
#[cold]
pub(super) fn beyond(from: Instant) -> CalendarError {
    unanswered(from, from.micros().saturating_add(HORIZON))
}

fn unanswered(from: Instant, horizon: i64) -> CalendarError {
    match Instant::within(horizon) {
        Some(_) => CalendarError::Unreachable { from },
        None => CalendarError::BeyondRange { from },
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Calendar {}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = match &self.0.open {
            Open::Always => Span::from_micros(END),
            Open::Sometimes(table) => Span::from_micros(table.total()),
        };
        write!(f, "Calendar({}, open {open})", self.0.zone.name())
    }
}
