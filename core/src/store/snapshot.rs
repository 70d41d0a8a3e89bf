//! Folds kept to save time. Losing every one of them changes no result.

use async_trait::async_trait;

use super::{Damage, ReadError};
use crate::event::{StreamId, Version};

/// The fold of a stream up to one version.
///
/// ```
/// use punctual::event::{StreamId, Version};
/// use punctual::store::Snapshot;
///
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let snapshot = Snapshot { version: Version::new(12), state: b"a fold".to_vec() };
/// let bytes = snapshot.to_bytes(&stream, 3);
/// assert_eq!(Snapshot::from_bytes(&stream, 3, &bytes)?, snapshot);
///
/// // The bytes know what they are of: another fold, another stream, a flipped bit are all refused.
/// assert!(Snapshot::from_bytes(&stream, 4, &bytes).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The version up to which the stream is folded.
    pub version: Version,
    /// The state, as the engine encoded it.
    pub state: Vec<u8>,
}

const MAGIC: [u8; 2] = [0x5A, 1];
const HEADER: usize = 18;

impl Snapshot {
    /// Returns the bytes to store: checksum, magic and format, fold, version, state. They say of
    /// themselves which stream and fold they are of, so a mixed-up snapshot is noticed.
    #[must_use]
    pub fn to_bytes(&self, stream: &StreamId, fold: u32) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER.saturating_add(self.state.len()));
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&fold.to_le_bytes());
        bytes.extend_from_slice(&self.version.get().to_le_bytes());
        bytes.extend_from_slice(&self.state);
        let checksum = checksum(stream, &bytes);
        if let Some(field) = bytes.first_chunk_mut::<4>() {
            *field = checksum.to_le_bytes();
        }
        bytes
    }

    /// Reads what [`Snapshot::to_bytes`] wrote. A store answers `None` to its caller when this fails.
    ///
    /// # Errors
    /// [`Damage`] when the bytes are not the snapshot of this stream and fold.
    pub fn from_bytes(stream: &StreamId, fold: u32, bytes: &[u8]) -> Result<Self, Damage> {
        let (stored, rest) = bytes.split_first_chunk::<4>().ok_or(Damage::Truncated)?;
        let (magic, rest) = rest.split_first_chunk::<2>().ok_or(Damage::Truncated)?;
        let [first, format] = *magic;
        if first != MAGIC[0] {
            return Err(Damage::Magic { found: first });
        }
        if format != MAGIC[1] {
            return Err(Damage::Format {
                found: format,
                known: MAGIC[1],
            });
        }
        let (found, rest) = rest.split_first_chunk::<4>().ok_or(Damage::Truncated)?;
        let (version, state) = rest.split_first_chunk::<8>().ok_or(Damage::Truncated)?;
        if checksum(stream, bytes).to_le_bytes() != *stored || *found != fold.to_le_bytes() {
            return Err(Damage::Checksum);
        }
        Ok(Self {
            version: Version::new(u64::from_le_bytes(*version)),
            state: state.to_vec(),
        })
    }
}

fn checksum(stream: &StreamId, bytes: &[u8]) -> u32 {
    let name = crc32c::crc32c(stream.as_str().as_bytes());
    crc32c::crc32c_append(name, bytes.get(4..).unwrap_or_default())
}

impl std::fmt::Debug for Snapshot {
    /// Shows sizes alone: the state may hold what customers wrote.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.version)
            .field("bytes", &self.state.len())
            .finish()
    }
}

/// Keeps one snapshot for each stream and fold. Lossy by contract: a load may answer `None` at any
/// time, and never answers anything but what was saved.
///
/// A *fold* is the version of the code that folds; a snapshot of one fold is never loaded as that of
/// another.
///
/// ```
/// use punctual::event::{StreamId, Version};
/// use punctual::store::{Snapshot, SnapshotStore, blocking};
/// # use punctual_memory::MemorySnapshots;
///
/// let snapshots = MemorySnapshots::default();
/// let stream = StreamId::new("acme", "ticket", "T-1")?;
/// let of = |version| Snapshot { version: Version::new(version), state: vec![0; 8] };
/// blocking::wait(snapshots.save(&stream, 3, of(12)))?;
/// blocking::wait(snapshots.save(&stream, 3, of(9)))?; // an older one came late: dropped
/// let kept = blocking::wait(snapshots.load(&stream, 3))?;
/// assert_eq!(kept.map(|it| it.version), Some(Version::new(12)));
/// assert_eq!(blocking::wait(snapshots.load(&stream, 4))?, None); // the code folds otherwise now
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait SnapshotStore: std::fmt::Debug + Send + Sync {
    /// Returns the latest snapshot, or `None`. A damaged one is `None` too.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot tell; the caller folds from the start.
    async fn load(&self, stream: &StreamId, fold: u32) -> Result<Option<Snapshot>, ReadError>;

    /// Keeps a snapshot. One of an older version than the kept one is dropped.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot; nothing depends on it.
    async fn save(&self, stream: &StreamId, fold: u32, snapshot: Snapshot)
    -> Result<(), ReadError>;

    /// Forgets the snapshots of a stream, of every fold.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot.
    async fn delete(&self, stream: &StreamId) -> Result<(), ReadError>;

    /// Forgets every snapshot.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot.
    async fn clear(&self) -> Result<(), ReadError>;
}
