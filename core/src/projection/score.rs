//! The figures of some days and one slice, and what they come to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::figure::{Figure, Promise, Share, Verdict};
use super::lengths::Lengths;
use super::rate::Rate;
use crate::event::{FieldValue, ReasonId, RoleId};
use crate::ticket::Satisfaction;
use crate::time::Span;

/// Figures with their counts; what has come to nothing is not there.
///
/// It comes from [`Scores::score`](super::Scores::score) and is plain data: asking it costs a look-up
/// or a walk over its figures, and never reads a ticket.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Figure, Kpi, Period, Scorecard, Scores, Slice, Sum};
/// use punctual::time::Span;
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let card = Scorecard::of(&policy);
/// let ticket = ticket("T-1", &[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
///     ("2026-03-09T09:20", r#"{"type":"reply"}"#),
///     ("2026-03-09T10:00", r#"{"type":"pause","reason":"awaiting-customer"}"#),
///     ("2026-03-09T14:00", r#"{"type":"resume"}"#),
///     ("2026-03-10T09:00", r#"{"type":"resolve","method":"remote"}"#),
///     ("2026-03-10T10:00", r#"{"type":"ask-survey"}"#),
///     ("2026-03-10T11:00", r#"{"type":"survey","satisfaction":"satisfied"}"#),
/// ])?;
/// let case = Case::new(&ticket, Bindings::to(&policy));
/// let mut scores = Scores::default();
/// let part = card.part(&case)?.ok_or("not received")?;
/// card.add(&mut scores, case.stream().ok_or("no stream")?, part);
///
/// let march = Period::Month.of("2026-03-09".parse()?);
/// let score = scores.score(march, &Slice::All, case.horizon());
/// assert_eq!(score.count(&Figure::Complaint), 1);
/// assert_eq!(score.resolution().mean(), Some(Span::DAY)); // wall time, nights and pauses included
/// assert_eq!(score.pauses()[0].total, Span::from_minutes(240)?);
/// assert_eq!(score.grades().satisfied().to_string(), "1/1 (100.0 %)");
/// assert_eq!(Kpi::ComplaintResolution.rate(&score, &card).to_string(), "1/1 (100.0 %)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Score(BTreeMap<Figure, i128>);

/// What became of one promise's clocks.
///
/// ```
/// use punctual::projection::{Compliance, Rate};
///
/// let replies = Compliance { met: 97, breached: 3, waived: 2, ..Compliance::default() };
/// assert_eq!(replies.rate(), Rate { part: 97, whole: 100 }); // waived ones are in neither
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compliance {
    /// Kept.
    pub met: u64,
    /// Broken.
    pub breached: u64,
    /// Waived: in neither.
    pub waived: u64,
    /// Ended without a verdict: in neither.
    pub cancelled: u64,
    /// Booked with less than the lead left: in neither.
    pub insufficient_lead: u64,
}

impl Compliance {
    /// Asks for the count of each verdict.
    pub(crate) fn of(count: impl Fn(Verdict) -> u64) -> Self {
        Self {
            met: count(Verdict::Met),
            breached: count(Verdict::Breached),
            waived: count(Verdict::Waived),
            cancelled: count(Verdict::Cancelled),
            insufficient_lead: count(Verdict::InsufficientLead),
        }
    }

    /// Returns the kept ones of those decided (SEMANTICS C5).
    #[must_use]
    pub const fn rate(self) -> Rate {
        Rate {
            part: self.met,
            whole: self.met.saturating_add(self.breached),
        }
    }
}

/// How surveys were answered, worst first.
///
/// ```
/// use punctual::projection::Grades;
///
/// let march = Grades { counts: [1, 0, 2, 3, 4] };
/// assert_eq!(march.total(), 10);
/// assert_eq!(march.mean_hundredths(), Some(390)); // 3.90 points
/// assert_eq!(march.satisfied().to_string(), "7/10 (70.0 %)");
/// assert_eq!(Grades::default().mean_hundredths(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grades {
    /// How many gave 1, 2, 3, 4, 5 points.
    pub counts: [u64; 5],
}

impl Grades {
    /// Returns how many answered.
    #[must_use]
    pub fn total(self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns the mean of 1 to 5 points in hundredths, rounded down; `None` without answers.
    #[must_use]
    pub fn mean_hundredths(self) -> Option<u64> {
        let points = (1_u64..)
            .zip(self.counts)
            .map(|(points, count)| points.saturating_mul(count));
        let sum: u64 = points.sum();
        sum.checked_mul(100)?.checked_div(self.total())
    }

    /// Returns those who are satisfied or very satisfied.
    #[must_use]
    pub const fn satisfied(self) -> Rate {
        let [worst, bad, neutral, good, best] = self.counts;
        let part = good.saturating_add(best);
        let others = worst.saturating_add(bad).saturating_add(neutral);
        Rate {
            part,
            whole: part.saturating_add(others),
        }
    }
}

/// The pauses for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseFigures {
    /// The reason.
    pub reason: ReasonId,
    /// How many pauses began.
    pub count: u64,
    /// How long they lasted together, on the wall clock.
    pub total: Span,
}

impl Score {
    /// Adds so many; a negative number takes away.
    pub(super) fn add(&mut self, figure: &Figure, amount: i128) {
        if let Some(held) = self.0.get_mut(figure) {
            *held = held.saturating_add(amount);
            if *held == 0 {
                self.0.remove(figure);
            }
        } else if amount != 0 {
            self.0.insert(figure.clone(), amount);
        }
    }

    /// Adds the figures of other days or tickets.
    pub(super) fn join(&mut self, other: &Self) {
        for (figure, amount) in &other.0 {
            self.add(figure, *amount);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns every figure with its count, in the order of their names.
    pub fn figures(&self) -> impl Iterator<Item = (&Figure, i128)> {
        self.0.iter().map(|(figure, amount)| (figure, *amount))
    }

    /// Returns the count of a figure: a number of things, or microseconds.
    #[must_use]
    pub fn amount(&self, figure: &Figure) -> i128 {
        self.0.get(figure).copied().unwrap_or(0)
    }

    /// Returns the count of a figure.
    #[must_use]
    pub fn count(&self, figure: &Figure) -> u64 {
        count(self.amount(figure))
    }

    /// Returns what is counted of one of two figures as the share of the other.
    #[must_use]
    pub fn rate(&self, part: &Figure, whole: &Figure) -> Rate {
        Rate {
            part: self.count(part),
            whole: self.count(whole),
        }
    }

    /// Returns how many different customers there are: all, and those who complained.
    ///
    /// Each counts once however many tickets there are, so rates of two months cannot be added up: ask for
    /// both months at once.
    #[must_use]
    pub fn customers(&self) -> Rate {
        let mut rate = Rate::default();
        for figure in self.0.keys() {
            if matches!(figure, Figure::Customer(_)) {
                rate.whole = rate.whole.saturating_add(1);
            } else if matches!(figure, Figure::Complainant(_)) {
                rate.part = rate.part.saturating_add(1);
            }
        }
        rate
    }

    /// Returns the promises of which something is known.
    #[must_use]
    pub fn promises(&self) -> Vec<Promise> {
        let named = self.0.keys().filter_map(|figure| {
            if let Figure::Promise(promise, _) = figure {
                Some(promise)
            } else {
                None
            }
        });
        let set: BTreeSet<&Promise> = named.collect();
        set.into_iter().cloned().collect()
    }

    /// Returns what became of a promise's clocks.
    #[must_use]
    pub fn compliance(&self, promise: &Promise) -> Compliance {
        Compliance::of(|verdict| self.count(&Figure::Promise(promise.clone(), verdict)))
    }

    /// Returns what became of all promises together.
    #[must_use]
    pub fn all_promises(&self) -> Rate {
        let mut rate = Rate::default();
        for (figure, amount) in &self.0 {
            if let Figure::Promise(_, verdict) = figure {
                match verdict {
                    Verdict::Met => {
                        rate.part = rate.part.saturating_add(count(*amount));
                        rate.whole = rate.whole.saturating_add(count(*amount));
                    }
                    Verdict::Breached => rate.whole = rate.whole.saturating_add(count(*amount)),
                    Verdict::Waived | Verdict::Cancelled | Verdict::InsufficientLead => {}
                }
            }
        }
        rate
    }

    /// Returns how many clocks of a promise ended in each step of [`Share`]. A clock that is over
    /// and has not stopped is in none: how late it will be is not known.
    #[must_use]
    pub fn margins(&self, promise: &Promise) -> [u64; Share::STEPS] {
        let mut steps = [0; Share::STEPS];
        for (figure, amount) in &self.0 {
            if let Figure::Margin(of, share) = figure
                && of == promise
                && let Some(step) = steps.get_mut(share.step())
            {
                *step = count(*amount);
            }
        }
        steps
    }

    /// Returns how long first responses took, on the wall clock.
    #[must_use]
    pub fn response(&self) -> Lengths {
        self.lengths(&Figure::ResponseMicros, |figure| {
            if let Figure::Response(step) = figure {
                Some(*step)
            } else {
                None
            }
        })
    }

    /// Returns how long services took from receipt to the resolution that stands, on the wall clock.
    #[must_use]
    pub fn resolution(&self) -> Lengths {
        self.lengths(&Figure::ResolutionMicros, |figure| {
            if let Figure::Resolution(step) = figure {
                Some(*step)
            } else {
                None
            }
        })
    }

    fn lengths(&self, sum: &Figure, step: impl Fn(&Figure) -> Option<u16>) -> Lengths {
        let mut lengths = Lengths::default();
        for (figure, amount) in &self.0 {
            if let Some(step) = step(figure) {
                lengths.put(step, count(*amount), 0);
            }
        }
        lengths.put_sum(self.amount(sum));
        lengths
    }

    /// Returns how surveys were answered.
    #[must_use]
    pub fn grades(&self) -> Grades {
        let of = |grade| self.count(&Figure::Grade(grade));
        Grades {
            counts: [
                of(Satisfaction::VeryDissatisfied),
                of(Satisfaction::Dissatisfied),
                of(Satisfaction::Neutral),
                of(Satisfaction::Satisfied),
                of(Satisfaction::VerySatisfied),
            ],
        }
    }

    /// Returns the pauses by reason.
    #[must_use]
    pub fn pauses(&self) -> Vec<PauseFigures> {
        let reasons = self.0.iter().filter_map(|(figure, amount)| {
            if let Figure::Pause(reason) = figure {
                Some((reason, *amount))
            } else {
                None
            }
        });
        let figures = reasons.map(|(reason, amount)| {
            let total = self.amount(&Figure::PauseMicros(reason.clone()));
            PauseFigures {
                reason: reason.clone(),
                count: count(amount),
                total: Span::from_micros(i64::try_from(total).unwrap_or(i64::MAX)),
            }
        });
        figures.collect()
    }

    /// Returns the waivers by promise.
    #[must_use]
    pub fn waivers(&self) -> Vec<(Promise, u64)> {
        self.counts(|figure| {
            if let Figure::Waiver(promise) = figure {
                Some(promise.clone())
            } else {
                None
            }
        })
    }

    /// Returns how often each role was told of something.
    #[must_use]
    pub fn told(&self) -> Vec<(RoleId, u64)> {
        self.counts(|figure| {
            if let Figure::Told(role) = figure {
                Some(role.clone())
            } else {
                None
            }
        })
    }

    /// Returns the causes that were found, with the number of tickets received.
    #[must_use]
    pub fn causes(&self) -> Vec<(FieldValue, u64)> {
        self.counts(|figure| {
            if let Figure::Cause(cause) = figure {
                Some(cause.clone())
            } else {
                None
            }
        })
    }

    fn counts<K>(&self, name: impl Fn(&Figure) -> Option<K>) -> Vec<(K, u64)> {
        let named = self.0.iter().filter_map(|(figure, amount)| {
            let name = name(figure)?;
            Some((name, count(*amount)))
        });
        named.collect()
    }

    /// Returns how many tickets came in in each hour of the week, from Monday 00:00.
    ///
    /// Hour 0 is Monday 00:00 to 01:00 in the scorecard's zone, hour 167 the last of Sunday: the curve by
    /// which a desk is staffed.
    #[must_use]
    pub fn arrivals(&self) -> [u64; 168] {
        let mut hours = [0; 168];
        for (figure, amount) in &self.0 {
            if let Figure::Arrival(hour) = figure
                && let Some(place) = hours.get_mut(usize::from(*hour))
            {
                *place = count(*amount);
            }
        }
        hours
    }
}

fn count(amount: i128) -> u64 {
    u64::try_from(amount).unwrap_or(0)
}
