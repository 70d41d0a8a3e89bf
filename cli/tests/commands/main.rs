//! Every command through the library's front door: what it prints, where, and its exit code.

#[cfg(test)]
mod backtest;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod scorecard;
#[cfg(test)]
mod stores;
mod unknown_words;
