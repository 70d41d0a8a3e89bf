//! Public holidays and make-up working days, shipped as data.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use super::{CalendarError, DayRule, Exception};

/// A country's public holidays, with the working days that make up for them.
///
/// Shipped as data and refreshed with this library; publishing a calendar writes them out, so a
/// refresh changes no calendar that was published (SEMANTICS K7).
///
/// ```
/// use punctual::calendar::HolidaySet;
///
/// let china: HolidaySet = "CN".parse()?;
/// assert_eq!(china.provisional_from()?.to_string(), "2027-01-01");
/// assert!(china.exceptions()?.iter().any(|day| day.on.to_string() == "2026-10-01"));
/// # Ok::<(), punctual::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HolidaySet {
    /// Mainland China, 2010 to 2026, as the State Council announced them year by year. Earlier
    /// years have no entries.
    Cn,
}

impl HolidaySet {
    /// Every set that is shipped, for "did you mean".
    pub const ALL: [Self; 1] = [Self::Cn];

    /// Returns the name that a policy uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cn => "CN",
        }
    }

    const fn rows(self) -> &'static str {
        match self {
            Self::Cn => include_str!("../../data/holidays-cn.csv"),
        }
    }

    /// Returns the holidays and make-up working days in order of dates.
    ///
    /// # Errors
    /// [`CalendarError::DamagedHolidays`] if the shipped data cannot be read; a test of this
    /// library keeps that from happening.
    pub fn exceptions(self) -> Result<Vec<Exception>, CalendarError> {
        let mut found: Vec<Exception> = Vec::new();
        let rows = self.rows().lines().zip(1..);
        for (row, line) in rows.filter(|(row, _)| !row.starts_with('#')) {
            let damaged = CalendarError::DamagedHolidays {
                set: self.name(),
                line,
            };
            match exception(row) {
                Some(next) if found.last().is_none_or(|last| last.on < next.on) => found.push(next),
                Some(_) | None => return Err(damaged),
            }
        }
        Ok(found)
    }

    /// Returns the first date whose holidays are not known yet: 1 January after the last year that
    /// has entries. An answer that rests on that date or a later one is provisional (SEMANTICS K6).
    ///
    /// # Errors
    /// [`CalendarError::DamagedHolidays`] if the shipped data cannot be read.
    pub fn provisional_from(self) -> Result<NaiveDate, CalendarError> {
        let days = self.exceptions()?;
        days.last()
            .and_then(|day| NaiveDate::from_ymd_opt(day.on.year().saturating_add(1), 1, 1))
            .ok_or(CalendarError::DamagedHolidays {
                set: self.name(),
                line: 1,
            })
    }
}

/// Reads `2026-10-01,holiday,国庆节`.
fn exception(row: &str) -> Option<Exception> {
    let (on, rest) = row.split_once(',')?;
    let (kind, name) = rest.split_once(',')?;
    let rule = match kind {
        "holiday" => DayRule::Closed,
        "workday" => DayRule::MakeUp,
        _ => return None,
    };
    let on = on.parse().ok()?;
    (!name.is_empty()).then(|| Exception {
        on,
        rule,
        name: Some(SmolStr::new(name)),
    })
}

impl FromStr for HolidaySet {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::ALL
            .into_iter()
            .find(|set| set.name() == text)
            .ok_or_else(|| CalendarError::UnknownHolidays {
                found: CalendarError::shown(text),
            })
    }
}

impl fmt::Display for HolidaySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for HolidaySet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for HolidaySet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rows_are_well_formed_and_in_order() {
        for set in HolidaySet::ALL {
            let days = set.exceptions().unwrap();
            assert!(days.is_sorted_by(|a, b| a.on < b.on));
            assert!(days.iter().all(|day| day.name.is_some()));
            assert_eq!(set.name().parse(), Ok(set));
        }
        assert!("XX".parse::<HolidaySet>().is_err());
    }

    #[test]
    fn china_has_holidays_and_make_up_days_in_each_year() {
        let days = HolidaySet::Cn.exceptions().unwrap();
        for year in 2010..=2026 {
            let of = |rule: DayRule| {
                let found = days.iter().filter(|day| day.on.year() == year);
                found.filter(|day| day.rule == rule).count()
            };
            assert!((20..=40).contains(&of(DayRule::Closed)), "{year}");
            assert!((2..=12).contains(&of(DayRule::MakeUp)), "{year}");
        }
    }

    #[test]
    fn k6_the_year_after_the_last_published_one_is_provisional() {
        let from = HolidaySet::Cn.provisional_from().unwrap();
        assert_eq!(from.to_string(), "2027-01-01");
    }

    #[test]
    fn a_row_that_says_something_else_is_not_read() {
        for row in [
            "",
            "2026-10-01",
            "2026-10-01,holiday",
            "2026-10-01,feast,x",
            "2026-13-01,holiday,x",
            "2026-10-01,holiday,",
        ] {
            assert_eq!(exception(row), None, "{row}");
        }
    }
}
