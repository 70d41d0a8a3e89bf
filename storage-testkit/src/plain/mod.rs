//! The slowest and most obvious store, and its broken twins.
//!
//! A [`PlainStore`] keeps a list of commits and answers every question by walking it. It offers
//! everything that a [`Fixture`](crate::Fixture) can, so that no check is ever skipped on it. Given a
//! [`Defect`] it breaks one promise; the suite's own tests see to it that for every check there is a
//! defect, and that the check finds it.

mod beside;
mod defect;
mod fixture;
mod read;
mod state;
mod store;
mod write;

pub use defect::Defect;
pub use fixture::Plain;
pub use store::PlainStore;
