//! The law about what leaves a log and comes back.

use super::super::broken::{Broken, Side};
use super::super::reader::Failure;
use super::frame::Frame;
use super::ladders::watched;
use crate::event::{Offset, Recorded};
use crate::store::{CommitParts, Partitions, SealedCommit, TicketCodec, Trace};
use crate::ticket::TicketEvent;

/// Of the history as it is, and with what the engine records of it; an event a commit, and several.
pub(super) fn import(frame: &Frame<'_>) -> Result<(), Broken> {
    let supervised = watched(frame, &frame.points()).telling.log;
    for log in [frame.history.log(), supervised] {
        for events in [1, 3] {
            comes_back(frame, &log, events)?;
        }
    }
    Ok(())
}

fn comes_back(
    frame: &Frame<'_>,
    log: &[Recorded<TicketEvent>],
    events: usize,
) -> Result<(), Broken> {
    let found = sealed(log, events).and_then(|log| {
        let back = frame.reader.export_and_import(&log)?;
        Ok((log, back))
    });
    let sides = match found {
        Ok((log, back)) if log == back => return Ok(()),
        Ok((log, back)) => {
            let same = log
                .iter()
                .zip(&back)
                .take_while(|(one, other)| one == other);
            let same = same.count();
            let side = |what: &str, log: &[SealedCommit]| {
                let commits = log.len();
                Side::plain(format!("{what}: {commits} commits, the first {same} alike"))
            };
            [side("the log", &log), side("exported and imported", &back)]
        }
        Err(failure) => [
            Side::plain(format!("the log: {} events", log.len())),
            Side::plain(format!("exported and imported: {failure}")),
        ],
    };
    Err(frame.broken("both should be the same log".to_owned(), sides))
}

/// Returns the log as a store would hold it, with so many events a commit.
fn sealed(log: &[Recorded<TicketEvent>], events: usize) -> Result<Vec<SealedCommit>, Failure> {
    let codec = TicketCodec::new();
    let mut writer = codec.writer();
    let mut commits = Vec::new();
    for (offset, part) in (1..).map(Offset::new).zip(log.chunks(events.max(1))) {
        let Some(first) = part.first() else { continue };
        writer.clear();
        for recorded in part {
            writer.push_recorded(recorded, Trace::NONE)?;
        }
        let parts = CommitParts {
            partition: Partitions::ONE.of(&first.stream),
            offset,
            first_version: first.version,
            stream: &first.stream,
            command: None,
            records: writer.records(),
        };
        commits.push(parts.to_sealed());
    }
    Ok(commits)
}
