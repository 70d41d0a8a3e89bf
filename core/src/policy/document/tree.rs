//! The document as a tree in which every key and every value knows where it stands.
//!
//! TOML and JSON are read into the same tree, so that one reader checks both.

use std::ops::Range;

/// The bytes of the source that something was written in.
pub(in crate::policy) type Place = Range<usize>;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::policy) struct Node {
    pub(in crate::policy) place: Place,
    pub(in crate::policy) value: Value,
}

/// A value as it was written. Numbers stay text: the document has none but counts and ranks.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::policy) enum Value {
    Null,
    Boolean(bool),
    Number(String),
    /// An unquoted date, or date and time, of TOML.
    Date(String),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key with its value. Entries are in the order of the source.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::policy) struct Entry {
    pub(in crate::policy) key: String,
    pub(in crate::policy) key_place: Place,
    pub(in crate::policy) node: Node,
}

impl Node {
    /// Returns the value under `key`, if this is a table that has it.
    pub(in crate::policy) fn get(&self, key: &str) -> Option<&Self> {
        let entry = self.as_table()?.iter().find(|entry| entry.key == key);
        entry.map(|entry| &entry.node)
    }

    /// Returns the text, if this is one.
    pub(in crate::policy) const fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value {
            Some(text.as_str())
        } else {
            None
        }
    }

    /// Returns the elements, if this is a list.
    pub(in crate::policy) const fn as_list(&self) -> Option<&[Self]> {
        if let Value::List(nodes) = &self.value {
            Some(nodes.as_slice())
        } else {
            None
        }
    }

    /// Returns the entries, if this is a table.
    pub(in crate::policy) const fn as_table(&self) -> Option<&[Entry]> {
        if let Value::Table(entries) = &self.value {
            Some(entries.as_slice())
        } else {
            None
        }
    }
}

/// A mistake in the notation itself, before any meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) kind: SlipKind,
    pub(super) place: Place,
    /// What the notation's parser says, in English.
    pub(super) says: String,
}

/// What sort of slip it is; a key given twice leaves the rest of the document readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlipKind {
    Notation,
    DuplicateKey,
    TooDeep,
}
