//! What engines are asked for beside commands: to look, to read on, to move a ticket, to publish.

use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::{Engine, PublishError};
use punctual::event::StreamId;
use punctual::time::{Instant, Span};

use super::{HOUR, Job, World};
use crate::violation::Violation;

impl World {
    pub(super) fn tick_one(&mut self) {
        if let Some((slot, engine)) = self.any_slot() {
            self.tick_one_of(slot, engine);
        }
    }

    pub(super) fn tick_one_of(&mut self, slot: usize, engine: Arc<Engine>) {
        if self.slots[slot].stop.is_some() {
            return;
        }
        let failed_at = Rc::clone(&self.slots[slot].failed_at);
        self.tasks.begin(slot, async move {
            let now = engine.now();
            if let Ok(tick) = engine.tick(now).await
                && !tick.failures.is_empty()
            {
                *failed_at.borrow_mut() = Some(now);
            }
        });
    }

    /// An engine whose clock is right looks just when something falls due.
    pub(super) fn tick_in_time(&mut self) {
        let Some((slot, engine)) = self.any_slot() else {
            return;
        };
        let Some(next_at) = engine.next_at().filter(|at| *at >= self.now) else {
            return;
        };
        let first = self.queue.first_key_value().map(|((at, _), _)| *at);
        if self.tasks.short() == 0 && first.is_some_and(|first| next_at < first) {
            self.slots[slot].ahead = Span::ZERO;
            self.now = next_at;
            self.set_clocks();
            self.tick_one_of(slot, engine);
        }
    }

    pub(super) fn catch_up(&mut self, slot: usize) {
        let tenants = &mut self.plan.tenants.iter().zip(&self.models);
        let models = tenants.find(|(tenant, _)| **tenant == self.slots[slot].tenant);
        let models = models.map(|(_, models)| models.clone());
        if let Some(engine) = self.slots[slot].up() {
            self.tasks.begin(slot, async move {
                let _again_later = engine.catch_up().await;
                if let Some(models) = models {
                    let _as_well = models.follow(engine).await;
                }
            });
        }
    }

    /// Reads a ticket as it is, or as it was known at some instant, and holds it to the log.
    pub(super) fn look_at_one(&mut self) {
        let names: Vec<&String> = self.watch.tickets().keys().collect();
        let Some(name) = self.course.pick(&names) else {
            return;
        };
        let Ok(stream) = name.parse::<StreamId>() else {
            return;
        };
        let Some((slot, engine)) = self.any_engine(stream.tenant()) else {
            return;
        };
        let known_at = if self.course.permille(500) {
            Instant::MAX
        } else {
            let log = &self.watch.tickets()[stream.as_str()].log;
            let place = self.course.place(log.len());
            let by = Span::from_micros(self.course.between(-1, 1));
            log[place]
                .recorded_at
                .checked_add(by)
                .unwrap_or(Instant::MAX)
        };
        let looks = Rc::clone(&self.trouble);
        let logs = self.watch.tickets()[stream.as_str()].log.clone();
        // What the log holds more by then was not there when it was asked for, or is not compared.
        self.tasks.begin(slot, async move {
            if let Ok(view) = engine.ticket_as_known_at(&stream, known_at).await {
                let version = view.revision().version();
                let mut fold = punctual::ticket::Ticket::default();
                for event in &logs {
                    if event.version <= version && event.recorded_at <= known_at {
                        fold.apply(event);
                    }
                }
                let is_whole = logs.last().is_some_and(|last| last.version >= version);
                let lost = logs.last().is_some_and(|last| last.version > version);
                if lost || (is_whole && fold != *view.ticket()) {
                    *looks.borrow_mut() = Some(Violation::View(format!("{stream} at {known_at}")));
                }
            }
        });
    }

    pub(super) fn rebind_one(&mut self) {
        let names: Vec<&String> = self.watch.tickets().keys().collect();
        let Some(name) = self.course.pick(&names) else {
            return;
        };
        let Ok(stream) = name.parse::<StreamId>() else {
            return;
        };
        let Some((slot, engine)) = self.any_engine(stream.tenant()) else {
            return;
        };
        let book = engine.policies();
        let policies: Vec<_> = book.iter().collect();
        let Some(policy) = self.course.pick(&policies) else {
            return;
        };
        let (policy, version) = (policy.id().clone(), policy.version());
        self.tasks.begin(slot, async move {
            let _again_later = engine.rebind_dry_run(&stream, &policy, version).await;
            let _again_later = engine.rebind(&stream, &policy, version).await;
        });
    }

    pub(super) fn publish(&mut self, tenant: usize, version: usize) {
        let name = self.plan.tenants[tenant].clone();
        let Some((slot, engine)) = self.any_engine(&name) else {
            self.put_in(HOUR, Job::Publish(tenant, version));
            return;
        };
        let source = self.rules[tenant].documents[version].clone();
        let trouble = Rc::clone(&self.trouble);
        self.tasks.begin(slot, async move {
            let toml = punctual::policy::Notation::Toml;
            if let Err(PublishError::Document(report)) = engine.publish(&source, toml, None).await {
                let text = format!("a document is refused: {report}");
                *trouble.borrow_mut() = Some(Violation::Engine(text));
            }
        });
    }
}
