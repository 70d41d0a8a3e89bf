//! `punctual scorecard`: how the service is doing.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use punctual::language::Language;
use punctual::projection::{
    Dates, Figure, Kpi, Period, Score, Slice, SliceKind, appraisals, hot_spots,
};
use punctual::time::Instant;
use serde_json::{Value, json};

use crate::args::ScorecardArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure, about, must_be_new};
use crate::report::csv::{Csv, Field};
use crate::scores::{self, FiguresView, Gathered, figures_of, gather, overview, promises_of};
use crate::table::Tone;
use crate::text::{clean, wrap};
use crate::words::{self, either};

/// Tells the figures.
///
/// # Errors
/// [`Failure`] when policy or source cannot be used, or the table cannot be written.
pub fn run(args: &ScorecardArgs, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(csv) = args.csv.as_deref().filter(|_| !args.force) {
        must_be_new(csv)?;
    }
    let (gathered, _) = gather(&args.promised, &args.figures, false, now, console)?;
    let card = Card {
        period: args.figures.per.into(),
        by: args.by.into(),
        dates: gathered.dates(args.figures.from, args.figures.until),
        gathered: &gathered,
    };
    if let Some(path) = &args.csv {
        card.write_csv(path)?;
    }
    if console.setting.json {
        console.print_json(&card.as_json(args))?;
    } else {
        let text = card.text(console);
        console.print(&text)?;
    }
    Ok(match gathered.passed_over {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

struct Card<'g> {
    gathered: &'g Gathered,
    period: Period,
    by: SliceKind,
    /// `None` where nothing was counted.
    dates: Option<Dates>,
}

impl Card<'_> {
    fn score(&self, dates: Dates, slice: &Slice) -> Score {
        self.gathered
            .scores
            .score(dates, slice, self.gathered.as_of)
    }

    fn periods(&self) -> Vec<Dates> {
        self.dates
            .map(|dates| self.period.cut(dates).collect())
            .unwrap_or_default()
    }

    /// Returns the period as a part of the days asked for.
    fn within(&self, period: Dates) -> Dates {
        self.dates.map_or(period, |dates| Dates {
            from: period.from.max(dates.from),
            until: period.until.min(dates.until),
        })
    }

    fn slices(&self, dates: Dates) -> Vec<Slice> {
        let mut slices = vec![Slice::All];
        if self.by != SliceKind::All {
            slices.extend(
                self.gathered
                    .scores
                    .slices(dates, self.by, self.gathered.as_of),
            );
        }
        slices
    }

    fn text(&self, console: &Console<'_>) -> String {
        let setting = &console.setting;
        let language = setting.language;
        let Some(dates) = self.dates else {
            return format!("{}\n", words::NO_TICKETS.text(language));
        };
        let heading = wrap(&self.heading(dates, language), setting.columns);
        let mut text: String = heading.iter().map(|line| format!("{line}\n")).collect();
        let all = self.score(dates, &Slice::All);
        let former = self.former(dates);
        let gathered = self.gathered;
        let mut part = |title: &str, body: &str| {
            if !body.is_empty() {
                text.push('\n');
                text.push_str(&Tone::Strong.paint(title, setting.color));
                text.push('\n');
                text.push_str(body);
            }
        };
        let rates = figures_of(gathered, &all, former.as_ref(), setting);
        part(words::RATES.text(language), &rates);
        let promises = promises_of(gathered, &all, setting);
        part(words::PROMISES.text(language), &promises);
        let periods = self.periods().into_iter();
        let rows: Vec<(String, Score)> = periods
            .map(|it| {
                (
                    self.period.label(it),
                    self.score(self.within(it), &Slice::All),
                )
            })
            .collect();
        let by_period = overview(
            gathered,
            words::period(self.period, language),
            &rows,
            setting,
        );
        part(words::DEVELOPMENT.text(language), &by_period);
        if self.by != SliceKind::All {
            let slices = gathered
                .scores
                .slices(dates, self.by, gathered.as_of)
                .into_iter();
            let rows: Vec<(String, Score)> = slices
                .map(|slice| (clean(slice.value()).into_owned(), self.score(dates, &slice)))
                .collect();
            let title = words::slice(self.by, language);
            part(title, &overview(gathered, title, &rows, setting));
        }
        text
    }

    fn heading(&self, dates: Dates, language: Language) -> String {
        let gathered = self.gathered;
        let zone = super::shown::zone_name(gathered.card.zone());
        let (from, until) = (dates.from, dates.until);
        let policy = format!(
            "{} v{}",
            gathered.policy().id(),
            gathered.policy().version()
        );
        let tickets = words::grouped(gathered.tickets);
        either(
            language,
            format!(
                "{policy}: {tickets} tickets, {from} to {until} (not included), {zone}, as of {}",
                gathered.as_of
            ),
            format!(
                "{policy}：{tickets} 个工单，{from} 至 {until}（不含），{zone}，截至 {}",
                gathered.as_of
            ),
        )
    }

    /// Returns the score of the days before, where anything was counted on them.
    fn former(&self, dates: Dates) -> Option<Score> {
        let before = scores::before(self.period, dates)?;
        let score = self.score(before, &Slice::All);
        let has_any = score.figures().next().is_some();
        has_any.then_some(score)
    }

    fn as_json(&self, args: &ScorecardArgs) -> Value {
        let gathered = self.gathered;
        let figures = |dates: Dates| -> Vec<Value> {
            let slices = self.slices(dates).into_iter();
            let views = slices.map(|slice| {
                let score = self.score(dates, &slice);
                json!({
                    "by": slice.kind().name(),
                    "name": slice.value(),
                    "figures": FiguresView::of(&score, &gathered.card),
                })
            });
            views.collect()
        };
        let periods = self.periods().into_iter().map(|period| {
            let dates = self.within(period);
            json!({
                "period": self.period.label(period),
                "from": dates.from,
                "until": dates.until,
                "slices": figures(dates),
            })
        });
        let definitions: serde_json::Map<_, _> = punctual::projection::Kpi::ALL
            .iter()
            .map(|kpi| {
                (
                    kpi.name().to_owned(),
                    json!(kpi.definition().text(Language::English)),
                )
            })
            .collect();
        json!({
            "policy": gathered.policy().id(),
            "policy_version": gathered.policy().version(),
            "zone": gathered.card.zone().name(),
            "as_of": gathered.as_of,
            "tickets": gathered.tickets,
            "definitions": definitions,
            "from": self.dates.map(|it| it.from),
            "until": self.dates.map(|it| it.until),
            "whole": self.dates.map(&figures),
            "periods": periods.collect::<Vec<_>>(),
            "arrivals_by_hour_of_week": self.dates.map(|it| self.score(it, &Slice::All).arrivals().to_vec()),
            "hot_spots": self.dates.map(|it| self.hot_spots(it)),
            "appraisals": self.dates.map(|it| appraisals(&gathered.scores, &gathered.card, it, gathered.as_of, scores::FEW)),
            "spot_check": self.dates.map(|it| {
                let drawn = gathered.services.spot_check(it, args.figures.spot_check, args.figures.seed);
                drawn.into_iter().map(|it| json!({
                    "date": it.date, "ticket": it.stream, "agent": it.agent,
                })).collect::<Vec<_>>()
            }),
        })
    }

    fn hot_spots(&self, dates: Dates) -> Value {
        let before = scores::before(self.period, dates).unwrap_or(Dates {
            from: dates.from,
            until: dates.from,
        });
        json!(hot_spots(
            &self.gathered.scores,
            dates,
            before,
            scores::LEAST_FOUND
        ))
    }

    fn write_csv(&self, path: &str) -> Result<(), Failure> {
        let cannot = || Failure::surroundings(about(path, "cannot be written", "无法写入"));
        let file = File::create(path).map_err(|error| cannot().because(&error))?;
        let mut out = BufWriter::new(file);
        let written = self.csv(&mut out).and_then(|()| out.flush());
        written.map_err(|error| cannot().because(&error))
    }

    /// Writes a line for each figure: of what, and its numerator and denominator, or its number.
    fn csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut csv = Csv::marked(out)?;
        let titles = [
            "period",
            "from",
            "until",
            "by",
            "name",
            "figure",
            "agreement",
            "target",
            "part",
            "whole",
        ];
        csv.row(titles.map(Field::Text))?;
        for period in self.periods() {
            let dates = self.within(period);
            for slice in self.slices(dates) {
                let score = self.score(dates, &slice);
                let place = [
                    self.period.label(period),
                    dates.from.to_string(),
                    dates.until.to_string(),
                    slice.kind().name().to_owned(),
                    slice.value().to_owned(),
                ];
                self.csv_of(&mut csv, &place, &score)?;
            }
        }
        csv.finish().map(drop)
    }

    fn csv_of<W: Write>(
        &self,
        csv: &mut Csv<W>,
        place: &[String; 5],
        score: &Score,
    ) -> io::Result<()> {
        let mut line = |figure: &str, of: [&str; 2], part: u64, whole: Field<'_>| {
            let place = place.iter().map(|text| Field::Text(text));
            let of = of.map(Field::Text);
            let rest = [Field::Text(figure)].into_iter().chain(of);
            let numbers = [Field::Number(part.into()), whole];
            csv.row(place.chain(rest).chain(numbers))
        };
        let none = ["", ""];
        line(
            "received",
            none,
            score.count(&Figure::Received),
            Field::Empty,
        )?;
        line(
            "resolved",
            none,
            score.count(&Figure::Resolved),
            Field::Empty,
        )?;
        for kpi in Kpi::ALL {
            let rate = kpi.rate(score, &self.gathered.card);
            line(
                kpi.name(),
                none,
                rate.part,
                Field::Number(rate.whole.into()),
            )?;
        }
        for promise in score.promises() {
            let rate = score.compliance(&promise).rate();
            let of = [promise.agreement.as_str(), promise.target.as_str()];
            line("promise", of, rate.part, Field::Number(rate.whole.into()))?;
        }
        Ok(())
    }
}
