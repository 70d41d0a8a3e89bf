//! Getting out what is sound, whatever the rest looks like.
//!
//! Salvage reads files and writes none. It does not open the tree: a commit says of itself where it
//! belongs, and its seal says whether it is whole, so every commit is found by looking for seals in
//! the bytes of all files. Copies that sled left behind are found too; they are the same commits.
//!
//! # The order of search
//! 1. The tree's file: large commits, put together from their parts, then everything that is sealed.
//! 2. The journal's chains, frame by frame.
//! 3. Whatever else in the journal is a sound frame: groups of the time before the last turn, and groups behind
//!    a damaged one, which the chain does not reach.
//!
//! The first that is found for a place stays, so what the tree or the chain says wins over what a file merely
//! still holds. Nothing is believed without its seal: partition, offset, stream, version, command and every
//! record's checksum are under it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use punctual::event::{Offset, PartitionId};
use punctual::store::{CommitView, SealedCommit};

use crate::OpenError;
use crate::block::{PART_HEADER, Part};
use crate::journal::{self, Chain, Item, items};
use crate::layout::Layout;
use crate::stamp::Stamp;

/// What was saved of a store.
///
/// It holds the commits themselves, so it takes as much memory as the log has bytes. The
/// [handbook](crate::handbook#10-after-damage) shows how a new store is made of it.
///
/// ```
/// # use punctual::event::{Expected, StreamId};
/// # use punctual::store::{Append, EventStore, RecordHead, Records, blocking};
/// # use punctual::time::Instant;
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("log");
/// let store = punctual_sled::Options::new().open(&path)?;
/// # for text in ["first", "second", "third"] {
/// #     let head = RecordHead {
/// #         kind: 64,
/// #         schema: 1,
/// #         occurred_at: Instant::MIN,
/// #         recorded_at: Instant::MIN,
/// #         subject: None,
/// #         metadata: &[],
/// #     };
/// #     let mut records = Records::new();
/// #     records.push(&head, text.as_bytes())?;
/// #     let stream = StreamId::new("acme", "ticket", "T-1")?;
/// #     blocking::wait(store.append(Append::new(stream, Expected::Any, records)))?;
/// # }
/// // ... three commits; the second rots wherever it lies ...
/// # drop(store);
/// for file in ["journal-0", "journal-1", "sled/db"] {
///     let mut bytes = std::fs::read(path.join(file))?;
///     while let Some(at) = bytes.windows(6).position(|text| text == b"second") {
///         bytes[at] = b'S';
///     }
///     std::fs::write(path.join(file), bytes)?;
/// }
/// let salvaged = punctual_sled::salvage(&path)?;
/// let offsets: Vec<u64> = salvaged
///     .commits()
///     .filter_map(|commit| Some(commit.view()?.offset().get()))
///     .collect();
/// assert_eq!(offsets, [1, 3]);
/// let (partition, first, last) = salvaged.missing()[0];
/// assert_eq!((partition.0, first.get(), last.get()), (0, 2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Salvaged {
    commits: BTreeMap<(PartitionId, Offset), SealedCommit>,
    contradictory: Vec<(PartitionId, Offset)>,
}

impl Salvaged {
    /// Returns every sound commit, by partition and offset: the order in which they can be appended again.
    ///
    /// ```
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("log");
    /// # drop(punctual_sled::Options::new().open(&path)?);
    /// let salvaged = punctual_sled::salvage(&path)?;
    /// for commit in salvaged.commits().filter_map(|commit| commit.view()) {
    ///     println!("{}: events of {}", commit.offset(), commit.stream());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commits(&self) -> impl Iterator<Item = &SealedCommit> {
        self.commits.values()
    }

    /// Returns the offsets that no sound commit was found for although later ones were: partition, first
    /// and last, both included. What may be missing behind the last that was found cannot be known from the
    /// files.
    #[must_use]
    pub fn missing(&self) -> Vec<(PartitionId, Offset, Offset)> {
        let mut gaps = Vec::new();
        let mut before = (PartitionId(0), Offset::START);
        for &(partition, offset) in self.commits.keys() {
            let last = if before.0 == partition {
                before.1
            } else {
                Offset::START
            };
            if offset > last.next() {
                gaps.push((partition, last.next(), Offset::new(offset.get() - 1)));
            }
            before = (partition, offset);
        }
        gaps
    }

    /// Returns the places for which two different sound commits were found. The one that is in the tree,
    /// or failing that in the journal's chain, was taken.
    ///
    /// That happens when an offset was given out twice: a power cut in [`Mode::Process`](crate::Mode::Process)
    /// takes commits back, others get their offsets, and the bytes of the first ones still lie in a file.
    #[must_use]
    pub fn contradictory(&self) -> &[(PartitionId, Offset)] {
        &self.contradictory
    }

    /// Keeps a commit unless there is one at its place; two that differ are noted.
    fn add(&mut self, commit: SealedCommit) {
        let Some(view) = commit.view() else { return };
        let key = (view.partition(), view.offset());
        match self.commits.get(&key) {
            Some(known) if *known == commit => {}
            Some(_) => {
                if !self.contradictory.contains(&key) {
                    self.contradictory.push(key);
                }
            }
            None => drop(self.commits.insert(key, commit)),
        }
    }

    /// Takes every sound commit that lies whole in `bytes`.
    fn carve(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..) {
            // Magic and format are the fifth and sixth byte of a commit.
            let found = rest.windows(2).skip(4).position(|pair| pair == [0xC5, 1]);
            let Some(begin) = found.map(|found| at + found) else {
                return;
            };
            let commit = bytes.get(begin..).unwrap_or_default();
            let size = Stamp::read(commit).map(|stamp| stamp.size);
            let sealed = size.and_then(|size| commit.get(..size));
            // Verified where it lies: what only looks like a commit may claim to be as long as the file.
            let sealed = sealed.filter(|sealed| CommitView::verify(sealed).is_ok());
            match sealed.and_then(|sealed| SealedCommit::verify(sealed.to_vec()).ok()) {
                Some(sealed) => {
                    at = begin + sealed.as_bytes().len();
                    self.add(sealed);
                }
                None => at = begin + 1,
            }
        }
    }
}

/// Reads what is sound in a damaged store. Changes nothing in it.
///
/// Costs a pass over all files and memory for all commits. It needs no leave to write: the store may lie on a disk
/// that is mounted to be read only.
///
/// ```
/// use punctual::event::{Expected, StreamId};
/// use punctual::store::{Append, EventStore, RecordHead, Records, blocking};
/// use punctual::time::Instant;
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("log");
/// let store = punctual_sled::Options::new().open(&path)?;
/// # let head = RecordHead {
/// #     kind: 64,
/// #     schema: 1,
/// #     occurred_at: Instant::MIN,
/// #     recorded_at: Instant::MIN,
/// #     subject: None,
/// #     metadata: &[],
/// # };
/// # let mut records = Records::new();
/// # records.push(&head, b"what happened")?;
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// blocking::wait(store.append(Append::new(stream, Expected::Empty, records)))?;
/// drop(store);
///
/// // The note that says what the directory is, rots. The commits say of themselves what they are.
/// std::fs::write(path.join("punctual"), "rubbish")?;
/// assert!(punctual_sled::Options::new().open(&path).is_err());
/// let salvaged = punctual_sled::salvage(&path)?;
/// assert_eq!(salvaged.commits().count(), 1);
/// assert!(salvaged.missing().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`OpenError::Locked`] when the store is open, [`OpenError::Foreign`] when there is none, and
/// [`OpenError::Io`] when a file cannot be read. Damage is no error.
pub fn salvage(directory: impl AsRef<Path>) -> Result<Salvaged, OpenError> {
    let layout = Layout::lock(directory.as_ref(), false)?;
    let mut salvaged = Salvaged::default();
    let tree = read(&layout.sled().join("db"))?;
    join_parts(&tree, &mut salvaged);
    salvaged.carve(&tree);
    drop(tree);
    let journals = [read(&layout.journal(0))?, read(&layout.journal(1))?];
    for journal in &journals {
        for (_, range) in Chain::read(journal).frames {
            for item in items(journal.get(range).unwrap_or_default()) {
                if let Item::Commit(bytes) = item
                    && let Ok(commit) = SealedCommit::verify(bytes.to_vec())
                {
                    salvaged.add(commit);
                }
            }
        }
    }
    for journal in &journals {
        for (_, range) in journal::strays(journal) {
            salvaged.carve(journal.get(range).unwrap_or_default());
        }
    }
    Ok(salvaged)
}

/// A file that is not there has nothing to be salvaged from, and is no reason to leave the others.
fn read(path: &Path) -> Result<Vec<u8>, OpenError> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(OpenError::io(format!("reading {}", path.display()))),
    }
}

/// Puts commits together whose parts all lie in `bytes`.
fn join_parts(bytes: &[u8], salvaged: &mut Salvaged) {
    let mut found: BTreeMap<(PartitionId, Offset), BTreeMap<u16, &[u8]>> = BTreeMap::new();
    for at in 0..bytes.len().saturating_sub(PART_HEADER) {
        let Some(part) = bytes.get(at..).and_then(part_at) else {
            continue;
        };
        let parts = found.entry((part.partition, part.offset)).or_default();
        parts.insert(part.part, part.bytes);
    }
    for parts in found.values() {
        let whole: Vec<u8> = parts
            .values()
            .flat_map(|bytes| bytes.iter().copied())
            .collect();
        if let Ok(commit) = SealedCommit::verify(whole) {
            salvaged.add(commit);
        }
    }
}

/// Reads the part at the front of `bytes`, if there is a sound one.
fn part_at(bytes: &[u8]) -> Option<Part<'_>> {
    let (header, rest) = bytes.split_first_chunk::<PART_HEADER>()?;
    let size = Part::size(header)?;
    Part::read(header, rest.get(..size)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each claims to reach to the end of the file. Copied before they are looked at, they would come to
    /// two million million bytes.
    #[test]
    fn what_looks_like_a_commit_is_not_copied_to_see_whether_it_is_one() {
        const EACH: usize = 64;
        let count = 32 * 1024 * 1024 / EACH;
        let mut bytes = vec![0; count * EACH];
        for (place, head) in bytes.chunks_exact_mut(EACH).enumerate() {
            let rest = (count - place) * EACH - EACH;
            head[4..6].copy_from_slice(&[0xC5, 1]);
            // The length of the body is the second number behind the lengths of the names.
            head[12..16].copy_from_slice(&u32::try_from(rest).unwrap().to_le_bytes());
        }
        assert!(Stamp::read(&bytes).is_some_and(|stamp| stamp.size > bytes.len() / 2));
        let mut salvaged = Salvaged::default();
        salvaged.carve(&bytes);
        assert_eq!(salvaged.commits().count(), 0);
    }
}
