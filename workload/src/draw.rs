//! Seeded numbers: the one source of chance in this crate.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a series of numbers is for. Two purposes never share numbers, so adding a draw to one
/// changes nothing in another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// When the tickets of one block arrive.
    Arrivals = 1,
    /// What happens to one ticket.
    Story = 2,
    /// Whether one ticket repeats the one before it.
    Duplicate = 3,
    /// Who one customer is.
    Customer = 4,
    /// What happens to one ticket of a measured profile.
    Chain = 5,
}

/// The numbers of one (seed, purpose, number), in order.
///
/// ChaCha with eight rounds: its output is fixed by a published algorithm, and each number of
/// ticket, block or customer is a stream of its own, so any of them can be had first. What is made
/// of the words is written here with integers alone, since the distributions of the usual crates
/// promise nothing across their releases.
#[derive(Debug, Clone)]
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        let mut words = ChaCha8Rng::from_seed(key);
        words.set_stream(number);
        Self(words)
    }

    /// Any 64 bits.
    pub(crate) fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `end`, each equally likely to within 2^-32; zero where `end` is zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.word()) * u128::from(end);
        // The high word of a product of two words fits one.
        (product >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// A number from `low` to `high`, as likely between 1 and 2 as between 10 and 20.
    pub(crate) fn spread(&mut self, low: u64, high: u64) -> u64 {
        let (from, to) = (crate::logarithm::log2(low), crate::logarithm::log2(high));
        crate::logarithm::exp2(self.between(from, to))
    }

    /// True in `share` of a thousand cases.
    pub(crate) fn chance(&mut self, share: u32) -> bool {
        self.below(1_000) < u64::from(share)
    }

    /// One of them, each equally likely.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// One of them, by weight.
    pub(crate) fn weighted<'a, T>(&mut self, from: &'a [(u32, T)]) -> &'a T {
        let total = from.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for (weight, one) in from {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return one,
            }
        }
        &from[0].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_same_for_ever() {
        let mut draw = Draw::new(7, Purpose::Story, 42);
        let words: Vec<u64> = (0..3).map(|_| draw.word()).collect();
        assert_eq!(words, GOLDEN);
        let mut other = Draw::new(7, Purpose::Arrivals, 42);
        assert_ne!(other.word(), GOLDEN[0]);
    }

    /// Worked out by another program from the published algorithm.
    const GOLDEN: [u64; 3] = [
        13_874_701_000_294_656_054,
        11_827_898_145_077_896_599,
        15_822_337_627_294_588_404,
    ];

    #[test]
    fn bounds_are_kept_and_reached() {
        let mut draw = Draw::new(1, Purpose::Story, 1);
        let seen: std::collections::BTreeSet<u64> =
            (0..1_000).map(|_| draw.between(3, 7)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
        assert_eq!(draw.below(0), 0);
        for _ in 0..1_000 {
            assert!((10..=1_000).contains(&draw.spread(10, 1_000)));
        }
    }

    #[test]
    fn weights_are_shares() {
        let mut draw = Draw::new(2, Purpose::Story, 1);
        let hits = (0..10_000)
            .filter(|_| *draw.weighted(&[(3, true), (1, false)]))
            .count();
        assert!((7_300..7_700).contains(&hits), "{hits}");
        let hits = (0..10_000).filter(|_| draw.chance(250)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
    }
}
