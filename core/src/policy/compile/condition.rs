//! Conditions on tickets, and on the own fields of events.

use crate::event::{FieldId, Kind};
use crate::language::Phrase;
use crate::policy::document::{Entry, Node, Place, Value};
use crate::policy::model::{Condition, FieldTerm, Subject, Term, Trigger, Triggers};
use crate::policy::report::{Code, Found, Sink};
use crate::ticket::EventField;

use super::keys::{self, Keys};
use super::words::{Words, event};

/// The values that answer a question, as they are written.
struct Values<'n> {
    texts: Vec<(String, &'n Place)>,
    negated: bool,
}

/// Reads `"x"`, `["x", "y"]`, `{ not = ... }`; true and false are yes and no.
fn values<'n>(node: &'n Node, sink: &'n Sink) -> Values<'n> {
    if let Value::Table(_) = &node.value {
        let mut texts = Vec::new();
        if let Some(keys) = Keys::of(node, sink) {
            if let Some(node) = keys.need("not") {
                texts = plain_values(node, sink);
            }
            keys.finish();
        }
        return Values {
            texts,
            negated: true,
        };
    }
    Values {
        texts: plain_values(node, sink),
        negated: false,
    }
}

/// The texts of one value or of a list, each once, with their places for the mistakes that follow.
fn plain_values<'n>(node: &'n Node, sink: &'n Sink) -> Vec<(String, &'n Place)> {
    let mut found: Vec<(String, &Place)> = Vec::new();
    // A set beside the list keeps many thousand values from being compared with each other.
    let mut seen = std::collections::BTreeSet::new();
    for node in keys::one_or_more(node, sink) {
        let text = match &node.value {
            Value::Text(text) => text.clone(),
            Value::Boolean(value) => if *value { "yes" } else { "no" }.to_owned(),
            Value::Null | Value::Number(_) | Value::Date(_) | Value::List(_) | Value::Table(_) => {
                let expected = Phrase::fixed(
                    "a value, a list of values, or { not = ... }",
                    "一个值、值的列表，或 { not = ... }",
                );
                keys::wrong_type(node, expected, sink);
                continue;
            }
        };
        if seen.insert(text.clone()) {
            found.push((text, &node.place));
        } else {
            sink.add(
                Code::Twice,
                Found::value(node),
                Phrase::fixed("each value once", "每个值只写一次"),
            );
        }
    }
    found
}

/// Reads a condition on a ticket.
pub(super) fn condition(node: &Node, words: &Words, sink: &Sink) -> Condition {
    let entries = keys::entries(node, sink).unwrap_or(&[]);
    condition_of(entries.iter(), words, sink)
}

/// The same of some entries of a table.
pub(super) fn condition_of<'n>(
    entries: impl Iterator<Item = &'n Entry>,
    words: &Words,
    sink: &Sink,
) -> Condition {
    let mut terms: Vec<Term> = entries
        .filter_map(|entry| term(entry, words, sink))
        .collect();
    // The order of writing means nothing, so equal conditions are equal values.
    terms.sort_by(|a, b| a.subject.rank().cmp(&b.subject.rank()));
    Condition { terms }
}

/// A term is left out only where its subject is unknown: a wrong value is told, and the policy does not
/// come out anyway.
fn term(entry: &Entry, words: &Words, sink: &Sink) -> Option<Term> {
    let subject = subject(entry, words, sink);
    let Values { texts, negated } = values(&entry.node, sink);
    let subject = subject?;
    for (text, place) in &texts {
        check_value(&subject, text, place, words, sink);
    }
    Some(Term {
        subject,
        values: texts.into_iter().map(|(text, _)| text).collect(),
        negated,
    })
}

/// The built-in questions first, then the policy's own fields. Defaults are taken along, so that a
/// condition can be asked without the policy.
fn subject(entry: &Entry, words: &Words, sink: &Sink) -> Option<Subject> {
    Some(match entry.key.as_str() {
        "class" => Subject::Class,
        "level" => Subject::Level {
            default: words.vocabulary.default_level.clone(),
        },
        "channel" => Subject::Channel,
        "product" => Subject::Product,
        "in-scope" => Subject::InScope,
        own => {
            let Some(field) = words
                .vocabulary
                .fields
                .iter()
                .find(|field| field.id.as_str() == own)
            else {
                let built_in = ["class", "level", "channel", "product", "in-scope"].into_iter();
                let known = built_in.chain(words.fields.keys().map(FieldId::as_str));
                sink.unknown(Code::UnknownField, own, &entry.key_place, known);
                return None;
            };
            Subject::Field {
                id: field.id.clone(),
                default: field.default.clone(),
            }
        }
    })
}

/// A value of a closed vocabulary must be in it; an open one takes any.
fn check_value(subject: &Subject, text: &str, place: &Place, words: &Words, sink: &Sink) {
    match subject {
        Subject::Class => {
            words.classes.check(text, place, Code::UnknownClass, sink);
        }
        Subject::Level { .. } => {
            words.levels.check(text, place, Code::UnknownLevel, sink);
        }
        Subject::Channel => {
            words
                .channels
                .check(text, place, Code::UnknownChannel, sink);
        }
        Subject::InScope => {
            if !matches!(text, "yes" | "no") {
                sink.unknown(Code::UnknownValue, text, place, ["yes", "no"]);
            }
        }
        Subject::Field { id, .. } => {
            if let Some(known) = words.fields.get(id) {
                known.check(text, place, Code::UnknownValue, sink);
            }
        }
        // Any product model may be named.
        Subject::Product => {}
    }
}

/// Reads one trigger or several.
pub(super) fn triggers(node: &Node, words: &mut Words, sink: &Sink) -> Triggers {
    let nodes = keys::one_or_more(node, sink);
    Triggers::new(
        nodes
            .iter()
            .filter_map(|node| trigger(node, words, sink))
            .collect(),
    )
}

/// Reads `"resolved"` or `{ event = "resolved", when = { method = "remote" }, by = "specialist" }`.
pub(super) fn trigger(node: &Node, words: &mut Words, sink: &Sink) -> Option<Trigger> {
    match &node.value {
        Value::Text(name) => {
            let (kind, mark) = event(name, &node.place, words, sink)?;
            Some(Trigger {
                kind,
                mark,
                when: Vec::new(),
                by: Vec::new(),
            })
        }
        Value::Table(_) => {
            let keys = Keys::of(node, sink)?;
            let named = keys.need("event").and_then(|node| {
                let name = keys::text(node, sink)?;
                event(name, &node.place, words, sink)
            });
            let conditions = keys
                .get("when")
                .and_then(|node| keys::entries(node, sink))
                .unwrap_or(&[]);
            let when = match &named {
                Some((kind, _)) => conditions
                    .iter()
                    .filter_map(|entry| field_term(*kind, entry, words, sink))
                    .collect(),
                None => Vec::new(),
            };
            let by = keys
                .get("by")
                .map(|node| words.roles(node, sink))
                .unwrap_or_default();
            keys.finish();
            let (kind, mark) = named?;
            Some(Trigger {
                kind,
                mark,
                when,
                by,
            })
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::List(_) => {
            let expected = Phrase::fixed(
                "an event, or a table such as { event = \"resolved\", when = { method = \"remote\" } }",
                "事件名，或 { event = \"resolved\", when = { method = \"remote\" } } 这样的表",
            );
            keys::wrong_type(node, expected, sink);
            None
        }
    }
}

/// Reads a condition on an event's own field.
pub(super) fn field_term(
    kind: Kind,
    entry: &Entry,
    words: &Words,
    sink: &Sink,
) -> Option<FieldTerm> {
    let fields = EventField::of(kind);
    let found = fields
        .iter()
        .copied()
        .find(|field| field.name() == entry.key);
    let Values { texts, negated } = values(&entry.node, sink);
    let Some(field) = found else {
        let known: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        sink.unknown(Code::UnknownEventField, &entry.key, &entry.key_place, known);
        return None;
    };
    for (text, place) in &texts {
        words.check_event_value(field, text, place, sink);
    }
    Some(FieldTerm {
        field,
        values: texts.into_iter().map(|(text, _)| text).collect(),
        negated,
    })
}
