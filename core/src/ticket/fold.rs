//! The fold: one recorded fact after another into the state of a ticket.

use std::fmt;

use super::event::TicketEvent;
use super::fact::Fact;
use super::payload::{Breached, Escalated, VerdictRevised, Warned};
use super::status::{Impossible, Status};
use super::timeline::Timeline;
use super::verdict::ClockId;
use crate::event::{CustomerId, Kind, Recorded, StreamId, Version};
use crate::language::{Language, Phrase};
use crate::time::Instant;

/// The state of one ticket: facts only.
///
/// Two tickets that were told the same events are equal, however the events were cut into portions:
/// reading a stream from the start and going on from a kept state give the same.
///
/// ```
/// use punctual::event::{Actor, Version};
/// use punctual::ticket::{Action, Command, Permit, Phase, Ticket, decide};
/// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"repair"}"#),
///     ("2026-03-09T09:20", r#"{"type":"classify","level":"major"}"#),
///     ("2026-03-10T15:00", r#"{"type":"resolve","method":"on-site"}"#),
/// ])?;
/// assert_eq!(ticket.version(), Version::new(3));
/// assert_eq!(ticket.anomalies(), []);
///
/// // How it stood on Monday noon, and how it stands.
/// let monday = ticket.timeline().status("2026-03-09T12:00:00+08:00".parse()?);
/// assert_eq!(monday.phase, Phase::Open);
/// assert_eq!(monday.level, Some("major".parse()?));
/// let today = ticket.timeline().status("2026-03-11T09:00:00+08:00".parse()?);
/// assert_eq!(today.phase, Phase::Resolved);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticket {
    stream: Option<StreamId>,
    version: Version,
    recorded_at: Option<Instant>,
    customer: Option<CustomerId>,
    timeline: Timeline,
    told: Told,
    anomalies: Vec<Anomaly>,
}

/// What the engine has already recorded of a ticket's clocks, in the order in which it was
/// recorded. It decides nothing about a verdict; it only keeps the engine from saying a thing
/// twice.
///
/// Kept beside the facts for the engine's sake: without it no verdict moves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The clocks whose first warning was recorded.
    pub warned: Vec<ClockId>,
    /// Breaches, those at the attachment of a goal among them.
    pub breached: Vec<Breached>,
    /// The rungs that were told.
    pub escalated: Vec<Escalated>,
    /// The verdicts that late facts changed.
    pub revised: Vec<VerdictRevised>,
}

/// Something in a history that cannot have been so. It is counted, never refused: a damaged log can
/// be read, and seen to be damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Anomaly {
    /// Events are missing before this one. It counts all the same, and what is missing cannot be
    /// known.
    Gap {
        /// The last version before the hole.
        after: Version,
        /// The version found.
        found: Version,
    },
    /// An event of this version, or of a later one, was folded before; it was passed over.
    Repeated {
        /// The version found.
        found: Version,
    },
    /// The event belongs to another ticket; it was passed over.
    Foreign {
        /// The version found.
        found: Version,
        /// The stream that it names.
        stream: StreamId,
    },
    /// The log learned of this event before it learned of the one in front of it. It counts.
    RecordedBackwards {
        /// The version found.
        found: Version,
        /// The instant that it names.
        recorded_at: Instant,
    },
    /// The event is of a kind that this release does not know; it was passed over. A later release
    /// wrote it: upgrade, or what it means for clocks is missing.
    Unknown {
        /// The version found.
        found: Version,
        /// The number of its kind.
        kind: u16,
    },
    /// By the facts before it, this could not have happened. It counts as far as it can.
    Impossible {
        /// The version found.
        found: Version,
        /// The kind of event.
        kind: Kind,
        /// What stands against it.
        why: Impossible,
    },
}

impl Anomaly {
    /// Returns it in words.
    ///
    /// ```
    /// use punctual::event::Version;
    /// use punctual::language::Language;
    /// use punctual::ticket::Anomaly;
    ///
    /// let phrase = Anomaly::Repeated { found: Version::new(3) }.phrase();
    /// assert_eq!(phrase.text(Language::English), "version 3 was told again and passed over");
    /// assert_eq!(phrase.text(Language::Chinese), "版本 3 重复出现，已略过");
    /// ```
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let (en, zh) = match self {
            Self::Gap { after, found } => (
                format!("version {found} follows version {after}; events between them are missing"),
                format!("版本 {found} 紧接版本 {after}，其间的事件缺失"),
            ),
            Self::Repeated { found } => (
                format!("version {found} was told again and passed over"),
                format!("版本 {found} 重复出现，已略过"),
            ),
            Self::Foreign { found, stream } => (
                format!("version {found} belongs to stream {stream} and was passed over"),
                format!("版本 {found} 属于流 {stream}，已略过"),
            ),
            Self::RecordedBackwards { found, recorded_at } => (
                format!(
                    "version {found} was recorded at {recorded_at}, before the version in front of it"
                ),
                format!("版本 {found} 的记录时间 {recorded_at} 早于前一版本"),
            ),
            Self::Unknown { found, kind } => (
                format!("version {found} is of kind {kind}, which this release does not know"),
                format!("版本 {found} 的类型 {kind} 是本版程序不认识的"),
            ),
            Self::Impossible { found, kind, why } => {
                let (what, why) = (kind.phrase(), why.phrase());
                let [what, reason] = [&what, &why].map(|it| it.text(Language::Chinese));
                (
                    format!("version {found}: {kind} cannot have happened then: {why}"),
                    format!("版本 {found}：当时不可能发生“{what}”：{reason}"),
                )
            }
        };
        Phrase::new(en, zh)
    }
}

impl fmt::Display for Anomaly {
    /// Writes the English words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl std::error::Error for Anomaly {}

/// What is asked of an envelope before its event counts.
#[derive(Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// The stream; `None` when it is known to be the ticket's own.
    pub(crate) stream: Option<&'a StreamId>,
    pub(crate) version: Version,
    pub(crate) recorded_at: Instant,
}

impl<'a> Arrival<'a> {
    const fn of<E>(recorded: &'a Recorded<E>) -> Self {
        Self {
            stream: Some(&recorded.stream),
            version: recorded.version,
            recorded_at: recorded.recorded_at,
        }
    }
}

impl Ticket {
    /// Folds one recorded fact into the state.
    ///
    /// Total: history is never refused. What makes no sense is passed over or kept, and counted in
    /// [`Ticket::anomalies`]. The type of the text is a parameter, so that no fold can depend on
    /// it.
    ///
    /// ```
    /// use punctual::event::{Actor, Version};
    /// use punctual::ticket::{Action, Command, Permit, Received, Ticket, decide};
    ///
    /// let now = "2026-03-09T09:00:00+08:00".parse()?;
    /// let receive: Action = Action::Receive(Received::default());
    /// let command = Command::new(receive, now, Actor::new("u-17".parse()?));
    /// let mut ticket = Ticket::default();
    /// let event = decide(&ticket, command, &Permit::default(), now)?.remove(0);
    /// let received = event.recorded("acme/ticket/T-1".parse()?, &ticket);
    ///
    /// ticket.apply(&received);
    /// ticket.apply(&received); // a consumer that delivers twice
    /// assert_eq!(ticket.version(), Version::FIRST);
    /// assert_eq!(
    ///     ticket.anomalies()[0].to_string(),
    ///     "version 1 was told again and passed over",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Complexity
    /// Constant for a fact that is not late, linear in the facts after it for one that is. A fact
    /// costs no allocation beyond its own fields.
    pub fn apply<T>(&mut self, recorded: &Recorded<TicketEvent<T>>) {
        if !self.admit(&Arrival::of(recorded)) {
            return;
        }
        if let (None, Some(subject)) = (&self.customer, &recorded.subject) {
            self.customer = Some(subject.clone());
        }
        let event = &recorded.event;
        let kind = event.kind();
        if kind.is_told() {
            self.told.keep(event);
            return;
        }
        let (at, version) = (recorded.occurred_at, recorded.version);
        if let Some(fact) = self.timeline.begin(at, version, kind) {
            fact.fill(recorded.actor.as_ref(), event);
        } else if let Some(late) = Fact::of(recorded) {
            self.timeline.insert(late);
        }
    }

    /// Moves on past an event of a kind that this release does not know, and counts it in
    /// [`Ticket::anomalies`]. Its envelope is checked like any other.
    pub fn pass_over<E>(&mut self, recorded: &Recorded<E>, kind: u16) {
        if self.admit(&Arrival::of(recorded)) {
            let found = recorded.version;
            self.anomalies.push(Anomaly::Unknown { found, kind });
        }
    }

    /// Begins a fact that is read from a log to where it stays; [`Ticket::keep`] or
    /// [`Ticket::take_back`] must follow. `None` for a late one.
    #[cfg(feature = "store")]
    #[inline]
    pub(crate) fn begin(&mut self, at: Instant, version: Version, kind: Kind) -> Option<&mut Fact> {
        self.timeline.begin(at, version, kind)
    }

    /// Forgets the fact that was begun: it could not be read.
    #[cfg(feature = "store")]
    pub(crate) fn take_back(&mut self) {
        self.timeline.take_back();
    }

    /// Keeps the fact that was begun, if its envelope counts.
    #[cfg(feature = "store")]
    #[inline]
    pub(crate) fn keep(&mut self, arrival: &Arrival<'_>, subject: Option<CustomerId>) {
        if !self.admit(arrival) {
            self.take_back();
        } else if self.customer.is_none() && subject.is_some() {
            self.customer = subject;
        }
    }

    /// Checks the envelope and moves on to its version; returns whether the event counts.
    #[inline]
    fn admit(&mut self, arrival: &Arrival<'_>) -> bool {
        let known = match (&self.stream, arrival.stream) {
            (_, None) => true,
            (Some(own), Some(stream)) => own == stream,
            (None, Some(_)) => false,
        };
        let next = arrival.version == self.version.next();
        let forward = self.recorded_at <= Some(arrival.recorded_at);
        if known && next && forward {
            self.recorded_at = Some(arrival.recorded_at);
            self.version = arrival.version;
            return true;
        }
        self.admit_slowly(arrival)
    }

    /// The same of a ticket's first event, and of one with which something is wrong.
    #[inline(never)]
    fn admit_slowly(&mut self, arrival: &Arrival<'_>) -> bool {
        let found = arrival.version;
        match (&self.stream, arrival.stream) {
            (_, None) => {}
            (None, Some(stream)) => self.stream = Some(stream.clone()),
            (Some(own), Some(stream)) if own != stream => {
                let stream = stream.clone();
                self.anomalies.push(Anomaly::Foreign { found, stream });
                return false;
            }
            (Some(_), Some(_)) => {}
        }
        if found <= self.version {
            self.anomalies.push(Anomaly::Repeated { found });
            return false;
        }
        if found != self.version.next() {
            self.anomalies.push(Anomaly::Gap {
                after: self.version,
                found,
            });
        }
        if self
            .recorded_at
            .is_some_and(|last| arrival.recorded_at < last)
        {
            let recorded_at = arrival.recorded_at;
            self.anomalies
                .push(Anomaly::RecordedBackwards { found, recorded_at });
        }
        self.recorded_at = self.recorded_at.max(Some(arrival.recorded_at));
        self.version = found;
        true
    }

    /// Returns the stream that the ticket is folded from, once it has an event.
    #[must_use]
    pub const fn stream(&self) -> Option<&StreamId> {
        self.stream.as_ref()
    }

    /// Returns the version of the last event folded; [`Version::NONE`] before the first.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns when the log last learned something of this ticket: the latest `recorded_at`.
    #[must_use]
    pub const fn recorded_at(&self) -> Option<Instant> {
        self.recorded_at
    }

    /// Returns the customer whose personal data the first event with a subject carries.
    #[must_use]
    pub const fn customer(&self) -> Option<&CustomerId> {
        self.customer.as_ref()
    }

    /// Returns the facts in the order in which they happened.
    #[must_use]
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Returns the same facts as if no engine had ever looked at them.
    pub(crate) fn untold(&self) -> Self {
        Self {
            told: Told::default(),
            ..self.clone()
        }
    }

    /// Returns what the engine has already recorded of this ticket's clocks.
    #[must_use]
    pub const fn told(&self) -> &Told {
        &self.told
    }

    /// Returns everything in the history that cannot have been so: first the defects of the log in
    /// the order of arrival, then the impossible facts in the order in which they happened.
    ///
    /// A late fact may make a later one impossible that was accepted in its time; it is listed here
    /// too.
    ///
    /// ```
    /// use punctual::event::{Recorded, Version};
    /// use punctual::ticket::{Anomaly, Ticket, TicketEvent};
    ///
    /// // A log that somebody cut: it begins with its third event, a survey.
    /// let at = "2026-03-09T09:00:00+08:00".parse()?;
    /// let json = r#"{"type":"surveyed","satisfaction":"neutral"}"#;
    /// let mut ticket = Ticket::default();
    /// ticket.apply(&Recorded {
    ///     stream: "acme/ticket/T-1".parse()?,
    ///     version: Version::new(3),
    ///     position: None,
    ///     occurred_at: at,
    ///     recorded_at: at,
    ///     actor: None,
    ///     subject: None,
    ///     event: serde_json::from_str::<TicketEvent>(json)?,
    /// });
    /// let found = ticket.anomalies();
    /// assert!(matches!(found[0], Anomaly::Gap { .. }));
    /// assert_eq!(
    ///     found[1].to_string(),
    ///     "version 3: surveyed cannot have happened then: the ticket has not been received",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Complexity
    /// Linear in the facts: they are walked again at each call.
    #[must_use]
    pub fn anomalies(&self) -> Vec<Anomaly> {
        let mut found = self.anomalies.clone();
        let mut status = Status::default();
        for fact in self.timeline.facts() {
            if let Err(why) = status.admits(fact) {
                found.push(Anomaly::Impossible {
                    found: fact.version,
                    kind: fact.kind,
                    why,
                });
            }
            status.advance(fact);
        }
        found
    }
}

impl Told {
    fn keep<T>(&mut self, event: &TicketEvent<T>) {
        if let TicketEvent::Warned(Warned { clock, .. }) = event {
            self.warned.push(clock.clone());
        } else if let TicketEvent::Breached(it) | TicketEvent::BreachedOnAttach(it) = event {
            self.breached.push(it.clone());
        } else if let TicketEvent::Escalated(escalated) = event {
            self.escalated.push(escalated.clone());
        } else if let TicketEvent::VerdictRevised(revised) = event {
            self.revised.push(revised.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Class;
    use crate::ticket::{Message, Received};

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    fn recorded(version: u64, minute: i64, event: TicketEvent) -> Recorded<TicketEvent> {
        Recorded {
            stream: StreamId::new("acme", "ticket", "1").unwrap(),
            version: Version::new(version),
            position: None,
            occurred_at: at(minute),
            recorded_at: at(100 + i64::try_from(version).unwrap()),
            actor: None,
            subject: None,
            event,
        }
    }

    fn received() -> TicketEvent {
        let class = Some(Class::new("fault").unwrap());
        TicketEvent::Received(Received {
            class,
            ..Received::default()
        })
    }

    fn noted() -> TicketEvent {
        TicketEvent::Noted(Message::NONE)
    }

    #[test]
    fn t4_a_late_fact_is_inserted_and_versions_break_ties() {
        let mut ticket = Ticket::default();
        for (version, minute, event) in [
            (1, 0, received()),
            (2, 9, noted()),
            (3, 4, noted()),
            (4, 4, noted()),
            (5, 9, noted()),
        ] {
            ticket.apply(&recorded(version, minute, event));
        }
        let order: Vec<u64> = ticket
            .timeline()
            .facts()
            .iter()
            .map(|fact| fact.version.get())
            .collect();
        assert_eq!(order, [1, 3, 4, 2, 5]);
        assert_eq!(ticket.anomalies(), []);
    }

    #[test]
    fn a_damaged_log_is_read_and_seen_to_be_damaged() {
        let mut ticket = Ticket::default();
        ticket.apply(&recorded(1, 0, received()));
        ticket.apply(&recorded(3, 1, noted()));
        ticket.apply(&recorded(3, 1, noted()));
        let mut foreign = recorded(4, 1, noted());
        foreign.stream = StreamId::new("acme", "ticket", "2").unwrap();
        ticket.apply(&foreign);
        ticket.apply(&recorded(4, 2, received()));
        let found: Vec<String> = ticket.anomalies().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "version 3 follows version 1; events between them are missing",
                "version 3 was told again and passed over",
                "version 4 belongs to stream acme/ticket/2 and was passed over",
                "version 4: received cannot have happened then: the ticket was received before",
            ]
        );
        assert_eq!(ticket.version(), Version::new(4));
    }

    #[test]
    fn a_fact_recorded_before_its_predecessor_is_counted() {
        let mut ticket = Ticket::default();
        ticket.apply(&recorded(1, 0, received()));
        let mut early = recorded(2, 0, noted());
        early.recorded_at = at(0);
        ticket.apply(&early);
        assert!(matches!(
            ticket.anomalies()[..],
            [Anomaly::RecordedBackwards { .. }]
        ));
        assert_eq!(ticket.recorded_at(), Some(at(101)));
    }
}
