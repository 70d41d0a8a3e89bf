//! Which clocks a history has: what started, moved and ended each of them.
//!
//! This half of a reading is pure event logic: it never measures a length. What is over or in time
//! is found afterwards, by [`measure`](super::measure), so a rule such as "an event cancels a clock
//! unless it is over" is kept as [`Ending::IfOver`] and settled there.

use super::binding::Binding;
use crate::event::{AgreementId, Kind, Version};
use crate::policy::{Cycle, Goal, Policy, Reclassify, ReopenMode, Target};
use crate::ticket::{Cancelled, Detail, Fact, Opener, Status};
use crate::time::Instant;

/// One clock: a target's promise in one cycle.
#[derive(Debug, Clone)]
pub(crate) struct Clock<'p> {
    pub(crate) agreement: &'p AgreementId,
    pub(crate) cycle: u32,
    pub(crate) started_at: Instant,
    pub(crate) started_by: Version,
    started_kind: Kind,
    /// What a lead budget counts back from.
    pub(crate) anchor: Option<Instant>,
    pub(crate) first: Attachment<'p>,
    pub(crate) later: Vec<Attachment<'p>>,
    /// While it was suspended; an open end is the present.
    pub(crate) gaps: Vec<Gap>,
    pub(crate) end: Option<End>,
    pub(crate) waived_at: Option<Instant>,
}

/// A goal that a clock runs under, from an instant on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attachment<'p> {
    pub(crate) at: Instant,
    pub(crate) by: Version,
    pub(crate) policy: &'p Policy,
    pub(crate) target: &'p Target,
    /// `None` while no goal fits the ticket: the clock sleeps, and may be woken by a later judgement.
    pub(crate) goal: Option<&'p Goal>,
    pub(crate) how: How,
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    pub(crate) from: Instant,
    pub(crate) to: Option<Instant>,
}

/// How a clock ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    pub(crate) at: Instant,
    kind: Kind,
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

impl<'p> Clock<'p> {
    /// Returns the goal's latest attachment.
    pub(crate) fn current(&self) -> &Attachment<'p> {
        self.later.last().unwrap_or(&self.first)
    }

    /// Returns all attachments, in the order in which they came.
    pub(crate) fn attachments(&self) -> impl Iterator<Item = &Attachment<'p>> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// Returns whether a goal ever fitted: a clock that never had one was never a promise.
    pub(crate) fn was_promised(&self) -> bool {
        self.attachments()
            .any(|attachment| attachment.goal.is_some())
    }

    fn is_suspended(&self) -> bool {
        self.gaps.last().is_some_and(|gap| gap.to.is_none())
    }

    fn suspend(&mut self, at: Instant) {
        if !self.is_suspended() {
            self.gaps.push(Gap { from: at, to: None });
        }
    }

    fn resume(&mut self, at: Instant) {
        let Some(gap) = self.gaps.last_mut().filter(|gap| gap.to.is_none()) else {
            return;
        };
        gap.to = Some(at);
        // A suspension of no length is nothing, and must not split a segment.
        if gap.from == at {
            self.gaps.pop();
        }
    }

    fn has_lead(&self) -> bool {
        self.anchor.is_some()
    }
}

/// The state of one target while the facts go by.
#[derive(Debug, Clone)]
struct Machine<'p> {
    target: &'p Target,
    /// The kinds that can start a clock, as bits.
    starting: u128,
    /// The kinds that can move a clock that there is, as bits.
    moving: u128,
    /// The clock that has not ended.
    open: Option<usize>,
    /// The clock of the latest cycle.
    last: Option<usize>,
    /// A customer's message that nobody answered: when it came.
    waiting_since: Option<Instant>,
    /// Whether the customer was ever answered.
    answered: bool,
}

/// What moves any clock, whatever its target says.
const LIFECYCLE: u128 = Kind::Classified.bit()
    | Kind::Resolved.bit()
    | Kind::Closed.bit()
    | Kind::Reopened.bit()
    | Kind::VisitCancelled.bit();

/// Returns the kinds of events that can move a clock under a goal, as bits.
pub(crate) fn moving_kinds(attachment: &Attachment<'_>) -> u128 {
    const ALWAYS: u128 = LIFECYCLE
        | Kind::Paused.bit()
        | Kind::Resumed.bit()
        | Kind::PolicyBound.bit()
        | Kind::Waived.bit();
    let target = attachment.target;
    let resumes = attachment
        .policy
        .reasons()
        .iter()
        .map(|reason| reason.resumes_on.kinds());
    let resumes = resumes.fold(0, |kinds, more| kinds | more);
    let reset = match &target.cycle {
        Cycle::Restart { reset } => reset.kinds(),
        Cycle::Once | Cycle::Each => 0,
    };
    ALWAYS | resumes | reset | target.start.kinds() | target.stop.kinds() | target.cancel.kinds()
}

impl<'p> Machine<'p> {
    fn new(binding: &Binding<'p>, target: &'p Target) -> Self {
        let reset = match &target.cycle {
            Cycle::Restart { reset } => reset.kinds(),
            Cycle::Once | Cycle::Each => 0,
        };
        let cancel = target.cancel.kinds() | binding.agreement.cancel.kinds();
        // A next reply depends on the first response, so every fact may concern it.
        let starting = if target.is_next_reply {
            u128::MAX
        } else {
            target.start.kinds()
        };
        Self {
            target,
            starting,
            moving: starting | target.stop.kinds() | cancel | reset | LIFECYCLE,
            open: None,
            last: None,
            waiting_since: None,
            answered: false,
        }
    }

    const fn concerns(&self, fact: &Fact) -> bool {
        let kinds = if self.last.is_some() {
            self.moving
        } else {
            self.starting
        };
        kinds & fact.kind.bit() != 0
    }
}

/// The walk over the facts of one agreement.
struct Course<'p, 'b> {
    bindings: &'b [Binding<'p>],
    binding: Binding<'p>,
    machines: Vec<Machine<'p>>,
    clocks: Vec<Clock<'p>>,
    status: Status,
    /// Whether the ticket is resolved or closed at present.
    is_resolved: bool,
}

/// Returns every clock that the facts started under one agreement, sorted by target and cycle in
/// the order in which they started.
pub(crate) fn clocks<'p>(facts: &[Fact], bindings: &[Binding<'p>]) -> Vec<Clock<'p>> {
    let Some((first, rebinds)) = bindings.split_first() else {
        return Vec::new();
    };
    let mut course = Course::new(*first, rebinds);
    for (index, fact) in facts.iter().enumerate() {
        course.status.advance(fact);
        if fact.kind == Kind::PolicyBound {
            let before = facts.get(..index).unwrap_or(&[]);
            course.rebind(fact, before);
        } else {
            course.step(fact);
        }
    }
    course.clocks
}

impl<'p, 'b> Course<'p, 'b> {
    fn new(binding: Binding<'p>, rebinds: &'b [Binding<'p>]) -> Self {
        let machines = binding
            .agreement
            .targets
            .iter()
            .map(|target| Machine::new(&binding, target))
            .collect();
        Self {
            bindings: rebinds,
            binding,
            machines,
            clocks: Vec::with_capacity(8),
            status: Status::default(),
            is_resolved: false,
        }
    }

    /// Moves every clock on by one fact: first responses before the replies that follow them.
    fn step(&mut self, fact: &Fact) {
        for index in 0..self.machines.len() {
            if self
                .machines
                .get(index)
                .is_some_and(|m| m.concerns(fact) && !m.target.is_next_reply)
            {
                self.step_one(index, fact);
            }
        }
        for index in 0..self.machines.len() {
            if self
                .machines
                .get(index)
                .is_some_and(|m| m.target.is_next_reply)
            {
                self.step_next_reply(index, fact);
            }
        }
        if matches!(fact.kind, Kind::Resolved | Kind::Closed) {
            self.is_resolved = true;
        } else if fact.kind == Kind::Reopened {
            self.is_resolved = false;
        } else {
            self.waive(fact);
        }
    }

    fn step_one(&mut self, index: usize, fact: &Fact) {
        let Some(machine) = self.machines.get(index) else {
            return;
        };
        let target = machine.target;
        match machine.open {
            Some(clock) => self.step_open(index, clock, fact),
            None if fact.kind == Kind::Reopened => self.bring_back(index, fact),
            None if target.start.matches(fact) && self.may_start(index, fact) => {
                self.start(index, fact, fact.at);
            }
            None => {}
        }
    }

    fn may_start(&self, index: usize, fact: &Fact) -> bool {
        let Some(machine) = self.machines.get(index) else {
            return false;
        };
        let is_first = machine.last.is_none();
        let opened_by_us = fact.kind == Kind::Received && self.status.opener != Opener::Customer;
        (is_first || machine.target.cycle != Cycle::Once)
            && !(machine.target.is_first_response && opened_by_us)
    }

    /// One fact ends a clock, or moves it, or begins the next; stops come before cancellations.
    fn step_open(&mut self, index: usize, clock: usize, fact: &Fact) {
        let Some(target) = self.machines.get(index).map(|machine| machine.target) else {
            return;
        };
        let is_lead = self.clocks.get(clock).is_some_and(Clock::has_lead);
        let resets = matches!(&target.cycle, Cycle::Restart { reset } if reset.matches(fact));
        if target.stop.matches(fact) {
            self.end(index, clock, fact, Ending::Stopped);
        } else if resets {
            self.end(index, clock, fact, Ending::Stopped);
            self.start(index, fact, fact.at);
        } else if is_lead && target.start.matches(fact) && target.cycle != Cycle::Once {
            self.end(index, clock, fact, Ending::IfOver(Cancelled::Superseded));
            self.start(index, fact, fact.at);
        } else if target.cancel.matches(fact) || self.binding.agreement.cancel.matches(fact) {
            let reopened = fact.kind == Kind::Reopened;
            let why = if reopened {
                Cancelled::Reopened
            } else {
                Cancelled::By(fact.kind)
            };
            self.end(index, clock, fact, Ending::IfOver(why));
        } else if is_lead && fact.kind == Kind::VisitCancelled {
            self.end(
                index,
                clock,
                fact,
                Ending::IfOver(Cancelled::By(Kind::VisitCancelled)),
            );
        } else {
            self.live_on(index, clock, fact);
        }
    }

    /// What the ticket's own life does to a clock that the fact neither stops nor cancels (C8, C9).
    fn live_on(&mut self, index: usize, clock: usize, fact: &Fact) {
        let is_resolved = self.is_resolved;
        let Some(open) = self.clocks.get_mut(clock) else {
            return;
        };
        let started_before = open.started_by != fact.version;
        let by_resolution = matches!(open.started_kind, Kind::Resolved | Kind::Closed);
        if fact.kind == Kind::Resolved && started_before {
            open.suspend(fact.at);
        } else if fact.kind == Kind::Closed
            && (open.is_suspended() || (!is_resolved && started_before))
        {
            open.suspend(fact.at);
            self.end(index, clock, fact, Ending::IfOver(Cancelled::Closed));
        } else if fact.kind == Kind::Reopened && open.is_suspended() {
            open.resume(fact.at);
        } else if fact.kind == Kind::Reopened && by_resolution && started_before {
            self.end(index, clock, fact, Ending::IfOver(Cancelled::Reopened));
        } else if fact.kind == Kind::Classified {
            let mode = open.current().target.reclassify;
            self.attach_if_changed(clock, fact, How::Judged(mode));
        }
    }

    /// What `Reopened` does to a clock that has ended (C9).
    fn bring_back(&mut self, index: usize, fact: &Fact) {
        let Some(machine) = self.machines.get(index) else {
            return;
        };
        let (target, Some(last)) = (machine.target, machine.last) else {
            return;
        };
        let Some(end) = self.clocks.get(last).and_then(|clock| clock.end) else {
            return;
        };
        let by_resolution = matches!(end.kind, Kind::Resolved | Kind::Closed);
        let mode = match end.ending {
            // A suspended clock that the closing ended was never stopped: it goes on.
            Ending::IfOver(Cancelled::Closed) => ReopenMode::Continue,
            Ending::IfOver(_) => ReopenMode::Stay,
            Ending::Stopped if !by_resolution => ReopenMode::Stay,
            Ending::Stopped if self.is_long_ago(target, end.at, fact.at) => ReopenMode::NewCycle,
            Ending::Stopped => target.reopen.mode,
        };
        match mode {
            ReopenMode::Stay => return,
            ReopenMode::NewCycle => return self.start(index, fact, fact.at),
            ReopenMode::Continue | ReopenMode::ContinueWithGap => {}
        }
        if let Some(clock) = self.clocks.get_mut(last) {
            clock.end = None;
            if mode == ReopenMode::Continue {
                clock.suspend(end.at);
                clock.resume(fact.at);
            }
        }
        if let Some(machine) = self.machines.get_mut(index) {
            machine.open = Some(last);
        }
        self.attach_if_changed(last, fact, How::Judged(target.reclassify));
    }

    fn is_long_ago(&self, target: &Target, stopped_at: Instant, reopened_at: Instant) -> bool {
        target.reopen.new_cycle_after.is_some_and(|days| {
            self.binding
                .policy
                .zone()
                .days_after(stopped_at, days.get())
                .is_ok_and(|limit| limit <= reopened_at)
        })
    }

    /// A next reply (C10): the first unanswered message starts it, but never beside cycle 0.
    fn step_next_reply(&mut self, index: usize, fact: &Fact) {
        let Some(machine) = self.machines.get(index) else {
            return;
        };
        let target = machine.target;
        let cycle_0 = target.after.and_then(|first| self.machines.get(first));
        let first_runs = cycle_0
            .and_then(|first| first.open)
            .and_then(|open| self.clocks.get(open));
        let first_runs = first_runs.is_some_and(|clock| clock.current().goal.is_some());
        let had_promise = cycle_0
            .and_then(|first| first.last)
            .and_then(|last| self.clocks.get(last))
            .is_some_and(|clock| clock.current().goal.is_some());
        if machine.open.is_some() && machine.concerns(fact) {
            self.step_one(index, fact);
        }
        let answers = target.stop.matches(fact);
        let customer_opened = self.status.opener == Opener::Customer;
        let Some(machine) = self.machines.get_mut(index) else {
            return;
        };
        machine.answered |= answers;
        if answers || fact.kind == Kind::Resolved {
            machine.waiting_since = None;
        } else if target.start.matches(fact) {
            machine.waiting_since = machine.waiting_since.or(Some(fact.at));
        } else if customer_opened && !had_promise && !machine.answered && !self.is_resolved {
            // Without a first-response goal the request itself is the message that waits.
            let is_new = machine.last.is_none();
            if is_new && matches!(fact.kind, Kind::Received | Kind::Classified) {
                machine.waiting_since = machine.waiting_since.or(self.status.received_at);
            }
        }
        match machine.open {
            Some(open) if fact.kind == Kind::Resolved => {
                self.end(
                    index,
                    open,
                    fact,
                    Ending::IfOver(Cancelled::By(Kind::Resolved)),
                );
            }
            Some(open) if first_runs => {
                self.end(index, open, fact, Ending::IfOver(Cancelled::Superseded));
            }
            None if machine.waiting_since.is_some() && !first_runs => {
                self.start(index, fact, fact.at);
            }
            Some(_) | None => {}
        }
    }

    fn start(&mut self, index: usize, fact: &Fact, at: Instant) {
        let status = &self.status;
        let policy = self.binding.policy;
        let Some(machine) = self.machines.get_mut(index) else {
            return;
        };
        let before = machine.last.and_then(|last| self.clocks.get(last));
        let anchor = fact.visit_at().filter(|_| machine.target.has_lead());
        let clock = Clock {
            agreement: &self.binding.agreement.id,
            cycle: before.map_or(1, |clock| clock.cycle.saturating_add(1)),
            started_at: at,
            started_by: fact.version,
            started_kind: fact.kind,
            anchor,
            first: Attachment {
                at,
                by: fact.version,
                policy,
                target: machine.target,
                goal: machine.target.goal_for(status).map(|(_, goal)| goal),
                how: How::Start,
            },
            later: Vec::new(),
            gaps: Vec::new(),
            end: None,
            waived_at: None,
        };
        machine.open = Some(self.clocks.len());
        machine.last = machine.open;
        self.clocks.push(clock);
    }

    fn end(&mut self, index: usize, clock: usize, fact: &Fact, ending: Ending) {
        if let Some(open) = self.clocks.get_mut(clock) {
            open.end = Some(End {
                at: fact.at,
                kind: fact.kind,
                ending,
            });
        }
        if let Some(machine) = self.machines.get_mut(index) {
            machine.open = None;
        }
    }

    /// Attaches the goal that now fits, unless it is the one that applies already.
    fn attach_if_changed(&mut self, clock: usize, fact: &Fact, how: How) {
        let Some(open) = self.clocks.get_mut(clock) else {
            return;
        };
        let current = *open.current();
        let goal = current.target.goal_for(&self.status).map(|(_, goal)| goal);
        if goal != current.goal {
            open.later.push(Attachment {
                at: fact.at,
                by: fact.version,
                goal,
                how,
                ..current
            });
        }
    }

    fn waive(&mut self, fact: &Fact) {
        let Detail::Waived(waived) = &fact.detail else {
            return;
        };
        let covered = self.clocks.iter_mut().find(|clock| {
            *clock.agreement == waived.agreement
                && clock.current().target.id == waived.target
                && clock.cycle == waived.cycle
        });
        if let Some(clock) = covered {
            clock.waived_at = clock.waived_at.or(Some(fact.at));
        }
    }

    /// Moves the agreement to another policy version (P2). Clocks that have ended stay as they are.
    fn rebind(&mut self, fact: &Fact, before: &[Fact]) {
        let Some(next) = self
            .bindings
            .iter()
            .find(|binding| binding.by == fact.version)
        else {
            return;
        };
        let next = *next;
        let mut preview: Option<Course<'p, '_>> = None;
        let mut machines = Vec::with_capacity(next.agreement.targets.len());
        for (index, target) in next.agreement.targets.iter().enumerate() {
            let fresh = Machine::new(&next, target);
            let known = self
                .machines
                .iter()
                .find(|machine| machine.target.id == target.id);
            let machine = match known {
                Some(known) => Machine {
                    target,
                    starting: fresh.starting,
                    moving: fresh.moving,
                    ..known.clone()
                },
                None => {
                    let preview = preview.get_or_insert_with(|| Course::preview(next, before));
                    self.adopt(fresh, preview, index)
                }
            };
            if let Some(open) = machine.open.and_then(|open| self.clocks.get_mut(open)) {
                open.later.push(Attachment {
                    at: fact.at,
                    by: fact.version,
                    policy: next.policy,
                    target,
                    goal: target.goal_for(&self.status).map(|(_, goal)| goal),
                    how: How::Rebound(target.reclassify),
                });
            }
            machines.push(machine);
        }
        self.drop_missing(fact, &next);
        self.machines = machines;
        self.binding = next;
    }

    /// Returns the course that the facts would have taken under a policy from the beginning.
    fn preview(binding: Binding<'p>, facts: &[Fact]) -> Self {
        let mut course = Course::new(binding, &[]);
        for fact in facts {
            course.status.advance(fact);
            course.step(fact);
        }
        course
    }

    /// A target that only the new version has: its clock is taken over if it would still be open.
    fn adopt(&mut self, fresh: Machine<'p>, preview: &Course<'p, '_>, index: usize) -> Machine<'p> {
        let Some(seen) = preview.machines.get(index) else {
            return fresh;
        };
        let Some(clock) = seen.open.and_then(|open| preview.clocks.get(open)) else {
            return fresh;
        };
        // The new version is what makes it a promise, so it begins without one.
        let first = Attachment {
            goal: None,
            ..clock.first
        };
        self.clocks.push(Clock {
            first,
            later: Vec::new(),
            cycle: 1,
            ..clock.clone()
        });
        let place = self.clocks.len().checked_sub(1);
        Machine {
            open: place,
            last: place,
            ..seen.clone()
        }
    }

    /// A target that the new version does not have: its open clock ends.
    fn drop_missing(&mut self, fact: &Fact, next: &Binding<'p>) {
        for index in 0..self.machines.len() {
            let Some(machine) = self.machines.get(index) else {
                continue;
            };
            let is_kept = next
                .agreement
                .targets
                .iter()
                .any(|target| target.id == machine.target.id);
            if let (false, Some(open)) = (is_kept, machine.open) {
                self.end(index, open, fact, Ending::IfOver(Cancelled::Rebound));
            }
        }
    }
}
