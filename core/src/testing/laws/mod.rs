//! The laws of SEMANTICS as functions of a policy and a history.
//!
//! A law compares what the library says of a history with what it says of the same history told
//! otherwise: with a pause more, in another order, with more looking, under a shorter budget. Each is
//! a function of its own; [`Law`] names them, [`all`] asks every one, and [`check`] does so for
//! random histories of one policy and comes back with the smallest that breaks a law.
//!
//! The laws are deterministic: they look from the [vantage points](super::History::vantage_points)
//! of the history and vary it in places that follow from it.
//!
//! # Which law fails when
//!
//! | you see | look for |
//! |---|---|
//! | `urgent-first` | a goal for the more serious level that is longer, or on shorter hours, than another |
//! | `more-hours`, `shorter-budget`, `later-start` | a [`Reader`] of yours that rounds, or reads the local clock |
//! | `ticks`, `fires-once` | one that keeps something between two looks |
//! | `replay`, `arrival` | one that depends on the order in which facts became known |
//! | `export` | one whose files lose an event, or a part of one |
//!
//! Under the library's own reader only `urgent-first` is about the policy; the others hold whatever the
//! policy says, and hold a wrapper of yours to the same.
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::testing::{History, Law};
//!
//! // Urgent tickets wait longer than general ones: surely not meant.
//! let policy = Policy::from_toml(r#"
//!     policy   = "desk"
//!     timezone = "Asia/Shanghai"
//!     [level]
//!     values  = ["general", "urgent"]
//!     order   = ["general", "urgent"]
//!     default = "general"
//!     [target.first-response]
//!     start = "received"
//!     stop  = "replied"
//!     goals = [{ when = { level = "urgent" }, within = "3h" }, { within = "2h" }]
//! "#)?;
//! let history: History = "2026-03-09T01:00:00Z received level=urgent".parse()?;
//! let broken = Law::UrgentFirst.check(&policy, &history).err().ok_or("it holds")?;
//! assert!(broken.to_string().contains("urgent-first"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budgets;
mod export;
mod facts;
mod frame;
mod ladders;
mod pauses;
mod readings;
mod run;

use std::fmt;

use super::{Broken, History, Punctual, Reader};
use crate::policy::Policy;
use frame::Frame;

pub use facts::under_arrival;
pub use run::{CheckError, check, check_with};

/// Writes the enum of the laws and a function for each from one list, so that none can be missing.
macro_rules! laws {
    ($($(#[$doc:meta])* $law:ident, $function:ident = $body:path, $name:literal, $says:literal;)*) => {
        /// A law that every policy keeps.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Law {
            $($(#[$doc])* $law,)*
        }

        impl Law {
            /// Every law.
            pub const ALL: &'static [Self] = &[$(Self::$law,)*];

            /// Returns its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$law => $name,)*
                }
            }

            /// Returns what it says, in a sentence.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$law => $says,)*
                }
            }

            /// Checks it with another reader than the library itself.
            ///
            /// # Errors
            /// [`Broken`] when it does not hold.
            pub fn check_with(
                self,
                reader: &dyn Reader,
                policy: &Policy,
                history: &History,
            ) -> Result<(), Broken> {
                let frame = Frame::new(self, reader, policy, history);
                match self {
                    $(Self::$law => $body(&frame),)*
                }
            }
        }

        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`Broken`] when it does not hold.
            pub fn $function(policy: &Policy, history: &History) -> Result<(), Broken> {
                Law::$law.check(policy, history)
            }
        )*
    };
}

laws! {
    /// Pausing never moves `due_at` earlier: not with any declared reason, from any point between
    /// two facts to another. Policies whose clocks start or stop by `paused` and `resumed` are
    /// passed over.
    PausingNeverHurries, pausing_never_hurries = pauses::never_hurry,
        "pausing-never-hurries", "pausing never moves due_at earlier";
    /// A pause and its resumption at one instant change no reading.
    EmptyPause, an_empty_pause_is_nothing = pauses::empty,
        "empty-pause", "a pause and its resumption at one instant are nothing";
    /// A resumption and a new pause for the same reason, inside a pause, change no reading.
    SplitPause, splitting_a_pause_changes_nothing = pauses::split,
        "split-pause", "splitting a pause changes nothing";
    /// A working budget is used up by its parts one after the other: where a part of it falls due,
    /// just that part has been used, and the rest falls due when the whole did.
    SplitBudget, splitting_a_budget_changes_nothing = budgets::split,
        "split-budget", "splitting a working budget changes nothing";
    /// More open hours never delay a working budget. Working days and leads are left out: a later
    /// closing makes a day longer.
    MoreHours, more_hours_never_delay = budgets::more_hours,
        "more-hours", "more open hours never delay a working budget";
    /// A shorter budget of the same kind is never due later. Leads are left out: they count back.
    ShorterBudget, a_shorter_budget_is_never_later = budgets::shorter,
        "shorter-budget", "a shorter budget of the same kind is never due later";
    /// A clock that starts later is never due earlier: elapsed time, working time, and working days
    /// to closing, without pauses. (Calendar days are not so where clocks change: of two starts in a
    /// gap the later one can be due first.)
    LaterStart, a_later_start_is_never_earlier = budgets::later_start,
        "later-start", "a later start is never due earlier";
    /// Any number of supervisions, recorded at any instants, changes no reading.
    Ticks, ticks_change_nothing = facts::ticks,
        "ticks", "looking at a ticket, and recording what was seen, changes no verdict";
    /// Folding a whole log gives what folding it event by event gives, from every point on.
    Replay, replay_is_incremental = facts::replay,
        "replay", "a replay and an incremental fold give the same ticket";
    /// Facts at distinct instants may arrive in any order. Those of one instant keep theirs.
    Arrival, arrival_does_not_matter = facts::arrival,
        "arrival", "the order in which facts of distinct instants arrive changes nothing";
    /// The parts of an explanation follow each other from `received` to the reading without a hole,
    /// and those that count sum to what the clock has used.
    Explanation, an_explanation_adds_up = readings::explanation,
        "explanation", "an explanation sums to wall time, and its counting part to the time used";
    /// No clock is met and breached at once: outcome, instants and lengths of a reading agree, and
    /// nothing records a breach of a clock that reads as met.
    OneVerdict, no_clock_is_met_and_breached = readings::one_verdict,
        "one-verdict", "a clock is never met and breached at once";
    /// `due_at` is not after `breach_after`, the budget is just used up at both, and exceeded one
    /// microsecond after the second.
    DueBeforeBreach, due_is_not_after_breach = readings::due_before_breach,
        "due-before-breach", "due_at is not after breach_after, and as much is used at both";
    /// Supervised at any instants, a ticket is told each rung, each warning and each breach once,
    /// and a second look at once finds nothing.
    FiresOnce, a_rung_fires_once = ladders::fires_once,
        "fires-once", "no rung fires twice";
    /// What was exported as JSON Lines and imported is the same log, commit for commit and byte for
    /// byte: of the history, and of what the engine records of it.
    Export, an_import_of_an_export_is_the_log = export::import,
        "export", "an import of an export is the log";
    /// The more serious level is never due later, where both levels have a goal and nothing was
    /// judged anew: a check of the policy.
    UrgentFirst, urgent_is_never_slower = budgets::urgent_first,
        "urgent-first", "a more serious level is never due later";
}

impl Law {
    /// Checks it on one history under one policy.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::testing::{History, Law};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let history: History = "
    ///     2026-03-09T01:00:00Z received class=complaint
    ///     2026-03-09T08:00:00Z paused reason=awaiting-customer
    /// ".parse()?;
    /// Law::PausingNeverHurries.check(&policy, &history)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Broken`] when it does not hold.
    pub fn check(self, policy: &Policy, history: &History) -> Result<(), Broken> {
        self.check_with(&Punctual, policy, history)
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Checks every law on one history.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{History, laws};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let history: History = "
///     2026-03-09T01:00:00Z received class=repair level=major
///     2026-03-09T02:00:00Z diagnosed
///     2026-03-10T01:00:00Z plan-proposed
/// ".parse()?;
/// laws::all(&policy, &history)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Complexity
/// Some hundred readings of the history: milliseconds.
///
/// # Errors
/// The first [`Broken`], in the order of [`Law::ALL`].
pub fn all(policy: &Policy, history: &History) -> Result<(), Broken> {
    all_with(&Punctual, policy, history)
}

/// The same with another reader than the library itself.
///
/// # Errors
/// As [`all`].
pub fn all_with(reader: &dyn Reader, policy: &Policy, history: &History) -> Result<(), Broken> {
    Law::ALL
        .iter()
        .try_for_each(|law| law.check_with(reader, policy, history))
}
