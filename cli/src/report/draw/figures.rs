//! Key figures: cards with the numbers, the change and the definition.

use punctual::language::Language;

use super::{name, nothing, sentence};
use crate::report::markup::{Markup, Tag};
use crate::report::model::{Better, KeyFigure, Part};
use crate::report::say::{self, Change};
use crate::report::words;

/// Writes a card for each figure. `against` says what it is compared with: the period before, or
/// the other policy.
pub(super) fn cards(m: &mut Markup, figures: &[KeyFigure], against: &str, language: Language) {
    if figures.is_empty() {
        return nothing(m, language);
    }
    m.el(Tag::Div).class("cards").with(|m| {
        for figure in figures {
            card(m, figure, against, language);
        }
    });
}

fn card(m: &mut Markup, figure: &KeyFigure, against: &str, language: Language) {
    m.el(Tag::Article).class("card").with(|m| {
        m.el(Tag::H3).with(|m| name(m, &figure.title));
        m.el(Tag::Div).class("parts").with(|m| {
            for part in &figure.parts {
                value(m, part, figure.better, against, language);
            }
        });
        m.el(Tag::P)
            .class("definition")
            .with(|m| sentence(m, &figure.definition));
    });
}

fn value(m: &mut Markup, part: &Part, better: Better, against: &str, language: Language) {
    m.el(Tag::Div).class("part").with(|m| {
        if !part.label.is_empty() {
            m.el(Tag::Span)
                .class("label")
                .with(|m| name(m, &part.label));
        }
        let figure = say::value(part.value, language);
        m.el(Tag::Strong).class("figure").text(figure);
        let beside = say::beside(part.value, language);
        if !beside.is_empty() {
            m.el(Tag::Span).class("beside").text(beside);
        }
        if let Some(before) = part.before {
            let change = say::change(part.value, before, better, language);
            m.el(Tag::Span).class("change").with(|m| {
                if let Some(change) = change {
                    changed(m, &change, language);
                }
                let before = say::value(before, language);
                m.el(Tag::Span)
                    .class("note")
                    .text(format_args!("{against} {before}"));
            });
        }
    });
}

/// Writes a change: a mark for its direction, the difference, and in words whether it is better.
pub(super) fn changed(m: &mut Markup, change: &Change, language: Language) {
    let (class, word) = match change.is_better {
        Some(true) => ("judged good", words::BETTER.text(language)),
        Some(false) => ("judged bad", words::WORSE.text(language)),
        None if change.sign == 0 => ("judged", words::UNCHANGED.text(language)),
        None => ("judged", ""),
    };
    let mark = match change.sign {
        0 => "",
        1.. => "▲ ",
        _ => "▼ ",
    };
    m.el(Tag::Span).class(class).with(|m| {
        if change.sign != 0 {
            m.text(format_args!("{mark}{}", change.text));
        }
        if !word.is_empty() {
            let gap = if change.sign == 0 { "" } else { " " };
            m.text(format_args!("{gap}{word}"));
        }
    });
}
