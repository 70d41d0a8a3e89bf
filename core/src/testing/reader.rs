//! Who answers the questions that laws ask.

use crate::clock::{self, Bindings, Explanation, Reading};
use crate::event::Recorded;
use crate::policy::Policy;
use crate::store::{JsonLinesReader, JsonLinesWriter, SealedCommit, TicketCodec};
use crate::supervision;
use crate::ticket::{Ticket, TicketEvent};
use crate::time::Instant;

/// Folds, reads, explains, supervises and exports tickets: what the laws are about.
///
/// Every method has the library's own answer by default, so that a test of the laws themselves
/// replaces the one it wants to spoil, and a service that wraps the library can hold its wrapper to
/// the laws. Use [`Punctual`] for the library as it is.
///
/// ```
/// use punctual::clock::Reading;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{History, Law, Punctual, Reader};
/// use punctual::ticket::Ticket;
/// use punctual::time::{Instant, Span};
///
/// /// A wrapper that shows deadlines by the whole hour, rounded up.
/// struct Rounded;
///
/// impl Reader for Rounded {
///     fn read(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Reading> {
///         let mut readings = Punctual.read(ticket, policy, now);
///         for reading in &mut readings {
///             reading.due_at = reading.due_at.and_then(|at| {
///                 let over = at.micros() % Span::HOUR.micros();
///                 let up = if over == 0 { 0 } else { Span::HOUR.micros() - over };
///                 Instant::from_micros(at.micros() + up).ok()
///             });
///         }
///         readings
///     }
/// }
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let history: History = "2026-03-09T01:00:00Z received class=complaint".parse()?;
/// // Half an hour after nine is not ten: the budget is not just used up there.
/// assert!(Law::DueBeforeBreach.check_with(&Rounded, &policy, &history).is_err());
/// assert!(Law::DueBeforeBreach.check(&policy, &history).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Reader {
    /// Folds one more event.
    fn apply(&self, ticket: &mut Ticket, recorded: &Recorded<TicketEvent>) {
        ticket.apply(recorded);
    }

    /// Folds a whole log.
    fn replay(&self, log: &[Recorded<TicketEvent>]) -> Ticket {
        let mut ticket = Ticket::default();
        for recorded in log {
            ticket.apply(recorded);
        }
        ticket
    }

    /// Reads every clock of a ticket under `policy` at `now`.
    fn read(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Reading> {
        clock::read(ticket.timeline(), &Bindings::to(policy), now)
    }

    /// Explains every clock of a ticket under `policy` at `now`.
    fn explain(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Explanation> {
        clock::explain(ticket.timeline(), &Bindings::to(policy), now)
    }

    /// Says what the engine must record of a ticket at `now`.
    fn supervise(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<TicketEvent> {
        supervision::supervise(ticket, &Bindings::to(policy), now)
    }

    /// Exports a log as JSON Lines, imports them, and returns the log that came of it.
    ///
    /// # Errors
    /// What stood against the export or the import.
    fn export_and_import(&self, log: &[SealedCommit]) -> Result<Vec<SealedCommit>, Failure> {
        let codec = TicketCodec::new();
        let mut lines = JsonLinesWriter::new(&codec, Vec::new());
        for commit in log.iter().filter_map(SealedCommit::view) {
            lines.write_commit(&commit)?;
        }
        let file = lines.into_inner();
        JsonLinesReader::new(&codec, file.as_slice())
            .map(|commit| {
                let commit = commit?;
                let (place, version) = ((commit.partition, commit.offset), commit.first_version);
                Ok(commit.append.stamped(place.0, place.1, version).to_sealed())
            })
            .collect()
    }
}

/// Why a log could not be exported or imported, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The library as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Punctual;

impl Reader for Punctual {}
