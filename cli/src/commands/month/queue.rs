//! The tickets that wait, by when the next of their promises falls due.

use punctual::clock::{self, Activity, Bindings};
use punctual::event::{AgreementId, RoleId, TargetId};
use punctual::policy::PolicyBook;
use punctual::ticket::Status;
use punctual::time::{Instant, Span};

use super::survey::Survey;

/// The open tickets at one instant.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// With a promise that can still be kept, the next one first.
    pub(super) next: Vec<Entry>,
    /// Tickets whose promises have all passed or wait, and something is owed still.
    pub(super) others: u64,
    /// Open tickets of which a promise is over.
    pub(super) overdue: u64,
}

/// One ticket.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) ticket: String,
    pub(super) agreement: AgreementId,
    pub(super) target: TargetId,
    pub(super) cycle: u32,
    pub(super) due_at: Instant,
    pub(super) left: Span,
    pub(super) percent_used: Option<u64>,
    pub(super) owner: Option<RoleId>,
    pub(super) status: Status,
    /// Whether another promise of the ticket is over.
    pub(super) is_overdue: bool,
}

impl Queue {
    /// Collects the tickets that have a promise alive.
    pub(super) fn of(survey: &Survey, book: &PolicyBook, at: Instant) -> Self {
        let mut queue = Self::default();
        for (stream, ticket) in &survey.tickets {
            let Ok(bindings) = Bindings::recorded(ticket.timeline(), book, at) else {
                continue;
            };
            let readings = clock::read(ticket.timeline(), &bindings, at);
            if !readings.iter().any(clock::Reading::is_live) {
                continue;
            }
            let is_overdue = readings
                .iter()
                .any(|it| it.is_live() && it.outcome.is_over());
            queue.overdue += u64::from(is_overdue);
            let Some(reading) = clock::visible_deadline(&readings) else {
                queue.others += 1;
                continue;
            };
            let (Some(due_at), Activity::Running) = (reading.due_at, reading.activity) else {
                queue.others += 1;
                continue;
            };
            let status = ticket.timeline().status(at);
            let policy = book
                .iter()
                .find(|it| *it.id() == reading.policy && it.version() == reading.policy_version);
            queue.next.push(Entry {
                ticket: stream.id().to_owned(),
                agreement: reading.agreement().clone(),
                target: reading.target().clone(),
                cycle: reading.cycle,
                due_at,
                left: due_at.since(at),
                percent_used: reading.percent_used,
                owner: policy.and_then(|it| it.owner(&status)).cloned(),
                status,
                is_overdue,
            });
        }
        queue
            .next
            .sort_by(|a, b| (a.due_at, &a.ticket).cmp(&(b.due_at, &b.ticket)));
        queue
    }

    /// Returns how many tickets have a promise alive.
    pub(super) fn open(&self) -> u64 {
        self.next.len() as u64 + self.others
    }
}
