//! The workloads, the same for us and for every peer.

pub mod appends;
pub mod commands;
pub mod history;
pub mod mean;
pub mod models;
pub mod office;
pub mod tickets;
pub mod writers;
