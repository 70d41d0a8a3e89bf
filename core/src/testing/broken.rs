//! What a law that fails says.

use std::fmt;

use super::Law;
use super::history::History;
use crate::clock::{Measure, Reading};
use crate::policy::Policy;
use crate::time::{Instant, Span};

/// A law that does not hold: which one, the two sides that disagree, and the history.
///
/// Its `Debug` is its `Display`, so that a test which returns it prints a report that can be read.
///
/// A report has the law in a sentence, the two sides that disagree, and the history as a script that can
/// be pasted into a test: [`Broken::to_test`] writes that test.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    law: Law,
    policy: String,
    at: Option<Instant>,
    claim: String,
    sides: [Side; 2],
    history: History,
}

/// One of the two things that disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What it is.
    pub what: String,
    /// The reading, where it is one.
    pub reading: Option<Reading>,
}

impl Side {
    /// Returns a side that is a reading, or the lack of one.
    #[must_use]
    pub fn reading(what: &str, reading: Option<&Reading>) -> Self {
        Self {
            what: what.to_owned(),
            reading: reading.cloned(),
        }
    }

    /// Returns a side that is no reading.
    #[must_use]
    pub fn plain(what: impl fmt::Display) -> Self {
        Self {
            what: what.to_string(),
            reading: None,
        }
    }
}

impl Broken {
    /// Puts a report together. `claim` says in plain words what should have been.
    #[must_use]
    pub fn new(
        law: Law,
        policy: &Policy,
        history: &History,
        claim: String,
        sides: [Side; 2],
    ) -> Self {
        Self(Box::new(Inner {
            law,
            policy: policy.id().to_string(),
            at: None,
            claim,
            sides,
            history: history.clone(),
        }))
    }

    /// Returns the same with the instant of the readings.
    #[must_use]
    pub fn seen_at(mut self, at: Instant) -> Self {
        self.0.at = Some(at);
        self
    }

    /// Returns the law.
    #[must_use]
    pub fn law(&self) -> Law {
        self.0.law
    }

    /// Returns the two sides that disagree.
    #[must_use]
    pub fn sides(&self) -> &[Side; 2] {
        &self.0.sides
    }

    /// Returns the history under which they do.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.0.history
    }

    /// Returns a Rust test that keeps this case: see [`History::to_test`].
    #[must_use]
    pub fn to_test(&self, name: &str, policy: &str) -> String {
        self.0.history.to_test(name, self.0.law, policy)
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "policy {} breaks the law `{}`: {}",
            self.policy,
            self.law,
            self.law.says()
        )?;
        writeln!(f, "  {}", self.claim)?;
        if let Some(at) = self.at {
            writeln!(f, "  read at {at}")?;
        }
        for side in &self.sides {
            match &side.reading {
                Some(reading) => writeln!(f, "  {}: {}", side.what, Shown(reading))?,
                None => writeln!(f, "  {}", side.what)?,
            }
        }
        write!(f, "history:\n{}", self.history)
    }
}

/// Writes a length in the measure of its clock: working time in hours, since a desk's day has no 24 of them.
pub(super) fn spelled(length: Span, measure: &Measure) -> String {
    match measure {
        Measure::Wall => length.to_string(),
        Measure::Working { .. } => length.in_hours(),
    }
}

/// A reading on one line.
pub(super) struct Shown<'r>(pub(super) &'r Reading);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reading = self.0;
        let clock = &reading.clock;
        write!(
            f,
            "{}/{} cycle {}: ",
            clock.agreement, clock.target, reading.cycle
        )?;
        write!(f, "{}, {}, ", reading.activity.name(), reading.outcome)?;
        write!(
            f,
            "started {}, used {}",
            reading.started_at,
            spelled(reading.elapsed, &reading.measure)
        )?;
        if let Some(budget) = reading.budget {
            write!(f, " of {}", spelled(budget, &reading.measure))?;
        }
        let instants = [
            ("due", reading.due_at),
            ("in time until", reading.breach_after),
            ("due if resumed now", reading.due_if_resumed_now),
            ("breached", reading.breached_at),
            ("stopped", reading.stopped_at),
        ];
        for (what, at) in instants {
            if let Some(at) = at {
                write!(f, ", {what} {at}")?;
            }
        }
        Ok(())
    }
}
