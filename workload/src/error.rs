//! What a workload cannot be.

use chrono::NaiveDate;
use punctual::time::CivilDate;

/// Why there is no such workload. Asking again cannot help: give other options.
///
/// ```
/// use punctual_workload::{AfterSales, WorkloadError};
///
/// let refused = AfterSales::builder(1).days(0).build();
/// assert_eq!(refused.err(), Some(WorkloadError::Days { found: 0 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkloadError {
    /// A share of more than the whole.
    #[error("{found} % is more than the whole; give 0 to 100")]
    Percent {
        /// The refused number.
        found: u8,
    },
    /// No day, or more days than ten years have.
    #[error("a workload of {found} days cannot be spread; give 1 to 3650")]
    Days {
        /// The refused number.
        found: u16,
    },
    /// A first day outside the years that holidays and instants allow.
    #[error("a workload cannot start on {found}; give a date from 2000-01-01 to 2085-12-31")]
    Start {
        /// The refused date.
        found: CivilDate,
    },
}

/// Checks the first day and the number of days of a period.
pub(crate) fn check_period(start: CivilDate, days: u16) -> Result<(), WorkloadError> {
    let within = |date: NaiveDate| {
        NaiveDate::from_ymd_opt(2_000, 1, 1).is_some_and(|low| low <= date)
            && NaiveDate::from_ymd_opt(2_085, 12, 31).is_some_and(|high| date <= high)
    };
    if !within(start.date()) {
        return Err(WorkloadError::Start { found: start });
    }
    if !(1..=3_650).contains(&days) {
        return Err(WorkloadError::Days { found: days });
    }
    Ok(())
}
