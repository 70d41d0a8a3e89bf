//! Logs that show a ticket's whole state in every row: events are what changed between two rows.
//!
//! Audit trails of many systems are like that. A map says what each status means; the first row
//! of a ticket receives it, and each further one tells what differs from the row before.

use std::collections::BTreeMap;

use punctual::event::{Class, FieldValue, Level, MarkId, ReasonId};
use punctual::language::Phrase;
use punctual::ticket::{
    Assigned, Classified, Marked, Message, Paused, Received, Resolved, Resumed, TicketEvent,
};
use punctual::time::Instant;
use serde::Deserialize;

use super::problem::RowError;
use super::template::Columns;
use super::time::TimeForm;
use super::{Cells, wrong};
use crate::text::clean;

/// The part of a map, as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Written {
    column: String,
    words: BTreeMap<String, State>,
    otherwise: Option<State>,
    received_at: Option<String>,
    class: Option<WrittenField>,
    level: Option<WrittenField>,
    #[serde(default)]
    assigned: Vec<String>,
    first_touch: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    column: String,
    #[serde(default)]
    words: BTreeMap<String, String>,
}

/// What a status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// Nobody has touched it.
    New,
    /// Being worked on.
    Open,
    /// Waiting; the status itself is the reason.
    Waiting,
    /// The remedy was carried out.
    Resolved,
    /// Nothing more is to be done.
    Closed,
    /// The row shows no status: as before.
    Unknown,
}

/// What the words of a status column mean, ready to be used.
#[derive(Debug, Clone)]
pub(super) struct Statuses {
    slot: usize,
    words: BTreeMap<String, State>,
    otherwise: Option<State>,
    received_at: Option<usize>,
    class: Option<Judged>,
    level: Option<Judged>,
    assigned: Vec<usize>,
    first_touch: Option<MarkId>,
}

/// A column with a class or a level in it.
#[derive(Debug, Clone)]
struct Judged {
    slot: usize,
    words: BTreeMap<String, String>,
}

impl Judged {
    fn new(written: WrittenField, columns: &mut Columns) -> Self {
        Self {
            slot: columns.slot(&written.column),
            words: written.words,
        }
    }

    /// Returns the word of a row; `None` where the cell is empty.
    fn word<T: std::str::FromStr<Err = punctual::event::NameError>>(
        &self,
        cells: &impl Cells,
    ) -> Result<Option<T>, RowError> {
        let found = cells.cell(self.slot);
        if found.is_empty() {
            return Ok(None);
        }
        let meant = self.words.get(found).map_or(found, String::as_str);
        let word: Result<T, punctual::event::NameError> = meant.parse();
        word.map(Some)
            .map_err(|error| RowError::at(self.slot, Phrase::same(&clean(&error.to_string()))))
    }
}

/// What the last row of a ticket showed.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    state: Option<State>,
    word: String,
    class: Option<Class>,
    level: Option<Level>,
    assigned: Vec<String>,
    touched: bool,
    latest: Option<Instant>,
}

type Dated = (Instant, TicketEvent);

impl Statuses {
    pub(super) fn new(written: Written, columns: &mut Columns) -> Result<Self, String> {
        let first_touch = written.first_touch.map(|mark| MarkId::new(&mark));
        Ok(Self {
            slot: columns.slot(&written.column),
            words: written.words,
            otherwise: written.otherwise,
            received_at: written.received_at.map(|column| columns.slot(&column)),
            class: written.class.map(|it| Judged::new(it, columns)),
            level: written.level.map(|it| Judged::new(it, columns)),
            assigned: written
                .assigned
                .iter()
                .map(|column| columns.slot(column))
                .collect(),
            first_touch: first_touch
                .transpose()
                .map_err(|error| format!("status.first-touch: {error}"))?,
        })
    }

    /// Returns what a row tells beyond the row of its ticket before it. Where the log's clock runs
    /// backwards, what it tells happened when the row before did.
    pub(super) fn events(
        &self,
        cells: &impl Cells,
        times: &TimeForm,
        at: Instant,
        seen: &mut Seen,
    ) -> Result<Vec<Dated>, RowError> {
        let word = cells.cell(self.slot);
        let state = self.state(word)?;
        let class = self.class.as_ref().map_or(Ok(None), |it| it.word(cells))?;
        let level = self.level.as_ref().map_or(Ok(None), |it| it.word(cells))?;
        let mut events = Vec::new();
        let is_first = seen.latest.is_none();
        if is_first {
            let received = self.received(cells, times, at, (&class, &level))?;
            seen.latest = Some(received.0);
            events.push(received);
        }
        let at = seen.latest.map_or(at, |latest| latest.max(at));
        seen.latest = Some(at);
        if !is_first {
            events.extend(judgement(seen, &class, &level).map(|event| (at, event)));
        }
        (seen.class, seen.level) = (class.or(seen.class.take()), level.or(seen.level.take()));
        events.extend(self.assignment(cells, seen).map(|event| (at, event)));
        if state != State::Unknown {
            let changes = self.changes(state, word, seen)?;
            events.extend(changes.into_iter().map(|event| (at, event)));
            seen.state = Some(state);
            word.clone_into(&mut seen.word);
        }
        Ok(events)
    }

    fn state(&self, word: &str) -> Result<State, RowError> {
        let known = self.words.get(word).copied().or(self.otherwise);
        known.ok_or_else(|| {
            let word = clean(word);
            wrong(
                self.slot,
                format!("the map does not say what status `{word}` means"),
                format!("映射中没有说明状态“{word}”的含义"),
            )
        })
    }

    fn received(
        &self,
        cells: &impl Cells,
        times: &TimeForm,
        at: Instant,
        (class, level): (&Option<Class>, &Option<Level>),
    ) -> Result<Dated, RowError> {
        let received_at = match self.received_at {
            Some(slot) if !cells.cell(slot).is_empty() => times
                .read(cells.cell(slot))
                .map_err(|says| RowError::at(slot, says))?,
            Some(_) | None => at,
        };
        let received = Received {
            class: class.clone(),
            level: level.clone(),
            ..Received::default()
        };
        Ok((received_at, TicketEvent::Received(received)))
    }

    fn assignment(&self, cells: &impl Cells, seen: &mut Seen) -> Option<TicketEvent> {
        let now: Vec<String> = self
            .assigned
            .iter()
            .map(|slot| cells.cell(*slot).to_owned())
            .collect();
        let is_new = now != seen.assigned && now.iter().any(|cell| !cell.is_empty());
        let team = now.first().and_then(|cell| FieldValue::new(cell).ok());
        seen.assigned = now;
        is_new.then(|| {
            TicketEvent::Assigned(Assigned {
                team,
                ..Assigned::default()
            })
        })
    }

    /// Returns what a change of status means.
    fn changes(
        &self,
        state: State,
        word: &str,
        seen: &mut Seen,
    ) -> Result<Vec<TicketEvent>, RowError> {
        let before = seen.state.unwrap_or(State::New);
        let works = matches!(state, State::New | State::Open | State::Waiting);
        let mut events = Vec::new();
        // Closed is further than resolved: what is resolved after it was worked on again.
        if (works && matches!(before, State::Resolved | State::Closed))
            || (state == State::Resolved && before == State::Closed)
        {
            events.push(TicketEvent::Reopened(Message::NONE));
        }
        if let Some(mark) = self.first_touch.as_ref().filter(|_| !seen.touched)
            && state != State::New
        {
            seen.touched = true;
            events.push(TicketEvent::Marked(Marked {
                mark: mark.clone(),
                text: None,
            }));
        }
        match state {
            State::Waiting if before != State::Waiting || seen.word != word => {
                let reason = ReasonId::new(word)
                    .map_err(|error| RowError::at(self.slot, Phrase::same(&error.to_string())))?;
                events.push(TicketEvent::Paused(Paused { reason }));
            }
            State::New | State::Open if before == State::Waiting => {
                events.push(TicketEvent::Resumed(Resumed { reason: None }));
            }
            State::Resolved if before != State::Resolved => {
                events.push(TicketEvent::Resolved(Resolved::default()));
            }
            State::Closed if before != State::Closed => {
                if before != State::Resolved {
                    events.push(TicketEvent::Resolved(Resolved::default()));
                }
                events.push(TicketEvent::Closed(Message::NONE));
            }
            State::New
            | State::Open
            | State::Waiting
            | State::Resolved
            | State::Closed
            | State::Unknown => {}
        }
        Ok(events)
    }
}

fn judgement(seen: &Seen, class: &Option<Class>, level: &Option<Level>) -> Option<TicketEvent> {
    let other = |is_given: bool, differs: bool| is_given && differs;
    let is_new = other(class.is_some(), *class != seen.class)
        || other(level.is_some(), *level != seen.level);
    is_new.then(|| {
        TicketEvent::Classified(Classified {
            class: class.clone(),
            level: level.clone(),
            ..Classified::default()
        })
    })
}
