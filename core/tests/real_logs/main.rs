//! Real logs under real policies: every figure that an independent program computed comes out of
//! the public API, to the second, ticket by ticket.
//!
//! The logs and the figures lie beside the workspace, in `../shared/data` (its READMEs say where
//! they come from and what each column means). Where that folder is absent the tests pass with a
//! note, except in CI (the variable `CI` is set), where they fail and say what is missing.
//!
//! - [`log`] reads the neutral events of the data sets and folds each ticket once.
//! - [`promises`] compares a ticket's resolution and response with the expected figures under seven
//!   policies, and their sums with the table of the expected figures' README.
//! - [`boston`] compares deadlines with those that a city published itself.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "counts and sums of a test overflow loudly"
)]

#[cfg(test)]
mod boston;
#[cfg(test)]
mod data;
#[cfg(test)]
mod log;
#[cfg(test)]
mod promises;
