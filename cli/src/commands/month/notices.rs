//! Who was told, as whoever sends messages sees it.

use std::collections::{BTreeMap, HashSet};

use punctual::event::{Recorded, RoleId, StreamId, Version};
use punctual::ticket::{Escalated, TicketEvent};
use punctual::time::Instant;
use serde::Serialize;

/// What the consumer was given.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// By rank, the highest last, and role.
    pub(super) roles: BTreeMap<(u16, RoleId), Told>,
    pub(super) total: u64,
    /// Delivered a second time, and passed over.
    pub(super) again: u64,
    seen: HashSet<(StreamId, Version)>,
}

/// What one role was told.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Told {
    pub(super) times: u64,
    /// Of them: recorded later than owed.
    pub(super) late: u64,
    /// On how many tickets.
    pub(super) tickets: u64,
    /// The latest.
    pub(super) sample: Option<Notice>,
    #[serde(skip)]
    streams: HashSet<StreamId>,
}

/// One notice.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Notice {
    pub(super) ticket: String,
    pub(super) agreement: String,
    pub(super) target: String,
    pub(super) rung: Option<u16>,
    pub(super) owed_at: Instant,
    pub(super) deliver_at: Instant,
}

impl Notices {
    /// Takes delivery. What comes twice is known by its id.
    pub(super) fn take(&mut self, events: &[Recorded<TicketEvent>]) {
        for event in events {
            let TicketEvent::Escalated(escalated) = &event.event else {
                continue;
            };
            if !self.seen.insert((event.stream.clone(), event.version)) {
                self.again += 1;
                continue;
            }
            self.total += 1;
            let role = (escalated.rank, escalated.role.clone());
            self.roles
                .entry(role)
                .or_default()
                .add(&event.stream, escalated);
        }
    }
}

impl Told {
    fn add(&mut self, stream: &StreamId, escalated: &Escalated) {
        self.times += 1;
        self.late += u64::from(escalated.late);
        self.tickets += u64::from(self.streams.insert(stream.clone()));
        self.sample = Some(Notice {
            ticket: stream.id().to_owned(),
            agreement: escalated.clock.agreement.to_string(),
            target: escalated.clock.target.to_string(),
            rung: escalated.rung,
            owed_at: escalated.owed_at,
            deliver_at: escalated.deliver_at,
        });
    }
}
