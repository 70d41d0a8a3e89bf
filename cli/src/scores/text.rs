//! A score for people.

use punctual::language::Language;
use punctual::projection::{Figure, Kpi, Rate, Score};

use super::{Gathered, length};
use crate::console::Setting;
use crate::table::{Align, Table, Tone};
use crate::words::{self, either, grouped};

/// Returns a rate as it is read: `93.4 %`; a dash for none.
pub(crate) fn percent(rate: Rate) -> String {
    rate.per_mille().map_or_else(
        || "-".to_owned(),
        |tenths| format!("{}.{} %", tenths / 10, tenths % 10),
    )
}

/// Returns the rates of a score, each with numerator, denominator and definition.
#[must_use]
pub fn figures_of(
    gathered: &Gathered,
    score: &Score,
    before: Option<&Score>,
    setting: &Setting,
) -> String {
    let language = setting.language;
    let mut table = Table::new();
    table.column(words::RATE.text(language), Align::Left, false);
    table.column("", Align::Right, false);
    table.column(words::COUNTED.text(language), Align::Right, false);
    table.column(words::BEFORE.text(language), Align::Right, false);
    table.column(words::DEFINITION.text(language), Align::Left, true);
    for kpi in Kpi::ALL {
        let rate = kpi.rate(score, &gathered.card);
        if rate.whole == 0 {
            continue;
        }
        let former = before.map(|before| kpi.rate(before, &gathered.card));
        let former = former.filter(|it| it.whole > 0).map(percent);
        table.row([
            (kpi.title().text(language).to_owned(), Tone::Plain),
            (percent(rate), Tone::Strong),
            (
                format!("{}/{}", grouped(rate.part), grouped(rate.whole)),
                Tone::Plain,
            ),
            (former.unwrap_or_default(), Tone::Dim),
            (kpi.definition().text(language).to_owned(), Tone::Dim),
        ]);
    }
    let mut text = table.render(setting.columns, setting.color);
    let lengths = lengths(score, language);
    if !lengths.is_empty() {
        text.push('\n');
        text.push_str(&lengths);
    }
    text
}

/// Returns a line for each length of which there are any, and one for the answers.
fn lengths(score: &Score, language: Language) -> String {
    let mut text = String::new();
    let mut line = |title: &str, found: String| {
        text.push_str(title);
        text.push_str(words::colon(language));
        text.push_str(&found);
        text.push('\n');
    };
    for (title, lengths) in [
        (&words::FIRST_RESPONSE, score.response()),
        (&words::RESOLUTION, score.resolution()),
    ] {
        let at = |percent| length(lengths.quantile(percent), language);
        let found = either(
            language,
            format!("median {}, nine of ten within {}", at(50), at(90)),
            format!("中位数 {}，九成不超过 {}", at(50), at(90)),
        );
        if lengths.count() > 0 {
            line(title.text(language), found);
        }
    }
    let grades = score.grades();
    if let Some(mean) = grades.mean_hundredths() {
        let mean = format!("{}.{:02}", mean / 100, mean % 100);
        let answers = words::counted(grades.total(), "answer", "answers");
        let found = either(
            language,
            format!("{mean} of 5, {answers}"),
            format!("{mean} / 5，{} 份答复", grouped(grades.total())),
        );
        line(words::SATISFACTION.text(language), found);
    }
    text
}

/// Returns what became of the promises.
#[must_use]
pub fn promises_of(gathered: &Gathered, score: &Score, setting: &Setting) -> String {
    let language = setting.language;
    let mut table = Table::new();
    table.column(words::TARGET.text(language), Align::Left, true);
    table.column(words::AGREEMENT.text(language), Align::Left, true);
    table.column(words::MET.text(language), Align::Right, false);
    table.column(words::BREACHED.text(language), Align::Right, false);
    table.column(words::COMPLIANCE.text(language), Align::Right, false);
    table.column(words::WITHOUT_VERDICT.text(language), Align::Right, false);
    for promise in score.promises() {
        let found = score.compliance(&promise);
        let without = found.waived + found.cancelled + found.insufficient_lead;
        let is_own = promise.agreement.as_str() == "service";
        let agreement = if is_own {
            String::new()
        } else {
            promise.agreement.to_string()
        };
        table.row([
            (gathered.name_of(&promise, language), Tone::Plain),
            (agreement, Tone::Dim),
            (grouped(found.met), Tone::Good),
            (
                grouped(found.breached),
                if found.breached > 0 {
                    Tone::Bad
                } else {
                    Tone::Plain
                },
            ),
            (percent(found.rate()), Tone::Strong),
            (grouped(without), Tone::Dim),
        ]);
    }
    table.render(setting.columns, setting.color)
}

/// Returns one line for each period or slice.
#[must_use]
pub fn overview(
    gathered: &Gathered,
    title: &str,
    rows: &[(String, Score)],
    setting: &Setting,
) -> String {
    let language = setting.language;
    let mut table = Table::new();
    table.column(title, Align::Left, true);
    for name in [
        &words::RECEIVED,
        &words::RESOLVED,
        &words::KEPT,
        &words::COMPLAINTS,
        &words::REOPENED,
        &words::SATISFIED,
        &words::MEDIAN,
    ] {
        table.column(name.text(language), Align::Right, false);
    }
    for (name, score) in rows {
        let rate = |kpi: Kpi| percent(kpi.rate(score, &gathered.card));
        table.row([
            (name.clone(), Tone::Plain),
            (grouped(score.count(&Figure::Received)), Tone::Plain),
            (grouped(score.count(&Figure::Resolved)), Tone::Plain),
            (rate(Kpi::Compliance), Tone::Strong),
            (rate(Kpi::ComplaintRate), Tone::Plain),
            (rate(Kpi::Reopened), Tone::Plain),
            (rate(Kpi::Satisfied), Tone::Plain),
            (
                length(score.resolution().quantile(50), language),
                Tone::Plain,
            ),
        ]);
    }
    table.render(setting.columns, setting.color)
}
