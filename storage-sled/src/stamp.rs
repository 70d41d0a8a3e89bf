//! What a store stamped on a commit, read from its first bytes by the layout that the core documents.
//!
//! A reader verifies a commit whole when it copies it into a page. Before that it wants to know whether
//! this is the commit that the index speaks of, and that must not cost a second pass.
//!
//! The layout is that of a sealed commit, which `punctual::store` owns; the test below holds the two together. What is
//! read here is a hint only: nobody answers a caller with it before the commit was verified.

use punctual::event::{Offset, PartitionId, Version};

/// What is stamped on a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp<'a> {
    pub(crate) partition: PartitionId,
    pub(crate) offset: Offset,
    pub(crate) first: Version,
    pub(crate) events: u32,
    pub(crate) stream: &'a [u8],
    /// How many bytes the whole commit has.
    pub(crate) size: usize,
}

const HEADER: usize = 34;
const DIGEST: usize = 16;

impl<'a> Stamp<'a> {
    /// Reads the stamp; `None` when there are too few bytes. Verifies nothing.
    pub(crate) fn read(commit: &'a [u8]) -> Option<Self> {
        let (header, rest) = commit.split_first_chunk::<HEADER>()?;
        let [_, _, _, _, 0xC5, 1, stream, command, numbers @ ..] = header else {
            return None;
        };
        let (events, numbers) = numbers.split_first_chunk()?;
        let (body, numbers) = numbers.split_first_chunk()?;
        let (offset, numbers) = numbers.split_first_chunk()?;
        let (first, partition) = numbers.split_first_chunk()?;
        let command = match usize::from(*command) {
            0 => 0,
            id => id + DIGEST,
        };
        let names = usize::from(*stream) + command;
        Some(Self {
            partition: PartitionId(u16::from_le_bytes(*partition.first_chunk()?)),
            offset: Offset::new(u64::from_le_bytes(*offset)),
            first: Version::new(u64::from_le_bytes(*first)),
            events: u32::from_le_bytes(*events),
            stream: rest.get(..usize::from(*stream))?,
            size: HEADER + names + u32::from_le_bytes(*body) as usize,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use punctual::event::{CommandId, Expected, StreamId};
    use punctual::store::{Append, CommandDigest, CommandKey, RecordHead, Records};
    use punctual::time::Instant;

    #[test]
    fn a_stamp_says_what_the_commit_says() {
        let head = RecordHead {
            kind: 1,
            schema: 1,
            occurred_at: Instant::MIN,
            recorded_at: Instant::MIN,
            subject: None,
            metadata: b"meta",
        };
        let mut records = Records::new();
        records.push(&head, b"one").unwrap();
        records.push(&head, b"two").unwrap();
        let stream = StreamId::new("acme", "ticket", "T-1").unwrap();
        let key = CommandKey {
            id: CommandId::new("c-7").unwrap(),
            digest: CommandDigest::new([7; 16]),
        };
        for append in [
            Append::new(stream.clone(), Expected::Any, records.clone()),
            Append::new(stream, Expected::Any, records).for_command(key),
        ] {
            let sealed = append
                .stamped(PartitionId(3), Offset::new(900), Version::new(41))
                .to_sealed();
            let view = sealed.view().unwrap();
            let stamp = Stamp::read(sealed.as_bytes()).unwrap();
            assert_eq!(stamp.partition, view.partition());
            assert_eq!(stamp.offset, view.offset());
            assert_eq!(stamp.first, view.first_version());
            assert_eq!(stamp.events as usize, view.len());
            assert_eq!(stamp.stream, view.stream().as_bytes());
            assert_eq!(stamp.size, sealed.as_bytes().len());
        }
    }
}
