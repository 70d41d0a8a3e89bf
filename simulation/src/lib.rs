//! A simulator of the whole of Punctual, from a seed.

pub mod chance;
pub mod life;
pub mod plan;
pub mod reader;
pub mod rough;
mod sent;
mod slot;
pub mod tasks;
mod violation;
pub mod watch;
mod world;

pub use violation::Violation;
pub use world::{Report, World};
