//! What a store holds, in one walk.

use std::collections::BTreeMap;

use punctual::event::{Kind, Offset, StreamId};
use punctual::store::{Contiguity, Decoded, Limit, TicketCodec, blocking, read_next};
use punctual::ticket::{Satisfaction, Ticket, TicketEvent, VerdictRevised};
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
                    let stream: StreamId = match commit.stream().parse() {
                        Ok(stream) => stream,
                        Err(error) => return Err(unread(&error)),
                    };
                    if stream.category() != "ticket" {
                        continue;
                    }
                    let ticket = survey.tickets.entry(stream).or_default();
                    let mut seen = Vec::new();
                    for record in commit.records() {
                        let decoded = reader.decode(&record).map_err(|error| unread(&error))?;
                        if let Decoded::Known(event) = decoded {
                            ticket.apply(&event);
                            let is_late = event.recorded_at > event.occurred_at;
                            seen.push((is_late, note(&event.event)));
                        }
                    }
                    for (is_late, note) in seen {
                        survey.take(is_late, note);
                    }
                }
            }
        }
        Ok(survey)
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
    let noted = match event {
        TicketEvent::Surveyed(survey) => Noted::Score(survey.satisfaction),
        TicketEvent::VerdictRevised(VerdictRevised { old, new, .. }) => Noted::Revised(
            old.map_or("none", |it| it.name()),
            new.map_or("none", |it| it.name()),
        ),
        _ => Noted::Nothing,
    };
    (event.kind(), noted)
}
