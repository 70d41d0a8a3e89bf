//! A run of time with both ends known.

use serde::{Deserialize, Serialize};

use super::{Instant, Span, TimeError};

/// The instants from `start` up to, not including, `end`. Never empty.
///
/// Half-open, so that intervals can follow each other without a hole and without an overlap: the
/// instant at which the desk closes belongs to what comes after it.
///
/// ```
/// use punctual::time::Interval;
///
/// let morning = Interval::new("2026-03-09T01:00:00Z".parse()?, "2026-03-09T04:00:00Z".parse()?)?;
/// assert!(morning.contains(morning.start()));
/// assert!(!morning.contains(morning.end()));
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Interval {
    start: Instant,
    end: Instant,
}

/// The serialized form, checked on the way in.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Ends {
    start: Instant,
    end: Instant,
}

impl TryFrom<Ends> for Interval {
    type Error = TimeError;

    fn try_from(Ends { start, end }: Ends) -> Result<Self, TimeError> {
        Self::new(start, end)
    }
}

impl From<Interval> for Ends {
    fn from(Interval { start, end }: Interval) -> Self {
        Self { start, end }
    }
}

impl Interval {
    /// Returns the interval `[start, end)`.
    ///
    /// ```
    /// use punctual::time::{Instant, Interval, TimeError};
    ///
    /// let closing: Instant = "2026-03-09T18:00:00+08:00".parse()?;
    /// let empty = Interval::new(closing, closing);
    /// assert!(matches!(empty, Err(TimeError::Reversed { .. })));
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`TimeError::Reversed`] when `end` is not after `start`.
    pub fn new(start: Instant, end: Instant) -> Result<Self, TimeError> {
        if start.micros() < end.micros() {
            Ok(Self { start, end })
        } else {
            Err(TimeError::Reversed { start, end })
        }
    }

    /// Returns the first instant of it.
    #[must_use]
    pub const fn start(self) -> Instant {
        self.start
    }

    /// Returns the first instant after it.
    #[must_use]
    pub const fn end(self) -> Instant {
        self.end
    }

    /// Returns its length in wall time, to the microsecond: more than zero.
    ///
    /// ```
    /// use punctual::time::Interval;
    ///
    /// let from = "2026-03-09T12:00:00+08:00".parse()?;
    /// let lunch = Interval::new(from, "2026-03-09T13:30:00+08:00".parse()?)?;
    /// assert_eq!(lunch.length().to_string(), "1h 30m");
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    pub const fn length(self) -> Span {
        self.end.since(self.start)
    }

    /// Returns whether `at` lies in it; the start does, the end does not.
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Returns the part that both have; `None` when there is none. Two that only touch have none.
    ///
    /// ```
    /// use punctual::time::Interval;
    ///
    /// let at = |text: &str| format!("2026-03-09T{text}:00+08:00").parse();
    /// let afternoon = Interval::new(at("13:30")?, at("18:00")?)?;
    /// let paused = Interval::new(at("11:00")?, at("14:00")?)?;
    /// let evening = Interval::new(at("18:00")?, at("22:00")?)?;
    ///
    /// // What a pause over lunch takes from the afternoon.
    /// let taken = afternoon.intersection(paused).ok_or("nothing")?;
    /// assert_eq!(taken.length().to_string(), "30m");
    /// assert_eq!(afternoon.intersection(evening), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(start: i64, end: i64) -> Result<Interval, TimeError> {
        Interval::new(Instant::from_micros(start)?, Instant::from_micros(end)?)
    }

    #[test]
    fn an_empty_or_reversed_interval_is_refused() {
        assert!(interval(5, 5).is_err());
        assert!(interval(6, 5).is_err());
        assert!(
            serde_json::from_str::<Interval>(
                r#"{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}"#
            )
            .is_err()
        );
    }

    #[test]
    fn touching_intervals_have_nothing_in_common() {
        let (a, b) = (interval(0, 5).unwrap(), interval(5, 9).unwrap());
        assert_eq!(a.intersection(b), None);
        assert_eq!(a.intersection(interval(3, 9).unwrap()), interval(3, 5).ok());
    }
}
