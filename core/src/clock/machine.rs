//! One target while the facts go by: what starts, stops, cancels and suspends its clocks.
//!
//! A machine has at most one open clock. Each fact is offered once; the order in which it is tried
//! is the rule that a fact which ends a clock does not also start one, and that stops come before
//! cancellations.

use super::binding::Binding;
use super::life::{Attachment, Clock, Ending, How};
use crate::event::Kind;
use crate::policy::{Cycle, ReopenMode, Target};
use crate::ticket::{Cancelled, Fact, Opener, Status};
use crate::time::Instant;

/// What the targets of one agreement share while the facts go by.
#[derive(Debug)]
pub(super) struct Desk<'p> {
    pub(super) binding: Binding<'p>,
    pub(super) clocks: Vec<Clock<'p>>,
    /// Whether the ticket is resolved or closed at present.
    pub(super) is_resolved: bool,
}

/// The state of one target.
#[derive(Debug, Clone)]
pub(super) struct Machine<'p> {
    pub(super) target: &'p Target,
    /// The clock that has not ended.
    pub(super) open: Option<usize>,
    /// The clock of the latest cycle.
    pub(super) last: Option<usize>,
    /// Whether a customer's message waits for an answer.
    pub(super) is_waited_for: bool,
    /// Whether the request has been answered, or needs no answer any more.
    pub(super) was_answered: bool,
}

/// What moves any clock, whatever its target says.
const LIFECYCLE: u128 = Kind::Classified.bit()
    | Kind::Resolved.bit()
    | Kind::Closed.bit()
    | Kind::Reopened.bit()
    | Kind::VisitCancelled.bit();

/// Returns the kinds of events that can move a clock under a goal, as bits.
pub(super) fn moving_kinds(attachment: &Attachment<'_>) -> u128 {
    const ALWAYS: u128 = LIFECYCLE
        | Kind::Paused.bit()
        | Kind::Resumed.bit()
        | Kind::PolicyBound.bit()
        | Kind::Waived.bit();
    let target = attachment.target;
    let reasons = attachment.policy.reasons().iter();
    let resumes = reasons.fold(0, |kinds, reason| kinds | reason.resumes_on.kinds());
    ALWAYS
        | resumes
        | resetting_kinds(target)
        | target.start.kinds()
        | target.stop.kinds()
        | target.cancel.kinds()
}

const fn resetting_kinds(target: &Target) -> u128 {
    match &target.cycle {
        Cycle::Restart { reset } => reset.kinds(),
        Cycle::Once | Cycle::Each => 0,
    }
}

impl<'p> Machine<'p> {
    pub(super) const fn new(target: &'p Target) -> Self {
        Self {
            target,
            open: None,
            last: None,
            is_waited_for: false,
            was_answered: false,
        }
    }

    /// Returns the kinds of facts that may have something to do with the target as it stands, as
    /// bits: most have not.
    pub(super) fn kinds(&self, desk: &Desk<'_>) -> u128 {
        let target = self.target;
        if self.last.is_none() {
            return target.start.kinds();
        }
        let ending = target.stop.kinds() | target.cancel.kinds();
        let ending = ending | desk.binding.agreement.cancel.kinds();
        target.start.kinds() | ending | resetting_kinds(target) | LIFECYCLE
    }

    /// Moves the target on by one fact.
    pub(super) fn step(&mut self, desk: &mut Desk<'p>, status: &Status, fact: &Fact) {
        match self.open {
            Some(clock) => self.step_open(desk, clock, status, fact),
            None if fact.kind == Kind::Reopened => self.bring_back(desk, status, fact),
            None if self.target.start.matches(fact) && self.may_start(status, fact) => {
                self.start(desk, status, fact);
            }
            None => {}
        }
    }

    /// Returns whether a start event opens a clock: once only for `once`, and no first response for
    /// a ticket that one of us opened (C10).
    fn may_start(&self, status: &Status, fact: &Fact) -> bool {
        let opened_by_us = fact.kind == Kind::Received && status.opener != Opener::Customer;
        (self.last.is_none() || self.target.cycle != Cycle::Once)
            && !(self.target.is_first_response && opened_by_us)
    }

    /// One fact ends a clock, or moves it, or begins the next; stops come before cancellations.
    fn step_open(&mut self, desk: &mut Desk<'p>, clock: usize, status: &Status, fact: &Fact) {
        let target = self.target;
        let is_lead = desk.clocks.get(clock).is_some_and(Clock::has_lead);
        let resets = matches!(&target.cycle, Cycle::Restart { reset } if reset.matches(fact));
        let cancels = target.cancel.matches(fact) || desk.binding.agreement.cancel.matches(fact);
        if target.stop.matches(fact) {
            self.end(desk, fact, Ending::Stopped);
        } else if resets {
            self.end(desk, fact, Ending::Stopped);
            self.start(desk, status, fact);
        } else if is_lead && target.start.matches(fact) && target.cycle != Cycle::Once {
            self.end(desk, fact, Ending::IfOver(Cancelled::Superseded));
            self.start(desk, status, fact);
        } else if cancels && fact.kind == Kind::Reopened {
            self.end(desk, fact, Ending::IfOver(Cancelled::Reopened));
        } else if cancels || (is_lead && fact.kind == Kind::VisitCancelled) {
            self.end(desk, fact, Ending::IfOver(Cancelled::By(fact.kind)));
        } else {
            self.live_on(desk, clock, status, fact);
        }
    }

    /// What the ticket's own life does to a clock that the fact neither stops nor cancels (C8, C9).
    fn live_on(&mut self, desk: &mut Desk<'p>, clock: usize, status: &Status, fact: &Fact) {
        let is_resolved = desk.is_resolved;
        let Some(open) = desk.clocks.get_mut(clock) else {
            return;
        };
        let started_before = open.started_by != fact.version;
        let by_resolution = matches!(open.started_kind, Kind::Resolved | Kind::Closed);
        let is_closed = open.is_suspended() || (!is_resolved && started_before);
        if fact.kind == Kind::Resolved && self.target.is_next_reply {
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
            open.judge_anew(fact, status);
        }
    }

    /// What `Reopened` does to a clock that has ended (C9).
    pub(super) fn bring_back(&mut self, desk: &mut Desk<'p>, status: &Status, fact: &Fact) {
        let Some(last) = self.last else { return };
        let Some(end) = desk.clocks.get(last).and_then(|clock| clock.end) else {
            return;
        };
        let by_resolution = matches!(end.kind, Kind::Resolved | Kind::Closed);
        let mode = match end.ending {
            // A suspended clock that the closing ended was never stopped: it goes on. A message
            // does not wait again.
            Ending::IfOver(Cancelled::Closed) if !self.target.is_next_reply => ReopenMode::Continue,
            Ending::IfOver(_) => ReopenMode::Stay,
            Ending::Stopped if !by_resolution => ReopenMode::Stay,
            Ending::Stopped if self.is_long_ago(desk, end.at, fact.at) => ReopenMode::NewCycle,
            Ending::Stopped => self.target.reopen.mode,
        };
        match mode {
            ReopenMode::Stay => return,
            ReopenMode::NewCycle => return self.start(desk, status, fact),
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
        if std::ptr::eq(clock.current().policy, desk.binding.policy) {
            clock.judge_anew(fact, status);
        } else {
            // The ticket was moved to another version while the clock was stopped.
            clock.rebind(fact, desk.binding.policy, self.target, status);
        }
        self.open = Some(last);
    }

    /// Returns whether the resolution lies so many calendar days back that a reopening begins anew
    /// (C9): exactly so many is long enough.
    fn is_long_ago(&self, desk: &Desk<'_>, stopped_at: Instant, reopened_at: Instant) -> bool {
        let zone = desk.binding.policy.zone();
        self.target.reopen.new_cycle_after.is_some_and(|days| {
            zone.days_after(stopped_at, days.get())
                .is_ok_and(|limit| limit <= reopened_at)
        })
    }

    /// Starts the next cycle, with the goal that fits the ticket as it now stands, or with none.
    pub(super) fn start(&mut self, desk: &mut Desk<'p>, status: &Status, fact: &Fact) {
        let before = self.last.and_then(|last| desk.clocks.get(last));
        let cycle = before.map_or(1, |clock| clock.cycle.saturating_add(1));
        let first = Attachment {
            at: fact.at,
            by: fact.version,
            policy: desk.binding.policy,
            target: self.target,
            goal: self.target.goal_for(status).map(|(_, goal)| goal),
            how: How::Start,
        };
        self.open = Some(desk.clocks.len());
        self.last = self.open;
        desk.clocks.push(Clock {
            agreement: &desk.binding.agreement.id,
            cycle,
            started_at: fact.at,
            started_by: fact.version,
            started_kind: fact.kind,
            anchor: fact.visit_at().filter(|_| self.target.has_lead()),
            first,
            later: Vec::new(),
            gaps: Vec::new(),
            end: None,
            waived_at: None,
        });
    }

    /// Ends the open clock; nothing happens where none is open.
    pub(super) fn end(&mut self, desk: &mut Desk<'p>, fact: &Fact, ending: Ending) {
        if let Some(open) = self.open.take().and_then(|open| desk.clocks.get_mut(open)) {
            open.end_with(fact, ending);
        }
    }
}
