//! Punctual core.

pub mod calendar;
pub mod clock;
pub mod event;
pub mod policy;
pub mod ticket;
pub mod time;
