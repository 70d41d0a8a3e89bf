//! How a ticket stands at one instant, by its facts alone.

use std::fmt;

use super::fact::{Detail, Fact};
use super::payload::{Fields, MergeSide, Opener};
use super::timeline::Timeline;
use crate::event::{ActorId, Channel, Class, FieldValue, Kind, Level, Product, ReasonId};
use crate::language::{Language, Phrase};
use crate::time::{CivilDate, Instant};

/// Where a ticket is in its life.
///
/// ```text
/// Unknown --received--> Open --resolved--> Resolved --closed--> Closed
///                       |  ^------- reopened -------------------'
///                       |--declined--> Declined      (may be reopened)
///                       '--merged, withdrawn--> Gone (stays)
/// ```
///
/// ```
/// use punctual::event::{Kind, Roles, Version};
/// use punctual::ticket::{Detail, Fact, Phase, Timeline};
///
/// let mut timeline = Timeline::default();
/// for (version, kind) in (1..).zip([Kind::Received, Kind::Resolved, Kind::Reopened]) {
///     let at = format!("2026-03-0{version}T09:00:00+08:00").parse()?;
///     let version = Version::new(version);
///     timeline.insert(Fact { at, version, kind, roles: Roles::NONE, detail: Detail::Plain });
/// }
/// let phase = |civil: &str| -> Result<Phase, punctual::time::TimeError> {
///     Ok(timeline.status(format!("{civil}T12:00:00+08:00").parse()?).phase)
/// };
/// assert_eq!(phase("2026-02-28")?, Phase::Unknown);
/// assert_eq!(phase("2026-03-02")?, Phase::Resolved);
/// assert_eq!(phase("2026-03-03")?, Phase::Open);
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Phase {
    /// Nothing was received yet.
    #[default]
    Unknown,
    /// Being worked on. Paused or not: waiting is no phase.
    Open,
    /// The remedy was carried out.
    Resolved,
    /// Nothing more is to be done.
    Closed,
    /// It was declined; the customer may still come back.
    Declined,
    /// It went into another ticket, or was withdrawn. It cannot be reopened.
    Gone,
}

/// How far the plan has come. An accepted plan may be disputed again; then it is no longer
/// accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Plan {
    /// None was told.
    #[default]
    None,
    /// Told, not answered.
    Proposed,
    /// Accepted.
    Accepted,
    /// Disputed; another one is needed.
    Disputed,
}

/// How far a compensation has come. Another proposal begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compensation {
    /// None was suggested.
    #[default]
    None,
    /// Suggested.
    Proposed,
    /// Approved.
    Approved,
    /// Refused.
    Refused,
    /// It took effect.
    Granted,
}

/// Why a thing cannot have happened, or cannot happen, by the facts before it.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::ticket::{Impossible, Phase};
///
/// let why = Impossible::NotOpen(Phase::Resolved);
/// assert_eq!(why.to_string(), "the ticket is not open but resolved; reopen it first");
/// let why = Impossible::Missing(Kind::PlanProposed);
/// assert_eq!(why.to_string(), "there is no plan-proposed before it that is still waiting for it");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Impossible {
    /// Nothing was received yet.
    NotReceived,
    /// Received a second time.
    ReceivedBefore,
    /// It needs an open ticket.
    NotOpen(Phase),
    /// It needs a resolved ticket.
    NotResolved,
    /// It needs a ticket that was resolved, closed or declined.
    NotEnded,
    /// Closed a second time.
    ClosedBefore,
    /// Another event must come first.
    Missing(Kind),
    /// The reason to resume is not open.
    NotPaused,
}

impl Impossible {
    /// Returns it in words.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotReceived => Phrase::fixed("the ticket has not been received", "工单尚未受理"),
            Self::ReceivedBefore => {
                Phrase::fixed("the ticket was received before", "工单此前已受理")
            }
            Self::NotOpen(Phase::Gone) => Phrase::fixed(
                "the ticket was merged or withdrawn and is not open",
                "工单已合并或撤回，不在处理中",
            ),
            Self::NotOpen(phase) => {
                let phase = phase.phrase();
                Phrase::new(
                    format!("the ticket is not open but {phase}; reopen it first"),
                    format!(
                        "工单{}，不在处理中；请先重新打开",
                        phase.text(Language::Chinese)
                    ),
                )
            }
            Self::NotResolved => Phrase::fixed("the ticket has not been resolved", "工单尚未解决"),
            Self::NotEnded => Phrase::fixed(
                "the ticket has not been resolved, closed or declined",
                "工单尚未解决、关闭或婉拒",
            ),
            Self::ClosedBefore => Phrase::fixed("the ticket is closed already", "工单已经关闭"),
            Self::Missing(kind) => Phrase::new(
                format!("there is no {kind} before it that is still waiting for it"),
                format!(
                    "此前没有待其回应的“{}”",
                    kind.phrase().text(Language::Chinese)
                ),
            ),
            Self::NotPaused => Phrase::fixed("it is not paused for that", "并未因此暂停"),
        }
    }
}

impl fmt::Display for Impossible {
    /// Writes the English words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl std::error::Error for Impossible {}

impl Phase {
    /// Returns it in words.
    ///
    /// ```
    /// use punctual::language::Language;
    /// use punctual::ticket::Phase;
    ///
    /// assert_eq!(Phase::Gone.phrase().text(Language::English), "merged or withdrawn");
    /// assert_eq!(Phase::Open.phrase().text(Language::Chinese), "处理中");
    /// ```
    #[must_use]
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Unknown => Phrase::fixed("not received yet", "尚未受理"),
            Self::Open => Phrase::fixed("open", "处理中"),
            Self::Resolved => Phrase::fixed("resolved", "已解决"),
            Self::Closed => Phrase::fixed("closed", "已关闭"),
            Self::Declined => Phrase::fixed("declined", "已婉拒"),
            Self::Gone => Phrase::fixed("merged or withdrawn", "已合并或撤回"),
        }
    }
}

/// How a ticket stands after some of its facts: what conditions and gates are asked about.
///
/// Only what was said is in it. A level that nobody judged is `None` here, though the policy's
/// default counts for its goals.
///
/// ```
/// use punctual::event::{Actor, Kind};
/// use punctual::ticket::{Action, Command, Permit, Plan, Ticket, decide};
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
///     ("2026-03-09T10:00", r#"{"type":"pause","reason":"awaiting-parts"}"#),
///     ("2026-03-09T11:00", r#"{"type":"propose-plan"}"#),
///     ("2026-03-09T15:00", r#"{"type":"accept-plan"}"#),
/// ])?;
/// let status = ticket.timeline().status("2026-03-09T15:00:00+08:00".parse()?);
/// assert_eq!(status.waiting, ["awaiting-parts".parse()?]);
/// assert_eq!(status.plan, Plan::Accepted);
/// assert_eq!(status.level, None);
/// assert!(status.has(Kind::PlanProposed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// When it was received: the first such fact.
    pub received_at: Option<Instant>,
    /// Where it is in its life.
    pub phase: Phase,
    /// Who opened it.
    pub opener: Opener,
    /// The kind of request, as last judged.
    pub class: Option<Class>,
    /// How serious it is, as last judged.
    pub level: Option<Level>,
    /// The policy's own fields, as last judged.
    pub fields: Fields,
    /// The way it came in.
    pub channel: Option<Channel>,
    /// The product model.
    pub product: Option<Product>,
    /// When the product was bought.
    pub purchased_on: Option<CivilDate>,
    /// Whether it is covered, as last judged.
    pub in_scope: Option<bool>,
    /// The owner.
    pub owner: Option<ActorId>,
    /// The team.
    pub team: Option<FieldValue>,
    /// The reasons for which work waits, in the order in which they arose. A resolution and a
    /// closing clear them. What a policy's `resumes-on` ends is still listed here: this is no
    /// policy's view.
    pub waiting: Vec<ReasonId>,
    /// How far the plan has come.
    pub plan: Plan,
    /// When the visit that was booked last begins, or began; `None` after it was cancelled.
    pub visit_at: Option<Instant>,
    /// How far a compensation has come.
    pub compensation: Compensation,
    /// How often it was reopened; 0 for never.
    pub reopened: u32,
    happened: u128,
}

impl Timeline {
    /// Returns how the ticket stood just after everything that happened at or before `at`.
    ///
    /// As we now know it was then: a fact that arrived late counts from when it happened.
    ///
    /// # Complexity
    /// Linear in the facts.
    #[must_use]
    pub fn status(&self, at: Instant) -> Status {
        let mut status = Status::default();
        for fact in self.until(at) {
            status.advance(fact);
        }
        status
    }
}

impl Status {
    /// Returns whether an event of this kind is among the facts, be it undone since. For what is in
    /// force ask [`Status::plan`] or [`Status::compensation`].
    #[must_use]
    pub const fn has(&self, kind: Kind) -> bool {
        self.happened & kind.bit() != 0
    }

    /// Moves on by one fact. Total: what [`Status::admits`] would refuse is taken in as far as it
    /// can be.
    pub fn advance(&mut self, fact: &Fact) {
        self.happened |= fact.kind.bit();
        match &fact.detail {
            Detail::Received(intake) if self.received_at.is_none() => {
                self.received_at = Some(fact.at);
                self.opener = intake.opener;
                self.class.clone_from(&intake.class);
                self.level.clone_from(&intake.level);
                self.fields.clone_from(&intake.fields);
                self.channel.clone_from(&intake.channel);
                self.product.clone_from(&intake.product);
                self.purchased_on = intake.purchased_on;
            }
            Detail::Classified(judged) => {
                replace(&mut self.class, &judged.class);
                replace(&mut self.level, &judged.level);
                replace(&mut self.in_scope, &judged.in_scope);
                let fields = judged
                    .fields
                    .iter()
                    .map(|(id, value)| (id.clone(), value.clone()));
                self.fields.extend(fields);
            }
            Detail::Assigned(assigned) => {
                replace(&mut self.owner, &assigned.owner);
                replace(&mut self.team, &assigned.team);
            }
            Detail::Visit { visit_at } => self.visit_at = Some(*visit_at),
            Detail::Reason(reason) => self.wait(fact.kind, reason),
            Detail::Received(_)
            | Detail::Plain
            | Detail::Replied { .. }
            | Detail::Cause(_)
            | Detail::Compensation(_)
            | Detail::Method(_)
            | Detail::Surveyed { .. }
            | Detail::FollowUp(_)
            | Detail::Merged(_)
            | Detail::Inspected { .. }
            | Detail::Stage(_)
            | Detail::Waived(_)
            | Detail::Mark(_)
            | Detail::Bound(_) => {}
        }
        self.move_on(fact);
    }

    fn wait(&mut self, kind: Kind, reason: &ReasonId) {
        if kind == Kind::Resumed {
            self.waiting.retain(|open| open != reason);
        } else if !self.waiting.contains(reason) {
            self.waiting.push(reason.clone());
        }
    }

    /// What the kind alone changes.
    fn move_on(&mut self, fact: &Fact) {
        if matches!(fact.kind, Kind::Received | Kind::Reopened) {
            self.phase = Phase::Open;
            self.reopened = self
                .reopened
                .saturating_add(u32::from(fact.kind == Kind::Reopened));
        } else if fact.kind == Kind::Resolved {
            self.phase = Phase::Resolved;
            self.waiting.clear();
        } else if fact.kind == Kind::Closed {
            self.phase = Phase::Closed;
            self.waiting.clear();
        } else if fact.kind == Kind::Declined {
            self.phase = Phase::Declined;
        } else if fact.kind == Kind::Withdrawn
            || matches!(fact.detail, Detail::Merged(MergeSide::Into))
        {
            self.phase = Phase::Gone;
        } else if fact.kind == Kind::Resumed && matches!(fact.detail, Detail::Plain) {
            self.waiting.clear();
        } else if fact.kind == Kind::VisitCancelled {
            self.visit_at = None;
        }
        if let Some(plan) = plan_after(fact.kind) {
            self.plan = plan;
        }
        if let Some(compensation) = compensation_after(fact.kind) {
            self.compensation = compensation;
        }
    }

    /// Returns whether a fact can follow, by the facts alone: no role and no gate is asked about.
    /// What the engine records is always admitted.
    ///
    /// # Errors
    /// [`Impossible`], with what stands against it.
    ///
    /// ```
    /// use punctual::event::{Kind, Roles, Version};
    /// use punctual::ticket::{Detail, Fact, Status};
    ///
    /// let fact = |kind| -> Result<Fact, punctual::time::TimeError> {
    ///     let at = "2026-03-09T09:00:00+08:00".parse()?;
    ///     Ok(Fact { at, version: Version::FIRST, kind, roles: Roles::NONE, detail: Detail::Plain })
    /// };
    /// let mut status = Status::default();
    /// let refused = status.admits(&fact(Kind::Replied)?).err().ok_or("it is admitted")?;
    /// assert_eq!(refused.to_string(), "the ticket has not been received");
    ///
    /// status.advance(&fact(Kind::Received)?);
    /// assert_eq!(status.admits(&fact(Kind::Replied)?), Ok(()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn admits(&self, fact: &Fact) -> Result<(), Impossible> {
        if fact.kind.is_engines() {
            return Ok(());
        }
        if fact.kind == Kind::Received {
            return require(self.phase == Phase::Unknown, Impossible::ReceivedBefore);
        }
        require(self.phase != Phase::Unknown, Impossible::NotReceived)?;
        if needs_open(fact.kind) {
            require(self.phase == Phase::Open, Impossible::NotOpen(self.phase))?;
        }
        self.admits_in_phase(fact)?;
        self.admits_in_turn(fact.kind)
    }

    fn admits_in_phase(&self, fact: &Fact) -> Result<(), Impossible> {
        let ended = matches!(self.phase, Phase::Resolved | Phase::Closed);
        let kind = fact.kind;
        if matches!(kind, Kind::Accepted | Kind::SurveyAsked) {
            require(ended, Impossible::NotResolved)
        } else if matches!(kind, Kind::Surveyed | Kind::FollowedUp) {
            // An answer may come when the ticket has been reopened in the meantime.
            require(ended || self.has(Kind::Resolved), Impossible::NotResolved)
        } else if kind == Kind::Reopened {
            require(ended || self.phase == Phase::Declined, Impossible::NotEnded)
        } else if kind == Kind::Closed {
            require(self.phase != Phase::Closed, Impossible::ClosedBefore)
        } else {
            self.admits_pause(fact)
        }
    }

    fn admits_pause(&self, fact: &Fact) -> Result<(), Impossible> {
        // Pausing twice for one reason is nothing: the policy may have lifted the reason on reading
        // (C4), of which the facts know nothing.
        let waits = match fact.reason() {
            Some(reason) => self.waiting.contains(reason),
            None => !self.waiting.is_empty(),
        };
        require(fact.kind != Kind::Resumed || waits, Impossible::NotPaused)
    }

    /// What must have been asked before it can be answered.
    fn admits_in_turn(&self, kind: Kind) -> Result<(), Impossible> {
        if matches!(kind, Kind::PlanAccepted | Kind::PlanDisputed) {
            // A plan that was accepted may be disputed later.
            let told = matches!(self.plan, Plan::Proposed)
                || (kind == Kind::PlanDisputed && self.plan == Plan::Accepted);
            require(told, Impossible::Missing(Kind::PlanProposed))
        } else if matches!(kind, Kind::VisitConfirmed | Kind::VisitCancelled) {
            require(
                self.visit_at.is_some(),
                Impossible::Missing(Kind::VisitBooked),
            )
        } else if matches!(kind, Kind::CompensationApproved | Kind::CompensationRefused) {
            let proposed = self.compensation == Compensation::Proposed;
            require(proposed, Impossible::Missing(Kind::CompensationProposed))
        } else if kind == Kind::CompensationGranted {
            let approved = self.compensation == Compensation::Approved;
            require(approved, Impossible::Missing(Kind::CompensationApproved))
        } else if kind == Kind::ReturnArranged {
            require(
                self.has(Kind::ReturnApproved),
                Impossible::Missing(Kind::ReturnApproved),
            )
        } else {
            Ok(())
        }
    }
}

fn replace<T: Clone>(known: &mut Option<T>, judged: &Option<T>) {
    if judged.is_some() {
        known.clone_from(judged);
    }
}

fn require(holds: bool, otherwise: Impossible) -> Result<(), Impossible> {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// Work on the request itself; talking, judging, waiving and inspecting go on after it.
const fn needs_open(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Declined
            | Kind::Diagnosed
            | Kind::PlanProposed
            | Kind::PlanAccepted
            | Kind::PlanDisputed
            | Kind::ProgressReported
            | Kind::VisitBooked
            | Kind::VisitConfirmed
            | Kind::VisitCancelled
            | Kind::Dispatched
            | Kind::Arrived
            | Kind::Paused
            | Kind::Resumed
            | Kind::ReturnApproved
            | Kind::ReturnArranged
            | Kind::Resolved
            | Kind::Merged
            | Kind::Withdrawn
    )
}

fn plan_after(kind: Kind) -> Option<Plan> {
    const PLANS: [(Kind, Plan); 3] = [
        (Kind::PlanProposed, Plan::Proposed),
        (Kind::PlanAccepted, Plan::Accepted),
        (Kind::PlanDisputed, Plan::Disputed),
    ];
    PLANS
        .iter()
        .find(|(after, _)| *after == kind)
        .map(|(_, plan)| *plan)
}

fn compensation_after(kind: Kind) -> Option<Compensation> {
    const STEPS: [(Kind, Compensation); 4] = [
        (Kind::CompensationProposed, Compensation::Proposed),
        (Kind::CompensationApproved, Compensation::Approved),
        (Kind::CompensationRefused, Compensation::Refused),
        (Kind::CompensationGranted, Compensation::Granted),
    ];
    STEPS
        .iter()
        .find(|(after, _)| *after == kind)
        .map(|(_, step)| *step)
}
