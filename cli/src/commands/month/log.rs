//! A log that is given: history, appended by a writer beside the engine when the log learned of it.
//!
//! [`Engine::import`](punctual::engine::Engine::import) takes a whole history at once, after which
//! nothing can fall due in the middle of it. Here each event is recorded at its own instant, and not
//! judged, since nobody can refuse the past; the engine follows the log as it would follow another
//! process, looks at the ticket at once, and tells what falls due before the next event. So
//! escalations come about when they would have.

use punctual::event::{Expected, Recorded, StreamId};
use punctual::language::Phrase;
use punctual::policy::{Policy, PolicyBook};
use punctual::store::{Append, EventStore, TicketCodec, TicketWriter, Trace, blocking};
use punctual::supervision;
use punctual::ticket::{Pending, Ticket, TicketEvent};
use punctual::time::Instant;
use std::collections::HashMap;

use super::TENANT;
use super::restart::{self, Restart};
use super::stage::Stage;
use crate::args::MonthArgs;
use crate::console::{Console, Progress};
use crate::failure::{Failure, about};
use crate::policy::PolicyText;
use crate::tickets;
use crate::words::{self, either};

/// The events of a log in the order in which it learned of them.
pub(super) struct Log {
    pub(super) name: String,
    pub(super) text: PolicyText,
    pub(super) policy: Policy,
    pub(super) from: Instant,
    pub(super) until: Instant,
    pub(super) passed_over: usize,
    /// By instant; of one instant by ticket, in the order of the file.
    events: Vec<Event>,
    streams: Vec<StreamId>,
}

/// One event of one ticket.
struct Event {
    ticket: usize,
    pending: Pending,
}

impl Log {
    pub(super) fn read(
        args: &MonthArgs,
        events: &str,
        policy: &str,
        console: &mut Console<'_>,
    ) -> Result<Self, Failure> {
        let text = PolicyText::open(policy)?;
        let policy = text.compile()?;
        let mut histories = tickets::with_events(events, &args.input, console)?;
        histories.keep_tenant(args.input.tenant.as_deref())?;
        let (name, passed_over) = (
            histories.problems.file().to_owned(),
            histories.problems.count(),
        );
        let pauses = histories.pauses;
        let mut log = Self {
            name,
            text,
            policy,
            from: Instant::MAX,
            until: Instant::MIN,
            passed_over,
            events: Vec::new(),
            streams: Vec::new(),
        };
        for history in histories.tickets {
            let named = StreamId::new(TENANT, "ticket", history.ticket.as_str());
            let stream = named.map_err(|error| unusable(&log.name, &error))?;
            let ticket = log.streams.len();
            log.streams.push(stream);
            for recorded in history.record(pauses) {
                // What an engine derived comes about anew.
                if !recorded.event.kind().is_engines() {
                    log.events.push(Event {
                        ticket,
                        pending: pending(recorded),
                    });
                }
            }
        }
        // Stable, so that events of one ticket and one instant stay in their order.
        log.events
            .sort_by_key(|event| (event.pending.recorded_at, event.ticket));
        let instants = log.events.iter().map(|event| event.pending.recorded_at);
        (log.from, log.until) = match (instants.clone().min(), instants.max()) {
            (Some(from), Some(until)) => (from, until),
            _ => return Err(nothing(&log.name)),
        };
        Ok(log)
    }

    pub(super) fn play(
        &self,
        mut stage: Stage,
        console: &Console<'_>,
    ) -> Result<(Stage, Restart), Failure> {
        let codec = TicketCodec::new();
        let mut writer = Writer {
            streams: &self.streams,
            writer: codec.writer(),
            unbound: HashMap::new(),
        };
        let watched = Watched {
            bar: console.count(self.events.len() as u64, &Phrase::fixed("", "")),
            log: self,
            setting: console.setting,
        };
        let same_instant = |a: &Event, b: &Event| a.pending.recorded_at == b.pending.recorded_at;
        let (mut done, mut told) = (0_usize, 0_usize);
        let mut restart = None;
        for events in self.events.chunk_by(same_instant) {
            let Some(at) = events.first().map(|event| event.pending.recorded_at) else {
                continue;
            };
            stage.advance(at)?;
            for events in events.chunk_by(|a, b| a.ticket == b.ticket) {
                writer.append(events, &mut stage)?;
            }
            // The engine learns of them from the log, and looks at those tickets.
            stage.tick(at)?;
            done += events.len();
            if done >= told + 500 {
                told = done;
                stage.collect()?;
                watched.tell(at, done as u64, &stage);
            }
            if restart.is_none() && done * 2 >= self.events.len() {
                let (reopened, found) = restart::restart(stage)?;
                (stage, restart) = (reopened, Some(found));
            }
        }
        stage.advance(self.until)?;
        let (stage, restart) = match restart {
            Some(restart) => (stage, restart),
            None => restart::restart(stage)?,
        };
        watched.bar.end();
        Ok((stage, restart))
    }
}

fn pending(recorded: Recorded<TicketEvent>) -> Pending {
    Pending {
        occurred_at: recorded.occurred_at,
        recorded_at: recorded.recorded_at,
        actor: recorded.actor,
        subject: recorded.subject,
        event: recorded.event,
    }
}

/// Appends history to tickets, and the binding of the policy with the intake.
struct Writer<'w> {
    streams: &'w [StreamId],
    writer: TicketWriter<'w>,
    /// The tickets that have begun without an intake.
    unbound: HashMap<usize, Option<Ticket>>,
}

impl Writer<'_> {
    /// Appends events of one ticket and one instant.
    fn append(&mut self, events: &[Event], stage: &mut Stage) -> Result<(), Failure> {
        let Some((ticket, stream)) = events
            .first()
            .and_then(|event| Some((event.ticket, self.streams.get(event.ticket)?)))
        else {
            return Ok(());
        };
        let stream = stream.clone();
        let directory = stage.directory.clone();
        let failed = |error: &(dyn std::error::Error + 'static)| super::broken(&directory, error);
        let most = stage.store.limits().append_events / 4;
        for events in events.chunks(most.max(1)) {
            for event in events {
                let pushed = self.writer.push(&event.pending, Trace::NONE);
                pushed.map_err(|error| failed(&error))?;
                for bound in self.bind(ticket, &stream, &event.pending, &stage.engine.policies()) {
                    let pushed = self.writer.push(&bound, Trace::NONE);
                    pushed.map_err(|error| failed(&error))?;
                }
            }
            let records = self.writer.take();
            let append = Append::new(stream.clone(), Expected::Any, records);
            blocking::wait(stage.store.append(append)).map_err(|error| failed(&error))?;
            stage.counts.taken += events.len() as u64;
        }
        Ok(())
    }

    /// Returns the bindings that come with an intake.
    fn bind(
        &mut self,
        ticket: usize,
        stream: &StreamId,
        pending: &Pending,
        book: &PolicyBook,
    ) -> Vec<Pending> {
        let known = self
            .unbound
            .entry(ticket)
            .or_insert_with(|| Some(Ticket::default()));
        let Some(folded) = known else {
            return Vec::new();
        };
        folded.apply(&pending.clone().recorded(stream.clone(), folded));
        if folded.timeline().received_at().is_none() {
            return Vec::new();
        }
        let at = pending.recorded_at;
        let bound = supervision::bind(folded, book);
        *known = None;
        let derived = |event| Pending {
            occurred_at: at,
            recorded_at: at,
            actor: None,
            subject: None,
            event,
        };
        bound.into_iter().map(derived).collect()
    }
}

/// How far the log has been played, for those who watch.
struct Watched<'l> {
    bar: Progress,
    log: &'l Log,
    setting: crate::console::Setting,
}

impl Watched<'_> {
    fn tell(&self, at: Instant, events: u64, stage: &Stage) {
        let date = self.log.policy.zone().local(at).format("%Y-%m-%d");
        let open = words::grouped(stage.engine.open_tickets() as u64);
        self.bar.say(either(
            self.setting.language,
            format!("{date}  {open} open"),
            format!("{date}  未结工单 {open}"),
        ));
        self.bar.reach(events);
    }
}

fn unusable(name: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::unusable(about(name, "cannot be played", "无法回放")).because(error)
}

fn nothing(name: &str) -> Failure {
    Failure::unusable(about(name, "there is no event to play", "没有可回放的事件"))
}
