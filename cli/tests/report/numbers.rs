//! The numbers that are drawn are the numbers that were given.

use punctual::language::Language;
use punctual_cli::report::{
    Compliance, Load, MarginUnit, Margins, Page, Rate, Section, TargetLine, TargetMargin,
};
use roxmltree::{Document, Node};

use crate::pages::{Recipe, zeros};
use crate::well_formed::{drawings, read};

fn only(section: Section) -> Page {
    Page {
        language: Language::English,
        head: punctual_cli::report::Head::default(),
        sections: vec![section],
    }
}

fn texts(node: Node<'_, '_>) -> Vec<String> {
    let nodes = node.descendants().filter(Node::is_text);
    nodes
        .filter_map(|it| it.text())
        .map(str::to_owned)
        .collect()
}

fn classed<'d>(document: &'d Document<'d>, class: &str) -> Vec<Node<'d, 'd>> {
    let nodes = document.descendants();
    nodes
        .filter(|it| it.attribute("class") == Some(class))
        .collect()
}

fn line(points: &[(u64, u64)]) -> Page {
    only(Section::Compliance(Compliance {
        periods: (1..=points.len()).map(|nth| format!("P{nth}")).collect(),
        targets: vec![TargetLine {
            name: "first contact".into(),
            points: points
                .iter()
                .map(|(kept, all)| Rate::new(*kept, *all))
                .collect(),
        }],
    }))
}

#[test]
fn a_period_without_decisions_is_a_gap_and_not_a_zero() {
    let html = line(&[(9, 10), (8, 10), (0, 0), (0, 0), (10, 10), (0, 0), (9, 10)]).render();
    let document = read(html.as_str());
    let path = classed(&document, "line")[0].attribute("d").unwrap();
    assert_eq!(path.matches('M').count(), 3, "{path}");
    assert_eq!(path.matches('L').count(), 1, "{path}");
    assert_eq!(classed(&document, "mark").len(), 4);
    assert_eq!(
        classed(&document, "count").len(),
        4,
        "a bar only where there is a count"
    );
    let table = document
        .descendants()
        .find(|it| it.has_tag_name("tbody"))
        .unwrap();
    let third = table
        .children()
        .filter(|it| it.has_tag_name("tr"))
        .nth(2)
        .unwrap();
    assert_eq!(texts(third), ["P3", "0", "0", "–"]);
}

#[test]
fn a_period_in_which_all_was_broken_is_a_zero_and_not_a_gap() {
    let html = line(&[(5, 10), (0, 10), (5, 10)]).render();
    let document = read(html.as_str());
    let path = classed(&document, "line")[0].attribute("d").unwrap();
    assert_eq!(
        (path.matches('M').count(), path.matches('L').count()),
        (1, 2),
        "{path}"
    );
    // The base of the chart.
    assert!(path.contains(" 104"), "{path}");
}

#[test]
fn all_panels_are_on_one_scale_that_its_ticks_tell() {
    let targets = [[(99, 100), (98, 100)], [(60, 100), (70, 100)]];
    let line = |points: &[(u64, u64)]| TargetLine {
        name: String::new(),
        points: points
            .iter()
            .map(|(kept, all)| Rate::new(*kept, *all))
            .collect(),
    };
    let page = only(Section::Compliance(Compliance {
        periods: vec!["a".into(), "b".into()],
        targets: targets.iter().map(|points| line(points)).collect(),
    }));
    let html = page.render();
    let document = read(html.as_str());
    for drawing in drawings(&document) {
        let ticks: Vec<String> = drawing
            .children()
            .filter(|it| it.attribute("class") == Some("tick"))
            .filter_map(|it| it.text().map(str::to_owned))
            .collect();
        assert_eq!(ticks[..3], ["50%", "75%", "100%"]);
    }
}

#[test]
fn every_margin_is_counted_on_the_side_where_it_belongs() {
    let margins = |edges: &[i64], counts: &[u64]| {
        only(Section::Margins(Margins {
            unit: MarginUnit::Seconds,
            targets: vec![TargetMargin {
                name: String::new(),
                edges: edges.to_vec(),
                counts: counts.to_vec(),
            }],
        }))
    };
    for (edges, counts, broken, kept) in [
        (&[-3_600, 0, 3_600][..], &[1, 20, 300, 4_000][..], 21, 4_300),
        (&[0][..], &[7, 9][..], 7, 9),
        (&[60, 120][..], &[1, 2, 3][..], 1, 5), // below the first edge lies zero: not shown to be kept
        (&[-60][..], &[1, 2][..], 3, 0),
        (&[][..], &[5][..], 5, 0),
    ] {
        let html = margins(edges, counts).render();
        let document = read(html.as_str());
        let summary = texts(classed(&document, "summary")[0]).concat();
        assert_eq!(
            summary,
            format!("Broken: {broken}Kept: {}", grouped(kept)),
            "{edges:?}"
        );
        let bars = |class| {
            classed(&document, class)
                .into_iter()
                .filter(|it| it.has_tag_name("rect"))
                .count()
        };
        assert_eq!(bars("kept") + bars("broken"), counts.len(), "{edges:?}");
        assert_eq!(bars("kept") == 0, kept == 0, "{edges:?}");
    }
}

fn grouped(number: u64) -> String {
    punctual_cli::words::grouped(number)
}

#[test]
fn bars_are_as_tall_as_their_counts() {
    let html = only(Section::Margins(Margins {
        unit: MarginUnit::PermilleOfBudget,
        targets: vec![TargetMargin {
            name: String::new(),
            edges: vec![-500, 0, 500],
            counts: vec![10, 20, 40, 80],
        }],
    }))
    .render();
    let document = read(html.as_str());
    let heights: Vec<f64> = drawings(&document)[0]
        .children()
        .filter(|it| it.has_tag_name("rect"))
        .map(|it| it.attribute("height").unwrap().parse().unwrap())
        .collect();
    let tallest = heights[3];
    for (height, part) in heights.iter().zip([0.125, 0.25, 0.5, 1.0]) {
        assert!((height / tallest - part).abs() < 0.01, "{heights:?}");
    }
    let edges: Vec<String> = drawings(&document)[0]
        .children()
        .filter(|it| {
            it.attribute("class")
                .is_some_and(|it| it.starts_with("tick"))
        })
        .flat_map(texts)
        .collect();
    assert_eq!(edges, ["−50%", "0", "50%"]);
}

#[test]
fn the_map_of_load_shows_every_hour_twice_and_adds_up() {
    let mut cells = [[0; 24]; 7];
    for (day, hours) in cells.iter_mut().enumerate() {
        for (hour, count) in hours.iter_mut().enumerate() {
            *count = (day * 24 + hour) as u64;
        }
    }
    let html = only(Section::Load(Box::new(Load {
        what: "tickets".into(),
        cells,
    })))
    .render();
    let document = read(html.as_str());
    let headline = texts(classed(&document, "headline")[0]).concat();
    assert_eq!(headline, format!("tickets: {}", grouped((0..168).sum())));
    for orientation in ["chart lying", "chart standing"] {
        let drawing = classed(&document, orientation)[0];
        let mut shown: Vec<String> = drawing
            .descendants()
            .filter(|it| it.attribute("class") == Some("cell"))
            .flat_map(texts)
            .collect();
        shown.sort_by_key(|it| it.parse::<u64>().unwrap());
        let expected: Vec<String> = (1..168).map(|it: u64| it.to_string()).collect();
        assert_eq!(shown, expected, "{orientation}");
    }
    let mut rows = document.descendants().filter(|it| it.has_tag_name("tr"));
    let last: Vec<String> = rows.next_back().map(texts).unwrap();
    assert_eq!(last[..3], ["23:00", "23", "47"]);
    // The legend ends where the classes end, and holds the greatest.
    let legend = texts(classed(&document, "legend")[0]);
    let legend: Vec<&str> = legend.iter().map(|it| it.trim()).collect();
    assert_eq!(
        legend,
        ["0", "1–40", "41–80", "81–120", "121–160", "161–200"]
    );
}

#[test]
fn both_numbers_of_every_rate_stand_on_the_page() {
    let html = Recipe::ordinary(Language::English).page().render();
    for number in [
        "412,604 / 431,877",
        "1,904 / 83,310",
        "4,688 / 100,000",
        "4,688 / 5,000",
        "31,940 / 90,018",
        "+0.1 pp",
        "▲",
        "1,184,212",
        "×4.2",
        "2,418 of 100,000 tickets",
    ] {
        assert!(html.as_str().contains(number), "{number}");
    }
}

/// The cards of a backtest compare with policy A, not with a period.
#[test]
fn a_backtest_speaks_of_no_period_before() {
    let html = Recipe::ordinary(Language::English).page().render();
    let document = read(html.as_str());
    let mut sections = document
        .descendants()
        .filter(|it| it.has_tag_name("section"));
    let said = |section: Node<'_, '_>| texts(section).join(" ");
    let figures = sections.next().map(said).unwrap();
    let backtest = sections.next_back().map(said).unwrap();
    assert!(figures.contains("before 94.7%"), "{figures}");
    assert!(backtest.contains("A 94.7%"), "{backtest}");
    assert!(!backtest.contains("before 94.7%"), "{backtest}");
}

/// Nothing decided is said so; no share is made up.
#[test]
fn where_there_is_no_case_there_is_a_dash() {
    for language in [Language::English, Language::Chinese] {
        let html = zeros(language).render();
        let document = read(html.as_str());
        let figures = document
            .descendants()
            .find(|it| it.has_tag_name("section"))
            .unwrap();
        let shown: Vec<String> = figures
            .descendants()
            .filter(|it| it.attribute("class") == Some("figure"))
            .flat_map(texts)
            .collect();
        assert_eq!(shown.len(), 15);
        assert!(shown.iter().all(|it| it == "–"), "{shown:?}");
        assert_eq!(classed(&document, "line").len(), 0);
    }
}

/// Chinese pages speak Chinese, with Chinese punctuation.
#[test]
fn a_chinese_page_has_no_english_sentence() {
    let html = Recipe::ordinary(Language::Chinese).page().render();
    let document = read(html.as_str());
    assert_eq!(document.root_element().attribute("lang"), Some("zh-CN"));
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let body = document
        .descendants()
        .find(|it| it.has_tag_name("body"))
        .unwrap();
    let said = body.descendants().filter(|it| it.is_text());
    // Commands and names of files are what they are.
    let said = said.filter(|it| !it.ancestors().any(|it| it.has_tag_name("code")));
    for text in said.filter_map(|it| it.text()) {
        let words = text
            .split(|c: char| !c.is_ascii_lowercase())
            .filter(|it| it.len() > 3);
        let english: Vec<&str> = words
            .filter(|it| {
                ![
                    "after", "sales", "punctual", "report", "policy", "store", "desk", "lang",
                    "html", "shanghai", "jsonl", "hanghai",
                ]
                .contains(it)
            })
            .collect();
        assert_eq!(english, Vec::<&str>::new(), "{text}");
        let characters: Vec<char> = text.chars().collect();
        for pair in characters.windows(2) {
            assert!(!(is_han(pair[0]) && ",.;:?!()".contains(pair[1])), "{text}");
        }
    }
}
