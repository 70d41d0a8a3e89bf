//! Agreements: sets of targets, and what holds for each set as a whole.

use crate::event::{AgreementId, Kind};
use crate::language::Phrase;
use crate::policy::concern::Concerns;
use crate::policy::document::{Entry, Node, Place};
use crate::policy::fit::Fits;
use crate::policy::model::{
    Agreement, AgreementKind, Label, Reclassify, Target, Trigger, Triggers,
};
use crate::policy::report::{Code, Found};

use super::Context;
use super::keys::{self, Keys};
use super::label::label;
use super::target::{Places, RECLASSIFY};

/// The name of the agreement whose targets stand at the top of the document.
const SERVICE: &str = "service";

impl Context<'_> {
    /// Reads all agreements: the service agreement first, then the others by id.
    pub(super) fn agreements(&mut self, root: &Keys<'_>) -> Vec<Agreement> {
        let sink = self.sink;
        let cancel = root
            .get("cancel")
            .map_or_else(default_cancel, |node| self.cancel_table(node));
        let mode = root
            .get("reclassify")
            .and_then(|node| keys::word(node, RECLASSIFY, sink));
        let targets = root.get("target");
        let others = root
            .get("agreement")
            .and_then(|node| keys::entries(node, sink))
            .unwrap_or(&[]);
        if targets.is_none() && others.is_empty() {
            let expected = Phrase::fixed(
                "at least one `[target.<name>]`",
                "至少一个 `[target.<名称>]`",
            );
            sink.add(Code::MissingKey, Found::nothing(root.place()), expected);
        }
        let mut agreements = Vec::new();
        if let Ok(id) = AgreementId::new(SERVICE) {
            let targets = targets
                .map(|node| self.targets(node, mode.unwrap_or_default()))
                .unwrap_or_default();
            agreements.push(Agreement {
                id,
                kind: AgreementKind::Service,
                label: Label::default(),
                concerns: Concerns::of(&targets, &cancel),
                fits: Fits::of(&targets),
                targets,
                cancel: cancel.clone(),
            });
        }
        let mut read: Vec<Agreement> = others
            .iter()
            .filter_map(|entry| self.agreement(entry, &cancel))
            .collect();
        read.sort_by(|a, b| a.id.cmp(&b.id));
        agreements.append(&mut read);
        agreements
    }

    /// What `[cancel]` lists takes the place of the default, it does not add to it.
    fn cancel_table(&mut self, node: &Node) -> Triggers {
        let Some(keys) = Keys::of(node, self.sink) else {
            return Triggers::default();
        };
        keys.need("on");
        let triggers = self.triggers(&keys, "on");
        keys.finish();
        triggers
    }

    /// One of the further agreements. What it does not say itself about cancelling it takes from the policy;
    /// about new judgements, from its kind.
    fn agreement(&mut self, entry: &Entry, cancel: &Triggers) -> Option<Agreement> {
        const KINDS: &[(&str, AgreementKind)] = &[
            ("service", AgreementKind::Service),
            ("operational", AgreementKind::Operational),
            ("supplier", AgreementKind::Supplier),
        ];
        let sink = self.sink;
        let id: Option<AgreementId> = keys::name(&entry.key, &entry.key_place, sink);
        if entry.key == SERVICE {
            let expected = Phrase::fixed(
                "another name; the targets of the service agreement are written as `[target.<name>]`",
                "另取名称；服务协议的目标写作 `[target.<名称>]`",
            );
            sink.add(
                Code::Conflict,
                Found::text(&entry.key, &entry.key_place),
                expected,
            );
        }
        let keys = Keys::of(&entry.node, sink)?;
        let kind = keys
            .need("kind")
            .and_then(|node| keys::word(node, KINDS, sink));
        let kind = kind.unwrap_or(AgreementKind::Operational);
        let mode = keys
            .get("reclassify")
            .and_then(|node| keys::word(node, RECLASSIFY, sink));
        // What others owe us is not judged anew by what we find out about our customer (C14).
        let by_kind = match kind {
            AgreementKind::Service => Reclassify::Retroactive,
            AgreementKind::Operational | AgreementKind::Supplier => Reclassify::Forward,
        };
        let own_cancel = keys
            .get("cancel")
            .is_some()
            .then(|| self.triggers(&keys, "cancel"));
        let label = keys
            .get("label")
            .map(|node| label(node, sink))
            .unwrap_or_default();
        let targets = keys
            .need("target")
            .map(|node| self.targets(node, mode.unwrap_or(by_kind)));
        keys.finish();
        let targets = targets.unwrap_or_default();
        let cancel = own_cancel.unwrap_or_else(|| cancel.clone());
        Some(Agreement {
            id: id?,
            kind,
            label,
            concerns: Concerns::of(&targets, &cancel),
            fits: Fits::of(&targets),
            targets,
            cancel,
        })
    }

    /// Targets name each other by place, so all names are listed before the first target is read.
    fn targets(&mut self, node: &Node, mode: Reclassify) -> Vec<Target> {
        let entries = keys::entries(node, self.sink).unwrap_or(&[]);
        let places: Places<'_> = entries
            .iter()
            .map(|entry| entry.key.as_str())
            .zip(0..)
            .collect();
        let mut complete = true;
        let mut targets = Vec::new();
        for entry in entries {
            let target = self.target(entry, &places, mode);
            complete &= target.is_some();
            targets.extend(target);
        }
        // With a target left out the places are wrong, but then no policy comes out of it either.
        if complete {
            let named: Vec<usize> = targets.iter().filter_map(|target| target.after).collect();
            for place in named {
                if let Some(first) = targets.get_mut(place) {
                    first.is_first_response = true;
                }
            }
        }
        self.tell_circles(entries, &places);
        targets
    }

    /// Tells targets that come after themselves by way of others. Each circle is told once.
    fn tell_circles(&self, entries: &[Entry], places: &Places<'_>) {
        let next = |place: usize| -> Option<(usize, &Place)> {
            let node = entries.get(place)?.node.get("after")?;
            Some((*places.get(node.as_text()?)?, &node.place))
        };
        let mut told = vec![false; entries.len()];
        for start in 0..entries.len() {
            let mut path = Vec::new();
            let mut here = start;
            // Each step marks a target, so all walks together visit each only once.
            while let Some(seen) = told.get_mut(here)
                && !*seen
            {
                *seen = true;
                path.push(here);
                let Some((there, place)) = next(here) else {
                    break;
                };
                if path.contains(&there) && there != here {
                    let circle = path.iter().skip_while(|place| **place != there);
                    let names: Vec<&str> = circle
                        .filter_map(|place| entries.get(*place))
                        .map(|entry| entry.key.as_str())
                        .collect();
                    let names = format!("{} → {}", names.join(" → "), names.first().unwrap_or(&""));
                    self.sink.add(
                        Code::Cycle,
                        Found::said(Phrase::same(&names), place),
                        Phrase::fixed("`after` without a circle", "`after` 不能成环"),
                    );
                }
                here = there;
            }
        }
    }
}

/// SEMANTICS C12, where the document says nothing else.
fn default_cancel() -> Triggers {
    let plain = |kind| Trigger {
        kind,
        mark: None,
        when: Vec::new(),
        by: Vec::new(),
    };
    Triggers::new(
        [Kind::Declined, Kind::Merged, Kind::Withdrawn]
            .map(plain)
            .to_vec(),
    )
}
