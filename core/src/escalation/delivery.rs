//! Delivery windows: no message at midnight, and no instant of a breach moved (SEMANTICS L5).

use crate::policy::Policy;
use crate::ticket::Timeline;
use crate::time::Instant;

/// Returns when a message that is owed at `at` and recorded at `now` may go out: at once inside the
/// window or for an exempt ticket, otherwise at the window's next opening. A message that is
/// recorded too late for its own opening waits for the next one.
pub(crate) fn deliver_at(
    policy: &Policy,
    timeline: &Timeline,
    at: Instant,
    now: Instant,
) -> Instant {
    let planned_at = opening(policy, timeline, at);
    if policy.delivery().is_none() || planned_at >= now {
        planned_at
    } else {
        opening(policy, timeline, now)
    }
}

fn opening(policy: &Policy, timeline: &Timeline, at: Instant) -> Instant {
    let Some(delivery) = policy.delivery() else {
        return at;
    };
    let window = policy.calendar_at(delivery.on);
    if window.is_open(at) {
        return at;
    }
    let exempt = delivery
        .except
        .as_ref()
        .is_some_and(|except| except.holds(&timeline.status(at)));
    if exempt {
        at
    } else {
        window.next_opening(at).unwrap_or(at)
    }
}
