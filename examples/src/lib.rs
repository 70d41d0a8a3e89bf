//! Examples of Punctual: one idea in one file, each of which runs without a network, prints what
//! its comment says, and asserts what it claims.
//!
//! Run one with `cargo run -p punctual-examples --example NAME`; they lie in `examples/examples`.
//! In the order in which one asks:
//!
//! | example | answers |
//! |---|---|
//! | `first_deadline` | when does the first promise to a customer fall due? |
//! | `holidays` | what do holidays, make-up days and days of our own change? |
//! | `pause` | what becomes of a deadline while we wait for the customer? |
//! | `reclassify` | what becomes of it when the ticket turns out to be urgent? |
//! | `escalation_ladder` | who is told when nobody answers? |
//! | `explain` | why was a promise broken? |
//! | `store_and_reload` | where do tickets live, and do they survive a restart? |
//! | `late_fact` | what if a fact comes in after its deadline was missed? |
//! | `time_travel` | what did we know at ten, and what do we now know of ten? |
//! | `read_models` | how is the service doing, and what if that has to be worked out anew? |
//! | `in_a_tokio_service` | how does the engine live in a service of mine? |
//! | `property_test_your_policy` | does a policy of my own keep the laws, and promise what I meant? |
//! | `your_own_backend` | how do I keep the log in a store of my own? |
//!
//! The first four and `explain` call the pure core: a ticket, a policy and an instant go in, answers
//! come out, and nothing is stored. The others have an engine with a store, save for
//! `property_test_your_policy`, which is a test. Wherever there is an engine its clock is set by hand,
//! so that nothing waits and nothing depends on the day on which it runs.

/// The README's own code, so that it compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
