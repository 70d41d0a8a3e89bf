//! What the panels of small multiples have in common: their frame, their labels, their numbers.

use punctual::language::Language;

use crate::report::markup::{Attr, Markup, Tag};
use crate::report::scale::Place;
use crate::report::words;
use crate::text::width;

use super::{name, shortened};

/// How wide a panel is, in units of its drawing; on a screen a unit is about a pixel.
pub(super) const WIDTH: i64 = 340;

/// Where a label stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

impl Side {
    const fn text(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// Writes a panel: its name, what sums it up, and its drawing.
pub(super) fn panel(
    m: &mut Markup,
    title: &str,
    summary: impl FnOnce(&mut Markup),
    drawing: impl FnOnce(&mut Markup),
) {
    m.el(Tag::Figure).class("panel").with(|m| {
        m.el(Tag::H3).with(|m| name(m, title));
        m.el(Tag::P).class("summary").with(summary);
        drawing(m);
    });
}

/// Begins a drawing with the words that stand for it where it is not seen.
pub(super) fn drawing(
    m: &mut Markup,
    class: &'static str,
    (width, height): (i64, i64),
    title: &str,
    description: &str,
    content: impl FnOnce(&mut Markup),
) {
    m.el(Tag::Svg)
        .class(class)
        .attr(Attr::ViewBox, format_args!("0 0 {width} {height}"))
        .attr(Attr::Role, "img")
        .with(|m| {
            m.el(Tag::Title).text(shortened(title, 72));
            m.el(Tag::Desc).text(description);
            content(m);
        });
}

/// Writes a label.
pub(super) fn label(
    m: &mut Markup,
    class: &'static str,
    (x, y): (Place, Place),
    side: Side,
    text: &str,
) {
    m.el(Tag::Text)
        .class(class)
        .attr(Attr::X, x)
        .attr(Attr::Y, y)
        .attr(Attr::TextAnchor, side.text())
        .text(text);
}

/// Writes a straight line.
pub(super) fn line(m: &mut Markup, class: &'static str, from: (Place, Place), to: (Place, Place)) {
    m.el(Tag::Line)
        .class(class)
        .attr(Attr::X1, from.0)
        .attr(Attr::Y1, from.1)
        .attr(Attr::X2, to.0)
        .attr(Attr::Y2, to.1)
        .empty();
}

/// Begins a rectangle, by its place and size.
pub(super) fn rect(
    m: &mut Markup,
    class: &'static str,
    at: (Place, Place),
    size: (Place, Place),
    tip: &str,
) {
    m.el(Tag::Rect)
        .class(class)
        .attr(Attr::X, at.0)
        .attr(Attr::Y, at.1)
        .attr(Attr::Width, size.0)
        .attr(Attr::Height, size.1)
        .with(|m| {
            if !tip.is_empty() {
                m.el(Tag::Title).text(tip);
            }
        });
}

/// Returns about how long a label is at ten units of height; never too short.
pub(super) fn length(text: &str) -> Place {
    let columns = i64::try_from(width(text)).unwrap_or(i64::MAX);
    Place::tenths(columns.saturating_mul(58))
}

/// Returns where and how a label stands that is to be centred at `x` between two borders: it leans
/// inwards where it would cross one.
pub(super) fn inside(x: Place, text: &str, borders: (Place, Place)) -> (Place, Side) {
    let half = Place::tenths(length(text).as_tenths() / 2);
    if x.minus(half) < borders.0 {
        (borders.0, Side::Start)
    } else if x.plus(half) > borders.1 {
        (borders.1, Side::End)
    } else {
        (x, Side::Middle)
    }
}

/// Writes tables of numbers that open below the charts, and are always open on paper.
pub(super) fn numbers(m: &mut Markup, language: Language, content: impl FnOnce(&mut Markup)) {
    m.el(Tag::Details).class("numbers").with(|m| {
        m.el(Tag::Summary).text(words::NUMBERS.text(language));
        m.el(Tag::Div).class("columns").with(content);
    });
}
