//! Upcasting from end to end, with schemas that no release had.

use serde::{Deserialize, Serialize};

use super::*;
use crate::event::{Offset, PartitionId, Recorded, StreamId, Version};
use crate::store::{
    CommitParts, JsonLinesReader, JsonLinesWriter, RecordHead, Records, SealedCommit,
    decode_payload, encode_payload,
};
use crate::ticket::{Message, Personal, Resolved, Ticket};
use crate::time::Instant;

/// `noted` as it might have been twice before: first a text and who may see it, then a text that may
/// be absent. Today's is `Message`.
#[derive(Serialize, Deserialize)]
struct NotedFirst<'a> {
    text: &'a str,
    internal: bool,
}

#[derive(Serialize, Deserialize)]
struct NotedSecond<'a> {
    internal: bool,
    text: Option<&'a str>,
}

const NOTED: u16 = Kind::Noted.number();

const fn noted(schema: u16) -> SchemaId {
    SchemaId {
        kind: NOTED,
        schema,
    }
}

fn first_to_second(old: &[u8], new: &mut Vec<u8>) -> Result<(), DecodeError> {
    let NotedFirst { text, internal } = decode_payload(noted(1), old)?;
    let text = (!text.is_empty()).then_some(text);
    Ok(encode_payload(&NotedSecond { internal, text }, new)?)
}

fn second_to_third(old: &[u8], new: &mut Vec<u8>) -> Result<(), DecodeError> {
    let NotedSecond { text, .. } = decode_payload(noted(2), old)?;
    let text = text.map(Personal::Plain);
    Ok(encode_payload(&Message { text }, new)?)
}

/// The codec of a release in which `noted` is at its third schema.
fn codec() -> TicketCodec {
    let upcasters = Upcasters::builder()
        .kind(NOTED, 3)
        .step(NOTED, 1, first_to_second)
        .step(NOTED, 2, second_to_third)
        .kind(Kind::Resolved.number(), 1);
    TicketCodec::with(upcasters.build().unwrap())
}

/// A ticket's log that three releases have written to.
fn log() -> SealedCommit {
    let mut records = Records::new();
    let mut push = |id: SchemaId, payload: &[u8]| {
        let head = RecordHead {
            kind: id.kind,
            schema: id.schema,
            occurred_at: Instant::MIN,
            recorded_at: Instant::MIN,
            subject: None,
            metadata: &[],
        };
        records.push(&head, payload).unwrap();
    };
    let bytes = |payload: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        payload(&mut bytes);
        bytes
    };
    let (text, internal) = ("ring twice", true);
    let first = NotedFirst { text, internal };
    push(
        noted(1),
        &bytes(&|out| encode_payload(&first, out).unwrap()),
    );
    let (text, internal) = (None, false);
    let second = NotedSecond { internal, text };
    push(
        noted(2),
        &bytes(&|out| encode_payload(&second, out).unwrap()),
    );
    let third: Message<&str> = Message {
        text: Some(Personal::Erased),
    };
    push(
        noted(3),
        &bytes(&|out| encode_payload(&third, out).unwrap()),
    );
    let resolved: Resolved<&str> = Resolved::default();
    let id = SchemaId {
        kind: Kind::Resolved.number(),
        schema: 1,
    };
    push(id, &bytes(&|out| encode_payload(&resolved, out).unwrap()));
    CommitParts {
        partition: PartitionId(0),
        offset: Offset::new(1),
        first_version: Version::FIRST,
        stream: &StreamId::new("acme", "ticket", "T-1").unwrap(),
        command: None,
        records: &records,
    }
    .to_sealed()
}

fn note(text: Option<Personal<Box<str>>>) -> TicketEvent {
    TicketEvent::Noted(Message { text })
}

#[test]
fn old_events_are_read_as_if_they_were_written_today() {
    let (codec, log) = (codec(), log());
    let mut reader = codec.reader();
    let read =
        log.view()
            .unwrap()
            .records()
            .map(|record| match reader.decode_owned(&record).unwrap() {
                Decoded::Known(Recorded { event, .. }) => event,
                Decoded::Unknown(unknown) => panic!("{unknown:?}"),
            });
    assert_eq!(
        read.collect::<Vec<_>>(),
        [
            note(Some("ring twice".into())),
            note(None),
            note(Some(Personal::Erased)),
            TicketEvent::Resolved(Resolved::default()),
        ]
    );
}

#[test]
fn old_text_is_borrowed_from_the_reader_and_folds_alike() {
    let (codec, log) = (codec(), log());
    let mut reader = codec.reader();
    let mut ticket = Ticket::default();
    for record in log.view().unwrap().records() {
        if let Decoded::Known(event) = reader.decode(&record).unwrap()
            && let TicketEvent::Noted(Message { text }) = &event.event
            && record.schema() == 1
        {
            assert_eq!(*text, Some(Personal::Plain("ring twice")));
        }
        reader.fold(&record, &mut ticket).unwrap();
    }
    assert_eq!(ticket.version(), Version::new(4));
    assert_eq!(ticket.timeline().facts().len(), 4);
}

#[test]
fn new_events_are_written_in_the_current_schema() {
    let codec = codec();
    assert_eq!(codec.schema_of(&note(None)), noted(3));
}

#[test]
fn old_bytes_survive_an_export_and_can_be_read_in_it() {
    let (codec, log) = (codec(), log());
    let mut lines = JsonLinesWriter::new(&codec, Vec::new());
    lines.write_commit(&log.view().unwrap()).unwrap();
    let exported = lines.exported();
    assert_eq!((exported.verbatim, exported.unknown), (2, 0));
    let file = lines.into_inner();
    let text = std::str::from_utf8(&file).unwrap();
    assert!(text.lines().next().unwrap().contains("ring twice"));
    let commit = JsonLinesReader::new(&codec, file.as_slice()).next();
    let commit = commit.unwrap().unwrap();
    let again = commit
        .append
        .stamped(commit.partition, commit.offset, commit.first_version);
    assert_eq!(again.to_sealed(), log);
}

/// Words of an old schema, without bytes: fields are only ever added to them.
#[test]
fn old_words_are_read_as_todays_event() {
    let codec = codec();
    let line = r#"{"stream":"acme/ticket/T-1","version":1,"position":{"partition":0,"offset":1,"index":0,"of":1},"kind":18,"schema":1,"occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","event":{"type":"noted","text":{"plain":"hello"}}}"#;
    let commit = JsonLinesReader::new(&codec, line.as_bytes()).next();
    let commit = commit.unwrap().unwrap();
    let sealed = commit
        .append
        .stamped(commit.partition, commit.offset, commit.first_version)
        .to_sealed();
    let record = sealed.view().unwrap().records().next().unwrap();
    assert_eq!(record.schema(), 3);
    let read = codec.decode(&record).unwrap();
    assert_eq!(read, Decoded::Known(note(Some("hello".into()))));
}

#[test]
fn a_schema_of_a_later_release_is_refused() {
    let log = log();
    let record = log.view().unwrap().records().nth(2).unwrap();
    let error = TicketCodec::new().decode(&record).unwrap_err();
    assert_eq!(
        error.to_string(),
        "kind 18 has schemas 1 to 1 in this release, and schema 3 is stored; upgrade"
    );
}

#[test]
fn a_damaged_old_payload_is_refused_by_its_step() {
    let error = codec().read_payload(noted(1), &[9, b'x']).unwrap_err();
    assert!(
        matches!(error, DecodeError::Payload { schema: 1, .. }),
        "{error}"
    );
}
