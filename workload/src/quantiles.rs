//! A length drawn from a table of quantiles.

use crate::draw::Draw;
use crate::logarithm::{exp2, log2};

/// The probabilities of the quantiles in our tables, in parts of a thousand.
pub(crate) const PROBABILITIES: [u32; 10] = [10, 50, 100, 250, 500, 750, 900, 950, 990, 999];

/// Lengths at 1, 5, 10, 25, 50, 75, 90, 95, 99 and 99.9 %, in seconds.
///
/// Between two of them a length is interpolated in log time: what is measured are minutes and
/// months, and no straight line joins those. Zero is a value of its own (the same instant), and in
/// the logarithm it stands beside one second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quantiles(pub(crate) [u64; 10]);

impl Quantiles {
    /// A length in seconds.
    pub(crate) fn draw(&self, draw: &mut Draw) -> u64 {
        self.at(draw.below(WHOLE))
    }

    /// The length at a probability in parts of [`WHOLE`]; what lies outside the table is its end.
    pub(crate) fn at(&self, probability: u64) -> u64 {
        let place = |index: usize| u64::from(PROBABILITIES[index]) * (WHOLE / 1_000);
        let last = PROBABILITIES.len() - 1;
        if probability <= place(0) {
            return self.0[0];
        }
        let Some(upper) = (1..=last).find(|index| probability <= place(*index)) else {
            return self.0[last];
        };
        let (low, high) = (self.0[upper - 1], self.0[upper]);
        if low == high {
            return low;
        }
        let (from, to) = (log2(low), log2(high));
        let part = probability - place(upper - 1);
        let whole = place(upper) - place(upper - 1);
        exp2(from + (to - from) * part / whole)
    }

    /// The probability, in parts of [`WHOLE`], at which a length stands: the inverse of
    /// [`Quantiles::at`]. A length on which the table stays for a while has a range of them.
    pub(crate) fn rank(&self, length: u64) -> (u64, u64) {
        let place = |index: usize| u64::from(PROBABILITIES[index]) * (WHOLE / 1_000);
        let below = self.0.partition_point(|known| *known < length);
        let through = self.0.partition_point(|known| *known <= length);
        let low = match below {
            0 => 0,
            10 => return (place(9), WHOLE),
            _ if through > below => place(below),
            _ => {
                let (from, to) = (log2(self.0[below - 1]), log2(self.0[below]));
                let part = log2(length).saturating_sub(from);
                let whole = (to - from).max(1);
                let step = place(below) - place(below - 1);
                place(below - 1) + step * part.min(whole) / whole
            }
        };
        match through {
            0 => (0, place(0)),
            10 => (low, WHOLE),
            _ if through > below => (low, place(through - 1)),
            _ => (low, low),
        }
    }
}

/// A probability of 1.
pub(crate) const WHOLE: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Purpose;

    const TABLE: Quantiles = Quantiles([0, 0, 10, 60, 600, 7_200, 7_200, 90_000, 400_000, 900_000]);

    #[test]
    fn the_table_is_met_at_its_own_places() {
        for (place, length) in PROBABILITIES.iter().zip(TABLE.0) {
            let found = TABLE.at(u64::from(*place) * (WHOLE / 1_000));
            assert!(found.abs_diff(length) <= length / 5_000, "{place}: {found}");
        }
        assert_eq!(TABLE.at(0), 0);
        assert_eq!(TABLE.at(WHOLE), 900_000);
    }

    #[test]
    fn halfway_between_two_is_their_geometric_mean() {
        let found = TABLE.at(WHOLE * 375 / 1_000);
        assert!((189..=190).contains(&found), "{found}"); // the root of 60 x 600
    }

    #[test]
    fn rank_undoes_at() {
        for parts in (20..1_000).step_by(7) {
            let probability = WHOLE / 1_000 * parts;
            let (low, high) = TABLE.rank(TABLE.at(probability));
            let slack = WHOLE / 20; // whole seconds are coarse near zero
            assert!(
                low <= probability + slack && probability <= high + slack,
                "{parts}"
            );
        }
        assert_eq!(TABLE.rank(0), (0, WHOLE / 20));
        assert_eq!(TABLE.rank(7_200), (WHOLE / 4 * 3, WHOLE / 10 * 9));
        assert_eq!(TABLE.rank(5_000_000).1, WHOLE);
    }

    #[test]
    fn drawn_lengths_have_the_table_as_their_quantiles() {
        let mut draw = Draw::new(3, Purpose::Story, 1);
        let mut found: Vec<u64> = (0..40_000).map(|_| TABLE.draw(&mut draw)).collect();
        found.sort_unstable();
        for (index, part) in [(3, 250), (4, 500), (7, 950)] {
            let near = found[part * 40];
            assert!(
                near.abs_diff(TABLE.0[index]) < TABLE.0[index] / 10,
                "{part}: {near}"
            );
        }
    }
}
