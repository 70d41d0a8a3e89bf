//! How the service is doing, by day and by slice.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::contribution::{Contribution, Gatherer, Running};
use super::figure::{Figure, Promise, Slice, SliceKind, Verdict};
use super::score::Score;
use super::{Case, Dates, Poison, Sum};
use crate::calendar::ZoneTable;
use crate::clock::Reading;
use crate::event::{Class, StreamId};
use crate::policy::Policy;
use crate::time::{CivilDate, Instant};

/// Which cycles of a promise count (SEMANTICS C9): all are kept, a report chooses.
///
/// A progress report is due every day until a fault is solved. Three reports in time and one forgotten
/// are, by `Sum`, three promises kept of four; by `Worst`, one ticket whose customer was left waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cycles {
    /// Each cycle counts.
    #[default]
    Sum,
    /// The first of each ticket.
    First,
    /// The last of each ticket.
    Last,
    /// Of each ticket the first that was broken, if there is one; otherwise the last.
    Worst,
}

impl Cycles {
    /// Returns whether a later reading of a promise takes the place of an earlier one.
    pub(super) const fn prefers(self, kept: &Reading) -> bool {
        match self {
            Self::Sum | Self::Last => true,
            Self::First => false,
            Self::Worst => !kept.outcome.is_over(),
        }
    }
}

/// The definition of a scorecard: where days begin, and which names of a policy mean what.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::Scorecard;
///
/// let card = Scorecard::of(&Policy::from_toml(AFTER_SALES)?);
/// assert_eq!(card.zone().name(), "Asia/Shanghai");
/// assert_eq!(card.first_response().map(|it| it.target.as_str()), Some("first-response"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scorecard {
    zone: ZoneTable,
    complaint: Option<Class>,
    first_response: Option<Promise>,
    on_time_repair: Option<Promise>,
    cycles: Cycles,
}

impl Scorecard {
    /// Returns the scorecard of a policy: days of its zone, KPIs as its `[kpi]` binds them, class
    /// `complaint` for complaints, every cycle counted.
    ///
    /// A KPI that the policy does not bind measures nothing: its rate is 0 of 0.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        // A KPI names a target; it is that of the first agreement which has it, the policy's own first.
        let bound = |name: &str| {
            let target = policy.kpis().get(name)?;
            let mut agreements = policy.agreements().iter();
            let agreement = agreements.find(|it| it.targets.iter().any(|it| it.id == *target))?;
            Some(Promise {
                agreement: agreement.id.clone(),
                target: target.clone(),
            })
        };
        Self {
            zone: policy.zone().clone(),
            complaint: Class::new("complaint").ok(),
            first_response: bound("first-response"),
            on_time_repair: bound("on-time-repair"),
            cycles: Cycles::Sum,
        }
    }

    /// Returns the same scorecard with complaints of another name, `None` for no complaints.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::projection::{Cycles, Scorecard};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let card = Scorecard::of(&policy)
    ///     .with_complaint(Some("return".parse()?)) // in this house a return is what hurts
    ///     .with_cycles(Cycles::Worst);
    /// assert_eq!(card.complaint().map(|it| it.as_str()), Some("return"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_complaint(self, complaint: Option<Class>) -> Self {
        Self { complaint, ..self }
    }

    /// Returns the same scorecard with first responses measured by this promise, `None` for by none.
    #[must_use]
    pub fn with_first_response(self, first_response: Option<Promise>) -> Self {
        Self {
            first_response,
            ..self
        }
    }

    /// Returns the same scorecard with other cycles counted.
    #[must_use]
    pub const fn with_cycles(mut self, cycles: Cycles) -> Self {
        self.cycles = cycles;
        self
    }

    /// Returns the zone whose civil days count.
    #[must_use]
    pub const fn zone(&self) -> &ZoneTable {
        &self.zone
    }

    /// Returns the class of complaints.
    #[must_use]
    pub const fn complaint(&self) -> Option<&Class> {
        self.complaint.as_ref()
    }

    /// Returns the promise that measures first responses.
    #[must_use]
    pub const fn first_response(&self) -> Option<&Promise> {
        self.first_response.as_ref()
    }

    /// Returns the promise that measures repairs on time.
    #[must_use]
    pub const fn on_time_repair(&self) -> Option<&Promise> {
        self.on_time_repair.as_ref()
    }

    /// Returns which cycles count.
    #[must_use]
    pub const fn cycles(&self) -> Cycles {
        self.cycles
    }
}

/// The figures of all days and slices, and the promises that time alone may yet break.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Figure, Period, Promise, Scorecard, Scores, Slice, Sum};
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
/// let card = Scorecard::of(&policy);
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive","class":"fault"}"#)])?;
/// let case = Case::new(&ticket, Bindings::to(&policy));
/// let mut scores = Scores::default();
/// if let Some(part) = card.part(&case)? {
///     card.add(&mut scores, case.stream().ok_or("no stream")?, part);
/// }
///
/// let march = Period::Month.of("2026-03-09".parse()?);
/// let promise = Promise { agreement: "service".parse()?, target: "first-response".parse()? };
/// // One working hour was promised: at ten sharp it is in time, a moment later it is not.
/// let ten = "2026-03-09T10:00:00+08:00".parse()?;
/// let broken = |as_of| scores.score(march, &Slice::All, as_of).compliance(&promise).breached;
/// assert_eq!(broken(ten), 0);
/// assert_eq!(broken(ten.next().ok_or("the end of time")?), 1);
/// assert_eq!(scores.score(march, &Slice::All, ten).count(&Figure::Received), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scores {
    cells: BTreeMap<CivilDate, BTreeMap<Slice, Score>>,
    running: BTreeMap<Due, Vec<Slice>>,
}

/// A running promise: the order is that of the instants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Due {
    breach_after: Instant,
    stream: StreamId,
    promise: Promise,
    date: CivilDate,
    /// Tells clocks of one promise apart.
    number: u16,
}

impl Scores {
    /// Returns the figures of some days and one slice, as of an instant: promises that were running
    /// and have been broken by then, though nothing was recorded since, are counted as broken on the
    /// day on which their budget ran out.
    ///
    /// `as_of` does not hide anything: what is known counts. For the state of the past ask a read
    /// model of the log as it was known then.
    ///
    /// # Complexity
    /// Linear in the days, in their figures, and in the promises broken in silence.
    #[must_use]
    pub fn score(&self, dates: Dates, slice: &Slice, as_of: Instant) -> Score {
        let mut sum = Score::default();
        for (_, slices) in self.cells.range(dates.from..dates.until.max(dates.from)) {
            if let Some(score) = slices.get(slice) {
                sum.join(score);
            }
        }
        for due in self.broken(dates, slice, as_of) {
            let broken = Figure::Promise(due.promise.clone(), Verdict::Breached);
            sum.add(&broken, 1);
        }
        sum
    }

    fn broken(&self, dates: Dates, slice: &Slice, as_of: Instant) -> impl Iterator<Item = &Due> {
        self.passed(as_of)
            .filter(move |(due, slices)| dates.contains(due.date) && slices.contains(slice))
            .map(|(due, _)| due)
    }

    /// Returns from the first to the last day that has figures as of an instant, promises broken in
    /// silence included; `None` when nothing was counted.
    ///
    /// The end is not included, as everywhere in [`Dates`].
    #[must_use]
    pub fn dates(&self, as_of: Instant) -> Option<Dates> {
        let counted = self.cells.keys().copied();
        let broken = self.passed(as_of).map(|(due, _)| due.date);
        let (first, last) = counted.chain(broken).fold(None, |range, date| {
            let (first, last) = range.unwrap_or((date, date));
            Some((date.min(first), date.max(last)))
        })?;
        let until = last.date().succ_opt()?;
        Some(Dates {
            from: first,
            until: until.into(),
        })
    }

    /// Returns the slices of a kind that have figures on these days as of an instant, in the order of
    /// their names.
    ///
    /// What a table "by class" has as its rows. A promise broken in silence is enough for a row.
    #[must_use]
    pub fn slices(&self, dates: Dates, kind: SliceKind, as_of: Instant) -> Vec<Slice> {
        let days = self.cells.range(dates.from..dates.until.max(dates.from));
        let counted = days.flat_map(|(_, slices)| slices.keys());
        let broken = self.passed(as_of);
        let broken = broken.filter(|(due, _)| dates.contains(due.date));
        let broken = broken.flat_map(|(_, slices)| slices);
        let slices = counted.chain(broken).filter(|slice| slice.kind() == kind);
        let set: BTreeSet<&Slice> = slices.collect();
        set.into_iter().cloned().collect()
    }

    /// Returns the promises that were in time when they were contributed and are broken as of an
    /// instant.
    fn passed(&self, as_of: Instant) -> impl Iterator<Item = (&Due, &Vec<Slice>)> {
        let running = self.running.iter();
        running.take_while(move |(due, _)| due.breach_after < as_of)
    }

    fn put(&mut self, part: &Contribution, sign: i128) {
        for group in &part.groups {
            let day = self.cells.entry(group.date).or_default();
            for slice in &group.slices {
                if !day.contains_key(slice) {
                    day.insert(slice.clone(), Score::default());
                }
                let Some(score) = day.get_mut(slice) else {
                    continue;
                };
                for (figure, amount) in &group.figures {
                    score.add(figure, amount.saturating_mul(sign));
                }
                if score.is_empty() {
                    day.remove(slice);
                }
            }
            if day.is_empty() {
                self.cells.remove(&group.date);
            }
        }
    }
}

fn due(stream: &StreamId, running: &Running, number: u16) -> Due {
    Due {
        breach_after: running.breach_after,
        stream: stream.clone(),
        promise: running.promise.clone(),
        date: running.date,
        number,
    }
}

impl Sum for Scorecard {
    type Part = Contribution;
    type State = Scores;

    fn name(&self) -> &'static str {
        "scorecard"
    }

    fn version(&self) -> u32 {
        let definition = format!(
            "1 {} {:?} {:?} {:?} {:?}",
            self.zone.name(),
            self.complaint,
            self.first_response,
            self.on_time_repair,
            self.cycles
        );
        super::sum::number_of(&definition)
    }

    fn part(&self, case: &Case<'_>) -> Result<Option<Contribution>, Poison> {
        Gatherer::new(self, case).gather()
    }

    fn add(&self, state: &mut Scores, stream: &StreamId, part: Contribution) {
        state.put(&part, 1);
        for (number, running) in (0..).zip(&part.running) {
            let due = due(stream, running, number);
            state.running.insert(due, running.slices.clone());
        }
    }

    fn remove(&self, state: &mut Scores, stream: &StreamId, part: Contribution) {
        state.put(&part, -1);
        for (number, running) in (0..).zip(&part.running) {
            state.running.remove(&due(stream, running, number));
        }
    }

    fn merge(&self, state: &mut Scores, other: Scores) {
        for (date, slices) in other.cells {
            let day = state.cells.entry(date).or_default();
            for (slice, score) in slices {
                match day.get_mut(&slice) {
                    Some(held) => held.join(&score),
                    None => drop(day.insert(slice, score)),
                }
            }
        }
        state.running.extend(other.running);
    }
}
