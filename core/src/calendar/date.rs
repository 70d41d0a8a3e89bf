//! Civil dates as numbers, and their serialized form.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::DAY_SECS;

/// The number that chrono gives to 1970-01-01.
const UNIX_DAY: i32 = 719_163;

/// Returns the days from 1970-01-01 to `date`.
pub(super) fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce().saturating_sub(UNIX_DAY))
}

/// Returns the date `day` days after 1970-01-01, where chrono has one.
pub(super) fn date_of_day(day: i64) -> Option<NaiveDate> {
    let from_ce = i32::try_from(day).ok()?.checked_add(UNIX_DAY)?;
    NaiveDate::from_num_days_from_ce_opt(from_ce)
}

/// Returns the weekday of a day number: 0 is Monday. 1970-01-01 was a Thursday.
pub(super) fn weekday_of_day(day: i64) -> usize {
    usize::try_from(day.saturating_add(3).rem_euclid(7)).unwrap_or_default()
}

/// Returns the local time that reads `secs` seconds after 1970-01-01 00:00 on the wall, with the
/// given microseconds.
pub(super) fn local_time(secs: i64, micros: u32) -> Option<NaiveDateTime> {
    let date = date_of_day(secs.div_euclid(DAY_SECS))?;
    let of_day = u32::try_from(secs.rem_euclid(DAY_SECS)).ok()?;
    let nanos = micros.checked_mul(1_000)?;
    Some(date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(
        of_day, nanos,
    )?))
}

/// Dates are text in human-readable formats and day numbers in binary ones.
pub(super) mod as_text {
    use chrono::NaiveDate;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{date_of_day, day_number};

    pub(in super::super) fn serialize<S: Serializer>(
        date: &NaiveDate,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(date)
        } else {
            serializer.serialize_i64(day_number(*date))
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<NaiveDate, D::Error> {
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            let day = i64::deserialize(deserializer)?;
            date_of_day(day).ok_or_else(|| D::Error::custom("no such date"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_and_dates_agree() {
        for (text, day, weekday) in [
            ("1969-12-31", -1, 2),
            ("1970-01-01", 0, 3),
            ("2026-03-09", 20_521, 0),
            ("2099-12-31", 47_481, 3),
        ] {
            let date: NaiveDate = text.parse().unwrap();
            assert_eq!(day_number(date), day, "{text}");
            assert_eq!(date_of_day(day), Some(date), "{text}");
            assert_eq!(weekday_of_day(day), weekday, "{text}");
        }
        assert_eq!(date_of_day(i64::MAX), None);
    }
}
