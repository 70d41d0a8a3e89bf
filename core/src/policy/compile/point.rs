//! Where on a clock a rung sits: `80%`, `lower`, `due`, `-10m`, `+2wh`.

use super::length::{NotALength, Written, length};
use crate::time::Share;

/// A point as it is written, without a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Share(Share),
    Lower,
    Due,
    Before(Written),
    After(Written),
}

/// Why a text is no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAPoint {
    /// A share of nothing, or of more than ten times the budget.
    Share,
    /// Its length is none.
    Length(NotALength),
    /// Anything else.
    Other,
}

/// The words that may stand instead of a length.
pub(super) const WORDS: [&str; 2] = ["due", "lower"];

/// The largest share: ten times the budget.
const MOST_PERCENT: u16 = 1_000;

/// Reads a point.
pub(super) fn point(text: &str) -> Result<Point, NotAPoint> {
    match text {
        "lower" => return Ok(Point::Lower),
        "due" => return Ok(Point::Due),
        _ => {}
    }
    if let Some(percent) = text.strip_suffix('%') {
        let plain = !percent.is_empty() && percent.bytes().all(|byte| byte.is_ascii_digit());
        let percent = plain.then(|| percent.parse::<u16>().ok()).flatten();
        let share = percent.filter(|percent| (1..=MOST_PERCENT).contains(percent));
        return share
            .map(|percent| Point::Share(Share::percent(percent)))
            .ok_or(NotAPoint::Share);
    }
    let offset = |text| match length(text) {
        // The same clock time some days off: the clock does not measure it.
        Ok(Written::Days(_)) => Err(NotAPoint::Length(NotALength::Other)),
        Ok(written) => Ok(written),
        Err(why) => Err(NotAPoint::Length(why)),
    };
    if let Some(text) = text.strip_prefix('+') {
        return offset(text).map(Point::After);
    }
    if let Some(text) = text.strip_prefix('-') {
        return offset(text).map(Point::Before);
    }
    Err(NotAPoint::Other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn l1_points_are_read() {
        for (text, expected) in [
            ("80%", Ok(Point::Share(Share::percent(80)))),
            ("150%", Ok(Point::Share(Share::percent(150)))),
            ("due", Ok(Point::Due)),
            ("lower", Ok(Point::Lower)),
            (
                "+2wh",
                Ok(Point::After(Written::Working(Span::from_hours(2).unwrap()))),
            ),
            (
                "-10m",
                Ok(Point::Before(Written::Wall(
                    Span::from_minutes(10).unwrap(),
                ))),
            ),
            ("0%", Err(NotAPoint::Share)),
            ("1001%", Err(NotAPoint::Share)),
            ("12.5%", Err(NotAPoint::Share)),
            ("+80%", Err(NotAPoint::Share)),
            ("%", Err(NotAPoint::Share)),
            ("+3d", Err(NotAPoint::Length(NotALength::Other))),
            ("+10", Err(NotAPoint::Length(NotALength::Bare))),
            ("-0m", Err(NotAPoint::Length(NotALength::Zero))),
            ("10m", Err(NotAPoint::Other)),
            ("Due", Err(NotAPoint::Other)),
            ("", Err(NotAPoint::Other)),
        ] {
            assert_eq!(point(text), expected, "{text}");
        }
    }
}
