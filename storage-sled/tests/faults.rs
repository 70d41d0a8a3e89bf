//! When the system refuses: the answer says whether something may have been written, nothing is half
//! there, reads go on, and reopening finds everything that was acknowledged.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::*;
use punctual::event::{Expected, Version};
use punctual::store::{
    Append, AppendError, EventStore as _, Limit, Snapshot, SnapshotStore, Written, blocking,
};
use punctual_sled::OpenError;
use punctual_sled::fault::{Call, Faults};

/// Fails the call with this number, counted over all calls of its kind, and every later one.
fn failing(call: Call, number: u64) -> (Faults, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    let faults = Faults::new(move |asked| {
        let now = if asked == call {
            counted.fetch_add(1, Ordering::Relaxed)
        } else {
            0
        };
        (asked == call && now >= number).then(|| io::Error::from(io::ErrorKind::StorageFull))
    });
    (faults, count)
}

/// Appends, settles now and then, until something fails; answers what was acknowledged, and the failure.
fn until_refused(directory: &Path, faults: Faults) -> (Vec<u64>, Option<AppendError>) {
    let mut acknowledged = Vec::new();
    let store = match small().faults(faults).open(directory) {
        Ok(store) => store,
        Err(error) => {
            assert!(
                matches!(error, OpenError::Io { .. } | OpenError::Corrupt { .. }),
                "{error}"
            );
            return (acknowledged, None);
        }
    };
    let mut refused = None;
    for number in 0..12_u64 {
        match append(
            &store,
            &stream(number % 3),
            &[number.to_le_bytes().to_vec()],
        ) {
            Ok(_) => acknowledged.push(number),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
        if number % 4 == 3 {
            let _ = store.settle();
        }
    }
    if refused.is_some() {
        // Reads go on with what was acknowledged, and every later append says: reopen.
        let read = read_all(store.as_ref(), Limit::default()).unwrap();
        assert_eq!(read.len(), acknowledged.len());
        let next = append(&store, &stream(9), &[vec![9]]);
        assert!(
            matches!(next, Err(AppendError::Poisoned { .. })),
            "{next:?}"
        );
        assert_eq!(next.unwrap_err().written(), Written::No);
    }
    (acknowledged, refused)
}

#[test]
fn every_call_on_the_system_may_fail_at_any_time() {
    for call in [
        Call::JournalWrite,
        Call::JournalSync,
        Call::TableWrite,
        Call::TableSync,
    ] {
        for number in 0.. {
            let directory = tempfile::tempdir().unwrap();
            let (faults, count) = failing(call, number);
            let (acknowledged, refused) = until_refused(directory.path(), faults);
            let store = open(directory.path());
            let found = read_all(store.as_ref(), Limit::default()).unwrap();
            let stamp = |event: &Event| u64::from_le_bytes(event.payload[..8].try_into().unwrap());
            let found: Vec<u64> = found.iter().map(stamp).collect();
            // What failed unknown may be there; nothing else may.
            let unknown = refused.is_some_and(|error| error.written() == Written::Unknown);
            assert!(
                found.starts_with(&acknowledged),
                "{call:?} {number}: {found:?}, {acknowledged:?}"
            );
            let most = acknowledged.len() + usize::from(unknown);
            assert!(found.len() <= most, "{call:?} {number}: {found:?}");
            assert_eq!(store.verify().unwrap().events, found.len() as u64);
            append(&store, &stream(9), &[vec![9; 8]]).unwrap();
            if count.load(Ordering::Relaxed) <= number {
                assert!(number > 2, "{call:?} is hardly ever made");
                break;
            }
        }
    }
}

/// Fails one call of a kind: the one with this number, counted from when it is armed.
#[derive(Clone, Default)]
struct Once {
    left: Arc<std::sync::Mutex<Option<u64>>>,
}

impl Once {
    fn faults(&self, call: Call) -> Faults {
        let left = Arc::clone(&self.left);
        Faults::new(move |asked| {
            let mut left = left.lock().unwrap();
            if asked != call {
                return None;
            }
            let now = (*left)?;
            *left = now.checked_sub(1);
            (now == 0).then(|| io::Error::other("the device does not answer"))
        })
    }

    fn arm(&self, number: u64) {
        *self.left.lock().unwrap() = Some(number);
    }

    fn disarm(&self) {
        *self.left.lock().unwrap() = None;
    }

    /// Whether it has failed since it was armed.
    fn is_spent(&self) -> bool {
        self.left.lock().unwrap().is_none()
    }
}

/// Everything that reads the tree, in one order; what cannot be read is tried once more.
fn read_everything(store: &punctual_sled::SledStore, once: &Once) -> Vec<String> {
    let mut answers = Vec::new();
    let mut ask = |ask: &dyn Fn() -> Result<String, punctual::store::ReadError>| {
        let before = once.is_spent();
        let answer = ask().or_else(|error| {
            assert!(!before && once.is_spent(), "nothing was to fail: {error}");
            assert!(error.is_transient(), "{error}");
            ask()
        });
        answers.push(answer.unwrap());
    };
    ask(&|| read_all(store, Limit::events(3)).map(|it| format!("{it:?}")));
    for number in 0..3 {
        let name = stream(number);
        ask(&|| read_stream(store, &name, Limit::events(3)).map(|it| format!("{it:?}")));
        ask(&|| {
            let id = command(number, 0).id;
            let found = blocking::wait(store.find_command(&name, &id));
            found.map(|it| format!("{it:?}"))
        });
        ask(&|| {
            let kept = blocking::wait(SnapshotStore::load(store, &name, 1));
            kept.map(|it| format!("{it:?}"))
        });
    }
    ask(&|| blocking::wait(store.list_streams("", None, 9)).map(|it| format!("{it:?}")));
    ask(&|| store.verify().map(|it| format!("{it:?}")));
    answers
}

#[test]
fn a_read_that_fails_is_told_and_may_be_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let once = Once::default();
    let options = small().faults(once.faults(Call::TableRead));
    let store = options.open(directory.path()).unwrap();
    for number in 0..9_u64 {
        let append = Append::new(
            stream(number % 3),
            Expected::Any,
            records(&[vec![number as u8; 5]]),
        );
        let append = append.for_command(command(number, 1));
        blocking::wait(store.append(append)).unwrap();
    }
    let kept = Snapshot {
        version: Version::FIRST,
        state: vec![7],
    };
    blocking::wait(SnapshotStore::save(
        store.as_ref(),
        &stream(0),
        1,
        kept.clone(),
    ))
    .unwrap();
    drop(store);

    let mut store = options.open(directory.path()).unwrap();
    let expected = read_everything(&store, &once);
    let mut number = 0;
    loop {
        once.arm(number);
        let answers = read_everything(&store, &once);
        assert_eq!(answers, expected, "read {number} failed");
        if !once.is_spent() {
            break;
        }
        number += 1;
    }
    once.disarm();
    assert!(number > 30, "the tree is hardly ever read");

    // An append that must look into the tree says that nothing was written; opening says what it could not.
    for number in 0..2 {
        drop(store);
        store = options.open(directory.path()).unwrap();
        once.arm(number);
        let again = || {
            let append = Append::new(stream(0), Expected::Any, records(&[vec![1]]));
            blocking::wait(store.append(append.for_command(command(format!("new-{number}"), 1))))
        };
        let error = again().unwrap_err();
        assert_eq!(error.written(), Written::No, "{error}");
        again().unwrap();
    }
    drop(store);
    for number in 0..2 {
        once.arm(number);
        let refused = options.open(directory.path());
        assert!(matches!(refused, Err(OpenError::Io { .. })), "{refused:?}");
        drop(options.open(directory.path()).unwrap());
    }
}

/// Mounts a small file system in memory; `None` where that is not allowed.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(size: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(directory.path())
            .output();
        mounted
            .is_ok_and(|done| done.status.success())
            .then_some(Self(directory))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
fn a_full_disk_refuses_appends_and_loses_nothing() {
    let Some(mount) = Mount::new("24m") else {
        eprintln!("SKIPPED: no file system can be mounted here (needs root)");
        return;
    };
    let path = mount.0.path().join("store");
    let store = open(&path);
    let mut appended = 0_u64;
    let payloads = vec![vec![7; 8_000]; 20];
    let refused = loop {
        match append(&store, &stream(appended % 7), &payloads) {
            Ok(_) => appended += 1,
            Err(error) => break error,
        }
        assert!(appended < 1_000, "the disk is never full");
    };
    let text = refused.to_string();
    assert!(text.contains("space"), "{text}");
    assert_eq!(refused.written(), Written::No, "{text}");
    assert_eq!(
        read_all(store.as_ref(), Limit::default()).unwrap().len() as u64,
        appended * 20
    );
    drop(store);
    // Still full: what cannot be opened says so; what can be opened has everything.
    match try_open(&path) {
        Ok(store) => {
            let events = read_all(store.as_ref(), Limit::default()).unwrap();
            assert_eq!(events.len() as u64, appended * 20);
        }
        Err(error) => assert!(matches!(error, OpenError::Io { .. }), "{error}"),
    }
    let grown = Command::new("mount")
        .args(["-o", "remount,size=200m"])
        .arg(mount.0.path())
        .status();
    assert!(grown.unwrap().success());
    let store = open(&path);
    assert_eq!(
        read_all(store.as_ref(), Limit::default()).unwrap().len() as u64,
        appended * 20
    );
    append(&store, &stream(1), &payloads).unwrap();
    assert_eq!(store.verify().unwrap().events, (appended + 1) * 20);
}
