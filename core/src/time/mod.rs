//! Instants, lengths and intervals: exact integers of microseconds, checked arithmetic only.
//!
//! This module is the ground floor. It knows no calendar and no zone, and it never asks for the
//! time. Everything here is a plain `Copy` value of eight or sixteen bytes.
//!
//! | type | is | range |
//! |---|---|---|
//! | [`Instant`] | a point of UTC, to the microsecond | 1970-01-01 to 2099-12-31 |
//! | [`Span`] | a signed exact length | all of `i64` microseconds |
//! | [`WorkingTime`] | a length that stops while the desk is closed | zero or more |
//! | [`WallTime`] | a length that runs day and night | zero or more |
//! | [`Interval`] | the instants from `start` up to, not including, `end` | never empty |
//! | [`CivilDate`] | a date without a zone | all that chrono has |
//! | [`Share`] | an exact part of a budget, such as 80 % | zero to a million |

mod civil;
mod instant;
mod interval;
mod length;
mod share;

pub use civil::CivilDate;
pub use instant::Instant;
pub use interval::Interval;
pub use length::{Span, WallTime, WorkingTime};
pub use share::Share;

/// Why a value is not an instant or a length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The instant lies outside the years that calendars cover.
    #[error("instant {found} is outside 1970-01-01T00:00:00Z to 2099-12-31T23:59:59.999999Z")]
    OutOfRange {
        /// The refused instant in RFC 3339, or in microseconds since 1970 where it has no date.
        found: String,
    },
    /// The text is not an instant in RFC 3339.
    #[error("`{found}` is not an RFC 3339 instant such as 2026-03-09T09:00:00+08:00")]
    NotAnInstant {
        /// The refused text.
        found: String,
    },
    /// The text is not a date.
    #[error("`{found}` is not a date such as 2026-03-09")]
    NotADate {
        /// The refused text.
        found: String,
    },
    /// A length that may not be negative was.
    #[error("a length of {found} is negative; give the two instants in order")]
    Negative {
        /// The refused length.
        found: Span,
    },
    /// The end of an interval is not after its start.
    #[error("interval from {start} to {end} is empty or reversed; the end must be later")]
    Reversed {
        /// The given start.
        start: Instant,
        /// The given end.
        end: Instant,
    },
    /// A sum or a product does not fit into 64 bits of microseconds.
    #[error("length overflows 64 bits of microseconds (292,000 years)")]
    Overflow,
    /// A share has a zero denominator or is more than a million times the whole.
    #[error("share {numerator}/{denominator} is not a usable part of a budget")]
    NotAShare {
        /// The given numerator.
        numerator: u32,
        /// The given denominator.
        denominator: u32,
    },
}
