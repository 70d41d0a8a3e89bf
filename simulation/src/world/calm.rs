//! Moments in which the store is well, everything comes to its end, and nothing may be left over.

use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::Engine;
use punctual::time::{Instant, Span};

use super::{DAY, MINUTE, World};
use crate::report::Report;
use crate::violation::Violation;

impl World {
    /// Lets everything that is under way come to its end.
    ///
    /// Two hundred thousand polls without an end is an engine that goes round in a circle.
    pub(super) fn rest(&mut self) -> Result<(), Violation> {
        for _ in 0..200_000 {
            self.set_clocks();
            if !self.tasks.poll_one(&mut self.course) {
                return match self.tasks.short() {
                    0 => self.notice(),
                    some => Err(Violation::Engine(format!("{some} tasks sleep for ever"))),
                };
            }
            self.notice()?;
        }
        Err(Violation::Engine(format!(
            "it does not come to rest: {:?}",
            self.tasks
        )))
    }

    /// Lets the store be well for a moment, has one engine look, and holds everything to the log.
    ///
    /// Nothing may fail in a calm: the store is well, every engine is up, and two minutes have passed, which is longer than
    /// any engine waits before it tries again.
    pub(super) fn calm(&mut self) -> Result<(), Violation> {
        self.report.calms += 1;
        self.set_calm(true);
        self.rest()?;
        for slot in 0..self.slots.len() {
            self.open(slot);
        }
        self.rest()?;
        // What failed just now is tried again a minute later.
        self.now = self
            .now
            .checked_add(Span::from_micros(2 * MINUTE))
            .unwrap_or(self.now);
        self.set_clocks();
        self.rest()?;
        for tenant in 0..self.plan.tenants.len() {
            self.look_at_all(tenant)?;
        }
        self.set_calm(false);
        Ok(())
    }

    /// One engine alone must find all that is owed.
    pub(super) fn look_at_all(&mut self, tenant: usize) -> Result<(), Violation> {
        let name = self.plan.tenants[tenant].clone();
        let Some((slot, engine)) = self.any_engine(&name) else {
            return Err(Violation::Engine("no engine is up".to_owned()));
        };
        self.set_clocks();
        let now = engine.now();
        if self.slots[slot].stop.is_none() {
            self.tick_whole(slot, &engine, now)?;
        }
        self.expect_nothing_owed(&name, now)?;
        self.expect_agenda(&name, &engine, now)?;
        self.expect_read_models(tenant, engine)?;
        self.expect_all_delivered(tenant)
    }

    pub(super) fn tick_whole(
        &mut self,
        slot: usize,
        engine: &Arc<Engine>,
        now: Instant,
    ) -> Result<(), Violation> {
        let (engine, failed) = (Arc::clone(engine), Rc::clone(&self.trouble));
        self.watch.show(now);
        self.tasks.begin(slot, async move {
            match engine.tick(now).await {
                Ok(tick) => {
                    if let Some(failure) = tick.failures.first() {
                        let text = format!("{failure:?}");
                        *failed.borrow_mut() = Some(Violation::Engine(text));
                    }
                }
                Err(error) => {
                    *failed.borrow_mut() = Some(Violation::Engine(format!("{error:?}")));
                }
            }
        });
        self.rest()
    }

    /// Long after everything: nothing is owed any more, by any engine that looks.
    pub(super) fn end(mut self) -> Result<Report, Violation> {
        let end = self.now;
        self.set_calm(true);
        for slot in &mut self.slots {
            slot.ahead = Span::ZERO;
        }
        for days in [30, 700] {
            self.now = self
                .now
                .checked_add(Span::from_micros(days * DAY))
                .unwrap_or(self.now);
            self.set_clocks();
            self.rest()?;
            for tenant in 0..self.plan.tenants.len() {
                self.look_at_all(tenant)?;
            }
        }
        self.expect_one_book()?;
        for watched in self.watch.tickets().values() {
            let from = watched.ticket.timeline().received_at().unwrap_or(end);
            let to = watched.finished_at.unwrap_or(end).min(end).max(from);
            self.report.tickets += 1;
            self.report.open_micros += u128::from(to.since(from).micros().unsigned_abs());
        }
        self.report.seen = self.watch.seen();
        self.report.digest = self.watch.digest();
        Ok(self.report)
    }
}
