//! The point in time that every fact and every deadline is told in.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Span, TimeError};

/// A point of UTC, kept to the microsecond, from 1970-01-01 to the end of 2099-12-31.
///
/// It is checked once, where it is made, so that nothing behind it needs to ask again whether a
/// calendar covers it (SEMANTICS T1). Convert from and into [`chrono::DateTime<Utc>`] at the edges.
///
/// - Resolution: one microsecond; anything finer is cut off towards the past. A leap second
///   (chrono writes it as second 59 with 1,000 or more milliseconds) folds to the last microsecond
///   before it.
/// - Serialized as RFC 3339 text in human-readable formats and as an integer of microseconds since
///   1970 in binary ones.
/// - Eight bytes; comparing and subtracting is comparing and subtracting integers.
///
/// ```
/// use punctual::time::{Instant, Span};
///
/// let opened: Instant = "2026-03-09T09:00:00+08:00".parse()?;
/// assert_eq!(opened.to_string(), "2026-03-09T01:00:00Z");
/// assert_eq!(opened.checked_add(Span::HOUR)?.since(opened), Span::HOUR);
///
/// // Equal however they were written; the offset is not kept.
/// assert_eq!(opened, "2026-03-09T01:00:00.0Z".parse()?);
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// 1970-01-01T00:00:00Z, the first instant.
    pub const MIN: Self = Self(0);
    /// 2099-12-31T23:59:59.999999Z, the last instant.
    pub const MAX: Self = Self(4_102_444_799_999_999);

    /// Returns the instant that lies `micros` microseconds after 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// use punctual::time::Instant;
    ///
    /// assert_eq!(Instant::from_micros(0)?, Instant::MIN);
    /// let last = Instant::MAX.micros();
    /// assert!(Instant::from_micros(last + 1).is_err()); // 2100
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] before 1970 or after 2099.
    pub fn from_micros(micros: i64) -> Result<Self, TimeError> {
        Self::within(micros).ok_or_else(|| TimeError::OutOfRange {
            found: DateTime::from_timestamp_micros(micros).map_or_else(
                || format!("{micros} us since 1970"),
                |at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            ),
        })
    }

    /// The same as [`Instant::from_micros`] without the text of an error, for inner loops.
    pub(crate) const fn within(micros: i64) -> Option<Self> {
        if micros >= Self::MIN.0 && micros <= Self::MAX.0 {
            Some(Self(micros))
        } else {
            None
        }
    }

    /// Returns the instant nearest to `micros` that is in range.
    pub(crate) const fn clamped(micros: i64) -> Self {
        if micros < Self::MIN.0 {
            Self::MIN
        } else if micros > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micros)
        }
    }

    /// Returns the microseconds since 1970-01-01T00:00:00Z: zero or more.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns the length from `earlier` to `self`: negative when `self` comes first, zero for the
    /// same instant. Wall time, to the microsecond; it cannot overflow.
    ///
    /// ```
    /// use punctual::time::{Instant, Span};
    ///
    /// let due_at: Instant = "2026-03-09T14:00:00+08:00".parse()?;
    /// let replied_at: Instant = "2026-03-09T14:05:00+08:00".parse()?;
    /// assert_eq!(replied_at.since(due_at).to_string(), "5m");
    /// assert_eq!(due_at.since(replied_at).to_string(), "-5m");
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        // Both lie within 130 years, so the difference always fits.
        Span::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// Returns the instant that lies `length` later (earlier, when it is negative).
    ///
    /// Day and night: to add working time, ask a [`Calendar`](crate::calendar::Calendar).
    ///
    /// ```
    /// use punctual::time::{Instant, Span};
    ///
    /// // A plan is told within 24 hours of the diagnosis, weekend or not.
    /// let diagnosed: Instant = "2026-03-07T16:30:00+08:00".parse()?;
    /// assert_eq!(diagnosed.checked_add(Span::DAY)?, "2026-03-08T16:30:00+08:00".parse()?);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] when the result is before 1970 or after 2099.
    pub fn checked_add(self, length: Span) -> Result<Self, TimeError> {
        Self::from_micros(self.0.saturating_add(length.micros()))
    }

    /// Returns the instant that lies `length` earlier (later, when it is negative).
    ///
    /// ```
    /// use punctual::time::{Instant, Span};
    ///
    /// // A visit is confirmed 24 hours ahead.
    /// let visit: Instant = "2026-03-10T09:00:00+08:00".parse()?;
    /// assert_eq!(visit.checked_sub(Span::DAY)?, "2026-03-09T09:00:00+08:00".parse()?);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] when the result is before 1970 or after 2099.
    pub fn checked_sub(self, length: Span) -> Result<Self, TimeError> {
        Self::from_micros(self.0.saturating_sub(length.micros()))
    }

    /// Returns the next representable instant, one microsecond later; `None` after
    /// [`Instant::MAX`].
    ///
    /// Exactly at the deadline is in time, so a breach exists from the next instant on (SEMANTICS
    /// C2).
    ///
    /// ```
    /// use punctual::time::Instant;
    ///
    /// let last_in_time: Instant = "2026-03-09T18:00:00+08:00".parse()?;
    /// let breached_from = last_in_time.next().ok_or("the end of time")?;
    /// assert_eq!(breached_from.to_string(), "2026-03-09T10:00:00.000001Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        Self::within(self.0.saturating_add(1))
    }

    /// Returns the same instant as a chrono value, for formatting and for civil times.
    ///
    /// ```
    /// use chrono::{FixedOffset, TimeZone};
    /// use punctual::time::Instant;
    ///
    /// let due_at: Instant = "2026-03-09T06:00:00Z".parse()?;
    /// let shanghai = FixedOffset::east_opt(8 * 3600).ok_or("no such offset")?;
    /// let shown = due_at.to_datetime().with_timezone(&shanghai).format("%d.%m. %H:%M");
    /// assert_eq!(shown.to_string(), "09.03. 14:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
}

impl TryFrom<DateTime<Utc>> for Instant {
    type Error = TimeError;

    fn try_from(at: DateTime<Utc>) -> Result<Self, TimeError> {
        const LAST_MICRO: u32 = 999_999;
        let whole = at.timestamp().saturating_mul(1_000_000);
        let micros = at.nanosecond() / 1_000;
        Self::from_micros(whole.saturating_add(i64::from(micros.min(LAST_MICRO))))
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(at: Instant) -> Self {
        at.to_datetime()
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    /// Reads RFC 3339 with any offset.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| TimeError::NotAnInstant {
            found: text.to_owned(),
        })?;
        Self::try_from(parsed.with_timezone(&Utc))
    }
}

impl fmt::Display for Instant {
    /// Writes RFC 3339 in UTC with as many digits of the second as are needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            &self
                .to_datetime()
                .to_rfc3339_opts(SecondsFormat::AutoSi, true),
        )
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            Self::from_micros(i64::deserialize(deserializer)?).map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t1_the_range_is_closed_at_both_ends() {
        for (text, accepted) in [
            ("1970-01-01T00:00:00Z", true),
            ("1969-12-31T23:59:59.999999Z", false),
            ("2099-12-31T23:59:59.999999Z", true),
            ("2100-01-01T00:00:00Z", false),
            ("1970-01-01T00:00:00+08:00", false),
        ] {
            assert_eq!(text.parse::<Instant>().is_ok(), accepted, "{text}");
        }
    }

    #[test]
    fn t1_finer_digits_are_cut_towards_the_past() {
        let at: Instant = "2026-03-09T09:00:00.123456789Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-03-09T09:00:00.123456Z");
    }

    #[test]
    fn t1_a_leap_second_folds_to_the_last_microsecond_before_it() {
        let at: Instant = "2016-12-31T23:59:60.500Z".parse().unwrap();
        assert_eq!(at.to_string(), "2016-12-31T23:59:59.999999Z");
    }

    #[test]
    fn an_error_names_the_refused_instant() {
        let error = "2150-01-01T00:00:00Z".parse::<Instant>().unwrap_err();
        assert!(
            error.to_string().contains("2150-01-01T00:00:00Z"),
            "{error}"
        );
    }

    #[test]
    fn a_wild_number_is_refused_and_not_wrapped() {
        assert!(Instant::from_micros(i64::MAX).is_err());
        assert!(
            Instant::MAX
                .checked_add(Span::from_micros(i64::MAX))
                .is_err()
        );
        assert_eq!(Instant::MAX.next(), None);
    }

    #[test]
    fn text_and_datetime_round_trip() {
        let at: Instant = "2026-03-09T09:00:00.000001Z".parse().unwrap();
        assert_eq!(Instant::try_from(at.to_datetime()), Ok(at));
        assert_eq!(at.to_string().parse(), Ok(at));
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, "\"2026-03-09T09:00:00.000001Z\"");
        assert_eq!(serde_json::from_str::<Instant>(&json).unwrap(), at);
    }
}
