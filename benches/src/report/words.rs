//! Figures and targets in words.

use crate::figure::{Against, Figure, Judged, Side, Unit};

/// Writes a figure with three digits, or with all of them where it has more before the point.
pub(super) fn figure(value: f64) -> String {
    let text = match value.abs() {
        size if size < 1.0 => format!("{value:.3}"),
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    };
    grouped(&text)
}

/// Puts a comma between thousands.
fn grouped(text: &str) -> String {
    let (whole, rest) = text
        .split_once('.')
        .map_or((text, None), |(a, b)| (a, Some(b)));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.chars().count() - place;
        if place > 0 && left % 3 == 0 && digit.is_ascii_digit() && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}

/// Writes a figure with its unit, in larger units where it is large.
pub(super) fn with_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::CpuNanos | Unit::WallNanos if value >= 1e9 => format!("{} s", figure(value / 1e9)),
        Unit::CpuNanos | Unit::WallNanos if value >= 1e6 => format!("{} ms", figure(value / 1e6)),
        Unit::CpuNanos | Unit::WallNanos if value >= 1e4 => format!("{} us", figure(value / 1e3)),
        Unit::CpuNanos | Unit::WallNanos => format!("{} ns", figure(value)),
        Unit::PerSecond => format!("{}/s", figure(value)),
        Unit::PerCpuSecond => format!("{}/s and core", figure(value)),
        Unit::Bytes if value >= 1e7 => format!("{} MB", figure(value / 1e6)),
        Unit::Bytes if value >= 1e4 => format!("{} kB", figure(value / 1e3)),
        Unit::Bytes => format!("{} B", figure(value)),
    }
}

/// Writes how many times as good ours is.
pub(super) fn ratio(ratio: f64) -> String {
    format!("{}x", figure(ratio))
}

/// Writes whose figure it is.
pub(super) fn who(figure: &Figure) -> String {
    match &figure.side {
        Side::Ours => figure.name.clone(),
        Side::Peer { language } if language == "rust" => figure.name.clone(),
        Side::Peer { language } => format!("{} ({language})", figure.name),
        Side::Limit => format!("limit: {}", figure.name),
    }
}

/// Writes what was aimed at, and what was found.
pub(super) fn target(judged: &Judged, unit: Unit) -> String {
    let of = |name: &str, all: &str| {
        if name.is_empty() {
            all.to_owned()
        } else {
            format!("`{name}`")
        }
    };
    let target = &judged.target;
    let aim = match target.against {
        Against::Crates => {
            let who = of(&target.named, "the best crate");
            format!("at least {} as good as {who}", ratio(target.factor))
        }
        Against::Scripts => format!("at least {} as good as any script", ratio(target.factor)),
        Against::Limit => {
            let who = of(&target.named, "the limit");
            format!("at least {} of {who}", figure(target.factor))
        }
        Against::Number if unit.less_is_better() => {
            format!("at most {}", with_unit(target.factor, unit))
        }
        Against::Number => format!("at least {}", with_unit(target.factor, unit)),
    };
    let found = match target.against {
        Against::Number => with_unit(judged.found, unit),
        Against::Crates | Against::Scripts => ratio(judged.found),
        Against::Limit => figure(judged.found),
    };
    format!("{aim}: {found}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_thousands_are_told_apart() {
        for (value, text) in [
            (0.123_4, "0.123"),
            (7.0, "7.00"),
            (42.42, "42.4"),
            (999.6, "1,000"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn what_is_large_is_told_in_larger_units() {
        assert_eq!(with_unit(2.5e9, Unit::CpuNanos), "2.50 s");
        assert_eq!(with_unit(187.0, Unit::Bytes), "187 B");
        assert_eq!(with_unit(54_321.0, Unit::Bytes), "54.3 kB");
        assert_eq!(with_unit(98e6, Unit::Bytes), "98.0 MB");
        assert_eq!(with_unit(950.0, Unit::CpuNanos), "950 ns");
        assert_eq!(with_unit(12_345.0, Unit::WallNanos), "12.3 us");
        assert_eq!(with_unit(98e6, Unit::WallNanos), "98.0 ms");
        assert_eq!(with_unit(98e6, Unit::PerSecond), "98,000,000/s");
    }
}
