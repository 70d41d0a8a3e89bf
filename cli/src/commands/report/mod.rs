//! `punctual report`: one page for managers.

mod compared;
mod figures;
mod sections;
mod tables;

use std::fs;

use punctual::language::Language;
use punctual::projection::{Dates, Period, Score, Slice};
use punctual::time::Instant;
use serde_json::json;

use crate::args::ReportArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure, about, must_be_new};
use crate::report::{Head, Page, Section};
use crate::scores::{self, Gathered, gather};
use crate::words::either;

/// Writes the page.
///
/// # Errors
/// [`Failure`] when policy or source cannot be used, or the page cannot be written.
pub fn run(args: &ReportArgs, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if !args.force {
        must_be_new(&args.out)?;
    }
    let is_compared = !(args.against.is_empty() && args.set.is_empty());
    let (gathered, tickets) = gather(&args.promised, &args.figures, is_compared, now, console)?;
    let Some(dates) = gathered.dates(args.figures.from, args.figures.until) else {
        return Err(Failure::unusable(about(
            source_of(args),
            "has no ticket with a promise under this policy; there is nothing to report",
            "按此策略没有任何工单有承诺，无可报告",
        )));
    };
    let view = View::new(&gathered, args, dates, console.setting.language);
    let mut page = view.page(args);
    if is_compared {
        let compared = compared::section(args, &gathered, &tickets, console.setting.language)?;
        page.sections.push(Section::Backtest(compared));
    }
    let cannot = || Failure::surroundings(about(&args.out, "cannot be written", "无法写入"));
    let html = page.render();
    fs::write(&args.out, html.as_str()).map_err(|error| cannot().because(&error))?;
    tell(args, &gathered, html.as_str().len(), console)?;
    Ok(match gathered.passed_over {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

fn source_of(args: &ReportArgs) -> &str {
    let source = args.promised.source.events.as_deref();
    source
        .or(args.promised.source.store.as_deref())
        .unwrap_or_default()
}

fn tell(
    args: &ReportArgs,
    gathered: &Gathered,
    bytes: usize,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if console.setting.json {
        return console.print_json(&json!({
            "out": args.out,
            "bytes": bytes,
            "tickets": gathered.tickets,
            "as_of": gathered.as_of,
        }));
    }
    let out = crate::text::clean(&args.out);
    let kilobytes = bytes.div_ceil(1_024);
    let text = either(
        console.setting.language,
        format!("{out}: {kilobytes} KiB; open it in any browser\n"),
        format!("{out}：{kilobytes} KiB；可用任意浏览器打开\n"),
    );
    console.print(&text)
}

/// What the page is made from: the figures, the days, and those before them.
pub(super) struct View<'g> {
    gathered: &'g Gathered,
    language: Language,
    period: Period,
    dates: Dates,
    whole: Score,
    /// The days before, as many, where anything was received on them.
    before: Option<(Dates, Score)>,
    spot_check: (usize, u64),
}

impl<'g> View<'g> {
    fn new(gathered: &'g Gathered, args: &ReportArgs, dates: Dates, language: Language) -> Self {
        let score = |dates| gathered.scores.score(dates, &Slice::All, gathered.as_of);
        let period = args.figures.per.into();
        let before = scores::before(period, dates).map(|dates| (dates, score(dates)));
        Self {
            gathered,
            language,
            period,
            dates,
            whole: score(dates),
            before: before.filter(|(_, score)| score.figures().next().is_some()),
            spot_check: (args.figures.spot_check, args.figures.seed),
        }
    }

    fn score(&self, dates: Dates, slice: &Slice) -> Score {
        self.gathered
            .scores
            .score(dates, slice, self.gathered.as_of)
    }

    /// Returns the periods, each cut to the days of the report.
    fn periods(&self) -> impl Iterator<Item = (String, Dates)> {
        self.period.cut(self.dates).map(|whole| {
            let dates = Dates {
                from: whole.from.max(self.dates.from),
                until: whole.until.min(self.dates.until),
            };
            (self.period.label(whole), dates)
        })
    }

    fn page(&self, args: &ReportArgs) -> Page {
        let mut sections = vec![
            Section::Figures(self.figures()),
            Section::Compliance(self.compliance()),
            Section::Margins(self.margins()),
            Section::Queue(self.queue()),
            Section::Load(Box::new(self.load())),
            Section::HotSpots(self.hot_spots()),
            Section::Satisfaction(self.satisfaction()),
        ];
        sections.extend(self.tables());
        Page {
            language: self.language,
            head: self.head(args),
            sections,
        }
    }

    fn head(&self, args: &ReportArgs) -> Head {
        let gathered = self.gathered;
        let policy = gathered.policy();
        let zone = gathered.card.zone();
        let label = policy.label().text(self.language.tag());
        let as_of = zone.local(gathered.as_of).format("%Y-%m-%d %H:%M");
        Head {
            title: label.unwrap_or(policy.id().as_str()).to_owned(),
            policy: policy.id().to_string(),
            version: policy.version().to_string(),
            period: self.days(self.dates),
            period_before: self
                .before
                .as_ref()
                .map(|(dates, _)| self.days(*dates))
                .unwrap_or_default(),
            zone: super::shown::zone_name(zone).to_string(),
            as_of: as_of.to_string(),
            tickets: gathered.tickets,
            events: gathered.facts,
            made_by: "punctual report".to_owned(),
            sources: vec![source_of(args).to_owned()],
        }
    }

    /// Returns the days as people say them: both ends included.
    fn days(&self, dates: Dates) -> String {
        let last = dates.until.date().pred_opt();
        let last = last.map_or_else(|| dates.until.to_string(), |last| last.to_string());
        either(
            self.language,
            format!("{} to {last}", dates.from),
            format!("{} 至 {last}", dates.from),
        )
    }
}
