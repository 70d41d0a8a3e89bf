//! Reading the vocabularies that a document declares.
//!
//! Vocabularies come first, since everything else is checked against them. Each is kept twice: in the order
//! of its declaration for the policy, and as a set of names with "did you mean" for the reader.
//!
//! A vocabulary that is not declared is open. Roles and reasons that are not declared become known by
//! their use, in the order in which they are first named.

use crate::event::{FieldId, FieldValue, Kind, Level, NameError};
use crate::language::Phrase;
use crate::policy::document::{Entry, Node, Place, Value};
use crate::policy::model::{FieldWords, Label, Reason, RoleWords, Triggers};
use crate::policy::report::{Code, Found, Sink};
use crate::ticket::Satisfaction;

use super::keys::{self, Keys};
use super::label::{is_language, label};
use super::words::{Known, MOST_REASONS, Words, each_once, tell_too_many_reasons};

impl Words {
    /// Reads every vocabulary. What resumes a pause is read later, when events are known.
    pub(super) fn read(root: &Keys<'_>, sink: &Sink) -> Self {
        let mut words = Self::default();
        if let Some(node) = root.get("class") {
            words.vocabulary.classes = values_of(node, sink);
            words.classes = Known::of(
                words
                    .vocabulary
                    .classes
                    .iter()
                    .map(|(name, _)| name.as_str()),
            );
        }
        if let Some(node) = root.get("level") {
            words.read_levels(node, sink);
        }
        if let Some(node) = root.get("channel") {
            words.vocabulary.channels = values_of(node, sink);
            words.channels = Known::of(
                words
                    .vocabulary
                    .channels
                    .iter()
                    .map(|(name, _)| name.as_str()),
            );
        }
        if let Some(node) = root.get("mark") {
            words.vocabulary.marks = vocabulary(node, sink);
            tell_marks_named_like_events(node, sink);
        }
        words.marks = Known::of(words.vocabulary.marks.iter().map(|(name, _)| name.as_str()));
        for entry in root
            .get("field")
            .and_then(|node| keys::entries(node, sink))
            .unwrap_or(&[])
        {
            words.read_field(entry, sink);
        }
        if let Some(node) = root.get("scale") {
            words.read_scales(node, sink);
        }
        if let Some(node) = root.get("role") {
            words.read_roles(node, sink);
        }
        if let Some(node) = root.get("pause") {
            words.read_reasons(node, sink);
        }
        words
    }

    /// Levels have an order, since a linter compares them; without `order` it is that of the declaration.
    fn read_levels(&mut self, node: &Node, sink: &Sink) {
        let Some(keys) = Keys::of(node, sink) else {
            return;
        };
        let mut levels = keys
            .need("values")
            .map(|node| vocabulary(node, sink))
            .unwrap_or_default();
        self.levels = Known::of(
            levels
                .iter()
                .map(|(name, _): &(Level, Label)| name.as_str()),
        );
        if let Some(order) = keys.get("order") {
            let order = self.read_order(order, sink);
            let rank = |name: &str| order.iter().position(|level| *level == name);
            levels.sort_by_key(|(name, _)| rank(name.as_str()));
            self.levels = Known::of(levels.iter().map(|(name, _)| name.as_str()));
        }
        if let Some(default) = keys.get("default") {
            let known = known_text(default, &self.levels, Code::UnknownLevel, sink);
            self.vocabulary.default_level = known.and_then(|name| name.parse().ok());
        }
        keys.finish();
        self.vocabulary.levels = levels;
    }

    /// Reads the order of the levels: each exactly once.
    fn read_order<'n>(&self, node: &'n Node, sink: &Sink) -> Vec<&'n str> {
        let mut order = Vec::new();
        for level in keys::list(node, sink).unwrap_or(&[]) {
            let Some(name) = known_text(level, &self.levels, Code::UnknownLevel, sink) else {
                continue;
            };
            if order.contains(&name) {
                sink.add(Code::Twice, Found::value(level), each_once());
            }
            order.push(name);
        }
        for missing in self.levels.names().filter(|name| !order.contains(name)) {
            let expected = Phrase::new(
                format!("every level, least serious first; {missing:?} is missing"),
                format!("按轻重列出全部级别；缺少 {missing:?}"),
            );
            sink.add(Code::MissingKey, Found::value(node), expected);
        }
        order
    }

    /// An own field may not be named like a question that every ticket answers already.
    fn read_field(&mut self, entry: &Entry, sink: &Sink) {
        let id: Option<FieldId> = keys::name(&entry.key, &entry.key_place, sink);
        if RESERVED.contains(&entry.key.as_str()) {
            let expected = Phrase::fixed(
                "another name: every ticket has a field of this name already",
                "另取名称：工单已有同名字段",
            );
            sink.add(
                Code::Conflict,
                Found::text(&entry.key, &entry.key_place),
                expected,
            );
        }
        let Some(keys) = Keys::of(&entry.node, sink) else {
            return;
        };
        let values = keys.get("values").map(|node| vocabulary(node, sink));
        let known = values.as_ref().map_or_else(Known::default, |values| {
            Known::of(
                values
                    .iter()
                    .map(|(name, _): &(FieldValue, Label)| name.as_str()),
            )
        });
        let label = keys
            .get("label")
            .map(|node| label(node, sink))
            .unwrap_or_default();
        let default = keys.get("default").and_then(|node| {
            let name = known_text(node, &known, Code::UnknownValue, sink)?;
            keys::name(name, &node.place, sink)
        });
        keys.finish();
        if let Some(id) = id {
            self.fields.insert(id.clone(), known);
            self.vocabulary.fields.push(FieldWords {
                id,
                label,
                values: values.unwrap_or_default(),
                default,
            });
        }
    }

    /// The scale of satisfaction is fixed; a policy gives the points their texts.
    fn read_scales(&mut self, node: &Node, sink: &Sink) {
        let Some(scales) = Keys::of(node, sink) else {
            return;
        };
        if let Some(keys) = scales
            .get("satisfaction")
            .and_then(|node| Keys::of(node, sink))
        {
            let known = Known::of(Satisfaction::ALL.iter().map(|point| point.name()));
            for (entry, label) in keys
                .need("values")
                .map(|node| labels(node, sink))
                .unwrap_or_default()
            {
                let point = Satisfaction::ALL
                    .iter()
                    .find(|point| point.name() == entry.0);
                match point {
                    Some(point) => self.vocabulary.satisfaction.push((*point, label)),
                    None => sink.unknown(Code::UnknownValue, entry.0, entry.1, known.names()),
                }
            }
            self.vocabulary
                .satisfaction
                .sort_by_key(|(point, _)| *point);
            keys.finish();
        }
        scales.finish();
    }

    /// A role is a label, or a table with label and rank. Without a rank the order of the declaration is one,
    /// so a document that lists its roles from the bottom up says enough.
    fn read_roles(&mut self, node: &Node, sink: &Sink) {
        let entries = keys::entries(node, sink).unwrap_or(&[]);
        for (entry, order) in entries.iter().zip(1_u16..) {
            let Some(id) = keys::name(&entry.key, &entry.key_place, sink) else {
                continue;
            };
            let mut role = RoleWords {
                id,
                label: Label::default(),
                rank: order,
            };
            if entry.node.get("label").is_some() || entry.node.get("rank").is_some() {
                if let Some(keys) = Keys::of(&entry.node, sink) {
                    role.label = keys
                        .get("label")
                        .map(|node| label(node, sink))
                        .unwrap_or_default();
                    let rank = keys.get("rank").and_then(|node| keys::count(node, 1, sink));
                    role.rank = rank.unwrap_or(order);
                    keys.finish();
                }
            } else {
                role.label = label(&entry.node, sink);
            }
            self.vocabulary.roles.push(role);
        }
        self.roles = Known::of(self.vocabulary.roles.iter().map(|role| role.id.as_str()));
    }

    /// Reasons are bits of one integer in the clocks, hence the bound of sixty-four.
    fn read_reasons(&mut self, node: &Node, sink: &Sink) {
        let entries = keys::entries(node, sink).unwrap_or(&[]);
        for entry in entries {
            let Some(id) = keys::name(&entry.key, &entry.key_place, sink) else {
                continue;
            };
            if self.vocabulary.reasons.len() >= MOST_REASONS {
                tell_too_many_reasons(Found::text(&entry.key, &entry.key_place), sink);
                break;
            }
            let text = if is_reason_table(&entry.node) {
                entry.node.get("label")
            } else {
                Some(&entry.node)
            };
            self.vocabulary.reasons.push(Reason {
                id,
                label: text.map(|node| label(node, sink)).unwrap_or_default(),
                resumes_on: Triggers::default(),
            });
        }
        self.reasons = Known::of(
            self.vocabulary
                .reasons
                .iter()
                .map(|reason| reason.id.as_str()),
        );
    }
}

/// Returns whether a reason to pause is written as a table of its own and not as a bare label,
/// whose keys are languages.
pub(super) fn is_reason_table(node: &Node) -> bool {
    let is_own = |entry: &Entry| !is_language(&entry.key);
    node.as_table()
        .is_some_and(|entries| entries.iter().any(is_own) || entries.is_empty())
}

/// Names of fields that conditions ask for in another way.
const RESERVED: &[&str] = &["class", "level", "channel", "product", "in-scope", "not"];

/// Returns a text that its vocabulary has.
fn known_text<'n>(node: &'n Node, known: &Known, code: Code, sink: &Sink) -> Option<&'n str> {
    let name = keys::text(node, sink)?;
    known.check(name, &node.place, code, sink).then_some(name)
}

/// Reads `{ values = ... }`.
fn values_of<T>(node: &Node, sink: &Sink) -> Vec<(T, Label)>
where
    T: std::str::FromStr<Err = NameError>,
{
    let Some(keys) = Keys::of(node, sink) else {
        return Vec::new();
    };
    let values = keys
        .need("values")
        .map(|node| vocabulary(node, sink))
        .unwrap_or_default();
    keys.finish();
    values
}

/// Reads names with labels: a table, or a list of bare names.
fn vocabulary<T>(node: &Node, sink: &Sink) -> Vec<(T, Label)>
where
    T: std::str::FromStr<Err = NameError>,
{
    let named = labels(node, sink).into_iter();
    named
        .filter_map(|((name, place), label)| Some((keys::name(name, place, sink)?, label)))
        .collect()
}

/// The same before the names are made.
fn labels<'n>(node: &'n Node, sink: &Sink) -> Vec<((&'n str, &'n Place), Label)> {
    match &node.value {
        Value::Table(entries) => {
            if entries.is_empty() {
                sink.add(
                    Code::Empty,
                    Found::value(node),
                    Phrase::fixed("at least one name", "至少一个名称"),
                );
            }
            let label = |entry: &'n Entry| label(&entry.node, sink);
            entries
                .iter()
                .map(|entry| ((entry.key.as_str(), &entry.key_place), label(entry)))
                .collect()
        }
        Value::List(_) => {
            let mut seen = std::collections::BTreeSet::new();
            let mut names = Vec::new();
            for node in keys::one_or_more(node, sink) {
                let Some(name) = keys::text(node, sink) else {
                    continue;
                };
                if seen.insert(name) {
                    names.push(((name, &node.place), Label::default()));
                } else {
                    sink.add(Code::Twice, Found::value(node), each_once());
                }
            }
            names
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::Text(_) => {
            let expected = Phrase::fixed(
                "a table of names with labels, or a list of names",
                "名称与标签的表，或名称列表",
            );
            keys::wrong_type(node, expected, sink);
            Vec::new()
        }
    }
}

/// A mark that is named like a kind of event could never be meant.
fn tell_marks_named_like_events(node: &Node, sink: &Sink) {
    for ((name, place), _) in labels(node, &Sink::new()) {
        if Kind::from_name(name).is_some() {
            let expected = Phrase::fixed(
                "another name: there is an event of this name",
                "另取名称：已有同名事件",
            );
            sink.add(Code::Conflict, Found::text(name, place), expected);
        }
    }
}
