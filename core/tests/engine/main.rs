//! The engine as a service sees it: on the memory backend, with a clock that is set by hand.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test panics when it finds something"
)]

mod agenda;
mod commands;
mod consumers;
mod desk;
mod gate;
mod histories;
mod policies;
mod projector;
mod scans;
mod ticks;
mod workers;
mod yielding;
