//! When the desk is open: shifts, exceptions and zone, compiled into a timetable.
//!
//! This module answers questions about one calendar. It knows no ticket and no policy, and it
//! never asks for the time.
//!
//! # The model
//!
//! A calendar is a set of instants, the *working set*: a union of half-open intervals of UTC in
//! which the desk is open. Everything else is read off that set.
//!
//! | question | answer |
//! |---|---|
//! | how long was the desk open from `a` to `b`? | [`Calendar::elapsed`] |
//! | when have two working hours passed? | [`Calendar::after`]; the other edge [`Calendar::last_after`]; backwards [`Calendar::before`] |
//! | when does the second working day close? | [`Calendar::working_day_closing`], [`Calendar::working_day_same_time`] |
//! | which clock time is it three days later? | [`Calendar::days_after`] |
//! | is it open, when does it open or close next? | [`Calendar::is_open`], [`Calendar::next_opening`], [`Calendar::next_closing`] |
//! | when exactly is it open? | [`Calendar::intervals`] |
//! | when are two desks open together? | [`Calendar::intersection`] |
//!
//! # From text to timetable
//!
//! An author's [`CalendarSpec`] speaks of a [`Zone`] and of public [`HolidaySet`]s: names whose
//! meaning changes when a government decides something. Publishing it makes a
//! [`PublishedCalendar`], in which both are written out as plain data, so that it means the same
//! for ever (SEMANTICS K7); that is what is stored. Compiling a published calendar makes a
//! [`Calendar`], the timetable that answers. A `Calendar` is immutable and a clone of it is a
//! counter's increment, so compile once and hand out clones.
//!
//! ```
//! use punctual::calendar::{Calendar, CalendarSpec, HolidaySet};
//! use punctual::time::{Instant, WorkingTime};
//!
//! let office = CalendarSpec::weekly("Asia/Shanghai".parse()?)
//!     .with_shifts(
//!         CalendarSpec::MON_FRI,
//!         &["09:00-12:00".parse()?, "13:30-18:00".parse()?],
//!     )
//!     .with_holidays(HolidaySet::Cn);
//! let office = Calendar::compile(&office)?;
//!
//! // One hour before closing, on the eve of a holiday of five days.
//! let asked: Instant = "2026-04-30T17:00:00+08:00".parse()?;
//! let due = office.after(asked, WorkingTime::from_hours(2))?;
//! assert_eq!(due, "2026-05-06T10:00:00+08:00".parse()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How local times become instants
//!
//! Each end of a shift is resolved on its own (SEMANTICS K3). A local time that occurs twice is
//! its first occurrence; one that is skipped is read with the offset in force before the gap, so
//! that it moves forward by the length of the gap. So 22:00-06:00 lasts seven hours in the night
//! in which clocks go forward and nine in the night in which they go back, and a desk never
//! reopens in the repeated hour. A shift whose end is thereby not after its start is dropped, and
//! so are the shifts of a local date that has no instant (2011-12-30 in Apia).
//!
//! # Working days
//!
//! A shift belongs to the date on which it starts, and a *working day* is a local date that has a
//! shift and is not a holiday. **The last closing of a working day is the latest end among the
//! shifts that start on it or on an earlier date.** So
//!
//! - a night shift 22:00-06:00 closes its date at 06:00 of the next one;
//! - a shift's end counts even if the desk stays open because another shift begins there: a desk
//!   open round the clock in three shifts closes its date when the last shift of the date ends;
//! - a shift that runs on past the next date's last end closes that date too, for until then the
//!   desk has not closed on it; therefore a later working day never closes earlier;
//! - an end that a clock change moves is where the change moved it to, and an end inside a holiday
//!   that takes its civil day ([`HolidayRule::CivilDay`]) is that holiday's midnight.
//!
//! The start date of a count is the latest local date that has begun at the start: where clocks go
//! back over midnight, the old date does not return.

mod compiled;
mod date;
mod error;
mod expand;
mod holidays;
mod published;
mod query;
mod rules;
mod shift;
mod spec;
mod timetable;
mod working_days;
mod zone;
mod zone_table;

pub use compiled::Calendar;
pub use error::CalendarError;
pub use holidays::HolidaySet;
pub use published::PublishedCalendar;
pub use query::Intervals;
pub use rules::{DayRule, Exception, HolidayRule};
pub use shift::Shift;
pub use spec::CalendarSpec;
pub use zone::Zone;
pub use zone_table::{OffsetChange, ZoneTable};

/// Seconds of a day by the clock.
const DAY_SECS: i64 = 86_400;

/// The end of the last day that calendars cover, in seconds since 1970: 2100-01-01T00:00:00Z.
const END_SECS: i64 = 4_102_444_800;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// The most exceptions that one calendar may have, its own and those of its holidays each.
const MOST_EXCEPTIONS: usize = 1_000_000;

/// The most shifts that one day may have.
const MOST_SHIFTS: usize = 48;

/// Too little open time within so many days counts as none: twelve years (SEMANTICS K5).
const HORIZON_DAYS: i64 = 4_383;
