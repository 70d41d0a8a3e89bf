//! Tables that fit the terminal: aligned by display width, cut where there is no room.

use crate::text::{clean, fit, width, wrap};

/// On which side a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers and lengths.
    Right,
}

/// One column.
#[derive(Debug, Clone)]
struct Column {
    title: String,
    align: Align,
    /// Whether it may be cut to make room; numbers and instants may not.
    yields: bool,
}

/// How a cell is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// Heading.
    Strong,
    /// Kept.
    Good,
    /// Close.
    Warn,
    /// Broken.
    Bad,
    /// Less important.
    Dim,
}

impl Tone {
    /// Returns the text in this tone; without `color` the text itself.
    #[must_use]
    pub fn paint(self, text: &str, color: bool) -> String {
        let code = match self {
            Self::Plain => return text.to_owned(),
            Self::Strong => "1",
            Self::Good => "32",
            Self::Warn => "33",
            Self::Bad => "31",
            Self::Dim => "2",
        };
        if color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A table: titles, rows, and what it does when there is too little room.
///
/// ```
/// use punctual_cli::table::{Align, Table, Tone};
///
/// let mut table = Table::new();
/// table.column("target", Align::Left, true);
/// table.column("met", Align::Right, false);
/// table.row([("first-response", Tone::Plain), ("12", Tone::Good)]);
/// assert_eq!(table.render(80, false), "target          met\nfirst-response   12\n");
/// assert_eq!(table.render(12, false), "target   met\nfirst-…   12\n");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<(String, Tone)>>,
}

/// Columns of a terminal between two columns of a table.
const GAP: usize = 2;
/// A column that yields is not cut below this.
const LEAST: usize = 6;

impl Table {
    /// Returns a table without columns.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Adds a column. One that `yields` is cut when the table does not fit.
    pub fn column(&mut self, title: &str, align: Align, yields: bool) {
        self.columns.push(Column {
            title: clean(title).into_owned(),
            align,
            yields,
        });
    }

    /// Adds a row: a cell for each column. Missing cells stay empty, further ones are not shown.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (T, Tone)>) {
        let cells = cells.into_iter();
        let clean = cells.map(|(text, tone)| (clean(text.as_ref()).into_owned(), tone));
        self.rows.push(clean.collect());
    }

    /// Returns whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the text, each line at most `columns` wide. Columns that are empty in every row are
    /// left out; where the others cannot be cut far enough, each row becomes a paragraph.
    #[must_use]
    pub fn render(&self, columns: usize, color: bool) -> String {
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|place| self.is_used(*place))
            .collect();
        let widths = self.widths(&shown, columns);
        let wide = widths.iter().sum::<usize>() + GAP * shown.len().saturating_sub(1);
        if wide > columns {
            return self.paragraphs(columns, color);
        }
        let mut text = String::new();
        let titles = |place: usize| {
            let column = self.columns.get(place);
            (
                column.map_or("", |column| column.title.as_str()),
                Tone::Strong,
            )
        };
        self.line(&mut text, &shown, &widths, color, titles);
        for row in &self.rows {
            let cell = |place: usize| {
                row.get(place)
                    .map_or(("", Tone::Plain), |(text, tone)| (text.as_str(), *tone))
            };
            self.line(&mut text, &shown, &widths, color, cell);
        }
        text
    }

    /// Writes each row as its first cell, and below it a line for each other cell with its title.
    fn paragraphs(&self, columns: usize, color: bool) -> String {
        let mut text = String::new();
        let titles = self.columns.iter().map(|column| width(&column.title));
        let indent = titles.max().unwrap_or(0) + 2 * GAP;
        for row in &self.rows {
            let filled = |(_, (text, _)): &(&Column, &(String, Tone))| !text.is_empty();
            let mut cells = self.columns.iter().zip(row).filter(filled);
            if let Some((_, (first, _))) = cells.next() {
                text.push_str(&Tone::Strong.paint(&fit(first, columns), color));
                text.push('\n');
            }
            for (column, (cell, tone)) in cells {
                let title = fit(&column.title, columns.saturating_sub(GAP));
                let spare = indent.saturating_sub(GAP + width(&title));
                let cell = fit(cell, columns.saturating_sub(indent));
                text.push_str(&format!("  {title}{}", " ".repeat(spare)));
                text.push_str(&tone.paint(&cell, color));
                text.push('\n');
            }
        }
        text
    }

    fn is_used(&self, place: usize) -> bool {
        let filled = |row: &Vec<(String, Tone)>| row.get(place).is_some_and(|it| !it.0.is_empty());
        self.rows.is_empty() || self.rows.iter().any(filled)
    }

    /// Gives each column what it needs, then takes from the widest that yields until all fit.
    fn widths(&self, shown: &[usize], columns: usize) -> Vec<usize> {
        let needed = |place: &usize| {
            let title = self.columns.get(*place).map_or(0, |it| width(&it.title));
            let cells = self.rows.iter().filter_map(|row| row.get(*place));
            cells.map(|(text, _)| width(text)).fold(title, usize::max)
        };
        let mut widths: Vec<usize> = shown.iter().map(needed).collect();
        let room = columns.saturating_sub(GAP * shown.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let yielding = shown.iter().zip(&mut widths).filter(|(place, wide)| {
                **wide > LEAST && self.columns.get(**place).is_some_and(|it| it.yields)
            });
            let Some((_, widest)) = yielding.max_by_key(|(_, wide)| **wide) else {
                break;
            };
            *widest -= 1;
        }
        widths
    }

    fn line<'a>(
        &self,
        text: &mut String,
        shown: &[usize],
        widths: &[usize],
        color: bool,
        cell: impl Fn(usize) -> (&'a str, Tone),
    ) {
        let mut line = String::new();
        let mut owed = 0;
        let mut below = Vec::new();
        for (place, wide) in shown.iter().zip(widths) {
            let (content, tone) = cell(*place);
            let column = self.columns.get(*place);
            let mut content = fit(content, *wide);
            if Some(place) == shown.last() && column.is_some_and(|it| it.yields) {
                // Nothing stands to the right of it, so it may go on below.
                let mut lines = wrap(cell(*place).0, *wide);
                below = lines.split_off(1.min(lines.len()));
                content = lines.pop().unwrap_or_default().into();
            }
            let spare = wide.saturating_sub(width(&content));
            let align = column.map_or(Align::Left, |it| it.align);
            let (before, after) = match align {
                Align::Left => (0, spare),
                Align::Right => (spare, 0),
            };
            if content.is_empty() {
                owed += before;
            } else {
                line.push_str(&" ".repeat(owed + before));
                line.push_str(&tone.paint(&content, color));
                owed = 0;
            }
            owed += after + GAP;
        }
        let last = widths.len().saturating_sub(1);
        let indent: usize = widths.iter().take(last).map(|wide| wide + GAP).sum();
        for more in below {
            line.push_str(&format!("\n{}{more}", " ".repeat(indent)));
        }
        text.push_str(&line);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new();
        table.column("目标", Align::Left, true);
        table.column("按时", Align::Right, false);
        table.column("备注", Align::Left, true);
        table.row([
            ("首次响应", Tone::Plain),
            ("7", Tone::Good),
            ("", Tone::Dim),
        ]);
        table.row([
            ("resolution of it all", Tone::Plain),
            ("12", Tone::Plain),
            ("x", Tone::Dim),
        ]);
        table
    }

    #[test]
    fn columns_stand_below_each_other_by_display_width() {
        let text = table().render(80, false);
        let ends: Vec<usize> = text
            .lines()
            .zip(["按时", "7", "12"])
            .map(|(line, cell)| width(&line[..line.find(cell).unwrap()]) + width(cell))
            .collect();
        assert_eq!(ends, [26, 26, 26], "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for columns in 12..40 {
            let text = table().render(columns, false);
            assert!(text.lines().all(|line| width(line) <= columns), "{text}");
        }
    }

    #[test]
    fn the_last_column_goes_on_below() {
        let mut table = Table::new();
        table.column("name", Align::Left, false);
        table.column("about", Align::Left, true);
        table.row([("a", Tone::Plain), ("one two three", Tone::Plain)]);
        assert_eq!(
            table.render(14, false),
            "name  about\na     one two\n      three\n"
        );
    }

    #[test]
    fn what_would_steer_the_terminal_is_replaced() {
        let mut table = Table::new();
        table.column("ticket", Align::Left, true);
        table.row([("T\u{1b}[2J\n1", Tone::Plain)]);
        assert!(!table.render(80, false).contains('\u{1b}'));
        assert_eq!(table.render(80, false).lines().count(), 2);
    }
}
