//! What a read model is: a pure function of the log, told change by change.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Case;
use crate::clock::BindingError;
use crate::event::{Kind, Recorded, StreamId};
use crate::ticket::TicketEvent;

/// What a projection has to be handed.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::projection::Needs;
///
/// let surveys = Needs::kinds(&[Kind::SurveyAsked, Kind::Surveyed]);
/// assert!(surveys.wants(Kind::Surveyed) && !surveys.wants(Kind::Noted));
/// assert!(Needs::TICKETS.has_tickets() && !Needs::TICKETS.wants(Kind::Noted));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Needs {
    tickets: bool,
    kinds: u128,
}

impl Needs {
    /// The ticket before and after; no event is decoded for its own sake.
    pub const TICKETS: Self = Self {
        tickets: true,
        kinds: 0,
    };

    /// Returns the need for events of these kinds alone. Others are passed over by their record's
    /// header, without being decoded; no ticket is folded.
    #[must_use]
    pub fn kinds(kinds: &[Kind]) -> Self {
        Self {
            tickets: false,
            kinds: kinds.iter().fold(0, |set, kind| set | kind.bit()),
        }
    }

    /// Returns the same with the ticket before and after.
    #[must_use]
    pub const fn with_tickets(self) -> Self {
        Self {
            tickets: true,
            kinds: self.kinds,
        }
    }

    /// Returns whether events of a kind are wanted.
    #[must_use]
    pub const fn wants(self, kind: Kind) -> bool {
        self.kinds & kind.bit() != 0
    }

    /// Returns whether the ticket is wanted.
    #[must_use]
    pub const fn has_tickets(self) -> bool {
        self.tickets
    }

    /// Returns whether any event is wanted.
    #[must_use]
    pub const fn has_events(self) -> bool {
        self.kinds != 0
    }

    /// Returns what all of these need together.
    #[cfg(feature = "engine")]
    pub(crate) fn any(all: impl Iterator<Item = Self>) -> Self {
        let nothing = Self {
            tickets: false,
            kinds: 0,
        };
        all.fold(nothing, |one, other| Self {
            tickets: one.tickets || other.tickets,
            kinds: one.kinds | other.kinds,
        })
    }

    /// Returns the events that are wanted; as they lie where all of them are.
    #[cfg(feature = "engine")]
    pub(crate) fn of(
        self,
        events: &[Recorded<TicketEvent>],
    ) -> std::borrow::Cow<'_, [Recorded<TicketEvent>]> {
        let is_wanted = |it: &&Recorded<TicketEvent>| self.wants(it.event.kind());
        if events.iter().all(|it| is_wanted(&it)) {
            return events.into();
        }
        let wanted: Vec<_> = events.iter().filter(is_wanted).cloned().collect();
        wanted.into()
    }
}

/// One step of one ticket: what was recorded, and the ticket before and after it.
///
/// A rebuild hands each ticket over as one change without a `before`; whoever follows the log gets as
/// many changes as there are pages that touch the ticket. Both must come to the same state.
#[derive(Debug)]
pub struct Change<'a> {
    /// The ticket's stream.
    pub stream: &'a StreamId,
    /// The events in the order of their versions, those of the kinds asked for; none where only the
    /// tickets are needed.
    pub events: &'a [Recorded<TicketEvent>],
    /// The ticket without these events; `None` where they are its first, or where no tickets are
    /// needed.
    pub before: Option<&'a Case<'a>>,
    /// The ticket with them; `None` where no tickets are needed.
    pub after: Option<&'a Case<'a>>,
}

/// Why a projection cannot take an event. It stops there, and says so; other projections go on.
///
/// Whoever runs the read model keeps the error and stops it; see
/// `engine::Projector::standing`. A retry meets the same event again, so it cannot help: mend
/// the cause and build the read model anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Poison {
    /// The ticket is bound to a policy version that is not there.
    #[error("{stream}: its promises cannot be read")]
    Binding {
        /// The ticket.
        stream: String,
        /// What is missing.
        #[source]
        source: BindingError,
    },
    /// An event is of a schema that this release does not know, or damaged.
    #[error("{stream}: {reason}")]
    Unreadable {
        /// The ticket.
        stream: String,
        /// What the codec said.
        reason: String,
    },
    /// The projection itself refuses what it sees.
    #[error("{stream}: {reason}")]
    Refused {
        /// The ticket.
        stream: String,
        /// What stands against it. No customer's words.
        reason: String,
    },
}

/// A read model: a pure fold over what happened to tickets.
///
/// The value itself holds the definition (which zone, which targets) and never changes; the state
/// is apart, so that it can be kept, merged and compared.
///
/// Prefer a [`Sum`] where the answer is a sum over tickets. Write a projection by hand where only the
/// events count and no ticket is needed: it then follows the log without folding a single ticket.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::projection::{Change, Needs, Poison, Projection};
/// use punctual::ticket::TicketEvent;
///
/// /// How many customers were asked how satisfied they are, and how many have answered.
/// struct Asked;
///
/// impl Projection for Asked {
///     type State = (u64, u64);
///
///     fn name(&self) -> &str {
///         "asked"
///     }
///
///     fn version(&self) -> u32 {
///         1
///     }
///
///     fn needs(&self) -> Needs {
///         Needs::kinds(&[Kind::SurveyAsked, Kind::Surveyed])
///     }
///
///     fn apply(&self, state: &mut (u64, u64), change: &Change<'_>) -> Result<(), Poison> {
///         for event in change.events {
///             match event.event {
///                 TicketEvent::SurveyAsked(_) => state.0 += 1,
///                 TicketEvent::Surveyed(_) => state.1 += 1,
///                 _ => {} // no other kind was asked for
///             }
///         }
///         Ok(())
///     }
///
///     fn merge(&self, state: &mut (u64, u64), other: (u64, u64)) {
///         state.0 += other.0;
///         state.1 += other.1;
///     }
/// }
/// ```
pub trait Projection: Send + Sync + 'static {
    /// What has been found out so far. Compared in tests, kept by the runner between processes.
    type State: Default + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Returns the name under which the state is kept: letters, digits, `-`.
    fn name(&self) -> &str;

    /// Returns the version of the definition. Whenever [`Projection::apply`] would come to another
    /// state for the same log, this must be another number: a kept state of another version is
    /// never taken up.
    fn version(&self) -> u32;

    /// Returns what has to be handed to [`Projection::apply`]. It is part of the definition: a runner asks
    /// for it once, when the read model is added.
    fn needs(&self) -> Needs;

    /// Moves the state on by one change.
    ///
    /// # Errors
    /// [`Poison`] when the change cannot be taken. The state is then as it was before.
    fn apply(&self, state: &mut Self::State, change: &Change<'_>) -> Result<(), Poison>;

    /// Joins the state of other tickets to this one: what a rebuild by several workers ends with.
    fn merge(&self, state: &mut Self::State, other: Self::State);
}

/// A read model that is a sum over tickets. Every sum is a [`Projection`] that keeps the law of
/// chunking by construction.
///
/// `add` and `remove` must undo each other exactly: what has come to nothing must leave no trace, or
/// a state that was followed would differ from one that was rebuilt.
pub trait Sum: Send + Sync + 'static {
    /// What one ticket contributes.
    type Part;
    /// The sum.
    type State: Default + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// See [`Projection::name`].
    fn name(&self) -> &str;

    /// See [`Projection::version`].
    fn version(&self) -> u32;

    /// Returns what a ticket contributes as it stands; a pure function of the case.
    ///
    /// # Errors
    /// [`Poison`] when it cannot be told.
    fn part(&self, case: &Case<'_>) -> Result<Option<Self::Part>, Poison>;

    /// Adds a part.
    fn add(&self, state: &mut Self::State, stream: &StreamId, part: Self::Part);

    /// Takes away a part that was added before.
    fn remove(&self, state: &mut Self::State, stream: &StreamId, part: Self::Part);

    /// Adds the sum over other tickets.
    fn merge(&self, state: &mut Self::State, other: Self::State);
}

impl<S: Sum> Projection for S {
    type State = S::State;

    fn name(&self) -> &str {
        Sum::name(self)
    }

    fn version(&self) -> u32 {
        Sum::version(self)
    }

    fn needs(&self) -> Needs {
        Needs::TICKETS
    }

    fn apply(&self, state: &mut Self::State, change: &Change<'_>) -> Result<(), Poison> {
        let part = |case: Option<&Case<'_>>| case.map_or(Ok(None), |case| self.part(case));
        // Both first, so that a refusal leaves the state as it was.
        let (before, after) = (part(change.before)?, part(change.after)?);
        if let Some(before) = before {
            self.remove(state, change.stream, before);
        }
        if let Some(after) = after {
            self.add(state, change.stream, after);
        }
        Ok(())
    }

    fn merge(&self, state: &mut Self::State, other: Self::State) {
        Sum::merge(self, state, other);
    }
}

/// Returns a number for the text of a definition, the same on every machine and in every release:
/// FNV-1a with 32 bits.
pub(super) fn number_of(definition: &str) -> u32 {
    definition.bytes().fold(0x811C_9DC5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
