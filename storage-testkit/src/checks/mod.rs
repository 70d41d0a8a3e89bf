//! The checks, a family a file. The list of them all is in [`crate::__for_each_check!`].

pub(crate) mod append;
pub(crate) mod checkpoints;
pub(crate) mod commands;
pub(crate) mod durable;
pub(crate) mod histories;
pub(crate) mod live;
pub(crate) mod partitions;
pub(crate) mod races;
pub(crate) mod snapshots;
pub(crate) mod streams;
