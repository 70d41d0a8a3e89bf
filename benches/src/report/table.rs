//! The table on the terminal.

use std::fmt::Write as _;

use super::Report;
use super::words::{figure, ratio, target, who};
use crate::figure::{Case, Side};
use crate::growth::{Growth, most};

const NAME: usize = 52;

/// Writes all cases: every figure of ours above its peers and limits, and how many times as good
/// ours is.
#[must_use]
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    for (title, cases) in report.rows() {
        let _ = write!(text, "\n{title}\n");
        for case in cases {
            text.push_str(&one(case));
        }
    }
    growths(&mut text, &report.outcome.growths);
    for reason in &report.left_out {
        let _ = writeln!(text, "left out: {reason}");
    }
    let (mut met, mut missed) = (0, 0);
    for (_, judged) in report.judged() {
        met += u32::from(judged.met);
        missed += u32::from(!judged.met);
    }
    let _ = write!(text, "\ntargets: {met} met, {missed} missed\n");
    text
}

/// Writes one case.
#[must_use]
pub fn one(case: &Case) -> String {
    let (name, unit) = (&case.name, case.unit.name());
    let mut text = format!(
        "\n  {name}\n    {unit:<NAME$} {:>11} {:>11} {:>11} {:>9}\n",
        "best", "median", "9 of 10", "ours is"
    );
    for it in &case.figures {
        let [best, median, ninth] = [it.best, it.median, it.ninth].map(figure);
        let ours_is = match it.side {
            Side::Ours => String::new(),
            Side::Peer { .. } | Side::Limit => case.ratio(it).map(ratio).unwrap_or_default(),
        };
        let who = who(it);
        let _ = write!(
            text,
            "    {who:<NAME$} {best:>11} {median:>11} {ninth:>11} {ours_is:>9}"
        );
        let _ = match &it.note {
            Some(note) => writeln!(text, "  ({note})"),
            None => writeln!(text),
        };
    }
    if let Some(note) = &case.note {
        let _ = writeln!(text, "    note: {note}");
    }
    for judged in case.judged() {
        let met = if judged.met { "met   " } else { "MISSED" };
        let _ = writeln!(text, "    {met} {}", target(&judged, case.unit));
    }
    text
}

fn growths(text: &mut String, growths: &[Growth]) {
    if growths.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\nGrowth: ns CPU an operation by size, and the exponent fitted to them\n\n"
    );
    for growth in growths {
        let name = if growth.limit {
            format!("limit: {}", growth.name)
        } else {
            growth.name.clone()
        };
        let _ = write!(text, "    {name:<58}");
        for (size, nanos) in &growth.points {
            let _ = write!(text, " {:>9}: {:>9}", figure(*size), figure(*nanos));
        }
        let flat = if growth.grows(most(growths, &growth.of)) {
            "  GROWS"
        } else {
            ""
        };
        let _ = writeln!(text, "   exponent {:.2}{flat}", growth.exponent());
        if let Some(note) = &growth.note {
            let _ = writeln!(text, "        note: {note}");
        }
    }
}
