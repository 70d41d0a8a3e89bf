//! Keeping a store: what whoever runs one wants to know before the day on which it matters.
//!
//! # 1. One process, one directory, many handles
//!
//! A store belongs to the process that has it open. A second process is told so at once and nothing is
//! touched; within the process every part that wants the store by itself takes
//! [another handle](crate::SledStore::another), and the last one to be closed closes the store.
//!
//! ```
//! use punctual::event::PartitionId;
//! use punctual::store::EventStore;
//! use punctual_sled::{OpenError, Options};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("log");
//! let store = Options::new().open(&path)?;
//! assert!(matches!(Options::new().open(&path), Err(OpenError::Locked { .. })));
//!
//! let reports = store.another()?; // goes to another task, with a life of its own
//! store.close().await;
//! assert_eq!(reports.head(PartitionId(0)).await?.get(), 0); // still open
//! reports.close().await; // the last one: settled, durable, unlocked
//! Options::new().open(&path)?.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! The directory belongs on a local file system. Over a network neither locks nor flushes are what they are
//! elsewhere. The files are created with the rights that the process gives by default (its umask), and hold
//! whatever the events hold: close the directory to others.
//!
//! A process that died holds no lock: the system lets it go with the process, and the file `LOCK` that stays
//! behind means nothing. Never delete it to get a store open: if the store is locked, somebody has it.
//!
//! # 2. What a kill leaves
//!
//! Whatever was acknowledged is in the journal or in the tree, in every moment. So there is no shutdown that
//! must not be missed; closing only saves the next opening some reading. The files of a running store are
//! what a kill would leave, and open like them:
//!
//! ```
//! # fn copy(from: &std::path::Path, to: &std::path::Path) -> std::io::Result<()> {
//! #     std::fs::create_dir_all(to)?;
//! #     for entry in from.read_dir()? {
//! #         let entry = entry?;
//! #         if entry.file_type()?.is_dir() {
//! #             copy(&entry.path(), &to.join(entry.file_name()))?;
//! #         } else {
//! #             std::fs::copy(entry.path(), to.join(entry.file_name()))?;
//! #         }
//! #     }
//! #     Ok(())
//! # }
//! # const CLOSED: &str = concat!(
//! #     r#"{"stream":"acme/ticket/T-1","version":1,"#,
//! #     r#""position":{"partition":0,"offset":1,"index":0,"of":1},"kind":70,"schema":1,"#,
//! #     r#""occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","#,
//! #     r#""event":{"type":"closed","text":null}}"#,
//! # );
//! # use punctual::event::PartitionId;
//! # use punctual::store::{EventStore, JsonLinesReader, TicketCodec, blocking, restore};
//! # use punctual_sled::Options;
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("log");
//! let store = Options::new().open(&path)?;
//! # let codec = TicketCodec::new();
//! # let line = JsonLinesReader::new(&codec, CLOSED.as_bytes());
//! # blocking::wait(restore(store.as_ref(), line))?; // an append
//! // ... an append was acknowledged ...
//! let killed = directory.path().join("killed");
//! copy(&path, &killed)?; // nobody else appends in this moment
//!
//! let survivor = Options::new().open(&killed)?;
//! let head = blocking::wait(survivor.head(PartitionId(0)))?;
//! assert_eq!(head, blocking::wait(store.head(PartitionId(0)))?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! That is an argument and no way to make backups: while something is appended, the copy of one file is older
//! than that of the next, and such a mixture is refused as damaged or, worse, is a little too short. A snapshot
//! of the whole file system (LVM, ZFS, a cloud's disk) is another thing: it is all files at one moment, and opens
//! like a store after a power cut.
//!
//! # 3. What is lost, and in which mode
//!
//! | what happens | [`Durable`](crate::Mode::Durable) | [`Process`](crate::Mode::Process) |
//! |---|---|---|
//! | the service panics, is killed, is out of memory | nothing | nothing |
//! | the machine loses power, the kernel stops | nothing, if the device tells the truth about flushes | the latest appends, back to the last sync: at most `sync_every` and what a sync takes |
//! | the same, just after a checkpoint was saved | perhaps an earlier one comes back | likewise |
//! | a kill or a power cut, just after a snapshot was saved | perhaps it is not there | likewise |
//! | one bit of a file | named, on opening or on reading; the rest by [`salvage()`](crate::salvage()) | likewise |
//! | the device | everything since the last export | likewise |
//!
//! "Lost" means missing from the end: what is left is a log that once was, with whole commits and no hole.
//! Consumers whose place lies beyond that end hear
//! [`Beyond`](punctual::store::ReadError::Beyond), and do not wait for offsets that will be given out a second
//! time for something else. Checkpoints and snapshots of this store are never of such commits: a checkpoint
//! lies in the journal behind its commits, and a snapshot waits for a sync.
//!
//! Laptops, virtual machines and cheap drives may acknowledge a flush that has not happened. No software above
//! them can tell.
//!
//! # 4. Many callers share one flush
//!
//! A flush of the device takes about as long for one event as for a thousand: between a tenth of a
//! millisecond and some ten of them. The writer takes all appends that have come in meanwhile and flushes once
//! for all. So one caller that appends one by one is as slow as the device, and a hundred callers at once are
//! each answered nearly as soon as one alone. Nothing has to be configured for that, but it has to be used:
//!
//! ```
//! # use punctual::event::{Expected, PartitionId, StreamId};
//! # use punctual::store::{Append, EventStore, RecordHead, Records};
//! # use punctual::time::Instant;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
//! # let append = |number: u32| -> Result<Append, Box<dyn std::error::Error>> {
//! #     let head = RecordHead {
//! #         kind: 1,
//! #         schema: 1,
//! #         occurred_at: Instant::MIN,
//! #         recorded_at: Instant::MIN,
//! #         subject: None,
//! #         metadata: &[],
//! #     };
//! #     let mut records = Records::new();
//! #     records.push(&head, b"x")?;
//! #     let stream = StreamId::new("acme", "ticket", &format!("T-{number}"))?;
//! #     Ok(Append::new(stream, Expected::Empty, records))
//! # };
//! let mut callers = tokio::task::JoinSet::new();
//! for number in 0..64 {
//!     let (store, append) = (store.clone(), append(number)?);
//!     callers.spawn(async move { store.append(append).await });
//! }
//! while let Some(answer) = callers.join_next().await {
//!     answer??; // durable: all 64 after a handful of flushes
//! }
//! assert_eq!(store.head(PartitionId(0)).await?.get(), 64);
//! # store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! Events that belong together go into one append, which is also the only way to have all of them or none.
//! More partitions do not make this store faster: there is one writer for all of them. They are for readers
//! who want to share the work, and for a later move to a backend that spreads them.
//!
//! # 5. Following the log
//!
//! A subscription reads what is there, page by page, and then waits for more; nobody has to know which of the two
//! it is doing. The head moves when a group is durable, so a follower never sees what a power cut could take
//! away, and it holds no writer up: what it has not read yet lies in the log.
//!
//! ```
//! use std::future::poll_fn;
//! use std::pin::Pin;
//! use std::sync::Arc;
//!
//! use futures_core::Stream as _;
//! use punctual::event::{Expected, Offset, PartitionId, StreamId};
//! use punctual::store::{Append, EventStore, EventStoreExt, Limit, RecordHead, Records};
//! # use punctual::time::Instant;
//! # fn event(text: &str) -> Result<Records, Box<dyn std::error::Error>> {
//! #     let head = RecordHead {
//! #         kind: 1,
//! #         schema: 1,
//! #         occurred_at: Instant::MIN,
//! #         recorded_at: Instant::MIN,
//! #         subject: None,
//! #         metadata: &[],
//! #     };
//! #     let mut records = Records::new();
//! #     records.push(&head, text.as_bytes())?;
//! #     Ok(records)
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let store: Arc<dyn EventStore> = punctual_sled::Options::new().open(directory.path().join("log"))?;
//! let ticket = StreamId::new("acme", "ticket", "T-1")?;
//! let mut pages = store.subscribe(PartitionId(0), Offset::START, Limit::default());
//! let mut next = async || poll_fn(|cx| Pin::new(&mut pages).poll_next(cx)).await;
//!
//! store.append(Append::new(ticket.clone(), Expected::Empty, event("received")?)).await?;
//! let page = next().await.ok_or("ended")??;
//! assert_eq!(page.records().next().map(|record| record.payload()), Some(&b"received"[..]));
//!
//! store.append(Append::new(ticket, Expected::Exists, event("replied")?)).await?;
//! assert_eq!(next().await.ok_or("ended")??.next, Offset::new(2));
//! # store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # 6. Commands after a restart
//!
//! A caller that got no answer sends its command again, perhaps to a process that was started meanwhile. The
//! command lies in its commit, in the journal and in the tree, for as long as there is the stream:
//!
//! ```
//! use punctual::event::{Expected, StreamId};
//! use punctual::store::{
//!     Append, AppendError, CommandDigest, CommandKey, EventStore, RecordHead, Records, blocking,
//! };
//! # use punctual::time::Instant;
//! use punctual_sled::Options;
//!
//! # fn event(text: &str) -> Result<Records, Box<dyn std::error::Error>> {
//! #     let head = RecordHead {
//! #         kind: 1,
//! #         schema: 1,
//! #         occurred_at: Instant::MIN,
//! #         recorded_at: Instant::MIN,
//! #         subject: None,
//! #         metadata: &[],
//! #     };
//! #     let mut records = Records::new();
//! #     records.push(&head, text.as_bytes())?;
//! #     Ok(records)
//! # }
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("log");
//! let ticket = StreamId::new("acme", "ticket", "T-1")?;
//! let key = |digest| -> Result<CommandKey, Box<dyn std::error::Error>> {
//!     Ok(CommandKey { id: "mail-17".parse()?, digest: CommandDigest::new([digest; 16]) })
//! };
//! let intake = |digest| -> Result<Append, Box<dyn std::error::Error>> {
//!     let append = Append::new(ticket.clone(), Expected::Empty, event("received")?);
//!     Ok(append.for_command(key(digest)?))
//! };
//! let store = Options::new().open(&path)?;
//! let first = blocking::wait(store.append(intake(1)?))?;
//! drop(store);
//!
//! let store = Options::new().open(&path)?;
//! let again = blocking::wait(store.append(intake(1)?))?;
//! assert_eq!((again.replayed, again.offset), (true, first.offset)); // and no conflict with itself
//! let other = blocking::wait(store.append(intake(2)?)); // the same id, and something else in it
//! assert!(matches!(other, Err(AppendError::CommandReused { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 7. Places and memos
//!
//! The handle is also the store's [`CheckpointStore`](punctual::store::CheckpointStore) and
//! [`SnapshotStore`](punctual::store::SnapshotStore). A checkpoint goes into the journal with the appends of its
//! moment and costs no flush of its own; after a power cut an earlier one may come back, and its consumer does a
//! little once more. A snapshot goes into the tree and survives a kill from the next settling on.
//!
//! ```
//! use punctual::event::{Offset, PartitionId, StreamId, Version};
//! use punctual::store::{CheckpointStore, Snapshot, SnapshotStore, blocking};
//! use punctual_sled::Options;
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("log");
//! let (mailer, ticket) = ("mailer".parse()?, StreamId::new("acme", "ticket", "T-1")?);
//! let store = Options::new().open(&path)?;
//! blocking::wait(CheckpointStore::save(store.as_ref(), &mailer, PartitionId(0), Offset::new(41)))?;
//! let memo = Snapshot { version: Version::new(12), state: b"folded".to_vec() };
//! blocking::wait(SnapshotStore::save(store.as_ref(), &ticket, 3, memo.clone()))?;
//! drop(store); // closed in good order, both are there again
//!
//! let store = Options::new().open(&path)?;
//! let place = blocking::wait(CheckpointStore::load(store.as_ref(), &mailer))?;
//! assert_eq!(place.offset(PartitionId(0)), Offset::new(41));
//! assert_eq!(blocking::wait(SnapshotStore::load(store.as_ref(), &ticket, 3))?, Some(memo));
//! blocking::wait(store.clear())?; // every snapshot: whoever wants one folds from the start
//! assert_eq!(blocking::wait(SnapshotStore::load(store.as_ref(), &ticket, 3))?, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 8. Backups
//!
//! An export is a backup that any later release and any other backend can read, line by line:
//! [`export_partition`](punctual::store::export_partition) begins where the one before ended, so each night's
//! file holds that day.
//!
//! ```
//! # const CLOSED: &str = concat!(
//! #     r#"{"stream":"acme/ticket/T-1","version":1,"#,
//! #     r#""position":{"partition":0,"offset":1,"index":0,"of":1},"kind":70,"schema":1,"#,
//! #     r#""occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","#,
//! #     r#""event":{"type":"closed","text":null}}"#,
//! # );
//! use punctual::event::{Offset, PartitionId};
//! use punctual::store::{
//!     JsonLinesReader, JsonLinesWriter, TicketCodec, blocking, export_partition, restore,
//! };
//! use punctual_sled::Options;
//!
//! # let directory = tempfile::tempdir()?;
//! let codec = TicketCodec::new();
//! let store = Options::new().open(directory.path().join("log"))?;
//! # blocking::wait(restore(store.as_ref(), JsonLinesReader::new(&codec, CLOSED.as_bytes())))?;
//! let mut lines = JsonLinesWriter::new(&codec, Vec::new());
//! let next = blocking::wait(export_partition(store.as_ref(), PartitionId(0), Offset::START, &mut lines))?;
//! let backup = lines.into_inner(); // keep it, and `next`, where tomorrow's begins
//!
//! // A backup that was never restored is a hope.
//! let trial = Options::new().open(directory.path().join("trial"))?;
//! let restored = blocking::wait(restore(trial.as_ref(), JsonLinesReader::new(&codec, &*backup)))?;
//! assert_eq!((restored.commits, restored.moved), (next.get(), 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Checkpoints and snapshots are not part of it. A consumer that starts on a restored log begins at its kept
//! place if `moved` is zero, and from the start otherwise; snapshots are made anew.
//!
//! # 9. Looking after it
//!
//! A bit that rots is noticed when it is read, and most of a log is not read for months. So have everything
//! read now and then, while there is still a backup that is sound:
//!
//! ```
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("log");
//! use punctual_sled::Options;
//!
//! let store = Options::new().open(&path)?;
//! let verified = store.verify()?; // an error names the first thing that is wrong
//! println!("{} events of {} streams are sound", verified.events, verified.streams);
//! println!("{} bytes on disk beside the journal", store.tree_bytes()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It takes as long as reading the whole store, and blocks its thread for that; appends go on. The command
//! `punctual verify` does the same for a store that no service has open.
//!
//! # 10. After damage
//!
//! 1. **Copy the directory** before anything else is tried. Opening a store writes.
//! 2. **[Salvage](crate::salvage())** reads every file for commits whose seals are sound, without opening the
//!    tree. It finds them wherever they lie, also where nothing leads to them any more.
//! 3. **Look at what is [missing](crate::Salvaged::missing)**, and fill it from the latest export if it is there.
//! 4. **Restore into a new store.** Offsets after a gap move up, so consumers begin anew; versions of a stream
//!    with a gap do not fit, and the restore says which.
//!
//! ```
//! # const CLOSED: &str = concat!(
//! #     r#"{"stream":"acme/ticket/T-1","version":1,"#,
//! #     r#""position":{"partition":0,"offset":1,"index":0,"of":1},"kind":70,"schema":1,"#,
//! #     r#""occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z","#,
//! #     r#""event":{"type":"closed","text":null}}"#,
//! # );
//! use punctual::store::{JsonLinesReader, JsonLinesWriter, TicketCodec, blocking, restore};
//! use punctual_sled::{OpenError, Options, salvage};
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("log");
//! # let codec = TicketCodec::new();
//! # let store = Options::new().open(&path)?;
//! # blocking::wait(restore(store.as_ref(), JsonLinesReader::new(&codec, CLOSED.as_bytes())))?;
//! # drop(store);
//! std::fs::remove_file(path.join("journal-1"))?; // somebody tidied up
//! assert!(matches!(Options::new().open(&path), Err(OpenError::Corrupt { .. })));
//!
//! let salvaged = salvage(&path)?;
//! let mut lines = JsonLinesWriter::new(&codec, Vec::new());
//! for commit in salvaged.commits() {
//!     lines.write_commit(&commit.view().ok_or("not a commit")?)?;
//! }
//! let new = Options::new().open(directory.path().join("new"))?;
//! let lines = lines.into_inner();
//! let restored = blocking::wait(restore(new.as_ref(), JsonLinesReader::new(&codec, &*lines)))?;
//! assert_eq!(restored.commits, 1);
//! assert!(salvaged.missing().is_empty() && salvaged.contradictory().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One thing cannot be told: whether commits are missing *behind* the last one that was found. Compare its
//! offset with the latest export or with the furthest checkpoint of a consumer.
//!
//! # 11. When the disk is full
//!
//! Both journal files were written whole when the store was created, so appends go on until a full file is to
//! be settled into the tree. Then the store is poisoned: appends are refused with the reason, nothing is half
//! written, and reads go on. Free space and open it again; until there is some, opening says so. On a file
//! system that never writes in place (btrfs, ZFS) an append itself can meet the full disk, with the same outcome.
//!
//! The tree grows by a multiple of what is settled. How large that multiple is depends on how many tickets get
//! events between two settlings; measure it with [`tree_bytes`](crate::SledStore::tree_bytes) on a day of your
//! own before sizing the disk. With a larger [journal](crate::Options::journal_bytes) more events of a ticket are
//! settled together, which makes it smaller.
//!
//! For a first estimate, what the workload of the benchmarks took on a machine with two cores, beside both
//! journal files; opened with the files in the page cache:
//!
//! | events | written | bytes on disk an event | a flat file | opened after closing | after a kill |
//! |---|---|--:|--:|--:|--:|
//! | 1 million | one a commit | 187 | 101 | 27 ms | 0.15 s |
//! | 1 million | up to 64 a commit | 123 | 51 | 32 ms | |
//! | 10 million | one a commit | 267 | 101 | 0.24 s | 0.91 s |
//! | 10 million | up to 64 a commit | 97 | 51 | 0.07 s | |
//!
//! # 12. Memory and threads
//!
//! | what | how much |
//! |---|---|
//! | commits of both journal files | up to twice [`journal_bytes`](crate::Options::journal_bytes), and an index of them |
//! | sled's cache | about twice [`cache_bytes`](crate::Options::cache_bytes) |
//! | sled's table of pages | grows with the log and is not bounded by the cache |
//! | versions of the busiest streams | at most 65,536 names |
//! | the queue | [`queue`](crate::Options::queue) appends, each as large as it is |
//! | a page being read | what its limit says, plus one commit |
//!
//! A store has two threads of its own, one that writes and one that settles, a third in `Process` mode, and
//! whatever sled starts. Reads of what is not in memory run on tokio's blocking threads, or on the caller's own
//! where there is no runtime.
//!
//! # 13. Erasure
//!
//! A log that never forgets and a customer who wants to be forgotten go together by keys: personal fields are
//! sealed before they come to a store, and destroying the key erases them in the log, in every copy that sled
//! has left behind in its file, and in every backup. Deleting a snapshot here removes it from the tree, durably;
//! its bytes may lie in the file until sled uses the place again. So a snapshot must hold no open personal
//! text, and the engine's hold none.
//!
//! # 14. What an error means for the caller
//!
//! | [`AppendError`](punctual::store::AppendError) | here it comes from | do |
//! |---|---|---|
//! | `Conflict` | another append was first | read, decide, append again |
//! | `CommandReused` | two commands with one id | a defect of whoever makes ids |
//! | `TooLarge`, `Invalid` | the append itself | never the same again |
//! | `Unavailable`, written `No` | the stream's version or command could not be read | again later |
//! | `Unavailable`, written `Unknown` | the write or the sync of its group failed | open anew, then again with the same command id |
//! | `Poisoned` | an earlier write failed | open anew |
//! | `Corrupt` | what the append had to look at is damaged | see 10 |
//! | `Closed` | this handle was closed | a defect of the order in which things end |
//!
//! `Busy` never comes: a full queue makes callers wait, in the order in which they came.
//!
//! ```
//! use punctual::event::{Expected, StreamId, Version};
//! use punctual::store::{Append, AppendError, EventStore, RecordHead, Records, Written, blocking};
//! # use punctual::time::Instant;
//! # fn event(text: &str) -> Result<Records, Box<dyn std::error::Error>> {
//! #     let head = RecordHead {
//! #         kind: 1,
//! #         schema: 1,
//! #         occurred_at: Instant::MIN,
//! #         recorded_at: Instant::MIN,
//! #         subject: None,
//! #         metadata: &[],
//! #     };
//! #     let mut records = Records::new();
//! #     records.push(&head, text.as_bytes())?;
//! #     Ok(records)
//! # }
//! # let directory = tempfile::tempdir()?;
//! # let store = punctual_sled::Options::new().open(directory.path().join("log"))?;
//! # let ticket = StreamId::new("acme", "ticket", "T-1")?;
//! let append = |expected, text: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(blocking::wait(store.append(Append::new(ticket.clone(), expected, event(text)?))))
//! };
//! append(Expected::Empty, "received")??;
//!
//! // Whoever comes second is told where the stream is now.
//! let Err(AppendError::Conflict { actual, .. }) = append(Expected::Empty, "received")? else {
//!     return Err("two intakes of one ticket".into());
//! };
//! assert_eq!(actual, Version::FIRST);
//!
//! // What can never be stored says how much would be, and that nothing was written.
//! let letter = "x".repeat(70_000);
//! let error = append(Expected::Any, &letter)?.err().ok_or("it was taken")?;
//! assert!(matches!(error, AppendError::TooLarge(_)));
//! assert_eq!(error.written(), Written::No);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
