//! One turn of the course: what chance has happen next, and time going by.

use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::Engine;
use punctual::time::Span;
use tokio::sync::Notify;

use super::{DAY, HOUR, Job, SECOND, World};
use crate::violation::Violation;

impl World {
    pub(super) fn turn(&mut self) -> Result<(), Violation> {
        let busy = self.tasks.short();
        match self.course.below(1_000) {
            0..=399 if busy < 12 => self.take_job(),
            400..=499 => self.tick_one(),
            500..=509 | 720..=819 => self.tick_in_time(),
            510..=529 => {
                let slot = self.course.place(self.slots.len());
                self.catch_up(slot);
            }
            530..=569 => self.look_at_one(),
            570..=579 => self.rebind_one(),
            580..=589 => self.jump(),
            590..=599 => self.take_away(),
            600..=609 => {
                self.tasks.drop_one(&mut self.course);
            }
            610..=629 => self.work_or_stop(),
            630..=699 => self.pass_time(),
            700..=719 if self.course.permille(self.plan.crashes * 10) => self.crash(),
            _ => {}
        }
        self.reopen();
        self.set_clocks();
        for _ in 0..self.course.below(14) {
            if !self.tasks.poll_one(&mut self.course) {
                if self.tasks.short() == 0 {
                    self.pass_time();
                }
                break;
            }
        }
        self.notice()
    }

    /// Goes to the next thing to do, or somewhat before it; for days, now and then, with nobody up.
    ///
    /// Time stands still while a turn is made. While somebody is at work it goes on by two seconds at most.
    pub(super) fn pass_time(&mut self) {
        let next = self.queue.first_key_value().map(|((at, _), _)| *at);
        let wake = self
            .slots
            .iter()
            .filter_map(|slot| slot.up()?.next_at())
            .min();
        let mut to = match (next, wake) {
            (Some(next), Some(wake)) if self.course.permille(600) => next.min(wake),
            (Some(next), _) => next,
            (None, _) => return,
        };
        if self.course.permille(4) {
            for slot in 0..self.slots.len() {
                self.shut(slot);
            }
            let days = self.course.between(1, 6 * DAY);
            to = to.checked_add(Span::from_micros(days)).unwrap_or(to);
        }
        if self.tasks.short() > 0 {
            // Somebody is at it: a little time passes.
            let little = self.course.between(0, 2 * SECOND);
            to = to.min(
                self.now
                    .checked_add(Span::from_micros(little))
                    .unwrap_or(to),
            );
        }
        self.now = self.now.max(to);
    }

    pub(super) fn take_job(&mut self) {
        let Some(entry) = self.queue.first_entry() else {
            return;
        };
        if entry.key().0 > self.now {
            self.pass_time();
            return;
        }
        match entry.remove() {
            Job::Step(life, step) => self.send_step(life, step),
            Job::Command(number) => self.send(number),
            Job::Publish(tenant, version) => self.publish(tenant, version),
        }
    }

    /// Clocks disagree by seconds; one of them jumps by more, and comes back some time.
    pub(super) fn jump(&mut self) {
        let slot = self.course.place(self.slots.len());
        let micros = match self.course.below(20) {
            0 => self.course.between(-9 * DAY, 9 * DAY),
            1..=2 => self.course.between(-2 * HOUR, 2 * HOUR),
            _ => self.course.between(-10 * SECOND, 10 * SECOND),
        };
        self.slots[slot].ahead = Span::from_micros(micros);
    }

    pub(super) fn take_away(&mut self) {
        let slot = self.course.place(self.slots.len());
        let is_away = !self.is_calm && self.plan.weather.reads > 0 && self.course.permille(300);
        self.slots[slot].store.set_away(is_away);
    }

    /// An engine begins to work by itself, or is told to end.
    pub(super) fn work_or_stop(&mut self) {
        let Some((slot, engine)) = self.any_slot() else {
            return;
        };
        if let Some(stop) = self.slots[slot].stop.take() {
            stop.notify_one();
            return;
        }
        if self.plan.runs {
            self.work(slot, engine);
        }
    }

    pub(super) fn work(&mut self, slot: usize, engine: Arc<Engine>) {
        let stop = Arc::new(Notify::new());
        self.slots[slot].stop = Some(Arc::clone(&stop));
        let failed = Rc::clone(&self.slots[slot].failed);
        let failed_at = Rc::clone(&self.slots[slot].failed_at);
        self.tasks.begin_long(slot, async move {
            let clock = Arc::clone(&engine);
            let ended = engine.run(stop.notified(), |tick| {
                if !tick.failures.is_empty() {
                    *failed_at.borrow_mut() = Some(clock.now());
                }
            });
            if let Err(error) = ended.await {
                *failed.borrow_mut() = Some(format!("{error:?}"));
            }
        });
    }
}
