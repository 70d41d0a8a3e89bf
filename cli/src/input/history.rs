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

/// All that a file tells of one ticket, in the order of the file.
#[derive(Debug, Clone)]
pub struct History {
    /// The ticket.
    pub ticket: TicketId,
    /// Its name in the log: `log/ticket/<id>` for a foreign one.
    pub stream: StreamId,
    /// What happened.
    pub told: Vec<Told>,
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
    places: HashMap<StreamId, usize>,
    /// Rows of one ticket mostly stand together.
    latest: Option<usize>,
}

impl Histories {
    /// Returns an empty collection.
    #[must_use]
    pub fn new(problems: Problems) -> Self {
        Self {
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
                self.tickets.push(History {
                    ticket: TicketId::new(stream.id()).ok()?,
                    stream: stream.clone(),
                    told: Vec::new(),
                });
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
            history.told.push(told);
        }
    }

    /// Forgets tickets of which nothing was told: all their rows were passed over.
    pub(super) fn forget_untold(&mut self) {
        self.tickets.retain(|history| !history.told.is_empty());
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
            let told = self.tickets.iter().flat_map(|history| &history.told);
            self.last_at = told.map(|told| told.occurred_at).max();
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
    /// Folds what was told, in the order of the file's own numbers where it has any.
    #[must_use]
    pub fn fold(self, pauses: Pauses) -> Ticket {
        let mut ticket = Ticket::default();
        self.record(pauses, |recorded| ticket.apply(&recorded));
        ticket
    }

    /// Hands on what was told as a log of its own would hold it, in the order of the file's own
    /// numbers where it has any.
    pub fn record(mut self, pauses: Pauses, take: impl FnMut(Recorded<TicketEvent>)) {
        if !self.told.is_sorted_by_key(|told| told.sequence) {
            self.told.sort_by_key(|told| told.sequence);
        }
        let mut telling = Telling {
            stream: self.stream,
            version: Version::NONE,
            recorded_at: None,
            waits: false,
            take,
        };
        for told in self.told {
            telling.tell(told, pauses);
        }
    }
}

/// What must be remembered of a ticket to tell its next event.
struct Telling<F> {
    stream: StreamId,
    version: Version,
    recorded_at: Option<Instant>,
    waits: bool,
    take: F,
}

impl<F: FnMut(Recorded<TicketEvent>)> Telling<F> {
    fn tell(&mut self, told: Told, pauses: Pauses) {
        // One status at a time: each pause first clears the one before it (SEMANTICS C4).
        if pauses == Pauses::Replace {
            if self.waits && matches!(told.event, TicketEvent::Paused(_)) {
                self.hand_on(Told {
                    event: TicketEvent::Resumed(Resumed { reason: None }),
                    actor: None,
                    ..told.clone()
                });
            }
            self.waits = waits_after(&told.event, self.waits);
        }
        self.hand_on(told);
    }

    fn hand_on(&mut self, told: Told) {
        // A log learns of things in the order in which it tells them; one whose clock runs
        // backwards learned of a thing when it had learned of the one before (SEMANTICS T3).
        let recorded_at = told.recorded_at.unwrap_or_else(|| {
            let last = self.recorded_at.unwrap_or(told.occurred_at);
            told.occurred_at.max(last)
        });
        self.version = self.version.next();
        self.recorded_at = self.recorded_at.max(Some(recorded_at));
        (self.take)(Recorded {
            stream: self.stream.clone(),
            version: self.version,
            position: None,
            occurred_at: told.occurred_at,
            recorded_at,
            actor: told.actor,
            subject: told.customer,
            event: told.event,
        });
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
