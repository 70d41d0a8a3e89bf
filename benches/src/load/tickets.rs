//! Tickets of two kinds, as typed events and as bytes.

use punctual::event::{Offset, PartitionId, Recorded, StreamId, Version};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::store::{CommitParts, Commits, TicketCodec, Trace};
use punctual::ticket::{Ticket, TicketEvent, decide};
use punctual_workload::{AfterSales, Measured, Profile};

use crate::run::Failure;

/// The events of one ticket.
pub type History = Vec<Recorded<TicketEvent>>;

/// How many events a ticket of the measured shape has, about.
pub const EVENTS_A_TICKET: f64 = 8.6;

/// Returns the workload of the measured shape with about so many events.
///
/// # Errors
/// None for these options.
pub fn measured(events: usize) -> Result<Measured, Failure> {
    let tickets = (events as f64 / EVENTS_A_TICKET).ceil().max(1.0) as u64;
    Ok(Measured::builder(7, Profile::Uci)
        .tickets(tickets)
        .build()?)
}

/// Returns the stream of a ticket with this number.
///
/// # Errors
/// None: the names are printable and short.
pub fn stream(number: u64) -> Result<StreamId, Failure> {
    Ok(StreamId::new("acme", "ticket", &format!("T-{number:08}"))?)
}

/// Returns about so many events of tickets with the shape of a measured log: what happens, with the
/// actor, without a text.
///
/// # Errors
/// None for these options.
pub fn bare(events: usize) -> Result<Vec<History>, Failure> {
    let log = measured(events)?;
    let mut histories = Vec::new();
    for (number, happenings) in log.histories() {
        let stream = stream(number)?;
        let versions = (1..).map(Version::new);
        let events = versions.zip(happenings);
        let events = events.map(|(version, it)| log.recorded(stream.clone(), version, it));
        histories.push(events.collect());
    }
    Ok(histories)
}

/// Returns about so many events of after-sales tickets: with customers, places, and what was said.
///
/// # Errors
/// When a planned command is refused, which would be a defect of the workload.
pub fn spoken(events: usize) -> Result<Vec<History>, Failure> {
    let policy = Policy::from_toml(AFTER_SALES)?;
    let tickets = u32::try_from(events / 19)?.max(1);
    let month = AfterSales::builder(7).tickets(tickets).build()?;
    let mut histories = Vec::new();
    for plan in month.plans() {
        let stream = StreamId::new("acme", "ticket", plan.ticket.as_str())?;
        let (mut ticket, mut history) = (Ticket::default(), History::new());
        for step in plan.steps {
            let status = ticket.timeline().status(step.command.occurred_at);
            let permit = policy.permit(&status, &step.command.action, &step.command.actor);
            for event in decide(&ticket, step.command, &permit, step.at)? {
                let recorded = event.recorded(stream.clone(), &ticket);
                ticket.apply(&recorded);
                history.push(recorded);
            }
        }
        histories.push(history);
    }
    Ok(histories)
}

/// Returns how many events there are.
#[must_use]
pub fn count(histories: &[History]) -> usize {
    histories.iter().map(Vec::len).sum()
}

/// Folds one ticket.
#[must_use]
pub fn folded(history: &History) -> Ticket {
    let mut ticket = Ticket::default();
    for recorded in history {
        ticket.apply(recorded);
    }
    ticket
}

/// Returns one number that differs where tickets differ in version, facts or last instant.
#[must_use]
pub fn digest(ticket: &Ticket) -> u64 {
    let facts = ticket.timeline().facts();
    let told = ticket.told().escalated.len() as u64;
    let last = facts.last();
    let last = last.map_or(0, |fact| fact.at.micros().cast_unsigned());
    ticket.version().get() ^ (facts.len() as u64) << 16 ^ told << 32 ^ last
}

/// Returns the tickets as a log, one commit each.
///
/// # Errors
/// When an event cannot be encoded, which would be a defect.
pub fn encode(codec: &TicketCodec, histories: &[History]) -> Result<Commits, Failure> {
    let mut log = Commits::new();
    let mut writer = codec.writer();
    for (offset, history) in (1..).zip(histories) {
        writer.clear();
        for recorded in history {
            writer.push_recorded(recorded, Trace::NONE)?;
        }
        let first = history.first().ok_or("a ticket without events")?;
        let parts = CommitParts {
            partition: PartitionId(0),
            offset: Offset::new(offset),
            first_version: Version::FIRST,
            stream: &first.stream,
            command: None,
            records: writer.records(),
        };
        log.push(&parts.to_sealed());
    }
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_have_about_as_many_events_as_asked_for() {
        for histories in [bare(10_000), spoken(10_000)] {
            let found = count(&histories.unwrap());
            assert!((9_000..12_000).contains(&found), "{found}");
        }
    }

    #[test]
    fn spoken_tickets_have_texts_and_bare_ones_have_none() {
        let text = |histories: Vec<History>| {
            let events = histories.iter().flatten();
            let mut words = events.map(|it| serde_json::to_string(&it.event).unwrap());
            words.any(|words| words.contains("plain"))
        };
        assert!(text(spoken(200).unwrap()));
        assert!(!text(bare(200).unwrap()));
    }

    #[test]
    fn a_ticket_read_from_its_bytes_is_the_same() {
        let (codec, histories) = (TicketCodec::new(), spoken(500).unwrap());
        let log = encode(&codec, &histories).unwrap();
        let mut reader = codec.reader();
        for (history, commit) in histories.iter().zip(log.iter()) {
            let mut ticket = Ticket::default();
            for record in commit.records() {
                reader.fold(&record, &mut ticket).unwrap();
            }
            assert_eq!(ticket, folded(history));
            assert_eq!(digest(&ticket), digest(&folded(history)));
        }
    }
}
