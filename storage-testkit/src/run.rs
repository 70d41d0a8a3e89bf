//! Running checks, one by one or all.

use std::fmt;
use std::future::Future;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;

use crate::fixture::Backend;
use crate::scene::Cx;

/// Why a check did not run to its end.
///
/// ```
/// use punctual_testkit::Stop;
///
/// // Any error that a check did not expect is a failure, told with its causes.
/// let stop = Stop::from(std::io::Error::other("disk full"));
/// assert_eq!(stop, Stop::Failed("unexpected error: disk full".to_owned()));
/// ```
///
/// A skip is no failure, and it is always told: a backend that skips "crash" has not been shown to survive one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The guarantee is broken, in these words.
    Failed(String),
    /// The backend lacks what the check needs, for this reason.
    Skipped(&'static str),
}

impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        let mut told = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            told = format!("{told}: {cause}");
            source = cause.source();
        }
        Self::Failed(format!("unexpected error: {told}"))
    }
}

/// What a check answers.
///
/// ```
/// use punctual_testkit::{Outcome, Stop};
///
/// /// What a report of coverage says of a check.
/// fn word(outcome: &Outcome) -> String {
///     match outcome {
///         Ok(()) => "holds".to_owned(),
///         Err(Stop::Skipped(reason)) => format!("not asked: {reason}"),
///         Err(Stop::Failed(what)) => format!("BROKEN: {what}"),
///     }
/// }
///
/// assert_eq!(word(&Err(Stop::Skipped("no power to cut"))), "not asked: no power to cut");
/// ```
pub type Outcome = Result<(), Stop>;

pub(crate) type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// One guarantee of the port, by name.
///
/// ```
/// use std::sync::Arc;
/// use punctual_testkit::plain::Plain;
/// use punctual_testkit::CHECKS;
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
/// // One check by hand, on the slow and obvious store of this crate.
/// let check = CHECKS.iter().find(|it| it.name == "a_conflict_tells_what_is").ok_or("no such")?;
/// let outcome = check.run(Arc::new(Plain(None))).await;
/// assert_eq!(outcome, Ok(()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Check {
    /// Which part of the contract it belongs to.
    pub family: &'static str,
    /// What must hold, as a sentence.
    pub name: &'static str,
    pub(crate) start: fn(Cx) -> Running,
}

impl Check {
    /// Runs the check on stores of its own. A panic inside counts as a failure, and so does taking
    /// longer than six times the backend's patience.
    ///
    /// # Errors
    /// [`Stop`] when the guarantee is broken, or when the backend lacks what the check needs.
    pub async fn run(&self, backend: Arc<dyn Backend>) -> Outcome {
        let patience = backend.patience().saturating_mul(6);
        let running = tokio::spawn((self.start)(Cx::new(backend)));
        let abort = running.abort_handle();
        let Ok(ended) = tokio::time::timeout(patience, running).await else {
            abort.abort();
            return Err(Stop::Failed(format!("no end within {patience:?}")));
        };
        ended.unwrap_or_else(|error| {
            Err(Stop::Failed(match error.try_into_panic() {
                Ok(panic) => format!("panic: {}", told(panic.as_ref())),
                Err(_) => "the check was cancelled".to_owned(),
            }))
        })
    }
}

fn told(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("of unknown cause")
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.family, self.name)
    }
}

/// Runs one check as the body of a `#[test]`; [`event_store_suite!`](crate::event_store_suite) calls
/// it. A skip is written to standard error past the harness, so that it is always seen.
///
/// ```
/// use punctual_testkit::plain::Plain;
/// use punctual_testkit::run_as_test;
///
/// // What the macro writes for each check, as the body of a test.
/// run_as_test(Plain(None), "append", "versions_run_from_one_without_a_hole");
/// ```
///
/// # Panics
/// When the check fails, which is what a test does, or when it does not exist.
pub fn run_as_test(backend: impl Backend, family: &str, name: &str) {
    let found = crate::CHECKS
        .iter()
        .find(|check| check.family == family && check.name == name);
    let Some(check) = found else {
        panic!("there is no check {family}::{name}");
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime for {check:?}: {error}"),
    };
    match runtime.block_on(check.run(Arc::new(backend))) {
        Ok(()) => {}
        Err(Stop::Skipped(reason)) => {
            let line = format!("skipped {check:?}: {reason}\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
        Err(Stop::Failed(reason)) => panic!("{check:?}: {reason}"),
    }
}
