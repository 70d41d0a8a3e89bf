//! The chart page: one HTML file, hand-written SVG, light and dark, no script.

use std::fmt::Write as _;

use super::Report;
use super::words::{figure, ratio, target, who, with_unit};
use crate::figure::{Case, Figure, Side};
use crate::growth::Growth;

const WIDTH: f64 = 920.0;
/// Where bars begin, and how long the longest is.
const LEFT: f64 = 410.0;
const LONGEST: f64 = 330.0;
/// How many powers of ten a chart of bars shows at least, so that what is nearly alike looks so.
const LEAST_DECADES: f64 = 2.0;
const LINE: f64 = 22.0;
/// How high a chart of lines is, how far from the top, and how many powers of ten it shows.
const HEIGHT: f64 = 150.0;
const TOP: f64 = 14.0;
const DECADES: f64 = 3.0;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1d2229; --dim: #5d6672; --paper: #ffffff; --line: #d9dee5;
  --ours: #1766b5; --peer: #b4622a; --limit: #8a93a0; --bad: #b3261e; --good: #1b7a43; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #9aa4b1; --paper: #14181d; --line: #323a44;
  --ours: #5aa7f0; --peer: #e39a5f; --limit: #76818f; --bad: #ff8a80; --good: #6fce97; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.6rem 0 0; font-size: 1rem; font-weight: 600; }
p { margin: .3rem 0; color: var(--dim); } .missed { color: var(--bad); } .met { color: var(--good); }
svg { width: 100%; height: auto; } text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.dim { fill: var(--dim); } .axis { stroke: var(--line); } .ours { fill: var(--ours); } .peer { fill: var(--peer); }
.limit { fill: var(--limit); } path { fill: none; stroke: var(--ours); stroke-width: 2; } path.limit { stroke: var(--limit); stroke-dasharray: 5 4; }
.key span { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
";

/// Writes the page.
#[must_use]
pub fn page(report: &Report) -> String {
    let machine = &report.machine;
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Punctual: benchmarks</title><style>{STYLE}</style></head>\n<body>\n\
         <h1>Punctual: benchmarks</h1>\n<p>{}, {} cores, {}, {}, {}</p>\n\
         <p>Logarithmic bars: a tenth of the width is the same factor everywhere in a chart. Where the unit is a time or a \
         size, shorter is better; where it is a rate, longer.</p>\n\
         <p class=\"key\"><span style=\"background:var(--ours)\"></span>ours<span style=\"background:var(--peer)\"></span>\
         peers<span style=\"background:var(--limit)\"></span>limits of this machine</p>\n",
        escape(&machine.processor),
        machine.cores,
        escape(&machine.system),
        escape(&machine.compiler),
        escape(&machine.date),
    );
    for (title, cases) in report.rows() {
        let _ = writeln!(html, "<h2>{}</h2>", escape(title));
        for case in cases {
            bars(&mut html, case);
        }
    }
    if !report.outcome.growths.is_empty() {
        html.push_str("<h2>What becomes of a figure as the log grows</h2>\n");
        for growth in &report.outcome.growths {
            line(&mut html, growth);
        }
    }
    html.push_str("</body></html>\n");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// How much of the longest bar a figure takes: all of it for the largest, a tenth for one that is as many
/// powers of ten below it as the chart shows.
fn share(value: f64, least: f64, largest: f64) -> f64 {
    if largest <= least || value <= 0.0 || least <= 0.0 {
        return 1.0;
    }
    let decades = (largest / least).log10().max(LEAST_DECADES);
    1.0 - 0.9 * (largest / value).log10() / decades
}

fn bars(html: &mut String, case: &Case) {
    let values = || case.figures.iter().map(|it| case.quoted(it));
    let least = values().fold(f64::INFINITY, f64::min);
    let largest = values().fold(0.0, f64::max);
    let height = LINE * case.figures.len() as f64 + 8.0;
    let name = escape(&case.name);
    let _ = writeln!(
        html,
        "<h3>{name}</h3>\n<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{name}\">"
    );
    for (place, it) in case.figures.iter().enumerate() {
        let y = 4.0 + LINE * place as f64;
        bar(
            html,
            case,
            it,
            y,
            LONGEST * share(case.quoted(it), least, largest),
        );
    }
    html.push_str("</svg>\n");
    for judged in case.judged() {
        let (class, word) = if judged.met {
            ("met", "met")
        } else {
            ("missed", "missed")
        };
        let target = escape(&target(&judged, case.unit).replace('`', ""));
        let _ = writeln!(html, "<p class=\"{class}\">{word}: {target}</p>");
    }
    if let Some(note) = &case.note {
        let _ = writeln!(html, "<p>{}</p>", escape(note));
    }
}

fn bar(html: &mut String, case: &Case, it: &Figure, y: f64, width: f64) {
    let (class, ours_is) = match it.side {
        Side::Ours => ("ours", String::new()),
        Side::Peer { .. } => ("peer", case.ratio(it).map(ratio).unwrap_or_default()),
        Side::Limit => ("limit", case.ratio(it).map(ratio).unwrap_or_default()),
    };
    let (who, value) = (escape(&who(it)), with_unit(case.quoted(it), case.unit));
    let (base, after) = (y + 15.0, LEFT + width + 8.0);
    let _ = writeln!(
        html,
        "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{who}</text>\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"14\" rx=\"2\"/>\
         <text x=\"{after:.1}\" y=\"{base}\">{value}<tspan class=\"dim\" dx=\"8\">{ours_is}</tspan></text>",
        LEFT - 8.0,
        y + 4.0,
    );
}

/// A line on two logarithmic axes that reach a thousandfold, so that all charts can be compared.
fn line(html: &mut String, growth: &Growth) {
    let Some((first, base)) = growth.points.first().copied() else {
        return;
    };
    let last = growth.points.last().map_or(first, |point| point.0);
    let x = |size: f64| LEFT + LONGEST * (size / first).ln() / (last / first).ln().max(1e-9);
    let y = |nanos: f64| {
        let up = (nanos / base).log10().clamp(-0.5, DECADES);
        TOP + HEIGHT * (1.0 - (up + 0.5) / (DECADES + 0.5))
    };
    let name = escape(&growth.name);
    let _ = writeln!(
        html,
        "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{name}\">\
         <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>\
         <text class=\"dim\" x=\"{}\" y=\"{}\" text-anchor=\"end\">exponent {:.2}</text>\
         <line class=\"axis\" x1=\"{LEFT}\" x2=\"{LEFT}\" y1=\"{TOP}\" y2=\"{}\"/>\
         <line class=\"axis\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
        HEIGHT + TOP + 26.0,
        LEFT - 14.0,
        TOP + 20.0,
        LEFT - 14.0,
        TOP + 40.0,
        growth.exponent(),
        TOP + HEIGHT,
        LEFT + LONGEST,
        TOP + HEIGHT,
        TOP + HEIGHT,
    );
    let class = if growth.limit { "limit" } else { "ours" };
    let mut path = String::new();
    for (place, (size, nanos)) in growth.points.iter().enumerate() {
        let (x, y) = (x(*size), y(*nanos));
        let _ = write!(path, "{}{x:.1} {y:.1}", if place == 0 { "M" } else { " L" });
        let (value, size) = (figure(*nanos), figure(*size));
        let _ = writeln!(
            html,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value} ns</text>\
             <text class=\"dim\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{size}</text>",
            y - 9.0,
            TOP + HEIGHT + 18.0,
        );
    }
    let _ = writeln!(
        html,
        "<path class=\"{class}\" d=\"{path}\" style=\"fill:none\"/></svg>"
    );
    if let Some(note) = &growth.note {
        let _ = writeln!(html, "<p>{}</p>", escape(note));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_logarithmic_and_what_is_nearly_alike_looks_so() {
        for (value, least, largest, expected) in [
            (1.0, 1.0, 100.0, 0.1),
            (10.0, 1.0, 100.0, 0.55),
            (100.0, 1.0, 100.0, 1.0),
            (1.0, 1.0, 1e6, 0.1),
            (1.0, 1.0, 10.0, 0.55),
            (5.0, 5.0, 5.0, 1.0),
        ] {
            let found = share(value, least, largest);
            assert!(
                (found - expected).abs() < 1e-9,
                "{value} of {least} to {largest}: {found}"
            );
        }
    }
}
