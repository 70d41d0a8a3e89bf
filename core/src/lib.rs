//! Punctual core.

pub mod calendar;
pub mod event;
pub mod ticket;
pub mod time;
