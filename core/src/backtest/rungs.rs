//! Whom a policy would have told of a ticket, had somebody looked all the time.

use crate::clock::{self, Bindings, Reading};
use crate::escalation::{self, Notice, Standing};
use crate::event::RoleId;
use crate::ticket::{ClockId, Detail, Fact, Outcome, Ticket, Timeline};
use crate::time::Instant;

/// Hands on the role of each rung that was reached while its clock stood. What was told in reality
/// plays no part: those were the rungs of another policy.
pub(super) fn reached(
    ticket: &Ticket,
    bindings: &Bindings<'_>,
    as_of: Instant,
    mut take: impl FnMut(&RoleId),
) {
    let untold = (!ticket.told().escalated.is_empty()).then(|| ticket.untold());
    let ticket = untold.as_ref().unwrap_or(ticket);
    let notices = escalation::notices(ticket, bindings, as_of);
    let waivers = waivers(ticket.timeline(), bindings, as_of);
    for notice in notices.iter().filter(|notice| is_told(notice, &waivers)) {
        take(&notice.role);
    }
}

fn is_told(notice: &Notice, waivers: &[Waiver]) -> bool {
    match notice.standing {
        Standing::Ahead | Standing::Superseded => false,
        Standing::Owed | Standing::Told => true,
        // Nobody had looked before the clock ended; somebody who looks all the time would have.
        Standing::Lapsed => {
            let mut waived = waivers.iter();
            let waived = waived.find(|waiver| waiver.clock == notice.clock);
            waived.is_none_or(|waiver| waiver.leaves(notice))
        }
    }
}

/// A clock that was waived. All its rungs have lapsed, those ahead and those superseded as well.
struct Waiver {
    clock: ClockId,
    attached_at: Instant,
    waived_at: Instant,
}

impl Waiver {
    /// Returns whether a rung was reached before the waiver; the notice of a goal that was over as it
    /// came is the one that is reached with it.
    fn leaves(&self, notice: &Notice) -> bool {
        let is_after = notice.at > self.attached_at || notice.rung.is_none();
        is_after && notice.at <= self.waived_at
    }
}

fn waivers(timeline: &Timeline, bindings: &Bindings<'_>, as_of: Instant) -> Vec<Waiver> {
    let facts = timeline.until(as_of).iter();
    let waived = |fact: &&Fact| matches!(fact.detail, Detail::Waived(_));
    let waivers: Vec<&Fact> = facts.filter(waived).collect();
    if waivers.is_empty() {
        return Vec::new();
    }
    let readings = clock::read(timeline, bindings, as_of).into_iter();
    let waived = readings.filter(|reading| reading.outcome == Outcome::Waived);
    let waiver = |reading: Reading| {
        let own = waivers.iter().find(|fact| is_about(fact, &reading))?;
        Some(Waiver {
            attached_at: reading.attached_at,
            waived_at: own.at,
            clock: reading.clock,
        })
    };
    waived.filter_map(waiver).collect()
}

fn is_about(fact: &Fact, reading: &Reading) -> bool {
    if let Detail::Waived(waived) = &fact.detail {
        waived.agreement == *reading.agreement()
            && waived.target == *reading.target()
            && waived.cycle == reading.cycle
    } else {
        false
    }
}
