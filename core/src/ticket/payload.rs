//! What each kind of event tells.
//!
//! A struct with a type parameter carries customer text: `T` is `Box<str>` where it is owned and
//! `&str` where it is read in place. Everything that a clock, a gate or a figure needs is a plain
//! field of its own.
//!
//! The fields of these structs, in their order, are the stored form of schema 1. A change of shape
//! is a new schema with an upcaster, never an edit here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ClockId, Outcome, Personal};
use crate::event::{
    ActorId, AgreementId, CalendarId, Channel, Class, FieldId, FieldValue, Level, MarkId, PolicyId,
    Product, ReasonId, RoleId, TargetId, TicketId, Version,
};
use crate::time::{CivilDate, Instant, WallTime};

/// A policy's own fields with their values, in the order of their names.
///
/// ```
/// use punctual::ticket::Fields;
///
/// let fields = Fields::from([("complexity".parse()?, "complex".parse()?)]);
/// assert_eq!(serde_json::to_string(&fields)?, r#"{"complexity":"complex"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Fields = BTreeMap<FieldId, FieldValue>;

/// Writes an enum of plain words with the names that policies and logs use, and the numbers that
/// stand for them in binary formats. Names and numbers are never changed and never reused.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$word_doc:meta])* $word:ident = $number:literal, $text:literal;)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
        }

        impl $name {
            /// Every word, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// Returns the name that policies and logs use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)*
                }
            }

            /// Returns the word that a number of the binary form stands for.
            pub(crate) const fn from_number(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$word),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    return serializer.serialize_str(self.name());
                }
                serializer.serialize_u8(match self {
                    $(Self::$word => $number,)*
                })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error;
                if deserializer.is_human_readable() {
                    let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    return match name.as_ref() {
                        $($text => Ok(Self::$word),)*
                        _ => Err(D::Error::unknown_variant(&name, &[$($text,)*])),
                    };
                }
                let number = u8::deserialize(deserializer)?;
                Self::from_number(number).ok_or_else(|| {
                    D::Error::custom(format_args!(
                        concat!("{} is no ", stringify!($name)),
                        number
                    ))
                })
            }
        }
    )*};
}

words! {
    /// Who opened a ticket. Only a customer who waits for us can be answered late for the first
    /// time (SEMANTICS C10).
    Opener {
        /// The customer, through any channel.
        Customer = 0, "customer";
        /// Somebody of ours, on the customer's behalf or on our own.
        Agent = 1, "agent";
        /// The one who will own it.
        Owner = 2, "owner";
    }
    /// Five points of satisfaction, worst first.
    Satisfaction {
        /// 1 of 5.
        VeryDissatisfied = 0, "very-dissatisfied";
        /// 2 of 5.
        Dissatisfied = 1, "dissatisfied";
        /// 3 of 5.
        Neutral = 2, "neutral";
        /// 4 of 5.
        Satisfied = 3, "satisfied";
        /// 5 of 5.
        VerySatisfied = 4, "very-satisfied";
    }
    /// Why the customer was contacted again.
    FollowUp {
        /// To learn whether remote guidance helped.
        Effect = 0, "effect";
        /// After a bad score.
        SecondContact = 1, "second-contact";
        /// A return visit, some time after.
        ReturnVisit = 2, "return-visit";
    }
    /// How far a corrective action has come.
    Stage {
        /// It was decided.
        Planned = 0, "planned";
        /// It was carried out.
        Done = 1, "done";
        /// Someone checked that it helped.
        Verified = 2, "verified";
    }
    /// Which side of a merger a ticket is on.
    MergeSide {
        /// This ticket went into the other one and ends here.
        Into = 0, "into";
        /// The other ticket came into this one, which goes on.
        From = 1, "from";
    }
    /// Why a policy version was bound.
    BindCause {
        /// The first binding, decided at `Received`.
        Received = 0, "received";
        /// An explicit move to another version.
        Rebound = 1, "rebound";
    }
}

impl Default for Opener {
    /// A customer: without word to the contrary somebody waits for us.
    fn default() -> Self {
        Self::Customer
    }
}

/// An event that tells that it happened and, at most, what was said.
///
/// ```
/// use punctual::ticket::{Action, Message};
///
/// let note: Action = Action::Note(Message {
///     text: Some("The customer prefers mornings.".into()),
/// });
/// let arrived: Action = Action::Arrive(Message::NONE);
/// assert_ne!(note, arrived);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Message<T> {
    /// What was said, or a note on it.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

fn absent<T>() -> Option<T> {
    None
}

impl<T> Message<T> {
    /// An event without any text.
    pub const NONE: Self = Self { text: None };
}

impl<T> Default for Message<T> {
    fn default() -> Self {
        Self::NONE
    }
}

/// The request reached us.
///
/// Everything but the fact itself may be unknown: a later [`Classified`] tells the class and the
/// level.
///
/// ```
/// use punctual::ticket::{Opener, Received};
///
/// let received = Received::<Box<str>> {
///     class: Some("repair".parse()?),
///     channel: Some("phone".parse()?),
///     purchased_on: Some("2025-11-11".parse()?),
///     ..Received::default()
/// };
/// assert_eq!(received.opener, Opener::Customer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Received<T> {
    /// Who opened the ticket. A first response is promised only to a customer (SEMANTICS C10).
    #[serde(default)]
    pub opener: Opener,
    /// The kind of request, where intake already knows it.
    #[serde(default)]
    pub class: Option<Class>,
    /// How serious it is, where intake already knows it; otherwise the policy's default level
    /// counts.
    #[serde(default)]
    pub level: Option<Level>,
    /// The policy's own fields, among them the customer's tier where a policy has tiers.
    #[serde(default)]
    pub fields: Fields,
    /// The way it came in.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The product model.
    #[serde(default)]
    pub product: Option<Product>,
    /// When the product was bought: a date as the receipt says it.
    #[serde(default)]
    pub purchased_on: Option<CivilDate>,
    /// The request in the customer's words.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

impl<T> Default for Received<T> {
    /// By a customer, nothing known yet.
    fn default() -> Self {
        Self {
            opener: Opener::Customer,
            class: None,
            level: None,
            fields: Fields::new(),
            channel: None,
            product: None,
            purchased_on: None,
            text: None,
        }
    }
}

/// We told the customer that the request arrived.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"acknowledge"}"#)?;
/// assert_eq!(action.kind().name(), "acknowledged");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Acknowledged {
    /// "Handling starts within": what the customer was told.
    #[serde(default)]
    pub starts_in: Option<WallTime>,
}

/// What the ticket was judged to be. What is absent keeps the former judgement.
///
/// What it does to clocks that run is said by each target's mode: see
/// [`Reclassify`](crate::policy::Reclassify).
///
/// ```
/// use punctual::event::Actor;
/// use punctual::ticket::{Action, Command, Permit, Ticket, decide};
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
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
///     ("2026-03-09T09:30", r#"{"type":"classify","level":"major"}"#),
///     ("2026-03-09T10:00", r#"{"type":"classify","fields":{"complexity":"complex"}}"#),
/// ])?;
/// let status = ticket.timeline().status("2026-03-09T10:00:00+08:00".parse()?);
/// assert_eq!(status.class, Some("complaint".parse()?));
/// assert_eq!(status.level, Some("major".parse()?));
/// assert_eq!(status.fields["complexity"].as_str(), "complex");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Classified {
    /// The kind of request.
    #[serde(default)]
    pub class: Option<Class>,
    /// How serious it is.
    #[serde(default)]
    pub level: Option<Level>,
    /// The policy's own fields. Those that are not named here keep their values.
    #[serde(default)]
    pub fields: Fields,
    /// Whether it is covered: a fault of the product, under warranty.
    #[serde(default)]
    pub in_scope: Option<bool>,
}

/// Who is responsible from here on. What is absent stays as it was.
///
/// Either may be absent: a team without an owner, or an owner whose team did not change.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"assign","owner":"li","team":"repairs"}"#)?;
/// assert_eq!(action.kind().name(), "assigned");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Assigned {
    /// The owner; `None` when only a team is known.
    #[serde(default)]
    pub owner: Option<ActorId>,
    /// The team.
    #[serde(default)]
    pub team: Option<FieldValue>,
}

/// It is out of scope, and the customer was told what to do instead.
///
/// What is offered instead is required: a refusal without one is not a contact.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"decline","alternative":{"plain":"paid repair"}}"#)?;
/// assert_eq!(action.kind().name(), "declined");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Declined<T> {
    /// The explanation given to the customer.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
    /// The alternative offered to the customer.
    pub alternative: Personal<T>,
}

/// An answer that the customer can see.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"reply","automatic":true}"#)?;
/// assert_eq!(action.kind().name(), "replied");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Replied<T> {
    /// Whether a program wrote it; such an answer ends no promise unless the policy says so
    /// (SEMANTICS C10).
    #[serde(default)]
    pub automatic: bool,
    /// The answer.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

impl<T> Default for Replied<T> {
    fn default() -> Self {
        Self {
            automatic: false,
            text: None,
        }
    }
}

/// The cause is known.
///
/// Causes are what hot spots count: name them alike.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"diagnose","cause":"compressor"}"#)?;
/// assert_eq!(action.kind().name(), "diagnosed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnosed<T> {
    /// The cause, in the embedding service's own vocabulary.
    #[serde(default)]
    pub cause: Option<FieldValue>,
    /// The finding in words.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

impl<T> Default for Diagnosed<T> {
    fn default() -> Self {
        Self {
            cause: None,
            text: None,
        }
    }
}

/// A visit was agreed. Another one replaces it, and moves what is due before the visit (SEMANTICS
/// B4).
///
/// ```
/// use punctual::ticket::{Action, VisitBooked};
///
/// let visit: Action = Action::BookVisit(VisitBooked {
///     visit_at: "2026-03-11T14:00:00+08:00".parse()?,
///     text: Some("Ring twice.".into()),
/// });
/// assert_eq!(serde_json::to_value(&visit)?["visit_at"], "2026-03-11T06:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VisitBooked<T> {
    /// When the visit begins. Usually later than the event; nothing requires it.
    pub visit_at: Instant,
    /// Where and with whom.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// Work waits. Which clocks stop for it is said by each target; the others run on (SEMANTICS C4).
///
/// It stops the clocks whose target names the reason; others run on.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"pause","reason":"awaiting-parts"}"#)?;
/// assert_eq!(action.kind().name(), "paused");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Paused {
    /// For what. Several reasons may be open at once.
    pub reason: ReasonId,
}

/// A reason to wait has gone.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"resume"}"#)?;
/// assert_eq!(action.kind().name(), "resumed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Resumed {
    /// Which one; `None` clears all of them.
    #[serde(default)]
    pub reason: Option<ReasonId>,
}

/// A compensation was suggested.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"propose-compensation","compensation":"voucher"}"#)?;
/// assert_eq!(action.kind().name(), "compensation-proposed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CompensationProposed<T> {
    /// What it is: a voucher, a longer warranty, a refund.
    pub compensation: FieldValue,
    /// How much, and why.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// The remedy was carried out.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"resolve","method":"on-site"}"#)?;
/// assert_eq!(action.kind().name(), "resolved");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resolved<T> {
    /// How, in the policy's vocabulary: remote, on-site, ...
    #[serde(default)]
    pub method: Option<FieldValue>,
    /// What was done.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

impl<T> Default for Resolved<T> {
    fn default() -> Self {
        Self {
            method: None,
            text: None,
        }
    }
}

/// What the customer thinks of the service, on five points.
///
/// ```
/// use punctual::ticket::{Satisfaction, TicketEvent};
///
/// let json = r#"{"type":"surveyed","satisfaction":"dissatisfied","solved":true}"#;
/// let event: TicketEvent = serde_json::from_str(json)?;
/// let TicketEvent::Surveyed(survey) = event else {
///     return Err("another kind".into());
/// };
/// assert!(survey.satisfaction < Satisfaction::Neutral); // worst first
/// assert_eq!(survey.solved, Some(true)); // solved, and yet displeased
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Surveyed<T> {
    /// The whole.
    pub satisfaction: Satisfaction,
    /// Whether the problem is solved.
    #[serde(default)]
    pub solved: Option<bool>,
    /// The attitude of those who served.
    #[serde(default)]
    pub attitude: Option<Satisfaction>,
    /// How quickly it went.
    #[serde(default)]
    pub speed: Option<Satisfaction>,
    /// How well the work was done.
    #[serde(default)]
    pub skill: Option<Satisfaction>,
    /// In the customer's words.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// The customer was contacted again.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"follow-up","kind":"second-contact"}"#)?;
/// assert_eq!(action.kind().name(), "followed-up");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FollowedUp<T> {
    /// Why: a policy may ask for a certain kind of contact.
    pub kind: FollowUp,
    /// What was said.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// Two tickets became one; each has an event of its own. The one that goes into the other ends
/// here.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"merge","other":"T-7","side":"from"}"#)?;
/// assert_eq!(action.kind().name(), "merged");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Merged {
    /// The other ticket.
    pub other: TicketId,
    /// Which side this ticket is on.
    pub side: MergeSide,
}

/// An inspector looked at the service.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"inspect","conforms":true}"#)?;
/// assert_eq!(action.kind().name(), "inspected");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Inspected<T> {
    /// Whether the norm was kept.
    pub conforms: bool,
    /// What was found.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// A correction after an inspection or a complaint.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"correct","stage":"planned"}"#)?;
/// assert_eq!(action.kind().name(), "corrective-action");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CorrectiveAction<T> {
    /// How far it has come.
    pub stage: Stage,
    /// What is to be, was, or was found done.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// One promise was waived (SEMANTICS C13). It covers one cycle of one target, whether that cycle
/// has started or not, and survives a reopening; the next cycle is promised again.
///
/// ```
/// use punctual::ticket::Action;
///
/// let action: Action = serde_json::from_str(r#"{"type":"waive","agreement":"service","target":"plan","cycle":1,"text":{"plain":"flood"}}"#)?;
/// assert_eq!(action.kind().name(), "waived");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Waived<T> {
    /// The agreement that promises it.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
    /// The cycle, counted from 1.
    pub cycle: u32,
    /// Why. A reason is required.
    pub text: Personal<T>,
}

/// A named moment of the embedding service: what a policy may start and stop clocks by.
///
/// ```
/// use punctual::ticket::{Action, Marked};
///
/// let delivered: Action = Action::Mark(Marked {
///     mark: "parts-delivered".parse()?,
///     text: None,
/// });
/// assert_eq!(serde_json::to_value(&delivered)?["mark"], "parts-delivered");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Marked<T> {
    /// Its name; a policy declares the names that it uses.
    pub mark: MarkId,
    /// A note on it.
    #[serde(default = "absent")]
    pub text: Option<Personal<T>>,
}

/// A policy version applies to one agreement of the ticket from here on (SEMANTICS P1).
///
/// Recorded once per agreement, and again by each rebind. So an edited policy moves no ticket: what
/// was promised on the day of receipt is what is measured.
/// [`supervision::bind`](crate::supervision::bind) makes these events.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, PolicyBook};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
///
/// let book: PolicyBook = [Policy::from_toml(AFTER_SALES)?].into_iter().collect();
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
/// let ticket = ticket("T-1", &[("2026-03-09T09:00", r#"{"type":"receive","class":"fault"}"#)])?;
/// let events: Vec<TicketEvent> = supervision::bind(&ticket, &book);
/// let TicketEvent::PolicyBound(bound) = &events[0] else { return Err("not bound".into()) };
/// assert_eq!((bound.agreement.as_str(), bound.policy.as_str(), bound.version), ("service", "after-sales", 1));
/// assert_eq!(bound.calendars.len(), 2); // with these versions the deadline can be worked out again
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyBound {
    /// The agreement.
    pub agreement: AgreementId,
    /// The policy.
    pub policy: PolicyId,
    /// Its version, counted from 1.
    pub version: u32,
    /// The versions of all calendars of that policy version, counted from 1.
    #[serde(default)]
    pub calendars: BTreeMap<CalendarId, u32>,
    /// Why it was bound.
    pub cause: BindCause,
}

/// A clock reached its first warning: a rung in front of the deadline. Once for each goal of a
/// clock.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#)])?;
/// // The half hour is used up by 80 % at 09:24; somebody looks a minute later.
/// let now = "2026-03-09T09:25:00+08:00".parse()?;
/// let events: Vec<TicketEvent> = supervision::supervise(&ticket, &Bindings::to(&policy), now);
/// let warned = events.iter().find_map(|event| match event {
///     TicketEvent::Warned(it) if it.clock.target.as_str() == "first-response" => Some(it),
///     _ => None,
/// });
/// let warned = warned.ok_or("no warning")?;
/// assert_eq!(warned.reached_at, "2026-03-09T09:24:00+08:00".parse()?);
/// assert_eq!(warned.due_at, Some("2026-03-09T09:30:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Warned {
    /// The clock, and the goal under which it was warned of.
    pub clock: ClockId,
    /// When the warning was reached, whenever it was recorded.
    pub reached_at: Instant,
    /// When the promise falls due, as it stood when this was recorded; `None` while the clock
    /// waits.
    #[serde(default)]
    pub due_at: Option<Instant>,
}

/// A clock exceeded its budget, or was over as its goal was attached.
///
/// The record is not the verdict: that is worked out from the facts at each reading, and stays the
/// same whether or when this was recorded (SEMANTICS C6).
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
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
/// let ticket = ticket("T-1", &[("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#)])?;
/// // Nobody looks before the evening; the record names the true instant.
/// let now = "2026-03-09T20:00:00+08:00".parse()?;
/// let events: Vec<TicketEvent> = supervision::supervise(&ticket, &Bindings::to(&policy), now);
/// let first = events.iter().find_map(|event| match event {
///     TicketEvent::Breached(it) if it.clock.target.as_str() == "first-response" => Some(it),
///     _ => None,
/// });
/// assert_eq!(first.map(|it| it.breached_at), Some("2026-03-09T09:30:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Breached {
    /// The clock, and the goal that it broke.
    pub clock: ClockId,
    /// When the budget ran out (SEMANTICS C2), whenever it was recorded.
    pub breached_at: Instant,
}

/// A rung of a ladder was told. Whoever sends messages reads these.
///
/// A consumer needs nothing else to send its message: whom, about which ticket (the stream) and which promise,
/// since when, and not before when.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
/// use punctual::ticket::TicketEvent;
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// // A customer who complained writes once more in the evening, and has an answer within four hours.
/// let ticket = ticket(&[
///     ("2026-03-09T17:30", r#"{"type":"receive","class":"complaint"}"#),
///     ("2026-03-09T17:40", r#"{"type":"reply"}"#),
///     ("2026-03-09T17:50", r#"{"type":"hear-customer"}"#),
/// ])?;
/// let now = "2026-03-09T21:05:00+08:00".parse()?;
/// let events: Vec<TicketEvent> = supervision::supervise(&ticket, &Bindings::to(&policy), now);
/// let told = events.iter().find_map(|event| match event {
///     TicketEvent::Escalated(it) if it.clock.target.as_str() == "next-reply" => Some(it),
///     _ => None,
/// });
/// let told = told.ok_or("nobody is told")?;
/// assert_eq!((told.role.as_str(), told.late), ("specialist", true));
/// // 80 % of the four hours; but nobody is sent a message before the desk opens.
/// assert_eq!(told.owed_at, "2026-03-09T21:02:00+08:00".parse()?);
/// assert_eq!(told.deliver_at, "2026-03-10T09:00:00+08:00".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Escalated {
    /// The clock.
    pub clock: ClockId,
    /// The rung, counted from 0 as the policy lists them; `None` for the one notice of a goal that
    /// was over as it was attached.
    #[serde(default)]
    pub rung: Option<u16>,
    /// Which repetition of a repeating rung, counted from 0.
    #[serde(default)]
    pub repeat: u16,
    /// Whom to tell.
    pub role: RoleId,
    /// The rank that the policy declares for the role: higher is further up.
    pub rank: u16,
    /// When the rung was reached, whenever it was recorded.
    pub owed_at: Instant,
    /// When the message may go out: later than `owed_at` outside the delivery window, and never
    /// before the recording (SEMANTICS L5).
    pub deliver_at: Instant,
    /// Whether it was recorded later than it was owed, by a microsecond or more (SEMANTICS L4).
    pub late: bool,
}

/// A late fact changed a verdict (SEMANTICS C15).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VerdictRevised {
    /// The clock.
    pub clock: ClockId,
    /// The verdict as it stood; `None` when the clock was not known.
    pub old: Option<Outcome>,
    /// The verdict as it now stands; `None` when there is no such clock any more.
    pub new: Option<Outcome>,
    /// The late fact: its version in the ticket's stream.
    pub cause: Version,
}
