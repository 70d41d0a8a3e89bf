//! Many random histories of one policy.

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::super::broken::Broken;
use super::super::history::History;
use super::super::reader::{Punctual, Reader};
use super::super::walk::histories;
use super::all_with;
use crate::policy::Policy;
use crate::ticket::Status;

/// Why [`check`] does not say yes. Its `Debug` is its `Display`, for tests that return it.
///
/// ```
/// use punctual::policy::Policy;
/// use punctual::testing::{CheckError, laws};
///
/// // Urgent tickets are promised more time than general ones.
/// let policy = Policy::from_toml(r#"
///     policy   = "desk"
///     timezone = "UTC"
///     [level]
///     values  = ["general", "urgent"]
///     default = "general"
///     [target.first-response]
///     start = "received"
///     stop  = "replied"
///     goals = [{ when = { level = "urgent" }, within = "3h" }, { within = "2h" }]
/// "#)?;
/// let Err(CheckError::Broken(broken)) = laws::check(&policy, 64) else { return Err("it holds".into()) };
/// assert_eq!(broken.law().name(), "urgent-first");
/// assert_eq!(broken.history().steps().len(), 1); // shrunk to a request alone
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
        Err(TestError::Fail(reason, history)) => match all_with(reader, policy, &history) {
            Err(broken) => Err(without_needless_steps(reader, policy, broken).into()),
            Ok(()) => Err(CheckError::GivenUp {
                why: reason.to_string(),
            }),
        },
        Err(TestError::Abort(reason)) => Err(CheckError::GivenUp {
            why: reason.to_string(),
        }),
    }
}

/// Leaves out every step without which the same law is broken. Shrinking tries each step once, and a
/// step that was needed then may not be in the end.
fn without_needless_steps(reader: &dyn Reader, policy: &Policy, mut broken: Broken) -> Broken {
    let mut place = broken.history().steps().len();
    // The request itself stays.
    while place > 1 {
        place = place.saturating_sub(1);
        let steps = broken.history().steps().iter().enumerate();
        let others = steps.filter(|(step, _)| *step != place);
        let fewer = History::new(others.map(|(_, step)| step.clone()).collect());
        if can_have_happened(policy, &fewer)
            && let Err(still) = broken.law().check_with(reader, policy, &fewer)
        {
            place = still.history().steps().len().min(place);
            broken = still;
        }
    }
    broken
}

/// Whether the facts admit every step, and the policy permits it.
fn can_have_happened(policy: &Policy, history: &History) -> bool {
    let ticket = history.ticket();
    let mut status = Status::default();
    let mut facts = ticket.timeline().facts().iter();
    ticket.anomalies().is_empty()
        && facts.all(|fact| {
            let is_permitted = policy.refusals(&status, fact).is_empty();
            status.advance(fact);
            is_permitted
        })
}
