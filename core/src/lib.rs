//! Punctual core.

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
