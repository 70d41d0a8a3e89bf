//! A share of something, kept as two integers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// So many of so many. Kept as integers, so that rates of parts can be joined and nothing is
/// rounded before it is shown.
///
/// ```
/// use punctual::projection::Rate;
///
/// let kept = Rate { part: 2, whole: 3 };
/// assert_eq!(kept.per_mille(), Some(666)); // rounded down
/// assert_eq!(kept.to_string(), "2/3 (66.6 %)");
/// assert_eq!(Rate { part: 0, whole: 0 }.per_mille(), None); // nothing to speak of
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Rate {
    /// The numerator: those of which it is said.
    pub part: u64,
    /// The denominator: all of them.
    pub whole: u64,
}

impl Rate {
    /// Returns `part` of `whole`.
    #[must_use]
    pub const fn new(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }

    /// Returns the rate of both together: parts are added to parts.
    ///
    /// ```
    /// use punctual::projection::Rate;
    ///
    /// // 1 of 2 and 9 of 10 are 10 of 12: the mean of their percentages would say 70 %.
    /// assert_eq!(Rate::new(1, 2).and(Rate::new(9, 10)).per_mille(), Some(833));
    /// ```
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            part: self.part.saturating_add(other.part),
            whole: self.whole.saturating_add(other.whole),
        }
    }

    /// Returns the share in thousandths, rounded down; `None` of nothing.
    ///
    /// A share of nothing is not zero: show a dash for `None`, so that an idle week does not look like a bad
    /// one.
    #[must_use]
    pub fn per_mille(self) -> Option<u64> {
        let thousandths = u128::from(self.part).checked_mul(1_000)?;
        u64::try_from(thousandths.checked_div(u128::from(self.whole))?).ok()
    }

    /// Returns the rate of the others.
    ///
    /// ```
    /// use punctual::projection::Rate;
    ///
    /// assert_eq!(Rate { part: 1, whole: 4 }.complement(), Rate { part: 3, whole: 4 });
    /// ```
    #[must_use]
    pub const fn complement(self) -> Self {
        Self {
            part: self.whole.saturating_sub(self.part),
            whole: self.whole,
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)?;
        match self.per_mille() {
            Some(tenths) => write!(
                f,
                " ({}.{} %)",
                tenths.checked_div(10).unwrap_or(0),
                tenths.checked_rem(10).unwrap_or(0)
            ),
            None => Ok(()),
        }
    }
}
