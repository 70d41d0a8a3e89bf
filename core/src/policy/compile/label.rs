//! Texts for people, and dates.

use chrono::NaiveDate;

use crate::language::Phrase;
use crate::policy::document::{Node, Value};
use crate::policy::model::Label;
use crate::policy::report::{Code, Found, Sink};
use crate::time::CivilDate;

use super::keys;

/// Reads a label: a text, or a table of texts by language.
pub(super) fn label(node: &Node, sink: &Sink) -> Label {
    match &node.value {
        Value::Text(text) => Label::plain(text),
        Value::Table(entries) => {
            let mut label = Label::default();
            for entry in entries {
                if !is_language(&entry.key) {
                    let expected =
                        Phrase::fixed("a language such as en or zh", "语言代码，如 en 或 zh");
                    sink.add(
                        Code::UnknownWord,
                        Found::text(&entry.key, &entry.key_place),
                        expected,
                    );
                }
                if let Some(text) = keys::text(&entry.node, sink) {
                    label.0.insert(entry.key.clone(), text.to_owned());
                }
            }
            label
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::List(_) => {
            let expected = Phrase::fixed(
                "a text, or a table such as { en = \"Complaint\", zh = \"投诉\" }",
                "文本，或 { en = \"Complaint\", zh = \"投诉\" } 这样的表",
            );
            keys::wrong_type(node, expected, sink);
            Label::default()
        }
    }
}

/// A tag of BCP 47, roughly: a language of two or three letters, then groups of up to eight.
pub(super) fn is_language(tag: &str) -> bool {
    let mut groups = tag.split('-');
    let is_name = |name: &str| {
        matches!(name.len(), 2 | 3) && name.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let is_group = |part: &str| {
        matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    tag.len() <= 35 && groups.next().is_some_and(is_name) && groups.all(is_group)
}

/// Reads a date: unquoted in TOML, quoted in both notations.
pub(super) fn date(node: &Node, sink: &Sink) -> Option<CivilDate> {
    let expected = || Phrase::fixed("a date such as 2026-03-09", "日期，如 2026-03-09");
    match &node.value {
        Value::Date(text) | Value::Text(text) => {
            let date = civil(text).map(CivilDate::from);
            if date.is_none() {
                sink.add(Code::BadDate, Found::value(node), expected());
            }
            date
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::List(_) | Value::Table(_) => {
            keys::wrong_type(node, expected(), sink);
            None
        }
    }
}

/// Reads `2026-03-09`, and nothing that is written with fewer digits or a sign.
pub(super) fn civil(text: &str) -> Option<NaiveDate> {
    let plain = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain.then(|| text.parse().ok()).flatten()
}
