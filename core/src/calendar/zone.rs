//! Where the clock on the wall hangs.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::CalendarError;

/// The farthest that a fixed offset may lie from UTC.
pub(super) const MOST_OFFSET_SECS: i32 = 18 * 3_600;

/// A time zone by name: an IANA zone such as `Asia/Shanghai`, a fixed offset such as `+08:00`, or
/// `UTC`.
///
/// A name, not its meaning: a [`ZoneTable`](super::ZoneTable) is what the name means on the day on
/// which it is made. Names are case-sensitive as IANA writes them; fixed offsets are whole minutes
/// up to 18 hours. Serialized as its text.
///
/// ```
/// use punctual::calendar::Zone;
///
/// assert_eq!("Asia/Shanghai".parse::<Zone>()?.to_string(), "Asia/Shanghai");
/// assert_eq!("+00:00".parse::<Zone>()?, Zone::UTC);
/// assert!("Asia/Peking".parse::<Zone>().is_err());
/// assert!(Zone::known_names().any(|name| name == "Asia/Chongqing"));
/// # Ok::<(), punctual::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Named(Tz),
    /// Seconds east of UTC; whole minutes.
    Fixed(i32),
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Kind::Fixed(0));

    /// Returns the IANA names that this library was built with, in IANA's order; for "did you
    /// mean".
    pub fn known_names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// Returns the offset in force at `secs` seconds since 1970, in seconds east of UTC.
    pub(super) fn offset_at(self, secs: i64) -> i32 {
        match self.0 {
            Kind::Fixed(offset) => offset,
            Kind::Named(zone) => {
                let at = DateTime::from_timestamp(secs, 0).unwrap_or_default();
                zone.offset_from_utc_datetime(&at.naive_utc())
                    .fix()
                    .local_minus_utc()
            }
        }
    }

    /// Returns whether the offset can never change.
    pub(super) const fn is_fixed(self) -> bool {
        matches!(self.0, Kind::Fixed(_))
    }
}

/// Reads `+HH:MM` or `-HH:MM` as seconds east of UTC.
fn fixed(text: &str) -> Option<i32> {
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (None, Some(rest)) => (-1, rest),
        (None, None) => return None,
    };
    let two = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let secs = hours
        .saturating_mul(3_600)
        .saturating_add(minutes.saturating_mul(60));
    (minutes < 60 && secs <= MOST_OFFSET_SECS).then(|| secs.saturating_mul(sign))
}

impl FromStr for Zone {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        if text == "UTC" {
            return Ok(Self::UTC);
        }
        if let Some(offset) = fixed(text) {
            return Ok(Self(Kind::Fixed(offset)));
        }
        text.parse::<Tz>()
            .map(|zone| Self(Kind::Named(zone)))
            .map_err(|_| CalendarError::UnknownZone {
                found: CalendarError::shown(text),
            })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Named(zone) => f.pad(zone.name()),
            Kind::Fixed(0) => f.pad("UTC"),
            Kind::Fixed(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs().wrapping_div(60);
                let (h, m) = (minutes.wrapping_div(60), minutes.wrapping_rem(60));
                f.pad(&format!("{sign}{h:02}:{m:02}"))
            }
        }
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_written_as_it_is_read() {
        for name in Zone::known_names().chain(["+08:00", "-03:30", "+18:00", "-18:00", "UTC"]) {
            let zone: Zone = name.parse().unwrap();
            assert_eq!(zone.to_string(), name);
            let json = serde_json::to_string(&zone).unwrap();
            assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        }
    }

    #[test]
    fn a_text_that_is_no_zone_is_refused_and_named() {
        for text in [
            "",
            "asia/shanghai",
            "Beijing",
            "+8:00",
            "+08:60",
            "+18:01",
            "+0800",
            "08:00",
            "Z",
        ] {
            let error = text.parse::<Zone>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
        let long = "x".repeat(1_000_000);
        assert!(long.parse::<Zone>().unwrap_err().to_string().len() < 200);
    }
}
