//! The part of an event that clocks can see.

use super::event::TicketEvent;
use super::payload::{
    Assigned, Classified, Fields, FollowUp, MergeSide, Opener, PolicyBound, Received, Satisfaction,
    Stage,
};
use crate::event::{
    Actor, AgreementId, Channel, Class, FieldValue, Kind, Level, MarkId, Product, ReasonId,
    Recorded, Roles, TargetId, Version,
};
use crate::time::{CivilDate, Instant};

/// One fact of a ticket, without the text: when, what kind, by which roles, and the plain fields
/// that a policy may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// When it happened.
    pub at: Instant,
    /// The event's version; with the ticket, its id.
    pub version: Version,
    /// What kind of event it was.
    pub kind: Kind,
    /// The roles of whoever did it.
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

/// The plain fields of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// None.
    Plain,
    /// Of `Received`.
    Received(Box<Intake>),
    /// Of `Classified`.
    Classified(Box<Classified>),
    /// Of `Assigned`.
    Assigned(Box<Assigned>),
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
    /// Of `Paused` and `Resumed`.
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
    /// clocks (a warning, a breach), which must never move one.
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
        Some(Self {
            at,
            version,
            kind: event.kind(),
            roles: actor.map_or(Roles::NONE, |actor| actor.roles.clone()),
            detail: Detail::of(event)?,
        })
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

    /// Returns the text of one of the fact's own fields, as conditions compare it.
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

impl Detail {
    fn of<T>(event: &TicketEvent<T>) -> Option<Self> {
        Some(match event {
            TicketEvent::Received(received) => Self::Received(Box::new(Intake::of(received))),
            TicketEvent::Classified(judged) => Self::Classified(Box::new(judged.clone())),
            TicketEvent::Assigned(assigned) => Self::Assigned(Box::new(assigned.clone())),
            TicketEvent::Replied(reply) => Self::Replied {
                automatic: reply.automatic,
            },
            TicketEvent::Diagnosed(found) => found.cause.clone().map_or(Self::Plain, Self::Cause),
            TicketEvent::VisitBooked(booked) => Self::Visit {
                visit_at: booked.visit_at,
            },
            TicketEvent::Paused(paused) => Self::Reason(paused.reason.clone()),
            TicketEvent::Resumed(resumed) => {
                resumed.reason.clone().map_or(Self::Plain, Self::Reason)
            }
            TicketEvent::CompensationProposed(proposed) => {
                Self::Compensation(proposed.compensation.clone())
            }
            TicketEvent::Resolved(resolved) => {
                resolved.method.clone().map_or(Self::Plain, Self::Method)
            }
            TicketEvent::Surveyed(survey) => Self::Surveyed {
                satisfaction: survey.satisfaction,
                solved: survey.solved,
            },
            TicketEvent::FollowedUp(contact) => Self::FollowUp(contact.kind),
            TicketEvent::Merged(merged) => Self::Merged(merged.side),
            TicketEvent::Inspected(inspected) => Self::Inspected {
                conforms: inspected.conforms,
            },
            TicketEvent::CorrectiveAction(action) => Self::Stage(action.stage),
            TicketEvent::Waived(waived) => Self::Waived(Box::new(WaivedClock {
                agreement: waived.agreement.clone(),
                target: waived.target.clone(),
                cycle: waived.cycle,
            })),
            TicketEvent::Marked(marked) => Self::Mark(marked.mark.clone()),
            TicketEvent::PolicyBound(bound) => Self::Bound(Box::new(bound.clone())),
            TicketEvent::Acknowledged(_)
            | TicketEvent::Declined(_)
            | TicketEvent::CustomerWrote(_)
            | TicketEvent::Noted(_)
            | TicketEvent::PlanProposed(_)
            | TicketEvent::PlanAccepted(_)
            | TicketEvent::PlanDisputed(_)
            | TicketEvent::ProgressReported(_)
            | TicketEvent::VisitConfirmed(_)
            | TicketEvent::VisitCancelled(_)
            | TicketEvent::Dispatched(_)
            | TicketEvent::Arrived(_)
            | TicketEvent::CompensationApproved(_)
            | TicketEvent::CompensationRefused(_)
            | TicketEvent::CompensationGranted(_)
            | TicketEvent::ReturnApproved(_)
            | TicketEvent::ReturnArranged(_)
            | TicketEvent::Accepted(_)
            | TicketEvent::Reopened(_)
            | TicketEvent::SurveyAsked(_)
            | TicketEvent::Closed(_)
            | TicketEvent::Withdrawn(_) => Self::Plain,
            TicketEvent::Warned(_)
            | TicketEvent::Breached(_)
            | TicketEvent::BreachedOnAttach(_)
            | TicketEvent::Escalated(_)
            | TicketEvent::VerdictRevised(_) => return None,
        })
    }
}

impl Intake {
    fn of<T>(received: &Received<T>) -> Self {
        Self {
            opener: received.opener,
            class: received.class.clone(),
            level: received.level.clone(),
            fields: received.fields.clone(),
            channel: received.channel.clone(),
            product: received.product.clone(),
            purchased_on: received.purchased_on,
        }
    }
}

/// An event's own field that a policy may put a condition on.
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
    /// Returns the fields that events of `kind` have.
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
