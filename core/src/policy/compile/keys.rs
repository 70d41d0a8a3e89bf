//! Reading tables, lists and plain values, telling what is not as it should be.

use std::cell::RefCell;

use crate::event::NameError;
use crate::language::Phrase;
use crate::policy::document::{Entry, Node, Place, Value};
use crate::policy::report::{Code, Found, Sink};

/// A table whose keys are fixed. What is never asked for belongs nowhere, and
/// [`finish`](Keys::finish) says so.
pub(super) struct Keys<'n> {
    entries: &'n [Entry],
    place: Place,
    asked: RefCell<Vec<&'static str>>,
    sink: &'n Sink,
}

impl<'n> Keys<'n> {
    /// Returns the keys of `node`, or tells that it is no table.
    pub(super) fn of(node: &'n Node, sink: &'n Sink) -> Option<Self> {
        Some(Self {
            entries: entries(node, sink)?,
            place: node.place.clone(),
            asked: RefCell::new(Vec::new()),
            sink,
        })
    }

    /// Returns the value of a key that may be absent.
    pub(super) fn get(&self, key: &'static str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// Returns the key and the value of a key that may be absent.
    pub(super) fn entry(&self, key: &'static str) -> Option<&'n Entry> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Returns the value of a key that must be there, or tells that it is missing.
    pub(super) fn need(&self, key: &'static str) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            let place = &self.place;
            let expected = Phrase::new(format!("the key `{key}`"), format!("键 `{key}`"));
            self.sink
                .add(Code::MissingKey, Found::nothing(place), expected);
        }
        found
    }

    /// Returns where the table stands.
    pub(super) const fn place(&self) -> &Place {
        &self.place
    }

    /// Tells every key that was not asked for.
    pub(super) fn finish(self) {
        let asked = self.asked.into_inner();
        for entry in self.entries {
            if !asked.iter().any(|key| *key == entry.key) {
                let known = asked.iter().copied();
                self.sink
                    .unknown(Code::UnknownKey, &entry.key, &entry.key_place, known);
            }
        }
    }
}

/// Returns the entries of a table whose keys are the author's own.
pub(super) fn entries<'n>(node: &'n Node, sink: &Sink) -> Option<&'n [Entry]> {
    let found = node.as_table();
    if found.is_none() {
        wrong_type(node, Phrase::fixed("a table", "一个表"), sink);
    }
    found
}

/// Returns the elements of a list.
pub(super) fn list<'n>(node: &'n Node, sink: &Sink) -> Option<&'n [Node]> {
    let found = node.as_list();
    if found.is_none() {
        wrong_type(node, Phrase::fixed("a list", "一个列表"), sink);
    }
    found
}

/// Returns a value by itself, or the elements of a list. An empty list is told.
pub(super) fn one_or_more<'n>(node: &'n Node, sink: &Sink) -> &'n [Node] {
    let Some(nodes) = node.as_list() else {
        return std::slice::from_ref(node);
    };
    if nodes.is_empty() {
        sink.add(
            Code::Empty,
            Found::value(node),
            Phrase::fixed("at least one", "至少一项"),
        );
    }
    nodes
}

/// Returns a text.
pub(super) fn text<'n>(node: &'n Node, sink: &Sink) -> Option<&'n str> {
    let found = node.as_text();
    if found.is_none() {
        wrong_type(
            node,
            Phrase::fixed("a text in quotes", "引号中的文本"),
            sink,
        );
    }
    found
}

/// Returns `true` or `false`.
pub(super) fn boolean(node: &Node, sink: &Sink) -> Option<bool> {
    if let Value::Boolean(value) = node.value {
        return Some(value);
    }
    wrong_type(node, Phrase::fixed("true or false", "true 或 false"), sink);
    None
}

/// Returns a whole number from `least` up to 65535.
pub(super) fn count(node: &Node, least: u16, sink: &Sink) -> Option<u16> {
    let expected = || {
        let most = u16::MAX;
        Phrase::new(
            format!("a whole number from {least} to {most}"),
            format!("{least} 到 {most} 的整数"),
        )
    };
    let Value::Number(number) = &node.value else {
        wrong_type(node, expected(), sink);
        return None;
    };
    let found = number.parse().ok().filter(|number| *number >= least);
    if found.is_none() {
        sink.add(Code::BadNumber, Found::value(node), expected());
    }
    found
}

/// Tells that a value is of the wrong type.
pub(super) fn wrong_type(node: &Node, expected: Phrase, sink: &Sink) {
    sink.add(Code::WrongType, Found::value(node), expected);
}

/// Returns the word of a fixed set that a text is.
pub(super) fn word<T: Copy>(node: &Node, words: &[(&'static str, T)], sink: &Sink) -> Option<T> {
    let found = text(node, sink)?;
    let known = words.iter().find(|(word, _)| *word == found);
    if known.is_none() {
        let words = words.iter().map(|(word, _)| *word);
        sink.unknown(Code::UnknownWord, found, &node.place, words);
    }
    known.map(|(_, value)| *value)
}

/// Makes a name of a text, or tells why it cannot be one.
pub(super) fn name<T>(found: &str, place: &Place, sink: &Sink) -> Option<T>
where
    T: std::str::FromStr<Err = NameError>,
{
    let made = found.parse::<T>();
    if made.is_err() {
        let expected = Phrase::fixed(
            "1 to 120 bytes of printable text without spaces at its ends",
            "1 到 120 字节的可见文本，首尾无空格",
        );
        sink.add(Code::BadName, Found::text(found, place), expected);
    }
    made.ok()
}

/// Makes a name of a value.
pub(super) fn named<T>(node: &Node, sink: &Sink) -> Option<T>
where
    T: std::str::FromStr<Err = NameError>,
{
    name(text(node, sink)?, &node.place, sink)
}
