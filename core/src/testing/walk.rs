//! Histories at random: walks that every step of a ticket's life admits.

use proptest::collection::vec;
use proptest::prelude::*;

use super::history::{History, Step};
use super::instants::instants;
use super::menu::Menu;
use super::policy_plan::{PolicyPlan, policies};
use super::vantage::shifted;
use crate::clock::{self, Bindings, Reading};
use crate::policy::Policy;
use crate::ticket::Ticket;
use crate::time::{Instant, Span};

/// Choices that become a history under any policy: where it begins, and then how long it waits and
/// which of the things that can be done is done.
///
/// A walk knows no policy, so policy and walk shrink independently, and every prefix of a walk is a
/// walk.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{Move, Wait, Walk};
///
/// let walk = Walk {
///     start: "2026-03-09T01:00:00Z".parse()?,
///     intake: 0,
///     moves: vec![Move { wait: Wait::Due(0), pick: 3 }, Move { wait: Wait::Days(1), pick: 9 }],
/// };
/// let history = walk.history(&Policy::from_toml(AFTER_SALES)?);
/// assert_eq!(history.first_at(), Some(walk.start));
/// assert_eq!(history.ticket().anomalies(), []); // whatever was picked can have happened
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// When the request comes in.
    pub start: Instant,
    /// Which of the requests that the policy's words allow it is.
    pub intake: u16,
    /// What follows.
    pub moves: Vec<Move>,
}

/// One step of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// How long nothing happens.
    pub wait: Wait,
    /// Which of the things that can then be done is done.
    pub pick: u16,
}

/// How long nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// No time: two facts of one instant.
    Not,
    /// Some minutes.
    Minutes(u16),
    /// Some hours.
    Hours(u16),
    /// Some days, at the same time of the day by UTC.
    Days(u16),
    /// One microsecond.
    Microsecond,
    /// Until a calendar of the policy opens.
    Opening(u16),
    /// Until one closes.
    Closing(u16),
    /// Until a clock falls due.
    Due(u16),
    /// Until the last instant that is in time for a clock.
    InTime(u16),
    /// A microsecond longer.
    Late(u16),
}

impl Walk {
    /// Returns the history under a policy: its words, its roles, its budgets. What the facts do not
    /// admit at a step, or the policy does not permit, is not among the choices.
    #[must_use]
    pub fn history(&self, policy: &Policy) -> History {
        let menu = Menu::of(policy);
        let Some(deed) = menu.intake(self.intake) else {
            return History::default();
        };
        let mut at = self.start;
        let mut history = History::new(vec![Step { at, deed }]);
        for step in &self.moves {
            let ticket = history.ticket();
            at = step.wait.from(at, policy, &ticket).max(at);
            if let Some(deed) = menu.choose(policy, &ticket, at, step.pick) {
                history = history.with([Step { at, deed }]);
            }
        }
        history
    }
}

impl Wait {
    /// Returns the instant at which it ends; at once where there is nothing to wait for.
    fn from(self, now: Instant, policy: &Policy, ticket: &Ticket) -> Instant {
        let after =
            |unit: Span, count: u16| shifted(now, unit.micros().saturating_mul(i64::from(count)));
        let calendar = |place: u16| {
            let calendars = policy.calendars();
            let place = usize::from(place).checked_rem(calendars.len())?;
            calendars.get(place).map(|named| &named.calendar)
        };
        let edge = |place: u16, edge: fn(&Reading) -> Option<Instant>| {
            let bindings = Bindings::to(policy);
            let readings = clock::read(ticket.timeline(), &bindings, now);
            let edges = readings.iter().filter_map(edge).filter(|at| *at > now);
            let edges: Vec<Instant> = edges.collect();
            let place = usize::from(place).checked_rem(edges.len())?;
            edges.get(place).copied()
        };
        let found = match self {
            Self::Not => None,
            Self::Minutes(count) => Some(after(Span::MINUTE, count)),
            Self::Hours(count) => Some(after(Span::HOUR, count)),
            Self::Days(count) => Some(after(Span::DAY, count)),
            Self::Microsecond => now.next(),
            Self::Opening(place) => calendar(place).and_then(|hours| hours.next_opening(now)),
            Self::Closing(place) => calendar(place).and_then(|hours| hours.next_closing(now)),
            Self::Due(place) => edge(place, |reading| reading.due_at),
            Self::InTime(place) => edge(place, |reading| reading.breach_after),
            Self::Late(place) => {
                edge(place, |reading| reading.breach_after).and_then(Instant::next)
            }
        };
        found.unwrap_or(now)
    }
}

fn waits() -> impl Strategy<Value = Wait> + Clone {
    prop_oneof![
        3 => Just(Wait::Not),
        3 => (1..240_u16).prop_map(Wait::Minutes),
        2 => (1..30_u16).prop_map(Wait::Hours),
        1 => (1..9_u16).prop_map(Wait::Days),
        1 => Just(Wait::Microsecond),
        1 => (0..2_u16).prop_map(Wait::Opening),
        1 => (0..2_u16).prop_map(Wait::Closing),
        2 => (0..4_u16).prop_map(Wait::Due),
        2 => (0..4_u16).prop_map(Wait::InTime),
        1 => (0..4_u16).prop_map(Wait::Late),
    ]
}

/// Returns walks of up to a dozen steps. They shrink to a request alone, on a Monday morning.
pub fn walks() -> impl Strategy<Value = Walk> + Clone {
    let moves = (waits(), 0..256_u16).prop_map(|(wait, pick)| Move { wait, pick });
    (instants(), 0..256_u16, vec(moves, 0..13)).prop_map(|(start, intake, moves)| Walk {
        start,
        intake,
        moves,
    })
}

/// Returns valid histories of tickets under a policy: each step is one that
/// [`decide`](crate::ticket::decide) accepts at its instant, by an actor whom the policy permits it.
///
/// They begin with `received` and speak the policy's own words: classes, levels, fields, reasons,
/// marks, roles and the events that its clocks start and stop by. Many facts share an instant; waits
/// end at openings, closings, due instants and the microsecond after them. They shrink by steps that
/// are left out and waits that become none; every prefix is a valid history.
///
/// ```
/// use proptest::prelude::*;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{histories, laws};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// proptest!(ProptestConfig::with_cases(4), |(history in histories(&policy))| {
///     prop_assert_eq!(history.ticket().anomalies(), []);
///     laws::ticks_change_nothing(&policy, &history)?;
/// });
/// # Ok::<(), punctual::policy::Report>(())
/// ```
pub fn histories(policy: &Policy) -> impl Strategy<Value = History> + use<> {
    let policy = policy.clone();
    walks().prop_map(move |walk| walk.history(&policy))
}

/// A policy with a history under it.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The policy as it was planned.
    pub plan: PolicyPlan,
    /// The policy.
    pub policy: Policy,
    /// The history.
    pub history: History,
}

impl std::fmt::Debug for Case {
    /// Writes the document and the script.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n{}\n{}", self.plan, self.history)
    }
}

/// Returns random policies with random histories under them. Both shrink, each by itself.
///
/// ```
/// use proptest::prelude::*;
/// use punctual::testing::{Law, cases};
///
/// proptest!(ProptestConfig::with_cases(2), |(case in cases())| {
///     prop_assert!(Law::Replay.check(&case.policy, &case.history).is_ok());
/// });
/// ```
pub fn cases() -> impl Strategy<Value = Case> {
    (policies(), walks()).prop_filter_map("a plan that does not compile", |(plan, walk)| {
        let policy = plan.compile().ok()?;
        let history = walk.history(&policy);
        Some(Case {
            plan,
            policy,
            history,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::AFTER_SALES;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_prefix_of_a_history_can_have_happened(case in cases()) {
            for count in 0..=case.history.steps().len() {
                prop_assert_eq!(case.history.prefix(count).ticket().anomalies(), []);
            }
        }
    }

    #[test]
    fn walks_under_the_preset_reach_what_it_promises() {
        use proptest::strategy::ValueTree;
        let policy = Policy::from_toml(AFTER_SALES).unwrap();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let (mut clocks, mut outcomes) = (Vec::new(), Vec::new());
        for _ in 0..200 {
            let history = histories(&policy).new_tree(&mut runner).unwrap().current();
            let Some(last) = history.last_at() else {
                continue;
            };
            for reading in clock::read(history.ticket().timeline(), &Bindings::to(&policy), last) {
                clocks.push(reading.clock.target.to_string());
                outcomes.push(reading.outcome.name());
            }
        }
        clocks.sort();
        clocks.dedup();
        outcomes.sort_unstable();
        outcomes.dedup();
        assert!(clocks.len() >= 12, "{clocks:?}");
        for outcome in ["met", "breached", "breaching", "open", "cancelled"] {
            assert!(outcomes.contains(&outcome), "{outcomes:?}");
        }
    }
}
