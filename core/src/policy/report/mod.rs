//! Mistakes in a policy document: where, what was found, what was expected, what may be meant.

mod code;
mod excerpt;
mod nearest;
mod sink;

use std::fmt;

use serde::Serialize;

use crate::language::{Language, Phrase};

pub use code::Code;
pub(in crate::policy) use excerpt::{Lines, render};
pub(in crate::policy) use nearest::nearest;
pub(in crate::policy) use sink::{Found, Sink, meant_to_be, quoted};

/// One mistake.
///
/// Every field is there for a tool: an editor marks `length` characters from `column`, and shows `found`,
/// `expected` and `hint` in the reader's language.
///
/// ```
/// use punctual::language::Language;
/// use punctual::policy::{Code, Policy};
///
/// let mistaken = r#"policy = "hotline"
/// timezone = "Asia/Shangai"
/// [target.first-response]
/// start = "received"
/// stop  = "replied"
/// goals = [{ within = 30 }]
/// "#;
/// let Err(report) = Policy::from_toml(mistaken) else { return Err("accepted".into()) };
/// let [zone, length] = report.diagnostics() else { return Err("two mistakes".into()) };
/// assert_eq!((zone.line, length.line), (2, 6)); // all of them in one run
/// assert!(zone.hint.text(Language::English).contains("Asia/Shanghai"));
/// assert_ne!(zone.code, length.code);
/// # let _ = Code::ALL;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What sort of mistake.
    pub code: Code,
    /// The line of the source, counted from 1.
    pub line: usize,
    /// The column, in characters, counted from 1.
    pub column: usize,
    /// How many characters of that line it covers: one or more.
    pub length: usize,
    /// What was found there.
    pub found: Phrase,
    /// What was expected instead.
    pub expected: Phrase,
    /// What may be meant, or what to do.
    pub hint: Phrase,
    /// The line itself, without its end; of a very long line the part around the mistake.
    #[serde(skip)]
    pub(in crate::policy) excerpt: excerpt::Excerpt,
}

/// Every mistake of one document, in the order of the source. As an error it says them all.
///
/// At most 1,000 are kept; the rest are counted.
///
/// ```
/// use punctual::language::Language;
/// use punctual::policy::Policy;
///
/// let Err(report) = Policy::from_toml("policy = \"hotline\"") else { return Err("accepted") };
/// let text = report.text(Language::English);
/// assert!(text.ends_with("mistake\n") || text.ends_with("mistakes\n"));
/// assert_eq!(report.omitted(), 0);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    omitted: usize,
}

impl Report {
    /// The most mistakes that a report keeps.
    pub const MOST: usize = 1_000;

    pub(in crate::policy) const fn new(diagnostics: Vec<Diagnostic>, omitted: usize) -> Self {
        Self {
            diagnostics,
            omitted,
        }
    }

    /// The report of a document that was refused for a reason nobody wrote down: there is none.
    pub(in crate::policy) const fn empty() -> Self {
        Self::new(Vec::new(), 0)
    }

    /// Returns the mistakes, by line and column.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns how many further mistakes were found and not kept.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// Returns the whole report for people: each mistake with its line of the source and a mark
    /// below it.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for diagnostic in &self.diagnostics {
            text.push_str(&diagnostic.text(language));
            text.push('\n');
        }
        let total = self.diagnostics.len().saturating_add(self.omitted);
        text.push_str(&match (language, self.omitted) {
            (Language::English, 0) => {
                format!("{total} mistake{}\n", if total == 1 { "" } else { "s" })
            }
            (Language::English, omitted) => {
                format!("{total} mistakes, {omitted} of them not shown\n")
            }
            (Language::Chinese, 0) => format!("共 {total} 处错误\n"),
            (Language::Chinese, omitted) => format!("共 {total} 处错误，其中 {omitted} 处未显示\n"),
        });
        text
    }
}

impl fmt::Display for Report {
    /// Writes the report in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

impl std::error::Error for Report {}

impl Diagnostic {
    /// Returns the mistake for people, over several lines, with its line of the source.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let (title, found, expected, hint) = match language {
            Language::English => ("error", "found", "expected", "hint"),
            Language::Chinese => ("错误", "实际", "应为", "提示"),
        };
        let notes = [
            (found, &self.found),
            (expected, &self.expected),
            (hint, &self.hint),
        ];
        let heading = format!("{title}[{}]: {}", self.code, self.code.title(language));
        render(
            &heading,
            self.line,
            self.column,
            &self.excerpt,
            &notes,
            language,
        )
    }
}
