//! What is read after each turn: the log, answers, what consumers were given.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::World;
use crate::chance::{Chance, Purpose};
use crate::reader::{Account, Delivered, RoughCheckpoints, read_on};
use crate::violation::Violation;

impl World {
    pub(super) fn notice(&mut self) -> Result<(), Violation> {
        self.watch.look()?;
        if let Some(trouble) = self.trouble.borrow_mut().take() {
            return Err(trouble);
        }
        for slot in &self.slots {
            if let Some(failed) = slot.failed.borrow_mut().take() {
                return Err(Violation::Engine(failed));
            }
        }
        let answers: Vec<_> = self.answers.borrow_mut().drain(..).collect();
        for (number, ended) in answers {
            self.answer(number, ended)?;
        }
        self.feed_consumers()?;
        let watch = &self.watch;
        for (delivered, account, _, tenant) in &mut self.consumers {
            let tenant = &self.plan.tenants[*tenant];
            let taken = account.take(&delivered.borrow(), |partition| {
                watch.order(tenant, partition)
            });
            taken.map_err(Violation::Consumer)?;
        }
        Ok(())
    }

    pub(super) fn add_consumer(&mut self, tenant: usize) -> Result<(), Violation> {
        let checkpoints = RoughCheckpoints::new(self.course.word(), self.plan.weather.reads);
        let delivered = Rc::new(RefCell::new(Delivered::default()));
        self.consumers
            .push((delivered, Account::default(), Arc::new(checkpoints), tenant));
        Ok(())
    }

    /// Keeps a consumer at work on some engine of its tenant.
    pub(super) fn feed_consumers(&mut self) -> Result<(), Violation> {
        for number in 0..self.consumers.len() {
            let tenant = self.plan.tenants[self.consumers[number].3].clone();
            let owner = 1_000 + number;
            if self.tasks.has(owner) {
                continue;
            }
            let Some((_, engine)) = self.any_engine(&tenant) else {
                continue;
            };
            let (delivered, _, checkpoints, _) = &self.consumers[number];
            let id = "mailer".parse().map_err(Violation::log)?;
            let chance = Chance::new(self.course.word(), Purpose::Weather);
            let (checkpoints, delivered) = (Arc::clone(checkpoints), Rc::clone(delivered));
            let task = read_on(engine, id, checkpoints, delivered, chance);
            self.tasks.begin_long(owner, task);
        }
        Ok(())
    }
}
