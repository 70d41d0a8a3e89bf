//! Bars that stand in the row of a table, beside their number.
//!
//! They are stretched to the width of their cell. The row says what they say, so they are hidden
//! from readers of the text.

use crate::report::markup::{Attr, Markup, Tag};
use crate::report::scale::{Linear, Place};

/// How wide a bar's drawing is.
const WIDTH: i64 = 200;
const HEIGHT: i64 = 10;

/// Returns where a figure ends on a bar that ends at `most`.
fn end(figure: u64, most: u64) -> Place {
    let figures = (0, i64::try_from(most).unwrap_or(i64::MAX));
    let places = (Place::units(0), Place::units(WIDTH));
    let at = Linear { figures, places }.at(i64::try_from(figure).unwrap_or(i64::MAX));
    // Something is never drawn as nothing.
    if figure > 0 {
        at.max(Place::units(1))
    } else {
        at
    }
}

/// Writes a bar from zero to `figure`, on a scale to `most`.
pub(super) fn bar(m: &mut Markup, class: &'static str, figure: u64, most: u64) {
    marked(m, class, figure, None, most);
}

/// Writes a bar with a mark in it: what was to be expected.
pub(super) fn marked(
    m: &mut Markup,
    class: &'static str,
    figure: u64,
    expected: Option<u64>,
    most: u64,
) {
    m.el(Tag::Svg)
        .class("bar")
        .attr(Attr::ViewBox, format_args!("0 0 {WIDTH} {HEIGHT}"))
        .attr(Attr::PreserveAspectRatio, "none")
        .attr(Attr::AriaHidden, true)
        .with(|m| {
            piece(m, "track", Place::units(0), Place::units(WIDTH));
            piece(m, class, Place::units(0), end(figure, most));
            if let Some(expected) = expected {
                let at = end(expected, most).min(Place::units(WIDTH - 2));
                piece(m, "expected", at, Place::units(2));
            }
        });
}

/// Writes pieces one after the other that fill the whole bar; nothing where there is nothing.
pub(super) fn stacked(m: &mut Markup, pieces: &[(&'static str, u64)]) {
    let total = pieces
        .iter()
        .fold(0_u64, |sum, it| sum.saturating_add(it.1));
    if total == 0 {
        return;
    }
    m.el(Tag::Svg)
        .class("stacked")
        .attr(Attr::ViewBox, format_args!("0 0 {WIDTH} {HEIGHT}"))
        .attr(Attr::PreserveAspectRatio, "none")
        .attr(Attr::AriaHidden, true)
        .with(|m| {
            let mut before = 0_u64;
            for (class, count) in pieces {
                let from = end(before, total);
                before = before.saturating_add(*count);
                if *count > 0 {
                    piece(m, class, from, end(before, total).minus(from));
                }
            }
        });
}

fn piece(m: &mut Markup, class: &'static str, from: Place, wide: Place) {
    m.el(Tag::Rect)
        .class(class)
        .attr(Attr::X, from)
        .attr(Attr::Y, 0)
        .attr(Attr::Width, wide)
        .attr(Attr::Height, HEIGHT)
        .empty();
}
