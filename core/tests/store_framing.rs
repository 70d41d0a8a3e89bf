//! Records and commits as bytes: what goes in comes out, and nothing damaged goes unnoticed.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use proptest::prelude::*;
use punctual::event::{
    CommandId, CustomerId, Expected, Offset, PartitionId, Position, StreamId, Version,
};
use punctual::store::{
    Append, CommandDigest, CommandKey, CommitView, Commits, Damage, Limits, MOST_PAYLOAD_BYTES,
    Partitions, RecordHead, Records, SealedCommit, Snapshot,
};
use punctual::time::Instant;

#[derive(Debug, Clone, PartialEq)]
struct Event {
    kind: u16,
    schema: u16,
    occurred_at: i64,
    recorded_at: i64,
    subject: Option<String>,
    metadata: Vec<u8>,
    payload: Vec<u8>,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let last = Instant::MAX.micros();
    let event = (
        any::<(u16, u16)>(),
        (0..=last, 0..=last),
        proptest::option::of("[a-z0-9-]{1,24}"),
        proptest::collection::vec(any::<u8>(), 0..20),
        proptest::collection::vec(any::<u8>(), 0..80),
    )
        .prop_map(|(id, times, subject, metadata, payload)| Event {
            kind: id.0,
            schema: id.1,
            occurred_at: times.0,
            recorded_at: times.1,
            subject,
            metadata,
            payload,
        });
    proptest::collection::vec(event, 1..6)
}

fn records(events: &[Event]) -> Records {
    let mut records = Records::new();
    for event in events {
        let subject = event
            .subject
            .as_ref()
            .map(|text| CustomerId::new(text).unwrap());
        let head = RecordHead {
            kind: event.kind,
            schema: event.schema,
            occurred_at: Instant::from_micros(event.occurred_at).unwrap(),
            recorded_at: Instant::from_micros(event.recorded_at).unwrap(),
            subject: subject.as_ref(),
            metadata: &event.metadata,
        };
        records.push(&head, &event.payload).unwrap();
    }
    records
}

fn append(events: &[Event], command: bool) -> Append {
    let stream = StreamId::new("acme", "ticket", "T-1").unwrap();
    let append = Append::new(stream, Expected::Any, records(events));
    if !command {
        return append;
    }
    append.for_command(CommandKey {
        id: CommandId::new("c-1").unwrap(),
        digest: CommandDigest::new([7; 16]),
    })
}

fn sealed(events: &[Event], command: bool) -> SealedCommit {
    append(events, command)
        .stamped(PartitionId(3), Offset::new(17), Version::new(5))
        .to_sealed()
}

fn small() -> Vec<Event> {
    let event = |kind, payload: &[u8]| Event {
        kind,
        schema: 2,
        occurred_at: 1_700_000_000_000_000,
        recorded_at: 1_700_000_000_000_001,
        subject: (kind == 1).then(|| "cust-9".to_owned()),
        metadata: vec![1, 1, b'u'],
        payload: payload.to_vec(),
    };
    vec![event(1, b"hello"), event(60_000, b"")]
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(events in events(), command: bool) {
        let sealed = sealed(&events, command);
        let commit = sealed.view().unwrap();
        prop_assert_eq!(commit.stream(), "acme/ticket/T-1");
        prop_assert_eq!(commit.len(), events.len());
        prop_assert_eq!(commit.command().map(|(id, _)| id), command.then_some("c-1"));
        prop_assert_eq!(commit.last_version().get(), (4..).nth(events.len()).unwrap());
        let found: Vec<Event> = commit.records().map(|record| Event {
            kind: record.kind(),
            schema: record.schema(),
            occurred_at: record.occurred_at().micros(),
            recorded_at: record.recorded_at().micros(),
            subject: record.subject().map(str::to_owned),
            metadata: record.metadata().to_vec(),
            payload: record.payload().to_vec(),
        }).collect();
        prop_assert_eq!(found, events);
        for (index, record) in (0_u32..).zip(commit.records()) {
            prop_assert_eq!(record.version().get(), 5 + u64::from(index));
            let (partition, offset) = (PartitionId(3), Offset::new(17));
            prop_assert_eq!(record.position(), Position { partition, offset, index });
        }
    }

    #[test]
    fn bytes_from_outside_are_verified_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(SealedCommit::verify(bytes.clone()).is_err());
        prop_assert!(bytes.is_empty() || Records::from_bytes(bytes).is_err());
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    for command in [false, true] {
        let sound = sealed(&small(), command).as_bytes().to_vec();
        assert!(SealedCommit::verify(sound.clone()).is_ok());
        for bit in 0..sound.len() * 8 {
            let mut damaged = sound.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(SealedCommit::verify(damaged).is_err(), "bit {bit}");
        }
    }
}

#[test]
fn every_shortening_lengthening_and_zeroing_is_noticed() {
    let sound = sealed(&small(), true).as_bytes().to_vec();
    for length in 0..sound.len() {
        assert!(SealedCommit::verify(sound[..length].to_vec()).is_err());
        let mut zeroed = sound.clone();
        zeroed[length..].fill(0);
        // The last bytes may be zero by themselves.
        assert!(zeroed == sound || SealedCommit::verify(zeroed).is_err());
    }
    let mut longer = sound;
    longer.push(0);
    assert_eq!(
        SealedCommit::verify(longer),
        Err(Damage::Trailing { bytes: 1 })
    );
}

/// What only the seal can notice: sound records, in a commit that they were not committed in.
#[test]
fn a_sound_record_in_a_wrong_place_is_noticed() {
    let (one, two) = (small(), {
        let mut other = small();
        other.reverse();
        other
    });
    let swapped = records(&two);
    let mut bytes = sealed(&one, false).as_bytes().to_vec();
    let from = bytes.len() - swapped.as_bytes().len();
    bytes[from..].copy_from_slice(swapped.as_bytes());
    assert_eq!(SealedCommit::verify(bytes), Err(Damage::Seal));

    let append = append(&one, true);
    let stamp = |partition, offset, version| {
        let (partition, offset) = (PartitionId(partition), Offset::new(offset));
        append.stamped(partition, offset, Version::new(version))
    };
    let seal = stamp(0, 1, 1).seal();
    let mut commits = Commits::new();
    assert_eq!(commits.push_parts(&stamp(0, 1, 1), seal), Ok(()));
    for moved in [stamp(1, 1, 1), stamp(0, 2, 1), stamp(0, 1, 2)] {
        assert_eq!(commits.push_parts(&moved, seal), Err(Damage::Seal));
    }
    assert_eq!(commits.len(), 1);
}

#[test]
fn columns_and_commits_have_one_seal() {
    let append = append(&small(), true);
    let parts = append.stamped(PartitionId(0), Offset::new(1), Version::FIRST);
    let (mut by_parts, mut by_bytes) = (Commits::new(), Commits::new());
    by_parts.push_parts(&parts, parts.seal()).unwrap();
    by_bytes.push_bytes(parts.to_sealed().as_bytes()).unwrap();
    assert_eq!(by_parts, by_bytes);
    assert_eq!(parts.size(), parts.to_sealed().as_bytes().len());
}

/// The bytes of the first release. Logs on disk look like this: a change here is a new format.
#[test]
fn bytes_are_as_first_released() {
    let bytes = sealed(&small(), true).as_bytes().to_vec();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("golden/store_commit.hex").trim());
    let (commit, rest) = CommitView::verify(&bytes).unwrap();
    assert!(rest.is_empty());
    assert_eq!(commit.len(), 2);
}

#[test]
fn a_later_format_is_told_apart_from_damage() {
    let mut bytes = sealed(&small(), false).as_bytes().to_vec();
    bytes[5] = 2;
    let told = SealedCommit::verify(bytes).unwrap_err().to_string();
    assert!(told.contains("later release"), "{told}");
}

#[test]
fn a_record_without_optional_ids_costs_32_bytes_beside_its_payload() {
    let mut event = small()[1].clone();
    event.metadata.clear();
    assert_eq!(records(&[event]).as_bytes().len(), 32);
}

#[test]
fn what_no_store_can_hold_is_refused_and_leaves_the_batch_alone() {
    let mut batch = records(&small());
    let before = batch.clone();
    let head = RecordHead {
        kind: 1,
        schema: 1,
        occurred_at: Instant::MIN,
        recorded_at: Instant::MIN,
        subject: None,
        metadata: &[],
    };
    let huge = vec![0; MOST_PAYLOAD_BYTES + 1];
    assert!(batch.push(&head, &huge).is_err());
    let metadata = vec![0; 65_536];
    let head = RecordHead {
        metadata: &metadata,
        ..head
    };
    assert!(batch.push(&head, b"").is_err());
    assert_eq!(batch, before);
    assert_eq!(
        Records::from_bytes(before.as_bytes().to_vec()).unwrap(),
        before
    );
}

#[test]
fn an_append_is_checked_against_the_limits_of_its_store() {
    let mut limits = Limits::COMMON;
    assert!(append(&small(), false).check(&limits).is_ok());
    assert!(append(&[], false).check(&limits).is_err(), "no event");
    limits.event_bytes = 45;
    assert!(append(&small(), false).check(&limits).is_err(), "46 bytes");
    limits = Limits::COMMON;
    limits.append_events = 1;
    assert!(append(&small(), false).check(&limits).is_err());
}

#[test]
fn debug_shows_no_payload() {
    let mut event = small()[0].clone();
    event.payload = b"my address is 12 Elm Street".to_vec();
    let sealed = sealed(&[event.clone()], true);
    let view = sealed.view().unwrap();
    let record = view.records().next().unwrap();
    let mut commits = Commits::new();
    commits.push(&sealed);
    let shown = format!("{sealed:?} {record:?} {commits:?} {:?}", records(&[event]));
    assert!(!shown.contains("Elm") && !shown.contains("69, 108, 109"));
}

#[test]
fn a_stream_stays_in_its_partition_for_ever() {
    let of = |name: &str, count| {
        let stream: StreamId = name.parse().unwrap();
        Partitions::new(count).unwrap().of(&stream).0
    };
    // Golden: computed independently from the description of the hash.
    for (name, eight, thousand) in [
        ("acme/ticket/T-1", 7, 879),
        ("acme/ticket/T-2", 6, 836),
        ("甲/ticket/1", 3, 380),
        ("a/b/c", 1, 198),
    ] {
        assert_eq!(of(name, 1), 0);
        assert_eq!((of(name, 8), of(name, 1000)), (eight, thousand), "{name}");
    }
}

#[test]
fn streams_spread_over_partitions() {
    let partitions = Partitions::new(16).unwrap();
    let mut counts = [0_u32; 16];
    for number in 0..16_000 {
        let stream = StreamId::new("acme", "ticket", &format!("T-{number}")).unwrap();
        counts[usize::from(partitions.of(&stream).0)] += 1;
    }
    assert!(
        counts.iter().all(|&n| (850..1150).contains(&n)),
        "{counts:?}"
    );
}

#[test]
fn a_snapshot_knows_what_it_is_of() {
    let (one, two): (StreamId, StreamId) = ("a/t/1".parse().unwrap(), "a/t/2".parse().unwrap());
    let snapshot = Snapshot {
        version: Version::new(9),
        state: b"state".to_vec(),
    };
    let bytes = snapshot.to_bytes(&one, 3);
    assert_eq!(Snapshot::from_bytes(&one, 3, &bytes), Ok(snapshot));
    assert!(Snapshot::from_bytes(&two, 3, &bytes).is_err());
    assert!(Snapshot::from_bytes(&one, 4, &bytes).is_err());
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(Snapshot::from_bytes(&one, 3, &damaged).is_err(), "{bit}");
    }
    for length in 0..bytes.len() {
        assert!(Snapshot::from_bytes(&one, 3, &bytes[..length]).is_err());
    }
}
