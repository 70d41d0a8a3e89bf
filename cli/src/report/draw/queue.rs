//! What is open: by the next due instant and by age.

use punctual::language::{Language, Phrase};

use super::{bar, column, figure, nothing, row_name};
use crate::report::markup::{Markup, Tag};
use crate::report::model::{Band, Queue, Rate, Tone};
use crate::report::{say, words};
use crate::words::grouped;

/// Writes both divisions of the queue side by side.
pub(super) fn bands(m: &mut Markup, queue: &Queue, language: Language) {
    m.el(Tag::P)
        .class("headline")
        .text(words::open_tickets(queue.open, language));
    if queue.by_due.is_empty() && queue.by_age.is_empty() {
        return nothing(m, language);
    }
    m.el(Tag::Div).class("pair").with(|m| {
        table(m, &words::NEXT_DUE, &queue.by_due, queue.open, language);
        table(m, &words::AGE, &queue.by_age, queue.open, language);
    });
}

/// The class of a bar of a tone.
const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Soon => "soon",
        Tone::Over => "broken",
        Tone::Quiet => "quiet",
    }
}

fn table(m: &mut Markup, title: &Phrase, bands: &[Band], open: u64, language: Language) {
    if bands.is_empty() {
        return;
    }
    let most = bands.iter().map(|band| band.count).max().unwrap_or(0);
    m.el(Tag::Table).class("bars").with(|m| {
        m.el(Tag::Caption).text(title.text(language));
        m.el(Tag::Thead).with(|m| {
            m.el(Tag::Tr).with(|m| {
                column(m, "", "");
                column(m, "wide", "");
                column(m, "num", words::TICKETS_COLUMN.text(language));
                column(m, "num", words::SHARE.text(language));
            });
        });
        m.el(Tag::Tbody).with(|m| {
            for band in bands {
                m.el(Tag::Tr).with(|m| {
                    row_name(m, &band.label);
                    m.el(Tag::Td).class("wide").with(|m| {
                        bar::bar(m, class(band.tone), band.count, most);
                    });
                    figure(m, &grouped(band.count));
                    figure(m, &say::percent(Rate::new(band.count, open).per_mille()));
                });
            }
        });
    });
}
