//! A read model in the making.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::slot::Slot;
use crate::projection::{Needs, Poison};

/// What one worker has made of a read model.
pub(super) struct Making {
    /// Its place among the projector's.
    number: usize,
    slot: Box<dyn Slot>,
    poison: Option<Poison>,
    /// Set by the first worker that is refused something: a read model that stops is worth nothing,
    /// so the others need not go on with it.
    has_stopped: Arc<AtomicBool>,
}

/// What one worker has made.
pub(super) type Made = Vec<Making>;

impl Making {
    /// Begins with what has found nothing yet; `has_stopped` is that of all workers at it.
    pub(super) fn new(number: usize, slot: Box<dyn Slot>, has_stopped: Arc<AtomicBool>) -> Self {
        Self {
            number,
            slot,
            poison: None,
            has_stopped,
        }
    }

    pub(super) const fn number(&self) -> usize {
        self.number
    }

    pub(super) fn needs(&self) -> Needs {
        self.slot.needs()
    }

    /// Returns whether anything more is to be taken. Nothing else is read by it, so the order in
    /// which other workers see the flag does not matter.
    pub(super) fn goes_on(&self) -> bool {
        !self.has_stopped.load(Ordering::Relaxed)
    }

    /// Takes something, and stops where that is refused.
    pub(super) fn take_with(&mut self, take: impl FnOnce(&mut dyn Slot) -> Result<(), Poison>) {
        if let Err(poison) = take(self.slot.as_mut()) {
            self.poison = Some(poison);
            self.has_stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Returns what was found, and why it stopped, if it was here.
    pub(super) fn into_parts(self) -> (Box<dyn Slot>, Option<Poison>) {
        (self.slot, self.poison)
    }
}
