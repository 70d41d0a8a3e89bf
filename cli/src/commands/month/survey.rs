//! What a store holds, in one walk.

use std::collections::BTreeMap;

use punctual::event::{Kind, Offset, StreamId};
use punctual::store::{
    CommitView, Contiguity, Decoded, Limit, TicketCodec, TicketReader, blocking, read_next,
};
use punctual::ticket::{Outcome, Satisfaction, Ticket, TicketEvent, VerdictRevised};
use punctual_sled::SledStore;

use crate::failure::Failure;
use crate::store;

const PAGE: Limit = Limit::events(4_000);

/// What a store holds: every ticket folded anew, and what the events say besides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Survey {
    pub(super) commits: u64,
    /// Of tickets, those of the engine among them.
    pub(super) events: u64,
    pub(super) tickets: BTreeMap<StreamId, Ticket>,
    pub(super) kinds: BTreeMap<&'static str, u64>,
    /// Worst first.
    pub(super) scores: BTreeMap<Satisfaction, u64>,
    /// Facts that the log learned of later than they happened.
    pub(super) late_facts: u64,
    /// By verdict before and after.
    pub(super) revised: BTreeMap<(&'static str, &'static str), u64>,
}

impl Survey {
    /// Walks a store.
    ///
    /// # Errors
    /// [`Failure`] when the store or an event cannot be read.
    pub(super) fn of(opened: &SledStore, directory: &str) -> Result<Self, Failure> {
        let unread = |error: &(dyn std::error::Error + 'static)| store::not_read(directory, error);
        let codec = TicketCodec::new();
        let mut reader = codec.reader();
        let mut survey = Self::default();
        for (partition, head) in store::heads(opened).map_err(|error| unread(&error))? {
            let mut guard = Contiguity::new(partition, Offset::START);
            while guard.after() < head {
                let page = blocking::wait(read_next(opened, &mut guard, PAGE));
                let page = page.map_err(|error| unread(&error))?;
                for commit in page.commits.iter() {
                    survey.commits += 1;
                    let taken = survey.take_commit(&commit, &mut reader);
                    taken.map_err(|error| store::not_read(directory, &*error))?;
                }
            }
        }
        Ok(survey)
    }

    fn take_commit(
        &mut self,
        commit: &CommitView<'_>,
        reader: &mut TicketReader<'_>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let stream: StreamId = commit.stream().parse()?;
        if stream.category() != "ticket" {
            return Ok(());
        }
        let mut ticket = self.tickets.remove(&stream).unwrap_or_default();
        for record in commit.records() {
            if let Decoded::Known(event) = reader.decode(&record)? {
                ticket.apply(&event);
                let is_late = event.recorded_at > event.occurred_at;
                self.take(is_late, note(&event.event));
            }
        }
        self.tickets.insert(stream, ticket);
        Ok(())
    }

    fn take(&mut self, is_late: bool, (kind, noted): (Kind, Noted)) {
        self.events += 1;
        *self.kinds.entry(kind.name()).or_default() += 1;
        self.late_facts += u64::from(is_late && !kind.is_engines());
        match noted {
            Noted::Score(score) => *self.scores.entry(score).or_default() += 1,
            Noted::Revised(old, new) => *self.revised.entry((old, new)).or_default() += 1,
            Noted::Nothing => {}
        }
    }

    /// Returns how many events of a kind there are.
    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.kinds.get(kind.name()).copied().unwrap_or_default()
    }
}

/// What is kept of an event beside its kind.
enum Noted {
    Nothing,
    Score(Satisfaction),
    Revised(&'static str, &'static str),
}

fn note<T>(event: &TicketEvent<T>) -> (Kind, Noted) {
    let noted = if let TicketEvent::Surveyed(survey) = event {
        Noted::Score(survey.satisfaction)
    } else if let TicketEvent::VerdictRevised(VerdictRevised { old, new, .. }) = event {
        let name = |outcome: &Option<Outcome>| outcome.map_or("none", Outcome::name);
        Noted::Revised(name(old), name(new))
    } else {
        Noted::Nothing
    };
    (event.kind(), noted)
}
