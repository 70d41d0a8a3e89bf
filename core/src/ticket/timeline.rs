//! The facts of one ticket in the order in which they happened.

use super::fact::Fact;
use crate::event::{Kind, Version};
use crate::time::Instant;

/// Four of five real tickets have no more.
const USUAL_FACTS: usize = 12;

/// The facts of a ticket sorted by (`occurred_at`, version), free of any policy (SEMANTICS T4).
///
/// A fact that arrives late is an insertion; the order of arrival leaves no trace but the versions,
/// which break ties between facts of one instant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    facts: Vec<Fact>,
}

impl Timeline {
    /// Puts a fact in its place. Constant time for a fact that is not late.
    pub fn insert(&mut self, fact: Fact) {
        let key = |fact: &Fact| (fact.at, fact.version);
        match self.facts.last() {
            Some(last) if key(last) > key(&fact) => {
                let place = self.facts.partition_point(|known| key(known) <= key(&fact));
                self.facts.insert(place, fact);
            }
            None => {
                // Growing to the facts of a ticket step by step would cost more than
                // folding them.
                self.facts.reserve(USUAL_FACTS);
                self.facts.push(fact);
            }
            Some(_) => self.facts.push(fact),
        }
    }

    /// Returns all facts, earliest first.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Returns the facts that happened at or before `at`, earliest first.
    #[must_use]
    pub fn until(&self, at: Instant) -> &[Fact] {
        // Readings are mostly of now, and then every fact counts.
        if self.facts.last().is_none_or(|last| last.at <= at) {
            return &self.facts;
        }
        let end = self.facts.partition_point(|fact| fact.at <= at);
        self.facts.get(..end).unwrap_or(&[])
    }

    /// Returns when the request was received: the first such fact.
    #[must_use]
    pub fn received_at(&self) -> Option<Instant> {
        self.facts
            .iter()
            .find(|fact| fact.kind == Kind::Received)
            .map(|fact| fact.at)
    }

    /// Returns the fact of a version, if clocks can see it.
    #[must_use]
    pub fn fact(&self, version: Version) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.version == version)
    }
}
