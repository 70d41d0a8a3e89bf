//! Products and causes that recur above expectation.

use punctual::language::Language;

use super::{bar, column, figure, figures, name, nothing, row_name};
use crate::report::markup::{Markup, Tag};
use crate::report::model::{Better, HotSpot, HotSpots, Value};
use crate::report::{say, words};
use crate::words::grouped;

/// Writes a row for each combination.
pub(super) fn rows(m: &mut Markup, spots: &HotSpots, language: Language) {
    if spots.rows.is_empty() {
        return nothing(m, language);
    }
    // Bars and marks are on one scale, so expectations that were not met are on it too.
    let reach = |spot: &HotSpot| thousandths(spot.count).max(spot.expected_thousandths);
    let most = spots.rows.iter().map(reach).max().unwrap_or(0);
    m.el(Tag::Div).class("scroll").with(|m| {
        m.el(Tag::Table).class("bars").with(|m| {
            m.el(Tag::Thead).with(|m| {
                m.el(Tag::Tr).with(|m| {
                    column(m, "", words::PRODUCT.text(language));
                    column(m, "", words::CAUSE.text(language));
                    column(m, "wide", "");
                    for title in [
                        &words::FOUND,
                        &words::EXPECTED,
                        &words::FACTOR,
                        &words::CHANGE,
                    ] {
                        column(m, "num", title.text(language));
                    }
                });
            });
            m.el(Tag::Tbody).with(|m| {
                for spot in &spots.rows {
                    m.el(Tag::Tr).with(|m| row(m, spot, most, language));
                }
            });
        });
    });
    if spots.omitted > 0 {
        let text = words::omitted(spots.omitted, language);
        m.el(Tag::P).class("note").text(text);
    }
}

const fn thousandths(count: u64) -> u64 {
    count.saturating_mul(1_000)
}

fn row(m: &mut Markup, spot: &HotSpot, most: u64, language: Language) {
    let expected = spot.expected_thousandths;
    row_name(m, &spot.product);
    m.el(Tag::Td).with(|m| name(m, &spot.cause));
    m.el(Tag::Td).class("wide").with(|m| {
        bar::marked(m, "hot", thousandths(spot.count), Some(expected), most);
    });
    figure(m, &grouped(spot.count));
    figure(m, &say::tenths(expected));
    figure(m, &factor(spot));
    m.el(Tag::Td).class("num").with(|m| {
        let before = spot.before.map(Value::Count);
        let change = before.and_then(|before| {
            say::change(Value::Count(spot.count), before, Better::Lower, language)
        });
        match change {
            Some(change) => figures::changed(m, &change, language),
            None => m.text(say::NONE),
        }
    });
}

/// Returns how many times as many as expected there were, rounded down to a tenth.
fn factor(spot: &HotSpot) -> String {
    let millionths = u128::from(spot.count) * 1_000_000;
    match millionths.checked_div(u128::from(spot.expected_thousandths)) {
        None => say::NONE.to_owned(),
        Some(factor) => format!(
            "×{}",
            say::tenths(u64::try_from(factor).unwrap_or(u64::MAX))
        ),
    }
}
