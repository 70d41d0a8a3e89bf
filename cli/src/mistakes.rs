//! Mistakes of a policy, drawn under the line that they stand on.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity, SourceCode,
};
use punctual::language::Language;
use punctual::policy::{Diagnostic, Report};

use crate::console::Setting;
use crate::text::{clean, clean_lines};
use crate::words;

/// One mistake as the drawing library wants it.
#[derive(Debug)]
struct Mistake {
    source: NamedSource<String>,
    title: String,
    label: LabeledSpan,
    help: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Mistake {}

impl miette::Diagnostic for Mistake {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

/// Returns every mistake with its line of the source, and how many there are.
#[must_use]
pub fn drawn(name: &str, source: &str, report: &Report, setting: &Setting) -> String {
    // Characters are replaced one for one, so that columns stay what they are.
    let source = clean_lines(source);
    let theme = if setting.color_err {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(setting.columns)
        .with_context_lines(1)
        .with_links(false);
    let mut text = String::new();
    for diagnostic in report.diagnostics() {
        let mistake = mistake(name, &source, diagnostic, setting.language);
        // Writing into a text cannot fail.
        let _ = handler.render_report(&mut text, &mistake);
        text.push('\n');
    }
    if setting.language == Language::Chinese {
        // The library has this one word in English; the other one takes as many columns.
        text = text.replace("  help: ", "  提示：");
    }
    let total = report.diagnostics().len() + report.omitted();
    text.push_str(&words::mistakes(
        &clean(name),
        total,
        report.omitted(),
        setting.language,
    ));
    text.push('\n');
    text
}

fn mistake(name: &str, source: &str, diagnostic: &Diagnostic, language: Language) -> Mistake {
    let start = byte_of(source, diagnostic.line, diagnostic.column);
    let rest = source.get(start..).unwrap_or_default();
    let length = rest
        .chars()
        .take_while(|c| *c != '\n')
        .take(diagnostic.length)
        .map(char::len_utf8)
        .sum::<usize>();
    let colon = words::colon(language);
    let said = |title: &str, text: &str| format!("{title}{colon}{}", clean(text));
    let mut help = said(
        words::EXPECTED.text(language),
        diagnostic.expected.text(language),
    );
    help.push('\n');
    help.push_str(&clean(diagnostic.hint.text(language)));
    let found = said(words::FOUND.text(language), diagnostic.found.text(language));
    Mistake {
        source: NamedSource::new(clean(name), source.to_owned()),
        title: format!(
            "{}{colon}{}",
            diagnostic.code.name(),
            diagnostic.code.title(language)
        ),
        label: LabeledSpan::new(Some(found), start, length),
        help,
    }
}

/// Returns the byte at which a line's column begins; both are counted from 1, columns in
/// characters.
fn byte_of(source: &str, line: usize, column: usize) -> usize {
    let start: usize = source
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = source.get(start..).unwrap_or_default();
    let within: usize = rest
        .chars()
        .take(column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    (start + within).min(source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_line_and_column_in_characters() {
        let source = "a = 1\n投诉 = 2\n";
        for (line, column, byte) in [(1, 1, 0), (1, 5, 4), (2, 1, 6), (2, 4, 13), (9, 9, 17)] {
            assert_eq!(byte_of(source, line, column), byte, "{line}:{column}");
        }
    }
}
