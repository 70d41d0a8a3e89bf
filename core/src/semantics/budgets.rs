//! B: how much time a promise allows.
//!
//! # B1: five kinds
//!
//! | kind | written | runs |
//! |---|---|---|
//! | elapsed | `24h`, `30m` | by the clock on the wall |
//! | working | `2wh`, `90wm` | while a calendar is open |
//! | calendar days | `3d` | to the same local time so many days later |
//! | working days | `2wd` | to the last closing of the n-th date *after* the start's date that has a shift |
//! | lead | `24h before visit` | backwards from an event to come |
//!
//! A bare number is no length. The start's date never counts as a working day: a request on Saturday with
//! one working day is due at Monday's closing. With `at = "same-time"` it is due at the clock time of the
//! start instead. The kinds side by side, with instants, are at [`Budget`](crate::policy::Budget).
//!
//! # B2: a day budget becomes a length
//!
//! A budget of days fixes its instant at the start, without pauses, and becomes the open time (working
//! days) or wall time (days) from the start until then. From there on it is a length like any other: it
//! pauses, it has shares, it has both edges.
//!
//! So work that is finished on the evening after the closing of the last working day is in time: no open
//! time has passed since.
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "repairs"
//!     timezone = "Asia/Shanghai"
//!     default-calendar = "office"
//!     [calendar.office]
//!     week = { mon-fri = ["09:00-18:00"] }
//!     [target.solved]
//!     start = "received"
//!     stop  = "resolved"
//!     goals = [{ within = "1wd" }]
//! "#)?;
//! Story::under(&policy)
//!     .given("2026-03-06 10:00", "received") // a Friday
//!     .then(
//!         "2026-03-06 10:00",
//!         clock("solved").due("2026-03-09 18:00").in_time_until("2026-03-10 09:00"),
//!     )
//!     .when("2026-03-09 20:00", "resolved")
//!     .then("2026-03-09 20:00", clock("solved").is(Outcome::Met))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # B3: a range
//!
//! `1-3wd` warns at its lower bound (a rung at `lower`) and is breached at its upper one.
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::testing::{Story, clock};
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "complaints"
//!     timezone = "Asia/Shanghai"
//!     default-calendar = "office"
//!     [calendar.office]
//!     week = { mon-fri = ["09:00-18:00"] }
//!     [role.specialist]
//!     rank = 1
//!     [target.solved]
//!     start  = "received"
//!     stop   = "resolved"
//!     goals  = [{ within = "1-3wd" }]
//!     ladder = [{ at = "lower", tell = "specialist" }]
//! "#)?;
//! Story::under(&policy)
//!     .given("2026-03-09 10:00", "received")
//!     .told("2026-03-10 17:59", &[])
//!     .told("2026-03-10 18:00", &["specialist"])
//!     .then("2026-03-10 18:00", clock("solved").due("2026-03-12 18:00"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # B4: lead
//!
//! A lead is due so long *before* an event that can be moved. Booking the visit anew before it is due moves
//! the deadline with it; after it is due the breach stays. Booking with less than the lead left is
//! *insufficient lead*, which is nobody's breach; cancelling the visit cancels the clock. Lead clocks do not
//! pause.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! // A visit is confirmed with the customer 24 hours ahead.
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=repair")
//!     .given("2026-03-09 10:00", "visit-booked visit=2026-03-12T10:00:00+08:00")
//!     .then("2026-03-09 10:00", clock("visit-confirmation").due("2026-03-11 10:00"))
//!     .when("2026-03-10 10:00", "visit-booked visit=2026-03-13T15:00:00+08:00")
//!     .then("2026-03-10 10:00", clock("visit-confirmation").due("2026-03-12 15:00"))
//!     .verify()?;
//!
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=repair")
//!     .given("2026-03-09 10:00", "visit-booked visit=2026-03-10T09:00:00+08:00")
//!     .then("2026-03-09 10:00", clock("visit-confirmation").is(Outcome::InsufficientLead))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
