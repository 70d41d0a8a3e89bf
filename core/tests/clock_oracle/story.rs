//! Which clocks are there: the rules C8-C13 and B4, one fact after another, from the first.

use punctual::ticket::Opener;

use super::gauge;
use super::world::{self, Cycle, Entry, Ev, Judged, Mode, Plan, Reopen, Target, World};

/// A promise of one target in one cycle.
#[derive(Debug, Clone)]
pub struct Clock {
    pub agreement: usize,
    pub target: usize,
    pub cycle: u32,
    pub started_by: u64,
    pub started_at: i64,
    pub by_resolution: bool,
    pub visit_at: Option<i64>,
    pub attachments: Vec<Attachment>,
    /// From and, once reopened, until.
    pub suspended: Vec<(i64, Option<i64>)>,
    pub end: Option<End>,
}

/// A goal that came to a clock; none where no goal fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment {
    pub at: i64,
    pub by: u64,
    pub goal: Option<usize>,
    /// The version of the policy that promises it, from 0.
    pub plan: usize,
    /// Whether a rebind brought it, and no judgement.
    pub rebound: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub at: i64,
    pub by: u64,
    pub how: How,
    /// Whether `Resolved` or `Closed` did it, so that `Reopened` may undo it.
    pub by_ending: bool,
    /// Whether a stop of its target did it, not a closing.
    pub by_trigger: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Met or breached, as measured.
    Stopped,
    /// Without a verdict, for the reason that a reading names.
    Cancelled(String),
}

impl Clock {
    /// The target in the version of its latest attachment.
    pub fn spec<'w>(&self, world: &'w World) -> &'w Target {
        self.spec_at(world, self.attachments.len() - 1)
    }

    /// The target in the version of an attachment.
    pub fn spec_at<'w>(&self, world: &'w World, index: usize) -> &'w Target {
        let plan = world.version(self.attachments[index].plan);
        &plan.targets[self.agreement][self.target]
    }

    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    pub fn goal(&self) -> Option<usize> {
        self.attachments.last().and_then(|last| last.goal)
    }

    /// Whether it is shown: it once had a goal.
    pub fn was_promised(&self) -> bool {
        self.attachments.iter().any(|it| it.goal.is_some())
    }

    pub fn is_suspended(&self) -> bool {
        self.is_open() && self.suspended.last().is_some_and(|(_, to)| to.is_none())
    }
}

/// Everything that the facts so far have led to.
struct Story<'w> {
    world: &'w World,
    seen: Vec<Entry>,
    clocks: Vec<Clock>,
    judged: Judged,
    opener: Option<Opener>,
    /// Whether the ticket is resolved or closed.
    ended: bool,
    /// Whether it has ended in any way.
    gone: bool,
    /// By agreement, the version of the policy that applies.
    plans: [usize; 2],
    /// By (agreement, target): whether a customer's message waits for an answer.
    waiting: Vec<(usize, usize)>,
    /// The same for the request itself, where a first response takes care of it.
    requested: Vec<(usize, usize)>,
}

/// How a first response stands.
#[derive(Default)]
struct First {
    is_open: bool,
    ends: bool,
    sleeps: bool,
}

/// The clocks after these facts, which are in the order in which they happened.
pub fn clocks(world: &World, facts: &[Entry]) -> Vec<Clock> {
    let mut story = Story {
        world,
        seen: Vec::new(),
        clocks: Vec::new(),
        judged: Judged::default(),
        opener: None,
        ended: false,
        gone: false,
        plans: [0; 2],
        waiting: Vec::new(),
        requested: Vec::new(),
    };
    for fact in facts {
        story.tell(fact);
    }
    story.clocks
}

impl<'w> Story<'w> {
    fn tell(&mut self, fact: &Entry) {
        self.seen.push(*fact);
        self.judge(fact);
        if let Ev::Rebound { agreement } = fact.ev {
            self.rebind(agreement, fact);
        }
        for agreement in 0..2 {
            if matches!(fact.ev, Ev::Rebound { agreement: it } if it != agreement) {
                continue;
            }
            // A target that waits for another's clock comes after it.
            let targets = &self.plan(agreement).targets[agreement];
            let mut order: Vec<usize> = (0..targets.len()).collect();
            order.sort_by_key(|place| targets[*place].after.is_some());
            for place in order {
                self.tell_target(agreement, place, fact);
            }
        }
        match fact.ev {
            Ev::Resolved | Ev::Closed => self.ended = true,
            Ev::Reopened | Ev::Received { .. } => self.ended = false,
            _ => {}
        }
        match fact.ev {
            Ev::Resolved | Ev::Closed | Ev::Declined | Ev::MergedInto | Ev::Withdrawn => {
                self.gone = true;
            }
            Ev::Reopened | Ev::Received { .. } => self.gone = false,
            _ => {}
        }
    }

    fn plan(&self, agreement: usize) -> &'w Plan {
        self.world.version(self.plans[agreement])
    }

    /// P2: unfinished tickets move, by the modes of the new version.
    fn rebind(&mut self, agreement: usize, fact: &Entry) {
        let lives = |clock: &Clock| clock.is_open() && clock.goal().is_some();
        if self.gone && !self.clocks.iter().any(lives) {
            return;
        }
        self.plans[agreement] = 1;
        let targets = &self.plan(agreement).targets[agreement];
        for index in 0..self.clocks.len() {
            let clock = &self.clocks[index];
            if clock.agreement != agreement || !clock.is_open() {
                continue;
            }
            match targets.get(clock.target) {
                None => {
                    self.cancel(index, fact, "rebound");
                }
                Some(target) => {
                    let goal = target.goal(&self.judged);
                    self.clocks[index].attachments.push(Attachment {
                        at: fact.at,
                        by: fact.version,
                        goal,
                        plan: 1,
                        rebound: true,
                    });
                }
            }
        }
    }

    fn judge(&mut self, fact: &Entry) {
        match fact.ev {
            Ev::Received {
                opener,
                class,
                level,
            } if self.opener.is_none() => {
                self.opener = Some(opener);
                self.judged = Judged { class, level };
            }
            Ev::Classified { class, level } => {
                self.judged.class = class.or(self.judged.class);
                self.judged.level = level.or(self.judged.level);
            }
            _ => {}
        }
    }

    fn tell_target(&mut self, agreement: usize, place: usize, fact: &Entry) {
        let target = &self.plan(agreement).targets[agreement][place];
        let mut ended = false;
        for index in self.of(agreement, place) {
            ended |= self.end(index, target, fact);
        }
        if matches!(fact.ev, Ev::Reopened) {
            ended |= self.reopen(agreement, place, target, fact);
        }
        self.start(agreement, place, target, fact, ended);
        self.reclassify(agreement, place, target, fact);
        self.yield_to_first(agreement, place, target, fact);
    }

    fn of(&self, agreement: usize, place: usize) -> Vec<usize> {
        (0..self.clocks.len())
            .filter(|index| {
                let clock = &self.clocks[*index];
                (clock.agreement, clock.target) == (agreement, place)
            })
            .collect()
    }

    fn open(&self, agreement: usize, place: usize) -> Option<usize> {
        self.of(agreement, place)
            .into_iter()
            .find(|index| self.clocks[*index].is_open())
    }

    /// Ends or suspends an open clock, if the fact does. Returns whether it ended.
    fn end(&mut self, index: usize, target: &Target, fact: &Entry) -> bool {
        let clock = &self.clocks[index];
        if !clock.is_open() {
            return false;
        }
        let agreement = clock.agreement;
        let is_reset = matches!(&target.cycle, Cycle::Restart { reset } if world::any(reset, fact));
        if world::any(&target.stop, fact) || is_reset {
            return self.stop(index, fact);
        }
        if target.is_lead() && matches!(fact.ev, Ev::VisitBooked { .. }) {
            return self.cancel(index, fact, "superseded");
        }
        if target.is_lead() && matches!(fact.ev, Ev::VisitCancelled) {
            return self.cancel(index, fact, "visit-cancelled");
        }
        match fact.ev {
            Ev::Reopened if clock.by_resolution => return self.cancel(index, fact, "reopened"),
            Ev::Closed if clock.is_suspended() || !self.ended => {
                return self.cancel(index, fact, "closed");
            }
            _ => {}
        }
        let by = &self.plan(agreement).cancel[agreement];
        if world::any(&target.cancel, fact) || world::any(by, fact) {
            return self.cancel(index, fact, fact.ev.name());
        }
        if matches!(fact.ev, Ev::Resolved) {
            if target.is_next_reply() {
                return self.cancel(index, fact, "resolved");
            }
            let clock = &mut self.clocks[index];
            // What a resolution started goes on while the ticket is resolved, however often.
            if !clock.is_suspended() && !clock.by_resolution {
                clock.suspended.push((fact.at, None));
            }
        }
        false
    }

    fn stop(&mut self, index: usize, fact: &Entry) -> bool {
        self.clocks[index].end = Some(End {
            at: fact.at,
            by: fact.version,
            how: How::Stopped,
            by_ending: matches!(fact.ev, Ev::Resolved | Ev::Closed),
            by_trigger: true,
        });
        true
    }

    /// C12: what is over is not cancelled but breached.
    fn cancel(&mut self, index: usize, fact: &Entry, why: &str) -> bool {
        let clock = &self.clocks[index];
        let over = gauge::is_over(self.world, &self.seen, clock, fact.at);
        self.clocks[index].end = Some(End {
            at: fact.at,
            by: fact.version,
            how: if over {
                How::Stopped
            } else {
                How::Cancelled(why.to_owned())
            },
            by_ending: why == "closed",
            by_trigger: false,
        });
        true
    }

    /// C9. Returns whether the fact was spent on a clock.
    fn reopen(&mut self, agreement: usize, place: usize, target: &Target, fact: &Entry) -> bool {
        for index in self.of(agreement, place) {
            let clock = &mut self.clocks[index];
            if clock.is_open()
                && let Some((_, to @ None)) = clock.suspended.last_mut()
            {
                *to = Some(fact.at);
            }
        }
        if self.open(agreement, place).is_some() {
            return false;
        }
        let Some(index) = self.of(agreement, place).into_iter().last() else {
            return false;
        };
        let Some(end) = self.clocks[index].end.clone() else {
            return false;
        };
        if !end.by_ending {
            return false;
        }
        let is_old = target.new_cycle_after.is_some_and(|days| {
            fact.at >= super::desk::days_after(self.world.plan.zone, end.at, days)
        });
        match target.reopen {
            // C10: a resolution cancels it, and a closing is one.
            _ if !end.by_trigger && target.is_next_reply() => return false,
            _ if !end.by_trigger => self.bring_back(index, end.at, target, fact, false),
            Reopen::Stay if !is_old => return false,
            Reopen::NewCycle => self.begin(agreement, place, target, fact),
            _ if is_old => self.begin(agreement, place, target, fact),
            Reopen::Continue | Reopen::Stay => {
                self.bring_back(index, end.at, target, fact, false);
            }
            Reopen::WithGap => self.bring_back(index, end.at, target, fact, true),
        }
        true
    }

    fn bring_back(
        &mut self,
        index: usize,
        ended_at: i64,
        target: &Target,
        fact: &Entry,
        with_gap: bool,
    ) {
        let goal = target.goal(&self.judged);
        let plan = self.plans[self.clocks[index].agreement];
        let clock = &mut self.clocks[index];
        clock.end = None;
        if let Some((_, to @ None)) = clock.suspended.last_mut() {
            *to = Some(fact.at);
        } else if !with_gap {
            clock.suspended.push((ended_at, Some(fact.at)));
        }
        let last = clock.attachments[clock.attachments.len() - 1];
        if last.plan == plan {
            attach(clock, goal, fact);
        } else {
            // The ticket was moved while the clock was stopped.
            clock.attachments.push(Attachment {
                at: fact.at,
                by: fact.version,
                goal,
                plan,
                rebound: true,
            });
        }
    }

    fn start(
        &mut self,
        agreement: usize,
        place: usize,
        target: &Target,
        fact: &Entry,
        ended: bool,
    ) {
        let by_customer = self.opener == Some(Opener::Customer);
        let is_first_response = self.plan(agreement).targets[agreement]
            .iter()
            .any(|other| other.after == Some(place));
        let mut starts = world::any(&target.start, fact) && (by_customer || !is_first_response);
        if target.is_next_reply() {
            let is_message = match fact.ev {
                Ev::CustomerWrote => starts,
                Ev::Received { .. } => by_customer,
                _ => false,
            };
            let own = (agreement, place);
            let first = target.after.map(|first| self.first(agreement, first, fact));
            let first = first.unwrap_or_default();
            // The request itself is cycle 0's affair, as long as there is one.
            let is_request = matches!(fact.ev, Ev::Received { .. });
            if is_message && is_request && first.is_open {
                self.requested.push(own);
            } else if is_message && !self.waiting.contains(&own) {
                self.waiting.push(own);
            }
            // What ends a reply clock ends the waiting for one, of a message and of the request
            // alike: an answer, a cancellation, a resolution, a closing.
            let ends = world::any(&target.stop, fact)
                || world::any(&target.cancel, fact)
                || world::any(&self.plan(agreement).cancel[agreement], fact)
                || matches!(fact.ev, Ev::Resolved | Ev::Closed);
            if ends {
                self.waiting.retain(|it| *it != own);
                self.requested.retain(|it| *it != own);
            }
            let message_waits = self.waiting.contains(&own);
            let request_waits = self.requested.contains(&own);
            let takes_over =
                (first.ends && message_waits) || (first.sleeps && (message_waits || request_waits));
            starts = (starts || is_message || takes_over) && !first.is_open;
        }
        let is_reset = matches!(&target.cycle, Cycle::Restart { reset } if world::any(reset, fact));
        let is_anchor = target.is_lead() && matches!(fact.ev, Ev::VisitBooked { .. });
        if ended && (is_reset || is_anchor) && !world::any(&target.stop, fact) {
            self.begin(agreement, place, target, fact);
            return;
        }
        let is_first = self.of(agreement, place).is_empty();
        if !starts || ended || self.open(agreement, place).is_some() {
            return;
        }
        if is_first || target.cycle != Cycle::Once {
            self.begin(agreement, place, target, fact);
        }
    }

    /// C10: the two never run together, so cycle 1 yields where cycle 0 comes back.
    fn yield_to_first(&mut self, agreement: usize, place: usize, target: &Target, fact: &Entry) {
        let Some(first) = target.after else {
            return;
        };
        let first_is_back = self
            .open(agreement, first)
            .is_some_and(|index| self.clocks[index].goal().is_some());
        if let (true, Some(own)) = (first_is_back, self.open(agreement, place)) {
            self.cancel(own, fact, "superseded");
        }
    }

    /// How cycle 0 stands after this fact.
    fn first(&self, agreement: usize, first: usize, fact: &Entry) -> First {
        let mut found = First::default();
        for index in self.of(agreement, first) {
            let clock = &self.clocks[index];
            let has_goal = clock.goal().is_some();
            let ended = clock.end.as_ref().is_some_and(|end| end.by == fact.version);
            let judged = clock
                .attachments
                .last()
                .is_some_and(|last| last.by == fact.version);
            found.is_open |= clock.is_open() && has_goal;
            found.ends |= ended && has_goal;
            found.sleeps |= judged && clock.is_open() && !has_goal && clock.was_promised();
        }
        found
    }

    fn begin(&mut self, agreement: usize, place: usize, target: &Target, fact: &Entry) {
        let visit_at = match fact.ev {
            Ev::VisitBooked { ahead } => Some(fact.at + ahead * super::desk::MINUTE),
            _ => self
                .of(agreement, place)
                .last()
                .and_then(|index| self.clocks[*index].visit_at),
        };
        let cycle = u32::try_from(self.of(agreement, place).len() + 1).unwrap();
        self.clocks.push(Clock {
            agreement,
            target: place,
            cycle,
            started_by: fact.version,
            started_at: fact.at,
            by_resolution: matches!(fact.ev, Ev::Resolved),
            visit_at,
            attachments: vec![Attachment {
                at: fact.at,
                by: fact.version,
                goal: target.goal(&self.judged),
                plan: self.plans[agreement],
                rebound: false,
            }],
            suspended: Vec::new(),
            end: None,
        });
    }

    /// C8.
    fn reclassify(&mut self, agreement: usize, place: usize, target: &Target, fact: &Entry) {
        if !matches!(fact.ev, Ev::Classified { .. }) {
            return;
        }
        let goal = target.goal(&self.judged);
        if let Some(index) = self.open(agreement, place) {
            attach(&mut self.clocks[index], goal, fact);
        }
    }
}

/// Attaches the goal that now fits, if it is another one.
fn attach(clock: &mut Clock, goal: Option<usize>, fact: &Entry) {
    if clock.goal() != goal {
        clock.attachments.push(Attachment {
            at: fact.at,
            by: fact.version,
            goal,
            plan: clock.attachments[clock.attachments.len() - 1].plan,
            rebound: false,
        });
    }
}

/// C8: where counting begins under an attachment, and where its budget is anchored.
pub fn base(mode: Mode, clock: &Clock, index: usize) -> i64 {
    match mode {
        Mode::Forward | Mode::Reset if index > 0 => clock.attachments[index].at,
        _ => clock.started_at,
    }
}
