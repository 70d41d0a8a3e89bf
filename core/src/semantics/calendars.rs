//! K: when a desk is open.
//!
//! # K1: zone, shifts, exceptions
//!
//! A calendar is a zone (an IANA name or a fixed offset), weekly shifts and dated exceptions; or it is
//! always open. A day may have several shifts. A shift whose end is at or before its start ends on the next
//! date, `24:00` is allowed as an end, and a shift belongs to the date on which it starts.
//!
//! # K2: exceptions replace
//!
//! An exception *replaces* the shifts of its date: a holiday has none, a make-up working day has those of a
//! working day, own hours are what they say. By default a holiday cancels the shifts that start on it; with
//! `civil-day` it takes its whole civil day, also out of a night shift that began the evening before.
//!
//! ```
//! use punctual::calendar::{Calendar, CalendarSpec, Exception};
//! use punctual::time::{Instant, Span};
//!
//! let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
//!     .with_shifts(CalendarSpec::MON_FRI, &["09:00-12:00".parse()?, "13:30-18:00".parse()?])
//!     .with_exceptions([
//!         Exception::closed("2026-03-11".parse()?),
//!         Exception::make_up("2026-03-14".parse()?), // a Saturday
//!         Exception::own("2026-03-13".parse()?, ["09:00-12:00".parse()?]),
//!     ]);
//! let desk = Calendar::compile(&spec)?;
//! let (from, until): (Instant, Instant) =
//!     ("2026-03-09T00:00:00+08:00".parse()?, "2026-03-16T00:00:00+08:00".parse()?);
//! // Monday, Tuesday, Thursday and Saturday have seven and a half hours each, Friday three.
//! assert_eq!(desk.elapsed(from, until), Span::from_hours(33)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # K3: where clocks change
//!
//! The working set is a union of half-open intervals of UTC; touching and overlapping shifts are one. Each
//! end of a shift is resolved on its own: a local time that occurs twice is its first occurrence, one that
//! is skipped moves forward by the gap. A shift whose end is then not after its start is dropped. So a night
//! shift lasts seven hours in one night of the year and nine in another, a desk never opens a second time in
//! the repeated hour, and a date without any instant has no shift.
//!
//! ```
//! use punctual::calendar::{Calendar, CalendarSpec};
//! use punctual::time::{Instant, Span};
//!
//! let spec = CalendarSpec::weekly("Europe/Stockholm".parse()?)
//!     .with_shifts([chrono::Weekday::Sat], &["22:00-06:00".parse()?]);
//! let night = Calendar::compile(&spec)?;
//! let open = |from: &str, until: &str| -> Result<Span, punctual::time::TimeError> {
//!     Ok(night.elapsed(from.parse::<Instant>()?, until.parse()?))
//! };
//! assert_eq!(open("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z")?, Span::from_hours(7)?);
//! assert_eq!(open("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z")?, Span::from_hours(9)?);
//!
//! // In that night of March half past two moves to half past three, which is after the end at three.
//! let spec = CalendarSpec::weekly("Europe/Stockholm".parse()?)
//!     .with_shifts([chrono::Weekday::Sun], &["02:30-03:00".parse()?]);
//! let short = Calendar::compile(&spec)?;
//! let (from, until): (Instant, Instant) =
//!     ("2026-03-28T12:00:00Z".parse()?, "2026-03-29T12:00:00Z".parse()?);
//! assert_eq!(short.elapsed(from, until), Span::ZERO);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # K4: elapsed, after, before
//!
//! `elapsed(a, b)` is signed. `after(t, n)` is the earliest instant from `t` on by which `n` of open time has
//! passed: exactly at closing it is the closing, not the next opening. `before(t, n)` is the mirror image.
//! Both give `t` itself for `n` = 0, also outside hours. So elapsed(t, after(t, n)) = n, and one
//! microsecond earlier it is less.
//!
//! ```
//! use punctual::calendar::{Calendar, CalendarSpec};
//! use punctual::time::{Instant, Span, WorkingTime};
//!
//! let spec = CalendarSpec::weekly("Asia/Shanghai".parse()?)
//!     .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?]);
//! let desk = Calendar::compile(&spec)?;
//! let friday: Instant = "2026-03-06T17:00:00+08:00".parse()?;
//! let due = desk.after(friday, WorkingTime::from_hours(1))?;
//! assert_eq!(due, "2026-03-06T18:00:00+08:00".parse()?); // the closing
//! assert_eq!(desk.elapsed(friday, due), Span::HOUR);
//! let earlier = due.checked_sub(Span::from_micros(1))?;
//! assert!(desk.elapsed(friday, earlier) < Span::HOUR);
//! assert_eq!(desk.before(due, WorkingTime::from_hours(1))?, friday);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # K5: no fall-back
//!
//! A calendar that is never open is refused when it is made. Too little open time within twelve years is
//! `Unreachable`. Wall time never takes the place of open time.
//!
//! ```
//! use punctual::policy::{Lint, Policy};
//!
//! // A desk that is open for one hour a week cannot promise seven hundred.
//! let policy = Policy::from_toml(r#"
//!     policy   = "desk"
//!     timezone = "UTC"
//!     default-calendar = "desk"
//!     [calendar.desk]
//!     week = { mon = ["09:00-10:00"] }
//!     [target.solved]
//!     start = "received"
//!     stop  = "resolved"
//!     goals = [{ within = "700wh" }]
//! "#)?;
//! assert!(policy.lint().iter().any(|finding| finding.lint == Lint::Unreachable));
//! # Ok::<(), punctual::policy::Report>(())
//! ```
//!
//! # K6: holidays that nobody has announced
//!
//! A deadline that rests on a year whose holidays are not published says so: it is *provisional*, and may
//! move when they are.
//!
//! ```
//! use punctual::clock::{self, Bindings};
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::History;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let ticket = |script: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(History::read(script, policy.zone())?.ticket())
//! };
//! let provisional = |script: &str| -> Result<Vec<bool>, Box<dyn std::error::Error>> {
//!     let ticket = ticket(script)?;
//!     let now = ticket.timeline().received_at().ok_or("not received")?;
//!     let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
//!     let working = readings.iter().filter(|it| it.target().as_str() == "first-response");
//!     Ok(working.map(|it| it.provisional).collect())
//! };
//! assert_eq!(provisional("2026-03-09 09:00 received class=fault")?, [false]);
//! assert_eq!(provisional("2027-03-08 09:00 received class=fault")?, [true]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # K7: published for ever
//!
//! Calendars are immutable versions. Publishing one expands its holidays and the changes of its zone into
//! the version itself, so neither a new release of this library nor new zone data moves a deadline that was
//! promised. See [`PublishedCalendar`](crate::calendar::PublishedCalendar).
