//! The embedded backend of Punctual's storage port: a durable log in one directory, without a server.
//!
//! ```
//! use punctual::event::{Expected, StreamId, Version};
//! use punctual::store::{Append, EventStore, Limit, RecordHead, Records};
//! use punctual::time::Instant;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
//! let ticket = StreamId::new("acme", "ticket", "T-1024")?;
//!
//! let mut records = Records::new();
//! let head = RecordHead {
//!     kind: 1,
//!     schema: 1,
//!     occurred_at: Instant::MIN,
//!     recorded_at: Instant::MIN,
//!     subject: None,
//!     metadata: &[],
//! };
//! records.push(&head, b"what happened")?;
//! store.append(Append::new(ticket.clone(), Expected::Empty, records)).await?;
//!
//! let page = store.read_stream(&ticket, Version::NONE, Limit::default()).await?;
//! assert_eq!(page.records().next().map(|record| record.payload()), Some(&b"what happened"[..]));
//! store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//! One thread writes. It drains a bounded queue, checks what each append expects, writes the group to a
//! journal whose blocks were all allocated when the store was created, makes it durable with one
//! `fdatasync`, lets readers see it, and answers. When the journal's file is full the other takes over, and a second
//! thread settles the commits of the full one in sled, packed into blocks and with an index of
//! streams; readers take the latest commits from memory and the rest from the tree. So no promise of durability rests
//! on sled's own: until sled has been made durable through a handle of ours, the journal has the commits.
//!
//! # What it promises
//! | trouble | outcome |
//! |---|---|
//! | the process is killed, at any moment | what was acknowledged is there; no commit is torn |
//! | the power fails | the same in [`Mode::Durable`]; see [`Mode`] |
//! | the disk is full | appends are refused with the reason, nothing is half written, reads go on; opening says so until there is space |
//! | bytes rot, pages or files are cut or zeroed | found by a checksum and named; never other data, never a panic. [`salvage()`] exports what is sound |
//! | a second process | is told that the store is locked |
//!
//! One case is beyond any log: if the process was killed and the very last group rots before the store is
//! opened again, it looks like a group that was never acknowledged.
//!
//! # What to know of sled
//! sled 0.34 is no longer maintained. It takes some multiple of the settled bytes on disk, since it rewrites
//! a leaf every few insertions, and memory beyond its cache for its page table. Opening after a kill reads
//! what it wrote since it was opened last. When it panics on damage, the message of the panic appears on
//! standard error although the panic is caught.
//!
//! # Files on disk
//!
//! | in the store's directory | is |
//! |---|---|
//! | `LOCK` | held for as long as the store is open; left behind by a kill, and no harm then |
//! | `punctual` | one line: format, partitions, size of a journal file, checksum |
//! | `journal-0`, `journal-1` | the latest commits, each file as large as when the store was created |
//! | `sled/` | the settled commits, the index, commands, checkpoints and snapshots |
//!
//! Back a store up by exporting it (`punctual export`, or
//! [`export_partition`](punctual::store::export_partition)), not by copying files while it is open.
//!
//! # Choosing
//!
//! ```
//! use std::time::Duration;
//! use punctual_sled::{Mode, Options};
//!
//! # let directory = tempfile::tempdir()?;
//! // A desk's log: an acknowledged command survives a power cut.
//! let log = Options::new().open(directory.path().join("log"))?;
//!
//! // A trial, or an import that can be repeated: a kill loses nothing, a power cut the last second.
//! let trial = Options::new().mode(Mode::Process { sync_every: Duration::from_secs(1) });
//! let scratch = trial.open(directory.path().join("scratch"))?;
//! # drop((log, scratch));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! How a store is looked after, from locks to lost disks: the [`handbook`].
//!
//! # When it does not open
//!
//! | [`OpenError`] | do |
//! |---|---|
//! | `Locked` | close the other process; within one process take [`SledStore::another`] |
//! | `Foreign` | name the right directory, or an empty one |
//! | `Newer` | upgrade |
//! | `Invalid` | leave out the option, or open another store |
//! | `Io` | free space or give leave, open again: nothing is lost |
//! | `Corrupt` | [`salvage()`] what is sound, and restore it into a new store |
//! | `Blobs` | open in [`Mode::Process`], export, import into a new store |

mod block;
mod chapter;
mod error;
#[doc(hidden)]
pub mod fault;
pub mod handbook;
mod journal;
mod keys;
mod layout;
mod open;
mod options;
mod read;
mod read_stream;
mod recover;
mod salvage;
mod settle;
mod shared;
mod snapshots;
mod stamp;
mod store;
mod table;
mod tail;
mod verify;
mod writer;

pub use error::OpenError;
pub use options::{Mode, Options};
pub use salvage::{Salvaged, salvage};
pub use store::SledStore;
pub use verify::Verified;
