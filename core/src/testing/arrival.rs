//! In which order a log learns of facts.

use std::fmt;

use proptest::prelude::*;

use super::history::History;

/// An order in which the steps of a history arrive. Steps of one instant keep their own order, which
/// is all that tells them apart (SEMANTICS T4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    order: Vec<usize>,
}

impl Arrival {
    /// Returns the places of the steps, counted from 0, in the order of arrival.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Returns the arrival in which the steps with lower keys come first; `keys` of steps of one
    /// instant are those of the first of them.
    fn by_keys(history: &History, key: impl Fn(usize) -> u64) -> Self {
        let mut groups: Vec<(u64, Vec<usize>)> = Vec::new();
        let mut before = None;
        for (place, step) in history.steps().iter().enumerate() {
            match groups.last_mut().filter(|_| before == Some(step.at)) {
                Some((_, group)) => group.push(place),
                None => groups.push((key(place), vec![place])),
            }
            before = Some(step.at);
        }
        groups.sort_by_key(|(key, _)| *key);
        Self {
            order: groups.into_iter().flat_map(|(_, group)| group).collect(),
        }
    }

    /// Returns the orders that tell most: backwards, odd places first, and each step last in turn.
    pub(super) fn telling(history: &History) -> Vec<Self> {
        let number = |place: usize| u64::try_from(place).unwrap_or(u64::MAX);
        let backwards = Self::by_keys(history, |place| u64::MAX.wrapping_sub(number(place)));
        let odd = Self::by_keys(history, |place| u64::from(place.is_multiple_of(2)));
        let late = (0..history.steps().len())
            .map(|late| Self::by_keys(history, move |place| u64::from(place == late)));
        [backwards, odd].into_iter().chain(late).collect()
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self
            .order
            .iter()
            .map(|place| place.saturating_add(1).to_string())
            .collect();
        f.write_str(&places.join(", "))
    }
}

/// Returns orders in which the facts of a history can arrive. Shrinks to the order in which they
/// happened.
///
/// ```
/// use proptest::strategy::{Strategy, ValueTree};
/// use proptest::test_runner::TestRunner;
/// use punctual::testing::{History, arrivals};
///
/// let history: History = "2026-03-09T01:00:00Z received\n2026-03-09T02:00:00Z replied".parse()?;
/// let tree = arrivals(&history).new_tree(&mut TestRunner::deterministic());
/// let arrival = tree.map_err(|reason| reason.to_string())?.current();
/// assert_eq!(arrival.order().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn arrivals(history: &History) -> impl Strategy<Value = Arrival> + use<> {
    let history = history.clone();
    let keys = proptest::collection::vec(0..8_u64, history.steps().len());
    keys.prop_map(move |keys| {
        Arrival::by_keys(&history, |place| keys.get(place).copied().unwrap_or(0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_one_instant_stay_together_in_their_order() {
        let history: History = "2026-03-09T01:00:00Z received\n2026-03-09T02:00:00Z noted\n\
                                2026-03-09T02:00:00Z replied\n2026-03-09T03:00:00Z resolved"
            .parse()
            .unwrap();
        let orders: Vec<Vec<usize>> = Arrival::telling(&history)
            .iter()
            .map(|arrival| arrival.order().to_vec())
            .collect();
        assert_eq!(orders[0], [3, 1, 2, 0]);
        assert!(orders.contains(&vec![1, 2, 3, 0]));
        for order in &orders {
            let places = [1, 2].map(|step| order.iter().position(|place| *place == step));
            assert!(places[0] < places[1], "{order:?}");
        }
    }
}
