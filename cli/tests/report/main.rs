//! The page for managers: whatever it is filled with, it is well-formed, complete in itself, and its
//! numbers can be read.

mod csv;
mod hostile;
mod numbers;
mod pages;
mod reading;
mod terminal;
mod well_formed;
