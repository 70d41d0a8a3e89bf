//! The life of one clock, as its facts tell it.
//!
//! No length is measured here: what is over or in time is found later, by
//! [`measure`](super::measure), from what is noted here. Nor is a policy held: a goal is noted by its
//! place, so that a life can be kept while policies come and go.

use smallvec::SmallVec;

use crate::event::{Kind, Version};
use crate::policy::Reclassify;
use crate::ticket::{Cancelled, Fact};
use crate::time::Instant;

/// One clock: a target's promise in one cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Counted from 1 within its target.
    pub(crate) cycle: u32,
    /// The start event's instant, whatever goals came later.
    pub(crate) started_at: Instant,
    /// The start event. With agreement and target it names the clock across all its goals.
    pub(crate) started_by: Version,
    /// The start event's kind: what a resolution started does not outlive a reopening (C9).
    pub(super) started_kind: Kind,
    /// What a lead budget counts back from: the visit. `None` for every other clock.
    pub(crate) anchor: Option<Instant>,
    /// The goal that came with the start; it may be none.
    pub(crate) first: Attached,
    /// The goals that came after it, earliest first. Empty for nearly every clock.
    pub(crate) later: SmallVec<[Attached; 1]>,
    /// While it was suspended, earliest first, without overlaps; an open end is the present.
    pub(crate) gaps: SmallVec<[Gap; 1]>,
    /// How it ended; `None` while it lives. A reopening may take it away again.
    pub(crate) end: Option<End>,
    /// When it was first waived (C13). The clock goes on, for whoever wants to know.
    pub(crate) waived_at: Option<Instant>,
}

/// A goal that a clock runs under, from an instant on, by its place. What it says is looked up by
/// [`Ground`](super::ground::Ground).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attached {
    /// When the goal came.
    pub(crate) at: Instant,
    /// The event that it came with.
    pub(crate) by: Version,
    /// Where the goal stands.
    pub(crate) place: Place,
    /// How the use so far is taken over.
    pub(crate) how: How,
}

/// Where a goal stands. The numbers are narrow, since lives are kept and copied: a policy has at most
/// ten thousand rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which of its agreement's bindings names the policy version: the first, or a rebind.
    pub(crate) binding: u16,
    /// The target's place in the agreement of that version.
    pub(crate) target: u16,
    /// The goal's place in the target. `None` while no goal fits the ticket: the clock sleeps, and
    /// may be woken by a later judgement.
    pub(crate) goal: Option<u16>,
}

/// How a goal came to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// With the start.
    Start,
    /// By a later judgement or a reopening.
    Judged(Reclassify),
    /// By a rebind.
    Rebound(Reclassify),
}

/// A suspension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) from: Instant,
    pub(crate) to: Option<Instant>,
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) at: Instant,
    /// The kind of the event that ended it: only what a resolution or a closing stopped comes back
    /// (C9).
    pub(super) kind: Kind,
    pub(crate) ending: Ending,
}

/// What an ending means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The promised step was done.
    Stopped,
    /// The need for it ended: cancelled for this reason, but breached if it was over by then.
    IfOver(Cancelled),
}

impl Clock {
    /// Returns the goal's latest attachment.
    pub(crate) fn current(&self) -> &Attached {
        self.later.last().unwrap_or(&self.first)
    }

    /// Returns all attachments, in the order in which they came.
    pub(crate) fn attachments(&self) -> impl Iterator<Item = &Attached> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// Returns whether a goal ever fitted: a clock that never had one was never a promise.
    pub(crate) fn was_promised(&self) -> bool {
        self.attachments()
            .any(|attached| attached.place.goal.is_some())
    }

    /// Returns whether a goal fits at present.
    pub(super) fn is_promised(&self) -> bool {
        self.current().place.goal.is_some()
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.gaps.last().is_some_and(|gap| gap.to.is_none())
    }

    /// Suspends it from `at` on; nothing changes for one that is suspended already.
    pub(super) fn suspend(&mut self, at: Instant) {
        if !self.is_suspended() {
            self.gaps.push(Gap { from: at, to: None });
        }
    }

    /// Ends the suspension; nothing changes for one that is not suspended.
    pub(super) fn resume(&mut self, at: Instant) {
        let Some(gap) = self.gaps.last_mut().filter(|gap| gap.to.is_none()) else {
            return;
        };
        gap.to = Some(at);
        // A suspension of no length is nothing, and must not split a segment. What a lead clock
        // counts back from comes nearer all the same, so once it goes on the time counts (B4).
        if gap.from == at || self.anchor.is_some() {
            self.gaps.pop();
        }
    }

    /// Ends the clock with a fact.
    pub(super) fn end_with(&mut self, fact: &Fact, ending: Ending) {
        self.end = Some(End {
            at: fact.at,
            kind: fact.kind,
            ending,
        });
    }

    /// Attaches the goal of its target that now fits, unless it is the one that applies already.
    pub(super) fn judge_anew(&mut self, fact: &Fact, goal: Option<u16>, mode: Reclassify) {
        let place = self.current().place;
        if goal != place.goal {
            self.later.push(Attached {
                at: fact.at,
                by: fact.version,
                place: Place { goal, ..place },
                how: How::Judged(mode),
            });
        }
    }

    /// Attaches what another policy version promises from a binding event on.
    pub(super) fn rebind(&mut self, fact: &Fact, place: Place, mode: Reclassify) {
        self.later.push(Attached {
            at: fact.at,
            by: fact.version,
            place,
            how: How::Rebound(mode),
        });
    }

    /// Returns whether its budget counts back from a visit (B4).
    pub(super) const fn has_lead(&self) -> bool {
        self.anchor.is_some()
    }
}
