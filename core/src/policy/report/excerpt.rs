//! Lines of the source, and the mark below them.

use crate::language::{Language, Phrase};
use crate::policy::document::Place;

/// A part of one line, with what is to be marked in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::policy) struct Excerpt {
    text: String,
    /// How many characters of `text` stand before the mark.
    before: usize,
    marked: usize,
}

/// The starts of a source's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::policy) struct Lines {
    starts: Vec<usize>,
}

/// Where something stands, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::policy) struct Spot {
    pub(in crate::policy) line: usize,
    pub(in crate::policy) column: usize,
    pub(in crate::policy) length: usize,
    pub(in crate::policy) excerpt: Excerpt,
}

/// The most characters of a line that are shown before and from the mark on.
const SHOWN_BEFORE: usize = 70;
const SHOWN_FROM: usize = 70;

impl Lines {
    pub(in crate::policy) fn of(source: &str) -> Self {
        let ends = source
            .match_indices('\n')
            .map(|(at, _)| at.saturating_add(1));
        Self {
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// Returns the line, counted from 1, on which a byte stands.
    pub(in crate::policy) fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|&from| from <= byte).max(1)
    }

    /// Finds a place. One step for each character of its line that is near enough to be shown or
    /// before it, so a report over one huge line stays cheap only by the cap on mistakes.
    pub(in crate::policy) fn spot(&self, source: &str, place: &Place) -> Spot {
        let start = place.start.min(source.len());
        let line = self.line(start);
        let from = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let before = source.get(from..start).unwrap_or_default();
        let rest = source.get(start..).unwrap_or_default();
        let rest = rest.split(['\n', '\r']).next().unwrap_or_default();
        let within = place.end.saturating_sub(start).min(rest.len());
        let length = rest
            .get(..within)
            .map_or(1, |text| text.chars().count())
            .max(1);
        let column = before.chars().count().saturating_add(1);
        let shown_before: Vec<char> = before.chars().rev().take(SHOWN_BEFORE).collect();
        let shown_from = rest.chars().take(SHOWN_FROM);
        Spot {
            line,
            column,
            length,
            excerpt: Excerpt {
                before: shown_before.len(),
                marked: length.min(SHOWN_FROM),
                text: shown_before
                    .into_iter()
                    .rev()
                    .chain(shown_from)
                    .map(printable)
                    .collect(),
            },
        }
    }
}

/// A tab or a control character would move the mark.
fn printable(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// How many columns of a terminal a character takes: two for Chinese, Japanese and Korean.
const fn columns(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Writes a heading, the line with its mark, and notes below.
pub(in crate::policy) fn render(
    heading: &str,
    line: usize,
    column: usize,
    excerpt: &Excerpt,
    notes: &[(&str, &Phrase)],
    language: Language,
) -> String {
    let gutter = " ".repeat(line.to_string().len());
    let place = match language {
        Language::English => format!("line {line}, column {column}"),
        Language::Chinese => format!("第 {line} 行第 {column} 列"),
    };
    let width = |text: &mut dyn Iterator<Item = char>| text.map(columns).sum::<usize>();
    let indent = width(&mut excerpt.text.chars().take(excerpt.before));
    let marked = width(
        &mut excerpt
            .text
            .chars()
            .skip(excerpt.before)
            .take(excerpt.marked),
    )
    .max(1);
    let mut text = format!("{heading}\n{gutter}--> {place}\n{gutter} |\n");
    text.push_str(format!("{line} | {}", excerpt.text).trim_end());
    let (indent, marks) = (" ".repeat(indent), "^".repeat(marked));
    text.push_str(&format!("\n{gutter} | {indent}{marks}\n"));
    for (name, note) in notes {
        text.push_str(&format!("{gutter} = {name}: {}\n", note.text(language)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let source = "a = 1\n投诉 = \"x\"\r\n\n";
        let lines = Lines::of(source);
        for (bytes, line, column, length) in [
            (0..1, 1, 1, 1),
            (6..12, 2, 1, 2),
            (15..18, 2, 6, 3),
            (20..20, 3, 1, 1),
            (900..901, 4, 1, 1),
        ] {
            let spot = lines.spot(source, &bytes);
            assert_eq!(
                (spot.line, spot.column, spot.length),
                (line, column, length),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn the_mark_stands_below_what_it_means_also_after_wide_characters() {
        let source = "label = \"投诉\", x = 1";
        let at = source.find('x').unwrap();
        let spot = Lines::of(source).spot(source, &(at..at + 1));
        let text = render(
            "error",
            spot.line,
            spot.column,
            &spot.excerpt,
            &[],
            Language::English,
        );
        let mark = text.lines().last().unwrap();
        // Each of the two wide characters takes two columns.
        assert_eq!(
            mark.find('^'),
            Some("1 | ".len() + source.chars().position(|c| c == 'x').unwrap() + 2)
        );
    }

    #[test]
    fn of_a_huge_line_only_the_surroundings_are_shown() {
        let source = format!("{}!{}", "x".repeat(100_000), "y".repeat(100_000));
        let spot = Lines::of(&source).spot(&source, &(100_000..100_001));
        assert_eq!(spot.column, 100_001);
        assert!(spot.excerpt.text.len() < 200);
    }
}
