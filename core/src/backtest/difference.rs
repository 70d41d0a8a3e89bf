//! A promise that came to another verdict under another policy.

use serde::Serialize;

use super::Fate;
use super::arm::Arm;
use super::reason::{Lacking, Reason};
use crate::clock::{Measure, Reading};
use crate::event::StreamId;
use crate::projection::Promise;
use crate::ticket::{Cancelled, Outcome, Timeline};
use crate::time::WallTime;

/// One clock of one ticket that comes to another verdict under another policy than under the first.
///
/// Everything that a reader needs to check it by hand is here: the verdicts, the reasons with their
/// figures, and both readings with their instants.
///
/// ```
/// use punctual::backtest::{Backtest, Fate, Why};
/// use punctual::policy::Policy;
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let document = r#"
///     policy   = "help-desk"
///     timezone = "Asia/Shanghai"
///     [calendar.office]
///     week = { mon-fri = ["09:00-18:00"] }
///     [target.first-response]
///     start = "received"
///     stop  = "replied"
///     goals = [{ within = "2wh", on = "office" }]
/// "#;
/// let today = Policy::from_toml(document)?;
/// let longer = Policy::from_toml(&document.replace("18:00", "20:00"))?;
/// let as_of = "2026-03-11T00:00:00+08:00".parse()?;
/// let backtest = Backtest::new([("today", &today), ("open until eight", &longer)], as_of)?;
///
/// // Received at half past five, answered at ten the next morning.
/// let ticket = ticket("T-1", &[
///     ("2026-03-09T17:30", r#"{"type":"receive"}"#),
///     ("2026-03-10T10:00", r#"{"type":"reply"}"#),
/// ])?;
/// let [difference] = &backtest.ticket(&ticket)[..] else { return Err("one difference".into()) };
/// assert_eq!((difference.from, difference.to), (Fate::Met, Fate::Breached));
/// // Longer hours use up the budget on the evening before.
/// assert_eq!(difference.reasons[0].why(), Why::Hours);
/// let due = |reading: &Option<punctual::clock::Reading>| reading.as_ref().and_then(|it| it.due_at);
/// assert_eq!(due(&difference.before), Some("2026-03-10T10:30:00+08:00".parse()?));
/// assert_eq!(due(&difference.after), Some("2026-03-09T19:30:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The ticket.
    pub stream: StreamId,
    /// The place of the other policy among those of the backtest: never 0, which is the first one.
    pub arm: usize,
    /// What is promised.
    pub promise: Promise,
    /// Which cycle of it, as the first policy counts; as the other one does where the first has no
    /// such clock.
    pub cycle: u32,
    /// What became of it under the first policy.
    pub from: Fate,
    /// What becomes of it under the other.
    pub to: Fate,
    /// Why: everything that is not the same between the two, the most telling first. Never empty.
    pub reasons: Vec<Reason>,
    /// The clock under the first policy; `None` where there is none.
    pub before: Option<Reading>,
    /// The clock under the other; `None` where there is none.
    pub after: Option<Reading>,
}

/// Whatever the reasons of one clock are worked out from.
pub(super) struct Compared<'a, 'p> {
    pub(super) timeline: &'a Timeline,
    pub(super) promise: usize,
    pub(super) arms: (&'a Arm<'p>, &'a Arm<'p>),
}

impl Compared<'_, '_> {
    /// Returns why a clock came to another verdict.
    pub(super) fn reasons(&self, before: Option<&Reading>, after: Option<&Reading>) -> Vec<Reason> {
        match (before, after) {
            (Some(before), Some(after)) => self.of_both(before, after),
            (Some(only), None) => vec![self.of_missing(self.arms.1, Lacking::After, only)],
            (None, Some(only)) => vec![self.of_missing(self.arms.0, Lacking::Before, only)],
            (None, None) => Vec::new(),
        }
    }

    /// Why one policy has no such clock.
    fn of_missing(&self, arm: &Arm<'_>, lacking: Lacking, only: &Reading) -> Reason {
        if !arm.is_for(self.timeline) {
            Reason::NotForTicket { lacking }
        } else if arm.target(self.promise).is_none() {
            Reason::NoTarget { lacking }
        } else if arm.fits(self.promise, &self.timeline.status(only.started_at)) {
            Reason::NotStarted { lacking }
        } else {
            Reason::NoGoal { lacking }
        }
    }

    fn of_both(&self, before: &Reading, after: &Reading) -> Vec<Reason> {
        let lost = |reading: &Reading| reading.outcome == Outcome::Cancelled(Cancelled::NoGoal);
        if lost(before) != lost(after) {
            let lacking = if lost(before) {
                Lacking::Before
            } else {
                Lacking::After
            };
            return vec![Reason::NoGoal { lacking }];
        }
        let mut reasons = Vec::new();
        reasons.extend(self.measures(before, after));
        if before.budget != after.budget {
            reasons.push(Reason::Budget {
                from: before.budget,
                to: after.budget,
            });
        }
        reasons.extend(pauses(before, after));
        if before.started_at != after.started_at {
            reasons.push(Reason::Started {
                from: before.started_at,
                to: after.started_at,
            });
        }
        if before.stopped_at != after.stopped_at {
            reasons.push(Reason::Ended {
                from: before.stopped_at,
                to: after.stopped_at,
            });
        }
        if reasons.is_empty() {
            reasons.push(otherwise(before, after));
        }
        reasons
    }

    fn measures(&self, before: &Reading, after: &Reading) -> Option<Reason> {
        let name = |measure: &Measure| match measure {
            Measure::Wall => None,
            Measure::Working { calendar, .. } => Some(calendar.clone()),
        };
        if name(&before.measure) != name(&after.measure) {
            return Some(Reason::Measure {
                from: before.measure.clone(),
                to: after.measure.clone(),
            });
        }
        let calendar = name(&after.measure)?;
        self.arms
            .1
            .has_changed(&after.measure)
            .then_some(Reason::Hours {
                calendar,
                from: before.elapsed,
                to: after.elapsed,
            })
    }
}

/// Returns the reasons for which the clocks waited for different times.
fn pauses(before: &Reading, after: &Reading) -> Vec<Reason> {
    let of = |reading: &Reading, reason| {
        let found = reading.pauses.iter().find(|(known, _)| known == reason);
        found.map_or(WallTime::default(), |(_, length)| *length)
    };
    let new = after
        .pauses
        .iter()
        .filter(|(reason, _)| !before.pauses.iter().any(|(known, _)| known == reason));
    let all = before.pauses.iter().chain(new).map(|(reason, _)| reason);
    let lengths = all.map(|reason| (reason, of(before, reason), of(after, reason)));
    let differing = lengths.filter(|(_, from, to)| from != to);
    differing
        .map(|(reason, from, to)| Reason::Pauses {
            reason: reason.clone(),
            from,
            to,
        })
        .collect()
}

/// What is left where measure, budget, pauses, start and end are the same.
fn otherwise(before: &Reading, after: &Reading) -> Reason {
    if before.elapsed == after.elapsed {
        Reason::Outcome {
            from: before.outcome,
            to: after.outcome,
        }
    } else {
        Reason::Elapsed {
            from: before.elapsed,
            to: after.elapsed,
        }
    }
}
