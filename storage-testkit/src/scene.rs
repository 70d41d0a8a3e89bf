//! What checks are written in: a store, and short words for what is done to it.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream as _;
use punctual::event::{CommandId, CustomerId, Expected, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommandDigest, CommandKey, Contiguity, EventStore, Limit,
    PartitionPage, Partitions, ReadError, RecordHead, RecordView, Records, Sequence, StreamPage,
    Subscription,
};
use punctual::time::Instant;

use crate::fixture::{Backend, Fault, Fixture, Offer};
use crate::run::Stop;

/// Fails the check with a message unless the condition holds.
macro_rules! ensure {
    ($holds:expr, $($message:tt)+) => {
        if !$holds {
            return Err($crate::run::Stop::Failed(format!($($message)+)));
        }
    };
}

/// Fails the check unless both are equal.
macro_rules! ensure_eq {
    ($found:expr, $wanted:expr, $($message:tt)+) => {{
        let (found, wanted) = (&$found, &$wanted);
        ensure!(found == wanted, "{}: found {found:?}, want {wanted:?}", format_args!($($message)+));
    }};
}

/// Fails the check unless the value has this shape.
macro_rules! ensure_matches {
    ($found:expr, $shape:pat, $($message:tt)+) => {{
        let found = $found;
        ensure!(matches!(&found, $shape), "{}: found {found:?}", format_args!($($message)+));
    }};
}

pub(crate) use {ensure, ensure_eq, ensure_matches};

impl<T> Offer<T> {
    /// The thing, or the end of the check.
    pub(crate) fn needed(self) -> Result<T, Stop> {
        match self {
            Self::Offered(thing) => Ok(thing),
            Self::Absent(reason) => Err(Stop::Skipped(reason)),
        }
    }
}

/// What a check starts with: the backend, from which it makes as many stores as it needs. Each check has stores of
/// its own, so checks run side by side and in any order.
#[derive(Debug, Clone)]
pub(crate) struct Cx {
    pub(crate) backend: Arc<dyn Backend>,
}

impl Cx {
    pub(crate) fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend }
    }

    /// A store of one partition.
    pub(crate) async fn scene(&self) -> Result<Scene, Stop> {
        self.partitioned(1).await
    }

    pub(crate) async fn partitioned(&self, partitions: u16) -> Result<Scene, Stop> {
        let partitions = Partitions::new(partitions).unwrap_or(Partitions::ONE);
        let fixture = self.backend.create(partitions).await.needed()?;
        let store = fixture.open().await;
        Ok(Scene {
            fixture,
            store,
            patience: self.backend.patience(),
        })
    }
}

/// One store with one handle.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) fixture: Box<dyn Fixture>,
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) patience: Duration,
}

pub(crate) const P0: PartitionId = PartitionId(0);

pub(crate) fn stream(id: &str) -> StreamId {
    match StreamId::new("acme", "ticket", id) {
        Ok(stream) => stream,
        Err(error) => panic!("the suite uses a bad stream `{id}`: {error}"),
    }
}

pub(crate) fn at(micros: i64) -> Instant {
    Instant::from_micros(1_700_000_000_000_000 + micros).unwrap_or(Instant::MAX)
}

/// One event as plain owned data, so that what was stored and what was read can be compared whole, also after the
/// page that it was read from is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: u16,
    pub(crate) schema: u16,
    pub(crate) occurred_at: Instant,
    pub(crate) recorded_at: Instant,
    pub(crate) subject: Option<String>,
    pub(crate) metadata: Vec<u8>,
    pub(crate) payload: Vec<u8>,
}

impl Event {
    pub(crate) fn text(payload: &str) -> Self {
        Self {
            kind: 1,
            schema: 1,
            occurred_at: at(0),
            recorded_at: at(1),
            subject: None,
            metadata: Vec::new(),
            payload: payload.as_bytes().to_vec(),
        }
    }

    pub(crate) fn of(record: &RecordView<'_>) -> Self {
        Self {
            kind: record.kind(),
            schema: record.schema(),
            occurred_at: record.occurred_at(),
            recorded_at: record.recorded_at(),
            subject: record.subject().map(str::to_owned),
            metadata: record.metadata().to_vec(),
            payload: record.payload().to_vec(),
        }
    }
}

pub(crate) fn records(events: &[Event]) -> Result<Records, Stop> {
    let mut records = Records::new();
    for event in events {
        let subject = event.subject.as_deref().map(CustomerId::new).transpose()?;
        let head = RecordHead {
            kind: event.kind,
            schema: event.schema,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
            subject: subject.as_ref(),
            metadata: &event.metadata,
        };
        records.push(&head, &event.payload)?;
    }
    Ok(records)
}

/// An append of one event a text.
pub(crate) fn texts(id: &str, expected: Expected, texts: &[&str]) -> Result<Append, Stop> {
    let events: Vec<Event> = texts.iter().map(|text| Event::text(text)).collect();
    Ok(Append::new(stream(id), expected, records(&events)?))
}

pub(crate) fn key(id: &str, digest: u8) -> Result<CommandKey, Stop> {
    Ok(CommandKey {
        id: CommandId::new(id)?,
        digest: CommandDigest::new([digest; CommandDigest::BYTES]),
    })
}

pub(crate) fn exactly(version: u64) -> Expected {
    Expected::Exactly(Version::new(version).into())
}

pub(crate) fn offset(number: u64) -> Offset {
    Offset::new(number)
}

/// A place in the log with the text of the event there.
pub(crate) type Line = (Offset, u32, String, Version, String);

fn line(record: &RecordView<'_>) -> Line {
    let position = record.position();
    let text = String::from_utf8_lossy(record.payload()).into_owned();
    let stream = record.stream().to_owned();
    (
        position.offset,
        position.index,
        stream,
        record.version(),
        text,
    )
}

impl Scene {
    /// Appends one event a text.
    pub(crate) async fn put(
        &self,
        id: &str,
        expected: Expected,
        events: &[&str],
    ) -> Result<Appended, Stop> {
        Ok(self.store.append(texts(id, expected, events)?).await?)
    }

    /// The same, of which an error is expected.
    pub(crate) async fn put_refused(
        &self,
        id: &str,
        expected: Expected,
        events: &[&str],
    ) -> Result<AppendError, Stop> {
        refused(self.store.append(texts(id, expected, events)?).await)
    }

    pub(crate) async fn put_command(
        &self,
        id: &str,
        expected: Expected,
        command: (&str, u8),
        events: &[&str],
    ) -> Result<Result<Appended, AppendError>, Stop> {
        let append = texts(id, expected, events)?.for_command(key(command.0, command.1)?);
        Ok(self.store.append(append).await)
    }

    /// Fills streams in turn with commits of one event.
    pub(crate) async fn fill(&self, streams: &[&str], commits: usize) -> Result<(), Stop> {
        for number in 0..commits {
            let id = streams[number % streams.len()];
            self.put(id, Expected::Any, &[&format!("{number}")]).await?;
        }
        Ok(())
    }

    pub(crate) async fn texts(&self, id: &str) -> Result<Vec<String>, Stop> {
        let lines = stream_lines(self.store.as_ref(), id, 7).await?;
        Ok(lines.into_iter().map(|line| line.4).collect())
    }

    /// A page of a stream from its start.
    pub(crate) async fn read(&self, id: &str, limit: Limit) -> Result<StreamPage, Stop> {
        let name = stream(id);
        Ok(self.store.read_stream(&name, Version::NONE, limit).await?)
    }

    pub(crate) async fn log(&self, partition: PartitionId) -> Result<Vec<Line>, Stop> {
        log_lines(self.store.as_ref(), partition, 7).await
    }

    pub(crate) async fn head(&self) -> Result<u64, Stop> {
        Ok(self.store.head(P0).await?.get())
    }

    /// Waits for something that should come at once. The patience is no pause: it is how long a lost wake is waited
    /// for before it is called lost.
    pub(crate) async fn soon<F: Future>(&self, what: &str, future: F) -> Result<F::Output, Stop> {
        let waited = tokio::time::timeout(self.patience, future).await;
        waited.map_err(|_| Stop::Failed(format!("{what} did not come")))
    }

    pub(crate) async fn inject(&self, fault: Fault) -> Result<(), Stop> {
        self.fixture.inject(fault).await.needed()
    }

    pub(crate) async fn reopen(&mut self) -> Result<(), Stop> {
        self.store = self.fixture.reopen().await.needed()?;
        Ok(())
    }

    pub(crate) async fn crash(&mut self) -> Result<(), Stop> {
        self.store = self.fixture.crash().await.needed()?;
        Ok(())
    }
}

/// The error that should have come. An answer instead of it fails the check and is shown.
pub(crate) fn refused<T: fmt::Debug, E>(answer: Result<T, E>) -> Result<E, Stop> {
    match answer {
        Ok(answer) => Err(Stop::Failed(format!("should be refused, but: {answer:?}"))),
        Err(error) => Ok(error),
    }
}

/// Every event of a stream, in pages of `most`, through the reader's guard.
pub(crate) async fn stream_lines(
    store: &dyn EventStore,
    id: &str,
    most: usize,
) -> Result<Vec<Line>, Stop> {
    let (stream, mut lines) = (stream(id), Vec::new());
    let mut guard = Sequence::new(stream.clone(), Version::NONE);
    loop {
        let page = store.read_stream(&stream, guard.after(), Limit::events(most));
        let page = page.await?;
        guard.admit(&page).map_err(ReadError::from)?;
        lines.extend(page.records().map(|record| line(&record)));
        if page.is_last() {
            return Ok(lines);
        }
    }
}

/// Every event of a partition, in pages of `most`, through the reader's guard.
///
/// The guard is the one that every reader of the project uses, so a hole or a repetition fails the check at the
/// page where it is, whatever the check was asking.
pub(crate) async fn log_lines(
    store: &dyn EventStore,
    partition: PartitionId,
    most: usize,
) -> Result<Vec<Line>, Stop> {
    let mut lines = Vec::new();
    let mut guard = Contiguity::new(partition, Offset::START);
    loop {
        let page = store.read_partition(partition, guard.after(), Limit::events(most));
        let page = page.await?;
        guard.admit(&page).map_err(ReadError::from)?;
        lines.extend(page.records().map(|record| line(&record)));
        if page.is_last() {
            return Ok(lines);
        }
    }
}

/// The next page of a subscription.
pub(crate) async fn next(subscription: &mut Subscription) -> Result<PartitionPage, Stop> {
    let item = poll_fn(|context| Pin::new(&mut *subscription).poll_next(context)).await;
    match item {
        Some(page) => Ok(page?),
        None => Err(Stop::Failed("the subscription ended".to_owned())),
    }
}
