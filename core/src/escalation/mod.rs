//! Ladders: who must be told, and when (SEMANTICS L).
//!
//! A rung sits on a clock; the clock says when it is reached. This module says what that means for
//! the people on the ladder: whether a rung is still ahead, owed, told, superseded by a newer goal,
//! or lapsed because its clock ended before anyone recorded it. Pure, and it records nothing: see
//! [`supervision`](crate::supervision) for the events.

mod delivery;

use serde::{Deserialize, Serialize};

use crate::clock::{Bindings, Measured, State, point_of, repetition};
use crate::event::RoleId;
use crate::policy::{Policy, Rung};
use crate::ticket::{ClockId, Escalated, Ticket, Timeline, Told};
use crate::time::Instant;

pub(crate) use delivery::deliver_at;

/// How a rung stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Not reached; expected then if the clock runs on.
    Ahead,
    /// Reached, and to be recorded now.
    Owed,
    /// Recorded.
    Told,
    /// Its time lay at or before the attachment of the goal: never fired.
    Superseded,
    /// Reached, but the clock ended before it was recorded: never fired.
    Lapsed,
}

/// One rung of one clock, or one of its repetitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The clock.
    pub clock: ClockId,
    /// The rung, counted from 0 as the policy lists them; `None` for the one notice of a goal that
    /// was over as it came.
    pub rung: Option<u16>,
    /// Which repetition, counted from 0.
    pub repeat: u16,
    /// Whom to tell.
    pub role: RoleId,
    /// The rank that the policy declares for the role.
    pub rank: u16,
    /// When it was or will be reached, in UTC.
    pub at: Instant,
    /// When its message may go out.
    pub deliver_at: Instant,
    /// How it stands.
    pub standing: Standing,
}

impl Notice {
    /// Returns the event that records it at `now`.
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

/// Returns every rung of a ticket's clocks that has a place in time at `now`, clock by clock.
///
/// A rung that waits for a pause to end has none. A repeating rung is listed up to the first
/// repetition that is still ahead.
#[must_use]
pub fn notices(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Vec<Notice> {
    let state = State::new(ticket.timeline(), bindings, now);
    let mut found = Vec::new();
    for measured in state.measured() {
        of_clock(&measured, ticket, &state, &mut found);
    }
    found
}

/// Returns the rungs that are owed at `now`, in the order in which they fell due (L4).
#[must_use]
pub fn owed(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Vec<Notice> {
    let mut owed = notices(ticket, bindings, now);
    owed.retain(|notice| notice.standing == Standing::Owed);
    owed.sort_by(|a, b| {
        (a.at, &a.clock, a.rung, a.repeat).cmp(&(b.at, &b.clock, b.rung, b.repeat))
    });
    owed
}

/// Adds the notices of one clock.
pub(crate) fn of_clock(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    state: &State<'_>,
    found: &mut Vec<Notice>,
) {
    let Some(tally) = measured.tally else { return };
    let ladder = Ladder {
        measured,
        ticket,
        state,
    };
    for (place, rung) in measured.current.target.ladder.iter().enumerate() {
        let Ok(place) = u16::try_from(place) else {
            break;
        };
        let Some(point) = point_of(measured, &tally, rung.at) else {
            continue;
        };
        let mut last = ladder.add(rung, Some(place), 0, point.at, point.is_reached, found);
        let Some(repeat) = rung.repeat else { continue };
        for count in 1..=repeat.most.get() {
            if !last {
                break;
            }
            let next = repetition(measured, &tally, point.at, repeat.every, count);
            let Some(next) = next else { break };
            last = ladder.add(rung, Some(place), count, next.at, next.is_reached, found);
        }
    }
    if tally.over_at_birth {
        ladder.add_birth_notice(found);
    }
}

struct Ladder<'l, 'c, 'p> {
    measured: &'l Measured<'c, 'p>,
    ticket: &'l Ticket,
    state: &'l State<'p>,
}

impl Ladder<'_, '_, '_> {
    /// Adds one rung; returns whether it has been reached.
    fn add(
        &self,
        rung: &Rung,
        place: Option<u16>,
        repeat: u16,
        at: Instant,
        is_reached: bool,
        found: &mut Vec<Notice>,
    ) -> bool {
        let timeline = self.ticket.timeline();
        if !rung.when.terms().is_empty()
            && !rung.when.holds(&timeline.status(at.min(self.state.now)))
        {
            return is_reached;
        }
        let policy = self.measured.current.policy;
        found.push(Notice {
            clock: self.measured.id(),
            rung: place,
            repeat,
            role: rung.tell.clone(),
            rank: rung.rank,
            at,
            deliver_at: deliver_at(policy, timeline, at),
            standing: self.standing(place, repeat, at, is_reached),
        });
        is_reached
    }

    /// A goal that was over as it came gives one notice, to the highest rung's role (C8).
    fn add_birth_notice(&self, found: &mut Vec<Notice>) {
        let status = &self.state.status;
        let ladder = &self.measured.current.target.ladder;
        let applying = ladder.iter().filter(|rung| rung.when.holds(status));
        let Some(highest) = applying.max_by_key(|rung| rung.rank) else {
            return;
        };
        let policy: &Policy = self.measured.current.policy;
        let at = self.measured.current.at;
        let standing = match self.standing(None, 0, at, true) {
            Standing::Superseded => Standing::Owed,
            told @ (Standing::Ahead | Standing::Owed | Standing::Told | Standing::Lapsed) => told,
        };
        found.push(Notice {
            clock: self.measured.id(),
            rung: None,
            repeat: 0,
            role: highest.tell.clone(),
            rank: highest.rank,
            at,
            deliver_at: deliver_at(policy, self.ticket.timeline(), at),
            standing,
        });
    }

    fn standing(&self, rung: Option<u16>, repeat: u16, at: Instant, is_reached: bool) -> Standing {
        let is_told = self.is_told(self.ticket.told(), rung, repeat);
        let is_over = self.measured.clock.end.is_some() || self.measured.clock.waived_at.is_some();
        if is_told {
            Standing::Told
        } else if !is_reached {
            Standing::Ahead
        } else if is_over && (rung.is_none() || at > self.measured.current.at) {
            Standing::Lapsed
        } else if at <= self.measured.current.at {
            Standing::Superseded
        } else {
            Standing::Owed
        }
    }

    /// Under one attachment a rung fires once; a rebind does not refire what the same target and
    /// cycle already fired (L2).
    fn is_told(&self, told: &Told, rung: Option<u16>, repeat: u16) -> bool {
        let clock = self.measured.id();
        let rebinds = self.measured.rebound_from();
        told.escalated.iter().any(|known| {
            let same_clock = known.clock == clock
                || (known.clock.agreement == clock.agreement
                    && known.clock.target == clock.target
                    && known.clock.started_by == clock.started_by
                    && rebinds.contains(&known.clock.attached_by));
            same_clock && known.rung == rung && known.repeat == repeat
        })
    }
}

/// Returns the role that the policy makes the owner of a ticket that stands like this (L6).
#[must_use]
pub fn owner<'p>(policy: &'p Policy, timeline: &Timeline, now: Instant) -> Option<&'p RoleId> {
    let status = timeline.status(now);
    policy
        .owners()
        .iter()
        .find(|owner| owner.when.holds(&status))
        .map(|owner| &owner.is)
}

/// Returns the ticket's tier: the rank of the highest role that was told; 0 before any was (L6).
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
