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
