//! The neutral events of a data set, told to the fold as a service would have recorded them.

use std::path::Path;

use punctual::event::{FieldValue, MarkId, ReasonId, Recorded, StreamId};
use punctual::ticket::{
    Assigned, Classified, Marked, Message, Paused, Received, Resolved, Resumed, Ticket, TicketEvent,
};
use punctual::time::Instant;
use serde::Deserialize;

use crate::data;

/// A row of `events.csv.gz`; rows of one ticket stand together, in `seq` order.
#[derive(Debug, Deserialize)]
struct Row {
    ticket: String,
    seq: u64,
    at: Instant,
    kind: What,
    class: String,
    detail: String,
}

/// The kinds of neutral events.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Received,
    Classified,
    Assigned,
    Responded,
    Paused,
    Resumed,
    Resolved,
    Closed,
    Reopened,
    Escalated,
    Noted,
}

/// One ticket of a log, folded.
#[derive(Debug)]
pub(crate) struct Logged {
    pub(crate) id: String,
    pub(crate) ticket: Ticket,
}

/// Folds every ticket of a data set.
pub(crate) fn read(folder: &Path, set: &str) -> Vec<Logged> {
    let rows: Vec<Row> = data::table(folder, &format!("{set}/events.csv.gz"));
    rows.chunk_by(|a, b| a.ticket == b.ticket)
        .map(fold)
        .collect()
}

fn fold(rows: &[Row]) -> Logged {
    let id = rows[0].ticket.clone();
    let mut told = Told::new(&id);
    for (row, seq) in rows.iter().zip(1..) {
        assert_eq!(
            row.seq, seq,
            "{id}: events of a ticket are numbered without a hole"
        );
        told.tell(row);
    }
    // The logs are sound, and so the fold must find them.
    assert_eq!(told.ticket.anomalies(), [], "{id}");
    Logged {
        id,
        ticket: told.ticket,
    }
}

/// A ticket, and what must be remembered to tell it the next event.
struct Told {
    stream: StreamId,
    ticket: Ticket,
    waits: bool,
}

impl Told {
    fn new(id: &str) -> Self {
        Self {
            stream: StreamId::new("logs", "ticket", id).unwrap(),
            ticket: Ticket::default(),
            waits: false,
        }
    }

    fn tell(&mut self, row: &Row) {
        // One status at a time: each pause first clears the one before it (SEMANTICS C4).
        if matches!(row.kind, What::Paused) && self.waits {
            self.apply(row.at, TicketEvent::Resumed(Resumed { reason: None }));
        }
        self.waits = match row.kind {
            What::Paused => true,
            What::Resumed | What::Resolved | What::Closed => false,
            What::Received
            | What::Classified
            | What::Assigned
            | What::Responded
            | What::Reopened
            | What::Escalated
            | What::Noted => self.waits,
        };
        self.apply(row.at, event(row));
    }

    fn apply(&mut self, at: Instant, event: TicketEvent) {
        self.ticket.apply(&Recorded {
            stream: self.stream.clone(),
            version: self.ticket.version().next(),
            position: None,
            occurred_at: at,
            recorded_at: at,
            actor: None,
            subject: None,
            event,
        });
    }
}

fn event(row: &Row) -> TicketEvent {
    let class = || Some(row.class.parse().unwrap());
    match row.kind {
        What::Received => TicketEvent::Received(Received {
            class: class(),
            ..Received::default()
        }),
        What::Classified => TicketEvent::Classified(Classified {
            class: class(),
            ..Classified::default()
        }),
        What::Assigned => TicketEvent::Assigned(Assigned {
            team: FieldValue::new(&row.detail).ok(),
            ..Assigned::default()
        }),
        // A change of status by which somebody showed that they had seen it; not an answer.
        What::Responded => TicketEvent::Marked(Marked {
            mark: MarkId::new("responded").unwrap(),
            text: None,
        }),
        What::Paused => TicketEvent::Paused(Paused {
            reason: ReasonId::new(&row.detail).unwrap(),
        }),
        What::Resumed => TicketEvent::Resumed(Resumed { reason: None }),
        What::Resolved => TicketEvent::Resolved(Resolved::default()),
        What::Closed => TicketEvent::Closed(Message::NONE),
        What::Reopened => TicketEvent::Reopened(Message::NONE),
        // The level of support rose: a fact of the old system that no clock here asks for.
        What::Escalated | What::Noted => TicketEvent::Noted(Message::NONE),
    }
}
