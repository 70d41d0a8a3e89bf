//! The stores that fail on purpose, around the memory backend; and the wait without an executor.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream as _;
use punctual::event::{CommandId, Expected, Offset, PartitionId, StreamId};
use punctual::store::{
    Append, AppendError, CommandDigest, CommandKey, EventStore, EventStoreExt, Gap, Limit,
    PartitionPage, ReadError, RecordHead, Records, Subscription, Written, blocking,
};
use punctual::time::Instant;
use punctual_memory::MemoryStore;
use punctual_testkit::fault::{AppendFault, FaultStore, ReadFault};

const P0: PartitionId = PartitionId(0);

fn append(events: usize) -> Append {
    let mut records = Records::new();
    for _ in 0..events {
        let head = RecordHead {
            kind: 1,
            schema: 1,
            occurred_at: Instant::MIN,
            recorded_at: Instant::MIN,
            subject: None,
            metadata: &[],
        };
        records.push(&head, b"x").unwrap();
    }
    let stream = StreamId::new("a", "t", "1").unwrap();
    Append::new(stream, Expected::Any, records).for_command(CommandKey {
        id: CommandId::new("c").unwrap(),
        digest: CommandDigest::new([1; 16]),
    })
}

fn next(pages: &mut Subscription) -> Option<Result<PartitionPage, ReadError>> {
    blocking::wait(poll_fn(|context| Pin::new(&mut *pages).poll_next(context)))
}

#[test]
fn a_failed_append_lands_as_its_fault_says_and_a_retry_settles_it() {
    for (fault, written, landed) in [
        (AppendFault::Busy, Written::No, 0),
        (AppendFault::NotWritten, Written::No, 0),
        (AppendFault::UnknownAndLost, Written::Unknown, 0),
        (AppendFault::UnknownButWritten, Written::Unknown, 2),
        (AppendFault::Torn, Written::Unknown, 1),
    ] {
        let inner = MemoryStore::new();
        let store = FaultStore::new(Arc::new(inner.handle())).failing_append(1, fault);
        let error: AppendError = blocking::wait(store.append(append(2))).unwrap_err();
        assert_eq!(error.written(), written, "{fault:?}");
        let page = blocking::wait(inner.read_partition(P0, Offset::START, Limit::default()));
        assert_eq!(page.unwrap().commits.events(), landed, "{fault:?}");
        let again = blocking::wait(store.append(append(2))).unwrap();
        assert_eq!(again.replayed, landed > 0, "{fault:?}");
    }
}

#[test]
fn a_subscription_tries_again_after_an_error_that_may_pass() {
    let inner = MemoryStore::new();
    blocking::wait(inner.append(append(1))).unwrap();
    let store = FaultStore::new(Arc::new(inner)).failing_read(1, ReadFault::Unavailable);
    let store: Arc<dyn EventStore> = Arc::new(store);
    let mut pages = store.subscribe(P0, Offset::START, Limit::default());
    assert!(matches!(
        next(&mut pages),
        Some(Err(ReadError::Unavailable { .. }))
    ));
    assert_eq!(next(&mut pages).unwrap().unwrap().next, Offset::new(1));
}

#[test]
fn a_subscription_refuses_a_commit_that_comes_twice_and_ends() {
    let inner = MemoryStore::new();
    for _ in 0..2 {
        let bare = Append {
            command: None,
            ..append(1)
        };
        blocking::wait(inner.append(bare)).unwrap();
    }
    let store = FaultStore::new(Arc::new(inner)).failing_read(2, ReadFault::Twice);
    let store: Arc<dyn EventStore> = Arc::new(store);
    let mut pages = store.subscribe(P0, Offset::START, Limit::events(1));
    assert!(next(&mut pages).unwrap().is_ok());
    let told = next(&mut pages).unwrap().unwrap_err();
    assert!(matches!(told, ReadError::Gap(Gap::Offset { .. })), "{told}");
    assert!(next(&mut pages).is_none());
}

#[test]
fn a_subscription_refuses_a_store_that_forgets_what_it_woke_it_for() {
    let inner = MemoryStore::new();
    blocking::wait(inner.append(append(1))).unwrap();
    // The first read does not show the commit, the wait tells of it, the second read hides it again.
    let store = FaultStore::new(Arc::new(inner))
        .failing_read(1, ReadFault::Late)
        .failing_read(2, ReadFault::Late);
    let store: Arc<dyn EventStore> = Arc::new(store);
    let mut pages = store.subscribe(P0, Offset::START, Limit::default());
    let told = next(&mut pages).unwrap().unwrap_err();
    assert!(matches!(told, ReadError::Gap(Gap::Head { .. })), "{told}");
}

#[test]
fn a_parked_thread_is_woken_by_an_append_of_another() {
    let store = Arc::new(MemoryStore::new());
    let waiter = {
        let store = Arc::clone(&store);
        std::thread::spawn(move || blocking::wait(store.wait_past(P0, Offset::START)))
    };
    blocking::wait(store.append(append(1))).unwrap();
    assert_eq!(waiter.join().unwrap().unwrap(), Offset::new(1));
}
