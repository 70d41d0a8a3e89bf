//! What an engine tells those who watch it: spans (feature `tracing`) and figures (feature
//! `metrics`). Ids, kinds and numbers alone, never a customer's words; without the features nothing.

use super::error::ExecuteError;
use super::execute::Executed;
use super::tick::Tick;

/// The names of the figures, for dashboards: a contract, like those of events.
#[cfg(feature = "metrics")]
mod names {
    pub(super) const COMMANDS: &str = "punctual_commands_total";
    pub(super) const TICKS: &str = "punctual_ticks_total";
    pub(super) const LOOKS: &str = "punctual_tickets_looked_at_total";
    pub(super) const RECORDED: &str = "punctual_supervision_events_total";
    pub(super) const LATE: &str = "punctual_late_rungs_total";
    pub(super) const FAILURES: &str = "punctual_tick_failures_total";
    pub(super) const OPEN: &str = "punctual_open_tickets";
}

/// Tells what became of a command.
pub(super) fn executed(done: &Result<Executed, ExecuteError>) {
    let _outcome = match done {
        Ok(executed) if executed.replayed => "replayed",
        Ok(_) => "recorded",
        Err(ExecuteError::Refused(_)) => "refused",
        Err(ExecuteError::Reused { .. }) => "reused",
        Err(ExecuteError::Contended { .. }) => "contended",
        Err(ExecuteError::Load(_) | ExecuteError::Append { .. } | ExecuteError::Encode { .. }) => {
            "failed"
        }
    };
    #[cfg(feature = "metrics")]
    metrics::counter!(names::COMMANDS, "outcome" => _outcome).increment(1);
    #[cfg(feature = "tracing")]
    tracing::debug!(outcome = _outcome, "command");
}

/// Tells what a tick did.
pub(super) fn ticked(tick: &Tick, open: usize) {
    #[cfg(feature = "metrics")]
    {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        metrics::counter!(names::TICKS).increment(1);
        metrics::counter!(names::LOOKS).increment(count(tick.tickets));
        for (kind, number) in [
            ("warned", tick.warned),
            ("breached", tick.breached),
            ("escalated", tick.escalated),
        ] {
            metrics::counter!(names::RECORDED, "kind" => kind).increment(count(number));
        }
        metrics::counter!(names::LATE).increment(count(tick.late));
        metrics::counter!(names::FAILURES).increment(count(tick.failures.len()));
        let open = u32::try_from(open).unwrap_or(u32::MAX);
        metrics::gauge!(names::OPEN).set(f64::from(open));
    }
    #[cfg(feature = "tracing")]
    {
        tracing::debug!(
            tickets = tick.tickets,
            recorded = tick.recorded(),
            late = tick.late,
            open,
            "tick"
        );
        for failure in &tick.failures {
            tracing::warn!(stream = %failure.stream, error = %failure.error, "ticket put off");
        }
    }
    #[cfg(not(any(feature = "metrics", feature = "tracing")))]
    let (_, _) = (tick, open);
}
