//! One stretch of opening hours.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::CalendarError;

/// Minutes of a day by the clock.
const DAY: u16 = 1_440;

/// Opening hours by the local clock, from a start up to, not including, an end: `09:00-12:00`.
///
/// An end at or before the start lies on the next date: `22:00-06:00` runs through the night and
/// `09:00-09:00` round the clock. `24:00` is allowed as an end. A shift belongs to the date on
/// which it starts (SEMANTICS K1). Whole minutes; one minute to twenty-four hours by the clock.
///
/// Serialized as its text in human-readable formats and as two numbers in binary ones.
///
/// ```
/// use punctual::calendar::Shift;
///
/// let night: Shift = "22:00-06:00".parse()?;
/// assert_eq!((night.start_minute(), night.end_minute()), (22 * 60, 30 * 60));
/// assert_eq!("22:00-00:00".parse::<Shift>()?.to_string(), "22:00-24:00");
/// assert!("9-12".parse::<Shift>().is_err());
/// # Ok::<(), punctual::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    start: u16,
    end: u16,
}

impl Shift {
    /// From midnight to midnight: `00:00-24:00`.
    pub const WHOLE_DAY: Self = Self { start: 0, end: DAY };

    /// Returns the shift between two times of day in minutes after midnight.
    ///
    /// `start` is below 1,440, `end` at most 1,440; an end at or before the start lies on the next
    /// date.
    ///
    /// ```
    /// use punctual::calendar::Shift;
    ///
    /// let night = Shift::from_minutes(22 * 60, 6 * 60)?;
    /// assert_eq!(night.to_string(), "22:00-06:00");
    /// assert!(Shift::from_minutes(24 * 60, 6 * 60).is_err()); // 24:00 only as an end
    /// # Ok::<(), punctual::calendar::CalendarError>(())
    /// ```
    ///
    /// # Errors
    /// [`CalendarError::NotAShift`] outside those bounds.
    pub fn from_minutes(start: u16, end: u16) -> Result<Self, CalendarError> {
        if start >= DAY || end > DAY {
            return Err(CalendarError::NotAShift {
                found: format!("minutes {start} to {end}"),
            });
        }
        let end = if end <= start {
            end.saturating_add(DAY)
        } else {
            end
        };
        Ok(Self { start, end })
    }

    /// Returns the minutes from midnight to the start: below 1,440.
    #[must_use]
    pub const fn start_minute(self) -> u16 {
        self.start
    }

    /// Returns the minutes from midnight of the *start's* date to the end: above 1,440 when the
    /// shift ends on the next date.
    #[must_use]
    pub const fn end_minute(self) -> u16 {
        self.end
    }

    /// Returns both ends in seconds after midnight of the start's date.
    pub(super) fn seconds(self) -> (i64, i64) {
        let secs = |minutes| i64::from(minutes).saturating_mul(60);
        (secs(self.start), secs(self.end))
    }
}

/// Reads `HH:MM`, two digits each.
fn minutes(text: &str) -> Option<u16> {
    let two = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, rest) = text.split_once(':')?;
    let (hours, rest) = (two(hours)?, two(rest)?);
    (rest < 60).then(|| hours.saturating_mul(60).saturating_add(rest))
}

impl FromStr for Shift {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let refused = || CalendarError::NotAShift {
            found: CalendarError::shown(text),
        };
        let (start, end) = text.split_once('-').ok_or_else(refused)?;
        let (start, end) = minutes(start).zip(minutes(end)).ok_or_else(refused)?;
        Self::from_minutes(start, end).map_err(|_| refused())
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end > DAY {
            self.end.saturating_sub(DAY)
        } else {
            self.end
        };
        let part = |minutes: u16| (minutes.wrapping_div(60), minutes.wrapping_rem(60));
        let ((h, m), (to_h, to_m)) = (part(self.start), part(end));
        f.pad(&format!("{h:02}:{m:02}-{to_h:02}:{to_m:02}"))
    }
}

impl Serialize for Shift {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            (self.start, self.end).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Shift {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            let (start, end) = <(u16, u16)>::deserialize(deserializer)?;
            let of_day = if end > DAY {
                end.saturating_sub(DAY)
            } else {
                end
            };
            let read = Self::from_minutes(start, of_day).map_err(D::Error::custom)?;
            if (read.start, read.end) == (start, end) {
                Ok(read)
            } else {
                Err(D::Error::custom("a shift is at most a day long"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k1_an_end_at_or_before_the_start_lies_on_the_next_date() {
        for (text, start, end, shown) in [
            ("09:00-12:00", 540, 720, "09:00-12:00"),
            ("22:00-06:00", 1_320, 1_800, "22:00-06:00"),
            ("09:00-09:00", 540, 1_980, "09:00-09:00"),
            ("00:00-24:00", 0, 1_440, "00:00-24:00"),
            ("00:00-00:00", 0, 1_440, "00:00-24:00"),
            ("22:00-24:00", 1_320, 1_440, "22:00-24:00"),
            ("23:59-00:00", 1_439, 1_440, "23:59-24:00"),
        ] {
            let shift: Shift = text.parse().unwrap();
            assert_eq!((shift.start, shift.end), (start, end), "{text}");
            assert_eq!(shift.to_string(), shown);
            assert_eq!(shown.parse::<Shift>().unwrap(), shift);
            let json = serde_json::to_string(&shift).unwrap();
            assert_eq!(serde_json::from_str::<Shift>(&json).unwrap(), shift);
        }
    }

    #[test]
    fn a_text_that_is_not_a_shift_is_refused() {
        for text in [
            "",
            "-",
            "09:00",
            "9:00-12:00",
            "09:00-12:60",
            "24:00-06:00",
            "09:00-24:01",
            "09:00-25:00",
            "+9:00-12:00",
            "09:00 - 12:00",
            "09:00-12:00-13:00",
            "09.00-12.00",
            "０９:00-12:00",
        ] {
            let error = text.parse::<Shift>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
