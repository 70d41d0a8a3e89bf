//! Punctual core.

// What could panic or overflow is refused in the library; its tests compute with small numbers.
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod calendar;
pub mod clock;
pub mod escalation;
pub mod event;
pub mod language;
pub mod policy;
#[cfg(feature = "store")]
pub mod store;
pub mod supervision;
pub mod ticket;
pub mod time;
