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
