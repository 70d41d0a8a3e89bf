//! Hooks stand around a store as they say, and faults do what their names promise.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use punctual::event::{CommandId, CustomerId, Expected, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommandDigest, CommandKey, EventStore, FoundCommand, Limit,
    Limits, PartitionPage, ReadError, RecordHead, Records, StreamPage, blocking,
};
use punctual::time::Instant;
use punctual_memory::MemoryStore;
use punctual_testkit::fault::{AppendFault, FaultStore};
use punctual_testkit::hooked::{Hooked, Hooks};

const P0: PartitionId = PartitionId(0);

type Calls = Arc<Mutex<Vec<String>>>;

/// Writes down every call, under a name.
#[derive(Debug)]
struct Witness(&'static str, Calls);

impl Witness {
    fn saw(&self, call: &str) {
        self.1.lock().unwrap().push(format!("{} {call}", self.0));
    }
}

#[async_trait]
impl Hooks for Witness {
    fn limits(&self, store: &dyn EventStore) -> Limits {
        self.saw("limits");
        store.limits()
    }

    async fn append(
        &self,
        store: &dyn EventStore,
        append: Append,
    ) -> Result<Appended, AppendError> {
        self.saw("append");
        let answer = store.append(append).await;
        self.saw("appended");
        answer
    }

    async fn find_command(
        &self,
        store: &dyn EventStore,
        stream: &StreamId,
        command: &CommandId,
    ) -> Result<Option<FoundCommand>, ReadError> {
        self.saw("find_command");
        store.find_command(stream, command).await
    }

    async fn read_stream(
        &self,
        store: &dyn EventStore,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.saw("read_stream");
        store.read_stream(stream, after, limit).await
    }

    async fn read_partition(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.saw("read_partition");
        store.read_partition(partition, after, limit).await
    }

    async fn list_streams(
        &self,
        store: &dyn EventStore,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.saw("list_streams");
        store.list_streams(prefix, after, limit).await
    }

    async fn head(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
    ) -> Result<Offset, ReadError> {
        self.saw("head");
        store.head(partition).await
    }

    async fn wait_past(
        &self,
        store: &dyn EventStore,
        partition: PartitionId,
        offset: Offset,
    ) -> Result<Offset, ReadError> {
        self.saw("wait_past");
        store.wait_past(partition, offset).await
    }

    async fn close(&self, store: &dyn EventStore) {
        self.saw("close");
        store.close().await;
    }
}

/// A hook that says nothing of its own: everything goes through as it is.
#[derive(Debug)]
struct Idle;

impl Hooks for Idle {}

fn stream() -> StreamId {
    StreamId::new("acme", "ticket", "T-1").unwrap()
}

/// Three events with a subject, metadata, and texts that differ.
fn append() -> Append {
    let subject = CustomerId::new("c-17").unwrap();
    let mut records = Records::new();
    for (kind, text) in [(1, "first"), (2, "second"), (3, "third")] {
        let head = RecordHead {
            kind,
            schema: 4,
            occurred_at: Instant::MIN,
            recorded_at: Instant::MAX,
            subject: Some(&subject),
            metadata: b"beside it",
        };
        records.push(&head, text.as_bytes()).unwrap();
    }
    Append::new(stream(), Expected::Any, records)
}

fn call_everything(store: &dyn EventStore) {
    let limit = Limit::default();
    let command = CommandId::new("c").unwrap();
    store.limits();
    blocking::wait(store.append(append())).unwrap();
    assert!(
        blocking::wait(store.find_command(&stream(), &command))
            .unwrap()
            .is_none()
    );
    let page = blocking::wait(store.read_stream(&stream(), Version::FIRST, limit)).unwrap();
    assert_eq!((page.after, page.last_version().get()), (Version::FIRST, 3));
    let page = blocking::wait(store.read_partition(P0, Offset::START, Limit::events(9))).unwrap();
    assert_eq!(page.records().count(), 3);
    let listed = blocking::wait(store.list_streams("acme/", None, 9)).unwrap();
    assert_eq!(listed, [stream()]);
    assert_eq!(blocking::wait(store.head(P0)).unwrap(), Offset::new(1));
    let past = blocking::wait(store.wait_past(P0, Offset::START)).unwrap();
    assert_eq!(past, Offset::new(1));
    blocking::wait(store.close());
    assert!(matches!(
        blocking::wait(store.head(P0)),
        Err(ReadError::Closed)
    ));
}

#[test]
fn hooks_see_every_call_and_the_outer_ones_see_it_first() {
    let calls = Calls::default();
    let inner = Hooked::around(
        Arc::new(MemoryStore::new()),
        Witness("inner", calls.clone()),
    );
    let between = Hooked::around(Arc::new(inner), Idle);
    let outer = Hooked::around(Arc::new(between), Witness("outer", calls.clone()));
    call_everything(&outer);
    let calls = calls.lock().unwrap();
    let names = [
        "limits",
        "append",
        "find_command",
        "read_stream",
        "read_partition",
        "list_streams",
        "head",
        "wait_past",
        "close",
        "head",
    ];
    let mut wanted = Vec::new();
    for name in names {
        wanted.extend(["outer", "inner"].map(|who| format!("{who} {name}")));
        if name == "append" {
            wanted.extend(["inner", "outer"].map(|who| format!("{who} appended")));
        }
    }
    assert_eq!(*calls, wanted);
}

#[test]
fn a_torn_batch_has_its_first_event_as_it_was_given_and_no_more() {
    let inner = MemoryStore::new();
    let store = FaultStore::new(Arc::new(inner.handle())).failing_append(1, AppendFault::Torn);
    let key = CommandKey {
        id: CommandId::new("call-1").unwrap(),
        digest: CommandDigest::new([7; 16]),
    };
    let whole = append().for_command(key.clone());
    blocking::wait(store.append(whole.clone())).unwrap_err();
    let page = blocking::wait(inner.read_stream(&stream(), Version::NONE, Limit::default()));
    let page = page.unwrap();
    let records: Vec<_> = page.records().collect();
    let [first] = &records[..] else {
        panic!("{records:?}");
    };
    assert_eq!((first.kind(), first.schema()), (1, 4));
    assert_eq!(first.subject(), Some("c-17"));
    assert_eq!(
        (first.occurred_at(), first.recorded_at()),
        (Instant::MIN, Instant::MAX)
    );
    assert_eq!(
        (first.metadata(), first.payload()),
        (&b"beside it"[..], &b"first"[..])
    );
    // The trap of it: sent again, the command is answered, and the rest is never written.
    let again = blocking::wait(store.append(whole)).unwrap();
    assert_eq!(
        (again.replayed, again.revision.version()),
        (true, Version::FIRST)
    );
}

#[test]
fn of_one_event_nothing_can_be_torn_off() {
    let inner = MemoryStore::new();
    let store = FaultStore::new(Arc::new(inner.handle())).failing_append(1, AppendFault::Torn);
    let mut records = Records::new();
    let head = RecordHead {
        kind: 1,
        schema: 1,
        occurred_at: Instant::MIN,
        recorded_at: Instant::MIN,
        subject: None,
        metadata: &[],
    };
    records.push(&head, b"all").unwrap();
    let one = Append::new(stream(), Expected::Any, records);
    blocking::wait(store.append(one)).unwrap_err();
    let page = blocking::wait(inner.read_stream(&stream(), Version::NONE, Limit::default()));
    assert_eq!(
        page.unwrap().records().next().unwrap().payload(),
        &b"all"[..]
    );
    // What holds no event does not become an append of something.
    let store = FaultStore::new(Arc::new(inner)).failing_append(1, AppendFault::Torn);
    let empty = Append::new(stream(), Expected::Any, Records::new());
    assert!(matches!(
        blocking::wait(store.append(empty)),
        Err(AppendError::Invalid { .. })
    ));
}
