//! The vocabularies of a policy: which classes, levels, fields, roles, reasons and marks it knows.

use std::collections::BTreeMap;

use crate::event::{FieldId, FieldValue, Kind, Level, MarkId, NameError, ReasonId, RoleId};
use crate::language::Phrase;
use crate::policy::document::{Entry, Node, Place, Value};
use crate::policy::model::{FieldWords, Label, Reason, RoleWords, Triggers, Vocabulary};
use crate::policy::report::{Code, Found, Sink};
use crate::ticket::{EventField, Satisfaction};

use super::keys::{self, Keys};
use super::label::{is_language, label};

/// The names of one vocabulary. Where none was declared, any name will do.
#[derive(Debug, Default)]
pub(super) struct Known {
    declared: bool,
    /// In the order of the declaration.
    names: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Known {
    fn of<'w>(names: impl Iterator<Item = &'w str>) -> Self {
        let names: Vec<String> = names.map(str::to_owned).collect();
        let places = names.iter().cloned().zip(0..).collect();
        Self {
            declared: true,
            names,
            places,
        }
    }

    /// Returns the names in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.names.iter().map(String::as_str)
    }

    /// Returns the place of a name in the order.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Tells that a name is not declared, if it is not. An open vocabulary knows every name.
    pub(super) fn check(&self, name: &str, place: &Place, code: Code, sink: &Sink) -> bool {
        let known = !self.declared || self.places.contains_key(name);
        if !known {
            sink.unknown(code, name, place, self.names());
        }
        known
    }

    /// Adds a name that is declared by being used.
    fn add(&mut self, name: &str) -> usize {
        let place = self.names.len();
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        place
    }
}

/// The vocabulary, with quick look-up.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) vocabulary: Vocabulary,
    pub(super) classes: Known,
    pub(super) levels: Known,
    pub(super) channels: Known,
    /// By field, the names of its values.
    pub(super) fields: BTreeMap<FieldId, Known>,
    pub(super) marks: Known,
    roles: Known,
    reasons: Known,
}

/// Returns whether a reason to pause is written as a table of its own and not as a bare label,
/// whose keys are languages.
pub(super) fn is_reason_table(node: &Node) -> bool {
    let is_own = |entry: &Entry| !is_language(&entry.key);
    node.as_table()
        .is_some_and(|entries| entries.iter().any(is_own) || entries.is_empty())
}

/// The most reasons to pause: a set of them is one integer.
const MOST_REASONS: usize = 64;

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
                format!("按轻重列出全部级别;缺少 {missing:?}"),
            );
            sink.add(Code::MissingKey, Found::value(node), expected);
        }
        order
    }

    fn read_field(&mut self, entry: &Entry, sink: &Sink) {
        let id: Option<FieldId> = keys::name(&entry.key, &entry.key_place, sink);
        if RESERVED.contains(&entry.key.as_str()) {
            let expected = Phrase::fixed(
                "another name: every ticket has a field of this name already",
                "另取名称:工单已有同名字段",
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

    /// Returns the role under a name. A policy that declares no roles knows those that it uses, in
    /// the order of their first use.
    pub(super) fn role(&mut self, node: &Node, sink: &Sink) -> Option<RoleId> {
        let id: RoleId = keys::named(node, sink)?;
        if !self
            .roles
            .check(id.as_str(), &node.place, Code::UnknownRole, sink)
        {
            return None;
        }
        if self.roles.place(id.as_str()).is_none() {
            let before = self.roles.add(id.as_str());
            self.vocabulary.roles.push(RoleWords {
                id: id.clone(),
                label: Label::default(),
                rank: u16::try_from(before).unwrap_or(u16::MAX).saturating_add(1),
            });
            self.vocabulary.roles_are_implied = true;
        }
        Some(id)
    }

    /// Returns one role or several.
    pub(super) fn roles(&mut self, node: &Node, sink: &Sink) -> Vec<RoleId> {
        let mut roles = Vec::new();
        for node in keys::one_or_more(node, sink) {
            if let Some(role) = self.role(node, sink) {
                if roles.contains(&role) {
                    sink.add(Code::Twice, Found::value(node), each_once());
                } else {
                    roles.push(role);
                }
            }
        }
        roles
    }

    /// Returns the rank of a role that is known.
    pub(super) fn rank(&self, role: &RoleId) -> u16 {
        let place = self.roles.place(role.as_str());
        let words = place.and_then(|place| self.vocabulary.roles.get(place));
        words.map_or(0, |words| words.rank)
    }

    /// Returns the bit of a reason to pause. A policy that declares none knows those that it uses.
    pub(super) fn reason(&mut self, node: &Node, sink: &Sink) -> Option<u32> {
        let id: ReasonId = keys::named(node, sink)?;
        if !self
            .reasons
            .check(id.as_str(), &node.place, Code::UnknownReason, sink)
        {
            return None;
        }
        let known = self.reasons.place(id.as_str());
        let place = match known {
            Some(place) => place,
            None if self.vocabulary.reasons.len() >= MOST_REASONS => {
                tell_too_many_reasons(Found::value(node), sink);
                return None;
            }
            None => {
                let place = self.reasons.add(id.as_str());
                self.vocabulary.reasons.push(Reason {
                    id,
                    label: Label::default(),
                    resumes_on: Triggers::default(),
                });
                place
            }
        };
        u32::try_from(place).ok()
    }

    /// Checks a value of an event's own field.
    pub(super) fn check_event_value(
        &self,
        field: EventField,
        value: &str,
        place: &Place,
        sink: &Sink,
    ) {
        if let Some(words) = field.words() {
            Known::of(words.into_iter()).check(value, place, Code::UnknownValue, sink);
            return;
        }
        match field {
            EventField::Channel => {
                self.channels
                    .check(value, place, Code::UnknownChannel, sink);
            }
            EventField::Reason => {
                self.reasons.check(value, place, Code::UnknownReason, sink);
            }
            EventField::Team
            | EventField::Cause
            | EventField::Compensation
            | EventField::Method => {
                if let Some(known) = self.fields.get(field.name()) {
                    known.check(value, place, Code::UnknownValue, sink);
                }
            }
            // Their words are fixed and were checked above.
            EventField::Opener
            | EventField::InScope
            | EventField::Automatic
            | EventField::Satisfaction
            | EventField::Solved
            | EventField::FollowUp
            | EventField::Side
            | EventField::Conforms
            | EventField::Stage => {}
        }
    }
}

/// Names of fields that conditions ask for in another way.
const RESERVED: &[&str] = &["class", "level", "channel", "product", "in-scope", "not"];

/// Returns a text that its vocabulary has.
fn known_text<'n>(node: &'n Node, known: &Known, code: Code, sink: &Sink) -> Option<&'n str> {
    let name = keys::text(node, sink)?;
    known.check(name, &node.place, code, sink).then_some(name)
}

fn each_once() -> Phrase {
    Phrase::fixed("each name once", "每个名称只写一次")
}

fn tell_too_many_reasons(found: Found, sink: &Sink) {
    sink.add(
        Code::TooMany,
        found,
        Phrase::fixed("at most 64 reasons to pause", "最多 64 个暂停原因"),
    );
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
                "名称与标签的表,或名称列表",
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
                "另取名称:已有同名事件",
            );
            sink.add(Code::Conflict, Found::text(name, place), expected);
        }
    }
}

/// Returns the kind and the mark that a name in a trigger stands for.
pub(super) fn event(
    name: &str,
    place: &Place,
    words: &Words,
    sink: &Sink,
) -> Option<(Kind, Option<MarkId>)> {
    let kinds = Kind::ALL.iter().copied().filter(|kind| may_trigger(*kind));
    if let Some(kind) = kinds.clone().find(|kind| kind.name() == name) {
        return Some((kind, None));
    }
    if words.marks.place(name).is_some() {
        return keys::name(name, place, sink).map(|mark| (Kind::Marked, Some(mark)));
    }
    let kinds: Vec<&str> = kinds.map(Kind::name).collect();
    let known = kinds.iter().copied().chain(words.marks.names());
    sink.unknown(Code::UnknownEvent, name, place, known);
    None
}

/// What the engine records never moves a clock; a mark is meant by its own name.
fn may_trigger(kind: Kind) -> bool {
    !kind.is_engines()
        && !matches!(
            kind,
            Kind::Marked | Kind::PolicyPublished | Kind::CalendarPublished
        )
}
