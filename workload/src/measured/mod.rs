//! Tickets with the shape of a measured log, for benchmarks: up to ten million of them.
//!
//! Nothing is told here but what a clock and a fold need: no text, few names. What is kept is the
//! shape: how often a kind happens, what follows what, how long it takes, what is paused, reopened,
//! resolved in minutes or in months, how many happenings share an instant, when tickets arrive.
//!
//! ```
//! use punctual::event::Version;
//! use punctual::ticket::Ticket;
//! use punctual_workload::{Measured, Profile};
//!
//! let log = Measured::builder(1, Profile::Volvo).tickets(500).build()?;
//!
//! // One ticket, folded.
//! let mut ticket = Ticket::default();
//! let mut version = Version::NONE;
//! for happening in log.history(17) {
//!     version = version.next();
//!     ticket.apply(&log.recorded("bench/ticket/T-17".parse()?, version, happening));
//! }
//! assert_eq!(ticket.version(), version);
//! assert_eq!(ticket.anomalies(), []);
//!
//! // All of them, in the order in which things happened.
//! assert!(log.steps().is_sorted_by_key(|step| (step.happening.at, step.number)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chain;
mod happening;
mod names;
mod profile;
mod steps;

use chrono::NaiveDate;
use punctual::event::{Recorded, StreamId, TicketId, Version};
use punctual::ticket::{Command, TicketEvent};
use punctual::time::{CivilDate, Instant};

use crate::arrivals::{Arrivals, Cursor, weekday};
use crate::{Percent, WorkloadError};
use names::Names;

pub use happening::{Happening, What};
pub use profile::Profile;
pub use steps::{MeasuredStep, MeasuredSteps};

/// Tickets with the shape of a measured log.
///
/// A ticket depends on (seed, number) and on the options alone: ask for it from any thread, in any
/// order.
#[derive(Debug, Clone)]
pub struct Measured {
    options: MeasuredBuilder,
    arrivals: Arrivals,
    names: Names,
}

/// Options of [`Measured`]. Without a word to the contrary: 10,000 tickets in the 91 days from
/// 2026-01-05, escalations where the log has them, no surveys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a builder does nothing until it is built"]
pub struct MeasuredBuilder {
    seed: u64,
    profile: Profile,
    tickets: u64,
    start: CivilDate,
    days: u16,
    escalations: bool,
    survey_response: Percent,
}

impl MeasuredBuilder {
    /// How many tickets arrive in all.
    pub fn tickets(self, tickets: u64) -> Self {
        Self { tickets, ..self }
    }

    /// The first day, in UTC: from 2000-01-01 to 2085-12-31.
    pub fn starting_on(self, start: CivilDate) -> Self {
        Self { start, ..self }
    }

    /// Over how many days tickets arrive: 1 to 3650. What happens to them goes on after that.
    pub fn days(self, days: u16) -> Self {
        Self { days, ..self }
    }

    /// Whether tickets are raised to a higher line of support: 0.43 times on average, 30 % of them
    /// at all. One of the two logs recorded it.
    pub fn escalations(self, told: bool) -> Self {
        Self {
            escalations: told,
            ..self
        }
    }

    /// Which share of the closed tickets is surveyed and answered. No log has surveys; scores have
    /// the shares of an online shop.
    pub fn survey_response(self, share: Percent) -> Self {
        Self {
            survey_response: share,
            ..self
        }
    }

    /// Returns the workload. It makes no ticket yet.
    ///
    /// # Errors
    /// [`WorkloadError::Start`] and [`WorkloadError::Days`] outside of their ranges.
    pub fn build(self) -> Result<Measured, WorkloadError> {
        crate::error::check_period(self.start, self.days)?;
        let week = self.profile.figures().week;
        let period = (self.start.date(), 0);
        Ok(Measured {
            arrivals: Arrivals::new(self.seed, self.tickets, period, self.days, week, weekday),
            names: Names::new(self.profile),
            options: self,
        })
    }
}

impl Measured {
    /// Begins a workload of this seed and shape; every option has a default.
    pub fn builder(seed: u64, profile: Profile) -> MeasuredBuilder {
        MeasuredBuilder {
            seed,
            profile,
            tickets: 10_000,
            start: CivilDate::from(NaiveDate::from_ymd_opt(2_026, 1, 5).unwrap_or_default()),
            days: 91,
            escalations: profile.tells_escalations(),
            survey_response: Percent::NONE,
        }
    }

    /// Returns how many tickets there are; they are numbered from 1 in the order of arrival.
    #[must_use]
    pub const fn tickets(&self) -> u64 {
        self.options.tickets
    }

    /// Returns the log whose shape they have.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.options.profile
    }

    /// Returns what happens to the ticket with this number, in order. Instants never run backwards.
    #[must_use]
    pub fn history(&self, number: u64) -> Vec<Happening> {
        let mut history = Vec::new();
        self.history_into(number, &mut history);
        history
    }

    /// Writes what happens to a ticket into a vector, which is emptied first: no allocation once it
    /// is large enough.
    ///
    /// ```
    /// use punctual_workload::{Measured, Profile};
    ///
    /// let log = Measured::builder(1, Profile::Uci).tickets(1_000).build()?;
    /// let (mut history, mut events) = (Vec::new(), 0);
    /// for number in 1..=log.tickets() {
    ///     log.history_into(number, &mut history);
    ///     events += history.len();
    /// }
    /// assert!((8_000..9_300).contains(&events)); // 8.6 a ticket
    /// # Ok::<(), punctual_workload::WorkloadError>(())
    /// ```
    pub fn history_into(&self, number: u64, history: &mut Vec<Happening>) {
        let received = self.arrivals.of(number);
        chain::tell(&self.options, number, received, history);
    }

    /// The same for whoever asks for one after the other.
    fn history_next(&self, number: u64, cursor: &mut Cursor, history: &mut Vec<Happening>) {
        let received = self.arrivals.next(number, cursor);
        chain::tell(&self.options, number, received, history);
    }

    /// Returns the ticket's id, such as `T-00000017`.
    #[must_use]
    pub fn ticket_id(&self, number: u64) -> TicketId {
        crate::name(&format!("T-{number:08}"))
    }

    /// Returns a happening as the event that a log holds.
    ///
    /// An escalation is a [`Marked`](punctual::ticket::Marked) called `escalated`: the events of
    /// that name are the engine's own, about clocks.
    #[must_use]
    pub fn event(&self, what: What) -> TicketEvent {
        self.names.action(what).into_event()
    }

    /// Returns a happening as the command that records it, at its instant. `decide` accepts the
    /// commands of a ticket in their order; no policy is asked.
    #[must_use]
    pub fn command(&self, happening: Happening) -> Command {
        let actor = self.names.actor(happening.what);
        Command::new(self.names.action(happening.what), happening.at, actor)
    }

    /// Returns a happening as it stands in a stream: learned of as it happened.
    #[must_use]
    pub fn recorded(
        &self,
        stream: StreamId,
        version: Version,
        happening: Happening,
    ) -> Recorded<TicketEvent> {
        Recorded {
            stream,
            version,
            position: None,
            occurred_at: happening.at,
            recorded_at: happening.at,
            actor: Some(self.names.actor(happening.what)),
            subject: None,
            event: self.event(happening.what),
        }
    }
}

/// The instant of a second of UTC.
fn instant(seconds: i64) -> Instant {
    Instant::from_micros(seconds.saturating_mul(1_000_000)).unwrap_or(Instant::MAX)
}
