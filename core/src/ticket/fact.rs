//! The part of an event that clocks can see.

use super::event::TicketEvent;
use super::payload::{
    Assigned, Classified, Fields, FollowUp, MergeSide, Opener, PolicyBound, Satisfaction, Stage,
};
use crate::event::{
    Actor, AgreementId, Channel, Class, FieldValue, Kind, Level, MarkId, Product, ReasonId,
    Recorded, Roles, TargetId, Version,
};
use crate::time::{CivilDate, Instant};

/// One fact of a ticket, without the text: when, what kind, by which roles, and the plain fields
/// that a policy may ask for.
///
/// This is all that clocks, gates and conditions ever see of an event.
///
/// ```
/// use punctual::event::{Actor, Kind};
/// use punctual::ticket::{Action, Command, EventField, Permit, Ticket, decide};
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
///     ("2026-03-09T09:00", r#"{"type":"receive","channel":"mail","text":{"plain":"It drips"}}"#),
/// ])?;
/// let fact = &ticket.timeline().facts()[0];
/// assert_eq!(fact.kind, Kind::Received);
/// assert_eq!(fact.field(EventField::Channel), Some("mail"));
/// assert!(!format!("{fact:?}").contains("drips")); // the words are not in it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// When it happened: the event's `occurred_at`.
    pub at: Instant,
    /// The event's version; with the ticket, its id.
    pub version: Version,
    /// What kind of event it was.
    pub kind: Kind,
    /// The roles of whoever did it, held at that moment; none for the engine.
    pub roles: Roles,
    /// The plain fields of its kind.
    pub detail: Detail,
}

/// What intake knew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    /// Who opened the ticket.
    pub opener: Opener,
    /// The kind of request.
    pub class: Option<Class>,
    /// How serious it is.
    pub level: Option<Level>,
    /// The policy's own fields.
    pub fields: Fields,
    /// The way it came in.
    pub channel: Option<Channel>,
    /// The product model.
    pub product: Option<Product>,
    /// When the product was bought.
    pub purchased_on: Option<CivilDate>,
}

/// The plain fields of a fact. A kind whose own fields are all absent, such as a `Resolved` without
/// a method, is [`Detail::Plain`].
///
/// ```
/// use punctual::ticket::Detail;
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
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
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"fault","channel":"phone"}"#),
///     ("2026-03-09T09:10", r#"{"type":"pause","reason":"awaiting-parts"}"#),
///     ("2026-03-09T09:20", r#"{"type":"reply"}"#),
/// ])?;
/// let [received, paused, replied] = ticket.timeline().facts() else { return Err("three".into()) };
/// let Detail::Received(intake) = &received.detail else { return Err("no intake".into()) };
/// assert_eq!(intake.class.as_ref().map(|class| class.as_str()), Some("fault"));
/// assert!(matches!(&paused.detail, Detail::Reason(why) if why.as_str() == "awaiting-parts"));
/// assert_eq!(replied.detail, Detail::Replied { automatic: false });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// None.
    Plain,
    /// Of `Received`.
    Received(Box<Intake>),
    /// Of `Classified`.
    Classified(Box<Classified>),
    /// Of `Assigned`.
    Assigned(Assigned),
    /// Of `Replied`.
    Replied {
        /// Whether a program wrote it.
        automatic: bool,
    },
    /// Of `Diagnosed`.
    Cause(FieldValue),
    /// Of `VisitBooked`.
    Visit {
        /// When the visit begins.
        visit_at: Instant,
    },
    /// Of `Paused`, and of a `Resumed` that names a reason.
    Reason(ReasonId),
    /// Of `CompensationProposed`.
    Compensation(FieldValue),
    /// Of `Resolved`.
    Method(FieldValue),
    /// Of `Surveyed`.
    Surveyed {
        /// The whole.
        satisfaction: Satisfaction,
        /// Whether the problem is solved.
        solved: Option<bool>,
    },
    /// Of `FollowedUp`.
    FollowUp(FollowUp),
    /// Of `Merged`.
    Merged(MergeSide),
    /// Of `Inspected`.
    Inspected {
        /// Whether the norm was kept.
        conforms: bool,
    },
    /// Of `CorrectiveAction`.
    Stage(Stage),
    /// Of `Waived`.
    Waived(Box<WaivedClock>),
    /// Of `Marked`.
    Mark(MarkId),
    /// Of `PolicyBound`.
    Bound(Box<PolicyBound>),
}

/// Which promise a waiver covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaivedClock {
    /// The agreement.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
    /// The cycle, counted from 1.
    pub cycle: u32,
}

impl Fact {
    /// Returns what clocks can see of an event, or `None` for what the engine itself records of
    /// clocks (a warning, a breach, an escalation, a revised verdict), which must never move one
    /// (SEMANTICS C6). A binding to a policy is a fact.
    #[must_use]
    pub fn of<T>(recorded: &Recorded<TicketEvent<T>>) -> Option<Self> {
        let actor = recorded.actor.as_ref();
        Self::from_parts(
            recorded.occurred_at,
            recorded.version,
            actor,
            &recorded.event,
        )
    }

    pub(crate) fn from_parts<T>(
        at: Instant,
        version: Version,
        actor: Option<&Actor>,
        event: &TicketEvent<T>,
    ) -> Option<Self> {
        let mut fact = Self::bare(at, version, event.kind());
        fact.fill(actor, event).then_some(fact)
    }

    /// Returns a fact of which nothing else is known yet.
    #[inline]
    pub(super) const fn bare(at: Instant, version: Version, kind: Kind) -> Self {
        Self {
            at,
            version,
            kind,
            roles: Roles::NONE,
            detail: Detail::Plain,
        }
    }

    /// Adds what the event tells to a bare fact; returns whether it is one.
    #[inline]
    pub(super) fn fill<T>(&mut self, actor: Option<&Actor>, event: &TicketEvent<T>) -> bool {
        if let Some(actor) = actor {
            self.act(actor);
        }
        event.show(&mut self.detail)
    }

    /// Adds the roles of whoever acted to a bare fact.
    #[inline]
    pub(crate) fn act(&mut self, actor: &Actor) {
        if !actor.roles.as_slice().is_empty() {
            self.roles = actor.roles.clone();
        }
    }

    /// Returns the reason of a `Paused` or a `Resumed` that names one.
    #[must_use]
    pub const fn reason(&self) -> Option<&ReasonId> {
        if let Detail::Reason(reason) = &self.detail {
            Some(reason)
        } else {
            None
        }
    }

    /// Returns the binding of a `PolicyBound`.
    #[must_use]
    pub fn bound(&self) -> Option<&PolicyBound> {
        if let Detail::Bound(bound) = &self.detail {
            Some(bound)
        } else {
            None
        }
    }

    /// Returns when the visit of a `VisitBooked` begins.
    #[must_use]
    pub const fn visit_at(&self) -> Option<Instant> {
        if let Detail::Visit { visit_at } = &self.detail {
            Some(*visit_at)
        } else {
            None
        }
    }

    /// Returns the text of one of the fact's own fields, as conditions compare it: a name, or `yes`
    /// and `no`. `None` where its kind has no such field, or where the event left it out.
    #[must_use]
    pub fn field(&self, field: EventField) -> Option<&str> {
        match (field, &self.detail) {
            (EventField::Opener, Detail::Received(intake)) => Some(intake.opener.name()),
            (EventField::Channel, Detail::Received(intake)) => {
                intake.channel.as_ref().map(Channel::as_str)
            }
            (EventField::InScope, Detail::Classified(judged)) => judged.in_scope.map(yes_no),
            (EventField::Team, Detail::Assigned(assigned)) => {
                assigned.team.as_ref().map(FieldValue::as_str)
            }
            (EventField::Automatic, Detail::Replied { automatic }) => Some(yes_no(*automatic)),
            (EventField::Cause, Detail::Cause(value))
            | (EventField::Compensation, Detail::Compensation(value))
            | (EventField::Method, Detail::Method(value)) => Some(value.as_str()),
            (EventField::Reason, Detail::Reason(reason)) => Some(reason.as_str()),
            (EventField::Satisfaction, Detail::Surveyed { satisfaction, .. }) => {
                Some(satisfaction.name())
            }
            (EventField::Solved, Detail::Surveyed { solved, .. }) => solved.map(yes_no),
            (EventField::FollowUp, Detail::FollowUp(kind)) => Some(kind.name()),
            (EventField::Side, Detail::Merged(side)) => Some(side.name()),
            (EventField::Conforms, Detail::Inspected { conforms }) => Some(yes_no(*conforms)),
            (EventField::Stage, Detail::Stage(stage)) => Some(stage.name()),
            _ => None,
        }
    }
}

const fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// An event's own field that a policy may put a condition on:
/// `{ event = "surveyed", when = { satisfaction = "dissatisfied" } }`.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::ticket::EventField;
///
/// let fields = EventField::of(Kind::Surveyed);
/// let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
/// assert_eq!(names, ["satisfaction", "solved"]);
/// assert_eq!(EventField::Solved.words(), Some(vec!["yes", "no"]));
/// assert_eq!(EventField::Method.words(), None); // a policy declares its methods
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EventField {
    /// `opener` of `received`: customer, agent, owner.
    Opener,
    /// `channel` of `received`.
    Channel,
    /// `in-scope` of `classified`: yes, no.
    InScope,
    /// `team` of `assigned`.
    Team,
    /// `automatic` of `replied`: yes, no.
    Automatic,
    /// `cause` of `diagnosed`.
    Cause,
    /// `reason` of `paused` and `resumed`.
    Reason,
    /// `compensation` of `compensation-proposed`.
    Compensation,
    /// `method` of `resolved`.
    Method,
    /// `satisfaction` of `surveyed`: five points.
    Satisfaction,
    /// `solved` of `surveyed`: yes, no.
    Solved,
    /// `kind` of `followed-up`: effect, second-contact, return-visit.
    FollowUp,
    /// `side` of `merged`: into, from.
    Side,
    /// `conforms` of `inspected`: yes, no.
    Conforms,
    /// `stage` of `corrective-action`: planned, done, verified.
    Stage,
}

impl EventField {
    /// Returns the fields that events of `kind` have; none for most kinds.
    #[must_use]
    pub const fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Received => &[Self::Opener, Self::Channel],
            Kind::Classified => &[Self::InScope],
            Kind::Assigned => &[Self::Team],
            Kind::Replied => &[Self::Automatic],
            Kind::Diagnosed => &[Self::Cause],
            Kind::Paused | Kind::Resumed => &[Self::Reason],
            Kind::CompensationProposed => &[Self::Compensation],
            Kind::Resolved => &[Self::Method],
            Kind::Surveyed => &[Self::Satisfaction, Self::Solved],
            Kind::FollowedUp => &[Self::FollowUp],
            Kind::Merged => &[Self::Side],
            Kind::Inspected => &[Self::Conforms],
            Kind::CorrectiveAction => &[Self::Stage],
            Kind::Acknowledged
            | Kind::Declined
            | Kind::CustomerWrote
            | Kind::Noted
            | Kind::PlanProposed
            | Kind::PlanAccepted
            | Kind::PlanDisputed
            | Kind::ProgressReported
            | Kind::VisitBooked
            | Kind::VisitConfirmed
            | Kind::VisitCancelled
            | Kind::Dispatched
            | Kind::Arrived
            | Kind::CompensationApproved
            | Kind::CompensationRefused
            | Kind::CompensationGranted
            | Kind::ReturnApproved
            | Kind::ReturnArranged
            | Kind::Accepted
            | Kind::Reopened
            | Kind::SurveyAsked
            | Kind::Closed
            | Kind::Withdrawn
            | Kind::Waived
            | Kind::Marked
            | Kind::PolicyBound
            | Kind::Warned
            | Kind::Breached
            | Kind::BreachedOnAttach
            | Kind::Escalated
            | Kind::VerdictRevised
            | Kind::PolicyPublished
            | Kind::CalendarPublished => &[],
        }
    }

    /// Returns the name that policies write.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opener => "opener",
            Self::Channel => "channel",
            Self::InScope => "in-scope",
            Self::Team => "team",
            Self::Automatic => "automatic",
            Self::Cause => "cause",
            Self::Reason => "reason",
            Self::Compensation => "compensation",
            Self::Method => "method",
            Self::Satisfaction => "satisfaction",
            Self::Solved => "solved",
            Self::FollowUp => "kind",
            Self::Side => "side",
            Self::Conforms => "conforms",
            Self::Stage => "stage",
        }
    }

    /// Returns the words that the field can have, or `None` where the vocabulary is open or a
    /// policy's own.
    #[must_use]
    pub fn words(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Opener => Some(Opener::ALL.iter().map(|word| word.name()).collect()),
            Self::Satisfaction => Some(Satisfaction::ALL.iter().map(|word| word.name()).collect()),
            Self::FollowUp => Some(FollowUp::ALL.iter().map(|word| word.name()).collect()),
            Self::Side => Some(MergeSide::ALL.iter().map(|word| word.name()).collect()),
            Self::Stage => Some(Stage::ALL.iter().map(|word| word.name()).collect()),
            Self::InScope | Self::Automatic | Self::Solved | Self::Conforms => {
                Some(vec!["yes", "no"])
            }
            Self::Channel
            | Self::Team
            | Self::Cause
            | Self::Reason
            | Self::Compensation
            | Self::Method => None,
        }
    }
}
