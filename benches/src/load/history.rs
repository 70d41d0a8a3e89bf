//! A long history under the policies of a desk with office hours: tickets made chunk by chunk, so that
//! a million of them need not lie in memory.

use punctual::clock::{self, Bindings, Reading};
use punctual::event::{StreamId, Version};
use punctual::policy::Policy;
use punctual::ticket::Ticket;
use punctual::time::Instant;
use punctual_workload::{Measured, Profile};

use super::tickets::{History, folded};
use crate::run::Failure;

/// How many tickets a chunk has.
pub const CHUNK: u64 = 5_000;

/// The policy without the pause, which its last line would be.
const POLICY: &str = r#"
policy = "office-hours"
timezone = "UTC"
default-calendar = "desk"

[pause]
user = {}

[calendar.desk]
week = { mon-fri = ["09:00-17:00"] }

[target.response]
start = "received"
stop = "replied"
goals = [
  { when = { class = "P1" }, within = "30wm" },
  { when = { class = "P2" }, within = "1wh" },
  { when = { class = "P3" }, within = "2wh" },
  { when = { class = "P4" }, within = "4wh" },
]

[target.resolution]
start = "received"
stop = "resolved"
reopen = { mode = "continue" }
goals = [
  { when = { class = "P1" }, within = "4wh" },
  { when = { class = "P2" }, within = "8wh" },
  { when = { class = "P3" }, within = "24wh" },
  { when = { class = "P4" }, within = "40wh" },
]
"#;

/// Returns the policy document that does not count the time in which the user is awaited.
#[must_use]
pub fn paused() -> String {
    format!("{POLICY}pause = [\"user\"]\n")
}

/// A history of so many tickets, and two policies that it is read under.
#[derive(Debug)]
pub struct Office {
    tickets: u64,
    log: Measured,
    /// Does not count the time in which the user is awaited.
    pub paused: Policy,
    /// Counts it.
    pub unpaused: Policy,
    /// When promises are read: after the last event.
    pub as_of: Instant,
}

impl Office {
    /// Opens the history: nothing is made yet.
    ///
    /// # Errors
    /// None for these options.
    pub fn of(tickets: u64) -> Result<Self, Failure> {
        Ok(Self {
            tickets,
            log: Measured::builder(7, Profile::Uci)
                .tickets(tickets)
                .build()?,
            paused: Policy::from_toml(&paused())?,
            unpaused: Policy::from_toml(POLICY)?,
            as_of: "2027-01-01T00:00:00Z".parse()?,
        })
    }

    /// Returns the numbers of the first and the last ticket of each chunk.
    pub fn chunks(&self) -> impl Iterator<Item = (u64, u64)> + Send + use<> {
        let tickets = self.tickets;
        (0..tickets.div_ceil(CHUNK)).map(move |chunk| {
            let first = chunk * CHUNK + 1;
            (first, (first + CHUNK - 1).min(tickets))
        })
    }

    /// Makes the events of a chunk.
    ///
    /// # Errors
    /// None: the names are printable and short.
    pub fn events(&self, (first, last): (u64, u64)) -> Result<Vec<History>, Failure> {
        let histories = self.log.histories_in(first..=last);
        let history = |(number, happenings): (u64, Vec<_>)| {
            let stream: StreamId = format!("acme/ticket/T-{number}").parse()?;
            let numbered = (1..).zip(happenings);
            let events = numbered.map(|(version, happening)| {
                let version = Version::new(version);
                self.log.recorded(stream.clone(), version, happening)
            });
            Ok(events.collect())
        };
        histories.map(history).collect()
    }

    /// Makes the tickets of a chunk.
    ///
    /// # Errors
    /// As for [`Office::events`].
    pub fn tickets(&self, chunk: (u64, u64)) -> Result<Vec<Ticket>, Failure> {
        Ok(self.events(chunk)?.iter().map(folded).collect())
    }
}

/// Returns how many promises of these tickets are broken, read clock by clock.
#[must_use]
pub fn broken(tickets: &[Ticket], policy: &Policy, as_of: Instant) -> u64 {
    let bindings = Bindings::to(policy);
    let readings = |ticket: &Ticket| clock::read(ticket.timeline(), &bindings, as_of);
    let over = |readings: Vec<Reading>| readings.iter().filter(|it| it.outcome.is_over()).count();
    tickets
        .iter()
        .map(|ticket| over(readings(ticket)) as u64)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_every_ticket_once() {
        let office = Office::of(12_345).unwrap();
        let chunks: Vec<(u64, u64)> = office.chunks().collect();
        assert_eq!(chunks, [(1, 5_000), (5_001, 10_000), (10_001, 12_345)]);
        let made: usize = chunks
            .into_iter()
            .map(|chunk| office.tickets(chunk).unwrap().len())
            .sum();
        assert_eq!(made, 12_345);
    }

    #[test]
    fn what_is_not_paused_is_broken_more_often() {
        let office = Office::of(300).unwrap();
        let tickets = office.tickets((1, 300)).unwrap();
        let broken = |policy| broken(&tickets, policy, office.as_of);
        assert!(broken(&office.paused) > 0);
        assert!(broken(&office.unpaused) > broken(&office.paused));
    }
}
