//! Whatever a name is, it stays a name.

use proptest::prelude::*;
use punctual::language::Language;
use punctual_cli::report::{Cell, Column, Head, Load, Page, Section, Table, Topic};
use punctual_cli::text::{is_plain, width};
use roxmltree::Document;

use crate::pages::{HOSTILE, Recipe, all};
use crate::well_formed::read;

/// All that a page is made of. None of it loads or runs anything.
const ELEMENTS: &[&str] = &[
    "a", "article", "bdi", "body", "caption", "circle", "code", "dd", "desc", "details", "div",
    "dl", "dt", "fieldset", "figure", "footer", "g", "h1", "h2", "h3", "head", "header", "html",
    "input", "label", "legend", "li", "line", "main", "meta", "nav", "p", "path", "rect",
    "section", "span", "strong", "style", "summary", "svg", "table", "tbody", "td", "text", "th",
    "thead", "title", "tr", "ul",
];
const ATTRIBUTES: &[&str] = &[
    "aria-hidden",
    "aria-label",
    "charset",
    "checked",
    "class",
    "content",
    "cx",
    "cy",
    "d",
    "for",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "preserveAspectRatio",
    "r",
    "role",
    "rx",
    "scope",
    "text-anchor",
    "title",
    "type",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Returns what is in the document and should not be.
fn strangers(document: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let element = node.tag_name().name();
        if !ELEMENTS.contains(&element) {
            found.push(element.to_owned());
        }
        for attribute in node.attributes() {
            let is_known = ATTRIBUTES.contains(&attribute.name());
            let leads_away = attribute.name() == "href" && !attribute.value().starts_with("#part-");
            if !is_known || leads_away {
                found.push(format!(
                    "{element} {}={}",
                    attribute.name(),
                    attribute.value()
                ));
            }
        }
    }
    let texts = document.descendants().filter(roxmltree::Node::is_text);
    let hidden = texts.filter_map(|node| node.text());
    let hidden = hidden.filter(|text| text.contains(|c| !is_plain(c) && c != '\n'));
    found.extend(hidden.map(|text| format!("{text:?}")));
    found
}

#[test]
fn a_page_holds_nothing_but_what_is_drawn_here() {
    for (name, page) in all() {
        let html = page.render();
        assert_eq!(
            strangers(&read(html.as_str())),
            Vec::<String>::new(),
            "{name}"
        );
    }
}

#[test]
fn the_search_for_strangers_finds_them() {
    for (page, found) in [
        ("<html><script>x</script></html>", 1),
        ("<html onload=\"x\"/>", 1),
        ("<html><a href=\"https://example.org\"/></html>", 1),
        ("<html><p>\u{202e}</p></html>", 1),
        ("<html><a href=\"#part-1\"/></html>", 0),
    ] {
        assert_eq!(
            strangers(&Document::parse(page).unwrap()).len(),
            found,
            "{page}"
        );
    }
}

#[test]
fn each_hostile_name_is_shown_in_full() {
    for name in HOSTILE {
        let mut recipe = Recipe::ordinary(Language::English);
        recipe.name = Some((*name).to_owned());
        let html = recipe.page().render();
        let document = read(html.as_str());
        assert_eq!(strangers(&document), Vec::<String>::new(), "{name:?}");
        let headings = document
            .descendants()
            .filter(|node| node.has_tag_name("h1"));
        let shown: Vec<String> = headings.map(text).collect();
        assert_eq!(shown, [replaced(name)], "{name:?}");
    }
}

/// A page without a name from outside holds nothing that could lead out of it.
#[test]
fn a_page_refers_to_nothing_outside() {
    for language in [Language::English, Language::Chinese] {
        let html = Recipe::ordinary(language).page().render();
        let html = html.as_str().replacen("http-equiv", "", 1);
        for outside in [
            "http",
            "src=",
            "url(",
            "//",
            "@import",
            "javascript:",
            "<script",
            "data:",
        ] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}

#[test]
fn a_name_without_an_end_is_cut_and_the_page_stays_small() {
    let name = "long ".repeat(1_000_000);
    let mut recipe = Recipe::ordinary(Language::English);
    recipe.name = Some(name);
    assert!(recipe.page().render().as_str().len() < 2_000_000);
}

fn text(node: roxmltree::Node<'_, '_>) -> String {
    node.descendants()
        .filter_map(|it| if it.is_text() { it.text() } else { None })
        .collect()
}

/// The oracle: each character that is not to be shown becomes one replacement.
fn replaced(text: &str) -> String {
    let odd = [
        '\u{ad}',
        '\u{61c}',
        '\u{180e}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{fff9}',
        '\u{e0041}',
    ];
    let shown = |c| {
        if is_plain(c) && !odd.contains(&c) {
            c
        } else {
            '\u{fffd}'
        }
    };
    text.chars().map(shown).collect()
}

/// Strings that like to break markup, and any others.
fn names() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("<".to_owned()),
        Just(">".to_owned()),
        Just("&".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("]]>".to_owned()),
        Just("<!--".to_owned()),
        Just("</style>".to_owned()),
        Just("</bdi>".to_owned()),
        Just("\0".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("&lt;".to_owned()),
        Just("\u{ffff}".to_owned()),
        any::<String>(),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// A reader of the page gets back each name, character by character, and nothing else came of
    /// it.
    #[test]
    fn any_name_stays_a_name(name in names()) {
        let mut table = Table::new(name.clone());
        table.columns = vec![Column::words(name.clone())];
        table.push([Cell::text(name.clone())]);
        let page = Page {
            language: Language::Chinese,
            head: Head {
                title: name.clone(),
                sources: vec![name.clone()],
                ..Head::default()
            },
            sections: vec![
                Section::Load(Box::new(Load { what: name.clone(), cells: [[1; 24]; 7] })),
                Section::Tables(Topic::Breakdown, vec![table]),
            ],
        };
        let html = page.render();
        let document = read(html.as_str());
        prop_assert_eq!(strangers(&document), Vec::<String>::new());
        if width(&name) <= 96 && name.chars().all(is_plain) && !name.chars().any(|c| replaced(&c.to_string()) == "\u{fffd}") {
            let shown = document.descendants().filter(|node| node.has_tag_name("bdi"));
            prop_assert_eq!(shown.filter(|node| text(*node) == name).count() >= 5, true);
        }
    }
}
