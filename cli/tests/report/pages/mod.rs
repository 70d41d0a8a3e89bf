//! Pages made up for the tests: an ordinary quarter, an empty one, and the awkward ones.

mod charts;
mod comparison;
mod recipe;
mod tables;

use punctual::language::Language;
use punctual_cli::report::{
    Backtest, Compliance, Head, HotSpots, Load, MarginUnit, Margins, Page, Queue, Rate,
    Satisfaction, Section, Table, Topic, Value,
};

pub(crate) use recipe::Recipe;

/// A page that has every section and nothing in any of them.
pub(crate) fn empty(language: Language) -> Page {
    Page {
        language,
        head: Head::default(),
        sections: vec![
            Section::Figures(vec![]),
            Section::Compliance(Compliance::default()),
            Section::Margins(Margins {
                unit: MarginUnit::Seconds,
                targets: vec![],
            }),
            Section::Queue(Queue::default()),
            Section::Load(Box::new(Load {
                what: String::new(),
                cells: [[0; 24]; 7],
            })),
            Section::HotSpots(HotSpots::default()),
            Section::Satisfaction(Satisfaction::default()),
            Section::Tables(Topic::Pauses, vec![Table::default()]),
            Section::Tables(Topic::SpotChecks, vec![]),
            Section::Backtest(Backtest::default()),
        ],
    }
}

/// A page with figures that are all zero, and with periods in which nothing was decided.
pub(crate) fn zeros(language: Language) -> Page {
    let mut page = Recipe::ordinary(language).page();
    for section in &mut page.sections {
        match section {
            Section::Figures(figures) => {
                for part in figures.iter_mut().flat_map(|it| &mut it.parts) {
                    part.value = nothing_of(part.value);
                    part.before = part.before.map(nothing_of);
                }
            }
            Section::Compliance(compliance) => {
                for target in &mut compliance.targets {
                    target.points.fill(Rate::default());
                }
            }
            Section::Margins(margins) => {
                for target in &mut margins.targets {
                    target.counts.clear();
                }
            }
            Section::Queue(_)
            | Section::Load(_)
            | Section::HotSpots(_)
            | Section::Satisfaction(_)
            | Section::Tables(..)
            | Section::Backtest(_)
            | _ => {}
        }
    }
    page
}

fn nothing_of(value: Value) -> Value {
    match value {
        Value::Rate(_) => Value::Rate(Rate::default()),
        Value::Mean { most, .. } => Value::Mean {
            total: 0,
            count: 0,
            most,
        },
        Value::Length { .. } => Value::Length {
            seconds: 0,
            count: 0,
        },
        Value::Count(_) | _ => Value::Count(0),
    }
}

/// Names that want to be something else.
pub(crate) const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "</title></style></svg><iframe src=\"http://evil.example\">",
    "]]><!--",
    "&lt;b&gt;&#60;&#x202e;",
    "a\0b\u{1b}[31m\u{9b}2J\u{7f}",
    "\u{202e}gpj.exe\u{2066}\u{200f}\u{61c}",
    "line\nbreak\r\ttab\u{2028}\u{2029}",
    "\u{fffe}\u{ffff}\u{e0041}\u{feff}\u{fff9}",
    "=HYPERLINK(\"http://evil.example\")",
    "مرحبا بالعالم",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
];

/// Every page, with the name of the file that it is written to for a look.
pub(crate) fn all() -> Vec<(String, Page)> {
    let mut pages = Vec::new();
    for language in [Language::English, Language::Chinese] {
        let tag = language.tag();
        let recipe = |periods, products, name| Recipe {
            language,
            periods,
            products,
            name,
        };
        let hostile = HOSTILE.concat();
        let long = "Very long name ".repeat(400);
        let unbroken = "W".repeat(500);
        pages.extend([
            (format!("ordinary-{tag}"), Recipe::ordinary(language).page()),
            (format!("empty-{tag}"), empty(language)),
            (format!("zeros-{tag}"), zeros(language)),
            (format!("one-period-{tag}"), recipe(1, 1, None).page()),
            (format!("sixty-periods-{tag}"), recipe(60, 8, None).page()),
            (format!("forty-products-{tag}"), recipe(12, 40, None).page()),
            (
                format!("hostile-{tag}"),
                recipe(12, 3, Some(hostile)).page(),
            ),
            (
                format!("long-names-{tag}"),
                recipe(12, 3, Some(long)).page(),
            ),
            (
                format!("unbroken-{tag}"),
                recipe(3, 3, Some(unbroken)).page(),
            ),
        ]);
    }
    pages
}
