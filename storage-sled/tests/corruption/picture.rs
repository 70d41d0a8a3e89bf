//! Pictures of small stores: what lay on the disk at one moment, and what had been stored by then.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};

use punctual::event::{ConsumerId, Expected, Offset, PartitionId, Version};
use punctual::store::{
    Append, CheckpointStore, EventStore as _, Snapshot, SnapshotStore, blocking,
};
use punctual_sled::SledStore;
use punctual_sled::fault::{Call, Faults};

use super::contents::{Contents, FOLD};
use crate::common::*;

/// Holds some groups of the tiny store.
const TINY_JOURNAL: u64 = 1 << 10;
/// The first bytes of a journal frame, after its checksum.
const FRAME: &[u8] = b"PnJ1";

/// When a picture is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// After a clean close: everything lies in the tree.
    Closed,
    /// As a kill leaves it: some commits lie in the tree, the latest in the journal.
    Killed,
    /// As a kill leaves it while one journal file is being settled and the other is written. Only a
    /// tiny store has journals that are soon full.
    Settling,
}

impl Moment {
    pub(crate) const ALL: [Self; 3] = [Self::Closed, Self::Killed, Self::Settling];
}

/// The files of a store and what it contained.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) files: Vec<Image>,
    pub(crate) contents: Arc<Contents>,
    /// What it contained before its last group. Nobody can tell the last group of a killed store, once
    /// damaged, from a torn one.
    pub(crate) before_last: Arc<Contents>,
    /// Where that group lies: the file, and its bytes.
    pub(crate) last_group: Option<(PathBuf, std::ops::Range<usize>)>,
}

/// One file.
#[derive(Debug)]
pub(crate) struct Image {
    /// Its path within the store.
    pub(crate) name: PathBuf,
    pub(crate) bytes: Vec<u8>,
    /// How many bytes there are up to the last that is not zero.
    pub(crate) written: usize,
}

impl Image {
    fn read(name: PathBuf, path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let last = bytes.iter().rposition(|byte| *byte != 0);
        let written = last.map_or(0, |last| last + 1);
        Self {
            name,
            bytes,
            written,
        }
    }
}

/// What of a store's size matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// A few KiB: every bit can be flipped.
    Tiny,
    /// With real journals, and a commit that lies in parts.
    Usual,
}

/// Builds a store and takes its picture.
pub(crate) fn picture(moment: Moment, size: Size) -> Picture {
    let directory = tempfile::tempdir_in(memory()).unwrap();
    let path = directory.path().join("store");
    let hold = Arc::new(Hold::default());
    let options = match size {
        Size::Tiny => small().tiny_journal(TINY_JOURNAL),
        Size::Usual => small(),
    };
    let store = options.faults(hold.faults()).open(&path).unwrap();
    let (settled, later) = match size {
        Size::Tiny => (6, 2),
        Size::Usual => (21, 8),
    };
    for number in 0..settled {
        put(&store, number, size);
    }
    keep(&store);
    store.settle().unwrap();
    let mut numbers = settled..;
    if moment == Moment::Settling {
        hold.settler(|| {
            put(&store, numbers.next().unwrap(), size);
            last_group(&files(&path)).0
        });
    }
    for number in numbers.by_ref().take(later) {
        put(&store, number, size);
    }
    let before_last = Contents::expected(&store);
    put(&store, numbers.next().unwrap(), size);
    let contents = Contents::expected(&store);
    let (files, last_group) = if moment == Moment::Closed {
        blocking::wait(store.close());
        (files(&path), None)
    } else {
        let files = files(&path);
        let last_group = last_group(&files);
        (files, Some(last_group))
    };
    hold.release();
    Picture {
        files,
        contents: Arc::new(contents),
        before_last: Arc::new(before_last),
        last_group,
    }
}

/// Appends commit `number`: of one to three events, every second one for a command.
fn put(store: &SledStore, number: u64, size: Size) {
    let bytes = match (size, number) {
        (Size::Usual, 7) => 20_000,
        (Size::Usual, _) => 40,
        (Size::Tiny, _) => 9,
    };
    let payload = |event: u64| vec![(number * 7 + event) as u8; bytes];
    let payloads: Vec<_> = (0..=number % 3).map(payload).collect();
    let append = Append::new(stream(number % 3), Expected::Any, records(&payloads));
    let append = match number % 2 {
        0 => append,
        _ => append.for_command(command(number, number as u8)),
    };
    blocking::wait(store.append(append)).unwrap();
}

/// Saves snapshots and checkpoints.
fn keep(store: &SledStore) {
    for number in 0..2 {
        let snapshot = Snapshot {
            version: Version::new(number + 1),
            state: vec![number as u8; 11],
        };
        blocking::wait(SnapshotStore::save(store, &stream(number), FOLD, snapshot)).unwrap();
    }
    for (name, offset) in [("mailer", 3), ("pager", 2), ("gone", 1)] {
        let (consumer, offset): (ConsumerId, _) = (name.parse().unwrap(), Offset::new(offset));
        let saved = CheckpointStore::save(store, &consumer, PartitionId(0), offset);
        blocking::wait(saved).unwrap();
    }
    blocking::wait(store.forget(&"gone".parse().unwrap())).unwrap();
}

/// Holds the settler up before it makes anything durable.
#[derive(Debug, Default)]
struct Hold {
    held: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
    release: Mutex<Option<mpsc::Sender<()>>>,
}

impl Hold {
    fn faults(self: &Arc<Self>) -> Faults {
        let hold = Arc::clone(self);
        Faults::new(move |call| {
            if call != Call::TableSync {
                return None;
            }
            let held = hold.held.lock().unwrap().take();
            if let Some((reached, released)) = held {
                reached.send(()).unwrap();
                // Ends when the sender is dropped.
                let _ = released.recv();
            }
            None
        })
    }

    /// Appends until the journal has turned to its other file, and answers when the settler is held over
    /// the full one. `append` says in which file its group lies.
    fn settler(&self, mut append: impl FnMut() -> PathBuf) {
        let ((reached, is_reached), (release, released)) = (mpsc::channel(), mpsc::channel());
        *self.held.lock().unwrap() = Some((reached, released));
        *self.release.lock().unwrap() = Some(release);
        let first = append();
        while append() == first {}
        is_reached.recv().unwrap();
    }

    fn release(&self) {
        self.release.lock().unwrap().take();
    }
}

/// Where the last frame of the journal lies.
fn last_group(files: &[Image]) -> (PathBuf, std::ops::Range<usize>) {
    let mut found = Vec::new();
    for file in files {
        let magic = file.bytes.windows(4).enumerate();
        for (at, _) in magic.filter(|(_, magic)| *magic == FRAME) {
            let (frame, number) = (at - 4, |at: usize, bytes: &[u8]| {
                u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
            });
            let size = u32::from_le_bytes(file.bytes[at + 4..at + 8].try_into().unwrap());
            let range = frame..frame + 32 + size as usize;
            found.push((number(frame + 16, &file.bytes), file.name.clone(), range));
        }
    }
    let (_, name, range) = found.into_iter().max_by_key(|found| found.0).unwrap();
    (name, range)
}

/// Where files lie in memory, if the system has such a place: each change is made to a fresh copy.
pub(crate) fn memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => memory.to_owned(),
        false => std::env::temp_dir(),
    }
}

/// Every file of a store.
fn files(of: &Path) -> Vec<Image> {
    let mut found = Vec::new();
    let mut folders = vec![of.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(of).unwrap().to_owned();
            found.push(Image::read(name, &path));
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}
