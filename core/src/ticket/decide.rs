//! A command and the state into events, or a reason why not.

use super::event::{Action, TicketEvent};
use super::fact::Fact;
use super::fold::Ticket;
use super::status::{Impossible, Status};
use crate::event::{Actor, CustomerId, Kind, Recorded, RoleId, StreamId};
use crate::time::{Instant, Span};

/// What somebody asks to be recorded of a ticket.
///
/// ```
/// use punctual::event::Actor;
/// use punctual::ticket::{Action, Command, Message};
///
/// // The call came at half past eleven, wherever it is typed in later.
/// let called_at = "2026-03-09T11:30:00+08:00".parse()?;
/// let call: Action = Action::HearCustomer(Message {
///     text: Some("It drips again.".into()),
/// });
/// let command = Command::new(call, called_at, Actor::new("phone-desk".parse()?))
///     .about("C-4711".parse()?); // whose words these are
/// assert!(command.subject.is_some());
/// assert!(!format!("{command:?}").contains("drips"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<T = Box<str>> {
    /// What is to be recorded.
    pub action: Action<T>,
    /// When it happened, by the caller's business clock. The past is welcome: a late fact is
    /// inserted where it belongs.
    pub occurred_at: Instant,
    /// Who did it, as the embedding service authenticated them.
    pub actor: Actor,
    /// Whose personal data the event carries.
    pub subject: Option<CustomerId>,
}

impl<T> Command<T> {
    /// Returns a command without a subject. Name one with [`Command::about`] where the action
    /// carries personal text: without a subject there is no key that could erase it.
    #[must_use]
    pub const fn new(action: Action<T>, occurred_at: Instant, actor: Actor) -> Self {
        Self {
            action,
            occurred_at,
            actor,
            subject: None,
        }
    }

    /// Returns the same command about this customer's data.
    #[must_use]
    pub fn about(self, subject: CustomerId) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }
}

/// What the policy answered to the questions that [`decide`] may not ask it: who may do it, and
/// whether its gates are open (SEMANTICS P3, P4). Found by the caller with
/// [`Policy::permit`](crate::policy::Policy::permit).
///
/// The default permits everything: for tests, and for services whose policy restricts nothing.
///
/// ```
/// use punctual::event::Actor;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::{Action, Command, Message, Permit, Received, Ticket, decide};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let now = "2026-03-09T11:30:00+08:00".parse()?;
/// let clerk = Actor::new("u-17".parse()?).with_role("specialist".parse()?);
/// let mut ticket = Ticket::default();
/// let receive: Action = Action::Receive(Received::default());
/// let command = Command::new(receive, now, clerk.clone());
/// let event = decide(&ticket, command, &Permit::default(), now)?.remove(0);
/// ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
///
/// let plan: Action = Action::ProposePlan(Message::NONE);
/// let permit = policy.permit(&ticket.timeline().status(now), &plan, &clerk);
/// assert_eq!(permit, Permit::default()); // nothing stands against it
/// assert!(decide(&ticket, Command::new(plan, now, clerk), &permit, now).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// What stands against the command, all of it; empty when it is permitted. [`decide`] reports
    /// the first one.
    pub refusals: Vec<Refusal>,
    /// How far `occurred_at` may lie after `now`, this much included: machines disagree (SEMANTICS
    /// T3). There is no limit to the past.
    pub most_ahead: Span,
}

impl Default for Permit {
    /// Nothing stands against it, and clocks may differ by a minute.
    fn default() -> Self {
        Self {
            refusals: Vec::new(),
            most_ahead: Span::MINUTE,
        }
    }
}

/// Why a policy does not permit a command. Asking again cannot help; another actor, or the missing
/// event, can.
///
/// ```
/// use punctual::event::Actor;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::{Action, Refusal, Status};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let clerk = Actor::new("u-17".parse()?).with_role("specialist".parse()?);
/// let waive: Action = serde_json::from_str(
///     r#"{"type":"waive","agreement":"service","target":"plan","cycle":1,"text":{"plain":"agreed"}}"#,
/// )?;
/// let refused = policy.permit(&Status::default(), &waive, &clerk).refusals;
/// let [Refusal::Role { roles, .. }] = &refused[..] else { return Err("it is permitted".into()) };
/// assert_eq!(roles[0].as_str(), "general-manager");
/// assert_eq!(refused[0].to_string(), "waived needs one of the roles general-manager");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The actor holds none of the roles that may. Somebody who does must do it.
    #[error("{kind} needs one of the roles {}", list(.roles))]
    Role {
        /// What was asked for.
        kind: Kind,
        /// The roles that may.
        roles: Vec<RoleId>,
    },
    /// A gate is closed: another event must come first.
    #[error("gate `{gate}`: {kind} needs {needs} first")]
    Gate {
        /// The gate's name in the policy.
        gate: String,
        /// What was asked for.
        kind: Kind,
        /// What must come first.
        needs: Kind,
    },
}

fn list(roles: &[RoleId]) -> String {
    let names: Vec<&str> = roles.iter().map(RoleId::as_str).collect();
    names.join(", ")
}

/// Why a command becomes no event.
///
/// ```
/// use punctual::event::Actor;
/// use punctual::ticket::{Action, Command, Message, Permit, Ticket, decide};
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
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive"}"#)])?;
/// let refused = |action: Action, civil: &str| -> Result<String, Box<dyn std::error::Error>> {
///     let now = "2026-03-09T10:00:00+08:00".parse()?;
///     let command = Command::new(action, civil.parse()?, Actor::new("u-17".parse()?));
///     let error = decide(&ticket, command, &Permit::default(), now).err();
///     Ok(error.ok_or("it was accepted")?.to_string())
/// };
/// assert_eq!(
///     refused(Action::AskSurvey(Message::NONE), "2026-03-09T10:00:00+08:00")?,
///     "survey-asked is refused: the ticket has not been resolved",
/// );
/// assert_eq!(
///     refused(Action::Note(Message::NONE), "2026-03-09T10:05:00+08:00")?,
///     "occurred_at 2026-03-09T02:05:00Z is more than 1m after now (2026-03-09T02:00:00Z); \
///      check the clocks",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// By the facts it cannot be. Retrying cannot help until the facts change.
    #[error("{kind} is refused: {why}")]
    Impossible {
        /// What was asked for.
        kind: Kind,
        /// What stands against it.
        why: Impossible,
    },
    /// The policy does not permit it.
    #[error("{refusal}")]
    NotPermitted {
        /// The first thing that stands against it.
        refusal: Refusal,
    },
    /// It is said to have happened too far in the future. Asking again later can help, if the
    /// caller's clock is merely fast.
    #[error("occurred_at {occurred_at} is more than {most} after now ({now}); check the clocks")]
    Ahead {
        /// The instant given.
        occurred_at: Instant,
        /// The present.
        now: Instant,
        /// How much is allowed.
        most: Span,
    },
}

/// An event that is ready to be appended.
///
/// It has no version yet: a store gives it the next one, if the stream is still where the caller
/// believes it to be. [`Pending::recorded`] does the same by hand.
///
/// `decide` gives it, a store keeps it, and a fold takes it once it has a stream and a version: that is
/// [`Pending::recorded`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending<T = Box<str>> {
    /// When it happened.
    pub occurred_at: Instant,
    /// When the log learns of it: now, or the stream's last such instant where that is later, so
    /// that it never runs backwards (SEMANTICS T3).
    pub recorded_at: Instant,
    /// Who did it; `None` for what the engine records.
    pub actor: Option<Actor>,
    /// Whose personal data it carries.
    pub subject: Option<CustomerId>,
    /// What happened.
    pub event: TicketEvent<T>,
}

/// Returns the events that a command becomes: at present always one.
///
/// A command is judged by the facts at or before its `occurred_at`, so a late fact is held against
/// the state of its own time (SEMANTICS C15); facts after it are not asked again. Pure: the same
/// arguments give the same answer, and nothing is changed. The policy's word, `permit`, counts
/// before the facts do.
///
/// ```
/// use punctual::event::{Actor, Kind};
/// use punctual::ticket::{Action, Command, Permit, Received, Ticket, TicketEvent, decide};
///
/// let now = "2026-03-09T11:30:00+08:00".parse()?;
/// let receive: Action = Action::Receive(Received::default());
/// let command = Command::new(receive, now, Actor::new("phone-desk".parse()?));
///
/// let mut ticket = Ticket::default();
/// let events = decide(&ticket, command.clone(), &Permit::default(), now)?;
/// assert_eq!(events[0].event.kind(), Kind::Received);
/// assert_eq!(ticket, Ticket::default()); // deciding is not recording
///
/// for event in events {
///     ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
/// }
/// let error = decide(&ticket, command, &Permit::default(), now).unwrap_err();
/// assert_eq!(error.to_string(), "received is refused: the ticket was received before");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DecideError`], with what stands against it; nothing is changed by asking.
///
/// # Complexity
/// Linear in the facts of the ticket.
pub fn decide<T>(
    ticket: &Ticket,
    command: Command<T>,
    permit: &Permit,
    now: Instant,
) -> Result<Vec<Pending<T>>, DecideError> {
    // A second intake is refused also when it claims to be earlier than the first.
    let by = if command.action.kind() == Kind::Received {
        Instant::MAX
    } else {
        command.occurred_at
    };
    let status = ticket.timeline().status(by);
    decide_at(&status, ticket, command, permit, now)
}

/// Returns the same for a caller who knows how the ticket stands when the command is judged: at its
/// `occurred_at`, or after all facts for an intake.
pub(crate) fn decide_at<T>(
    status: &Status,
    ticket: &Ticket,
    command: Command<T>,
    permit: &Permit,
    now: Instant,
) -> Result<Vec<Pending<T>>, DecideError> {
    let Command {
        action,
        occurred_at,
        actor,
        subject,
    } = command;
    let ahead = occurred_at.since(now);
    if ahead > permit.most_ahead {
        return Err(DecideError::Ahead {
            occurred_at,
            now,
            most: permit.most_ahead,
        });
    }
    let kind = action.kind();
    if let Some(refusal) = permit.refusals.first() {
        return Err(DecideError::NotPermitted {
            refusal: refusal.clone(),
        });
    }
    let pending = Pending {
        occurred_at,
        recorded_at: ticket.recorded_at().map_or(now, |last| last.max(now)),
        actor: Some(actor),
        subject,
        event: action.into_event(),
    };
    let Some(fact) = pending.as_fact(ticket) else {
        return Ok(vec![pending]);
    };
    status
        .admits(&fact)
        .map_err(|why| DecideError::Impossible { kind, why })?;
    Ok(vec![pending])
}

impl<T> Pending<T> {
    /// Returns the fact as it will stand in the ticket's timeline. `None` for what is no fact.
    fn as_fact(&self, ticket: &Ticket) -> Option<Fact> {
        Fact::from_parts(
            self.occurred_at,
            ticket.version().next(),
            self.actor.as_ref(),
            &self.event,
        )
    }

    /// Returns the event as the log will hold it in `stream` right after `ticket`'s last version.
    ///
    /// For tests, imports and dry runs: in a service the store gives the version. It has no
    /// position.
    #[must_use]
    pub fn recorded(self, stream: StreamId, ticket: &Ticket) -> Recorded<TicketEvent<T>> {
        Recorded {
            stream,
            version: ticket.version().next(),
            position: None,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            actor: self.actor,
            subject: self.subject,
            event: self.event,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActorId, ReasonId, Version};
    use crate::ticket::{
        CompensationProposed, Declined, FollowUp, FollowedUp, MergeSide, Merged, Message, Paused,
        Personal, Received, Resolved, Resumed, Satisfaction, Surveyed, VisitBooked,
    };

    fn at(minute: i64) -> Instant {
        Instant::from_micros(1_000_000_000_000_000 + minute * 60_000_000).unwrap()
    }

    fn actor() -> Actor {
        Actor::new(ActorId::new("desk").unwrap())
    }

    /// Gives the actions one minute apart, each of which must be accepted.
    fn ticket(actions: Vec<Action>) -> Ticket {
        let mut ticket = Ticket::default();
        for (minute, action) in (0..).zip(actions) {
            give(&mut ticket, action, minute).unwrap();
        }
        ticket
    }

    fn give(ticket: &mut Ticket, action: Action, minute: i64) -> Result<(), DecideError> {
        let command = Command::new(action, at(minute), actor());
        let stream = StreamId::new("acme", "ticket", "1").unwrap();
        for pending in decide(ticket, command, &Permit::default(), at(minute))? {
            let recorded = pending.recorded(stream.clone(), ticket);
            ticket.apply(&recorded);
        }
        Ok(())
    }

    fn receive() -> Action {
        Action::Receive(Received::default())
    }

    fn resolve() -> Action {
        Action::Resolve(Resolved::default())
    }

    fn survey() -> Action {
        Action::Survey(Surveyed {
            satisfaction: Satisfaction::Neutral,
            solved: None,
            attitude: None,
            speed: None,
            skill: None,
            text: None,
        })
    }

    fn pause(reason: &str) -> Action {
        Action::Pause(Paused {
            reason: ReasonId::new(reason).unwrap(),
        })
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let note = || Message { text: None };
        let propose = || {
            Action::ProposeCompensation(CompensationProposed {
                compensation: crate::event::FieldValue::new("voucher").unwrap(),
                text: None,
            })
        };
        let merge = Action::Merge(Merged {
            other: crate::event::TicketId::new("2").unwrap(),
            side: MergeSide::Into,
        });
        let decline = Action::Decline(Declined {
            text: None,
            alternative: Personal::Plain("buy".into()),
        });
        let visit = Action::BookVisit(VisitBooked {
            visit_at: at(900),
            text: None,
        });
        let follow_up = Action::FollowUp(FollowedUp {
            kind: FollowUp::Effect,
            text: None,
        });
        for (given, refused) in [
            (vec![], Action::Note(note())),
            (vec![receive()], receive()),
            (vec![receive()], survey()),
            (vec![receive()], Action::AskSurvey(note())),
            (vec![receive()], Action::Accept(note())),
            (vec![receive()], follow_up),
            (vec![receive()], Action::Reopen(note())),
            (vec![receive()], Action::AcceptPlan(note())),
            (vec![receive()], Action::ConfirmVisit(note())),
            (vec![receive()], Action::ApproveCompensation(note())),
            (
                vec![receive(), propose()],
                Action::GrantCompensation(note()),
            ),
            (
                vec![receive(), propose(), Action::RefuseCompensation(note())],
                Action::GrantCompensation(note()),
            ),
            (vec![receive()], Action::ArrangeReturn(note())),
            (vec![receive()], Action::Resume(Resumed { reason: None })),
            (vec![receive(), resolve()], resolve()),
            (vec![receive(), resolve()], pause("parts")),
            (vec![receive(), resolve()], visit),
            (
                vec![receive(), Action::Close(note())],
                Action::Close(note()),
            ),
            (vec![receive(), merge], resolve()),
            (
                vec![receive(), decline],
                Action::Diagnose(crate::ticket::Diagnosed::default()),
            ),
        ] {
            let minute = i64::try_from(given.len()).unwrap();
            let mut ticket = ticket(given);
            let before = ticket.clone();
            let kind = refused.kind();
            let error = give(&mut ticket, refused, minute).unwrap_err();
            assert!(
                matches!(error, DecideError::Impossible { .. }),
                "{kind}: {error}"
            );
            assert_eq!(ticket, before, "{kind} left a trace");
        }
    }

    #[test]
    fn what_can_be_goes_through() {
        let note = || Message { text: None };
        let done = ticket(vec![
            receive(),
            pause("parts"),
            pause("parts"),
            pause("customer"),
            Action::Resume(Resumed {
                reason: Some(ReasonId::new("parts").unwrap()),
            }),
            Action::Resume(Resumed { reason: None }),
            Action::ProposePlan(note()),
            Action::AcceptPlan(note()),
            Action::DisputePlan(note()),
            Action::ProposePlan(note()),
            Action::AcceptPlan(note()),
            pause("parts"),
            resolve(),
            Action::Reopen(note()),
            survey(),
            pause("parts"),
            resolve(),
            Action::Accept(note()),
            survey(),
            Action::Close(note()),
            Action::Reopen(note()),
        ]);
        assert_eq!(done.anomalies(), []);
        assert_eq!(done.timeline().status(at(99)).reopened, 2);
    }

    #[test]
    fn c15_a_late_fact_is_judged_by_the_state_of_its_own_time() {
        let mut ticket = ticket(vec![receive(), resolve()]);
        // Resolved at minute 1: a diagnosis of minute 0 may still arrive, one of minute 2 may not.
        let diagnose = || Action::<Box<str>>::Diagnose(crate::ticket::Diagnosed::default());
        let command = |minute| Command::new(diagnose(), at(minute), actor());
        let permit = Permit::default();
        assert!(decide(&ticket, command(0), &permit, at(5)).is_ok());
        assert!(decide(&ticket, command(2), &permit, at(5)).is_err());
        give(&mut ticket, Action::Note(Message { text: None }), 5).unwrap();
    }

    #[test]
    fn t3_the_future_is_refused_beyond_the_skew_and_recorded_at_never_runs_back() {
        let ticket = ticket(vec![receive()]);
        let note = |minute| {
            Command::new(
                Action::Note(Message::<Box<str>> { text: None }),
                at(minute),
                actor(),
            )
        };
        let permit = Permit::default();
        assert!(
            decide(&ticket, note(1), &permit, at(0)).is_ok(),
            "a minute ahead is allowed"
        );
        let error = decide(&ticket, note(2), &permit, at(0)).unwrap_err();
        assert!(matches!(error, DecideError::Ahead { .. }), "{error}");
        let early = Instant::from_micros(5).unwrap();
        let pending = decide(
            &ticket,
            note(0),
            &Permit {
                most_ahead: Span::from_micros(i64::MAX),
                ..permit
            },
            early,
        );
        assert_eq!(pending.unwrap()[0].recorded_at, at(0));
    }

    #[test]
    fn p3_what_the_policy_refuses_is_refused() {
        let ticket = ticket(vec![receive()]);
        let refusal = Refusal::Role {
            kind: Kind::Declined,
            roles: vec![
                RoleId::new("manager").unwrap(),
                RoleId::new("head").unwrap(),
            ],
        };
        let permit = Permit {
            refusals: vec![refusal],
            ..Permit::default()
        };
        let command = Command::new(
            Action::Note(Message::<Box<str>> { text: None }),
            at(1),
            actor(),
        );
        let error = decide(&ticket, command, &permit, at(1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "declined needs one of the roles manager, head"
        );
        assert_eq!(ticket.version(), Version::FIRST);
    }
}
