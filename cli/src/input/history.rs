//! What a file tells of each ticket, and its fold.

use std::collections::{BTreeSet, HashMap};

use punctual::event::{Actor, CustomerId, Recorded, StreamId, TicketId, Version};
use punctual::ticket::{Resumed, Ticket, TicketEvent};
use punctual::time::Instant;

use super::map::Pauses;
use super::problem::Problems;
use crate::failure::Failure;
use crate::{store, tenant};

/// One event as a file tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its place among the ticket's events, where the file numbers them.
    pub sequence: Option<u64>,
    /// When it happened.
    pub occurred_at: Instant,
    /// When the log learned of it; `None` where the file does not say.
    pub recorded_at: Option<Instant>,
    /// Who did it, where a policy asks for roles.
    pub actor: Option<Actor>,
    /// Whose personal data it carries: the customer.
    pub customer: Option<CustomerId>,
    /// What happened.
    pub event: TicketEvent,
}

/// All that a file tells of one ticket.
///
/// What comes in its turn is folded as it is read, so that a ticket is kept and not its events. A file
/// that numbers them counts from 1; what it tells out of turn waits for the end of the file, and
/// whatever of that ticket comes after it: numbers may begin elsewhere, leave one out, go backwards.
#[derive(Debug, Clone)]
pub struct History {
    /// The ticket.
    pub ticket: TicketId,
    /// Its name in the log: `log/ticket/<id>` for a foreign one.
    pub stream: StreamId,
    last_at: Option<Instant>,
    telling: Telling,
    waiting: Vec<Told>,
    heard: Heard,
}

/// What becomes of the events of a ticket.
#[derive(Debug, Clone)]
enum Heard {
    /// They are folded.
    Ticket(Ticket),
    /// They are kept, for those who play them.
    Events(Vec<Recorded<TicketEvent>>),
}

/// The tickets of a file, in the order in which they first appear.
#[derive(Debug)]
pub struct Histories {
    /// The tickets.
    pub tickets: Vec<History>,
    /// The rows that were passed over.
    pub problems: Problems,
    /// How many rows were read, those that were passed over among them.
    pub rows: u64,
    /// How many events they told.
    pub events: u64,
    /// The latest instant at which anything happened.
    pub last_at: Option<Instant>,
    /// Whether a pause first ends the one before it.
    pub pauses: Pauses,
    keeps_events: bool,
    places: HashMap<StreamId, usize>,
    /// Rows of one ticket mostly stand together.
    latest: Option<usize>,
}

impl Histories {
    /// Returns an empty collection, that keeps the events of its tickets or folds them.
    #[must_use]
    pub fn new(problems: Problems, keeps_events: bool) -> Self {
        Self {
            keeps_events,
            tickets: Vec::new(),
            problems,
            rows: 0,
            events: 0,
            last_at: None,
            pauses: Pauses::Add,
            places: HashMap::new(),
            latest: None,
        }
    }

    /// Returns the place of a ticket of a foreign log, which is added if it is new; `None` for a
    /// text that names none.
    pub(super) fn place_of(&mut self, ticket: &str) -> Option<usize> {
        if let Some(latest) = self.latest
            && let Some(history) = self.tickets.get(latest)
            && history.ticket.as_str() == ticket
        {
            return Some(latest);
        }
        let stream = StreamId::new("log", "ticket", ticket).ok()?;
        self.place_of_stream(stream)
    }

    /// The same for a stream of a log of Punctual.
    pub(super) fn place_of_stream(&mut self, stream: StreamId) -> Option<usize> {
        let place = match self.places.get(&stream) {
            Some(place) => *place,
            None => {
                let place = self.tickets.len();
                let ticket = TicketId::new(stream.id()).ok()?;
                let history = History::new(ticket, stream.clone(), self.keeps_events);
                self.tickets.push(history);
                self.places.insert(stream, place);
                place
            }
        };
        self.latest = Some(place);
        Some(place)
    }

    /// Adds an event to a ticket.
    pub(super) fn add(&mut self, place: usize, told: Told) {
        self.events += 1;
        self.last_at = self.last_at.max(Some(told.occurred_at));
        if let Some(history) = self.tickets.get_mut(place) {
            history.add(told, self.pauses);
        }
    }

    /// Forgets tickets of which nothing was told: all their rows were passed over.
    pub(super) fn forget_untold(&mut self) {
        self.tickets.retain(|history| history.last_at.is_some());
        self.places.clear();
        self.latest = None;
    }

    /// Returns every ticket folded, in the order in which they first appear.
    pub fn into_folded(self) -> impl Iterator<Item = (TicketId, Ticket)> {
        let pauses = self.pauses;
        self.tickets.into_iter().map(move |history| {
            let ticket = history.ticket.clone();
            (ticket, history.fold(pauses))
        })
    }

    /// Keeps the tickets of one tenant, and returns whose they are.
    ///
    /// # Errors
    /// As for [`tenant::meant`].
    pub fn keep_tenant(&mut self, asked: Option<&str>) -> Result<Option<String>, Failure> {
        let mut found = BTreeSet::new();
        for history in &self.tickets {
            if !found.contains(history.stream.tenant()) {
                found.insert(history.stream.tenant().to_owned());
            }
        }
        let meant = tenant::meant(asked, &found, self.problems.file())?;
        if found.len() > 1 {
            let is_meant = |history: &History| Some(history.stream.tenant()) == meant.as_deref();
            self.tickets.retain(is_meant);
            self.last_at = self.tickets.iter().filter_map(|it| it.last_at).max();
            self.places.clear();
            self.latest = None;
        }
        Ok(meant)
    }

    /// Returns one ticket folded, by its id or by its whole stream name.
    ///
    /// # Errors
    /// [`Failure`] when there is none, or when several tenants have one of that id.
    pub fn fold_one(&self, named: &str) -> Result<(StreamId, TicketId, Ticket), Failure> {
        let is_meant = |history: &&History| {
            history.ticket.as_str() == named || history.stream.as_str() == named
        };
        let found: Vec<&History> = self.tickets.iter().filter(is_meant).collect();
        match found.as_slice() {
            [] => Err(store::no_ticket(named)),
            [history] => {
                let ticket = (*history).clone().fold(self.pauses);
                Ok((history.stream.clone(), history.ticket.clone(), ticket))
            }
            several => Err(store::several_tickets(
                named,
                several.iter().map(|history| &history.stream),
            )),
        }
    }
}

impl History {
    fn new(ticket: TicketId, stream: StreamId, keeps_events: bool) -> Self {
        Self {
            ticket,
            stream,
            last_at: None,
            telling: Telling::default(),
            waiting: Vec::new(),
            heard: if keeps_events {
                Heard::Events(Vec::new())
            } else {
                Heard::Ticket(Ticket::default())
            },
        }
    }

    fn add(&mut self, told: Told, pauses: Pauses) {
        self.last_at = self.last_at.max(Some(told.occurred_at));
        if self.waiting.is_empty() && self.telling.is_next(told.sequence) {
            self.tell(told, pauses);
        } else {
            self.waiting.push(told);
        }
    }

    fn tell(&mut self, told: Told, pauses: Pauses) {
        let heard = &mut self.heard;
        self.telling
            .tell(&self.stream, told, pauses, |recorded| match heard {
                Heard::Ticket(ticket) => ticket.apply(&recorded),
                Heard::Events(events) => events.push(recorded),
            });
    }

    /// Tells what waited, in the order of the file's own numbers.
    fn tell_waiting(&mut self, pauses: Pauses) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_by_key(|told| told.sequence);
        for told in waiting {
            self.tell(told, pauses);
        }
    }

    /// Returns the ticket, folded in the order of the file's own numbers where it has any.
    #[must_use]
    pub fn fold(mut self, pauses: Pauses) -> Ticket {
        self.tell_waiting(pauses);
        match self.heard {
            Heard::Ticket(ticket) => ticket,
            Heard::Events(events) => {
                let mut ticket = Ticket::default();
                events.iter().for_each(|recorded| ticket.apply(recorded));
                ticket
            }
        }
    }

    /// Returns what was told as a log of its own would hold it, in the order of the file's own
    /// numbers where it has any; nothing where events are not kept.
    #[must_use]
    pub fn record(mut self, pauses: Pauses) -> Vec<Recorded<TicketEvent>> {
        self.tell_waiting(pauses);
        match self.heard {
            Heard::Ticket(_) => Vec::new(),
            Heard::Events(events) => events,
        }
    }
}

/// What must be remembered of a ticket to tell its next event.
#[derive(Debug, Clone, Default)]
struct Telling {
    version: Version,
    recorded_at: Option<Instant>,
    /// The number of the last event that had one.
    sequence: Option<u64>,
    waits: bool,
}

impl Telling {
    /// Returns whether no other event can come before one of this number. Several of one number are
    /// those of one row.
    fn is_next(&self, sequence: Option<u64>) -> bool {
        match (self.sequence, sequence) {
            (None, None) => true,
            (None, Some(first)) => first == 1,
            (Some(last), Some(next)) => next == last || Some(next) == last.checked_add(1),
            (Some(_), None) => false,
        }
    }

    fn tell(
        &mut self,
        stream: &StreamId,
        told: Told,
        pauses: Pauses,
        mut take: impl FnMut(Recorded<TicketEvent>),
    ) {
        self.sequence = told.sequence.or(self.sequence);
        // One status at a time: each pause first clears the one before it (SEMANTICS C4).
        if pauses == Pauses::Replace {
            if self.waits && matches!(told.event, TicketEvent::Paused(_)) {
                let cleared = Told {
                    event: TicketEvent::Resumed(Resumed { reason: None }),
                    actor: None,
                    ..told.clone()
                };
                take(self.recorded(stream, cleared));
            }
            self.waits = waits_after(&told.event, self.waits);
        }
        take(self.recorded(stream, told));
    }

    fn recorded(&mut self, stream: &StreamId, told: Told) -> Recorded<TicketEvent> {
        // A log learns of things in the order in which it tells them; one whose clock runs
        // backwards learned of a thing when it had learned of the one before (SEMANTICS T3).
        let recorded_at = told.recorded_at.unwrap_or_else(|| {
            let last = self.recorded_at.unwrap_or(told.occurred_at);
            told.occurred_at.max(last)
        });
        self.version = self.version.next();
        self.recorded_at = self.recorded_at.max(Some(recorded_at));
        Recorded {
            stream: stream.clone(),
            version: self.version,
            position: None,
            occurred_at: told.occurred_at,
            recorded_at,
            actor: told.actor,
            subject: told.customer,
            event: told.event,
        }
    }
}

const fn waits_after(event: &TicketEvent, waits: bool) -> bool {
    if matches!(event, TicketEvent::Paused(_)) {
        return true;
    }
    let ends = matches!(
        event,
        TicketEvent::Resumed(_)
            | TicketEvent::Resolved(_)
            | TicketEvent::Closed(_)
            | TicketEvent::Declined(_)
            | TicketEvent::Merged(_)
            | TicketEvent::Withdrawn(_)
    );
    waits && !ends
}

#[cfg(test)]
mod tests {
    use punctual::ticket::{Message, Paused};

    use super::*;

    fn told(nth: i64, sequence: Option<u64>) -> Told {
        let reason = if nth % 2 == 0 { "parts" } else { "customer" };
        Told {
            sequence,
            // Now and then at one instant: then their order counts.
            occurred_at: Instant::from_micros(nth / 2).unwrap(),
            recorded_at: None,
            actor: None,
            customer: None,
            event: if nth % 3 == 0 {
                TicketEvent::Noted(Message::NONE)
            } else {
                TicketEvent::Paused(Paused {
                    reason: reason.parse().unwrap(),
                })
            },
        }
    }

    fn history(told: &[Told], keeps_events: bool) -> History {
        let stream = StreamId::new("log", "ticket", "T-1").unwrap();
        let mut history = History::new(TicketId::new("T-1").unwrap(), stream, keeps_events);
        for told in told {
            history.add(told.clone(), Pauses::Replace);
        }
        history
    }

    /// Sorted before anything is told, and told without numbers.
    fn model(told: &[Told]) -> Vec<Recorded<TicketEvent>> {
        let mut sorted = told.to_vec();
        sorted.sort_by_key(|told| told.sequence);
        for told in &mut sorted {
            told.sequence = None;
        }
        history(&sorted, true).record(Pauses::Replace)
    }

    #[test]
    fn events_are_told_by_their_numbers_wherever_they_stand() {
        for numbers in [
            &[1, 2, 3, 4, 5, 6, 7][..],
            &[1, 1, 1, 2, 2, 3, 3],
            &[1, 2, 5, 4, 3, 6, 7],
            &[2, 1, 3, 4, 5, 6, 7],
            &[0, 1, 2, 3, 4, 5, 6],
            &[7, 6, 5, 4, 3, 2, 1],
            &[10, 20, 30, 25, 15, 5, 40],
            &[1, 2, 3, 90, 70, 80, 4],
        ] {
            let events = (1_i64..)
                .zip(numbers)
                .map(|(nth, number)| told(nth, Some(*number)));
            let events: Vec<Told> = events.collect();
            let expected = model(&events);
            let found = history(&events, true).record(Pauses::Replace);
            assert_eq!(found, expected, "{numbers:?}");
            let mut ticket = Ticket::default();
            expected.iter().for_each(|recorded| ticket.apply(recorded));
            let folded = history(&events, false).fold(Pauses::Replace);
            assert_eq!(folded, ticket, "{numbers:?}");
            assert_eq!(history(&events, true).fold(Pauses::Replace), ticket);
        }
    }

    #[test]
    fn what_comes_in_its_turn_does_not_wait() {
        let events: Vec<Told> = (1..=5)
            .map(|nth| told(nth, Some(nth.unsigned_abs())))
            .collect();
        assert!(history(&events, false).waiting.is_empty());
        let events: Vec<Told> = (1..=5).map(|nth| told(nth, None)).collect();
        assert!(history(&events, false).waiting.is_empty());
        let events = [told(1, Some(1)), told(2, Some(3)), told(3, Some(2))];
        assert_eq!(history(&events, false).waiting.len(), 2);
    }
}
