//! This backend beside the whole contract.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use common::small;
use punctual::event::StreamId;
use punctual::store::{CheckpointStore, EventStore, Partitions, SnapshotStore};
use punctual_sled::fault::{Call, Faults};
use punctual_sled::{Options, SledStore};
use punctual_testkit::{Backend, Fault, Fixture, Offer};

#[derive(Debug)]
struct Sled;

#[derive(Debug)]
struct SledFixture {
    directory: tempfile::TempDir,
    options: Options,
    /// The call that is to fail once.
    failing: Arc<Mutex<Option<Call>>>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    path: PathBuf,
    /// Every handle that was given out; none after the store was closed.
    handles: Vec<Arc<SledStore>>,
}

#[async_trait]
impl Backend for Sled {
    async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
        let failing = Arc::new(Mutex::new(None));
        let armed = Arc::clone(&failing);
        let faults = Faults::new(move |call| {
            let mut armed = armed.lock().unwrap();
            (*armed == Some(call)).then(|| {
                *armed = None;
                std::io::Error::other("an injected fault")
            })
        });
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("0");
        Offer::Offered(Box::new(SledFixture {
            options: small().partitions(partitions).faults(faults),
            directory,
            failing,
            state: Mutex::new(State {
                path,
                handles: Vec::new(),
            }),
        }))
    }
}

impl SledFixture {
    fn handle(&self) -> Arc<SledStore> {
        let mut state = self.state.lock().unwrap();
        let other = state
            .handles
            .iter()
            .find_map(|handle| handle.another().ok());
        let handle = other.unwrap_or_else(|| self.options.open(&state.path).unwrap());
        state.handles.push(Arc::clone(&handle));
        handle
    }

    /// Closes every handle. A fault that no append has met is gone.
    async fn close(&self) {
        *self.failing.lock().unwrap() = None;
        let handles = std::mem::take(&mut self.state.lock().unwrap().handles);
        for handle in handles {
            handle.close().await;
        }
    }
}

#[async_trait]
impl Fixture for SledFixture {
    async fn open(&self) -> Arc<dyn EventStore> {
        self.handle()
    }

    async fn reopen(&self) -> Offer<Arc<dyn EventStore>> {
        self.close().await;
        Offer::Offered(self.handle())
    }

    /// The files as they are while the store is open and has not been told to close: what a kill leaves. (Power
    /// cuts need a disk of their own, see the rig.)
    async fn crash(&self) -> Offer<Arc<dyn EventStore>> {
        {
            let mut state = self.state.lock().unwrap();
            let count = self.directory.path().read_dir().unwrap().count();
            let copy = self.directory.path().join(count.to_string());
            copy_all(&state.path, &copy);
            state.path = copy;
        }
        self.close().await;
        Offer::Offered(self.handle())
    }

    async fn inject(&self, fault: Fault) -> Offer<()> {
        let call = match fault {
            Fault::NothingWritten => {
                return Offer::Absent(
                    "part of a group may be written when its write fails, so every failure poisons",
                );
            }
            Fault::Unknown => Call::JournalSync,
            Fault::Poison => Call::JournalWrite,
        };
        *self.failing.lock().unwrap() = Some(call);
        Offer::Offered(())
    }

    /// Changes a bit of the payload beneath our checksums and above those of the tree.
    async fn damage(&self, stream: &StreamId) -> Offer<()> {
        self.close().await;
        let tree = self.state.lock().unwrap().path.join("sled");
        let tree = sled::Config::new()
            .path(tree)
            .segment_size(2 << 20)
            .open()
            .unwrap();
        let name = stream.as_str().as_bytes();
        for pair in tree.scan_prefix(b"L") {
            let (key, value) = pair.unwrap();
            let found = value.windows(name.len()).position(|found| found == name);
            if let Some(at) = found {
                let mut value = value.to_vec();
                // Behind the name, in the header of the first record.
                value[at + name.len() + 20] ^= 4;
                tree.insert(key, value).unwrap();
                break;
            }
        }
        tree.flush().unwrap();
        Offer::Offered(())
    }

    async fn snapshots(&self) -> Offer<Arc<dyn SnapshotStore>> {
        Offer::Offered(self.handle())
    }

    async fn checkpoints(&self) -> Offer<Arc<dyn CheckpointStore>> {
        Offer::Offered(self.handle())
    }
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    let mut entries: Vec<_> = from
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    // The journal first: a tree that is ahead of it is no trouble, one that is behind would be.
    entries.sort();
    for path in entries {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_all(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

punctual_testkit::event_store_suite!(Sled);
