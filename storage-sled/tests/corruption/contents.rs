//! Everything that can be asked of a store, asked and compared with what was stored.

use std::collections::BTreeMap;

use punctual::event::{CommandId, ConsumerId, Offset, PartitionId, StreamId, Version};
use punctual::store::{
    Checkpoint, CheckpointStore, Contiguity, EventStore, FoundCommand, Limit, ReadError, Sequence,
    Snapshot, SnapshotStore, blocking,
};
use punctual_sled::SledStore;

use crate::common::*;

/// The fold of the snapshots.
pub(crate) const FOLD: u32 = 3;
const P0: PartitionId = PartitionId(0);
/// Small, so that several pages are needed.
const PAGE: usize = 7;
const CONSUMERS: [&str; 3] = ["mailer", "pager", "gone"];

/// What a store contains.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Each commit as it is sealed: stream, versions, command, times, metadata and payloads.
    pub(crate) log: Vec<Vec<u8>>,
    streams: BTreeMap<StreamId, Vec<Vec<u8>>>,
    commands: Vec<(StreamId, CommandId, Option<FoundCommand>)>,
    checkpoints: Vec<(ConsumerId, Checkpoint)>,
    snapshots: Vec<(StreamId, Option<Snapshot>)>,
    events: u64,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Everything was answered with what was stored.
    Same,
    /// The same, but that a snapshot is not there or a checkpoint lies earlier, which the port allows.
    Lossy(String),
    /// An error says what is damaged, and the rest is what was stored.
    Named(String),
    /// Something else than what was stored was answered, without an error.
    Wrong(String),
}

impl Contents {
    /// Reads a store that is sound.
    pub(crate) fn expected(store: &SledStore) -> Self {
        let log = log(store).unwrap();
        let names = blocking::wait(store.list_streams("", None, 99)).unwrap();
        let streams: BTreeMap<_, _> = names
            .into_iter()
            .map(|name| (name.clone(), stream_log(store, &name).unwrap()))
            .collect();
        let ids = (0..30_u64).map(|number| number.to_string().parse::<CommandId>().unwrap());
        let ids: Vec<_> = ids.collect();
        let commands = streams.keys().flat_map(|name| {
            let find = |id: &CommandId| blocking::wait(store.find_command(name, id)).unwrap();
            ids.iter()
                .map(move |id| (name.clone(), id.clone(), find(id)))
        });
        let consumers = CONSUMERS.map(|name| name.parse::<ConsumerId>().unwrap());
        let checkpoints = consumers.map(|consumer| {
            let checkpoint = blocking::wait(CheckpointStore::load(store, &consumer));
            (consumer, checkpoint.unwrap())
        });
        let snapshots = streams.keys().map(|name| {
            let kept = blocking::wait(SnapshotStore::load(store, name, FOLD));
            (name.clone(), kept.unwrap())
        });
        Self {
            commands: commands.collect(),
            checkpoints: checkpoints.to_vec(),
            snapshots: snapshots.collect(),
            events: read_all(store, Limit::default()).unwrap().len() as u64,
            log,
            streams,
        }
    }

    /// Asks a store everything.
    pub(crate) fn compare(&self, store: &SledStore) -> Answer {
        let mut asked = Asked::default();
        asked.equal("the log", log(store), &self.log);
        let head = Offset::new(self.log.len() as u64);
        asked.equal("the head", blocking::wait(store.head(P0)), &head);
        let names: Vec<_> = self.streams.keys().cloned().collect();
        let listed = blocking::wait(store.list_streams("", None, 99));
        asked.equal("the list of streams", listed, &names);
        for (name, commits) in &self.streams {
            asked.equal(name.as_str(), stream_log(store, name), commits);
        }
        for (stream, id, found) in &self.commands {
            let answer = blocking::wait(store.find_command(stream, id));
            asked.equal(&format!("command {id} of {stream}"), answer, found);
        }
        for (consumer, checkpoint) in &self.checkpoints {
            let found = blocking::wait(CheckpointStore::load(store, consumer));
            let earlier = |found: &Checkpoint| found.offset(P0) <= checkpoint.offset(P0);
            asked.lossy(consumer.as_str(), found, checkpoint, earlier);
        }
        for (stream, snapshot) in &self.snapshots {
            let found = blocking::wait(SnapshotStore::load(store, stream, FOLD));
            let what = format!("the snapshot of {stream}");
            asked.lossy(&what, found, snapshot, Option::is_none);
        }
        let events = store.verify().map(|verified| verified.events);
        asked.equal("verify", events, &self.events);
        asked.answer()
    }
}

#[derive(Debug, Default)]
struct Asked {
    wrong: Option<String>,
    named: Option<String>,
    lossy: Option<String>,
}

impl Asked {
    fn equal<T: PartialEq>(&mut self, what: &str, found: Result<T, ReadError>, wanted: &T) {
        self.lossy(what, found, wanted, |_| false);
    }

    fn lossy<T: PartialEq>(
        &mut self,
        what: &str,
        found: Result<T, ReadError>,
        wanted: &T,
        allowed: impl FnOnce(&T) -> bool,
    ) {
        match found {
            Ok(found) if found == *wanted => {}
            Ok(found) if allowed(&found) => self.lossy = Some(what.to_owned()),
            Ok(_) => self.wrong = Some(format!("{what} is another")),
            Err(error) => self.named = Some(format!("{what}: {error}")),
        }
    }

    fn answer(self) -> Answer {
        match (self.wrong, self.named, self.lossy) {
            (Some(wrong), ..) => Answer::Wrong(wrong),
            (None, Some(named), _) => Answer::Named(named),
            (None, None, Some(lossy)) => Answer::Lossy(lossy),
            (None, None, None) => Answer::Same,
        }
    }
}

/// Every commit of the log, by pages, guarded.
fn log(store: &SledStore) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut guard = Contiguity::new(P0, Offset::START);
    let mut commits = Vec::new();
    loop {
        let page = store.read_partition(P0, guard.after(), Limit::events(PAGE));
        let page = blocking::wait(page)?;
        guard.admit(&page)?;
        commits.extend(page.commits.iter().map(|commit| commit.as_bytes().to_vec()));
        if page.is_last() {
            return Ok(commits);
        }
    }
}

/// Every commit of a stream, by pages, guarded.
fn stream_log(store: &SledStore, stream: &StreamId) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut guard = Sequence::new(stream.clone(), Version::NONE);
    let mut commits = Vec::new();
    loop {
        let page = store.read_stream(stream, guard.after(), Limit::events(PAGE));
        let page = blocking::wait(page)?;
        guard.admit(&page)?;
        commits.extend(page.commits.iter().map(|commit| commit.as_bytes().to_vec()));
        if page.is_last() {
            return Ok(commits);
        }
    }
}
