//! What surrounds the targets: owners, gates, permissions, delivery, warranty, KPI, validity.
//!
//! These parts promise nothing by themselves, and none of them is needed. All are read after the words and
//! the calendars, so every name in them can be checked at once.

use std::collections::BTreeMap;

use crate::event::{Kind, RoleId, TargetId};
use crate::language::Phrase;
use crate::policy::document::{Entry, Node};
use crate::policy::lint::{Accepted, Lint};
use crate::policy::model::{
    Agreement, Condition, Delivery, Gate, Owner, Subject, Trigger, Warranty,
};
use crate::policy::report::{Code, Found};
use crate::ticket::EventField;
use crate::time::CivilDate;

use super::Context;
use super::calendar::Named;
use super::condition::{self, condition};
use super::keys::{self, Keys};
use super::label::date;

impl Context<'_> {
    /// The condition under a key; always true where nothing is said.
    fn condition(&self, keys: &Keys<'_>, key: &'static str) -> Condition {
        keys.get(key).map_or(Condition::ALWAYS, |node| {
            condition(node, &self.words, self.sink)
        })
    }

    /// Who owns a ticket: the first that fits.
    pub(super) fn owners(&mut self, root: &Keys<'_>) -> Vec<Owner> {
        let nodes = root
            .get("owner")
            .and_then(|node| keys::list(node, self.sink))
            .unwrap_or(&[]);
        let mut owners = Vec::new();
        for node in nodes {
            if !self.has_room(&node.place) {
                break;
            }
            let Some(keys) = Keys::of(node, self.sink) else {
                continue;
            };
            let when = self.condition(&keys, "when");
            let is = keys
                .need("is")
                .and_then(|node| self.words.role(node, self.sink));
            keys.finish();
            owners.extend(is.map(|is| Owner { when, is }));
        }
        owners
    }

    /// Events that need another first.
    pub(super) fn gates(&mut self, root: &Keys<'_>) -> Vec<Gate> {
        let entries = root
            .get("gate")
            .and_then(|node| keys::entries(node, self.sink))
            .unwrap_or(&[]);
        let mut gates = Vec::new();
        for entry in entries {
            if !self.has_room(&entry.key_place) {
                break;
            }
            gates.extend(self.gate(entry));
        }
        gates
    }

    /// A gate that needs its own event could never be passed, so that is a mistake and not a policy.
    fn gate(&mut self, entry: &Entry) -> Option<Gate> {
        let sink = self.sink;
        let keys = Keys::of(&entry.node, sink)?;
        let mut event: Option<Trigger> = keys
            .need("event")
            .and_then(|node| condition::trigger(node, &mut self.words, sink));
        let needs_node = keys.need("needs");
        let needs = needs_node.and_then(|node| self.kind(node));
        let by = keys
            .get("by")
            .map(|node| self.words.roles(node, sink))
            .unwrap_or_default();
        let mut when = Condition::ALWAYS;
        if let (Some(node), Some(event)) = (keys.get("when"), &mut event) {
            // What the event tells itself is asked of it; the rest is asked of the ticket.
            let fields = EventField::of(event.kind);
            let of_event = |entry: &&Entry| fields.iter().any(|field| field.name() == entry.key);
            let entries = keys::entries(node, sink).unwrap_or(&[]);
            let terms = entries.iter().filter(of_event);
            event.when.extend(
                terms.filter_map(|entry| {
                    condition::field_term(event.kind, entry, &self.words, sink)
                }),
            );
            let of_ticket = entries.iter().filter(|entry| !of_event(entry));
            when = condition::condition_of(of_ticket, &self.words, sink);
        }
        keys.finish();
        let (event, needs, needs_node) = (event?, needs?, needs_node?);
        if event.kind == needs {
            let expected = Phrase::fixed("another event", "另一个事件");
            sink.add(Code::Cycle, Found::value(needs_node), expected);
        }
        Some(Gate {
            name: entry.key.clone(),
            event,
            needs,
            by,
            when,
        })
    }

    /// Reads a kind of event that people record, by its name alone.
    fn kind(&self, node: &Node) -> Option<Kind> {
        let name = keys::text(node, self.sink)?;
        let kinds = Kind::ALL.iter().copied().filter(|kind| is_by_people(*kind));
        let kind = kinds.clone().find(|kind| kind.name() == name);
        if kind.is_none() {
            self.sink
                .unknown(Code::UnknownEvent, name, &node.place, kinds.map(Kind::name));
        }
        kind
    }

    /// Which roles may do what. `[waive] by` is `[allow] waived` in the words of the trade.
    pub(super) fn allowed(&mut self, root: &Keys<'_>) -> BTreeMap<Kind, Vec<RoleId>> {
        let sink = self.sink;
        let mut allowed = BTreeMap::new();
        if let Some(keys) = root.get("waive").and_then(|node| Keys::of(node, sink)) {
            if let Some(node) = keys.need("by") {
                allowed.insert(Kind::Waived, self.words.roles(node, sink));
            }
            keys.finish();
        }
        for entry in root
            .get("allow")
            .and_then(|node| keys::entries(node, sink))
            .unwrap_or(&[])
        {
            let roles = self.words.roles(&entry.node, sink);
            let kinds = Kind::ALL.iter().copied().filter(|kind| is_by_people(*kind));
            let Some(kind) = kinds.clone().find(|kind| kind.name() == entry.key) else {
                let known = kinds.map(Kind::name);
                sink.unknown(Code::UnknownEvent, &entry.key, &entry.key_place, known);
                continue;
            };
            if allowed.insert(kind, roles).is_some() {
                let expected = Phrase::fixed(
                    "either `[waive]` or `waived` here",
                    "`[waive]` 与此处的 `waived` 二选一",
                );
                sink.add(
                    Code::Conflict,
                    Found::text(&entry.key, &entry.key_place),
                    expected,
                );
            }
        }
        allowed
    }

    /// When messages may go out.
    pub(super) fn delivery(&mut self, root: &Keys<'_>) -> Option<Delivery> {
        let keys = Keys::of(root.get("delivery")?, self.sink)?;
        let on = keys
            .need("on")
            .map(|node| self.calendars.named(node, self.sink));
        let except = keys
            .get("except")
            .map(|node| condition(node, &self.words, self.sink));
        keys.finish();
        match on? {
            Named::Known(on) => Some(Delivery { on, except }),
            Named::Refused => None,
        }
    }

    /// Periods of warranty.
    pub(super) fn warranties(&mut self, root: &Keys<'_>) -> Vec<Warranty> {
        let sink = self.sink;
        let entries = root
            .get("warranty")
            .and_then(|node| keys::entries(node, sink))
            .unwrap_or(&[]);
        let mut warranties = Vec::new();
        for entry in entries {
            if !self.has_room(&entry.key_place) {
                break;
            }
            let Some(keys) = Keys::of(&entry.node, sink) else {
                continue;
            };
            let from = keys
                .need("from")
                .and_then(|node| condition::trigger(node, &mut self.words, sink));
            let lasts = keys.need("lasts").and_then(|node| self.days(node));
            keys.finish();
            warranties.extend(from.zip(lasts).map(|(from, lasts)| Warranty {
                name: entry.key.clone(),
                from,
                lasts,
            }));
        }
        warranties
    }

    /// Which target a KPI is measured by.
    pub(super) fn kpis(
        &self,
        root: &Keys<'_>,
        agreements: &[Agreement],
    ) -> BTreeMap<String, TargetId> {
        let sink = self.sink;
        let entries = root
            .get("kpi")
            .and_then(|node| keys::entries(node, sink))
            .unwrap_or(&[]);
        let mut kpis = BTreeMap::new();
        for entry in entries {
            let Some(keys) = Keys::of(&entry.node, sink) else {
                continue;
            };
            let node = keys.need("target");
            keys.finish();
            let Some((node, name)) = node.and_then(|node| Some((node, keys::text(node, sink)?)))
            else {
                continue;
            };
            let mut targets = agreements.iter().flat_map(|agreement| &agreement.targets);
            match targets.clone().find(|target| target.id.as_str() == name) {
                Some(target) => {
                    kpis.insert(entry.key.clone(), target.id.clone());
                }
                // A target that is there and has mistakes of its own is not unknown.
                None if is_written(root, name) => {}
                None => {
                    let known: Vec<&str> =
                        targets.by_ref().map(|target| target.id.as_str()).collect();
                    sink.unknown(Code::UnknownTarget, name, &node.place, known);
                }
            }
        }
        kpis
    }

    /// Findings of the linter that are meant.
    pub(super) fn accepted(&mut self, root: &Keys<'_>) -> Vec<Accepted> {
        let sink = self.sink;
        let words: Vec<(&str, Lint)> = Lint::ALL.iter().map(|lint| (lint.name(), *lint)).collect();
        let nodes = root
            .get("accept")
            .and_then(|node| keys::list(node, sink))
            .unwrap_or(&[]);
        let mut accepted = Vec::new();
        for node in nodes {
            if !self.has_room(&node.place) {
                break;
            }
            let Some(keys) = Keys::of(node, sink) else {
                continue;
            };
            let lint = keys
                .need("lint")
                .and_then(|node| keys::word(node, &words, sink));
            let at = keys.need("at").and_then(|node| keys::text(node, sink));
            let because = keys.need("because").and_then(|node| keys::text(node, sink));
            keys.finish();
            if let (Some(lint), Some(at), Some(because)) = (lint, at, because) {
                accepted.push(Accepted {
                    lint,
                    at: at.to_owned(),
                    because: because.to_owned(),
                });
            }
        }
        accepted
    }

    /// The first and the last date.
    pub(super) fn validity(&self, root: &Keys<'_>) -> (Option<CivilDate>, Option<CivilDate>) {
        let Some(keys) = root.get("valid").and_then(|node| Keys::of(node, self.sink)) else {
            return (None, None);
        };
        let from = keys.get("from").and_then(|node| date(node, self.sink));
        let until_node = keys.get("until");
        let until = until_node.and_then(|node| date(node, self.sink));
        keys.finish();
        if let (Some(from), Some(until), Some(node)) = (from, until, until_node)
            && until < from
        {
            let expected = Phrase::new(format!("{from} or later"), format!("{from} 或之后"));
            self.sink.add(Code::BadRange, Found::value(node), expected);
        }
        (from, until)
    }

    /// The condition on which the policy applies: on what `Received` tells, so not on the scope,
    /// which is judged later.
    pub(super) fn admission(&self, node: &Node) -> Condition {
        let condition = condition(node, &self.words, self.sink);
        if condition
            .terms()
            .iter()
            .any(|term| term.subject == Subject::InScope)
        {
            let expected = Phrase::fixed(
                "what is known at intake: class, level, channel, product, own fields",
                "受理时已知的内容：class、level、channel、product、自有字段",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
        condition
    }
}

/// Whether people record such events: what the engine writes of itself can be neither held back nor
/// allowed.
fn is_by_people(kind: Kind) -> bool {
    !kind.is_engines() && !matches!(kind, Kind::PolicyPublished | Kind::CalendarPublished)
}

/// Returns whether some agreement of the document has a target of this name.
fn is_written(root: &Keys<'_>, name: &str) -> bool {
    let has = |node: Option<&Node>| node.and_then(|node| node.get(name)).is_some();
    let agreements = root
        .get("agreement")
        .and_then(Node::as_table)
        .unwrap_or(&[]);
    has(root.get("target")) || agreements.iter().any(|entry| has(entry.node.get("target")))
}
