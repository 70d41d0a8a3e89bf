//! Punctual core.

pub mod calendar;
pub mod event;
pub mod time;
