//! What must be so in a calm moment.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use punctual::clock::Bindings;
use punctual::engine::Engine;
use punctual::event::StreamId;
use punctual::policy::PolicyBook;
use punctual::supervision;
use punctual::ticket::Ticket;
use punctual::time::Instant;

use super::World;
use crate::violation::Violation;
use crate::watch::{Watched, came_about_at, owed};

impl World {
    /// The read models come to what a fold of the whole log comes to.
    pub(super) fn expect_read_models(
        &mut self,
        tenant: usize,
        engine: Arc<Engine>,
    ) -> Result<(), Violation> {
        let (models, failed) = (self.models[tenant].clone(), Rc::clone(&self.trouble));
        self.tasks.begin(0, async move {
            if let Err(error) = models.follow(engine).await {
                *failed.borrow_mut() = Some(Violation::ReadModel(format!("{error:?}")));
            }
        });
        self.rest()?;
        let name = &self.plan.tenants[tenant];
        let all = self.watch.tickets().iter();
        let own = all.filter(|(stream, _)| is_of(stream, name));
        let tickets = own.map(|(_, watched)| &watched.ticket);
        self.models[tenant].expect(tickets, &self.watch.book(name))
    }

    pub(super) fn expect_nothing_owed(&self, tenant: &str, now: Instant) -> Result<(), Violation> {
        let book = self.watch.book(tenant);
        for (stream, watched) in self.watch.tickets() {
            if !is_of(stream, tenant) {
                continue;
            }
            let at = watched
                .ticket
                .recorded_at()
                .map_or(now, |last| last.max(now));
            let mut owed = owed(&watched.ticket, &book, at)?;
            // A ticket whose log a fast clock has written to may be ahead of this engine, which waits
            // until its own clock has come to each thing.
            owed.retain(|event| came_about_at(event).is_none_or(|came| came <= now));
            if !owed.is_empty() {
                let told = watched.told();
                return Err(Violation::Missing(format!(
                    "{stream} at {at}: {owed:?}\nits log:\n{told}"
                )));
            }
        }
        Ok(())
    }

    /// The agenda has just the tickets that are not finished.
    pub(super) fn expect_agenda(
        &mut self,
        tenant: &str,
        engine: &Arc<Engine>,
        now: Instant,
    ) -> Result<(), Violation> {
        let book = self.watch.book(tenant);
        let found = Rc::new(RefCell::new(BTreeSet::new()));
        let (place, asked) = (Rc::clone(&found), Arc::clone(engine));
        self.tasks.begin(0, async move {
            let mut after: Option<StreamId> = None;
            while let Ok(streams) = asked.unfinished(after.as_ref(), 50).await {
                let Some(last) = streams.last().cloned() else {
                    break;
                };
                place.borrow_mut().extend(streams);
                after = Some(last);
            }
        });
        self.rest()?;
        let (mut expected, mut let_go) = (BTreeSet::new(), BTreeSet::new());
        for (stream, watched) in self.watch.tickets() {
            if !is_of(stream, tenant) {
                continue;
            }
            let ticket = &watched.ticket;
            let at = ticket.recorded_at().map_or(now, |last| last.max(now));
            let ahead = ticket.timeline().facts().last().map(|fact| fact.at);
            let ahead = ahead.filter(|ahead| *ahead > at);
            if ahead.is_none() && has_finished(ticket, &book, at)? {
                continue;
            }
            let stream: StreamId = stream.parse().map_err(Violation::log)?;
            // An engine whose clock was ahead, and came back, may have seen it finished.
            if let Some(ahead) = ahead.filter(|ahead| *ahead <= self.watch.shown())
                && has_finished(ticket, &book, ahead)?
            {
                let_go.insert(stream.clone());
            }
            expected.insert(stream);
        }
        let found = found.borrow();
        let lost = expected.difference(&found);
        let lost: Vec<_> = lost.filter(|stream| !let_go.contains(*stream)).collect();
        let kept: Vec<_> = found.difference(&expected).collect();
        if lost.is_empty() && kept.is_empty() {
            return Ok(());
        }
        let first = lost.first().copied().or(kept.first().copied());
        let told = first.and_then(|stream| self.watch.ticket(stream.as_str()));
        Err(Violation::Agenda(format!(
            "lost {lost:?}, kept {kept:?} at {now}; the log of the first:\n{}",
            told.map(Watched::told).unwrap_or_default()
        )))
    }

    pub(super) fn expect_all_delivered(&self, tenant: usize) -> Result<(), Violation> {
        let name = &self.plan.tenants[tenant];
        for (delivered, account, _, whose) in &self.consumers {
            if *whose != tenant {
                continue;
            }
            for partition in self.store.partitions().iter() {
                let (given, all) = (
                    account.given(partition),
                    self.watch.order(name, partition).len(),
                );
                if given != all && delivered.borrow().starts > 0 {
                    return Err(Violation::Consumer(format!(
                        "{given} of {all} of {partition:?}"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Every engine that has caught up knows the same policies in the same order.
    pub(super) fn expect_one_book(&mut self) -> Result<(), Violation> {
        for slot in 0..self.slots.len() {
            self.catch_up(slot);
        }
        self.rest()?;
        for slot in &self.slots {
            let book = self.watch.book(&slot.tenant);
            if slot.up().is_some_and(|engine| engine.policies() != book) {
                return Err(Violation::Engine(
                    "two engines know different policies".to_owned(),
                ));
            }
        }
        Ok(())
    }
}

/// Returns whether nothing is left of a ticket, also not a breach that an engine whose clock lags
/// behind the log has yet to record.
fn has_finished(ticket: &Ticket, book: &PolicyBook, at: Instant) -> Result<bool, Violation> {
    let bindings = Bindings::recorded(ticket.timeline(), book, at);
    let bindings = bindings.map_err(Violation::log)?;
    let outlook = supervision::outlook(ticket, &bindings, at);
    Ok(outlook.is_finished && outlook.wake_at.is_none())
}

fn is_of(stream: &str, tenant: &str) -> bool {
    stream
        .strip_prefix(tenant)
        .is_some_and(|rest| rest.starts_with("/ticket/"))
}
