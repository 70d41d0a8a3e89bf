//! L: who is told, and when.
//!
//! # L1: where a rung sits
//!
//! | written | is reached |
//! |---|---|
//! | `80%` | at the earliest instant at which E reaches that share of the budget |
//! | `lower` | likewise for the lower bound of a range |
//! | `-10m`, `-1wh` | so long before `due_at`, as that stands while the clock runs |
//! | `due` | one microsecond after `breach_after` |
//! | `+2wh`, `+1wd` | so long after `breach_after`, and one microsecond |
//!
//! Working offsets use the rung's own calendar (`on`), else the goal's, else the policy's. A rung names a role,
//! may be meant for some tickets only, and may repeat (`every = "4h", most = 5`), counted from its own point.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::Story;
//!
//! // 80 % of two working hours, due, and two working hours after that.
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=enquiry level=general")
//!     .given("2026-03-09 09:01", "acknowledged")
//!     .told("2026-03-09 10:35", &[]) // two working hours: 96 minutes are 80 %
//!     .told("2026-03-09 10:36", &["specialist"])
//!     .told("2026-03-09 11:00", &["specialist"]) // exactly at the deadline is in time
//!     .told("2026-03-09 11:01", &["specialist", "technical-supervisor"])
//!     .told("2026-03-09 14:30", &["specialist", "technical-supervisor"])
//!     .told("2026-03-09 14:31", &["specialist", "technical-supervisor", "after-sales-manager"])
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # L2: once
//!
//! A rung is told once for its ticket, agreement, target, cycle and goal. One whose point lies at or before
//! the coming of its goal is superseded and never told; moving a ticket to another policy version tells
//! nothing again that the same target and cycle has told.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::Story;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! // At half past nine it becomes urgent: half an hour from nine is just used up. The warning at 80 %
//! // lies behind the judgement, so nobody is warned; that it is late is told a microsecond later.
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=enquiry")
//!     .given("2026-03-09 09:01", "acknowledged")
//!     .given("2026-03-09 09:30", "classified level=urgent")
//!     .told("2026-03-09 09:30", &[])
//!     .told("2026-03-09 09:31", &["technical-supervisor"])
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # L3: what is owed
//!
//! A rung that was reached while the clock ran is owed, even if the clock paused before anybody looked. One
//! that a stop overtook before it was recorded has lapsed: nobody is called about what has been done. An
//! offset after the breach waits while the clock is paused.
//!
//! ```
//! use punctual::clock::Bindings;
//! use punctual::escalation::Standing;
//! use punctual::policy::Policy;
//! use punctual::testing::History;
//! use punctual::ticket::TicketEvent;
//! use punctual::{escalation, supervision};
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "desk"
//!     timezone = "Asia/Shanghai"
//!     [role.specialist]
//!     rank = 1
//!     [pause]
//!     awaiting-customer = "Waiting for the customer"
//!     [target.answer]
//!     start  = "received"
//!     stop   = "replied"
//!     pause  = "awaiting-customer"
//!     goals  = [{ within = "2h" }]
//!     ladder = [{ at = "80%", tell = "specialist" }]
//! "#)?;
//! // The rung is reached at 10:36. Until eleven nobody looks.
//! let rung = |what_happened: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let script = format!("2026-03-09 09:00 received\n2026-03-09 {what_happened}");
//!     let ticket = History::read(&script, policy.zone())?.ticket();
//!     let (bindings, now) = (Bindings::to(&policy), "2026-03-09T11:00:00+08:00".parse()?);
//!     let standing = escalation::notices(&ticket, &bindings, now).first().map(|it| it.standing);
//!     let recorded = supervision::supervise::<Box<str>>(&ticket, &bindings, now);
//!     let told = recorded.iter().any(|event| matches!(event, TicketEvent::Escalated(_)));
//!     Ok((standing, told))
//! };
//! assert_eq!(rung("10:50 paused reason=awaiting-customer")?, (Some(Standing::Owed), true));
//! assert_eq!(rung("10:50 replied")?, (Some(Standing::Lapsed), false));
//! // A clock that pauses before that has not come so far.
//! assert_eq!(rung("10:30 paused reason=awaiting-customer")?, (None, false));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # L4: after a standstill
//!
//! What is still owed after a downtime is recorded in the order in which it fell due, marked late, with the
//! instant at which it was due and that at which it was found.
//!
//! ```
//! use punctual::clock::Bindings;
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::supervision;
//! use punctual::testing::History;
//! use punctual::ticket::TicketEvent;
//! use punctual::time::Instant;
//!
//! // The service was down until the next morning.
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let history = History::read("2026-03-09 09:00 received class=enquiry", policy.zone())?;
//! let now = "2026-03-10T09:00:00+08:00".parse()?;
//! let events: Vec<TicketEvent> =
//!     supervision::supervise(&history.ticket(), &Bindings::to(&policy), now);
//! let rungs: Vec<_> = events
//!     .iter()
//!     .filter_map(|event| match event {
//!         TicketEvent::Escalated(it) => Some((it.owed_at, it.role.as_str(), it.late)),
//!         _ => None,
//!     })
//!     .collect();
//! let at = |civil: &str| format!("2026-03-09T{civil}+08:00").parse::<Instant>();
//! let late = true;
//! assert_eq!(
//!     rungs,
//!     [
//!         (at("10:36:00")?, "specialist", late),
//!         (at("11:00:00.000001")?, "technical-supervisor", late),
//!         (at("14:30:00.000001")?, "after-sales-manager", late),
//!     ],
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # L5: nobody is woken
//!
//! A delivery window moves messages, never the instant of a breach: `owed_at` is when a rung was reached,
//! `deliver_at` when its message may go out.
//!
//! ```
//! use punctual::clock::Bindings;
//! use punctual::escalation;
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::History;
//!
//! // A complaint at half past eight in the evening; half an hour later it is late.
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let history = History::read("2026-03-09 20:30 received class=complaint", policy.zone())?;
//! let now = "2026-03-09T21:30:00+08:00".parse()?;
//! let notices = escalation::notices(&history.ticket(), &Bindings::to(&policy), now);
//! let due = notices.iter().find(|it| it.role.as_str() == "technical-supervisor").ok_or("no rung")?;
//! assert_eq!(due.at, "2026-03-09T21:00:00.000001+08:00".parse()?);
//! assert_eq!(due.deliver_at, "2026-03-10T09:00:00+08:00".parse()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # L6: ranks
//!
//! `Escalated` carries the role and the rank that the policy declares for it. A ticket's tier is the highest
//! that was told. Who owns a ticket is asked when it is judged.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::History;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! let owner = |script: &str| -> Result<Option<String>, Box<dyn std::error::Error>> {
//!     let ticket = History::read(script, policy.zone())?.ticket();
//!     let at = ticket.timeline().received_at().ok_or("not received")?;
//!     Ok(policy.owner(&ticket.timeline().status(at)).map(ToString::to_string))
//! };
//! assert_eq!(owner("2026-03-09 09:00 received")?.as_deref(), Some("specialist"));
//! let urgent = owner("2026-03-09 09:00 received level=urgent")?;
//! assert_eq!(urgent.as_deref(), Some("after-sales-manager"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
