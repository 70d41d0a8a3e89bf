//! C: how a promise stands.
//!
//! The examples run under the preset [`AFTER_SALES`](crate::policy::AFTER_SALES) that comes with the crate,
//! unless they bring a policy of their own: a fault is to be answered within one working hour, a complaint
//! within half an hour, a simple complaint solved within one to three working days; the desk is open from 9
//! to 12 and from 13:30 to 18.
//!
//! # C1: met
//!
//! Met is E(start, stop) at most the budget: exactly at the deadline is in time. Verdicts compare E, never
//! instants.
//!
//! # C2: two edges
//!
//! `due_at` is the earliest instant by which the budget is used up, `breach_after` the latest at which no more
//! than that is. They differ where the budget ends at closing, or as a pause begins. Show `due_at`; a breach
//! exists one microsecond after `breach_after`.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 11:00", "received class=fault")
//!     // The hour ends as the desk closes for lunch.
//!     .then(
//!         "2026-03-09 11:00",
//!         clock("first-response").due("2026-03-09 12:00").in_time_until("2026-03-09 13:30"),
//!     )
//!     .then("2026-03-09 13:30", clock("first-response").is(Outcome::Imminent))
//!     .then("2026-03-09 13:30:00.000001", clock("first-response").is(Outcome::Breaching))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C3: while it is paused
//!
//! A clock that waits has no `due_at`, unless that has passed, but `due_if_resumed_now`, which moves with the
//! reading.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! // A repairer is on the way to an urgent case: four hours by the wall, and they wait for a part.
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=repair level=urgent")
//!     .given("2026-03-09 10:00", "dispatched")
//!     .given("2026-03-09 11:00", "paused reason=awaiting-parts")
//!     .then("2026-03-09 12:00", clock("repair-arrival").not_due().due_if_resumed("2026-03-09 15:00"))
//!     .then("2026-03-09 13:00", clock("repair-arrival").not_due().due_if_resumed("2026-03-09 16:00"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C4: pauses
//!
//! `Paused` adds a reason, `Resumed` removes it, and a `Resumed` without a reason removes all of them. An event
//! that the policy names in a reason's `resumes-on` removes it on reading; nothing is recorded for it. A
//! clock runs if and only if no open reason is one of its target's. Pauses are half-open, overlapping ones
//! count once, nothing is rounded, and closed time inside a pause costs nothing.
//!
//! ```
//! use punctual::clock::Activity;
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .given("2026-03-09 10:00", "paused reason=awaiting-customer")
//!     .then(
//!         "2026-03-09 11:00",
//!         clock("complaint-solved").does(Activity::Paused).not_due().due_if_resumed("2026-03-13 10:00"),
//!     )
//!     // Nobody resumes it: the customer's answer does.
//!     .when("2026-03-09 14:00", "customer-wrote")
//!     .then("2026-03-09 14:00", clock("complaint-solved").does(Activity::Running))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C5: two questions
//!
//! What a clock *does* is one question: pending, running, paused, suspended, stopped
//! ([`Activity`](crate::clock::Activity)). How the promise *stands* is another
//! ([`Outcome`](crate::ticket::Outcome)):
//!
//! | outcome | means | in compliance |
//! |---|---|---|
//! | open | not decided | no |
//! | imminent | not decided, and the first warning has been reached | no |
//! | breaching | over its budget, and not stopped | no |
//! | met | stopped within the budget | yes |
//! | breached | over, and ended | yes |
//! | cancelled | ended without a verdict, with a reason | no |
//! | waived | excused by somebody who may | no |
//! | insufficient lead | booked too late to be prepared for | no |
//!
//! # C6: facts alone
//!
//! Ticks, readers, restarts and the order in which unrelated tickets are looked at change no verdict.
//!
//! ```
//! use punctual::clock::{self, Bindings};
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::supervision;
//! use punctual::testing::History;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let history = History::read("2026-03-09 09:00 received class=complaint", policy.zone())?;
//! let bindings = Bindings::to(&policy);
//! let (ten, noon) = ("2026-03-09T10:00:00+08:00".parse()?, "2026-03-09T12:00:00+08:00".parse()?);
//!
//! let unseen = history.ticket();
//! let events = supervision::supervise::<Box<str>>(&unseen, &bindings, ten);
//! assert!(!events.is_empty());
//! let seen = supervision::after(&unseen, events, ten); // somebody looked, and recorded what was owed
//! let outcomes = |ticket: &punctual::ticket::Ticket| -> Vec<_> {
//!     clock::read(ticket.timeline(), &bindings, noon).iter().map(|it| (it.outcome, it.due_at)).collect()
//! };
//! assert_eq!(outcomes(&seen), outcomes(&unseen));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C7: too late to pause
//!
//! A pause after the breach stops the lateness from growing and undoes nothing.
//!
//! ```
//! use punctual::clock::Activity;
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .given("2026-03-13 10:00", "paused reason=awaiting-customer")
//!     .then(
//!         "2026-03-16 09:00",
//!         clock("complaint-solved")
//!             .does(Activity::Paused)
//!             .is(Outcome::Breaching)
//!             .breached("2026-03-12 18:00"), // the third closing, where the budget ran out
//!     )
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C8: judged anew
//!
//! A new class, level, tier or own field touches clocks that have not stopped; a stopped one keeps its goal.
//! What happens to the use so far is for the target to say: `retroactive` (the default), `carry`, `forward`,
//! `reset`. The four side by side are in
//! [`clock`](crate::clock#a-reclassification-four-ways). Where no goal fits any more, the clock is cancelled
//! (no goal). Each goal that a clock has had is an *attachment* and stays in its trace; one that is over as
//! it comes is breached, fires no rungs of the past, and gives one notice to the highest rung's role.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=enquiry")
//!     .then("2026-03-09 09:00", clock("first-response").due("2026-03-09 11:00"))
//!     // At ten it turns out to be urgent: half an hour from nine on, and that is over.
//!     .when("2026-03-09 10:00", "classified level=urgent")
//!     .then("2026-03-09 10:00", clock("first-response").is(Outcome::Breaching))
//!     .told("2026-03-09 10:01", &["after-sales-manager"])
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C9: resolved, closed, reopened
//!
//! `Resolved` ends every pause, and suspends the clocks that it does not stop and that started before it:
//! the remedy may yet not hold. Only a next reply is cancelled, since nobody waits for it any more (C10).
//! `Closed` cancels what is suspended, and `Reopened` resumes it.
//!
//! What a reopening does to a clock that the resolution had stopped is for the target to say: `continue`
//! without the resolved gap (the default), `continue` with it, `new-cycle`, `stay`; and with
//! `new-cycle-after = "30d"` it is always a new cycle once so many days have passed. Either way the goal is
//! that for the class which is then in force. Clocks that a resolution starts, such as the survey's, are
//! cancelled by a reopening. All cycles are kept, and a report chooses: see
//! [`Cycles`](crate::projection::Cycles).
//!
//! ```
//! use punctual::clock::Activity;
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::{Cancelled, Outcome};
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .given("2026-03-10 12:00", "resolved method=remote")
//!     .then("2026-03-10 12:00", clock("complaint-solved").is(Outcome::Met))
//!     .then("2026-03-10 12:00", clock("survey").does(Activity::Running))
//!     .when("2026-03-11 09:00", "reopened")
//!     // The half day while it was resolved does not count.
//!     .then("2026-03-11 09:00", clock("complaint-solved").is(Outcome::Open).used("10h 30m"))
//!     .then(
//!         "2026-03-11 09:00",
//!         clock("survey").is(Outcome::Cancelled(Cancelled::Reopened)),
//!     )
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C10: cycles, and the next reply
//!
//! A target happens once, or at each start event while none is open, or in periods.
//!
//! The next reply starts with the first message that the customer has not been answered; further messages
//! do not move it, a public answer ends it, a note does not, nor does an automatic answer unless the policy
//! says so. A resolution cancels it. The target that it names by `after`, a first response, is its cycle 0:
//! the two never run together, and if cycle 0 ends without an answer to a message that waits, cycle 1 starts
//! then. Where no first response is promised, the customer's `Received` itself starts it.
//!
//! A ticket that an agent opened, or its own owner, has no first-response clock: nobody waits for one.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .given("2026-03-09 09:10", "replied")
//!     .given("2026-03-09 10:00", "customer-wrote")
//!     .given("2026-03-09 11:00", "customer-wrote") // asks again: four hours from ten all the same
//!     .then("2026-03-09 11:00", clock("next-reply").due("2026-03-09 14:00"))
//!     .given("2026-03-09 11:30", "noted")
//!     .when("2026-03-09 13:00", "replied")
//!     .then("2026-03-09 13:00", clock("next-reply").is(Outcome::Met).cycle(1))
//!     .verify()?;
//!
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint opener=agent")
//!     .then("2026-03-09 09:00", clock("first-response").is_absent())
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C11: periods
//!
//! A periodic promise is anchored at the last report, the first one at its start. Each period is a cycle; a
//! missed one counts once, and the next is anchored at the late report.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=fault")
//!     .given("2026-03-09 10:00", "diagnosed")
//!     .given("2026-03-09 11:00", "plan-proposed")
//!     .given("2026-03-09 12:00", "plan-accepted") // progress every 24 hours from here
//!     .when("2026-03-11 09:00", "progress-reported")
//!     .then("2026-03-11 09:00", clock("progress").cycle(1).is(Outcome::Breached))
//!     .then("2026-03-11 09:00", clock("progress").cycle(2).due("2026-03-12 09:00"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C12: declined, merged, withdrawn
//!
//! They first stop the clocks whose stop they are, then cancel the others that are not stopped and not
//! over. A clock that is over stops, and is breached: no cancellation undoes a breach.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::{Cancelled, Outcome};
//! use punctual::event::Kind;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .when("2026-03-09 10:00", "withdrawn")
//!     .then("2026-03-09 10:00", clock("first-response").is(Outcome::Breached)) // over since 09:30
//!     .then(
//!         "2026-03-09 10:00",
//!         clock("complaint-solved").is(Outcome::Cancelled(Cancelled::By(Kind::Withdrawn))),
//!     )
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C13: waivers
//!
//! A waiver covers one target in one cycle. It is given by a role that the policy names, with a reason, and
//! it survives a reopening that continues the clock.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .refuses("2026-03-09 10:00", "waived target=first-response by=specialist")
//!     .when("2026-03-09 10:00", "waived target=first-response by=general-manager")
//!     .then("2026-03-09 10:00", clock("first-response").is(Outcome::Waived))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C14: several agreements
//!
//! What is promised to the customer, between teams and by a supplier are agreements of their own, each with
//! targets, pauses and trace. The customer's clock may run while the supplier's waits. The deadline to show
//! is the earliest that has not passed, ties by the agreement's id:
//! [`visible_deadline`](crate::clock::visible_deadline). Operational and supplier agreements take a new
//! judgement `forward`, unless they say otherwise.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=repair")
//!     .given("2026-03-09 10:00", "dispatched")
//!     .given("2026-03-09 11:00", "marked mark=parts-ordered")
//!     .given("2026-03-09 11:00", "paused reason=awaiting-parts")
//!     // Our repairer waits; the supplier does not.
//!     .then("2026-03-09 11:30", clock("repair-arrival").of("service").not_due())
//!     .then("2026-03-09 11:30", clock("parts").of("parts-supplier").due("2026-03-12 18:00"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # C15: late facts
//!
//! A late fact is held against the state at its own instant, and may change a verdict, also of a finished
//! ticket. Then `VerdictRevised` is recorded: what it was, what it is, and the fact that is the cause. Rungs
//! that were told stay told.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual::engine::{Engine, ManualClock, Options};
//! # use punctual::event::{Actor, Class};
//! # use punctual::policy::{AFTER_SALES, Notation};
//! # use punctual::ticket::{Action, Command, Received};
//! # use punctual_memory::MemoryStore;
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
//! # let options = Options::new("acme").with_clock(clock.clone());
//! # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
//! # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
//! # let desk = Actor::new("desk".parse()?);
//! # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
//! #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
//! # };
//! use punctual::event::Kind;
//! use punctual::ticket::Replied;
//! # use punctual_memory::MemoryCheckpoints;
//!
//! let ticket = engine.stream("T-1")?;
//! engine.execute(&ticket, Command::new(receive("complaint")?, engine.now(), desk.clone())).await?;
//! clock.set("2026-03-09T10:00:00+08:00".parse()?);
//! assert!(engine.tick(engine.now()).await?.breached > 0); // half an hour had been promised
//!
//! // They had answered at twenty past nine; it is typed in at five past ten.
//! clock.set("2026-03-09T10:05:00+08:00".parse()?);
//! let reply: Action = Action::Reply(Replied::default());
//! let late = Command::new(reply, "2026-03-09T09:20:00+08:00".parse()?, desk);
//! engine.execute(&ticket, late).await?;
//!
//! let archive = engine.consumer("archive".parse()?, Arc::new(MemoryCheckpoints::default())).await?;
//! let revised = archive.only(&[Kind::VerdictRevised]).next_ready().await?;
//! assert!(!revised.is_empty()); // on record: what it was, what it is, and why
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a late fact does to a verdict that was recorded is worked out by
//! [`supervision`](crate::supervision), and recorded in the commit of the fact itself.
//!
//! # C16: explained
//!
//! [`explain`](crate::clock::explain) attributes every microsecond from `Received` to the reading to exactly
//! one of before start, counting, closed, paused (with the reasons), suspended, after stop. Suspended wins
//! over closed, and closed over paused. The parts sum to wall time.
