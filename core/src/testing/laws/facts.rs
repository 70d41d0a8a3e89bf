//! Laws about how a history becomes known.

use super::super::arrival::Arrival;
use super::super::broken::{Broken, Side};
use super::super::history::History;
use super::super::reader::Punctual;
use super::super::vantage::thinned;
use super::Law;
use super::frame::{Frame, Telling};
use super::ladders::watched;
use crate::policy::Policy;
use crate::ticket::Ticket;
use crate::time::Instant;

pub(super) fn ticks(frame: &Frame<'_>) -> Result<(), Broken> {
    let points = frame.points();
    let last: Vec<Instant> = points.last().copied().into_iter().collect();
    let third: Vec<Instant> = points.iter().copied().step_by(3).collect();
    let looked = thinned(points.clone(), 16);
    for (what, ticks) in [
        ("looked at all along", &points),
        ("looked at now and then", &third),
        ("looked at once, late", &last),
    ] {
        frame.same((what, &watched(frame, ticks).telling), &looked)?;
    }
    Ok(())
}

pub(super) fn replay(frame: &Frame<'_>) -> Result<(), Broken> {
    let log = frame.history.log();
    let whole = frame.reader.replay(&log);
    for count in 0..=log.len() {
        let (before, after) = log.split_at_checked(count).unwrap_or((&log, &[]));
        let mut ticket = frame.reader.replay(before);
        for recorded in after {
            frame.reader.apply(&mut ticket, recorded);
        }
        if ticket != whole {
            let what = |name: &str, ticket: &Ticket| {
                let facts = ticket.timeline().facts().len();
                Side::plain(format!(
                    "{name}: version {}, {facts} facts",
                    ticket.version()
                ))
            };
            let sides = [
                what("replayed as a whole", &whole),
                what(
                    &format!("{count} events replayed, the rest folded one by one"),
                    &ticket,
                ),
            ];
            return Err(frame.broken("both should be the same ticket".to_owned(), sides));
        }
    }
    Ok(())
}

pub(super) fn arrival(frame: &Frame<'_>) -> Result<(), Broken> {
    let points = thinned(frame.points(), 8);
    for arrival in Arrival::telling(frame.history) {
        arrives(frame, &arrival, &points)?;
    }
    Ok(())
}

fn arrives(frame: &Frame<'_>, arrival: &Arrival, points: &[Instant]) -> Result<(), Broken> {
    let telling = Telling::arriving(frame.history, arrival.order());
    frame.same((&format!("arriving as {arrival}"), &telling), points)
}

/// Checks [`Law::Arrival`] for one order of arrival, such as [`arrivals`](crate::testing::arrivals)
/// gives.
///
/// ```
/// use proptest::strategy::{Strategy, ValueTree};
/// use proptest::test_runner::TestRunner;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{History, arrivals, laws};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let history: History = "
///     2026-03-09T01:00:00Z received
///     2026-03-09T02:00:00Z replied
///     2026-03-09T03:00:00Z resolved method=remote
/// ".parse()?;
/// let tree = arrivals(&history).new_tree(&mut TestRunner::deterministic());
/// let arrival = tree.map_err(|reason| reason.to_string())?.current();
/// laws::under_arrival(&policy, &history, &arrival)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Broken`] when it does not hold.
pub fn under_arrival(policy: &Policy, history: &History, arrival: &Arrival) -> Result<(), Broken> {
    let frame = Frame::new(Law::Arrival, &Punctual, policy, history);
    arrives(&frame, arrival, &frame.points())
}
