//! Punctual core.

pub mod event;
pub mod time;
