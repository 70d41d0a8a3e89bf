//! The one thread that writes: it drains the queue, checks what each append expects, writes a group to
//! the journal, makes it durable, shows it to readers, and answers.
//!
//! # One group
//! | step | done by | if it fails |
//! |---|---|---|
//! | drain up to 1,024 requests | `run` | every handle is gone: settle everything, end |
//! | decide each append | `admit` | the caller alone hears it; the group goes on |
//! | find room, or turn to the other file | `turn` | poisoned: nothing of the group was written |
//! | one write to the journal | `write` | poisoned: whether it was written is not known |
//! | one `fdatasync`, in durable mode | `sync` | the same |
//! | show it: tail, checkpoints, heads | `show` | cannot |
//! | answer everybody | `show` | whoever dropped the future is passed over |
//!
//! The order is the promise. Nothing is shown before it is durable, so no reader sees a commit that a power
//! cut takes away; and nothing is answered before it is shown, so whoever got an answer can read what it wrote.
//!
//! An append is decided on what the group before it in the queue will have written. So two appends
//! to one ticket in one group cost one sync, and the second still meets the first one's version. Should
//! the write fail then all of the group is refused, also what only answered "conflict" or "replayed": it was decided
//! on the strength of commits that may not be there.
//!
//! # Poison
//! After a failed write or sync the kernel may have dropped the pages and say that all is well the next time. So
//! the store never tries again: it refuses every later write with the first reason and goes on answering reads.
//! Open it again, and recovery finds out what is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use punctual::event::{CommandId, ConsumerId, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, AppendError, Appended, CommandKey, FoundCommand, ReadError, SealedCommit, Written,
};
use tokio::sync::{mpsc, oneshot};

use crate::journal::{Frame, Item, Journal};
use crate::settle::Job;
use crate::shared::Shared;
use crate::{Mode, read, read_stream};

/// The most requests of one group.
const GROUP: usize = 1_024;
/// A group that has reached so many bytes takes no further append.
const GROUP_BYTES: u64 = 1 << 20;
/// How many streams' versions each generation of the cache keeps.
const CACHED: usize = 32_768;

/// What is asked of the writer.
#[derive(Debug)]
pub(crate) enum Request {
    Append(Box<Append>, oneshot::Sender<Result<Appended, AppendError>>),
    /// Sets a consumer's offset in one partition, or forgets the consumer.
    Checkpoint(ConsumerId, Option<(PartitionId, Offset)>, Reply),
    /// Makes everything that was appended before durable, whatever the mode.
    Sync(Reply),
    /// Settles everything that was appended before.
    Settle(Reply),
}

pub(crate) type Reply = oneshot::Sender<Result<(), ReadError>>;

/// An answer that waits for the group to be durable.
enum Answer {
    Append(
        oneshot::Sender<Result<Appended, AppendError>>,
        Result<Appended, AppendError>,
        bool,
    ),
    Done(Reply),
}

/// The versions of the streams that were written to last.
///
/// What an append expects must be compared with the stream's version before it is written, and for a ticket that
/// was quiet for a month that is a look into the tree, on the one thread that everybody waits for. Few appends
/// are to such tickets: who writes to a ticket mostly writes again soon.
///
/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten. That
/// keeps the busiest streams at no cost for each use, in at most 65,536 names.
#[derive(Debug, Default)]
struct Versions {
    young: HashMap<StreamId, Version>,
    old: HashMap<StreamId, Version>,
}

impl Versions {
    fn find(&self, stream: &StreamId) -> Option<Version> {
        let version = self.young.get(stream).or_else(|| self.old.get(stream));
        version.copied()
    }

    fn set(&mut self, stream: &StreamId, version: Version) {
        if let Some(known) = self.young.get_mut(stream) {
            *known = version;
            return;
        }
        if self.young.len() >= CACHED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(stream.clone(), version);
    }
}

/// The writer's own state, which nobody else sees. `versions`, `heads` and `commands` run ahead of what is shown by one
/// group at most.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Request>,
    journal: Journal,
    frame: Frame,
    versions: Versions,
    /// The head of each partition, with the group that is being made.
    heads: Vec<Offset>,
    /// The commits of that group.
    commits: Vec<(StreamId, Arc<SealedCommit>)>,
    commands: BTreeMap<(StreamId, CommandId), FoundCommand>,
    checkpoints: Vec<(ConsumerId, Option<(PartitionId, Offset)>)>,
    answers: Vec<Answer>,
    /// The consumers whose checkpoint is in the active file.
    changed: BTreeSet<ConsumerId>,
}

impl Writer {
    pub(crate) fn new(
        shared: Arc<Shared>,
        queue: mpsc::Receiver<Request>,
        journal: Journal,
        changed: BTreeSet<ConsumerId>,
    ) -> Self {
        let heads = shared.heads.iter().map(|head| *head.borrow()).collect();
        let mut frame = Frame::default();
        frame.clear();
        Self {
            shared,
            queue,
            journal,
            frame,
            versions: Versions::default(),
            heads,
            commits: Vec::new(),
            commands: BTreeMap::new(),
            checkpoints: Vec::new(),
            answers: Vec::new(),
            changed,
        }
    }

    /// Serves the queue until every handle is gone, then settles everything.
    pub(crate) fn run(mut self) {
        let mut requests = Vec::new();
        while self.queue.blocking_recv_many(&mut requests, GROUP) > 0 {
            for request in requests.drain(..) {
                self.take(request);
            }
            self.commit();
        }
        self.settle();
        self.shared.desk.close();
    }

    /// A large group is committed early, so a frame stays near [`GROUP_BYTES`] whatever is in the queue.
    fn take(&mut self, request: Request) {
        match request {
            Request::Append(append, reply) => {
                let before = self.commits.len();
                let answer = self.admit(*append);
                let wrote = self.commits.len() > before;
                self.answers.push(Answer::Append(reply, answer, wrote));
                if self.frame.len() >= GROUP_BYTES {
                    self.commit();
                }
            }
            Request::Checkpoint(consumer, place, reply) => {
                self.frame.push(match place {
                    Some((partition, offset)) => Item::Checkpoint {
                        consumer: consumer.as_str(),
                        partition: partition.0,
                        offset: offset.get(),
                    },
                    None => Item::Forget {
                        consumer: consumer.as_str(),
                    },
                });
                self.checkpoints.push((consumer, place));
                self.answers.push(Answer::Done(reply));
            }
            Request::Sync(reply) => {
                self.commit();
                if self.shared.poisoned().is_none()
                    && let Err(error) = self.sync()
                {
                    self.shared
                        .poison(format!("making the journal durable: {error}"));
                }
                let _ = reply.send(self.done());
            }
            Request::Settle(reply) => {
                self.commit();
                self.settle();
                let _ = reply.send(self.done());
            }
        }
    }

    /// Returns what a request hears that is not an append: done, or why nothing is written any more.
    fn done(&self) -> Result<(), ReadError> {
        self.shared.poisoned().map_or(Ok(()), |reason| {
            Err(ReadError::Poisoned {
                reason: reason.to_owned(),
            })
        })
    }

    /// Decides one append; if it is to be written, adds it to the group.
    ///
    /// The order matters. A command that is known is answered before the version is looked at: whoever asks again
    /// with the version that it knew then must get its answer, not a conflict with itself.
    fn admit(&mut self, append: Append) -> Result<Appended, AppendError> {
        if let Some(reason) = self.shared.poisoned() {
            return Err(AppendError::Poisoned {
                reason: reason.to_owned(),
            });
        }
        let stream = &append.stream;
        let version = match self.versions.find(stream) {
            Some(version) => version,
            None => read_stream::version(&self.shared, stream).map_err(refused)?,
        };
        if let Some(key) = &append.command
            && let Some(found) = self.find_command(stream, key, version)?
        {
            return append.replay(&found);
        }
        append.check_expected(version)?;
        let partition = self.shared.partitions.of(stream);
        let at = usize::from(partition.0);
        let offset = self.heads.get(at).copied().unwrap_or_default().next();
        let commit = append
            .stamped(partition, offset, version.next())
            .to_sealed();
        let last = Version::new(version.get() + append.records.len() as u64);
        let appended = Appended {
            revision: Revision::new(last),
            partition,
            offset,
            replayed: false,
        };
        self.frame.push(Item::Commit(commit.as_bytes()));
        self.versions.set(stream, last);
        if let Some(head) = self.heads.get_mut(at) {
            *head = offset;
        }
        if let Some(key) = append.command {
            let found = FoundCommand {
                digest: key.digest,
                appended: Appended {
                    replayed: true,
                    ..appended
                },
            };
            self.commands.insert((append.stream.clone(), key.id), found);
        }
        self.commits.push((append.stream, Arc::new(commit)));
        Ok(appended)
    }

    /// A stream without a version has no commands, so a new ticket is not looked up a second time.
    fn find_command(
        &self,
        stream: &StreamId,
        key: &CommandKey,
        version: Version,
    ) -> Result<Option<FoundCommand>, AppendError> {
        if version.is_none() {
            return Ok(None);
        }
        let pending = self.commands.get(&(stream.clone(), key.id.clone()));
        match pending {
            Some(found) => Ok(Some(*found)),
            None => read::command(&self.shared, stream, &key.id).map_err(refused),
        }
    }

    /// Writes the group, makes it durable, shows it, and answers everybody in it.
    fn commit(&mut self) {
        let written = if self.frame.is_empty() {
            Ok(())
        } else {
            self.write()
        };
        match written {
            Ok(()) => self.show(),
            Err(Failed::Nothing(reason)) => self.refuse(Written::No, &reason),
            Err(Failed::Perhaps(reason)) => {
                self.shared.poison(reason.clone());
                self.refuse(Written::Unknown, &reason);
            }
        }
        self.frame.clear();
        self.commits.clear();
        self.commands.clear();
        self.checkpoints.clear();
        self.answers.clear();
    }

    /// Writes the group. Fails with `Nothing` only before the first byte.
    fn write(&mut self) -> Result<(), Failed> {
        if !self.journal.has_room(self.frame.len()) {
            self.turn();
        }
        if let Some(reason) = self.shared.poisoned() {
            return Err(Failed::Nothing(reason.to_owned()));
        }
        let durable = self.shared.durable.load(Ordering::Acquire);
        self.journal
            .write(&mut self.frame, durable)
            .map_err(|error| Failed::Perhaps(format!("writing the journal: {error}")))?;
        let sequence = self.journal.sequence();
        self.shared.written.store(sequence, Ordering::Release);
        // A checkpoint alone is not worth a sync: an earlier one may come back.
        if self.shared.mode == Mode::Durable && !self.commits.is_empty() {
            self.sync()
                .map_err(|error| Failed::Perhaps(format!("making the journal durable: {error}")))?;
        }
        Ok(())
    }

    /// Makes everything written so far durable, and notes it for the next frame to write down.
    fn sync(&self) -> std::io::Result<()> {
        let sequence = self.journal.sequence();
        self.journal.sync()?;
        self.shared.made_durable(sequence);
        Ok(())
    }

    /// The tail first, then the heads: a reader that has seen a head finds all the commits up to it.
    fn show(&mut self) {
        if !self.commits.is_empty() {
            let mut tail = self.shared.tail_mut();
            for (stream, commit) in self.commits.drain(..) {
                tail.active.push(&stream, commit);
            }
        }
        if !self.checkpoints.is_empty() {
            let mut known = self.shared.checkpoints();
            for (consumer, place) in self.checkpoints.drain(..) {
                match place {
                    Some((partition, offset)) => {
                        known
                            .entry(consumer.clone())
                            .or_default()
                            .set(partition, offset);
                    }
                    None => drop(known.remove(&consumer)),
                }
                self.changed.insert(consumer);
            }
        }
        for (number, head) in (0_u16..).zip(&self.heads) {
            self.shared.publish(PartitionId(number), *head);
        }
        for answer in self.answers.drain(..) {
            match answer {
                // Whoever dropped the future does not want to know.
                Answer::Append(reply, answer, _) => drop(reply.send(answer)),
                Answer::Done(reply) => drop(reply.send(Ok(()))),
            }
        }
    }

    /// Answers everybody of a group that was not written, or not known to be.
    fn refuse(&mut self, written: Written, reason: &str) {
        let poisoned = || AppendError::Poisoned {
            reason: reason.to_owned(),
        };
        for answer in self.answers.drain(..) {
            match answer {
                Answer::Append(reply, _, true) if written == Written::Unknown => {
                    drop(reply.send(Err(AppendError::Unavailable {
                        written,
                        source: reason.into(),
                    })));
                }
                // What was decided on the strength of this group is not known to be true either.
                Answer::Append(reply, _, _) => drop(reply.send(Err(poisoned()))),
                Answer::Done(reply) => drop(reply.send(Err(ReadError::Poisoned {
                    reason: reason.to_owned(),
                }))),
            }
        }
    }

    /// Leaves the active file to the settler and turns to the other one.
    fn turn(&mut self) {
        self.shared.desk.wait();
        if self.shared.poisoned().is_some() {
            return;
        }
        // What is settled must be durable in the journal first: a checkpoint or a snapshot in the tree
        // must never be of commits that a power cut takes away.
        if let Err(error) = self.sync() {
            self.shared
                .poison(format!("making the journal durable: {error}"));
            return;
        }
        let mem = self.shared.tail_mut().freeze();
        let changed = std::mem::take(&mut self.changed);
        self.shared.desk.leave(Job {
            mem,
            sequence: self.journal.sequence(),
            checkpoints: self.shared.checkpoints_of(&changed),
        });
        self.journal.turn();
    }

    /// Settles everything that was committed.
    fn settle(&mut self) {
        self.shared.desk.wait();
        if self.shared.tail().active.is_empty() && self.changed.is_empty() {
            return;
        }
        self.turn();
        self.shared.desk.wait();
    }
}

/// Why a group was not written.
enum Failed {
    /// Nothing of it was.
    Nothing(String),
    /// Some of it may have been.
    Perhaps(String),
}

/// A refusal because of what could not be read.
fn refused(error: ReadError) -> AppendError {
    if let ReadError::Corrupt { place, damage } = error {
        return AppendError::Corrupt { place, damage };
    }
    AppendError::Unavailable {
        written: Written::No,
        source: Box::new(error),
    }
}
