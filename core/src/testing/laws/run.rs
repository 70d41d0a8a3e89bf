//! Many random histories of one policy.

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::super::broken::Broken;
use super::super::reader::{Punctual, Reader};
use super::super::walk::histories;
use super::all_with;
use crate::policy::Policy;

/// Why [`check`] does not say yes. Its `Debug` is its `Display`, for tests that return it.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// A law does not hold, of the smallest history that was found.
    #[error("{0}")]
    Broken(#[from] Broken),
    /// The run came to no end: a history broke a law and, tried again, broke none, or the generator
    /// gave up. Then the reader is not deterministic.
    #[error("the run was given up: {why}; does the reader answer alike when asked again?")]
    GivenUp {
        /// What the runner said.
        why: String,
    },
}

impl std::fmt::Debug for CheckError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// How often a counterexample is tried smaller.
const MOST_SHRINKS: u32 = 4_096;

/// Checks every law on `cases` random histories of one policy: the whole property test of a policy in
/// one call.
///
/// The histories use the words of the policy: its classes, levels, fields, reasons, marks and roles,
/// the events that its clocks start and stop by, and waits that end where budgets and shifts do.
///
/// ```
/// use punctual::policy::Policy;
/// use punctual::testing::laws;
///
/// let policy = Policy::from_toml(r#"
///     policy = "desk"
///     timezone = "Europe/Stockholm"
///     default-calendar = "office"
///     calendar.office.week = { mon-fri = ["09:00-17:00"] }
///     [target.first-response]
///     start = "received"
///     stop = "replied"
///     pause = "awaiting-customer"
///     goals = [{ within = "4wh" }]
/// "#)?;
/// laws::check(&policy, 4)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`CheckError::Broken`] with the smallest history that was found to break a law.
pub fn check(policy: &Policy, cases: u32) -> Result<(), CheckError> {
    check_with(&Punctual, policy, cases)
}

/// The same with another reader than the library itself.
///
/// # Errors
/// As [`check`].
pub fn check_with(reader: &dyn Reader, policy: &Policy, cases: u32) -> Result<(), CheckError> {
    let config = Config {
        cases,
        failure_persistence: None,
        // Few cases should not mean a large counterexample.
        max_shrink_iters: MOST_SHRINKS,
        ..Config::default()
    };
    let holds = |history| {
        all_with(reader, policy, &history).map_err(|broken| TestCaseError::fail(broken.to_string()))
    };
    match TestRunner::new(config).run(&histories(policy), holds) {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, history)) => {
            all_with(reader, policy, &history)?;
            Err(CheckError::GivenUp {
                why: reason.to_string(),
            })
        }
        Err(TestError::Abort(reason)) => Err(CheckError::GivenUp {
            why: reason.to_string(),
        }),
    }
}
