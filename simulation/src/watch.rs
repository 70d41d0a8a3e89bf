//! Whoever reads the log beside the engines, event by event, and notices what must not be.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::sync::Arc;

use punctual::clock::{self, Bindings};
use punctual::engine::{Engine, ManualClock, OpenError, Options};
use punctual::event::{Kind, Offset, PartitionId, Recorded, Version};
use punctual::policy::PolicyBook;
use punctual::store::{
    CommitView, Contiguity, Decoded, EventStore, Limit, TicketCodec, Trace, blocking,
};
use punctual::supervision;
use punctual::ticket::{BindCause, ClockId, Ticket, TicketEvent};
use punctual::time::{Instant, Span};
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::violation::Violation;

type Event = Recorded<TicketEvent>;

/// What was read of one ticket.
#[derive(Debug, Default)]
pub struct Watched {
    /// Every event.
    pub log: Vec<Event>,
    /// The fold of all of them.
    pub ticket: Ticket,
    /// Whether its history was taken over from elsewhere.
    pub is_imported: bool,
    /// When it was seen to be finished for the last time, while it is.
    pub finished_at: Option<Instant>,
    rungs: BTreeSet<(ClockId, Option<u16>, u16)>,
    warned: BTreeSet<ClockId>,
    breached: BTreeSet<ClockId>,
}

impl Watched {
    /// Returns the log in a line for each event.
    #[must_use]
    pub fn told(&self) -> String {
        let line = |event: &Event| {
            let (version, kind) = (event.version, event.event.kind());
            let (occurred_at, recorded_at) = (event.occurred_at, event.recorded_at);
            format!("{version} {kind}: {occurred_at}, recorded at {recorded_at}\n")
        };
        self.log.iter().map(line).collect()
    }
}

/// Where a command was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its partition.
    pub partition: PartitionId,
    /// Its commit.
    pub offset: Offset,
    /// The version of its ticket after the commit.
    pub version: Version,
}

/// How much of what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Events of tickets.
    pub events: u64,
    /// Rungs that were told.
    pub rungs: u64,
    /// Of them, late ones.
    pub late: u64,
    /// Breaches that were recorded.
    pub breaches: u64,
    /// Verdicts that late facts changed.
    pub revisions: u64,
    /// Bindings to another version.
    pub rebinds: u64,
    /// Tickets that no policy was bound to.
    pub unbound: u64,
}

impl Seen {
    pub(crate) fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.rungs += other.rungs;
        self.late += other.late;
        self.breaches += other.breaches;
        self.revisions += other.revisions;
        self.rebinds += other.rebinds;
        self.unbound += other.unbound;
    }
}

/// The reader beside the engines.
///
/// It shares no state with the engines but the store itself, read calmly: it has a codec and folds of its own. What
/// it does share is the library's pure functions, which the laws hold; a fault in `supervise` itself is for
/// them to find.
#[derive(Debug)]
pub struct Watch {
    store: Arc<dyn EventStore>,
    codec: TicketCodec,
    cursors: Vec<Contiguity>,
    librarians: BTreeMap<String, Engine>,
    tickets: BTreeMap<String, Watched>,
    /// By the mark that every command carries.
    commands: BTreeMap<String, Vec<Found>>,
    /// Which mark holds a command id, by stream and id.
    ids: BTreeMap<(String, String), String>,
    /// The places of all tickets' events, by tenant and partition.
    order: BTreeMap<(String, PartitionId), Vec<(Offset, u32)>>,
    /// The latest instant that any clock has shown.
    shown: Instant,
    most_events: usize,
    digest: SipHasher13,
    seen: Seen,
}

impl Watch {
    /// Begins at the start of a log that is empty.
    ///
    /// # Errors
    /// [`OpenError`] when the tenants have no names.
    pub fn new(
        store: Arc<dyn EventStore>,
        tenants: &[String],
        most_events: usize,
    ) -> Result<Self, OpenError> {
        let mut librarians = BTreeMap::new();
        for tenant in tenants {
            let clock = Arc::new(ManualClock::at(Instant::MIN));
            let options = Options::new(tenant).with_clock(clock);
            let engine = blocking::wait(Engine::open(Arc::clone(&store), options))?;
            librarians.insert(tenant.clone(), engine);
        }
        let partitions = store.partitions().iter();
        Ok(Self {
            cursors: partitions
                .map(|p| Contiguity::new(p, Offset::START))
                .collect(),
            store,
            codec: TicketCodec::new(),
            librarians,
            tickets: BTreeMap::new(),
            commands: BTreeMap::new(),
            ids: BTreeMap::new(),
            order: BTreeMap::new(),
            shown: Instant::MIN,
            most_events,
            digest: SipHasher13::new(),
            seen: Seen::default(),
        })
    }

    /// Takes note that a clock shows an instant.
    pub fn show(&mut self, at: Instant) {
        self.shown = self.shown.max(at);
    }

    /// Returns the latest instant that any clock has shown.
    #[must_use]
    pub const fn shown(&self) -> Instant {
        self.shown
    }

    /// Returns every ticket by the name of its stream.
    #[must_use]
    pub const fn tickets(&self) -> &BTreeMap<String, Watched> {
        &self.tickets
    }

    /// Returns one ticket.
    #[must_use]
    pub fn ticket(&self, stream: &str) -> Option<&Watched> {
        self.tickets.get(stream)
    }

    /// Returns where the command with a mark was found; more than once is a violation already.
    #[must_use]
    pub fn command(&self, mark: &str) -> Option<Found> {
        self.commands.get(mark)?.first().copied()
    }

    /// Returns the mark of the command that holds an id within a ticket.
    #[must_use]
    pub fn holder(&self, stream: &str, id: &str) -> Option<&str> {
        let key = (stream.to_owned(), id.to_owned());
        self.ids.get(&key).map(String::as_str)
    }

    /// Returns the places of a tenant's events in a partition, in order.
    #[must_use]
    pub fn order(&self, tenant: &str, partition: PartitionId) -> &[(Offset, u32)] {
        let key = (tenant.to_owned(), partition);
        self.order.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Returns the published policies of a tenant.
    #[must_use]
    pub fn book(&self, tenant: &str) -> Arc<PolicyBook> {
        self.librarians
            .get(tenant)
            .map(Engine::policies)
            .unwrap_or_default()
    }

    /// Returns how much was seen.
    #[must_use]
    pub const fn seen(&self) -> Seen {
        self.seen
    }

    /// Returns a digest of every byte of the log so far.
    #[must_use]
    pub fn digest(&self) -> u128 {
        self.digest.finish128().as_u128()
    }

    /// Reads the log on to its end.
    ///
    /// Costs what is new, and for each commit a fresh fold of what its ticket owed.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn look(&mut self) -> Result<(), Violation> {
        for place in 0..self.cursors.len() {
            loop {
                let mut cursor = self.cursors[place];
                let (partition, after) = (cursor.partition(), cursor.after());
                let read = self
                    .store
                    .read_partition(partition, after, Limit::events(1_000));
                let page = blocking::wait(read).map_err(Violation::log)?;
                cursor.admit(&page).map_err(Violation::log)?;
                self.cursors[place] = cursor;
                for commit in page.commits.iter() {
                    self.digest.write(commit.as_bytes());
                    self.take(&commit)?;
                }
                if page.is_last() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, commit: &CommitView<'_>) -> Result<(), Violation> {
        let stream = commit.stream();
        let mut parts = stream.splitn(3, '/');
        let (tenant, category) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if category == "policy" {
            return match self.librarians.get(tenant) {
                Some(engine) => blocking::wait(engine.catch_up()).map_err(Violation::log),
                None => Ok(()),
            };
        }
        let events = self.decode(commit)?;
        let key = (tenant.to_owned(), commit.partition());
        let order = self.order.entry(key).or_default();
        order.extend((0..commit.len()).map(|index| (commit.offset(), index as u32)));
        self.note_command(commit)?;
        self.check(tenant, commit, &events)?;
        let watched = self.tickets.entry(stream.to_owned()).or_default();
        watched.is_imported |= commit
            .command()
            .is_some_and(|(id, _)| id.starts_with("import-"));
        for event in events {
            watched.ticket.apply(&event);
            watched.log.push(event);
        }
        self.judge(tenant, stream);
        Ok(())
    }

    fn decode(&self, commit: &CommitView<'_>) -> Result<Vec<Event>, Violation> {
        let mut reader = self.codec.reader();
        let mut events = Vec::new();
        for record in commit.records() {
            match reader.decode_owned(&record).map_err(Violation::log)? {
                Decoded::Known(event) => events.push(event),
                Decoded::Unknown(unknown) => {
                    return Err(Violation::Log(format!("unknown event {unknown:?}")));
                }
            }
        }
        Ok(events)
    }

    /// Finds the mark of a command: it may come once.
    fn note_command(&mut self, commit: &CommitView<'_>) -> Result<(), Violation> {
        let Some(first) = commit.records().next() else {
            return Ok(());
        };
        let trace = Trace::of(&first).map_err(Violation::log)?;
        let Some(mark) = trace.correlation else {
            return Ok(());
        };
        let found = self.commands.entry(mark.to_owned()).or_default();
        found.push(Found {
            partition: commit.partition(),
            offset: commit.offset(),
            version: commit.last_version(),
        });
        if found.len() > 1 {
            return Err(Violation::Twice(format!(
                "command {mark} of {}: {found:?}",
                commit.stream()
            )));
        }
        if let Some((id, _)) = commit.command() {
            let key = (commit.stream().to_owned(), id.to_owned());
            self.ids.insert(key, mark.to_owned());
        }
        Ok(())
    }

    fn check(
        &mut self,
        tenant: &str,
        commit: &CommitView<'_>,
        events: &[Event],
    ) -> Result<(), Violation> {
        let stream = commit.stream();
        let shown = self.shown;
        let watched = self.tickets.entry(stream.to_owned()).or_default();
        let before = watched.ticket.version();
        if commit.first_version() != before.next() {
            let first = commit.first_version();
            return Err(Violation::Log(format!("{stream}: {first} after {before}")));
        }
        let mut last = watched.ticket.recorded_at();
        for event in events {
            check_instants(event, last, shown)?;
            last = Some(event.recorded_at);
            note_told(watched, event, &mut self.seen)?;
        }
        self.check_derived(tenant, commit, events)
    }

    /// What the engines add of themselves must be what a fresh fold of the log gives, no more and
    /// no less.
    ///
    /// | a commit that begins with | must be |
    /// |---|---|
    /// | a rebind | the binding and what follows from it |
    /// | a rung, a warning or a breach | everything that was owed, up to the most events of an append |
    /// | a fact | the fact, the bindings of a new ticket, the verdicts that a late one revises |
    /// | an import | anything: it was decided elsewhere |
    fn check_derived(
        &mut self,
        tenant: &str,
        commit: &CommitView<'_>,
        events: &[Event],
    ) -> Result<(), Violation> {
        let book = self.book(tenant);
        let Some((watched, first)) = self.tickets.get(commit.stream()).zip(events.first()) else {
            return Ok(());
        };
        let is_import = commit
            .command()
            .is_some_and(|(id, _)| id.starts_with("import-"));
        if is_import {
            return Ok(());
        }
        let found: Vec<&TicketEvent> = events.iter().map(|event| &event.event).collect();
        let expected: Vec<TicketEvent> = match &first.event {
            TicketEvent::PolicyBound(bound) if bound.cause == BindCause::Rebound => {
                self.seen.rebinds += 1;
                let policy = book.bound(bound);
                policy.map(|it| supervision::rebind(it)).unwrap_or_default()
            }
            event if is_told(event.kind()) => {
                let now = first.recorded_at;
                let mut owed = owed(&watched.ticket, &book, now)?;
                if found.len() == self.most_events {
                    owed.truncate(found.len());
                }
                owed
            }
            _ => self.after_a_fact(watched, &book, events)?,
        };
        let expected: Vec<&TicketEvent> = expected.iter().collect();
        if found == expected {
            return Ok(());
        }
        Err(Violation::Derived(format!(
            "{} version {}: recorded {found:#?}, a fresh fold gives {expected:#?}",
            commit.stream(),
            commit.first_version(),
        )))
    }

    /// A fact with what it brings with it.
    fn after_a_fact(
        &self,
        watched: &Watched,
        book: &PolicyBook,
        events: &[Event],
    ) -> Result<Vec<TicketEvent>, Violation> {
        let Some(fact) = events.first() else {
            return Ok(Vec::new());
        };
        let (before, mut after) = (&watched.ticket, watched.ticket.clone());
        after.apply(fact);
        let mut expected = vec![fact.event.clone()];
        let was_received = before.timeline().received_at().is_some();
        if !was_received {
            // By the policies that the engine knew: the latest version, or an older one.
            let bound = events.iter().find_map(|event| match &event.event {
                TicketEvent::PolicyBound(bound) => book.bound(bound),
                _ => None,
            });
            let bound: PolicyBook = bound.cloned().map(|it| (*it).clone()).into_iter().collect();
            expected.extend(supervision::bind(&after, &bound));
        }
        let now = fact.recorded_at;
        if was_received && fact.occurred_at < now {
            let just_before = now.checked_sub(Span::MICROSECOND).unwrap_or(now);
            let read = |ticket: &Ticket| {
                let bindings = Bindings::recorded(ticket.timeline(), book, just_before);
                let bindings = bindings.map_err(Violation::log)?;
                Ok::<_, Violation>(clock::read(ticket.timeline(), &bindings, just_before))
            };
            let (old, new) = (read(before)?, read(&after)?);
            let kind = fact.event.kind();
            expected.extend(supervision::revisions(&old, &new, fact.version, kind));
        }
        Ok(expected)
    }

    /// Keeps when a ticket was finished, for the count of ticket-years.
    fn judge(&mut self, tenant: &str, stream: &str) {
        let book = self.book(tenant);
        let Some(watched) = self.tickets.get_mut(stream) else {
            return;
        };
        let last = watched.log.last().map(|event| event.recorded_at);
        let Some(now) = last else { return };
        let timeline = watched.ticket.timeline();
        if watched.log.len() == 1 || timeline.facts().iter().all(|fact| fact.bound().is_none()) {
            self.seen.unbound += u64::from(watched.log.len() == 1);
        }
        let bindings = Bindings::recorded(timeline, &book, now);
        let is_finished =
            bindings.is_ok_and(|it| supervision::is_finished(&watched.ticket, &it, now));
        watched.finished_at = is_finished.then_some(watched.finished_at.unwrap_or(now));
    }
}

/// Returns what a fresh look at a ticket finds to be recorded.
///
/// An engine that is at rest has recorded all of it; what is left is a violation.
///
/// ```
/// use punctual::policy::PolicyBook;
/// use punctual::ticket::Ticket;
/// use punctual::time::Instant;
/// use punctual_simulation::watch::owed;
///
/// let now: Instant = "2026-03-03T09:00:00Z".parse()?;
/// assert!(owed(&Ticket::default(), &PolicyBook::default(), now)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Violation`] when the ticket is bound to what is not published.
pub fn owed(
    ticket: &Ticket,
    book: &PolicyBook,
    now: Instant,
) -> Result<Vec<TicketEvent>, Violation> {
    let bindings = Bindings::recorded(ticket.timeline(), book, now).map_err(Violation::log)?;
    Ok(supervision::supervise(ticket, &bindings, now))
}

const fn is_told(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Warned | Kind::Breached | Kind::BreachedOnAttach | Kind::Escalated
    )
}

/// Returns the true instant of what an engine records of itself.
#[must_use]
pub fn came_about_at(event: &TicketEvent) -> Option<Instant> {
    match event {
        TicketEvent::Escalated(it) => Some(it.owed_at),
        TicketEvent::Warned(it) => Some(it.reached_at),
        TicketEvent::Breached(it) | TicketEvent::BreachedOnAttach(it) => Some(it.breached_at),
        _ => None,
    }
}

fn check_instants(event: &Event, last: Option<Instant>, shown: Instant) -> Result<(), Violation> {
    let at = event.recorded_at;
    if at > shown {
        return Err(Violation::Early(format!(
            "{} version {} is recorded at {at}, and no clock has shown more than {shown}",
            event.stream, event.version
        )));
    }
    if last.is_some_and(|last| at < last) {
        return Err(Violation::Log(format!(
            "{} version {} is recorded at {at}, before {last:?}",
            event.stream, event.version
        )));
    }
    let came_about_at = came_about_at(&event.event);
    if came_about_at.is_some_and(|it| it > at) {
        return Err(Violation::Early(format!(
            "{} version {} names {came_about_at:?}, recorded at {at}",
            event.stream, event.version
        )));
    }
    Ok(())
}

/// Nothing is told twice.
fn note_told(watched: &mut Watched, event: &Event, seen: &mut Seen) -> Result<(), Violation> {
    seen.events += 1;
    let is_new = match &event.event {
        TicketEvent::Escalated(it) => {
            seen.rungs += 1;
            seen.late += u64::from(it.late);
            watched.rungs.insert((it.clock.clone(), it.rung, it.repeat))
        }
        TicketEvent::Warned(it) => watched.warned.insert(it.clock.clone()),
        TicketEvent::Breached(it) | TicketEvent::BreachedOnAttach(it) => {
            seen.breaches += 1;
            watched.breached.insert(it.clock.clone())
        }
        TicketEvent::VerdictRevised(_) => {
            seen.revisions += 1;
            true
        }
        _ => true,
    };
    if is_new {
        return Ok(());
    }
    Err(Violation::Twice(format!(
        "{} version {}: {:?}",
        event.stream, event.version, event.event
    )))
}
