//! Backtests: one history under several policies, side by side.
//!
//! What would another promise have cost? A backtest takes the tickets as they were and reads each of
//! them under two or more policies: another budget, another calendar, other staffing hours. It says
//! per ticket which promises come to another verdict and why, and per promise what that does to the
//! figures. A ticket is folded once, however many policies there are, and nothing is stored.
//!
//! # What counts as history
//!
//! What people did: received, answered, waited, resolved, waived. What an engine recorded under the
//! policy of the day is no fact of another policy, and plays no part: neither the bindings to policy
//! versions nor the warnings, breaches and escalations. Nobody can know what people would have done
//! under another policy, so the backtest says what it would have made of what they did.
//!
//! # A stricter budget
//!
//! ```
//! use punctual::backtest::{Backtest, Fate};
//! use punctual::language::Language;
//! use punctual::policy::Policy;
//! # use punctual::event::Actor;
//! # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
//! # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
//! #     let mut ticket = Ticket::default();
//! #     for (civil, action) in told {
//! #         let at = format!("{civil}:00+08:00").parse()?;
//! #         let action: Action = serde_json::from_str(action)?;
//! #         let command = Command::new(action, at, Actor::new("desk".parse()?));
//! #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
//! #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//! #     }
//! #     Ok(ticket)
//! # }
//!
//! let document = r#"
//!     policy   = "help-desk"
//!     timezone = "Asia/Shanghai"
//!     [target.first-response]
//!     start = "received"
//!     stop  = "replied"
//!     goals = [{ within = "30m" }]
//! "#;
//! let today = Policy::from_toml(document)?;
//! let quicker = Policy::from_toml(&document.replace("30m", "20m"))?;
//! let as_of = "2026-03-10T00:00:00+08:00".parse()?;
//! let backtest = Backtest::new([("today", &today), ("quicker", &quicker)], as_of)?;
//!
//! let ticket = ticket(&[
//!     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
//!     ("2026-03-09T09:25", r#"{"type":"reply"}"#),
//! ])?;
//! let differences = backtest.ticket(&ticket);
//! let only = &differences[0];
//! assert_eq!((only.from, only.to), (Fate::Met, Fate::Breached));
//! let why = only.reasons[0].phrase();
//! assert_eq!(why.text(Language::English), "another budget: 30m → 20m");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For a whole history see [`Backtest::over`].
//!
//! # What this module is not
//!
//! It reads no store and no file: where the tickets come from is the caller's business. It starts no
//! thread but those that the caller asks for, and they are gone when the call returns.
//!
//! # How to read the result
//!
//! | you ask | look at |
//! |---|---|
//! | did this ticket come out differently, and why | [`Difference`], from [`Backtest::ticket`] or [`Run::each`] |
//! | what did the change do to one promise | [`Summary::figures`] of both policies, and [`Summary::flips`] |
//! | which change is the cause | [`Summary::reasons`]: the first reason of each difference, counted |
//! | who would have been called more often | [`Summary::rungs`], after [`Backtest::with_rungs`] |
//!
//! Policies and promises go by their places: place 0 of [`Backtest::arms`] is the policy that the others
//! are compared with, and [`Backtest::promises`] lists the promises of all of them.

mod arm;
mod difference;
mod fate;
mod pairs;
mod reason;
mod run;
mod rungs;
mod summary;
mod tester;

pub use difference::Difference;
pub use fate::{Fate, Fates, Flips};
pub use reason::{Lacking, Reason, Why};
pub use run::Run;
pub use summary::{Figures, Summary};

use arm::Arm;
use tester::Tester;

use crate::policy::Policy;
use crate::projection::Promise;
use crate::ticket::Ticket;
use crate::time::Instant;

/// Why policies cannot be set side by side.
///
/// Both are mistakes of the call, found before a ticket is read; trying again cannot help.
///
/// ```
/// use punctual::backtest::{Backtest, BacktestError};
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::time::Instant;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let twice = Backtest::new([("now", &policy), ("now", &policy)], Instant::MAX);
/// let error = twice.err().ok_or("two policies of one name")?;
/// assert_eq!(error, BacktestError::SameName { name: "now".to_owned() });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BacktestError {
    /// There is nothing to compare.
    #[error("a backtest needs at least two policies, found {found}")]
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// Two policies could not be told apart.
    #[error("two policies are named `{name}`; give each a name of its own")]
    SameName {
        /// The name.
        name: String,
    },
}

/// Several policies side by side. The first is the one that the others are compared with.
///
/// Clocks are the same under two policies if they are of the same promise (agreement and target) and
/// began by the same event; those that did not are taken together by their cycle. So a target that
/// is renamed is one that vanishes and one that appears.
#[derive(Debug, Clone)]
pub struct Backtest<'p> {
    arms: Vec<Arm<'p>>,
    promises: Vec<Promise>,
    as_of: Instant,
    has_rungs: bool,
    most_examples: usize,
}

impl<'p> Backtest<'p> {
    /// Sets policies side by side under names of the caller's choice, the first being what the
    /// others are compared with. `as_of` is the horizon at which a clock that still runs is judged,
    /// and after which nothing is seen: one that is over by then counts as broken.
    ///
    /// ```
    /// use punctual::backtest::{Backtest, BacktestError};
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::time::Instant;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let alone = Backtest::new([("today", &policy)], Instant::MAX);
    /// assert_eq!(alone.unwrap_err(), BacktestError::TooFew { found: 1 });
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    ///
    /// # Errors
    /// [`BacktestError`] for fewer than two policies, or two of one name.
    pub fn new<N: Into<String>>(
        policies: impl IntoIterator<Item = (N, &'p Policy)>,
        as_of: Instant,
    ) -> Result<Self, BacktestError> {
        let (mut arms, mut promises): (Vec<Arm<'p>>, _) = (Vec::new(), Vec::new());
        for (name, policy) in policies {
            let name: String = name.into();
            if arms.iter().any(|arm| arm.name == name) {
                return Err(BacktestError::SameName { name });
            }
            arms.push(Arm::new(name, policy, &mut promises));
        }
        let found = arms.len();
        let Some((first, others)) = arms.split_first_mut().filter(|_| found > 1) else {
            return Err(BacktestError::TooFew { found });
        };
        for other in others {
            other.compare_calendars(first.policy);
        }
        Ok(Self {
            arms,
            promises,
            as_of,
            has_rungs: false,
            most_examples: 0,
        })
    }

    /// Counts whom the ladders would have told as well. It costs more than everything else.
    ///
    /// A rung counts when it was reached while its clock stood, as if somebody had looked all the time:
    /// what was told in reality were the rungs of the policy of the day, and plays no part. Waivers do:
    /// a rung reached after its clock was waived does not count.
    #[must_use]
    pub fn with_rungs(mut self) -> Self {
        self.has_rungs = true;
        self
    }

    /// Keeps the first so many differences in the summary.
    ///
    /// "First" is by the order of the source, not by who was fastest, so the same run shows the same
    /// examples whatever the number of workers. They are the one part of a summary that takes memory:
    /// two readings each. None are kept without this call.
    #[must_use]
    pub fn with_examples(mut self, most: usize) -> Self {
        self.most_examples = most;
        self
    }

    /// Returns the names of the policies; their places are what summaries and differences count by.
    ///
    /// ```
    /// use punctual::backtest::Backtest;
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::time::Instant;
    ///
    /// let today = Policy::from_toml(AFTER_SALES)?;
    /// let slower = Policy::from_toml(&AFTER_SALES.replace(r#"within = "30m""#, r#"within = "45m""#))?;
    /// let backtest = Backtest::new([("today", &today), ("slower", &slower)], Instant::MAX)?;
    /// assert_eq!(backtest.arms().collect::<Vec<_>>(), ["today", "slower"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn arms(&self) -> impl Iterator<Item = &str> {
        self.arms.iter().map(|arm| arm.name.as_str())
    }

    /// Returns a policy by its place.
    #[must_use]
    pub fn policy(&self, arm: usize) -> Option<&'p Policy> {
        self.arms.get(arm).map(|arm| arm.policy)
    }

    /// Returns everything that any of the policies promises: those of the first in its order, then
    /// what the others add. Their places are what summaries count by.
    ///
    /// ```
    /// use punctual::backtest::Backtest;
    /// use punctual::policy::Policy;
    /// use punctual::time::Instant;
    ///
    /// let document = r#"
    ///     policy   = "help-desk"
    ///     timezone = "Asia/Shanghai"
    ///     [target.first-response]
    ///     start = "received"
    ///     stop  = "replied"
    ///     goals = [{ within = "30m" }]
    /// "#;
    /// let more = r#"
    ///     [target.solution]
    ///     start = "received"
    ///     stop  = "resolved"
    ///     goals = [{ within = "3d" }]
    /// "#;
    /// let today = Policy::from_toml(document)?;
    /// let tomorrow = Policy::from_toml(&format!("{document}{more}"))?;
    /// let backtest = Backtest::new([("today", &today), ("tomorrow", &tomorrow)], Instant::MAX)?;
    /// let targets: Vec<&str> = backtest.promises().iter().map(|it| it.target.as_str()).collect();
    /// assert_eq!(targets, ["first-response", "solution"]); // the second one is new
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn promises(&self) -> &[Promise] {
        &self.promises
    }

    /// Returns the horizon.
    #[must_use]
    pub const fn as_of(&self) -> Instant {
        self.as_of
    }

    /// Returns the promises of one ticket that come to another verdict under another policy than
    /// under the first: policy by policy, in the order of [`Backtest::promises`].
    ///
    /// A promise that comes to the same verdict is not listed, even where it falls due at another
    /// instant. An empty list means: nobody who counts verdicts would notice the change.
    ///
    /// # Complexity
    /// One reading of the ticket's clocks for each policy.
    #[must_use]
    pub fn ticket(&self, ticket: &Ticket) -> Vec<Difference> {
        let mut found = Vec::new();
        Tester::new(self).take((0, 0), ticket, |difference| found.push(difference));
        found
    }

    /// Returns a summary of no ticket.
    fn empty(&self) -> Summary {
        Summary::new(self.arms.len(), self.promises.len(), self.most_examples)
    }
}
