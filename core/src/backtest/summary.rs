//! What a backtest comes to, in a size that does not grow with the history.

use std::collections::BTreeMap;

use serde::Serialize;

use super::arm::Clocked;
use super::fate::{Fates, Flips};
use super::reason::Why;
use super::{Difference, Fate};
use crate::event::RoleId;
use crate::projection::{Compliance, Rate, Share};

/// What became of one promise under one policy.
///
/// Counted are clocks: a promise with cycles has several a ticket. `tickets` counts each ticket once.
/// Compliance is met / (met + breached), as everywhere (SEMANTICS C5); `overdue` is the part of the
/// broken ones that are still waiting for the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Figures {
    /// How many tickets have a clock of it.
    pub tickets: u64,
    /// How many clocks came to which fate.
    pub fates: Fates,
    /// How many of the broken ones have not stopped.
    pub overdue: u64,
    /// How many clocks ended in each step of [`Share`]. One that is over and has not stopped is in
    /// none: how late it will be is not known.
    pub margins: [u64; Share::STEPS],
}

impl Figures {
    /// Returns the figures of compliance.
    #[must_use]
    pub fn compliance(&self) -> Compliance {
        self.fates.compliance()
    }

    fn add(&mut self, clock: &Clocked) {
        self.fates.add(clock.fate);
        if clock.is_overdue {
            self.overdue = self.overdue.saturating_add(1);
        } else if matches!(clock.fate, Fate::Met | Fate::Breached)
            && let Some(budget) = clock.budget
        {
            let step = Share::of(clock.used, budget).step();
            if let Some(count) = self.margins.get_mut(step) {
                *count = count.saturating_add(1);
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.tickets = self.tickets.saturating_add(other.tickets);
        self.fates.join(&other.fates);
        self.overdue = self.overdue.saturating_add(other.overdue);
        for (count, more) in self.margins.iter_mut().zip(other.margins) {
            *count = count.saturating_add(more);
        }
    }
}

/// What a history comes to under one policy, and how that differs from the first one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ArmSummary {
    /// By promise.
    figures: Vec<Figures>,
    /// By promise; zero for the first policy.
    flips: Vec<Flips>,
    /// By [`Why`], what stands first among the reasons of each difference.
    reasons: [u64; Why::COUNT],
    differing: u64,
    rungs: BTreeMap<RoleId, u64>,
}

/// Where a ticket stands in the source: its chunk, and its place in it.
pub(super) type Place = (u64, u64);

/// What a history comes to under every policy of a backtest.
///
/// It takes as much memory for a million tickets as for ten. Summaries of parts of a history
/// [`merge`](Summary::merge) to that of the whole, in any order.
///
/// ```
/// use std::convert::Infallible;
/// use punctual::backtest::{Backtest, Why};
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
///     [role.supervisor]
///     rank = 1
///     [target.first-response]
///     start  = "received"
///     stop   = "replied"
///     goals  = [{ within = "30m" }]
///     ladder = [{ at = "due", tell = "supervisor" }]
/// "#;
/// let today = Policy::from_toml(document)?;
/// let quicker = Policy::from_toml(&document.replace("30m", "20m"))?;
/// let as_of = "2026-03-10T00:00:00+08:00".parse()?;
/// let backtest = Backtest::new([("today", &today), ("quicker", &quicker)], as_of)?
///     .with_rungs()
///     .with_examples(1);
///
/// let mut tickets = Vec::new();
/// for (id, minute) in [("T-1", 15), ("T-2", 25), ("T-3", 28), ("T-4", 45)] {
///     let replied_at = format!("2026-03-09T09:{minute}");
///     let told = [("2026-03-09T09:00", r#"{"type":"receive"}"#), (&replied_at, r#"{"type":"reply"}"#)];
///     tickets.push(ticket(id, &told)?);
/// }
/// let summary = backtest.over(&tickets).run(|ticket, take| {
///     take(ticket);
///     Ok::<_, Infallible>(())
/// })?;
///
/// assert_eq!(summary.rate(0).to_string(), "3/4 (75.0 %)");
/// assert_eq!(summary.rate(1).to_string(), "1/4 (25.0 %)");
/// assert_eq!((summary.differing(1), summary.differences(1)), (2, 2));
/// assert_eq!(summary.reasons(1).collect::<Vec<_>>(), [(Why::Budget, 2)]);
/// // The supervisor would have been called three times instead of once.
/// let calls = |arm| summary.rungs(arm).map(|(_, count)| count).sum::<u64>();
/// assert_eq!((calls(0), calls(1)), (1, 3));
/// // The first difference in the order of the tickets.
/// let first = summary.examples().next().ok_or("none")?;
/// assert_eq!(first.stream.id(), "T-2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    tickets: u64,
    arms: Vec<ArmSummary>,
    examples: Vec<(Place, Difference)>,
    most_examples: usize,
}

impl Summary {
    pub(super) fn new(arms: usize, promises: usize, most_examples: usize) -> Self {
        let arm = ArmSummary {
            figures: vec![Figures::default(); promises],
            flips: vec![Flips::default(); promises],
            ..ArmSummary::default()
        };
        Self {
            tickets: 0,
            arms: vec![arm; arms],
            examples: Vec::new(),
            most_examples,
        }
    }

    /// Returns how many tickets there were.
    #[must_use]
    pub const fn tickets(&self) -> u64 {
        self.tickets
    }

    /// Returns what became of a promise under a policy, each by its place in the backtest; zeros for
    /// a place that is not there.
    #[must_use]
    pub fn figures(&self, arm: usize, promise: usize) -> Figures {
        let figures = self.arms.get(arm).and_then(|arm| arm.figures.get(promise));
        figures.copied().unwrap_or_default()
    }

    /// Returns the clocks of a promise under a policy by what became of them under the first one.
    #[must_use]
    pub fn flips(&self, arm: usize, promise: usize) -> Flips {
        let flips = self.arms.get(arm).and_then(|arm| arm.flips.get(promise));
        flips.copied().unwrap_or_default()
    }

    /// Returns all promises of a policy together: the kept ones of those decided.
    #[must_use]
    pub fn rate(&self, arm: usize) -> Rate {
        let figures = self.arms.get(arm).map_or(&[][..], |arm| &arm.figures);
        figures.iter().fold(Rate::default(), |sum, figures| {
            let rate = figures.compliance().rate();
            Rate {
                part: sum.part.saturating_add(rate.part),
                whole: sum.whole.saturating_add(rate.whole),
            }
        })
    }

    /// Returns how many tickets have at least one promise that comes to another verdict than under
    /// the first policy.
    ///
    /// Zero for the first policy, and for a place that is not there.
    #[must_use]
    pub fn differing(&self, arm: usize) -> u64 {
        self.arms.get(arm).map_or(0, |arm| arm.differing)
    }

    /// Returns how many differences there are in all.
    ///
    /// One for each clock, so never less than [`Summary::differing`], which counts tickets.
    #[must_use]
    pub fn differences(&self, arm: usize) -> u64 {
        let flips = self.arms.get(arm).map_or(&[][..], |arm| &arm.flips);
        flips
            .iter()
            .fold(0, |sum, flips| sum.saturating_add(flips.total()))
    }

    /// Returns how many differences have which reason first, those that have any, in the order of
    /// [`Why::ALL`].
    pub fn reasons(&self, arm: usize) -> impl Iterator<Item = (Why, u64)> + use<> {
        let counts = self.arms.get(arm).map(|arm| arm.reasons);
        let counts = counts.unwrap_or_default();
        Why::ALL
            .into_iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
    }

    /// Returns how often each role would have been told under a policy; empty unless
    /// [`Backtest::with_rungs`](super::Backtest::with_rungs) asked for it.
    pub fn rungs(&self, arm: usize) -> impl Iterator<Item = (&RoleId, u64)> {
        let rungs = self.arms.get(arm).into_iter().flat_map(|arm| &arm.rungs);
        rungs.map(|(role, count)| (role, *count))
    }

    /// Returns the first differences in the order of the source, as many as
    /// [`Backtest::with_examples`](super::Backtest::with_examples) asked for.
    pub fn examples(&self) -> impl Iterator<Item = &Difference> {
        self.examples.iter().map(|(_, difference)| difference)
    }

    /// Adds the summary of other tickets under the same policies.
    ///
    /// For histories that are backtested in parts, on several machines for instance. Both must come from
    /// backtests of the same policies in the same order: places are all that counts are kept by.
    pub fn merge(&mut self, other: Self) {
        self.tickets = self.tickets.saturating_add(other.tickets);
        for (arm, more) in self.arms.iter_mut().zip(other.arms) {
            arm.join(more);
        }
        self.examples.extend(other.examples);
        // Those of one ticket are together and in their order already.
        self.examples.sort_by_key(|(place, _)| *place);
        self.examples.truncate(self.most_examples);
    }

    pub(super) const fn add_ticket(&mut self) {
        self.tickets = self.tickets.saturating_add(1);
    }

    /// Counts the clocks of one ticket, ordered by promise.
    pub(super) fn add_clocks(&mut self, arm: usize, clocks: &[Clocked]) {
        let Some(arm) = self.arms.get_mut(arm) else {
            return;
        };
        let mut last = None;
        for clock in clocks {
            if let Some(figures) = arm.figures.get_mut(clock.promise) {
                figures.add(clock);
                if last != Some(clock.promise) {
                    figures.tickets = figures.tickets.saturating_add(1);
                    last = Some(clock.promise);
                }
            }
        }
    }

    pub(super) fn add_pair(&mut self, arm: usize, promise: usize, from: Fate, to: Fate) {
        let arm = self.arms.get_mut(arm);
        if let Some(flips) = arm.and_then(|arm| arm.flips.get_mut(promise)) {
            flips.add(from, to);
        }
    }

    pub(super) fn add_reason(&mut self, arm: usize, why: Why) {
        let arm = self.arms.get_mut(arm);
        if let Some(count) = arm.and_then(|arm| arm.reasons.get_mut(why.place())) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn add_differing(&mut self, arm: usize) {
        if let Some(arm) = self.arms.get_mut(arm) {
            arm.differing = arm.differing.saturating_add(1);
        }
    }

    pub(super) fn add_rung(&mut self, arm: usize, role: &RoleId) {
        let Some(arm) = self.arms.get_mut(arm) else {
            return;
        };
        match arm.rungs.get_mut(role) {
            Some(count) => *count = count.saturating_add(1),
            None => {
                arm.rungs.insert(role.clone(), 1);
            }
        }
    }

    /// Keeps an example while there is room. They come in the order of their places.
    pub(super) fn keep(&mut self, place: Place, difference: &Difference) {
        if self.wants_examples() {
            self.examples.push((place, difference.clone()));
        }
    }

    pub(super) const fn wants_examples(&self) -> bool {
        self.examples.len() < self.most_examples
    }
}

impl ArmSummary {
    fn join(&mut self, other: Self) {
        for (figures, more) in self.figures.iter_mut().zip(&other.figures) {
            figures.join(more);
        }
        for (flips, more) in self.flips.iter_mut().zip(&other.flips) {
            flips.join(more);
        }
        for (count, more) in self.reasons.iter_mut().zip(other.reasons) {
            *count = count.saturating_add(more);
        }
        self.differing = self.differing.saturating_add(other.differing);
        for (role, more) in other.rungs {
            let count = self.rungs.entry(role).or_default();
            *count = count.saturating_add(more);
        }
    }
}
