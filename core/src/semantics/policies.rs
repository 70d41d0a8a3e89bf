//! P: versions, bindings, permissions.
//!
//! # P1: versions and bindings
//!
//! A policy is an immutable version in a stream of its own. Which one applies to a ticket is decided at
//! `Received`: validity dates, then conditions, the first that fits. The answer is an event,
//! `PolicyBound`, one for each agreement, with the versions of the calendars; so it can be asked years later
//! what had been promised.
//!
//! ```
//! use punctual::policy::{Policy, PolicyBook};
//! use punctual::ticket::Status;
//!
//! let of_year = |year: u16, within: &str| {
//!     Policy::from_toml(&format!(
//!         r#"
//!         policy   = "desk-{year}"
//!         timezone = "Asia/Shanghai"
//!         valid    = {{ from = {year}-01-01, until = {year}-12-31 }}
//!         [target.answer]
//!         start = "received"
//!         stop  = "replied"
//!         goals = [{{ within = "{within}" }}]
//!         "#
//!     ))
//! };
//! let book: PolicyBook = [of_year(2026, "2h")?, of_year(2027, "1h")?].into_iter().collect();
//! let chosen = |civil: &str| -> Result<Option<&str>, punctual::time::TimeError> {
//!     let policy = book.select(civil.parse()?, &Status::default());
//!     Ok(policy.map(|policy| policy.id().as_str()))
//! };
//! assert_eq!(chosen("2026-12-31T23:59:59+08:00")?, Some("desk-2026"));
//! assert_eq!(chosen("2027-01-01T00:00:00+08:00")?, Some("desk-2027"));
//! assert_eq!(chosen("2028-01-01T00:00:00+08:00")?, None); // nothing is promised
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # P2: rebind
//!
//! Publishing moves no ticket. A `rebind` moves unfinished tickets to another version, by the *new* version's
//! modes and pause reasons; its dry run lists every ticket with its deadlines before and after. Finished
//! tickets are never moved. See [`Engine::rebind`](crate::engine::Engine::rebind).
//!
//! # P3: permissions
//!
//! The embedding service authenticates, and passes an actor with roles. The policy says which roles may
//! waive, approve, decline or reopen; [`decide`](crate::ticket::decide) is told the answer and knows no policy.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::Story;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=complaint")
//!     .given("2026-03-09 10:00", "compensation-proposed compensation=refund")
//!     .refuses("2026-03-09 10:10", "compensation-approved by=specialist")
//!     .given("2026-03-09 10:20", "compensation-approved by=service-supervisor")
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # P4: gates
//!
//! An event may need another first, perhaps only on a condition. What must come first must also be in
//! force: an accepted plan that was disputed again is not.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::Story;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=repair")
//!     .given("2026-03-09 10:00", "diagnosed")
//!     .given("2026-03-09 11:00", "plan-proposed")
//!     .refuses("2026-03-09 11:30", "resolved method=on-site") // the customer has not agreed
//!     .given("2026-03-09 12:00", "plan-accepted")
//!     .given("2026-03-09 15:00", "resolved method=on-site")
//!     .verify()?;
//!
//! // Remote guidance is talk, and needs no plan.
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=repair")
//!     .given("2026-03-09 09:30", "resolved method=remote")
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The laws
//!
//! Some things follow from all rules together, for every policy and every history: pausing never moves a
//! deadline earlier, splitting a pause or a working budget changes nothing, looking changes nothing, a
//! shorter budget is never due later, a replay is as good as having been there, an explanation adds up. They
//! are functions that you call on a policy of your own: [`laws`](crate::testing::laws).
