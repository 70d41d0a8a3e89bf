//! The ladder of one clock: where its rungs sit, and how each stands.

use super::delivery::deliver_at;
use super::{Notice, Standing};
use crate::clock::{Measured, State, point_of, repetition};
use crate::policy::Rung;
use crate::ticket::Ticket;
use crate::time::Instant;

/// A rung that has a place in time, and whose condition fits the ticket then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacedRung<'p> {
    /// The rung that says where it sits and whom to tell.
    pub(crate) rung: &'p Rung,
    /// Its place in the ladder; `None` for the notice of a goal that was over as it came.
    pub(crate) place: Option<u16>,
    /// Which repetition; the first telling is 0.
    pub(crate) repeat: u16,
    /// When it was or will be reached.
    pub(crate) at: Instant,
    /// How it stands.
    pub(crate) standing: Standing,
}

/// Adds the notices of one clock.
pub(super) fn of_clock(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    state: &State<'_, '_>,
    found: &mut Vec<Notice>,
) {
    placed(measured, ticket, state, |placed| {
        found.push(notice(measured, ticket, state.now, &placed));
    });
}

/// Returns what a rung of a clock means for whoever is told.
pub(crate) fn notice(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    now: Instant,
    placed: &PlacedRung<'_>,
) -> Notice {
    let policy = measured.current.policy;
    Notice {
        clock: measured.id(),
        rung: placed.place,
        repeat: placed.repeat,
        role: placed.rung.tell.clone(),
        rank: placed.rung.rank,
        at: placed.at,
        deliver_at: deliver_at(policy, ticket.timeline(), placed.at, now),
        standing: placed.standing,
    }
}

/// Shows every rung of one clock that has a place in time, in the order of the ladder.
pub(crate) fn placed<'p>(
    measured: &Measured<'_, 'p>,
    ticket: &Ticket,
    state: &State<'_, 'p>,
    see: impl FnMut(PlacedRung<'p>),
) {
    let Some(tally) = measured.tally() else {
        return;
    };
    let mut ladder = Ladder {
        measured,
        ticket,
        now: state.now,
        see,
    };
    for (place, rung) in measured.current.target.ladder.iter().enumerate() {
        let Ok(place) = u16::try_from(place) else {
            break;
        };
        let Some(point) = point_of(measured, tally, rung.at) else {
            continue;
        };
        let mut last = ladder.add(rung, place, 0, point.at, point.is_reached);
        let Some(repeat) = rung.repeat else { continue };
        for count in 1..=repeat.most.get() {
            if !last {
                break;
            }
            let next = repetition(measured, tally, point.at, repeat.every, count);
            let Some(next) = next else { break };
            last = ladder.add(rung, place, count, next.at, next.is_reached);
        }
    }
    if tally.over_at_birth {
        ladder.add_birth_notice();
    }
}

struct Ladder<'l, 'c, 'p, S> {
    measured: &'l Measured<'c, 'p>,
    ticket: &'l Ticket,
    now: Instant,
    see: S,
}

impl<'p, S: FnMut(PlacedRung<'p>)> Ladder<'_, '_, 'p, S> {
    /// Adds one rung; returns whether it has been reached.
    fn add(
        &mut self,
        rung: &'p Rung,
        place: u16,
        repeat: u16,
        at: Instant,
        is_reached: bool,
    ) -> bool {
        let then = at.min(self.now);
        let applies =
            rung.when.terms().is_empty() || rung.when.holds(&self.ticket.timeline().status(then));
        if applies {
            let standing = self.standing(Some(place), repeat, at, is_reached);
            (self.see)(PlacedRung {
                rung,
                place: Some(place),
                repeat,
                at,
                standing,
            });
        }
        is_reached
    }

    /// A goal that was over as it came gives one notice, to the highest rung's role (C8).
    fn add_birth_notice(&mut self) {
        // Like every rung's, its condition is asked when it is reached.
        let at = self.measured.current.at;
        let status = self.ticket.timeline().status(at);
        let ladder = &self.measured.current.target.ladder;
        let applying = ladder.iter().filter(|rung| rung.when.holds(&status));
        let Some(highest) = applying.max_by_key(|rung| rung.rank) else {
            return;
        };
        let standing = match self.standing(None, 0, at, true) {
            Standing::Superseded => Standing::Owed,
            told @ (Standing::Ahead | Standing::Owed | Standing::Told | Standing::Lapsed) => told,
        };
        (self.see)(PlacedRung {
            rung: highest,
            place: None,
            repeat: 0,
            at,
            standing,
        });
    }

    fn standing(&self, rung: Option<u16>, repeat: u16, at: Instant, is_reached: bool) -> Standing {
        let is_waived = self.measured.clock.waived_at.is_some();
        let is_over = self.measured.clock.end.is_some() || is_waived;
        if self.is_told(rung, repeat) {
            Standing::Told
        } else if is_waived {
            Standing::Lapsed
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
    fn is_told(&self, rung: Option<u16>, repeat: u16) -> bool {
        let mut told = self.ticket.told().escalated.iter();
        told.any(|known| {
            known.rung == rung
                && known.repeat == repeat
                && self.measured.has_taken_over(&known.clock)
        })
    }
}
