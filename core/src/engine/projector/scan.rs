//! Making read models that want events alone: from the log as it lies.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::making::{Made, Making};
use super::page::unreadable;
use super::{Contiguity, Engine, ProjectError};
use crate::event::{Kind, Offset, PartitionId, Recorded, Version};
use crate::projection::{Change, Needs, Poison};
use crate::store::{CommitView, Decoded, Limit, PartitionPage, TicketReader};
use crate::ticket::TicketEvent;

/// Reads one partition from its beginning to where its head was, and hands each commit on as a change
/// of its own.
///
/// A commit in which nobody wants anything costs a look at the headers of its records: neither its
/// ticket's name nor any payload is read. What lies between the commits of one ticket means nothing
/// to a projection, so they need not be gathered.
pub(super) struct Scan {
    pub(super) engine: Arc<Engine>,
    pub(super) partition: PartitionId,
    pub(super) head: Offset,
    pub(super) page: Limit,
    pub(super) made: Made,
    /// Told how many tickets began and how many events there were.
    pub(super) report: mpsc::Sender<(u64, u64)>,
    /// Whether they are to be counted; where others read every ticket too, they count.
    pub(super) counts: bool,
}

impl Scan {
    pub(super) async fn run(mut self) -> Result<Made, ProjectError> {
        let engine = Arc::clone(&self.engine);
        let wanted = Needs::any(self.made.iter().map(Making::needs));
        let mut cursor = Contiguity::new(self.partition, Offset::START);
        let (mut reader, mut events) = (engine.codec.reader(), Vec::new());
        while cursor.after() < self.head && self.made.iter().any(Making::goes_on) {
            let read = engine
                .store
                .read_partition(self.partition, cursor.after(), self.page);
            let page = read.await?;
            cursor.admit(&page)?;
            let counted = self.take(&page, wanted, &mut reader, &mut events);
            let counted = if self.counts { counted } else { (0, 0) };
            // Nobody listens when the caller has ended it.
            if self.report.send(counted).await.is_err() {
                return Err(ProjectError::Ended);
            }
        }
        Ok(self.made)
    }

    /// Takes a page; returns how many tickets begin in it, and how many events of tickets it has.
    fn take(
        &mut self,
        page: &PartitionPage,
        wanted: Needs,
        reader: &mut TicketReader<'_>,
        events: &mut Vec<Recorded<TicketEvent>>,
    ) -> (u64, u64) {
        let (mut tickets, mut passed, head) = (0_u64, 0_u64, self.head);
        let commits = page.commits.iter();
        for commit in commits.take_while(|it| it.offset() <= head) {
            let is_wanted = has_any(&commit, wanted);
            if !(is_wanted || self.counts) || !commit.is_within(&self.engine.tickets) {
                continue;
            }
            tickets = tickets.saturating_add(u64::from(commit.first_version() == Version::FIRST));
            passed = passed.saturating_add(u64::try_from(commit.len()).unwrap_or(u64::MAX));
            if is_wanted {
                self.take_commit(&commit, wanted, reader, events);
            }
        }
        (tickets, passed)
    }

    fn take_commit(
        &mut self,
        commit: &CommitView<'_>,
        wanted: Needs,
        reader: &mut TicketReader<'_>,
        events: &mut Vec<Recorded<TicketEvent>>,
    ) {
        events.clear();
        for record in commit.records() {
            let kind = Kind::from_number(record.kind());
            let Some(kind) = kind.filter(|kind| wanted.wants(*kind)) else {
                continue;
            };
            match reader.decode_owned(&record) {
                Ok(Decoded::Known(event)) => events.push(event),
                Ok(Decoded::Unknown(_)) => {}
                Err(error) => {
                    let poison = unreadable(commit.stream(), &error);
                    self.refuse(kind, &poison);
                }
            }
        }
        let Some(stream) = events.first().map(|event| event.stream.clone()) else {
            return;
        };
        for making in self.made.iter_mut().filter(|it| it.goes_on()) {
            making.take_with(|slot| {
                let events: &[_] = &slot.needs().of(events);
                let change = Change {
                    stream: &stream,
                    events,
                    before: None,
                    after: None,
                };
                if events.is_empty() {
                    return Ok(());
                }
                slot.apply(&change)
            });
        }
    }

    /// Stops whoever wants an event that cannot be read.
    fn refuse(&mut self, kind: Kind, poison: &Poison) {
        for making in &mut self.made {
            if making.goes_on() && making.needs().wants(kind) {
                making.take_with(|_| Err(poison.clone()));
            }
        }
    }
}

/// Returns whether a commit has an event of a kind that is wanted, by the headers of its records.
pub(super) fn has_any(commit: &CommitView<'_>, wanted: Needs) -> bool {
    let mut kinds = commit.records().map(|record| record.kind());
    kinds.any(|kind| Kind::from_number(kind).is_some_and(|kind| wanted.wants(kind)))
}
