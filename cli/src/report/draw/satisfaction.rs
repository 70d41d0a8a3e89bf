//! What customers answered: the whole as one bar, and each answer with its number.

use punctual::language::Language;

use super::{bar, column, figure, nothing, row_name};
use crate::report::markup::{Markup, Tag};
use crate::report::model::{Rate, Satisfaction};
use crate::report::{say, words};
use crate::words::grouped;

/// From worst to best.
const CLASSES: [&str; 5] = ["points1", "points2", "points3", "points4", "points5"];

/// Writes the distribution.
pub(super) fn points(m: &mut Markup, points: &Satisfaction, language: Language) {
    let counts: Vec<u64> = (0..points.labels.len())
        .map(|place| points.counts.get(place).copied().unwrap_or(0))
        .collect();
    let total = counts.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
    m.el(Tag::P).class("headline").text(words::answered(
        total,
        (points.answered, points.asked),
        language,
    ));
    if total == 0 {
        return nothing(m, language);
    }
    let pieces: Vec<(&'static str, u64)> = counts
        .iter()
        .enumerate()
        .map(|(place, count)| (class(place, counts.len()), *count))
        .collect();
    m.el(Tag::Div).class("whole").with(|m| {
        bar::stacked(m, &pieces);
        table(m, points, &pieces, language);
    });
}

fn table(
    m: &mut Markup,
    points: &Satisfaction,
    pieces: &[(&'static str, u64)],
    language: Language,
) {
    let counts = pieces.iter().map(|(_, count)| *count);
    let most = counts.clone().max().unwrap_or(0);
    let total = counts.fold(0_u64, u64::saturating_add);
    m.el(Tag::Table).class("bars").with(|m| {
        m.el(Tag::Thead).with(|m| {
            m.el(Tag::Tr).with(|m| {
                column(m, "", words::ANSWER.text(language));
                column(m, "wide", "");
                column(m, "num", words::ANSWERS.text(language));
                column(m, "num", words::SHARE.text(language));
            });
        });
        m.el(Tag::Tbody).with(|m| {
            for (label, (class, count)) in points.labels.iter().zip(pieces) {
                m.el(Tag::Tr).with(|m| {
                    row_name(m, label);
                    m.el(Tag::Td)
                        .class("wide")
                        .with(|m| bar::bar(m, class, *count, most));
                    figure(m, &grouped(*count));
                    figure(m, &say::percent(Rate::new(*count, total).per_mille()));
                });
            }
        });
    });
}

/// Returns the colour of an answer: the ends are the ends whatever lies between.
fn class(place: usize, answers: usize) -> &'static str {
    let last = answers.saturating_sub(1).max(1);
    let nearest = (place * (CLASSES.len() - 1) + last / 2) / last;
    CLASSES.get(nearest).copied().unwrap_or("points5")
}
