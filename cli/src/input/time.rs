//! Times as foreign systems write them.

use std::fmt::Write;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use punctual::calendar::{Zone, ZoneTable};
use punctual::language::Phrase;
use punctual::time::Instant;

use crate::text::clean;

/// How a log writes its times.
#[derive(Debug, Clone)]
pub(super) enum TimeForm {
    /// RFC 3339, with any offset.
    Rfc3339,
    /// A whole number of units since 1970, each of so many microseconds.
    Unix(i64),
    /// A pattern with an offset in it.
    WithOffset(String),
    /// A pattern without one, and the zone that it means.
    Local(String, ZoneTable),
}

const FORMS: &str =
    "rfc3339, unix-seconds, unix-millis, unix-micros, or a pattern such as %d/%m/%Y %H:%M";

impl TimeForm {
    /// Reads the words of a map.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn new(format: &str, zone: Option<&str>) -> Result<Self, String> {
        let form = match format {
            "rfc3339" => Self::Rfc3339,
            "unix-seconds" => Self::Unix(1_000_000),
            "unix-millis" => Self::Unix(1_000),
            "unix-micros" => Self::Unix(1),
            pattern => return Self::pattern(pattern, zone),
        };
        match zone {
            None => Ok(form),
            Some(_) => Err(format!("`{format}` says the zone itself; leave `zone` out")),
        }
    }

    fn pattern(pattern: &str, zone: Option<&str>) -> Result<Self, String> {
        let is_bad = StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error));
        if is_bad || !pattern.contains('%') {
            return Err(format!("`{pattern}` is no format of times; write {FORMS}"));
        }
        let has_offset = ["%z", "%:z", "%::z", "%#z", "%+"]
            .iter()
            .any(|token| pattern.contains(token));
        match (has_offset, zone) {
            (true, None) => Ok(Self::WithOffset(pattern.to_owned())),
            (true, Some(_)) => Err(format!("`{pattern}` reads the offset; leave `zone` out")),
            (false, None) => Err(format!(
                "`{pattern}` says no offset; name the `zone`, such as Asia/Shanghai or UTC"
            )),
            (false, Some(zone)) => {
                let zone: Zone = zone
                    .parse()
                    .map_err(|error: punctual::calendar::CalendarError| error.to_string())?;
                Ok(Self::Local(pattern.to_owned(), ZoneTable::new(zone)))
            }
        }
    }

    /// Reads a cell.
    pub(super) fn read(&self, text: &str) -> Result<Instant, Phrase> {
        let found = match self {
            Self::Rfc3339 => text.parse().ok(),
            Self::Unix(unit) => unix(text, *unit),
            Self::WithOffset(pattern) => DateTime::parse_from_str(text, pattern)
                .ok()
                .and_then(|at| Instant::try_from(at.with_timezone(&Utc)).ok()),
            Self::Local(pattern, zone) => {
                local(text, pattern).and_then(|at| zone.instant_of(at).ok())
            }
        };
        found.ok_or_else(|| self.refusal(text))
    }

    fn refusal(&self, text: &str) -> Phrase {
        let (mut en, mut zh) = (String::new(), String::new());
        let text = clean(text);
        let form = match self {
            Self::Rfc3339 => "RFC 3339",
            Self::Unix(1_000_000) => "unix-seconds",
            Self::Unix(1_000) => "unix-millis",
            Self::Unix(_) => "unix-micros",
            Self::WithOffset(pattern) | Self::Local(pattern, _) => pattern,
        };
        let _ = write!(
            en,
            "`{text}` is no instant from 1970 to 2099 in the form {form}"
        );
        let _ = write!(zh, "“{text}”不是 {form} 格式的 1970 至 2099 年间的时间");
        Phrase::new(en, zh)
    }
}

fn unix(text: &str, unit: i64) -> Option<Instant> {
    let count: i64 = text.parse().ok()?;
    Instant::from_micros(count.checked_mul(unit)?).ok()
}

/// A pattern without a time of day means the first moment of the date.
fn local(text: &str, pattern: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, pattern)
        .ok()
        .or_else(|| {
            let date = NaiveDate::parse_from_str(text, pattern).ok()?;
            Some(date.and_time(NaiveTime::MIN))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_their_map_says() {
        for (format, zone, text, at) in [
            (
                "rfc3339",
                None,
                "2026-03-09T09:00:00+08:00",
                "2026-03-09T01:00:00Z",
            ),
            ("unix-seconds", None, "1773018000", "2026-03-09T01:00:00Z"),
            (
                "unix-millis",
                None,
                "1773018000250",
                "2026-03-09T01:00:00.25Z",
            ),
            (
                "%d/%m/%Y %H:%M",
                Some("UTC"),
                "9/3/2026 01:00",
                "2026-03-09T01:00:00Z",
            ),
            (
                "%d/%m/%Y %H:%M",
                Some("Asia/Shanghai"),
                "9/3/2026 09:00",
                "2026-03-09T01:00:00Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S %z",
                None,
                "2026-03-09 09:00:00 +0800",
                "2026-03-09T01:00:00Z",
            ),
            (
                "%Y-%m-%d",
                Some("+08:00"),
                "2026-03-09",
                "2026-03-08T16:00:00Z",
            ),
        ] {
            let form = TimeForm::new(format, zone).unwrap();
            assert_eq!(form.read(text), Ok(at.parse().unwrap()), "{format} {text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_and_so_is_a_form_that_leaves_the_zone_open() {
        let form = TimeForm::new("%d/%m/%Y", Some("UTC")).unwrap();
        assert!(form.read("2026-03-09").is_err());
        assert!(form.read("9/3/2126").is_err());
        for (format, zone) in [
            ("%d/%m/%Y", None),
            ("%d/%m/%Y", Some("Asia/Peking")),
            ("%Q", Some("UTC")),
            ("iso", None),
            ("rfc3339", Some("UTC")),
            ("%Y-%m-%d %z", Some("UTC")),
        ] {
            assert!(TimeForm::new(format, zone).is_err(), "{format} {zone:?}");
        }
    }
}
