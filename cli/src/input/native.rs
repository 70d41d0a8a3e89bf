//! JSON Lines of Punctual itself: an export of a store, or events written by hand.
//!
//! ```json
//! {"stream":"acme/ticket/T-1","occurred_at":"2026-03-09T01:00:00Z","event":{"type":"received"}}
//! {"ticket":"T-1","at":"2026-03-09T02:00:00Z","event":{"type":"resolved"}}
//! ```
//!
//! Both forms may be mixed. What else an export carries (positions, checksums of commands) is for
//! an import, which is strict about it; here it is passed over.

use punctual::event::{Actor, ActorId, CustomerId, RoleId, StreamId};
use punctual::language::Phrase;
use punctual::ticket::TicketEvent;
use punctual::time::Instant;
use serde::Deserialize;

use super::history::{Histories, Told};
use super::jsonl::{each_line, not_an_object};
use super::problem::RowError;
use super::source::Named;
use crate::failure::Failure;
use crate::text::clean;

/// A line, as far as a replay needs it.
#[derive(Debug, Deserialize)]
struct Written {
    stream: Option<StreamId>,
    ticket: Option<String>,
    version: Option<u64>,
    #[serde(alias = "at")]
    occurred_at: Instant,
    recorded_at: Option<Instant>,
    actor: Option<WrittenActor>,
    #[serde(alias = "customer")]
    subject: Option<CustomerId>,
    /// `None` for a kind of a later release, of which an export has the bytes alone.
    event: Option<TicketEvent>,
}

#[derive(Debug, Deserialize)]
struct WrittenActor {
    id: ActorId,
    #[serde(default)]
    roles: Vec<RoleId>,
}

/// Reads a whole file.
pub(super) fn read(named: Named, histories: &mut Histories) -> Result<(), Failure> {
    each_line(named, &[], histories, |line, histories| {
        let written = serde_json::from_slice::<Written>(line)
            .map_err(|error| (Some(error.column() as u64), explain(&error)))?;
        take(written, histories).map_err(|error| (None, error))
    })
}

fn explain(error: &serde_json::Error) -> RowError {
    if error.is_syntax() || error.is_eof() {
        return not_an_object(error);
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let text = clean(text);
    RowError::row(Phrase::new(
        format!("the line is no event: {text}; a foreign log needs --map"),
        format!("该行不是事件：{text}；外部日志需要 --map"),
    ))
}

fn take(written: Written, histories: &mut Histories) -> Result<(), RowError> {
    // Streams of policies and of whatever comes later lie in the same export.
    if let Some(stream) = &written.stream
        && stream.category() != "ticket"
    {
        return Ok(());
    }
    let place = match (&written.stream, &written.ticket) {
        (Some(stream), _) => histories.place_of_stream(stream.clone()),
        (None, Some(ticket)) => histories.place_of(ticket),
        (None, None) => None,
    };
    let place = place.ok_or_else(|| {
        RowError::row(Phrase::fixed(
            "the line names no ticket: give `ticket` or `stream`",
            "该行没有工单号：请提供 ticket 或 stream",
        ))
    })?;
    let Some(event) = written.event else {
        return Err(RowError::row(Phrase::fixed(
            "the event is of a kind that this release does not know",
            "该事件的类型是此版本所不认识的",
        )));
    };
    let actor = written.actor.map(|actor| Actor {
        id: actor.id,
        roles: actor.roles.into(),
    });
    histories.add(
        place,
        Told {
            sequence: written.version,
            occurred_at: written.occurred_at,
            recorded_at: written.recorded_at,
            actor,
            customer: written.subject,
            event,
        },
    );
    Ok(())
}
