//! Plays a written story and holds what the engine says against what the story says.
//!
//! A story is a text of lines. Times are local, in the zone of the policy; the year is 2026 unless
//! it is written; an offset (`02:30+01:00`) tells the two hours of a fold apart. `#` begins a remark.
//!
//! ```text
//! 03-09 10:00 received class=fault          a fact; its words are those of the JSON face
//! 03-09 12:00 late 03-09 11:00 replied      a fact of 11:00 that is recorded at 12:00
//! 03-09 12:00 inserted 03-09 11:00 replied  the same, asking nobody
//! 03-09 12:00 foreign paused reason=parts   a fact that no command would have led to
//! 03-09 12:00 refused replied               a command that is refused
//! 03-09 12:00 rebind                        the ticket moves to the next version of the policy
//! 03-09 12:00 tick                          the engine records what it has to
//! 03-09 12:00 look                          time passes
//! = solve: running open, used 1:00 of 4:00, due 03-09 14:00     how each clock stands, all of them
//! ~ solve: ...                              the same of one clock among others; `..` leaves its end open
//! - solve 2                                  there is no such clock
//! + solve: counting 1:00, closed 0:30       where the time of a clock went
//! > lead: solve rung 0 at 03-09 14:00, ahead                    every rung and how it stands
//! ! told lead: solve rung 0 at 03-09 14:00  what the tick recorded, all of it
//! * solve: met -> breached                  what the late fact revised, all of it
//! ```
//!
//! `used` and `of` are in the measure of the clock. `due A till B` gives `due_at` and
//! `breach_after`; one instant alone stands for both, and `till resumed` for a `breach_after` that is
//! not known while the clock waits. `resumed B` is `due_if_resumed_now`.
//!
//! Each story is played twice: as written, and with the engine looking in before and after every
//! line, which must change nothing that it says of any clock. After every line the explanation of
//! every clock is checked: contiguous from `Received` to the reading, summing to wall time, and
//! counting what the clock has used. At the end, unless facts came late, every instant of the story
//! is read once more and must read as it did then.

mod words;

use std::sync::Arc;

use punctual::clock::{self, Attribution, Bindings, Explanation, Reading};
use punctual::escalation;
use punctual::event::{Actor, ActorId, Recorded, RoleId, StreamId};
use punctual::policy::{Document, Notation, Policy, PolicyBook};
use punctual::supervision;
use punctual::ticket::{Action, Command, Outcome, Permit, Ticket, TicketEvent, decide};
use punctual::time::{Instant, Span};
use serde_json::{Map, Value};

use words::Words;

/// Plays a story under one policy that was never changed.
pub(crate) fn play(policy: &str, story: &str) {
    play_versions(&[policy], story);
}

/// Plays a story under the versions of a policy; each `rebind` moves the ticket to the next one.
pub(crate) fn play_versions(versions: &[&str], story: &str) {
    let versions = compile(versions);
    for looks_in in [false, true] {
        let mut stage = Stage::new(&versions, looks_in);
        for line in story.lines() {
            stage.line(line);
        }
        stage.finish();
    }
}

/// Returns the versions of a policy, each the revision of the one before it.
pub(crate) fn compile(versions: &[&str]) -> Vec<Arc<Policy>> {
    let mut compiled: Vec<Arc<Policy>> = Vec::new();
    for source in versions {
        let document = Document::parse(source, Notation::Toml).unwrap_or_else(|it| panic!("{it}"));
        let policy = match compiled.last() {
            None => document.compile(1, &[]),
            Some(former) => document.revise(former),
        };
        compiled.push(Arc::new(policy.unwrap_or_else(|it| panic!("{it}"))));
    }
    compiled
}

/// One playing of a story.
pub(crate) struct Stage<'p> {
    versions: &'p [Arc<Policy>],
    book: PolicyBook,
    /// How many of the versions the ticket has been moved to.
    bound: usize,
    words: Words,
    looks_in: bool,
    pub(crate) ticket: Ticket,
    pub(crate) now: Instant,
    /// Whether every fact came through a command, in the order in which they happened.
    is_tidy: bool,
    /// What stood at each instant, by what was known then.
    seen: Vec<(Instant, Vec<Reading>)>,
    recorded: Vec<String>,
    revised: Vec<String>,
    /// What the story says since the last fact, by the mark in front of it.
    said: Vec<(char, String)>,
    place: String,
}

impl<'p> Stage<'p> {
    pub(crate) fn new(versions: &'p [Arc<Policy>], looks_in: bool) -> Self {
        Self {
            versions,
            book: book(versions),
            bound: 0,
            words: Words::of(&versions[0]),
            looks_in,
            ticket: Ticket::default(),
            now: Instant::MIN,
            is_tidy: true,
            seen: Vec::new(),
            recorded: Vec::new(),
            revised: Vec::new(),
            said: Vec::new(),
            place: String::new(),
        }
    }

    pub(crate) fn line(&mut self, line: &str) {
        let line = line.split('#').next().unwrap_or_default().trim();
        let Some(mark) = line.chars().next() else {
            return;
        };
        if mark.is_ascii_digit() {
            self.compare();
            self.place = line.to_owned();
            self.act(line);
            self.check_explanations();
            self.seen.retain(|(at, _)| *at != self.now);
            self.seen.push((self.now, self.readings()));
        } else {
            self.said.push((mark, line[1..].trim().to_owned()));
        }
    }

    pub(crate) fn finish(&mut self) {
        self.compare();
        if self.is_tidy {
            assert_eq!(self.ticket.anomalies(), [], "{}", self.place);
            for (at, seen) in &self.seen {
                assert_eq!(self.readings_at(*at), *seen, "the past of {at} has changed");
            }
        }
        let mut told: Vec<_> = self.ticket.told().escalated.iter().collect();
        told.sort_by_key(|it| (&it.clock, it.rung, it.repeat));
        let twice = told.windows(2).find(|pair| {
            (&pair[0].clock, pair[0].rung, pair[0].repeat)
                == (&pair[1].clock, pair[1].rung, pair[1].repeat)
        });
        assert_eq!(twice, None, "a rung was told twice");
    }

    fn act(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.now = self.instant(words[0], words[1]);
        if self.looks_in {
            self.tick();
        }
        self.recorded.clear();
        self.revised.clear();
        match words[2] {
            "look" => {}
            "tick" => self.tick(),
            "rebind" => self.rebind(),
            "late" => {
                self.is_tidy = false;
                let at = self.instant(words[3], words[4]);
                self.late(at, &words[5..]);
            }
            "inserted" => {
                self.is_tidy = false;
                let at = self.instant(words[3], words[4]);
                let (event, actor) = self.event(&words[5..]);
                self.append(at, actor, event);
            }
            "foreign" => {
                self.is_tidy = false;
                let (event, actor) = self.event(&words[3..]);
                self.append(self.now, actor, event);
            }
            "refused" => {
                let refused = self.try_fact(self.now, &words[3..]);
                assert!(refused.is_err(), "{line}: accepted");
            }
            _ => self.fact(self.now, &words[2..]),
        }
        if self.looks_in {
            self.tick();
        }
    }

    fn fact(&mut self, at: Instant, words: &[&str]) {
        let place = &self.place.clone();
        self.try_fact(at, words)
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        if words[0] == "received" && self.versions.len() > 1 {
            let first = book(&self.versions[..1]);
            for event in supervision::bind(&self.ticket, &first) {
                self.append(self.now, None, event);
            }
        }
    }

    fn try_fact(&mut self, at: Instant, words: &[&str]) -> Result<(), String> {
        let (event, actor) = self.event(words);
        let action = Action::from_event(event).unwrap();
        let actor = actor.unwrap_or_else(|| Actor::new(ActorId::new("desk").unwrap()));
        let command = Command::new(action, at, actor);
        let decided = decide(&self.ticket, command, &Permit::default(), self.now)
            .map_err(|error| error.to_string())?;
        for pending in decided {
            let recorded = pending.recorded(stream(), &self.ticket);
            self.ticket.apply(&recorded);
        }
        Ok(())
    }

    fn late(&mut self, at: Instant, words: &[&str]) {
        // What was believed and what is known now, of one instant: a moment before it became known.
        let then = self.now.checked_sub(Span::from_micros(1)).unwrap();
        let before = self.readings_at(then);
        self.fact(at, words);
        let fact = self.ticket.timeline().fact(self.ticket.version()).unwrap();
        let (cause, kind) = (fact.version, fact.kind);
        let after = self.readings_at(then);
        for event in supervision::revisions::<Box<str>>(&before, &after, cause, kind) {
            let TicketEvent::VerdictRevised(revised) = &event else {
                panic!("{event:?} is no revision");
            };
            assert_eq!(revised.cause, cause);
            let said = |outcome: Option<_>| {
                outcome.map_or_else(|| "none".to_owned(), |it: Outcome| it.to_string())
            };
            self.revised.push(format!(
                "{}: {} -> {}",
                words::name(&revised.clock),
                said(revised.old),
                said(revised.new)
            ));
            self.append(self.now, None, event);
        }
    }

    fn rebind(&mut self) {
        self.bound += 1;
        for event in supervision::rebind(&self.versions[self.bound]) {
            self.append(self.now, None, event);
        }
    }

    /// Records what the engine has to record; a second look finds nothing more.
    fn tick(&mut self) {
        for round in 0..2 {
            let bindings = self.bindings(self.now);
            let events = supervision::supervise(&self.ticket, &bindings, self.now);
            assert!(
                round == 0 || events.is_empty(),
                "{}: a second look found {events:?}",
                self.place
            );
            for event in events {
                let text = self.words.event(&event, self.now);
                self.recorded.push(text);
                self.append(self.now, None, event);
            }
        }
    }

    fn append(&mut self, at: Instant, actor: Option<Actor>, event: TicketEvent) {
        self.ticket.apply(&Recorded {
            stream: stream(),
            version: self.ticket.version().next(),
            position: None,
            occurred_at: at,
            recorded_at: self.ticket.recorded_at().map_or(at, |last| last.max(at)),
            actor,
            subject: None,
            event,
        });
    }

    fn event(&self, words: &[&str]) -> (TicketEvent, Option<Actor>) {
        let mut fields = Map::from_iter([("type".to_owned(), words[0].into())]);
        let mut actor = None;
        for word in &words[1..] {
            let (key, value) = word.split_once('=').unwrap();
            let value = self.value(value);
            if key == "by" {
                let role = RoleId::new(value.as_str().unwrap()).unwrap();
                actor = Some(Actor::new(ActorId::new("desk").unwrap()).with_role(role));
            } else if matches!(key, "text" | "alternative") {
                let plain = Map::from_iter([("plain".to_owned(), value)]);
                fields.insert(key.to_owned(), Value::Object(plain));
            } else if let Some(own) = key.strip_prefix("fields.") {
                let table = fields
                    .entry("fields")
                    .or_insert_with(|| Value::Object(Map::new()));
                table.as_object_mut().unwrap().insert(own.to_owned(), value);
            } else {
                fields.insert(key.to_owned(), value);
            }
        }
        let event = serde_json::from_value(Value::Object(fields));
        (
            event.unwrap_or_else(|error| panic!("{}: {error}", self.place)),
            actor,
        )
    }

    fn value(&self, text: &str) -> Value {
        if let Some((date, time)) = text.split_once('T')
            && date.contains('-')
        {
            return self.instant(date, time).to_string().into();
        }
        if text == "true" || text == "false" {
            return (text == "true").into();
        }
        text.parse::<u64>()
            .map_or_else(|_| text.into(), Value::from)
    }

    pub(crate) fn bindings(&self, now: Instant) -> Bindings<'_> {
        if self.versions.len() == 1 {
            return Bindings::to(&self.versions[0]);
        }
        Bindings::recorded(self.ticket.timeline(), &self.book, now).unwrap()
    }

    pub(crate) fn readings(&self) -> Vec<Reading> {
        self.readings_at(self.now)
    }

    fn readings_at(&self, at: Instant) -> Vec<Reading> {
        clock::read(self.ticket.timeline(), &self.bindings(at), at)
    }

    fn explanations(&self) -> Vec<Explanation> {
        let bindings = self.bindings(self.now);
        clock::explain(self.ticket.timeline(), &bindings, self.now)
    }

    /// Holds what was said since the last line against what is so.
    fn compare(&mut self) {
        let said = std::mem::take(&mut self.said);
        let of = |mark: char| -> Vec<String> {
            let lines = said.iter().filter(|(found, _)| *found == mark);
            lines.map(|(_, text)| text.clone()).collect()
        };
        for (mark, text) in &said {
            assert!(
                "=~-+>!*".contains(*mark),
                "{}: not understood: {mark}{text}",
                self.place
            );
        }
        let readings: Vec<String> = self
            .readings()
            .iter()
            .map(|it| self.words.reading(it))
            .collect();
        if !of('=').is_empty() {
            self.same("clocks", &of('='), &readings);
        }
        let sums: Vec<String> = self.explanations().iter().map(words::sums).collect();
        for (mark, found) in [('~', &readings), ('+', &sums)] {
            for wanted in of(mark) {
                let is_so = |it: &String| match wanted.strip_suffix(" ..") {
                    Some(start) => it.starts_with(start),
                    None => *it == wanted,
                };
                assert!(
                    found.iter().any(is_so),
                    "{}\n  wanted {wanted}\n  found  {}",
                    self.place,
                    found.join("\n         ")
                );
            }
        }
        for absent in of('-') {
            let named = format!("{absent}:");
            self.same(
                "absent",
                &[],
                &readings
                    .iter()
                    .filter(|it| it.starts_with(&named))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        // What was told already depends on who looked in; everything else must not.
        if !self.looks_in {
            if !of('>').is_empty() {
                self.same("rungs", &of('>'), &self.notices());
            }
            if self.place.ends_with("tick") {
                self.same("recorded", &of('!'), &self.recorded);
            }
        }
        self.same("revised", &of('*'), &self.revised);
    }

    fn same(&self, what: &str, wanted: &[String], found: &[String]) {
        assert!(
            wanted == found,
            "{} ({what})\n  wanted {}\n  found  {}",
            self.place,
            wanted.join("\n         "),
            found.join("\n         ")
        );
    }

    /// SEMANTICS C16, for every clock, whatever the story is about.
    fn check_explanations(&self) {
        let readings = self.readings();
        let explanations = self.explanations();
        assert_eq!(readings.len(), explanations.len(), "{}", self.place);
        for (reading, explanation) in readings.iter().zip(&explanations) {
            let place = format!("{}: {}", self.place, self.words.reading(reading));
            assert_eq!(*reading, explanation.reading, "{place}");
            let mut end = self.ticket.timeline().received_at().unwrap();
            for part in &explanation.parts {
                assert_eq!(part.interval.start(), end, "{place}: a hole");
                end = part.interval.end();
            }
            assert_eq!(end, self.now, "{place}: not up to the reading");
            let received_at = self.ticket.timeline().received_at().unwrap();
            assert_eq!(explanation.wall_time(), self.now.since(received_at));
            if explanation.traces.len() == 1 {
                let counted = explanation.sum_of(|it| *it == Attribution::Counting);
                assert_eq!(counted, reading.elapsed, "{place}: counted");
            }
        }
    }

    fn notices(&self) -> Vec<String> {
        let bindings = self.bindings(self.now);
        let notices = escalation::notices(&self.ticket, &bindings, self.now);
        notices.iter().map(|it| self.words.notice(it)).collect()
    }

    /// Reads a local time of the policy's zone.
    pub(crate) fn instant(&self, date: &str, time: &str) -> Instant {
        self.words.instant(date, time)
    }
}

fn book(versions: &[Arc<Policy>]) -> PolicyBook {
    let mut book = PolicyBook::default();
    for policy in versions {
        book.add(Arc::clone(policy));
    }
    book
}

fn stream() -> StreamId {
    StreamId::new("acme", "ticket", "1").unwrap()
}
