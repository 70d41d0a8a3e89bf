//! Which targets an event can concern: most events concern few, and none of the others is asked.

use crate::event::Kind;

use super::model::{Cycle, Target, Triggers};

/// What may move a clock whatever its target says: a judgement, the ends of a ticket and its return,
/// and for a clock that counts back from a visit that visit's end.
pub(crate) const LIFECYCLE: u128 = Kind::Classified.bit()
    | Kind::Resolved.bit()
    | Kind::Closed.bit()
    | Kind::Reopened.bit()
    | Kind::VisitCancelled.bit();

/// The targets of one agreement by the kinds of events that can concern them, in their order.
///
/// A hint that is never too narrow: a target that is not listed for a kind is not moved by any event
/// of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Concerns {
    /// The kinds with which a clock of any target can begin to be.
    beginning: u128,
    /// The place of each kind's list by the kind's number.
    places: Vec<u8>,
    /// The first list is empty, for kinds that concern nobody.
    lists: Vec<Concerned>,
}

/// The targets that one kind of event can concern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Concerned {
    /// All but the next replies.
    pub(crate) targets: Vec<Concern>,
    /// The next replies, which are moved after all others.
    pub(crate) replies: Vec<Concern>,
}

/// One target that a kind of event can concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Concern {
    /// The target's place in the agreement.
    pub(crate) place: u16,
    /// What it can be to the target.
    pub(crate) parts: Parts,
}

/// What an event of one kind can be to one target, so that nothing else is asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts(u8);

impl Parts {
    pub(crate) const START: Self = Self(1);
    pub(crate) const STOP: Self = Self(1 << 1);
    pub(crate) const RESET: Self = Self(1 << 2);
    /// By the target's own words or by the agreement's.
    pub(crate) const CANCEL: Self = Self(1 << 3);
    /// A reopening, which may bring back a clock that has ended.
    pub(crate) const RETURN: Self = Self(1 << 4);

    /// Works out what events of a kind can be to a target.
    pub(crate) fn of(target: &Target, cancel: &Triggers, kind: Kind) -> Self {
        let kind = kind.bit();
        let part = |part: Self, kinds: u128| if kinds & kind == 0 { 0 } else { part.0 };
        Self(
            part(Self::START, target.start.kinds())
                | part(Self::STOP, target.stop.kinds())
                | part(Self::RESET, target.cycle.reset_kinds())
                | part(Self::CANCEL, target.cancel.kinds() | cancel.kinds())
                | part(Self::RETURN, Kind::Reopened.bit()),
        )
    }

    /// Returns whether it can be this, or one of these.
    pub(crate) const fn has(self, parts: Self) -> bool {
        self.0 & parts.0 != 0
    }

    /// Returns both together.
    pub(crate) const fn or(self, parts: Self) -> Self {
        Self(self.0 | parts.0)
    }
}

impl Cycle {
    /// Returns the kinds of events that can begin the next period.
    pub(crate) const fn reset_kinds(&self) -> u128 {
        match self {
            Self::Restart { reset } => reset.kinds(),
            Self::Once | Self::Each => 0,
        }
    }
}

impl Concerns {
    /// Works out whom each kind concerns, from all targets of an agreement and what cancels them.
    pub(super) fn of(targets: &[Target], cancel: &Triggers) -> Self {
        let mut concerns = Self {
            beginning: 0,
            places: vec![0; 128],
            lists: vec![Concerned::default()],
        };
        let kinds: Vec<u128> = targets
            .iter()
            .map(|target| match target.is_next_reply {
                true => kinds_of_reply(target, targets, cancel),
                false => kinds_of(target, cancel),
            })
            .collect();
        for (target, kinds) in targets.iter().zip(&kinds) {
            concerns.beginning |= match target.is_next_reply {
                true => *kinds,
                false => target.start.kinds(),
            };
        }
        for kind in Kind::ALL {
            let concerned = Concerned::of(targets, cancel, &kinds, *kind);
            concerns.list(*kind, concerned);
        }
        concerns
    }

    fn list(&mut self, kind: Kind, concerned: Concerned) {
        let known = self.lists.iter().position(|known| *known == concerned);
        let place = known.unwrap_or(self.lists.len());
        if known.is_none() {
            self.lists.push(concerned);
        }
        let of_kind = self.places.get_mut(usize::from(kind.number()));
        // There are fewer kinds, and so fewer lists, than places.
        if let (Some(of_kind), Ok(place)) = (of_kind, u8::try_from(place)) {
            *of_kind = place;
        }
    }

    /// Returns whether any clock can begin with such an event.
    pub(crate) const fn can_begin(&self, kind: Kind) -> bool {
        self.beginning & kind.bit() != 0
    }

    /// Returns whom an event of this kind can concern; `None` for nobody.
    pub(crate) fn by(&self, kind: Kind) -> Option<&Concerned> {
        match self.places.get(usize::from(kind.number())) {
            None | Some(0) => None,
            Some(place) => self.lists.get(usize::from(*place)),
        }
    }
}

impl Concerned {
    fn of(targets: &[Target], cancel: &Triggers, kinds: &[u128], kind: Kind) -> Self {
        let mut found = Self::default();
        for (place, (target, kinds)) in (0..).zip(targets.iter().zip(kinds)) {
            if kinds & kind.bit() == 0 {
                continue;
            }
            let parts = Parts::of(target, cancel, kind);
            let concern = Concern { place, parts };
            match target.is_next_reply {
                true => found.replies.push(concern),
                false => found.targets.push(concern),
            }
        }
        found
    }
}

/// The kinds that a target names, and those that move every clock.
fn kinds_of(target: &Target, cancel: &Triggers) -> u128 {
    LIFECYCLE
        | target.cycle.reset_kinds()
        | cancel.kinds()
        | target.start.kinds()
        | target.stop.kinds()
        | target.cancel.kinds()
}

/// A next reply waits for the end of its cycle 0, so whatever concerns that concerns it, too; and the
/// request itself may be the message that waits (SEMANTICS C10).
fn kinds_of_reply(target: &Target, targets: &[Target], cancel: &Triggers) -> u128 {
    const REQUEST: u128 = Kind::Received.bit() | Kind::PolicyBound.bit();
    let cycle_0 = target.after.and_then(|first| targets.get(first));
    let of_cycle_0 = match cycle_0 {
        // Then it depends on a third target, and so on.
        Some(first) if first.is_next_reply => u128::MAX,
        Some(first) => kinds_of(first, cancel),
        None => 0,
    };
    REQUEST | of_cycle_0 | kinds_of(target, cancel)
}
