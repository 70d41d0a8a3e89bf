//! Laws of the codec, over arbitrary events and arbitrary bytes.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test panics when it finds something"
)]

#[path = "support/codec/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use punctual::event::{Position, Recorded, Version};
use punctual::store::{
    DecodeError, Decoded, EventCodec, Metadata, Records, SchemaId, TicketCodec, Trace,
};
use punctual::ticket::{Anomaly, Message, Pending, Personal, Ticket, TicketEvent};
use support::events::{any_event, of_kind, pending, ticket_kinds};
use support::{seal, stream, with_record};

fn write(codec: &TicketCodec, events: &[Pending], trace: Trace<'_>) -> Records {
    let mut writer = codec.writer();
    for event in events {
        writer.push(event, trace).unwrap();
    }
    writer.take()
}

/// What a store tells of an event that was appended as the first commit.
fn recorded(number: usize, pending: &Pending) -> Recorded<TicketEvent> {
    let version = u64::try_from(number).unwrap();
    Recorded {
        stream: stream(),
        version: Version::new(version + 1),
        position: Some(Position {
            partition: punctual::event::PartitionId(0),
            offset: punctual::event::Offset::new(1),
            index: u32::try_from(number).unwrap(),
        }),
        occurred_at: pending.occurred_at,
        recorded_at: pending.recorded_at,
        actor: pending.actor.clone(),
        subject: pending.subject.clone(),
        event: pending.event.clone(),
    }
}

/// Turns text read in place into text of its own, through the other face of the event.
fn owned(event: &Recorded<TicketEvent<&str>>) -> Recorded<TicketEvent> {
    let words = serde_json::to_string(&event.event).unwrap();
    Recorded {
        stream: event.stream.clone(),
        version: event.version,
        position: event.position,
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        actor: event.actor.clone(),
        subject: event.subject.clone(),
        event: serde_json::from_str(&words).unwrap(),
    }
}

#[test]
fn every_kind_that_tickets_have_is_in_the_table() {
    let known: Vec<u16> = TicketCodec::new().schemas().map(|id| id.kind).collect();
    let wanted: Vec<u16> = ticket_kinds().iter().map(|kind| kind.number()).collect();
    assert_eq!(known, wanted);
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        events in vec(pending(), 1..8),
        correlation in proptest::option::of("\\PC{0,60}"),
        causation in proptest::option::of("[a-z0-9-]{0,255}"),
    ) {
        let codec = TicketCodec::new();
        let trace = Trace { correlation: correlation.as_deref(), causation: causation.as_deref() };
        let commit = seal(&write(&codec, &events, trace));
        let mut reader = codec.reader();
        let view = commit.view().unwrap();
        prop_assert_eq!(view.records().count(), events.len());
        for (number, record) in view.records().enumerate() {
            let wanted = recorded(number, &events[number]);
            prop_assert_eq!(codec.schema_of(&wanted.event).kind, record.kind());
            let found = reader.decode_owned(&record).unwrap();
            prop_assert_eq!(found, Decoded::Known(wanted.clone()));
            prop_assert_eq!(Trace::of(&record).unwrap(), trace);
            let event = codec.decode(&record).unwrap();
            prop_assert_eq!(event, Decoded::Known(wanted.event.clone()));
            let Decoded::Known(found) = reader.decode(&record).unwrap() else {
                return Err(TestCaseError::fail("a known kind"));
            };
            prop_assert_eq!(owned(&found), wanted);
        }
    }

    #[test]
    fn events_read_in_place_fold_to_the_same_ticket(events in vec(pending(), 1..24)) {
        let codec = TicketCodec::new();
        let commit = seal(&write(&codec, &events, Trace::NONE));
        let (mut told, mut read) = (Ticket::default(), Ticket::default());
        for (number, event) in events.iter().enumerate() {
            told.apply(&recorded(number, event));
        }
        let mut reader = codec.reader();
        for record in commit.view().unwrap().records() {
            reader.fold(&record, &mut read).unwrap();
        }
        prop_assert_eq!(told, read);
    }

    /// Of each kind in turn, so that a rare one is not left to chance.
    #[test]
    fn every_kind_comes_back(seed in any::<prop::sample::Index>()) {
        use proptest::strategy::ValueTree;
        use proptest::test_runner::TestRunner;
        let codec = TicketCodec::new();
        let mut runner = TestRunner::deterministic();
        for kind in ticket_kinds() {
            for _ in 0..=seed.index(3) {
                let event = of_kind(kind).new_tree(&mut runner).unwrap().current();
                let mut payload = Vec::new();
                codec.encode(&event, &mut payload).unwrap();
                let id = codec.schema_of(&event);
                let read = with_record((id.kind, id.schema), &[], &payload, |record| {
                    codec.decode(&record).unwrap()
                });
                prop_assert_eq!(read, Decoded::Known(event));
            }
        }
    }

    #[test]
    fn no_bytes_panic(
        kind in 0..128_u16,
        schema in 0..4_u16,
        metadata in vec(any::<u8>(), 0..40),
        payload in vec(any::<u8>(), 0..80),
    ) {
        let codec = TicketCodec::new();
        let mut reader = codec.reader();
        with_record((kind, schema), &metadata, &payload, |record| {
            let _ = reader.decode(&record).map(drop);
            let _ = reader.decode_owned(&record).map(drop);
            let _ = Trace::of(&record);
            let _ = reader.fold(&record, &mut Ticket::default());
        });
    }

    /// Flipping, cutting and adding bytes finds the ends of lengths and numbers, which random bytes
    /// seldom do.
    #[test]
    fn a_damaged_payload_is_an_error_or_another_event(
        event in any_event(),
        at in any::<prop::sample::Index>(),
        bits in 1..=255_u8,
    ) {
        let codec = TicketCodec::new();
        let mut payload = Vec::new();
        codec.encode(&event, &mut payload).unwrap();
        let SchemaId { kind, schema } = codec.schema_of(&event);
        let read = |payload: &[u8]| {
            with_record((kind, schema), &[], payload, |record| codec.decode(&record))
        };
        for end in 0..payload.len() {
            prop_assert!(read(&payload[..end]).is_err(), "cut to {} of {}", end, payload.len());
        }
        let mut longer = payload.clone();
        longer.push(bits);
        prop_assert!(read(&longer).is_err(), "one byte more");
        let at = at.index(payload.len());
        payload[at] ^= bits;
        match read(&payload) {
            Ok(Decoded::Known(found)) => {
                // A flipped byte may only be seen as another value, never as the same one.
                let mut again = Vec::new();
                codec.encode(&found, &mut again).unwrap();
                prop_assert!(found != event || again != payload);
            }
            Ok(Decoded::Unknown(_)) => prop_assert!(false, "the kind was not touched"),
            Err(error) => {
                let payload = matches!(error, DecodeError::Payload { .. });
                prop_assert!(payload, "{}", error);
            }
        }
    }

    #[test]
    fn a_kind_of_a_later_release_is_kept_verbatim(
        kind in 114..=u16::MAX,
        schema in any::<u16>(),
        payload in vec(any::<u8>(), 0..40),
    ) {
        let codec = TicketCodec::new();
        let mut reader = codec.reader();
        let mut ticket = Ticket::default();
        with_record((kind, schema), &[], &payload, |record| {
            let Ok(Decoded::Unknown(unknown)) = reader.decode(&record) else {
                return Err(TestCaseError::fail("an unknown kind is no error"));
            };
            prop_assert_eq!((unknown.id.kind, unknown.id.schema), (kind, schema));
            prop_assert_eq!(&unknown.payload, &payload);
            reader.fold(&record, &mut ticket).unwrap();
            Ok(())
        })?;
        prop_assert_eq!(ticket.version(), Version::FIRST);
        let found = Version::FIRST;
        prop_assert_eq!(ticket.anomalies(), [Anomaly::Unknown { found, kind }]);
    }
}

#[test]
fn a_schema_of_a_later_release_is_refused_with_its_place() {
    let codec = TicketCodec::new();
    for schema in [0, 2, u16::MAX] {
        let error = with_record((64, schema), &[], &[0, 0], |record| {
            codec.reader().decode(&record).map(drop).unwrap_err()
        });
        assert!(matches!(error.source, DecodeError::UnknownSchema(_)));
        assert_eq!(
            error.to_string(),
            "the event at stream acme/ticket/T-1, version 1, partition 0, offset 1 cannot be read"
        );
    }
}

#[test]
fn text_is_read_in_place() {
    let codec = TicketCodec::new();
    let event = TicketEvent::Noted(Message {
        text: Some(Personal::from("ring twice")),
    });
    let mut payload = Vec::new();
    codec.encode(&event, &mut payload).unwrap();
    with_record((18, 1), &[], &payload, |record| {
        let mut reader = codec.reader();
        let Decoded::Known(recorded) = reader.decode(&record).unwrap() else {
            panic!("a known kind");
        };
        let TicketEvent::Noted(Message {
            text: Some(Personal::Plain(text)),
        }) = recorded.event
        else {
            panic!("a note");
        };
        let page = record.payload().as_ptr_range();
        assert!(page.contains(&text.as_ptr()));
    });
}

#[test]
fn a_damaged_envelope_is_refused_and_not_guessed() {
    let codec = TicketCodec::new();
    // An actor that is cut off, one that is no name, a role that is not UTF-8.
    for metadata in [&[1, 9, b'u'][..], &[1, 0], &[1, 1, b'u', 2, 1, 0xff]] {
        let error = with_record((70, 1), metadata, &[0], |record| {
            codec.reader().decode(&record).map(drop).unwrap_err()
        });
        assert!(
            matches!(error.source, DecodeError::Metadata { .. }),
            "{metadata:?}"
        );
    }
    assert!(
        Metadata::new(&[9, 1, 0xff]).actor().unwrap().is_none(),
        "a tag of a later release"
    );
}

#[test]
fn a_text_that_is_too_long_leaves_the_batch_as_it_was() {
    let codec = TicketCodec::new();
    let mut writer = codec.writer();
    let pending = Pending {
        occurred_at: punctual::time::Instant::MIN,
        recorded_at: punctual::time::Instant::MIN,
        actor: None,
        subject: None,
        event: TicketEvent::<Box<str>>::Closed(Message::NONE),
    };
    writer.push(&pending, Trace::NONE).unwrap();
    let before = writer.records().clone();
    let long = "x".repeat(256);
    let trace = Trace {
        correlation: Some(&long),
        causation: None,
    };
    assert!(writer.push(&pending, trace).is_err());
    assert_eq!(*writer.records(), before);
}
