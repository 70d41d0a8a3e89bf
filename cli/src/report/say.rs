//! How figures are said: shares with a tenth, lengths in two units, differences with a sign.

use punctual::language::Language;
use punctual::time::Span;

use super::model::{Better, Rate, Value};
use super::words;
use crate::words::{brief, either, grouped};

/// What stands where there is no figure.
pub(super) const NONE: &str = "–";

/// A change against the period before, or against the other policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// With sign and unit: `+1.2 pp`.
    pub(super) text: String,
    /// Less, equal or greater than zero.
    pub(super) sign: i64,
    /// Whether that is better; neither where it is not to be judged, or nothing changed.
    pub(super) is_better: Option<bool>,
}

impl Change {
    fn new(text: String, sign: i64, better: Better) -> Self {
        let is_better = match (better, sign) {
            (Better::Neither, _) | (_, 0) => None,
            (Better::Higher, sign) => Some(sign > 0),
            (Better::Lower, sign) => Some(sign < 0),
        };
        Self {
            text,
            sign,
            is_better,
        }
    }
}

/// Returns tenths of a percent as a percentage.
pub(super) fn percent(permille: Option<u64>) -> String {
    match permille {
        None => NONE.to_owned(),
        Some(permille) => format!("{}.{}%", grouped(permille / 10), permille % 10),
    }
}

/// Returns both numbers of a share.
pub(super) fn of(ratio: Rate) -> String {
    let (kept, all) = (grouped(ratio.part), grouped(ratio.whole));
    format!("{kept} / {all}")
}

/// Returns a length of whole seconds in its two largest units.
pub(super) fn length(seconds: i64, language: Language) -> String {
    let days = seconds.unsigned_abs() / 86_400;
    if days >= 1_000 {
        // Sums over a whole desk: hours would say nothing any more.
        let unit = either(language, "d".to_owned(), "天".to_owned());
        return format!("{}{}{unit}", minus(seconds), grouped(days));
    }
    match Span::from_seconds(seconds.saturating_abs()) {
        Ok(span) => format!("{}{}", minus(seconds), brief(span, language)),
        Err(_) => format!("{}{}", minus(seconds), grouped(seconds.unsigned_abs())),
    }
}

/// A true minus sign is as wide as a plus, and no line ends behind it.
const fn minus(number: i64) -> &'static str {
    if number < 0 { "\u{2212}" } else { "" }
}

fn sign(number: i64) -> &'static str {
    match number {
        0 => "±",
        1.. => "+",
        _ => minus(number),
    }
}

/// Returns the figure itself.
pub(super) fn value(value: Value, language: Language) -> String {
    match value {
        Value::Count(count) => grouped(count),
        Value::Rate(ratio) => percent(ratio.per_mille()),
        Value::Mean { .. } => hundredths(value).map_or_else(|| NONE.to_owned(), two_decimals),
        Value::Length { count: 0, .. } => NONE.to_owned(),
        Value::Length { seconds, .. } => length(seconds, language),
    }
}

/// Returns the numbers that a figure is made of, or how many cases it was taken from.
pub(super) fn numbers(value: Value, language: Language) -> String {
    match value {
        Value::Count(_) => String::new(),
        Value::Rate(ratio) => of(ratio),
        Value::Mean { count, .. } | Value::Length { count, .. } => cases(count, language),
    }
}

/// Returns what stands small beside the figure: its numbers, and the scale of a mean.
pub(super) fn beside(value: Value, language: Language) -> String {
    match value {
        Value::Count(_) => String::new(),
        _ if value.cases() == 0 => words::NO_CASES.text(language).to_owned(),
        Value::Mean { count, most, .. } => either(
            language,
            format!("of {most}, {}", cases(count, language)),
            format!("满分 {most}，{}", cases(count, language)),
        ),
        Value::Rate(_) | Value::Length { .. } => numbers(value, language),
    }
}

fn cases(count: u64, language: Language) -> String {
    either(
        language,
        crate::words::counted(count, "case", "cases"),
        format!("样本 {}", grouped(count)),
    )
}

fn hundredths(value: Value) -> Option<u64> {
    match value {
        Value::Mean { total, count, .. } => {
            let hundredths = (u128::from(total) * 100).checked_div(u128::from(count))?;
            u64::try_from(hundredths).ok()
        }
        Value::Count(_) | Value::Rate(_) | Value::Length { .. } => None,
    }
}

fn two_decimals(hundredths: u64) -> String {
    format!("{}.{:02}", grouped(hundredths / 100), hundredths % 100)
}

/// Returns the difference between two figures of one kind as they are shown, so that a reader who
/// subtracts gets the same; `None` where one of them is missing or they are of two kinds.
pub(super) fn change(
    now: Value,
    before: Value,
    better: Better,
    language: Language,
) -> Option<Change> {
    match (now, before) {
        (Value::Count(now), Value::Count(before)) => {
            let more = difference(now, before);
            let text = format!("{}{}", sign(more), grouped(more.unsigned_abs()));
            Some(Change::new(text, more.signum(), better))
        }
        (Value::Rate(now), Value::Rate(before)) => points(now, before, better, language),
        (Value::Mean { .. }, Value::Mean { .. }) => {
            let more = difference(hundredths(now)?, hundredths(before)?);
            let text = format!("{}{}", sign(more), two_decimals(more.unsigned_abs()));
            Some(Change::new(text, more.signum(), better))
        }
        (Value::Length { seconds, .. }, Value::Length { seconds: old, .. }) => {
            if now.cases() == 0 || before.cases() == 0 {
                return None;
            }
            let more = seconds.saturating_sub(old);
            let text = format!("{}{}", sign(more), length(more.saturating_abs(), language));
            Some(Change::new(text, more.signum(), better))
        }
        (Value::Count(_) | Value::Rate(_) | Value::Mean { .. } | Value::Length { .. }, _) => None,
    }
}

/// Returns the difference between two shares in percentage points.
pub(super) fn points(
    now: Rate,
    before: Rate,
    better: Better,
    language: Language,
) -> Option<Change> {
    let more = difference(now.per_mille()?, before.per_mille()?);
    let size = more.unsigned_abs();
    let number = format!("{}{}.{}", sign(more), grouped(size / 10), size % 10);
    let text = either(
        language,
        format!("{number} pp"),
        format!("{number} 个百分点"),
    );
    Some(Change::new(text, more.signum(), better))
}

fn difference(now: u64, before: u64) -> i64 {
    let more = i128::from(now) - i128::from(before);
    i64::try_from(more).unwrap_or(if more < 0 { i64::MIN } else { i64::MAX })
}

/// Returns thousandths with one decimal, rounded down.
pub(super) fn tenths(thousandths: u64) -> String {
    format!(
        "{}.{}",
        grouped(thousandths / 1_000),
        thousandths % 1_000 / 100
    )
}

/// Returns a count in as little room as possible, rounded down: `12.3k`, `1.2万`.
pub(super) fn compact(count: u64, language: Language) -> String {
    let units: [(u64, &str); 3] = match language {
        Language::Chinese => [
            (1_000_000_000_000, "万亿"),
            (100_000_000, "亿"),
            (10_000, "万"),
        ],
        Language::English | _ => [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")],
    };
    let unit = units.into_iter().find(|(size, _)| count >= *size);
    match unit {
        Some((size, name)) if count >= 10_000 => {
            let (whole, tenth) = (count / size, count % size / (size / 10));
            match (whole, tenth) {
                (100.., _) => format!("{whole}{name}"),
                (_, tenth) => format!("{whole}.{tenth}{name}"),
            }
        }
        Some(_) | None => grouped(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const ZH: Language = Language::Chinese;

    #[test]
    fn shares_are_rounded_down_and_missing_ones_are_a_dash() {
        for (ratio, text) in [
            (Rate::new(2, 3), "66.6%"),
            (Rate::new(999_999, 1_000_000), "99.9%"),
            (Rate::new(7, 7), "100.0%"),
            (Rate::new(0, 9), "0.0%"),
            (Rate::new(0, 0), "–"),
        ] {
            assert_eq!(percent(ratio.per_mille()), text, "{ratio:?}");
        }
    }

    #[test]
    fn a_change_is_what_a_reader_gets_who_subtracts() {
        let rate = |part, all| Value::Rate(Rate::new(part, all));
        let mean = |total, count| Value::Mean {
            total,
            count,
            most: 5,
        };
        let length = |seconds, count| Value::Length { seconds, count };
        for (now, before, better, text, is_better) in [
            (
                rate(2, 3),
                rate(1, 3),
                Better::Higher,
                "+33.3 pp",
                Some(true),
            ),
            (
                rate(1, 3),
                rate(2, 3),
                Better::Higher,
                "−33.3 pp",
                Some(false),
            ),
            (
                rate(1, 3),
                rate(2, 3),
                Better::Lower,
                "−33.3 pp",
                Some(true),
            ),
            (rate(1, 2), rate(2, 4), Better::Lower, "±0.0 pp", None),
            (mean(9, 2), mean(17, 4), Better::Higher, "+0.25", Some(true)),
            (
                length(60, 3),
                length(3_660, 3),
                Better::Lower,
                "−1h",
                Some(true),
            ),
            (
                Value::Count(1_500),
                Value::Count(300),
                Better::Neither,
                "+1,200",
                None,
            ),
        ] {
            let found = change(now, before, better, EN).unwrap();
            assert_eq!((found.text.as_str(), found.is_better), (text, is_better));
        }
        assert_eq!(change(rate(0, 0), rate(1, 1), Better::Higher, EN), None);
        assert_eq!(
            change(rate(1, 1), Value::Count(1), Better::Higher, EN),
            None
        );
        assert_eq!(change(length(1, 0), length(1, 1), Better::Lower, EN), None);
        let found = points(Rate::new(1, 2), Rate::new(1, 4), Better::Higher, ZH).unwrap();
        assert_eq!(found.text, "+25.0 个百分点");
    }

    #[test]
    fn lengths_have_two_units_and_a_true_minus() {
        assert_eq!(length(-93_600, EN), "−1d 2h");
        assert_eq!(length(93_600, ZH), "1天2小时");
        assert_eq!(length(-1_310_400_000, EN), "−15,166d");
    }

    #[test]
    fn counts_take_little_room() {
        for (count, en, zh) in [
            (9_999, "9,999", "9,999"),
            (12_399, "12.3k", "1.2万"),
            (100_000, "100k", "10.0万"),
            (1_250_000, "1.2M", "125万"),
            (230_000_000, "230M", "2.3亿"),
        ] {
            assert_eq!(
                (compact(count, EN).as_str(), compact(count, ZH).as_str()),
                (en, zh)
            );
        }
    }
}
