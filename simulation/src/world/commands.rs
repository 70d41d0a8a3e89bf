//! Commands on their way, and their answers held to the log.

use std::rc::Rc;

use punctual::event::{CommandId, StreamId};

use super::{DAY, Job, MINUTE, SECOND, World};
use crate::sent::{Ended, Sent, attempt};
use crate::violation::Violation;

impl World {
    /// Four of five commands have an id, as a careful caller gives; three in a hundred have another's, as a careless one
    /// does.
    pub(super) fn send_step(&mut self, life: usize, step: usize) {
        let (tenant, story) = &self.lives[life];
        let tenant = &self.plan.tenants[*tenant];
        let Some((_, command)) = story.steps.get(step) else {
            return;
        };
        let Ok(stream) = StreamId::new(tenant, "ticket", &story.name) else {
            return;
        };
        let number = self.sent.len();
        let mark = format!("c-{number}");
        let mut id = self.course.permille(800).then(|| mark.clone());
        // The id of another command, by mistake.
        if self.course.permille(30) {
            let mut others = self.sent.iter().filter(|it| {
                it.stream == stream && it.command.action.kind() != command.action.kind()
            });
            let other = others.next_back().and_then(|it| it.id.as_ref());
            // Two that ask the same under one id are one command, whenever they were asked and in
            // whatever words: those are not in the digest.
            let is_alike = |it: &Sent| {
                it.stream == stream
                    && it.id.as_ref() == other
                    && it.command.action.kind() == command.action.kind()
            };
            if let Some(other) = other
                && !self.sent.iter().any(is_alike)
            {
                id = Some(other.as_str().to_owned());
            }
        }
        self.sent.push(Sent {
            stream,
            command: command.clone(),
            mark,
            id: id.and_then(|id| CommandId::new(&id).ok()),
            tries: 0,
            under_way: 0,
            step: Some((life, step)),
            is_over: false,
        });
        if self.course.permille(100) && self.sent[number].id.is_some() {
            let later = match self.course.below(3) {
                0 => 0,
                1 => self.course.between(0, MINUTE),
                _ => self.course.between(0, 3 * DAY),
            };
            self.put_in(later, Job::Command(number));
        }
        self.send(number);
    }

    pub(super) fn send(&mut self, number: usize) {
        let tenant = self.sent[number].stream.tenant().to_owned();
        let Some(engine) = self.any_engine(&tenant) else {
            self.put_in(MINUTE, Job::Command(number));
            return;
        };
        let (slot, engine) = engine;
        let sent = &mut self.sent[number];
        sent.tries += 1;
        sent.under_way += 1;
        let task = attempt(number, sent, engine, Rc::clone(&self.answers));
        self.tasks.begin(slot, task);
    }

    pub(super) fn answer(&mut self, number: usize, ended: Ended) -> Result<(), Violation> {
        self.sent[number].under_way -= 1;
        let sent = &self.sent[number];
        let found = self.watch.command(&sent.mark);
        let told = |what: &str| {
            let (mark, stream, kind) = (&sent.mark, &sent.stream, sent.command.action.kind());
            let holder = sent.id.as_ref();
            let holder = holder.and_then(|id| self.watch.holder(stream.as_str(), id.as_str()));
            Err(Violation::Answer(format!(
                "{mark} ({kind}) of {stream}: {what}; found at {found:?}, its id is held by {holder:?}"
            )))
        };
        let goes_on = match ended {
            Ended::Done(executed) => {
                let place = (
                    executed.partition,
                    executed.offset,
                    executed.revision.version(),
                );
                if found.map(|it| (it.partition, it.offset, it.version)) != Some(place) {
                    return told(&format!("acknowledged as {executed:?}"));
                }
                self.report.acknowledged += 1;
                true
            }
            Ended::Refused(why) => {
                if found.is_some() {
                    return told(&format!("refused ({why})"));
                }
                self.report.refused += 1;
                true
            }
            Ended::Reused => {
                let id = sent.id.as_ref().map_or("", |id| id.as_str());
                let holder = self.watch.holder(sent.stream.as_str(), id);
                if holder.is_none_or(|holder| holder == sent.mark) {
                    return told(&format!("refused as used by {holder:?}"));
                }
                true
            }
            Ended::NotWritten => !self.try_again(number),
            Ended::Unknown if sent.id.is_some() => !self.try_again(number),
            Ended::Unknown => {
                self.report.unknown += 1;
                true
            }
            Ended::Odd(error) => return told(&error),
        };
        if goes_on && !self.sent[number].is_over {
            self.sent[number].is_over = true;
            if let Some((life, step)) = self.sent[number].step {
                self.put_step(life, step + 1);
            }
        }
        Ok(())
    }

    pub(super) fn try_again(&mut self, number: usize) -> bool {
        if self.sent[number].tries > 12 {
            return false;
        }
        let wait = self.course.between(0, 40 * SECOND);
        self.put_in(wait, Job::Command(number));
        true
    }
}
