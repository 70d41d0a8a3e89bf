//! The one way to make text into a page: elements that close themselves, names from a closed list,
//! and every value escaped.
//!
//! The buffer is private and there is no method that takes markup as text, so a name from a log
//! cannot become an element, an attribute or a reference, whoever draws it. Elements that load or
//! run something (`script`, `img`, `link`, `iframe`) and attributes that do (`src`, `style`,
//! `on...`) are not on the list. A reference leads to an [`Anchor`] of the same page.

use std::fmt::{self, Display, Write};

use crate::text::is_plain;

/// Names of elements or attributes: a closed list.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident: $($name:ident = $text:literal)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $type { $($name,)* }

        impl $type {
            const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

names! {
    /// The elements of a report.
    Tag:
    Html = "html" Head = "head" Title = "title" Body = "body"
    Header = "header" Main = "main" Footer = "footer" Nav = "nav" Section = "section"
    Article = "article" H1 = "h1" H2 = "h2" H3 = "h3" P = "p" Div = "div" Span = "span"
    Strong = "strong" A = "a" Code = "code" Ul = "ul" Li = "li" Dl = "dl" Dt = "dt" Dd = "dd" Bdi = "bdi"
    Table = "table" Caption = "caption" Thead = "thead" Tbody = "tbody"
    Tr = "tr" Th = "th" Td = "td"
    Details = "details" Summary = "summary" Figure = "figure" Fieldset = "fieldset"
    Legend = "legend" Label = "label" Input = "input" Meta = "meta"
    Svg = "svg" G = "g" Rect = "rect" Path = "path" Line = "line" Circle = "circle"
    Text = "text" Desc = "desc"
}

names! {
    /// The attributes of a report whose values may be computed.
    Attr:
    Lang = "lang" Charset = "charset" Name = "name" Content = "content"
    HttpEquiv = "http-equiv" Type = "type" Checked = "checked" Scope = "scope"
    Role = "role" AriaLabel = "aria-label" AriaHidden = "aria-hidden"
    Title = "title"
    ViewBox = "viewBox" PreserveAspectRatio = "preserveAspectRatio" X = "x" Y = "y"
    X1 = "x1" X2 = "x2" Y1 = "y1" Y2 = "y2" Cx = "cx" Cy = "cy" R = "r" Rx = "rx"
    Width = "width" Height = "height" D = "d" TextAnchor = "text-anchor"
}

impl Tag {
    /// Whether the element has no end.
    const fn is_void(self) -> bool {
        matches!(self, Self::Meta | Self::Input)
    }
}

/// A place within the page that a reference can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor(pub(super) usize);

/// A style sheet. Its text is a constant of this program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet(pub(super) &'static str);

/// A finished page. Only the writer of this module makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Returns the whole document, from its `<!DOCTYPE html>` on, in UTF-8.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<[u8]> for Html {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A page that is being written.
#[derive(Debug, Default)]
pub(super) struct Markup {
    text: String,
}

impl Markup {
    /// Returns an empty document.
    pub(super) fn document() -> Self {
        let text = "<!DOCTYPE html>\n".to_owned();
        Self { text }
    }

    /// Begins an element. It ends itself.
    pub(super) fn el(&mut self, tag: Tag) -> Element<'_> {
        self.text.push('<');
        self.text.push_str(tag.text());
        Element {
            markup: self,
            tag,
            is_open: true,
        }
    }

    /// Writes text.
    pub(super) fn text(&mut self, text: impl Display) {
        put(&mut self.text, text);
    }

    /// Writes a style sheet.
    pub(super) fn sheet(&mut self, sheet: Sheet) {
        self.text.push_str("<style>");
        self.text.push_str(sheet.0);
        self.text.push_str("</style>\n");
    }

    /// Returns what was written.
    pub(super) fn finish(mut self) -> Html {
        self.text.push('\n');
        Html(self.text)
    }
}

/// An element whose attributes may still be given.
#[derive(Debug)]
pub(super) struct Element<'m> {
    markup: &'m mut Markup,
    tag: Tag,
    is_open: bool,
}

impl Element<'_> {
    /// Gives an attribute.
    pub(super) fn attr(self, attr: Attr, value: impl Display) -> Self {
        self.put(attr.text(), value)
    }

    /// Gives the classes by which the style sheet knows it.
    pub(super) fn class(self, class: &'static str) -> Self {
        self.put("class", class)
    }

    /// Makes it a place that references lead to.
    pub(super) fn id(self, anchor: Anchor) -> Self {
        self.put("id", format_args!("part-{}", anchor.0))
    }

    /// Names it for the style sheet.
    pub(super) fn fixed_id(self, id: &'static str) -> Self {
        self.put("id", id)
    }

    /// Makes it the label of an input.
    pub(super) fn label_of(self, id: &'static str) -> Self {
        self.put("for", id)
    }

    /// Makes it a reference.
    pub(super) fn leads_to(self, anchor: Anchor) -> Self {
        self.put("href", format_args!("#part-{}", anchor.0))
    }

    fn put(self, name: &'static str, value: impl Display) -> Self {
        let text = &mut self.markup.text;
        text.push(' ');
        text.push_str(name);
        text.push_str("=\"");
        put(text, value);
        text.push('"');
        self
    }

    /// Writes what is in it, and ends it.
    pub(super) fn with(mut self, content: impl FnOnce(&mut Markup)) {
        self.open();
        content(self.markup);
    }

    /// Writes text into it, and ends it.
    pub(super) fn text(self, text: impl Display) {
        self.with(|m| m.text(text));
    }

    /// Ends it with nothing in it.
    pub(super) fn empty(self) {}

    fn open(&mut self) {
        self.markup
            .text
            .push_str(if self.tag.is_void() { " />" } else { ">" });
        self.is_open = false;
    }
}

impl Drop for Element<'_> {
    fn drop(&mut self) {
        if self.is_open {
            self.open();
        }
        if !self.tag.is_void() {
            let text = &mut self.markup.text;
            text.push_str("</");
            text.push_str(self.tag.text());
            text.push('>');
            if ends_a_line(self.tag) {
                text.push('\n');
            }
        }
    }
}

/// Blocks end a line, so that a page can be read and compared as text.
const fn ends_a_line(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Section | Tag::Tr | Tag::P | Tag::Svg | Tag::Div | Tag::H2 | Tag::H3 | Tag::Head
    )
}

fn put(text: &mut String, value: impl Display) {
    // Writing into a text cannot fail; what a `Display` could not say is left out.
    let _ = write!(Escaping(text), "{value}");
}

/// Escapes what passes through it.
struct Escaping<'t>(&'t mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c if is_shown(c) => self.0.push(c),
                _ => self.0.push('\u{fffd}'),
            }
        }
        Ok(())
    }
}

/// Whether a character may stand in a page: plain, as on a terminal, and none that XML or Unicode
/// keeps for inner use, that is invisible, or that sets the direction of what follows.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}')
}

fn is_shown(c: char) -> bool {
    is_plain(c) && !is_hidden(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(draw: impl FnOnce(&mut Markup)) -> String {
        let mut markup = Markup::default();
        draw(&mut markup);
        markup.text
    }

    #[test]
    fn whatever_is_text_stays_text() {
        for (text, shown) in [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"),
            ("a\0b\u{1b}[2J\nc", "a\u{fffd}b\u{fffd}[2J\u{fffd}c"),
            ("\u{202e}gpj.exe\u{2066}", "\u{fffd}gpj.exe\u{fffd}"),
            (
                "\u{61c}\u{ad}\u{ffff}\u{e0041}",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("投诉 ☂", "投诉 ☂"),
        ] {
            assert_eq!(written(|m| m.text(text)), shown);
            let attr = written(|m| m.el(Tag::G).attr(Attr::AriaLabel, text).empty());
            assert_eq!(attr, format!("<g aria-label=\"{shown}\"></g>"));
        }
    }

    #[test]
    fn elements_end_themselves() {
        let page = written(|m| {
            m.el(Tag::Span).class("a").with(|m| {
                m.el(Tag::Meta).attr(Attr::Charset, "utf-8").empty();
                m.el(Tag::Bdi).text("x");
            });
        });
        assert_eq!(
            page,
            "<span class=\"a\"><meta charset=\"utf-8\" /><bdi>x</bdi></span>"
        );
    }
}
