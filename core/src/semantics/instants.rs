//! T: instants, lengths, and the order of facts.
//!
//! # T1: which instants there are
//!
//! An instant is UTC, to the microsecond, from 1970-01-01 to 2099-12-31. Anything outside is a
//! typed error, anything finer is cut off, and a leap second folds to the last microsecond before it.
//! The range is checked once, where an [`Instant`](crate::time::Instant) is made.
//!
//! ```
//! use punctual::time::Instant;
//!
//! assert!("2100-01-01T00:00:00Z".parse::<Instant>().is_err());
//! let leap: Instant = "2016-12-31T23:59:60.5Z".parse()?;
//! assert_eq!(leap.to_string(), "2016-12-31T23:59:59.999999Z");
//! # Ok::<(), punctual::time::TimeError>(())
//! ```
//!
//! # T2: lengths are integers
//!
//! No length is rounded and none is a float. Percentages and shares are ratios of integers, shown rounded
//! down; every sum is checked, and one that does not fit is an error.
//!
//! ```
//! use punctual::time::{Share, Span};
//!
//! let hour_and_a_bit = Span::HOUR.checked_add(Span::from_micros(1))?;
//! assert!(hour_and_a_bit > Span::HOUR); // a microsecond is never lost
//! assert_eq!(Share::percent(80).to_string(), "80%");
//! assert!(Span::from_micros(i64::MAX).checked_add(Span::SECOND).is_err());
//! # Ok::<(), punctual::time::TimeError>(())
//! ```
//!
//! # T3: two axes of time
//!
//! `occurred_at` is the caller's business time: when the customer called. `recorded_at` is when the log
//! learned of it, set by the engine as the later of now and the stream's last `recorded_at`. So "what was
//! known at T" is well defined even if two machines disagree about the time. The past is welcome; an
//! `occurred_at` further ahead of now than the configured skew is refused.
//!
//! ```
//! use punctual::event::Actor;
//! use punctual::ticket::{Action, Command, DecideError, Permit, Received, Ticket, decide};
//! use punctual::time::Span;
//!
//! let now = "2026-03-09T09:00:00+08:00".parse()?;
//! let ahead = "2026-03-09T09:02:00+08:00".parse()?;
//! let receive: Action = Action::Receive(Received::default());
//! let command = Command::new(receive, ahead, Actor::new("desk".parse()?));
//! let permit = Permit { most_ahead: Span::MINUTE, ..Permit::default() };
//! let refused = decide(&Ticket::default(), command, &permit, now);
//! assert!(matches!(refused, Err(DecideError::Ahead { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # T4: the order of facts
//!
//! A ticket's facts are folded by (`occurred_at`, version). In real logs a quarter of neighbouring facts
//! share an instant, and some run backwards. The version breaks ties; a fact that is told late is inserted
//! where it belongs, and from then on it is as if it had been known in time.
//!
//! ```
//! use punctual::policy::{AFTER_SALES, Policy};
//! use punctual::testing::{Story, clock};
//! use punctual::ticket::Outcome;
//!
//! let policy = Policy::from_toml(AFTER_SALES)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received class=fault")
//!     .given("2026-03-09 12:00", "noted")
//!     .then("2026-03-09 12:00", clock("first-response").is(Outcome::Breaching))
//!     // They had called back at half past nine, and nobody had typed it in.
//!     .when("2026-03-09 09:30", "replied")
//!     .then("2026-03-09 12:00", clock("first-response").is(Outcome::Met).used("30m"))
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
