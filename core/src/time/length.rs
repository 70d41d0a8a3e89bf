//! Lengths: one signed general kind, and the two kinds that must not be mixed up.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::TimeError;

/// A signed, exact length in microseconds.
///
/// What two instants differ by, before anyone says which clock measured it. Serialized as an
/// integer of microseconds.
///
/// ```
/// use punctual::time::Span;
///
/// assert_eq!(Span::from_minutes(90)?.to_string(), "1h 30m");
/// assert_eq!(Span::from_seconds(-5)?.to_string(), "-5s");
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The smallest step.
    pub const MICROSECOND: Self = Self(1);
    /// 1,000,000 microseconds.
    pub const SECOND: Self = Self(1_000_000);
    /// 60 seconds.
    pub const MINUTE: Self = Self(60_000_000);
    /// 60 minutes.
    pub const HOUR: Self = Self(3_600_000_000);
    /// 24 hours by the clock, whatever a calendar calls a day.
    pub const DAY: Self = Self(86_400_000_000);

    /// Returns a length of so many microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns a length of so many seconds.
    ///
    /// # Errors
    /// [`TimeError::Overflow`] past 64 bits of microseconds.
    pub const fn from_seconds(seconds: i64) -> Result<Self, TimeError> {
        Self::SECOND.checked_mul(seconds)
    }

    /// Returns a length of so many minutes.
    ///
    /// # Errors
    /// [`TimeError::Overflow`] past 64 bits of microseconds.
    pub const fn from_minutes(minutes: i64) -> Result<Self, TimeError> {
        Self::MINUTE.checked_mul(minutes)
    }

    /// Returns a length of so many hours.
    ///
    /// # Errors
    /// [`TimeError::Overflow`] past 64 bits of microseconds.
    pub const fn from_hours(hours: i64) -> Result<Self, TimeError> {
        Self::HOUR.checked_mul(hours)
    }

    /// Returns the number of microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns whole seconds, cut towards zero.
    #[must_use]
    pub const fn whole_seconds(self) -> i64 {
        self.0.wrapping_div(1_000_000)
    }

    /// Returns whether the length is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// [`TimeError::Overflow`] past 64 bits of microseconds.
    pub const fn checked_add(self, other: Self) -> Result<Self, TimeError> {
        match self.0.checked_add(other.0) {
            Some(micros) => Ok(Self(micros)),
            None => Err(TimeError::Overflow),
        }
    }

    /// Returns the difference.
    ///
    /// # Errors
    /// [`TimeError::Overflow`] past 64 bits of microseconds.
    pub const fn checked_sub(self, other: Self) -> Result<Self, TimeError> {
        match self.0.checked_sub(other.0) {
            Some(micros) => Ok(Self(micros)),
            None => Err(TimeError::Overflow),
        }
    }

    /// Returns `count` times the length.
    ///
    /// # Errors
    /// [`TimeError::Overflow`] past 64 bits of microseconds.
    pub const fn checked_mul(self, count: i64) -> Result<Self, TimeError> {
        match self.0.checked_mul(count) {
            Some(micros) => Ok(Self(micros)),
            None => Err(TimeError::Overflow),
        }
    }

    /// Returns the length in hours, minutes and seconds: how working time is written, since a desk's
    /// day has no 24 hours.
    #[must_use]
    pub fn in_hours(self) -> String {
        spelled(self.0, UNITS.get(1..).unwrap_or(&[]))
    }

    /// Returns the same length as a chrono value.
    #[must_use]
    pub const fn to_timedelta(self) -> TimeDelta {
        TimeDelta::microseconds(self.0)
    }
}

impl fmt::Display for Span {
    /// Writes days, hours, minutes and seconds, leaving out those that are zero: `1d 2h 5s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&spelled(self.0, &UNITS))
    }
}

/// The units in which lengths are written, largest first.
const UNITS: [(u64, &str); 4] = [
    (86_400_000_000, "d"),
    (3_600_000_000, "h"),
    (60_000_000, "m"),
    (1_000_000, "s"),
];

fn spelled(micros: i64, units: &[(u64, &str)]) -> String {
    let mut left = micros.unsigned_abs();
    let mut text = String::new();
    for (size, unit) in units {
        let count = left.checked_div(*size).unwrap_or_default();
        left = left.checked_rem(*size).unwrap_or_default();
        if count > 0 {
            text.push_str(&format!(" {count}{unit}"));
        }
    }
    if left > 0 {
        text.push_str(&format!(" {left}us"));
    }
    let shown = if text.is_empty() {
        "0s"
    } else {
        text.trim_start()
    };
    format!("{}{shown}", if micros < 0 { "-" } else { "" })
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<TimeDelta> for Span {
    type Error = TimeError;

    /// Cuts anything finer than a microsecond towards zero.
    fn try_from(length: TimeDelta) -> Result<Self, TimeError> {
        length
            .num_microseconds()
            .map(Self)
            .ok_or(TimeError::Overflow)
    }
}

/// Writes a newtype over [`Span`] that is never negative.
macro_rules! non_negative_length {
    ($(#[$doc:meta])* $name:ident, $shown:expr) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
        )]
        #[serde(try_from = "Span", into = "Span")]
        pub struct $name(Span);

        impl $name {
            /// No time at all.
            pub const ZERO: Self = Self(Span::ZERO);

            /// Checks that `length` is zero or more.
            ///
            /// # Errors
            /// [`TimeError::Negative`] below zero.
            pub const fn new(length: Span) -> Result<Self, TimeError> {
                if length.is_negative() {
                    Err(TimeError::Negative { found: length })
                } else {
                    Ok(Self(length))
                }
            }

            /// Returns a length of so many seconds.
            #[must_use]
            pub const fn from_seconds(seconds: u32) -> Self {
                Self(Span::from_micros((seconds as i64).saturating_mul(1_000_000)))
            }

            /// Returns a length of so many minutes.
            #[must_use]
            pub const fn from_minutes(minutes: u32) -> Self {
                Self(Span::from_micros((minutes as i64).saturating_mul(60_000_000)))
            }

            /// Returns a length of so many hours.
            #[must_use]
            pub const fn from_hours(hours: u32) -> Self {
                Self(Span::from_micros((hours as i64).saturating_mul(3_600_000_000)))
            }

            /// Returns the length as a signed one.
            #[must_use]
            pub const fn span(self) -> Span {
                self.0
            }

            /// Returns the number of microseconds: zero or more.
            #[must_use]
            pub const fn micros(self) -> i64 {
                self.0.micros()
            }

            /// Returns whether there is no time at all.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0.micros() == 0
            }

            /// Returns the sum.
            ///
            /// # Errors
            /// [`TimeError::Overflow`] past 64 bits of microseconds.
            pub fn checked_add(self, other: Self) -> Result<Self, TimeError> {
                self.0.checked_add(other.0).map(Self)
            }
        }

        impl TryFrom<Span> for $name {
            type Error = TimeError;

            fn try_from(length: Span) -> Result<Self, TimeError> {
                Self::new(length)
            }
        }

        impl From<$name> for Span {
            fn from(length: $name) -> Self {
                length.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let shown: fn(Span) -> String = $shown;
                f.pad(&shown(self.0))
            }
        }
    };
}

non_negative_length! {
    /// Time while the desk is open: a length that stops at closing and goes on at the next opening.
    ///
    /// ```
    /// use punctual::time::WorkingTime;
    ///
    /// let promise = WorkingTime::from_hours(2);
    /// assert_eq!(promise.to_string(), "2h");
    /// assert_eq!(WorkingTime::from_hours(29).to_string(), "29h"); // a desk's day has no 24 hours
    /// ```
    WorkingTime,
    Span::in_hours
}

non_negative_length! {
    /// Time by the clock on the wall: a length that runs day and night.
    ///
    /// ```
    /// use punctual::time::{Span, WallTime};
    ///
    /// assert_eq!(WallTime::new(Span::DAY)?, WallTime::from_hours(24));
    /// assert!(WallTime::new(Span::from_micros(-1)).is_err());
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    WallTime,
    |length| length.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_in_the_units_that_it_has() {
        for (micros, text) in [
            (0, "0s"),
            (1, "1us"),
            (-1, "-1us"),
            (5_000_000, "5s"),
            (90 * 60_000_000, "1h 30m"),
            (86_400_000_000 + 5_000_001, "1d 5s 1us"),
            (i64::MIN, "-106751991d 4h 54s 775808us"),
        ] {
            assert_eq!(Span::from_micros(micros).to_string(), text);
        }
    }

    #[test]
    fn sums_past_the_end_are_errors() {
        let most = Span::from_micros(i64::MAX);
        assert_eq!(
            most.checked_add(Span::MICROSECOND),
            Err(TimeError::Overflow)
        );
        assert_eq!(Span::from_hours(i64::MAX), Err(TimeError::Overflow));
    }

    #[test]
    fn a_negative_length_is_refused_also_when_it_is_read_back() {
        assert!(WorkingTime::new(Span::from_micros(-1)).is_err());
        assert!(serde_json::from_str::<WorkingTime>("-1").is_err());
        assert_eq!(serde_json::from_str::<WallTime>("7").unwrap().micros(), 7);
    }
}
