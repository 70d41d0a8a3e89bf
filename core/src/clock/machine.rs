//! One target while the facts go by: what starts, stops, cancels and suspends its clocks.
//!
//! A machine has at most one open clock. Each fact is offered once; the order in which it is tried
//! is the rule that a fact which ends a clock does not also start one, and that stops come before
//! cancellations.

use smallvec::SmallVec;

use super::binding::Binding;
use super::life::{Attached, Clock, Ending, How, Place};
use crate::event::Kind;
use crate::policy::{Agreement, Cycle, Fit, Judged, LIFECYCLE, Parts, Policy, ReopenMode, Target};
use crate::ticket::{Cancelled, Fact, Opener, Status};
use crate::time::Instant;

/// What the targets of one agreement share while the facts go by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Desk {
    pub(super) clocks: Vec<Clock>,
    /// Whether the ticket is resolved or closed at present.
    pub(super) is_resolved: bool,
}

/// One fact on its way past the targets of an agreement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'s, 'p> {
    /// The agreement's bindings, of which the one at `applies` holds.
    pub(super) bindings: &'s [Binding<'p>],
    pub(super) applies: u16,
    pub(super) policy: &'p Policy,
    pub(super) agreement: &'p Agreement,
    /// How the ticket stands just after the fact.
    pub(super) status: &'s Status,
    /// The same in the numbers of the agreement.
    pub(super) judged: Judged,
    pub(super) fact: &'s Fact,
}

/// The state of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine {
    /// The target's place in its agreement.
    pub(super) place: u16,
    /// The clock that has not ended.
    pub(super) open: Option<usize>,
    /// The clock of the latest cycle.
    pub(super) last: Option<usize>,
    /// Whether a customer's message waits for an answer.
    pub(super) is_waited_for: bool,
    /// Whether the request has been answered, or needs no answer any more.
    pub(super) was_answered: bool,
}

/// Returns the kinds of events by which a ticket stands as it does for any clock under a binding, as
/// bits: how it was judged, for what it waits, whether it was resolved, and what it is bound to.
pub(super) fn standing_kinds(binding: &Binding<'_>) -> u128 {
    const ALWAYS: u128 = LIFECYCLE
        | Kind::Received.bit()
        | Kind::Paused.bit()
        | Kind::Resumed.bit()
        | Kind::PolicyBound.bit();
    let reasons = binding.policy.reasons().iter();
    reasons.fold(ALWAYS, |kinds, reason| kinds | reason.resumes_on.kinds())
}

/// Returns the kinds of events that start, stop or cancel the clocks of a target of an agreement.
pub(super) fn moving_kinds(target: &Target, agreement: &Agreement) -> u128 {
    target.cycle.reset_kinds()
        | target.start.kinds()
        | target.stop.kinds()
        | target.cancel.kinds()
        | agreement.cancel.kinds()
}

impl<'s, 'p> Step<'s, 'p> {
    /// Returns the step past an agreement under the binding at `applies`; `None` where there is none.
    /// `judged` is the status in the numbers of that binding's agreement.
    pub(super) fn new(
        bindings: &'s [Binding<'p>],
        applies: u16,
        status: &'s Status,
        judged: Judged,
        fact: &'s Fact,
    ) -> Option<Self> {
        let binding = bindings.get(usize::from(applies))?;
        Some(Self {
            bindings,
            applies,
            policy: binding.policy,
            agreement: binding.agreement,
            status,
            judged,
            fact,
        })
    }

    /// Returns where the goal stands that now fits a target.
    pub(super) fn place(&self, target: u16) -> Place {
        Place {
            binding: self.applies,
            target,
            goal: self.goal(target),
        }
    }

    /// Returns the goal that now fits a target, by its place.
    pub(super) fn goal(&self, target: u16) -> Option<u16> {
        match self.agreement.fits.goal(target, &self.judged) {
            Fit::Goal(place) => Some(place),
            Fit::None => None,
            Fit::Unnumbered => {
                let (place, _) = self.target(target)?.goal_for(self.status)?;
                u16::try_from(place).ok()
            }
        }
    }

    /// Returns a target by its place.
    pub(super) fn target(&self, place: u16) -> Option<&'p Target> {
        self.agreement.targets.get(usize::from(place))
    }

    /// Returns whether the fact cancels clocks of a target.
    pub(super) fn cancels(&self, target: &Target) -> bool {
        target.cancel.matches(self.fact) || self.agreement.cancel.matches(self.fact)
    }
}

impl Machine {
    pub(super) const fn new(place: u16) -> Self {
        Self {
            place,
            open: None,
            last: None,
            is_waited_for: false,
            was_answered: false,
        }
    }

    /// Returns whether an event that can be this much to the target can do anything to it, with its
    /// clock open or not.
    pub(super) const fn may_move(&self, parts: Parts) -> bool {
        self.open.is_some() || parts.has(Parts::START.or(Parts::RETURN))
    }

    /// Moves the target on by one fact. `parts` is what facts of its kind can be to the target.
    pub(super) fn step(&mut self, desk: &mut Desk, parts: Parts, step: &Step<'_, '_>) {
        let Some(target) = step.target(self.place) else {
            return;
        };
        match self.open {
            Some(clock) => self.step_open(desk, clock, target, parts, step),
            None if parts.has(Parts::RETURN) => self.bring_back(desk, target, step),
            None if parts.has(Parts::START)
                && target.start.any_matches(step.fact)
                && self.may_start(target, step) =>
            {
                self.start(desk, step);
            }
            None => {}
        }
    }

    /// Returns whether a start event opens a clock: once only for `once`, and no first response for
    /// a ticket that one of us opened (C10).
    fn may_start(&self, target: &Target, step: &Step<'_, '_>) -> bool {
        let by_us = step.status.opener != Opener::Customer;
        let opened_by_us = step.fact.kind == Kind::Received && by_us;
        (self.last.is_none() || target.cycle != Cycle::Once)
            && !(target.is_first_response && opened_by_us)
    }

    /// One fact ends a clock, or moves it, or begins the next; stops come before cancellations.
    fn step_open(
        &mut self,
        desk: &mut Desk,
        clock: usize,
        target: &Target,
        parts: Parts,
        step: &Step<'_, '_>,
    ) {
        let fact = step.fact;
        let is_lead = desk.clocks.get(clock).is_some_and(Clock::has_lead);
        let starts = || parts.has(Parts::START) && target.start.any_matches(fact);
        let resets = || matches!(&target.cycle, Cycle::Restart { reset } if reset.matches(fact));
        let cancels = parts.has(Parts::CANCEL) && step.cancels(target);
        if parts.has(Parts::STOP) && target.stop.any_matches(fact) {
            self.end(desk, fact, Ending::Stopped);
        } else if parts.has(Parts::RESET) && resets() {
            self.end(desk, fact, Ending::Stopped);
            self.start(desk, step);
        } else if is_lead && starts() && target.cycle != Cycle::Once {
            self.end(desk, fact, Ending::IfOver(Cancelled::Superseded));
            self.start(desk, step);
        } else if cancels && fact.kind == Kind::Reopened {
            self.end(desk, fact, Ending::IfOver(Cancelled::Reopened));
        } else if cancels || (is_lead && fact.kind == Kind::VisitCancelled) {
            self.end(desk, fact, Ending::IfOver(Cancelled::By(fact.kind)));
        } else {
            self.live_on(desk, clock, target, step);
        }
    }

    /// What the ticket's own life does to a clock that the fact neither stops nor cancels (C8, C9).
    fn live_on(&mut self, desk: &mut Desk, clock: usize, target: &Target, step: &Step<'_, '_>) {
        let fact = step.fact;
        let is_resolved = desk.is_resolved;
        let Some(open) = desk.clocks.get_mut(clock) else {
            return;
        };
        let started_before = open.started_by != fact.version;
        let by_resolution = matches!(open.started_kind, Kind::Resolved | Kind::Closed);
        let is_closed = open.is_suspended() || (!is_resolved && started_before);
        if fact.kind == Kind::Resolved && target.is_next_reply {
            self.end(desk, fact, Ending::IfOver(Cancelled::By(Kind::Resolved)));
        } else if fact.kind == Kind::Resolved && started_before && !by_resolution {
            open.suspend(fact.at);
        } else if fact.kind == Kind::Closed && is_closed {
            open.suspend(fact.at);
            self.end(desk, fact, Ending::IfOver(Cancelled::Closed));
        } else if fact.kind == Kind::Reopened && open.is_suspended() {
            open.resume(fact.at);
        } else if fact.kind == Kind::Reopened && by_resolution && started_before {
            self.end(desk, fact, Ending::IfOver(Cancelled::Reopened));
        } else if fact.kind == Kind::Classified {
            open.judge_anew(fact, step.goal(self.place), target.reclassify);
        }
    }

    /// What `Reopened` does to a clock that has ended (C9).
    pub(super) fn bring_back(&mut self, desk: &mut Desk, target: &Target, step: &Step<'_, '_>) {
        let fact = step.fact;
        let Some(last) = self.last else { return };
        let Some(end) = desk.clocks.get(last).and_then(|clock| clock.end) else {
            return;
        };
        let by_resolution = matches!(end.kind, Kind::Resolved | Kind::Closed);
        let mode = match end.ending {
            // A suspended clock that the closing ended was never stopped: it goes on. A message
            // does not wait again.
            Ending::IfOver(Cancelled::Closed) if !target.is_next_reply => ReopenMode::Continue,
            Ending::IfOver(_) => ReopenMode::Stay,
            Ending::Stopped if !by_resolution => ReopenMode::Stay,
            Ending::Stopped if is_long_ago(target, step, end.at) => ReopenMode::NewCycle,
            Ending::Stopped => target.reopen.mode,
        };
        match mode {
            ReopenMode::Stay => return,
            ReopenMode::NewCycle => return self.start(desk, step),
            ReopenMode::Continue | ReopenMode::ContinueWithGap => {}
        }
        let Some(clock) = desk.clocks.get_mut(last) else {
            return;
        };
        clock.end = None;
        if mode == ReopenMode::Continue {
            clock.suspend(end.at);
        }
        // It may also have been suspended before the closing stopped it.
        clock.resume(fact.at);
        let runs_under = step
            .bindings
            .get(usize::from(clock.current().place.binding));
        if runs_under.is_some_and(|binding| std::ptr::eq(binding.policy, step.policy)) {
            clock.judge_anew(fact, step.goal(self.place), target.reclassify);
        } else {
            // The ticket was moved to another version while the clock was stopped.
            clock.rebind(fact, step.place(self.place), target.reclassify);
        }
        self.open = Some(last);
    }

    /// Starts the next cycle, with the goal that fits the ticket as it now stands, or with none.
    pub(super) fn start(&mut self, desk: &mut Desk, step: &Step<'_, '_>) {
        let fact = step.fact;
        let before = self.last.and_then(|last| desk.clocks.get(last));
        let cycle = before.map_or(1, |clock| clock.cycle.saturating_add(1));
        let first = Attached {
            at: fact.at,
            by: fact.version,
            place: step.place(self.place),
            how: How::Start,
        };
        let target = step.target(self.place);
        self.open = Some(desk.clocks.len());
        self.last = self.open;
        let anchor = fact
            .visit_at()
            .filter(|_| target.is_some_and(Target::has_lead));
        // Made where it is to stay: to push it would move a large value once more.
        desk.clocks.extend(std::iter::once_with(|| Clock {
            cycle,
            started_at: fact.at,
            started_by: fact.version,
            started_kind: fact.kind,
            anchor,
            first,
            later: SmallVec::new(),
            gaps: SmallVec::new(),
            end: None,
            waived_at: None,
        }));
    }

    /// Ends the open clock; nothing happens where none is open.
    pub(super) fn end(&mut self, desk: &mut Desk, fact: &Fact, ending: Ending) {
        if let Some(open) = self.open.take().and_then(|open| desk.clocks.get_mut(open)) {
            open.end_with(fact, ending);
        }
    }
}

/// Returns whether the resolution lies so many calendar days back that a reopening begins anew (C9):
/// exactly so many is long enough.
fn is_long_ago(target: &Target, step: &Step<'_, '_>, stopped_at: Instant) -> bool {
    let zone = step.policy.zone();
    target.reopen.new_cycle_after.is_some_and(|days| {
        zone.days_after(stopped_at, days.get())
            .is_ok_and(|limit| limit <= step.fact.at)
    })
}
