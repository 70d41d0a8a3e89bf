//! The policy document as its author wrote it, TOML or JSON.

mod json;
mod toml;
mod tree;
mod write;

use crate::language::Phrase;

use super::compile;
use super::report::{Code, Found, Lines, Report, Sink};

pub(in crate::policy) use tree::{Entry, Node, Place, Value};
use tree::{Slip, SlipKind};

/// The two notations of one document. What can be written in one can be written in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// TOML 1.1.
    Toml,
    /// JSON by RFC 8259.
    Json,
}

/// A policy document that could be read, with the place of every word in it.
///
/// Reading does not say that it means anything: that is found by [`Document::compile`]. Keep the
/// source of a published policy, not this: it is quickly read again.
///
/// ```
/// use punctual::policy::{Document, Notation};
///
/// let document = Document::parse(
///     r#"
///     policy = "hotline"
///     timezone = "Asia/Shanghai"
///     [target.first-response]
///     start = "received"
///     stop = "replied"
///     goals = [{ within = "30m" }]
///     "#,
///     Notation::Toml,
/// )?;
/// let twin = Document::parse(&document.to_json(), Notation::Json)?;
/// assert_eq!(document.compile(1, &[])?, twin.compile(1, &[])?);
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    source: String,
    root: Node,
}

impl Document {
    /// The most bytes of a document: 1 MiB.
    pub const MOST_BYTES: usize = 1 << 20;
    /// How deep values may be nested.
    pub const MOST_DEEP: usize = 64;

    /// Reads a document.
    ///
    /// # Errors
    /// A [`Report`] when the notation is broken somewhere, a key is given twice, or a limit is
    /// exceeded. As far as the rest can be trusted, it is checked too and its mistakes are told in
    /// the same report.
    ///
    /// # Complexity
    /// In proportion to the length; nothing is nested deep enough to exhaust a stack.
    pub fn parse(source: &str, notation: Notation) -> Result<Self, Report> {
        let sink = Sink::new();
        if source.len() > Self::MOST_BYTES {
            let bytes = source.len();
            sink.add(
                Code::TooLarge,
                Found::said(
                    Phrase::new(format!("{bytes} bytes"), format!("{bytes} 字节")),
                    &(0..0),
                ),
                Phrase::fixed("at most 1048576 bytes", "不超过 1048576 字节"),
            );
            // The source itself is no part of a report on its size.
            return Err(sink.into_report("").unwrap_or_else(Report::empty));
        }
        let (root, slips) = match notation {
            Notation::Toml => {
                let (root, slips) = toml::read(source);
                (Some(root), slips)
            }
            Notation::Json => json::read(source, Self::MOST_DEEP),
        };
        let root = root.filter(|root| is_within_depth(root, &sink));
        if let (Some(root), []) = (&root, slips.as_slice()) {
            return Ok(Self {
                source: source.to_owned(),
                root: root.clone(),
            });
        }
        if let Some(root) = &root {
            compile::check(root, &sink);
            keep_what_can_be_trusted(&sink, source, &slips);
        }
        for slip in slips {
            tell(&sink, slip);
        }
        Err(sink.into_report(source).unwrap_or_else(Report::empty))
    }

    /// Returns the source, as it was given.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(in crate::policy) const fn root(&self) -> &Node {
        &self.root
    }

    /// Returns the same document in JSON, laid out for people.
    #[must_use]
    pub fn to_json(&self) -> String {
        write::json(&self.root)
    }
}

/// Tells once where the document is too deep.
fn is_within_depth(root: &Node, sink: &Sink) -> bool {
    let too_deep = deeper_than(root, Document::MOST_DEEP);
    if let Some(node) = too_deep {
        sink.add(Code::TooDeep, Found::value(node), levels());
    }
    too_deep.is_none()
}

/// Returns the first value that lies more than `most` levels deep. The notations' parsers have
/// bounded the depth already, each in its own way; so the recursion is safe.
fn deeper_than(node: &Node, most: usize) -> Option<&Node> {
    let Some(rest) = most.checked_sub(1) else {
        return matches!(node.value, Value::List(_) | Value::Table(_)).then_some(node);
    };
    match &node.value {
        Value::List(nodes) => nodes.iter().find_map(|node| deeper_than(node, rest)),
        Value::Table(entries) => entries
            .iter()
            .find_map(|entry| deeper_than(&entry.node, rest)),
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::Text(_) => {
            None
        }
    }
}

fn levels() -> Phrase {
    Phrase::fixed(
        "at most 64 levels of lists and tables",
        "列表和表最多嵌套 64 层",
    )
}

/// After a slip of notation part of the document is lost, so what seems to be missing or undeclared
/// may be there; and the slip's own line says nothing reliable.
fn keep_what_can_be_trusted(sink: &Sink, source: &str, slips: &[Slip]) {
    let lines = Lines::of(source);
    let broken: Vec<usize> = slips
        .iter()
        .filter(|slip| slip.kind != SlipKind::DuplicateKey)
        .map(|slip| lines.line(slip.place.start))
        .collect();
    if !broken.is_empty() {
        sink.retain(|code, place| {
            !code.rests_on_the_whole() && !broken.contains(&lines.line(place.start))
        });
    }
}

fn tell(sink: &Sink, slip: Slip) {
    let place = slip.place;
    match slip.kind {
        SlipKind::DuplicateKey => sink.add(
            Code::DuplicateKey,
            Found::said(
                Phrase::fixed("a key that its table has already", "表中已有的键"),
                &place,
            ),
            Phrase::fixed("each key once", "每个键只写一次"),
        ),
        SlipKind::TooDeep => sink.add(
            Code::TooDeep,
            Found::said(
                Phrase::fixed("another level of nesting", "又一层嵌套"),
                &place,
            ),
            levels(),
        ),
        SlipKind::Notation => sink.add(
            Code::Notation,
            Found::said(Phrase::same(&slip.says), &place),
            Phrase::fixed("a document in valid notation", "符合语法的文档"),
        ),
    }
}
