//! Halfway everything is closed and opened again, and nothing may be missing.

use punctual::engine::Now;
use punctual::time::Instant;
use serde::Serialize;

use super::stage::Stage;
use super::survey::Survey;
use crate::failure::{Failure, about};

/// What was found the same before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Restart {
    /// By the clock that is set by hand.
    pub(super) at: Instant,
    pub(super) commits: u64,
    pub(super) events: u64,
    pub(super) tickets: u64,
    pub(super) open_tickets: u64,
    pub(super) next_at: Option<Instant>,
    /// Whether the last command, sent again, was known; `None` where nobody sent commands.
    pub(super) last_command_known: Option<bool>,
}

/// Closes engine and store, opens them again, and compares.
///
/// # Errors
/// [`Failure`] naming what is not as it was.
pub(super) fn restart(mut stage: Stage) -> Result<(Stage, Restart), Failure> {
    stage.collect()?;
    let before = Survey::of(&stage.store, &stage.directory)?;
    let (next_at, open) = (stage.engine.next_at(), stage.engine.open_tickets());
    let stage = stage.reopen()?;
    let after = Survey::of(&stage.store, &stage.directory)?;
    for (is_same, en, zh) in [
        (after.commits == before.commits, "commits", "提交数"),
        (after.events == before.events, "events", "事件数"),
        (
            after.tickets == before.tickets,
            "folded tickets",
            "工单状态",
        ),
        (after == before, "figures", "统计"),
        (
            stage.engine.next_at() == next_at,
            "the next due instant",
            "下一到期时刻",
        ),
        (
            stage.engine.open_tickets() == open,
            "open tickets",
            "未结工单数",
        ),
        (
            has_last(&stage, &after),
            "the last acknowledged version",
            "最后确认的版本",
        ),
    ] {
        if !is_same {
            return Err(lost(&stage.directory, en, zh));
        }
    }
    let last_command_known = stage.repeat_last()?;
    if last_command_known == Some(false) {
        return Err(lost(&stage.directory, "the last command", "最后一条命令"));
    }
    let restart = Restart {
        at: stage.clock.now(),
        commits: after.commits,
        events: after.events,
        tickets: after.tickets.len() as u64,
        open_tickets: open as u64,
        next_at,
        last_command_known,
    };
    Ok((stage, restart))
}

fn has_last(stage: &Stage, after: &Survey) -> bool {
    stage.acknowledged().is_none_or(|(stream, version)| {
        let found = after.tickets.get(stream);
        found.is_some_and(|ticket| ticket.version() >= version)
    })
}

fn lost(directory: &str, en: &str, zh: &str) -> Failure {
    Failure::surroundings(about(
        directory,
        &format!("after the restart {en} are not what they were; keep the directory and report it"),
        &format!("重启后{zh}与之前不同；请保留目录并报告"),
    ))
}
