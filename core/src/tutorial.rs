//! From nothing to a service, in seven steps. Each step is a program that runs.
//!
//! A small repair shop promises its customers an answer within one hour of open time, and a repair
//! within three working days. It wants to know what is due, to be told before it is late, and to be able to
//! say afterwards why something was late.
//!
//! # 1. Say what is promised
//!
//! A policy is a document. It names its zone and its hours, the words that tickets may use, and the promised
//! steps: what starts each, what stops it, how long it may take.
//!
//! ```
//! use punctual::policy::Policy;
//!
//! let shop = r#"
//!     policy   = "repair-shop"
//!     timezone = "Asia/Shanghai"
//!     default-calendar = "shop"
//!
//!     [calendar.shop]
//!     week     = { mon-sat = ["09:00-12:00", "13:00-18:00"] }
//!     holidays = "CN"
//!
//!     [role.clerk]
//!     rank = 1
//!     [role.owner]
//!     rank = 2
//!
//!     [pause]
//!     awaiting-parts = "Waiting for parts"
//!
//!     [target.answer]
//!     start  = "received"
//!     stop   = "replied"
//!     goals  = [{ within = "1wh" }]
//!     ladder = [{ at = "75%", tell = "clerk" }, { at = "due", tell = "owner" }]
//!
//!     [target.repair]
//!     start  = "received"
//!     stop   = "resolved"
//!     pause  = "awaiting-parts"
//!     goals  = [{ within = "3wd" }]
//!     ladder = [{ at = "due", tell = "owner" }]
//! "#;
//! let policy = Policy::from_toml(shop)?;
//! assert!(policy.lint().is_empty()); // nothing that is probably not meant
//! # // The steps after this one take it from a file, which must say the same.
//! # let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! # assert_eq!(Policy::from_toml(file)?, policy);
//!
//! // A slip of the pen is told with its place, and with what may be meant.
//! let report = Policy::from_toml(&shop.replace("\"replied\"", "\"repleid\"")).unwrap_err();
//! assert!(report.to_string().contains("did you mean \"replied\"?"));
//! # Ok::<(), punctual::policy::Report>(())
//! ```
//!
//! In the steps that follow, `shop` is this document. Two kinds of hours are in it. `1wh` is an hour while the shop is open, `1h` would be an hour by the clock on
//! the wall; `3wd` ends with the closing of the third open
//! day after the day of the request.
//!
//! # 2. Try it on stories
//!
//! Before it is used, a policy is tested like any program, with what may happen on a bad day.
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! let policy = Policy::from_toml(shop)?;
//! // Monday, a quarter of an hour before lunch.
//! Story::under(&policy)
//!     .given("2026-03-09 11:45", "received")
//!     .then("2026-03-09 11:45", clock("answer").due("2026-03-09 13:45"))
//!     .told("2026-03-09 13:30", &["clerk"])
//!     .when("2026-03-09 13:40", "replied")
//!     .then("2026-03-09 13:40", clock("answer").is(Outcome::Met).used("55m"))
//!     // The part is not in stock; from Tuesday noon to Thursday noon the repair waits.
//!     .given("2026-03-10 12:00", "paused reason=awaiting-parts")
//!     .then("2026-03-11 09:00", clock("repair").not_due())
//!     .given("2026-03-12 12:00", "resumed")
//!     .then("2026-03-12 12:00", clock("repair").due("2026-03-14 18:00"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! When a story does not go as told, the error is a report: what the clock reads, what happened, and where the
//! time went. For what you did not think of there are [laws](crate::testing::laws).
//!
//! # 3. Record what happens
//!
//! An [`Engine`](crate::engine::Engine) keeps tickets in a store. It refuses what cannot be, and binds each
//! ticket to the policy version of its day.
//!
//! ```
//! use std::sync::Arc;
//! use punctual::engine::{Engine, ManualClock, Options};
//! use punctual::event::Actor;
//! use punctual::policy::Notation;
//! use punctual::ticket::{Action, Command, Received, Replied};
//! # use punctual_memory::MemoryStore;
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! // A service leaves out the clock and opens a durable store.
//! let clock = Arc::new(ManualClock::at("2026-03-09T11:45:00+08:00".parse()?));
//! let options = Options::new("repair-shop").with_clock(clock.clone());
//! let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
//! engine.publish(shop, Notation::Toml, None).await?;
//!
//! let (ticket, clerk) = (engine.stream("2026-0417")?, Actor::new("mei".parse()?));
//! let receive: Action = Action::Receive(Received::default());
//! engine.execute(&ticket, Command::new(receive, engine.now(), clerk.clone())).await?;
//!
//! // What is due?
//! let readings = engine.ticket(&ticket).await?.readings(engine.now())?;
//! let answer = readings.iter().find(|it| it.target().as_str() == "answer").ok_or("no promise")?;
//! assert_eq!(answer.due_at, Some("2026-03-09T13:45:00+08:00".parse()?));
//!
//! clock.set("2026-03-09T13:40:00+08:00".parse()?);
//! let reply: Action = Action::Reply(Replied::default());
//! engine.execute(&ticket, Command::new(reply, engine.now(), clerk)).await?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 4. Tell those who must know
//!
//! [`Engine::run`](crate::engine::Engine::run) sleeps until something falls due, and records whom to tell. It
//! sends nothing: a consumer reads what was recorded, and sends it in its own way. As many engines as you like
//! may run; a rung is recorded once.
//!
//! ```
//! use std::sync::Arc;
//! use punctual::engine::{Engine, ManualClock, Options};
//! use punctual::event::{Actor, Kind};
//! use punctual::policy::Notation;
//! use punctual::ticket::{Action, Command, Received, TicketEvent};
//! # use punctual_memory::{MemoryCheckpoints, MemoryStore};
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! # let clock = Arc::new(ManualClock::at("2026-03-09T11:45:00+08:00".parse()?));
//! # let options = Options::new("repair-shop").with_clock(clock.clone());
//! # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
//! # engine.publish(shop, Notation::Toml, None).await?;
//! # let (ticket, clerk) = (engine.stream("2026-0417")?, Actor::new("mei".parse()?));
//! # let receive: Action = Action::Receive(Received::default());
//! # engine.execute(&ticket, Command::new(receive, engine.now(), clerk)).await?;
//! // Nobody answers; at two o'clock the engine looks.
//! clock.set("2026-03-09T14:00:00+08:00".parse()?);
//! engine.tick(engine.now()).await?;
//!
//! let checkpoints = Arc::new(MemoryCheckpoints::default());
//! let mailer = engine.consumer("mailer".parse()?, checkpoints).await?;
//! let mut mailer = mailer.only(&[Kind::Escalated]);
//! let mut told = Vec::new();
//! for event in mailer.next_ready().await? {
//!     if let TicketEvent::Escalated(it) = event.event {
//!         told.push((it.role.to_string(), it.owed_at.to_string()));
//!     }
//! }
//! mailer.commit().await?; // after they were sent
//! assert_eq!(told[0], ("clerk".to_owned(), "2026-03-09T05:30:00Z".to_owned()));
//! assert_eq!(told[1], ("owner".to_owned(), "2026-03-09T05:45:00.000001Z".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 5. Say why
//!
//! An explanation accounts for every microsecond, and names the policy and calendar versions with which a
//! third party can work it out again.
//!
//! ```
//! use punctual::clock::{self, Attribution, Bindings};
//! use punctual::policy::Policy;
//! use punctual::testing::History;
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! let policy = Policy::from_toml(shop)?;
//! let history = History::read("
//!     2026-03-09 11:45 received
//!     2026-03-09 14:15 replied
//! ", policy.zone())?;
//! let ticket = history.ticket();
//! let now = "2026-03-09T15:00:00+08:00".parse()?;
//! let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
//! let answer = explained.iter().find(|it| it.reading.target().as_str() == "answer");
//! let answer = answer.ok_or("no promise")?;
//! let spent: Vec<String> =
//!     answer.sums().iter().map(|(what, length)| format!("{what:?} {length}")).collect();
//! assert_eq!(spent, ["Counting 1h 30m", "Closed 1h", "AfterStop 45m"]);
//! assert!(matches!(answer.parts[0].attribution, Attribution::Counting));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 6. Learn something late
//!
//! Facts may be told late. They are inserted where they belong, and verdicts follow: nothing is rewritten,
//! and what was believed before can still be asked for.
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! let policy = Policy::from_toml(shop)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received")
//!     .given("2026-03-09 15:00", "noted")
//!     .then("2026-03-09 15:00", clock("answer").is(Outcome::Breaching))
//!     .when("2026-03-09 09:20", "replied") // on the phone; typed in at three
//!     .then("2026-03-09 15:00", clock("answer").is(Outcome::Met))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 7. Change the promise
//!
//! What would a stricter promise have cost? A [backtest](crate::backtest) reads the history under both. Then
//! publish it: tickets that come in are bound to the new version; moving open ones is a step of its own, with a
//! look at every deadline beforehand ([`Engine::rebind_all_dry_run`](crate::engine::Engine::rebind_all_dry_run)).
//!
//! ```
//! use punctual::backtest::{Backtest, Fate};
//! use punctual::policy::Policy;
//! use punctual::testing::History;
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/repair-shop.toml"));
//! let today = Policy::from_toml(shop)?;
//! let stricter = Policy::from_toml(&shop.replace("\"1wh\"", "\"30wm\""))?;
//! let as_of = "2026-03-10T00:00:00+08:00".parse()?;
//! let backtest = Backtest::new([("today", &today), ("stricter", &stricter)], as_of)?;
//!
//! let history = History::read("
//!     2026-03-09 09:00 received
//!     2026-03-09 09:45 replied
//! ", today.zone())?;
//! let differences = backtest.ticket(&history.ticket());
//! assert_eq!((differences[0].from, differences[0].to), (Fate::Met, Fate::Breached));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What surprises newcomers
//!
//! - **`due_at` has passed and the promise is not broken.** A budget that ends at closing is shown as due then;
//!   until the desk opens again no open time passes, so it is in time until then:
//!   [`breach_after`](crate::clock::Reading::breach_after).
//! - **There is no deadline.** The clock waits, and nobody knows for how long;
//!   [`due_if_resumed_now`](crate::clock::Reading::due_if_resumed_now) is what to show.
//! - **A breach that nobody recorded counts.** Verdicts are read from facts. `Breached` says when somebody
//!   noticed, and figures never count it.
//! - **A note does not end the wait for a first answer.** Only what the policy names does; an automatic reply does only
//!   where the policy says so.
//! - **An edited policy changes nothing.** Publish it, then move the tickets that are open.
//! - **The same command twice is two facts,** unless it has an id: [`Request::once`](crate::engine::Request::once).
//! - **Saturday counts, or not.** A working day is a date that has a shift. The day of the request never counts.
