//! A date without a zone, stored as an integer.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::TimeError;

/// A date as people say it, such as a day of purchase; which instants it covers depends on a zone.
///
/// Serialized as `2026-03-09` in human-readable formats and as an integer of days since 0001-01-01
/// (which is day 1) in binary ones.
///
/// ```
/// use punctual::time::CivilDate;
///
/// let bought_on: CivilDate = "2026-03-09".parse()?;
/// assert_eq!(bought_on.to_string(), "2026-03-09");
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(NaiveDate);

impl CivilDate {
    /// Returns the chrono date.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }
}

impl From<NaiveDate> for CivilDate {
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl FromStr for CivilDate {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        text.parse().map(Self).map_err(|_| TimeError::NotADate {
            found: text.to_owned(),
        })
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for CivilDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i32(self.0.num_days_from_ce())
        }
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            return text.parse().map_err(D::Error::custom);
        }
        let days = i32::deserialize(deserializer)?;
        NaiveDate::from_num_days_from_ce_opt(days)
            .map(Self)
            .ok_or_else(|| D::Error::custom(format_args!("day {days} since 0001-01-01 is no date")))
    }
}
