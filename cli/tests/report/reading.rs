//! Every chart can be read without being seen, and every colour without being told from another.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use roxmltree::Node;

use crate::pages::all;
use crate::well_formed::{drawings, read};

/// The style sheet, as pages carry it.
static STYLE: LazyLock<String> = LazyLock::new(|| {
    let (_, page) = all().into_iter().next().unwrap();
    let html = page.render();
    let sheet = html.as_str().split_once("<style>").unwrap().1;
    sheet.split_once("</style>").unwrap().0.to_owned()
});

#[test]
fn every_drawing_says_in_words_what_it_shows_or_stands_beside_its_number() {
    for (name, page) in all() {
        let html = page.render();
        let document = read(html.as_str());
        let drawings = drawings(&document);
        for drawing in drawings {
            let said: Vec<&str> = drawing
                .children()
                .filter(|it| it.has_tag_name("title") || it.has_tag_name("desc"))
                .filter_map(|it| it.text())
                .collect();
            match drawing.attribute("role") {
                Some("img") => assert_eq!(said.len(), 2, "{name} {drawing:?}"),
                _ => {
                    assert_eq!(drawing.attribute("aria-hidden"), Some("true"), "{name}");
                    assert!(has_words_beside(drawing), "{name} {:?}", drawing.parent());
                }
            }
        }
    }
}

/// Whether the row, the list item or the paragraph that a drawing stands in has text of its own.
fn has_words_beside(drawing: Node<'_, '_>) -> bool {
    let beside = ["tr", "li", "div", "section"];
    let around = drawing
        .ancestors()
        .find(|it| beside.contains(&it.tag_name().name()));
    around.is_some_and(|it| {
        let mut texts = it
            .descendants()
            .filter(Node::is_text)
            .filter_map(|it| it.text());
        texts.any(|text| !text.trim().is_empty())
    })
}

/// The numbers of each kind of chart are on the page as a table too.
#[test]
fn every_section_of_charts_has_its_numbers_in_a_table() {
    for (name, page) in all() {
        let html = page.render();
        let document = read(html.as_str());
        for section in document
            .descendants()
            .filter(|it| it.has_tag_name("section"))
        {
            let charts = |it: &Node<'_, '_>| it.attribute("role") == Some("img");
            let tables = section
                .descendants()
                .filter(|it| it.has_tag_name("table"))
                .count();
            let panels = section.descendants().filter(charts).count();
            let heat = section
                .descendants()
                .any(|it| it.attribute("class") == Some("heat"));
            let wanted = if heat { 1 } else { panels };
            assert!(
                tables >= wanted,
                "{name}: {tables} tables for {panels} charts"
            );
        }
    }
}

/// Nothing is drawn outside its drawing. Labels may stick out sideways by what a font is wider than
/// it was taken for.
#[test]
fn everything_is_drawn_inside() {
    let mut looked_at = 0;
    for (name, page) in all() {
        let html = page.render();
        let document = read(html.as_str());
        for drawing in drawings(&document) {
            let size: Vec<i64> = drawing
                .attribute("viewBox")
                .unwrap()
                .split(' ')
                .map(tenths)
                .collect();
            let (wide, tall) = (size[2], size[3]);
            for it in drawing.descendants() {
                let number = |attribute| it.attribute(attribute).map_or(0, tenths);
                let (from, to) = match it.tag_name().name() {
                    "rect" => {
                        let (x, y) = (number("x"), number("y"));
                        ((x, y), (x + number("width"), y + number("height")))
                    }
                    "line" => ((number("x1"), number("y1")), (number("x2"), number("y2"))),
                    "text" => ((number("x"), number("y")), (number("x"), number("y"))),
                    "circle" => ((number("cx"), number("cy")), (number("cx"), number("cy"))),
                    _ => continue,
                };
                looked_at += 1;
                for (place, end) in [(from.0, wide), (to.0, wide), (from.1, tall), (to.1, tall)] {
                    assert!((0..=end).contains(&place), "{name}: {it:?}");
                }
            }
        }
    }
    assert!(looked_at > 10_000);
}

fn tenths(number: &str) -> i64 {
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let sign = if number.starts_with('-') { -1 } else { 1 };
    whole.parse::<i64>().unwrap() * 10 + sign * tenth.parse::<i64>().unwrap()
}

/// Returns the colours of each theme, in the order of the style sheet: light, dark where the system
/// is, light where the reader chose it, dark where the reader chose it.
fn themes() -> Vec<BTreeMap<&'static str, &'static str>> {
    let blocks = STYLE.split("{").filter(|block| block.contains("--paper:"));
    let themes = blocks.map(|block| {
        let block = block.split('}').next().unwrap();
        let lines = block
            .split(';')
            .filter_map(|line| line.trim().split_once(": "));
        lines.filter(|(name, _)| name.starts_with("--")).collect()
    });
    themes.collect()
}

#[test]
fn a_theme_that_is_chosen_is_the_one_of_the_system() {
    let themes = themes();
    assert_eq!(themes.len(), 4);
    assert_eq!(themes[0], themes[2]);
    assert_eq!(themes[1], themes[3]);
    assert!(themes[0].keys().eq(themes[1].keys()));
    assert_ne!(themes[0], themes[1]);
}

/// Thousandths of the relative luminance of WCAG 2.
fn luminance(color: &str) -> f64 {
    let part = |at: usize| {
        let part = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        match part <= 0.040_45 {
            true => part / 12.92,
            false => ((part + 0.055) / 1.055).powf(2.4),
        }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_from_what_it_stands_on() {
    for theme in themes() {
        for (text, ground) in [
            ("--ink", "--paper"),
            ("--ink", "--wash"),
            ("--soft", "--paper"),
            ("--soft", "--wash"),
            ("--good", "--paper"),
            ("--bad", "--paper"),
            ("--kept", "--paper"),
            ("--on-heat", "--heat0"),
            ("--on-heat", "--heat1"),
            ("--on-heat", "--heat2"),
            ("--on-heat", "--heat3"),
            ("--on-hot", "--heat4"),
            ("--on-hot", "--heat5"),
        ] {
            let found = contrast(theme[text], theme[ground]);
            assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
        }
        for mark in ["--kept", "--broken", "--ink"] {
            let found = contrast(theme[mark], theme["--paper"]);
            assert!(found >= 3.0, "{mark}: {found:.2}");
        }
    }
}

/// The load can be read in grey print and by the colour-blind: its classes differ in lightness, and
/// in one direction.
#[test]
fn classes_of_load_go_from_the_paper_to_the_ink() {
    for theme in themes() {
        let steps: Vec<f64> = (0..6)
            .map(|step| contrast(theme[format!("--heat{step}").as_str()], theme["--paper"]))
            .collect();
        assert!(
            steps.windows(2).all(|pair| pair[1] > pair[0] * 1.12),
            "{steps:?}"
        );
    }
}

#[test]
fn the_page_knows_paper_and_phones() {
    for rule in [
        "@page { size: A4",
        "@media print",
        "break-inside: avoid",
        "max-width: 44rem",
        "tabular-nums",
        "prefers-color-scheme: dark",
    ] {
        assert!(STYLE.contains(rule), "{rule}");
    }
}
