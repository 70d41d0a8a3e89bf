//! Which clocks a history has: the walk over its facts, agreement by agreement.
//!
//! This half of a reading is pure event logic: it never measures a length. What is over or in time
//! is found afterwards, by [`measure`](super::measure), so a rule such as "an event cancels a clock
//! unless it is over" is kept as [`Ending::IfOver`] and settled there.

use super::binding::Binding;
use super::life::{Attachment, Clock, Ending};
use super::machine::{Desk, Machine};
use crate::event::Kind;
use crate::policy::Cycle;
use crate::ticket::{Cancelled, Detail, Fact, Opener, Phase, Status};

/// The walk over the facts of one agreement.
struct Course<'p, 'b> {
    rebinds: &'b [Binding<'p>],
    desk: Desk<'p>,
    /// One for each target of the agreement, in its order.
    machines: Vec<Machine<'p>>,
    /// For each of them the kinds of facts that may concern it: most facts concern none, and these
    /// are told by a walk over this list alone.
    kinds: Vec<u128>,
    /// The next replies, which are moved after all others.
    replies: Vec<usize>,
}

/// Returns every clock that the facts started, agreement by agreement in the order in which they
/// started, and how the ticket stands after the last fact.
pub(crate) fn clocks<'p, 'b>(
    facts: &[Fact],
    agreements: impl Iterator<Item = &'b [Binding<'p>]>,
) -> (Vec<Clock<'p>>, Status)
where
    'p: 'b,
{
    let mut courses: Vec<Course<'p, 'b>> = agreements.filter_map(Course::new).collect();
    let mut status = Status::default();
    for (index, fact) in facts.iter().enumerate() {
        status.advance(fact);
        if fact.kind == Kind::PolicyBound {
            // Finished tickets are never moved (P2).
            if !is_finished(&courses, &status) {
                let before = facts.get(..index).unwrap_or(&[]);
                courses
                    .iter_mut()
                    .for_each(|course| course.rebind(&status, fact, before));
            }
        } else {
            courses
                .iter_mut()
                .for_each(|course| course.step(&status, fact));
        }
    }
    let mut clocks = Vec::new();
    for course in courses {
        if clocks.is_empty() {
            clocks = course.desk.clocks;
        } else {
            clocks.extend(course.desk.clocks);
        }
    }
    if status.has(Kind::Waived) {
        facts.iter().for_each(|fact| waive(&mut clocks, fact));
    }
    (clocks, status)
}

/// Returns whether the ticket has ended and nothing of it is left to be measured.
fn is_finished(courses: &[Course<'_, '_>], status: &Status) -> bool {
    let is_live = |course: &Course<'_, '_>| {
        let open = course.machines.iter().filter_map(|machine| machine.open);
        let mut clocks = open.filter_map(|place| course.desk.clocks.get(place));
        clocks.any(|clock| clock.current().goal.is_some())
    };
    !matches!(status.phase, Phase::Unknown | Phase::Open) && !courses.iter().any(is_live)
}

/// A waiver covers one cycle of one target, whether it has started by then or not (C13).
fn waive(clocks: &mut [Clock<'_>], fact: &Fact) {
    let Detail::Waived(waived) = &fact.detail else {
        return;
    };
    let covered = clocks.iter_mut().find(|clock| {
        *clock.agreement == waived.agreement
            && clock.current().target.id == waived.target
            && clock.cycle == waived.cycle
    });
    if let Some(clock) = covered {
        clock.waived_at = clock.waived_at.or(Some(fact.at));
    }
}

impl<'p, 'b> Course<'p, 'b> {
    fn new(bindings: &'b [Binding<'p>]) -> Option<Self> {
        let (first, rebinds) = bindings.split_first()?;
        Some(Self::from(*first, rebinds))
    }

    fn from(binding: Binding<'p>, rebinds: &'b [Binding<'p>]) -> Self {
        let desk = Desk {
            binding,
            clocks: Vec::with_capacity(8),
            is_resolved: false,
        };
        let targets = binding.agreement.targets.iter();
        let machines = targets.map(Machine::new).collect();
        let (kinds, replies) = (Vec::new(), Vec::new());
        let mut course = Self {
            rebinds,
            desk,
            machines,
            kinds,
            replies,
        };
        course.note_kinds();
        course
    }

    fn note_kinds(&mut self) {
        let is_reply = |machine: &Machine<'_>| machine.target.is_next_reply;
        let kinds = self.machines.iter().map(|machine| match is_reply(machine) {
            true => 0,
            false => machine.kinds(&self.desk),
        });
        self.kinds = kinds.collect();
        let places = self.machines.iter().enumerate();
        self.replies = places
            .filter(|(_, machine)| is_reply(machine))
            .map(|(place, _)| place)
            .collect();
    }

    /// Moves every clock on by one fact: first responses before the replies that follow them.
    fn step(&mut self, status: &Status, fact: &Fact) {
        let bit = fact.kind.bit();
        for (kinds, machine) in self.kinds.iter_mut().zip(&mut self.machines) {
            if *kinds & bit != 0 {
                machine.step(&mut self.desk, status, fact);
                *kinds = machine.kinds(&self.desk);
            }
        }
        self.step_next_replies(status, fact);
        if matches!(fact.kind, Kind::Resolved | Kind::Closed) {
            self.desk.is_resolved = true;
        } else if fact.kind == Kind::Reopened {
            self.desk.is_resolved = false;
        }
    }

    fn step_next_replies(&mut self, status: &Status, fact: &Fact) {
        for reply in 0..self.replies.len() {
            if let Some(index) = self.replies.get(reply) {
                self.step_next_reply(*index, status, fact);
            }
        }
    }

    /// A next reply (C10): the first unanswered message starts it, but never beside cycle 0.
    fn step_next_reply(&mut self, index: usize, status: &Status, fact: &Fact) {
        let Some(machine) = self.machines.get(index) else {
            return;
        };
        if !machine.hears(&self.desk, fact) {
            return;
        }
        let target = machine.target;
        let cycle_0 = target.after.and_then(|first| self.machines.get(first));
        let is_promised = |clock: Option<usize>| {
            let clock = clock.and_then(|place| self.desk.clocks.get(place));
            clock.is_some_and(|clock| clock.current().goal.is_some())
        };
        let first_runs = cycle_0.is_some_and(|first| is_promised(first.open));
        let had_first = cycle_0.is_some_and(|first| is_promised(first.last));
        let desk = &mut self.desk;
        let Some(machine) = self.machines.get_mut(index) else {
            return;
        };
        if machine.open.is_none() && fact.kind == Kind::Reopened {
            machine.bring_back(desk, status, fact);
        } else if machine.open.is_some() && machine.kinds(desk) & fact.kind.bit() != 0 {
            machine.step(desk, status, fact);
        }
        machine.listen(desk, had_first, status, fact);
        if machine.open.is_none() {
            let may_start = machine.last.is_none() || machine.target.cycle != Cycle::Once;
            if machine.is_waited_for && !first_runs && may_start {
                machine.start(desk, status, fact);
            }
        } else if first_runs {
            machine.end(desk, fact, Ending::IfOver(Cancelled::Superseded));
        }
    }

    /// Moves the agreement to another policy version (P2). Clocks that have ended stay as they are.
    fn rebind(&mut self, status: &Status, fact: &Fact, before: &[Fact]) {
        let Some(next) = self
            .rebinds
            .iter()
            .find(|binding| binding.by == fact.version)
        else {
            return;
        };
        let mut preview: Option<Course<'p, '_>> = None;
        let mut machines = Vec::with_capacity(next.agreement.targets.len());
        for (index, target) in next.agreement.targets.iter().enumerate() {
            let fresh = Machine::new(target);
            let mut known = self
                .machines
                .iter()
                .filter(|known| known.target.id == target.id);
            let machine = match known.next() {
                Some(known) => Machine {
                    target,
                    ..known.clone()
                },
                None => {
                    let preview = preview.get_or_insert_with(|| Course::preview(*next, before));
                    self.desk.adopt(fresh, preview, index)
                }
            };
            if let Some(open) = machine.open.and_then(|open| self.desk.clocks.get_mut(open)) {
                open.rebind(fact, next.policy, target, status);
            }
            machines.push(machine);
        }
        for machine in &mut self.machines {
            if !next
                .agreement
                .targets
                .iter()
                .any(|target| target.id == machine.target.id)
            {
                machine.end(&mut self.desk, fact, Ending::IfOver(Cancelled::Rebound));
            }
        }
        self.machines = machines;
        self.desk.binding = *next;
        self.note_kinds();
        // Cycle 0 may have lost its goal, or come back with one.
        self.step_next_replies(status, fact);
    }

    /// Returns the course that the facts would have taken under a policy from the beginning. Only a
    /// rebind that brings a new target asks for it.
    fn preview(binding: Binding<'p>, facts: &[Fact]) -> Self {
        let mut course = Self::from(binding, &[]);
        let mut status = Status::default();
        for fact in facts {
            status.advance(fact);
            course.step(&status, fact);
        }
        course
    }
}

impl Machine<'_> {
    /// Returns whether a fact may have something to do with a next reply: any fact while one is
    /// awaited, since cycle 0 may end with it.
    fn hears(&self, desk: &Desk<'_>, fact: &Fact) -> bool {
        const ALWAYS: u128 = Kind::Received.bit()
            | Kind::Classified.bit()
            | Kind::Resolved.bit()
            | Kind::Closed.bit()
            | Kind::Reopened.bit()
            | Kind::PolicyBound.bit();
        let target = self.target;
        let cancel = target.cancel.kinds() | desk.binding.agreement.cancel.kinds();
        let kinds = ALWAYS | cancel | target.start.kinds() | target.stop.kinds();
        self.is_waited_for || self.open.is_some() || kinds & fact.kind.bit() != 0
    }

    /// Notes whether a customer's message waits for an answer after this fact. What ends a reply
    /// clock ends the waiting for one, of a message and of the request alike.
    fn listen(&mut self, desk: &Desk<'_>, had_first: bool, status: &Status, fact: &Fact) {
        let cancels =
            self.target.cancel.matches(fact) || desk.binding.agreement.cancel.matches(fact);
        let resolves = matches!(fact.kind, Kind::Resolved | Kind::Closed);
        if self.target.stop.matches(fact) || cancels || resolves {
            self.was_answered = true;
            self.is_waited_for = false;
        } else if self.target.start.matches(fact) {
            self.is_waited_for = true;
        } else if status.opener == Opener::Customer
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

impl<'p> Desk<'p> {
    /// Takes over the clock of a target that only the new version has, if it would still be open.
    fn adopt(&mut self, fresh: Machine<'p>, preview: &Course<'p, '_>, index: usize) -> Machine<'p> {
        let Some(seen) = preview.machines.get(index) else {
            return fresh;
        };
        let open = seen.open.and_then(|open| preview.desk.clocks.get(open));
        let Some(clock) = open else { return fresh };
        // The new version is what makes it a promise, so it begins without one.
        let first = Attachment {
            goal: None,
            ..clock.first
        };
        let place = Some(self.clocks.len());
        self.clocks.push(Clock {
            first,
            later: Vec::new(),
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
