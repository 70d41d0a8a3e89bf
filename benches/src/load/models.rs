//! A read model that a peer can make too: a plain fold over events, in any order of the tickets.

use punctual::event::{Kind, Recorded};
use punctual::projection::{Change, Needs, Poison, Projection};
use punctual::ticket::TicketEvent;
use serde::{Deserialize, Serialize};

use super::tickets::History;
use crate::measure::checksum;

/// What a read model with kind skip asks for: about one event in five hundred.
pub const SELDOM: [Kind; 1] = [Kind::Reopened];

/// How many events there were of each kind, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    kinds: Vec<(u64, u64)>,
}

impl Tally {
    /// Takes one event.
    pub fn take<T>(&mut self, event: &Recorded<TicketEvent<T>>) {
        let place = usize::from(event.event.kind().number());
        if place >= self.kinds.len() {
            self.kinds.resize(place + 1, (0, 0));
        }
        if let Some((count, instants)) = self.kinds.get_mut(place) {
            *count += 1;
            *instants = instants.wrapping_add(event.occurred_at.micros().cast_unsigned());
        }
    }

    /// Adds what was found in other tickets.
    pub fn absorb(&mut self, other: &Self) {
        if other.kinds.len() > self.kinds.len() {
            self.kinds.resize(other.kinds.len(), (0, 0));
        }
        for (own, theirs) in self.kinds.iter_mut().zip(&other.kinds) {
            own.0 += theirs.0;
            own.1 = own.1.wrapping_add(theirs.1);
        }
    }

    /// Returns one number that differs where tallies do.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let numbers = self.kinds.iter().flat_map(|(count, sum)| [*count, *sum]);
        numbers.fold(0, checksum)
    }

    /// Returns what these tickets come to, counted from the typed events.
    #[must_use]
    pub fn of(histories: &[History], kinds: &[Kind]) -> Self {
        let mut tally = Self::default();
        let events = histories.iter().flatten();
        for event in events.filter(|it| kinds.contains(&it.event.kind())) {
            tally.take(event);
        }
        tally
    }

    /// Returns how many events were taken.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.kinds.iter().map(|(count, _)| count).sum()
    }
}

/// The tally as a read model of ours.
#[derive(Debug, Clone, Copy)]
pub struct Tallied(pub &'static [Kind]);

impl Projection for Tallied {
    type State = Tally;

    fn name(&self) -> &'static str {
        "tally"
    }

    fn version(&self) -> u32 {
        1
    }

    fn needs(&self) -> Needs {
        Needs::kinds(self.0)
    }

    fn apply(&self, state: &mut Tally, change: &Change<'_>) -> Result<(), Poison> {
        change.events.iter().for_each(|event| state.take(event));
        Ok(())
    }

    fn merge(&self, state: &mut Tally, other: Tally) {
        state.absorb(&other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::tickets;

    #[test]
    fn a_tally_is_the_same_in_any_order_and_in_parts() {
        let histories = tickets::bare(2_000).unwrap();
        let all = Tally::of(&histories, Kind::ALL);
        assert_eq!(all.events(), tickets::count(&histories) as u64);
        let backwards: Vec<History> = histories.iter().rev().cloned().collect();
        assert_eq!(all, Tally::of(&backwards, Kind::ALL));
        let (left, right) = histories.split_at(histories.len() / 2);
        let mut joined = Tally::of(left, Kind::ALL);
        joined.absorb(&Tally::of(right, Kind::ALL));
        assert_eq!(joined.digest(), all.digest());
    }

    #[test]
    fn what_is_seldom_is_about_an_event_in_five_hundred() {
        let histories = tickets::bare(50_000).unwrap();
        let share = tickets::count(&histories) as u64 / Tally::of(&histories, &SELDOM).events();
        assert!((400..650).contains(&share), "one in {share}");
    }
}
