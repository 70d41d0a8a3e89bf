//! The stored bytes of every schema that was ever released.
//!
//! `golden/events/<kind>.<schema>.json` has events in words beside their payloads in hexadecimal
//! digits. The files of a released schema are never changed: a payload that no longer fits is a new
//! schema. A *new* schema gets its file by `PUNCTUAL_GOLDEN=renew cargo test --test codec_golden`;
//! the run fails so that nobody renews a file unseen.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test panics when it finds something"
)]

#[path = "support/codec/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use punctual::event::Kind;
use punctual::store::{Decoded, EventCodec, SchemaId, TicketCodec};
use punctual::ticket::{BindCause, FollowUp, MergeSide, Opener, Satisfaction, Stage, TicketEvent};
use serde_json::Value;
use support::with_record;

#[derive(serde::Deserialize)]
struct Example {
    event: Value,
    payload: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events")
}

fn file_name(id: SchemaId) -> String {
    let kind = Kind::from_number(id.kind).unwrap();
    format!("{:03}-{kind}.{}.json", id.kind, id.schema)
}

fn read(id: SchemaId) -> Vec<Example> {
    let file = file_name(id);
    let text = fs::read_to_string(folder().join(&file))
        .unwrap_or_else(|error| panic!("{file}: {error}; write it with PUNCTUAL_GOLDEN=renew"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every schema from the first to the current, of every kind.
fn schemas() -> Vec<SchemaId> {
    let newest = TicketCodec::new().schemas().collect::<Vec<_>>();
    let all = newest
        .iter()
        .flat_map(|id| (1..=id.schema).map(|schema| SchemaId { schema, ..*id }));
    all.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digits).collect()
}

fn encoded(event: &TicketEvent) -> String {
    let mut payload = Vec::new();
    TicketCodec::new().encode(event, &mut payload).unwrap();
    hex(&payload)
}

#[test]
fn every_released_payload_is_read_as_the_event_beside_it() {
    let codec = TicketCodec::new();
    for id in schemas() {
        for example in read(id) {
            let event: TicketEvent = serde_json::from_value(example.event.clone()).unwrap();
            let payload = bytes(&example.payload);
            let read = with_record((id.kind, id.schema), &[], &payload, |record| {
                codec.decode(&record).unwrap()
            });
            assert_eq!(read, Decoded::Known(event), "{}", file_name(id));
        }
    }
}

#[test]
fn every_event_is_written_in_the_released_bytes() {
    if std::env::var("PUNCTUAL_GOLDEN").is_ok_and(|wish| wish == "renew") {
        renew();
    }
    for id in TicketCodec::new().schemas() {
        for example in read(id) {
            let event: TicketEvent = serde_json::from_value(example.event).unwrap();
            assert_eq!(
                encoded(&event),
                example.payload,
                "{}: {event:?}",
                file_name(id)
            );
        }
    }
}

/// Writes the files of the current schemas anew: the words of the file that is there, or of the
/// schema before, and the bytes that are written today.
fn renew() -> ! {
    let mut renewed = Vec::new();
    for id in TicketCodec::new().schemas() {
        let before = SchemaId {
            schema: id.schema - 1,
            ..id
        };
        let exists = folder().join(file_name(id)).exists();
        let examples = read(if exists { id } else { before })
            .into_iter()
            .map(|example| {
                let event: TicketEvent = serde_json::from_value(example.event).unwrap();
                let words = serde_json::to_string(&event).unwrap();
                format!(
                    "  {{\"event\": {words},\n   \"payload\": \"{}\"}}",
                    encoded(&event)
                )
            });
        let text = format!("[\n{}\n]\n", examples.collect::<Vec<_>>().join(",\n"));
        let file = folder().join(file_name(id));
        if fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            fs::write(&file, text).unwrap();
            renewed.push(file_name(id));
        }
    }
    panic!("renewed {renewed:?}: review the difference, then run without PUNCTUAL_GOLDEN");
}

#[test]
fn every_golden_file_is_of_a_schema_that_can_still_be_read() {
    let known: BTreeSet<String> = schemas().into_iter().map(file_name).collect();
    let found: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, known);
}

/// The bytes are pinned only for words that an example has.
#[test]
fn every_word_has_an_example() {
    let mut found = BTreeSet::new();
    for id in schemas() {
        read(id)
            .iter()
            .for_each(|example| words(&example.event, &mut found));
    }
    let outcomes = [
        "open",
        "imminent",
        "breaching",
        "met",
        "breached",
        "waived",
        "insufficient-lead",
        "superseded",
        "no-goal",
        "closed",
        "reopened",
        "rebound",
    ];
    let mut wanted: BTreeSet<&str> = outcomes.into_iter().collect();
    wanted.extend(Opener::ALL.iter().map(|word| word.name()));
    wanted.extend(Satisfaction::ALL.iter().map(|word| word.name()));
    wanted.extend(FollowUp::ALL.iter().map(|word| word.name()));
    wanted.extend(Stage::ALL.iter().map(|word| word.name()));
    wanted.extend(MergeSide::ALL.iter().map(|word| word.name()));
    wanted.extend(BindCause::ALL.iter().map(|word| word.name()));
    // `cancelled: { by: kind }` for each.
    wanted.extend(Kind::ALL.iter().map(|kind| kind.name()));
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|word| !found.contains(*word))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// Every text that stands for a word; the event's own name is not one.
fn words(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != "type");
            fields.for_each(|(_, value)| words(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| words(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
