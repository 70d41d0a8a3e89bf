//! Testing a service against trouble, in six steps. Each step is a program that runs.
//!
//! A service that stands on a store meets a handful of troubles: an answer that is lost, a write that
//! fails, somebody who was quicker, a page that cannot be read just now, a restart in the worst moment, a
//! store that breaks its promises. Each is rare, so none is met while the service is written, and all are
//! met within a year of running it. Here each is made to happen on purpose, at a known call, without
//! sleeping and without luck.
//!
//! The steps use an engine on the memory backend; a service's own code goes in the same places. In all of
//! them the policy is one promise, that a request is answered within an hour.
//!
//! # 1. The answer is lost
//!
//! The append lands and its caller hears that nobody knows. An HTTP client sees the same as a timeout.
//! With an id the engine looks the command up and finds it recorded; without one nobody can tell whether
//! the second attempt is a repetition or another fact.
//!
//! ```
//! use std::sync::Arc;
//!
//! use punctual::engine::{Engine, Options, Request};
//! use punctual::event::{Actor, Kind};
//! use punctual::policy::Notation;
//! use punctual::ticket::{Action, Command, Message, Received};
//! use punctual_memory::MemoryStore;
//! use punctual_testkit::fault::{AppendFault, FaultStore};
//! # const DESK: &str = r#"
//! #     policy   = "desk"
//! #     timezone = "UTC"
//! #     [target.answer]
//! #     start = "received"
//! #     stop  = "replied"
//! #     goals = [{ within = "1h" }]
//! # "#;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//!
//! // The first append publishes the policy; the second and the fourth lose their answers.
//! let store = FaultStore::new(Arc::new(MemoryStore::new()))
//!     .failing_append(2, AppendFault::UnknownButWritten)
//!     .failing_append(3, AppendFault::UnknownButWritten);
//! let engine = Engine::open(Arc::new(store), Options::new("acme")).await?;
//! engine.publish(DESK, Notation::Toml, None).await?;
//! let ticket = engine.stream("T-1")?;
//! let desk = || -> Result<Actor, Box<dyn std::error::Error>> { Ok(Actor::new("desk".parse()?)) };
//!
//! let intake = Command::new(Action::Receive(Received::default()), engine.now(), desk()?);
//! let done = engine.execute(&ticket, Request::from(intake).once("mail-17".parse()?)).await?;
//! assert!(done.replayed); // recorded once, found by its id
//!
//! // A note without an id: the caller is told that it is in doubt, tries again, and it is there twice.
//! let note = Command::new(Action::Note(Message::NONE), engine.now(), desk()?);
//! assert!(engine.execute(&ticket, note.clone()).await.is_err());
//! engine.execute(&ticket, note).await?;
//! let view = engine.ticket(&ticket).await?;
//! let kinds = view.ticket().timeline().facts().iter().map(|fact| fact.kind);
//! assert_eq!(kinds.filter(|kind| *kind == Kind::Noted).count(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What to test in a service: that whatever comes from outside and may be sent again, such as a mail, a
//! web hook or the press of a button, carries an id of its sender.
//!
//! # 2. The write fails
//!
//! A full disk, a lost connection, a store that is busy: the error says that nothing was written, and that
//! must be true of the service's own state too. The classic defect is a cache or a counter that was moved
//! before the append returned.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual::engine::{Engine, Options};
//! # use punctual::event::{Actor, PartitionId};
//! # use punctual::policy::Notation;
//! # use punctual::store::EventStore;
//! # use punctual::ticket::{Action, Command, Received};
//! # use punctual_memory::MemoryStore;
//! # use punctual_testkit::fault::{AppendFault, FaultStore};
//! # const DESK: &str = r#"
//! #     policy   = "desk"
//! #     timezone = "UTC"
//! #     [target.answer]
//! #     start = "received"
//! #     stop  = "replied"
//! #     goals = [{ within = "1h" }]
//! # "#;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let log = MemoryStore::new();
//! let store = FaultStore::new(Arc::new(log.handle())).failing_append(2, AppendFault::NotWritten);
//! let engine = Engine::open(Arc::new(store), Options::new("acme")).await?;
//! engine.publish(DESK, Notation::Toml, None).await?;
//! let ticket = engine.stream("T-1")?;
//! let intake = Command::new(
//!     Action::Receive(Received::default()),
//!     engine.now(),
//!     Actor::new("desk".parse()?),
//! );
//!
//! let before = log.head(PartitionId(0)).await?;
//! let error = engine.execute(&ticket, intake.clone()).await.err().ok_or("it passed")?;
//! assert!(error.is_transient()); // the caller may try again as it is
//! assert_eq!(log.head(PartitionId(0)).await?, before); // and nothing was written
//! assert_eq!(engine.open_tickets(), 0); // nor does the engine believe that there is a ticket
//!
//! engine.execute(&ticket, intake).await?;
//! assert_eq!(engine.open_tickets(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 3. Somebody was quicker
//!
//! Between reading a ticket and appending to it another process appends. The store refuses, the engine
//! reads again and decides again, on what is true now. Threads that race meet this now and then; a
//! [hook](crate::hooked) makes it happen at every run, in the very moment that matters.
//!
//! ```
//! # use std::sync::{Arc, Mutex};
//! # use async_trait::async_trait;
//! # use punctual::engine::{Engine, Options};
//! # use punctual::event::{Actor, Kind};
//! # use punctual::policy::Notation;
//! # use punctual::store::{Append, AppendError, Appended, EventStore};
//! # use punctual::ticket::{Action, Command, Message, Received};
//! # use punctual_memory::MemoryStore;
//! # use punctual_testkit::hooked::{Hooked, Hooks};
//! # const DESK: &str = r#"
//! #     policy   = "desk"
//! #     timezone = "UTC"
//! #     [target.answer]
//! #     start = "received"
//! #     stop  = "replied"
//! #     goals = [{ within = "1h" }]
//! # "#;
//! /// Keeps the first append back until another one was made.
//! #[derive(Debug, Default)]
//! struct Overtaken {
//!     by: Mutex<Option<Append>>,
//!     conflicts: Mutex<usize>,
//! }
//!
//! #[async_trait]
//! impl Hooks for Overtaken {
//!     async fn append(&self, store: &dyn EventStore, append: Append) -> Result<Appended, AppendError> {
//!         let quicker = self.by.lock().ok().and_then(|mut by| by.take());
//!         if let Some(quicker) = quicker {
//!             store.append(quicker).await?;
//!         }
//!         let answer = store.append(append).await;
//!         if let (Err(AppendError::Conflict { .. }), Ok(mut conflicts)) = (&answer, self.conflicts.lock()) {
//!             *conflicts += 1;
//!         }
//!         answer
//!     }
//! }
//! # /// Notes what is appended, and appends it not.
//! # #[derive(Debug, Default)]
//! # struct Caught(Mutex<Option<Append>>);
//! # #[async_trait]
//! # impl Hooks for Caught {
//! #     async fn append(&self, _: &dyn EventStore, append: Append) -> Result<Appended, AppendError> {
//! #         if let Ok(mut caught) = self.0.lock() {
//! #             *caught = Some(Append { expected: punctual::event::Expected::Any, ..append });
//! #         }
//! #         Err(AppendError::Busy)
//! #     }
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//!
//! let log = Arc::new(MemoryStore::new());
//! let store = Arc::new(Hooked::around(log.clone(), Overtaken::default()));
//! let engine = Engine::open(store.clone(), Options::new("acme")).await?;
//! engine.publish(DESK, Notation::Toml, None).await?;
//! let ticket = engine.stream("T-1")?;
//! let desk = Actor::new("desk".parse()?);
//! engine.execute(&ticket, Command::new(Action::Receive(Received::default()), engine.now(), desk.clone())).await?;
//!
//! let note = || Command::new(Action::Note(Message::NONE), engine.now(), desk.clone());
//! # let caught = Arc::new(Hooked::around(log.clone(), Caught::default()));
//! # let other = Engine::open(caught.clone(), Options::new("acme")).await?;
//! # assert!(other.execute(&ticket, note()).await.is_err());
//! # let of_another_desk = caught.hooks().0.lock().map_err(|_| "poisoned")?.take();
//! *store.hooks().by.lock().map_err(|_| "poisoned")? = of_another_desk; // an append of the same kind
//! engine.execute(&ticket, note()).await?;
//!
//! assert_eq!(*store.hooks().conflicts.lock().map_err(|_| "poisoned")?, 1); // it was met, and nobody noticed
//! let view = engine.ticket(&ticket).await?;
//! let kinds = view.ticket().timeline().facts().iter().map(|fact| fact.kind);
//! assert_eq!(kinds.filter(|kind| *kind == Kind::Noted).count(), 2); // both are there
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 4. A page cannot be read just now
//!
//! A consumer keeps its place only after it has dealt with what it read. So a failed read costs time and
//! no event, and a consumer that ends between acting and saving its place acts once more: *at least once*
//! is what a log can promise, and whoever sends a message keys it by the event's id.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual::engine::{Engine, Options};
//! # use punctual::event::{Actor, ConsumerId, Kind};
//! # use punctual::policy::Notation;
//! # use punctual::ticket::{Action, Command, Received};
//! # use punctual_memory::{MemoryCheckpoints, MemoryStore};
//! # use punctual_testkit::fault::{FaultStore, ReadFault};
//! # const DESK: &str = r#"
//! #     policy   = "desk"
//! #     timezone = "UTC"
//! #     [target.answer]
//! #     start = "received"
//! #     stop  = "replied"
//! #     goals = [{ within = "1h" }]
//! # "#;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let log = Arc::new(MemoryStore::new());
//! # let writing = Engine::open(log.clone(), Options::new("acme")).await?;
//! # writing.publish(DESK, Notation::Toml, None).await?;
//! # let ticket = writing.stream("T-1")?;
//! # let intake = Command::new(Action::Receive(Received::default()), writing.now(), Actor::new("desk".parse()?));
//! # writing.execute(&ticket, intake).await?;
//! let store = Arc::new(FaultStore::new(log));
//! let engine = Engine::open(store.clone(), Options::new("acme")).await?;
//! let places = Arc::new(MemoryCheckpoints::default());
//! let name: ConsumerId = "mailer".parse()?;
//! let begin = || engine.consumer(name.clone(), places.clone());
//!
//! let mut mailer = begin().await?.only(&[Kind::Received]);
//! store.fail_next_read(ReadFault::Unavailable);
//! assert!(mailer.next_ready().await.is_err()); // just now it cannot be read
//! assert_eq!(mailer.next_ready().await?.len(), 1); // read, and the mail is sent
//! drop(mailer); // the process ends before it could say so
//!
//! let mut mailer = begin().await?.only(&[Kind::Received]);
//! assert_eq!(mailer.next_ready().await?.len(), 1); // the same event once more
//! mailer.commit().await?;
//! let mut mailer = begin().await?.only(&[Kind::Received]);
//! assert_eq!(mailer.next_ready().await?.len(), 0); // and now it is behind it
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 5. The process is started anew
//!
//! Everything that a service knows must come from the log. The shortest test of that is to throw the
//! engine away in the middle and to compare: a handle of the memory backend keeps the log as a disk would.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual::engine::{Engine, ManualClock, Options};
//! # use punctual::event::Actor;
//! # use punctual::policy::Notation;
//! # use punctual::ticket::{Action, Command, Received};
//! # use punctual_memory::MemoryStore;
//! # const DESK: &str = r#"
//! #     policy   = "desk"
//! #     timezone = "UTC"
//! #     [target.answer]
//! #     start = "received"
//! #     stop  = "replied"
//! #     goals = [{ within = "1h" }]
//! # "#;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let log = MemoryStore::new();
//! let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00Z".parse()?));
//! let open = || Engine::open(Arc::new(log.handle()), Options::new("acme").with_clock(clock.clone()));
//!
//! let engine = open().await?;
//! engine.publish(DESK, Notation::Toml, None).await?;
//! let ticket = engine.stream("T-1")?;
//! let intake = Command::new(Action::Receive(Received::default()), engine.now(), Actor::new("desk".parse()?));
//! engine.execute(&ticket, intake).await?;
//! let before = (engine.open_tickets(), engine.next_at());
//! drop(engine);
//!
//! let engine = open().await?;
//! assert_eq!((engine.open_tickets(), engine.next_at()), before);
//! // The outage lasted over the deadline: what it missed is caught up with, with its true instants.
//! clock.set("2026-03-09T12:00:00Z".parse()?);
//! assert_eq!(engine.tick(engine.now()).await?.breached, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 6. The store breaks its promises
//!
//! A cluster that was restored from an old backup, a proxy that repeats a page, a backend with a defect. A
//! reader that counts what it is given would be wrong from then on and never say so. Ours stop: each page
//! goes through a guard, and the error names the place.
//!
//! ```
//! # use std::future::poll_fn;
//! # use std::pin::Pin;
//! # use std::sync::Arc;
//! # use futures_core::Stream as _;
//! # use punctual::event::{Expected, Offset, PartitionId, StreamId};
//! # use punctual::store::{Append, EventStore, EventStoreExt, Limit, ReadError, RecordHead, Records, blocking};
//! # use punctual::time::Instant;
//! # use punctual_memory::MemoryStore;
//! # use punctual_testkit::fault::{FaultStore, ReadFault};
//! # let log = MemoryStore::new();
//! # for text in ["one", "two"] {
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
//! #     let stream = StreamId::new("acme", "ticket", "T-1")?;
//! #     blocking::wait(log.append(Append::new(stream, Expected::Any, records)))?;
//! # }
//! // The second page begins with the commit that the first one ended with.
//! let store = FaultStore::new(Arc::new(log)).failing_read(2, ReadFault::Twice);
//! let store: Arc<dyn EventStore> = Arc::new(store);
//! let mut pages = store.subscribe(PartitionId(0), Offset::START, Limit::events(1));
//! let mut next = || blocking::wait(poll_fn(|cx| Pin::new(&mut pages).poll_next(cx)));
//!
//! assert!(next().is_some_and(|page| page.is_ok()));
//! let told = next().ok_or("ended")?.err().ok_or("not noticed")?;
//! assert!(matches!(told, ReadError::Gap(_)));
//! assert!(!told.is_transient()); // asking again cannot help: somebody has to look
//! assert!(next().is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is not here
//!
//! What a *backend* does in trouble is asked by the suite itself, see [`guide`](crate::guide). Whole
//! services under random weather, thousands of them from seeds, are what the project's simulator plays.
