//! Punctual core.

pub mod event;
pub mod ticket;
pub mod time;
