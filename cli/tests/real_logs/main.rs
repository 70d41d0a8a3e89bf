//! Real logs through the command: every figure that an independent program computed comes out of
//! `punctual replay`, to the second, ticket by ticket.
//!
//! The logs and the figures lie beside the workspace, in `../shared/data`; its READMEs say where
//! they come from and what each column means. Without them nothing is compared, and the tests say
//! so; in CI they fail, for a check that did not run must not look like one that passed.

#[cfg(test)]
mod backtest;
#[cfg(test)]
mod boston;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod incidents;
#[cfg(test)]
mod scorecard;
