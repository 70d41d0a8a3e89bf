//! One promised step.
//!
//! A target is read as a whole even where parts of it are wrong, so that one run tells all mistakes. What
//! follows from several keys together (a period needs a `reset`, a lead needs a visit, a gap belongs to
//! `continue`) is checked once all of them are known.
//!
//! What is not written is decided here as well, and only here: how often the target happens, whether it is
//! a next reply, which mode it takes from its agreement.

use std::collections::BTreeMap;

use crate::event::{Kind, TargetId};
use crate::language::Phrase;
use crate::policy::document::{Entry, Node};
use crate::policy::index::GoalIndex;
use crate::policy::model::{
    Budget, Condition, Cycle, Goal, Reclassify, Reopen, ReopenMode, Target, Triggers,
};
use crate::policy::report::{Code, Found};

use super::Context;
use super::condition;
use super::keys::{self, Keys};
use super::label::label;

/// The words for what a new judgement does.
pub(super) const RECLASSIFY: &[(&str, Reclassify)] = &[
    ("retroactive", Reclassify::Retroactive),
    ("carry", Reclassify::Carry),
    ("forward", Reclassify::Forward),
    ("reset", Reclassify::Reset),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CycleWord {
    Once,
    Each,
    Restart,
}

/// Targets of the same agreement by name, with their place.
pub(super) type Places<'n> = BTreeMap<&'n str, usize>;

impl Context<'_> {
    /// Reads one target. `places` are those of its agreement.
    pub(super) fn target(
        &mut self,
        entry: &Entry,
        places: &Places<'_>,
        reclassify: Reclassify,
    ) -> Option<Target> {
        let sink = self.sink;
        let id: Option<TargetId> = keys::name(&entry.key, &entry.key_place, sink);
        let keys = Keys::of(&entry.node, sink)?;
        let label = keys
            .get("label")
            .map(|node| label(node, sink))
            .unwrap_or_default();
        let start = self.needed_triggers(&keys, "start");
        let stop = self.needed_triggers(&keys, "stop");
        let cancel = self.triggers(&keys, "cancel");
        let reset = keys
            .get("reset")
            .map(|node| condition::triggers(node, &mut self.words, sink));
        let after = keys
            .get("after")
            .and_then(|node| self.after(node, &entry.key, places));
        let applies_to = keys.get("applies-to").map_or(Condition::ALWAYS, |node| {
            condition::condition(node, &self.words, sink)
        });
        let goals = self.goals(&keys, &applies_to);
        let cycle = self.cycle(&keys, &start, &goals, reset);
        let pauses = keys
            .get("pause")
            .map_or(0, |node| self.pauses(node, &goals));
        let own_mode = keys
            .get("reclassify")
            .and_then(|node| keys::word(node, RECLASSIFY, sink));
        let reopen = keys
            .get("reopen")
            .map_or(Reopen::DEFAULT, |node| self.reopen(node));
        self.check_lead(&keys, &start, &goals);
        let ladder = keys
            .get("ladder")
            .map(|node| self.ladder(node, &goals))
            .unwrap_or_default();
        keys.finish();
        Some(Target {
            id: id?,
            label,
            is_next_reply: has_kind(&start, Kind::CustomerWrote),
            is_first_response: false,
            start,
            stop,
            cancel,
            cycle,
            after,
            index: GoalIndex::of(&goals),
            goals,
            pauses,
            reclassify: own_mode.unwrap_or(reclassify),
            reopen,
            ladder,
            applies_to,
        })
    }

    /// Triggers under a key that must be there; a missing key is told, and reads as none.
    fn needed_triggers(&mut self, keys: &Keys<'_>, key: &'static str) -> Triggers {
        let node = keys.need(key);
        node.map(|node| condition::triggers(node, &mut self.words, self.sink))
            .unwrap_or_default()
    }

    pub(super) fn triggers(&mut self, keys: &Keys<'_>, key: &'static str) -> Triggers {
        let node = keys.get(key);
        node.map(|node| condition::triggers(node, &mut self.words, self.sink))
            .unwrap_or_default()
    }

    /// The place of the target that `after` names. Whether the names go round in a circle is asked once all
    /// targets of the agreement are known.
    fn after(&self, node: &Node, own: &str, places: &Places<'_>) -> Option<usize> {
        let name = keys::text(node, self.sink)?;
        if name == own {
            let expected = Phrase::fixed(
                "another target of the same agreement",
                "同一协议的另一个目标",
            );
            self.sink.add(Code::Cycle, Found::value(node), expected);
            return None;
        }
        let found = places.get(name).copied();
        if found.is_none() {
            let known: Vec<&str> = places
                .keys()
                .copied()
                .filter(|known| *known != own)
                .collect();
            self.sink
                .unknown(Code::UnknownTarget, name, &node.place, known);
        }
        found
    }

    /// When a further clock starts. Periods come with `every`; a customer's messages and visits
    /// repeat by their nature; the rest happens once unless the document says otherwise.
    fn cycle(
        &self,
        keys: &Keys<'_>,
        start: &Triggers,
        goals: &[Goal],
        reset: Option<Triggers>,
    ) -> Cycle {
        const WORDS: &[(&str, CycleWord)] = &[
            ("once", CycleWord::Once),
            ("each", CycleWord::Each),
            ("restart", CycleWord::Restart),
        ];
        let node = keys.get("cycle");
        let word = node.and_then(|node| keys::word(node, WORDS, self.sink));
        let is_periodic = keys.get("every").is_some();
        if is_periodic && reset.is_none() {
            let expected = Phrase::fixed(
                "`reset`: the event that ends a period and begins the next",
                "`reset`：结束一个周期并开始下一个的事件",
            );
            self.sink
                .add(Code::MissingKey, Found::nothing(keys.place()), expected);
        }
        if let (false, Some(node)) = (is_periodic, keys.get("reset")) {
            let expected = Phrase::fixed(
                "`reset` only with `every`",
                "`reset` 只能与 `every` 一起使用",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
        if let (Some(node), Some(word)) = (node, word)
            && is_periodic != (word == CycleWord::Restart)
        {
            let expected = Phrase::fixed(
                "`restart` with `every`, `once` or `each` with `goals`",
                "`every` 用 `restart`;`goals` 用 `once` 或 `each`",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
        if is_periodic {
            return Cycle::Restart {
                reset: reset.unwrap_or_default(),
            };
        }
        let repeats = has_kind(start, Kind::CustomerWrote) || goals.iter().any(is_lead);
        match word {
            Some(CycleWord::Each) => Cycle::Each,
            None if repeats => Cycle::Each,
            Some(CycleWord::Once | CycleWord::Restart) | None => Cycle::Once,
        }
    }

    fn pauses(&mut self, node: &Node, goals: &[Goal]) -> u64 {
        // An empty list says outright what is true by default: nothing pauses it.
        let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
        let mut pauses = 0_u64;
        for node in nodes {
            if let Some(bit) = self.words.reason(node, self.sink) {
                pauses |= 1_u64.checked_shl(bit).unwrap_or_default();
            }
        }
        if pauses != 0 && goals.iter().any(is_lead) {
            let expected = Phrase::fixed(
                "no `pause`: a visit comes nearer whatever work waits for",
                "不写 `pause`：无论等待什么，上门时间都在临近",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
        pauses
    }

    /// A word, or a table with its terms. `gap` says nothing except beside `continue`.
    fn reopen(&self, node: &Node) -> Reopen {
        const MODES: &[(&str, ReopenMode)] = &[
            ("continue", ReopenMode::Continue),
            ("new-cycle", ReopenMode::NewCycle),
            ("stay", ReopenMode::Stay),
        ];
        let sink = self.sink;
        if node.as_text().is_some() {
            let mode = keys::word(node, MODES, sink).unwrap_or_default();
            return Reopen {
                mode,
                ..Reopen::DEFAULT
            };
        }
        let Some(keys) = Keys::of(node, sink) else {
            return Reopen::DEFAULT;
        };
        let mode = keys
            .get("mode")
            .and_then(|node| keys::word(node, MODES, sink));
        let mut mode = mode.unwrap_or_default();
        if let Some(node) = keys.get("gap") {
            let counts = keys::word(node, &[("excluded", false), ("included", true)], sink);
            if mode != ReopenMode::Continue {
                let expected =
                    Phrase::fixed("`gap` only with mode `continue`", "`gap` 只用于 `continue`");
                sink.add(Code::Conflict, Found::value(node), expected);
            } else if counts == Some(true) {
                mode = ReopenMode::ContinueWithGap;
            }
        }
        let new_cycle_after = keys.get("new-cycle-after").and_then(|node| self.days(node));
        keys.finish();
        Reopen {
            mode,
            new_cycle_after,
        }
    }

    /// A goal before a visit needs a visit, and only it can say when the clock started.
    fn check_lead(&self, keys: &Keys<'_>, start: &Triggers, goals: &[Goal]) {
        let leads = goals.iter().filter(|goal| is_lead(goal)).count();
        if leads == 0 {
            return;
        }
        let place = keys
            .get("start")
            .map_or_else(|| keys.place(), |node| &node.place);
        let started = start.as_slice();
        if !started.is_empty()
            && started
                .iter()
                .any(|trigger| trigger.kind != Kind::VisitBooked)
        {
            self.sink.add(
                Code::LeadStart,
                Found::said(Phrase::fixed("another start", "其他启动事件"), place),
                Phrase::fixed(
                    "`start = \"visit-booked\"` for goals before a visit",
                    "上门前目标用 `start = \"visit-booked\"`",
                ),
            );
        }
        if leads < goals.len() {
            let place = keys.entry("goals").map_or(place, |entry| &entry.key_place);
            let found = Phrase::fixed(
                "goals before a visit beside others",
                "上门前目标与其他目标并存",
            );
            let expected = Phrase::fixed("a target of its own for each sort", "两类目标分开声明");
            self.sink
                .add(Code::Conflict, Found::said(found, place), expected);
        }
    }
}

pub(super) fn is_lead(goal: &Goal) -> bool {
    matches!(goal.within, Budget::Lead { .. })
}

/// Whether one of the triggers answers to events of a kind, on whatever condition.
fn has_kind(triggers: &Triggers, kind: Kind) -> bool {
    triggers
        .as_slice()
        .iter()
        .any(|trigger| trigger.kind == kind)
}
