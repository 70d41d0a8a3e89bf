//! Ladders: who must be told, and when (SEMANTICS L).
//!
//! A rung sits on a clock; the clock says when it is reached. This module says what that means for
//! the people on the ladder: whether a rung is still ahead, owed, told, superseded by a newer goal,
//! or lapsed because its clock ended before anyone recorded it. Pure, and it records nothing: see
//! [`supervision`](crate::supervision) for the events.
//!
//! # A ladder
//!
//! The preset promises a first answer to a fault within one working hour, warns the specialist at
//! 80 %, tells the technical supervisor once it is late, and the after-sales manager two working
//! hours after that.
//!
//! ```
//! use punctual::clock::Bindings;
//! use punctual::escalation::{self, Standing};
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::time::Instant;
//! # use punctual::event::Actor;
//! # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
//! # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
//! #     let mut ticket = Ticket::default();
//! #     for (civil, action) in told {
//! #         let at = format!("{civil}:00+08:00").parse()?;
//! #         let action: Action = serde_json::from_str(action)?;
//! #         let command = Command::new(action, at, Actor::new("desk".parse()?));
//! #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
//! #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
//! #     }
//! #     Ok(ticket)
//! # }
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let ticket = ticket(&[("2026-03-09T11:30", r#"{"type":"receive","class":"fault"}"#)])?;
//! let now = "2026-03-09T13:50:00+08:00".parse()?;
//!
//! let mut ladder = escalation::notices(&ticket, &Bindings::to(&policy), now);
//! ladder.retain(|notice| notice.clock.target.as_str() == "first-response");
//! let told: Vec<_> = ladder.iter().map(|it| (it.role.as_str(), it.standing)).collect();
//! assert_eq!(
//!     told,
//!     [
//!         ("specialist", Standing::Owed),
//!         ("technical-supervisor", Standing::Ahead),
//!         ("after-sales-manager", Standing::Ahead),
//!     ],
//! );
//!
//! // 80 % of an hour, of which half lay before lunch.
//! let at = |civil: &str| format!("2026-03-09T{civil}+08:00").parse::<Instant>();
//! assert_eq!(ladder[0].at, at("13:48:00")?);
//! // At two it is due, and exactly at two is in time: the next rung comes a microsecond later.
//! assert_eq!(ladder[1].at, at("14:00:00.000001")?);
//! assert_eq!(ladder[2].at, at("16:00:00.000001")?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What this module is not
//!
//! It sends nothing, and it does not know whether a message arrived. A rung is told once an
//! [`Escalated`] event says so; sending is for whoever reads those events. Nor does a rung change a
//! verdict: a promise is late or not whether anybody was told.

mod delivery;
mod ladder;

use serde::{Deserialize, Serialize};

use crate::clock::{Bindings, State};
use crate::event::RoleId;
use crate::policy::Policy;
use crate::ticket::{ClockId, Escalated, Ticket, Timeline};
use crate::time::Instant;

use ladder::of_clock;
pub(crate) use ladder::{PlacedRung, notice, placed};

/// How a rung stands.
///
/// Only [`Owed`](Standing::Owed) asks for anything to be done.
///
/// | standing | was it reached? | is anybody told? |
/// |---|---|---|
/// | ahead | not yet | when it is |
/// | owed | yes | at the next tick |
/// | told | yes | has been |
/// | lapsed | perhaps, but its clock ended, changed its goal or was waived before it was recorded | no |
/// | superseded | at or before the coming of its goal | no |
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Not reached; expected then if the clock runs on as it does now.
    Ahead,
    /// Reached, and to be recorded now: also one that was reached while nobody looked (SEMANTICS
    /// L3, L4).
    Owed,
    /// Recorded.
    Told,
    /// Its time lay at or before the attachment of the goal: never fired (SEMANTICS L2).
    Superseded,
    /// Never fired: it was reached, but the clock ended or took another goal before it was recorded
    /// (SEMANTICS L3); or the clock was waived, whether the rung had been reached or not.
    Lapsed,
}

/// One rung of one clock, or one of its repetitions.
///
/// Clock, rung and repetition together are its identity: it fires once (SEMANTICS L2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The clock, and the goal under which the rung counts.
    pub clock: ClockId,
    /// The rung, counted from 0 as the policy lists them; `None` for the one notice of a goal that
    /// was over as it came.
    pub rung: Option<u16>,
    /// Which repetition, counted from 0: the first telling is 0.
    pub repeat: u16,
    /// Whom to tell.
    pub role: RoleId,
    /// The rank that the policy declares for the role: higher is further up.
    pub rank: u16,
    /// When it was or will be reached, in UTC. For `due` and for what counts from it, one
    /// microsecond after the last instant in time; for `due` under a goal that came with more than
    /// its budget used, as it came.
    pub at: Instant,
    /// When its message may go out: `at`, or the next opening of the delivery window where `at`
    /// lies outside it (SEMANTICS L5).
    pub deliver_at: Instant,
    /// How it stands.
    pub standing: Standing,
}

impl Notice {
    /// Returns the rung as it stands after its goal was superseded, if it had been reached by then
    /// and was not recorded.
    fn overtaken_at(self, superseded_at: Instant) -> Option<Self> {
        let lapsed = matches!(self.standing, Standing::Owed | Standing::Lapsed);
        let reached = self.rung.is_some() && self.at <= superseded_at;
        (lapsed && reached).then_some(Self {
            standing: Standing::Lapsed,
            ..self
        })
    }

    /// Returns the event that records it at `now`: it names the true instant, and says whether it
    /// comes late.
    ///
    /// ```
    /// use punctual::clock::Bindings;
    /// use punctual::escalation;
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::time::Instant;
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
    ///
    /// // Nobody looked at 09:24, when 80 % of the half hour had gone.
    /// let now: Instant = "2026-03-09T09:26:00+08:00".parse()?;
    /// let owed = escalation::owed(&ticket, &Bindings::to(&policy), now);
    /// let event = owed[0].event(now);
    /// assert_eq!(event.role.as_str(), "specialist");
    /// assert_eq!(event.owed_at, "2026-03-09T09:24:00+08:00".parse()?);
    /// assert_eq!(event.deliver_at, now);
    /// assert!(event.late);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn event(&self, now: Instant) -> Escalated {
        Escalated {
            clock: self.clock.clone(),
            rung: self.rung,
            repeat: self.repeat,
            role: self.role.clone(),
            rank: self.rank,
            owed_at: self.at,
            deliver_at: self.deliver_at.max(now),
            late: self.at < now,
        }
    }
}

/// Returns every rung of a ticket's clocks that has a place in time at `now`, clock by clock in the
/// order of [`clock::read`](crate::clock::read), and within a clock in the order of the ladder.
///
/// A rung that waits for a pause to end has none, and a rung whose condition does not fit the
/// ticket is not among them. A repeating rung is listed up to the first repetition that is still
/// ahead. A goal that was over as it came has one notice more, to the role of its highest rung
/// (SEMANTICS C8).
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::escalation::{self, Standing};
/// use punctual::policy::{AFTER_SALES, Policy};
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
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
///     ("2026-03-09T09:20", r#"{"type":"reply"}"#),
/// ])?;
/// let now = "2026-03-10T09:00:00+08:00".parse()?;
/// let notices = escalation::notices(&ticket, &Bindings::to(&policy), now);
/// let of = |target: &str| -> Vec<Standing> {
///     let own = notices.iter().filter(|it| it.clock.target.as_str() == target);
///     own.map(|it| it.standing).collect()
/// };
/// // Answered before the first rung: its ladder is never climbed.
/// assert_eq!(of("first-response"), []);
/// assert_eq!(of("complaint-solved"), [Standing::Ahead; 4]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn notices(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Vec<Notice> {
    let state = State::new(ticket.timeline(), bindings, now);
    let mut found = Vec::new();
    for measured in state.measured() {
        for former in measured.former() {
            let mut overtaken = Vec::new();
            of_clock(&former, ticket, &state, &mut overtaken);
            // Of a goal that was superseded only the rungs that nobody recorded in time are
            // told (L3).
            let lapsed = overtaken
                .into_iter()
                .filter_map(|rung| rung.overtaken_at(former.now));
            found.extend(lapsed);
        }
        of_clock(&measured, ticket, &state, &mut found);
    }
    found
}

/// Returns the rungs that are owed at `now`, in the order in which they fell due (SEMANTICS L4).
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::escalation;
/// use punctual::policy::{AFTER_SALES, Policy};
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
/// let complaint = ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#);
/// let bindings = Bindings::to(&policy);
/// let now = "2026-03-09T09:40:00+08:00".parse()?;
///
/// let unanswered = ticket(&[complaint])?;
/// let roles: Vec<String> = escalation::owed(&unanswered, &bindings, now)
///     .iter()
///     .map(|notice| notice.role.to_string())
///     .collect();
/// assert_eq!(roles, ["specialist", "technical-supervisor"]);
///
/// // Once somebody has answered, telling others of it helps no one.
/// let answered = ticket(&[complaint, ("2026-03-09T09:35", r#"{"type":"reply"}"#)])?;
/// assert!(escalation::owed(&answered, &bindings, now).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn owed(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Vec<Notice> {
    let mut owed = notices(ticket, bindings, now);
    owed.retain(|notice| notice.standing == Standing::Owed);
    owed.sort_by(|a, b| {
        (a.at, &a.clock, a.rung, a.repeat).cmp(&(b.at, &b.clock, b.rung, b.repeat))
    });
    owed
}

/// Returns the role that the policy makes the owner of a ticket as it stands at `now` (SEMANTICS
/// L6); `None` where no rule of it fits. The first rule that fits counts.
///
/// ```
/// use punctual::escalation;
/// use punctual::policy::{AFTER_SALES, Policy};
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
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"repair"}"#),
///     ("2026-03-09T09:20", r#"{"type":"classify","level":"major"}"#),
/// ])?;
/// let owner_at = |civil: &str| -> Result<String, Box<dyn std::error::Error>> {
///     let owner = escalation::owner(&policy, ticket.timeline(), civil.parse()?);
///     Ok(owner.ok_or("nobody")?.to_string())
/// };
/// assert_eq!(owner_at("2026-03-09T09:10:00+08:00")?, "specialist");
/// assert_eq!(owner_at("2026-03-09T09:20:00+08:00")?, "technical-supervisor");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn owner<'p>(policy: &'p Policy, timeline: &Timeline, now: Instant) -> Option<&'p RoleId> {
    policy.owner(&timeline.status(now))
}

/// Returns the ticket's tier: the rank of the highest role that was told; 0 before any was
/// (SEMANTICS L6). It never falls, whoever answers.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::{escalation, supervision};
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
/// assert_eq!(escalation::tier(&ticket), 0);
///
/// let now = "2026-03-09T09:40:00+08:00".parse()?;
/// let events = supervision::supervise::<Box<str>>(&ticket, &Bindings::to(&policy), now);
/// let ticket = supervision::after(&ticket, events, now);
/// let supervisor = policy.rank(&"technical-supervisor".parse()?);
/// assert_eq!(escalation::tier(&ticket), supervisor);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn tier(ticket: &Ticket) -> u16 {
    ticket
        .told()
        .escalated
        .iter()
        .map(|told| told.rank)
        .max()
        .unwrap_or(0)
}
