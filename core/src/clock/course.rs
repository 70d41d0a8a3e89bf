//! The walk over the facts of one agreement: which clocks of it there are.

use smallvec::SmallVec;

use super::binding::Binding;
use super::life::{Attached, Clock, Ending, Place};
use super::machine::{Desk, Machine, Step};
use crate::event::Kind;
use crate::policy::{Agreement, Concern, Concerned, Cycle, Judged, Parts, Target};
use crate::ticket::{Cancelled, Detail, Fact, Opener, Status};

/// Few tickets start more clocks under one agreement, those counted that no goal fits: growing the
/// list would move them all.
const USUAL_CLOCKS: usize = 12;

/// Returns whether a fact can change what conditions ask about, as [`Status::advance`] takes it in.
const fn judges(fact: &Fact) -> bool {
    matches!(fact.detail, Detail::Received(_) | Detail::Classified(_))
}

/// The clocks of one agreement so far, and what its targets wait for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Course {
    /// Which of the agreement's bindings applies.
    applies: u16,
    /// How the ticket stands, in the numbers of that binding's agreement; of no meaning before there are
    /// machines.
    judged: Judged,
    desk: Desk,
    /// One for each target of the agreement, in its order; none before the first fact with which any
    /// clock can begin.
    machines: Vec<Machine>,
}

impl Course {
    /// Returns every clock that was started, in the order in which they started.
    pub(super) fn clocks(&self) -> &[Clock] {
        &self.desk.clocks
    }

    pub(super) fn clocks_mut(&mut self) -> &mut [Clock] {
        &mut self.desk.clocks
    }

    /// Returns whether anything of it is left to be measured.
    pub(super) fn is_live(&self) -> bool {
        let open = self.machines.iter().filter_map(|machine| machine.open);
        let mut clocks = open.filter_map(|place| self.desk.clocks.get(place));
        clocks.any(Clock::is_promised)
    }

    /// Moves every clock on by one fact: first responses before the replies that follow them.
    /// `status` is how the ticket stands just after it.
    #[inline]
    pub(super) fn step(&mut self, bindings: &[Binding<'_>], status: &Status, fact: &Fact) {
        let Some(binding) = bindings.get(usize::from(self.applies)) else {
            return;
        };
        self.step_under(bindings, binding, !binding.is_new, status, fact);
    }

    /// The same, with or without leave to begin.
    #[inline]
    fn step_under(
        &mut self,
        bindings: &[Binding<'_>],
        binding: &Binding<'_>,
        may_begin: bool,
        status: &Status,
        fact: &Fact,
    ) {
        let agreement = binding.agreement;
        // Most agreements with others never have a clock.
        if !self.machines.is_empty() || (may_begin && agreement.concerns.can_begin(fact.kind)) {
            self.step_clocks(bindings, agreement, status, fact);
        }
        if matches!(fact.kind, Kind::Resolved | Kind::Closed) {
            self.desk.is_resolved = true;
        } else if fact.kind == Kind::Reopened {
            self.desk.is_resolved = false;
        }
    }

    /// Apart, so that passing an agreement that has no clock costs no more than the question.
    #[inline(never)]
    fn step_clocks(
        &mut self,
        bindings: &[Binding<'_>],
        agreement: &Agreement,
        status: &Status,
        fact: &Fact,
    ) {
        if self.machines.is_empty() {
            self.begin(agreement);
            self.judged = agreement.fits.judge(status);
        } else if judges(fact) {
            self.judged = agreement.fits.judge(status);
        }
        if let Some(concerned) = agreement.concerns.by(fact.kind)
            && let Some(step) = Step::new(bindings, self.applies, status, self.judged, fact)
        {
            self.step_each(concerned, &step);
        }
    }

    fn step_each(&mut self, concerned: &Concerned, step: &Step<'_, '_>) {
        for concern in &concerned.targets {
            let machine = self.machines.get_mut(usize::from(concern.place));
            if let Some(machine) = machine.filter(|it| it.may_move(concern.parts)) {
                machine.step(&mut self.desk, concern.parts, step);
            }
        }
        for concern in &concerned.replies {
            self.step_next_reply(*concern, step);
        }
    }

    /// Most agreements with others never have a clock, and then they need no machines.
    fn begin(&mut self, agreement: &Agreement) {
        let targets = &agreement.targets;
        self.machines = (0..)
            .zip(targets)
            .map(|(place, _)| Machine::new(place))
            .collect();
        self.desk.clocks.reserve(targets.len().min(USUAL_CLOCKS));
    }

    /// A next reply (C10): the first unanswered message starts it, but never beside cycle 0.
    fn step_next_reply(&mut self, concern: Concern, step: &Step<'_, '_>) {
        let Some(target) = step.target(concern.place) else {
            return;
        };
        let cycle_0 = target.after.and_then(|first| self.machines.get(first));
        let is_promised = |clock: Option<usize>| {
            let clock = clock.and_then(|place| self.desk.clocks.get(place));
            clock.is_some_and(Clock::is_promised)
        };
        let first_runs = cycle_0.is_some_and(|first| is_promised(first.open));
        let had_first = cycle_0.is_some_and(|first| is_promised(first.last));
        let desk = &mut self.desk;
        let Some(machine) = self.machines.get_mut(usize::from(concern.place)) else {
            return;
        };
        if machine.open.is_some() {
            machine.step(desk, concern.parts, step);
        } else if step.fact.kind == Kind::Reopened {
            machine.bring_back(desk, target, step);
        }
        machine.listen(target, had_first, step);
        if machine.open.is_none() {
            let may_start = machine.last.is_none() || target.cycle != Cycle::Once;
            if machine.is_waited_for && !first_runs && may_start {
                machine.start(desk, step);
            }
        } else if first_runs {
            machine.end(desk, step.fact, Ending::IfOver(Cancelled::Superseded));
        }
    }

    /// Moves the agreement to another policy version, where the fact binds it to one, or brings it to a
    /// ticket that had been bound without it (P2). Clocks that have ended stay as they are. `before` are
    /// the facts before this one.
    pub(super) fn rebind(
        &mut self,
        bindings: &[Binding<'_>],
        status: &Status,
        fact: &Fact,
        before: &[Fact],
    ) {
        let mut moves = (0..).zip(bindings);
        let is_move =
            |(place, it): &(u16, &Binding<'_>)| (*place > 0 || it.is_new) && it.by == fact.version;
        let Some((next, binding)) = moves.find(is_move) else {
            return;
        };
        let judged = binding.agreement.fits.judge(status);
        let last = Step::new(bindings, self.applies, status, self.judged, fact);
        let last = last.filter(|_| next > 0);
        let Some(step) = Step::new(bindings, next, status, judged, fact) else {
            return;
        };
        if let Some(last) = last.as_ref().filter(|_| self.machines.is_empty()) {
            self.begin(last.agreement);
        }
        self.judged = judged;
        let mut preview: Option<Self> = None;
        let mut machines = Vec::with_capacity(step.agreement.targets.len());
        for (place, target) in (0..).zip(&step.agreement.targets) {
            let known = last.as_ref().and_then(|last| self.machine_of(target, last));
            let machine = match known {
                Some(known) => Machine { place, ..known },
                None => {
                    let preview =
                        preview.get_or_insert_with(|| Self::preview(bindings, next, before));
                    self.desk.adopt(preview, place)
                }
            };
            if let Some(open) = machine.open.and_then(|open| self.desk.clocks.get_mut(open)) {
                open.rebind(fact, step.place(place), target.reclassify);
            }
            machines.push(machine);
        }
        if let Some(last) = &last {
            self.end_dropped(last, &step);
        }
        self.machines = machines;
        self.applies = next;
        // Cycle 0 may have lost its goal, or come back with one.
        for (place, target) in (0..).zip(&step.agreement.targets) {
            if target.is_next_reply {
                let parts = Parts::of(target, &step.agreement.cancel, fact.kind);
                self.step_next_reply(Concern { place, parts }, &step);
            }
        }
    }

    /// Returns the machine of the target of that name under the version that applied last.
    fn machine_of(&self, target: &Target, last: &Step<'_, '_>) -> Option<Machine> {
        let targets = &last.agreement.targets;
        let place = targets.iter().position(|known| known.id == target.id)?;
        self.machines.get(place).cloned()
    }

    /// Ends the clocks of targets that the next version no longer has.
    fn end_dropped(&mut self, last: &Step<'_, '_>, next: &Step<'_, '_>) {
        let kept = &next.agreement.targets;
        for (machine, target) in self.machines.iter_mut().zip(&last.agreement.targets) {
            if !kept.iter().any(|kept| kept.id == target.id) {
                machine.end(
                    &mut self.desk,
                    next.fact,
                    Ending::IfOver(Cancelled::Rebound),
                );
            }
        }
    }

    /// Returns the course that the facts would have taken under a policy from the beginning. Only a
    /// rebind that brings a new target asks for it.
    fn preview(bindings: &[Binding<'_>], applies: u16, facts: &[Fact]) -> Self {
        let mut course = Self {
            applies,
            ..Self::default()
        };
        let mut status = Status::default();
        let Some(binding) = bindings.get(usize::from(applies)) else {
            return course;
        };
        for fact in facts {
            status.advance(fact);
            course.step_under(bindings, binding, true, &status, fact);
        }
        course
    }
}

impl Machine {
    /// Notes whether a customer's message waits for an answer after this fact. What ends a reply
    /// clock ends the waiting for one, of a message and of the request alike.
    fn listen(&mut self, target: &Target, had_first: bool, step: &Step<'_, '_>) {
        let fact = step.fact;
        let resolves = matches!(fact.kind, Kind::Resolved | Kind::Closed);
        if target.stop.matches(fact) || step.cancels(target) || resolves {
            self.was_answered = true;
            self.is_waited_for = false;
        } else if target.start.matches(fact) {
            self.is_waited_for = true;
        } else if step.status.opener == Opener::Customer
            && matches!(
                fact.kind,
                Kind::Received | Kind::Classified | Kind::PolicyBound
            )
            && !(had_first || self.was_answered || self.last.is_some())
        {
            // Without a first-response goal the request itself is the message that waits.
            self.is_waited_for = true;
        }
    }
}

impl Desk {
    /// Takes over the clock of a target that only the new version has, if it would still be open.
    fn adopt(&mut self, preview: &Course, target: u16) -> Machine {
        let fresh = Machine::new(target);
        let Some(seen) = preview.machines.get(usize::from(target)) else {
            return fresh;
        };
        let open = seen.open.and_then(|open| preview.desk.clocks.get(open));
        let Some(clock) = open else { return fresh };
        // The new version is what makes it a promise, so it begins without one.
        let first = Attached {
            place: Place {
                goal: None,
                ..clock.first.place
            },
            ..clock.first
        };
        let place = Some(self.clocks.len());
        self.clocks.push(Clock {
            first,
            later: SmallVec::new(),
            cycle: 1,
            ..clock.clone()
        });
        Machine {
            open: place,
            last: place,
            ..seen.clone()
        }
    }
}
