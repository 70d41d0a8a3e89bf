//! With how much to spare promises were kept, by how much they were broken: histograms.

use punctual::language::Language;

use super::panel::{self, Side, inside, label, line, rect};
use super::{column, figure, nothing, row_name};
use crate::report::markup::{Markup, Tag};
use crate::report::model::{MarginUnit, Margins, TargetMargin};
use crate::report::scale::{Linear, Place, label_step};
use crate::report::{say, words};
use crate::words::{colon, grouped};

const LEFT: Place = Place::units(6);
const RIGHT: Place = Place::units(334);
const TOP: Place = Place::units(18);
const BASE: Place = Place::units(104);
const EDGES: Place = Place::units(119);
const SIDES: Place = Place::units(135);
const HEIGHT: i64 = 142;

/// Writes a histogram for each target.
pub(super) fn panels(m: &mut Markup, margins: &Margins, language: Language) {
    if margins.targets.is_empty() {
        return nothing(m, language);
    }
    let panel = |target| Panel {
        target,
        unit: margins.unit,
        language,
    };
    let panels: Vec<Panel<'_>> = margins.targets.iter().map(panel).collect();
    m.el(Tag::Div).class("panels").with(|m| {
        panels.iter().for_each(|panel| panel.write(m));
    });
    panel::numbers(m, language, |m| {
        panels.iter().for_each(|panel| panel.table(m));
    });
}

struct Panel<'p> {
    target: &'p TargetMargin,
    unit: MarginUnit,
    language: Language,
}

impl Panel<'_> {
    /// Returns how many bins there are: one more than edges, whatever the counts say.
    fn bins(&self) -> usize {
        self.target.edges.len() + 1
    }

    fn count(&self, bin: usize) -> u64 {
        self.target.counts.get(bin).copied().unwrap_or(0)
    }

    /// Whether the whole bin lies at or above zero.
    fn is_kept(&self, bin: usize) -> bool {
        let below = bin.checked_sub(1);
        let edge = below.and_then(|below| self.target.edges.get(below));
        edge.is_some_and(|edge| *edge >= 0)
    }

    /// Returns how many bins lie below zero; all of them where nothing does not.
    fn broken_bins(&self) -> usize {
        (0..self.bins())
            .find(|bin| self.is_kept(*bin))
            .unwrap_or(self.bins())
    }

    fn sum(&self, is_kept: bool) -> u64 {
        let bins = (0..self.bins()).filter(|bin| self.is_kept(*bin) == is_kept);
        bins.fold(0, |sum: u64, bin| sum.saturating_add(self.count(bin)))
    }

    /// Returns the border to the left of a bin; the border after the last one is the right end.
    fn x(&self, bin: usize) -> Place {
        let figures = (0, i64::try_from(self.bins()).unwrap_or(i64::MAX));
        let places = (LEFT, RIGHT);
        Linear { figures, places }.at(i64::try_from(bin).unwrap_or(i64::MAX))
    }

    fn slot(&self) -> Place {
        self.x(1).minus(self.x(0))
    }

    fn edge(&self, edge: i64) -> String {
        match (edge, self.unit) {
            (0, _) => "0".to_owned(),
            (edge, MarginUnit::Seconds) => say::length(edge, self.language),
            (edge, MarginUnit::PermilleOfBudget) => {
                let sign = if edge < 0 { "\u{2212}" } else { "" };
                format!("{sign}{}%", grouped(edge.unsigned_abs() / 10))
            }
        }
    }

    /// Returns the margins of a bin in words: `< −8h`, `0 … 1h`, `≥ 8h`.
    fn range(&self, bin: usize) -> String {
        let edges = &self.target.edges;
        let from = bin.checked_sub(1).and_then(|below| edges.get(below));
        match (from, edges.get(bin)) {
            (None, None) => say::NONE.to_owned(),
            (None, Some(to)) => format!("< {}", self.edge(*to)),
            (Some(from), None) => format!("≥ {}", self.edge(*from)),
            (Some(from), Some(to)) => format!("{} … {}", self.edge(*from), self.edge(*to)),
        }
    }

    fn write(&self, m: &mut Markup) {
        let (language, colon) = (self.language, colon(self.language));
        let part = |phrase: &punctual::language::Phrase, count| {
            format!("{}{colon}{}", phrase.text(language), grouped(count))
        };
        let kept = part(&words::KEPT, self.sum(true));
        let broken = part(&words::BROKEN, self.sum(false));
        let summary = |m: &mut Markup| {
            m.el(Tag::Span).class("key broken").text(&broken);
            m.el(Tag::Span).class("key kept").text(&kept);
        };
        panel::panel(m, &self.target.name, summary, |m| {
            let described = format!("{broken}{}{kept}", words::semicolon(language));
            let size = (panel::WIDTH, HEIGHT);
            panel::drawing(m, "chart", size, &self.target.name, &described, |m| {
                self.bars(m);
                self.edges(m);
                self.sides(m);
            });
        });
    }

    fn bars(&self, m: &mut Markup) {
        let most = (0..self.bins()).map(|bin| self.count(bin)).max();
        let scale = Linear {
            figures: (0, i64::try_from(most.unwrap_or(0)).unwrap_or(i64::MAX)),
            places: (BASE, TOP),
        };
        let gap = Place::tenths(if self.bins() > 40 { 2 } else { 8 });
        for bin in 0..self.bins() {
            let count = self.count(bin);
            if count == 0 {
                continue;
            }
            let top = scale.at(i64::try_from(count).unwrap_or(i64::MAX));
            let tall = BASE.minus(top).max(Place::units(1));
            let at = (self.x(bin).plus(gap), BASE.minus(tall));
            let wide = self.x(bin + 1).minus(self.x(bin)).minus(gap).minus(gap);
            let wide = wide.max(Place::tenths(4));
            let class = if self.is_kept(bin) { "kept" } else { "broken" };
            let colon = colon(self.language);
            let tip = format!("{}{colon}{}", self.range(bin), grouped(count));
            rect(m, class, at, (wide, tall), &tip);
            if self.is_labelled(bin) {
                let middle =
                    Place::tenths((self.x(bin).as_tenths() + self.x(bin + 1).as_tenths()) / 2);
                let place = (middle, at.1.minus(Place::units(4)));
                let text = say::compact(count, self.language);
                let class = match self.is_kept(bin) {
                    true => "value",
                    false => "value broken",
                };
                label(m, class, place, Side::Middle, &text);
            }
        }
        line(m, "axis", (LEFT, BASE), (RIGHT, BASE));
    }

    /// Every bar has its number, or where they do not fit, the tallest on each side.
    fn is_labelled(&self, bin: usize) -> bool {
        let fits =
            |bin| panel::length(&say::compact(self.count(bin), self.language)) <= self.slot();
        if (0..self.bins()).all(fits) {
            return true;
        }
        let side = (0..self.bins()).filter(|other| self.is_kept(*other) == self.is_kept(bin));
        side.max_by_key(|other| self.count(*other)) == Some(bin)
    }

    /// Writes the edges below the bars, as many as there is room for, counted from zero.
    fn edges(&self, m: &mut Markup) {
        let texts: Vec<String> = self.target.edges.iter().map(|it| self.edge(*it)).collect();
        let longest = texts.iter().map(|text| panel::length(text)).max();
        let step = label_step(
            self.slot(),
            longest.unwrap_or_default().plus(Place::units(4)),
        );
        let zero = self.target.edges.iter().position(|edge| *edge == 0);
        for (place, text) in texts.iter().enumerate() {
            let x = self.x(place + 1);
            let is_zero = Some(place) == zero;
            let foot = BASE.plus(Place::units(3));
            if is_zero {
                line(m, "zero", (x, TOP.minus(Place::units(12))), (x, foot));
            } else {
                line(m, "axis", (x, BASE), (x, foot));
            }
            if place.abs_diff(zero.unwrap_or(0)).is_multiple_of(step) {
                let class = if is_zero { "tick strong" } else { "tick" };
                let (x, side) = inside(x, text, (Place::units(0), Place::units(panel::WIDTH)));
                label(m, class, (x, EDGES), side, text);
            }
        }
    }

    /// Writes on which side promises were broken, and on which kept.
    fn sides(&self, m: &mut Markup) {
        let language = self.language;
        let zero = self.x(self.broken_bins());
        let gap = Place::units(8);
        let late = format!("← {}", words::LATE_BY.text(language));
        let spare = format!("{} →", words::TO_SPARE.text(language));
        let (late_long, spare_long) = (panel::length(&late), panel::length(&spare));
        let left = zero.minus(gap).max(LEFT.plus(late_long));
        let right = zero.plus(gap).max(left.plus(gap));
        let right = right.min(RIGHT.minus(spare_long));
        let left = left.min(right.minus(gap));
        label(m, "side", (left, SIDES), Side::End, &late);
        label(m, "side", (right, SIDES), Side::Start, &spare);
    }

    fn table(&self, m: &mut Markup) {
        let language = self.language;
        m.el(Tag::Table).class("small").with(|m| {
            m.el(Tag::Caption)
                .with(|m| super::name(m, &self.target.name));
            m.el(Tag::Thead).with(|m| {
                m.el(Tag::Tr).with(|m| {
                    column(m, "", words::MARGIN.text(language));
                    column(m, "", "");
                    column(m, "num", words::COUNT.text(language));
                });
            });
            m.el(Tag::Tbody).with(|m| {
                for bin in 0..self.bins() {
                    m.el(Tag::Tr).with(|m| {
                        row_name(m, &self.range(bin));
                        let is_kept = self.is_kept(bin);
                        let verdict = if is_kept {
                            &words::KEPT
                        } else {
                            &words::BROKEN
                        };
                        m.el(Tag::Td).text(verdict.text(language));
                        figure(m, &grouped(self.count(bin)));
                    });
                }
            });
        });
    }
}
