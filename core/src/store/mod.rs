//! The storage port: what the engine asks of a log, in bytes.
//!
//! A backend implements [`EventStore`] and sees streams, numbers, times and bytes, never a ticket.
//! What the bytes mean is told by an [`EventCodec`]. The words of this module are the contract; the
//! crate `punctual-testkit` is the same contract as an executable suite, and a backend is finished
//! when it passes.
//!
//! | part | is |
//! |---|---|
//! | [`EventStore`] | the port, object safe |
//! | [`SnapshotStore`], [`CheckpointStore`] | two small ports, optional and lossy |
//! | [`Records`], [`RecordView`] | one event as bytes: fixed header, CRC32C |
//! | [`CommitParts`], [`SealedCommit`], [`CommitView`] | one append as bytes: what the store stamps, sealed |
//! | [`Commits`], [`StreamPage`], [`PartitionPage`] | what reads answer: whole commits in one buffer |
//! | [`Contiguity`], [`Sequence`] | the check that every reader makes, always |
//! | [`Subscription`] | catch up, then live, as a [`Stream`](futures_core::Stream) |
//! | [`EventCodec`], [`Upcasters`], [`Metadata`] | from bytes to events |
//! | [`TicketCodec`] | ticket events to and from bytes |
//! | [`JsonLinesWriter`], [`JsonLinesReader`] | the log as JSON Lines, without loss both ways |
//! | [`blocking`] | the same port without an executor |
//!
//! # One event's way
//!
//! ```
//! use punctual::event::{Expected, StreamId, Version};
//! use punctual::store::{
//!     Append, Decoded, EventStore, Limit, Sequence, TicketCodec, Trace, blocking,
//! };
//! use punctual::ticket::{Pending, Received, Ticket, TicketEvent};
//! # use punctual_memory::MemoryStore;
//!
//! let (store, codec) = (MemoryStore::new(), TicketCodec::new());
//! let stream = StreamId::new("acme", "ticket", "T-1")?;
//! let at = "2026-03-09T09:00:00+08:00".parse()?;
//!
//! // The typed layer writes the event as bytes, with a checksum of its own ...
//! let event: TicketEvent = TicketEvent::Received(Received::default());
//! let pending = Pending { occurred_at: at, recorded_at: at, actor: None, subject: None, event };
//! let mut writer = codec.writer();
//! writer.push(&pending, Trace::NONE)?;
//!
//! // ... the store gives it a version and a place in the log, and seals the commit ...
//! let append = Append::new(stream.clone(), Expected::Empty, writer.take());
//! let appended = blocking::wait(store.append(append))?;
//! assert_eq!((appended.revision.version().get(), appended.offset.get()), (1, 1));
//!
//! // ... and a reader checks that nothing is missing, before it folds.
//! let mut guard = Sequence::new(stream.clone(), Version::NONE);
//! let page = blocking::wait(store.read_stream(&stream, guard.after(), Limit::default()))?;
//! guard.admit(&page)?;
//! let (mut reader, mut ticket) = (codec.reader(), Ticket::default());
//! for record in page.records() {
//!     if let Decoded::Known(event) = reader.decode(&record)? {
//!         ticket.apply(&event);
//!     }
//! }
//! assert_eq!(ticket.timeline().received_at(), Some(at));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A service does none of this by hand: `engine::Engine` does. It is what a backend, an
//! exporter or a tool that only reads is made of.

mod append;
pub mod blocking;
mod checkpoint;
mod codec;
mod commit;
mod contiguity;
mod error;
mod jsonl;
mod page;
mod partition;
mod port;
mod record;
mod snapshot;
mod subscription;
mod ticket_codec;

pub use append::{Append, Appended, CommandDigest, CommandKey, FoundCommand, Limits};
pub use checkpoint::{Checkpoint, CheckpointStore};
pub use codec::{
    Decoded, EncodeError, EventCodec, Metadata, MetadataFields, SchemaId, Unknown, UnknownSchema,
    Upcast, UpcastError, Upcaster, Upcasters, UpcastersBuilder, decode_payload, encode_payload,
};
pub use commit::{CommitParts, CommitView, SealedCommit};
pub use contiguity::{Contiguity, Gap, Sequence};
pub use error::{AppendError, Damage, DecodeError, Place, ReadError, Source, TooLarge, Written};
pub use jsonl::{
    ExportError, Exported, ImportError, ImportProblem, ImportedCommit, JsonLinesReader,
    JsonLinesWriter, MOST_LINE_BYTES, RestoreError, Restored, export_partition, export_stream,
    restore,
};
pub use page::{Commits, Limit, PartitionPage, StreamPage};
pub use partition::Partitions;
pub use port::EventStore;
pub use record::{MOST_METADATA_BYTES, MOST_PAYLOAD_BYTES, RecordHead, RecordView, Records};
pub use snapshot::{Snapshot, SnapshotStore};
pub use subscription::{EventStoreExt, Subscription, read_next};
pub use ticket_codec::{EventError, TicketCodec, TicketReader, TicketWriter, Trace};
