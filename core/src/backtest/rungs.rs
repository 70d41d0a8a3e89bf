//! Whom a policy would have told of a ticket, had somebody looked all the time.

use crate::clock::{self, Bindings, Reading};
use crate::escalation::{self, Notice, Standing};
use crate::event::RoleId;
use crate::ticket::{ClockId, Detail, Outcome, Ticket, Timeline};
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

fn is_told(notice: &Notice, waivers: &[(ClockId, Instant)]) -> bool {
    match notice.standing {
        Standing::Ahead | Standing::Superseded => false,
        Standing::Owed | Standing::Told => true,
        // Nobody had looked before the clock ended; somebody who looks all the time would have. A
        // waived clock has lapsed rungs ahead of it as well.
        Standing::Lapsed => {
            let mut waived = waivers.iter();
            let waived = waived.find(|(clock, _)| *clock == notice.clock);
            waived.is_none_or(|(_, waived_at)| notice.at <= *waived_at)
        }
    }
}

/// Returns the clocks that were waived, and when.
fn waivers(
    timeline: &Timeline,
    bindings: &Bindings<'_>,
    as_of: Instant,
) -> Vec<(ClockId, Instant)> {
    let facts = timeline.until(as_of).iter();
    let waivers = facts.filter_map(|fact| match &fact.detail {
        Detail::Waived(waived) => Some((waived, fact.at)),
        Detail::Plain
        | Detail::Received(_)
        | Detail::Classified(_)
        | Detail::Assigned(_)
        | Detail::Replied { .. }
        | Detail::Cause(_)
        | Detail::Visit { .. }
        | Detail::Reason(_)
        | Detail::Compensation(_)
        | Detail::Method(_)
        | Detail::Surveyed { .. }
        | Detail::FollowUp(_)
        | Detail::Merged(_)
        | Detail::Inspected { .. }
        | Detail::Stage(_)
        | Detail::Mark(_)
        | Detail::Bound(_) => None,
    });
    let waivers: Vec<_> = waivers.collect();
    if waivers.is_empty() {
        return Vec::new();
    }
    let readings = clock::read(timeline, bindings, as_of).into_iter();
    let waived_at = |reading: &Reading| {
        let mut own = waivers.iter().filter(|(waived, _)| {
            waived.agreement == *reading.agreement()
                && waived.target == *reading.target()
                && waived.cycle == reading.cycle
        });
        own.next().map(|(_, at)| *at)
    };
    let waived = readings.filter(|reading| reading.outcome == Outcome::Waived);
    waived
        .filter_map(|reading| Some((reading.clock.clone(), waived_at(&reading)?)))
        .collect()
}
