//! Text from data, made fit for a terminal: nothing that steers it, and widths in columns.

use std::borrow::Cow;
use std::fmt::Write;
use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns whether a character only shows itself: it moves no cursor, changes no colour and
/// reorders nothing.
#[must_use]
pub fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns the text with `\u{fffd}` in place of whatever is not plain, line ends included.
///
/// ```
/// use punctual_cli::text::clean;
///
/// assert_eq!(clean("T-1\u{1b}[2J"), "T-1\u{fffd}[2J");
/// assert_eq!(clean("投诉"), "投诉");
/// ```
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let plain = |c| if is_plain(c) { c } else { '\u{fffd}' };
    Cow::Owned(text.chars().map(plain).collect())
}

/// Returns the text of several lines with `\u{fffd}` in place of whatever is neither plain nor the
/// end of a line; a tab becomes a space, so that columns stay what they were counted as.
#[must_use]
pub fn clean_lines(text: &str) -> String {
    let plain = |c| match c {
        '\n' => '\n',
        '\t' | '\r' => ' ',
        c if is_plain(c) => c,
        _ => '\u{fffd}',
    };
    text.chars().map(plain).collect()
}

/// Returns how many columns of a terminal the text takes: two for a Chinese character.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// Returns the text in at most `columns`, with `…` where something was cut off.
///
/// ```
/// use punctual_cli::text::fit;
///
/// assert_eq!(fit("first-response", 8), "first-r…");
/// assert_eq!(fit("首次响应", 5), "首次…");
/// assert_eq!(fit("met", 5), "met");
/// ```
#[must_use]
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let (mut cut, mut used) = (String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > room {
            break;
        }
        used += wide;
        cut.push(c);
    }
    cut.push('…');
    Cow::Owned(cut)
}

/// Returns the text in lines of at most `columns`, broken at spaces, and within a word only where a
/// word alone is too long or has wide characters, between which a line may always end.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut();
        match line {
            Some(line) if line.is_empty() && width(word) <= columns => line.push_str(word),
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => break_word(&mut lines, word, columns),
        }
    }
    lines
}

fn break_word(lines: &mut Vec<String>, word: &str, columns: usize) {
    let pieces = pieces(word);
    if let (Some(line), Some(first)) = (lines.last_mut(), pieces.first())
        && !line.is_empty()
        && width(line) + 1 + width(first) <= columns
        && pieces.len() > 1
    {
        line.push(' ');
    } else if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if width(line) + width(&piece) <= columns => line.push_str(&piece),
            _ if width(&piece) <= columns => lines.push(piece),
            _ => break_piece(lines, &piece, columns),
        }
    }
}

/// Cuts what is longer than a line where a line is full.
fn break_piece(lines: &mut Vec<String>, piece: &str, columns: usize) {
    for c in piece.chars() {
        let wide = c.width().unwrap_or(0);
        match lines.last_mut() {
            Some(line) if width(line) + wide <= columns => line.push(c),
            _ => lines.push(c.to_string()),
        }
    }
}

/// Punctuation that no line begins with, and that no line ends with.
const CLOSES: &str = ",.;:)?!%，。；：）、”？！";
const OPENS: &str = "(（“";

/// Divides a word where a line may end: around wide characters, but not before punctuation that
/// closes and not after one that opens.
fn pieces(word: &str) -> Vec<String> {
    let is_wide = |c: char| c.width() == Some(2);
    let mut pieces: Vec<String> = Vec::new();
    for c in word.chars() {
        let before = pieces.last().and_then(|piece| piece.chars().next_back());
        let holds = |before: char| {
            CLOSES.contains(c) || OPENS.contains(before) || !(is_wide(before) || is_wide(c))
        };
        match pieces.last_mut() {
            Some(piece) if before.is_some_and(holds) => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// Writes a value as one line of JSON whose text is safe on a terminal.
///
/// # Errors
/// What `out` or the value answers.
pub fn write_json<T: Serialize>(out: impl io::Write, value: &T) -> io::Result<()> {
    let mut json = Serializer::with_formatter(out, Safe(CompactFormatter));
    value.serialize(&mut json).map_err(io::Error::from)
}

/// Writes a value as JSON laid out for people, whose text is safe on a terminal.
///
/// # Errors
/// What `out` or the value answers.
pub fn write_json_pretty<T: Serialize>(out: impl io::Write, value: &T) -> io::Result<()> {
    let mut json = Serializer::with_formatter(out, Safe(PrettyFormatter::new()));
    value.serialize(&mut json).map_err(io::Error::from)
}

/// JSON escapes the control characters of ASCII alone; this one escapes all that is not plain. What
/// a reader gets is the same.
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        if fragment.is_ascii() || fragment.chars().all(is_plain) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut escaped = String::with_capacity(fragment.len() + 16);
        for c in fragment.chars() {
            if is_plain(c) {
                escaped.push(c);
            } else {
                // All of them lie in the first plane, so one unit of UTF-16 is enough.
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
        }
        writer.write_all(escaped.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_escapes_what_a_terminal_would_obey_and_reads_back_the_same() {
        let text = "a\u{1b}[31m \u{9b}2J \u{202e}x 投诉";
        let mut out = Vec::new();
        write_json(&mut out, &text).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert!(json.chars().all(is_plain), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn a_cut_text_fits_also_where_a_wide_character_stands_at_the_edge() {
        for columns in 1..12 {
            for text in ["首次响应时间", "first-response", "a首b次c"] {
                assert!(width(&fit(text, columns)) <= columns, "{text} {columns}");
            }
        }
    }

    #[test]
    fn lines_are_broken_at_spaces_and_between_wide_characters() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("首次响应", 5), ["首次", "响应"]);
        assert_eq!(wrap("首次，响应", 6), ["首次，", "响应"]);
        assert_eq!(wrap("共计2026小时", 7), ["共计", "2026小", "时"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a abcdefgh", 3), ["a", "abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
    }
}
