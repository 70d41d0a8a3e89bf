//! What the journal says after a stop: which commits the tree does not have yet, and whether any that was
//! acknowledged is missing.
//!
//! # What is decided, and by what
//! | found | taken for | because |
//! |---|---|---|
//! | a file whose last frame is not after what is settled | done with | the tree has all of it; its last frame still tells what the next follows on |
//! | a gap between what is settled and the first frame | damage | a file is only written over when it is settled |
//! | a frame that does not check, at the end of the chain | torn, never acknowledged | nothing says that it was durable |
//! | the same, and any later frame says it was durable | damage | a later frame writes down what was durable before it |
//! | a commit with an offset that the tree or the tail has | known | settling was interrupted and began again |
//! | a commit with an offset too far on | damage | a commit is missing before it |
//!
//! Frames left over from the last time the file was used lie beyond the chain's end. They do not follow on
//! it, in number and in checksum, so they are never replayed; but they are read as witnesses, and can only
//! speak of frames before what is settled.
//!
//! # Five stories
//! Frames are written `number(durable)`; the note of what is settled stands before them.
//!
//! | settled | journal-0 | journal-1 | what happened | outcome |
//! |---|---|---|---|---|
//! | 4 | 1(0) 2(1) 3(2) 4(3) | 5(4) 6(5) | killed while idle | 5 and 6 are replayed |
//! | 4 | 1(0) 2(1) 3(2) 4(3) | 5(4) 6(5) half of 7 | killed in the middle of a write | 7 was never acknowledged; it is written over |
//! | 0 | 1(0) 2(1) 3(2) 4(3) | 5(4) 6(5) | killed while settling | all are replayed; 1 to 4 are settled again, 5 and 6 are active |
//! | 4 | 1(0) 2(1) 3(2) 4(3) | 5(4) rot 7(6) | a bit of 6 flipped | 7 knew that 6 was durable: refused, something at 6 is missing |
//! | 8 | 9(8) rot, then 2(1) 3(2) 4(3) | 5(4) 6(5) 7(6) 8(7) | the last group was torn, or rotted | nobody speaks for it: taken for torn |
//!
//! In the fifth story frames 2 to 4 are what journal-0 held before it was used again. They are sound, and they say
//! that frames up to 3 were durable, which is no news: those are settled.
//!
//! Damage refuses to open: a store that opened without an acknowledged commit would hand out its offset and version
//! a second time, for something else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use punctual::event::{ConsumerId, Offset, PartitionId, StreamId};
use punctual::store::{Checkpoint, Damage, Partitions, Place, SealedCommit};

use crate::OpenError;
use crate::journal::{Chain, FrameHead, Item, items, strays};
use crate::open::Changed;
use crate::settle::Settled;
use crate::tail::{self, Tail};

/// Where a store goes on.
#[derive(Debug)]
pub(crate) struct Recovered {
    pub(crate) tail: Tail,
    /// The active file and where in it the next frame goes.
    pub(crate) at: (usize, u64),
    /// Number and checksum of the last frame.
    pub(crate) sequence: (u64, u32),
    /// The last frame of the full file, if there is one to be settled.
    pub(crate) frozen_to: u64,
    pub(crate) changed: Changed,
}

/// Reads both journal files.
///
/// Changes nothing on disk, so a stop in the middle of recovery costs nothing. Takes time in proportion to the two
/// files, not to the log.
pub(crate) fn recover(
    images: &[Vec<u8>; 2],
    settled: &Settled,
    partitions: Partitions,
    checkpoints: &mut BTreeMap<ConsumerId, Checkpoint>,
) -> Result<Recovered, OpenError> {
    let chains = [0, 1].map(|file| Chain::read(images.get(file).map_or(&[], Vec::as_slice)));
    let mut tail = tail::settled(partitions, &settled.heads);
    let mut changed: Changed = (BTreeSet::new(), BTreeSet::new());
    let mut last = FrameHead {
        checksum: 0,
        before: 0,
        sequence: settled.sequence,
        durable: 0,
    };
    let mut frozen_to = 0;
    let mut at = (0, 0);
    // The files whose last frame is not settled, older first.
    let mut order = [0, 1];
    let first = |file: usize| chains.get(file).and_then(Chain::first);
    order.sort_by_key(|&file| first(file).map_or(0, |head| head.sequence));
    for file in order {
        let (Some(chain), Some(image)) = (chains.get(file), images.get(file)) else {
            continue;
        };
        let Some(end) = chain.last() else { continue };
        if end.sequence <= settled.sequence {
            // Settled whole; its last frame still tells what the next one follows on.
            if end.sequence == settled.sequence {
                last = end;
            }
            continue;
        }
        let begin = chain.first().map_or(0, |head| head.sequence);
        if begin > last.sequence + 1 {
            return Err(missing(&tail, partitions));
        }
        if !tail.active.is_empty() || !changed.1.is_empty() {
            tail.freeze();
            frozen_to = last.sequence;
            changed.0 = std::mem::take(&mut changed.1);
        }
        for (head, range) in &chain.frames {
            if head.sequence <= settled.sequence {
                last = *head;
                continue;
            }
            let follows = head.sequence == last.sequence + 1
                && (last.checksum == 0 || head.before == last.checksum);
            if !follows {
                break;
            }
            let frame = image.get(range.clone()).unwrap_or_default();
            replay(frame, &mut tail, checkpoints, &mut changed.1)?;
            last = *head;
            at = (file, range.end as u64);
        }
    }
    if lost(images, last.sequence) {
        return Err(missing(&tail, partitions));
    }
    Ok(Recovered {
        tail,
        at,
        sequence: (last.sequence, last.checksum),
        frozen_to,
        changed,
    })
}

/// Returns whether some frame proves that a frame after `last` was durable.
fn lost(images: &[Vec<u8>; 2], last: u64) -> bool {
    let mut all = images.iter().flat_map(|image| strays(image));
    all.any(|(head, _)| head.durable > last)
}

/// Acknowledged commits are not there.
fn missing(tail: &Tail, partitions: Partitions) -> OpenError {
    // With one partition it is certain where the lost commits were.
    let place = match partitions {
        Partitions::ONE => Place::commit(PartitionId(0), tail.head(PartitionId(0)).next()),
        _ => Place::default(),
    };
    OpenError::corrupt(place, Damage::Missing)
}

/// Does again what one frame says, in its order: a checkpoint stands behind the commits that were acknowledged with it.
fn replay(
    frame: &[u8],
    tail: &mut Tail,
    checkpoints: &mut BTreeMap<ConsumerId, Checkpoint>,
    changed: &mut BTreeSet<ConsumerId>,
) -> Result<(), OpenError> {
    for item in items(frame) {
        match item {
            Item::Commit(bytes) => replay_commit(bytes, tail)?,
            Item::Checkpoint {
                consumer,
                partition,
                offset,
            } => {
                let Ok(consumer) = ConsumerId::new(consumer) else {
                    continue;
                };
                let checkpoint = checkpoints.entry(consumer.clone()).or_default();
                checkpoint.set(PartitionId(partition), Offset::new(offset));
                changed.insert(consumer);
            }
            Item::Forget { consumer } => {
                let Ok(consumer) = ConsumerId::new(consumer) else {
                    continue;
                };
                checkpoints.remove(&consumer);
                changed.insert(consumer);
            }
        }
    }
    Ok(())
}

/// A commit is verified as if it came from a stranger: a checksum, its stamp, and that it is the next one.
fn replay_commit(bytes: &[u8], tail: &mut Tail) -> Result<(), OpenError> {
    let commit = SealedCommit::verify(bytes.to_vec())
        .map_err(|damage| OpenError::corrupt(Place::default(), damage))?;
    let (stream, partition, offset) = {
        let Some(view) = commit.view() else {
            return Ok(());
        };
        let place = || Place::commit(view.partition(), view.offset());
        let stream = view.stream().parse::<StreamId>();
        let stream = stream.map_err(|_| OpenError::corrupt(place(), Damage::Text))?;
        (stream, view.partition(), view.offset())
    };
    let expected = tail.head(partition).next();
    if offset < expected {
        return Ok(());
    }
    if offset > expected {
        let place = Place::commit(partition, expected);
        return Err(OpenError::corrupt(place, Damage::Missing));
    }
    tail.active.push(&stream, Arc::new(commit));
    Ok(())
}
