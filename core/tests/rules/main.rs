//! The rules of SEMANTICS, each at least one test with its number in the name: budgets (B), clocks
//! (C), ladders (L), policies (P), time (T3, T4).
//!
//! Every expected instant was worked out by hand from the rules; the arithmetic stands beside it.
//! The stories are written in the language of [`play`], which also checks the explanation of every
//! clock and that a look of the engine changes no verdict.

#[cfg(test)]
mod budgets;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod cycles;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod judgements;
#[cfg(test)]
mod ladders;
#[cfg(test)]
mod late_facts;
#[cfg(test)]
mod leads;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod reopened;
#[cfg(test)]
mod visible;

#[cfg(test)]
#[path = "../scenarios/house.rs"]
mod house;
#[cfg(test)]
#[path = "../scenarios/play/mod.rs"]
mod play;
