//! Backtests: against the readings of each policy by itself, slow and obvious.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "backtest/model.rs"]
mod model;
#[path = "backtest/oracle.rs"]
mod oracle;
#[path = "backtest/reasons.rs"]
mod reasons;
#[path = "backtest/recorded.rs"]
mod recorded;
#[path = "backtest/rungs.rs"]
mod rungs;
#[path = "backtest/support.rs"]
mod support;
#[path = "backtest/workers.rs"]
mod workers;
