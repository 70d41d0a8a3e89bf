//! Engines that come up, go down and disagree about the time.

use std::sync::Arc;

use super::World;
use punctual::engine::Engine;

impl World {
    pub(super) fn any_engine(&mut self, tenant: &str) -> Option<(usize, Arc<Engine>)> {
        let up: Vec<usize> = (0..self.slots.len())
            .filter(|it| self.slots[*it].tenant == tenant && self.slots[*it].up().is_some())
            .collect();
        let slot = *self.course.pick(&up)?;
        Some((slot, self.slots[slot].up()?))
    }

    pub(super) fn any_slot(&mut self) -> Option<(usize, Arc<Engine>)> {
        let slot = self.course.place(self.slots.len());
        Some((slot, self.slots[slot].up()?))
    }

    pub(super) fn set_clocks(&mut self) {
        for slot in &self.slots {
            let shown = slot.set_clock(self.now);
            self.watch.show(shown);
        }
    }

    pub(super) fn set_calm(&mut self, is_calm: bool) {
        self.is_calm = is_calm;
        for slot in &self.slots {
            slot.store.set_calm(is_calm);
        }
    }

    pub(super) fn open(&mut self, slot: usize) {
        if self.slots[slot].up().is_none() {
            // Whatever was left of an opening before.
            self.tasks.drop_of(slot);
            let opening = self.slots[slot].open();
            self.tasks.begin(slot, opening);
        }
    }

    pub(super) fn reopen(&mut self) {
        for slot in 0..self.slots.len() {
            if self.slots[slot].up().is_none() && self.course.permille(60) {
                self.open(slot);
            }
        }
    }

    /// Drops an engine with all that it was at.
    pub(super) fn shut(&mut self, slot: usize) {
        self.tasks.drop_of(slot);
        let slot = &mut self.slots[slot];
        slot.is_opening = false;
        slot.stop = None;
        if slot.engine.borrow_mut().take().is_some() {
            self.report.crashes += 1;
        }
    }

    pub(super) fn crash(&mut self) {
        let slot = self.course.place(self.slots.len());
        self.shut(slot);
    }
}
