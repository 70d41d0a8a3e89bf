//! The grammar of lengths: `24h`, `1h30m`, `2wh`, `3d`, `2wd`, `1-3wd`, `24h before visit`.
//!
//! Pure: text in, value out. Which calendar a working length runs on is found elsewhere.

use std::num::NonZeroU16;

use crate::time::Span;

/// A length as it is written, without a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// `30s`, `90m`, `24h`, `1h30m`.
    Wall(Span),
    /// `90wm`, `2wh`, `1wh30wm`.
    Working(Span),
    /// `3d`.
    Days(NonZeroU16),
    /// `2wd`.
    WorkingDays(NonZeroU16),
}

/// What a goal says in `within`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// So long from the start.
    Upper(Written),
    /// From a lower bound, at which it warns, to an upper one.
    Range(Written, Written),
    /// So long before a visit.
    Before(Written),
}

/// Why a text is no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotALength {
    /// A number without a unit.
    Bare,
    /// A range whose lower bound is not below the upper.
    Reversed,
    /// No time at all.
    Zero,
    /// More than a hundred years, or more days than 65535.
    TooLong,
    /// Days, or two kinds of time, put together.
    Mixed,
    /// Anything else.
    Other,
}

impl Written {
    /// Returns whether it runs on a calendar.
    pub(super) const fn needs_calendar(self) -> bool {
        matches!(self, Self::Working(_) | Self::WorkingDays(_))
    }
}

/// A hundred years: longer than any promise, shorter than the calendars.
const MOST: Span = Span::from_micros(36_525 * Span::DAY.micros());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Wall(Span),
    Working(Span),
    Days,
    WorkingDays,
}

impl Unit {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "s" => Self::Wall(Span::SECOND),
            "m" => Self::Wall(Span::MINUTE),
            "h" => Self::Wall(Span::HOUR),
            "ws" => Self::Working(Span::SECOND),
            "wm" => Self::Working(Span::MINUTE),
            "wh" => Self::Working(Span::HOUR),
            "d" => Self::Days,
            "wd" => Self::WorkingDays,
            _ => return None,
        })
    }

    fn length(self, number: u64) -> Result<Written, NotALength> {
        let times = |unit: Span| {
            let number = i64::try_from(number).map_err(|_| NotALength::TooLong)?;
            unit.checked_mul(number).map_err(|_| NotALength::TooLong)
        };
        let days = || {
            if number == 0 {
                return Err(NotALength::Zero);
            }
            let days = u16::try_from(number).ok().and_then(NonZeroU16::new);
            days.ok_or(NotALength::TooLong)
        };
        match self {
            Self::Wall(unit) => times(unit).map(Written::Wall),
            Self::Working(unit) => times(unit).map(Written::Working),
            Self::Days => days().map(Written::Days),
            Self::WorkingDays => days().map(Written::WorkingDays),
        }
    }
}

/// Reads one length, such as `1h30m`. Spaces between its parts do no harm.
pub(super) fn length(text: &str) -> Result<Written, NotALength> {
    let mut rest = text.trim();
    let mut sum: Option<Written> = None;
    while !rest.is_empty() {
        let (number, unit, after) = part(rest)?;
        let next = unit.length(number)?;
        sum = Some(match sum {
            None => next,
            Some(before) => add(before, next)?,
        });
        rest = after.trim_start();
    }
    bounded(sum.ok_or(NotALength::Other)?)
}

/// Splits `30m rest` into number, unit and rest.
fn part(text: &str) -> Result<(u64, Unit, &str), NotALength> {
    let is_digit = |c: char| c.is_ascii_digit();
    let digits_end = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(digits_end).ok_or(NotALength::Other)?;
    if digits.is_empty() {
        return Err(NotALength::Other);
    }
    let unit_end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(unit_end).ok_or(NotALength::Other)?;
    if unit.is_empty() && rest.trim().is_empty() {
        return Err(NotALength::Bare);
    }
    let unit = Unit::of(unit).ok_or(NotALength::Other)?;
    let number = digits.parse().map_err(|_| NotALength::TooLong)?;
    Ok((number, unit, rest))
}

fn add(before: Written, next: Written) -> Result<Written, NotALength> {
    let sum = |a: Span, b: Span| a.checked_add(b).map_err(|_| NotALength::TooLong);
    match (before, next) {
        (Written::Wall(a), Written::Wall(b)) => sum(a, b).map(Written::Wall),
        (Written::Working(a), Written::Working(b)) => sum(a, b).map(Written::Working),
        (
            Written::Wall(_) | Written::Working(_) | Written::Days(_) | Written::WorkingDays(_),
            _,
        ) => Err(NotALength::Mixed),
    }
}

fn bounded(length: Written) -> Result<Written, NotALength> {
    match length {
        Written::Wall(span) | Written::Working(span) if span == Span::ZERO => Err(NotALength::Zero),
        Written::Wall(span) | Written::Working(span) if span > MOST => Err(NotALength::TooLong),
        Written::Wall(_) | Written::Working(_) | Written::Days(_) | Written::WorkingDays(_) => {
            Ok(length)
        }
    }
}

/// Reads what a goal says.
pub(super) fn within(text: &str) -> Result<Within, NotALength> {
    let text = text.trim();
    if let Some(before) = text.strip_suffix("before visit") {
        if !before.ends_with(char::is_whitespace) {
            return Err(NotALength::Other);
        }
        return match length(before)? {
            // The same clock time some days before: nothing measures it (SEMANTICS B4).
            Written::Days(_) => Err(NotALength::Other),
            lead @ (Written::Wall(_) | Written::Working(_) | Written::WorkingDays(_)) => {
                Ok(Within::Before(lead))
            }
        };
    }
    match text.split_once('-') {
        None => length(text).map(Within::Upper),
        Some((lower, upper)) => range(lower.trim(), upper.trim()),
    }
}

/// Reads `1-3wd`: two numbers with one unit.
fn range(lower: &str, upper: &str) -> Result<Within, NotALength> {
    if lower.is_empty() || !lower.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotALength::Other);
    }
    let (number, unit, rest) = part(upper)?;
    if !rest.is_empty() {
        return Err(NotALength::Other);
    }
    let least: u64 = lower.parse().map_err(|_| NotALength::TooLong)?;
    if least >= number {
        return Err(NotALength::Reversed);
    }
    let (lower, upper) = (
        bounded(unit.length(least)?)?,
        bounded(unit.length(number)?)?,
    );
    Ok(Within::Range(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(count: i64) -> Span {
        Span::from_minutes(count).unwrap()
    }

    fn days(count: u16) -> NonZeroU16 {
        NonZeroU16::new(count).unwrap()
    }

    #[test]
    fn b1_five_kinds_of_lengths_are_read() {
        for (text, expected) in [
            (
                "30s",
                Within::Upper(Written::Wall(Span::from_seconds(30).unwrap())),
            ),
            ("90m", Within::Upper(Written::Wall(minutes(90)))),
            ("1h30m", Within::Upper(Written::Wall(minutes(90)))),
            (" 1h 30m ", Within::Upper(Written::Wall(minutes(90)))),
            ("2wh", Within::Upper(Written::Working(minutes(120)))),
            ("1wh30wm", Within::Upper(Written::Working(minutes(90)))),
            ("3d", Within::Upper(Written::Days(days(3)))),
            ("2wd", Within::Upper(Written::WorkingDays(days(2)))),
            (
                "1-3wd",
                Within::Range(Written::WorkingDays(days(1)), Written::WorkingDays(days(3))),
            ),
            (
                "30-90m",
                Within::Range(Written::Wall(minutes(30)), Written::Wall(minutes(90))),
            ),
            (
                "24h before visit",
                Within::Before(Written::Wall(minutes(1440))),
            ),
            (
                "8wh before visit",
                Within::Before(Written::Working(minutes(480))),
            ),
            (
                "1wd before visit",
                Within::Before(Written::WorkingDays(days(1))),
            ),
        ] {
            assert_eq!(within(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_refused_with_the_reason() {
        for (text, expected) in [
            ("30", NotALength::Bare),
            ("1h30", NotALength::Bare),
            ("", NotALength::Other),
            ("h", NotALength::Other),
            ("1.5h", NotALength::Other),
            ("-5m", NotALength::Other),
            ("2 hours", NotALength::Other),
            ("1w", NotALength::Other),
            ("三h", NotALength::Other),
            ("0h", NotALength::Zero),
            ("0wd", NotALength::Zero),
            ("0-3wd", NotALength::Zero),
            ("3-1wd", NotALength::Reversed),
            ("3-3wd", NotALength::Reversed),
            ("1wd-3wd", NotALength::Other),
            ("1-3", NotALength::Bare),
            ("1h2wh", NotALength::Mixed),
            ("1d12h", NotALength::Mixed),
            ("1wd2wd", NotALength::Mixed),
            ("65536d", NotALength::TooLong),
            ("900000h", NotALength::TooLong),
            ("99999999999999999999h", NotALength::TooLong),
            ("3d before visit", NotALength::Other),
            ("24hbefore visit", NotALength::Other),
            ("24h before call", NotALength::Other),
        ] {
            assert_eq!(within(text), Err(expected), "{text}");
        }
    }
}
