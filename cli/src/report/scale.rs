//! The scales of the charts: pure functions from figures to places and ticks, in integers.
//!
//! | chart | scale |
//! |---|---|
//! | compliance over time | linear in the share; all panels of a page begin at the same [`floor_permille`] and end at 100 % |
//! | decisions below it | linear from zero to the panel's own greatest count |
//! | breach margins | one slot for each bin whatever its width, for bins grow away from zero; heights linear from zero |
//! | bars in tables | linear from zero to the table's greatest figure, or to 100 % for shares |
//! | load by hour of week | classes of equal width, see [`class_width`]; zero is a class of its own |
//! | counts on an axis | [`count_ticks`]: multiples of 1, 2 or 5 times a power of ten |
//!
//! Nothing is drawn on a logarithmic scale, and no axis of bars begins above zero.

use std::fmt;

/// A place or a length in a drawing, in tenths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place(i64);

impl Place {
    /// Returns so many tenths of a unit.
    #[must_use]
    pub const fn tenths(tenths: i64) -> Self {
        Self(tenths)
    }

    /// Returns so many whole units.
    #[must_use]
    pub const fn units(units: i64) -> Self {
        Self(units.saturating_mul(10))
    }

    /// Returns the tenths.
    #[must_use]
    pub const fn as_tenths(self) -> i64 {
        self.0
    }

    /// Returns the place so much further right, or further down.
    #[must_use]
    pub const fn plus(self, more: Self) -> Self {
        Self(self.0.saturating_add(more.0))
    }

    /// Returns the place so much further left, or further up.
    #[must_use]
    pub const fn minus(self, less: Self) -> Self {
        Self(self.0.saturating_sub(less.0))
    }
}

impl fmt::Display for Place {
    /// Writes `12` or `12.5`, as drawings want it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        match tenth {
            0 => write!(f, "{sign}{whole}"),
            tenth => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// A linear scale from figures to places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linear {
    /// The figures at both ends.
    pub figures: (i64, i64),
    /// Where those ends lie. The second may lie before the first: heights grow upwards.
    pub places: (Place, Place),
}

impl Linear {
    /// Returns where a figure lies, rounded towards the first end; figures beyond an end lie at it.
    /// A scale whose ends are the same figure has everything at its first place.
    ///
    /// ```
    /// use punctual_cli::report::scale::{Linear, Place};
    ///
    /// let scale = Linear { figures: (0, 100), places: (Place::units(50), Place::units(10)) };
    /// assert_eq!(scale.at(25), Place::units(40));
    /// assert_eq!(scale.at(900), Place::units(10));
    /// ```
    #[must_use]
    pub fn at(&self, figure: i64) -> Place {
        let (low, high) = self.figures;
        let span = i128::from(high) - i128::from(low);
        if span <= 0 {
            return self.places.0;
        }
        let along = (i128::from(figure) - i128::from(low)).clamp(0, span);
        let length = i128::from(self.places.1.0) - i128::from(self.places.0.0);
        let moved = i64::try_from(length * along / span).unwrap_or(0);
        Place(self.places.0.0.saturating_add(moved))
    }
}

/// Returns the ticks of an axis of counts from zero: multiples of the smallest 1, 2 or 5 times a
/// power of ten that reaches `greatest` in at most `most` steps. The last tick is at or above
/// `greatest`. An axis of nothing has the ticks 0 and 1.
///
/// ```
/// use punctual_cli::report::scale::count_ticks;
///
/// assert_eq!(count_ticks(37, 4), [0, 10, 20, 30, 40]);
/// assert_eq!(count_ticks(0, 4), [0, 1]);
/// ```
#[must_use]
pub fn count_ticks(greatest: u64, most: u64) -> Vec<u64> {
    let greatest = greatest.max(1);
    let step = nice(greatest.div_ceil(most.max(1)));
    let steps = greatest.div_ceil(step);
    (0..=steps).map(|nth| nth.saturating_mul(step)).collect()
}

/// Returns the smallest of 1, 2, 5, 10, 20, 50, ... that is not below `least`; the greatest of them
/// where none is.
#[must_use]
pub fn nice(least: u64) -> u64 {
    round(least, &[1, 2, 5])
}

/// Returns the smallest product of one of the ascending `factors` and a power of ten that is not
/// below `least`.
fn round(least: u64, factors: &[u64]) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in factors {
            match power.checked_mul(*factor) {
                Some(step) if step >= least => return step,
                Some(_) => {}
                None => return power,
            }
        }
        match power.checked_mul(10) {
            Some(next) => power = next,
            None => return power,
        }
    }
}

/// Returns where the axis of shares begins, in thousandths, so that the lowest share is still on
/// it: 90 %, 80 %, 50 % or 0 %. Good desks keep 95 to 99 % of their promises; on an axis from zero
/// their good and bad months look the same. An axis that does not begin at zero says so.
#[must_use]
pub fn floor_permille(lowest: Option<u64>) -> u64 {
    let lowest = lowest.unwrap_or(0);
    let floors = [900, 800, 500];
    let found = floors.into_iter().find(|floor| *floor <= lowest);
    found.unwrap_or(0)
}

/// Returns the ticks of an axis of shares that begins at `floor` thousandths: the ends and the
/// middle.
#[must_use]
pub const fn share_ticks(floor: u64) -> [u64; 3] {
    let floor = if floor > 1_000 { 1_000 } else { floor };
    [floor, (floor + 1_000) / 2, 1_000]
}

/// Returns how many counts one class of the load spans, so that `classes` classes reach `greatest`:
/// a single digit other than 7 and 9 times a power of ten, so that the legend can be read and most
/// classes are used. Class 0 is zero alone, class 1 is from 1 to the width, and so on.
#[must_use]
pub fn class_width(greatest: u64, classes: u64) -> u64 {
    let least = greatest.max(1).div_ceil(classes.max(1));
    round(least, &[1, 2, 3, 4, 5, 6, 8])
}

/// Returns the class of a count, see [`class_width`].
#[must_use]
pub const fn class_of(count: u64, width: u64) -> u64 {
    match count.checked_sub(1) {
        None => 0,
        Some(below) => match below.checked_div(width) {
            Some(full) => full.saturating_add(1),
            None => 1,
        },
    }
}

/// Returns that every `n`-th label is shown, for labels of `label` length in slots of `slot`: the
/// least of 1, 2, 3, 4, 6, 12, 24, ... that keeps them apart. Months and hours divide by these.
#[must_use]
pub fn label_step(slot: Place, label: Place) -> usize {
    let fits = |step: &usize| {
        let room = slot
            .0
            .saturating_mul(i64::try_from(*step).unwrap_or(i64::MAX));
        room >= label.0
    };
    let usual = [1, 2, 3, 4, 6].into_iter();
    let doubling = (0..20).map(|power| 12_usize << power);
    let found = usual.chain(doubling).find(fits);
    found.unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        for (greatest, most, ticks) in [
            (1, 4, vec![0, 1]),
            (3, 4, vec![0, 1, 2, 3]),
            (5, 4, vec![0, 2, 4, 6]),
            (41, 4, vec![0, 20, 40, 60]),
            (100, 4, vec![0, 50, 100]),
            (99_999, 5, vec![0, 20_000, 40_000, 60_000, 80_000, 100_000]),
        ] {
            assert_eq!(count_ticks(greatest, most), ticks, "{greatest} in {most}");
        }
    }

    #[test]
    fn the_axis_of_shares_begins_as_high_as_its_lowest_share_lets_it() {
        for (lowest, floor) in [
            (None, 0),
            (Some(0), 0),
            (Some(499), 0),
            (Some(500), 500),
            (Some(799), 500),
            (Some(800), 800),
            (Some(899), 800),
            (Some(900), 900),
            (Some(1_000), 900),
        ] {
            assert_eq!(floor_permille(lowest), floor, "{lowest:?}");
        }
        assert_eq!(share_ticks(900), [900, 950, 1_000]);
    }

    #[test]
    fn classes_begin_above_zero_and_end_at_their_width() {
        for (count, class) in [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5)] {
            assert_eq!(class_of(count, 20), class, "{count}");
        }
    }

    #[test]
    fn labels_are_thinned_until_they_stand_apart() {
        for (slot, label, step) in [
            (30, 20, 1),
            (30, 30, 1),
            (30, 31, 2),
            (5, 28, 6),
            (5, 31, 12),
        ] {
            let found = label_step(Place::units(slot), Place::units(label));
            assert_eq!(found, step, "{label} in {slot}");
        }
    }

    #[test]
    fn places_are_written_with_a_tenth_where_there_is_one() {
        for (tenths, text) in [(0, "0"), (125, "12.5"), (-5, "-0.5"), (-120, "-12")] {
            assert_eq!(Place::tenths(tenths).to_string(), text);
        }
    }

    proptest! {
        /// Few ticks, evenly apart, and the last one holds the greatest figure.
        #[test]
        fn ticks_reach_the_greatest_in_few_steps(greatest in 0_u64..=u64::MAX / 10, most in 1_u64..20) {
            let ticks = count_ticks(greatest, most);
            prop_assert!(ticks.len() as u64 <= most + 1);
            prop_assert!(ticks.last().is_some_and(|last| *last >= greatest));
            let step = ticks[1];
            prop_assert!(ticks.windows(2).all(|pair| pair[1] - pair[0] == step));
            // One step less would not reach it, so no tick is there for nothing.
            prop_assert!(ticks[ticks.len() - 2] < greatest.max(1));
        }

        /// Every count has a class that exists.
        #[test]
        fn no_count_is_above_the_last_class(greatest in 0_u64..=u64::MAX / 10, part in 0_u64..=1_000) {
            let width = class_width(greatest, 5);
            let count = (u128::from(greatest) * u128::from(part) / 1_000) as u64;
            prop_assert!(class_of(count, width) <= 5);
            prop_assert_eq!(class_of(count, width) == 0, count == 0);
        }

        /// A greater figure never lies before a lesser one, and none lies outside.
        #[test]
        fn a_scale_keeps_the_order(
            low in any::<i64>(), high in any::<i64>(), a in any::<i64>(), b in any::<i64>(),
        ) {
            let places = (Place::units(0), Place::units(300));
            let scale = Linear { figures: (low, high), places };
            let (at_a, at_b) = (scale.at(a.min(b)), scale.at(a.max(b)));
            prop_assert!(at_a <= at_b);
            prop_assert!(places.0 <= at_a && at_b <= places.1);
        }
    }
}
