//! From the page to its markup: the document, its head and the frame of every section.

mod backtest;
mod bar;
mod compliance;
mod figures;
mod head;
mod hot_spots;
mod load;
mod margins;
mod panel;
mod queue;
mod satisfaction;
mod table;

use std::borrow::Cow;

use punctual::language::{Language, Phrase};

use super::markup::{Anchor, Attr, Html, Markup, Sheet, Tag};
use super::model::{Page, Section};
use super::words;
use crate::text::fit;

/// The whole look of a page, in screen and print. On a screen the colours are those of the system, unless
/// the reader chose others; on paper they are light.
static STYLE: Sheet = Sheet(concat!(
    ":root {\n",
    include_str!("light.css"),
    "}\n@media screen and (prefers-color-scheme: dark) { :root {\n",
    include_str!("dark.css"),
    "} }\n@media screen { :root:has(#theme-light:checked) {\n",
    include_str!("light.css"),
    "}\n:root:has(#theme-dark:checked) {\n",
    include_str!("dark.css"),
    "} }\n",
    include_str!("style.css"),
));

/// What a browser may do with a page even if markup had got into it: show it, and nothing else.
const NOTHING_LOADED: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A name longer than this many columns is cut; as much of it as of a sentence is in its tool tip.
const NAME_COLUMNS: usize = 96;
/// A sentence is cut here.
const SENTENCE_COLUMNS: usize = 400;

/// Writes a page.
pub(super) fn page(page: &Page) -> Html {
    let language = page.language;
    let mut m = Markup::document();
    m.el(Tag::Html).attr(Attr::Lang, tag(language)).with(|m| {
        m.el(Tag::Head).with(|m| {
            m.el(Tag::Meta).attr(Attr::Charset, "utf-8").empty();
            m.el(Tag::Meta)
                .attr(Attr::HttpEquiv, "Content-Security-Policy")
                .attr(Attr::Content, NOTHING_LOADED)
                .empty();
            m.el(Tag::Meta)
                .attr(Attr::Name, "viewport")
                .attr(Attr::Content, "width=device-width, initial-scale=1")
                .empty();
            m.el(Tag::Meta)
                .attr(Attr::Name, "color-scheme")
                .attr(Attr::Content, "light dark")
                .empty();
            let colon = crate::words::colon(language);
            let title = shortened(&page.head.title, NAME_COLUMNS);
            let kind = words::REPORT.text(language);
            m.el(Tag::Title).text(format_args!("{kind}{colon}{title}"));
            m.sheet(STYLE);
        });
        m.el(Tag::Body).with(|m| body(m, page));
    });
    m.finish()
}

/// The language as browsers and fonts know it.
const fn tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English | _ => "en",
    }
}

fn body(m: &mut Markup, page: &Page) {
    let language = page.language;
    head::head(m, &page.head, language);
    if page.sections.len() > 1 {
        contents(m, &page.sections, language);
    }
    m.el(Tag::Main).with(|m| {
        for (place, content) in page.sections.iter().enumerate() {
            section(m, Anchor(place + 1), content, language);
        }
    });
    head::foot(m, &page.head, language);
}

fn contents(m: &mut Markup, sections: &[Section], language: Language) {
    let nav = m.el(Tag::Nav).class("contents");
    nav.attr(Attr::AriaLabel, words::CONTENTS.text(language))
        .with(|m| {
            m.el(Tag::Ul).with(|m| {
                for (place, section) in sections.iter().enumerate() {
                    m.el(Tag::Li).with(|m| {
                        let link = m.el(Tag::A).leads_to(Anchor(place + 1));
                        link.text(titles(section).0.text(language));
                    });
                }
            });
        });
}

/// Returns the title of a section and the sentence below it.
fn titles(section: &Section) -> (&'static Phrase, &'static Phrase) {
    match section {
        Section::Figures(_) => (&words::FIGURES, &words::FIGURES_LEAD),
        Section::Compliance(_) => (&words::COMPLIANCE, &words::COMPLIANCE_LEAD),
        Section::Margins(_) => (&words::MARGINS, &words::MARGINS_LEAD),
        Section::Queue(_) => (&words::QUEUE, &words::QUEUE_LEAD),
        Section::Load(_) => (&words::LOAD, &words::LOAD_LEAD),
        Section::HotSpots(_) => (&words::HOT_SPOTS, &words::HOT_SPOTS_LEAD),
        Section::Satisfaction(_) => (&words::SATISFACTION, &words::SATISFACTION_LEAD),
        Section::Tables(topic, _) => words::topic(*topic),
        Section::Backtest(_) => (&words::BACKTEST, &words::BACKTEST_LEAD),
    }
}

fn section(m: &mut Markup, anchor: Anchor, section: &Section, language: Language) {
    let (title, lead) = titles(section);
    m.el(Tag::Section).id(anchor).with(|m| {
        m.el(Tag::Header).class("section").with(|m| {
            m.el(Tag::H2).text(title.text(language));
            m.el(Tag::P).class("lead").text(lead.text(language));
        });
        match section {
            Section::Figures(figures) => {
                figures::cards(m, figures, words::BEFORE.text(language), language);
            }
            Section::Compliance(compliance) => compliance::panels(m, compliance, language),
            Section::Margins(margins) => margins::panels(m, margins, language),
            Section::Queue(queue) => queue::bands(m, queue, language),
            Section::Load(load) => load::map(m, load, language),
            Section::HotSpots(spots) => hot_spots::rows(m, spots, language),
            Section::Satisfaction(points) => satisfaction::points(m, points, language),
            Section::Tables(_, tables) => table::tables(m, tables, language),
            Section::Backtest(backtest) => backtest::sides(m, backtest, language),
        }
    });
}

/// Says that there is nothing to show.
fn nothing(m: &mut Markup, language: Language) {
    let text = words::NOTHING.text(language);
    m.el(Tag::P).class("nothing").text(text);
}

/// Returns a text in at most so many columns, with `…` where something was cut off.
///
/// The time that it takes does not grow with what is cut off, and marks that take no column are cut
/// too where there are too many of them.
fn shortened(text: &str, columns: usize) -> Cow<'_, str> {
    let end = text.char_indices().nth(columns.saturating_mul(4));
    match end.and_then(|(end, _)| text.get(..end)) {
        None => fit(text, columns),
        Some(head) => {
            let shown = fit(head, columns.saturating_sub(1));
            Cow::Owned(format!("{}…", shown.trim_end_matches('…')))
        }
    }
}

/// Writes a name from data: as one direction of its own, and cut where it is too long.
fn name(m: &mut Markup, name: &str) {
    let shown = shortened(name, NAME_COLUMNS);
    let element = m.el(Tag::Bdi);
    let element = match &shown {
        Cow::Borrowed(_) => element,
        Cow::Owned(_) => element.attr(Attr::Title, shortened(name, SENTENCE_COLUMNS)),
    };
    element.text(shown);
}

/// Writes a sentence from data.
fn sentence(m: &mut Markup, text: &str) {
    m.el(Tag::Bdi).text(shortened(text, SENTENCE_COLUMNS));
}

/// Writes a column's title.
fn column(m: &mut Markup, class: &'static str, title: &str) {
    m.el(Tag::Th)
        .class(class)
        .attr(Attr::Scope, "col")
        .with(|m| name(m, title));
}

/// Writes the cell that names its row.
fn row_name(m: &mut Markup, text: &str) {
    m.el(Tag::Th)
        .attr(Attr::Scope, "row")
        .with(|m| name(m, text));
}

/// Writes a cell with a figure.
fn figure(m: &mut Markup, text: &str) {
    m.el(Tag::Td).class("num").text(text);
}
