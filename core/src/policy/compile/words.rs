//! The vocabularies of a policy: which classes, levels, fields, roles, reasons and marks it knows.

use std::collections::BTreeMap;

use crate::event::{FieldId, Kind, MarkId, ReasonId, RoleId};
use crate::language::Phrase;
use crate::policy::document::{Node, Place};
use crate::policy::model::{Label, Reason, RoleWords, Triggers, Vocabulary};
use crate::policy::report::{Code, Found, Sink};
use crate::ticket::EventField;

use super::keys;

/// The names of one vocabulary. Where none was declared, any name will do.
#[derive(Debug, Default)]
pub(super) struct Known {
    declared: bool,
    /// In the order of the declaration.
    names: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Known {
    pub(super) fn of<'w>(names: impl Iterator<Item = &'w str>) -> Self {
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
    pub(super) roles: Known,
    pub(super) reasons: Known,
}

/// The most reasons to pause: a set of them is one integer.
pub(super) const MOST_REASONS: usize = 64;

impl Words {
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
                self.vocabulary.reasons_are_implied = true;
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

pub(super) fn each_once() -> Phrase {
    Phrase::fixed("each name once", "每个名称只写一次")
}

pub(super) fn tell_too_many_reasons(found: Found, sink: &Sink) {
    sink.add(
        Code::TooMany,
        found,
        Phrase::fixed("at most 64 reasons to pause", "最多 64 个暂停原因"),
    );
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
