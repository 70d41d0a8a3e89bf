//! What can be wrong with a calendar, or with a question to one.

use chrono::NaiveDate;

use crate::time::Instant;

/// Why a calendar was refused, or why it has no answer.
///
/// None of these goes away by trying again: the text, the calendar or the question must change.
///
/// ```
/// use punctual::calendar::{Calendar, CalendarError, CalendarSpec};
/// use punctual::time::WorkingTime;
///
/// let spec = CalendarSpec::weekly("UTC".parse()?)
///     .with_shifts([chrono::Weekday::Mon], &["09:00-10:00".parse()?]);
/// let desk = Calendar::compile(&spec)?;
/// // An hour a week is 626 hours in twelve years: never a fall-back to wall time (K5).
/// let far = desk.after("2026-03-09T09:00:00Z".parse()?, WorkingTime::from_hours(700));
/// assert!(matches!(far, Err(CalendarError::Unreachable { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The text names no zone that is known. [`Zone::known_names`](super::Zone::known_names) lists
    /// those that are.
    #[error("`{found}` is neither an IANA zone such as Asia/Shanghai nor an offset such as +08:00")]
    UnknownZone {
        /// The refused text, its first 80 characters.
        found: String,
    },
    /// The text is not a shift.
    #[error(
        "`{found}` is not a shift such as 09:00-12:00, 22:00-06:00 or 00:00-24:00 (24:00 only as an end)"
    )]
    NotAShift {
        /// The refused text, its first 80 characters.
        found: String,
    },
    /// The text names no set of holidays that this library ships.
    #[error("`{found}` is not a known set of holidays; known is CN")]
    UnknownHolidays {
        /// The refused text, its first 80 characters.
        found: String,
    },
    /// A row of the shipped holiday data cannot be read: a mistake of this library.
    #[error(
        "holiday data of {set}, line {line}: expected `YYYY-MM-DD,holiday|workday,name` in order of dates"
    )]
    DamagedHolidays {
        /// The name of the set.
        set: &'static str,
        /// The line, from 1.
        line: usize,
    },
    /// The offsets of a zone that was read back contradict each other.
    #[error("zone table of {zone} is damaged: {why}")]
    DamagedZone {
        /// The zone's name.
        zone: String,
        /// What contradicts what.
        why: &'static str,
    },
    /// More dated exceptions than one calendar may have.
    #[error("{found} dated exceptions are too many; {most} are allowed")]
    TooManyExceptions {
        /// How many were given.
        found: usize,
        /// How many are allowed.
        most: usize,
    },
    /// More shifts than one day may have.
    #[error("{found} shifts on one day are too many; {most} are allowed")]
    TooManyShifts {
        /// How many were given.
        found: usize,
        /// How many are allowed.
        most: usize,
    },
    /// One date has two exceptions, so that nobody can know which of them counts.
    #[error("{on} has two exceptions; keep one")]
    RepeatedException {
        /// The date.
        on: NaiveDate,
    },
    /// The exceptions of a published calendar that was read back are not in order of dates.
    #[error("exception on {on} comes after a later date; the published calendar is damaged")]
    UnsortedException {
        /// The first date that is out of order.
        on: NaiveDate,
    },
    /// An exception lies where no calendar reaches.
    #[error("exception on {on} is outside 1970-01-01 to 2099-12-31 and would have no effect")]
    ExceptionOutOfRange {
        /// The date.
        on: NaiveDate,
    },
    /// A make-up working day has no shifts to take, because no weekday has any.
    #[error(
        "make-up working day {on} has no shifts to take; give some weekday shifts, or the make-up days their own"
    )]
    NoMakeUpShifts {
        /// The first such date.
        on: NaiveDate,
    },
    /// An always open calendar was given shifts, holidays or exceptions as well.
    #[error(
        "an always open calendar takes no shifts, holidays or exceptions; write 00:00-24:00 on seven days instead"
    )]
    AlwaysWithHours,
    /// The calendar is not open at a single instant from 1970 to 2099.
    #[error("the calendar is never open; give it at least one shift")]
    NeverOpen,
    /// Too little open time lies within twelve years of the given instant.
    #[error(
        "too little open time within twelve years of {from}; ask for less, or open the calendar more"
    )]
    Unreachable {
        /// Where the question started.
        from: Instant,
    },
    /// The answer lies before 1970 or after 2099, where no calendar reaches.
    #[error(
        "the answer from {from} lies outside 1970-01-01 to 2099-12-31, where no calendar reaches"
    )]
    BeyondRange {
        /// Where the question started.
        from: Instant,
    },
}

impl CalendarError {
    /// Returns the first 80 characters, so that a hostile document cannot fill a log.
    pub(super) fn shown(text: &str) -> String {
        text.chars().take(80).collect()
    }
}
