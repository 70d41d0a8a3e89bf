//! Punctual core.

pub mod calendar;
pub mod event;
pub mod language;
pub mod policy;
pub mod ticket;
pub mod time;
