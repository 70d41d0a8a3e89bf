//! A part of a budget, as an exact ratio.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Span, TimeError};

/// An exact part of a whole, such as 80 % of a budget; more than the whole is allowed.
///
/// Percentages are integer ratios and are shown rounded down (SEMANTICS T2), so that "100 %" is
/// never said of something that is not finished.
///
/// ```
/// use punctual::time::{Share, Span};
///
/// let warn_at = Share::percent(80);
/// assert_eq!(warn_at.of(Span::HOUR), Span::from_minutes(48)?);
/// assert_eq!(Share::new(2, 3)?.to_string(), "66%");
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32)", into = "(u32, u32)")]
pub struct Share {
    numerator: u32,
    denominator: u32,
}

impl Share {
    /// The largest share: a million times the whole.
    const MOST: u64 = 1_000_000;

    /// Returns `numerator / denominator`, in lowest terms.
    ///
    /// ```
    /// use punctual::time::Share;
    ///
    /// assert_eq!(Share::new(4, 5)?, Share::percent(80));
    /// assert!(Share::new(1, 0).is_err());
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`TimeError::NotAShare`] for a zero denominator or more than a million times the whole.
    pub const fn new(numerator: u32, denominator: u32) -> Result<Self, TimeError> {
        if denominator == 0 || (numerator as u64) > (denominator as u64).saturating_mul(Self::MOST)
        {
            return Err(TimeError::NotAShare {
                numerator,
                denominator,
            });
        }
        Ok(Self::lowest(numerator, denominator))
    }

    /// Divides out the common factor, so that equal shares are equal values.
    #[cfg_attr(
        not(test),
        expect(clippy::arithmetic_side_effects, reason = "no divisor is zero")
    )]
    const fn lowest(numerator: u32, denominator: u32) -> Self {
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a.wrapping_rem(b));
        }
        let common = if a == 0 { 1 } else { a };
        Self {
            numerator: numerator.wrapping_div(common),
            denominator: denominator.wrapping_div(common),
        }
    }

    /// Returns so many hundredths of the whole; more than 100 are allowed.
    ///
    /// ```
    /// use punctual::time::Share;
    ///
    /// assert_eq!(Share::percent(80).to_string(), "80%");
    /// assert!(Share::percent(120) > Share::percent(80));
    /// ```
    #[must_use]
    pub const fn percent(hundredths: u16) -> Self {
        Self::lowest(hundredths as u32, 100)
    }

    /// Returns this share of `whole`, rounded up to the microsecond: the first length at which the
    /// share is reached.
    ///
    /// ```
    /// use punctual::time::{Share, Span};
    ///
    /// let third = Share::new(1, 3)?;
    /// assert_eq!(third.of(Span::from_micros(10)).micros(), 4); // after 3 it is not yet a third
    /// assert_eq!(Share::percent(0).of(Span::HOUR), Span::ZERO);
    /// assert_eq!(Share::percent(150).of(Span::HOUR), Span::from_minutes(90)?);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn of(self, whole: Span) -> Span {
        let product = i128::from(whole.micros()).saturating_mul(i128::from(self.numerator));
        let denominator = i128::from(self.denominator.max(1));
        let down = product.div_euclid(denominator);
        let up = down.saturating_add(i128::from(product.rem_euclid(denominator) != 0));
        Span::from_micros(i64::try_from(up).unwrap_or(if up < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Returns whether this share of a budget is used up: whether `used` is [`Share::of`] it or more.
    /// No division is needed to tell.
    pub(crate) fn is_reached(self, used: i64, whole: i64) -> bool {
        let used = i128::from(used).saturating_mul(i128::from(self.denominator.max(1)));
        used >= i128::from(whole).saturating_mul(i128::from(self.numerator))
    }

    /// Returns whole percent, rounded down.
    ///
    /// ```
    /// use punctual::time::Share;
    ///
    /// assert_eq!(Share::new(999_999, 1_000_000)?.whole_percent(), 99); // never "100 %" too early
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    #[cfg_attr(
        not(test),
        expect(clippy::arithmetic_side_effects, reason = "no divisor is zero")
    )]
    pub const fn whole_percent(self) -> u64 {
        let denominator = if self.denominator == 0 {
            1
        } else {
            self.denominator as u64
        };
        (self.numerator as u64)
            .saturating_mul(100)
            .wrapping_div(denominator)
    }
}

impl TryFrom<(u32, u32)> for Share {
    type Error = TimeError;

    fn try_from((numerator, denominator): (u32, u32)) -> Result<Self, TimeError> {
        Self::new(numerator, denominator)
    }
}

impl From<Share> for (u32, u32) {
    fn from(share: Share) -> Self {
        (share.numerator, share.denominator)
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Products of two 32-bit numbers fit into 64 bits.
        let left = u64::from(self.numerator).saturating_mul(u64::from(other.denominator));
        let right = u64::from(other.numerator).saturating_mul(u64::from(self.denominator));
        left.cmp(&right)
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Share {
    /// Writes whole percent, rounded down.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.whole_percent())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn t2_a_share_is_reached_at_the_first_whole_microsecond() {
        let third = Share::new(1, 3).unwrap();
        assert_eq!(third.of(Span::from_micros(9)).micros(), 3);
        assert_eq!(third.of(Span::from_micros(10)).micros(), 4);
        assert_eq!(Share::percent(100).of(Span::HOUR), Span::HOUR);
        assert_eq!(Share::percent(0).of(Span::HOUR), Span::ZERO);
    }

    proptest! {
        #[test]
        fn a_share_is_reached_where_so_much_of_it_is_used(
            (numerator, denominator) in (0..1_000_u32, 1..1_000_u32),
            whole in 0..i64::MAX / 1_000_000,
            beside in -3..3_i64,
            elsewhere in 0..i64::MAX,
        ) {
            let share = Share::new(numerator, denominator).unwrap();
            let of = share.of(Span::from_micros(whole)).micros();
            for used in [of + beside, elsewhere] {
                prop_assert_eq!(share.is_reached(used, whole), used >= of);
            }
        }
    }

    #[test]
    fn t2_percent_is_shown_rounded_down() {
        assert_eq!(Share::new(999_999, 1_000_000).unwrap().to_string(), "99%");
    }

    #[test]
    fn equal_shares_are_equal_values() {
        assert_eq!(Share::new(4, 5).unwrap(), Share::percent(80));
        assert!(Share::percent(80) < Share::new(5, 6).unwrap());
        assert!(serde_json::from_str::<Share>("[1,0]").is_err());
    }

    #[test]
    fn unusable_shares_are_refused() {
        assert!(Share::new(1, 0).is_err());
        assert!(Share::new(u32::MAX, 1).is_err());
    }
}
