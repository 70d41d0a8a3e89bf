//! When a ticket was paused, and how a clock's life falls into segments.

use smallvec::SmallVec;

use super::life::Gap;
use crate::event::Kind;
use crate::policy::Policy;
use crate::ticket::{Detail, Fact};
use crate::time::Instant;

/// The open reasons of a ticket over time, as one policy names them: a bit for each of its reasons,
/// from each instant of change to the next (SEMANTICS C4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PauseTrack {
    changes: SmallVec<[(Instant, u64); 2]>,
    /// What is open after the last change.
    open: u64,
    /// Every reason that was ever open, be it for no time.
    reasons: u64,
}

impl PauseTrack {
    /// No pause at all.
    pub(crate) const NONE: Self = Self {
        changes: SmallVec::new_const(),
        open: 0,
        reasons: 0,
    };

    /// Returns the reasons that were ever open, as bits; some of them may have been so for no time.
    pub(crate) const fn reasons(&self) -> u64 {
        self.reasons
    }

    /// Takes in the next fact.
    #[inline]
    pub(crate) fn step(&mut self, fact: &Fact, policy: &Policy) {
        if self.open == 0 && fact.kind != Kind::Paused {
            return;
        }
        let next = after(self.open, fact, policy);
        if next != self.open {
            self.change(fact.at, next);
        }
    }

    /// Notes what is open from `at` on. Of several changes at one instant only the last one counts,
    /// so that a pause of no length is nothing.
    fn change(&mut self, at: Instant, open: u64) {
        self.open = open;
        self.reasons |= open;
        while self.changes.last().is_some_and(|(last, _)| *last == at) {
            self.changes.pop();
        }
        if self.changes.last().map_or(0, |(_, before)| *before) != open {
            self.changes.push((at, open));
        }
    }
}

/// Returns the reasons that are open after a fact.
fn after(open: u64, fact: &Fact, policy: &Policy) -> u64 {
    if fact.kind == Kind::Paused {
        return open | bit_of(fact, policy);
    }
    if matches!(fact.kind, Kind::Resolved | Kind::Closed) {
        return 0;
    }
    if fact.kind == Kind::Resumed {
        let is_for_all = matches!(fact.detail, Detail::Plain);
        return if is_for_all {
            0
        } else {
            open & !bit_of(fact, policy)
        };
    }
    policy
        .reasons()
        .iter()
        .enumerate()
        .fold(open, |open, (place, reason)| {
            if reason.resumes_on.matches(fact) {
                open & !bit(place)
            } else {
                open
            }
        })
}

/// A reason that the policy does not declare pauses nothing.
fn bit_of(fact: &Fact, policy: &Policy) -> u64 {
    let Some(reason) = fact.reason() else {
        return 0;
    };
    policy
        .reasons()
        .iter()
        .position(|known| known.id == *reason)
        .map_or(0, bit)
}

/// The bit of a reason by its place in the vocabulary; none past the 64th, which no policy has.
pub(crate) fn bit(place: usize) -> u64 {
    u32::try_from(place)
        .ok()
        .and_then(|place| 1_u64.checked_shl(place))
        .unwrap_or(0)
}

/// What a clock did in one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// It ran, as far as its calendar was open.
    Running,
    /// It was paused by these reasons.
    Paused(u64),
    /// The ticket was resolved.
    Suspended,
}

/// A stretch of a clock's life in which nothing stopped or started it; closed hours do not split it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    pub(crate) run: Run,
}

impl Segment {
    pub(crate) const fn running(from: Instant, to: Instant) -> Self {
        Self {
            from,
            to,
            run: Run::Running,
        }
    }
}

/// The segments of `[from, to)` in order, without holes. Each change is looked at once.
pub(crate) struct Segments<'a> {
    changes: &'a [(Instant, u64)],
    gaps: &'a [Gap],
    pauses: u64,
    /// The target's own reasons that are open at `from`.
    open: u64,
    from: Instant,
    to: Instant,
}

impl<'a> Segments<'a> {
    pub(crate) fn new(
        track: &'a PauseTrack,
        pauses: u64,
        gaps: &'a [Gap],
        from: Instant,
        to: Instant,
    ) -> Self {
        Self {
            changes: &track.changes,
            gaps,
            pauses,
            open: 0,
            from,
            to,
        }
    }

    /// Takes in every change at or before `from`.
    fn catch_up(&mut self) {
        while let Some(((at, open), rest)) = self.changes.split_first() {
            if *at > self.from {
                break;
            }
            self.open = open & self.pauses;
            self.changes = rest;
        }
        while let Some((gap, rest)) = self.gaps.split_first() {
            if gap.to.is_none_or(|to| to > self.from) {
                break;
            }
            self.gaps = rest;
        }
    }

    /// Returns the next instant at which the target's own reasons change.
    fn next_change(&self) -> Option<Instant> {
        let changes = |(_, open): &&(Instant, u64)| open & self.pauses != self.open;
        self.changes.iter().find(changes).map(|(at, _)| *at)
    }
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        if self.from >= self.to {
            return None;
        }
        self.catch_up();
        let from = self.from;
        let (run, until) = match self.gaps.first() {
            Some(gap) if gap.from <= from => (Run::Suspended, gap.to),
            gap => {
                let run = if self.open == 0 {
                    Run::Running
                } else {
                    Run::Paused(self.open)
                };
                let suspended = gap.map(|gap| gap.from);
                (
                    run,
                    [suspended, self.next_change()].into_iter().flatten().min(),
                )
            }
        };
        self.from = until.map_or(self.to, |until| until.min(self.to));
        Some(Segment {
            from,
            to: self.from,
            run,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_micros(second * 1_000_000).unwrap()
    }

    fn segments(
        changes: &[(i64, u64)],
        gaps: &[(i64, Option<i64>)],
        pauses: u64,
    ) -> Vec<(i64, i64, Run)> {
        let mut track = PauseTrack::default();
        for (second, open) in changes {
            track.change(at(*second), *open);
        }
        let gaps: Vec<Gap> = gaps
            .iter()
            .map(|(from, to)| Gap {
                from: at(*from),
                to: to.map(at),
            })
            .collect();
        Segments::new(&track, pauses, &gaps, at(10), at(100))
            .map(|s| {
                (
                    s.from.micros() / 1_000_000,
                    s.to.micros() / 1_000_000,
                    s.run,
                )
            })
            .collect()
    }

    #[test]
    fn c4_a_clock_runs_while_no_open_reason_is_its_own() {
        let changes = [(5, 1), (20, 3), (30, 2), (40, 0)];
        assert_eq!(
            segments(&changes, &[], 1),
            [(10, 30, Run::Paused(1)), (30, 100, Run::Running)]
        );
        assert_eq!(segments(&changes, &[], 4), [(10, 100, Run::Running)]);
        assert_eq!(
            segments(&changes, &[], 3),
            [
                (10, 20, Run::Paused(1)),
                (20, 30, Run::Paused(3)),
                (30, 40, Run::Paused(2)),
                (40, 100, Run::Running)
            ]
        );
    }

    #[test]
    fn c16_suspended_wins_over_paused_and_an_open_gap_reaches_to_the_end() {
        assert_eq!(
            segments(&[(15, 1), (35, 0)], &[(20, Some(30)), (50, None)], 1),
            [
                (10, 15, Run::Running),
                (15, 20, Run::Paused(1)),
                (20, 30, Run::Suspended),
                (30, 35, Run::Paused(1)),
                (35, 50, Run::Running),
                (50, 100, Run::Suspended),
            ]
        );
    }

    #[test]
    fn a_pause_and_a_resumption_at_one_instant_are_nothing() {
        assert_eq!(
            segments(&[(20, 1), (20, 0)], &[], 1),
            [(10, 100, Run::Running)]
        );
    }
}
