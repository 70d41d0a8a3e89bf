//! Punctual core.

pub mod event;
#[cfg(feature = "store")]
pub mod store;
pub mod time;
