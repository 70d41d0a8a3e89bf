//! What a caller sees of this backend, beside what the common suite asks of all.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::*;
use proptest::prelude::*;
use punctual::event::{ConsumerId, Expected, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Checkpoint, CheckpointStore, EventStore, Limit, Partitions, Snapshot,
    SnapshotStore, blocking,
};
use punctual_sled::{Mode, OpenError, Options};

#[test]
fn what_was_appended_is_read_from_memory_from_the_tree_and_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let ticket = stream(1);
    append(&store, &ticket, &[b"a".to_vec(), b"b".to_vec()]).unwrap();
    let before = read_all(store.as_ref(), Limit::default()).unwrap();
    assert_eq!(before.len(), 2);
    store.settle().unwrap();
    append(&store, &ticket, &[b"c".to_vec()]).unwrap();
    let both = read_all(store.as_ref(), Limit::default()).unwrap();
    assert_eq!(both[..2], before);
    assert_eq!(both[2].payload, b"c");
    assert_eq!(
        read_stream(store.as_ref(), &ticket, Limit::default()).unwrap(),
        both
    );
    blocking::wait(store.close());
    let store = open(directory.path());
    assert_eq!(read_all(store.as_ref(), Limit::default()).unwrap(), both);
    assert_eq!(
        read_stream(store.as_ref(), &ticket, Limit::events(1)).unwrap(),
        both
    );
    let verified = store.verify().unwrap();
    assert_eq!(
        (verified.events, verified.commits, verified.streams),
        (3, 2, 1)
    );
}

#[test]
fn an_append_of_a_mebibyte_comes_back_whole() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let payloads: Vec<Vec<u8>> = (0..15_u8).map(|n| vec![n; 60 << 10]).collect();
    append(&store, &stream("large"), &payloads).unwrap();
    store.settle().unwrap();
    let events = read_stream(store.as_ref(), &stream("large"), Limit::default()).unwrap();
    assert!(events.iter().map(|event| &event.payload).eq(&payloads));
    assert_eq!(store.verify().unwrap().events, 15);
    drop(store);
    // Nothing spilled into files that sled never syncs.
    assert!(
        directory
            .path()
            .join("sled/blobs")
            .read_dir()
            .unwrap()
            .next()
            .is_none()
    );
    // Salvage changes nothing, so a copy without a lock file stays one: it may lie on a disk that is only read.
    std::fs::remove_file(directory.path().join("LOCK")).unwrap();
    let salvaged = punctual_sled::salvage(directory.path()).unwrap();
    assert_eq!(salvaged.commits().count(), 1);
    assert!(!directory.path().join("LOCK").exists());
}

#[test]
fn a_store_that_is_open_is_not_salvaged() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let refused = punctual_sled::salvage(directory.path());
    assert!(matches!(refused, Err(OpenError::Locked { .. })));
    drop(store);
    assert!(punctual_sled::salvage(directory.path()).is_ok());
}

#[test]
fn a_store_takes_the_largest_append_many_times_over() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let payloads: Vec<Vec<u8>> = (0..16_u8).map(|n| vec![n; (64 << 10) - 64]).collect();
    for number in 0..20 {
        append(&store, &stream(number % 3), &payloads).unwrap();
    }
    assert_eq!(
        read_all(store.as_ref(), Limit::default()).unwrap().len(),
        320
    );
    assert_eq!(store.verify().unwrap().commits, 20);
    drop(store);
    assert!(
        directory
            .path()
            .join("sled/blobs")
            .read_dir()
            .unwrap()
            .next()
            .is_none()
    );
}

#[test]
fn a_second_opening_is_told_that_the_store_is_locked() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    assert!(matches!(
        try_open(directory.path()),
        Err(OpenError::Locked { .. })
    ));
    assert!(matches!(
        punctual_sled::salvage(directory.path()),
        Err(OpenError::Locked { .. })
    ));
    let other = store.another().unwrap();
    blocking::wait(store.close());
    assert!(matches!(
        append(&store, &stream(1), &[vec![1]]),
        Err(AppendError::Closed)
    ));
    append(&other, &stream(1), &[vec![1]]).unwrap();
    blocking::wait(other.close());
    drop(open(directory.path()));
}

#[test]
fn a_directory_of_something_else_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("letters.txt"), "dear").unwrap();
    assert!(matches!(
        try_open(directory.path()),
        Err(OpenError::Foreign { .. })
    ));
    assert_eq!(directory.path().read_dir().unwrap().count(), 1);
    let file = directory.path().join("letters.txt");
    assert!(matches!(try_open(&file), Err(OpenError::Io { .. })));
    assert!(matches!(
        punctual_sled::salvage(directory.path()),
        Err(OpenError::Foreign { .. })
    ));
}

/// The working directory may change while the store is open, and sled goes on naming files.
#[test]
fn a_relative_path_is_taken_once() {
    let directory = tempfile::tempdir().unwrap();
    let up = std::env::current_dir().unwrap().components().count() - 1;
    let inner = directory.path().strip_prefix("/").unwrap().join("log");
    let relative: std::path::PathBuf = (0..up).map(|_| "..").collect();
    let relative = relative.join(inner);
    let store = open(&relative);
    append(&store, &stream(1), &[vec![1]]).unwrap();
    let Err(OpenError::Locked { directory: told }) = try_open(&relative) else {
        panic!("opened twice");
    };
    assert!(told.is_absolute(), "{}", told.display());
    drop(store);
    let absolute = open(&directory.path().join("log"));
    assert_eq!(
        read_all(absolute.as_ref(), Limit::default()).unwrap().len(),
        1
    );
}

#[test]
fn options_of_any_size_make_a_store() {
    use std::time::Duration;
    for (cache, queue) in [(0, 0), (255, 1), (u64::MAX, usize::MAX)] {
        let directory = tempfile::tempdir().unwrap();
        let mode = punctual_sled::Mode::Process {
            sync_every: Duration::ZERO,
        };
        let options = small().cache_bytes(cache).queue(queue).mode(mode);
        let store = options.open(directory.path()).unwrap();
        append(&store, &stream(1), &[vec![1]]).unwrap();
        store.settle().unwrap();
        assert_eq!(
            read_all(store.as_ref(), Limit::default()).unwrap().len(),
            1,
            "{cache} {queue}"
        );
    }
}

/// What cannot be read any more is not taken for somebody else's: nobody should choose another directory.
#[test]
fn a_store_without_its_note_is_damaged_and_not_foreign() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    append(&store, &stream(1), &[vec![1]]).unwrap();
    drop(store);
    let note = directory.path().join("punctual");
    std::fs::write(&note, "pvnctual-sled 1 ready").unwrap();
    let rotten = try_open(directory.path()).unwrap_err();
    std::fs::remove_file(&note).unwrap();
    let missing = try_open(directory.path()).unwrap_err();
    // As after a backup of what looked like data.
    std::fs::remove_file(directory.path().join("LOCK")).unwrap();
    let copied = try_open(directory.path()).unwrap_err();
    for error in [rotten, missing, copied] {
        assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("`punctual`"), "{source}");
        assert!(!error.to_string().contains("unknown"), "{error}");
    }
    let salvaged = punctual_sled::salvage(directory.path()).unwrap();
    assert_eq!(salvaged.commits().count(), 1);
}

#[test]
fn a_store_of_a_later_release_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path()));
    let path = directory.path().join("punctual");
    let text = "punctual-sled 2 ready anything";
    let checksum = crc32c::crc32c(text.as_bytes());
    std::fs::write(&path, format!("{text} checksum {checksum:08x}\n")).unwrap();
    let refused = try_open(directory.path());
    assert!(
        matches!(refused, Err(OpenError::Newer { found: 2, known: 1 })),
        "{refused:?}"
    );
}

#[test]
fn blobs_are_refused_where_durability_is_promised() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    append(&store, &stream(1), &[vec![1]]).unwrap();
    drop(store);
    std::fs::write(directory.path().join("sled/blobs/1234567"), "x").unwrap();
    assert!(matches!(
        try_open(directory.path()),
        Err(OpenError::Blobs { .. })
    ));
    let process = Mode::Process {
        sync_every: std::time::Duration::from_millis(5),
    };
    let store = small().mode(process).open(directory.path()).unwrap();
    assert_eq!(read_all(store.as_ref(), Limit::default()).unwrap().len(), 1);
}

#[test]
fn a_stale_snapshot_of_a_killed_opening_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    append(&store, &stream(1), &[vec![1]]).unwrap();
    drop(store);
    let stale = directory
        .path()
        .join("sled/snap.FFFFFFFFFFFFFFFF.generating");
    std::fs::write(&stale, "half").unwrap();
    let store = open(directory.path());
    assert_eq!(read_all(store.as_ref(), Limit::default()).unwrap().len(), 1);
    assert!(!stale.exists());
}

#[test]
fn a_creation_that_was_interrupted_begins_again() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path()));
    let path = directory.path().join("punctual");
    let line = std::fs::read_to_string(&path).unwrap();
    let (text, _) = line.rsplit_once(" checksum ").unwrap();
    let text = text.replace("ready", "creating");
    let checksum = crc32c::crc32c(text.as_bytes());
    std::fs::write(&path, format!("{text} checksum {checksum:08x}\n")).unwrap();
    std::fs::write(directory.path().join("sled/db"), "half").unwrap();
    std::fs::remove_file(directory.path().join("journal-1")).unwrap();
    let store = open(directory.path());
    append(&store, &stream(1), &[vec![1]]).unwrap();
}

#[test]
fn bad_requests_write_nothing_and_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let ticket = stream(1);
    let empty = append(&store, &ticket, &[]);
    assert!(
        matches!(empty, Err(AppendError::Invalid { .. })),
        "{empty:?}"
    );
    let large = append(&store, &ticket, &[vec![0; 64 << 10]]);
    assert!(matches!(large, Err(AppendError::TooLarge(_))), "{large:?}");
    let many = append(&store, &ticket, &vec![vec![0]; 1_001]);
    assert!(matches!(many, Err(AppendError::TooLarge(_))), "{many:?}");
    assert_eq!(
        blocking::wait(store.head(PartitionId(0))).unwrap(),
        Offset::START
    );
    let beyond =
        blocking::wait(store.read_partition(PartitionId(0), Offset::new(9), Limit::default()));
    assert!(matches!(
        beyond,
        Err(punctual::store::ReadError::Beyond { .. })
    ));
    let none =
        blocking::wait(store.read_partition(PartitionId(1), Offset::START, Limit::default()));
    assert!(matches!(
        none,
        Err(punctual::store::ReadError::Invalid { .. })
    ));
}

#[test]
fn commands_are_remembered_in_the_group_in_memory_in_the_tree_and_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = open(directory.path());
    let ticket = stream(1);
    let again = |digest| {
        Append::new(ticket.clone(), Expected::Empty, records(&[vec![1]]))
            .for_command(command("c-1", digest))
    };
    let first = blocking::wait(store.append(again(1))).unwrap();
    for round in 0..3 {
        let replayed = blocking::wait(store.append(again(1))).unwrap();
        assert!(replayed.replayed);
        assert_eq!(
            (replayed.offset, replayed.revision),
            (first.offset, first.revision)
        );
        let reused = blocking::wait(store.append(again(2)));
        assert!(
            matches!(reused, Err(AppendError::CommandReused { .. })),
            "{reused:?}"
        );
        if round == 0 {
            store.settle().unwrap();
        } else {
            drop(store);
            store = open(directory.path());
        }
    }
    assert_eq!(store.verify().unwrap().commands, 1);
}

#[test]
fn checkpoints_survive_and_are_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let store = small()
        .partitions(Partitions::new(3).unwrap())
        .open(directory.path())
        .unwrap();
    let mailer = ConsumerId::new("mailer").unwrap();
    let save = |store: &punctual_sled::SledStore, partition, offset| {
        let save =
            CheckpointStore::save(store, &mailer, PartitionId(partition), Offset::new(offset));
        blocking::wait(save).unwrap();
    };
    let load = |store: &punctual_sled::SledStore| {
        blocking::wait(CheckpointStore::load(store, &mailer)).unwrap()
    };
    save(&store, 0, 5);
    save(&store, 2, 9);
    save(&store, 0, 4);
    let mut expected = Checkpoint::default();
    expected.set(PartitionId(0), Offset::new(4));
    expected.set(PartitionId(2), Offset::new(9));
    assert_eq!(load(&store), expected);
    drop(store);
    let store = small().open(directory.path()).unwrap();
    assert_eq!(store.partitions().count(), 3);
    assert_eq!(load(&store), expected);
    blocking::wait(store.forget(&mailer)).unwrap();
    drop(store);
    assert_eq!(load(&open(directory.path())), Checkpoint::default());
    let other = small().partitions(Partitions::ONE).open(directory.path());
    assert!(matches!(other, Err(OpenError::Invalid { .. })), "{other:?}");
}

#[test]
fn snapshots_survive_and_are_deleted_without_a_trace_in_results() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let (one, two) = (stream(1), stream("1/b"));
    let snapshot = |version, size| Snapshot {
        version: Version::new(version),
        state: vec![7; size],
    };
    let load = |store: &punctual_sled::SledStore, stream: &StreamId, fold| {
        blocking::wait(SnapshotStore::load(store, stream, fold)).unwrap()
    };
    let save = |store: &punctual_sled::SledStore, stream: &StreamId, fold, snapshot| {
        blocking::wait(SnapshotStore::save(store, stream, fold, snapshot)).unwrap();
    };
    save(&store, &one, 1, snapshot(9, 300 << 10));
    save(&store, &one, 1, snapshot(10, 20));
    save(&store, &one, 1, snapshot(8, 30));
    save(&store, &one, 2, snapshot(3, 100 << 10));
    save(&store, &two, 1, snapshot(4, 10));
    drop(store);
    let store = open(directory.path());
    assert_eq!(load(&store, &one, 1), Some(snapshot(10, 20)));
    assert_eq!(load(&store, &one, 2), Some(snapshot(3, 100 << 10)));
    assert_eq!(load(&store, &one, 3), None);
    blocking::wait(store.delete(&one)).unwrap();
    assert_eq!((load(&store, &one, 1), load(&store, &one, 2)), (None, None));
    assert_eq!(load(&store, &two, 1), Some(snapshot(4, 10)));
    blocking::wait(store.clear()).unwrap();
    assert_eq!(load(&store, &two, 1), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_is_woken_by_an_append_and_by_closing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let waiting = store.another().unwrap();
    let woken = tokio::spawn(async move { waiting.wait_past(PartitionId(0), Offset::START).await });
    let ticket = Append::new(stream(1), Expected::Empty, records(&[vec![1]]));
    store.append(ticket).await.unwrap();
    assert_eq!(woken.await.unwrap().unwrap(), Offset::new(1));
    let waiting = Arc::clone(&store);
    let woken =
        tokio::spawn(async move { waiting.wait_past(PartitionId(0), Offset::new(1)).await });
    tokio::task::yield_now().await;
    store.close().await;
    assert!(matches!(
        woken.await.unwrap(),
        Err(punctual::store::ReadError::Closed)
    ));
}

/// One step of a random run.
#[derive(Debug, Clone)]
enum Step {
    Append {
        stream: u8,
        events: usize,
        size: usize,
    },
    Settle,
    Reopen,
    Read {
        after: u64,
        limit: Limit,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let size = prop_oneof![4 => 0..60_usize, 1 => 1_000..5_000_usize, 1 => 15_000..40_000_usize];
    let step = prop_oneof![
        30 => (0..6_u8, 1..20_usize, size).prop_map(|(stream, events, size)| Step::Append { stream, events, size }),
        3 => Just(Step::Settle),
        1 => Just(Step::Reopen),
        3 => (any::<u64>(), 1..100_usize, 1..50_000_usize)
            .prop_map(|(after, events, bytes)| Step::Read { after, limit: Limit { events, bytes } }),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is settled, reopened or still in memory: log, streams and names are those of a plain list.
    #[test]
    fn a_store_is_a_list(steps in steps()) {
        let directory = tempfile::tempdir().unwrap();
        let mut store = open(directory.path());
        let mut log: Vec<Event> = Vec::new();
        let mut versions: BTreeMap<String, u64> = BTreeMap::new();
        let (mut head, mut stamp) = (0, 0_u32);
        for step in steps {
            match step {
                Step::Append { stream: number, events, size } => {
                    let stream = stream(number);
                    head += 1;
                    let payloads: Vec<Vec<u8>> = (0..events).map(|_| {
                        stamp += 1;
                        let mut payload = stamp.to_le_bytes().to_vec();
                        payload.resize(size.max(4), 0xE5);
                        payload
                    }).collect();
                    let version = versions.entry(stream.as_str().to_owned()).or_default();
                    for payload in &payloads {
                        *version += 1;
                        log.push(Event { stream: stream.as_str().to_owned(), version: *version, offset: head, payload: payload.clone() });
                    }
                    let done = append(&store, &stream, &payloads).unwrap();
                    prop_assert_eq!((done.offset.get(), done.revision.version().get()), (head, *version));
                }
                Step::Settle => store.settle().unwrap(),
                Step::Reopen => {
                    drop(store);
                    store = open(directory.path());
                }
                Step::Read { after, limit } => {
                    let after = after % (head + 1);
                    let found = read_after(store.as_ref(), Offset::new(after), limit).unwrap();
                    let expected: Vec<Event> = log.iter().filter(|event| event.offset > after).cloned().collect();
                    prop_assert_eq!(found, expected);
                }
            }
        }
        for (name, version) in &versions {
            let name: StreamId = name.parse().unwrap();
            let found = read_stream(store.as_ref(), &name, Limit::events(7)).unwrap();
            let expected: Vec<Event> = log.iter().filter(|event| event.stream == name.as_str()).cloned().collect();
            prop_assert_eq!(found.len() as u64, *version);
            prop_assert_eq!(found, expected);
        }
        let names = blocking::wait(store.list_streams("acme/", None, 100)).unwrap();
        prop_assert!(names.iter().map(StreamId::as_str).eq(versions.keys().map(String::as_str)));
        let verified = store.verify().unwrap();
        prop_assert_eq!(verified.events, log.len() as u64);
        drop(store);
        let salvaged = punctual_sled::salvage(directory.path()).unwrap();
        prop_assert_eq!(salvaged.commits().count() as u64, head);
        prop_assert!(salvaged.missing().is_empty() && salvaged.contradictory().is_empty());
    }
}

#[test]
fn options_are_kept_within_bounds() {
    let directory = tempfile::tempdir().unwrap();
    drop(
        Options::new()
            .journal_bytes(1)
            .queue(0)
            .open(directory.path())
            .unwrap(),
    );
    let journal = directory.path().join("journal-0").metadata().unwrap().len();
    assert_eq!(journal, Options::LEAST_JOURNAL_BYTES);
}
