//! The same history under two policies, side by side.

use punctual::language::Language;

use super::panel::{self, line};
use super::{column, figure, figures, name, nothing, row_name, sentence};
use crate::report::markup::{Attr, Markup, Tag};
use crate::report::model::{Backtest, Better, Difference, Rate, Side, TargetPair};
use crate::report::scale::{Linear, Place, floor_permille};
use crate::report::{say, words};
use crate::words::{either, grouped};

/// The size of the drawing between A and B.
const WIDTH: i64 = 260;
const HEIGHT: i64 = 18;

/// Writes the comparison.
pub(super) fn sides(m: &mut Markup, backtest: &Backtest, language: Language) {
    m.el(Tag::Div).class("pair policies").with(|m| {
        side(m, "A", "mark a", &backtest.a);
        side(m, "B", "mark b", &backtest.b);
    });
    headline(m, backtest, language);
    if backtest.targets.is_empty() {
        nothing(m, language);
    } else {
        targets(m, &backtest.targets, language);
    }
    if !backtest.figures.is_empty() {
        figures::cards(m, &backtest.figures, "A", language);
    }
    if !backtest.examples.is_empty() {
        examples(m, &backtest.examples, language);
    }
}

fn side(m: &mut Markup, letter: &'static str, class: &'static str, side: &Side) {
    m.el(Tag::Div).class("policy").with(|m| {
        m.el(Tag::Svg)
            .class("swatch")
            .attr(Attr::ViewBox, "0 0 18 18")
            .attr(Attr::AriaHidden, true)
            .with(|m| mark(m, class, Place::units(9)));
        m.el(Tag::Strong).text(letter);
        m.el(Tag::Span).class("name").with(|m| name(m, &side.name));
        if !side.about.is_empty() {
            m.el(Tag::Span)
                .class("note")
                .with(|m| sentence(m, &side.about));
        }
    });
}

/// Writes the mark of a policy: A is a ring, B a filled square, so that they differ without colour.
fn mark(m: &mut Markup, class: &'static str, x: Place) {
    let middle = Place::units(HEIGHT / 2);
    if class == "mark a" {
        let circle = m.el(Tag::Circle).class(class).attr(Attr::Cx, x);
        circle.attr(Attr::Cy, middle).attr(Attr::R, "6").empty();
    } else {
        let half = Place::units(4);
        let size = (Place::units(8), Place::units(8));
        panel::rect(m, class, (x.minus(half), middle.minus(half)), size, "");
    }
}

fn headline(m: &mut Markup, backtest: &Backtest, language: Language) {
    let share = say::percent(Rate::new(backtest.differing, backtest.tickets).per_mille());
    let (differing, tickets) = (grouped(backtest.differing), grouped(backtest.tickets));
    let text = either(
        language,
        format!("{differing} of {tickets} tickets have another verdict under B ({share})."),
        format!("共 {tickets} 个工单，其中 {differing} 个在策略 B 下结论不同（{share}）。"),
    );
    m.el(Tag::P).class("headline").text(text);
}

fn targets(m: &mut Markup, targets: &[TargetPair], language: Language) {
    let shares = targets
        .iter()
        .flat_map(|it| [it.a.per_mille(), it.b.per_mille()]);
    let floor = floor_permille(shares.flatten().min());
    m.el(Tag::Div).class("scroll").with(|m| {
        m.el(Tag::Table).class("bars backtest").with(|m| {
            m.el(Tag::Thead).with(|m| {
                m.el(Tag::Tr).with(|m| {
                    column(m, "", words::TARGET.text(language));
                    column(m, "num", "A");
                    column(m, "num", "B");
                    column(m, "", &format!("{}% … 100%", floor / 10));
                    column(m, "num", words::DIFFERENCE.text(language));
                    column(m, "num", words::DIFFERING.text(language));
                });
            });
            m.el(Tag::Tbody).with(|m| {
                for target in targets {
                    m.el(Tag::Tr).with(|m| row(m, target, floor, language));
                }
            });
        });
    });
}

fn row(m: &mut Markup, target: &TargetPair, floor: u64, language: Language) {
    row_name(m, &target.name);
    for ratio in [target.a, target.b] {
        m.el(Tag::Td).class("num").with(|m| {
            let share = say::percent(ratio.per_mille());
            m.el(Tag::Span).class("figure").text(share);
            if ratio.whole > 0 {
                m.el(Tag::Span).class("beside").text(say::of(ratio));
            }
        });
    }
    m.el(Tag::Td).with(|m| between(m, target, floor));
    m.el(Tag::Td).class("num").with(|m| {
        match say::points(target.b, target.a, Better::Higher, language) {
            Some(change) => figures::changed(m, &change, language),
            None => m.text(say::NONE),
        }
    });
    figure(m, &grouped(target.differing));
}

/// Writes both shares on one line.
fn between(m: &mut Markup, target: &TargetPair, floor: u64) {
    let scale = Linear {
        figures: (i64::try_from(floor).unwrap_or(0), 1_000),
        places: (Place::units(7), Place::units(WIDTH - 7)),
    };
    let place = |ratio: Rate| {
        let permille = i64::try_from(ratio.per_mille()?).unwrap_or(i64::MAX);
        Some(scale.at(permille))
    };
    m.el(Tag::Svg)
        .class("between")
        .attr(Attr::ViewBox, format_args!("0 0 {WIDTH} {HEIGHT}"))
        .attr(Attr::AriaHidden, true)
        .with(|m| {
            let middle = Place::units(HEIGHT / 2);
            line(
                m,
                "grid",
                (scale.places.0, middle),
                (scale.places.1, middle),
            );
            let (a, b) = (place(target.a), place(target.b));
            if let (Some(a), Some(b)) = (a, b) {
                line(m, "way", (a, middle), (b, middle));
            }
            if let Some(b) = b {
                mark(m, "mark b", b);
            }
            if let Some(a) = a {
                mark(m, "mark a", a);
            }
        });
}

fn examples(m: &mut Markup, examples: &[Difference], language: Language) {
    m.el(Tag::H3).text(words::EXAMPLES.text(language));
    m.el(Tag::Div).class("scroll").with(|m| {
        m.el(Tag::Table).class("grid").with(|m| {
            m.el(Tag::Thead).with(|m| {
                m.el(Tag::Tr).with(|m| {
                    column(m, "", words::TICKET.text(language));
                    column(m, "", words::TARGET.text(language));
                    column(m, "", "A");
                    column(m, "", "B");
                    column(m, "", words::REASON.text(language));
                });
            });
            m.el(Tag::Tbody).with(|m| {
                for it in examples {
                    m.el(Tag::Tr).with(|m| {
                        row_name(m, &it.ticket);
                        for text in [&it.target, &it.a, &it.b, &it.reason] {
                            m.el(Tag::Td).with(|m| sentence(m, text));
                        }
                    });
                }
            });
        });
    });
}
