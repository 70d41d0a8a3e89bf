//! Many lengths, of which the count, the sum and the distribution are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// One octave is cut into so many steps.
const STEPS: u32 = 32;
const STEP_BITS: u32 = 5;

/// A distribution of lengths that can be added to and taken from exactly.
///
/// Lengths are counted in steps that are at most 1/32 wide, so a quantile is told with an error of
/// at most 3.2 %, always as the upper end of its step: never shorter than it was. Count and sum are
/// exact.
///
/// ```
/// use punctual::projection::Lengths;
/// use punctual::time::Span;
///
/// let mut times = Lengths::default();
/// for minutes in [10, 20, 30, 40, 400] {
///     times.add(Span::from_minutes(minutes)?);
/// }
/// assert_eq!(times.count(), 5);
/// assert_eq!(times.mean(), Some(Span::from_minutes(100)?));
/// let median = times.quantile(50).ok_or("empty")?;
/// assert!(median >= Span::from_minutes(30)? && median <= Span::from_minutes(31)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lengths {
    count: u64,
    sum: i128,
    steps: BTreeMap<u16, u64>,
}

impl Lengths {
    /// Counts a length. Negative ones count as none at all.
    pub fn add(&mut self, length: Span) {
        self.put(step_of(length), 1, i128::from(length.micros().max(0)));
    }

    /// Sets the sum of what was put in step by step.
    pub(super) const fn put_sum(&mut self, sum: i128) {
        self.sum = sum;
    }

    pub(super) fn put(&mut self, step: u16, count: u64, sum: i128) {
        let steps = self.steps.entry(step).or_default();
        *steps = steps.saturating_add(count);
        self.count = self.count.saturating_add(count);
        self.sum = self.sum.saturating_add(sum);
    }

    /// Returns how many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Returns the mean, rounded down to the microsecond; `None` of none.
    #[must_use]
    pub fn mean(&self) -> Option<Span> {
        let mean = self.sum.checked_div(i128::from(self.count))?;
        i64::try_from(mean).ok().map(Span::from_micros)
    }

    /// Returns the length that `percent` of 100 do not exceed, rounded up to the end of its step;
    /// `None` of none. 50 is the median; more than 100 counts as 100.
    ///
    /// ```
    /// use punctual::projection::Lengths;
    /// use punctual::time::Span;
    ///
    /// let mut times = Lengths::default();
    /// for minutes in 1..=100 {
    ///     times.add(Span::from_minutes(minutes)?);
    /// }
    /// let slow = times.quantile(90).ok_or("empty")?;
    /// assert!(slow >= Span::from_minutes(90)? && slow <= Span::from_minutes(93)?);
    /// assert_eq!(Lengths::default().quantile(90), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn quantile(&self, percent: u8) -> Option<Span> {
        let percent = u128::from(percent.min(100));
        let rank = u128::from(self.count)
            .saturating_mul(percent)
            .div_ceil(100)
            .max(1);
        let mut passed = 0_u128;
        for (step, count) in &self.steps {
            passed = passed.saturating_add(u128::from(*count));
            if passed >= rank {
                return Some(end_of(*step));
            }
        }
        None
    }

    /// Returns the distribution: the upper end of each step that is not empty, and its count.
    pub fn steps(&self) -> impl Iterator<Item = (Span, u64)> + '_ {
        self.steps
            .iter()
            .map(|(step, count)| (end_of(*step), *count))
    }
}

/// Returns the step that a length falls into. Microseconds below 32 have a step each; above, each
/// octave has 32.
pub(super) fn step_of(length: Span) -> u16 {
    let micros = u64::try_from(length.micros()).unwrap_or(0);
    let octave = micros.max(1).ilog2();
    let shift = octave.saturating_sub(STEP_BITS);
    let mantissa = micros.checked_shr(shift).unwrap_or(0);
    let step = u64::from(shift.saturating_mul(STEPS)).saturating_add(mantissa);
    u16::try_from(step).unwrap_or(u16::MAX)
}

/// Returns the longest length of a step.
fn end_of(step: u16) -> Span {
    let step = u32::from(step);
    let shift = step.saturating_sub(STEPS).checked_div(STEPS).unwrap_or(0);
    let mantissa = u64::from(step.saturating_sub(shift.saturating_mul(STEPS)));
    let next = u128::from(mantissa.saturating_add(1)).checked_shl(shift);
    let end = next.unwrap_or(u128::MAX).saturating_sub(1);
    Span::from_micros(i64::try_from(end).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_step_holds_its_length_and_is_narrow(micros in 0_i64..i64::MAX / 2) {
            let end = end_of(step_of(Span::from_micros(micros))).micros();
            prop_assert!(end >= micros);
            prop_assert!(end - micros <= micros / 32);
            prop_assert_eq!(step_of(Span::from_micros(end)), step_of(Span::from_micros(micros)));
            prop_assert!(step_of(Span::from_micros(end + 1)) == step_of(Span::from_micros(micros)) + 1);
        }

        #[test]
        fn quantiles_are_those_of_the_sorted_list(mut list in prop::collection::vec(0_i64..1 << 50, 1..200), percent in 1_u8..=100) {
            let mut lengths = Lengths::default();
            for micros in &list {
                lengths.add(Span::from_micros(*micros));
            }
            list.sort_unstable();
            let rank = (list.len() * usize::from(percent)).div_ceil(100).max(1);
            let exact = list[rank - 1];
            let told = lengths.quantile(percent).unwrap().micros();
            prop_assert!(told >= exact && told - exact <= exact / 32);
        }
    }
}
