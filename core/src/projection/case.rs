//! One ticket with the policies that apply to it: what a read model may look at.

use std::cell::OnceCell;

use super::Poison;
use crate::clock::{self, BindingError, Bindings, Reading};
use crate::event::{Kind, StreamId};
use crate::policy::{PolicyBook, Reason};
use crate::ticket::{Fact, Status, Ticket};
use crate::time::Instant;

/// A ticket as far as it is known, with its promises.
///
/// Everything is read at the [horizon](Case::horizon), the instant of the ticket's last fact: until
/// the next fact nothing changes but by the passing of time. Readings and status are worked out once
/// and shared by all read models that ask.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::Case;
/// use punctual::ticket::Outcome;
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket("T-1", &[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"fault"}"#),
///     ("2026-03-09T09:40", r#"{"type":"reply"}"#),
/// ])?;
/// let case = Case::new(&ticket, Bindings::to(&policy));
/// assert_eq!(case.horizon(), "2026-03-09T09:40:00+08:00".parse()?);
///
/// // One reading of the clocks, however many read models ask for it.
/// let outcome = |target: &str| {
///     let mut readings = case.readings().iter();
///     readings.find(|it| it.target().as_str() == target).map(|it| it.outcome)
/// };
/// assert_eq!(outcome("first-response"), Some(Outcome::Met));
/// assert_eq!(outcome("diagnosis"), Some(Outcome::Open)); // as far as is known at 09:40
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Case<'a> {
    ticket: &'a Ticket,
    bindings: Bindings<'a>,
    status: OnceCell<Status>,
    readings: OnceCell<Vec<Reading>>,
}

impl<'a> Case<'a> {
    /// Returns a ticket under the policies that it is bound to.
    ///
    /// # Errors
    /// [`Poison::Binding`] when the book lacks a version that the ticket names.
    pub fn recorded(ticket: &'a Ticket, book: &'a PolicyBook) -> Result<Self, Poison> {
        let bindings = Bindings::recorded(ticket.timeline(), book, Instant::MAX);
        let bindings = bindings.map_err(|source| poison(ticket, source))?;
        Ok(Self::new(ticket, bindings))
    }

    /// Returns a ticket under bindings of the caller's choice, such as those to another policy.
    #[must_use]
    pub const fn new(ticket: &'a Ticket, bindings: Bindings<'a>) -> Self {
        Self {
            ticket,
            bindings,
            status: OnceCell::new(),
            readings: OnceCell::new(),
        }
    }

    /// Returns the facts.
    #[must_use]
    pub const fn ticket(&self) -> &'a Ticket {
        self.ticket
    }

    /// Returns the ticket's stream; `None` for a ticket without any event.
    #[must_use]
    pub const fn stream(&self) -> Option<&'a StreamId> {
        self.ticket.stream()
    }

    /// Returns the policies that apply.
    #[must_use]
    pub const fn bindings(&self) -> &Bindings<'a> {
        &self.bindings
    }

    /// Returns the instant of the last fact, up to which everything is known.
    #[must_use]
    pub fn horizon(&self) -> Instant {
        let facts = self.ticket.timeline().facts();
        facts.last().map_or(Instant::MIN, |fact| fact.at)
    }

    /// Returns the reasons to wait that the ticket's policies declare.
    pub(super) fn reasons(&self) -> Vec<&'a Reason> {
        let policies = self.bindings.agreements().filter_map(<[_]>::last);
        let reasons = policies.flat_map(|bound| bound.policy.vocabulary().reasons.iter());
        reasons.collect()
    }

    /// Returns how the ticket stands after its last fact.
    #[must_use]
    pub fn status(&self) -> &Status {
        let status = || self.ticket.timeline().status(Instant::MAX);
        self.status.get_or_init(status)
    }

    /// Returns when the resolution that stands was carried out; `None` while the ticket is open, and
    /// when it ended otherwise.
    ///
    /// ```
    /// use punctual::clock::Bindings;
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::projection::Case;
    /// # use punctual::event::Actor;
    /// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
    /// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
    /// #     let mut ticket = Ticket::default();
    /// #     for (civil, action) in told {
    /// #         let at = format!("{civil}:00+08:00").parse()?;
    /// #         let action: Action = serde_json::from_str(action)?;
    /// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
    /// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
    /// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
    /// #     }
    /// #     Ok(ticket)
    /// # }
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let solved = &[
    ///     ("2026-03-09T09:00", r#"{"type":"receive","class":"fault"}"#),
    ///     ("2026-03-09T11:00", r#"{"type":"resolve","method":"remote"}"#),
    ///     ("2026-03-10T09:00", r#"{"type":"reopen"}"#),
    /// ];
    /// let resolved_at = |told| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(Case::new(&ticket("T-1", told)?, Bindings::to(&policy)).standing_resolution())
    /// };
    /// assert_eq!(resolved_at(&solved[..2])?, Some("2026-03-09T11:00:00+08:00".parse()?));
    /// assert_eq!(resolved_at(&solved[..])?, None); // it came back: that resolution does not stand
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn standing_resolution(&self) -> Option<Instant> {
        let ends = [
            Kind::Resolved,
            Kind::Reopened,
            Kind::Declined,
            Kind::Withdrawn,
        ];
        let facts = self.ticket.timeline().facts();
        let last = facts.iter().rfind(|fact| ends.contains(&fact.kind))?;
        (last.kind == Kind::Resolved).then_some(last.at)
    }

    /// Returns the last inspection of the resolution that stands; one of an earlier resolution judged
    /// another service.
    #[must_use]
    pub fn inspection(&self) -> Option<&'a Fact> {
        let resolved_at = self.standing_resolution()?;
        let facts = self.ticket.timeline().facts().iter();
        let mut inspections = facts.filter(|fact| fact.kind == Kind::Inspected);
        inspections.rfind(|fact| fact.at >= resolved_at)
    }

    /// Returns how every promise stands at the last fact.
    #[must_use]
    pub fn readings(&self) -> &[Reading] {
        self.readings
            .get_or_init(|| self.readings_at(self.horizon()))
    }

    /// Returns how every promise stands at `at`, if nothing more happens until then.
    ///
    /// Not kept, unlike [`Case::readings`]: each call reads the clocks anew. For read models that look
    /// ahead, such as one that lists what will be broken by tonight.
    #[must_use]
    pub fn readings_at(&self, at: Instant) -> Vec<Reading> {
        clock::read(self.ticket.timeline(), &self.bindings, at)
    }
}

fn poison(ticket: &Ticket, source: BindingError) -> Poison {
    let stream = ticket.stream().map(ToString::to_string);
    Poison::Binding {
        stream: stream.unwrap_or_default(),
        source,
    }
}
