//! The reference backend of Punctual: a log in memory, gone when its process ends.
//!
//! For tests, for trying things out, and as the plainest reading of the port's contract: it passes
//! every check of `punctual-testkit` that a store without a medium can take.
//!
//! ```
//! use punctual::event::{Expected, StreamId, Version};
//! use punctual::store::{Append, EventStore, Limit, RecordHead, Records, blocking};
//! use punctual::time::Instant;
//! use punctual_memory::MemoryStore;
//!
//! let store = MemoryStore::new();
//! let stream = StreamId::new("acme", "ticket", "T-1")?;
//! let head = RecordHead {
//!     kind: 1,
//!     schema: 1,
//!     occurred_at: Instant::MIN,
//!     recorded_at: Instant::MIN,
//!     subject: None,
//!     metadata: &[],
//! };
//! let mut records = Records::new();
//! records.push(&head, b"hello")?;
//! blocking::wait(store.append(Append::new(stream.clone(), Expected::Empty, records)))?;
//!
//! let page = blocking::wait(store.read_stream(&stream, Version::NONE, Limit::default()))?;
//! let payloads: Vec<&[u8]> = page.records().map(|record| record.payload()).collect();
//! assert_eq!(payloads, [b"hello"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it is built
//! - Each partition has one log, an append-only list that readers walk without any lock, and one
//!   writer at a time, who holds a lock for the time of one append.
//! - What is known of a stream (its version, where its commits are, its commands) lies in one of 16
//!   maps by the stream's hash, so that readers of streams seldom meet the writer.
//! - An append costs the same however long the log is; a read costs what its page holds.
//! - No runtime is needed. Every call except a wait is ready at its first poll.
//!
//! # When to use it
//!
//! | use | instead |
//! |---|---|
//! | tests of a service, doc examples, a first try | |
//! | a simulation with faults | wrap it in `FaultStore` of `punctual-testkit` |
//! | a service that must remember | `punctual-sled`, or a backend of your own |
//!
//! Nothing is ever written anywhere: dropping the last handle forgets the log. Memory is taken for the
//! bytes of the log and an index of streams and commands, and is not given back before that.
//!
//! # Standing in for a disk
//!
//! What dies with a process elsewhere dies here with the last handle. So a test of a restart keeps one handle
//! back, drops everything else, and begins again on another:
//!
//! ```
//! use std::sync::Arc;
//! use punctual::engine::{Engine, Options};
//! use punctual_memory::MemoryStore;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//!
//! let disk = MemoryStore::new();
//! let engine = Engine::open(Arc::new(disk.handle()), Options::new("acme")).await?;
//! // ... commands ...
//! let before = (engine.open_tickets(), engine.next_at());
//! drop(engine); // the process ends
//!
//! let engine = Engine::open(Arc::new(disk.handle()), Options::new("acme")).await?;
//! assert_eq!((engine.open_tickets(), engine.next_at()), before);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two engines on two handles are two processes on one log: each sees what the other appends, both race for the
//! versions of a ticket, and one of them wins.
//!
//! # What it cannot show
//!
//! Nothing fails here, so code that was tried on this backend alone was never told that a write may have
//! landed, that a page cannot be read, or that a commit is damaged. Put the faults of `punctual-testkit` around
//! it for that, or hooks of your own:
//!
//! ```
//! use std::sync::Arc;
//! use punctual::event::{Offset, PartitionId};
//! use punctual::store::{EventStore, Limit, blocking};
//! use punctual_memory::MemoryStore;
//! use punctual_testkit::fault::{FaultStore, ReadFault};
//!
//! let store = FaultStore::new(Arc::new(MemoryStore::new())).failing_read(1, ReadFault::Unavailable);
//! let page = blocking::wait(store.read_partition(PartitionId(0), Offset::START, Limit::default()));
//! assert!(page.is_err_and(|error| error.is_transient()));
//! ```
//!
//! Nor does it show how long a disk takes: an append is done before its future is polled a second time. A
//! service whose tasks must meet in a certain order makes them meet with a hook that waits.
//!
//! # As the expected answer
//!
//! Because it keeps the contract to the letter and does nothing else, it serves as the other side of a comparison:
//! what a migrated log, a proxy or a new backend answers must be what this one answers to the same appends. Pages
//! are values, and a commit is its bytes:
//!
//! ```
//! use punctual::event::{Expected, Offset, PartitionId, StreamId};
//! use punctual::store::{
//!     Append, EventStore, Limit, ReadError, RecordHead, Records, blocking,
//! };
//! # use punctual::time::Instant;
//! use punctual_memory::MemoryStore;
//!
//! /// Every sealed commit of a small log.
//! fn commits(store: &dyn EventStore) -> Result<Vec<Vec<u8>>, ReadError> {
//!     let page = store.read_partition(PartitionId(0), Offset::START, Limit::default());
//!     let page = blocking::wait(page)?;
//!     Ok(page.commits.iter().map(|commit| commit.as_bytes().to_vec()).collect())
//! }
//!
//! # let head = RecordHead {
//! #     kind: 1,
//! #     schema: 1,
//! #     occurred_at: Instant::MIN,
//! #     recorded_at: Instant::MIN,
//! #     subject: None,
//! #     metadata: &[],
//! # };
//! # let mut records = Records::new();
//! # records.push(&head, b"x")?;
//! let append = Append::new(StreamId::new("acme", "ticket", "T-1")?, Expected::Empty, records);
//! let (expected, found) = (MemoryStore::new(), MemoryStore::new()); // the second is yours
//! for store in [&expected, &found] {
//!     blocking::wait(store.append(append.clone()))?;
//! }
//! assert_eq!(commits(&expected)?, commits(&found)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Several partitions
//!
//! Code that reads a log of one partition may rely on an order that other backends do not have. Trying it on four
//! costs one line, and finds the consumer that keeps one place where it needs four:
//!
//! ```
//! use punctual::event::{Expected, Offset, PartitionId, StreamId};
//! use punctual::store::{Append, EventStore, Partitions, RecordHead, Records, blocking};
//! use punctual::time::Instant;
//! use punctual_memory::MemoryStore;
//!
//! let store = MemoryStore::with_partitions(Partitions::new(4).ok_or("zero")?);
//! for number in 0..40 {
//!     let head = RecordHead {
//!         kind: 1,
//!         schema: 1,
//!         occurred_at: Instant::MIN,
//!         recorded_at: Instant::MIN,
//!         subject: None,
//!         metadata: &[],
//!     };
//!     let mut records = Records::new();
//!     records.push(&head, b"x")?;
//!     let ticket = StreamId::new("acme", "ticket", &format!("T-{number}"))?;
//!     let done = blocking::wait(store.append(Append::new(ticket.clone(), Expected::Empty, records)))?;
//!     assert_eq!(done.partition, store.partitions().of(&ticket)); // known before it is appended
//! }
//! let heads: Vec<u64> = store
//!     .partitions()
//!     .iter()
//!     .map(|partition| blocking::wait(store.head(partition)).map(Offset::get))
//!     .collect::<Result<_, _>>()?;
//! assert_eq!(heads.iter().sum::<u64>(), 40); // each partition counts by itself
//! assert!(heads.iter().all(|head| *head > 0));
//! # let _ = PartitionId(0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How each promise is kept
//!
//! | the port promises | here by |
//! |---|---|
//! | one of several appends with one expectation wins | the stream's lock, held from the look at its version to the write |
//! | versions and offsets without a hole | the partition's lock, under which the offset is drawn and the commit put in its place |
//! | nothing appears below a seen head | the head moves after the commit is in its place, and only by one |
//! | a waiter is always woken | whoever waits is counted before it reads the head, and the writer moves the head before it reads the count |
//! | an append is seen whole | a commit is one item of the list, and an item is set once |
//! | dropping a future breaks nothing | an append has no point at which it could be dropped half way |
//! | bytes come back as given | nobody can change them: pages are copies |
//!
//! # What it costs
//!
//! | call | time | locks |
//! |---|---|---|
//! | `append` | its own bytes | one of 16 maps of streams, then the partition's writer |
//! | `read_stream` | its page | one of the 16, to copy the offsets of the page |
//! | `read_partition` | its page | none |
//! | `find_command` | a look-up | one of the 16 |
//! | `head`, `wait_past` | nothing | none; a wait registers itself |
//! | `list_streams` | its page, and sorting in the names that are new since the last list | that of the names |
//!
//! # The three ports
//!
//! ```
//! use std::sync::Arc;
//! use punctual::engine::{Engine, Options};
//! use punctual_memory::{MemoryCheckpoints, MemorySnapshots, MemoryStore};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! // A whole engine for a test: log, kept agenda, and the place of a consumer.
//! let options = Options::new("acme").with_snapshots(Arc::new(MemorySnapshots::default()));
//! let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
//! let mailer = engine.consumer("mailer".parse()?, Arc::new(MemoryCheckpoints::default())).await?;
//! assert_eq!(mailer.id().as_str(), "mailer");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoints;
mod list;
mod log;
mod snapshots;
mod store;
mod streams;

pub use checkpoints::MemoryCheckpoints;
pub use snapshots::MemorySnapshots;
pub use store::MemoryStore;
