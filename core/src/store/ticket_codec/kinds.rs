//! The table of kinds and schemas, and the way from an event to its payload and back.

use serde::{Deserialize, Serialize};

use super::super::{DecodeError, EncodeError, SchemaId, decode_payload, encode_payload};
use super::input::Input;
use super::names::Names;
use super::quick::Quick;
use crate::event::Kind;
use crate::ticket::{Detail, Plainly, TicketEvent};

/// Writes everything that depends on the kind from one table.
macro_rules! ticket_kinds {
    ($($kind:ident = $schema:literal,)*) => {
        /// Every kind of ticket event with its current schema.
        pub(super) const CURRENT: &[(Kind, u16)] = &[$((Kind::$kind, $schema),)*];

        /// Writes an event's payload in its kind's current schema.
        #[inline]
        pub(super) fn write_payload<T: Serialize>(
            event: &TicketEvent<T>,
            out: &mut Vec<u8>,
        ) -> Result<(), EncodeError> {
            match event {
                $(TicketEvent::$kind(payload) => encode_payload(payload, out),)*
            }
        }

        /// Reads a payload of a kind's current schema and hands the event to `finish`; what is left
        /// to serde is left to `otherwise`.
        ///
        /// Both stand in the code once for each kind: an event has 152 bytes, and so what is made
        /// of it is made where the caller wants it, and not handed on.
        #[inline]
        pub(super) fn read_quickly<'a, T: From<&'a str>, R>(
            kind: Kind,
            payload: &'a [u8],
            names: &mut Names,
            finish: impl FnOnce(TicketEvent<T>) -> R,
            otherwise: impl FnOnce() -> R,
        ) -> R {
            let mut input = Input::new(payload, names);
            match kind {
                $(Kind::$kind => match Quick::read(&mut input) {
                    Some(payload) if input.is_empty() => finish(TicketEvent::$kind(payload)),
                    Some(_) | None => otherwise(),
                },)*
                Kind::PolicyPublished | Kind::CalendarPublished => otherwise(),
            }
        }

        /// Reads what a fact keeps of a payload of a kind's current schema to `place`, which holds
        /// [`Detail::Plain`], without the event. Returns `false` for what is left to the whole way:
        /// what serde is left to, and what is no fact.
        #[inline]
        pub(super) fn read_detail(
            kind: Kind,
            payload: &[u8],
            names: &mut Names,
            place: &mut Detail,
        ) -> bool {
            let mut input = Input::new(payload, names);
            match kind {
                $(Kind::$kind => detail_of(TicketEvent::<&str>::$kind, &mut input, place),)*
                Kind::PolicyPublished | Kind::CalendarPublished => false,
            }
        }

        /// Reads a payload of a kind's current schema through serde, which says what is wrong where
        /// something is.
        #[cold]
        pub(super) fn read_by_serde<'a, T: Deserialize<'a>>(
            kind: Kind,
            id: SchemaId,
            payload: &'a [u8],
        ) -> Result<TicketEvent<T>, DecodeError> {
            match kind {
                $(Kind::$kind => decode_payload(id, payload).map(TicketEvent::$kind),)*
                Kind::PolicyPublished | Kind::CalendarPublished => Err(not_a_tickets(id)),
            }
        }
    };
}

/// The payload's type is that of the event's variant.
#[inline(never)]
fn detail_of<'a, P: Quick<'a> + Plainly>(
    _variant: fn(P) -> TicketEvent<&'a str>,
    input: &mut Input<'a, '_>,
    place: &mut Detail,
) -> bool {
    P::read(input).is_some_and(|payload| payload.give(place)) && input.is_empty()
}

/// The table of schemas has no such kind, so that it is never asked for.
#[cold]
fn not_a_tickets(id: SchemaId) -> DecodeError {
    DecodeError::Payload {
        kind: id.kind,
        schema: id.schema,
        reason: "no ticket has this kind".to_owned(),
    }
}

// A new shape is a new number here, with a step in `upcasters` and a golden file of its own.
ticket_kinds! {
    Received = 1,
    Acknowledged = 1,
    Classified = 1,
    Assigned = 1,
    Declined = 1,
    CustomerWrote = 1,
    Replied = 1,
    Noted = 1,
    Diagnosed = 1,
    PlanProposed = 1,
    PlanAccepted = 1,
    PlanDisputed = 1,
    ProgressReported = 1,
    VisitBooked = 1,
    VisitConfirmed = 1,
    VisitCancelled = 1,
    Dispatched = 1,
    Arrived = 1,
    Paused = 1,
    Resumed = 1,
    CompensationProposed = 1,
    CompensationApproved = 1,
    CompensationRefused = 1,
    CompensationGranted = 1,
    ReturnApproved = 1,
    ReturnArranged = 1,
    Resolved = 1,
    Accepted = 1,
    Reopened = 1,
    SurveyAsked = 1,
    Surveyed = 1,
    FollowedUp = 1,
    Closed = 1,
    Merged = 1,
    Withdrawn = 1,
    Inspected = 1,
    CorrectiveAction = 1,
    Waived = 1,
    Marked = 1,
    PolicyBound = 1,
    Warned = 1,
    Breached = 1,
    BreachedOnAttach = 1,
    Escalated = 1,
    VerdictRevised = 1,
}
