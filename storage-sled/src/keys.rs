//! The keys and the small numbers of the tree.
//!
//! | first byte | key | value |
//! |---|---|---|
//! | `C` | stream, 0, command id | digest, version, offset |
//! | `K` | consumer | its checkpoint |
//! | `L` | partition, offset of the first commit, part | a [block](crate::block) |
//! | `M` | | how far everything is settled |
//! | `N` | stream, 0, fold, part | part of a snapshot |
//! | `S` | stream, 0, version of the first event | a [chapter](crate::chapter) |
//!
//! Names are printable, so the byte 0 ends one, and streams sort as their names do. Numbers in keys
//! are big endian, so they sort too.
//!
//! | question | answered by |
//! |---|---|
//! | which block holds offset 9052? | the last key at or before `L`, partition, 9052 |
//! | which chapter holds version 7 of a stream? | the last key at or before `S`, stream, 0, 7 |
//! | what is the stream's last version? | the first number of its last chapter |
//! | which stream comes after this one? | the first key from `S`, stream, 1 on |
//! | was this command seen? | its key, one look |
//!
//! So no count and no list is kept that could disagree with what it counts.

use punctual::event::{Offset, PartitionId, Version};

pub(crate) const SETTLED: &[u8] = b"M";

pub(crate) fn log(partition: PartitionId, offset: Offset, part: u16) -> [u8; 13] {
    let mut key = [b'L'; 13];
    key[1..3].copy_from_slice(&partition.0.to_be_bytes());
    key[3..11].copy_from_slice(&offset.get().to_be_bytes());
    key[11..13].copy_from_slice(&part.to_be_bytes());
    key
}

/// Reads a key of the log: partition, offset, part.
pub(crate) fn read_log(key: &[u8]) -> Option<(PartitionId, Offset, u16)> {
    let key: &[u8; 13] = key.try_into().ok()?;
    let [b'L', p0, p1, o @ .., q0, q1] = *key else {
        return None;
    };
    Some((
        PartitionId(u16::from_be_bytes([p0, p1])),
        Offset::new(u64::from_be_bytes(o)),
        u16::from_be_bytes([q0, q1]),
    ))
}

/// A key that begins with a name: the kind, the name, the byte 0, and what is left.
fn named(kind: u8, name: &str, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + rest.len() + 2);
    key.push(kind);
    key.extend_from_slice(name.as_bytes());
    key.push(0);
    key.extend_from_slice(rest);
    key
}

pub(crate) fn chapter(stream: &str, first: Version) -> Vec<u8> {
    named(b'S', stream, &first.get().to_be_bytes())
}

/// Reads a key of the index: stream and first version.
pub(crate) fn read_chapter(key: &[u8]) -> Option<(&str, Version)> {
    let (kind, rest) = key.split_first()?;
    let (name, first) = rest.split_last_chunk::<8>()?;
    let (end, name) = name.split_last()?;
    let whole = *kind == b'S' && *end == 0;
    let name = std::str::from_utf8(name).ok().filter(|_| whole)?;
    Some((name, Version::new(u64::from_be_bytes(*first))))
}

/// Returns the key after every chapter of `stream` and before any of a later stream.
pub(crate) fn after_chapters(stream: &str) -> Vec<u8> {
    let mut key = named(b'S', stream, &[]);
    if let Some(end) = key.last_mut() {
        *end = 1;
    }
    key
}

pub(crate) fn command(stream: &str, command: &str) -> Vec<u8> {
    named(b'C', stream, command.as_bytes())
}

pub(crate) fn snapshots(stream: &str) -> Vec<u8> {
    named(b'N', stream, &[])
}

pub(crate) fn snapshot(stream: &str, fold: u32) -> Vec<u8> {
    named(b'N', stream, &fold.to_be_bytes())
}

pub(crate) fn checkpoint(consumer: &str) -> Vec<u8> {
    let mut key = vec![b'K'];
    key.extend_from_slice(consumer.as_bytes());
    key
}

/// Writes a number in as few bytes as it needs, seven bits each.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what [`put`] wrote and steps over it.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0_u64, 0_u32);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if *byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<u64>(), 0..20)) {
            let mut bytes = Vec::new();
            for &number in &numbers {
                put(&mut bytes, number);
            }
            let mut rest = bytes.as_slice();
            for &number in &numbers {
                prop_assert_eq!(take(&mut rest), Some(number));
            }
            prop_assert_eq!(take(&mut rest), None);
        }

        #[test]
        fn keys_come_back_and_sort_like_what_they_stand_for(
            a in ("[a-c/]{1,4}", any::<u64>()), b in ("[a-c/]{1,4}", any::<u64>())
        ) {
            let key = |(name, version): &(String, u64)| chapter(name, Version::new(*version));
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
            let stored = key(&a);
            prop_assert_eq!(read_chapter(&stored), Some((a.0.as_str(), Version::new(a.1))));
            prop_assert!(key(&a) < after_chapters(&a.0));
            prop_assert_eq!(after_chapters(&a.0) < key(&b), a.0 < b.0);
        }
    }
}
