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

/// The targets that one kind of event can concern, by their places in the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Concerned {
    /// All but the next replies.
    pub(crate) targets: Vec<u16>,
    /// The next replies, which are moved after all others.
    pub(crate) replies: Vec<u16>,
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
            let concerned = Concerned::of(targets, &kinds, *kind);
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
    fn of(targets: &[Target], kinds: &[u128], kind: Kind) -> Self {
        let mut found = Self::default();
        for (place, (target, kinds)) in (0..).zip(targets.iter().zip(kinds)) {
            if kinds & kind.bit() == 0 {
                continue;
            }
            match target.is_next_reply {
                true => found.replies.push(place),
                false => found.targets.push(place),
            }
        }
        found
    }
}

/// The kinds that a target names, and those that move every clock.
fn kinds_of(target: &Target, cancel: &Triggers) -> u128 {
    let reset = match &target.cycle {
        Cycle::Restart { reset } => reset.kinds(),
        Cycle::Once | Cycle::Each => 0,
    };
    LIFECYCLE
        | reset
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
