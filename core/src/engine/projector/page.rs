//! What a page of the log changed, ticket by ticket.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{Engine, LoadError};
use super::ProjectError;
use super::scan::has_any;
use super::slot::Slot;
use crate::event::{Kind, Offset, Recorded, StreamId, Version};
use crate::policy::PolicyBook;
use crate::projection::{Case, Change, Needs, Poison};
use crate::store::{CommitView, Decoded, Limit, PartitionPage, RecordView, Sequence, TicketReader};
use crate::ticket::{Ticket, TicketEvent};

/// What some events changed of one ticket.
pub(super) struct Step {
    stream: StreamId,
    /// The events of the kinds that anybody wants.
    events: Vec<Recorded<TicketEvent>>,
    /// Those of them that cannot be read.
    unreadable: Vec<(Kind, Poison)>,
    /// How many events were passed, where the ticket was read as a whole.
    passed: u64,
    tickets: Result<Option<Tickets>, Poison>,
}

/// A ticket before and after.
struct Tickets {
    before: Option<Ticket>,
    after: Ticket,
    book: Arc<PolicyBook>,
}

/// A step with its cases.
pub(super) struct Opened<'a> {
    step: &'a Step,
    cases: Result<Option<Cases<'a>>, Poison>,
}

struct Cases<'a> {
    before: Option<Case<'a>>,
    after: Case<'a>,
}

/// Which events of a stream a step is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// The first version that is new.
    pub(super) first: Version,
    /// The last offset that counts: later commits are not seen yet.
    pub(super) until: Offset,
}

impl Engine {
    /// Returns what a page changed: tickets in the order in which they first appear.
    pub(super) async fn steps(
        &self,
        page: &PartitionPage,
        needs: &[Needs],
    ) -> Result<Vec<Step>, ProjectError> {
        let mut touched: BTreeMap<&str, usize> = BTreeMap::new();
        let mut steps: Vec<(Step, Version)> = Vec::new();
        let wanted = Needs::any(needs.iter().copied());
        let mut reader = self.codec.reader();
        let is_wanted = |commit: &CommitView<'_>| wanted.has_tickets() || has_any(commit, wanted);
        let commits = page.commits.iter();
        for commit in commits.filter(|it| is_wanted(it) && it.is_within(&self.tickets)) {
            let place = match touched.get(commit.stream()) {
                Some(place) => *place,
                None => {
                    let Ok(stream) = commit.stream().parse::<StreamId>() else {
                        continue;
                    };
                    touched.insert(commit.stream(), steps.len());
                    steps.push((Step::empty(stream), commit.first_version()));
                    steps.len().saturating_sub(1)
                }
            };
            if let Some((step, _)) = steps.get_mut(place) {
                step.decode(commit.records(), wanted, &mut reader);
            }
        }
        if wanted.has_tickets() {
            for (step, first) in &mut steps {
                let cut = Cut {
                    first: *first,
                    until: page.next,
                };
                step.tickets = self.tickets_of(&step.stream, cut, &mut reader).await?;
            }
        }
        Ok(steps.into_iter().map(|(step, _)| step).collect())
    }

    /// Returns a whole ticket as one step, as far as the log had come at `until`.
    ///
    /// One reader for many tickets: the names and actors that it keeps are the same in most.
    pub(super) async fn whole(
        &self,
        stream: StreamId,
        until: Offset,
        needs: &[Needs],
        reader: &mut TicketReader<'_>,
    ) -> Result<Step, ProjectError> {
        let mut step = Step::empty(stream);
        let cut = Cut {
            first: Version::FIRST,
            until,
        };
        let wanted = Needs::any(needs.iter().copied());
        if wanted.has_tickets() {
            step.tickets = self.tickets_of(&step.stream, cut, reader).await?;
        }
        if wanted.has_events() {
            self.events_of(&mut step, until, wanted, reader).await?;
        }
        Ok(step)
    }

    async fn events_of(
        &self,
        step: &mut Step,
        until: Offset,
        wanted: Needs,
        reader: &mut TicketReader<'_>,
    ) -> Result<(), ProjectError> {
        let mut guard = Sequence::new(step.stream.clone(), Version::NONE);
        loop {
            let after = guard.after();
            let read = self
                .store
                .read_stream(&step.stream, after, Limit::default());
            let page = read.await?;
            guard.admit(&page)?;
            let seen = page.commits.iter().take_while(|it| it.offset() <= until);
            let records = seen.flat_map(|commit| commit.records());
            step.decode(records.filter(|it| it.version() > after), wanted, reader);
            if page.is_last() {
                return Ok(());
            }
        }
    }

    /// Folds a ticket as it was before the cut, and after it. What cannot be read for good is a
    /// poison; what the store may answer later is an error.
    async fn tickets_of(
        &self,
        stream: &StreamId,
        cut: Cut,
        reader: &mut TicketReader<'_>,
    ) -> Result<Result<Option<Tickets>, Poison>, ProjectError> {
        let mut guard = Sequence::new(stream.clone(), Version::NONE);
        let (mut before, mut ticket) = (None, Ticket::default());
        loop {
            let after = guard.after();
            let read = self.store.read_stream(stream, after, Limit::default());
            let page = read.await?;
            guard.admit(&page)?;
            let commits = page.commits.iter();
            let seen = commits.take_while(|it| it.offset() <= cut.until);
            let records = seen.flat_map(|commit| commit.records());
            for record in records.filter(|it| it.version() > after) {
                if record.version() == cut.first && cut.first > Version::FIRST {
                    before = Some(ticket.clone());
                }
                if let Err(error) = reader.fold(&record, &mut ticket) {
                    return Ok(Err(unreadable(stream.as_str(), &error)));
                }
            }
            if page.is_last() {
                break;
            }
        }
        if ticket.version() == Version::NONE {
            return Ok(Ok(None));
        }
        match self.book_for(&ticket).await {
            Ok(book) => Ok(Ok(Some(Tickets {
                before,
                after: ticket,
                book,
            }))),
            Err(LoadError::Binding(source)) => Ok(Err(Poison::Binding {
                stream: stream.to_string(),
                source,
            })),
            Err(error) => Err(error.into()),
        }
    }
}

impl Step {
    /// Returns how many events the ticket has.
    pub(super) fn events(&self) -> u64 {
        let tickets = self.tickets.as_ref().ok().and_then(Option::as_ref);
        tickets.map_or(self.passed, |tickets| tickets.after.version().get())
    }

    const fn empty(stream: StreamId) -> Self {
        Self {
            stream,
            events: Vec::new(),
            unreadable: Vec::new(),
            passed: 0,
            tickets: Ok(None),
        }
    }

    /// Takes the events of the kinds that anybody wants.
    fn decode<'r>(
        &mut self,
        records: impl Iterator<Item = RecordView<'r>>,
        wanted: Needs,
        reader: &mut TicketReader<'_>,
    ) {
        for record in records {
            self.passed = self.passed.saturating_add(1);
            let Some(kind) = Kind::from_number(record.kind()) else {
                continue;
            };
            if !wanted.wants(kind) {
                continue;
            }
            match reader.decode_owned(&record) {
                Ok(Decoded::Known(event)) => self.events.push(event),
                Ok(Decoded::Unknown(_)) => {}
                Err(error) => {
                    let poison = unreadable(self.stream.as_str(), &error);
                    self.unreadable.push((kind, poison));
                }
            }
        }
    }

    /// Returns the step with its cases, which all projections share.
    pub(super) fn open(&self) -> Opened<'_> {
        let cases = match &self.tickets {
            Ok(tickets) => tickets.as_ref().map(Tickets::cases).transpose(),
            Err(poison) => Err(poison.clone()),
        };
        Opened { step: self, cases }
    }
}

impl Tickets {
    fn cases(&self) -> Result<Cases<'_>, Poison> {
        let case = |ticket| Case::recorded(ticket, &self.book);
        Ok(Cases {
            before: self.before.as_ref().map(case).transpose()?,
            after: case(&self.after)?,
        })
    }
}

impl Opened<'_> {
    /// Hands the step to a projection, as far as it needs it.
    pub(super) fn apply(&self, slot: &mut dyn Slot) -> Result<(), Poison> {
        let needs = slot.needs();
        let mut unreadable = self.step.unreadable.iter();
        if let Some((_, poison)) = unreadable.find(|(kind, _)| needs.wants(*kind)) {
            return Err(poison.clone());
        }
        let events = needs.of(&self.step.events);
        let mut change = Change {
            stream: &self.step.stream,
            events: &events,
            before: None,
            after: None,
        };
        if needs.has_tickets() {
            let Some(cases) = self.cases.as_ref().map_err(Clone::clone)? else {
                return Ok(());
            };
            change.before = cases.before.as_ref();
            change.after = Some(&cases.after);
        } else if events.is_empty() {
            return Ok(());
        }
        slot.apply(&change)
    }
}

pub(super) fn unreadable(stream: &str, error: &crate::store::EventError) -> Poison {
    Poison::Unreadable {
        stream: stream.to_owned(),
        reason: error.to_string(),
    }
}
