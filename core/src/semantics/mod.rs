//! The rules by their numbers: what every `SEMANTICS C8` in these pages means.
//!
//! The types of this crate say how to ask; this chapter says what the answers obey. It holds no code. Each
//! rule has a letter and a number, the same number everywhere in these docs.
//!
//! | letter | is about | where it lives |
//! |---|---|---|
//! | [T](instants) | instants, lengths, the order of facts | [`time`](crate::time), [`ticket`](crate::ticket) |
//! | [K](calendars) | when a desk is open | [`calendar`](crate::calendar) |
//! | [B](budgets) | how much time a promise allows | [`policy`](crate::policy), [`calendar`](crate::calendar) |
//! | [C](clocks) | how a promise stands | [`clock`](crate::clock) |
//! | [L](ladders) | who is told, and when | [`escalation`](crate::escalation) |
//! | [P](policies) | versions, bindings, permissions | [`policy`](crate::policy), [`engine`](crate::engine) |
//!
//! # One measure
//!
//! Everything about a promise derives from one number. **E(a, b)** is the time of the clock's measure in
//! [a, b), minus its pauses: open time of a calendar, or wall time. Met means that E from the start to the
//! stop is at most the budget. A deadline is where E reaches the budget, a breach where it exceeds it, a
//! warning where it reaches a share of it. No rule compares instants where it could compare E; so what is
//! done on the evening after closing is in time, and a pause can never undo a breach.
//!
//! # How the examples are written
//!
//! Most are a [`Story`](crate::testing::Story): what happened to one ticket in the policy's own local time, and
//! what a clock should then read. They are tests: what they say is checked with every change.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! // A fault comes in half an hour before lunch; one working hour is promised.
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 11:30", "received class=fault")
//!     .then("2026-03-09 11:30", clock("first-response").due("2026-03-09 14:00"))
//!     .when("2026-03-09 14:00", "replied")
//!     .then("2026-03-09 14:00", clock("first-response").is(Outcome::Met).used("1h"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where rules meet
//!
//! What follows when two rules meet in one case, and was not obvious, is written down in
//! [`clock`](crate::clock#what-the-rules-leave-open) and, for shifts and zones, in
//! [`calendar`](crate::calendar).

pub mod budgets;
pub mod calendars;
pub mod clocks;
pub mod instants;
pub mod ladders;
pub mod policies;
