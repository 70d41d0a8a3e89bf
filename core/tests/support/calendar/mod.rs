//! Slow, obvious models of a calendar, and random calendars to compare them on.
//!
//! Two models that share as little as can be with the library and with each other:
//! [`day_by_day`] resolves local times by asking chrono-tz about UTC instants and keeps plain lists
//! of intervals; [`stepping`] resolves local times with jiff and looks at every second of a short
//! range.
#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "each test file uses a part of it; a test may panic"
)]

pub(crate) mod day_by_day;
mod desk;
pub(crate) mod stepping;

pub(crate) use desk::{Desk, desks, desks_near_a_change};

use punctual::time::Instant;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// Reads an instant.
pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The instant of microseconds that are in range.
pub(crate) fn instant(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}
