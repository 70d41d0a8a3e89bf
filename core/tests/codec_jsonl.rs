//! The log as JSON Lines: what is exported and imported is the same log, byte for byte.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test panics when it finds something"
)]

#[path = "support/codec/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use punctual::event::{CustomerId, Expected, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, CommandDigest, CommandKey, EventStore, Exported, ImportError, ImportProblem,
    JsonLinesReader, JsonLinesWriter, RecordHead, Records, RestoreError, TicketCodec, Trace,
    blocking, export_partition, export_stream, restore,
};
use punctual::ticket::{Message, Pending, Personal, TicketEvent};
use support::events::{instants, name, pending};
use support::plain::PlainStore;

/// One event of an arbitrary log.
#[derive(Debug, Clone)]
enum Written {
    /// By this codec.
    Event(Box<Pending>, Option<String>, Option<String>),
    /// By something else: any kind, any bytes.
    Bytes(u16, u16, Vec<u8>, Vec<u8>, Option<CustomerId>),
}

fn written() -> impl Strategy<Value = Written> {
    let trace = || option::of("\\PC{0,40}");
    let event = (pending(), trace(), trace());
    let short = || vec(any::<u8>(), 0..20);
    // Payloads and metadata that are sound but not as this codec writes them, among others.
    let metadata = prop_oneof![
        2 => Just(Vec::new()),
        1 => Just(vec![3, 1, b'c', 1, 1, b'u', 2, 1, b'r']),
        1 => Just(vec![1, 1, b'u', 99, 2, 7, 7]),
        2 => short(),
    ];
    let payload = prop_oneof![
        Just(vec![0x80, 0]),
        Just(vec![1, 0, 0x82, 0, b'h', b'i']),
        short()
    ];
    let bytes = (0..200_u16, 0..4_u16, metadata, payload, option::of(name()));
    prop_oneof![
        3 => event.prop_map(|(event, a, b)| Written::Event(Box::new(event), a, b)),
        1 => bytes.prop_map(|(kind, schema, metadata, payload, subject)| {
            Written::Bytes(kind, schema, metadata, payload, subject)
        }),
    ]
}

type Commit = (usize, Option<(CommandKeyParts, [u8; 16])>, Vec<Written>);
type CommandKeyParts = punctual::event::CommandId;

fn commits() -> impl Strategy<Value = Vec<Commit>> {
    let command = option::of((name(), any::<[u8; 16]>()));
    vec((0..4_usize, command, vec(written(), 1..5)), 1..10)
}

fn records(codec: &TicketCodec, events: &[Written]) -> Records {
    let mut all = Vec::new();
    for event in events {
        let mut one = Records::new();
        match event {
            Written::Event(pending, correlation, causation) => {
                let mut writer = codec.writer();
                let trace = Trace {
                    correlation: correlation.as_deref(),
                    causation: causation.as_deref(),
                };
                writer.push(pending, trace).unwrap();
                one = writer.take();
            }
            Written::Bytes(kind, schema, metadata, payload, subject) => {
                let head = RecordHead {
                    kind: *kind,
                    schema: *schema,
                    occurred_at: "2026-03-09T01:00:00.000001Z".parse().unwrap(),
                    recorded_at: "2026-03-09T01:00:00Z".parse().unwrap(),
                    subject: subject.as_ref(),
                    metadata,
                };
                one.push(&head, payload).unwrap();
            }
        }
        all.extend_from_slice(one.as_bytes());
    }
    Records::from_bytes(all).unwrap()
}

fn fill(codec: &TicketCodec, commits: &[Commit]) -> PlainStore {
    let store = PlainStore::new(3);
    for (stream, command, events) in commits {
        let stream = StreamId::new("acme", "ticket", &format!("T {stream}")).unwrap();
        let mut append = Append::new(stream, Expected::Any, records(codec, events));
        append.command = command.clone().map(|(id, digest)| CommandKey {
            id,
            digest: CommandDigest::new(digest),
        });
        // An id that comes up twice is answered as before or refused; either way the log is sound.
        let _ = blocking::wait(store.append(append));
    }
    store
}

fn export(codec: &TicketCodec, store: &PlainStore) -> (Vec<u8>, Exported) {
    let mut lines = JsonLinesWriter::new(codec, Vec::new());
    for partition in store.partitions().iter() {
        let to = export_partition(store, partition, Offset::START, &mut lines);
        let to = blocking::wait(to).unwrap();
        assert_eq!(to, blocking::wait(store.head(partition)).unwrap());
    }
    let exported = lines.exported();
    (lines.into_inner(), exported)
}

proptest! {
    #[test]
    fn import_of_an_export_is_the_log(commits in commits()) {
        let codec = TicketCodec::new();
        let log = fill(&codec, &commits);
        let (file, exported) = export(&codec, &log);
        let again = PlainStore::new(3);
        let lines = JsonLinesReader::new(&codec, file.as_slice());
        let restored = blocking::wait(restore(&again, lines)).unwrap();
        prop_assert_eq!(log.log(), again.log());
        prop_assert_eq!(restored.commits, exported.commits);
        prop_assert_eq!(restored.events, exported.events);
        prop_assert_eq!((restored.moved, restored.replayed), (0, 0));
        let lines = file.iter().filter(|byte| **byte == b'\n').count();
        prop_assert_eq!(lines as u64, exported.events);
    }

    /// What this codec wrote is exported in words alone.
    #[test]
    fn words_are_enough_for_what_this_codec_wrote(events in vec(pending(), 1..6)) {
        let codec = TicketCodec::new();
        let events = events.into_iter().map(|it| Written::Event(Box::new(it), None, None));
        let log = fill(&codec, &[(0, None, events.collect())]);
        let (file, exported) = export(&codec, &log);
        prop_assert_eq!(exported.verbatim, 0);
        let text = std::str::from_utf8(&file).unwrap();
        prop_assert!(!text.contains("\"payload\":") && !text.contains("\"metadata\":"));
    }

    #[test]
    fn no_input_panics(bytes in vec(any::<u8>(), 0..200)) {
        let codec = TicketCodec::new();
        JsonLinesReader::new(&codec, bytes.as_slice()).for_each(drop);
    }

    /// Any line that is changed in one byte is refused, or is the form of another sound log.
    #[test]
    fn a_changed_byte_panics_nowhere(commits in commits(), at in any::<prop::sample::Index>(), bits in 1..=255_u8) {
        let codec = TicketCodec::new();
        let (mut file, _) = export(&codec, &fill(&codec, &commits));
        let at = at.index(file.len());
        file[at] ^= bits;
        JsonLinesReader::new(&codec, file.as_slice()).for_each(drop);
    }

    #[test]
    fn instants_keep_their_microseconds(at in instants()) {
        let text = serde_json::to_string(&at).unwrap();
        prop_assert_eq!(serde_json::from_str::<punctual::time::Instant>(&text).unwrap(), at);
    }
}

/// A log of two commits, of two and of one event.
fn small() -> (TicketCodec, PlainStore) {
    let codec = TicketCodec::new();
    let at = "2026-03-09T01:00:00Z".parse().unwrap();
    let pending = |event| Pending {
        occurred_at: at,
        recorded_at: at,
        actor: None,
        subject: Some(CustomerId::new("c-1").unwrap()),
        event,
    };
    let text = |text| Message { text: Some(text) };
    let event = |event| Written::Event(Box::new(pending(event)), Some("r-1".to_owned()), None);
    let first = vec![
        event(TicketEvent::Noted(text(Personal::from("ring \"twice\"")))),
        event(TicketEvent::Noted(text(Personal::Erased))),
    ];
    let command = (punctual::event::CommandId::new("c").unwrap(), [0xab; 16]);
    let second = vec![event(TicketEvent::Closed(Message::NONE))];
    let store = fill(&codec, &[(1, Some(command), first), (1, None, second)]);
    (codec, store)
}

const EXPORT: &str = concat!(
    r#"{"stream":"acme/ticket/T 1","version":1,"position":{"partition":1,"offset":1,"index":0,"of":2},"kind":18,"schema":1,"occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","subject":"c-1","correlation":"r-1","command":{"id":"c","digest":"abababababababababababababababab"},"event":{"type":"noted","text":{"plain":"ring \"twice\""}}}"#,
    "\n",
    r#"{"stream":"acme/ticket/T 1","version":2,"position":{"partition":1,"offset":1,"index":1,"of":2},"kind":18,"schema":1,"occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","subject":"c-1","correlation":"r-1","command":{"id":"c","digest":"abababababababababababababababab"},"event":{"type":"noted","text":"erased"}}"#,
    "\n",
    r#"{"stream":"acme/ticket/T 1","version":3,"position":{"partition":1,"offset":2,"index":0,"of":1},"kind":70,"schema":1,"occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","subject":"c-1","correlation":"r-1","event":{"type":"closed","text":null}}"#,
    "\n",
);

#[test]
fn the_lines_are_as_documented_and_what_was_erased_stays_erased() {
    let (codec, store) = small();
    let (file, exported) = export(&codec, &store);
    assert_eq!(String::from_utf8(file).unwrap(), EXPORT);
    assert_eq!((exported.commits, exported.events), (2, 3));
}

#[test]
fn one_stream_is_exported_by_its_own() {
    let (codec, store) = small();
    let mut lines = JsonLinesWriter::new(&codec, Vec::new());
    let stream = StreamId::new("acme", "ticket", "T 1").unwrap();
    let to = export_stream(&store, &stream, Version::new(1), &mut lines);
    // Commits are whole: the first one has version 1 too.
    assert_eq!(blocking::wait(to).unwrap(), Version::new(3));
    assert_eq!(String::from_utf8(lines.into_inner()).unwrap(), EXPORT);
    let mut none = JsonLinesWriter::new(&codec, Vec::new());
    let to = export_stream(&store, &stream, Version::new(3), &mut none);
    assert_eq!(blocking::wait(to).unwrap(), Version::new(3));
    assert_eq!(none.exported(), Exported::default());
}

#[test]
fn blank_lines_and_crlf_are_of_no_account() {
    let (codec, store) = small();
    let file = EXPORT.replace('\n', "\r\n\r\n");
    let again = PlainStore::new(3);
    let lines = JsonLinesReader::new(&codec, file.as_bytes());
    blocking::wait(restore(&again, lines)).unwrap();
    assert_eq!(again.log(), store.log());
}

#[test]
fn a_restore_into_a_store_of_other_partitions_says_that_positions_moved() {
    let (codec, _) = small();
    let again = PlainStore::new(1);
    let lines = JsonLinesReader::new(&codec, EXPORT.as_bytes());
    let restored = blocking::wait(restore(&again, lines)).unwrap();
    assert_eq!((restored.commits, restored.moved), (2, 2));
}

#[test]
fn a_restore_over_a_log_that_is_there_is_refused_at_the_first_commit_without_a_command() {
    let (codec, store) = small();
    let lines = JsonLinesReader::new(&codec, EXPORT.as_bytes());
    let error = blocking::wait(restore(&store, lines)).unwrap_err();
    let RestoreError::Append {
        partition, offset, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((partition, offset), (PartitionId(1), Offset::new(2)));
}

fn import(file: &str) -> ImportError {
    let codec = TicketCodec::new();
    let lines = JsonLinesReader::new(&codec, file.as_bytes());
    let error = lines.filter_map(Result::err).next();
    error.unwrap_or_else(|| panic!("accepted: {file}"))
}

#[test]
fn a_mistake_is_told_with_line_and_column() {
    let said = |error: &ImportError| format!("{error}: {}", error.problem);
    let mut wrong = Vec::new();
    for (change, to, message) in [
        // Form.
        (
            "\"version\":1,",
            "\"version\":,",
            "line 1, column 39: expected value",
        ),
        (
            "\"version\":1,",
            "\"version\":\"1\",",
            "line 1, column 41: invalid type: string \"..\", expected u64",
        ),
        (
            "\"version\":1,",
            "",
            "line 1, column 338: missing field `version`",
        ),
        (
            "\"kind\":18",
            "\"kinds\":18",
            "line 1, column 102: unknown field `kinds`",
        ),
        (
            "\"kind\":18",
            "\"kind\":18,\"kind\":18",
            "line 1, column 111: duplicate field `kind`",
        ),
        (
            "\"subject\":\"c-1\"",
            "\"subject\":\"\"",
            "line 1, column 202: a name is empty",
        ),
        (
            "01:00:00Z",
            "01:00",
            "line 1, column 148: `..` is not an RFC 3339 instant",
        ),
        (
            "\"digest\":\"ab",
            "\"digest\":\"AB",
            "a digest is 32 hexadecimal digits in lower case",
        ),
        (
            "\"type\":\"noted\"",
            "\"type\":\"note\"",
            "column 313: unknown variant `..`, expected",
        ),
        // Place.
        (
            "\"version\":1,",
            "\"version\":0,",
            "line 1, column 29: `version` does not follow on the line before: 1 or more",
        ),
        (
            "\"of\":2",
            "\"of\":0",
            "line 1, column 88: `of` does not follow",
        ),
        (
            "\"index\":0",
            "\"index\":1",
            "line 1, column 78: `index` does not follow on the line before: 0 is expected",
        ),
        (
            "\"version\":2",
            "\"version\":4",
            "line 2, column 29: `version` does not follow on the line before: 2 is expected",
        ),
        (
            "T 1\",\"version\":2",
            "T 2\",\"version\":2",
            "line 2, column 2: `stream` does not follow",
        ),
        (
            "\"offset\":2",
            "\"offset\":1",
            "line 3, column 67: `offset` does not follow on the line before: more than 1",
        ),
        // Sense.
        (
            "\"kind\":18",
            "\"kind\":19",
            "column 300: `event` says something else than `kind`",
        ),
        (
            "\"schema\":1",
            "\"schema\":2",
            "line 1, column 106: kind 18 has schemas up to 1",
        ),
        (
            "\"type\":\"noted\",",
            "\"type\":\"noted\",\"texts\":null,",
            "column 316: the event has no field `texts`",
        ),
        (
            ",\"event\":{\"type\":\"closed\",\"text\":null}",
            "",
            "line 3, column 0: the line has neither `event` nor `payload`",
        ),
        (
            "\"event\":{\"type\":\"closed\"",
            "\"payload\":\"AQE=\",\"event\":{\"type\":\"closed\"",
            "line 3, column 252: `event` says something else than `payload`",
        ),
        (
            "\"text\":null}",
            "\"text\":null},\"payload\":\"A\"",
            "line 3, column 278: not base64 with padding",
        ),
        (
            "\"text\":null}",
            "\"text\":null},\"metadata\":\"\"",
            "line 3, column 207: `correlation` says something else than `metadata`",
        ),
    ] {
        assert!(EXPORT.contains(change), "{change}");
        let error = import(&EXPORT.replacen(change, to, 1));
        if !said(&error).contains(message) {
            wrong.push(format!(
                "{change} -> {to}\nfound  {}\nwanted {message}",
                said(&error)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_was_cut_off_is_seen() {
    let error = import(EXPORT.lines().next().unwrap());
    assert!(matches!(
        error.problem,
        ImportProblem::Torn { found: 1, of: 2 }
    ));
    let error = import(&EXPORT[..EXPORT.len() - 40]);
    assert_eq!(error.line, 3);
    let not_text = [EXPORT.as_bytes(), &[b'{', 0xff]].concat();
    let codec = TicketCodec::new();
    let mut lines = JsonLinesReader::new(&codec, not_text.as_slice());
    let error = lines.by_ref().filter_map(Result::err).next().unwrap();
    assert!(matches!(error.problem, ImportProblem::NotText));
    assert_eq!((error.line, error.column), (4, 2));
    assert!(lines.next().is_none(), "an import ends at its first error");
}

#[test]
fn an_error_of_the_output_is_told_and_counted_as_nothing() {
    #[derive(Debug)]
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (codec, store) = small();
    let mut lines = JsonLinesWriter::new(&codec, Full);
    let done = export_partition(&store, PartitionId(1), Offset::START, &mut lines);
    assert!(blocking::wait(done).is_err());
    assert_eq!(lines.exported(), Exported::default());
}
