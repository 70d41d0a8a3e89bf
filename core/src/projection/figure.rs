//! What a scorecard counts, one name for each thing that can be counted.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Reading;
use crate::event::{
    ActorId, AgreementId, Channel, Class, CustomerId, FieldValue, Level, Product, ReasonId, RoleId,
    StreamId, TargetId,
};
use crate::ticket::{Outcome, Satisfaction};

/// A promised step of an agreement, all cycles and goals together.
///
/// ```
/// use punctual::projection::Promise;
///
/// let promise = Promise { agreement: "service".parse()?, target: "first-response".parse()? };
/// assert_eq!(promise.to_string(), "service/first-response");
/// # Ok::<(), punctual::event::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Promise {
    /// The agreement that promises it.
    pub agreement: AgreementId,
    /// The promised step.
    pub target: TargetId,
}

impl Promise {
    /// Returns the promise that a clock measures, whichever its cycle and its goal.
    ///
    /// ```
    /// use punctual::clock::{self, Bindings};
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::projection::Promise;
    /// # use punctual::event::Actor;
    /// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
    /// # fn received(at: &str) -> Result<Ticket, Box<dyn std::error::Error>> {
    /// #     let (at, mut ticket) = (at.parse()?, Ticket::default());
    /// #     let action: Action = serde_json::from_str(r#"{"type":"receive","class":"fault"}"#)?;
    /// #     let command = Command::new(action, at, Actor::new("desk".parse()?));
    /// #     let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
    /// #     ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
    /// #     Ok(ticket)
    /// # }
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let ticket = received("2026-03-09T09:00:00+08:00")?;
    /// let now = "2026-03-09T09:10:00+08:00".parse()?;
    /// let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
    /// let running: Vec<Promise> = readings.iter().map(Promise::of).collect();
    /// assert_eq!(running[0].to_string(), "service/acknowledgement");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        Self {
            agreement: reading.agreement().clone(),
            target: reading.target().clone(),
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.agreement, self.target)
    }
}

/// What became of a promise. Only the first two enter compliance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Kept.
    Met,
    /// Broken, whether or not the work has been done since.
    Breached,
    /// Waived by somebody who may.
    Waived,
    /// Ended without a verdict.
    Cancelled,
    /// Booked with less than the lead time left.
    InsufficientLead,
}

impl Verdict {
    /// Returns the verdict on a promise that stands so; `None` while it may still be kept.
    ///
    /// ```
    /// use punctual::projection::Verdict;
    /// use punctual::ticket::Outcome;
    ///
    /// // A clock that is over and has not stopped can no longer be kept.
    /// assert_eq!(Verdict::of(Outcome::Breaching), Some(Verdict::Breached));
    /// assert_eq!(Verdict::of(Outcome::Imminent), None);
    /// ```
    #[must_use]
    pub const fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Open | Outcome::Imminent => None,
            Outcome::Met => Some(Self::Met),
            Outcome::Breaching | Outcome::Breached => Some(Self::Breached),
            Outcome::Waived => Some(Self::Waived),
            Outcome::Cancelled(_) => Some(Self::Cancelled),
            Outcome::InsufficientLead => Some(Self::InsufficientLead),
        }
    }
}

/// Whom something is counted of. What a ticket does not say of itself puts it under no slice of that
/// kind; under [`Slice::All`] is everything.
///
/// ```
/// use punctual::projection::{Slice, SliceKind};
///
/// let phone = Slice::Channel("phone".parse()?);
/// assert_eq!((phone.kind().name(), phone.value()), ("channel", "phone"));
/// assert_eq!(Slice::All.kind(), SliceKind::All);
/// # Ok::<(), punctual::event::NameError>(())
/// ```
///
/// Slices are single dimensions. There is none for "complaints by phone": the products of all dimensions
/// would be as many as the tickets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slice {
    /// All tickets.
    All,
    /// Those of a class, as last judged.
    Class(Class),
    /// Those of a level, as last judged.
    Level(Level),
    /// Those that came in by a channel.
    Channel(Channel),
    /// Those of a product.
    Product(Product),
    /// What an agent owned as it was decided; what is counted at the intake is the last owner's.
    Agent(ActorId),
    /// What a team had as it was decided; what is counted at the intake is the last team's.
    Team(FieldValue),
}

/// The kinds of [`Slice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SliceKind {
    /// All tickets.
    All,
    /// By class.
    Class,
    /// By level.
    Level,
    /// By channel.
    Channel,
    /// By product.
    Product,
    /// By agent.
    Agent,
    /// By team.
    Team,
}

impl SliceKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::All,
        Self::Class,
        Self::Level,
        Self::Channel,
        Self::Product,
        Self::Agent,
        Self::Team,
    ];

    /// Returns its name: `class`, `agent`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Class => "class",
            Self::Level => "level",
            Self::Channel => "channel",
            Self::Product => "product",
            Self::Agent => "agent",
            Self::Team => "team",
        }
    }
}

impl Slice {
    /// Returns its kind.
    #[must_use]
    pub const fn kind(&self) -> SliceKind {
        match self {
            Self::All => SliceKind::All,
            Self::Class(_) => SliceKind::Class,
            Self::Level(_) => SliceKind::Level,
            Self::Channel(_) => SliceKind::Channel,
            Self::Product(_) => SliceKind::Product,
            Self::Agent(_) => SliceKind::Agent,
            Self::Team(_) => SliceKind::Team,
        }
    }

    /// Returns the value: `repair`, `u-17`; empty for all tickets.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::All => "",
            Self::Class(class) => class.as_str(),
            Self::Level(level) => level.as_str(),
            Self::Channel(channel) => channel.as_str(),
            Self::Product(product) => product.as_str(),
            Self::Agent(agent) => agent.as_str(),
            Self::Team(team) => team.as_str(),
        }
    }
}

/// Who was served. A ticket that names no customer counts as a customer of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Served {
    /// A customer.
    Customer(CustomerId),
    /// The unknown customer of a ticket.
    Ticket(StreamId),
}

/// How much of its budget a promise had used when it ended, in steps.
///
/// | step | used of the budget |
/// |---|---|
/// | 0 to 4 | up to 25 %, 50 %, 75 %, 90 %, 100 %: kept |
/// | 5 to 10 | up to 110 %, 125 %, 150 %, 200 %, 300 %, and more: broken |
///
/// Exactly on a border counts below it, as exactly at the deadline is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Share(u8);

impl Share {
    /// The upper border of each step in percent of the budget; the last step has none.
    pub const BORDERS: [u16; 10] = [25, 50, 75, 90, 100, 110, 125, 150, 200, 300];
    /// How many steps there are.
    pub const STEPS: usize = Self::BORDERS.len() + 1;

    /// Returns the step of a promise that used `used` of `budget`, both in the same unit.
    ///
    /// ```
    /// use punctual::projection::Share;
    ///
    /// assert_eq!(Share::of(60, 60).step(), 4); // exactly at the deadline
    /// assert_eq!(Share::of(61, 60).step(), 5);
    /// assert_eq!(Share::of(1, 0).step(), 10); // nothing was allowed
    /// ```
    #[must_use]
    pub fn of(used: i64, budget: i64) -> Self {
        let hundredfold = i128::from(used.max(0)).saturating_mul(100);
        let budget = i128::from(budget.max(0));
        let steps = Self::BORDERS.iter();
        let below = steps
            .take_while(|border| hundredfold > budget.saturating_mul(i128::from(**border)))
            .count();
        Self(u8::try_from(below).unwrap_or(u8::MAX))
    }

    /// Returns the step, from 0.
    #[must_use]
    pub const fn step(self) -> usize {
        self.0 as usize
    }
}

/// One thing that is counted on one day.
///
/// The dates: what concerns the intake counts on the day of receipt; what concerns the service as a
/// whole on the day of the resolution that stands; a promise on the day on which it was decided (met
/// as it stopped, broken as its budget ran out); a survey, a pause, a waiver on its own day.
///
/// ```
/// use punctual::projection::{Figure, Promise, Verdict};
///
/// // What a scorecard adds one to when a fault is answered in time.
/// let promise = Promise { agreement: "service".parse()?, target: "first-response".parse()? };
/// let kept = Figure::Promise(promise, Verdict::Met);
/// assert_ne!(kept, Figure::Received);
/// # Ok::<(), punctual::event::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Figure {
    /// A ticket received.
    Received,
    /// A ticket received in this hour of the week, from Monday 00:00: 0 to 167.
    Arrival(u8),
    /// A ticket of this customer received.
    Customer(Served),
    /// A complaint of this customer received.
    Complainant(Served),
    /// A complaint received.
    Complaint,
    /// A complaint received that has been resolved.
    ComplaintResolved,
    /// A ticket received of which somebody was told by a ladder.
    Escalated,
    /// Somebody in this role was told.
    Told(RoleId),
    /// A ticket received whose cause has been found to be this.
    Cause(FieldValue),
    /// A service: a ticket whose resolution stands.
    Resolved,
    /// How long it took from receipt to the resolution that stands, on the wall clock, as a step of
    /// [`Lengths`](super::Lengths).
    Resolution(u16),
    /// The same in microseconds.
    ResolutionMicros,
    /// A service that was inspected.
    Inspected,
    /// A service that was found to conform to the norm when it was last inspected.
    Conforming,
    /// A ticket resolved for the first time.
    FirstResolved,
    /// A ticket resolved for the first time that was reopened later.
    Reopened,
    /// A first response, as a step of [`Lengths`](super::Lengths).
    Response(u16),
    /// The same in microseconds.
    ResponseMicros,
    /// A promise decided.
    Promise(Promise, Verdict),
    /// A promise ended, having used so much of its budget.
    Margin(Promise, Share),
    /// A ticket whose satisfaction was asked, or told unasked, for the first time.
    Asked,
    /// A ticket of those whose customer answered.
    Answered,
    /// A survey answered so.
    Grade(Satisfaction),
    /// A pause began for this reason.
    Pause(ReasonId),
    /// How long the pauses that began lasted, on the wall clock, in microseconds: to the last fact
    /// where they have not ended.
    PauseMicros(ReasonId),
    /// A promise was waived.
    Waiver(Promise),
}
