//! `BENCHMARKS.md`: the last figures, losses as openly as wins.

use std::fmt::Write as _;

use super::words::{figure, ratio, target, who, with_unit};
use super::{Report, reasons};
use crate::figure::{Case, Figure, Side};
use crate::growth::{Growth, MEMORY, most};
use crate::peers::LEFT_OUT;

const HEAD: &str = "# Benchmarks

The last figures, as `cargo run --release -p punctual-bench -- --record` wrote them. Every figure of ours stands beside
other libraries that do the same work and beside a limit: fewer steps than the work needs, measured in the same run.
Every timed answer was checked against one that was worked out by other means.

Times are CPU time, in the best of several rounds: neighbours on the machine only ever add. Where a disk is waited for,
times and rates are on the wall, and the middle round is told; ours and the limits took turns, the peers came right after
them. *Ours is* tells how many times as good ours is: above 1 we win, below 1 we lose. The whole spread is in
`benches/figures.json`, the charts are in `benches/figures.html`.
";

/// Writes the page.
#[must_use]
pub fn page(report: &Report) -> String {
    let mut text = String::from(HEAD);
    machine(&mut text, report);
    targets(&mut text, report);
    losses(&mut text, report);
    for (title, cases) in report.rows() {
        let _ = write!(text, "\n## {title}\n\n");
        text.push_str("| what | whose | figure | ours is |\n|---|---|--:|--:|\n");
        for case in &cases {
            rows(&mut text, case);
        }
        notes(&mut text, &cases);
    }
    growth(&mut text, &report.outcome.growths);
    left_out(&mut text, report);
    text
}

fn machine(text: &mut String, report: &Report) {
    let machine = &report.machine;
    let _ = write!(
        text,
        "\n| | |\n|---|---|\n| date | {} |\n| processor | {}, {} cores |\n| system | {} |\n\
         | compiler | {} |\n| load when it began | {} |\n| events in a workload | about {} |\n",
        machine.date,
        machine.processor,
        machine.cores,
        machine.system,
        machine.compiler,
        machine.load,
        figure(report.size as f64),
    );
    if report.quick {
        text.push_str("\nA short run: not to be quoted.\n");
    }
}

fn targets(text: &mut String, report: &Report) {
    text.push_str("\n## What was aimed at\n\n| | what | target and figure | what binds it |\n|---|---|---|---|\n");
    for met in [false, true] {
        for (case, judged) in report.judged().filter(|(_, judged)| judged.met == met) {
            let mark = if met { "met" } else { "**missed**" };
            let bound = if met { "" } else { reasons::of(case, &judged) };
            let target = target(&judged, case.unit);
            let _ = writeln!(text, "| {mark} | {} | {target} | {bound} |", case.name);
        }
    }
}

/// Every case in which another library is better.
fn losses(text: &mut String, report: &Report) {
    text.push_str("\n## Where others are better\n\n");
    let mut none = true;
    for case in &report.outcome.cases {
        let better = |it: &&Figure| {
            matches!(it.side, Side::Peer { .. }) && case.ratio(it).is_some_and(|ratio| ratio < 1.0)
        };
        for peer in case.figures.iter().filter(better) {
            none = false;
            let times = case.ratio(peer).map_or(0.0, f64::recip);
            let because = peer.note.as_ref().map(|note| format!(" ({note})"));
            let _ = writeln!(
                text,
                "- {}: `{}` is {} as good as ours{}",
                case.name,
                who(peer),
                ratio(times),
                because.unwrap_or_default()
            );
        }
    }
    if none {
        text.push_str("Nowhere in this run.\n");
    }
}

fn rows(text: &mut String, case: &Case) {
    let mut what = case.name.as_str();
    for it in &case.figures {
        let ours_is = match it.side {
            Side::Ours => String::new(),
            Side::Peer { .. } | Side::Limit => case.ratio(it).map(ratio).unwrap_or_default(),
        };
        let value = with_unit(case.quoted(it), case.unit);
        let (who, value) = match it.side {
            Side::Ours => (format!("**{}**", who(it)), format!("**{value}**")),
            Side::Peer { .. } | Side::Limit => (who(it), value),
        };
        let _ = writeln!(text, "| {what} | {who} | {value} | {ours_is} |");
        what = "";
    }
}

fn notes(text: &mut String, cases: &[&Case]) {
    let mut notes: Vec<String> = Vec::new();
    for case in cases {
        notes.extend(
            case.note
                .iter()
                .map(|note| format!("- {}: {note}.", case.name)),
        );
        for figure in &case.figures {
            let note = figure.note.as_ref();
            notes.extend(note.map(|note| format!("- `{}`: {note}.", figure.name)));
        }
    }
    notes.sort();
    notes.dedup();
    if !notes.is_empty() {
        let _ = write!(text, "\n{}\n", notes.join("\n"));
    }
}

fn growth(text: &mut String, growths: &[Growth]) {
    let Some(longest) = growths.iter().max_by_key(|growth| growth.points.len()) else {
        return;
    };
    let of_memory = most(growths, MEMORY);
    let _ = write!(
        text,
        "\n## What becomes of a figure as the log grows\n\nNanoseconds of CPU time by size, and the exponent e of the \
         best fit time = c * size^e. Up to {of_memory:.2} counts as not growing, a tenth more than what memory itself does; \
         beside a store on a disk, a tenth more than what reading its file does. A scan would show as 1.\n\n| what | size counts |"
    );
    for (size, _) in &longest.points {
        let _ = write!(text, " {} |", figure(*size));
    }
    text.push_str(" exponent |\n|---|---|");
    for _ in 0..=longest.points.len() {
        text.push_str("--:|");
    }
    text.push('\n');
    for growth in growths {
        let name = if growth.limit { "limit: " } else { "" };
        let _ = write!(text, "| {name}{} | {} |", growth.name, growth.of);
        for place in 0..longest.points.len() {
            let nanos = growth.points.get(place).map(|(_, nanos)| figure(*nanos));
            let _ = write!(text, " {} |", nanos.unwrap_or_default());
        }
        let grows = if growth.grows(most(growths, &growth.of)) {
            " **grows**"
        } else {
            ""
        };
        let _ = writeln!(text, " {:.2}{grows} |", growth.exponent());
    }
    let noted = growths.iter().filter(|growth| growth.note.is_some());
    for (place, growth) in noted.enumerate() {
        let gap = if place == 0 { "\n" } else { "" };
        let note = growth.note.as_deref().unwrap_or_default();
        let _ = writeln!(text, "{gap}- {}: {note}.", growth.name);
    }
}

fn left_out(text: &mut String, report: &Report) {
    text.push_str("\n## What is not measured, and why\n\n");
    for (peer, reason) in LEFT_OUT {
        let _ = writeln!(text, "- {peer}: {reason}.");
    }
    for reason in &report.left_out {
        let _ = writeln!(text, "- Not in this run: {reason}.");
    }
}
