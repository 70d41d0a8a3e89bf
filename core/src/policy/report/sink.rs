//! Where mistakes are gathered while a document is read.

use std::cell::{Cell, RefCell};

use super::excerpt::Lines;
use super::nearest::nearest;
use super::{Code, Diagnostic, Report};
use crate::language::Phrase;
use crate::policy::document::{Node, Place, Value};

/// The comparisons that "did you mean" may make in one report: a fraction of a second.
const COMPARISONS: usize = 200_000;

/// How many names a list of what was expected shows.
const MOST_NAMES: usize = 12;

/// A mistake whose place is still in bytes.
#[derive(Debug, Clone)]
struct Mistake {
    code: Code,
    place: Place,
    found: Phrase,
    expected: Phrase,
    hint: Option<Phrase>,
}

/// Gathers mistakes. Shared by all readers of one document, so it is written through `&`.
#[derive(Debug)]
pub(in crate::policy) struct Sink {
    mistakes: RefCell<Vec<Mistake>>,
    omitted: Cell<usize>,
    comparisons: Cell<usize>,
}

/// What was found, and where.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Found {
    place: Place,
    text: Phrase,
}

impl Found {
    /// A value of the document.
    pub(in crate::policy) fn value(node: &Node) -> Self {
        Self {
            place: node.place.clone(),
            text: describe(&node.value),
        }
    }

    /// A name, or another text of the document.
    pub(in crate::policy) fn text(text: &str, place: &Place) -> Self {
        Self {
            place: place.clone(),
            text: Phrase::same(&quoted(text)),
        }
    }

    /// Something that is told in words.
    pub(in crate::policy) fn said(text: Phrase, place: &Place) -> Self {
        Self {
            place: place.clone(),
            text,
        }
    }

    /// Nothing, in a table that stands at `place`.
    pub(in crate::policy) fn nothing(place: &Place) -> Self {
        Self::said(Phrase::fixed("nothing", "没有"), place)
    }
}

impl Sink {
    pub(in crate::policy) const fn new() -> Self {
        Self {
            mistakes: RefCell::new(Vec::new()),
            omitted: Cell::new(0),
            comparisons: Cell::new(COMPARISONS),
        }
    }

    /// Adds a mistake.
    pub(in crate::policy) fn add(&self, code: Code, found: Found, expected: Phrase) {
        self.push(code, found, expected, None);
    }

    /// Adds a mistake with what to do about it.
    pub(in crate::policy) fn advise(
        &self,
        code: Code,
        found: Found,
        expected: Phrase,
        hint: Phrase,
    ) {
        self.push(code, found, expected, Some(hint));
    }

    /// Adds that a name is none of those known, and which one may be meant.
    pub(in crate::policy) fn unknown<'c, I>(&self, code: Code, name: &str, place: &Place, known: I)
    where
        I: IntoIterator<Item = &'c str, IntoIter: Clone>,
    {
        let known = known.into_iter();
        let hint = self.meant(name, known.clone());
        self.push(code, Found::text(name, place), one_of(known), hint);
    }

    /// Returns which of the known names may be meant, as a hint.
    pub(in crate::policy) fn meant<'c>(
        &self,
        name: &str,
        known: impl IntoIterator<Item = &'c str>,
    ) -> Option<Phrase> {
        let mut budget = self.comparisons.get();
        let meant = nearest(name, known, &mut budget);
        self.comparisons.set(budget);
        meant.map(meant_to_be)
    }

    /// Adds a mistake with a hint, where there is one.
    pub(in crate::policy) fn push(
        &self,
        code: Code,
        found: Found,
        expected: Phrase,
        hint: Option<Phrase>,
    ) {
        if self.is_full() {
            return;
        }
        self.mistakes.borrow_mut().push(Mistake {
            code,
            place: found.place,
            found: found.text,
            expected,
            hint,
        });
    }

    /// Counts a mistake that is not kept.
    fn is_full(&self) -> bool {
        let full = self.mistakes.borrow().len() >= Report::MOST;
        if full {
            self.omitted.set(self.omitted.get().saturating_add(1));
        }
        full
    }

    /// Returns how many mistakes there are.
    pub(in crate::policy) fn count(&self) -> usize {
        self.mistakes
            .borrow()
            .len()
            .saturating_add(self.omitted.get())
    }

    /// Keeps only the mistakes of which `keep` says so.
    pub(in crate::policy) fn retain(&self, keep: impl Fn(Code, &Place) -> bool) {
        self.mistakes
            .borrow_mut()
            .retain(|mistake| keep(mistake.code, &mistake.place));
    }

    /// Returns the report, or nothing where there was no mistake.
    pub(in crate::policy) fn into_report(self, source: &str) -> Option<Report> {
        let mut mistakes = self.mistakes.into_inner();
        if mistakes.is_empty() {
            return None;
        }
        mistakes.sort_by_key(|mistake| (mistake.place.start, mistake.place.end));
        let lines = Lines::of(source);
        let diagnostics = mistakes.into_iter().map(|mistake| {
            let spot = lines.spot(source, &mistake.place);
            Diagnostic {
                code: mistake.code,
                line: spot.line,
                column: spot.column,
                length: spot.length,
                found: mistake.found,
                expected: mistake.expected,
                hint: mistake.hint.unwrap_or_else(|| mistake.code.hint()),
                excerpt: spot.excerpt,
            }
        });
        Some(Report::new(diagnostics.collect(), self.omitted.get()))
    }
}

/// Returns the hint that a name may be meant.
pub(in crate::policy) fn meant_to_be(name: &str) -> Phrase {
    let name = quoted(name);
    Phrase::new(format!("did you mean {name}?"), format!("是否想写 {name}?"))
}

/// Returns `one of a, b, c`, cut where there are many.
fn one_of<'c>(known: impl Iterator<Item = &'c str> + Clone) -> Phrase {
    let mut names: Vec<String> = known.clone().take(MOST_NAMES).map(short).collect();
    if known.clone().nth(MOST_NAMES).is_some() {
        names.push("...".to_owned());
    }
    match names.as_slice() {
        [] => Phrase::fixed(
            "none can stand here: none is declared",
            "此处没有可用的名称：尚未声明",
        ),
        [only] => Phrase::same(only),
        _ => {
            let names = names.join(", ");
            Phrase::new(format!("one of {names}"), format!("以下之一：{names}"))
        }
    }
}

/// A report never repeats a megabyte of somebody's document.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut cut: String = text.chars().take(MOST).collect();
    if cut.len() < text.len() {
        cut.push_str("...");
    }
    cut
}

/// Returns a name between quotation marks, cut where it is long.
pub(in crate::policy) fn quoted(text: &str) -> String {
    format!("{:?}", short(text))
}

fn describe(value: &Value) -> Phrase {
    match value {
        Value::Null => Phrase::same("null"),
        Value::Boolean(value) => Phrase::same(if *value { "true" } else { "false" }),
        Value::Number(text) | Value::Date(text) => Phrase::same(&short(text)),
        Value::Text(text) => Phrase::same(&quoted(text)),
        Value::List(nodes) if nodes.is_empty() => Phrase::fixed("an empty list", "空列表"),
        Value::List(nodes) => {
            let count = nodes.len();
            Phrase::new(format!("a list of {count}"), format!("{count} 项的列表"))
        }
        Value::Table(entries) if entries.is_empty() => Phrase::fixed("an empty table", "空表"),
        Value::Table(entries) => {
            let keys: Vec<String> = entries
                .iter()
                .take(3)
                .map(|entry| short(&entry.key))
                .collect();
            let more = if entries.len() > keys.len() {
                ", ..."
            } else {
                ""
            };
            let keys = keys.join(", ");
            Phrase::new(
                format!("a table with {keys}{more}"),
                format!("含 {keys}{more} 的表"),
            )
        }
    }
}
