//! What is told after a backtest, in words.

use punctual::backtest::{Backtest, Difference, Fate, Summary};
use punctual::language::{Language, Phrase};
use punctual::projection::Rate;

use super::figures::{Moves, kpis, letter};
use crate::console::{Console, Setting};
use crate::failure::Failure;
use crate::input::Problem;
use crate::table::{Align, Table, Tone};
use crate::tally::share;
use crate::text::{clean, wrap};
use crate::words;

/// Everything that is told.
#[derive(Debug)]
pub(super) struct Report<'a, 'p> {
    pub(super) backtest: &'a Backtest<'p>,
    pub(super) source: String,
    pub(super) rows: u64,
    pub(super) passed_over: usize,
    pub(super) problems: Vec<Problem>,
    /// `None` before the history was played.
    pub(super) summary: Option<&'a Summary>,
}

static WORSE: Phrase = Phrase::fixed("worse", "转超时");
static BETTER: Phrase = Phrase::fixed("better", "转按时");
static OTHER: Phrase = Phrase::fixed("other", "其他");
static LATE: Phrase = Phrase::fixed("late", "超时");
static KEPT: Phrase = Phrase::fixed("kept", "达标");
static ROLE: Phrase = Phrase::fixed("told", "升级通知");

impl<'a, 'p> Report<'a, 'p> {
    pub(super) fn new(
        backtest: &'a Backtest<'p>,
        source: String,
        (rows, passed_over, problems): (u64, usize, Vec<Problem>),
    ) -> Self {
        Self {
            backtest,
            source,
            rows,
            passed_over,
            problems,
            summary: None,
        }
    }

    pub(super) const fn passed_over(&self) -> usize {
        self.passed_over
    }

    /// Tells it; on the standard error where the output has the differences.
    pub(super) fn tell(&self, console: &mut Console<'_>, beside: bool) -> Result<(), Failure> {
        let Some(summary) = self.summary else {
            return Ok(());
        };
        let mut text = Vec::new();
        if console.setting.json {
            crate::text::write_json_pretty(&mut text, &self.as_json(summary))?;
            text.push(b'\n');
        } else {
            text.extend_from_slice(self.text(summary, &console.setting).as_bytes());
        }
        if beside {
            // The output has the differences; there is nobody else to tell.
            let _ = console.err.write_all(&text);
            return Ok(());
        }
        Ok(console.out.write_all(&text)?)
    }

    fn text(&self, summary: &Summary, setting: &Setting) -> String {
        let mut text = self.heading(summary, setting);
        for arm in 1..self.backtest.arms().count() {
            text.push('\n');
            text.push_str(&self.promises(summary, arm, setting));
            text.push_str(&said(
                &self.reasons(summary, arm, setting),
                setting,
                Tone::Plain,
            ));
        }
        for table in [self.kpis(summary), self.rungs(summary, setting)] {
            if !table.is_empty() {
                text.push('\n');
                text.push_str(&table.render(setting.columns, setting.color));
            }
        }
        text.push_str(&self.examples(summary, setting));
        if self.passed_over > 0 {
            let rows = self.passed_over as u64;
            let passed = words::either(
                setting.language,
                format!(
                    "{} of {} passed over; see above",
                    words::counted(rows, "row", "rows"),
                    words::grouped(self.rows)
                ),
                format!(
                    "共 {} 行，其中 {rows} 行被跳过，见上",
                    words::grouped(self.rows)
                ),
            );
            text.push('\n');
            text.push_str(&said(&passed, setting, Tone::Warn));
        }
        text
    }

    /// What was read, and what the letters stand for.
    fn heading(&self, summary: &Summary, setting: &Setting) -> String {
        let (source, as_of) = (clean(&self.source), self.backtest.as_of());
        let tickets = summary.tickets();
        let title = words::either(
            setting.language,
            format!(
                "{source}, {}, as of {as_of}",
                words::counted(tickets, "ticket", "tickets")
            ),
            format!("{source}，{} 个工单，截至 {as_of}", words::grouped(tickets)),
        );
        let mut text = said(&title, setting, Tone::Strong);
        for (arm, name) in self.backtest.arms().enumerate() {
            let mut line = format!("{} {}", letter(arm), clean(name));
            if arm > 0 {
                let differing = summary.differing(arm);
                line.push_str(&words::either(
                    setting.language,
                    format!(
                        ": {} on {} other than under A",
                        words::counted(summary.differences(arm), "verdict", "verdicts"),
                        words::counted(differing, "ticket", "tickets")
                    ),
                    format!(
                        "：{} 个工单的 {} 项结论与 A 不同",
                        words::grouped(differing),
                        words::grouped(summary.differences(arm))
                    ),
                ));
            }
            text.push_str(&said(&line, setting, Tone::Plain));
        }
        text
    }

    /// Every promise under the first policy and another.
    fn promises(&self, summary: &Summary, arm: usize, setting: &Setting) -> String {
        let language = setting.language;
        let mut table = Table::new();
        table.column(words::AGREEMENT.text(language), Align::Left, true);
        table.column(words::TARGET.text(language), Align::Left, true);
        for word in [&LATE, &KEPT] {
            for arm in [0, arm] {
                let title = format!("{} {}", letter(arm), word.text(language));
                table.column(&title, Align::Right, false);
            }
        }
        for word in [&WORSE, &BETTER, &OTHER] {
            table.column(word.text(language), Align::Right, false);
        }
        for (place, promise) in self.backtest.promises().iter().enumerate() {
            let sides = [0, arm].map(|arm| summary.figures(arm, place));
            if sides.iter().all(|figures| figures.tickets == 0) {
                continue;
            }
            let moves = Moves::of(summary, arm, place);
            let late = sides.map(|it| figure(it.compliance().breached, Tone::Bad));
            let kept = sides.map(|it| {
                let rate = it.compliance().rate();
                (share(rate.per_mille()), Tone::Strong)
            });
            let agreement = (self.agreement(promise.agreement.as_str()), Tone::Plain);
            let target = (self.label(place, language), Tone::Plain);
            let moved = [
                figure(moves.worse, Tone::Bad),
                figure(moves.better, Tone::Good),
                figure(moves.other, Tone::Warn),
            ];
            let cells = [agreement, target].into_iter().chain(late).chain(kept);
            table.row(cells.chain(moved));
        }
        if table.is_empty() {
            return format!("{}\n", words::NO_TICKETS.text(language));
        }
        table.render(setting.columns, setting.color)
    }

    /// The agreement's name where there are several.
    fn agreement(&self, id: &str) -> String {
        let promises = self.backtest.promises();
        let several = promises.iter().any(|it| it.agreement.as_str() != id);
        if several {
            id.to_owned()
        } else {
            String::new()
        }
    }

    /// What the first policy that has the target calls it.
    fn label(&self, place: usize, language: Language) -> String {
        let Some(promise) = self.backtest.promises().get(place) else {
            return String::new();
        };
        let arms = 0..self.backtest.arms().count();
        let mut targets = arms.filter_map(|arm| {
            let agreement = self.backtest.policy(arm)?.agreement(&promise.agreement)?;
            agreement.target(&promise.target)
        });
        let found = targets.next();
        found.map_or_else(
            || promise.target.to_string(),
            |target| words::target(target, language).to_owned(),
        )
    }

    fn reasons(&self, summary: &Summary, arm: usize, setting: &Setting) -> String {
        let language = setting.language;
        let counted = summary.reasons(arm).map(|(why, count)| {
            let phrase = why.phrase();
            format!("{} {}", phrase.text(language), words::grouped(count))
        });
        let counted: Vec<String> = counted.collect();
        if counted.is_empty() {
            return String::new();
        }
        words::either(
            language,
            format!("why: {}", counted.join(", ")),
            format!("原因：{}", counted.join("，")),
        )
    }

    fn kpis(&self, summary: &Summary) -> Table {
        let mut table = Table::new();
        table.column("KPI", Align::Left, true);
        for arm in 0..self.backtest.arms().count() {
            table.column(&letter(arm), Align::Right, false);
            if arm > 0 {
                table.column(&format!("{}-A", letter(arm)), Align::Right, false);
            }
        }
        for kpi in kpis(self.backtest, summary) {
            let mut cells = vec![(kpi.name, Tone::Plain)];
            let first = kpi.rates.first().copied().flatten();
            for (arm, rate) in kpi.rates.iter().enumerate() {
                cells.push((share(rate.and_then(Rate::per_mille)), Tone::Strong));
                if arm > 0 {
                    cells.push(change(first, *rate));
                }
            }
            table.row(cells);
        }
        table
    }

    fn rungs(&self, summary: &Summary, setting: &Setting) -> Table {
        let mut table = Table::new();
        table.column(ROLE.text(setting.language), Align::Left, true);
        let arms = 0..self.backtest.arms().count();
        for arm in arms.clone() {
            table.column(&letter(arm), Align::Right, false);
        }
        let mut roles: Vec<_> = arms
            .clone()
            .flat_map(|arm| summary.rungs(arm).map(|(role, _)| role))
            .collect();
        roles.sort();
        roles.dedup();
        for role in roles {
            let count = |arm| {
                let mut told = summary.rungs(arm);
                told.find(|(known, _)| *known == role).map_or(0, |it| it.1)
            };
            let counts = arms.clone().map(|arm| figure(count(arm), Tone::Plain));
            table.row(std::iter::once((role.to_string(), Tone::Plain)).chain(counts));
        }
        table
    }

    fn examples(&self, summary: &Summary, setting: &Setting) -> String {
        let mut text = String::new();
        for (place, difference) in summary.examples().enumerate() {
            if place == 0 {
                text.push('\n');
            }
            let line = self.example(difference, setting.language);
            text.push_str(&said(&line, setting, Tone::Dim));
        }
        text
    }

    fn example(&self, difference: &Difference, language: Language) -> String {
        let several = self.backtest.arms().count() > 2;
        let arm = if several {
            format!("{} ", letter(difference.arm))
        } else {
            String::new()
        };
        let phrases = difference
            .reasons
            .iter()
            .map(punctual::backtest::Reason::phrase);
        let phrases: Vec<String> = phrases
            .map(|it| clean(it.text(language)).into_owned())
            .collect();
        let said = |fate: Fate| fate.phrase().text(language).to_owned();
        let (from, to) = (said(difference.from), said(difference.to));
        let ticket = clean(difference.stream.id());
        let target = clean(difference.promise.target.as_str());
        let why = phrases.join(words::either(language, "; ".to_owned(), "；".to_owned()).as_str());
        words::either(
            language,
            format!("{arm}{ticket} {target} {from} → {to}: {why}"),
            format!("{arm}{ticket} {target} {from} → {to}：{why}"),
        )
    }
}

/// Returns lines that fit.
fn said(text: &str, setting: &Setting, tone: Tone) -> String {
    if text.is_empty() {
        return String::new();
    }
    let lines = wrap(text, setting.columns).into_iter();
    lines
        .map(|line| format!("{}\n", tone.paint(&line, setting.color)))
        .collect()
}

fn figure(number: u64, tone: Tone) -> (String, Tone) {
    let tone = if number == 0 { Tone::Dim } else { tone };
    (words::grouped(number), tone)
}

/// Returns the change between two rates in tenths of a percentage point.
fn change(from: Option<Rate>, to: Option<Rate>) -> (String, Tone) {
    let per_mille = |rate: Option<Rate>| i64::try_from(rate?.per_mille()?).ok();
    let (Some(from), Some(to)) = (per_mille(from), per_mille(to)) else {
        return ("-".to_owned(), Tone::Dim);
    };
    let change = to - from;
    let (sign, tone) = match change {
        0 => ("", Tone::Dim),
        1.. => ("+", Tone::Good),
        _ => ("-", Tone::Bad),
    };
    let tenths = change.unsigned_abs();
    (format!("{sign}{}.{}", tenths / 10, tenths % 10), tone)
}
