//! Shares as people say them.

use crate::WorkloadError;

/// A share in whole parts of a hundred: 0 to 100.
///
/// ```
/// use punctual_workload::Percent;
///
/// assert_eq!(Percent::new(93)?.get(), 93);
/// assert!(Percent::new(101).is_err());
/// # Ok::<(), punctual_workload::WorkloadError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u8);

impl Percent {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(100);

    /// Returns the share.
    ///
    /// # Errors
    /// [`WorkloadError::Percent`] above 100.
    pub const fn new(percent: u8) -> Result<Self, WorkloadError> {
        if percent > 100 {
            return Err(WorkloadError::Percent { found: percent });
        }
        Ok(Self(percent))
    }

    /// Returns the parts of a hundred.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// In parts of a thousand, as chances are drawn.
    pub(crate) fn thousandths(self) -> u32 {
        u32::from(self.0) * 10
    }

    /// A share of our own, which is at most the whole.
    pub(crate) const fn of_ours(percent: u8) -> Self {
        assert!(percent <= 100, "a default is a share");
        Self(percent)
    }
}
