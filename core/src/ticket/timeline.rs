//! The facts of one ticket in the order in which they happened.

use super::fact::Fact;
use crate::event::{Kind, Version};
use crate::time::Instant;

/// Most real tickets have no more, and what they take (a fact has 96 bytes) is still of a size that
/// allocators keep at hand.
const USUAL_FACTS: usize = 10;

/// The facts of a ticket sorted by (`occurred_at`, version), free of any policy (SEMANTICS T4).
///
/// A fact that arrives late is an insertion; the order of arrival leaves no trace but the versions,
/// which break ties between facts of one instant. This is what clocks are computed from:
/// [`clock::read`](crate::clock::read) takes a timeline, and needs nothing else of a ticket.
///
/// ```
/// use punctual::event::Actor;
/// use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
///     ("2026-03-09T11:00", r#"{"type":"reply"}"#),
/// ])?;
/// let timeline = ticket.timeline();
/// assert_eq!(timeline.received_at(), Some("2026-03-09T09:00:00+08:00".parse()?));
///
/// // Both ends count: a fact of eleven is among those until eleven.
/// assert_eq!(timeline.until("2026-03-09T11:00:00+08:00".parse()?).len(), 2);
/// assert_eq!(timeline.until("2026-03-09T10:59:59+08:00".parse()?).len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    facts: Vec<Fact>,
}

impl Timeline {
    /// Puts a fact in its place.
    ///
    /// Nothing is checked: that a version is told once is for
    /// [`Ticket::apply`](super::Ticket::apply) to see to.
    ///
    /// ```
    /// use punctual::event::{Kind, Roles, Version};
    /// use punctual::ticket::{Detail, Fact, Timeline};
    ///
    /// let fact = |civil: &str, version, kind| -> Result<Fact, punctual::time::TimeError> {
    ///     let at = format!("2026-03-09T{civil}:00+08:00").parse()?;
    ///     Ok(Fact { at, version: Version::new(version), kind, roles: Roles::NONE, detail: Detail::Plain })
    /// };
    /// let mut timeline = Timeline::default();
    /// timeline.insert(fact("09:00", 1, Kind::Received)?);
    /// timeline.insert(fact("11:00", 2, Kind::Resolved)?);
    /// timeline.insert(fact("10:00", 3, Kind::Replied)?); // typed in late
    /// let kinds: Vec<Kind> = timeline.facts().iter().map(|fact| fact.kind).collect();
    /// assert_eq!(kinds, [Kind::Received, Kind::Replied, Kind::Resolved]);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    ///
    /// # Complexity
    /// Constant for a fact that is not late, otherwise linear in the facts after it.
    pub fn insert(&mut self, fact: Fact) {
        let key = |fact: &Fact| (fact.at, fact.version);
        let late = self.facts.last().is_some_and(|last| key(last) > key(&fact));
        if late {
            let place = self.facts.partition_point(|known| key(known) <= key(&fact));
            self.facts.insert(place, fact);
        } else {
            self.facts.push(fact);
        }
    }

    /// Adds a fact of which nothing else is known yet, and lends it; `None` for a late one, which
    /// must be [inserted](Self::insert).
    ///
    /// A fact is made where it stays: to make it elsewhere and to move it took half of a fold.
    #[inline]
    pub(super) fn begin(&mut self, at: Instant, version: Version, kind: Kind) -> Option<&mut Fact> {
        if let Some(last) = self.facts.last()
            && (last.at, last.version) > (at, version)
        {
            return None;
        }
        if self.facts.len() == self.facts.capacity() {
            self.grow();
        }
        self.facts.push(Fact::bare(at, version, kind));
        self.facts.last_mut()
    }

    /// Takes the fact that was begun last away again.
    #[cfg(feature = "store")]
    pub(super) fn take_back(&mut self) {
        self.facts.pop();
    }

    /// Growing to the facts of a ticket step by step would cost more than folding them.
    #[cold]
    fn grow(&mut self) {
        let known = self.facts.len();
        self.facts.reserve_exact(known.max(USUAL_FACTS));
    }

    /// Returns all facts, earliest first.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Returns the facts that happened at or before `at`, earliest first. Logarithmic in the facts.
    #[must_use]
    pub fn until(&self, at: Instant) -> &[Fact] {
        // Readings are mostly of now, and then every fact counts.
        if self.facts.last().is_none_or(|last| last.at <= at) {
            return &self.facts;
        }
        let end = self.facts.partition_point(|fact| fact.at <= at);
        self.facts.get(..end).unwrap_or(&[])
    }

    /// Returns when the request was received: the earliest such fact. `None` before there is one.
    #[must_use]
    pub fn received_at(&self) -> Option<Instant> {
        self.facts
            .iter()
            .find(|fact| fact.kind == Kind::Received)
            .map(|fact| fact.at)
    }

    /// Returns the fact of a version. `None` for a version that is not there, and for what the
    /// engine recorded, which clocks cannot see. Linear in the facts.
    #[must_use]
    pub fn fact(&self, version: Version) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.version == version)
    }
}
