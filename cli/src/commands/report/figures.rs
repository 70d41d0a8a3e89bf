//! The key figures of the page.

use punctual::language::Phrase;
use punctual::projection::{Grades, Kpi, Lengths, Score};

use super::View;
use crate::report::{Indicator, KeyFigure, Part, Value, words};

impl View<'_> {
    /// Returns the key figures, each with its definition and the value of the days before.
    pub(super) fn figures(&self) -> Vec<KeyFigure> {
        // Shown beside a figure that they put into proportion.
        let beside = [Kpi::InspectionPass, Kpi::InspectionCover, Kpi::Satisfied];
        let shown = Kpi::ALL.iter().filter(|kpi| !beside.contains(kpi));
        let figure = |kpi: &Kpi| match kpi == &Kpi::NormExecution {
            true => self.norm_execution(),
            false => self.rate(*kpi),
        };
        let mut figures: Vec<KeyFigure> = shown.map(figure).collect();
        figures.push(self.satisfied());
        figures.push(self.length(Indicator::FirstResponse, Score::response));
        figures.push(self.length(Indicator::Resolution, Score::resolution));
        figures
    }

    fn rate(&self, kpi: Kpi) -> KeyFigure {
        KeyFigure::rate(kpi, self.language, vec![self.part(kpi)])
    }

    fn part(&self, kpi: Kpi) -> Part {
        let value = |score: &Score| Value::Rate(kpi.rate(score, &self.gathered.card));
        self.with_before(value)
    }

    fn norm_execution(&self) -> KeyFigure {
        let services = self.part(Kpi::NormExecution);
        let inspected = self.part(Kpi::InspectionPass);
        let parts = vec![
            services.label(words::OF_ALL_SERVICES.text(self.language)),
            inspected.label(words::OF_INSPECTED.text(self.language)),
        ];
        KeyFigure::rate(Kpi::NormExecution, self.language, parts)
    }

    fn satisfied(&self) -> KeyFigure {
        let mean = self.with_before(|score| mean(score.grades()));
        let share = self.part(Kpi::Satisfied);
        let parts = vec![
            mean.label(words::MEAN.text(self.language)),
            share.label(words::SATISFIED.text(self.language)),
        ];
        KeyFigure::of(Indicator::Satisfaction, self.language, parts)
    }

    fn length(&self, indicator: Indicator, lengths: fn(&Score) -> Lengths) -> KeyFigure {
        let at = |percent| self.with_before(move |score| quantile(&lengths(score), percent));
        let parts = vec![
            at(50).label(words::MEDIAN.text(self.language)),
            at(90).label(words::P90.text(self.language)),
        ];
        KeyFigure::of(indicator, self.language, parts)
    }

    fn with_before(&self, value: impl Fn(&Score) -> Value) -> Part {
        let part = Part::new(value(&self.whole));
        match &self.before {
            Some((_, before)) => part.before(value(before)),
            None => part,
        }
    }

    pub(super) fn say(&self, phrase: &Phrase) -> String {
        phrase.text(self.language).to_owned()
    }
}

pub(super) fn quantile(lengths: &Lengths, percent: u8) -> Value {
    let length = lengths.quantile(percent);
    Value::Length {
        seconds: length.map_or(0, punctual::time::Span::whole_seconds),
        count: lengths.count(),
    }
}

fn mean(grades: Grades) -> Value {
    let points = (1_u64..).zip(grades.counts);
    Value::Mean {
        total: points.map(|(points, count)| points * count).sum(),
        count: grades.total(),
        most: 5,
    }
}
