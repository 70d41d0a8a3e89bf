//! The page for managers: whatever it is filled with, it is well-formed, complete in itself, and its
//! numbers can be read.

#[cfg(test)]
mod csv;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod well_formed;
