//! The tables of the page, and what its rows are called.

use punctual::language::Phrase;
use punctual::projection::{Figure, Kpi, Score, Slice, SliceKind, appraisals};
use punctual::ticket::Satisfaction;
use punctual::time::Span;

use super::View;
use super::figures::quantile;
use crate::report::{Cell, Column, Section, Table, Topic, Value, words};
use crate::scores;

/// So many rows of one table are shown, those with the most tickets.
const MOST_ROWS: usize = 40;

impl View<'_> {
    /// Returns the tables that have rows.
    pub(super) fn tables(&self) -> Vec<Section> {
        let breakdown: Vec<Table> = SliceKind::ALL
            .iter()
            .filter(|kind| **kind != SliceKind::All)
            .map(|kind| self.breakdown(*kind))
            .collect();
        let topics = [
            (Topic::Breakdown, breakdown),
            (Topic::Pauses, vec![self.pauses()]),
            (Topic::Waivers, vec![self.waivers()]),
            (Topic::Appraisal, vec![self.appraisal()]),
            (Topic::SpotChecks, vec![self.spot_checks()]),
        ];
        let shown = topics.into_iter().filter_map(|(topic, mut tables)| {
            tables.retain(|table| !table.rows.is_empty());
            (!tables.is_empty()).then_some(Section::Tables(topic, tables))
        });
        shown.collect()
    }

    fn breakdown(&self, kind: SliceKind) -> Table {
        let (title, column) = titles(kind);
        let mut table = Table::new(self.say(title));
        table.few_below = scores::FEW;
        table.columns = vec![
            Column::words(self.say(column)),
            Column::figures(self.say(&words::RECEIVED)),
            Column::figures(self.say(&words::RESOLVED)),
            Column::figures(self.say(&Kpi::Compliance.title())).with_bar(),
            Column::figures(self.say(&Kpi::ComplaintRate.title())),
            Column::figures(self.say(&Kpi::Reopened.title())),
            Column::figures(self.say(&Kpi::Satisfied.title())),
            Column::figures(self.say(&words::MEDIAN_TIME)),
        ];
        let slices = self
            .gathered
            .scores
            .slices(self.dates, kind, self.gathered.as_of)
            .into_iter();
        let mut rows: Vec<(Slice, Score)> = slices
            .map(|slice| {
                let score = self.score(self.dates, &slice);
                (slice, score)
            })
            .collect();
        rows.sort_by_key(|(_, score)| std::cmp::Reverse(score.count(&Figure::Received)));
        table.omitted = rows.len().saturating_sub(MOST_ROWS) as u64;
        for (slice, score) in rows.into_iter().take(MOST_ROWS) {
            let rate = |kpi: Kpi| Cell::Value(Value::Rate(kpi.rate(&score, &self.gathered.card)));
            table.push([
                Cell::text(self.slice_name(&slice)),
                Cell::count(score.count(&Figure::Received)),
                Cell::count(score.count(&Figure::Resolved)),
                rate(Kpi::Compliance),
                rate(Kpi::ComplaintRate),
                rate(Kpi::Reopened),
                rate(Kpi::Satisfied),
                Cell::Value(quantile(&score.resolution(), 50)),
            ]);
        }
        table
    }

    /// Returns what the policy calls a class, a level or a channel; the value of others.
    fn slice_name(&self, slice: &Slice) -> String {
        let words = self.gathered.policy().vocabulary();
        let tag = self.language.tag();
        let label = match slice {
            Slice::Class(class) => find(&words.classes, class),
            Slice::Level(level) => find(&words.levels, level),
            Slice::Channel(channel) => find(&words.channels, channel),
            Slice::All | Slice::Product(_) | Slice::Agent(_) | Slice::Team(_) => None,
        };
        let label = label.and_then(|label| label.text(tag));
        label.unwrap_or(slice.value()).to_owned()
    }

    /// Returns what the points of satisfaction are called, worst first.
    pub(super) fn grades(&self) -> Vec<String> {
        let words = &self.gathered.policy().vocabulary().satisfaction;
        let tag = self.language.tag();
        let name = |grade: &Satisfaction| {
            let label = find(words, grade).and_then(|label| label.text(tag));
            label.unwrap_or(grade.name()).to_owned()
        };
        Satisfaction::ALL.iter().map(name).collect()
    }

    fn pauses(&self) -> Table {
        let mut table = Table::new("");
        table.columns = vec![
            Column::words(self.say(&words::REASON)),
            Column::figures(self.say(&words::PAUSED_TIMES)).with_bar(),
            Column::figures(self.say(&words::PAUSED_FOR)),
        ];
        let reasons = &self.gathered.policy().vocabulary().reasons;
        for pause in self.whole.pauses() {
            let known = reasons.iter().find(|known| known.id == pause.reason);
            let label = known.and_then(|known| known.label.text(self.language.tag()));
            let name = label.unwrap_or(pause.reason.as_str());
            table.push([
                Cell::text(name),
                Cell::count(pause.count),
                length(pause.total, pause.count),
            ]);
        }
        table
    }

    fn waivers(&self) -> Table {
        let mut table = Table::new("");
        table.columns = vec![
            Column::words(self.say(&words::TARGET)),
            Column::figures(self.say(&words::COUNT)),
        ];
        for (promise, count) in self.whole.waivers() {
            let name = self.gathered.label_of(&promise, self.language);
            table.push([Cell::text(name), Cell::count(count)]);
        }
        table
    }

    fn appraisal(&self) -> Table {
        let mut table = Table::new("");
        table.few_below = scores::FEW;
        table.columns = vec![
            Column::words(self.say(&words::AGENT)),
            Column::figures(self.say(&words::RESOLVED)),
            Column::figures(self.say(&Kpi::Compliance.title())).with_bar(),
            Column::figures(self.say(&Kpi::InspectionPass.title())),
            Column::figures(self.say(&Kpi::Satisfied.title())),
            Column::figures(self.say(&Kpi::Reopened.title())),
            Column::figures(self.say(&words::MEDIAN_TIME)),
        ];
        let gathered = self.gathered;
        let (figures, card) = (&gathered.scores, &gathered.card);
        for found in appraisals(figures, card, self.dates, gathered.as_of, scores::FEW) {
            let rate = |rate| Cell::Value(Value::Rate(rate));
            let median = found.resolution.unwrap_or(Span::ZERO);
            table.push([
                Cell::text(found.agent.to_string()),
                Cell::count(found.services),
                rate(found.compliance),
                rate(found.inspections),
                rate(found.satisfied),
                rate(found.reopened),
                length(
                    median,
                    if found.resolution.is_some() {
                        found.services
                    } else {
                        0
                    },
                ),
            ]);
        }
        table
    }

    fn spot_checks(&self) -> Table {
        let mut table = Table::new("");
        table.columns = vec![
            Column::words(self.say(&words::AGENT)),
            Column::words(self.say(&words::TICKET)),
            Column::words(self.say(&words::PERIOD_COLUMN)),
        ];
        let (most, seed) = self.spot_check;
        for service in self.gathered.services.spot_check(self.dates, most, seed) {
            let agent = service.agent.as_ref().map(ToString::to_string);
            table.push([
                Cell::text(agent.unwrap_or_default()),
                Cell::text(service.stream.id()),
                Cell::text(service.date.to_string()),
            ]);
        }
        table
    }
}

/// Returns what a table by a kind of slice and its first column are called.
fn titles(kind: SliceKind) -> (&'static Phrase, &'static Phrase) {
    match kind {
        SliceKind::All => (&words::TICKETS, &words::TICKETS_COLUMN),
        SliceKind::Class => (&words::BY_CLASS, &words::CLASS),
        SliceKind::Level => (&words::BY_LEVEL, &words::LEVEL),
        SliceKind::Channel => (&words::BY_CHANNEL, &words::CHANNEL),
        SliceKind::Product => (&words::BY_PRODUCT, &words::PRODUCT),
        SliceKind::Agent => (&words::BY_AGENT, &words::AGENT),
        SliceKind::Team => (&words::BY_TEAM, &words::TEAM),
    }
}

fn find<'l, K: PartialEq, L>(words: &'l [(K, L)], wanted: &K) -> Option<&'l L> {
    let found = words.iter().find(|(word, _)| word == wanted);
    found.map(|(_, label)| label)
}

const fn length(length: Span, count: u64) -> Cell {
    Cell::Value(Value::Length {
        seconds: length.whole_seconds(),
        count,
    })
}
